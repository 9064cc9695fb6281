//! A header field of the form `value; name=value; …` (`Content-Type`, `Content-Disposition`).
//!
//! mail-parser's reading was given up: its time grows with the square of the parameters, and it decodes each piece of a
//! value that is split (RFC 2231 §3) by itself, so that a letter split over two pieces is lost. Senders forget
//! semicolons, quotes and the encoding of RFC 2231; what they meant is taken.

use std::borrow::Cow;

use super::{decode, words};

/// Pieces of one split value beyond this number are left out. 300 letters of a name need ten.
const MAX_PIECES: u32 = 1_000;

/// A field taken apart.
#[derive(Debug, Default)]
pub struct Parameters<'a> {
    /// What stands before the first parameter, trimmed.
    pub value: &'a str,
    plain: Vec<(&'a str, Cow<'a, str>)>,
    split: Vec<Piece<'a>>,
}

/// One piece of a split or encoded value (`filename*1*=…`).
#[derive(Debug)]
struct Piece<'a> {
    name: &'a str,
    number: u32,
    encoded: bool,
    text: Cow<'a, str>,
}

impl<'a> Parameters<'a> {
    /// Takes a field apart. Of several parameters of one name the first counts.
    #[must_use]
    pub fn read(field: &'a str) -> Self {
        let field = field.trim();
        let end = field.find(|c: char| matches!(c, ';' | ',') || c.is_whitespace()).unwrap_or(field.len());
        let mut parameters = Self { value: &field[..end], ..Self::default() };
        let mut rest = &field[end..];
        while let Some((name, after)) = next_name(rest) {
            let (text, after) = next_value(after);
            rest = after;
            parameters.add(name, text);
        }
        parameters
    }

    fn add(&mut self, name: &'a str, text: Cow<'a, str>) {
        let Some((name, suffix)) = name.split_once('*') else {
            self.plain.push((name, text));
            return;
        };
        let (number, encoded) = match suffix.strip_suffix('*') {
            Some(number) => (number, true),
            None => (suffix, suffix.is_empty()),
        };
        let number = if number.is_empty() { Some(0) } else { number.parse().ok() };
        if let Some(number) = number.filter(|number| *number < MAX_PIECES) {
            self.split.push(Piece { name, number, encoded, text });
        }
    }

    /// A value, decoded. The form of RFC 2231 is preferred to the plain one beside it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        let pieces = self.split.iter().filter(|piece| piece.name.eq_ignore_ascii_case(name));
        together(pieces.collect()).or_else(|| {
            let (_, value) = self.plain.iter().find(|(own, _)| own.eq_ignore_ascii_case(name))?;
            Some(words::decoded(value).into_owned())
        })
    }

    /// A value that is one word (`charset`, `boundary` …): no comment, no quotes left over.
    #[must_use]
    pub fn word(&self, name: &str) -> Option<String> {
        let value = self.get(name)?;
        let value = value.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';'));
        (!value.is_empty()).then(|| value.to_owned())
    }
}

/// The name of the next parameter and what follows its equals sign.
fn next_name(rest: &str) -> Option<(&str, &str)> {
    let mut rest = rest;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ';' | ','));
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | ';'))?;
        let name = &rest[..end];
        let after = rest[end..].trim_start();
        match after.strip_prefix('=') {
            Some(after) if !name.is_empty() => return Some((name, after.trim_start())),
            Some(after) => rest = after,
            None => rest = &rest[end..],
        }
    }
}

/// A value, quoted or not, and what follows it.
fn next_value(rest: &str) -> (Cow<'_, str>, &str) {
    let Some(quoted) = rest.strip_prefix('"') else {
        let end = rest.find(';').unwrap_or(rest.len());
        return (Cow::Borrowed(rest[..end].trim_end()), &rest[end..]);
    };
    let mut escaped = false;
    let end = quoted.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    let (inside, after) = end.map_or((quoted, ""), |end| (&quoted[..end], &quoted[end + 1..]));
    // a path of Windows has single backslashes, which escape nothing
    let plain = if inside.contains('\\') {
        Cow::Owned(inside.replace("\\\"", "\"").replace("\\\\", "\\"))
    } else {
        Cow::Borrowed(inside)
    };
    (plain, after)
}

/// The pieces in their order, as one text: percent signs undone first, then the character set of the whole.
/// `None`: there are none, or they say nothing.
fn together(mut ordered: Vec<&Piece<'_>>) -> Option<String> {
    ordered.sort_by_key(|piece| piece.number);
    ordered.dedup_by_key(|piece| piece.number);
    let mut charset = None;
    let mut bytes = Vec::new();
    for piece in ordered {
        if !piece.encoded {
            bytes.extend_from_slice(piece.text.as_bytes());
            continue;
        }
        let mut text: &str = &piece.text;
        if piece.number == 0
            && let Some((declared, after)) = text.split_once('\'')
            && let Some((_, after)) = after.split_once('\'')
        {
            charset = Some(declared);
            text = after;
        }
        decode::percent(text, &mut bytes);
    }
    let value = decode::text(&bytes, charset);
    (!value.trim().is_empty()).then(|| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(field: &str, name: &str) -> Option<String> {
        Parameters::read(field).get(name)
    }

    #[test]
    fn a_value_is_found_however_it_is_written() {
        for field in [
            "text/plain; charset=utf-8",
            "text/plain;charset=\"utf-8\"; format=flowed",
            "text/plain charset = \"utf-8",
            " text/plain ; ; format=flowed;CHARSET=utf-8 ;",
            "text/plain; =; x; charset=utf-8; charset=latin1",
        ] {
            let parameters = Parameters::read(field);
            assert_eq!(
                (parameters.value, parameters.word("charset").as_deref()),
                ("text/plain", Some("utf-8")),
                "{field}"
            );
        }
        assert_eq!(
            Parameters::read("text/plain; charset=\"'utf-8';\"").word("charset").as_deref(),
            Some("utf-8")
        );
        assert_eq!(get("attachment", "filename"), None);
        assert_eq!(get("", "filename"), None);
    }

    #[test]
    fn a_name_keeps_its_spaces_and_backslashes() {
        assert_eq!(get("a/b; name=Fattura n. 5.pdf; x=y", "name").as_deref(), Some("Fattura n. 5.pdf"));
        assert_eq!(
            get("a/b; name=\"la \\\"mia\\\"; C:\\tmp\\a.pdf\"", "name").as_deref(),
            Some("la \"mia\"; C:\\tmp\\a.pdf")
        );
        assert_eq!(get("a/b; name=\"=?utf-8?Q?citt=C3=A0?=\"", "name").as_deref(), Some("città"));
    }

    #[test]
    fn a_letter_split_over_two_pieces_is_put_together() {
        let field = "attachment; filename=brutto.pdf; filename*1*=%A0; filename*0*=UTF-8'it'citt%C3; filename*2=\".pdf\"";
        assert_eq!(get(field, "filename").as_deref(), Some("città.pdf"));
        assert_eq!(get("attachment; filename*=iso-8859-1''citt%E0%", "filename").as_deref(), Some("città%"));
        assert_eq!(get("attachment; filename*=senza.pdf", "filename").as_deref(), Some("senza.pdf"));
        assert_eq!(
            get("attachment; filename*x=a; filename*99999999999=b; filename=c", "filename").as_deref(),
            Some("c")
        );
    }
}
