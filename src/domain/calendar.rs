//! The Italian working-day calendar.
//!
//! ARERA counts its terms in *giorni lavorativi*: Monday to Friday, national holidays left out, and the day after
//! the receipt is the first (TQRIF; art. 2963 of the civil code). Three things are easy to get wrong:
//!
//! - 4 October is a holiday again, from 2026 (law 151 of 8 October 2025). Calendars written earlier, crates included,
//!   do not know it: that is why the list stands here.
//! - Law 260/1949 still names days that lost their status in 1977 (San Giuseppe, Ascensione, Corpus Domini, Santi
//!   Pietro e Paolo, 4 November). They are working days, and must not be copied from there.
//! - Two holidays may fall on one date (Easter Monday 2011 was 25 April, a patron may be 26 December): a date is
//!   left out once.
//!
//! Whether the patron's day counts is for the organisation to say; without a patron it is a working day.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc, Weekday};
use chrono_tz::Europe::Rome;

/// Holidays with a date of their own, as (month, day). Easter and San Francesco are computed.
const FIXED_HOLIDAYS: [(u32, u32); 10] =
    [(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26)];

/// San Francesco d'Assisi: a holiday from [`SAN_FRANCESCO_SINCE`].
const SAN_FRANCESCO: (u32, u32) = (10, 4);

/// First year in which 4 October is a national holiday (law 151/2025, in force from 1 January 2026).
const SAN_FRANCESCO_SINCE: i32 = 2026;

const LAST_SECOND: NaiveTime = NaiveTime::from_hms_opt(23, 59, 59).expect("a time of day");

/// The day of a municipality's patron saint, the same every year. Written `MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PatronDay {
    month: u32,
    day: u32,
}

/// The text is no day of the year. The message is for the person who wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Il giorno del patrono si scrive mese-giorno, per esempio 06-24 per il 24 giugno.")]
pub struct PatronDayError;

impl FromStr for PatronDay {
    type Err = PatronDayError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // A leap year, so that 29 February is accepted.
        let date =
            NaiveDate::parse_from_str(&format!("2024-{text}"), "%Y-%m-%d").map_err(|_| PatronDayError)?;
        let patron = Self { month: date.month(), day: date.day() };
        // chrono is lenient about spaces, signs and single digits; what is stored should read as it was written.
        if patron.to_string() == text { Ok(patron) } else { Err(PatronDayError) }
    }
}

impl fmt::Display for PatronDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

/// The working days of one organisation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Calendar {
    patron: Option<PatronDay>,
}

impl Calendar {
    /// The national calendar, with one more closed day if the organisation keeps its patron's.
    #[must_use]
    pub fn new(patron: Option<PatronDay>) -> Self {
        Self { patron }
    }

    /// Monday to Friday, and not a holiday.
    #[must_use]
    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        is_weekday(date) && !self.holidays(date.year()).contains(&date)
    }

    /// The `days`-th working day after `from`; `from` itself is never counted. Zero days is `from`.
    ///
    /// Walks day by day: terms are of some weeks. Stops at the last date that chrono knows.
    #[must_use]
    pub fn add_working_days(&self, from: NaiveDate, days: u32) -> NaiveDate {
        let mut date = from;
        let mut left = days;
        while left > 0 {
            let Some(next) = date.succ_opt() else { return date };
            date = next;
            left -= u32::from(self.is_working_day(date));
        }
        date
    }

    /// How many working days lie after `from_exclusive` and up to `to_inclusive`; negative when `to_inclusive` is past.
    ///
    /// Takes time in the years between the dates, not in the days: the queue asks it for every row.
    #[must_use]
    pub fn working_days_between(&self, from_exclusive: NaiveDate, to_inclusive: NaiveDate) -> i32 {
        if to_inclusive < from_exclusive {
            return -self.working_days_between(to_inclusive, from_exclusive);
        }
        let (from, to) = (from_exclusive, to_inclusive);
        let days = (to - from).num_days();
        let odd_days = from.iter_days().skip(1).take(usize::try_from(days % 7).unwrap_or(0));
        let weekdays = days / 7 * 5 + odd_days.map(|date| i64::from(is_weekday(date))).sum::<i64>();
        let holidays: i64 = (from.year()..=to.year())
            .flat_map(|year| self.holidays(year))
            .map(|date| i64::from(from < date && date <= to && is_weekday(date)))
            .sum();
        i32::try_from(weekdays - holidays).unwrap_or(i32::MAX)
    }

    /// Every closed date of a year that may fall from Monday to Friday, each once. Easter Sunday never does.
    fn holidays(&self, year: i32) -> Vec<NaiveDate> {
        let mut month_days = FIXED_HOLIDAYS.to_vec();
        month_days.extend((year >= SAN_FRANCESCO_SINCE).then_some(SAN_FRANCESCO));
        month_days.extend(self.patron.map(|patron| (patron.month, patron.day)));

        let fixed =
            month_days.into_iter().filter_map(|(month, day)| NaiveDate::from_ymd_opt(year, month, day));
        let mut dates: Vec<NaiveDate> = fixed.chain(easter_monday(year)).collect();
        dates.sort_unstable();
        dates.dedup();
        dates
    }
}

/// This moment as clocks in Italy show it.
#[must_use]
pub fn rome(moment: DateTime<Utc>) -> NaiveDateTime {
    moment.with_timezone(&Rome).naive_local()
}

/// The date in Italy at this moment.
#[must_use]
pub fn rome_date(moment: DateTime<Utc>) -> NaiveDate {
    moment.with_timezone(&Rome).date_naive()
}

/// The last second of a day in Italy: 22:59:59 UTC in winter, 21:59:59 in summer.
#[must_use]
pub fn rome_end_of_day(date: NaiveDate) -> DateTime<Utc> {
    let local = date.and_time(LAST_SECOND);
    // The clocks change at two and at three in the morning: one answer, today. Once, on 31 October 1893, that second
    // was skipped; then the UTC reading does.
    Rome.from_local_datetime(&local).latest().map_or_else(|| local.and_utc(), |end| end.to_utc())
}

fn is_weekday(date: NaiveDate) -> bool {
    !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The Monday after Gregorian Easter: the Sunday after the first full moon from 21 March on, by the tables of the
/// Church rather than by the sky. `None` in years that chrono does not know.
fn easter_monday(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let century = year.div_euclid(100);
    let skipped_leap_days = century - century.div_euclid(4);
    let moon_drift = (8 * century + 13).div_euclid(25);
    let full_moon = match (skipped_leap_days - moon_drift + 19 * golden + 15).rem_euclid(30) {
        29 => 28,
        28 if golden > 10 => 27,
        days => days,
    };
    let full_moon = NaiveDate::from_ymd_opt(year, 3, 21)? + Days::new(u64::try_from(full_moon).ok()?);
    let days_to_sunday = 7 - full_moon.weekday().num_days_from_sunday();
    Some(full_moon + Days::new(u64::from(days_to_sunday) + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn moment(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn with_patron(text: &str) -> Calendar {
        Calendar::new(Some(text.parse().unwrap()))
    }

    #[test]
    fn terms_end_on_the_expected_day() {
        let calendar = Calendar::default();
        for (from, days, due) in [
            ("2026-03-02", 30, "2026-04-14"),
            ("2026-03-27", 30, "2026-05-12"),
            ("2026-04-24", 5, "2026-05-04"),
            ("2026-06-05", 15, "2026-06-26"),
            ("2026-07-31", 30, "2026-09-11"),
            ("2026-12-22", 30, "2027-02-05"),
            ("2026-12-22", 60, "2027-03-19"),
            ("2025-12-24", 5, "2026-01-05"),
            ("2026-10-01", 5, "2026-10-08"),
            ("2027-09-30", 5, "2027-10-08"),
            ("2026-06-19", 5, "2026-06-26"),
        ] {
            assert_eq!(calendar.add_working_days(date(from), days), date(due), "{from} + {days}");
        }
    }

    #[test]
    fn the_patron_moves_the_term_only_where_it_is_kept() {
        assert_eq!(with_patron("06-24").add_working_days(date("2026-06-19"), 5), date("2026-06-29"));
        assert!(Calendar::default().is_working_day(date("2026-06-24")));
    }

    #[test]
    fn san_francesco_counts_from_2026() {
        let calendar = Calendar::default();
        assert!(!calendar.is_working_day(date("2027-10-04")));
        assert!(calendar.is_working_day(date("2024-10-04")), "a Friday, before the law");
    }

    #[test]
    fn easter_monday_is_computed() {
        for monday in
            ["2025-04-21", "2026-04-06", "2027-03-29", "2028-04-17", "2011-04-25", "1954-04-19", "1981-04-20"]
        {
            let monday = date(monday);
            assert_eq!(easter_monday(monday.year()), Some(monday));
            assert!(!Calendar::default().is_working_day(monday));
        }
    }

    #[test]
    fn days_abolished_in_1977_are_working_days() {
        for day in ["2026-03-19", "2026-05-14", "2026-06-04", "2026-06-29", "2026-11-04"] {
            assert!(Calendar::default().is_working_day(date(day)), "{day}");
        }
    }

    #[test]
    fn two_holidays_on_one_date_are_left_out_once() {
        // 25 April 2011 was Easter Monday too.
        assert_eq!(Calendar::default().working_days_between(date("2011-04-22"), date("2011-04-29")), 4);
        assert_eq!(with_patron("12-26").working_days_between(date("2025-12-24"), date("2025-12-31")), 3);
    }

    #[test]
    fn days_left_turn_negative_when_the_term_is_past() {
        let calendar = Calendar::default();
        let friday = date("2026-11-20");
        assert_eq!(calendar.working_days_between(friday, friday), 0);
        assert_eq!(calendar.working_days_between(friday, date("2026-11-23")), 1);
        assert_eq!(calendar.working_days_between(date("2026-11-23"), friday), -1);
        assert_eq!(
            calendar.working_days_between(date("2026-11-22"), friday),
            0,
            "nothing was lost on a Sunday"
        );
    }

    #[test]
    fn a_patron_day_is_read_as_it_is_written() {
        assert_eq!("06-24".parse::<PatronDay>().unwrap().to_string(), "06-24");
        assert!("02-29".parse::<PatronDay>().is_ok());
        for wrong in ["", "6-24", "24-06", "13-01", "02-30", "06-24 ", "06/24", "+6-24", "06-24-01"] {
            assert_eq!(wrong.parse::<PatronDay>(), Err(PatronDayError), "{wrong:?}");
        }
    }

    #[test]
    fn a_day_ends_at_midnight_in_rome() {
        assert_eq!(rome_end_of_day(date("2026-01-15")), moment("2026-01-15T22:59:59Z"));
        assert_eq!(rome_end_of_day(date("2026-07-15")), moment("2026-07-15T21:59:59Z"));
        // The days on which the clocks change, and the days before them.
        assert_eq!(rome_end_of_day(date("2026-03-28")), moment("2026-03-28T22:59:59Z"));
        assert_eq!(rome_end_of_day(date("2026-03-29")), moment("2026-03-29T21:59:59Z"));
        assert_eq!(rome_end_of_day(date("2026-10-24")), moment("2026-10-24T21:59:59Z"));
        assert_eq!(rome_end_of_day(date("2026-10-25")), moment("2026-10-25T22:59:59Z"));
    }

    #[test]
    fn a_mail_of_late_evening_belongs_to_the_italian_day() {
        assert_eq!(rome_date(moment("2026-01-15T22:59:59Z")), date("2026-01-15"));
        assert_eq!(rome_date(moment("2026-01-15T23:00:00Z")), date("2026-01-16"));
        assert_eq!(rome_date(moment("2026-07-15T22:00:00Z")), date("2026-07-16"));
    }

    #[test]
    fn the_last_date_of_chrono_is_no_accident() {
        let calendar = Calendar::default();
        assert_eq!(calendar.add_working_days(NaiveDate::MAX, 30), NaiveDate::MAX);
        assert!(calendar.working_days_between(NaiveDate::MIN, NaiveDate::MAX) > 0);
        let _ = (rome_end_of_day(NaiveDate::MAX), rome_end_of_day(NaiveDate::MIN));
    }

    fn any_date() -> impl Strategy<Value = NaiveDate> {
        (0u64..40 * 366).prop_map(|days| date("2005-01-01") + Days::new(days))
    }

    fn any_calendar() -> impl Strategy<Value = Calendar> {
        proptest::option::of((1u32..=12, 1u32..=28).prop_map(|(month, day)| PatronDay { month, day }))
            .prop_map(Calendar::new)
    }

    proptest! {
        #[test]
        fn a_term_ends_on_a_working_day(calendar in any_calendar(), from in any_date(), days in 1u32..200) {
            prop_assert!(calendar.is_working_day(calendar.add_working_days(from, days)));
        }

        #[test]
        fn a_term_holds_exactly_its_days(calendar in any_calendar(), from in any_date(), days in 0u32..200) {
            let due = calendar.add_working_days(from, days);
            let one_by_one = from.iter_days().skip(1).take_while(|date| *date <= due);
            prop_assert_eq!(one_by_one.filter(|date| calendar.is_working_day(*date)).count(), days as usize);
            prop_assert_eq!(calendar.working_days_between(from, due), i32::try_from(days).unwrap());
        }

        #[test]
        fn counting_is_the_same_both_ways(calendar in any_calendar(), from in any_date(), to in any_date()) {
            let counted = calendar.working_days_between(from, to);
            prop_assert_eq!(counted, -calendar.working_days_between(to, from));
            let (first, last) = (from.min(to), from.max(to));
            let one_by_one = first.iter_days().skip(1).take_while(|date| *date <= last);
            let expected = one_by_one.filter(|date| calendar.is_working_day(*date)).count();
            prop_assert_eq!(counted.unsigned_abs() as usize, expected);
        }

        #[test]
        fn what_comes_later_is_due_no_earlier(
            calendar in any_calendar(), from in any_date(), wait in 0u64..30, days in 0u32..100, more in 0u32..30,
        ) {
            let due = calendar.add_working_days(from, days);
            prop_assert!(due <= calendar.add_working_days(from + Days::new(wait), days));
            prop_assert!(due <= calendar.add_working_days(from, days + more));
        }

        #[test]
        fn the_end_of_a_day_is_that_day(date in any_date()) {
            let end = rome_end_of_day(date);
            prop_assert_eq!(rome_date(end), date);
            prop_assert_eq!(rome_date(end + chrono::TimeDelta::seconds(1)), date.succ_opt().unwrap());
        }
    }
}
