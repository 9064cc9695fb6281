//! A communication of the desk as a document that a citizen can keep: what stands in the thread, and nothing more.

use chrono::{DateTime, Utc};
use entity::language::Language;
use serde::Serialize;

use super::Error;
use crate::{
    domain::{
        calendar::rome,
        number::Number,
        text::{one_line, shortened},
    },
    wording::{say, say_with, updates::day},
};

/// Most characters and files that are set: typst cannot be stopped. A letter of an operator has a few thousand characters.
const TEXT: usize = 100_000;
const FILES: usize = 50;
/// Longest text of one line, in characters.
const SHORT: usize = 500;

/// What a document of a communication says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Letter {
    /// Language of the citizen.
    pub language: Language,
    /// Who wrote it.
    pub organisation: String,
    /// Number of the work order.
    pub number: Option<Number>,
    /// When it was written.
    pub written_at: DateTime<Utc>,
    /// Its subject; may be empty.
    pub subject: String,
    /// Its words, plain.
    pub text: String,
    /// Names of its files, and whether each can be opened beside this document.
    pub files: Vec<(String, bool)>,
}

/// The communication as PDF: PDF/A-2a, which is more than the PDF/A-2b of an archive, and PDF/UA-1.
///
/// # Errors
/// [`Error::NotBuiltIn`] without the feature `pdf`; [`Error::Broken`] is a fault of ours.
pub fn letter(letter: &Letter) -> Result<Vec<u8>, Error> {
    let page = Page::of(letter);
    #[cfg(feature = "pdf")]
    return super::typeset::pdf(include_str!("letter.typ"), &page, letter.written_at);
    #[cfg(not(feature = "pdf"))]
    {
        drop(page);
        Err(Error::NotBuiltIn)
    }
}

/// What the template sets, as it is read: `letter.typ` says where.
#[derive(Serialize)]
struct Page {
    language: &'static str,
    title: String,
    organisation: String,
    /// Name and value.
    facts: Vec<(String, String)>,
    text_title: String,
    paragraphs: Vec<String>,
    files_title: String,
    files: Vec<String>,
    automatic: String,
    numbering: String,
}

impl Page {
    fn of(letter: &Letter) -> Self {
        let language = letter.language;
        let say = |key| say(language, key);
        let number = letter.number.map_or_else(String::new, |number| number.to_string());
        let file = |(name, attached): &(String, bool)| {
            let name = line(name);
            let values = [("name", name.clone().into())];
            if *attached { say_with(language, "document-letter-attached", &values) } else { name }
        };
        Self {
            language: language.tag(),
            title: say_with(language, "document-letter-title", &[("number", number.clone().into())]),
            organisation: line(&letter.organisation),
            facts: [
                ("document-letter-number", number),
                ("document-letter-written", day(language, rome(letter.written_at).date())),
                ("document-letter-subject", line(&letter.subject)),
            ]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| (say(key), value))
            .collect(),
            text_title: say("document-letter-text"),
            paragraphs: paragraphs(&letter.text),
            files_title: say("document-letter-files"),
            files: letter.files.iter().take(FILES).map(file).collect(),
            automatic: say("document-letter-automatic"),
            numbering: say("document-page"),
        }
    }
}

/// What stands between empty lines; lines stay lines.
fn paragraphs(text: &str) -> Vec<String> {
    let text = shortened(text.trim(), TEXT).replace("\r\n", "\n").replace('\r', "\n");
    let mut paragraphs = vec![String::new()];
    for line in text.split('\n') {
        let last = paragraphs.last_mut().filter(|_| !line.trim().is_empty());
        match last {
            Some(last) if last.is_empty() => last.push_str(line.trim_end()),
            Some(last) => {
                last.push('\n');
                last.push_str(line.trim_end());
            }
            None => paragraphs.push(String::new()),
        }
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

fn line(text: &str) -> String {
    shortened(&one_line(text), SHORT)
}

#[cfg(test)]
mod tests;
