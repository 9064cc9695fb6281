//! How fast an institution may call.
//!
//! IO counts the calls of all its services and keys together, in windows of five seconds (`_base_policy.xml` of pagopa/io-infra).
//! So there is one bucket for all who call in this process. It gives some calls at once, so that a page with three
//! of them does not wait, and the rest evenly; what it gives at once is taken off the rest, so that no window of five seconds,
//! wherever it begins, holds more than the budget. After a refusal nobody calls before the time that IO has named.
//! Several copies of the program each have their own bucket: the budget is to be divided among them.

use std::{
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock, Reference},
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed},
};
use tokio::time::Instant;

/// The window in which IO counts.
const WINDOW: Duration = Duration::from_secs(5);

type Bucket<C> = RateLimiter<NotKeyed, InMemoryState, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// The right to one call. Made only by [`Pace::turn`], and used up by the call.
#[derive(Debug)]
pub struct Turn(());

/// The pace of one institution. Clones are the same one.
#[derive(Clone, Debug)]
pub struct Pace {
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug)]
struct Shared {
    calls_per_second: u32,
    bucket: Arc<Bucket<Since>>,
    held_until: Option<Instant>,
}

impl Pace {
    /// A pace of so many calls in a second; 0 counts as 1.
    #[must_use]
    pub fn new(calls_per_second: u32) -> Self {
        let bucket = Arc::new(bucket(calls_per_second, Since(Instant::now())));
        Self { shared: Arc::new(Mutex::new(Shared { calls_per_second, bucket, held_until: None })) }
    }

    /// Changes the number of calls in a second, for all. What IO has asked for stays.
    pub fn set(&self, calls_per_second: u32) {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        if shared.calls_per_second != calls_per_second {
            shared.calls_per_second = calls_per_second;
            shared.bucket = Arc::new(bucket(calls_per_second, Since(Instant::now())));
        }
    }

    /// Waits for one's turn.
    ///
    /// # Errors
    /// IO has asked all of them to wait, for so long still: nobody sits it out here, because a page or a worker has other things
    /// to do meanwhile.
    pub async fn turn(&self) -> Result<Turn, Duration> {
        loop {
            let bucket = {
                let shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
                let left = shared.held_until.map(|until| until.saturating_duration_since(Instant::now()));
                if let Some(left) = left.filter(|left| !left.is_zero()) {
                    return Err(left);
                }
                shared.bucket.clone()
            };
            match bucket.check() {
                Ok(()) => return Ok(Turn(())),
                Err(early) => tokio::time::sleep(early.wait_time_from(bucket.clock().now())).await,
            }
        }
    }

    /// Nobody calls for so long from now.
    pub fn hold(&self, time: Duration) {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let until = Instant::now() + time;
        shared.held_until = Some(shared.held_until.map_or(until, |held| held.max(until)));
    }
}

/// `at_once + window / period` calls at most fit into a window, and that is the budget.
fn bucket<C: Clock>(calls_per_second: u32, clock: C) -> Bucket<C> {
    let budget = calls_per_second.clamp(1, 1000) * 5;
    let at_once = (budget / 20).max(1);
    let period = WINDOW / (budget - at_once);
    let quota = Quota::with_period(period).expect("a window divided by a small number is not nothing");
    let at_once = NonZeroU32::new(at_once).expect("at least one");
    RateLimiter::direct_with_clock(quota.allow_burst(at_once), clock)
}

/// The runtime's clock, which is also the one that sleeps.
#[derive(Clone, Copy, Debug)]
struct Since(Instant);

impl Clock for Since {
    type Instant = Moment;

    fn now(&self) -> Moment {
        Moment(self.0.elapsed())
    }
}

/// Time since the bucket was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Moment(Duration);

impl std::ops::Add<governor::nanos::Nanos> for Moment {
    type Output = Self;

    fn add(self, time: governor::nanos::Nanos) -> Self {
        Self(self.0 + Duration::from(time))
    }
}

impl Reference for Moment {
    fn duration_since(&self, earlier: Self) -> governor::nanos::Nanos {
        self.0.saturating_sub(earlier.0).into()
    }

    fn saturating_sub(&self, time: governor::nanos::Nanos) -> Self {
        Self(self.0.saturating_sub(time.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use governor::clock::FakeRelativeClock;

    /// When the greedy get their turn, in a time that the test makes.
    fn turns(calls_per_second: u32, pauses: &[Duration]) -> Vec<Duration> {
        let clock = FakeRelativeClock::default();
        let bucket = bucket(calls_per_second, clock.clone());
        let (mut now, mut turns) = (Duration::ZERO, Vec::new());
        let step = Duration::from_millis(1);
        for pause in pauses {
            for _ in 0..12_000 {
                while bucket.check().is_ok() {
                    turns.push(now);
                }
                clock.advance(step);
                now += step;
            }
            clock.advance(*pause);
            now += *pause;
        }
        turns
    }

    #[test]
    fn trap_03_no_window_of_five_seconds_holds_more_than_the_budget() {
        for calls_per_second in [1, 2, 3, 7, 20, 50] {
            // Breaks fill the bucket: what was saved up must not come on top.
            let turns = turns(
                calls_per_second,
                &[Duration::from_secs(30), Duration::from_millis(2_500), Duration::ZERO],
            );
            let budget = calls_per_second as usize * 5;
            for (at, first) in turns.iter().enumerate() {
                let window = turns[at..].iter().take_while(|turn| **turn < *first + WINDOW).count();
                assert!(window <= budget, "{window} of {budget} from {first:?}");
            }
            assert!(turns.len() >= budget * 6 * 4 / 5, "{} turns: the budget is used, too", turns.len());
        }
    }

    #[tokio::test]
    async fn trap_03_when_io_asks_to_wait_everybody_waits() {
        let pace = Pace::new(20);
        assert!(pace.turn().await.is_ok());
        let other = pace.clone();
        other.hold(Duration::from_mins(10));
        other.hold(Duration::from_secs(1));
        assert!(pace.turn().await.is_err_and(|left| left > Duration::from_mins(5)), "the longer holds");
        pace.set(10);
        assert!(pace.turn().await.is_err());
    }
}
