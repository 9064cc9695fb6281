//! Moments of an `.ics`. Those without a time zone that we know are in Rome: that is where our citizens are.

use chrono::{DateTime, Datelike, Days, Duration, LocalResult, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::{Europe::Rome, Tz};

use super::line::Line;

/// A moment, or the beginning of a day.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) at: DateTime<Utc>,
    /// A date without a time.
    pub(super) whole_day: bool,
    local: NaiveDateTime,
    zone: Tz,
}

impl Moment {
    fn at(local: NaiveDateTime, zone: Tz, whole_day: bool) -> Option<Self> {
        Some(Self { at: instant(local, zone)?, whole_day, local, zone })
    }

    /// Midnight after this day.
    pub(super) fn next_day(self) -> Option<DateTime<Utc>> {
        instant(self.local.checked_add_days(Days::new(1))?, self.zone)
    }

    /// Days are those of the calendar, which may have 23 hours (RFC 5545 §3.3.6).
    pub(super) fn after(self, lasts: Duration) -> Option<DateTime<Utc>> {
        let days = Days::new(lasts.num_days().try_into().ok()?);
        let hours = lasts - Duration::days(lasts.num_days());
        instant(self.local.checked_add_days(days)?, self.zone)?.checked_add_signed(hours).filter(imaginable)
    }
}

/// `20240415T090000`, with `Z` or `TZID`; `20240415`.
pub(super) fn moment(line: &Line<'_>) -> Option<Moment> {
    let value = line.value.trim();
    let (value, utc) = value.strip_suffix(['Z', 'z']).map_or((value, false), |value| (value, true));
    let (date, time) = value.split_once(['T', 't']).map_or((value, None), |(date, time)| (date, Some(time)));
    let [year, month, day] = numbers(date, [4, 2, 2])?;
    let date = NaiveDate::from_ymd_opt(year.try_into().ok()?, month, day)?;
    let Some(time) = time else {
        return Moment::at(date.and_hms_opt(0, 0, 0)?, Rome, true);
    };
    let [hour, minute] = numbers(time.get(..4)?, [2, 2])?;
    let [second] = if time.len() == 4 { [0] } else { numbers(&time[4..], [2])? };
    // sixty is a leap second (§3.3.12), which is nobody's appointment
    let local = date.and_hms_opt(hour, minute, second.min(59))?;
    Moment::at(local, if utc { Tz::UTC } else { zone(line.parameter("TZID").unwrap_or_default()) }, false)
}

/// Numbers of so many digits, and nothing else.
fn numbers<const N: usize>(text: &str, digits: [usize; N]) -> Option<[u32; N]> {
    let mut numbers = [0; N];
    let mut rest = text;
    for (number, count) in numbers.iter_mut().zip(digits) {
        let (taken, after) = rest.split_at_checked(count)?;
        *number = taken.bytes().all(|byte| byte.is_ascii_digit()).then(|| taken.parse().ok())??;
        rest = after;
    }
    rest.is_empty().then_some(numbers)
}

/// A time that the clocks leave out in spring counts from before (RFC 5545 §3.3.5); one that comes twice is the first.
fn instant(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Utc>> {
    let at = match zone.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at),
        LocalResult::None => {
            let later = local.checked_add_signed(Duration::hours(1))?;
            zone.from_local_datetime(&later).earliest()
        }
    };
    at.map(|at| at.to_utc()).filter(imaginable)
}

/// Years of four digits in which the clocks were set by zones: others are a mistake, and no page could write them.
fn imaginable(at: &DateTime<Utc>) -> bool {
    (1900..=9999).contains(&at.year())
}

/// A zone of the tz database, perhaps behind the name of a program (`/freeassociation.sourceforge.net/Europe/Rome`), or
/// one of Windows.
fn zone(name: &str) -> Tz {
    let parts: Vec<&str> = name.trim_matches('/').rsplitn(4, '/').collect();
    let last = |count: usize| parts.iter().take(count).rev().copied().collect::<Vec<_>>().join("/");
    let known = (1..=3).rev().find_map(|count| last(count).parse().ok());
    let of_windows = || WINDOWS.iter().find(|(one, _)| *one == name).map(|(_, zone)| *zone);
    known.or_else(of_windows).unwrap_or(Rome)
}

/// Zones by the names of Windows (Unicode CLDR, `windowsZones`): those of Europe, and whoever else writes here.
const WINDOWS: &[(&str, Tz)] = &[
    ("W. Europe Standard Time", Rome),
    ("Romance Standard Time", Tz::Europe__Paris),
    ("Central Europe Standard Time", Tz::Europe__Budapest),
    ("Central European Standard Time", Tz::Europe__Warsaw),
    ("GMT Standard Time", Tz::Europe__London),
    ("Greenwich Standard Time", Tz::Atlantic__Reykjavik),
    ("GTB Standard Time", Tz::Europe__Bucharest),
    ("E. Europe Standard Time", Tz::Europe__Chisinau),
    ("FLE Standard Time", Tz::Europe__Kyiv),
    ("Turkey Standard Time", Tz::Europe__Istanbul),
    ("Russian Standard Time", Tz::Europe__Moscow),
    ("Eastern Standard Time", Tz::America__New_York),
    ("Pacific Standard Time", Tz::America__Los_Angeles),
    ("Coordinated Universal Time", Tz::UTC),
];

/// `P1DT2H30M`, `P2W` (§3.3.6). One that goes backwards is none.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let text = text.trim();
    let mut rest = text.strip_prefix('+').unwrap_or(text).strip_prefix(['P', 'p'])?;
    let mut seconds = 0_i64;
    // a week, a day, the T, an hour, a minute, a second: there can be no more
    for _ in 0..6 {
        rest = rest.strip_prefix(['T', 't']).unwrap_or(rest);
        let Some(at) = rest.find(|c: char| !c.is_ascii_digit()) else { break };
        let number: i64 = rest[..at].parse().ok()?;
        let unit = match rest.as_bytes()[at].to_ascii_uppercase() {
            b'W' => 7 * 24 * 3_600,
            b'D' => 24 * 3_600,
            b'H' => 3_600,
            b'M' => 60,
            b'S' => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(number.checked_mul(unit)?)?;
        rest = &rest[at + 1..];
    }
    rest.is_empty().then(|| Duration::try_seconds(seconds)).flatten()
}
