//! Remote content: what a message only announces, and IO fetches from us each time the citizen opens it ("Guida tecnica", Remote
//! content; `newMessagesService.ts` of pagopa/io-backend, which refuses more than the guide says).
//!
//! What IO was told of a message must hold whenever it is opened: announced and not there is an error on the citizen's screen.

pub mod text;

use entity::io_remote::Precondition;
use hmac::{Hmac, KeyInit, Mac};
use memchr::memmem;
use sha2::Sha256;
use uuid::Uuid;

/// Longest name of an attachment, in characters ("Guida tecnica": the file cannot be kept under a longer one).
const NAME: usize = 127;
/// The ending that the name of an attachment must have.
const ENDING: &str = ".pdf";
/// How the part of an address begins below which the documents of a message are.
const ATTACHMENTS: &str = "attachments";
/// The communication itself, below that.
const DOCUMENT: &str = "document";

/// What a message says of its remote content (`third_party_data`). The fields that the guide reserves (`original_sender`,
/// `original_receipt_date`, `summary`) are not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// By which IO asks for it.
    pub id: Uuid,
    /// Under which configuration.
    pub configuration_id: String,
    /// There is a text.
    pub has_text: bool,
    /// There are documents. Such a message is a premium one, or IO refuses it.
    pub has_documents: bool,
    /// Whether the citizen must agree first.
    pub precondition: Precondition,
}

/// The id of a configuration: a ULID, which IO checks letter by letter. Examples of the guide show other things.
#[must_use]
pub fn is_configuration_id(id: &str) -> bool {
    let crockford = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase() && !b"ILOU".contains(&byte);
    id.len() == 26 && id.bytes().all(crockford) && id.as_bytes()[0] <= b'7'
}

/// A new key of ours, out of random bytes.
#[must_use]
pub fn key(random: &[u8; 32]) -> String {
    data_encoding::BASE64URL_NOPAD.encode(random)
}

/// Whether two secrets are equal, in a time that tells nothing of where they differ.
#[must_use]
pub fn same(one: &[u8], other: &[u8]) -> bool {
    // Equal digests and nothing else: lengths do not show either. What the key is does not matter.
    let digest = |secret: &[u8]| {
        Hmac::<Sha256>::new_from_slice(b"remote").expect("HMAC takes keys of any length").chain_update(secret)
    };
    let one = digest(one).finalize().into_bytes();
    digest(other).verify_slice(&one).is_ok()
}

/// What IO asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Text and list of documents.
    Details,
    /// What the citizen agrees to.
    Precondition,
    /// The communication as a document.
    Document,
    /// One of its files.
    File(Uuid),
}

/// Reads the end of an address, after the service: which message, and what of it. IO glues addresses together out of three pieces,
/// and a slash too many must not be a document too few.
#[must_use]
pub fn read_address(path: &str) -> Option<(Uuid, Asked)> {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let id = parts.next().filter(|first| *first == "messages").and_then(|_| parts.next()?.parse().ok())?;
    let asked = match (parts.next(), parts.next(), parts.next()) {
        (None, ..) => Asked::Details,
        (Some("precondition"), None, _) => Asked::Precondition,
        (Some(ATTACHMENTS), Some(DOCUMENT), None) => Asked::Document,
        (Some(ATTACHMENTS), Some(file), None) => Asked::File(file.parse().ok()?),
        _ => return None,
    };
    Some((id, asked))
}

/// A document as IO lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its id within the message.
    pub id: String,
    /// The name under which the app keeps it.
    pub name: String,
    /// Where it is, below the message, without a slash before it.
    pub url: String,
}

/// The communication itself. `number` as [`crate::domain::number::Number::slug`].
#[must_use]
pub fn document(number: &str) -> Attachment {
    attachment(DOCUMENT.to_owned(), &format!("comunicazione-{number}"))
}

/// A file of the communication.
#[must_use]
pub fn file(id: Uuid, name: &str) -> Attachment {
    attachment(id.to_string(), name)
}

fn attachment(id: String, name: &str) -> Attachment {
    let ending = name.len().checked_sub(ENDING.len()).filter(|at| name.is_char_boundary(*at));
    let stem = ending.filter(|at| name[*at..].eq_ignore_ascii_case(ENDING)).map_or(name, |at| &name[..at]);
    let stem: String = stem.chars().take(NAME - ENDING.len()).collect();
    Attachment { url: format!("{ATTACHMENTS}/{id}"), name: format!("{stem}{ENDING}"), id }
}

/// Whether a file is a PDF that says of itself that it is PDF/A (ISO 19005-2 §6.6.4: part and conformance stand in its XMP
/// metadata). Only the claim is read: proving it takes a program of its own.
#[must_use]
pub fn is_archivable(bytes: &[u8]) -> bool {
    const NAMESPACE: &[u8] = b"http://www.aiim.org/pdfa/ns/id/";
    // The prefix is free in XML, and everybody writes this one.
    const PART: &[u8] = b"pdfaid:part";
    let claims = |at: usize| {
        let said = &bytes[at + PART.len()..];
        let value = said
            .strip_prefix(b">")
            .or_else(|| said.strip_prefix(b"=\""))
            .or_else(|| said.strip_prefix(b"='"));
        matches!(value, Some([b'1'..=b'4', b'<' | b'"' | b'\'', ..]))
    };
    bytes.starts_with(b"%PDF-")
        && memmem::find(bytes, NAMESPACE).is_some()
        && memmem::find_iter(bytes, PART).any(claims)
}

#[cfg(test)]
mod tests;
