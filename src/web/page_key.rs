//! Where a page of a list begins, as it stands in an address: microseconds and id of a row that the reader has seen.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::store::{Page, Seek};

/// Time and id of a row.
pub type Key = (DateTime<Utc>, Uuid);

/// For an address.
#[must_use]
pub fn written((at, id): Key) -> String {
    format!("{}-{}", at.timestamp_micros(), id.simple())
}

/// Out of an address; `None` for whatever we did not write.
#[must_use]
pub fn read(key: &str) -> Option<Key> {
    let (at, id) = key.rsplit_once('-')?;
    Some((DateTime::from_timestamp_micros(at.parse().ok()?)?, Uuid::try_parse(id).ok()?))
}

/// The page that `after` or `before` ask for; the first when they ask for nothing that can be.
#[must_use]
pub fn page(after: Option<&str>, before: Option<&str>) -> Seek<Key> {
    match (after.and_then(read), before.and_then(read)) {
        (Some(key), _) => Seek::After(key),
        (None, Some(key)) => Seek::Before(key),
        (None, None) => Seek::Start,
    }
}

/// Addresses of the neighbouring pages.
#[derive(Debug, serde::Serialize)]
pub struct Pages {
    /// Of the page before, if there is one.
    pub previous: Option<String>,
    /// Of the page after, if there is one.
    pub next: Option<String>,
}

impl Pages {
    /// The neighbours of `page`; `href` gives the address of the page `after` or `before` a row.
    pub fn around<T>(page: &Page<T>, href: impl Fn(&'static str, &T) -> String) -> Self {
        Self {
            previous: page.rows.first().filter(|_| page.has_previous).map(|row| href("before", row)),
            next: page.rows.last().filter(|_| page.has_next).map(|row| href("after", row)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back_and_nothing_else_does() {
        for at in ["2026-11-21T08:12:00.123456Z", "1969-12-31T23:59:59Z"] {
            let key = (at.parse().unwrap(), Uuid::from_u128(9));
            assert_eq!(read(&written(key)), Some(key));
        }
        for nonsense in ["", "-", "1-2", "x-00000000000000000000000000000009", "99999999999999999999-0"] {
            assert_eq!(read(nonsense), None, "{nonsense}");
        }
    }
}
