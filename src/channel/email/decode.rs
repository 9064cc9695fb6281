//! Transfer encodings and character sets. Both are total: what cannot be decoded is kept as it is.

use std::borrow::Cow;

use data_encoding::BASE64_MIME_PERMISSIVE;
use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, WINDOWS_1252};
use mail_parser::decoders::charsets::map::charset_decoder;

/// Undoes the transfer encoding (`base64`, `quoted-printable`; every other is the bytes themselves).
#[must_use]
pub fn transfer<'a>(body: &'a [u8], encoding: &str) -> Cow<'a, [u8]> {
    match encoding {
        "base64" => Cow::Owned(BASE64_MIME_PERMISSIVE.decode(body).unwrap_or_else(|_| lenient_base64(body))),
        "quoted-printable" => Cow::Owned(quoted_printable(body)),
        _ => Cow::Borrowed(body),
    }
}

/// base64 with foreign bytes in it, cut short, or glued together from several pieces.
fn lenient_base64(body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(body.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for &letter in body {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                (bits, count) = (0, 0);
                continue;
            }
            _ => continue,
        };
        bits = (bits << 6 | u32::from(value)) & 0xffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    bytes
}

/// RFC 2045 §6.7; an equals sign that announces nothing is an equals sign.
fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(body.len());
    for line in body.split_inclusive(|&byte| byte == b'\n') {
        let text = line.trim_ascii_end();
        let (text, soft) = text.strip_suffix(b"=").map_or((text, false), |text| (text, true));
        let mut rest = text;
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            let escaped = after.split_first_chunk::<2>().filter(|_| byte == b'=');
            match escaped.and_then(|(digits, after)| Some((hexadecimal(*digits)?, after))) {
                Some((byte, after)) => {
                    bytes.push(byte);
                    rest = after;
                }
                None => bytes.push(byte),
            }
        }
        if !soft && line.ends_with(b"\n") {
            bytes.extend_from_slice(if line.ends_with(b"\r\n") { b"\r\n" } else { b"\n" });
        }
    }
    bytes
}

fn hexadecimal([high, low]: [u8; 2]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? << 4 | digit(low)?)
}

/// Undoes percent signs (RFC 3986 §2.1); one that announces nothing is a percent sign.
pub fn percent(text: &str, bytes: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = after.split_first_chunk::<2>().filter(|_| byte == b'%');
        match escaped.and_then(|(digits, after)| Some((hexadecimal(*digits)?, after))) {
            Some((escaped, after)) => {
                bytes.push(escaped);
                rest = after;
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
}

/// Bytes as text. The declared character set is believed, except where it cannot be (ASCII with other bytes, unknown,
/// none, a western one for what is UTF-8): then UTF-8 as far as it is that, and windows-1252, which is what Italian
/// senders mean, where it is not.
#[must_use]
pub fn text<'a>(bytes: &'a [u8], charset: Option<&str>) -> Cow<'a, str> {
    let label = charset.unwrap_or_default().trim().to_ascii_lowercase();
    let declared = Encoding::for_label_no_replacement(label.as_bytes());
    if matches!(label.as_str(), "" | "us-ascii" | "ascii" | "default" | "unknown") {
        return undeclared(bytes);
    }
    match declared {
        Some(encoding) if encoding == UTF_8 || encoding == WINDOWS_1252 => utf8_or_windows(bytes),
        Some(encoding) => encoding.decode(bytes).0,
        // UTF-7 (in RFC 1642 by another name) and some old code pages, which browsers have given up
        None => match charset_decoder(label.trim_start_matches("unicode-1-1-").as_bytes()) {
            Some(decoder) => Cow::Owned(decoder(bytes)),
            None => undeclared(bytes),
        },
    }
}

/// Bytes of which nothing is known: what they say themselves counts (a byte order mark, the escapes of ISO-2022-JP).
fn undeclared(bytes: &[u8]) -> Cow<'_, str> {
    let escapes = |bytes: &[u8]| {
        bytes.is_ascii() && bytes.windows(3).any(|three| matches!(three, b"\x1b$B" | b"\x1b$@"))
    };
    match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding.decode(bytes).0,
        None if bytes.contains(&0x1b) && escapes(bytes) => ISO_2022_JP.decode_without_bom_handling(bytes).0,
        None => utf8_or_windows(bytes),
    }
}

/// UTF-8 where it is that, windows-1252 where it is not.
#[must_use]
pub fn utf8_or_windows(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text));
    }
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    Cow::Owned(text)
}

/// Text as it is kept: lines end in LF, no control characters but line ends and tabs, no blank end.
#[must_use]
pub fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.bytes().position(may_be_untidy) {
        tidy.push_str(&rest[..at]);
        let mut after = rest[at..].chars();
        match after.next() {
            Some('\r') if !after.as_str().starts_with('\n') => tidy.push('\n'),
            Some(c) if c.is_control() || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}') => {}
            Some(c) => tidy.push(c),
            None => {}
        }
        rest = after.as_str();
    }
    tidy.push_str(rest);
    tidy.truncate(tidy.trim_end().len());
    tidy
}

/// A control character, or the first byte of one beyond ASCII, of a separator or of a byte order mark.
fn may_be_untidy(byte: u8) -> bool {
    matches!(byte, 0..=8 | 11..=31 | 127 | 0xc2 | 0xe2 | 0xef)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_even_when_it_is_broken() {
        let decode =
            |text: &str| String::from_utf8(transfer(text.as_bytes(), "base64").into_owned()).unwrap();
        assert_eq!(decode("Y2lh\r\nbyE=\r\n"), "ciao!");
        assert_eq!(decode("Y2lhbyE"), "ciao!");
        assert_eq!(decode("Y2lh*byE="), "ciao!");
        assert_eq!(decode("Y2lhbyE=Y2lhbyE="), "ciao!ciao!");
        assert_eq!(decode("Y2lhbyF"), "ciao!");
        assert_eq!(decode("==="), "");
    }

    #[test]
    fn quoted_printable_is_read_even_when_it_is_broken() {
        let decode = |text: &str| {
            String::from_utf8(transfer(text.as_bytes(), "quoted-printable").into_owned()).unwrap()
        };
        assert_eq!(decode("citt=C3=A0  \r\nlun=\r\nga=\n fine="), "città\r\nlunga fine");
        assert_eq!(decode("a=b =ZZ =4"), "a=b =ZZ =4");
    }

    #[test]
    fn accents_survive_a_wrong_or_missing_charset() {
        assert_eq!(text(b"citt\xe0 \x80", None), "città €");
        assert_eq!(text(b"citt\xe0", Some("us-ascii")), "città");
        assert_eq!(text(b"citt\xe0", Some("x-foo")), "città");
        assert_eq!(text("città".as_bytes(), Some("x-foo")), "città");
        assert_eq!(text(b"citt\xe0 \x80", Some("iso-8859-1")), "città €");
        assert_eq!(text(b"citt\xe0", Some("utf-8")), "città");
        assert_eq!(text("città".as_bytes(), Some("iso-8859-1")), "città");
        assert_eq!(text(b"citt\xc3\xa0 citt\xe0", Some("utf-8")), "città città");
        assert_eq!(text(b"+AOA-", Some("utf-7")), "à");
        assert_eq!(text(b"+AOA-", Some("UNICODE-1-1-UTF-7")), "à");
        assert_eq!(text(b"\x1b$B%O%m!<\x1b(B", None), "ハロー");
        assert_eq!(text(b"\xff\xfec\0i\0", None), "ci");
    }

    #[test]
    fn kept_text_has_no_control_characters() {
        assert_eq!(tidy("a\r\nb\rc\0\x1b[31m\td \n\n"), "a\nb\nc[31m\td");
    }
}
