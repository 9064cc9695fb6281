//! Letters as they come over the line: raw bytes, so that the demo enters the house by the same door as real mail.

use std::time::SystemTime;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use entity::communication::Address;
use lettre::message::{
    Attachment, Mailbox, Message, MultiPart, SinglePart,
    header::{ContentType, HeaderName, HeaderValue},
};

use crate::domain::mail::File;

/// A letter of a citizen (or of a machine) about to be posted.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    /// Message-ID without angle brackets.
    pub(super) id: String,
    /// When it is written.
    pub(super) date: DateTime<Utc>,
    /// Who signs.
    pub(super) from: Address,
    /// Subject.
    pub(super) subject: String,
    /// The words.
    pub(super) text: String,
    /// The words as HTML, beside the text.
    pub(super) html: Option<String>,
    /// Enclosures.
    pub(super) files: Vec<File>,
    /// Ids of the letters that it goes on from, oldest first, without angle brackets.
    pub(super) earlier: Vec<String>,
    /// Headers by which a machine says that it is one.
    pub(super) machine: &'static [(&'static str, &'static str)],
}

/// An answering machine's headers (RFC 3834).
pub(super) const ANSWERING: &[(&str, &str)] =
    &[("Auto-Submitted", "auto-replied"), ("X-Auto-Response-Suppress", "All")];

/// A mailing list's headers.
pub(super) const LIST: &[(&str, &str)] = &[
    ("List-Id", "Notizie <notizie.fiera-ambiente.example>"),
    ("List-Unsubscribe", "<mailto:esci@fiera-ambiente.example>"),
    ("Precedence", "bulk"),
];

/// The bytes of a letter to `to`. The same letter gives the same bytes.
pub(super) fn raw(letter: &Letter, to: &Address) -> Result<Vec<u8>> {
    let mut message = Message::builder()
        .from(mailbox(&letter.from)?)
        .to(mailbox(to)?)
        .date(SystemTime::from(letter.date))
        .subject(&letter.subject)
        .message_id(Some(format!("<{}>", letter.id)));
    if let Some(last) = letter.earlier.last() {
        let all: Vec<String> = letter.earlier.iter().map(|id| format!("<{id}>")).collect();
        message = message.in_reply_to(format!("<{last}>")).references(all.join(" "));
    }
    for (name, value) in letter.machine {
        let name = HeaderName::new_from_ascii_str(name);
        message = message.raw_header(HeaderValue::new(name, (*value).to_owned()));
    }
    let message = match (&letter.html, letter.files.as_slice()) {
        (None, []) => message.singlepart(SinglePart::plain(letter.text.clone())),
        (Some(html), []) => message.multipart(both(letter, html)),
        (html, files) => {
            let parts = MultiPart::mixed().boundary(boundary(letter, "parts"));
            let parts = match html {
                None => parts.singlepart(SinglePart::plain(letter.text.clone())),
                Some(html) => parts.multipart(both(letter, html)),
            };
            let parts = files.iter().try_fold(parts, |parts, file| {
                let media_type = ContentType::parse(&file.media_type).context("a media type of the demo")?;
                anyhow::Ok(
                    parts.singlepart(Attachment::new(file.name.clone()).body(file.bytes.clone(), media_type)),
                )
            })?;
            message.multipart(parts)
        }
    };
    Ok(message.context("a letter of the demo cannot be composed")?.formatted())
}

fn both(letter: &Letter, html: &str) -> MultiPart {
    MultiPart::alternative()
        .boundary(boundary(letter, "forms"))
        .singlepart(SinglePart::plain(letter.text.clone()))
        .singlepart(SinglePart::html(html.to_owned()))
}

/// Chosen here, because the composer would throw dice of its own.
fn boundary(letter: &Letter, what: &str) -> String {
    let id: String = letter.id.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("--{what}-{id}")
}

fn mailbox(address: &Address) -> Result<Mailbox> {
    let name = (!address.name.is_empty()).then(|| address.name.clone());
    Ok(Mailbox::new(name, address.address.parse().context("an address of the demo")?))
}

/// A plain text as the HTML that mail programs write: paragraphs, and the signature in grey.
pub(super) fn html(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let paragraphs: Vec<String> = escaped.split("\n\n").map(|words| words.replace('\n', "<br>")).collect();
    let (signature, words) =
        paragraphs.split_last().map_or(("", &[][..]), |(last, words)| (last.as_str(), words));
    format!(
        "<html><body style=\"font-family:Calibri,sans-serif\"><p>{}</p><p style=\"color:#666666\">{signature}</p></body></html>",
        words.join("</p><p>")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{channel::email::parse::parse, domain::mail::MailKind};

    fn letter() -> Letter {
        Letter {
            id: "42.7@posta.example".to_owned(),
            date: "2026-11-20T10:00:00Z".parse().unwrap(),
            from: Address {
                name: "Nicolò D'Amico".to_owned(),
                address: "nicolo.damico@posta.example".to_owned(),
            },
            subject: "Mancato ritiro: perché?".to_owned(),
            text: "Buongiorno,\n\nè rimasto tutto qui & lì.\n\nNicolò D'Amico".to_owned(),
            html: None,
            files: Vec::new(),
            earlier: Vec::new(),
            machine: &[],
        }
    }

    fn desk() -> Address {
        Address { name: "Ambiente".to_owned(), address: "reclami@ente.example".to_owned() }
    }

    #[test]
    fn the_edge_reads_what_was_written() {
        let file = File {
            name: "foto città.png".to_owned(),
            media_type: "image/png".to_owned(),
            content_id: None,
            bytes: (0..=255).collect(),
        };
        let written = Letter {
            html: Some(html(&letter().text)),
            files: vec![file],
            earlier: vec!["a@b.example".to_owned(), "c@d.example".to_owned()],
            ..letter()
        };
        let mail = parse(&raw(&written, &desk()).unwrap());
        assert_eq!(mail.from, Some(written.from.clone()));
        assert_eq!(
            (mail.subject.as_str(), mail.message_id.as_deref()),
            ("Mancato ritiro: perché?", Some("42.7@posta.example"))
        );
        assert_eq!(
            (mail.in_reply_to, mail.references),
            (vec!["c@d.example".to_owned()], written.earlier.clone())
        );
        assert_eq!(mail.text.trim(), written.text);
        assert!(mail.html.unwrap().contains("è rimasto tutto qui &amp; lì."));
        assert_eq!(mail.attachments, written.files);
        assert_eq!(mail.kind, MailKind::Letter);
    }

    #[test]
    fn the_same_letter_gives_the_same_bytes() {
        let written = Letter { html: Some(html("a\n\nb")), ..letter() };
        assert_eq!(raw(&written, &desk()).unwrap(), raw(&written, &desk()).unwrap());
    }

    #[test]
    fn machines_are_known_as_machines() {
        for (machine, kind) in [(ANSWERING, MailKind::AutoReply), (LIST, MailKind::Machine)] {
            let mail = parse(&raw(&Letter { machine, ..letter() }, &desk()).unwrap());
            assert_eq!(mail.kind, kind, "{machine:?}");
        }
    }
}
