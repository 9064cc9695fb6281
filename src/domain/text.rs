//! Text in the form that is compared and searched.

use std::iter::once;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Lower case, no accents, single spaces: `"Nicolò  D'AMÌCO"` becomes `"nicolo d'amico"`.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_ascii() => plain.push(c.to_ascii_lowercase()),
            '\u{2019}' | '\u{2018}' => plain.push('\''),
            // marks are dropped, so their order does not matter: each character can be taken alone
            c => plain.extend(once(c).nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase)),
        }
    }
    one_line(&plain)
}

/// White space collapsed, trimmed, control characters gone.
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// At most `limit` characters, with an ellipsis when something was left out.
#[must_use]
pub fn shortened(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(limit.saturating_sub(1)).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_forgets_case_accents_and_spaces() {
        assert_eq!(fold("  Nicolò  D’AMÌCO\t\r\n"), "nicolo d'amico");
        assert_eq!(fold("Perché? È già così"), "perche? e gia cosi");
    }

    #[test]
    fn a_long_text_is_shortened_by_characters() {
        assert_eq!(shortened("perché", 6), "perché");
        assert_eq!(shortened("perché no", 6), "perch…");
    }
}
