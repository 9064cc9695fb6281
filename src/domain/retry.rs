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

/// Pauses after the first attempts to call an app, in seconds; then six hours each time.
const MESSAGE_PAUSES: [i64; 5] = [10, 60, 5 * 60, 30 * 60, 2 * 3600];

/// Pause before attempt `attempts + 1` of a message to an app: quick at first, because most failures are a restart, then
/// patient, because the rest wait for somebody to come to work.
#[must_use]
pub fn message_pause(attempts: i32) -> Duration {
    let made = usize::try_from(attempts.max(1)).unwrap_or(1);
    Duration::seconds(MESSAGE_PAUSES.get(made - 1).copied().unwrap_or(6 * 3600))
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
    fn an_app_is_called_soon_again_and_then_four_times_a_day() {
        let pauses: Vec<_> = (1..=7).map(|attempt| message_pause(attempt).num_seconds()).collect();
        assert_eq!(pauses, [10, 60, 300, 1800, 7200, 21_600, 21_600]);
        assert_eq!(message_pause(0), message_pause(1));
    }

    #[test]
    fn a_mailbox_is_left_alone_for_at_most_five_minutes() {
        assert_eq!(mailbox_pause(1, 0.0).as_secs(), 1);
        assert_eq!(mailbox_pause(u32::MAX, 1.0).as_secs(), 300);
    }
}
