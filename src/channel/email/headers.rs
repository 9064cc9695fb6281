//! Header fields, read by mail-parser and made safe.
//!
//! `Date` is not read: the server's own reception counts, and mail-parser 0.11 loses the field after `Date: … UT` when
//! lines end in LF.

use std::{borrow::Cow, sync::LazyLock};

use entity::communication::Address;
use mail_parser::{ContentType, HeaderName, HeaderValue, Message, MessageParser, MimeHeaders};

use super::{address, decode};
use crate::domain::text::{one_line, shortened};

/// Header fields are read up to this number of bytes; what follows is ignored.
const MAX_BYTES: usize = 256 * 1024;
/// The same for a part. mail-parser's time grows with the square of the parameters of `Content-Type`.
const MAX_PART_BYTES: usize = 8 * 1024;
/// A single field, for the same reason.
const MAX_FIELD: usize = 32 * 1024;
/// Longest subject in characters.
const MAX_SUBJECT: usize = 1_000;
/// Addresses taken from one field.
const MAX_ADDRESSES: usize = 500;
/// Ids taken from `References` and `In-Reply-To`, the newest.
pub const MAX_REFERENCES: usize = 100;
/// Longest Message-ID in bytes; a longer one is no help to a thread.
const MAX_ID: usize = 500;

static PARSER: LazyLock<MessageParser> = LazyLock::new(|| {
    MessageParser::new()
        .with_mime_headers()
        .with_address_headers()
        .with_message_ids()
        .header_text(HeaderName::Subject)
});

/// The header fields of a mail.
#[derive(Debug, Default)]
pub struct Headers(Option<Message<'static>>);

impl Headers {
    /// Reads the header fields of a mail. Bytes that are not UTF-8 count as windows-1252, line by line.
    #[must_use]
    pub fn read(block: &[u8]) -> Self {
        Self::read_within(block, MAX_BYTES)
    }

    /// Reads the header fields of a part.
    #[must_use]
    pub fn read_part(block: &[u8]) -> PartHeaders {
        Self::read_within(block, MAX_PART_BYTES).part()
    }

    fn read_within(block: &[u8], limit: usize) -> Self {
        let block = if block.len() > limit { up_to_a_line_end(&block[..limit]) } else { block };
        if block.is_empty() {
            return Self(None);
        }
        let mut text = unfolded(block);
        // mail-parser gives nothing for a field that ends with the input
        text.push_str("\r\n\r\n");
        Self(PARSER.parse_headers(text.as_bytes()).map(Message::into_owned))
    }

    fn values(&self, name: &'static str) -> impl Iterator<Item = &HeaderValue<'static>> {
        let name = HeaderName::from(name);
        let all = self.0.as_ref().map(Message::headers).unwrap_or_default();
        all.iter().filter(move |header| header.name == name).map(|header| &header.value)
    }

    /// The field is there, whatever it says.
    #[must_use]
    pub fn has(&self, name: &'static str) -> bool {
        self.values(name).next().is_some()
    }

    /// What the first field of that name says, on one line. Only for fields without structure.
    #[must_use]
    pub fn text(&self, name: &'static str) -> Option<String> {
        self.values(name).find_map(HeaderValue::as_text).map(one_line)
    }

    /// Subject, decoded, on one line.
    #[must_use]
    pub fn subject(&self) -> String {
        shortened(&self.text("Subject").unwrap_or_default(), MAX_SUBJECT)
    }

    /// The readable addresses of all fields of that name.
    #[must_use]
    pub fn addresses(&self, name: &'static str) -> Vec<Address> {
        self.values(name)
            .filter_map(HeaderValue::as_address)
            .flat_map(mail_parser::Address::iter)
            .filter_map(|one| address::address(one.name().unwrap_or_default(), one.address()?))
            .take(MAX_ADDRESSES)
            .collect()
    }

    /// Addresses of fields without structure (`Delivered-To`).
    #[must_use]
    pub fn plain_addresses(&self, names: &[&'static str]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for value in names.iter().flat_map(|name| self.values(name)).filter_map(HeaderValue::as_text) {
            for address in value.split(',').filter_map(address::normal) {
                if found.len() < MAX_ADDRESSES && !found.contains(&address) {
                    found.push(address);
                }
            }
        }
        found
    }

    /// The ids of all fields of that name, without angle brackets, oldest first, the newest hundred.
    #[must_use]
    pub fn ids(&self, name: &'static str) -> Vec<String> {
        let ids = self.values(name).flat_map(|value| value.as_text_list().unwrap_or_default());
        let mut ids: Vec<String> = ids.filter_map(clean_id).collect();
        ids.drain(..ids.len().saturating_sub(MAX_REFERENCES));
        ids
    }

    /// What the entity is declared to be.
    #[must_use]
    pub fn part(&self) -> PartHeaders {
        let Some(message) = &self.0 else { return PartHeaders::default() };
        let content = message.content_type();
        let disposition = message.content_disposition();
        let attribute =
            |of: Option<&ContentType<'_>>, name| of.and_then(|of| of.attribute(name)).map(str::to_owned);
        PartHeaders {
            media_type: content.map_or_else(|| TEXT.to_owned(), media_type),
            undeclared: content.is_none(),
            charset: attribute(content, "charset"),
            boundary: attribute(content, "boundary")
                .map(|text| text.trim_end().to_owned())
                .filter(|b| !b.is_empty()),
            report_type: attribute(content, "report-type").map(|text| text.to_ascii_lowercase()),
            name: attribute(disposition, "filename").or_else(|| attribute(content, "name")),
            attached: disposition.is_some_and(ContentType::is_attachment),
            content_id: message.content_id().and_then(clean_id),
            encoding: message
                .content_transfer_encoding()
                .map(|text| text.trim().to_ascii_lowercase())
                .unwrap_or_default(),
        }
    }
}

const TEXT: &str = "text/plain";

/// What an entity is declared to be.
#[derive(Clone, Debug)]
pub struct PartHeaders {
    /// Media type, lower case; `text/plain` when nothing was declared.
    pub media_type: String,
    /// Nothing was declared.
    pub undeclared: bool,
    /// Declared character set.
    pub charset: Option<String>,
    /// Boundary of a multipart.
    pub boundary: Option<String>,
    /// `report-type` of a `multipart/report`, lower case.
    pub report_type: Option<String>,
    /// Name of the file, as given.
    pub name: Option<String>,
    /// Declared to be an attachment.
    pub attached: bool,
    /// Content-ID without angle brackets.
    pub content_id: Option<String>,
    /// Transfer encoding, lower case; empty when none.
    pub encoding: String,
}

impl Default for PartHeaders {
    fn default() -> Self {
        Self {
            media_type: TEXT.to_owned(),
            undeclared: true,
            charset: None,
            boundary: None,
            report_type: None,
            name: None,
            attached: false,
            content_id: None,
            encoding: String::new(),
        }
    }
}

impl PartHeaders {
    /// `multipart/…`.
    #[must_use]
    pub fn is_multipart(&self) -> bool {
        self.media_type.starts_with("multipart/")
    }

    /// What follows the slash.
    #[must_use]
    pub fn subtype(&self) -> &str {
        self.media_type.split_once('/').map_or("", |(_, subtype)| subtype)
    }
}

/// `type/subtype` of letters that a media type may have; `text/plain` when there is only nonsense.
fn media_type(content: &ContentType<'_>) -> String {
    let whole = format!("{}/{}", content.ctype().trim(), content.subtype().unwrap_or("plain").trim())
        .to_ascii_lowercase();
    let token = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    let sound = whole.len() <= 100
        && whole.split_once('/').is_some_and(|(kind, subtype)| token(kind) && token(subtype));
    match (sound, content.ctype()) {
        (true, _) => whole,
        (false, "text" | "") => TEXT.to_owned(),
        (false, _) => "application/octet-stream".to_owned(),
    }
}

/// An id without angle brackets, white space and control characters.
fn clean_id(id: impl AsRef<str>) -> Option<String> {
    let strange = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>');
    let id: String = id.as_ref().chars().filter(|c| !strange(*c)).collect();
    (!id.is_empty() && id.len() <= MAX_ID).then_some(id)
}

/// Each field on one line: mail-parser stumbles over `boundary=` whose value is on the next line.
fn unfolded(block: &[u8]) -> String {
    let mut text = String::with_capacity(block.len() + 4);
    let mut field_at = 0;
    for line in block.split(|&byte| byte == b'\n') {
        let line = decode::utf8_or_windows(line.strip_suffix(b"\r").unwrap_or(line));
        if !line.starts_with([' ', '\t']) && !text.is_empty() {
            text.push_str("\r\n");
            field_at = text.len();
        }
        if text.len() - field_at + line.len() <= MAX_FIELD {
            text.push_str(&line);
        }
    }
    text
}

fn up_to_a_line_end(block: &[u8]) -> &[u8] {
    block.iter().rposition(|&byte| byte == b'\n').map_or(block, |at| &block[..=at])
}

/// Decodes what a field without structure may hold (`=?utf-8?Q?…?=`), for names of files that were encoded wrongly.
#[must_use]
pub fn decoded_words(text: &str) -> Cow<'_, str> {
    if !text.contains("=?") {
        return Cow::Borrowed(text);
    }
    let subject = Headers::read(format!("Subject: {}\r\n", one_line(text)).as_bytes()).subject();
    if subject.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(subject) }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    #[test]
    fn a_subject_is_decoded_and_stays_on_one_line() {
        let subject = |raw: &[u8]| Headers::read(raw).subject();
        assert_eq!(
            subject(b"Subject: =?utf-8?Q?Citt=C3=A0?=\r\n =?utf-8?Q?_di?= Lecce\r\n"),
            "Città di Lecce"
        );
        assert_eq!(subject(b"Subject: citt\xe0 \x80"), "città €");
        assert_eq!(subject("Subject: città\0\x07!".as_bytes()), "città !");
        assert_eq!(subject(b"Subject: =?utf-8?B?QQ0KQmNjOiBhQGI=?=\r\n"), "A Bcc: a@b");
        assert_eq!(subject(b"Date: Mon, 3 Feb 2020 10:00:00 UT\nSubject: dopo\n"), "dopo");
    }

    #[test]
    fn ids_come_without_brackets_and_not_without_end() {
        let headers = Headers::read(
            b"Message-ID: <a@b>\r\nIn-Reply-To: Your mail of today <c@d>\r\nReferences: <x@y>\r\n <a@b>\r\n",
        );
        assert_eq!(headers.ids("Message-ID"), ["a@b"]);
        assert_eq!(headers.ids("In-Reply-To"), ["c@d"]);
        assert_eq!(headers.ids("References"), ["x@y", "a@b"]);
        let many = (0..300).fold(String::new(), |mut many, n| {
            write!(many, "<{n}@x> ").unwrap();
            many
        });
        let ids = Headers::read(format!("References: {many}\r\n").as_bytes()).ids("References");
        assert_eq!((ids.len(), ids[0].as_str(), ids[99].as_str()), (100, "200@x", "299@x"));
    }

    #[test]
    fn addresses_of_groups_and_of_several_fields_are_all_found() {
        let headers = Headers::read(b"To: Ufficio: Anna <A@B.it>, c@d.it;\r\nTo: nobody\r\nTo: e@f.it\r\n");
        let addresses: Vec<String> = headers.addresses("To").into_iter().map(|one| one.address).collect();
        assert_eq!(addresses, ["a@b.it", "c@d.it", "e@f.it"]);
    }

    #[test]
    fn a_media_type_is_made_of_letters() {
        let media_type = |raw: &str| Headers::read(raw.as_bytes()).part().media_type;
        assert_eq!(media_type("Content-Type: IMAGE/PNG; name=x\r\n"), "image/png");
        assert_eq!(media_type("Content-Type: text\r\n"), "text/plain");
        assert_eq!(media_type("Content-Type: a b/<script>\r\n"), "application/octet-stream");
        assert_eq!(media_type("Subject: x\r\n"), "text/plain");
    }
}
