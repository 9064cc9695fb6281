//! When a thing that failed is tried again.

use chrono::Duration;
use uuid::Uuid;

/// Pause before attempt `attempts + 1` of a letter: one minute, then five times as long each time, at most four hours,
/// up to a fifth shorter by the letter's id so that letters which failed together do not return together.
#[must_use]
pub fn letter_pause(attempts: i32, id: Uuid) -> Duration {
    let exponent = u32::try_from(attempts.clamp(1, 8) - 1).unwrap_or(0);
    let seconds = (60 * 5_i64.pow(exponent)).min(4 * 3600);
    let spread = i64::from(id.as_bytes()[15]) * seconds / (5 * 256);
    Duration::seconds(seconds - spread)
}

/// Pause before an incoming mail that could not be handled is tried again: half a minute, doubled each time.
#[must_use]
pub fn mail_pause(attempts: i32) -> Duration {
    Duration::seconds(30 << attempts.clamp(0, 10))
}

/// Pause before a mailbox that could not be read is tried again: doubled from two seconds to five minutes, with
/// `jitter` (0 to 1) spreading it over its second half.
#[must_use]
pub fn mailbox_pause(failures: u32, jitter: f64) -> std::time::Duration {
    let seconds = f64::from(1_u32 << failures.clamp(1, 9)).min(300.0);
    std::time::Duration::from_secs_f64(seconds / 2.0 * (1.0 + jitter.clamp(0.0, 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_waits_longer_each_time_and_never_more_than_four_hours() {
        let id = Uuid::nil();
        let pauses: Vec<_> = (1..=6).map(|attempt| letter_pause(attempt, id).num_minutes()).collect();
        assert_eq!(pauses, [1, 5, 25, 125, 240, 240]);
        assert!(letter_pause(i32::MAX, Uuid::max()) >= Duration::hours(3));
    }

    #[test]
    fn a_mailbox_is_left_alone_for_at_most_five_minutes() {
        assert_eq!(mailbox_pause(1, 0.0).as_secs(), 1);
        assert_eq!(mailbox_pause(u32::MAX, 1.0).as_secs(), 300);
    }
}
