//! What mail servers report about letters of ours: not delivered, late, delivered.
//!
//! The form of RFC 3464 is read first (`delivery_status`), as tolerantly as servers write it. Many write only words
//! (`notice`): Postfix and Exim without their report, qmail, Exchange, Notes, Gmail, and the Italian providers,
//! each in its own way. They are recognised by who signs, not by a list of programs: a mail of the mail system that
//! names an address is about that address. A person's mail is never a report, whatever it quotes or encloses, since a
//! citizen's letter that was taken for one would be answered by nobody.
//!
//! Nothing here is believed: who may report on which delivery is decided elsewhere, by the ids in `Report::about`.

mod code;
mod delivery_status;
mod notice;
mod original;
mod phrases;
mod sender;

use super::{address, mime::Structure};
use crate::domain::mail::{Report, Reported};
use notice::Notice;
use sender::System;

/// Recipients of one report; our letters have one each, a server's report of a list may have many.
const MAX_RECIPIENTS: usize = 100;
/// Longest reason in characters.
const MAX_WORDS: usize = 500;

/// What a mail server reports about letters of ours; `None` when the mail is no such report. `sender`: the address that
/// signs, lower case; `text`: its words as plain text.
#[must_use]
pub fn read(mail: &Structure<'_>, sender: &str, text: &str) -> Option<Report> {
    let system = sender::system(mail, sender);
    let form = sender::has_the_form(mail);
    let mut recipients = if form || system > System::No { delivery_status::read(mail) } else { Vec::new() };
    if recipients.is_empty() {
        recipients = words(mail, (sender, if form { System::Certain } else { system }), text)?;
    }
    recipients.truncate(MAX_RECIPIENTS);
    Some(Report { recipients, about: original::ids(mail, text) })
}

/// A report in words; also one whose form is there and says nothing.
fn words(mail: &Structure<'_>, (sender, system): (&str, System), text: &str) -> Option<Vec<Reported>> {
    let failed = mail.headers.plain_addresses(&["X-Failed-Recipients"]);
    if system == System::No && failed.is_empty() {
        return None;
    }
    let notice = Notice::read(&mail.headers.subject(), text);
    let is_one = match system {
        System::Certain => true,
        _ if !failed.is_empty() => true,
        System::Likely => notice.is_titled() || notice.speaks_of_a_delivery(),
        System::Possible => notice.is_titled(),
        System::No => false,
    };
    let ours: Vec<String> = mail.headers.addresses("To").into_iter().map(|to| to.address).collect();
    is_one.then(|| notice.recipients(&failed, &ours, sender))
}

/// `local@domain`, lower case, out of what a server may put around it (`<a@b>`, `"a@b"`, `a@b:`).
fn bare_address(word: &str) -> Option<String> {
    const AROUND: &[char] =
        &['<', '>', '(', ')', '[', ']', '"', '\'', '*', ':', ';', ',', '.', '»', '«', '“', '”'];
    address::normal(word.trim_matches(AROUND)).filter(|address| {
        !address.contains(['(', ')', '[', ']', '"', '=', '/', ':', '|', '\\'])
            && address.matches('@').count() == 1
    })
}

#[cfg(test)]
mod tests;
