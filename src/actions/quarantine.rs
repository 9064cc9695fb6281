//! Mails that could not be handled wait for a person, who may try again: after an update, or once the disk has room.

use uuid::Uuid;

use super::{Cx, Desk, Error, Result};
use crate::store;

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
