//! Appointments that come by mail (iCalendar, RFC 5545 and RFC 5546): what, when and where. The file itself stays with
//! the letter, and nothing is entered anywhere.
//!
//! The first `VEVENT` counts; of a series, the series and not one of its exceptions. Nothing is required, since nothing
//! is: whatever is there is shown.

mod line;
mod time;

use chrono::{DateTime, Duration, Utc};

use super::address;
use crate::domain::{
    mail::Invitation,
    text::{one_line, shortened},
};
use line::{Line, unfolded};
use time::Moment;

/// Lines beyond this number are not read. The history of a time zone is a few hundred.
const MAX_LINES: usize = 20_000;
/// Longest text shown, in characters.
const MAX_TEXT: usize = 500;
/// Longest name of a method; those that exist have up to fourteen letters.
const MAX_METHOD: usize = 20;

/// The first appointment of an `.ics`. `None` when it holds none.
#[must_use]
pub fn read(ics: &str) -> Option<Invitation> {
    let mut method = String::new();
    let mut first: Option<Event> = None;
    let mut open: Option<Open> = None;
    for text in unfolded(ics).take(MAX_LINES) {
        let Some(line) = Line::read(&text) else { continue };
        match (&mut open, line.name.as_str()) {
            (None, "METHOD") => method = letters(line.value),
            (None, "BEGIN") if line.says("VEVENT") => open = Some(Open::default()),
            (None, _) => {}
            (Some(event), "BEGIN") => event.inside += 1,
            (Some(event), "END") if event.inside > 0 => event.inside -= 1,
            (Some(_), "END") => first = chosen(first, open.take()),
            (Some(event), _) if event.inside > 0 => {}
            (Some(open), _) => open.event.add(&line),
        }
    }
    chosen(first, open).map(|event| event.invitation(method))
}

/// An event whose end has not come yet.
#[derive(Default)]
struct Open {
    event: Event,
    /// Components inside it (alarms) that are open.
    inside: usize,
}

/// The first; a series before its exceptions.
fn chosen(first: Option<Event>, open: Option<Open>) -> Option<Event> {
    let next = open.map(|open| open.event);
    match (first, next) {
        (Some(first), Some(next)) if first.exception && !next.exception => Some(next),
        (first, next) => first.or(next),
    }
}

/// `REQUEST`, upper case.
fn letters(method: &str) -> String {
    method
        .trim()
        .chars()
        .filter(char::is_ascii_alphabetic)
        .take(MAX_METHOD)
        .collect::<String>()
        .to_ascii_uppercase()
}

/// What an event says of itself.
#[derive(Default)]
struct Event {
    summary: String,
    place: String,
    organizer: String,
    starts: Option<Moment>,
    ends: Option<Moment>,
    lasts: Option<Duration>,
    /// One of a series, moved or cancelled (`RECURRENCE-ID`).
    exception: bool,
}

impl Event {
    fn add(&mut self, line: &Line<'_>) {
        match line.name.as_str() {
            "SUMMARY" => self.summary = text(line),
            "LOCATION" => self.place = text(line),
            "ORGANIZER" => self.organizer = organizer(line),
            "DTSTART" => self.starts = time::moment(line),
            "DTEND" => self.ends = time::moment(line),
            "DURATION" => self.lasts = time::duration(line.value),
            "RECURRENCE-ID" => self.exception = true,
            _ => {}
        }
    }

    fn invitation(self, method: String) -> Invitation {
        Invitation {
            method,
            ends: self.end(),
            starts: self.starts.map(|starts| starts.at),
            all_day: self.starts.is_some_and(|starts| starts.whole_day),
            summary: self.summary,
            place: self.place,
            organizer: self.organizer,
        }
    }

    /// A date without end or duration is that day (RFC 5545 §3.6.1). An end before the beginning is none.
    fn end(&self) -> Option<DateTime<Utc>> {
        let starts = self.starts?;
        let day = starts.whole_day.then(|| starts.next_day()).flatten();
        let lasting = self.lasts.and_then(|lasts| starts.after(lasts));
        self.ends.map(|ends| ends.at).or(lasting).or(day).filter(|ends| *ends >= starts.at)
    }
}

fn text(line: &Line<'_>) -> String {
    shortened(&one_line(&line.text()), MAX_TEXT)
}

/// `mailto:anna@example.it`, or the address beside something else.
fn organizer(line: &Line<'_>) -> String {
    let address = |uri: &str| {
        let uri = uri.trim();
        let scheme = uri.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
        address::normal(scheme.map_or(uri, |scheme| &uri[scheme.len()..]))
    };
    address(line.value).or_else(|| address(line.parameter("EMAIL")?)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
