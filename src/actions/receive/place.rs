//! Which thread does a mail belong to? First hit wins: an id that we signed, an id of theirs, a signed reply address, a
//! number in the subject. Only what we signed is believed by itself; for the rest the sender must already take part,
//! because a Message-ID is no secret and a number can be guessed. A stranger who names a number gets a work order of
//! their own with a link, never another citizen's thread.

use entity::{incoming_mail, work_order};
use serde::Serialize;
use uuid::Uuid;

use super::{
    decide::{TEXT_BYTES, within},
    known::{House, Known, written_to},
};
use crate::{
    domain::{mail::Mail, number::Number, thread},
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
    /// Was here already.
    Duplicate,
    /// A copy of a letter of ours.
    Own,
}

/// Why a mail joins a work order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Evidence {
    /// It answers a letter of ours.
    OwnMessageId,
    /// It answers a letter of theirs, and its sender takes part.
    TheirMessageId,
    /// It was sent to the work order's signed address.
    ReplyAddress,
    /// It names the number, and its sender takes part.
    Number,
}

/// Decides.
pub(super) fn place(house: &House<'_>, known: &Known, row: &incoming_mail::Model, mail: &Mail) -> Placement {
    let keys = &house.desk.keys;
    match mail.message_id.as_deref() {
        Some(id) if thread::delivery_of(keys, id).is_some() => return Placement::Own,
        Some(id) if known.letters(id).iter().any(|letter| is_same(letter, mail)) => {
            return Placement::Duplicate;
        }
        // A letter without an id of its own is recognised by its bytes.
        None if known.twin(&row.raw_hash).is_some() => return Placement::Duplicate,
        _ => {}
    }
    let mut pointers =
        by_ids(house, known, mail).chain(by_address(house, mail)).chain(by_number(known, mail));
    match pointers.find_map(|(order, evidence)| Some((known.order(order)?, evidence))) {
        Some((order, evidence)) if admits(known, order, evidence, mail) && is_open(house, order, mail) => {
            Placement::Reply(Box::new(order.clone()), evidence)
        }
        Some((order, _)) => Placement::New { follows: Some(order.id) },
        None => Placement::New { follows: None },
    }
}

fn by_ids(house: &House<'_>, known: &Known, mail: &Mail) -> impl Iterator<Item = (Uuid, Evidence)> {
    mail.earlier_ids().filter_map(|id| match thread::delivery_of(&house.desk.keys, id) {
        Some(delivery) => Some((known.order_of_delivery(delivery)?, Evidence::OwnMessageId)),
        None => Some((known.letters(id).first()?.work_order_id, Evidence::TheirMessageId)),
    })
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
fn admits(known: &Known, order: &work_order::Model, evidence: Evidence, mail: &Mail) -> bool {
    match evidence {
        Evidence::OwnMessageId | Evidence::ReplyAddress => true,
        Evidence::TheirMessageId | Evidence::Number => known.takes_part(order.id, mail.sender()),
    }
}

/// Whether the thread still takes letters.
fn is_open(house: &House<'_>, order: &work_order::Model, mail: &Mail) -> bool {
    match order.closed_at {
        None => true,
        // A machine's word never opens anything again; it stays in its thread.
        Some(_) if mail.kind.is_automatic() => true,
        Some(closed_at) => house.cx.now - closed_at <= chrono::Duration::days(house.desk.rules.reopen_days),
    }
}

/// The same letter, come by another way (two of our mailboxes, a rebuilt folder). A Message-ID alone does not say so:
/// some devices give every mail the same one.
fn is_same(known: &KnownLetter, mail: &Mail) -> bool {
    known.from_address == mail.sender() && known.text == within(&mail.text, TEXT_BYTES)
}
