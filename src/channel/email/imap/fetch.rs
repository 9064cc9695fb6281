//! Mail, brought in portions.
//!
//! First the sizes, then the small mails about a hundred at a time (six times faster than one by one), the large ones
//! alone and in pieces. Answers may come in any order, with other news in between. A mail counts as removed only when the
//! server, asked for it alone, gives nothing and does not list it any more.
//!
//! A mail may bring the line down each time it is asked for (an answer that nobody can read, a server that crashes over
//! it). So that it holds up nobody else, a portion over which the line ended is asked for once more on a new line, mail by
//! mail: those before the bad one come, and then the error names it.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};

use super::{
    Imap, ImapError,
    body::{PIECE, Row},
};
use crate::channel::email::RawMail;

/// Mails of one command.
const BATCH_MAILS: usize = 100;
/// Bytes of one command.
const BATCH_BYTES: u64 = 4 * 1024 * 1024;

/// A mail that was brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Its number in the folder.
    pub uid: u32,
    /// When the server received it, if it says so.
    pub received_at: Option<DateTime<Utc>>,
    /// Its size in bytes: as it came when it was fetched alone, else as the server states it.
    pub size: u32,
    /// Its bytes.
    pub raw: RawMail,
}

impl Imap {
    /// The next mails with a UID above `last_uid`, in the order of their UIDs: at most `max_count`, about
    /// `max_total_bytes`, at least one if there is one. Empty when there are no more.
    ///
    /// # Errors
    /// The line broke or the server refused: nothing that was not returned counts as read.
    /// [`ImapError::Mail`] when it is one mail that the server will not hand over, and it is the next in turn.
    pub async fn fetch_after(
        &mut self,
        last_uid: u32,
        max_total_bytes: u64,
        max_count: usize,
    ) -> Result<Vec<Fetched>, ImapError> {
        self.pending.retain(|uid| *uid > last_uid);
        if self.pending.is_empty() {
            self.search(last_uid).await?;
        }
        let mut queue = std::mem::take(&mut self.pending);
        let fetched = self.fetch_front(&mut queue, max_total_bytes, max_count).await;
        self.pending = queue;
        fetched
    }

    /// The mails of `uids` in ascending order: at most `max_count`, about `max_total_bytes`, at least one if one of them
    /// is there. What is above the last one given has not been looked at; empty when none of them is there.
    ///
    /// # Errors
    /// As [`Self::fetch_after`].
    pub async fn fetch_uids(
        &mut self,
        uids: &[u32],
        max_total_bytes: u64,
        max_count: usize,
    ) -> Result<Vec<Fetched>, ImapError> {
        let mut uids = uids.to_vec();
        uids.sort_unstable();
        uids.dedup();
        self.fetch_front(&mut uids.into(), max_total_bytes, max_count).await
    }

    /// Mails that are known to be there and have not been fetched.
    #[must_use]
    pub fn has_more(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Takes from the front of `queue` until something was fetched. What is gone leaves the queue too.
    async fn fetch_front(
        &mut self,
        queue: &mut VecDeque<u32>,
        max_total_bytes: u64,
        max_count: usize,
    ) -> Result<Vec<Fetched>, ImapError> {
        loop {
            let uids: Vec<u32> = queue.iter().copied().take(max_count.max(1)).collect();
            if uids.is_empty() {
                return Ok(Vec::new());
            }
            let mut fetched = Vec::new();
            let mut ended = self.bring(&uids, max_total_bytes, &mut fetched).await;
            if fetched.is_empty() && ended.as_ref().is_err_and(ImapError::ends_the_line) {
                self.connect_again().await?;
                ended = self.bring_one_by_one(&uids, max_total_bytes, &mut fetched).await;
            }
            match (ended, fetched.last()) {
                (Ok(settled), _) => drop(queue.drain(..settled)),
                // the mails before it are good; its own turn comes next
                (Err(_), Some(last)) => queue.retain(|uid| *uid > last.uid),
                (Err(error), None) => return Err(error),
            }
            if !fetched.is_empty() {
                return Ok(fetched);
            }
        }
    }

    /// Appends the first of `uids` that fit, in their order, and gives how many are settled: fetched, or gone. What is in
    /// `fetched` when an error comes is a good beginning.
    async fn bring(
        &mut self,
        uids: &[u32],
        max_total_bytes: u64,
        fetched: &mut Vec<Fetched>,
    ) -> Result<usize, ImapError> {
        let rows = match self.rows(uids).await {
            // one mail that cannot be read makes some servers refuse them all
            Err(ImapError::Refused { .. }) => BTreeMap::new(),
            rows => rows?,
        };
        let silent: Vec<u32> = uids.iter().copied().filter(|uid| !rows.contains_key(uid)).collect();
        let listed = if silent.is_empty() { silent } else { self.still_listed(&silent).await? };
        let uids = self.within(uids, &rows, &listed, max_total_bytes);
        let mut batch: Vec<(u32, Row)> = Vec::new();
        let mut bytes = 0;
        for uid in uids {
            let row = rows.get(uid).copied();
            let small = row.filter(|row| row.size <= PIECE.min(self.settings.max_bytes));
            let size = small.map_or(0, |row| u64::from(row.size));
            if small.is_none() || batch.len() == BATCH_MAILS || bytes + size > BATCH_BYTES {
                self.bring_batch(&std::mem::take(&mut batch), fetched).await?;
                bytes = 0;
            }
            match small {
                Some(row) => batch.push((*uid, row)),
                None if row.is_some() || listed.contains(uid) => {
                    fetched.extend(self.bring_alone(*uid, row).await?);
                }
                None => {}
            }
            bytes += size;
        }
        self.bring_batch(&batch, fetched).await?;
        Ok(uids.len())
    }

    /// The first of `uids` that fit, at least one that is still there. One that is listed and has no row may be of any
    /// size.
    fn within<'a>(
        &self,
        uids: &'a [u32],
        rows: &BTreeMap<u32, Row>,
        listed: &[u32],
        max_total_bytes: u64,
    ) -> &'a [u32] {
        let max = self.settings.max_bytes;
        let mut total = 0_u64;
        let mut any = false;
        for (count, uid) in uids.iter().enumerate() {
            let size = match rows.get(uid) {
                Some(row) => row.size.min(max),
                None if listed.contains(uid) => max,
                None => continue,
            };
            total += u64::from(size);
            if any && total > max_total_bytes {
                return &uids[..count];
            }
            any = true;
        }
        uids
    }

    /// As [`Self::bring`], for mails that brought the line down when they were asked for together.
    async fn bring_one_by_one(
        &mut self,
        uids: &[u32],
        max_total_bytes: u64,
        fetched: &mut Vec<Fetched>,
    ) -> Result<usize, ImapError> {
        let mut total = 0_u64;
        for (count, uid) in uids.iter().copied().enumerate() {
            if total > max_total_bytes {
                return Ok(count);
            }
            let brought = self.bring_alone(uid, None).await.map_err(|error| {
                let words = error.to_string();
                if error.ends_the_line() {
                    ImapError::Mail { place: self.place.clone(), uid, words }
                } else {
                    error
                }
            })?;
            total += brought.as_ref().map_or(0, |mail| u64::from(mail.size.min(self.settings.max_bytes)));
            fetched.extend(brought);
        }
        Ok(uids.len())
    }

    /// The same folder on a new line.
    async fn connect_again(&mut self) -> Result<(), ImapError> {
        let mut again = Self::connect(self.settings.clone()).await?;
        again.select().await?;
        if again.uid_validity != self.uid_validity {
            return Err(ImapError::renumbered(&self.place));
        }
        *self = again;
        Ok(())
    }
}
