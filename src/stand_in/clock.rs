//! The stand-in's own clock: the machine's, or one that a test holds, and in both cases one that can be moved forward, so that a
//! week of IO passes in a moment.

use chrono::{DateTime, TimeDelta, Utc};

/// Whose time it is.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    held: Option<DateTime<Utc>>,
    ahead: TimeDelta,
}

impl Clock {
    /// The machine's time.
    pub const MACHINE: Self = Self { held: None, ahead: TimeDelta::zero() };

    /// A time that stands still until it is moved.
    #[must_use]
    pub const fn held(at: DateTime<Utc>) -> Self {
        Self { held: Some(at), ahead: TimeDelta::zero() }
    }

    /// What it shows.
    #[expect(clippy::disallowed_methods, reason = "the stand-in is another house, and this is its door")]
    pub fn now(&self) -> DateTime<Utc> {
        self.held.unwrap_or_else(Utc::now).checked_add_signed(self.ahead).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Moves it forward.
    pub fn advance(&mut self, by: TimeDelta) {
        self.ahead = self.ahead.checked_add(&by).unwrap_or(self.ahead);
    }
}

/// An identifier as IO makes them: 48 bits of time, 80 of chance, in Crockford's base 32.
pub fn ulid(now: DateTime<Utc>) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let millis = u128::from(now.timestamp_millis().unsigned_abs()) & ((1 << 48) - 1);
    let bits = millis << 80 | rand::random::<u128>() >> 48;
    (0..26)
        .rev()
        .map(|place| {
            let five = (bits >> (place * 5)) & 31;
            char::from(ALPHABET[usize::try_from(five).unwrap_or_default()])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_sort_by_time() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let (first, later) = (ulid(now), ulid(now + TimeDelta::milliseconds(1)));
        assert!(first < later && first != ulid(now));
        assert!(super::super::codec::is_ulid(&first), "{first}");
    }
}
