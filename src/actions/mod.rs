//! What we do: every change, one transaction each, its consequences (letters, events) written before the commit.
//!
//! An action begins the transaction, decides with `domain`, writes with `store`, commits, and wakes whoever carries
//! the consequences out. It never talks to the network and never reads a clock: time, randomness and the person come
//! in with [`Cx`].

pub mod app_key;
pub mod ban;
pub mod care;
pub mod circular;
pub mod citizen;
pub mod deliver;
pub mod errand;
pub mod events;
pub mod grant;
pub mod installation;
pub mod io;
pub mod mailbox;
pub mod notice;
pub mod operator;
pub mod portal;
pub mod progress;
pub mod public_text;
pub mod publication;
pub mod quarantine;
pub mod receive;
pub mod reply;
mod rows;
pub mod sign_in;
pub mod submission;
pub mod taxpayer;
pub mod tracking;
pub mod update;
pub mod webhook;
pub mod work_order;

use std::{borrow::Cow, sync::Arc};

use chrono::{DateTime, Utc};
use entity::event::Verb;
use sea_orm::DbErr;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    domain::keys::Keys,
    store::{Db, event::NewEvent},
};

/// Where everything is decided and written down.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The archive.
    pub db: Db,
    /// The installation's keys.
    pub keys: Keys,
    /// What the owner has set.
    pub rules: Rules,
    /// Who is woken after a commit.
    pub wake: Wake,
    /// The address that people type (`server.public_url`), without a slash at its end.
    pub public_url: Arc<str>,
}

impl Desk {
    /// Where a portal's pages begin: under the host of its own, or below ours.
    #[must_use]
    pub fn portal_url(&self, portal: &entity::portal::Model) -> String {
        match &portal.host {
            Some(host) => format!("https://{host}/sportello"),
            None => format!("{}/sportello/{}", self.public_url, portal.slug),
        }
    }
}

/// What the owner has set.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Acknowledgements to one address in an hour, at most.
    pub acknowledgements_per_hour: u64,
    /// Acknowledgements to one address in a day, at most.
    pub acknowledgements_per_day: u64,
    /// Days after closing within which a reply reopens.
    pub reopen_days: i64,
    /// Attempts to handle a mail before quarantine.
    pub mail_attempts: i32,
    /// Days after which an undelivered letter is refused.
    pub give_up_days: i64,
    /// Hours without use after which a session ends.
    pub session_hours: i64,
    /// Wrong passwords in a row before waiting is imposed.
    pub free_login_failures: i32,
}

/// Who is woken after a commit. A wake is a hint, never the only way: each worker also looks by itself.
#[derive(Clone, Debug, Default)]
pub struct Wake {
    /// A letter waits in the outbox.
    pub outbox: Arc<Notify>,
    /// Settings of a mailbox have changed.
    pub mailboxes: Arc<Notify>,
    /// An errand waits.
    pub errands: Arc<Notify>,
    /// A notification waits to go to IO.
    pub io: Arc<Notify>,
}

impl Wake {
    /// Something happened that people may have been told of: by letter, on IO, by news and messages to apps.
    pub fn told(&self) {
        for sleeper in [&self.outbox, &self.errands, &self.io] {
            sleeper.notify_one();
        }
    }
}

/// When, for whom and by whom something is done.
#[derive(Clone, Copy, Debug)]
pub struct Cx {
    /// Now, in microseconds: what both databases keep.
    pub now: DateTime<Utc>,
    /// For which organisation.
    pub organisation: Uuid,
    /// The operator; none when the program acts by itself.
    pub actor: Option<Uuid>,
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or it belongs to somebody else.
    #[error("not found")]
    NotFound,
    /// What was typed cannot be taken.
    #[error("rejected: {}", .0.iter().map(|flaw| flaw.field.as_ref()).collect::<Vec<_>>().join(", "))]
    Rejected(Vec<Flaw>),
    /// Something happened meanwhile; the words say what.
    #[error("conflict")]
    Conflict(&'static str),
    /// The database.
    #[error(transparent)]
    Store(#[from] DbErr),
}

/// One thing wrong with what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Name of the form's field.
    pub field: Cow<'static, str>,
    /// What is wrong and what to do, in Italian: it is shown beside the field.
    pub message: String,
}

impl Flaw {
    /// A flaw of a field.
    #[must_use]
    pub fn new(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// What actions give.
pub type Result<T> = std::result::Result<T, Error>;

/// Rejected if there are flaws.
fn accept(flaws: Vec<Flaw>) -> Result<()> {
    if flaws.is_empty() { Ok(()) } else { Err(Error::Rejected(flaws)) }
}

impl Cx {
    /// The instant that is written: `now` without what `PostgreSQL` would cut off.
    #[must_use]
    pub fn system(organisation: Uuid, now: DateTime<Utc>) -> Self {
        Self { now: micros(now), organisation, actor: None }
    }

    fn event(&self, work_order: Uuid, verb: Verb, data: serde_json::Value) -> NewEvent {
        NewEvent { organisation: self.organisation, work_order, actor: self.actor, verb, at: self.now, data }
    }
}

/// `PostgreSQL` keeps microseconds: a time that is written and one that is read must be equal.
#[must_use]
pub fn micros(time: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(time.timestamp_micros()).unwrap_or(time)
}
