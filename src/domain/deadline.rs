//! By when a request must be answered, and the kinds of request that every organisation starts with.
//!
//! The limits are those of the TQRIF (annex A to ARERA 15/2022/R/rif), the same under all four schemes; an authority may
//! ask for better ones, so they are the *initial* rows of each organisation's `request_kind` and never consulted again.
//! The clock starts when the request reached us, not when we noticed it: the caller gives the server's time of receipt.

use chrono::{DateTime, TimeDelta, Utc};

use super::calendar::{Calendar, rome_date, rome_end_of_day};

/// How long a kind of request may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Working days; the day after the receipt is the first, and the last lasts until midnight in Italy.
    WorkingDays(u32),
    /// Hours of the clock, by night and on holidays too.
    Hours(u32),
}

/// The last moment at which the answer is in time.
#[must_use]
pub fn due_at(received_at: DateTime<Utc>, limit: Limit, calendar: &Calendar) -> DateTime<Utc> {
    match limit {
        Limit::WorkingDays(days) => rome_end_of_day(calendar.add_working_days(rome_date(received_at), days)),
        Limit::Hours(hours) => received_at
            .checked_add_signed(TimeDelta::hours(i64::from(hours)))
            .unwrap_or(DateTime::<Utc>::MAX_UTC),
    }
}

/// A kind of request as a new organisation finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefaultKind {
    /// Stable key, English, `snake_case`.
    pub code: &'static str,
    /// What operators and citizens read, in Italian.
    pub name: &'static str,
    /// Time for the answer or the work.
    pub limit: Limit,
    /// Time if somebody must go and look first, where the norm allows more.
    pub limit_with_survey: Option<Limit>,
}

/// The kinds of request that a new organisation starts with.
///
/// The complaint stands first because a written message is a complaint until an operator says otherwise: where it is
/// unclear whether somebody complains or asks, the rules want it treated as a complaint.
pub const DEFAULT_KINDS: &[DefaultKind] = &[
    // TQRIF art. 14
    DefaultKind::answer("complaint", "Reclamo", 30),
    // TQRIF art. 15
    DefaultKind::answer("information", "Richiesta di informazioni", 30),
    // TQRIF art. 16
    DefaultKind::answer("rectification", "Rettifica degli importi addebitati", 60),
    // TQRIF art. 33
    DefaultKind::work("disruption", "Segnalazione di disservizio", 5, 10),
    // TQRIF art. 34
    DefaultKind::work("repair", "Riparazione delle attrezzature", 10, 15),
    // TQRIF art. 31
    DefaultKind::answer("pickup", "Ritiro su chiamata", 15),
    // TQRIF art. 8
    DefaultKind::answer("activation", "Attivazione del servizio", 30),
    // TQRIF art. 12
    DefaultKind::answer("change", "Variazione del servizio", 30),
    // TQRIF art. 12
    DefaultKind::answer("termination", "Cessazione del servizio", 30),
    // TQRIF art. 49: arrival on the spot, in hours of the clock
    DefaultKind {
        code: "emergency",
        name: "Pronto intervento",
        limit: Limit::Hours(4),
        limit_with_survey: None,
    },
    // No article: what fits nowhere gets the time of a complaint.
    DefaultKind::answer("other", "Altro", 30),
];

impl DefaultKind {
    const fn answer(code: &'static str, name: &'static str, working_days: u32) -> Self {
        Self { code, name, limit: Limit::WorkingDays(working_days), limit_with_survey: None }
    }

    const fn work(code: &'static str, name: &'static str, working_days: u32, with_survey: u32) -> Self {
        Self {
            code,
            name,
            limit: Limit::WorkingDays(working_days),
            limit_with_survey: Some(Limit::WorkingDays(with_survey)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn due(received_at: &str, limit: Limit) -> String {
        let received_at = received_at.parse().unwrap();
        due_at(received_at, limit, &Calendar::default()).to_rfc3339()
    }

    #[test]
    fn working_days_last_until_midnight_in_italy() {
        assert_eq!(due("2026-03-02T08:15:00Z", Limit::WorkingDays(30)), "2026-04-14T21:59:59+00:00");
        assert_eq!(due("2026-11-21T22:12:00Z", Limit::WorkingDays(5)), "2026-11-27T22:59:59+00:00");
    }

    #[test]
    fn the_day_of_receipt_is_the_italian_one() {
        // 23:30 UTC of Thursday 15 January is Friday in Italy: the first day is Monday.
        assert_eq!(due("2026-01-15T23:30:00Z", Limit::WorkingDays(1)), "2026-01-19T22:59:59+00:00");
        assert_eq!(due("2026-01-15T22:30:00Z", Limit::WorkingDays(1)), "2026-01-16T22:59:59+00:00");
    }

    #[test]
    fn the_hour_of_receipt_does_not_matter_to_working_days() {
        let morning = due("2026-06-05T05:00:00Z", Limit::WorkingDays(15));
        assert_eq!(morning, due("2026-06-05T20:00:00Z", Limit::WorkingDays(15)));
        assert_eq!(morning, "2026-06-26T21:59:59+00:00");
    }

    #[test]
    fn hours_run_through_nights_and_changes_of_the_clock() {
        assert_eq!(due("2026-03-29T00:30:00Z", Limit::Hours(4)), "2026-03-29T04:30:00+00:00");
    }

    #[test]
    fn an_absurd_limit_does_not_overflow() {
        let last = DateTime::<Utc>::MAX_UTC;
        assert_eq!(due_at(last, Limit::Hours(u32::MAX), &Calendar::default()), last);
    }

    #[test]
    fn the_default_kinds_are_those_of_the_norm() {
        let days = |code: &str| {
            let kind = DEFAULT_KINDS.iter().find(|kind| kind.code == code).unwrap();
            (kind.limit, kind.limit_with_survey)
        };
        assert_eq!(DEFAULT_KINDS[0].code, "complaint", "in doubt, it is a complaint");
        assert_eq!(days("complaint"), (Limit::WorkingDays(30), None));
        assert_eq!(days("rectification"), (Limit::WorkingDays(60), None));
        assert_eq!(days("disruption"), (Limit::WorkingDays(5), Some(Limit::WorkingDays(10))));
        assert_eq!(days("repair"), (Limit::WorkingDays(10), Some(Limit::WorkingDays(15))));
        assert_eq!(days("emergency"), (Limit::Hours(4), None));
    }

    #[test]
    fn codes_and_names_are_unique() {
        let codes: BTreeSet<_> = DEFAULT_KINDS.iter().map(|kind| kind.code).collect();
        let names: BTreeSet<_> = DEFAULT_KINDS.iter().map(|kind| kind.name).collect();
        assert_eq!((codes.len(), names.len()), (DEFAULT_KINDS.len(), DEFAULT_KINDS.len()));
    }
}
