//! Messages: handed in, processed later, asked after.

mod shape;
mod status;
mod submit;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};

pub use self::{
    status::show,
    submit::{may_write, submit, submit_to},
};
use super::{
    knobs::{Registration, Status},
    world::{Later, World},
};

/// Seconds after which a late message is looked at again.
const LATE_SECONDS: u32 = 60;

/// A message as IO keeps it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "four answers that IO keeps, none of which says anything about another"
)]
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Message {
    /// Its id, 26 characters that sort by time.
    pub id: String,
    /// Id of the service that sends it.
    pub service: String,
    /// Name of that service when it was sent.
    pub service_name: String,
    /// Name of the organisation on whose behalf it was sent.
    pub organisation: String,
    /// Code of the organisation: the creditor, if the message says no other.
    pub organisation_code: String,
    /// The citizen.
    pub fiscal_code: String,
    /// When it was handed in.
    pub created_at: DateTime<Utc>,
    /// Where it stands.
    pub status: Status,
    /// Whether it is a Premium message.
    pub advanced: bool,
    /// Seconds for which push and mail are tried.
    pub time_to_live: i64,
    /// Whether push is anonymous and no mail is sent on.
    pub secure: bool,
    /// What it says: subject, markdown, `due_date`, `payment_data`, `third_party_data`.
    pub content: Value,
    /// Whether the citizen has opened it.
    pub read: bool,
    /// Whether the citizen has paid it.
    pub paid: bool,
}

impl Message {
    /// Whether it is still under way.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        matches!(self.status, Status::Accepted | Status::Throttled)
    }
}

/// What becomes of a message: only now the citizen's profile is looked at (facts 4.8).
pub fn process(world: &mut World, id: &str, at: DateTime<Utc>, now: DateTime<Utc>) {
    let Some(message) = world.messages.get(id).filter(|message| message.is_pending()) else { return };
    let fate = world.citizens.get(&message.fiscal_code).and_then(|citizen| citizen.fate);
    let status = fate.unwrap_or_else(|| match world.registration(&message.fiscal_code, &message.service) {
        Registration::On => Status::Processed,
        Registration::Off | Registration::Absent => Status::Rejected,
    });
    if matches!(status, Status::Accepted | Status::Throttled) {
        // From now, not from when it was due: a clock that jumps a week ahead must not be caught up minute by minute.
        world.later(at.max(now), LATE_SECONDS, Later::Process(id.to_owned()));
    }
    if let Some(message) = world.messages.get_mut(id) {
        message.status = status;
        if let Some(payment) = message.content.get_mut("payment_data")
            && payment.get("payee").is_none()
        {
            payment["payee"] = json!({ "fiscal_code": message.organisation_code });
        }
    }
}
