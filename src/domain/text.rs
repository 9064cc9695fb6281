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

/// Words as somebody typed them, fit to be kept: one sort of line end, trimmed, without characters that steer a terminal, turn
/// the direction of reading or only sit there unseen. Where nothing is left that can be seen, nothing was typed.
#[must_use]
pub fn typed(text: &str) -> String {
    if is_blank(text) {
        return String::new();
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = text
        .chars()
        .filter(|c| matches!(c, '\n' | '\t') || !c.is_control() && !turns_direction(*c) && !is_filler(*c))
        .collect();
    kept.trim().to_owned()
}

/// [`typed`], on one line.
#[must_use]
pub fn typed_line(text: &str) -> String {
    one_line(&typed(text))
}

/// Nobody sees anything of it.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || c.is_control() || turns_direction(c) || is_unseen(c))
}

/// Marks that break a word, hold it together or open a file, and are copied along from other programs.
fn is_filler(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// Characters without a picture of their own (Unicode `Default_Ignorable_Code_Point`, and the blanks among letters). Some of
/// them shape their neighbours, as in emoji and Persian words: they are kept, and are nothing when alone.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
    )
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
    fn what_nobody_sees_was_not_typed() {
        for blank in [
            "",
            " \t\r\n",
            "\u{200b}",
            "\u{2060}\u{feff}",
            "\u{202e}\u{2066} \u{a0}",
            "\u{ad}\u{200d}\u{3164}",
        ] {
            assert!(is_blank(blank) && typed(blank).is_empty() && typed_line(blank).is_empty(), "{blank:?}");
        }
        assert_eq!(typed("\u{feff}Via\u{200b} Sol\u{2060}ferino"), "Via Solferino");
        let family = "👩\u{200d}👧 \u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645}";
        assert_eq!(typed(family), family, "joiners shape words and pictures");
        assert_eq!(typed_line(" uno\r\ndue "), "uno due");
    }

    #[test]
    fn a_long_text_is_shortened_by_characters() {
        assert_eq!(shortened("perché", 6), "perché");
        assert_eq!(shortened("perché no", 6), "perch…");
    }
}
