//! The day by which something is to be done: the app offers a reminder for it.
//!
//! IO wants a moment in UTC, with seconds ("Guida tecnica", Submit a Message, `due_date`); people mean a day in Italy. A day
//! alone therefore lasts until its last second in Rome. Midnight sharp is nearly always a mistake: the app then shows the day
//! before as the last one.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Europe::Rome;

use crate::domain::calendar::{rome, rome_end_of_day};

/// Why a day is none. The message is for whoever typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Neither a day nor a day with an hour.
    #[error("Scrivi la scadenza come giorno (31/12/2026) o come giorno e ora (31/12/2026 18:30).")]
    Unreadable,
    /// The hour that is left out when summer time begins.
    #[error("Quell'ora non esiste: in quella notte gli orologi passano dalle 2 alle 3.")]
    NoSuchHour,
    /// A year that nobody means.
    #[error("Controlla l'anno della scadenza.")]
    Year,
}

/// What is said of one that is over.
pub(super) const PAST: &str = "La scadenza è già passata.";

/// Reads a deadline as Italians or browsers write it: `31/12/2026`, `2026-12-31`, each with or without `18:30`.
///
/// # Errors
/// A sentence for whoever typed it.
pub fn read(typed: &str) -> Result<DateTime<Utc>, Unfit> {
    let typed = typed.trim();
    let (day, hour) =
        typed.split_once(['T', ' ']).map_or((typed, None), |(day, hour)| (day, Some(hour.trim())));
    let day = ["%Y-%m-%d", "%d/%m/%Y"].iter().find_map(|form| NaiveDate::parse_from_str(day, form).ok());
    let day = day.ok_or(Unfit::Unreadable)?;
    if !(2000..2200).contains(&chrono::Datelike::year(&day)) {
        return Err(Unfit::Year);
    }
    let Some(hour) = hour else { return Ok(rome_end_of_day(day)) };
    let hour =
        ["%H:%M", "%H:%M:%S", "%H.%M"].iter().find_map(|form| NaiveTime::parse_from_str(hour, form).ok());
    moment(day.and_time(hour.ok_or(Unfit::Unreadable)?))
}

/// A moment of clocks in Italy. Of an hour that comes twice, the later: a deadline must not come early.
fn moment(local: NaiveDateTime) -> Result<DateTime<Utc>, Unfit> {
    Rome.from_local_datetime(&local).latest().map(|moment| moment.to_utc()).ok_or(Unfit::NoSuchHour)
}

/// As IO takes it: UTC, with seconds and a `Z`.
#[must_use]
pub fn written(due: DateTime<Utc>) -> String {
    due.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// What looks like a mistake in a deadline, in Italian. IO takes both.
#[must_use]
pub fn hints(due: DateTime<Utc>, now: DateTime<Utc>) -> Vec<&'static str> {
    let time = rome(due).time();
    let midnight = time.hour() == 0 && time.minute() == 0;
    [
        (
            midnight,
            "La scadenza è a mezzanotte: l'app mostra come ultimo giorno utile quello prima. Scrivi solo il giorno, e varrà \
             fino alle 23:59.",
        ),
        (due < now, PAST),
    ]
    .into_iter()
    .filter_map(|(is_so, words)| is_so.then_some(words))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(typed: &str) -> Result<String, Unfit> {
        read(typed).map(written)
    }

    #[test]
    fn trap_07_a_day_in_italy_becomes_a_moment_in_utc() {
        for (typed, sent) in [
            ("2026-01-12", "2026-01-12T22:59:59Z"),
            ("12/01/2026", "2026-01-12T22:59:59Z"),
            ("2026-07-12", "2026-07-12T21:59:59Z"),
            ("2026-03-29", "2026-03-29T21:59:59Z"),
            ("2026-10-25", "2026-10-25T22:59:59Z"),
            ("2026-01-12T18:30", "2026-01-12T17:30:00Z"),
            ("12/07/2026 18.30", "2026-07-12T16:30:00Z"),
            // Half past two comes twice that night.
            ("2026-10-25T02:30", "2026-10-25T01:30:00Z"),
        ] {
            assert_eq!(wire(typed).as_deref(), Ok(sent), "{typed}");
        }
        assert_eq!(wire("2026-03-29T02:30"), Err(Unfit::NoSuchHour));
        assert_eq!(wire("12/01/26"), Err(Unfit::Year));
        for wrong in
            ["", "domani", "2026-02-30", "31/11/2026", "2026-01-12T25:00", "2026-01-12T", "2026-01-12Z"]
        {
            assert_eq!(wire(wrong), Err(Unfit::Unreadable), "{wrong}");
        }
    }

    #[test]
    fn trap_07_midnight_and_the_past_are_pointed_out() {
        let now = "2026-03-02T08:00:00Z".parse().unwrap();
        let of = |typed| hints(read(typed).unwrap(), now).len();
        assert_eq!(
            (of("2026-03-03"), of("2026-03-03T00:00"), of("2026-03-01"), of("2026-03-01T00:00")),
            (0, 1, 1, 2)
        );
    }
}
