//! Services: the sheet that citizens see, its life and its publication, and what the messages' side knows of it.
//!
//! Two lives (facts 9.3): the sheet under work (draft, submitted, approved, rejected, deleted) and, after the first approval, the
//! sheet that citizens see (published or not). The messages' side has a copy of its own, which arrives late and, once a service was
//! approved, follows only what is approved (facts 9.4).

mod keys;
pub mod logo;
mod manage;
pub mod release;
pub mod review;
mod sheet;

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

pub use self::{
    keys::{regenerate, show as show_keys},
    manage::{change, create, delete, history, list, show, topics},
    sheet::Known,
};
use super::{
    account::new_key,
    answer::Refusal,
    world::{Later, Request, World},
};

/// Entries of one service's history that are kept.
const LONGEST_HISTORY: usize = 200;

/// Where the sheet under work stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being written.
    Draft,
    /// With `PagoPA`: frozen.
    Submitted,
    /// Good.
    Approved,
    /// Not good, with a reason.
    Rejected,
    /// Gone.
    Deleted,
}

/// The sheet that citizens see, or saw.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Publication {
    /// Whether it can be seen now.
    pub published: bool,
    /// What it says.
    pub sheet: Value,
    /// When it changed.
    pub last_update: DateTime<Utc>,
}

/// An entry of the history.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Moment {
    kind: &'static str,
    value: Value,
    reason: Option<String>,
    sheet: Value,
    at: DateTime<Utc>,
}

/// A service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Service {
    /// Its id.
    pub id: String,
    /// Place of its institution in the list.
    pub institution: usize,
    /// Its use keys, primary and secondary.
    pub keys: [String; 2],
    /// Where the sheet under work stands.
    pub state: State,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// The sheet under work.
    pub sheet: Value,
    /// When it changed.
    pub last_update: DateTime<Utc>,
    /// Whether it is to be published when it is approved.
    pub auto_publish: bool,
    /// What citizens see.
    pub publication: Option<Publication>,
    /// What the messages' side knows.
    pub known: Option<Known>,
    /// Bytes of its logo.
    pub logo: Option<usize>,
    #[serde(skip)]
    history: VecDeque<Moment>,
}

impl Service {
    /// A new draft.
    #[must_use]
    pub fn new(id: String, institution: usize, sheet: Value, now: DateTime<Utc>) -> Self {
        let mut service = Self {
            id,
            institution,
            keys: [new_key(), new_key()],
            state: State::Draft,
            reason: None,
            sheet,
            last_update: now,
            auto_publish: false,
            publication: None,
            known: None,
            logo: None,
            history: VecDeque::new(),
        };
        service.enter(State::Draft, None, now);
        service
    }

    /// Brings the sheet under work into a state, and notes it.
    fn enter(&mut self, state: State, reason: Option<String>, now: DateTime<Utc>) {
        (self.state, self.last_update) = (state, now);
        self.reason.clone_from(&reason);
        let value = serde_json::json!(state);
        self.note(Moment { kind: "lifecycle", value, reason, sheet: self.sheet.clone(), at: now });
    }

    /// Publishes or hides the approved sheet, and notes it.
    fn publish(&mut self, publication: Publication) {
        let value = if publication.published { "published" } else { "unpublished" }.into();
        let (sheet, at) = (publication.sheet.clone(), publication.last_update);
        self.note(Moment { kind: "publication", value, reason: None, sheet, at });
        self.publication = Some(publication);
    }

    fn note(&mut self, moment: Moment) {
        if self.history.len() >= LONGEST_HISTORY {
            self.history.pop_front();
        }
        self.history.push_back(moment);
    }
}

/// The messages' side has its copy.
pub fn learn(world: &mut World, id: &str, known: Known) {
    if let Some(service) = world.services.get_mut(id).filter(|service| service.state != State::Deleted) {
        service.known = Some(known);
    }
}

/// Sends a copy of a sheet to the messages' side.
fn copy(world: &mut World, id: &str, sheet: &Value, from: DateTime<Utc>) {
    let known = Box::new(Known::of(sheet));
    world.later(from, world.knobs.copy_seconds, Later::Copy(id.to_owned(), known));
}

/// The service of the path, if it is the caller's.
fn own<'a>(world: &'a mut World, request: &Request) -> Result<&'a mut Service, Refusal> {
    let id = request.place("service");
    let service = world.services.get_mut(id).ok_or_else(|| Refusal::not_found(id))?;
    if service.institution == request.caller.institution { Ok(service) } else { Err(Refusal::not_allowed()) }
}

/// The same, unless it was deleted.
fn own_living<'a>(world: &'a mut World, request: &Request) -> Result<&'a mut Service, Refusal> {
    let service = own(world, request)?;
    if service.state == State::Deleted { Err(Refusal::not_found(&service.id)) } else { Ok(service) }
}

/// The state does not allow it.
fn conflict(state: State) -> Refusal {
    let state = serde_json::json!(state);
    Refusal::problem(409, "Conflict", format!("No transition matched from the state {state}"))
}
