//! When things happen in the story: citizens write while they are awake, operators work from Monday to Friday.

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveDateTime, TimeZone, Timelike, Utc};
use chrono_tz::Europe::Rome;
use rand::RngExt;

use super::Dice;
use crate::domain::calendar::{Calendar, rome_date};

const HOUR: i64 = 3600;
/// Nobody writes before seven, and the last letters leave at eleven.
const MORNING: i64 = 7 * HOUR;
const WAKING: i64 = 16 * HOUR;
/// The desk is open from half past eight to five.
const OPENING: i64 = 8 * HOUR + HOUR / 2;
const CLOSING: i64 = 17 * HOUR;

/// The days of the story, nights left out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    first: NaiveDate,
    waking_seconds: i64,
}

impl Span {
    /// So many days up to `now`.
    pub(super) fn before(now: DateTime<Utc>, days: u64) -> Self {
        let today = rome_date(now);
        let gone = (second_of_day(now) - MORNING).clamp(0, WAKING);
        Self {
            first: today - Days::new(days),
            waking_seconds: i64::try_from(days).unwrap_or(0) * WAKING + gone,
        }
    }

    /// The start: seven in the morning of the first day.
    pub(super) fn start(&self) -> DateTime<Utc> {
        moment(self.first, MORNING)
    }

    /// The moment at `part` of `whole`; later parts are later moments.
    pub(super) fn at(&self, part: u64, whole: u64) -> DateTime<Utc> {
        let seconds = i128::from(self.waking_seconds) * i128::from(part) / i128::from(whole.max(1));
        // The very end may be the end of a day, which would be read as the next morning.
        let last = (self.waking_seconds - 1).max(0);
        let seconds = i64::try_from(seconds).unwrap_or(last).min(last);
        let days = u64::try_from(seconds / WAKING).unwrap_or(0);
        moment(self.first + Days::new(days), MORNING + seconds % WAKING)
    }
}

/// The first moment from `at` on at which somebody sits at the desk.
pub(super) fn at_the_desk(at: DateTime<Utc>, dice: &mut Dice) -> DateTime<Utc> {
    let calendar = Calendar::default();
    let (date, second) = (rome_date(at), second_of_day(at));
    let morning = OPENING + dice.random_range(0..3 * HOUR);
    if second >= CLOSING || !calendar.is_working_day(date) {
        moment(calendar.add_working_days(date, 1), morning)
    } else if second < OPENING {
        moment(date, morning)
    } else {
        at
    }
}

/// The first moment from `at` on at which citizens are awake.
pub(super) fn awake(at: DateTime<Utc>, dice: &mut Dice) -> DateTime<Utc> {
    if second_of_day(at) < MORNING {
        moment(rome_date(at), MORNING + dice.random_range(0..4 * HOUR))
    } else {
        at
    }
}

fn second_of_day(at: DateTime<Utc>) -> i64 {
    at.with_timezone(&Rome).num_seconds_from_midnight().into()
}

fn moment(date: NaiveDate, second: i64) -> DateTime<Utc> {
    let local: NaiveDateTime = date.and_time(chrono::NaiveTime::MIN) + Duration::seconds(second);
    // Clocks change at night, when nobody writes: one answer.
    Rome.from_local_datetime(&local).latest().map_or_else(|| local.and_utc(), |at| at.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo;

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn the_span_ends_now_and_never_goes_back() {
        for now in ["2026-11-21T22:40:00Z", "2026-11-21T03:00:00Z", "2026-04-02T10:00:00Z"] {
            let span = Span::before(time(now), 45);
            let moments: Vec<_> = (0..=500).map(|part| span.at(part, 500)).collect();
            assert!(moments.is_sorted());
            assert_eq!(moments[0], span.start());
            let late = time(now) - moments[500];
            assert!(late >= Duration::zero() && late < Duration::hours(9), "{now}: {late}");
        }
    }

    #[test]
    fn the_desk_is_closed_at_night_and_on_sundays() {
        let mut dice = demo::dice(1, 0);
        let mut date = |at| rome_date(at_the_desk(time(at), &mut dice)).to_string();
        assert_eq!(date("2026-11-20T10:00:00Z"), "2026-11-20");
        assert_eq!(date("2026-11-20T20:00:00Z"), "2026-11-23", "Friday evening");
        assert_eq!(date("2026-11-22T10:00:00Z"), "2026-11-23", "Sunday");
        assert_eq!(date("2026-11-23T03:00:00Z"), "2026-11-23", "before dawn");
        let at = time("2026-11-20T10:00:00Z");
        assert_eq!(at_the_desk(at, &mut dice), at);
        assert!(awake(time("2026-11-20T02:00:00Z"), &mut dice) >= time("2026-11-20T06:00:00Z"));
    }
}
