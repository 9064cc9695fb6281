//! The text that the citizen reads in place of the one that was sent. IO shows it only within the bounds of a message.

use crate::domain::io::{
    escape::escape,
    text::{MARKDOWN, SUBJECT, cut, fit_subject, units},
};

/// What is said around the words of a communication, in the citizen's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Title of a communication whose own is too short.
    pub title: String,
    /// Which communication this is; Markdown, long enough to be a message by itself.
    pub closing: String,
    /// That the words go on elsewhere; Markdown.
    pub goes_on: String,
}

/// A text that IO shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The title.
    pub subject: String,
    /// The text, Markdown.
    pub markdown: String,
    /// Nothing was left out.
    pub whole: bool,
}

/// Makes a text of a communication's subject and words.
#[must_use]
pub fn shown(subject: &str, words: &str, frame: &Frame) -> Shown {
    let own = fit_subject(subject);
    let subject = if units(&own) < *SUBJECT.start() { fit_subject(&frame.title) } else { own };
    let whole = joined(&[&escape(words.trim()), &frame.closing]);
    if units(&whole) <= *MARKDOWN.end() {
        return Shown { subject, markdown: whole, whole: true };
    }
    let rest = joined(&["", &frame.goes_on, &frame.closing]);
    let room = MARKDOWN.end().saturating_sub(units(&rest));
    let beginning = escaped_within(words.trim(), room);
    Shown { subject, markdown: joined(&[&beginning, &frame.goes_on, &frame.closing]), whole: false }
}

/// Paragraphs, those that say nothing left out.
fn joined(parts: &[&str]) -> String {
    let said: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    said.join("\n\n")
}

/// The longest beginning of `words`, or nearly, that fits `room` once it is escaped, with an ellipsis.
fn escaped_within(words: &str, room: usize) -> String {
    let room = room.saturating_sub(4);
    let mut limit = units(words).min(room);
    loop {
        let text = escape(cut(words, limit).trim_end());
        let length = units(&text);
        if length <= room || limit == 0 {
            return format!("{text} …");
        }
        // Signs become longer when they are escaped, so the next try is shorter by as much, and always shorter.
        limit = (limit * room / length).min(limit - 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        Frame {
            title: "Risposta alla richiesta 2026/000001".to_owned(),
            closing: "c".repeat(90),
            goes_on: "Il testo continua nel documento allegato.".to_owned(),
        }
    }

    fn fits(shown: &Shown) {
        assert!(SUBJECT.contains(&units(&shown.subject)), "{}", shown.subject);
        assert!(MARKDOWN.contains(&units(&shown.markdown)), "{}", units(&shown.markdown));
    }

    #[test]
    fn whatever_was_written_io_can_show_it() {
        for words in ["", "Sì.", "a\n\nb", "---\nit:\n---\n"] {
            let shown = shown("Ok", words, &frame());
            assert!(shown.whole);
            assert_eq!(shown.subject, "Risposta alla richiesta 2026/000001");
            fits(&shown);
        }
        for sign in ["parola ", "*", "😀", "e\u{301}", "-- - "] {
            let shown = shown(&"Titolo ".repeat(40), &sign.repeat(9_000), &frame());
            assert!(!shown.whole, "{sign}");
            assert!(shown.markdown.contains(" …\n\nIl testo continua"), "{sign}");
            assert!(shown.markdown.ends_with(&frame().closing));
            fits(&shown);
        }
    }

    #[test]
    fn nothing_is_left_out_while_there_is_room() {
        let words = "x".repeat(MARKDOWN.end() - 92);
        assert!(shown("Risposta", &words, &frame()).whole);
        assert!(!shown("Risposta", &format!("{words}x"), &frame()).whole);
    }
}
