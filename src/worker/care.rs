//! Mailboxes that need a person: a figure, a line in the log, and a mail to the administrators by another way than the mailbox
//! that fails. The pages say it by themselves.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use anyhow::{Error, Result};
use chrono::{DateTime, Utc};
use entity::mailbox;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    actions,
    app::App,
    channel::email::compose::compose,
    domain::{
        care::{Health, Trouble, is_to_be_written, troubles},
        mail::{OutgoingLetter, SendOutcome},
    },
    store,
};

/// How often mailboxes are looked after.
const LOOK: Duration = Duration::from_mins(1);

/// Mailboxes whose trouble stands in the log.
#[derive(Debug, Default)]
pub struct Told(HashSet<Uuid>);

/// A task of its own: a mail server that does not answer must not hold up the other clocks of the house.
pub(super) async fn run(app: App, stop: CancellationToken) {
    let (began, mut told) = (app.clock.now(), Told::default());
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        if let Err(error) = look_after(&app, began, &mut told).await {
            tracing::warn!(%error, "the mailboxes could not be looked after");
        }
    }
}

/// Looks at every mailbox; writes to the administrators where it is time. `began`: when this program started, since a mailbox
/// cannot have been read while nobody was there to read it. `told`: what stands in the log already.
pub async fn look_after(app: &App, began: DateTime<Utc>, told: &mut Told) -> Result<()> {
    let now = app.clock.now();
    let mailboxes = store::mailbox::active(&app.desk.db.read).await?;
    let mut health: HashMap<Uuid, Health> =
        mailboxes.iter().map(|mailbox| (mailbox.id, Health::from(mailbox).since(began))).collect();
    for organisation in mailboxes.iter().map(|mailbox| mailbox.organisation_id).collect::<HashSet<_>>() {
        for (mailbox, _) in store::grant::failing(&app.desk.db.read, organisation).await? {
            health.entry(mailbox).and_modify(|health| health.grant_refused = true);
        }
    }
    let mut found: HashMap<Uuid, Vec<Trouble>> = HashMap::new();
    for mailbox in &mailboxes {
        let troubles = troubles(&health[&mailbox.id], now, app.config.mail.alarm_minutes);
        if troubles.is_empty() {
            told.0.remove(&mailbox.id);
        } else {
            if told.0.insert(mailbox.id) {
                tracing::error!(mailbox = %mailbox.id, troubles = troubles.len(), "a mailbox needs care: its page says why");
            }
            found.insert(mailbox.id, troubles);
        }
    }
    metrics::gauge!("riscontro_mailboxes_in_trouble").set(u32::try_from(found.len()).unwrap_or(u32::MAX));
    for mailbox in &mailboxes {
        let Some(troubles) = found.get(&mailbox.id) else { continue };
        if is_to_be_written(&health[&mailbox.id], troubles, now)
            && actions::care::begin_warning(&app.desk, mailbox, now).await?
        {
            // The way must not be the one that fails, and a PEC mailbox would file receipts about every warning.
            let ways: Vec<&mailbox::Model> = mailboxes
                .iter()
                .filter(|way| way.organisation_id == mailbox.organisation_id && way.id != mailbox.id)
                .filter(|way| way.kind == mailbox::Kind::Ordinary && way.exit_error.is_none())
                .collect();
            match warn(app, mailbox, troubles, &ways, now).await {
                Ok(1..) => {}
                Ok(0) => {
                    tracing::debug!(mailbox = %mailbox.id, "no administrator could be written to about it");
                    actions::care::undo_warning(&app.desk, mailbox, now).await?;
                }
                Err(error) => {
                    tracing::error!(mailbox = %mailbox.id, %error, "the administrators could not be written to; it is tried again");
                    actions::care::undo_warning(&app.desk, mailbox, now).await?;
                }
            }
        }
    }
    Ok(())
}

/// Writes to the administrators, each by the first way that is open. Gives how many were written to.
async fn warn(
    app: &App,
    mailbox: &mailbox::Model,
    troubles: &[Trouble],
    ways: &[&mailbox::Model],
    now: DateTime<Utc>,
) -> Result<usize> {
    let url = app.config.public_url();
    let mut written = 0;
    for letter in actions::care::warning(&app.desk, mailbox, troubles, &url, now).await? {
        for way in ways {
            match send(app, way, &letter).await {
                Ok(()) => {
                    written += 1;
                    break;
                }
                Err(error) => {
                    tracing::warn!(mailbox = %mailbox.id, way = %way.id, %error, "a warning did not leave by this way");
                }
            }
        }
    }
    Ok(written)
}

async fn send(app: &App, way: &mailbox::Model, letter: &OutgoingLetter) -> Result<()> {
    let line = app.mailer(way).map_err(Error::msg)?;
    let letter = actions::care::by_way_of(way, letter);
    match line.send(&letter, &compose(&letter)?).await {
        SendOutcome::Sent => Ok(()),
        SendOutcome::Retry(words) | SendOutcome::Refused(words) | SendOutcome::AccountRefused(words) => {
            Err(Error::msg(words))
        }
    }
}
