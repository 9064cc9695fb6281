//! What comes back about letters of ours: reports of mail servers, receipts of certified mail.
//!
//! A report is believed about the delivery that it names by an id of ours, and about no other: whoever knows that id has had
//! the letter, or a server on its way. The addresses that a report names only choose among its reasons. A later word counts only if
//! it says more than the earlier ones, so that reading a mailbox again changes nothing.

use chrono::{DateTime, Utc};
use entity::{
    delivery::{self, Proof},
    event::Verb,
    work_order::Status,
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::{
    decide::{Decided, Resumed},
    known::{House, Known, written_to},
};
use crate::{
    domain::{
        mail::{Action, Mail, Pec, Reported},
        pec,
        report::{Severity, severity},
        text, thread,
    },
    store,
};

/// Longest reason that is stored, in characters.
const WORDS: usize = 1000;

/// What came back about a letter.
pub(super) struct Proved {
    delivery: Uuid,
    change: delivery::ActiveModel,
}

/// An address to which letters are refused for good.
pub(super) struct Unreachable {
    address: String,
    at: DateTime<Utc>,
    words: String,
}

/// What the batch found out about letters and addresses.
#[derive(Default)]
pub(super) struct Found {
    proved: Vec<Proved>,
    unreachable: Vec<Unreachable>,
    /// Addresses that were unreachable, and from which a person has written.
    pub(super) revived: Vec<String>,
}

impl Found {
    pub(super) async fn write(self, tx: &DatabaseTransaction, house: &House<'_>) -> Result<(), DbErr> {
        let organisation = house.cx.organisation;
        for proved in self.proved {
            store::delivery::update(tx, proved.delivery, proved.change).await?;
        }
        for address in self.revived {
            store::taxpayer::set_unreachable(tx, organisation, &address, None).await?;
        }
        for found in self.unreachable {
            let since = Some((found.at, found.words));
            store::taxpayer::set_unreachable(tx, organisation, &found.address, since).await?;
        }
        Ok(())
    }
}

/// Every delivery that a mail names by an id of ours.
pub(super) fn named_deliveries(house: &House<'_>, mail: &Mail) -> impl Iterator<Item = Uuid> {
    let keys = &house.desk.keys;
    let ids = mail.earlier_ids().chain(quoted(mail));
    ids.filter_map(|id| thread::delivery_of(keys, id)).chain(by_return_path(house, mail))
}

/// Ids of the letter that a report or a receipt is about.
fn quoted(mail: &Mail) -> impl Iterator<Item = &str> {
    let reference = mail.pec.as_ref().and_then(|pec| pec.reference.as_deref());
    mail.report.iter().flat_map(|report| &report.about).map(String::as_str).chain(reference)
}

fn by_return_path(house: &House<'_>, mail: &Mail) -> impl Iterator<Item = Uuid> {
    written_to(mail).filter_map(|address| thread::delivery_of_return_path(&house.desk.keys, address))
}

/// The delivery that a report or a receipt is about: by the address that it came to, else by the id that it quotes.
pub(super) fn about(house: &House<'_>, known: &Known, mail: &Mail) -> Option<Uuid> {
    let by_id = quoted(mail).filter_map(|id| thread::delivery_of(&house.desk.keys, id));
    by_return_path(house, mail).chain(by_id).find(|id| known.delivery(*id).is_some())
}

/// A mail server reports on a delivery.
pub(super) fn bounced(
    house: &House<'_>,
    known: &mut Known,
    decided: &mut Decided,
    delivery: Uuid,
    mail: &Mail,
    at: DateTime<Utc>,
) {
    let (Some(report), Some(known_delivery)) = (&mail.report, known.delivery(delivery)) else { return };
    let recipient = known_delivery.recipient.clone();
    let Some(reported) = reason(&report.recipients, &recipient) else { return };
    let words = match &reported.status {
        Some(status) if !reported.words.contains(status.as_str()) => format!("{status} {}", reported.words),
        _ => reported.words.clone(),
    };
    let proof = match reported.action {
        Action::Failed => Proof::NotDelivered,
        Action::Delayed => Proof::Delayed,
        Action::Delivered => return,
    };
    if severity(reported) == Severity::Hard {
        decided.found.unreachable.push(Unreachable { address: recipient, at, words: shortened(&words) });
    }
    prove(house, known, decided, delivery, (proof, &words), at);
}

/// What is said about this recipient; a report that names others only (an alias) is about it all the same.
fn reason<'a>(reported: &'a [Reported], recipient: &str) -> Option<&'a Reported> {
    reported.iter().find(|one| one.address == recipient).or_else(|| reported.first())
}

/// A receipt of certified mail. Gives whether it was believed.
pub(super) fn receipt(
    house: &House<'_>,
    known: &mut Known,
    decided: &mut Decided,
    delivery: Uuid,
    mail: &Mail,
    at: DateTime<Utc>,
) -> bool {
    let (Some(receipt), Some(known_delivery)) = (&mail.pec, known.delivery(delivery)) else { return false };
    if !pec::is_believable(receipt) {
        return false;
    }
    // The header that names the letter is outside the signature: an old receipt must not be shown for another letter.
    let certified = receipt.certificate.as_ref().and_then(|certificate| certificate.message_id.as_deref());
    if certified.is_some_and(|id| thread::delivery_of(&house.desk.keys, id) != Some(delivery)) {
        return false;
    }
    let recipient = known_delivery.recipient.clone();
    if let Some(identifier) = new_identifier(receipt, known_delivery.pec_identifier.as_deref()) {
        decided.found.proved.push(Proved {
            delivery,
            change: delivery::ActiveModel {
                pec_identifier: Set(Some(identifier.clone())),
                ..Default::default()
            },
        });
        // An answer that names it may stand in the same batch.
        known.set_pec_identifier(delivery, identifier);
    }
    if let Some((proof, words)) = pec::proof_of(receipt, &recipient, &mail.text) {
        let at = receipt.certificate.as_ref().and_then(|certificate| certificate.at).unwrap_or(at);
        // A provider whose clock runs ahead proves nothing before its time.
        let at = at.min(house.cx.now);
        prove(house, known, decided, delivery, (proof, &words), at);
    }
    true
}

/// The name that the provider gave to the envelope, when it is news.
fn new_identifier(receipt: &Pec, known: Option<&str>) -> Option<String> {
    let identifier = receipt.certificate.as_ref()?.identifier.as_deref()?;
    (known != Some(identifier)).then(|| identifier.to_owned())
}

/// Notes what came back, if it says more than what is known. What did not arrive is put back in front of the operator.
fn prove(
    house: &House<'_>,
    known: &mut Known,
    decided: &mut Decided,
    delivery: Uuid,
    (proof, words): (Proof, &str),
    at: DateTime<Utc>,
) {
    let Some(before) = known.delivery(delivery) else { return };
    if before.proof.is_some_and(|before| before >= proof) {
        return;
    }
    let (order, automatic, to) = (before.work_order_id, before.automatic, before.recipient.clone());
    known.set_proof(delivery, proof);
    decided.found.proved.push(Proved {
        delivery,
        change: delivery::ActiveModel {
            proof: Set(Some(proof)),
            proof_at: Set(Some(crate::actions::micros(at))),
            proof_words: Set((!words.trim().is_empty()).then(|| shortened(words))),
            ..Default::default()
        },
    });
    decided.rows.events.push(house.cx.event(order, Verb::Proved, json!({ "to": to, "proof": proof })));
    // An acknowledgement that cannot arrive says nothing about the work.
    if proof == Proof::NotDelivered
        && !automatic
        && let Some(before) = known.resume(order)
    {
        let data = json!({ "from": before, "to": Status::InProgress });
        decided.rows.events.push(house.cx.event(order, Verb::StatusChanged, data));
        decided.resumed.push(Resumed { order, before, sender: None });
    }
}

fn shortened(words: &str) -> String {
    text::shortened(&text::one_line(words), WORDS)
}
