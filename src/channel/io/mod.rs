//! The line to IO's API, for those who send.
//!
//! Each institution has one budget of calls, however many services, keys and workers it has, so the way to a call is
//! [`Io`] (the process) → [`Institution`] (its address and its budget) → [`Service`] with the keys of a service, or
//! [`Management`] with the keys that manage. They are two types because IO answers the wrong sort of key with the words that
//! it has for a wrong address, and nobody would find out. An answer says what to do next ([`crate::domain::io::call`]).
//!
//! Codici fiscali stand in addresses and bodies: nothing of either is logged or put into an error.

mod answer;
mod line;
mod manage;
pub mod pace;
pub mod remote;
mod send;
mod wire;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use reqwest::{Client, redirect::Policy, retry};
use secrecy::SecretString;
use url::Url;
use uuid::Uuid;

pub use manage::{KeyPair, Management, Which};
pub use send::Service;
pub use wire::{Created, Managed, Topic};

use super::email::tls::Trust;
use crate::domain::{endpoint, io::call::Failure};
use pace::{Pace, Turn};

/// Calls in a second, when nothing else is said. IO counts 150 in five seconds for an institution.
pub const CALLS_PER_SECOND: u32 = 20;

/// How long an unused line is kept. A call on a line that the server has just closed has an unknown end.
const IDLE: Duration = Duration::from_secs(20);

/// How long is waited.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the line.
    pub connect: Duration,
    /// For the whole answer, line included.
    pub whole: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), whole: Duration::from_secs(30) }
    }
}

/// All lines to IO of this process. Cheap to clone: clones share lines and budgets.
#[derive(Clone, Debug)]
pub struct Io {
    client: Client,
    paces: Arc<Mutex<HashMap<(Url, Uuid), Pace>>>,
}

impl Io {
    /// A client that trusts whom our mail lines trust.
    ///
    /// # Errors
    /// The system gives no way to make one.
    pub fn new(trust: &Trust, patience: Patience) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .tls_backend_preconfigured((*trust.config()).clone())
            .user_agent(concat!("riscontro/", env!("CARGO_PKG_VERSION")))
            // Whoever is sent elsewhere takes the key along.
            .redirect(Policy::none())
            // Nobody but the outbox decides what is sent twice.
            .retry(retry::never())
            .referer(false)
            .no_proxy()
            .connect_timeout(patience.connect)
            .timeout(patience.whole)
            .pool_idle_timeout(IDLE)
            .build()?;
        Ok(Self { client, paces: Arc::default() })
    }

    /// The line of an institution. `base` is IO's address with its path (`https://api.io.pagopa.it/api/v1`), `organisation` who
    /// calls, `calls_per_second` its budget.
    ///
    /// # Errors
    /// Keys could be read on the way to `base`, or it is no address.
    pub fn institution(
        &self,
        base: &str,
        organisation: Uuid,
        calls_per_second: u32,
    ) -> Result<Institution, endpoint::Unfit> {
        let mut base = endpoint::read(base)?;
        base.set_query(None);
        let mut paces = self.paces.lock().unwrap_or_else(PoisonError::into_inner);
        let pace = paces.entry((base.clone(), organisation)).or_insert_with(|| Pace::new(calls_per_second));
        pace.set(calls_per_second);
        Ok(Institution { client: self.client.clone(), base, pace: pace.clone() })
    }
}

/// The keys of a service, or those that manage. They are worth the same; there are two so that one can be made anew while the
/// other works.
#[derive(Clone, Debug)]
pub struct Keys {
    /// The one to use.
    pub first: SecretString,
    /// The one to use when the first is refused.
    pub second: Option<SecretString>,
}

/// The line of one institution.
#[derive(Clone, Debug)]
pub struct Institution {
    client: Client,
    base: Url,
    pace: Pace,
}

impl Institution {
    /// A service of theirs, with its own keys.
    #[must_use]
    pub fn service(&self, keys: Keys) -> Service {
        Service::new(self.clone(), keys)
    }

    /// Waits until one more call fits into the budget.
    async fn turn(&self) -> Result<Turn, Failure> {
        self.pace.turn().await.map_err(|time| Failure::Wait { time })
    }

    /// All their services, with the keys that manage.
    #[must_use]
    pub fn management(&self, keys: Keys) -> Management {
        Management::new(self.clone(), keys)
    }
}
