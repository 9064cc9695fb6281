//! What the header fields of a mail or of a part say, made safe.
//!
//! mail-parser reads the addresses, which is the hard part. `Date` is not read: the server's own reception counts, and
//! mail-parser 0.11 loses the field after `Date: … UT` when lines end in LF.

use entity::communication::Address;
use mail_parser::{HeaderValue, parsers::MessageStream};

use super::{address, fields::Fields, parameters::Parameters, words};
use crate::domain::text::{one_line, shortened};

/// Header fields of a part are read up to this number of bytes: there may be a thousand parts.
const MAX_PART_BYTES: usize = 8 * 1024;
/// Longest subject in characters.
const MAX_SUBJECT: usize = 1_000;
/// Addresses taken from the fields of one name.
const MAX_ADDRESSES: usize = 500;
/// Ids taken from `References` and `In-Reply-To`, the newest.
pub const MAX_REFERENCES: usize = 100;
/// Longest Message-ID in bytes; a longer one is no help to a thread.
const MAX_ID: usize = 500;
/// Longest media type in bytes.
const MAX_MEDIA_TYPE: usize = 100;

/// The header fields of a mail.
#[derive(Debug, Default)]
pub struct Headers(Fields);

impl Headers {
    /// Reads the header fields of a mail. Bytes that are not UTF-8 count as windows-1252.
    #[must_use]
    pub fn read(block: &[u8]) -> Self {
        Self(Fields::read(block))
    }

    /// Reads the header fields of a part.
    #[must_use]
    pub fn read_part(block: &[u8]) -> PartHeaders {
        Self::read(&block[..block.len().min(MAX_PART_BYTES)]).part()
    }

    /// Names and values of the fields, topmost first, each on one line, as they are written.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter()
    }

    /// What all fields of that name say, each on one line, as they are written.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.all(name)
    }

    /// The field is there, whatever it says.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }

    /// What the first field of that name says, decoded, on one line.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.all(name).find(|value| !value.is_empty()).map(|value| one_line(&words::decoded(value)))
    }

    /// Subject, decoded, on one line.
    #[must_use]
    pub fn subject(&self) -> String {
        shortened(&self.text("Subject").unwrap_or_default(), MAX_SUBJECT)
    }

    /// The readable addresses of all fields of that name.
    #[must_use]
    pub fn addresses(&self, name: &str) -> Vec<Address> {
        let mut found = Vec::new();
        for field in self.all(name) {
            // mail-parser gives nothing for a field that ends with the input
            let field = words::joined(field) + "\r\n";
            let HeaderValue::Address(addresses) = MessageStream::new(field.as_bytes()).parse_address() else {
                continue;
            };
            let readable = addresses
                .iter()
                .filter_map(|one| address::address(one.name().unwrap_or_default(), one.address()?));
            found.extend(readable.take(MAX_ADDRESSES - found.len()));
        }
        found
    }

    /// Addresses of fields without structure (`Delivered-To`).
    #[must_use]
    pub fn plain_addresses(&self, names: &[&str]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for value in names.iter().flat_map(|name| self.all(name)) {
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
    pub fn ids(&self, name: &str) -> Vec<String> {
        let mut ids: Vec<String> = self.all(name).flat_map(ids).collect();
        ids.drain(..ids.len().saturating_sub(MAX_REFERENCES));
        ids
    }

    /// What the entity is declared to be.
    #[must_use]
    pub fn part(&self) -> PartHeaders {
        let first = |name| self.all(name).find(|value| !value.is_empty());
        let declared = first("Content-Type");
        let content = Parameters::read(declared.unwrap_or_default());
        let disposition = Parameters::read(first("Content-Disposition").unwrap_or_default());
        PartHeaders {
            media_type: declared.map_or_else(|| TEXT.to_owned(), |_| media_type(content.value)),
            undeclared: declared.is_none(),
            charset: content.word("charset"),
            boundary: content
                .get("boundary")
                .map(|text| text.trim_end().to_owned())
                .filter(|b| !b.is_empty()),
            report_type: content.word("report-type").map(|text| text.to_ascii_lowercase()),
            name: disposition.get("filename").or_else(|| content.get("name")),
            attached: disposition.value.eq_ignore_ascii_case("attachment"),
            content_id: first("Content-ID").and_then(clean_id),
            encoding: first("Content-Transfer-Encoding").map(transfer_encoding).unwrap_or_default(),
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

/// `type/subtype` of letters that a media type may have. Nonsense is a file, or a text where it says so.
fn media_type(value: &str) -> String {
    let (kind, subtype) = value.split_once('/').unwrap_or((value, ""));
    let token = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    if token(kind) && token(subtype) && value.len() <= MAX_MEDIA_TYPE {
        value.to_ascii_lowercase()
    } else if kind.is_empty() || kind.eq_ignore_ascii_case("text") {
        TEXT.to_owned()
    } else {
        "application/octet-stream".to_owned()
    }
}

/// The encoding's name without what senders write round it (`"base64"`, `base64 (MIME)`).
fn transfer_encoding(value: &str) -> String {
    let name = value.split([' ', ';', '(']).next().unwrap_or_default();
    name.trim_matches(['"', '\'']).to_ascii_lowercase()
}

/// The ids of a field; one that stands without angle brackets counts when there are no others.
fn ids(field: &str) -> impl Iterator<Item = String> {
    let bracketed = field.split('<').skip(1).filter_map(|piece| piece.split_once('>')).map(|(id, _)| id);
    let alone = Some(field).filter(|field| !field.contains('<'));
    bracketed.chain(alone).filter_map(clean_id)
}

/// An id without angle brackets, white space and control characters.
fn clean_id(id: &str) -> Option<String> {
    let strange = |c: char| c.is_control() || c.is_whitespace() || matches!(c, '<' | '>');
    let id: String = id.chars().filter(|c| !strange(*c)).take(MAX_ID + 1).collect();
    (!id.is_empty() && id.len() <= MAX_ID).then_some(id)
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
        assert_eq!(Headers::read(b"Message-ID: a@b\r\n").ids("Message-ID"), ["a@b"]);
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
        let split = Headers::read(b"From: =?utf-8?Q?Nicol=C3?= =?utf-8?Q?=B2_Rossi?= <n@r.it>\r\n");
        assert_eq!(split.addresses("From")[0].name, "Nicolò Rossi");
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
