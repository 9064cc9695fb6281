//! Room for large forms. What is being read lies in memory until it is stored, and a slow line takes minutes: without a bound a
//! few dozen phones, or one person with a script, fill the machine. So who sends a form with files first gets room for all of it,
//! or is asked to come back; the room is given back when the answer is ready, or nobody waits for it any more.
//!
//! Room is given for what the head of the request announces, not for what has come: who announces much and sends little holds
//! it as long as the page's patience lasts, but only the share of one network.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::http::{HeaderMap, header};

use super::Wait;

/// How long who finds no room is asked to wait, in seconds: most photos have come by then.
const WAIT: Wait = Wait { seconds: 60 };
/// One network gets this part of all there is.
const SHARE: usize = 4;

/// All the room there is. Copies share it.
#[derive(Clone, Debug)]
pub(super) struct Rooms {
    total: usize,
    /// Largest form that is read at all.
    longest: usize,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Debug, Default)]
struct Taken {
    bytes: usize,
    by_asker: HashMap<String, usize>,
}

/// Room for one form, until this is dropped.
#[derive(Debug)]
pub struct Room {
    rooms: Rooms,
    asker: String,
    bytes: usize,
}

impl Rooms {
    /// `total`: bytes of all forms that are read at the same time; `longest`: bytes of the largest.
    pub(super) fn new(total: usize, longest: usize) -> Self {
        Self { total, longest, taken: Arc::default() }
    }

    /// Room for a form with this head. Who does not say how much comes gets room for the most. `asker`: who shares a part with
    /// others; empty when unknown, and then only the total counts.
    pub(super) fn take(&self, asker: &str, headers: &HeaderMap) -> Result<Room, Wait> {
        let announced =
            headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        let bytes = announced.unwrap_or(self.longest).min(self.longest);
        let mut taken = self.lock();
        let before = taken.by_asker.get(asker).copied().unwrap_or(0);
        // However small the share, one form fits into it.
        let share = (self.total / SHARE).max(self.longest);
        if taken.bytes + bytes > self.total || !asker.is_empty() && before + bytes > share {
            return Err(WAIT);
        }
        taken.bytes += bytes;
        taken.by_asker.insert(asker.to_owned(), before + bytes);
        drop(taken);
        Ok(Room { rooms: self.clone(), asker: asker.to_owned(), bytes })
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut taken = self.rooms.lock();
        taken.bytes -= self.bytes;
        if let Some(of_asker) = taken.by_asker.get_mut(&self.asker) {
            *of_asker -= self.bytes;
            if *of_asker == 0 {
                taken.by_asker.remove(&self.asker);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn announcing(bytes: usize) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_LENGTH, HeaderValue::from(bytes))])
    }

    #[test]
    fn a_network_gets_its_share_and_all_together_get_the_total() {
        let rooms = Rooms::new(100, 20);
        let first = rooms.take("a", &announcing(20)).unwrap();
        assert_eq!(rooms.take("a", &announcing(6)).unwrap_err(), WAIT, "a quarter is 25");
        let rest = rooms.take("a", &announcing(5)).unwrap();
        let others: Vec<Room> =
            ["b", "c", "d"].iter().map(|asker| rooms.take(asker, &announcing(20)).unwrap()).collect();
        assert!(rooms.take("e", &announcing(16)).is_err(), "15 are left of all");
        drop(first);
        assert!(rooms.take("a", &announcing(20)).is_ok(), "room is given back");
        drop((rest, others));
        let taken = rooms.lock();
        assert_eq!((taken.bytes, taken.by_asker.len()), (0, 0));
    }

    #[test]
    fn who_does_not_say_how_much_comes_gets_room_for_the_most() {
        let rooms = Rooms::new(50, 20);
        let unsaid = rooms.take("", &HeaderMap::new()).unwrap();
        let lying = HeaderMap::from_iter([(header::CONTENT_LENGTH, HeaderValue::from_static("-1"))]);
        let unread = rooms.take("", &lying).unwrap();
        assert_eq!((unsaid.bytes, unread.bytes), (20, 20));
        let huge = HeaderMap::from_iter([(header::CONTENT_LENGTH, HeaderValue::from(u64::MAX))]);
        assert!(rooms.take("", &huge).is_err(), "as much as is read, and no more is left");
        assert!(rooms.take("", &announcing(10)).is_ok(), "an unknown network has no share of its own");
    }
}
