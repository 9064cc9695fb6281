//! The folder that is watched, and what is done in it with mail that was handled.

use std::fmt::Write;

use async_imap::imap_proto::{MailboxDatum, Response, ResponseCode};

use super::{Imap, ImapError};

/// Ranges of UIDs in one command: servers limit the length of a line.
const MAX_RANGES: usize = 100;
/// Mark of a mail that was handled, where the server allows marks of our own.
const KEYWORD: &str = "$Riscontro";

/// A folder as the server describes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    /// UIDs mean something only together with this number.
    pub uid_validity: u32,
    /// UID that the next mail will get, if the server says so.
    pub uid_next: Option<u32>,
    /// How many mails there are.
    pub exists: u32,
    /// Marks of our own are kept.
    pub permits_keywords: bool,
}

impl Imap {
    /// Opens the folder of the settings.
    ///
    /// # Errors
    /// There is no such folder, or it has no stable UIDs.
    pub async fn select(&mut self) -> Result<Folder, ImapError> {
        let mut folder = Folder::default();
        let mut uid_validity = None;
        self.pending.clear();
        self.uid_validity = None;
        self.exists = 0;
        let command = format!("SELECT {}", quoted(&self.settings.folder));
        self.command(&command, |answer| match answer {
            Response::MailboxData(MailboxDatum::Exists(exists)) => folder.exists = *exists,
            Response::Data { outcome, .. } => match &outcome.code {
                Some(ResponseCode::UidValidity(number)) => uid_validity = Some(*number),
                Some(ResponseCode::UidNext(number)) => folder.uid_next = Some(*number),
                Some(ResponseCode::PermanentFlags(flags)) => {
                    folder.permits_keywords = flags.iter().any(|flag| flag == "\\*");
                }
                _ => {}
            },
            _ => {}
        })
        .await?;
        folder.uid_validity =
            uid_validity.ok_or_else(|| ImapError::protocol(&self.place, "manca UIDVALIDITY"))?;
        self.uid_validity = uid_validity;
        self.permits_keywords = folder.permits_keywords;
        self.news = false;
        Ok(folder)
    }

    /// Marks mails as handled: `$Riscontro` where marks of our own are kept, else `\Flagged`. Never `\Seen`: whether a mail
    /// was read is a matter of people.
    ///
    /// # Errors
    /// The server refuses.
    pub async fn flag(&mut self, uids: &[u32]) -> Result<(), ImapError> {
        let flag = if self.permits_keywords { KEYWORD } else { "\\Flagged" };
        for set in uid_sets(uids) {
            self.command(&format!("UID STORE {set} +FLAGS.SILENT ({flag})"), |_| {}).await?;
        }
        Ok(())
    }

    /// Moves mails to `folder`, which is made if it is not there. Mails that are gone are no error.
    ///
    /// # Errors
    /// The server refuses; then the mails are where they were, or in both folders.
    pub async fn move_to(&mut self, uids: &[u32], folder: &str) -> Result<(), ImapError> {
        let folder = quoted(folder);
        for set in uid_sets(uids) {
            match self.move_set(&set, &folder).await {
                Err(refused @ ImapError::Refused { .. }) => {
                    // not every server says that it is the folder that is missing
                    self.command(&format!("CREATE {folder}"), |_| {}).await.map_err(|_| refused)?;
                    self.move_set(&set, &folder).await?;
                }
                moved => moved?,
            }
        }
        Ok(())
    }

    async fn move_set(&mut self, set: &str, folder: &str) -> Result<(), ImapError> {
        if self.abilities.r#move {
            return self.command(&format!("UID MOVE {set} {folder}"), |_| {}).await;
        }
        self.command(&format!("UID COPY {set} {folder}"), |_| {}).await?;
        self.command(&format!("UID STORE {set} +FLAGS.SILENT (\\Deleted)"), |_| {}).await?;
        if self.abilities.expunge_by_uid {
            self.command(&format!("UID EXPUNGE {set}"), |_| {}).await?;
        }
        // Without UIDPLUS the mark is all: EXPUNGE would also remove what others have marked.
        Ok(())
    }
}

/// A name of a folder as the line takes it: modified UTF-7, in quotes.
fn quoted(name: &str) -> String {
    let mut quoted = String::from("\"");
    for c in modified_utf7(name).chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

/// RFC 3501 §5.1.3.
fn modified_utf7(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(c) = rest.chars().next() {
        let plain = |c: char| (' '..='~').contains(&c);
        if plain(c) {
            encoded.push_str(if c == '&' { "&-" } else { &rest[..1] });
            rest = &rest[1..];
            continue;
        }
        let (strange, after) = rest.split_at(rest.find(plain).unwrap_or(rest.len()));
        let units: Vec<u8> = strange.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let base64 = data_encoding::BASE64_NOPAD.encode(&units).replace('/', ",");
        write!(encoded, "&{base64}-").expect("a String takes everything");
        rest = after;
    }
    encoded
}

/// UIDs as sets of ranges, each short enough for a command.
pub(super) fn uid_sets(uids: &[u32]) -> Vec<String> {
    let mut uids = uids.to_vec();
    uids.sort_unstable();
    uids.dedup();
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for uid in uids {
        match ranges.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(uid) => *last = uid,
            _ => ranges.push((uid, uid)),
        }
    }
    let written = |(first, last): &(u32, u32)| {
        if first == last { first.to_string() } else { format!("{first}:{last}") }
    };
    ranges.chunks(MAX_RANGES).map(|ranges| ranges.iter().map(written).collect::<Vec<_>>().join(",")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_folders_are_written_as_the_line_takes_them() {
        assert_eq!(quoted("INBOX"), "\"INBOX\"");
        assert_eq!(quoted("Già fatto & \"via\""), "\"Gi&AOA- fatto &- \\\"via\\\"\"");
        assert_eq!(quoted("台北/😀"), "\"&U,BTFw-/&2D3eAA-\"");
        assert_eq!(quoted("a\r\nb"), "\"a&AA0ACg-b\"");
    }

    #[test]
    fn uids_become_ranges() {
        assert_eq!(uid_sets(&[7, 3, 4, 5, 5, 9]), ["3:5,7,9"]);
        assert!(uid_sets(&[]).is_empty());
        let odd: Vec<u32> = (0..250).map(|n| n * 2 + 1).collect();
        assert_eq!(uid_sets(&odd).len(), 3);
        assert_eq!(uid_sets(&[u32::MAX - 1, u32::MAX]), [format!("{}:{}", u32::MAX - 1, u32::MAX)]);
    }
}
