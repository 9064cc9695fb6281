//! Small pieces of Italian that several pages say from code, and not from a template.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Europe::Rome;
use entity::{follower::ToldBy, language::Language};

use crate::domain::care::Trouble;

/// `21/11/2026 9:12`, in Italy's time.
#[must_use]
pub fn moment(at: DateTime<Utc>) -> String {
    at.with_timezone(&Rome).format("%d/%m/%Y %-H:%M").to_string()
}

/// `21/11/2026`.
#[must_use]
pub fn day(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}

/// What is wrong with a mailbox, and what that means for the work.
#[must_use]
pub fn trouble(trouble: Trouble) -> String {
    match trouble {
        Trouble::Silent(since) => format!(
            "non si riesce a leggerla dal {}. I nuovi messaggi restano sul server e non vanno persi.",
            moment(since)
        ),
        Trouble::Refused => {
            "il server non accetta le nostre credenziali. I nuovi messaggi restano sul server e non vanno persi."
                .to_owned()
        }
        Trouble::Exit => {
            "le risposte non partono, il server di invio non accetta le nostre credenziali. Restano in attesa."
                .to_owned()
        }
        Trouble::Grant => "il fornitore non rinnova più l’accesso: serve un nuovo consenso.".to_owned(),
        Trouble::Expired(on) => format!("la password risulta scaduta il {}.", day(on)),
        Trouble::Expires(on) => format!("la password scade il {} e va rinnovata prima.", day(on)),
    }
}

/// `20 MB`: whole megabytes, rounded down, since it is a limit.
#[must_use]
pub fn megabytes(bytes: usize) -> String {
    format!("{} MB", bytes / 1_000_000)
}

/// A wait that a person can plan with: seconds up to a minute, then minutes.
#[must_use]
pub fn wait(seconds: i64) -> String {
    match seconds {
        ..=1 => "un secondo".to_owned(),
        2..=60 => format!("{seconds} secondi"),
        61..=120 => "due minuti".to_owned(),
        _ => format!("{} minuti", (seconds + 59) / 60),
    }
}

/// `1.204`.
#[must_use]
pub fn count(number: i64) -> String {
    let digits = number.to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) && !written.ends_with('-') {
            written.push('.');
        }
        written.push(digit);
    }
    written
}

/// `45.53920, 10.22060`: degrees north and east, to the metre, as map programs read them.
#[must_use]
pub fn position((north, east): (f64, f64)) -> String {
    format!("{north:.5}, {east:.5}")
}

/// The name of a language.
#[must_use]
pub fn language(language: Language) -> &'static str {
    match language {
        Language::It => "italiano",
        Language::En => "inglese",
        Language::De => "tedesco",
    }
}

/// How somebody wants to be told.
#[must_use]
pub fn told_by(told_by: ToldBy) -> &'static str {
    match told_by {
        ToldBy::Mail => "per email",
        ToldBy::Io => "su IO",
        ToldBy::Nothing => "no",
    }
}

/// The sentence with a capital letter at its beginning.
#[must_use]
pub fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_told_apart() {
        assert_eq!([0, 12, 1_204, 1_000_000, -1_204].map(count), ["0", "12", "1.204", "1.000.000", "-1.204"]);
    }

    #[test]
    fn a_sentence_begins_with_a_capital() {
        assert_eq!(capital("è scaduta"), "È scaduta");
    }
}
