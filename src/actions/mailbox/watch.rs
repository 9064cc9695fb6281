//! What the porter saw at a mailbox is noted, and who of several porters may read it.

use chrono::{DateTime, Duration, Utc};
use entity::mailbox::{ActiveModel, Model};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use crate::{
    actions::{Cx, Desk, Error, Result, micros},
    domain::text,
    store,
};

/// How long the right to read a mailbox lasts without being renewed; its holder renews it three times in that time.
pub const LEASE: Duration = Duration::seconds(60);

/// Takes or keeps the right to read a mailbox.
pub async fn lease(desk: &Desk, mailbox: Uuid, owner: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let now = micros(now);
    let tx = desk.db.begin().await?;
    let taken = store::mailbox::lease(&tx, mailbox, owner, now, now + LEASE).await?;
    tx.commit().await?;
    Ok(taken)
}

/// Gives the right back.
pub async fn release(desk: &Desk, mailbox: Uuid, owner: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    store::mailbox::release(&tx, mailbox, owner).await?;
    tx.commit().await?;
    Ok(())
}

/// Notes a complete look at the server.
pub async fn succeeded(desk: &Desk, mailbox: Uuid, now: DateTime<Utc>) -> Result<()> {
    let change = ActiveModel {
        last_success_at: Set(Some(micros(now))),
        last_error: Set(None),
        refused: Set(false),
        failing_since: Set(None),
        ..Default::default()
    };
    note(desk, mailbox, change).await
}

/// Notes what went wrong, in the server's own words; `refused` when it is we who are not let in.
pub async fn failed(
    desk: &Desk,
    mailbox: &Model,
    now: DateTime<Utc>,
    words: &str,
    refused: bool,
) -> Result<()> {
    let mut change = ActiveModel {
        last_error: Set(Some(text::shortened(words, 1000))),
        refused: Set(refused),
        ..Default::default()
    };
    let stored = store::mailbox::by_id(&desk.db.read, mailbox.organisation_id, mailbox.id).await?;
    if stored.is_none_or(|stored| stored.failing_since.is_none()) {
        change.failing_since = Set(Some(micros(now)));
    }
    note(desk, mailbox.id, change).await
}

/// Starts the cursor of a folder whose UIDVALIDITY has changed, unless the settings have changed meanwhile.
pub async fn restart_cursor(desk: &Desk, mailbox: &Model, uid_validity: i64) -> Result<()> {
    let tx = desk.db.begin().await?;
    store::mailbox::set_cursor(&tx, mailbox, uid_validity, 0).await?;
    tx.commit().await?;
    Ok(())
}

/// Asks the porter to compare the server with the ledger.
pub async fn ask_reconcile(desk: &Desk, cx: &Cx, mailbox: Uuid) -> Result<()> {
    let stored = store::mailbox::by_id(&desk.db.read, cx.organisation, mailbox).await?;
    stored.ok_or(Error::NotFound)?;
    let change = ActiveModel { reconcile_asked_at: Set(Some(cx.now)), ..Default::default() };
    let tx = desk.db.begin().await?;
    store::mailbox::update(&tx, mailbox, change).await?;
    // The task that reads it begins anew, instead of when its wait is over.
    store::mailbox::bump_version(&tx, mailbox).await?;
    tx.commit().await?;
    desk.wake.mailboxes.notify_one();
    Ok(())
}

/// Notes what the comparison gave: how many mails the server has, and how many of them the ledger did not know.
pub async fn reconciled(
    desk: &Desk,
    mailbox: Uuid,
    now: DateTime<Utc>,
    mails: usize,
    missing: usize,
) -> Result<()> {
    let count = |number: usize| Set(i64::try_from(number).unwrap_or(i64::MAX));
    let change = ActiveModel {
        reconciled_at: Set(Some(micros(now))),
        reconciled_mails: count(mails),
        reconciled_missing: count(missing),
        ..Default::default()
    };
    note(desk, mailbox, change).await
}

/// Notes that the server was told what became of these mails.
pub async fn filed(desk: &Desk, mails: &[Uuid]) -> Result<()> {
    let tx = desk.db.begin().await?;
    store::incoming_mail::set_filed(&tx, mails).await?;
    tx.commit().await?;
    Ok(())
}

async fn note(desk: &Desk, mailbox: Uuid, change: ActiveModel) -> Result<()> {
    let tx = desk.db.begin().await?;
    store::mailbox::update(&tx, mailbox, change).await?;
    tx.commit().await?;
    Ok(())
}
