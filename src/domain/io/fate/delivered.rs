//! What has been delivered is looked at on, where IO says whether it was read or paid: once a night, when hardly anything that waits
//! to be sent needs the calls; what was missed at night is left for the next one. IO says so to few institutions ("Guida tecnica", Get Message: `read_status` and `payment_status` are absent
//! for all others); where it does not, nobody asks.

use chrono::{DateTime, Days, Duration, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Europe::Rome;

use super::{Next, State, Step, pause};
use crate::domain::{
    calendar::rome_date,
    io::call::{Failure, Opened, Paid, Report},
};

/// When a night's looks begin, in Italy, and how long they take for all notifications together.
const NIGHT: NaiveTime = NaiveTime::from_hms_opt(1, 0, 0).expect("a time of day");
const SPREAD: TimeDelta = TimeDelta::hours(4);
/// For how long it is asked whether a notification was read: after that it is history.
const READING: Duration = Duration::days(3);
/// Later than this it is no look of the night any more.
const LATE: Duration = Duration::hours(1);
/// The longest that a payment is waited for.
const LONGEST: Duration = Duration::days(90);

/// A notification that has been delivered.
#[derive(Clone, Copy, Debug)]
pub struct Delivered {
    /// When IO took it.
    pub accepted: DateTime<Utc>,
    /// Until when it can be paid, where it asks for that.
    pub payable: Option<DateTime<Utc>>,
    /// Any number of its own, so that not all are looked at in the same minute.
    pub spread: u128,
}

impl Delivered {
    /// When to look again; `Never` when nothing is to be learnt any more.
    #[must_use]
    pub fn next(&self, outcome: &Result<Report, Failure>, now: DateTime<Utc>) -> Next {
        let at = match outcome {
            Ok(report) if !is_open(*report) => return Next::Never,
            Err(Failure::Wait { time }) => now + pause(*time),
            // Trap 22: when the payment cannot be looked up, IO answers 500 to the whole question.
            Ok(_) | Err(_) => self.night_after(now),
        };
        let payable = self.payable.map(|due| (due + Duration::days(1)).min(self.accepted + LONGEST));
        let until = (self.accepted + READING).max(payable.unwrap_or(self.accepted));
        if at <= until { Next::At(at) } else { Next::Never }
    }

    /// What a look leads to: it stays delivered, whatever IO answers, and stops nobody else.
    #[must_use]
    pub fn after_look(&self, outcome: &Result<Report, Failure>, now: DateTime<Utc>) -> Step {
        Step::to(State::Processed, self.next(outcome, now), None)
    }

    /// Whether a look that was due at `due` is left for another night.
    #[must_use]
    pub fn is_late(due: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
        due.is_some_and(|due| now - due > LATE)
    }

    fn night_after(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let seconds =
            i64::try_from(self.spread % u128::from(SPREAD.num_seconds().unsigned_abs())).unwrap_or(0);
        let tomorrow = rome_date(now) + Days::new(1);
        // Of the hours that begin summer time one is missing: midnight is always there.
        let begins = Rome.from_local_datetime(&tomorrow.and_time(NIGHT)).earliest();
        begins.map_or(now + Duration::days(1), |night| night.to_utc() + Duration::seconds(seconds))
    }
}

/// Whether IO says something that may still change.
fn is_open(report: Report) -> bool {
    report.opened == Some(Opened::Unread) || report.paid == Some(Paid::NotPaid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::io::call::Progress;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn report(opened: Option<Opened>, paid: Option<Paid>) -> Report {
        Report { progress: Progress::Processed, push: None, email: None, opened, paid }
    }

    #[test]
    fn only_what_may_change_is_looked_at_and_at_night() {
        let accepted = at("2026-03-02T08:00:00Z");
        let one = Delivered { accepted, payable: None, spread: 60 };
        for known in [report(None, None), report(Some(Opened::Read), Some(Paid::Paid))] {
            assert_eq!(one.next(&Ok(known), accepted), Next::Never);
        }
        let unread = Ok(report(Some(Opened::Unread), None));
        assert_eq!(one.next(&unread, accepted), Next::At(at("2026-03-03T00:01:00Z")));
        let summer = at("2026-03-28T08:00:00Z");
        let one = Delivered { accepted: summer, payable: None, spread: u128::MAX };
        let Next::At(next) = one.next(&unread, summer) else { panic!("it is looked at") };
        assert!(next >= at("2026-03-29T00:00:00Z") && next < at("2026-03-29T04:00:00Z"), "{next}");
    }

    #[test]
    fn a_payment_is_waited_for_until_a_day_after_its_term_but_not_for_ever() {
        let accepted = at("2026-03-02T08:00:00Z");
        let not_paid = Ok(report(None, Some(Paid::NotPaid)));
        let last = |payable| {
            let one = Delivered { accepted, payable, spread: 0 };
            let mut now = accepted;
            while let Next::At(next) = one.next(&not_paid, now) {
                now = next;
            }
            rome_date(now).to_string()
        };
        assert_eq!(last(None), "2026-03-05");
        assert_eq!(last(Some(at("2026-03-31T21:59:59Z"))), "2026-04-01");
        assert_eq!(last(Some(at("2126-03-31T21:59:59Z"))), "2026-05-31");
    }

    #[test]
    fn it_stays_delivered_whatever_io_answers() {
        let accepted = at("2026-03-02T08:00:00Z");
        let one = Delivered { accepted, payable: None, spread: 0 };
        let refused = Failure::Refused { title: "x".to_owned() };
        for failure in [Failure::Retry { words: String::new() }, refused, Failure::KeyRefused] {
            let step = one.after_look(&Err(failure), accepted);
            assert_eq!((step.state, step.next), (State::Processed, Next::At(at("2026-03-03T00:00:00Z"))));
        }
    }
}
