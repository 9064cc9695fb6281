//! A mail opens a work order: number, kind, due date, taxpayer, acknowledgement.

use chrono::{DateTime, Duration, Utc};
use entity::{
    communication::Channel,
    event::Verb,
    incoming_mail, request_kind,
    work_order::{self, Identified, Status},
};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    decide::{Decided, SUBJECT_CHARS, add_letter, channel_of},
    known::{House, Known},
};
use crate::{
    actions::{reply::Letter, work_order::limit_of},
    domain::{
        acknowledgement::{Circumstances, Silence, may_acknowledge},
        calendar, deadline,
        identification::Identification,
        mail::Mail,
        number::Number,
        text,
    },
    wording,
};

/// What a letter without a subject is called.
const NO_SUBJECT: &str = "(senza oggetto)";

/// What the mail's log says of an opening.
pub(super) struct Opening {
    pub(super) communication: Uuid,
    pub(super) identified: String,
    pub(super) silent: String,
}

pub(super) fn open(
    house: &House<'_>,
    known: &mut Known,
    decided: &mut Decided,
    row: &incoming_mail::Model,
    mail: &Mail,
    follows: Option<Uuid>,
) -> Opening {
    let kind = starting_kind(&house.kinds, mail);
    let (taxpayer_id, identified) = match known.identification(row.id) {
        Identification::Certain(taxpayer, why) => (taxpayer, why),
        Identification::Probable => (house.generic_taxpayer, Identified::Candidates),
        Identification::Unknown => (house.generic_taxpayer, Identified::Unknown),
    };
    let subject = if mail.subject.is_empty() {
        NO_SUBJECT.to_owned()
    } else {
        text::shortened(&mail.subject, SUBJECT_CHARS)
    };
    known.last_number += 1;
    let order = order(
        house,
        New {
            number: known.last_number,
            kind,
            taxpayer_id,
            identified,
            subject,
            sender: mail.sender(),
            channel: channel_of(mail),
            received_at: row.received_at,
            follows,
        },
    );
    let data = json!({ "kind": kind.name, "identified": identified });
    decided.rows.events.push(house.cx.event(order.id, Verb::Opened, data));
    known.add_order(&order);
    let communication = add_letter(house, known, decided, row, mail, order.id);
    let silence = acknowledge(house, known, decided, &order, communication, (row, mail)).err();
    decided.rows.orders.push(order);
    Opening { communication, identified: name_of(&identified), silent: name_of(&silence) }
}

/// What is known of a work order about to be.
pub(super) struct New<'a> {
    pub(super) number: i32,
    pub(super) kind: &'a request_kind::Model,
    pub(super) taxpayer_id: Uuid,
    pub(super) identified: Identified,
    pub(super) subject: String,
    pub(super) sender: &'a str,
    pub(super) channel: Channel,
    pub(super) received_at: DateTime<Utc>,
    pub(super) follows: Option<Uuid>,
}

/// A work order as it begins, whatever way its words came.
pub(super) fn order(house: &House<'_>, new: New<'_>) -> work_order::Model {
    work_order::Model {
        id: Uuid::now_v7(),
        organisation_id: house.cx.organisation,
        year: house.year,
        number: new.number,
        kind_id: new.kind.id,
        status: Status::New,
        assignee_id: None,
        taxpayer_id: new.taxpayer_id,
        identified: new.identified,
        subject_folded: text::fold(&new.subject),
        subject: new.subject,
        mailbox_id: house.mailbox.map(|mailbox| mailbox.id),
        channel: new.channel,
        sender_address: new.sender.to_owned(),
        received_at: new.received_at,
        due_at: deadline::due_at(new.received_at, limit_of(new.kind, false), &house.calendar),
        survey: false,
        closed_at: None,
        contests: 0,
        follows_id: new.follows,
        created_at: house.cx.now,
    }
}

/// The name by which a value is stored and shown; empty for none.
fn name_of(value: &impl Serialize) -> String {
    json!(value).as_str().unwrap_or_default().to_owned()
}

/// What a person writes is a complaint until an operator says otherwise (the doubt rule); what a machine writes is not, and
/// gets the last kind.
fn starting_kind<'a>(kinds: &'a [request_kind::Model], mail: &Mail) -> &'a request_kind::Model {
    if mail.kind.is_automatic() { &kinds[kinds.len() - 1] } else { &kinds[0] }
}

/// Queues the acknowledgement, unless one of the brakes holds: gives which.
fn acknowledge(
    house: &House<'_>,
    known: &mut Known,
    decided: &mut Decided,
    order: &work_order::Model,
    answers: Uuid,
    (row, mail): (&incoming_mail::Model, &Mail),
) -> Result<(), Silence> {
    let (now, rules) = (house.cx.now, &house.desk.rules);
    let mailbox = house.mailbox.ok_or(Silence::Mailbox)?;
    let written = known.acknowledged(mail.sender());
    let circumstances = Circumstances {
        own_addresses: &house.own_addresses,
        imported: row.imported,
        mailbox: mailbox.acknowledge,
        last_hour: written.iter().filter(|at| **at > now - Duration::hours(1)).count() as u64,
        last_day: written.len() as u64,
        per_hour: rules.acknowledgements_per_hour,
        per_day: rules.acknowledgements_per_day,
    };
    may_acknowledge(mail, &circumstances)?;
    known.add_acknowledged(mail.sender(), now);
    let (received, due) = (calendar::rome_date(order.received_at), calendar::rome_date(order.due_at));
    let number = Number { year: order.year, number: order.number };
    let letter = Letter {
        order,
        mailbox,
        answers: Some(answers),
        references: mail.references.iter().cloned().chain(mail.message_id.clone()).collect(),
        to: vec![mail.from.clone().unwrap_or_default()],
        words: wording::acknowledgement(&house.organisation.name, number, received, due),
        automatic: true,
        author: None,
    };
    letter.queue(&mut decided.rows, &house.cx, Uuid::now_v7());
    decided.rows.events.push(house.cx.event(order.id, Verb::Acknowledged, json!({})));
    Ok(())
}
