//! What the server sends is measured before anything keeps it.
//!
//! async-imap reserves the memory of a literal as soon as one is announced (up to 512 MiB), knows no longest line, and
//! reads an unfinished line from its beginning again with every block of 4 KiB. The gate stands between the line and
//! async-imap. A literal beyond what the command asked for, a line without end and an answer without end are refused with
//! an error that says what was announced; nothing of a refused literal is read.
//!
//! One line may rightly have millions of numbers: the answer to SEARCH. It is handed on in several, as a server might
//! have sent it (RFC 3501 §7.2.5 knows no limit to their number), so that reading it takes linear time.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncBufRead, AsyncRead, AsyncWrite, ReadBuf};

/// Bytes of a line, without its literals. A hundred ranges of UIDs, or all the keywords of a folder, take a tenth of it.
const MAX_LINE: usize = 64 * 1024;
/// Bytes of all lines that answer one command: three million UIDs of ten digits.
const MAX_ANSWER: usize = 32 * 1024 * 1024;
/// Bytes after which a list of numbers goes on in a new line.
const LONG_LIST: usize = 2 * 1024;
/// How such a list begins.
const LIST: &[u8; 9] = b"* SEARCH ";
/// What stands in the place of a space where it is parted.
const NEW_LINE: &[u8] = b"\r\n* SEARCH ";
/// Bytes of literals in an answer in which none is expected: names of folders, at most.
pub(super) const NO_LITERALS: u64 = 64 * 1024;

/// What the server sent, or announced, is more than we take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Overrun {
    /// A literal.
    #[error("annuncia {announced} byte, ne erano attesi al massimo {expected}")]
    Literal {
        /// Its size in bytes.
        announced: u64,
        /// Bytes that the command asked for and that have not come.
        expected: u64,
    },
    /// A literal at the end of a sentence, where none can be.
    #[error("annuncia {announced} byte dove non ce ne possono essere")]
    Misplaced {
        /// Its size in bytes.
        announced: u64,
    },
    /// A line.
    #[error("manda una riga di più di {MAX_LINE} byte")]
    Line,
    /// The lines of an answer.
    #[error("manda una risposta di più di {MAX_ANSWER} byte")]
    Answer,
}

/// A line that is measured.
#[derive(Debug)]
pub(super) struct Gate<S> {
    inner: S,
    meter: Meter,
}

impl<S> Gate<S> {
    pub(super) fn new(inner: S) -> Self {
        Self { inner, meter: Meter::default() }
    }

    /// A command was said whose answer may bring so many bytes in literals.
    pub(super) fn expect(&mut self, literals: u64) {
        self.meter.literals = literals;
        self.meter.lines = MAX_ANSWER;
    }

    pub(super) fn into_inner(self) -> S {
        self.inner
    }
}

/// Where in the conversation we are, and how much more may come.
#[derive(Debug)]
struct Meter {
    /// Bytes of literals that may still come.
    literals: u64,
    /// Bytes of lines that may still come.
    lines: usize,
    /// Bytes of the literal under way that have not come.
    literal: u64,
    /// Bytes of the line under way.
    length: usize,
    /// Its beginning.
    head: [u8; LIST.len()],
    announcement: Announcement,
    /// Of ours, still to be handed on.
    inserted: &'static [u8],
}

/// How much of `{123}` and the end of the line has been seen.
#[derive(Clone, Copy, Debug)]
enum Announcement {
    None,
    Brace,
    Number(u64),
    Closed(u64),
    Return(u64),
}

impl Default for Meter {
    fn default() -> Self {
        Self {
            literals: NO_LITERALS,
            lines: MAX_ANSWER,
            literal: 0,
            length: 0,
            head: [0; LIST.len()],
            announcement: Announcement::None,
            inserted: &[],
        }
    }
}

impl Meter {
    /// Hands on of `received` what is in order and fits; gives how much of it was used up.
    fn pass(&mut self, received: &[u8], out: &mut ReadBuf<'_>) -> Result<usize, Overrun> {
        let mut used = 0;
        loop {
            let room = out.remaining();
            let (now, later) = self.inserted.split_at(self.inserted.len().min(room));
            out.put_slice(now);
            self.inserted = later;
            let rest = &received[used..];
            let room = out.remaining();
            if rest.is_empty() || room == 0 {
                return Ok(used);
            }
            if self.literal > 0 {
                let left = usize::try_from(self.literal).unwrap_or(usize::MAX);
                let bytes = rest.len().min(room).min(left);
                out.put_slice(&rest[..bytes]);
                self.literal -= bytes as u64;
                used += bytes;
                continue;
            }
            used += 1;
            if rest[0] == b' ' && self.length > LONG_LIST && self.head.eq_ignore_ascii_case(LIST) {
                self.inserted = NEW_LINE;
                self.length = LIST.len();
            } else {
                out.put_slice(&rest[..1]);
                self.read(rest[0])?;
            }
        }
    }

    /// Takes note of one more byte of a line.
    fn read(&mut self, byte: u8) -> Result<(), Overrun> {
        if let Some(place) = self.head.get_mut(self.length) {
            *place = byte;
        }
        self.length += 1;
        self.lines = self.lines.checked_sub(1).ok_or(Overrun::Answer)?;
        if self.length > MAX_LINE {
            return Err(Overrun::Line);
        }
        self.announcement = match (self.announcement, byte) {
            (_, b'{') => Announcement::Brace,
            (Announcement::Brace, b'0'..=b'9') => Announcement::Number(u64::from(byte - b'0')),
            (Announcement::Number(number), b'0'..=b'9') => {
                Announcement::Number(number.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
            }
            (Announcement::Number(number), b'}') => Announcement::Closed(number),
            (Announcement::Closed(number), b'\r') => Announcement::Return(number),
            (Announcement::Return(announced), b'\n') => {
                self.announcement = Announcement::None;
                return self.announced(announced);
            }
            _ => Announcement::None,
        };
        if byte == b'\n' {
            self.length = 0;
        }
        Ok(())
    }

    /// A literal begins; its line goes on after it.
    fn announced(&mut self, announced: u64) -> Result<(), Overrun> {
        if self.is_sentence() {
            return Err(Overrun::Misplaced { announced });
        }
        let left = self.literals.checked_sub(announced);
        self.literals = left.ok_or(Overrun::Literal { announced, expected: self.literals })?;
        self.literal = announced;
        Ok(())
    }

    /// The line is for people, or ends a command. To the parser, braces at its end are words: what follows is a line, and
    /// to take it for a literal would let the next announcement through unseen.
    fn is_sentence(&self) -> bool {
        let Some(data) = self.head.strip_prefix(b"* ") else { return true };
        let word = data.split(|byte| *byte == b' ').next().unwrap_or(data);
        let words: [&[u8]; 5] = [b"OK", b"NO", b"BAD", b"BYE", b"PREAUTH"];
        words.iter().any(|one| word.eq_ignore_ascii_case(one))
    }
}

impl<S: AsyncBufRead + Unpin> AsyncRead for Gate<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.meter.inserted.is_empty() {
            let received = ready!(Pin::new(&mut this.inner).poll_fill_buf(cx))?;
            let used = this.meter.pass(received, out);
            let used = used.map_err(|overrun| io::Error::new(io::ErrorKind::InvalidData, overrun))?;
            Pin::new(&mut this.inner).consume(used);
        } else {
            this.meter
                .pass(&[], out)
                .map_err(|overrun| io::Error::new(io::ErrorKind::InvalidData, overrun))?;
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Gate<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().inner).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What comes out of `received` when it is read `portion` bytes at a time.
    fn passed(received: &[u8], literals: u64, portion: usize) -> Result<Vec<u8>, Overrun> {
        let mut meter = Meter { literals, ..Meter::default() };
        let (mut out, mut used) = (Vec::new(), 0);
        while used < received.len() || !meter.inserted.is_empty() {
            let mut room = vec![0; portion];
            let mut buffer = ReadBuf::new(&mut room);
            let end = received.len().min(used + portion);
            used += meter.pass(&received[used..end], &mut buffer)?;
            assert!(!buffer.filled().is_empty(), "no progress would be taken for the end");
            out.extend_from_slice(buffer.filled());
        }
        Ok(out)
    }

    #[test]
    fn what_is_in_order_goes_through_unchanged() {
        let talk = b"* OK {9} ready\r\n* 1 FETCH (UID 1 BODY[] {7}\r\n{99}\r\nx FLAGS ())\r\n* 2 FETCH (BODY[] {0}\r\n)\r\nA1 OK {5}.\r\n";
        for portion in [1, 2, 7, 1000] {
            assert_eq!(passed(talk, 7, portion).unwrap(), talk);
        }
    }

    #[test]
    fn a_literal_beyond_what_was_asked_for_is_refused_and_named() {
        let huge = b"* 1 FETCH (BODY[] {3}\r\nabc BODY[1] {1073741824}\r\n";
        let overrun = passed(huge, 1000, 3).unwrap_err();
        assert_eq!(overrun, Overrun::Literal { announced: 1_073_741_824, expected: 997 });
        assert!(overrun.to_string().contains("1073741824"));
        let endless = format!("* 1 FETCH (BODY[] {{{}}}\r\n", "9".repeat(40));
        assert_eq!(
            passed(endless.as_bytes(), 1000, 1),
            Err(Overrun::Literal { announced: u64::MAX, expected: 1000 })
        );
    }

    #[test]
    fn an_announcement_cannot_be_hidden_behind_a_sentence() {
        for sentence in ["* OK so {70}\r\n", "* no so {70}\r\n", "A1 OK {70}\r\n", "+ {70}\r\n"] {
            assert_eq!(
                passed(sentence.as_bytes(), 1000, 5),
                Err(Overrun::Misplaced { announced: 70 }),
                "{sentence}"
            );
        }
    }

    #[test]
    fn a_line_without_end_and_an_answer_without_end_are_refused() {
        let line = [b"* OK ".to_vec(), vec![b'a'; MAX_LINE]].concat();
        assert_eq!(passed(&line, 0, 4096), Err(Overrun::Line));
        let mut meter = Meter { lines: 100, ..Meter::default() };
        let mut room = [0; 200];
        let chatter = b"* OK still here\r\n".repeat(10);
        assert_eq!(meter.pass(&chatter, &mut ReadBuf::new(&mut room)), Err(Overrun::Answer));
    }

    #[test]
    fn a_list_of_a_million_numbers_is_parted_and_complete() {
        let numbers: Vec<String> = (1..=1_000_000_u32).map(|uid| uid.to_string()).collect();
        let list = format!("* SEARCH {}\r\nA1 OK\r\n", numbers.join(" "));
        let parted = String::from_utf8(passed(list.as_bytes(), 0, 5000).unwrap()).unwrap();
        assert!(parted.lines().all(|line| line.len() < LONG_LIST + 20));
        let found: Vec<&str> = parted
            .lines()
            .filter_map(|line| line.strip_prefix("* SEARCH "))
            .flat_map(|line| line.split(' '))
            .collect();
        assert_eq!(found, numbers);
    }

    proptest! {
        #[test]
        fn any_bytes_are_passed_on_or_refused_in_any_portions(
            received in proptest::collection::vec(
                prop_oneof![
                    Just(b"* SEARCH 1 2".to_vec()), Just(b"{12}\r\n".to_vec()), Just(b"\r\n".to_vec()),
                    Just(b"* OK ".to_vec()), Just(b"{99999999}\r\n".to_vec()), proptest::collection::vec(any::<u8>(), 0..9),
                ],
                0..60,
            ),
            portion in 1_usize..50,
        ) {
            let received = received.concat();
            let whole = passed(&received, 1000, 100_000);
            prop_assert_eq!(&passed(&received, 1000, portion), &whole);
            if let Ok(whole) = whole {
                prop_assert_eq!(whole, received);
            }
        }
    }
}
