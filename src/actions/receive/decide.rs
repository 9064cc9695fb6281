//! One mail is decided upon: pure work in memory, on what is known. Writing is left to the end of the batch.

use entity::{
    communication::{self, Channel, Direction},
    event::Verb,
    incoming_mail::{self, Outcome},
    work_order::{self, Status},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, DbErr};
use serde_json::json;
use uuid::Uuid;

use super::{
    known::{House, Known},
    place::{Evidence, Placement, place},
};
use crate::{
    actions::rows::Rows,
    domain::{mail::Mail, text},
    store,
};

/// Longest text of a letter that is stored, in bytes; the raw mail keeps the rest.
pub(super) const TEXT_BYTES: usize = 1 << 20;
/// Longest subject that is stored, in characters.
pub(super) const SUBJECT_CHARS: usize = 500;

/// What the batch will write.
#[derive(Default)]
pub(super) struct Decided {
    pub(super) rows: Rows,
    /// Older work orders that a person's words put back to work.
    resumed: Vec<Uuid>,
}

impl Decided {
    pub(super) async fn write(
        self,
        house: &House<'_>,
        tx: &DatabaseTransaction,
        known: &Known,
    ) -> Result<(), DbErr> {
        let organisation = house.cx.organisation;
        if !self.rows.orders.is_empty() {
            store::work_order::set_last_number(tx, organisation, house.year, known.last_number).await?;
        }
        self.rows.write(tx, organisation).await?;
        let change = work_order::ActiveModel {
            status: Set(Status::InProgress),
            closed_at: Set(None),
            ..Default::default()
        };
        for order in self.resumed {
            store::work_order::update(tx, order, change.clone()).await?;
        }
        Ok(())
    }
}

/// Gives a mail its outcome.
pub(super) fn decide(
    house: &House<'_>,
    known: &mut Known,
    decided: &mut Decided,
    row: &incoming_mail::Model,
    mail: &Mail,
) -> Outcome {
    match place(house, known, row, mail) {
        Placement::Own => Outcome::Own,
        Placement::Duplicate => Outcome::Duplicate,
        Placement::Reply(order, evidence) => {
            join(house, known, decided, row, mail, *order, evidence);
            Outcome::Joined
        }
        Placement::New { follows } => {
            super::open::open(house, known, decided, row, mail, follows);
            Outcome::Opened
        }
    }
}

/// The mail joins a work order; a person's words put a closed or waiting one back to work.
fn join(
    house: &House<'_>,
    known: &mut Known,
    decided: &mut Decided,
    row: &incoming_mail::Model,
    mail: &Mail,
    mut order: work_order::Model,
    evidence: Evidence,
) {
    let data = json!({ "automatic": mail.kind.is_automatic(), "evidence": evidence });
    decided.rows.events.push(house.cx.event(order.id, Verb::Received, data));
    let resumed = match order.status {
        _ if mail.kind.is_automatic() => None,
        Status::Closed => Some(Verb::Reopened),
        Status::Waiting => Some(Verb::StatusChanged),
        Status::New | Status::InProgress => None,
    };
    if let Some(verb) = resumed {
        let data = json!({ "from": order.status, "to": Status::InProgress });
        decided.rows.events.push(house.cx.event(order.id, verb, data));
        (order.status, order.closed_at) = (Status::InProgress, None);
        decided.resumed.push(order.id);
    }
    add_letter(house, known, decided, row, mail, &order);
}

/// Adds the words and the files; gives the communication.
pub(super) fn add_letter(
    house: &House<'_>,
    known: &mut Known,
    decided: &mut Decided,
    row: &incoming_mail::Model,
    mail: &Mail,
    order: &work_order::Model,
) -> Uuid {
    let id = Uuid::now_v7();
    let from = mail.from.clone().unwrap_or_default();
    let reply_to =
        mail.reply_to.first().map_or_else(|| from.address.clone(), |address| address.address.clone());
    let references: Vec<&str> = mail.references.iter().chain(&mail.message_id).map(String::as_str).collect();
    let text = within(&mail.text, TEXT_BYTES);
    known.add_letter(order, id, row, mail, text);
    if !mail.kind.is_automatic() {
        decided.rows.add_participant(order.id, mail.sender());
    }
    decided.rows.add_files(house.cx.organisation, id, &mail.attachments);
    decided.rows.communications.push(communication::Model {
        id,
        organisation_id: house.cx.organisation,
        work_order_id: order.id,
        direction: Direction::In,
        channel: Channel::Email,
        automatic: mail.kind.is_automatic(),
        from_name: from.name,
        from_address: from.address,
        recipients: communication::Addresses(mail.to.clone()),
        copies: communication::Addresses(mail.cc.clone()),
        reply_address: reply_to,
        subject: text::shortened(&mail.subject, SUBJECT_CHARS),
        text: text.to_owned(),
        html: mail.html.clone(),
        author_id: None,
        mailbox_id: Some(house.mailbox.id),
        incoming_mail_id: Some(row.id),
        message_id: mail.message_id.clone(),
        references: references.join(" "),
        answers_id: None,
        at: row.received_at,
        created_at: house.cx.now,
    });
    id
}

/// The longest beginning of `text` of at most `limit` bytes.
pub(super) fn within(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}
