//! Whether words that everybody will read say who somebody is. A warning to the operator who publishes them, not a filter:
//! nobody can list all the ways to point at a person.

use super::{fiscal_code, place, text};

/// A thing that points at a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trace {
    /// A name or surname of the citizen's.
    Name,
    /// The street where the citizen lives.
    Home,
    /// An email address.
    Email,
    /// A telephone number.
    Phone,
    /// A codice fiscale.
    FiscalCode,
}

/// What is known of those who wrote.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Names and surnames.
    pub names: Vec<String>,
    /// Where they live.
    pub addresses: Vec<String>,
}

/// Shortest word of a name that is looked for: shorter ones are articles and prepositions as well.
const NAME_CHARS: usize = 3;
/// Digits in a row, with the signs people put between them, that are taken for a telephone number: a date has eight.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 9..=15;

/// What in `words` points at a person, each once.
#[must_use]
pub fn traces(words: &str, known: &Known) -> Vec<Trace> {
    let folded = text::fold(words);
    let spoken: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).collect();
    let named = known.names.iter().any(|name| {
        let name = text::fold(name);
        let mut parts = name.split(|c: char| !c.is_alphanumeric());
        parts.any(|part| part.chars().count() >= NAME_CHARS && spoken.contains(&part))
    });
    let plain =
        format!(" {} ", spoken.iter().filter(|word| !word.is_empty()).copied().collect::<Vec<_>>().join(" "));
    let home = known.addresses.iter().map(|address| place::street(address));
    let found = [
        (Trace::Name, named),
        (
            Trace::Home,
            home.into_iter().any(|street| !street.is_empty() && plain.contains(&format!(" {street} "))),
        ),
        (Trace::Email, words.split_whitespace().any(is_email)),
        (Trace::Phone, has_phone(words)),
        (Trace::FiscalCode, !fiscal_code::find_in(words).is_empty()),
    ];
    found.into_iter().filter(|(_, found)| *found).map(|(trace, _)| trace).collect()
}

fn is_email(word: &str) -> bool {
    word.split_once('@').is_some_and(|(before, after)| {
        before.ends_with(|c: char| c.is_alphanumeric())
            && after.contains('.')
            && after.starts_with(char::is_alphanumeric)
    })
}

/// A row of digits as long as a telephone number, with spaces, points or hyphens between them.
fn has_phone(words: &str) -> bool {
    let mut digits = 0;
    let mut gap = 0;
    for c in words.chars().chain(['\n', '\n']) {
        if c.is_ascii_digit() {
            digits += 1;
            gap = 0;
            continue;
        }
        gap += 1;
        let joins = gap == 1 && matches!(c, ' ' | '.' | '-' | '\u{a0}');
        if !joins {
            if PHONE_DIGITS.contains(&digits) {
                return true;
            }
            digits = 0;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_points_at_a_person_is_found() {
        let known = Known {
            names: vec!["Nicolò D’Amico".to_owned()],
            addresses: vec!["Via della Libertà 12, Brescia".to_owned()],
        };
        let found = |words: &str| traces(words, &known);
        assert_eq!(found("Cestino pieno in piazza, dal 12/03/2026 alle 10:30: 3 sacchi"), []);
        assert_eq!(found("Segnala il signor D'AMICO"), [Trace::Name]);
        assert_eq!(found("davanti a via della libertà, al numero 12"), [Trace::Home]);
        assert_eq!(found("scrivete a nicola.x@libero.example."), [Trace::Email]);
        assert_eq!(found("tel. 333 123-4567"), [Trace::Phone]);
        assert_eq!(found("cf RSSMRA85T10A562S"), [Trace::FiscalCode]);
        assert_eq!(found("damico libertas"), []);
    }
}
