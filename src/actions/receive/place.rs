//! Which thread does a mail belong to? First hit wins: an id that we signed, an id of theirs, a signed reply address, a
//! number in the subject. Only what we signed is believed by itself; for the rest the sender must already take part,
//! because a Message-ID is no secret and a number can be guessed. A stranger who names a number gets a work order of
//! their own with a link, never another citizen's thread.

use entity::{incoming_mail, origin::MailKind, work_order};
use serde::Serialize;
use uuid::Uuid;

use super::{
    decide::{TEXT_BYTES, within},
    known::{House, Known, written_to},
    report,
};
use crate::{
    actions::rows,
    domain::{identification::speaks_for_itself, mail::Mail, number::Number, thread},
    store::communication::KnownLetter,
};

/// Where a mail goes.
pub(super) enum Placement {
    /// A new work order, perhaps linked to an older one.
    New {
        /// The older one.
        follows: Option<Uuid>,
    },
    /// Joins a work order.
    Reply(Box<work_order::Model>, Evidence),
    /// Was here already: as this communication, or it was put aside by hand.
    Duplicate(Option<Uuid>),
    /// A copy of a letter of ours.
    Own,
    /// A receipt of certified mail, and the delivery that it is about, if we know it.
    Receipt(Option<Uuid>),
}

/// Why a mail joins a work order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Evidence {
    /// A mail server reports on a letter of ours.
    Report,
    /// It answers a letter of ours.
    OwnMessageId,
    /// It answers a letter of ours by the name that the PEC provider gave it, and its sender takes part.
    ProviderMessageId,
    /// It answers a letter of theirs, and its sender takes part.
    TheirMessageId,
    /// It was sent to the work order's signed address.
    ReplyAddress,
    /// It names the number, and its sender takes part.
    Number,
}

impl Evidence {
    /// As it stands in the log.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::OwnMessageId => "own_message_id",
            Self::ProviderMessageId => "provider_message_id",
            Self::TheirMessageId => "their_message_id",
            Self::ReplyAddress => "reply_address",
            Self::Number => "number",
        }
    }
}

/// Decides.
pub(super) fn place(house: &House<'_>, known: &Known, row: &incoming_mail::Model, mail: &Mail) -> Placement {
    let keys = &house.desk.keys;
    if mail.kind == MailKind::PecReceipt {
        return Placement::Receipt(report::about(house, known, mail));
    }
    if known.is_set_aside(&row.raw_hash) {
        return Placement::Duplicate(None);
    }
    match mail.message_id.as_deref() {
        Some(id) if thread::delivery_of(keys, id).is_some() => return Placement::Own,
        Some(id) => {
            if let Some(letter) = known.letters(id).iter().find(|letter| is_same(known, letter, mail)) {
                return Placement::Duplicate(Some(letter.id));
            }
        }
        // A letter without an id of its own is recognised by its bytes.
        None => {
            if let Some(twin) = known.twin(&row.raw_hash) {
                return Placement::Duplicate(Some(twin));
            }
        }
    }
    let pointers = by_report(house, known, mail)
        .chain(by_ids(house, known, mail))
        .chain(by_address(house, mail))
        .chain(by_number(known, mail));
    let mut follows = None;
    for (order, evidence) in pointers {
        let Some(order) = known.order(order) else { continue };
        // A mail may name letters of several threads: one that does not admit its sender must not hide one that does.
        if admits(house, known, order, evidence, mail) {
            if is_open(house, order, mail) {
                return Placement::Reply(Box::new(order.clone()), evidence);
            }
            return Placement::New { follows: Some(order.id) };
        }
        follows.get_or_insert(order.id);
    }
    Placement::New { follows }
}

fn by_report(house: &House<'_>, known: &Known, mail: &Mail) -> impl Iterator<Item = (Uuid, Evidence)> {
    let delivery = mail.report.as_ref().and_then(|_| report::about(house, known, mail));
    let order = delivery.and_then(|delivery| Some(known.delivery(delivery)?.work_order_id));
    order.map(|order| (order, Evidence::Report)).into_iter()
}

fn by_ids(house: &House<'_>, known: &Known, mail: &Mail) -> impl Iterator<Item = (Uuid, Evidence)> {
    mail.earlier_ids().flat_map(|id| match thread::delivery_of(&house.desk.keys, id) {
        Some(delivery) => {
            let order = known.delivery(delivery).map(|delivery| delivery.work_order_id);
            order.map(|order| (order, Evidence::OwnMessageId)).into_iter().collect()
        }
        // Some devices give every mail the same id: each letter that has it is a pointer.
        None => by_their_id(known, id),
    })
}

fn by_their_id(known: &Known, id: &str) -> Vec<(Uuid, Evidence)> {
    let theirs = known.letters(id).iter().map(|letter| (letter.work_order_id, Evidence::TheirMessageId));
    let named = known.delivery_of_provider(id);
    theirs.chain(named.map(|delivery| (delivery.work_order_id, Evidence::ProviderMessageId))).collect()
}

fn by_address(house: &House<'_>, mail: &Mail) -> impl Iterator<Item = (Uuid, Evidence)> {
    let ours = written_to(mail).filter_map(|address| thread::work_order_of(&house.desk.keys, address));
    ours.map(|order| (order, Evidence::ReplyAddress))
}

fn by_number(known: &Known, mail: &Mail) -> impl Iterator<Item = (Uuid, Evidence)> {
    let numbers = Number::all_in(&mail.subject).into_iter();
    numbers.filter_map(|number| known.order_of_number(number)).map(|order| (order, Evidence::Number))
}

/// Whether the sender may enter the thread that the mail points to.
fn admits(
    house: &House<'_>,
    known: &Known,
    order: &work_order::Model,
    evidence: Evidence,
    mail: &Mail,
) -> bool {
    match evidence {
        Evidence::Report | Evidence::OwnMessageId | Evidence::ReplyAddress => true,
        // Somebody answered from the mailbox itself, with another program.
        Evidence::TheirMessageId if house.is_own(mail.sender()) => speaks_for_itself(mail),
        Evidence::ProviderMessageId | Evidence::TheirMessageId | Evidence::Number => {
            known.takes_part(order.id, mail.sender()) && speaks_for_itself(mail)
        }
    }
}

/// Whether the thread still takes letters.
fn is_open(house: &House<'_>, order: &work_order::Model, mail: &Mail) -> bool {
    match order.closed_at {
        None => true,
        // A machine's word stays in its thread, open or closed; only what it reports may put the thread back to work.
        Some(_) if mail.kind.is_automatic() => true,
        Some(closed_at) => house.cx.now - closed_at <= chrono::Duration::days(house.desk.rules.reopen_days),
    }
}

/// The same letter, come by another way (two of our mailboxes, a rebuilt folder). A Message-ID alone does not say so:
/// some devices give every mail the same one.
fn is_same(known: &Known, letter: &KnownLetter, mail: &Mail) -> bool {
    letter.from_address == mail.sender()
        && letter.text == within(&mail.text, TEXT_BYTES)
        && *known.files(letter.id) == rows::hashes(&mail.attachments)
}
