//! The bytes of mails: small ones together, a large or odd one alone and in pieces.

use std::collections::BTreeMap;

use async_imap::imap_proto::{AttributeValue, MessageSection, Response, SectionPath};
use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::{Imap, ImapError, fetch::Fetched, folder::uid_sets, gate::NO_LITERALS};
use crate::channel::email::{RawMail, mime};

/// A larger mail is fetched alone, in pieces of this many bytes: what is announced takes memory before it is sent.
pub(super) const PIECE: u32 = 2 * 1024 * 1024;
/// Bytes of the header of a mail that is too large.
const MAX_HEADER: u32 = 64 * 1024;

/// What is known of a mail before it is brought.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Row {
    pub(super) size: u32,
    pub(super) received_at: Option<DateTime<Utc>>,
}

/// A part of a mail.
#[derive(Clone, Copy)]
enum Section {
    Whole,
    /// At most so many bytes, from `at` on.
    Piece {
        at: u32,
        bytes: u32,
    },
    Header,
}

impl Section {
    /// As it is asked for. A mail that is asked for alone has not told its date yet.
    fn item(self) -> String {
        match self {
            Self::Whole => "BODY.PEEK[]".to_owned(),
            Self::Piece { at, bytes } => format!("INTERNALDATE BODY.PEEK[]<{at}.{bytes}>"),
            Self::Header => format!("BODY.PEEK[HEADER]<0.{MAX_HEADER}>"),
        }
    }

    /// Whether an answer is about it. The server says where a piece begins; one that does not is believed.
    fn is(self, section: Option<&SectionPath>, origin: Option<u32>) -> bool {
        match (self, section) {
            (Self::Whole, None) => origin.is_none(),
            (Self::Piece { at, .. }, None) => origin.is_none_or(|origin| origin == at),
            (Self::Header, Some(SectionPath::Full(MessageSection::Header))) => true,
            _ => false,
        }
    }
}

/// What came of a mail.
struct Part {
    /// `None` when the server names the mail and gives nothing.
    bytes: Option<Bytes>,
    received_at: Option<DateTime<Utc>>,
}

impl Imap {
    /// Sizes and dates of those mails of which the server tells them.
    pub(super) async fn rows(&mut self, uids: &[u32]) -> Result<BTreeMap<u32, Row>, ImapError> {
        let mut rows = BTreeMap::new();
        for set in uid_sets(uids) {
            self.command(&format!("UID FETCH {set} (UID RFC822.SIZE INTERNALDATE)"), |answer| {
                let Response::Fetch(_, attributes) = answer else { return };
                let size = attributes.iter().find_map(|attribute| match attribute {
                    AttributeValue::Rfc822Size(bytes) => Some(*bytes),
                    _ => None,
                });
                let uid = attributes.iter().find_map(uid_of).filter(|uid| uids.contains(uid));
                if let (Some(uid), Some(size)) = (uid, size) {
                    rows.insert(uid, Row { size, received_at: attributes.iter().find_map(received_at) });
                }
            })
            .await?;
        }
        Ok(rows)
    }

    /// Appends the mails of `batch` in its order. One that is not among the answers is asked for alone.
    pub(super) async fn bring_batch(
        &mut self,
        batch: &[(u32, Row)],
        fetched: &mut Vec<Fetched>,
    ) -> Result<(), ImapError> {
        if batch.is_empty() {
            return Ok(());
        }
        let uids: Vec<u32> = batch.iter().map(|(uid, _)| *uid).collect();
        // Some servers guess sizes. One that is wrong by more is found out when its mails come one by one.
        let stated: u64 = batch.iter().map(|(_, row)| u64::from(row.size)).sum();
        let mut parts = match self.parts(&uids, Section::Whole, 2 * stated + u64::from(PIECE)).await {
            // one mail that cannot be read makes some servers refuse them all
            Err(ImapError::Refused { .. }) => BTreeMap::new(),
            parts => parts?,
        };
        for (uid, row) in batch {
            match parts.remove(uid).and_then(|part| part.bytes) {
                Some(bytes) => fetched.push(Fetched {
                    uid: *uid,
                    received_at: row.received_at,
                    size: row.size,
                    raw: RawMail::Whole(bytes),
                }),
                None => fetched.extend(self.bring_alone(*uid, Some(*row)).await?),
            }
        }
        Ok(())
    }

    /// One mail, in pieces. `None` when it was removed.
    ///
    /// # Errors
    /// [`ImapError::Mail`] when the server lists it and does not hand it over.
    pub(super) async fn bring_alone(
        &mut self,
        uid: u32,
        row: Option<Row>,
    ) -> Result<Option<Fetched>, ImapError> {
        let mail = |place: String, words: String| ImapError::Mail { place, uid, words };
        let words = match self.pieces(uid, row).await {
            Ok(Some(fetched)) => return Ok(Some(fetched)),
            Ok(None) => "è nell'elenco, ma non viene consegnato".to_owned(),
            Err(ImapError::Refused { words, .. }) => words,
            Err(error) => return Err(error),
        };
        // An empty answer, and a refusal, are also how a server speaks of a mail that somebody has just removed.
        if self.still_listed(&[uid]).await?.contains(&uid) {
            Err(mail(self.place.clone(), words))
        } else {
            Ok(None)
        }
    }

    /// The stated size is not relied on: the last piece is the one that is not full, and what is said to be too large has to
    /// have a byte beyond the limit.
    async fn pieces(&mut self, uid: u32, row: Option<Row>) -> Result<Option<Fetched>, ImapError> {
        let max = self.settings.max_bytes;
        let Row { size, mut received_at } =
            row.unwrap_or(Row { size: max.saturating_add(1), received_at: None });
        let mut too_large = size > max && self.goes_on(uid, max).await?;
        let mut bytes: Vec<u8> = Vec::new();
        while !too_large {
            let at = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            let Some(part) = self.part(uid, Section::Piece { at, bytes: PIECE }).await? else {
                return Ok(None);
            };
            received_at = received_at.or(part.received_at);
            let piece = match part.bytes {
                None if at == 0 => {
                    return Ok(Some(Fetched { uid, received_at, size, raw: RawMail::Withheld }));
                }
                piece => piece.unwrap_or_default(),
            };
            bytes.extend_from_slice(&piece);
            too_large = bytes.len() > max as usize;
            if piece.len() != PIECE as usize {
                break;
            }
        }
        if too_large {
            drop(bytes);
            let Some(part) = self.part(uid, Section::Header).await? else { return Ok(None) };
            let raw = part.bytes.map_or(RawMail::Withheld, |header| RawMail::TooLarge {
                headers: header.slice_ref(mime::split_header(&header).0),
            });
            return Ok(Some(Fetched { uid, received_at, size: size.max(max.saturating_add(1)), raw }));
        }
        let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        Ok(Some(Fetched { uid, received_at, size, raw: RawMail::Whole(bytes.into()) }))
    }

    /// Whether a mail has more than `at` bytes. Whoever gives more than the one byte does not know what a piece is, and
    /// has not said anything about the end.
    async fn goes_on(&mut self, uid: u32, at: u32) -> Result<bool, ImapError> {
        let part = self.part(uid, Section::Piece { at, bytes: 1 }).await?;
        Ok(part.and_then(|part| part.bytes).is_some_and(|bytes| bytes.len() == 1))
    }

    /// One section of one mail; `None` when the server gives none.
    async fn part(&mut self, uid: u32, section: Section) -> Result<Option<Part>, ImapError> {
        let bytes = match section {
            Section::Piece { bytes, .. } => bytes,
            Section::Whole | Section::Header => MAX_HEADER,
        };
        Ok(self.parts(&[uid], section, bytes.into()).await?.remove(&uid))
    }

    /// Fetches one section of each mail, about `expected` bytes in all. The bytes are copied once, out of the answer.
    async fn parts(
        &mut self,
        uids: &[u32],
        section: Section,
        expected: u64,
    ) -> Result<BTreeMap<u32, Part>, ImapError> {
        let mut parts: BTreeMap<u32, Part> = BTreeMap::new();
        for set in uid_sets(uids) {
            let command = format!("UID FETCH {set} (UID {})", section.item());
            self.command_for(&command, expected + NO_LITERALS, |answer| {
                let Response::Fetch(_, attributes) = answer else { return };
                let Some(uid) = attributes.iter().find_map(uid_of).filter(|uid| uids.contains(uid)) else {
                    return;
                };
                // News about flags come in the same form, without a section. Of two answers the one with bytes holds.
                if parts.get(&uid).is_none_or(|part| part.bytes.is_none()) {
                    parts.extend(part(attributes, section).map(|part| (uid, part)));
                }
            })
            .await?;
        }
        Ok(parts)
    }
}

fn uid_of(attribute: &AttributeValue<'_>) -> Option<u32> {
    match attribute {
        AttributeValue::Uid(uid) => Some(*uid),
        _ => None,
    }
}

fn received_at(attribute: &AttributeValue<'_>) -> Option<DateTime<Utc>> {
    match attribute {
        AttributeValue::InternalDate(text) => internal_date(text),
        _ => None,
    }
}

/// What an answer says of `asked`.
fn part(attributes: &[AttributeValue<'_>], asked: Section) -> Option<Part> {
    attributes.iter().find_map(|attribute| match attribute {
        AttributeValue::BodySection { section, index, data } if asked.is(section.as_ref(), *index) => {
            Some(Part {
                bytes: data.as_deref().map(Bytes::copy_from_slice),
                received_at: attributes.iter().find_map(received_at),
            })
        }
        _ => None,
    })
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
