//! By when, in the form that the pages show: the day, and how it stands to today.

use chrono::{DateTime, Utc};
use entity::{request_kind, work_order};
use serde::Serialize;

use crate::domain::calendar::{Calendar, rome_date, rome_end_of_day};

/// What is due within so many working days is marked.
const SOON_WORKING_DAYS: u32 = 5;

/// The due date of a work order.
#[derive(Debug, Serialize)]
pub struct Due {
    at: DateTime<Utc>,
    by_the_hour: bool,
    working_days_left: i32,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Running,
    Soon,
    Late,
}

/// The day on which the pages are read.
#[derive(Debug)]
pub struct Today<'a> {
    calendar: &'a Calendar,
    now: DateTime<Utc>,
    /// The last moment that counts as soon.
    pub soon: DateTime<Utc>,
}

impl<'a> Today<'a> {
    /// The day of `now`.
    #[must_use]
    pub fn new(calendar: &'a Calendar, now: DateTime<Utc>) -> Self {
        let soon = rome_end_of_day(calendar.add_working_days(rome_date(now), SOON_WORKING_DAYS));
        Self { calendar, now, soon }
    }

    /// When the answer is due; nothing is due any more once the work order is closed.
    #[must_use]
    pub fn due(&self, order: &work_order::Model, kind: Option<&request_kind::Model>) -> Option<Due> {
        if order.closed_at.is_some() {
            return None;
        }
        let state = if self.now > order.due_at {
            State::Late
        } else if order.due_at <= self.soon {
            State::Soon
        } else {
            State::Running
        };
        Some(Due {
            at: order.due_at,
            by_the_hour: kind.is_some_and(|kind| kind.limit_hours.is_some()),
            working_days_left: self
                .calendar
                .working_days_between(rome_date(self.now), rome_date(order.due_at)),
            state,
        })
    }
}

#[cfg(test)]
mod tests {
    use entity::work_order::{Identified, Model, Status};
    use uuid::Uuid;

    use super::*;

    fn order(due_at: &str) -> Model {
        let due_at = due_at.parse().unwrap();
        Model {
            id: Uuid::nil(),
            organisation_id: Uuid::nil(),
            year: 2026,
            number: 1,
            kind_id: Uuid::nil(),
            status: Status::New,
            assignee_id: None,
            taxpayer_id: Uuid::nil(),
            identified: Identified::Unknown,
            subject: String::new(),
            subject_folded: String::new(),
            mailbox_id: None,
            sender_address: String::new(),
            received_at: due_at,
            due_at,
            survey: false,
            channel: entity::communication::Channel::Email,
            contests: 0,
            closed_at: None,
            follows_id: None,
            created_at: due_at,
        }
    }

    #[test]
    fn the_fifth_working_day_is_soon_and_the_sixth_is_not() {
        let friday = "2026-11-20T08:00:00Z".parse().unwrap();
        let calendar = Calendar::default();
        let today = Today::new(&calendar, friday);
        let stands = |due_at: &str| {
            let due = today.due(&order(due_at), None).unwrap();
            (due.state, due.working_days_left)
        };
        assert_eq!(stands("2026-11-27T22:59:59Z"), (State::Soon, 5));
        assert_eq!(stands("2026-11-30T22:59:59Z"), (State::Running, 6));
        assert_eq!(stands("2026-11-20T22:59:59Z"), (State::Soon, 0));
        assert_eq!(stands("2026-11-20T07:59:59Z"), (State::Late, 0));
    }

    #[test]
    fn nothing_is_due_once_it_is_closed() {
        let closed = Model { closed_at: Some(DateTime::UNIX_EPOCH), ..order("2026-11-20T08:00:00Z") };
        assert!(Today::new(&Calendar::default(), closed.due_at).due(&closed, None).is_none());
    }
}
