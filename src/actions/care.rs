//! The administrators are told of a mailbox that needs them. A warning is no part of any work order: it does not pass through the
//! outbox, which may be what fails.

use chrono::{DateTime, Utc};
use entity::{communication::Address, language::Language, mailbox::Model, operator::Role};
use uuid::Uuid;

use super::{Desk, Result, micros};
use crate::{
    domain::{care::Trouble, mail::OutgoingLetter},
    store, wording,
};

/// Takes the warning about a mailbox upon itself; `false` when another process has.
pub async fn begin_warning(desk: &Desk, mailbox: &Model, now: DateTime<Utc>) -> Result<bool> {
    set_warned(desk, mailbox.id, mailbox.warned_at, Some(micros(now))).await
}

/// Nobody could be written to: the warning is due again.
pub async fn undo_warning(desk: &Desk, mailbox: &Model, begun: DateTime<Utc>) -> Result<bool> {
    set_warned(desk, mailbox.id, Some(micros(begun)), mailbox.warned_at).await
}

async fn set_warned(
    desk: &Desk,
    mailbox: Uuid,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
) -> Result<bool> {
    let tx = desk.db.begin().await?;
    let done = store::mailbox::set_warned(&tx, mailbox, from, to).await?;
    tx.commit().await?;
    Ok(done)
}

/// The warning, one letter for each administrator who has an address.
pub async fn warning(
    desk: &Desk,
    mailbox: &Model,
    troubles: &[Trouble],
    public_url: &str,
    now: DateTime<Utc>,
) -> Result<Vec<OutgoingLetter>> {
    let words = wording::mailbox_trouble(mailbox, troubles, public_url);
    let operators = store::operator::all(&desk.db.read, mailbox.organisation_id).await?;
    let administrators = operators
        .into_iter()
        .filter(|one| one.active && one.role == Role::Administrator && !one.email.is_empty());
    Ok(administrators
        .map(|administrator| OutgoingLetter {
            message_id: String::new(),
            date: micros(now),
            from: Address::default(),
            reply_to: None,
            to: vec![Address { name: administrator.name, address: administrator.email.clone() }],
            cc: Vec::new(),
            recipient: administrator.email,
            subject: words.subject.clone(),
            text: words.body.clone(),
            language: Language::It,
            references: Vec::new(),
            attachments: Vec::new(),
            automatic: true,
            return_path: None,
            pec: false,
        })
        .collect())
}

/// The letter as it leaves by another mailbox.
#[must_use]
pub fn by_way_of(way: &Model, letter: &OutgoingLetter) -> OutgoingLetter {
    let domain = way.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    OutgoingLetter {
        message_id: format!("{}@{domain}", Uuid::now_v7().simple()),
        from: Address { name: way.name.clone(), address: way.address.clone() },
        ..letter.clone()
    }
}
