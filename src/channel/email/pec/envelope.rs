//! The outer shape of a mail of certified mail, and nothing deeper: what stands inside the mail that it carries was
//! written by anybody, even when it looks like a receipt.
//!
//! ```text
//! multipart/signed
//!   multipart/mixed                 the bytes that are signed
//!     multipart/alternative         the provider's notice
//!     application/xml               daticert.xml
//!     message/rfc822                postacert.eml, the mail inside
//!   application/pkcs7-signature     smime.p7s
//! ```
//!
//! The parts are found again in the raw bytes: `mime` gives leaves without their depth, and a signature is one over
//! bytes, header of the part included.

use std::borrow::Cow;

use super::super::{
    decode,
    headers::{Headers, PartHeaders},
    mime::{self, line_end, without_last_line_end},
};

/// Parts of one multipart that are looked at; an envelope has three.
const MAX_PARTS: usize = 20;

/// An envelope, taken apart.
pub struct Envelope<'a> {
    /// The provider's own parts.
    parts: Vec<Entity<'a>>,
    /// The bytes that are signed, and their signature. `None`: the mail does not say that it is signed.
    pub signed: Option<Signed<'a>>,
}

/// What a detached signature is about.
pub struct Signed<'a> {
    /// The signed bytes, as they came.
    pub bytes: &'a [u8],
    /// The signature (CMS); empty when it was announced and did not come.
    pub signature: Cow<'a, [u8]>,
}

/// One part with its header.
struct Entity<'a> {
    headers: PartHeaders,
    body: &'a [u8],
}

impl<'a> Envelope<'a> {
    /// `root` is what the mail `raw` is declared to be.
    pub fn open(root: &PartHeaders, raw: &'a [u8]) -> Self {
        let parts = children(root, raw);
        if root.media_type != "multipart/signed" {
            return Self { parts: parts.into_iter().map(Entity::read).collect(), signed: None };
        }
        let mut parts = parts.into_iter();
        let bytes = parts.next().unwrap_or_default();
        let signature = parts.map(Entity::read).find(Entity::is_signature);
        let signature = signature.map(|part| part.content()).unwrap_or_default();
        let content = Entity::read(bytes);
        let parts = children(&content.headers, content.body).into_iter().map(Entity::read).collect();
        Self { parts, signed: Some(Signed { bytes, signature }) }
    }

    /// `daticert.xml`.
    pub fn certificate(&self) -> Option<Cow<'a, [u8]>> {
        let found = self.parts.iter().find(|part| part.is_called("daticert.xml"));
        let found = found.or_else(|| self.parts.iter().find(|part| part.headers.subtype() == "xml"));
        found.map(Entity::content)
    }

    /// The mail inside. One that is cut short is a mail; one of which nothing came is none.
    pub fn inner(&self) -> Option<Cow<'a, [u8]>> {
        let found = self.parts.iter().find(|part| part.is_called("postacert.eml"));
        let found =
            found.or_else(|| self.parts.iter().find(|part| part.headers.media_type == "message/rfc822"));
        found.map(Entity::content).filter(|inner| !inner.trim_ascii().is_empty())
    }
}

impl<'a> Entity<'a> {
    fn read(raw: &'a [u8]) -> Self {
        let (header, body) = mime::split_header(raw);
        Self { headers: Headers::read_part(header), body }
    }

    fn is_called(&self, name: &str) -> bool {
        self.headers.name.as_ref().is_some_and(|own| own.trim().eq_ignore_ascii_case(name))
    }

    fn is_signature(&self) -> bool {
        matches!(self.headers.subtype(), "pkcs7-signature" | "x-pkcs7-signature")
            || self.is_called("smime.p7s")
    }

    fn content(&self) -> Cow<'a, [u8]> {
        decode::transfer(self.body, &self.headers.encoding)
    }
}

/// The direct parts of a multipart, header included, without the line end that belongs to the next boundary. The last
/// one of a mail that is cut short ends where the mail ends.
fn children<'a>(multipart: &PartHeaders, body: &'a [u8]) -> Vec<&'a [u8]> {
    let Some(boundary) = multipart.boundary.as_deref().filter(|_| multipart.is_multipart()) else {
        return Vec::new();
    };
    let mut children = Vec::new();
    let mut begin = None;
    let mut at = 0;
    while at < body.len() && children.len() < MAX_PARTS {
        let next = line_end(body, at);
        let line = body[at..next].strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary.as_bytes()));
        let closing = match line.map(<[u8]>::trim_ascii_end) {
            Some(b"") => false,
            Some(b"--") => true,
            _ => {
                at = next;
                continue;
            }
        };
        children.extend(begin.map(|begin| without_last_line_end(&body[begin..at.max(begin)])));
        begin = (!closing).then_some(next);
        if closing {
            break;
        }
        at = next;
    }
    children.extend(begin.filter(|_| children.len() < MAX_PARTS).map(|begin| &body[begin..]));
    children
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(raw: &str) -> Vec<String> {
        let root = Headers::read_part(b"Content-Type: multipart/mixed; boundary=b\r\n");
        let lossy = |part: &&[u8]| String::from_utf8_lossy(part).into_owned();
        children(&root, raw.as_bytes()).iter().map(lossy).collect()
    }

    #[test]
    fn parts_are_the_bytes_between_boundaries() {
        assert_eq!(parts("x\r\n--b\r\nuno\r\n\r\n--b \r\ndue\r\n--b--\r\n--b\r\ntre"), ["uno\r\n", "due"]);
        assert_eq!(parts("--b\nuno\n--bb\n--b\n--b\ndue"), ["uno\n--bb", "", "due"]);
        assert_eq!(parts("--b"), [""]);
        assert!(parts("nothing\n").is_empty());
    }

    #[test]
    fn parts_beyond_the_limit_are_not_looked_at() {
        assert_eq!(parts(&"--b\nx\n".repeat(1_000)).len(), MAX_PARTS);
    }
}
