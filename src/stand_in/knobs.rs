//! What can be set about the stand-in, from a test or through `/stand-in`.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use super::answer::Refusal;

/// How it behaves until it is told otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Knobs {
    /// Milliseconds that each answer takes.
    pub latency_ms: u64,
    /// Seconds from ACCEPTED to PROCESSED, or to what becomes of the message.
    pub processing_seconds: u32,
    /// Seconds until the messages' side knows of a new or changed service.
    pub copy_seconds: u32,
    /// Seconds that a review takes.
    pub review_seconds: u32,
    /// What the person at `PagoPA` says of a service.
    pub review: Review,
    /// Calls of one institution in five seconds (facts 2.1).
    pub calls_per_window: usize,
    /// Codes that are not in the table of citizens.
    pub others: Registration,
    /// Whether the status of a message still tells of mail and push, as before July 2026 (facts 5.3).
    pub notification: bool,
    /// Values and fields that nobody has announced: enums are open (facts 2.5).
    pub strange: bool,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            latency_ms: 0,
            processing_seconds: 4,
            copy_seconds: 3,
            review_seconds: 10,
            review: Review::Approve,
            calls_per_window: 150,
            others: Registration::On,
            notification: false,
            strange: false,
        }
    }
}

/// What a person at `PagoPA` does with a service that is handed in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Approves what passes the automatic checks.
    #[default]
    Approve,
    /// Leaves it in the queue.
    Wait,
    /// Refuses it, for this reason.
    Reject(String),
}

/// Whether a citizen can be reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Registration {
    /// On IO, and the service is on.
    #[default]
    On,
    /// On IO, and the service is off.
    Off,
    /// Not on IO, or with the inbox closed.
    Absent,
}

/// A line of the table of citizens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Citizen {
    /// Whether they can be reached.
    pub registration: Registration,
    /// Services for which it is otherwise, by id.
    pub services: BTreeMap<String, Registration>,
    /// Languages, the preferred one first: `it_IT`.
    pub languages: Vec<String>,
    /// Where messages to them end, instead of where they should.
    pub fate: Option<Status>,
}

impl Citizen {
    /// A citizen who can be reached so, and speaks Italian.
    #[must_use]
    pub fn new(registration: Registration) -> Self {
        Self { registration, languages: vec!["it_IT".to_owned()], ..Self::default() }
    }

    /// Whether this service can reach them.
    #[must_use]
    pub fn registration_for(&self, service: &str) -> Registration {
        match self.registration {
            // Who is not on IO has no services to switch.
            Registration::Absent => Registration::Absent,
            known => self.services.get(service).copied().unwrap_or(known),
        }
    }
}

/// Where a message stands (facts 5.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// Queued.
    Accepted,
    /// Late: looked at again every minute.
    Throttled,
    /// In the citizen's inbox.
    Processed,
    /// Nobody there, or the service is off.
    Rejected,
    /// Given up.
    Failed,
}

/// What can be made to go wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// 429 of the gateway: seconds in its header.
    TooMany(u64),
    /// 500 of the application: nothing was done.
    ServerError,
    /// 502 in HTML: nothing was done, and nobody can know.
    BadGateway,
    /// An error in the gateway's JSON.
    Gateway(u16),
    /// A refusal without a body.
    Bare(u16),
    /// A problem of the application: status and title.
    Problem(u16, String),
    /// The line breaks before anything was done.
    HangUp,
    /// What was asked is done, and the line breaks before the answer.
    Drop,
}

impl Fault {
    /// What is answered in place of the real answer; nothing where there is no answer at all.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        let refusal = match self {
            Self::TooMany(wait) => Refusal::TooMany(*wait),
            Self::ServerError => {
                Refusal::problem(500, "Internal server error", "Unable to store processing message")
            }
            Self::BadGateway => Refusal::BadGateway,
            Self::Gateway(status) => Refusal::Gateway(*status, words(*status).to_owned()),
            Self::Bare(status) => Refusal::Bare(*status),
            Self::Problem(status, title) => Refusal::problem(*status, title, "set at the stand-in"),
            Self::HangUp | Self::Drop => return None,
        };
        Some(refusal)
    }
}

fn words(status: u16) -> &'static str {
    match status {
        404 => "Resource not found",
        500 => "Internal server error",
        503 => "Service unavailable",
        504 => "Gateway timeout",
        _ => "Set at the stand-in",
    }
}

/// Which calls a fault waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// Whatever comes next.
    #[default]
    Any,
    /// Profiles.
    Profiles,
    /// Messages that are handed in.
    Messages,
    /// Where a message stands.
    Status,
    /// Services, logos, configurations.
    Manage,
}

/// A fault for the next so many calls of a door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planned {
    /// What goes wrong.
    pub fault: Fault,
    /// Where.
    #[serde(default)]
    pub door: Door,
    /// How often.
    #[serde(default = "once")]
    pub times: usize,
}

const fn once() -> usize {
    1
}

/// The fault that this door meets now, if any.
pub fn take(planned: &mut VecDeque<Planned>, door: Door) -> Option<Fault> {
    let meets = |plan: &Planned| plan.times > 0 && (plan.door == Door::Any || plan.door == door);
    let place = planned.iter().position(meets)?;
    let plan = &mut planned[place];
    let fault = plan.fault.clone();
    plan.times -= 1;
    if plan.times == 0 {
        planned.remove(place);
    }
    Some(fault)
}
