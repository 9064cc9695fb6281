//! How long a text is for IO, and how it is made to fit.
//!
//! IO counts as JavaScript does, in UTF-16 units, bounds included and nothing trimmed (`MessageContentBase` of its API, codecs
//! of pagopa/io-functions-commons): an emoji is two, an accented letter one or two.

use std::ops::RangeInclusive;

use unicode_normalization::char::is_combining_mark;

use crate::domain::text::one_line;

/// Units of a subject.
pub const SUBJECT: RangeInclusive<usize> = 10..=120;
/// Units of a text, front-matter included.
pub const MARKDOWN: RangeInclusive<usize> = 80..=10_000;

/// Length of a text in UTF-16 units.
#[must_use]
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Where a text stands between its bounds, in UTF-16 units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// So many are missing.
    Short(usize),
    /// So many are left.
    Fits(usize),
    /// So many are too many.
    Long(usize),
}

/// Where `text` stands between `limits`.
#[must_use]
pub fn standing(text: &str, limits: &RangeInclusive<usize>) -> Standing {
    let units = units(text);
    if units < *limits.start() {
        Standing::Short(limits.start() - units)
    } else if units > *limits.end() {
        Standing::Long(units - limits.end())
    } else {
        Standing::Fits(limits.end() - units)
    }
}

impl Standing {
    /// Whether IO takes it.
    #[must_use]
    pub fn fits(self) -> bool {
        matches!(self, Self::Fits(_))
    }

    /// As a counter beside the field says it.
    #[must_use]
    pub fn words(self) -> String {
        let characters = |number| if number == 1 { "carattere" } else { "caratteri" };
        match self {
            Self::Short(1) => "manca ancora 1 carattere".to_owned(),
            Self::Short(missing) => format!("mancano ancora {missing} caratteri"),
            Self::Fits(1) => "resta 1 carattere".to_owned(),
            Self::Fits(left) => format!("restano {left} caratteri"),
            Self::Long(over) => format!("{over} {} di troppo", characters(over)),
        }
    }
}

/// A subject on one line and not too long, with an ellipsis when something was left out. One that is too short stays so: only
/// its author knows what to add.
#[must_use]
pub fn fit_subject(subject: &str) -> String {
    let line = one_line(subject);
    if units(&line) <= *SUBJECT.end() {
        return line;
    }
    format!("{}…", cut(&line, SUBJECT.end() - 1).trim_end())
}

/// The longest beginning of `text` of at most `limit` units that divides no character, and no accent, flag or joined emoji from
/// what it belongs to.
#[must_use]
pub fn cut(text: &str, limit: usize) -> &str {
    let mut used = 0;
    let mut end = 0;
    let mut good = 0;
    let mut before = None;
    let mut flags = 0;
    for (at, c) in text.char_indices() {
        if !belongs_to(before, c, flags) {
            good = at;
        }
        if used + c.len_utf16() > limit {
            // A text that is one single pile of accents is cut all the same.
            return if good == 0 { &text[..end] } else { &text[..good] };
        }
        used += c.len_utf16();
        end = at + c.len_utf8();
        flags = if is_flag_half(c) { flags + 1 } else { 0 };
        before = Some(c);
    }
    text
}

/// Whether `c` is drawn together with what stands before it; `flags` halves of flags do.
fn belongs_to(before: Option<char>, c: char, flags: usize) -> bool {
    const JOINER: char = '\u{200d}';
    let follows = is_combining_mark(c)
        || matches!(c, JOINER | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}');
    before.is_some_and(|before| follows || before == JOINER || is_flag_half(c) && flags % 2 == 1)
}

/// A flag is two letters of this alphabet.
fn is_flag_half(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn trap_06_lengths_are_utf_16_units() {
        assert_eq!((units("perché"), units("perche\u{301}"), units("🗑️")), (6, 7, 3));
        // Ten letters for the eye, nine for a counter of bytes or of characters: each of them would be wrong somewhere.
        assert_eq!(standing("Ticket 12", &SUBJECT), Standing::Short(1));
        assert_eq!(standing("🗑🗑🗑🗑🗑", &SUBJECT), Standing::Fits(110), "five characters are ten units");
        assert_eq!(standing(&"🗑".repeat(60), &SUBJECT), Standing::Fits(0));
        assert_eq!(standing(&"🗑".repeat(61), &SUBJECT), Standing::Long(2));
        assert_eq!(standing(&"à".repeat(79), &MARKDOWN), Standing::Short(1));
        assert!(
            standing(&"à".repeat(80), &MARKDOWN).fits() && standing(&"a".repeat(10_000), &MARKDOWN).fits()
        );
        assert_eq!(standing(&" ".repeat(10), &SUBJECT), Standing::Fits(110), "IO trims nothing");
    }

    #[test]
    fn a_counter_speaks_italian() {
        let words: Vec<_> = [Standing::Short(1), Standing::Short(12), Standing::Fits(1), Standing::Fits(40)]
            .into_iter()
            .chain([Standing::Long(1), Standing::Long(10)])
            .map(Standing::words)
            .collect();
        insta::assert_snapshot!(words.join("\n"), @r"
        manca ancora 1 carattere
        mancano ancora 12 caratteri
        resta 1 carattere
        restano 40 caratteri
        1 carattere di troppo
        10 caratteri di troppo
        ");
    }

    #[test]
    fn trap_06_a_long_subject_is_cut_where_it_does_not_hurt() {
        assert_eq!(fit_subject("  La tua\r\nsegnalazione "), "La tua segnalazione");
        let long = fit_subject(&"è stata presa in carico ".repeat(10));
        assert!(units(&long) <= 120 && long.ends_with('…') && !long.contains(" …"), "{long}");
        for (text, limit, expected) in [
            ("ab🗑", 3, "ab"),
            ("abe\u{301}", 3, "ab"),
            ("a👨\u{200d}👩\u{200d}👧", 6, "a"),
            ("a🇮🇹🇫🇷", 7, "a🇮🇹"),
            ("a🇮🇹🇫🇷", 5, "a🇮🇹"),
            ("👍🏽", 3, "👍"),
            ("e\u{301}\u{301}\u{301}", 2, "e\u{301}"),
        ] {
            assert_eq!(cut(text, limit), expected, "{text} at {limit}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_cut_fits(text in "\\PC{0,200}", limit in 0usize..130) {
            prop_assert!(units(cut(&text, limit)) <= limit);
            prop_assert!(text.starts_with(cut(&text, limit)));
            prop_assert!(units(&fit_subject(&text)) <= 120);
        }
    }
}
