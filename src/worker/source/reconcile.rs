//! The server is compared with the ledger: whatever it has that the ledger does not know is brought, wherever it stands. The
//! cursor alone would never look back, and a mailbox that another program restores or copies into grows old mails.

use std::collections::HashSet;

use anyhow::{Context, Result};
use chrono::{DateTime, Duration, Utc};
use entity::mailbox;

use super::{CHUNK_BYTES, CHUNK_MAILS, ImapSource, Refusals, Source, fetched, withheld};
use crate::{
    actions::{self, receive},
    app::App,
    channel::email::imap::ImapError,
    domain::care,
    store,
};

/// Names that are looked up in the ledger at once.
const KEYS: usize = 500;

/// Pause after a comparison that did not come to its end.
const PAUSE: Duration = Duration::minutes(10);

/// What is remembered from one comparison to the next.
#[derive(Debug, Default)]
pub(in crate::worker) struct Comparison {
    refusals: Refusals,
    not_before: Option<DateTime<Utc>>,
}

impl Source {
    /// Compares, if it is time, and brings what is missing; whether there was any. A comparison that fails is tried again later:
    /// it must not stop the reading of new mail, which goes well.
    pub(in crate::worker) async fn compare(
        &mut self,
        app: &App,
        mailbox: &mailbox::Model,
        comparison: &mut Comparison,
    ) -> Result<bool> {
        let now = app.clock.now();
        if comparison.not_before.is_some_and(|time| now < time) {
            return Ok(false);
        }
        match self.reconcile(app, mailbox, &mut comparison.refusals).await {
            Ok(found) => Ok(found),
            Err(error) => {
                tracing::warn!(mailbox = %mailbox.id, %error, "the server could not be compared with the ledger; it is tried again");
                comparison.not_before = Some(now + PAUSE);
                Ok(false)
            }
        }
    }

    async fn reconcile(
        &mut self,
        app: &App,
        mailbox: &mailbox::Model,
        refusals: &mut Refusals,
    ) -> Result<bool> {
        // The task's own copy of the settings does not know when the last comparison was.
        let stored = store::mailbox::by_id(&app.desk.db.read, mailbox.organisation_id, mailbox.id).await?;
        let stored = stored.context("the mailbox is gone")?;
        let now = app.clock.now();
        if !care::reconcile_is_due(&stored, now, app.config.mail.reconcile_hour) {
            return Ok(false);
        }
        let (mails, missing) = match self {
            Self::Imap(source) => source.reconcile(app, mailbox, refusals).await?,
            Self::Maildir(maildir) => {
                let names = maildir.names().await?;
                // What was not given out yet is the next look's: it is not missing.
                let (all, given): (usize, Vec<String>) = (
                    names.len(),
                    names.into_iter().filter(|(_, given)| *given).map(|(key, _)| key).collect(),
                );
                let missing = unknown(app, mailbox, given).await?;
                maildir.forget(&missing);
                (all, missing.len())
            }
        };
        if missing > 0 {
            tracing::warn!(mailbox = %mailbox.id, missing, "the server had mails that the ledger did not know: they were brought");
        }
        metrics::counter!("riscontro_reconciled_missing_total").increment(missing as u64);
        actions::mailbox::reconciled(&app.desk, mailbox.id, now, mails, missing).await?;
        Ok(missing > 0)
    }
}

impl ImapSource {
    async fn reconcile(
        &mut self,
        app: &App,
        mailbox: &mailbox::Model,
        refusals: &mut Refusals,
    ) -> Result<(usize, usize)> {
        let mut uids = self.line.all_uids().await?;
        // What came since the last look is the next look's: it is not missing.
        uids.retain(|uid| i64::from(*uid) <= self.cursor.last_uid);
        let keys = uids.iter().map(|uid| self.source_key(*uid)).collect();
        let missing: HashSet<String> = unknown(app, mailbox, keys).await?.into_iter().collect();
        let missing: Vec<u32> =
            uids.iter().copied().filter(|uid| missing.contains(&self.source_key(*uid))).collect();
        let (count, mut left) = (missing.len(), missing.as_slice());
        while !left.is_empty() {
            let brought = match self.line.fetch_uids(left, CHUNK_BYTES, CHUNK_MAILS).await {
                // One that cannot be had for good must not keep the comparison from its end for ever.
                Err(ImapError::Mail { uid, .. }) if refusals.is_final(uid) => vec![withheld(uid)],
                brought => brought?,
            };
            let Some(last) = brought.last().map(|mail| mail.uid) else { break };
            let now = app.clock.now();
            let mails = brought
                .into_iter()
                .map(|mail| fetched(mailbox, self.source_key(mail.uid), mail, now))
                .collect();
            receive::keep(&app.desk, mailbox, now, mails, None).await?;
            left = &left[left.partition_point(|uid| *uid <= last)..];
        }
        Ok((uids.len(), count))
    }
}

/// Which of these names the ledger does not know.
async fn unknown(app: &App, mailbox: &mailbox::Model, keys: Vec<String>) -> Result<Vec<String>> {
    let mut unknown = Vec::new();
    for keys in keys.chunks(KEYS) {
        let (db, organisation) = (&app.desk.db.read, mailbox.organisation_id);
        let known = store::incoming_mail::known_keys(db, organisation, mailbox.id, keys).await?;
        let known: HashSet<String> = known.into_iter().collect();
        unknown.extend(keys.iter().filter(|key| !known.contains(*key)).cloned());
    }
    Ok(unknown)
}
