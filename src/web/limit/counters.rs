//! The counters themselves: one for each rate in use, each with its keys.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, Reference},
    middleware::StateInformationMiddleware,
    state::keyed::HashMapStateStore,
};

use super::{Rate, Standing, Wait};
use crate::app::Clock;

/// Keys of one rate that are remembered, at most: some ten megabytes.
const KEYS: usize = 50_000;

/// The house's clock as the counters read it.
#[derive(Clone, Debug)]
struct Hand(Clock);

impl governor::clock::Clock for Hand {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.now().timestamp_micros()).unwrap_or(0))
    }
}

type Counter = RateLimiter<String, HashMapStateStore<String>, Hand, StateInformationMiddleware>;

/// The counters. Copies share them.
#[derive(Clone, Debug)]
pub(super) struct Counters {
    hand: Hand,
    measures: Arc<Mutex<HashMap<Rate, Arc<Counter>>>>,
    /// What was spent in vain, and when it was given back: a measure itself comes back by time alone.
    returned: Arc<Mutex<HashMap<(Rate, String), Returned>>>,
}

/// How many, and when the last one.
type Returned = (u32, Duration);

impl Counters {
    /// Counters that begin at nothing.
    pub(super) fn new(clock: Clock) -> Self {
        Self { hand: Hand(clock), measures: Arc::default(), returned: Arc::default() }
    }

    /// Spends so many at once, or none.
    pub(super) fn spend(&self, rate: Rate, key: &str, many: NonZeroU32) -> Standing {
        let seconds = match self.counter(rate).check_key_n(&key.to_owned(), many) {
            Ok(Ok(left)) => {
                return Standing { rate, remaining: left.remaining_burst_capacity(), wait: None };
            }
            Ok(Err(not_until)) => {
                let wait = not_until.earliest_possible().duration_since(self.hand.now()).as_u64();
                wait.div_ceil(1_000_000_000).max(1)
            }
            // More than the whole measure: it will never be there.
            Err(_) => rate.within.as_secs(),
        };
        Standing { rate, remaining: 0, wait: Some(Wait { seconds }) }
    }

    /// One was spent in vain.
    pub(super) fn give_back(&self, rate: Rate, key: String) {
        let mut returned = self.returned();
        if returned.len() >= KEYS {
            tracing::warn!("too many senders to whom something was given back: beginning again");
            returned.clear();
        }
        let (many, at) = returned.entry((rate, key)).or_default();
        (*many, *at) = ((*many + 1).min(rate.most), self.hand.now());
    }

    /// Takes one of those; gives whether there was one that still counts.
    pub(super) fn take_back(&self, rate: Rate, key: &str) -> bool {
        let mut returned = self.returned();
        let key = (rate, key.to_owned());
        let Some((many, at)) = returned.remove(&key) else { return false };
        let counts = self.hand.now().saturating_sub(at) < rate.within;
        if counts && many > 1 {
            returned.insert(key, (many - 1, at));
        }
        counts
    }

    fn returned(&self) -> MutexGuard<'_, HashMap<(Rate, String), Returned>> {
        self.returned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn counter(&self, rate: Rate) -> Arc<Counter> {
        let mut counters = self.measures.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(counter) = counters.get(&rate) {
            if counter.len() < KEYS {
                return counter.clone();
            }
            counter.retain_recent();
            // Were next to nothing freed, each request to come would look through all of them again.
            if counter.len() < KEYS / 10 * 9 {
                return counter.clone();
            }
            tracing::warn!("too many senders to count: beginning again");
        }
        let counter = Arc::new(Counter::new(quota(rate), HashMapStateStore::default(), self.hand.clone()));
        counters.insert(rate, counter.clone());
        counter
    }
}

fn quota(rate: Rate) -> Quota {
    let most = NonZeroU32::new(rate.most).unwrap_or(NonZeroU32::MIN);
    let one = (rate.within / most.get()).max(Duration::from_nanos(1));
    Quota::with_period(one).expect("more than nothing").allow_burst(most)
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::*;

    fn counters() -> (Counters, Arc<Mutex<chrono::DateTime<Utc>>>) {
        let time = Arc::new(Mutex::new(Utc.with_ymd_and_hms(2026, 3, 2, 8, 0, 0).unwrap()));
        (Counters::new(Clock::Set(time.clone())), time)
    }

    fn spend(counters: &Counters, rate: Rate, key: &str) -> Standing {
        counters.spend(rate, key, NonZeroU32::MIN)
    }

    #[test]
    fn a_measure_is_spent_and_comes_back() {
        let (counters, time) = counters();
        let rate = Rate::per_minute(3);
        let remaining: Vec<u32> = (0..3).map(|_| spend(&counters, rate, "a").remaining).collect();
        assert_eq!(remaining, [2, 1, 0]);
        let refused = spend(&counters, rate, "a");
        assert_eq!(refused.judged(), Err(Wait { seconds: 20 }));
        assert_eq!(spend(&counters, rate, "b").judged(), Ok(()), "another sender");
        *time.lock().unwrap() += chrono::Duration::seconds(20);
        assert_eq!(spend(&counters, rate, "a").judged(), Ok(()));
        assert!(spend(&counters, rate, "a").judged().is_err());
        *time.lock().unwrap() -= chrono::Duration::hours(1);
        assert!(spend(&counters, rate, "a").judged().is_err(), "a clock that goes back gives nothing away");
    }

    #[test]
    fn a_flood_of_senders_takes_no_more_than_its_room() {
        let (counters, _) = counters();
        let rate = Rate::per_hour(1);
        for sender in 0..KEYS + 10 {
            assert_eq!(spend(&counters, rate, &sender.to_string()).judged(), Ok(()));
        }
        assert!(counters.counter(rate).len() <= KEYS);
        assert!(
            spend(&counters, rate, &(KEYS + 9).to_string()).judged().is_err(),
            "the newest is still counted"
        );
    }
}
