//! When does a mailbox need a person? A mailbox that fails in silence loses citizens' time: the legal terms run from the
//! moment in which the mail reached the server.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use entity::mailbox;

use super::calendar::rome_date;

/// What is known of a mailbox's health.
#[expect(clippy::struct_excessive_bools, reason = "each is a trouble of its own, and they come together")]
#[derive(Clone, Copy, Debug)]
pub struct Health {
    /// It rests on purpose.
    pub paused: bool,
    /// Last complete look at its server, or its first day.
    pub looked_at: DateTime<Utc>,
    /// The reading server refuses our account.
    pub refused: bool,
    /// The sending server refuses our account.
    pub exit_refused: bool,
    /// The provider refuses to renew our permission to sign in.
    pub grant_refused: bool,
    /// Day on which its password expires.
    pub password_expires_on: Option<NaiveDate>,
    /// When the administrators were last written to.
    pub warned_at: Option<DateTime<Utc>>,
}

/// Of a mailbox as it is stored; that a grant is refused stands in another table.
impl From<&mailbox::Model> for Health {
    fn from(mailbox: &mailbox::Model) -> Self {
        Self {
            paused: mailbox.paused,
            looked_at: mailbox.last_success_at.unwrap_or(mailbox.created_at),
            refused: mailbox.refused,
            exit_refused: mailbox.exit_error.is_some(),
            grant_refused: false,
            password_expires_on: mailbox.password_expires_on,
            warned_at: mailbox.warned_at,
        }
    }
}

impl Health {
    /// The same, not counting the time before `began`.
    #[must_use]
    pub fn since(self, began: DateTime<Utc>) -> Self {
        Self { looked_at: self.looked_at.max(began), ..self }
    }
}

/// What is wrong with a mailbox, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// The reading server does not let us in: waiting does not help.
    Refused,
    /// No complete look since the given instant: nobody knows what waits there.
    Silent(DateTime<Utc>),
    /// The sending server refuses our account: no letter leaves.
    Exit,
    /// The provider does not renew our permission to sign in: it ends with the token.
    Grant,
    /// The password expired on that day, as far as was noted.
    Expired(NaiveDate),
    /// It expires on that day.
    Expires(NaiveDate),
}

/// Days before its end from which a password is spoken of, and those on which it is written about.
const EXPIRES_SOON: i64 = 15;
/// See `EXPIRES_SOON`.
const WRITTEN_DAYS: [i64; 3] = [15, 7, 1];

/// What is wrong with a mailbox now; nothing with one that rests on purpose. `minutes` without a complete look are too many.
#[must_use]
pub fn troubles(mailbox: &Health, now: DateTime<Utc>, minutes: i64) -> Vec<Trouble> {
    if mailbox.paused {
        return Vec::new();
    }
    let mut troubles = Vec::new();
    if mailbox.refused {
        troubles.push(Trouble::Refused);
    } else if now - mailbox.looked_at >= Duration::minutes(minutes) {
        troubles.push(Trouble::Silent(mailbox.looked_at));
    }
    if mailbox.exit_refused {
        troubles.push(Trouble::Exit);
    }
    if mailbox.grant_refused {
        troubles.push(Trouble::Grant);
    }
    if let Some(day) = mailbox.password_expires_on {
        let days = (day - rome_date(now)).num_days();
        if days < 0 {
            troubles.push(Trouble::Expired(day));
        } else if days <= EXPIRES_SOON {
            troubles.push(Trouble::Expires(day));
        }
    }
    troubles
}

/// Whether the administrators are to be written to now: when trouble begins, then once a day while it lasts; about a password
/// when fifteen, seven and one day are left, or as soon after that as we know of it.
#[must_use]
pub fn is_to_be_written(mailbox: &Health, troubles: &[Trouble], now: DateTime<Utc>) -> bool {
    let Some(warned) = mailbox.warned_at else {
        return troubles
            .iter()
            .any(|trouble| !matches!(trouble, Trouble::Expires(day) if urgency(*day, now) == 0));
    };
    let another_day = rome_date(warned) < rome_date(now);
    troubles.iter().any(|trouble| match trouble {
        Trouble::Silent(since) => another_day || *since > warned,
        Trouble::Refused | Trouble::Exit | Trouble::Grant | Trouble::Expired(_) => another_day,
        Trouble::Expires(day) => urgency(*day, warned) < urgency(*day, now),
    })
}

/// How many of the days on which a password is written about have come.
fn urgency(day: NaiveDate, at: DateTime<Utc>) -> usize {
    let left = (day - rome_date(at)).num_days();
    WRITTEN_DAYS.iter().filter(|days| left <= **days).count()
}

/// Whether a server is to be compared with the ledger now: once a night, after `hour` in Italian time, and when somebody asks.
#[must_use]
pub fn reconcile_is_due(mailbox: &mailbox::Model, now: DateTime<Utc>, hour: u32) -> bool {
    let Some(done) = mailbox.reconciled_at else { return true };
    let asked = mailbox.reconcile_asked_at.is_some_and(|asked| asked > done);
    // The night of a moment is the day that began at the hour before it.
    let night = |at: DateTime<Utc>| rome_date(at - Duration::hours(hour.into()));
    asked || night(done) < night(now)
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    fn mailbox(now: DateTime<Utc>) -> Health {
        Health {
            paused: false,
            looked_at: now,
            refused: false,
            exit_refused: false,
            grant_refused: false,
            password_expires_on: None,
            warned_at: None,
        }
    }

    #[test]
    fn silence_is_noticed_after_the_minutes_that_were_set() {
        let now = Utc.with_ymd_and_hms(2026, 3, 2, 8, 0, 0).unwrap();
        let silent = mailbox(now);
        assert_eq!(troubles(&silent, now + Duration::minutes(29), 30), []);
        assert_eq!(troubles(&silent, now + Duration::minutes(30), 30), [Trouble::Silent(now)]);
        let paused = Health { paused: true, ..silent };
        assert_eq!(troubles(&paused, now + Duration::days(3), 30), []);
    }

    #[test]
    fn a_password_is_written_about_on_three_days_and_once_a_day() {
        let now = Utc.with_ymd_and_hms(2026, 3, 2, 8, 0, 0).unwrap();
        let on = |days| Health {
            password_expires_on: Some(rome_date(now) + Duration::days(days)),
            ..mailbox(now)
        };
        let written = |days: i64| is_to_be_written(&on(days), &troubles(&on(days), now, 30), now);
        let days: Vec<i64> = (-1..=20).filter(|days| written(*days)).collect();
        assert_eq!(days, (-1..=15).collect::<Vec<_>>(), "nobody was told yet");
        let told = |days: i64, before: i64| {
            let at = now - Duration::days(before);
            let told = Health { warned_at: Some(at), ..on(days) };
            is_to_be_written(&told, &troubles(&told, now, 30), now)
        };
        assert!(
            told(7, 8) && !told(6, 1) && told(1, 6) && !told(14, 1),
            "on three days, whenever we are there"
        );
        let warned = Health { warned_at: Some(now), ..on(7) };
        assert!(!is_to_be_written(&warned, &troubles(&warned, now, 30), now));
    }

    #[test]
    fn a_new_silence_on_the_same_day_is_news() {
        let now = Utc.with_ymd_and_hms(2026, 3, 2, 8, 0, 0).unwrap();
        let again = Health { warned_at: Some(now - Duration::hours(2)), ..mailbox(now - Duration::hours(1)) };
        let found = troubles(&again, now, 30);
        assert!(is_to_be_written(&again, &found, now));
        let same = Health { warned_at: Some(now - Duration::minutes(10)), ..again };
        assert!(!is_to_be_written(&same, &found, now));
    }
}
