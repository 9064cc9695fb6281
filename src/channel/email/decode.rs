//! Transfer encodings and character sets. Both are total: what cannot be decoded is kept as it is.

use std::borrow::Cow;

use data_encoding::{BASE64_MIME_PERMISSIVE, BASE64_NOPAD};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

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
    for piece in body.split(|&byte| byte == b'=') {
        let mut letters: Vec<u8> =
            piece.iter().copied().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).collect();
        if letters.len() % 4 == 1 {
            letters.pop();
        }
        // a last letter may carry bits that belong to nothing: they are cleared, since the decoder minds them
        let spare = match letters.len() % 4 {
            2 => 0b1111,
            3 => 0b11,
            _ => 0,
        };
        if let Some(last) = letters.last_mut().filter(|_| spare != 0) {
            *last = without_spare_bits(*last, spare);
        }
        bytes.extend(BASE64_NOPAD.decode(&letters).unwrap_or_default());
    }
    bytes
}

fn without_spare_bits(letter: u8, spare: u8) -> u8 {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let value = LETTERS.iter().position(|&one| one == letter).unwrap_or(0);
    LETTERS[value & !usize::from(spare)]
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

/// Bytes as text. The declared character set is believed, except where it cannot be (ASCII with other bytes, unknown,
/// none): then UTF-8 if it is that, else windows-1252, which is what Italian senders mean.
#[must_use]
pub fn text<'a>(bytes: &'a [u8], charset: Option<&str>) -> Cow<'a, str> {
    let label = charset.unwrap_or_default().trim().to_ascii_lowercase();
    if matches!(label.as_str(), "" | "utf-8" | "utf8" | "us-ascii" | "ascii" | "default" | "unknown") {
        return utf8_or_windows(bytes);
    }
    if let Some(encoding) =
        Encoding::for_label_no_replacement(label.as_bytes()).filter(|encoding| *encoding != UTF_8)
    {
        return encoding.decode(bytes).0;
    }
    // UTF-7 and some old code pages, which browsers have given up
    match mail_parser::decoders::charsets::map::charset_decoder(label.as_bytes()) {
        Some(decoder) => Cow::Owned(decoder(bytes)),
        None => utf8_or_windows(bytes),
    }
}

/// UTF-8 if it is that, else windows-1252.
#[must_use]
pub fn utf8_or_windows(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
    }
}

/// Text as it is kept: lines end in LF, no control characters but line ends and tabs, no blank end.
#[must_use]
pub fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\r' => {
                if rest.peek() != Some(&'\n') {
                    tidy.push('\n');
                }
            }
            '\n' | '\t' => tidy.push(c),
            '\u{feff}' | '\u{2028}' | '\u{2029}' => {}
            c if c.is_control() => {}
            c => tidy.push(c),
        }
    }
    tidy.truncate(tidy.trim_end().len());
    tidy
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
        assert_eq!(text(b"+AOA-", Some("utf-7")), "à");
    }

    #[test]
    fn kept_text_has_no_control_characters() {
        assert_eq!(tidy("a\r\nb\rc\0\x1b[31m\td \n\n"), "a\nb\nc[31m\td");
    }
}
