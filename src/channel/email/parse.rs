//! Raw bytes to a `Mail`. Total: whatever the bytes, there is a mail, and all of it is either shown or attached.

use std::borrow::Cow;

use super::{
    classify::classify,
    clean,
    decode::{self, tidy},
    headers::Headers,
    html,
    mime::{self, Kind, Part, Structure},
    names::Names,
};
use crate::domain::mail::{File, Mail};

/// Longest text in bytes that is shown as the letter; a longer one is attached whole and shown in part.
pub const MAX_TEXT: usize = 1024 * 1024;

/// Reads a mail.
#[must_use]
pub fn parse(raw: &[u8]) -> Mail {
    let structure = mime::take_apart(raw);
    let headers = &structure.headers;
    let from = headers.addresses("From").into_iter().next();
    let from = from.or_else(|| headers.addresses("Sender").into_iter().next());
    let content = Content::read(&structure, raw);
    Mail {
        message_id: headers.ids("Message-ID").into_iter().next(),
        in_reply_to: headers.ids("In-Reply-To"),
        references: headers.ids("References"),
        kind: classify(&structure, from.as_ref().map_or("", |from| &from.address)),
        from,
        reply_to: headers.addresses("Reply-To"),
        to: headers.addresses("To"),
        cc: headers.addresses("Cc"),
        delivered_to: headers.plain_addresses(&["Delivered-To", "X-Original-To", "Envelope-To"]),
        subject: headers.subject(),
        text: content.text,
        html: content.html,
        attachments: content.files,
    }
}

/// What is shown and what is attached.
#[derive(Default)]
struct Content {
    text: String,
    html: Option<String>,
    files: Vec<File>,
}

/// One piece of the letter: the same words in one form or in two.
#[derive(Default)]
struct Piece {
    group: Option<usize>,
    plain: String,
    html: String,
}

impl Content {
    fn read(mail: &Structure<'_>, raw: &[u8]) -> Self {
        let mut names = Names::default();
        let mut files = Vec::new();
        let mut pieces: Vec<Piece> = Vec::new();
        for (number, part) in mail.parts.iter().enumerate() {
            let bytes = decode::transfer(part.body, &part.headers.encoding);
            let shown = is_shown(part, number == 0);
            if shown {
                add_words(&mut pieces, part, &bytes);
            }
            if !shown || bytes.len() > MAX_TEXT {
                files.push(file(&mut names, part, bytes));
            }
        }
        if mail.incomplete {
            // too many parts, or too deep: the whole is attached as it came
            let name = names.give(Some("messaggio completo.eml"), RFC822);
            files.push(File { name, media_type: RFC822.to_owned(), content_id: None, bytes: raw.to_vec() });
        }
        Self { text: text(&pieces), html: shown_html(&pieces), files }
    }
}

const RFC822: &str = "message/rfc822";

/// The part belongs to the letter itself.
fn is_shown(part: &Part<'_>, first_of_all: bool) -> bool {
    let headers = &part.headers;
    let words = matches!(headers.media_type.as_str(), "text/plain" | "text/html");
    let placed = match part.parent {
        Kind::Alternative => true,
        Kind::Related => part.first,
        Kind::Whole | Kind::Mixed | Kind::Digest => first_of_all || headers.name.is_none(),
    };
    words && placed && !headers.attached
}

fn add_words(pieces: &mut Vec<Piece>, part: &Part<'_>, bytes: &[u8]) {
    let words = tidy(&decode::text(bytes, part.headers.charset.as_deref()));
    let same = pieces.last().is_some_and(|last| last.group.is_some() && last.group == part.group);
    if !same {
        pieces.push(Piece { group: part.group, ..Piece::default() });
    }
    let Some(piece) = pieces.last_mut() else { return };
    let form = if part.headers.media_type == "text/html" { &mut piece.html } else { &mut piece.plain };
    if !form.is_empty() {
        form.push_str("\n\n");
    }
    form.push_str(&words);
}

/// The letter as plain text; from HTML where there is nothing else.
fn text(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        let words = if piece.plain.trim().is_empty() {
            Cow::Owned(tidy(&html::to_text(&piece.html)))
        } else {
            Cow::Borrowed(&piece.plain)
        };
        let words = words.trim_start_matches(['\n', ' ', '\t']);
        if words.is_empty() {
            continue;
        }
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(words);
    }
    cut(&mut text);
    text
}

/// The letter as cleaned HTML, when it has any and all of it can be cleaned.
fn shown_html(pieces: &[Piece]) -> Option<String> {
    let mut whole = String::new();
    let mut any = false;
    for piece in pieces {
        let cleaned = if piece.html.trim().is_empty() { String::new() } else { clean::clean(&piece.html)? };
        any |= !cleaned.is_empty();
        whole.push_str(&if cleaned.is_empty() { html::from_text(&piece.plain) } else { cleaned });
    }
    (any && whole.len() <= 4 * MAX_TEXT).then_some(whole)
}

fn cut(text: &mut String) {
    let mut end = text.len().min(MAX_TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
}

fn file(names: &mut Names, part: &Part<'_>, bytes: Cow<'_, [u8]>) -> File {
    let headers = &part.headers;
    let subject =
        (headers.media_type == RFC822 && headers.name.is_none()).then(|| enclosed_name(&bytes)).flatten();
    let name = names.give(headers.name.as_deref().or(subject.as_deref()), &headers.media_type);
    File {
        name,
        media_type: headers.media_type.clone(),
        content_id: headers.content_id.clone(),
        bytes: bytes.into_owned(),
    }
}

/// An enclosed mail is called by its subject.
fn enclosed_name(raw: &[u8]) -> Option<String> {
    let (header, _) = mime::split_header(raw);
    let subject = Headers::read(header).subject().replace(['/', '\\'], "-");
    (!subject.is_empty()).then(|| format!("{subject}.eml"))
}
