//! Answers as IO writes them. By hand and tolerant: what is new is passed over, what is missing is missed only where nothing can
//! be done without it (a program made from the published description would refuse true answers).

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::domain::io::{
    call::{self, Opened, Paid, Progress, Report, Told},
    sheet::{
        Sheet,
        life::{Lifecycle, Publication},
    },
};

#[derive(Deserialize)]
pub(super) struct Profile {
    sender_allowed: bool,
    preferred_languages: Option<Vec<String>>,
}

impl From<Profile> for call::Profile {
    fn from(profile: Profile) -> Self {
        if profile.sender_allowed {
            Self::Reachable { languages: profile.preferred_languages.unwrap_or_default() }
        } else {
            Self::ServiceOff
        }
    }
}

/// A message that IO has taken.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Created {
    /// IO's name for it: the only handle on it.
    pub id: String,
}

/// Whether it can be put into an address and into the database.
pub(super) fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[derive(Deserialize)]
pub(super) struct Status {
    /// Missing means that nothing is known yet, which is how IO itself reads it.
    #[serde(rename = "status")]
    progress: Option<Progress>,
    notification: Option<Notification>,
    #[serde(rename = "read_status")]
    opened: Option<Opened>,
    #[serde(rename = "payment_status")]
    paid: Option<Paid>,
}

#[derive(Default, Deserialize)]
struct Notification {
    email: Option<Told>,
    webhook: Option<Told>,
}

impl From<Status> for Report {
    fn from(status: Status) -> Self {
        let Notification { email, webhook } = status.notification.unwrap_or_default();
        Self {
            progress: status.progress.unwrap_or(Progress::Unknown),
            push: webhook,
            email,
            opened: status.opened,
            paid: status.paid,
        }
    }
}

/// A service as it stands with IO.
#[derive(Clone, Debug, PartialEq)]
pub struct Managed {
    /// IO's name for it.
    pub id: String,
    /// Where its sheet stands with the reviewers.
    pub lifecycle: Lifecycle,
    /// Why it was sent back, in the reviewers' words.
    pub reason: Option<String>,
    /// When IO last changed it.
    pub updated: Option<DateTime<Utc>>,
    /// The sheet.
    pub sheet: Sheet,
}

/// A topic of services.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Topic {
    /// Its number.
    pub id: u32,
    /// Its name, in Italian.
    pub name: String,
}

#[derive(Deserialize)]
pub(super) struct Topics {
    pub(super) topics: Vec<Topic>,
}

#[derive(Deserialize)]
pub(super) struct Page {
    pub(super) value: Vec<Value>,
}

#[derive(Deserialize)]
pub(super) struct Pair {
    pub(super) primary_key: String,
    pub(super) secondary_key: String,
}

impl Managed {
    /// Reads a service; `None` when it is none.
    pub(super) fn read(answer: &Value) -> Option<Self> {
        #[derive(Deserialize)]
        struct Head {
            id: String,
            status: Standing,
            last_update: Option<String>,
        }
        #[derive(Deserialize)]
        struct Standing {
            value: Lifecycle,
            reason: Option<String>,
        }
        let head = Head::deserialize(answer).ok().filter(|head| is_id(&head.id))?;
        Some(Self {
            id: head.id,
            lifecycle: head.status.value,
            reason: head.status.reason.filter(|reason| !reason.trim().is_empty()),
            updated: head.last_update.and_then(|moment| moment.parse().ok()),
            sheet: Sheet::read(answer).ok()?,
        })
    }
}

/// What citizens see of a service, and whether.
pub(super) fn publication(answer: &Value) -> Option<(Publication, Sheet)> {
    let publication = Publication::deserialize(answer.get("status")?).ok()?;
    Some((publication, Sheet::read(answer).ok()?))
}
