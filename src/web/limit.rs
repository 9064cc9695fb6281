//! How much one may ask for, and how kindly it is said.
//!
//! What is counted apart, and why:
//! - forms, files and answers of a network, and of everybody at one organisation: asked before anything is read;
//! - pages that save themselves: who types slowly must not have used up what sending needs;
//! - forms in the name of an address, by who sends them: nobody can spend what belongs to somebody else by typing an address.
//!   How many letters an address gets, whoever asks, is `actions::errand`'s business, and shows on no page;
//! - letters that a network causes, to whichever addresses;
//! - bytes of files that a network leaves with us;
//! - memory for large forms (`room`).
//!
//! Counted in the memory of this process, on the house's own clock: a limit keeps one sender from taking the others' turn,
//! it is no account book. With several copies of the program each counts for itself. The memory is bounded: what is as good
//! as new is forgotten, and if that is not enough, everything is, because citizens of a flooded portal must still be served.

mod counters;
mod room;
mod standing;
mod turns;

use std::{num::NonZeroU32, time::Duration};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};
use uuid::Uuid;

use self::{counters::Counters, room::Rooms, turns::Turns};
pub use self::{
    room::Room,
    standing::{Standing, Wait},
    turns::Turn,
};
use super::{error::Error, upload};
use crate::{
    app::{App, Clock},
    domain::mail,
};

/// Pages that save themselves, in a minute from one network: many people typing at once.
const SAVES: Rate = Rate { most: 600, within: Duration::from_mins(1) };
/// In such pieces the bytes of files are counted.
const PIECE: usize = 1024;

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
    /// What one network, or app, sends in the name of one address; and, apart, what it asks to be sent there.
    pub address: Rate,
    /// Letters that one network causes.
    pub letters: Rate,
    /// Files of one network, in kilobytes.
    pub kilobytes: Rate,
    /// Forms, files and answers to one organisation.
    pub organisation: Rate,
}

impl Rates {
    /// As the owner has set them. A school or an office behind one address must get through; an organisation has its whole
    /// town at once only when somebody makes it so.
    fn set(app: &App) -> Self {
        let portal = &app.config.portal;
        let kilobytes = u32::try_from(portal.per_network_day_bytes / PIECE).unwrap_or(u32::MAX);
        Self {
            network: Rate::per_minute(portal.per_network_minute),
            address: Rate::per_hour(portal.per_address_hour),
            letters: Rate::per_hour(portal.per_network_letters_hour),
            kilobytes: Rate { most: kilobytes, within: Duration::from_hours(24) },
            organisation: Rate::per_minute(portal.per_organisation_minute),
        }
    }
}

/// Whether a letter that somebody asks for is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letter {
    /// Yes.
    Goes,
    /// Not again: who asks has asked often enough for this address. The page says what it always says.
    Enough,
    /// This network has caused many letters.
    Waits(Wait),
}

/// What is counted, and what is still free.
#[derive(Clone, Debug)]
pub struct Limits {
    counters: Counters,
    rates: Rates,
    rooms: Rooms,
    turns: Turns,
}

impl Limits {
    /// Counters that begin at nothing.
    #[must_use]
    fn new(clock: Clock, rates: Rates, rooms: Rooms) -> Self {
        Self { counters: Counters::new(clock), rates, rooms, turns: Turns::default() }
    }

    /// Spends one of `key`'s measure.
    #[must_use]
    pub fn spend(&self, rate: Rate, key: &str) -> Standing {
        self.counters.spend(rate, key, NonZeroU32::MIN)
    }
}

/// Under which name something is counted: no two sorts of sender share one, and no two organisations.
fn key(sort: &str, organisation: Uuid, sender: &str) -> String {
    format!("{sort} {} {sender}", organisation.simple())
}

/// The name of what is handed in by this network or app in the name of this address.
fn named(organisation: Uuid, asker: &str, address: &str) -> String {
    key("named", organisation, &format!("{asker} {}", mail::folded(address)))
}

/// What the doors ask. `network` is [`crate::domain::network::network`] of the peer, and empty when that is unknown; then only
/// what needs none is counted.
impl Limits {
    /// May a form, a file or an answer be sent? Asked before it is read.
    ///
    /// # Errors
    /// How long to wait.
    pub fn sends(&self, organisation: Uuid, network: &str) -> Result<(), Wait> {
        self.of_network(self.rates.network, "network", organisation, network).judged()?;
        self.spend(self.rates.organisation, &key("organisation", organisation, "")).judged()
    }

    /// May a page save itself?
    ///
    /// # Errors
    /// How long to wait.
    pub fn saves(&self, organisation: Uuid, network: &str) -> Result<(), Wait> {
        self.of_network(SAVES, "saves", organisation, network).judged()
    }

    /// May something be handed in by this network or app in the name of this address?
    ///
    /// # Errors
    /// How long to wait.
    pub fn named(&self, organisation: Uuid, asker: &str, address: &str) -> Result<(), Wait> {
        let key = named(organisation, asker, address);
        if self.counters.take_back(self.rates.address, &key) {
            return Ok(());
        }
        self.spend(self.rates.address, &key).judged()
    }

    /// What was handed in by [`Limits::named`] was not taken: it does not count.
    pub fn give_back(&self, organisation: Uuid, asker: &str, address: &str) {
        self.counters.give_back(self.rates.address, named(organisation, asker, address));
    }

    /// Waits until nobody else does what has this id.
    pub async fn turn(&self, id: Uuid) -> Turn {
        self.turns.take(id).await
    }

    /// May a form be handed in, in the name of an address to which that sends a letter? Who gives none causes none.
    ///
    /// # Errors
    /// How long to wait.
    pub fn hands_in(&self, organisation: Uuid, network: &str, address: &str) -> Result<(), Wait> {
        if address.is_empty() {
            return Ok(());
        }
        self.named(organisation, network, address)?;
        self.of_network(self.rates.letters, "letters", organisation, network).judged()
    }

    /// May this network or app ask for one more thing to be sent to this address?
    ///
    /// # Errors
    /// How long to wait.
    pub fn asks(&self, organisation: Uuid, asker: &str, address: &str) -> Result<(), Wait> {
        let pair = format!("{asker} {}", mail::folded(address));
        self.spend(self.rates.address, &key("asks", organisation, &pair)).judged()
    }

    /// Is a letter sent to an address that somebody has typed to get one? The answer says nothing of the address: what others
    /// have asked for it is not counted here.
    #[must_use]
    pub fn letter(&self, organisation: Uuid, network: &str, address: &str) -> Letter {
        if self.asks(organisation, network, address).is_err() {
            return Letter::Enough;
        }
        let caused = self.of_network(self.rates.letters, "letters", organisation, network).judged();
        caused.map_or_else(Letter::Waits, |()| Letter::Goes)
    }

    /// May so many bytes of files be stored?
    ///
    /// # Errors
    /// How long to wait.
    pub fn stores(&self, organisation: Uuid, network: &str, bytes: usize) -> Result<(), Wait> {
        let pieces = u32::try_from(bytes.div_ceil(PIECE)).unwrap_or(u32::MAX);
        let (false, Some(pieces)) = (network.is_empty(), NonZeroU32::new(pieces)) else { return Ok(()) };
        self.counters.spend(self.rates.kilobytes, &key("files", organisation, network), pieces).judged()
    }

    /// Room for a form with files, to be held until it is stored. `asker`: a network or an app.
    ///
    /// # Errors
    /// How long to wait.
    pub fn room(&self, asker: &str, headers: &HeaderMap) -> Result<Room, Wait> {
        self.rooms.take(asker, headers)
    }

    fn of_network(&self, rate: Rate, sort: &str, organisation: Uuid, network: &str) -> Standing {
        if network.is_empty() {
            return Standing { rate, remaining: rate.most, wait: None };
        }
        self.spend(rate, &key(sort, organisation, network))
    }
}

/// The counters of this router: a handler that takes [`Limits`] finds them here.
pub fn layer(app: &App) -> axum::Extension<Limits> {
    let longest = upload::longest(app.config.server.max_request_bytes);
    let rooms = Rooms::new(app.config.portal.bytes_in_flight, longest);
    axum::Extension(Limits::new(app.clock.clone(), Rates::set(app), rooms))
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
    use std::sync::{Arc, Mutex};

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
                    letters: Rate::per_hour(30),
                    kilobytes: Rate { most: 100, within: Duration::from_hours(24) },
                    organisation: Rate::per_minute(6_000),
                },
                Rooms::new(100, 20),
            ),
            time,
        )
    }

    #[test]
    fn networks_and_organisations_are_counted_apart() {
        let (limits, _) = limits();
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        for _ in 0..limits.rates.network.most {
            assert_eq!(limits.sends(one, "n"), Ok(()));
        }
        assert!(limits.sends(one, "n").is_err());
        assert_eq!(limits.sends(other, "n"), Ok(()));
        assert_eq!(limits.sends(one, "m"), Ok(()));
        assert_eq!(limits.sends(one, ""), Ok(()), "an unknown network counts for its organisation only");
        assert_eq!(limits.saves(one, "n"), Ok(()), "what saves itself has a measure of its own");
    }

    #[test]
    fn nobody_spends_what_belongs_to_the_holder_of_an_address() {
        let (limits, _) = limits();
        let one = Uuid::from_u128(1);
        let asked: Vec<Letter> =
            (0..12).map(|_| limits.letter(one, "stranger", "anna@libero.example")).collect();
        assert_eq!(asked.iter().filter(|letter| **letter == Letter::Goes).count(), 10);
        assert_eq!(asked[11], Letter::Enough, "and nothing is said about it");
        for _ in 0..10 {
            assert_eq!(limits.named(one, "stranger", "anna@libero.example"), Ok(()));
        }
        assert!(limits.named(one, "stranger", "Anna@Libero.example").is_err(), "the same address");
        assert_eq!(limits.letter(one, "hers", "anna@libero.example"), Letter::Goes);
        assert_eq!(limits.hands_in(one, "hers", "anna@libero.example"), Ok(()));
    }

    #[test]
    fn what_was_not_taken_does_not_count() {
        let (limits, time) = limits();
        let (one, anna) = (Uuid::from_u128(1), "anna@libero.example");
        for _ in 0..50 {
            assert_eq!(limits.named(one, "app", anna), Ok(()));
            limits.give_back(one, "app", anna);
        }
        for _ in 0..10 {
            assert_eq!(limits.named(one, "app", anna), Ok(()));
        }
        assert!(limits.named(one, "app", anna).is_err());
        limits.give_back(one, "app", anna);
        *time.lock().unwrap() += chrono::Duration::hours(2);
        let taken = (0..20).filter(|_| limits.named(one, "app", anna).is_ok()).count();
        assert_eq!(taken, 10, "what came back was for that hour");
    }

    #[test]
    fn a_network_causes_so_many_letters_to_whomever() {
        let (limits, _) = limits();
        let one = Uuid::from_u128(1);
        for n in 0..15 {
            assert_eq!(limits.letter(one, "n", &format!("a{n}@libero.example")), Letter::Goes);
            assert_eq!(limits.hands_in(one, "n", &format!("b{n}@libero.example")), Ok(()));
        }
        assert!(matches!(limits.letter(one, "n", "c@libero.example"), Letter::Waits(_)));
        assert!(limits.hands_in(one, "n", "c@libero.example").is_err());
        assert_eq!(limits.hands_in(one, "n", ""), Ok(()), "who gives no address causes no letter");
        assert_eq!(limits.letter(one, "m", "c@libero.example"), Letter::Goes);
    }

    #[test]
    fn files_of_a_day_are_weighed() {
        let (limits, time) = limits();
        let one = Uuid::from_u128(1);
        assert_eq!(limits.stores(one, "n", 60 * PIECE), Ok(()));
        assert!(limits.stores(one, "n", 41 * PIECE).is_err());
        assert_eq!(limits.stores(one, "n", 40 * PIECE), Ok(()), "what was refused was not counted");
        assert_eq!(limits.stores(one, "n", 0), Ok(()));
        assert!(limits.stores(one, "n", 1).is_err());
        assert!(limits.stores(one, "m", 101 * PIECE).is_err(), "more than a day's measure");
        *time.lock().unwrap() += chrono::Duration::hours(12);
        assert_eq!(limits.stores(one, "n", 50 * PIECE), Ok(()));
    }
}
