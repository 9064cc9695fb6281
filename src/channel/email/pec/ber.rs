//! BER to DER, as far as signatures need it.
//!
//! Half of the providers sign with libraries that write as they go: values of unknown length, closed by a mark, and
//! texts in pieces. Everything that reads certificates wants the one form in which lengths come first. Only the frame
//! is rewritten: a value of known length is copied as it is, because signatures are over its bytes.

use std::borrow::Cow;

/// Values inside values; a signature has eight.
const MAX_DEPTH: usize = 16;
const SEQUENCE: u8 = 0x30;
const OCTETS: u8 = 0x04;
const OCTETS_IN_PIECES: u8 = 0x24;
const UNKNOWN_LENGTH: u8 = 0x80;

/// The first value in `bytes`, with all lengths known. `None`: it is no value, or not a whole one.
pub fn definite(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    if let Some(&[SEQUENCE, length]) = bytes.first_chunk()
        && length != UNKNOWN_LENGTH
    {
        return Some(Cow::Borrowed(bytes));
    }
    let mut written = Vec::with_capacity(bytes.len());
    value(bytes, MAX_DEPTH, &mut written)?;
    Some(Cow::Owned(written))
}

/// Writes one value and gives what follows it.
fn value<'a>(bytes: &'a [u8], depth: usize, written: &mut Vec<u8>) -> Option<&'a [u8]> {
    let depth = depth.checked_sub(1)?;
    let Header { tag, length, body } = Header::read(bytes)?;
    let Some(length) = length else {
        let mut inside = Vec::new();
        let rest = until_the_mark(body, depth, &mut inside)?;
        write(tag, &inside, written)?;
        return Some(rest);
    };
    let (content, rest) = body.split_at_checked(length)?;
    if tag == OCTETS_IN_PIECES {
        write(tag, content, written)?;
    } else {
        written.extend_from_slice(&bytes[..bytes.len() - rest.len()]);
    }
    Some(rest)
}

/// Writes values up to the mark of their end and gives what follows it.
fn until_the_mark<'a>(mut rest: &'a [u8], depth: usize, written: &mut Vec<u8>) -> Option<&'a [u8]> {
    loop {
        if let Some(rest) = rest.strip_prefix(&[0, 0]) {
            return Some(rest);
        }
        rest = value(rest, depth, written)?;
    }
}

fn write(tag: u8, content: &[u8], written: &mut Vec<u8>) -> Option<()> {
    let joined;
    let (tag, content) = if tag == OCTETS_IN_PIECES {
        joined = pieces(content)?;
        (OCTETS, joined.as_slice())
    } else {
        (tag, content)
    };
    write_header(tag, content.len(), written);
    written.extend_from_slice(content);
    Some(())
}

/// Tag and length, in the shortest form.
pub fn write_header(tag: u8, length: usize, written: &mut Vec<u8>) {
    written.push(tag);
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => written.push(short),
        _ => {
            let bytes = length.to_be_bytes();
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            let count = u8::try_from(bytes.len() - zeros).unwrap_or(u8::MAX);
            written.push(0x80 | count);
            written.extend_from_slice(&bytes[zeros..]);
        }
    }
}

/// A text in pieces, joined. The pieces are whole: pieces of pieces are allowed by the norm and written by nobody.
fn pieces(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut joined = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        let Header { tag, length, body } = Header::read(rest)?;
        let (piece, after) = body.split_at_checked(length.filter(|_| tag == OCTETS)?)?;
        joined.extend_from_slice(piece);
        rest = after;
    }
    Some(joined)
}

struct Header<'a> {
    tag: u8,
    /// `None`: until the mark.
    length: Option<usize>,
    body: &'a [u8],
}

impl<'a> Header<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (&[tag, first], body) = bytes.split_first_chunk()?;
        if tag & 0x1f == 0x1f {
            return None; // tags of several bytes, which no signature has
        }
        let (length, body) = match first {
            UNKNOWN_LENGTH => (None, body),
            0..UNKNOWN_LENGTH => (Some(usize::from(first)), body),
            _ => {
                let (digits, body) = body.split_at_checked(usize::from(first & 0x7f))?;
                let digits = if digits.len() <= size_of::<u32>() { digits } else { return None };
                let length = digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit));
                (Some(length), body)
            }
        };
        Some(Self { tag, length, body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(bytes: &[u8]) -> Option<Vec<u8>> {
        definite(bytes).map(Cow::into_owned)
    }

    #[test]
    fn known_lengths_stay_as_they_are() {
        let odd = [0x30, 0x81, 0x02, 0x05, 0x00, 0xff];
        assert!(matches!(definite(&odd), Some(Cow::Borrowed(_))));
    }

    #[test]
    fn unknown_lengths_become_known() {
        let bytes = [0x30, 0x80, 0x02, 0x01, 0x07, 0xa0, 0x80, 0x05, 0x00, 0, 0, 0, 0, 0xff];
        assert_eq!(rewritten(&bytes).unwrap(), [0x30, 0x07, 0x02, 0x01, 0x07, 0xa0, 0x02, 0x05, 0x00]);
    }

    #[test]
    fn a_text_in_pieces_is_joined() {
        let unknown = [0x30, 0x80, 0x24, 0x80, 0x04, 1, b'a', 0x04, 2, b'b', b'c', 0, 0, 0, 0];
        assert_eq!(rewritten(&unknown).unwrap(), [0x30, 5, 0x04, 3, b'a', b'b', b'c']);
        let known = [0x30, 0x80, 0x24, 3, 0x04, 1, b'a', 0, 0];
        assert_eq!(rewritten(&known).unwrap(), [0x30, 3, 0x04, 1, b'a']);
    }

    #[test]
    fn long_contents_get_long_lengths() {
        let mut bytes = vec![0x30, 0x80, 0x04, 0x82, 0x01, 0x00];
        bytes.extend([7; 256]);
        bytes.extend([0, 0]);
        assert_eq!(rewritten(&bytes).unwrap()[..8], [0x30, 0x82, 0x01, 0x04, 0x04, 0x82, 0x01, 0x00]);
    }

    #[test]
    fn what_is_cut_or_too_deep_is_nothing() {
        let bytes = [0x30, 0x80, 0x24, 0x80, 0x04, 1, b'a', 0, 0, 0, 0];
        for end in 0..bytes.len() {
            assert_eq!(rewritten(&bytes[..end]), None);
        }
        assert_eq!(rewritten(&[0x30, 0x80].repeat(100_000)), None);
        assert_eq!(rewritten(&[0x30, 0x80, 0x1f, 0x81, 0x01, 0, 0, 0]), None);
        assert_eq!(rewritten(&[0x30, 0x80, 0x04, 0x85, 1, 1, 1, 1, 1, 0, 0]), None);
    }
}
