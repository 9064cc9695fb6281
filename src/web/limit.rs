//! How much one may ask for, and how kindly it is said.
//!
//! Counted in the memory of this process, on the house's own clock: a limit keeps one sender from taking the others' turn,
//! it is no account book. With several copies of the program each counts for itself. The memory is bounded: what is as good
//! as new is forgotten, and if that is not enough, everything is, because citizens of a flooded portal must still be served.

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, Reference},
    middleware::StateInformationMiddleware,
    state::keyed::HashMapStateStore,
};
use uuid::Uuid;

use super::error::Error;
use crate::app::{App, Clock};

/// Keys of one rate that are remembered, at most: some ten megabytes.
const KEYS: usize = 50_000;

/// So many in such a time. A full measure may be spent at once and comes back little by little.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rate {
    /// How many; 0 counts as 1.
    pub most: u32,
    /// In which time.
    pub within: Duration,
}

impl Rate {
    /// So many in a minute.
    #[must_use]
    pub fn per_minute(most: u32) -> Self {
        Self { most, within: Duration::from_mins(1) }
    }

    /// So many in an hour.
    #[must_use]
    pub fn per_hour(most: u32) -> Self {
        Self { most, within: Duration::from_hours(1) }
    }
}

/// What citizens may do without a key.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Forms, files and answers that come from one network.
    pub network: Rate,
    /// What is sent in the name of one address.
    pub address: Rate,
    /// Forms, files and answers to one organisation.
    pub organisation: Rate,
}

impl Rates {
    /// As the owner has set them. A school or an office behind one address must get through; an organisation has its whole
    /// town at once only when somebody makes it so.
    fn set(app: &App) -> Self {
        let portal = &app.config.portal;
        Self {
            network: Rate::per_minute(portal.per_network_minute),
            address: Rate::per_hour(portal.per_address_hour),
            organisation: Rate::per_minute(portal.per_organisation_minute),
        }
    }
}

/// Where somebody stands after asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    rate: Rate,
    remaining: u32,
    wait: Option<Wait>,
}

/// Not before so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// At least one.
    pub seconds: u64,
}

impl Wait {
    /// The field of the answer that says it to programs (RFC 9110 §10.2.3).
    #[must_use]
    pub fn header(self) -> (HeaderName, HeaderValue) {
        (header::RETRY_AFTER, HeaderValue::from(self.seconds))
    }
}

impl Standing {
    /// The wait, if there is one.
    ///
    /// # Errors
    /// How long.
    pub fn judged(self) -> Result<(), Wait> {
        self.wait.map_or(Ok(()), Err)
    }

    /// Says it in the fields of the answer: `RateLimit` and `RateLimit-Policy` as in draft-ietf-httpapi-ratelimit-headers,
    /// and the three fields of its first versions, which is what most libraries read.
    pub fn write(self, headers: &mut HeaderMap) {
        let Self { rate, remaining, .. } = self;
        let (most, window, reset) = (rate.most.max(1), rate.within.as_secs(), self.reset());
        let mut set = |name: &'static str, value: String| {
            let value = HeaderValue::from_str(&value).expect("numbers and plain signs");
            headers.insert(HeaderName::from_static(name), value);
        };
        set("ratelimit-policy", format!("\"key\";q={most};w={window}"));
        set("ratelimit", format!("\"key\";r={remaining};t={reset}"));
        set("ratelimit-limit", most.to_string());
        set("ratelimit-remaining", remaining.to_string());
        set("ratelimit-reset", reset.to_string());
        if let Some(wait) = self.wait {
            let (name, value) = wait.header();
            headers.insert(name, value);
        }
    }

    /// Seconds until the measure is full again.
    fn reset(self) -> u64 {
        let most = u64::from(self.rate.most.max(1));
        let spent = most.saturating_sub(u64::from(self.remaining));
        (spent * self.rate.within.as_secs()).div_ceil(most)
    }
}

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

/// The counters: one for each rate in use.
#[derive(Clone, Debug)]
pub struct Limits {
    hand: Hand,
    rates: Rates,
    counters: Arc<Mutex<HashMap<Rate, Arc<Counter>>>>,
}

impl Limits {
    /// Counters that begin at nothing.
    #[must_use]
    pub fn new(clock: Clock, rates: Rates) -> Self {
        Self { hand: Hand(clock), rates, counters: Arc::default() }
    }

    /// Spends one of `key`'s measure.
    #[must_use]
    pub fn spend(&self, rate: Rate, key: &str) -> Standing {
        match self.counter(rate).check_key(&key.to_owned()) {
            Ok(left) => Standing { rate, remaining: left.remaining_burst_capacity(), wait: None },
            Err(not_until) => {
                let wait = not_until.earliest_possible().duration_since(self.hand.now()).as_u64();
                let wait = Wait { seconds: wait.div_ceil(1_000_000_000).max(1) };
                Standing { rate, remaining: 0, wait: Some(wait) }
            }
        }
    }

    fn counter(&self, rate: Rate) -> Arc<Counter> {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(counter) = counters.get(&rate) {
            if counter.len() >= KEYS {
                counter.retain_recent();
            }
            if counter.len() < KEYS {
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

/// Under which name something is counted: no two sorts of sender share one, and no two organisations.
fn key(sort: &str, organisation: Uuid, sender: &str) -> String {
    format!("{sort} {} {sender}", organisation.simple())
}

/// May a citizen send this form, file or answer? `network` is [`crate::domain::network::network`] of the peer (empty when
/// unknown), `address` the email address in whose name something is sent (empty when there is none yet). A door asks before
/// it reads what was sent, and again with the address before it sends mail to it or in its name.
///
/// # Errors
/// How long to wait.
pub fn allow(limits: &Limits, organisation: Uuid, network: &str, address: &str) -> Result<(), Wait> {
    let rates = limits.rates;
    if !address.is_empty() {
        return limits.spend(rates.address, &key("address", organisation, &address.to_lowercase())).judged();
    }
    if !network.is_empty() {
        limits.spend(rates.network, &key("network", organisation, network)).judged()?;
    }
    limits.spend(rates.organisation, &key("organisation", organisation, "")).judged()
}

/// The counters of this router: a handler that takes [`Limits`] finds them here.
pub fn layer(app: &App) -> axum::Extension<Limits> {
    axum::Extension(Limits::new(app.clock.clone(), Rates::set(app)))
}

impl<S: Send + Sync> FromRequestParts<S> for Limits {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let found = parts.extensions.get::<Self>().cloned();
        found.ok_or_else(|| Error::Internal(anyhow::anyhow!("the counters' layer is missing")))
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::*;

    fn limits() -> (Limits, Arc<Mutex<chrono::DateTime<Utc>>>) {
        let time = Arc::new(Mutex::new(Utc.with_ymd_and_hms(2026, 3, 2, 8, 0, 0).unwrap()));
        (
            Limits::new(
                Clock::Set(time.clone()),
                Rates {
                    network: Rate::per_minute(120),
                    address: Rate::per_hour(10),
                    organisation: Rate::per_minute(6_000),
                },
            ),
            time,
        )
    }

    #[test]
    fn a_measure_is_spent_and_comes_back() {
        let (limits, time) = limits();
        let rate = Rate::per_minute(3);
        let remaining: Vec<u32> = (0..3).map(|_| limits.spend(rate, "a").remaining).collect();
        assert_eq!(remaining, [2, 1, 0]);
        let refused = limits.spend(rate, "a");
        assert_eq!(refused.judged(), Err(Wait { seconds: 20 }));
        assert_eq!(limits.spend(rate, "b").judged(), Ok(()), "another sender");
        *time.lock().unwrap() += chrono::Duration::seconds(20);
        assert_eq!(limits.spend(rate, "a").judged(), Ok(()));
        assert!(limits.spend(rate, "a").judged().is_err());
        *time.lock().unwrap() -= chrono::Duration::hours(1);
        assert!(limits.spend(rate, "a").judged().is_err(), "a clock that goes back gives nothing away");
    }

    #[test]
    fn an_answer_says_where_one_stands() {
        let (limits, _) = limits();
        let written = |standing: Standing| {
            let mut headers = HeaderMap::new();
            standing.write(&mut headers);
            let mut fields: Vec<String> =
                headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
            fields.sort();
            fields.join("\n")
        };
        insta::assert_snapshot!(written(limits.spend(Rate::per_minute(1), "a")), @r#"
        ratelimit-limit: 1
        ratelimit-policy: "key";q=1;w=60
        ratelimit-remaining: 0
        ratelimit-reset: 60
        ratelimit: "key";r=0;t=60
        "#);
        let refused = written(limits.spend(Rate::per_minute(1), "a"));
        assert!(refused.ends_with("retry-after: 60"), "{refused}");
    }

    #[test]
    fn a_flood_of_senders_takes_no_more_than_its_room() {
        let (limits, _) = limits();
        let rate = Rate::per_hour(1);
        for sender in 0..KEYS + 10 {
            assert_eq!(limits.spend(rate, &sender.to_string()).judged(), Ok(()));
        }
        assert!(limits.counter(rate).len() <= KEYS);
        assert!(limits.spend(rate, &(KEYS + 9).to_string()).judged().is_err(), "the newest is still counted");
    }

    #[test]
    fn networks_addresses_and_organisations_are_counted_apart() {
        let (limits, _) = limits();
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(limits.rates.address.most, 10);
        for _ in 0..10 {
            assert_eq!(allow(&limits, one, "n", "anna@libero.example"), Ok(()));
        }
        assert!(allow(&limits, one, "n", "Anna@Libero.example").is_err());
        assert_eq!(allow(&limits, other, "n", "anna@libero.example"), Ok(()));
        for _ in 0..limits.rates.network.most {
            assert_eq!(allow(&limits, one, "n", ""), Ok(()));
        }
        assert!(allow(&limits, one, "n", "").is_err());
        assert_eq!(allow(&limits, one, "m", ""), Ok(()));
        assert_eq!(
            allow(&limits, one, "", ""),
            Ok(()),
            "an unknown network counts for its organisation only"
        );
    }
}
