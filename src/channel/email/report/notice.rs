//! A report in words: who is meant, what became of the letter, and why.
//!
//! Nearly all of them put the address at the beginning of a line and the reason behind it or below (`<a@b>: 550 …`, `
//! a@b` and a blank line); only where none does is an address looked for inside the sentences. Addresses of the
//! letter's own writer do not count, as long as there are others: a server quotes them too.

use super::{
    MAX_RECIPIENTS, MAX_WORDS, bare_address, code, delivery_status, original,
    phrases::{FAILED, HINTS, LATE},
};
use crate::domain::{
    mail::{Action, Reported},
    text::{fold, one_line, shortened},
};

/// Bytes of the words that are read: what a server has to say comes first.
const MAX_BYTES: usize = 64 * 1024;
/// Lines of them.
const MAX_LINES: usize = 2_000;
/// Words before an address in which a hint is looked for.
const NEAR: usize = 6;

/// The words of a report, without the letter that it quotes.
pub(super) struct Notice<'a> {
    whole: &'a str,
    lines: Vec<&'a str>,
    /// The same, folded.
    folded: String,
    subject: String,
}

/// What is said about one recipient: from one line to another.
struct Passage {
    address: String,
    lines: std::ops::Range<usize>,
    /// The first of these lines begins with the address.
    has_its_line: bool,
}

impl<'a> Notice<'a> {
    pub(super) fn read(subject: &str, text: &'a str) -> Self {
        let whole = &text[..text.floor_char_boundary(MAX_BYTES)];
        let words = &whole[..original::quoted_at(whole)];
        Self {
            whole,
            subject: fold(subject),
            folded: fold(words),
            lines: words.lines().take(MAX_LINES).collect(),
        }
    }

    /// The subject begins as a mail system's does.
    pub(super) fn is_titled(&self) -> bool {
        let title = self.subject.trim_start_matches(|c: char| !c.is_alphanumeric());
        LATE.iter().chain(FAILED).any(|phrase| title.starts_with(phrase))
    }

    /// The words are those of a mail system about a letter.
    pub(super) fn speaks_of_a_delivery(&self) -> bool {
        self.says(LATE) || self.says(FAILED)
    }

    fn says(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.subject.contains(phrase) || self.folded.contains(phrase))
    }

    /// Whom it is about; at least one, without an address when it names nobody. `failed`: addresses that the header
    /// names; `ours`: to whom the report was sent; `sender`: who signs it.
    pub(super) fn recipients(&self, failed: &[String], ours: &[String], sender: &str) -> Vec<Reported> {
        if self.folded.contains("final-recipient:") {
            // the form, but inside the words: a boundary was damaged on the way
            let found = delivery_status::fields(self.whole);
            if !found.is_empty() {
                return found;
            }
        }
        let action = if self.says(LATE) { Action::Delayed } else { Action::Failed };
        let general = self.code(0..self.lines.len());
        let passages = self.passages(failed, ours, sender);
        let reported = passages.into_iter().map(|passage| Reported {
            status: self.own_code(&passage).or_else(|| general.clone()),
            words: self.reason(&passage),
            address: passage.address,
            action,
        });
        reported.collect()
    }

    fn passages(&self, failed: &[String], ours: &[String], sender: &str) -> Vec<Passage> {
        let leading = self.leading();
        let foreign = |address: &str| {
            address != sender && !ours.iter().any(|own| own == address) && !is_of_the_system(address)
        };
        if !failed.is_empty() {
            return failed
                .iter()
                .take(MAX_RECIPIENTS)
                .map(|address| self.passage(&leading, address))
                .collect();
        }
        let mut found: Vec<Passage> = Vec::new();
        for (_, address) in leading.iter().filter(|(_, address)| foreign(address)) {
            if found.len() < MAX_RECIPIENTS && !found.iter().any(|known| known.address == *address) {
                found.push(self.passage(&leading, address));
            }
        }
        if found.is_empty() {
            let own = || leading.first().map(|(_, address)| address.clone());
            let address = self.bare_local_part(sender).or_else(|| self.mentioned(foreign)).or_else(own);
            found.push(self.passage(&leading, &address.unwrap_or_default()));
        }
        found
    }

    /// From the line that begins with the address to that of the next address; all lines when none does.
    fn passage(&self, leading: &[(usize, String)], address: &str) -> Passage {
        let from = leading.iter().position(|(_, found)| found == address);
        let rest = from.map_or(&[][..], |from| &leading[from..]);
        let next = rest.iter().find(|(_, other)| other != address).map(|(line, _)| *line);
        Passage {
            address: address.to_owned(),
            lines: rest.first().map_or(0, |(line, _)| *line)..next.unwrap_or(self.lines.len()),
            has_its_line: from.is_some(),
        }
    }

    /// Addresses at the beginning of a line, with its number.
    fn leading(&self) -> Vec<(usize, String)> {
        let at = |(number, line): (usize, &&str)| Some((number, leading_address(line)?));
        self.lines.iter().enumerate().filter_map(at).collect()
    }

    /// An address inside the sentences, the first that is called the recipient's, else the first.
    fn mentioned(&self, foreign: impl Fn(&str) -> bool) -> Option<String> {
        let mut first = None;
        let mut since_hint = NEAR;
        for word in self.lines.iter().flat_map(|line| line.split_whitespace()) {
            since_hint += 1;
            if let Some(address) = bare_address(word).filter(|address| foreign(address)) {
                if since_hint <= NEAR {
                    return Some(address);
                }
                first = first.or(Some(address));
            } else {
                let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
                if HINTS.contains(&word.as_str()) {
                    since_hint = 0;
                }
            }
        }
        first
    }

    /// A provider that names its own mailboxes without a domain: alone on a line, below a line that announces
    /// recipients.
    fn bare_local_part(&self, sender: &str) -> Option<String> {
        let (_, domain) = sender.rsplit_once('@')?;
        let mut announced = false;
        for line in self.lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty()) {
            let name = line.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
            if announced && name {
                return bare_address(&format!("{line}@{domain}"));
            }
            announced =
                line.ends_with(':') && ["recipient", "destinatar"].iter().any(|word| line.contains(word));
        }
        None
    }

    /// The code in the lines about this recipient, if it has any of its own.
    fn own_code(&self, passage: &Passage) -> Option<String> {
        passage.has_its_line.then(|| self.code(passage.lines.clone())).flatten()
    }

    fn code(&self, lines: std::ops::Range<usize>) -> Option<String> {
        let words = self.lines.get(lines)?.join("\n");
        code::of(&words).filter(|code| !code.starts_with('2'))
    }

    /// The reason: what stands behind the address and below it, up to a blank line that ends a sentence; all words
    /// when none stand there.
    fn reason(&self, passage: &Passage) -> String {
        let lines = self.lines.get(passage.lines.clone()).unwrap_or_default();
        let mut reason = String::new();
        for (number, line) in lines.iter().enumerate() {
            let line = match number {
                0 if passage.has_its_line => behind(line),
                _ => line.trim(),
            };
            let ended = !reason.is_empty() && !reason.ends_with(":\n");
            if reason.len() >= 4 * MAX_WORDS || (line.is_empty() && ended && passage.has_its_line) {
                break;
            }
            if !line.is_empty() {
                reason.push_str(line);
                reason.push('\n');
            }
        }
        shortened(&one_line(&reason), MAX_WORDS)
    }
}

/// What follows the address at the beginning of its line.
fn behind(line: &str) -> &str {
    line.trim().split_once(char::is_whitespace).map_or("", |(_, rest)| rest).trim()
}

fn leading_address(line: &str) -> Option<String> {
    let word = line.trim_start_matches([' ', '\t', '*', '-', '•', '·']).split_whitespace().next()?;
    // `a@b<mailto:a@b>`, `<a@b>...`, `<a@b>:`
    let word = word.split(['<', '>']).find(|piece| !piece.is_empty())?;
    bare_address(word)
}

fn is_of_the_system(address: &str) -> bool {
    ["postmaster@", "mailer-daemon@", "abuse@"].iter().any(|name| address.starts_with(name))
}
