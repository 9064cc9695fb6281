//! What gives a text away: addresses in a title, formulas, capitals. All of it guesses; that is why it only makes hints.

use crate::domain::{
    io::recipient::Recipient,
    personal::{self, Known},
    text::fold,
};

/// Beginnings that tell nothing, without accents and in small letters.
const FORMULAS: &[&str] = &[
    "buongiorno",
    "buonasera",
    "ciao",
    "gentile",
    "egregi",
    "salve",
    "spett",
    "con la presente",
    "si comunica",
    "si informa",
    "ti informiamo che",
    "ti comunichiamo che",
    "la informiamo",
    "in riferimento",
    "in merito",
    "a seguito",
];
/// Words of offices.
const FORMAL: &[&str] = &[
    "gentile utente",
    "gentile cittadin",
    "gentile client",
    "egregio",
    "egregia",
    "spett.le",
    "spettabile",
    "la s.v",
    "alla s.v",
    "la informiamo",
    "le comunichiamo",
    "le ricordiamo",
    "le segnaliamo",
    "la preghiamo",
    "la invitiamo",
];
/// Words that, with a capital inside a sentence, are said to somebody.
const POLITE: &[&str] = &["Lei", "Suo", "Sua", "Suoi", "Sue", "Voi", "Vostro", "Vostra"];
/// Words of articles 9 and 10 GDPR, as they come up at a waste operator's desk; a whole word, or the beginning of one where it ends in
/// a hyphen. Not `medic-` nor `sanitar-`: medicines and washbasins are waste.
const SPECIAL: &[&str] = &[
    "salute",
    "malat-",
    "disabil-",
    "invalid-",
    "handicap-",
    "dialisi",
    "oncolog-",
    "terapi-",
    "gravidanz-",
    "incontinen-",
    "pannolon-",
    "ricover-",
    "sindacal-",
    "religios-",
    "giudiziari-",
    "condann-",
    "reato",
    "penale",
];
/// Lines of these lengths, one after another, were broken by a program.
const WRAPPED: std::ops::RangeInclusive<usize> = 50..=90;
/// Characters of an Italian IBAN.
const IBAN: usize = 27;

/// Whether it holds a codice fiscale, an address, a telephone number or an IBAN.
#[must_use]
pub fn is_sensitive(subject: &str) -> bool {
    !personal::traces(subject, &Known::default()).is_empty() || has_code(subject) || has_iban(subject)
}

/// Whether there is anybody's codice fiscale in it, with or without a slip of the finger.
fn has_code(subject: &str) -> bool {
    subject.split(|c: char| !c.is_alphanumeric()).any(|word| Recipient::read(word).is_ok())
}

/// Whether it speaks of what the law protects most.
pub(super) fn is_special(subject: &str) -> bool {
    let folded = fold(subject);
    folded.split(|c: char| !c.is_alphanumeric()).any(|word| {
        SPECIAL.iter().any(|special| match special.strip_suffix('-') {
            Some(beginning) => word.starts_with(beginning),
            None => word == *special,
        })
    })
}

fn has_iban(subject: &str) -> bool {
    let packed: Vec<u8> =
        subject.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_uppercase()).collect();
    packed.windows(IBAN).any(|code| {
        code.starts_with(b"IT")
            && code[2..4].iter().chain(&code[5..15]).all(u8::is_ascii_digit)
            && code[4].is_ascii_uppercase()
    })
}

/// Whether it is written in capitals.
pub(super) fn is_shouted(subject: &str) -> bool {
    let letters = subject.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = subject.chars().filter(|c| c.is_uppercase()).count();
    letters >= 8 && capitals * 10 >= letters * 7
}

/// Whether there is a picture among the letters.
pub(super) fn has_emoji(text: &str) -> bool {
    text.chars().any(|c| matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{fe0f}'))
}

/// Whether it begins with what tells nothing.
pub(super) fn is_formula(opening: &str) -> bool {
    let opening = fold(opening);
    let opening = opening.trim_start_matches(|c: char| !c.is_alphanumeric());
    FORMULAS.iter().any(|formula| opening.starts_with(formula))
}

/// Whether somebody is addressed as in a letter from an office.
pub(super) fn is_formal(body: &str) -> bool {
    let folded = fold(body);
    if FORMAL.iter().any(|formula| folded.contains(formula)) {
        return true;
    }
    let mut begins = true;
    body.split_whitespace().any(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let polite = !begins && POLITE.contains(&bare);
        begins = word.ends_with(['.', '!', '?', ':', '*', '-', '#', '>']);
        polite
    })
}

/// Whether it says "click here".
pub(super) fn says_click(text: &str) -> bool {
    let folded = fold(text);
    ["clicca qui", "clicchi qui", "cliccare qui", "premi qui", "clicca il link"]
        .iter()
        .any(|words| folded.contains(words))
}

/// Whether a paragraph was broken into lines of one length. Lists, addresses and tables have short lines, or signs before them.
pub(super) fn is_wrapped(body: &str) -> bool {
    let breaks = |line: &str, next: &str| {
        let runs_on = next.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit());
        runs_on && WRAPPED.contains(&line.trim_end().chars().count()) && !line.ends_with("  ")
    };
    let lines: Vec<&str> = body.lines().collect();
    lines.windows(2).filter(|pair| breaks(pair[0], pair[1])).count() >= 2
}
