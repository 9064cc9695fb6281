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

/// Words as a citizen typed them, fit to be kept: one sort of line end, trimmed, without characters that steer a terminal or
/// turn the direction of reading.
#[must_use]
pub fn typed(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = text
        .chars()
        .filter(|c| matches!(c, '\n' | '\t') || !c.is_control() && !turns_direction(*c))
        .collect();
    kept.trim().to_owned()
}

/// Marks with which a text can be made to read otherwise than it is written (Unicode TR9).
#[must_use]
pub fn turns_direction(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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
    fn typed_words_keep_their_lines_and_lose_what_nobody_sees() {
        assert_eq!(typed(" uno\r\ndue\rtre \u{202e}quattro\u{7}\u{0} "), "uno\ndue\ntre quattro");
    }

    #[test]
    fn a_long_text_is_shortened_by_characters() {
        assert_eq!(shortened("perché", 6), "perché");
        assert_eq!(shortened("perché no", 6), "perch…");
    }
}
