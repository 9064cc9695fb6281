//! An outgoing letter as bytes.
//!
//! The same letter always gives the same bytes, boundaries included: after a crash between the server's "taken" and our
//! note of it the letter leaves again, and must be recognisable as the same one.
//!
//! Automatic letters carry `Auto-Submitted` (RFC 3834) and Exchange's `X-Auto-Response-Suppress`, which asks for no
//! answers but still for reports of failure. `Precedence` was refused: RFC 3834 deprecates it, and its values move
//! letters to the folders of newsletters.

use std::{fmt::Write, time::SystemTime};

use entity::{communication::Address, language::Language};
use lettre::{
    Message,
    address::Envelope,
    message::{
        Attachment, Mailbox, MessageBuilder, MultiPart, SinglePart,
        header::{ContentType, HeaderName, HeaderValue},
    },
};
use sha2::{Digest, Sha256};

use super::{address, decode, html, names::Names};
use crate::domain::{mail::OutgoingLetter, text::one_line};

/// Longest `References` in bytes: some servers refuse header fields beyond 2 kB.
const MAX_REFERENCES: usize = 1_900;

/// Why a letter cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// Not an address.
    #[error("l'indirizzo «{0}» non è valido")]
    Address(String),
    /// Not an id.
    #[error("l'identificativo del messaggio non è valido")]
    Id,
    /// Something is missing.
    #[error("la lettera è incompleta: {0}")]
    Incomplete(#[from] lettre::error::Error),
}

/// Writes a letter.
///
/// # Errors
/// An address that is none. Trying again does not help.
pub fn compose(letter: &OutgoingLetter) -> Result<Vec<u8>, ComposeError> {
    let id = bracketed(&letter.message_id).ok_or(ComposeError::Id)?;
    let mut builder = Message::builder()
        .message_id(Some(id))
        .date(SystemTime::from(letter.date))
        .envelope(envelope(letter)?)
        .from(mailbox(&letter.from)?)
        .subject(one_line(&letter.subject));
    if let Some(reply_to) = &letter.reply_to {
        builder = builder.reply_to(mailbox(reply_to)?);
    }
    for to in &letter.to {
        builder = builder.to(mailbox(to)?);
    }
    for cc in &letter.cc {
        builder = builder.cc(mailbox(cc)?);
    }
    builder = thread(builder, &letter.references);
    if letter.pec {
        // The whole letter in each receipt would fill the mailbox: the short one names attachments by their hashes.
        builder = builder.raw_header(raw("X-TipoRicevuta", "breve"));
    }
    if letter.automatic {
        builder = builder
            .raw_header(raw("Auto-Submitted", "auto-replied"))
            .raw_header(raw("X-Auto-Response-Suppress", "DR, RN, NRN, OOF, AutoReply"));
    }
    Ok(builder.multipart(body(letter))?.formatted())
}

/// The envelope of the letter: from the mailbox to the one recipient. Used by the header check of lettre; what is said
/// on the line is the business of [`super::smtp`].
fn envelope(letter: &OutgoingLetter) -> Result<Envelope, ComposeError> {
    let (from, to) = (parsed(&letter.from.address)?, parsed(&letter.recipient)?);
    Envelope::new(Some(from), vec![to]).map_err(ComposeError::Incomplete)
}

/// An address as lettre knows it, with the ASCII form of its domain.
pub(super) fn parsed(text: &str) -> Result<lettre::Address, ComposeError> {
    let not_one = || ComposeError::Address(text.to_owned());
    address::on_the_line(text).ok_or_else(not_one)?.parse().map_err(|_| not_one())
}

fn mailbox(address: &Address) -> Result<Mailbox, ComposeError> {
    let name = one_line(&address.name);
    Ok(Mailbox::new((!name.is_empty()).then_some(name), parsed(&address.address)?))
}

/// `In-Reply-To` and `References`.
fn thread(builder: MessageBuilder, references: &[String]) -> MessageBuilder {
    let ids = trim_references(references);
    let Some(last) = ids.last() else { return builder };
    builder.in_reply_to(last.clone()).references(ids.join(" "))
}

/// The ids that are named: the first, which holds the thread together, and as many of the last as there is room for.
/// Ids that are none are left out; angle brackets are added.
#[must_use]
pub fn trim_references(references: &[String]) -> Vec<String> {
    let mut ids: Vec<String> = references.iter().filter_map(|id| bracketed(id)).collect();
    if ids.is_empty() {
        return ids;
    }
    let mut room = MAX_REFERENCES.saturating_sub(ids[0].len());
    let kept = ids[1..].iter().rev().take_while(|id| {
        let fits = id.len() < room;
        room = room.saturating_sub(id.len() + 1);
        fits
    });
    let left_out = ids.len() - 1 - kept.count();
    ids.drain(1..=left_out);
    ids
}

fn bracketed(id: &str) -> Option<String> {
    let sound = !id.is_empty()
        && id.len() <= 500
        && id.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>'));
    sound.then(|| format!("<{id}>"))
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// Text and HTML, and the files if there are any.
fn body(letter: &OutgoingLetter) -> MultiPart {
    let text = decode::tidy(&letter.text);
    let words = MultiPart::alternative()
        .boundary(boundary(letter, "a"))
        .singlepart(SinglePart::plain(format!("{text}\n")))
        .singlepart(SinglePart::html(page(&text, letter.language)));
    if letter.attachments.is_empty() {
        return words;
    }
    let mut whole = MultiPart::mixed().boundary(boundary(letter, "m")).multipart(words);
    let mut names = Names::default();
    for file in &letter.attachments {
        let name = names.give(Some(&file.name), &file.media_type);
        whole = whole.singlepart(attachment(name, &file.media_type, &file.bytes));
    }
    whole
}

fn attachment(name: String, media_type: &str, bytes: &[u8]) -> SinglePart {
    // An enclosed mail must not be encoded (RFC 2046 §5.2.1) and a signed one must not be changed on the way: it travels
    // as a file, whose name says what it is.
    let declared = if media_type.starts_with("message/") || media_type.starts_with("multipart/") {
        None
    } else {
        Some(media_type)
    };
    let unknown = || ContentType::parse("application/octet-stream").expect("a media type");
    let media_type = declared.and_then(|declared| ContentType::parse(declared).ok()).unwrap_or_else(unknown);
    Attachment::new(name).body(bytes.to_vec(), media_type)
}

/// Follows from the letter. `=_` occurs neither in base64 nor in quoted-printable.
fn boundary(letter: &OutgoingLetter, which: &str) -> String {
    let hash = Sha256::digest(letter.message_id.as_bytes());
    format!("=_{}_{which}", data_encoding::HEXLOWER.encode(&hash[..12]))
}

/// The text as a simple page: paragraphs, line breaks, links.
fn page(text: &str, language: Language) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\"></head>\n<body>\n",
        language.tag()
    );
    page.push_str(&linked(&html::from_text(text)));
    page.push_str("</body>\n</html>\n");
    page
}

/// Makes links of the addresses in escaped HTML. Whatever is between `https://` and the next white space, tag or quote is
/// one, without the punctuation that ends a sentence.
fn linked(html: &str) -> String {
    let mut linked = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("https://").into_iter().chain(rest.find("http://")).min() {
        let (before, from) = rest.split_at(at);
        linked.push_str(before);
        let end = from.find(|c: char| c.is_whitespace() || c == '<').unwrap_or(from.len());
        let quote =
            ["&quot;", "&#39;", "&gt;", "&lt;"].iter().filter_map(|quote| from[..end].find(quote)).min();
        let url = from[..quote.unwrap_or(end)].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']']);
        let host =
            url.split_once("://").is_some_and(|(_, host)| host.starts_with(|c: char| c.is_alphanumeric()));
        if host {
            write!(linked, "<a href=\"{url}\">{url}</a>").expect("a String takes everything");
        } else {
            linked.push_str(url);
        }
        rest = &from[url.len()..];
    }
    linked.push_str(rest);
    linked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        channel::email::parse::parse,
        domain::mail::{File, MailKind},
    };

    fn address(name: &str, address: &str) -> Address {
        Address { name: name.to_owned(), address: address.to_owned() }
    }

    fn letter() -> OutgoingLetter {
        OutgoingLetter {
            message_id: "0192.abcd@ente.example".to_owned(),
            date: "2026-11-21T09:30:00Z".parse().unwrap(),
            from: address("Ufficio Rifiuti – Città di Forlì", "reclami@ente.example"),
            reply_to: Some(address("", "reclami+abc@ente.example")),
            to: vec![address("D'Amìco, Nicolò", "nicolo@libero.example")],
            cc: vec![],
            recipient: "nicolo@libero.example".to_owned(),
            subject:
                "Re: [2026/000001] Perché il cassonetto di via Libertà è sempre pieno? È già la terza volta"
                    .to_owned(),
            text: "Buongiorno,\n\nil camion passa <domani>: https://ente.example/a?b=1&c=2.\nCordiali saluti"
                .to_owned(),
            language: Language::It,
            references: vec!["a@libero.example".to_owned(), "b@libero.example".to_owned()],
            attachments: vec![],
            automatic: false,
            return_path: Some("x@y.example".to_owned()),
            pec: false,
        }
    }

    #[test]
    fn a_letter_reads_back_as_it_was_written() {
        let mut letter = letter();
        letter.attachments = vec![File {
            name: "Ricevuta – città.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            content_id: None,
            bytes: vec![0, 255, 10, 13],
        }];
        let raw = compose(&letter).unwrap();
        assert!(raw.is_ascii());
        assert!(raw.split(|byte| *byte == b'\n').all(|line| line.len() <= 998));
        let mail = parse(&raw);
        assert_eq!(mail.message_id.as_deref(), Some("0192.abcd@ente.example"));
        assert_eq!(mail.from, Some(letter.from.clone()));
        assert_eq!(mail.to, letter.to);
        assert_eq!(mail.reply_to[0].address, "reclami+abc@ente.example");
        assert_eq!(mail.subject, letter.subject);
        assert_eq!(mail.text, letter.text);
        assert_eq!(mail.in_reply_to, ["b@libero.example"]);
        assert_eq!(mail.references, ["a@libero.example", "b@libero.example"]);
        assert_eq!(mail.attachments, letter.attachments);
        assert_eq!(mail.kind, MailKind::Letter);
        let html = mail.html.unwrap();
        assert!(
            html.contains("&lt;domani&gt;") && html.contains("href=\"https://ente.example/a?b=1&amp;c=2\""),
            "{html}"
        );
    }

    #[test]
    fn the_same_letter_is_the_same_bytes() {
        assert_eq!(compose(&letter()).unwrap(), compose(&letter()).unwrap());
        let other = OutgoingLetter { message_id: "0193.x@ente.example".to_owned(), ..letter() };
        assert_ne!(compose(&letter()).unwrap(), compose(&other).unwrap());
    }

    #[test]
    fn the_page_says_in_which_language_it_is() {
        for language in Language::ALL {
            let raw = String::from_utf8(compose(&OutgoingLetter { language, ..letter() }).unwrap()).unwrap();
            // As it travels: `=` is written `=3D` in quoted-printable.
            let said = format!("<html lang=3D\"{}\">", language.tag());
            assert!(raw.contains(&said), "{said}: {raw}");
        }
    }

    #[test]
    fn an_automatic_letter_says_so() {
        let raw = compose(&OutgoingLetter { automatic: true, ..letter() }).unwrap();
        assert_eq!(parse(&raw).kind, MailKind::AutoReply);
        let head = String::from_utf8(raw).unwrap();
        assert!(head.contains("\r\nAuto-Submitted: auto-replied\r\n"), "{head}");
    }

    #[test]
    fn nothing_can_add_a_header_field() {
        let evil = "x\r\nBcc: evil@x.example\r\n\r\nbody".to_owned();
        let mut letter = letter();
        letter.subject.clone_from(&evil);
        letter.from.name.clone_from(&evil);
        letter.references = vec![format!("a@b{evil}"), "c@d".to_owned()];
        letter.attachments = vec![File {
            name: evil,
            media_type: "a/b\r\nBcc: x@y".to_owned(),
            content_id: None,
            bytes: vec![],
        }];
        let raw = String::from_utf8(compose(&letter).unwrap()).unwrap();
        assert!(!raw.lines().any(|line| line.to_ascii_lowercase().starts_with("bcc:")), "{raw}");
        letter.recipient = "a@b.it\r\nBcc: x@y".to_owned();
        assert!(matches!(compose(&letter), Err(ComposeError::Address(_))));
    }

    #[test]
    fn references_keep_the_first_and_the_last() {
        let ids: Vec<String> = (0..200).map(|n| format!("{n:040}@libero.example")).collect();
        let kept = trim_references(&ids);
        assert_eq!(kept[0], format!("<{}>", ids[0]));
        assert_eq!(kept.last().unwrap(), &format!("<{}>", ids[199]));
        assert_eq!(kept[1], format!("<{}>", ids[200 - (kept.len() - 1)]));
        assert!(kept.join(" ").len() < 2_000 && kept.len() > 20);
        assert!(trim_references(&["a b".to_owned(), String::new(), "è@x".to_owned()]).is_empty());
        assert_eq!(trim_references(&["a@b".to_owned()]), ["<a@b>"]);
    }

    #[test]
    fn a_domain_with_accents_leaves_in_ascii() {
        let mut letter = letter();
        letter.to = vec![address("", "info@città.it")];
        letter.recipient = "info@città.it".to_owned();
        let raw = String::from_utf8(compose(&letter).unwrap()).unwrap();
        assert!(raw.contains("To: info@xn--citt-3na.it\r\n"), "{raw}");
    }
}
