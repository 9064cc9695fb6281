//! Mails that could not be handled wait for a person, who tries again (after an update, or once the disk has room), opens a
//! work order by hand, or puts them aside with a reason. Nothing leaves the quarantine by itself.

use entity::{
    incoming_mail::{self, Outcome},
    mail_log::{self, Steps},
    mailbox, work_order,
};
use uuid::Uuid;

use super::{Cx, Desk, Error, Flaw, Result, accept, receive};
use crate::{
    domain::{
        mail::{File, Mail},
        text,
    },
    store, wording,
};

/// Longest reason, in characters.
const REASON: usize = 500;

/// Puts a mail of the quarantine back in front of the porter, with all its attempts.
pub async fn retry(desk: &Desk, cx: &Cx, mail: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    if !store::incoming_mail::retry(&tx, cx.organisation, mail, cx.now).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    desk.wake.mailboxes.notify_one();
    Ok(())
}

/// Opens a work order for a mail that the program could not read: the operator reads it, attached as it came.
pub async fn open_by_hand(desk: &Desk, cx: &Cx, mail: Uuid) -> Result<work_order::Model> {
    let db = &desk.db.read;
    let row = store::incoming_mail::by_id(db, cx.organisation, mail).await?.ok_or(Error::NotFound)?;
    let mailbox = store::mailbox::by_id(db, cx.organisation, row.mailbox_id).await?.ok_or(Error::NotFound)?;
    let raw = store::blob::bytes(db, cx.organisation, &row.raw_hash).await?.ok_or(Error::NotFound)?;
    let words = wording::unreadable_mail();
    let unread = Mail {
        subject: words.subject,
        text: words.body,
        attachments: vec![File {
            name: "messaggio originale.eml".to_owned(),
            media_type: "message/rfc822".to_owned(),
            content_id: None,
            bytes: raw,
        }],
        ..Mail::default()
    };
    let tx = desk.db.begin().await?;
    if !close(&tx, cx, &row, &mailbox, Outcome::Opened).await? {
        return Err(Error::NotFound);
    }
    let steps = Steps { placed: "by_hand".to_owned(), closed_by: cx.actor, ..Steps::default() };
    let order = receive::open_by_hand(desk, cx, &mailbox, &tx, (&row, &unread), steps).await?;
    tx.commit().await?;
    desk.wake.told();
    Ok(order)
}

/// Puts a mail aside for good. It stays in the ledger with its bytes, the person and the reason.
pub async fn discard(desk: &Desk, cx: &Cx, mail: Uuid, reason: &str) -> Result<()> {
    let reason = text::one_line(reason);
    let mut flaws = Vec::new();
    if reason.is_empty() {
        flaws.push(Flaw::new("reason", "Scrivi perché il messaggio si può scartare."));
    }
    if reason.chars().count() > REASON {
        flaws.push(Flaw::new("reason", format!("Il motivo è troppo lungo: al massimo {REASON} caratteri.")));
    }
    accept(flaws)?;
    let db = &desk.db.read;
    let row = store::incoming_mail::by_id(db, cx.organisation, mail).await?.ok_or(Error::NotFound)?;
    let mailbox = store::mailbox::by_id(db, cx.organisation, row.mailbox_id).await?.ok_or(Error::NotFound)?;
    let tx = desk.db.begin().await?;
    if !close(&tx, cx, &row, &mailbox, Outcome::Discarded).await? {
        return Err(Error::NotFound);
    }
    let steps = Steps { placed: "by_hand".to_owned(), closed_by: cx.actor, reason, ..Steps::default() };
    let log = mail_log::Model {
        incoming_mail_id: row.id,
        organisation_id: cx.organisation,
        communication_id: None,
        delivery_id: None,
        data: steps,
    };
    store::mail_log::insert(&tx, vec![log]).await?;
    tx.commit().await?;
    Ok(())
}

async fn close(
    tx: &sea_orm::DatabaseTransaction,
    cx: &Cx,
    row: &incoming_mail::Model,
    mailbox: &mailbox::Model,
    outcome: Outcome,
) -> Result<bool> {
    let filed = row.filed || mailbox.after == mailbox::After::Leave;
    Ok(store::incoming_mail::close(tx, cx.organisation, row.id, outcome, filed).await?)
}
