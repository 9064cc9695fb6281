//! mbox, in the ways of mboxo and mboxrd: mails one after the other, each after a line that begins with `From `.

use std::io::{self, BufRead, Read};

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::{Archived, date};
use crate::channel::email::{RawMail, mime};

/// Longest piece of a line that is read at once.
const PIECE: usize = 64 * 1024;

/// The mails of an mbox file.
#[derive(Debug)]
pub(super) struct Mbox<R> {
    file: R,
    max_bytes: u64,
    /// When nothing else says when a mail was received.
    fallback: DateTime<Utc>,
    /// The separator of the next mail was read.
    begun: bool,
}

impl<R: BufRead> Mbox<R> {
    /// # Errors
    /// The file does not begin as an mbox does.
    pub(super) fn open(mut file: R, max_bytes: u64, fallback: DateTime<Utc>) -> io::Result<Self> {
        let mut first = Vec::new();
        let begun = loop {
            first.clear();
            if (&mut file).take(PIECE as u64).read_until(b'\n', &mut first)? == 0 {
                break false;
            }
            if !first.trim_ascii().is_empty() {
                break true;
            }
        };
        if begun && !first.starts_with(b"From ") {
            return Err(io::Error::other(
                "this is no mail archive: an mbox file begins with \"From \", a mail is called .eml",
            ));
        }
        Ok(Self { file, max_bytes, fallback, begun })
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Archived>> {
        if !self.begun {
            return Ok(None);
        }
        self.begun = false;
        let (mut raw, mut size, mut line) = (Vec::new(), 0_u64, Vec::new());
        // A separator follows an empty line; elsewhere "From " is a word of the letter.
        let (mut after_empty, mut at_start) = (false, true);
        loop {
            line.clear();
            let length = (&mut self.file).take(PIECE as u64).read_until(b'\n', &mut line)?;
            if length == 0 {
                break;
            }
            if at_start && after_empty && line.starts_with(b"From ") {
                self.begun = true;
                break;
            }
            size += length as u64;
            let quoted = at_start && is_quoted(&line);
            if size <= self.max_bytes || raw.len() < PIECE {
                raw.extend_from_slice(if quoted { &line[1..] } else { &line });
            }
            after_empty = at_start && line.trim_ascii().is_empty();
            at_start = line.ends_with(b"\n");
        }
        let received_at = date::received(mime::split_header(&raw).0).unwrap_or(self.fallback);
        let raw = if size > self.max_bytes {
            RawMail::TooLarge { headers: Bytes::copy_from_slice(mime::split_header(&raw).0) }
        } else {
            RawMail::Whole(raw.into())
        };
        Ok(Some(Archived { received_at, raw, size }))
    }
}

/// The line is `>From …`, with any number of `>`: the first was added by the archive.
fn is_quoted(line: &[u8]) -> bool {
    let rest = line.iter().position(|byte| *byte != b'>').unwrap_or(0);
    rest > 0 && line[rest..].starts_with(b"From ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mails(file: &str) -> Vec<String> {
        let mut mbox = Mbox::open(file.as_bytes(), 100, DateTime::UNIX_EPOCH).unwrap();
        let mut found = Vec::new();
        while let Some(mail) = mbox.next().unwrap() {
            found.push(match mail.raw {
                RawMail::Whole(raw) => String::from_utf8_lossy(&raw).into_owned(),
                RawMail::TooLarge { headers } => format!("large: {}", String::from_utf8_lossy(&headers)),
                RawMail::Withheld => String::new(),
            });
        }
        found
    }

    #[test]
    fn mails_are_told_apart_and_quoted_lines_come_back() {
        let file = "From a@b Mon Mar  4\nSubject: a\n\nciao\nFrom here it goes on\n>From there\n>>From far\n\nFrom c@d Mon\nSubject: b\n\nfine\n";
        assert_eq!(
            mails(file),
            ["Subject: a\n\nciao\nFrom here it goes on\nFrom there\n>From far\n\n", "Subject: b\n\nfine\n"]
        );
        assert_eq!(mails(""), Vec::<String>::new());
    }

    #[test]
    fn a_large_mail_gives_its_header_and_the_next_is_whole() {
        let file = format!("From a\nSubject: a\n\n{}\n\nFrom b\nSubject: b\n\nx", "x".repeat(200_000));
        assert_eq!(mails(&file), ["large: Subject: a\n", "Subject: b\n\nx"]);
    }

    #[test]
    fn another_file_is_refused() {
        assert!(Mbox::open(&b"PK\x03\x04"[..], 100, DateTime::UNIX_EPOCH).is_err());
    }
}
