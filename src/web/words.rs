//! Small pieces of Italian that several pages say from code, and not from a template.

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Rome;

/// `21/11/2026 9:12`, in Italy's time.
#[must_use]
pub fn moment(at: DateTime<Utc>) -> String {
    at.with_timezone(&Rome).format("%d/%m/%Y %-H:%M").to_string()
}

/// `20 MB`: whole megabytes, rounded down, since it is a limit.
#[must_use]
pub fn megabytes(bytes: usize) -> String {
    format!("{} MB", bytes / 1_000_000)
}

/// A wait that a person can plan with: seconds up to a minute, then minutes.
#[must_use]
pub fn wait(seconds: i64) -> String {
    match seconds {
        ..=1 => "un secondo".to_owned(),
        2..=60 => format!("{seconds} secondi"),
        61..=120 => "due minuti".to_owned(),
        _ => format!("{} minuti", (seconds + 59) / 60),
    }
}
