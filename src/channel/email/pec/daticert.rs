//! `daticert.xml`: what a provider certifies (technical rules of 2 November 2005, annex; RFC 6109 §4.4).
//!
//! Read by looking for its fifteen flat elements, not with an XML library: providers send it cut short, with stray
//! letters between elements, with a `msgid` whose angle brackets are not escaped, in Latin-1. A library refuses each of
//! these and would need this reader beside it as a second opinion. What is not looked for cannot happen either: there
//! is no DTD here, and no entity beyond the five that XML itself knows.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use entity::origin::{Certificate, PecRecipient};

use super::super::{address, decode};
use crate::domain::text::{one_line, shortened};

/// What is read at most, in bytes: a certificate with its twenty lines has two thousand, with five hundred recipients
/// fifty thousand. The rest is ignored.
pub const MAX_BYTES: usize = 64 * 1024;
/// Recipients taken.
const MAX_RECIPIENTS: usize = 1_000;
/// Longest text of one element, in characters.
const MAX_TEXT: usize = 1_000;

/// Reads the certificate. `None`: nothing of it is there.
#[must_use]
pub fn read(xml: &[u8]) -> Option<Certificate> {
    let xml = &xml[..xml.len().min(MAX_BYTES)];
    let text = decode::text(xml, declared_charset(xml).as_deref());
    let text = without_comments(&text);
    // The subject stands between the two, in its writer's words: the first head and the last body are the provider's,
    // even if somebody forgot to escape a subject that is written like XML.
    let head = Element::first(&text, "intestazione").map_or("", |element| element.content);
    let body = text.rfind("<dati").map_or("", |at| &text[at..]);
    let value = |part: &str, name| Element::first(part, name).and_then(|element| element.text());
    let certificate = Certificate {
        sender: value(head, "mittente").map(|text| lower_address(&text)),
        recipients: recipients(head),
        provider: value(body, "gestore-emittente"),
        at: Element::first(body, "data").and_then(|data| instant(&data)),
        identifier: value(body, "identificativo").and_then(|text| id(&text)),
        message_id: value(body, "msgid").and_then(|text| id(&text)),
        recipient: value(body, "consegna").map(|text| lower_address(&text)),
        error: Element::first(&text, "postacert")
            .and_then(|element| element.attribute("errore"))
            .map(|error| tidy(error).to_lowercase())
            .unwrap_or_default(),
        error_words: value(body, "errore-esteso").unwrap_or_default(),
    };
    (certificate != Certificate::default()).then_some(certificate)
}

/// An element, found by its name.
struct Element<'a> {
    /// What stands in its tag after the name.
    attributes: &'a str,
    /// What stands between its tags: up to the end of all when it is not closed.
    content: &'a str,
    /// It is closed: its content is all of it.
    closed: bool,
    /// What follows it.
    after: &'a str,
}

impl<'a> Element<'a> {
    fn first(text: &'a str, name: &str) -> Option<Self> {
        let mut rest = text;
        loop {
            rest = &rest[rest.find('<')? + 1..];
            let Some(tag) = rest.strip_prefix(name) else { continue };
            if !tag.starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/')) {
                continue;
            }
            let (attributes, after) = tag.split_once('>')?;
            if attributes.ends_with('/') {
                return Some(Self { attributes, content: "", closed: true, after });
            }
            return Some(match after.split_once(&format!("</{name}>")) {
                Some((content, after)) => Self { attributes, content, closed: true, after },
                None => Self { attributes, content: after, closed: false, after: "" },
            });
        }
    }

    /// Its text, on one line. Half a text is none: half an address is another address.
    fn text(&self) -> Option<String> {
        let text = self.content.trim().trim_start_matches("<![CDATA[").trim_end_matches("]]>");
        let text = tidy(text);
        (self.closed && !text.is_empty()).then_some(text)
    }

    fn attribute(&self, name: &str) -> Option<&'a str> {
        let attributes = self.attributes;
        let value = attributes.match_indices(name).find_map(|(at, _)| {
            let value = attributes[at + name.len()..].trim_start().strip_prefix('=')?;
            attributes[..at].ends_with(char::is_whitespace).then_some(value.trim_start())
        })?;
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        value[1..].split_once(quote).map(|(value, _)| value)
    }
}

fn recipients(head: &str) -> Vec<PecRecipient> {
    let mut recipients = Vec::new();
    let mut rest = head;
    while let Some(element) =
        Element::first(rest, "destinatari").filter(|_| recipients.len() < MAX_RECIPIENTS)
    {
        rest = element.after;
        let certified = element.attribute("tipo") == Some("certificato");
        let address = element.text().map(|text| lower_address(&text));
        recipients.extend(address.map(|address| PecRecipient { address, certified }));
    }
    recipients
}

/// Day, hour and zone. An hour without its zone is no instant: at half past midnight it is another day.
fn instant(data: &Element<'_>) -> Option<DateTime<Utc>> {
    let part = |name| Element::first(data.content, name).and_then(|element| element.text());
    let written = format!("{} {} {}", part("giorno")?, part("ora")?, data.attribute("zona")?);
    DateTime::parse_from_str(&written, "%d/%m/%Y %H:%M:%S %z").ok().map(|at| at.to_utc())
}

/// An address as the house compares it; what cannot be one (a receipt may be about exactly that) stays, lower case.
fn lower_address(text: &str) -> String {
    let inside = text.rsplit('<').next().unwrap_or(text);
    address::normal(inside).unwrap_or_else(|| text.to_lowercase())
}

/// A Message-ID without angle brackets.
fn id(text: &str) -> Option<String> {
    let id: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '<' | '>')).collect();
    (!id.is_empty()).then_some(id)
}

/// What the first line says about the character set.
fn declared_charset(xml: &[u8]) -> Option<String> {
    let line = String::from_utf8_lossy(&xml[..xml.len().min(200)]);
    Element::first(&line, "?xml")?.attribute("encoding").map(str::to_owned)
}

fn without_comments(text: &str) -> Cow<'_, str> {
    if !text.contains("<!--") {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

/// A text as it is kept: on one line, without control characters, and not without end.
fn tidy(text: &str) -> String {
    shortened(&one_line(&unescaped(text)), MAX_TEXT)
}

/// The five entities of XML and characters by number; every other reference stays as it is written.
fn unescaped(text: &str) -> String {
    /// Longest reference: `#x10FFFF`.
    const LONGEST: usize = 8;
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let end = after.bytes().take(LONGEST + 1).position(|byte| byte == b';');
        let meant = end.and_then(|end| Some((character(&after[..end])?, &after[end + 1..])));
        let (c, after) = meant.unwrap_or(('&', after));
        plain.push(c);
        rest = after;
    }
    plain.push_str(rest);
    plain
}

fn character(reference: &str) -> Option<char> {
    match reference {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = reference.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<postacert tipo="errore-consegna" errore="no-dest">
  <intestazione>
    <mittente>Ufficio@Gestore.example</mittente>
    <destinatari tipo="certificato">anna@pec.example</destinatari>
    <destinatari tipo='esterno'>bruno@posta.example</destinatari>
    <risposte>ufficio@gestore.example</risposte>
    <oggetto>Rifiuti &lt;b&gt; &amp; altro</oggetto>
  </intestazione>
  <dati>
    <gestore-emittente>Gestore S.p.A.</gestore-emittente>
    <data zona="+0200"><giorno>01/07/2026</giorno><ora>00:30:00</ora></data>
    <identificativo>opec1.2@gestore.example</identificativo>
    <msgid>&lt;a$1&amp;2@gestore.example&gt;</msgid>
    <ricevuta tipo="completa" />
    <consegna>Anna@PEC.example</consegna>
    <errore-esteso>5.1.1 - casella &#232; chiusa</errore-esteso>
  </dati>
</postacert>"#;

    #[test]
    fn all_that_is_certified_is_read() {
        let read = read(WHOLE.as_bytes()).unwrap();
        assert_eq!(read.sender.as_deref(), Some("ufficio@gestore.example"));
        let recipient = |address: &str, certified| PecRecipient { address: address.to_owned(), certified };
        assert_eq!(
            read.recipients,
            [recipient("anna@pec.example", true), recipient("bruno@posta.example", false)]
        );
        assert_eq!(read.provider.as_deref(), Some("Gestore S.p.A."));
        assert_eq!(read.at.unwrap().to_rfc3339(), "2026-06-30T22:30:00+00:00");
        assert_eq!(read.identifier.as_deref(), Some("opec1.2@gestore.example"));
        assert_eq!(read.message_id.as_deref(), Some("a$1&2@gestore.example"));
        assert_eq!(read.recipient.as_deref(), Some("anna@pec.example"));
        assert_eq!((read.error.as_str(), read.error_words.as_str()), ("no-dest", "5.1.1 - casella è chiusa"));
    }

    #[test]
    fn a_certificate_cut_anywhere_gives_what_was_whole() {
        let cut = &WHOLE[..WHOLE.find("<oggetto").unwrap()];
        let early = read(cut.as_bytes()).unwrap();
        assert_eq!((early.sender.as_deref(), early.recipients.len()), (Some("ufficio@gestore.example"), 2));
        let cut = &WHOLE[..WHOLE.find("PEC.example</cons").unwrap()];
        let late = read(cut.as_bytes()).unwrap();
        assert_eq!((late.message_id.is_some(), late.recipient), (true, None));
        for end in 0..WHOLE.len() {
            let _ = read(&WHOLE.as_bytes()[..end]);
        }
    }

    #[test]
    fn what_is_not_well_formed_is_read_all_the_same() {
        let stray = WHOLE
            .replace("</risposte>", "</risposte>a & b <c>")
            .replace("&lt;a$1&amp;2@gestore.example&gt;", "<a$1@x>")
            .replace("</postacert>", "");
        let read = read(stray.as_bytes()).unwrap();
        assert_eq!(read.message_id.as_deref(), Some("a$1@x"));
        assert_eq!(read.recipient.as_deref(), Some("anna@pec.example"));
    }

    #[test]
    fn latin_letters_are_read_as_declared_and_when_nothing_is_declared() {
        let latin = |prologue: &str| {
            let xml = format!("{prologue}<dati><errore-esteso>casella non pi* attiva</errore-esteso></dati>");
            read(&xml.bytes().map(|b| if b == b'*' { 0xf9 } else { b }).collect::<Vec<_>>())
                .unwrap()
                .error_words
        };
        assert_eq!(latin("<?xml version='1.0' encoding='ISO-8859-1'?>"), "casella non più attiva");
        assert_eq!(latin(""), "casella non più attiva");
    }

    #[test]
    fn a_dtd_is_no_door_and_an_entity_stays_closed() {
        let hostile = WHOLE
            .replace("<postacert", "<!DOCTYPE p [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><postacert")
            .replace("5.1.1 -", "&x; &#0; &#x110000; &#99999999999;");
        let read = read(hostile.as_bytes()).unwrap();
        assert_eq!(read.error_words, "&x; &#x110000; &#99999999999; casella è chiusa");
    }

    #[test]
    fn a_subject_written_like_a_certificate_certifies_nothing() {
        let forged = "</oggetto></intestazione><dati><consegna>altra@pec.example</consegna></dati>\
            <intestazione><mittente>sindaco@pec.example</mittente>";
        let read = read(WHOLE.replace("Rifiuti", forged).as_bytes()).unwrap();
        assert_eq!(read.sender.as_deref(), Some("ufficio@gestore.example"));
        assert_eq!(read.recipient.as_deref(), Some("anna@pec.example"));
        let comment =
            WHOLE.replace("<intestazione>", "<intestazione><!-- <mittente>b@c.example</mittente> -->");
        assert_eq!(
            super::read(comment.as_bytes()).unwrap().sender.as_deref(),
            Some("ufficio@gestore.example")
        );
    }

    #[test]
    fn an_hour_without_its_zone_is_no_instant() {
        assert_eq!(read(WHOLE.replace(" zona=\"+0200\"", "").as_bytes()).unwrap().at, None);
        assert_eq!(read(WHOLE.replace("01/07/2026", "2026-07-01").as_bytes()).unwrap().at, None);
    }

    #[test]
    fn no_text_is_kept_with_control_characters() {
        let dirty = WHOLE.replace("no-dest", "No\0\x1f\ndest").replace("chiusa", "&#7;chi\x08usa");
        let read = read(dirty.as_bytes()).unwrap();
        assert_eq!(
            (read.error.as_str(), read.error_words.as_str()),
            ("no dest", "5.1.1 - casella è chi usa")
        );
    }

    #[test]
    fn nothing_is_no_certificate() {
        assert_eq!(read(b""), None);
        assert_eq!(read(b"<html><p>ciao</html>"), None);
    }

    #[test]
    fn a_certificate_without_end_is_read_up_to_the_limit() {
        let many = "<destinatari tipo=\"certificato\">a@b.example</destinatari>".repeat(5_000);
        let recipients = read(format!("<intestazione>{many}").as_bytes()).unwrap().recipients;
        assert_eq!(recipients.len(), MAX_RECIPIENTS);
        let _ = read(&b"<".repeat(MAX_BYTES * 2));
        let _ = read(&b"<destinatari>".repeat(MAX_BYTES));
        let _ = read(&b"<!--".repeat(MAX_BYTES));
        let _ = read(&b"&".repeat(MAX_BYTES));
    }
}
