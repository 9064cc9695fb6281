//! How mail programs begin when they write in the place of somebody who is away: Outlook, Exchange, Gmail, Notes,
//! iCloud, and what people type who were asked for a text. Italian first, then English and the languages of Italy's
//! borders.

use crate::domain::{mail::MailKind, text::fold};

/// Characters of the text that are looked at: its first line, as far as it can tell anything.
const BEGINNING: usize = 200;

/// Beginnings of a subject.
const SUBJECTS: &[&str] = &[
    "abwesenheitsnotiz",
    "assente dall'ufficio",
    "assente dal servizio",
    "assente per ",
    "assenza dall'ufficio",
    "assenza dal servizio",
    "assenza per ",
    "auto reply",
    "auto-reply",
    "automatic reply",
    "automatic response",
    "automatische antwort",
    "autoreply",
    "autorisposta",
    "fuori sede:",
    "fuori sede re:",
    "fuori ufficio",
    "messaggio automatico",
    "out of office",
    "out of the office",
    "out-of-office",
    "reponse automatique",
    "risponditore automatico",
    "risposta automatica",
    "risposta non al computer",
    "samodejni odgovor",
    "vacation reply",
];

/// What Notes writes around a name (`AUTO: Anna Rossi è fuori sede (ritorno il …)`). `auto:` alone would be about cars.
const ABSENCES: &[&str] = &[
    "e assente",
    "e fuori sede",
    "e fuori ufficio",
    "is away",
    "is out of office",
    "is out of the office",
    "ist nicht im hause",
];

/// Beginnings of a text, which say what the whole is.
const TEXTS: &[&str] = &[
    "il presente messaggio e generato automaticamente",
    "il presente messaggio e stato generato automaticamente",
    "questa e una risposta automatica",
    "questa mail e generata automaticamente",
    "questa mail e stata generata automaticamente",
    "questo e un messaggio automatico",
    "questo e un messaggio generato automaticamente",
    "questo messaggio e generato automaticamente",
    "questo messaggio e stato generato automaticamente",
    "this is an auto-generated",
    "this is an automated",
    "this is an automatic",
];

/// Beginnings of a text that must stand alone: a person may go on (`Risposta automatica ricevuta, ma…`).
const TITLES: &[&str] =
    &["automatic reply", "autorisposta", "messaggio automatico", "out of office", "risposta automatica"];

/// The subject or the first words are a machine's.
pub(super) fn begins_as_a_machine(subject: &str, text: &str) -> Option<(MailKind, &'static str)> {
    if says_absent(subject) {
        return Some((MailKind::AutoReply, "subject"));
    }
    let first: String = text.trim_start().chars().take(BEGINNING).collect();
    let first = fold(&first);
    let first = first.trim_start_matches(|c: char| !c.is_alphanumeric());
    let title = |words: &str| first.strip_prefix(words).is_some_and(stands_alone);
    let said = TEXTS.iter().any(|words| first.starts_with(words)) || TITLES.iter().any(|words| title(words));
    said.then_some((MailKind::AutoReply, "first_words"))
}

/// What follows a title is a sign, not the rest of a sentence.
fn stands_alone(rest: &str) -> bool {
    rest.trim_start().chars().next().is_none_or(|next| !next.is_alphanumeric())
}

/// The subject is one that mail programs write for somebody who is away.
pub(super) fn says_absent(subject: &str) -> bool {
    let subject = fold(subject);
    SUBJECTS.iter().any(|beginning| subject.starts_with(beginning))
        || ABSENCES.iter().any(|absence| {
            subject.strip_prefix("auto:").is_some_and(|rest| rest.contains(absence))
                || subject.ends_with(absence)
        })
}
