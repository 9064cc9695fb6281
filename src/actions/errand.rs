//! Errands are queued, taken up and settled: messages to apps, and letters that belong to no thread. What a letter says is
//! in `letter`; carrying is the porter's job (`worker::errand`).
//!
//! Who dies between the other side's yes and [`settle`] leaves the errand to be repeated when its lease has run out, under
//! the same id: an app sees a `webhook-id` that it knows, a mail program a Message-ID that it has.

mod letter;

use chrono::{DateTime, Duration, Utc};
use entity::{
    errand::{ActiveModel, Model, State, Work},
    language::Language,
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, DbErr};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::letter::{Message, Parcel, parcel};
use super::{Cx, Desk, Result, micros};
pub use crate::wording::letters::News;
use crate::{
    domain::{
        mail::{self, SendOutcome},
        retry, text, thread,
    },
    store::{self, errand::Load},
};

/// How long a claimed errand is nobody else's. Longer than the longest attempt.
pub const LEASE: Duration = Duration::minutes(5);
/// How long an app is called before it is given up.
const MESSAGE_LIFE: Duration = Duration::days(3);
/// How long a message to an app is kept after it was written.
const MESSAGE_KEPT: Duration = Duration::days(30);

/// How many letters of some sorts one address gets at most.
struct Brake {
    works: &'static [Work],
    per_hour: u64,
    per_day: u64,
}

/// Letters that anybody can cause who types an address.
const ASKED: Brake = Brake {
    works: &[Work::Resume, Work::Confirm, Work::Link, Work::Follow, Work::CitizenCode],
    per_hour: 5,
    per_day: 15,
};
/// Letters to people who have said that they want them.
const TOLD: Brake = Brake { works: &[Work::Update, Work::Restored], per_hour: 30, per_day: 100 };

/// What is to be carried. Ids, and nothing that opens anything: the words are put together when the letter leaves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "work", rename_all = "snake_case")]
pub enum Errand {
    /// The link back to a draft.
    Resume {
        /// The draft.
        submission: Uuid,
    },
    /// The link that confirms the address of a submission which waits for that.
    Confirm {
        /// The submission.
        submission: Uuid,
    },
    /// The personal link, asked for again.
    Link {
        /// Whose.
        follower: Uuid,
    },
    /// The link that confirms the wish to follow.
    Follow {
        /// Whose.
        follower: Uuid,
    },
    /// News for who follows a work order.
    Update {
        /// Whom to tell.
        follower: Uuid,
        /// What happened.
        news: News,
    },
    /// A disruption is over.
    Restored {
        /// Which.
        notice: Uuid,
        /// Whom to tell.
        whom: Whom,
    },
    /// The code that proves to an app who holds an address.
    CitizenCode {
        /// The token that it will open; the code is made from it (`domain::citizen_code`).
        token: Uuid,
    },
    /// A message to an app.
    Webhook {
        /// To which endpoint.
        webhook: Uuid,
        /// `type`, `created_at` and `data`; the id is the errand's.
        payload: serde_json::Value,
    },
}

/// Who is told that a disruption is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whom {
    /// A follower, of the notice or of a work order that it explains.
    Follower(Uuid),
    /// Who wrote, by mail, the letter that opened this work order.
    Sender(Uuid),
}

/// An errand as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    language: Language,
    #[serde(flatten)]
    errand: Errand,
}

impl Errand {
    fn work(&self) -> Work {
        match self {
            Self::Resume { .. } => Work::Resume,
            Self::Confirm { .. } => Work::Confirm,
            Self::Link { .. } => Work::Link,
            Self::Follow { .. } => Work::Follow,
            Self::Update { .. } => Work::Update,
            Self::Restored { .. } => Work::Restored,
            Self::CitizenCode { .. } => Work::CitizenCode,
            Self::Webhook { .. } => Work::Webhook,
        }
    }
}

/// Queues an errand; `recipient` is an address, lower case, or empty for a message to an app. Wake `errands` after the commit.
///
/// Gives whether it was queued: not, when the organisation has seen `once` already, when the address is no citizen's, or
/// when it was written to often enough. That must not show on any page, or a page would tell who is known here.
pub async fn queue(
    tx: &DatabaseTransaction,
    cx: &Cx,
    errand: Errand,
    recipient: &str,
    language: Language,
    once: Option<String>,
) -> Result<bool> {
    if !matches!(errand, Errand::Webhook { .. }) && !may_write_to(tx, cx, errand.work(), recipient).await? {
        return Ok(false);
    }
    let row = row(cx, errand, recipient, language, once)?;
    Ok(store::errand::insert(tx, vec![row]).await? == 1)
}

/// The row of an errand.
pub(super) fn row(
    cx: &Cx,
    errand: Errand,
    recipient: &str,
    language: Language,
    once: Option<String>,
) -> std::result::Result<Model, DbErr> {
    let work = errand.work();
    let webhook_id = match errand {
        Errand::Webhook { webhook, .. } => Some(webhook),
        _ => None,
    };
    let data =
        serde_json::to_value(Stored { language, errand }).map_err(|error| DbErr::Json(error.to_string()))?;
    Ok(Model {
        id: Uuid::now_v7(),
        organisation_id: cx.organisation,
        work,
        webhook_id,
        recipient: recipient.to_owned(),
        data,
        once,
        state: State::Pending,
        attempts: 0,
        next_attempt_at: cx.now,
        lease_owner: None,
        lease_until: None,
        last_error: None,
        created_at: cx.now,
        settled_at: None,
    })
}

/// Whether an address may be written to (again). Two forms sent at the same instant may both count one letter too few: a
/// letter more than the limit is no flood.
async fn may_write_to(tx: &DatabaseTransaction, cx: &Cx, work: Work, recipient: &str) -> Result<bool> {
    if !mail::is_address(recipient) {
        return Ok(false);
    }
    // A letter of ours to ourselves would come back as a mail, and be answered.
    let own = store::mailbox::addresses(tx, cx.organisation).await?;
    if own.contains(&thread::without_token(recipient)) {
        return Ok(false);
    }
    let brake = if ASKED.works.contains(&work) { &ASKED } else { &TOLD };
    for (time, most) in [(Duration::hours(1), brake.per_hour), (Duration::days(1), brake.per_day)] {
        let since = cx.now - time;
        if store::errand::count_since(tx, cx.organisation, recipient, brake.works, since).await? >= most {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Takes up to `limit` errands whose time has come.
pub async fn claim(
    desk: &Desk,
    load: Load,
    owner: Uuid,
    now: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Model>> {
    let now = micros(now);
    let tx = desk.db.begin().await?;
    let claimed = store::errand::claim(&tx, load, owner, now, now + LEASE, limit).await?;
    tx.commit().await?;
    Ok(claimed)
}

/// Lets go of what an earlier life of this owner had in hand when it was killed.
pub async fn take_up(desk: &Desk, owner: Uuid, now: DateTime<Utc>) -> Result<()> {
    let tx = desk.db.begin().await?;
    store::errand::end_leases(&tx, owner, micros(now)).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes down how an attempt ended. An endpoint that did not take its message is left alone for a while, with everything
/// that waits for it: a dead one must not keep the others waiting.
pub async fn settle(
    desk: &Desk,
    errand: &Model,
    owner: Uuid,
    outcome: &SendOutcome,
    now: DateTime<Utc>,
) -> Result<State> {
    let cx = Cx::system(errand.organisation_id, now);
    let (life, pause) = match errand.webhook_id {
        Some(_) => (MESSAGE_LIFE, retry::message_pause(errand.attempts)),
        None => (Duration::days(desk.rules.give_up_days), retry::letter_pause(errand.attempts, errand.id)),
    };
    let again = cx.now + pause;
    let (state, words) = match outcome {
        SendOutcome::Sent => (State::Done, None),
        SendOutcome::Refused(words) => (State::Refused, Some(words)),
        SendOutcome::Retry(words) | SendOutcome::AccountRefused(words)
            if again - errand.created_at > life =>
        {
            (State::Refused, Some(words))
        }
        SendOutcome::Retry(words) | SendOutcome::AccountRefused(words) => (State::Pending, Some(words)),
    };
    let words = words.map(|words| text::shortened(words, 1000));
    let change = ActiveModel {
        state: Set(state),
        settled_at: Set((state != State::Pending).then_some(cx.now)),
        next_attempt_at: Set(if state == State::Pending { again } else { errand.next_attempt_at }),
        last_error: Set(words.clone()),
        ..Default::default()
    };
    let tx = desk.db.begin().await?;
    if !store::errand::settle(&tx, errand.id, owner, change).await? {
        // The lease had run out and another process has the errand: its note will be the one that counts.
        return Ok(state);
    }
    if let Some(webhook) = errand.webhook_id {
        store::webhook::set_health(&tx, cx.organisation, webhook, cx.now, words.clone()).await?;
        if words.is_some() {
            store::errand::postpone(&tx, cx.organisation, webhook, cx.now + retry::message_pause(1)).await?;
        }
    }
    tx.commit().await?;
    Ok(state)
}

/// Forgets messages to apps that came to their end long ago. Letters stay: they remember who was told.
pub async fn sweep(desk: &Desk, now: DateTime<Utc>) -> Result<()> {
    let tx = desk.db.begin().await?;
    for organisation in store::organisation::all(&tx).await? {
        store::errand::forget_messages(&tx, organisation.id, micros(now) - MESSAGE_KEPT).await?;
    }
    tx.commit().await?;
    Ok(())
}
