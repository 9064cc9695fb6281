//! A mail comes in.
//!
//! Two steps, two commits. [`keep`] makes the raw bytes durable before anything looks at them. [`receive`] takes ledger
//! rows, already read by the edge, and gives each exactly one outcome: work order, communication, attachments, events,
//! acknowledgement and ledger outcome are one commit.
//!
//! Many mails share a commit, because the disk's flush is the dearest part of it, and they share their statements, because
//! the way to the database and back is the next dearest: what the batch needs to know is read at once (`known`), every mail is
//! decided upon in memory (`place`, `open`), and all rows are written together. The batch has a savepoint. If anything in it is
//! refused, it is rolled back and each mail goes alone, with a savepoint of its own: one bad mail fails alone, and the price
//! of finding out which is paid only when there is one. (A savepoint for each mail from the start cost 2.2 ms of
//! processor time a mail, five times as much.)
//!
//! The last statement settles the ledger rows that still are pending. If another process has settled one meanwhile (its
//! lease had run out), the count is short, and everything done for it is rolled back. Should two decide at the same
//! instant, the schema has the last word: a ledger row has at most one communication.

mod decide;
pub(super) mod form;
mod known;
mod open;
mod place;
mod report;
mod sender;

use chrono::{DateTime, Utc};
use entity::{
    incoming_mail::{self, Outcome, State},
    mail_log::{self, Steps},
    mailbox, work_order,
};
use sea_orm::{DatabaseTransaction, DbErr, TransactionTrait};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use self::decide::decide;
use self::known::{House, Known};
use super::{Cx, Desk, Error, Result};
use crate::{
    domain::{mail::Mail, retry, text},
    store,
};

/// A mail as it was brought.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// Its name in the mailbox.
    pub source_key: String,
    /// When the mail server received it.
    pub received_at: DateTime<Utc>,
    /// Loaded from an archive: the mail keeps its date, is not acknowledged, and no server is told of it.
    pub imported: bool,
    /// Only a notice of it is here: it stays on the server as it is, wherever handled mail goes.
    pub stays: bool,
    /// The raw bytes.
    pub raw: Vec<u8>,
}

/// How far a mailbox was read.
#[derive(Clone, Copy, Debug)]
pub struct Cursor {
    /// UIDVALIDITY of the folder.
    pub uid_validity: i64,
    /// Highest UID that is durable now.
    pub last_uid: i64,
}

/// Makes mails durable, and moves the mailbox's cursor with them. Gives the number of mails that were new.
pub async fn keep(
    desk: &Desk,
    mailbox: &mailbox::Model,
    now: DateTime<Utc>,
    mails: Vec<Fetched>,
    cursor: Option<Cursor>,
) -> Result<u64> {
    let now = super::micros(now);
    let (mut rows, mut blobs) = (Vec::with_capacity(mails.len()), Vec::with_capacity(mails.len()));
    for mail in mails {
        let raw_hash = Sha256::digest(&mail.raw).to_vec();
        rows.push(incoming_mail::Model {
            id: Uuid::now_v7(),
            organisation_id: mailbox.organisation_id,
            mailbox_id: mailbox.id,
            source_key: mail.source_key,
            raw_hash: raw_hash.clone(),
            size: i64::try_from(mail.raw.len()).unwrap_or(i64::MAX),
            // A server whose clock runs ahead cannot give a citizen's term a start in the future.
            received_at: super::micros(mail.received_at).min(now),
            stored_at: now,
            state: State::Pending,
            attempts: 0,
            next_attempt_at: now,
            last_error: None,
            outcome: None,
            imported: mail.imported,
            filed: mail.imported || mail.stays,
        });
        blobs.push((raw_hash, mail.raw));
    }
    let tx = desk.db.begin().await?;
    let mut new = 0;
    if !rows.is_empty() {
        store::blob::insert(&tx, mailbox.organisation_id, blobs).await?;
        new = store::incoming_mail::insert(&tx, rows).await?;
    }
    if let Some(cursor) = cursor {
        store::mailbox::set_cursor(&tx, mailbox, cursor.uid_validity, cursor.last_uid).await?;
    }
    tx.commit().await?;
    Ok(new)
}

/// A ledger row and what the edge read in it.
#[derive(Debug)]
pub struct Opened {
    /// The ledger row.
    pub row: incoming_mail::Model,
    /// The mail, or why reading it failed.
    pub mail: std::result::Result<Mail, String>,
}

/// How one mail of a batch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With an outcome.
    Settled(Outcome),
    /// It failed and will be tried again.
    Postponed,
    /// It failed for the last time and waits for a person.
    Quarantined,
    /// Somebody else settled it meanwhile.
    Elsewhere,
}

/// Why a batch, or a mail, was rolled back.
enum Undone {
    /// Another process has settled one of its rows.
    Elsewhere,
    /// It could not be written, mostly because the database refused a row.
    Refused(Error),
}

impl From<Error> for Undone {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl From<DbErr> for Undone {
    fn from(error: DbErr) -> Self {
        Self::Refused(error.into())
    }
}

/// Handles a batch of one mailbox, oldest first, in one commit. Gives how each mail ended, in the batch's order.
///
/// # Errors
/// The database is not available: nothing has changed, no attempt is counted, the same batch may be tried again.
pub async fn receive(
    desk: &Desk,
    mailbox: &mailbox::Model,
    now: DateTime<Utc>,
    batch: &[Opened],
) -> Result<Vec<Ended>> {
    let cx = Cx::system(mailbox.organisation_id, now);
    let tx = desk.db.begin().await?;
    let house = House::load(desk, cx, Some(mailbox), &tx).await?;
    let readable: Vec<(&incoming_mail::Model, &Mail)> =
        batch.iter().filter_map(|opened| Some((&opened.row, opened.mail.as_ref().ok()?))).collect();
    let together = house.receive_in_savepoint(&tx, &readable).await?;
    let mut ended = Vec::with_capacity(batch.len());
    match together {
        Ok(outcomes) => {
            let mut outcomes = outcomes.into_iter();
            for opened in batch {
                ended.push(match &opened.mail {
                    Ok(_) => outcomes.next().map_or(Ended::Elsewhere, Ended::Settled),
                    Err(reason) => house.fail(&tx, &opened.row, reason).await?,
                });
            }
        }
        Err(_) => {
            for opened in batch {
                ended.push(house.receive_apart(&tx, opened).await?);
            }
        }
    }
    tx.commit().await?;
    desk.wake.told();
    Ok(ended)
}

/// Opens a work order for a mail that a person took out of quarantine; gives it.
pub(super) async fn open_by_hand(
    desk: &Desk,
    cx: &Cx,
    mailbox: &mailbox::Model,
    tx: &DatabaseTransaction,
    (row, mail): (&incoming_mail::Model, &Mail),
    steps: Steps,
) -> Result<work_order::Model> {
    let house = House::load(desk, *cx, Some(mailbox), tx).await?;
    let mut known = Known::load(&house, tx, &[(row, mail)]).await?;
    let mut decided = decide::Decided::default();
    let communication = decide::open_by_hand(&house, &mut known, &mut decided, row, mail, steps);
    let order = decided.rows.orders.first().cloned().ok_or(Error::NotFound)?;
    decided.write(&house, tx, &known).await?;
    tracing::info!(mail = %row.id, %communication, "a mail of the quarantine was opened by hand");
    Ok(order)
}

impl House<'_> {
    /// Mails in a savepoint; what is undone has left no trace.
    async fn receive_in_savepoint(
        &self,
        tx: &DatabaseTransaction,
        mails: &[(&incoming_mail::Model, &Mail)],
    ) -> Result<std::result::Result<Vec<Outcome>, Undone>> {
        let savepoint = tx.begin().await?;
        match self.receive_together(&savepoint, mails).await {
            Ok(outcomes) => {
                savepoint.commit().await?;
                Ok(Ok(outcomes))
            }
            // Not a mail's fault: the whole batch waits for the database.
            Err(Undone::Refused(Error::Store(error))) if store::is_environment(&error) => Err(error.into()),
            Err(undone) => {
                savepoint.rollback().await?;
                Ok(Err(undone))
            }
        }
    }

    async fn receive_together(
        &self,
        tx: &DatabaseTransaction,
        mails: &[(&incoming_mail::Model, &Mail)],
    ) -> std::result::Result<Vec<Outcome>, Undone> {
        let mut known = Known::load(self, tx, mails).await?;
        let mut decided = decide::Decided::default();
        let outcomes: Vec<Outcome> =
            mails.iter().map(|(row, mail)| decide(self, &mut known, &mut decided, row, mail)).collect();
        decided.write(self, tx, &known).await?;
        for outcome in [Outcome::Opened, Outcome::Joined, Outcome::Duplicate, Outcome::Own, Outcome::Receipt]
        {
            let ids: Vec<Uuid> = mails
                .iter()
                .zip(&outcomes)
                .filter(|(_, one)| **one == outcome)
                .map(|((row, _), _)| row.id)
                .collect();
            if !ids.is_empty()
                && store::incoming_mail::settle(tx, &ids, outcome, self.leaves_mail()).await?
                    != ids.len() as u64
            {
                return Err(Undone::Elsewhere);
            }
        }
        Ok(outcomes)
    }

    /// One mail in its own savepoint.
    async fn receive_apart(&self, tx: &DatabaseTransaction, opened: &Opened) -> Result<Ended> {
        let reason = match &opened.mail {
            Err(reason) => reason.clone(),
            Ok(mail) => match self.receive_in_savepoint(tx, &[(&opened.row, mail)]).await? {
                Ok(outcomes) => {
                    return Ok(outcomes.first().map_or(Ended::Elsewhere, |outcome| Ended::Settled(*outcome)));
                }
                Err(Undone::Elsewhere) => return Ok(Ended::Elsewhere),
                Err(Undone::Refused(error)) => error.to_string(),
            },
        };
        self.fail(tx, &opened.row, &reason).await
    }

    /// A mail that cannot be read, and that a person has put aside or will look at under another name, is that mail again.
    async fn is_set_aside(&self, tx: &DatabaseTransaction, row: &incoming_mail::Model) -> Result<bool> {
        let same =
            store::incoming_mail::set_aside(tx, self.cx.organisation, vec![row.raw_hash.clone()]).await?;
        if same.is_empty() {
            return Ok(false);
        }
        store::incoming_mail::settle(tx, &[row.id], Outcome::Duplicate, self.leaves_mail()).await?;
        let log = mail_log::Model {
            incoming_mail_id: row.id,
            organisation_id: self.cx.organisation,
            communication_id: None,
            delivery_id: None,
            data: Steps { placed: "set_aside".to_owned(), ..Steps::default() },
        };
        store::mail_log::insert(tx, vec![log]).await?;
        Ok(true)
    }

    async fn fail(
        &self,
        tx: &DatabaseTransaction,
        row: &incoming_mail::Model,
        reason: &str,
    ) -> Result<Ended> {
        if self.is_set_aside(tx, row).await? {
            return Ok(Ended::Settled(Outcome::Duplicate));
        }
        let attempts = row.attempts + 1;
        let last = attempts >= self.desk.rules.mail_attempts;
        let (state, ended) =
            if last { (State::Quarantined, Ended::Quarantined) } else { (State::Pending, Ended::Postponed) };
        let next = self.cx.now + retry::mail_pause(attempts);
        store::incoming_mail::fail(tx, row, text::shortened(reason, 1000), next, state).await?;
        tracing::error!(mail = %row.id, mailbox = %row.mailbox_id, attempts, quarantined = last, "a mail could not be handled");
        Ok(ended)
    }
}
