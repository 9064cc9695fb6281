//! The letter that a report quotes: where it begins, and which it is.

use crate::{
    channel::email::{
        decode,
        headers::Headers,
        mime::{self, Part, Structure},
    },
    domain::text::fold,
};

/// Bytes of an enclosed letter in which its header is looked for.
const MAX_HEADER: usize = 64 * 1024;
/// Enclosed letters that are looked at.
const MAX_LETTERS: usize = 10;
/// Ids that are kept.
const MAX_IDS: usize = 10;
/// Lines of the words that are read as the field of an id.
const MAX_FIELDS: usize = 100;

/// What stands before a quoted letter, folded, within a line.
const BEGINNINGS: &[&str] = &[
    "below this line is a copy of the message",
    "copy of your message",
    "header of the original message",
    "headers of the original message",
    "il messaggio inviato era",
    "intestazioni originali del messaggio",
    "messaggio originale",
    "original message",
    "returned message follows",
    "testo originale del messaggio",
    "this is a copy of",
    "undelivered message follows",
    "unsent message follows",
    "your message reads",
];

/// The letter that is quoted in the text, from the line on that announces it; its beginning in bytes.
pub(super) fn quoted_at(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if is_first_header(line) || (line.len() < 200 && announces(line)) {
            return at;
        }
        at += line.len();
    }
    text.len()
}

fn is_first_header(line: &str) -> bool {
    let line = line.trim_start_matches('>');
    ["received:", "return-path:"].iter().any(|name| starts_with(line, name))
}

/// The line is a title: between dashes, or ending in a colon, or saying nothing else.
fn announces(line: &str) -> bool {
    let line = fold(line);
    let bare = line.trim_matches(|c: char| !c.is_alphanumeric());
    BEGINNINGS.iter().any(|beginning| {
        bare.starts_with(beginning)
            || bare.strip_prefix("il ").is_some_and(|rest| rest.starts_with(beginning))
            || bare.strip_prefix("the ").is_some_and(|rest| rest.starts_with(beginning))
    }) && !bare.contains("could not")
        && !bare.contains("was received")
}

/// Message-IDs of the letters that a report is about, without angle brackets, each once. What an enclosed letter says
/// comes first; `In-Reply-To` of the report itself is the last resort of servers that quote nothing.
pub(super) fn ids(mail: &Structure<'_>, text: &str) -> Vec<String> {
    let enclosed = mail.parts.iter().filter(|part| is_letter(&part.headers.media_type)).take(MAX_LETTERS);
    let mut found: Vec<String> = enclosed.flat_map(id_of).collect();
    found.extend(ids_in_words(text));
    if found.is_empty() {
        found = mail.headers.ids("In-Reply-To");
    }
    let mut seen = std::collections::HashSet::new();
    found.retain(|id| seen.insert(id.clone()));
    found.truncate(MAX_IDS);
    found
}

fn is_letter(media_type: &str) -> bool {
    matches!(
        media_type,
        "message/rfc822"
            | "message/global"
            | "message/global-headers"
            | "message/rfc822-headers"
            | "text/rfc822-headers"
    )
}

fn id_of(part: &Part<'_>) -> Vec<String> {
    let body = &part.body[..part.body.len().min(MAX_HEADER)];
    let bytes = decode::transfer(body, &part.headers.encoding);
    let (header, _) = mime::split_header(bytes.trim_ascii_start());
    Headers::read(header).ids("Message-ID")
}

/// Names of the field of an id, lower case.
const NAMES: &[&str] = &["message-id:", "x-original-message-id:", "original-message-id:"];

/// `Message-ID:` at the beginning of a line, also behind `>`, with the id on this line or on the next.
fn ids_in_words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut announced = false;
    let mut fields = 0;
    for line in text.lines() {
        let line = line.trim_start_matches(['>', ' ', '\t']);
        let named = NAMES.iter().find(|name| starts_with(line, name));
        let Some(rest) = named.map(|name| &line[name.len()..]).or(announced.then_some(line)) else {
            continue;
        };
        announced = named.is_some() && rest.trim().is_empty();
        let ids = Headers::read(format!("Message-ID: {}\r\n", rest.trim()).as_bytes()).ids("Message-ID");
        found.extend(ids.into_iter().filter(|id| id.contains('@')));
        fields += 1;
        if found.len() >= MAX_IDS || fields >= MAX_FIELDS {
            break;
        }
    }
    found
}

fn starts_with(line: &str, name: &str) -> bool {
    line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
}
