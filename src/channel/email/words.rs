//! Encoded words (`=?utf-8?Q?Citt=C3=A0?=`, RFC 2047), and the language tags of RFC 2231 §5 in them.
//!
//! Words that follow each other are put together as bytes before their character set is undone: programs that count
//! bytes split `à` over two of them, and then neither means anything by itself. mail-parser, which reads the addresses,
//! decodes each word alone; it gets the words of a run as one ([`joined`]).

use std::borrow::Cow;

use data_encoding::BASE64;

use super::decode;

/// Longest name of a character set, with its language.
const MAX_CHARSET: usize = 64;
/// Longest word: the norm says 75 bytes, senders write whole subjects. What has no end within is no word.
const MAX_DATA: usize = 8 * 1024;

/// Text with its encoded words written out.
#[must_use]
pub fn decoded(text: &str) -> Cow<'_, str> {
    each_run(text, String::push_str)
}

/// Text in which each run of encoded words is a single word in UTF-8.
#[must_use]
pub fn joined(text: &str) -> Cow<'_, str> {
    each_run(text, |joined, run| {
        joined.push_str("=?utf-8?B?");
        BASE64.encode_append(run.as_bytes(), joined);
        joined.push_str("?=");
    })
}

/// One encoded word, its transfer encoding undone.
struct Word<'a> {
    charset: &'a str,
    bytes: Cow<'a, [u8]>,
    length: usize,
}

/// Replaces each run of encoded words by what `write` makes of its meaning.
fn each_run(text: &str, write: impl Fn(&mut String, &str)) -> Cow<'_, str> {
    if !text.contains("=?") {
        return Cow::Borrowed(text);
    }
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("=?") {
        let Some(first) = Word::read(&rest[at..]) else {
            whole.push_str(&rest[..at + 2]);
            rest = &rest[at + 2..];
            continue;
        };
        whole.push_str(&rest[..at]);
        let (meaning, length) = run(first, &rest[at..]);
        write(&mut whole, &meaning);
        rest = &rest[at + length..];
    }
    whole.push_str(rest);
    Cow::Owned(whole)
}

/// The meaning of the words that begin `text`, and where they end.
fn run<'a>(first: Word<'a>, text: &'a str) -> (String, usize) {
    let mut end = first.length;
    let (mut charset, mut bytes) = (first.charset, first.bytes.into_owned());
    let mut meaning = String::new();
    loop {
        let after = text[end..].trim_start();
        let Some(next) = Word::read(after) else { break };
        end = text.len() - after.len() + next.length;
        if !next.charset.eq_ignore_ascii_case(charset) {
            meaning.push_str(&decode::text(&bytes, Some(charset)));
            bytes.clear();
            charset = next.charset;
        }
        bytes.extend_from_slice(&next.bytes);
    }
    meaning.push_str(&decode::text(&bytes, Some(charset)));
    (meaning, end)
}

impl<'a> Word<'a> {
    /// The word that begins `text`.
    fn read(text: &'a str) -> Option<Self> {
        let inside = text.strip_prefix("=?")?;
        let (charset, after) =
            inside.split_at_checked(inside.bytes().take(MAX_CHARSET).position(|b| b == b'?')?)?;
        let charset = charset.split('*').next().unwrap_or_default();
        let encoding = after.as_bytes().get(1)?;
        let data = after.get(2..)?.strip_prefix('?')?;
        let data = &data[..data[..data.floor_char_boundary(MAX_DATA)].find("?=")?];
        if charset.is_empty() || !charset.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        let bytes = match encoding {
            b'b' | b'B' => decode::transfer(data.as_bytes(), "base64"),
            b'q' | b'Q' => Cow::Owned(
                decode::transfer(data.replace('_', " ").as_bytes(), "quoted-printable").into_owned(),
            ),
            _ => return None,
        };
        let length = "=?".len() + (inside.len() - after.len()) + "?q?".len() + data.len() + "?=".len();
        Some(Self { charset, bytes, length })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_split_over_two_words_is_put_together() {
        assert_eq!(decoded("=?utf-8?B?Q2l0dMM=?= =?utf-8?B?oCE=?= fine"), "Città! fine");
        assert_eq!(decoded("=?UTF-8*it?Q?Citt=C3?=\t=?utf-8?q?=A0_bella?="), "Città bella");
        assert_eq!(decoded("a =?utf-8?Q?b?= =?iso-8859-1?Q?=E0?= c"), "a bà c");
    }

    #[test]
    fn what_is_no_word_stays() {
        for text in ["=?", "=?=?=?", "=?utf-8?X?a?=", "=?utf-8?Q?a", "2=?3", "=?è?Q?a?=", "=??Q?a?="] {
            assert_eq!(decoded(text), text);
        }
        assert_eq!(decoded("=?utf-8?Q??="), "");
        assert_eq!(decoded("=?utf-8?Q?due parole?=!"), "due parole!");
    }

    #[test]
    fn a_run_becomes_one_word() {
        assert_eq!(joined("=?utf-8?B?Q2l0dMM=?= =?utf-8?B?oCE=?= <a@b>"), "=?utf-8?B?Q2l0dMOgIQ==?= <a@b>");
    }

    #[test]
    fn words_without_end_take_no_time() {
        let endless = "=?utf-8?Q?a ".repeat(100_000);
        assert_eq!(decoded(&endless), endless);
    }
}
