//! What became of each letter: whether it left, what the servers on its way have said since, and the receipts that prove
//! it. And of each notification on IO.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    delivery::{self, Proof, State},
    io_message, mail_log,
    origin::{MailKind, PecKind},
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    app::App,
    domain::{
        io::fate,
        progress::received::{Received, received},
    },
    store,
    web::{error::Result, io, mail::words},
};

/// One letter to one recipient, as the template wants it.
#[derive(Serialize)]
pub struct Fate {
    recipient: String,
    pec: bool,
    state: State,
    attempts: i32,
    repeats: i32,
    next_attempt_at: DateTime<Utc>,
    last_error: Option<String>,
    settled_at: Option<DateTime<Utc>>,
    proof: Option<Proof>,
    proof_at: Option<DateTime<Utc>>,
    proof_words: Option<String>,
    again_href: Option<String>,
    receipts: Vec<Receipt>,
}

/// A notification on IO, as the template wants it.
#[derive(Serialize)]
pub struct OnIo {
    href: String,
    state: io::Shown,
    /// It was, before it left.
    taken_back: bool,
    /// Not to be sent before, where that is still ahead.
    waits_until: Option<DateTime<Utc>>,
    settled_at: Option<DateTime<Utc>>,
    last_error: Option<String>,
    /// It did not reach the citizen.
    #[serde(skip)]
    pub missed: bool,
    /// Whether it did will be known later.
    #[serde(skip)]
    pub open: bool,
}

/// A mail that came back about it.
#[derive(Serialize)]
struct Receipt {
    href: String,
    label: String,
    believed: bool,
}

/// The letters of these communications, and what came back about them, read together.
pub struct Fates {
    letters: HashMap<Uuid, Vec<delivery::Model>>,
    logs: HashMap<Uuid, Vec<mail_log::Model>>,
    notifications: HashMap<Uuid, Vec<io_message::Model>>,
}

impl Fates {
    /// Reads them.
    pub async fn read(app: &App, organisation: Uuid, communications: &[Uuid]) -> Result<Self> {
        let db = &app.desk.db.read;
        let deliveries = store::delivery::of_communications(db, organisation, communications).await?;
        let ids: Vec<Uuid> = deliveries.iter().map(|delivery| delivery.id).collect();
        let mut logs: HashMap<Uuid, Vec<mail_log::Model>> = HashMap::new();
        for log in store::mail_log::of_deliveries(db, organisation, &ids).await? {
            logs.entry(log.delivery_id.unwrap_or_default()).or_default().push(log);
        }
        let mut letters: HashMap<Uuid, Vec<delivery::Model>> = HashMap::new();
        for delivery in deliveries {
            letters.entry(delivery.communication_id).or_default().push(delivery);
        }
        let mut notifications: HashMap<Uuid, Vec<io_message::Model>> = HashMap::new();
        for message in store::io_message::of_communications(db, organisation, communications).await? {
            notifications.entry(message.communication_id.unwrap_or_default()).or_default().push(message);
        }
        Ok(Self { letters, logs, notifications })
    }

    /// Those of one communication; `path` is the work order's.
    pub fn of(&mut self, communication: Uuid, path: &str, pec: bool) -> Vec<Fate> {
        let letters = self.letters.remove(&communication).unwrap_or_default();
        letters.into_iter().map(|delivery| self.fate(delivery, path, pec)).collect()
    }

    /// The notifications about one communication, oldest first.
    pub fn on_io(&mut self, communication: Uuid, now: DateTime<Utc>) -> Vec<OnIo> {
        let messages = self.notifications.remove(&communication).unwrap_or_default();
        messages.into_iter().map(|message| on_io(message, now)).collect()
    }

    /// Where an update stands.
    pub fn received(&self, update: Uuid) -> Received<'_> {
        let letter = self.letters.contains_key(&update);
        received(letter, self.notifications.get(&update).map(Vec::as_slice).unwrap_or_default())
    }

    fn fate(&mut self, delivery: delivery::Model, path: &str, pec: bool) -> Fate {
        let logs = self.logs.remove(&delivery.id).unwrap_or_default();
        let stands = matches!(delivery.state, State::Refused | State::Held);
        Fate {
            again_href: stands.then(|| format!("{path}/deliveries/{}/again", delivery.id)),
            receipts: logs.iter().map(receipt).collect(),
            recipient: delivery.recipient,
            pec,
            state: delivery.state,
            attempts: delivery.attempts,
            repeats: delivery.repeats,
            next_attempt_at: delivery.next_attempt_at,
            last_error: delivery.last_error,
            settled_at: delivery.settled_at,
            proof: delivery.proof,
            proof_at: delivery.proof_at,
            proof_words: delivery.proof_words,
        }
    }
}

fn on_io(message: io_message::Model, now: DateTime<Utc>) -> OnIo {
    let waits = message.state == io_message::State::Queued;
    OnIo {
        href: io::path_of(message.id),
        state: io::state(message.state),
        taken_back: message.state == io_message::State::Draft,
        waits_until: message.next_at.filter(|at| waits && *at > now),
        settled_at: message.settled_at,
        missed: fate::has_missed(message.state),
        open: !fate::is_final(message.state),
        last_error: message.last_error,
    }
}

fn receipt(log: &mail_log::Model) -> Receipt {
    let label = match log.data.pec.as_ref().map(|pec| &pec.kind) {
        Some(PecKind::Receipt(name)) => words::receipt(name),
        _ if log.data.kind == MailKind::Bounce => "Avviso di mancata consegna".to_owned(),
        _ => words::kind(log.data.kind).to_owned(),
    };
    Receipt {
        href: format!("/desk/receipts/{}/original.eml", log.incoming_mail_id),
        label,
        believed: log.data.placed != "receipt_not_believed",
    }
}
