//! New mail, brought in ranges.
//!
//! First the sizes, then the small mails about a hundred at a time (six times faster than one by one), the large ones
//! alone and in pieces. Answers may come in any order, with other news in between; a mail that is not among them was
//! removed meanwhile, which is asked again before it is believed.

use std::collections::BTreeMap;

use async_imap::imap_proto::{AttributeValue, MailboxDatum, MessageSection, Response, SectionPath};
use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::{Imap, ImapError, folder::uid_sets};
use crate::channel::email::{RawMail, mime};

/// Mails of one command.
const BATCH_MAILS: usize = 100;
/// Bytes of one command.
const BATCH_BYTES: u64 = 4 * 1024 * 1024;
/// A larger mail is fetched alone, in pieces of this size.
const PIECE: u32 = 2 * 1024 * 1024;
/// Bytes of the header of a mail that is too large.
const MAX_HEADER: u32 = 64 * 1024;

/// A mail that was brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// Its number in the folder.
    pub uid: u32,
    /// When the server received it, if it says so.
    pub received_at: Option<DateTime<Utc>>,
    /// Size in bytes, as the server states it.
    pub size: u32,
    /// Its bytes.
    pub raw: RawMail,
}

/// What is known of a mail before it is brought.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    size: u32,
    received_at: Option<DateTime<Utc>>,
}

/// The part of a mail that was asked for.
enum Body {
    Bytes(Bytes),
    /// The server names the mail and gives nothing.
    Nil,
}

type Bodies = BTreeMap<u32, Body>;

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
        let mut after = last_uid;
        loop {
            self.pending.retain(|uid| *uid > after);
            if self.pending.is_empty() {
                self.search(after).await?;
            }
            let uids: Vec<u32> = self.pending.iter().copied().take(max_count.max(1)).collect();
            let rows = self.sizes(&uids).await?;
            let uids = self.within(&uids, &rows, max_total_bytes);
            let Some(last) = uids.last().copied() else { return Ok(Vec::new()) };
            let mut fetched = Vec::with_capacity(uids.len());
            match self.bring(&uids, &rows, &mut fetched).await {
                Ok(()) => drop(self.pending.drain(..uids.len())),
                // the mails before it are good; its own turn comes next
                Err(ImapError::Mail { .. }) if !fetched.is_empty() => {}
                Err(error) => return Err(error),
            }
            if !fetched.is_empty() {
                return Ok(fetched);
            }
            // all of them were removed meanwhile, or the server lists what it does not have: there may be others
            after = last;
        }
    }

    /// Mails that are known to be there and have not been fetched.
    #[must_use]
    pub fn has_more(&self) -> bool {
        !self.pending.is_empty()
    }

    async fn search(&mut self, last_uid: u32) -> Result<(), ImapError> {
        self.news = false;
        let Some(first) = last_uid.checked_add(1) else { return Ok(()) };
        let mut found = Vec::new();
        self.command(&format!("UID SEARCH UID {first}:*"), |answer| {
            if let Response::MailboxData(MailboxDatum::Search(uids)) = answer {
                found.extend_from_slice(uids);
            }
        })
        .await?;
        // `n:*` always gives the last mail, even when it is older
        found.retain(|uid| *uid > last_uid);
        found.sort_unstable();
        found.dedup();
        self.pending = found.into();
        Ok(())
    }

    async fn sizes(&mut self, uids: &[u32]) -> Result<BTreeMap<u32, Row>, ImapError> {
        let mut rows = BTreeMap::new();
        for set in uid_sets(uids) {
            self.command(&format!("UID FETCH {set} (UID RFC822.SIZE INTERNALDATE)"), |answer| {
                let Response::Fetch(_, attributes) = answer else { return };
                let (mut uid, mut size, mut received_at) = (None, None, None);
                for attribute in attributes {
                    match attribute {
                        AttributeValue::Uid(number) => uid = Some(*number),
                        AttributeValue::Rfc822Size(bytes) => size = Some(*bytes),
                        AttributeValue::InternalDate(text) => received_at = internal_date(text),
                        _ => {}
                    }
                }
                if let (Some(uid), Some(size)) = (uid, size) {
                    rows.insert(uid, Row { size, received_at });
                }
            })
            .await?;
        }
        Ok(rows)
    }

    /// The first of `uids` that fit, at least one that is still there.
    fn within(&self, uids: &[u32], rows: &BTreeMap<u32, Row>, max_total_bytes: u64) -> Vec<u32> {
        let mut total = 0_u64;
        let mut any = false;
        let fits = |uid: &&u32| {
            let Some(row) = rows.get(uid) else { return true };
            total += u64::from(row.size.min(self.settings.max_bytes));
            let fits = !any || total <= max_total_bytes;
            any = true;
            fits
        };
        uids.iter().take_while(fits).copied().collect()
    }

    /// Appends to `fetched` in the order of `uids`: what is there when an error comes is a good beginning.
    async fn bring(
        &mut self,
        uids: &[u32],
        rows: &BTreeMap<u32, Row>,
        fetched: &mut Vec<Fetched>,
    ) -> Result<(), ImapError> {
        let mut batch: Vec<u32> = Vec::new();
        let mut bytes = 0;
        let here: Vec<(u32, Row)> = uids.iter().filter_map(|uid| Some((*uid, *rows.get(uid)?))).collect();
        for (uid, row) in here {
            let large = row.size > PIECE;
            if !batch.is_empty()
                && (large || batch.len() == BATCH_MAILS || bytes + u64::from(row.size) > BATCH_BYTES)
            {
                self.bring_batch(&mut batch, rows, fetched).await?;
                bytes = 0;
            }
            if large {
                let raw = self.bring_large(uid, row.size).await?;
                fetched.extend(raw.map(|raw| Fetched {
                    uid,
                    received_at: row.received_at,
                    size: row.size,
                    raw,
                }));
            } else {
                batch.push(uid);
                bytes += u64::from(row.size);
            }
        }
        self.bring_batch(&mut batch, rows, fetched).await
    }

    async fn bring_batch(
        &mut self,
        batch: &mut Vec<u32>,
        rows: &BTreeMap<u32, Row>,
        fetched: &mut Vec<Fetched>,
    ) -> Result<(), ImapError> {
        let batch = std::mem::take(batch);
        let mut bodies = match self.bodies(&batch, "BODY.PEEK[]").await {
            // one mail that cannot be read makes some servers refuse them all
            Err(ImapError::Refused { .. }) => Bodies::new(),
            bodies => bodies?,
        };
        for uid in batch {
            if !bodies.contains_key(&uid) {
                bodies.extend(self.body(uid, "BODY.PEEK[]").await?.map(|body| (uid, body)));
            }
            let Some(body) = bodies.remove(&uid) else { continue };
            let row = rows.get(&uid).copied().unwrap_or_default();
            let raw = match body {
                Body::Bytes(bytes) => RawMail::Whole(bytes),
                Body::Nil => RawMail::Withheld,
            };
            fetched.push(Fetched { uid, received_at: row.received_at, size: row.size, raw });
        }
        Ok(())
    }

    /// Fetches one section of one mail; `None` when it was removed.
    async fn body(&mut self, uid: u32, item: &str) -> Result<Option<Body>, ImapError> {
        match self.bodies(&[uid], item).await {
            Err(ImapError::Refused { place, words }) => Err(ImapError::Mail { place, uid, words }),
            bodies => Ok(bodies?.remove(&uid)),
        }
    }

    /// Fetches one section of each mail. The bytes are copied once, out of the answer.
    async fn bodies(&mut self, uids: &[u32], item: &str) -> Result<Bodies, ImapError> {
        let mut bodies = Bodies::new();
        for set in uid_sets(uids) {
            self.command(&format!("UID FETCH {set} (UID {item})"), |answer| {
                let Response::Fetch(_, attributes) = answer else { return };
                let Some(uid) = attributes.iter().find_map(uid_of).filter(|uid| uids.contains(uid)) else {
                    return;
                };
                // news about flags come in the same form, without a section
                if let Some(body) = attributes.iter().find_map(section) {
                    bodies.insert(uid, body);
                }
            })
            .await?;
        }
        Ok(bodies)
    }

    /// A mail that is fetched in pieces, because an announced literal takes memory before it is sent. The stated size is not
    /// relied on (some servers guess it): the last piece is the one that is not full. `None` when the mail was removed.
    async fn bring_large(&mut self, uid: u32, size: u32) -> Result<Option<RawMail>, ImapError> {
        let mut raw: Vec<u8> = Vec::new();
        while size <= self.settings.max_bytes && raw.len() <= self.settings.max_bytes as usize {
            match self.body(uid, &format!("BODY.PEEK[]<{}.{PIECE}>", raw.len())).await? {
                None => return Ok(None),
                Some(Body::Nil) if raw.is_empty() => return Ok(Some(RawMail::Withheld)),
                Some(Body::Nil) => return Ok(Some(RawMail::Whole(raw.into()))),
                Some(Body::Bytes(piece)) => {
                    raw.extend_from_slice(&piece);
                    if piece.len() != PIECE as usize {
                        return Ok(Some(RawMail::Whole(raw.into())));
                    }
                }
            }
        }
        drop(raw);
        let header = self.body(uid, &format!("BODY.PEEK[HEADER]<0.{MAX_HEADER}>")).await?;
        Ok(header.map(|header| match header {
            Body::Bytes(header) => {
                RawMail::TooLarge { headers: header.slice_ref(mime::split_header(&header).0) }
            }
            Body::Nil => RawMail::Withheld,
        }))
    }
}

fn uid_of(attribute: &AttributeValue<'_>) -> Option<u32> {
    match attribute {
        AttributeValue::Uid(uid) => Some(*uid),
        _ => None,
    }
}

/// The bytes of the whole mail, of a piece of it, or of its header.
fn section(attribute: &AttributeValue<'_>) -> Option<Body> {
    match attribute {
        AttributeValue::BodySection {
            section: None | Some(SectionPath::Full(MessageSection::Header)),
            data,
            ..
        } => Some(data.as_deref().map_or(Body::Nil, |data| Body::Bytes(Bytes::copy_from_slice(data)))),
        _ => None,
    }
}

/// `21-Nov-2026 19:31:00 +0100`.
fn internal_date(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_str(text.trim(), "%d-%b-%Y %H:%M:%S %z").ok().map(|at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_date_is_read() {
        let at = internal_date(" 1-Nov-2026 19:31:00 +0100").unwrap();
        assert_eq!(at.to_rfc3339(), "2026-11-01T18:31:00+00:00");
        assert_eq!(internal_date("ieri"), None);
    }
}
