//! The signed bytes, with the line ends with which they were signed.
//!
//! Text is signed with CRLF (RFC 8551 §3.1.1), and servers store mail with other line ends. It is hashed piece by piece:
//! a second copy of a mail of fifty megabytes would be made for nothing.

use std::borrow::Cow;

use memchr::memchr_iter;
use ring::digest::{Context, Digest};

use super::algorithm::Hash;

/// What may have been signed.
#[derive(Clone, Copy)]
pub struct Content<'a> {
    bytes: &'a [u8],
    /// Lines end in CRLF, whatever the bytes say.
    canonical: bool,
}

impl<'a> Content<'a> {
    /// The forms in which `bytes` may have been signed: with the norm's line ends, and with their own.
    pub fn forms(bytes: &'a [u8]) -> Vec<Self> {
        let own = Self { bytes, canonical: false };
        if line_feeds(bytes).next().is_none() {
            vec![own]
        } else {
            vec![Self { bytes, canonical: true }, own]
        }
    }

    /// The hash.
    pub fn hash(&self, hash: Hash) -> Digest {
        let mut context = Context::new(hash.algorithm());
        self.pieces(|piece| context.update(piece));
        context.finish()
    }

    /// All of it.
    pub fn whole(&self) -> Cow<'a, [u8]> {
        if !self.canonical {
            return Cow::Borrowed(self.bytes);
        }
        let mut whole = Vec::with_capacity(self.bytes.len());
        self.pieces(|piece| whole.extend_from_slice(piece));
        Cow::Owned(whole)
    }

    fn pieces(&self, mut give: impl FnMut(&[u8])) {
        let mut given = 0;
        if self.canonical {
            for at in line_feeds(self.bytes) {
                give(&self.bytes[given..at]);
                give(b"\r\n");
                given = at + 1;
            }
        }
        give(&self.bytes[given..]);
    }
}

/// Where lines end in LF alone.
fn line_feeds(bytes: &[u8]) -> impl Iterator<Item = usize> {
    memchr_iter(b'\n', bytes).filter(|&at| at == 0 || bytes[at - 1] != b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_signed_with_crlf_or_as_they_are() {
        let forms =
            |bytes| Content::forms(bytes).iter().map(|form| form.whole().into_owned()).collect::<Vec<_>>();
        assert_eq!(forms(b"a\nb\r\n\nc\rd"), [b"a\r\nb\r\n\r\nc\rd".to_vec(), b"a\nb\r\n\nc\rd".to_vec()]);
        assert_eq!(forms(b"\n"), [b"\r\n".to_vec(), b"\n".to_vec()]);
        assert_eq!(forms(b"a\r\nb"), [b"a\r\nb"]);
        assert_eq!(forms(b""), [b""]);
    }

    #[test]
    fn a_hash_is_that_of_the_whole() {
        for form in Content::forms(b"uno\ndue\r\n\ntre") {
            let whole = ring::digest::digest(&ring::digest::SHA384, &form.whole());
            assert_eq!(form.hash(Hash::Sha384).as_ref(), whole.as_ref());
        }
    }
}
