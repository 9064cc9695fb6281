//! `message/delivery-status` (RFC 3464), as it is really written: without the blank lines, in any order, encoded,
//! with comments.

use super::{MAX_RECIPIENTS, MAX_WORDS, bare_address, code, sender::is_delivery_status};
use crate::{
    channel::email::{
        decode,
        mime::{Part, Structure},
    },
    domain::{
        mail::{Action, Reported},
        text::{one_line, shortened},
    },
};

/// Bytes of one part that are read: a hundred recipients take a tenth of it.
const MAX_BYTES: usize = 256 * 1024;
/// Such parts of one mail that are read.
const MAX_PARTS: usize = 10;

/// What the parts of that type report.
pub(super) fn read(mail: &Structure<'_>) -> Vec<Reported> {
    let parts = mail.parts.iter().filter(|part| is_delivery_status(&part.headers.media_type));
    let mut found: Vec<Reported> = parts.take(MAX_PARTS).flat_map(|part| fields(&text(part))).collect();
    found.truncate(MAX_RECIPIENTS);
    found
}

fn text(part: &Part<'_>) -> String {
    let body = &part.body[..part.body.len().min(MAX_BYTES)];
    let bytes = decode::transfer(body, &part.headers.encoding);
    decode::text(&bytes, part.headers.charset.as_deref()).into_owned()
}

/// The fields about one recipient.
#[derive(Default)]
struct Block {
    values: [Option<String>; FIELDS.len()],
}

/// The fields that matter, in the order of `Block::values`.
const FIELDS: [&str; 5] = ["final-recipient", "original-recipient", "action", "status", "diagnostic-code"];
const FINAL: usize = 0;
const ORIGINAL: usize = 1;
const ACTION: usize = 2;
const STATUS: usize = 3;
const DIAGNOSTIC: usize = 4;

/// The recipients of a text of such fields. A new one begins where a field comes again, since blank lines are missing
/// in some reports, or after a blank line when everything that matters has been said, since others have too many.
pub(super) fn fields(text: &str) -> Vec<Reported> {
    let mut found = Vec::new();
    let mut block = Block::default();
    let mut open = None;
    for line in text.lines() {
        if found.len() >= MAX_RECIPIENTS {
            break;
        }
        if line.trim().is_empty() {
            open = None;
            if block.is_complete() {
                found.extend(std::mem::take(&mut block).reported());
            }
            continue;
        }
        if let Some((field, value)) = field(line) {
            if block.values[field].is_some() && block.names_somebody() {
                found.extend(std::mem::take(&mut block).reported());
            }
            block.values[field] = Some(value.to_owned());
            open = Some(field);
        } else if line.starts_with([' ', '\t']) {
            if let Some(value) = open.and_then(|field| block.values[field].as_mut())
                && value.len() < 8 * MAX_WORDS
            {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else {
            open = None;
        }
    }
    found.extend(block.reported());
    found
}

/// One of the fields that matter, at the beginning of a line.
fn field(line: &str) -> Option<(usize, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim();
    let at = FIELDS.iter().position(|field| name.eq_ignore_ascii_case(field))?;
    Some((at, value.trim()))
}

impl Block {
    fn names_somebody(&self) -> bool {
        self.values[FINAL].is_some() || self.values[ORIGINAL].is_some()
    }

    fn is_complete(&self) -> bool {
        self.names_somebody() && self.values[ACTION].is_some()
    }

    /// Nothing when the block says nothing about a delivery: the first one is about the report itself.
    fn reported(self) -> Option<Reported> {
        if !self.names_somebody() && self.values[ACTION].is_none() {
            return None;
        }
        let value = |field: usize| self.values[field].as_deref().unwrap_or_default();
        let words = after_type(value(DIAGNOSTIC));
        let status = code::enhanced(value(STATUS)).or_else(|| code::of(value(DIAGNOSTIC)));
        Some(Reported {
            address: address(value(FINAL)).or_else(|| address(value(ORIGINAL))).unwrap_or_default(),
            action: action(value(ACTION), status.as_deref()),
            status,
            words: shortened(&one_line(words), MAX_WORDS),
        })
    }
}

/// `Action`; where it is missing, what the class of the code says. A report without either is a failure: a server
/// that is content writes nothing.
fn action(value: &str, status: Option<&str>) -> Action {
    let value = value.to_ascii_lowercase();
    match value.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default() {
        "failed" => Action::Failed,
        "delayed" => Action::Delayed,
        "delivered" | "relayed" | "expanded" => Action::Delivered,
        _ => match status.and_then(|status| status.chars().next()) {
            Some('2') => Action::Delivered,
            Some('4') => Action::Delayed,
            _ => Action::Failed,
        },
    }
}

/// `rfc822; a@b`, `RFC822;<a@b>`, or the bare address.
fn address(value: &str) -> Option<String> {
    after_type(value).split_whitespace().find_map(bare_address)
}

/// What follows the type (`smtp; 550 …`), if there is one.
fn after_type(value: &str) -> &str {
    match value.split_once(';') {
        Some((kind, rest)) if !kind.trim().contains([' ', '@']) => rest.trim(),
        _ => value.trim(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<(String, String, Action)> {
        let found = fields(text).into_iter();
        found.map(|one| (one.address, one.status.unwrap_or_default(), one.action)).collect()
    }

    fn one(address: &str, status: &str, action: Action) -> (String, String, Action) {
        (address.to_owned(), status.to_owned(), action)
    }

    #[test]
    fn every_recipient_has_its_own_block() {
        let text = "Reporting-MTA: dns; mx.example\r\n\r\nOriginal-Recipient: rfc822;Anna@Libero.example\r\n\
            Final-Recipient: RFC822; anna@libero.example\r\nAction: failed\r\nStatus: 5.1.1 (no such user)\r\n\
            Diagnostic-Code: smtp; 550 5.1.1 <anna@libero.example>:\r\n\tUser\r\n unknown\r\n\r\n\
            Final-Recipient: rfc822;b@c.example\r\nAction: Delayed (still trying)\r\nStatus: 4.4.1\r\n";
        assert_eq!(
            all(text),
            [
                one("anna@libero.example", "5.1.1", Action::Failed),
                one("b@c.example", "4.4.1", Action::Delayed)
            ]
        );
        assert_eq!(fields(text)[0].words, "550 5.1.1 <anna@libero.example>: User unknown");
    }

    #[test]
    fn missing_and_superfluous_blank_lines_and_any_order_are_understood() {
        let expected =
            [one("a@b.example", "5.0.0", Action::Failed), one("c@d.example", "2.0.0", Action::Delivered)];
        let none = "Action: failed\nFinal-Recipient: rfc822;a@b.example\nStatus: 5.0.0\nAction: relayed\n\
            Final-Recipient: rfc822;c@d.example\nStatus: 2.0.0";
        assert_eq!(all(none), expected);
        let many = "Final-Recipient: rfc822;a@b.example\n\nStatus: 5.0.0\n\nAction: failed\n\n\n\
            Final-Recipient: rfc822;c@d.example\n\nStatus: 2.0.0\n\nAction: delivered\n";
        assert_eq!(all(many), expected);
    }

    #[test]
    fn what_is_missing_is_taken_from_what_is_there() {
        assert_eq!(
            all(
                "Final-Recipient: rfc822;\nOriginal-Recipient: rfc822;a@b.example\nDiagnostic-Code: smtp; 550 full"
            ),
            [one("a@b.example", "5.0.0", Action::Failed)]
        );
        assert_eq!(
            all(
                "Final-Recipient: <a@b.example>\nAction: failed\nDiagnostic-Code: X-LOCAL; 500 (err.nosuchuser)"
            ),
            [one("a@b.example", "5.1.1", Action::Failed)]
        );
        assert_eq!(
            all("Final-Recipient: a@b.example\nStatus: 4.2.2"),
            [one("a@b.example", "4.2.2", Action::Delayed)]
        );
        assert_eq!(all("Action: failed\nStatus: 5.3.0"), [one("", "5.3.0", Action::Failed)]);
        assert_eq!(all("Reporting-MTA: dns; x\n\nStatus: quo\n"), []);
        assert_eq!(all(""), []);
    }

    #[test]
    fn recipients_without_end_are_read_to_the_limit() {
        let text = "Final-Recipient: rfc822;a@b.example\nAction: failed\n\n".repeat(1_000);
        assert_eq!(fields(&text).len(), MAX_RECIPIENTS);
        assert_eq!(fields(&format!("Diagnostic-Code: x\n{}", " y\n".repeat(100_000))), []);
    }
}
