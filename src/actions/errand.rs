//! Errands are queued, taken up and settled: messages to apps, letters that belong to no thread, and circulars, out of which
//! letters are made (`circular`). What a letter says is in `letter`, how many of them one address gets in `brake`; carrying is
//! the porter's job (`worker::errand`).
//!
//! Who dies between the other side's yes and [`settle`] leaves the errand to be repeated when its lease has run out, under
//! the same id: an app sees a `webhook-id` that it knows, a mail program a Message-ID that it has.

pub(super) mod brake;
mod letter;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Duration, Utc};
use entity::{
    errand::{ActiveModel, Model, State, Work},
    language::Language,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, DbErr,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::letter::{Message, Parcel, parcel};
use super::{Cx, Desk, Result, circular::Circular, micros};
pub use crate::domain::progress::news::News;
use crate::{
    domain::{mail::SendOutcome, retry, text},
    store::{self, errand::Load},
};

/// How long a claimed errand is nobody else's. Longer than the longest attempt.
pub const LEASE: Duration = Duration::minutes(5);
/// How long an app is called before it is given up.
const MESSAGE_LIFE: Duration = Duration::days(3);
/// How long a message to an app, or a circular, is kept after it was written.
const MESSAGE_KEPT: Duration = Duration::days(30);

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
    /// A disruption notice says something else.
    Changed {
        /// Which.
        notice: Uuid,
        /// Whom to tell: who follows it.
        follower: Uuid,
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
    /// Everybody is to be told of something.
    Circular {
        /// Letters that it has made.
        letters: u64,
        /// What is told, and where the telling stands.
        circular: Circular,
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
            // News of a notice: one brake for both.
            Self::Restored { .. } | Self::Changed { .. } => Work::Restored,
            Self::CitizenCode { .. } => Work::CitizenCode,
            Self::Webhook { .. } => Work::Webhook,
            Self::Circular { .. } => Work::Circular,
        }
    }
}

/// A letter about to be queued.
#[derive(Clone, Debug)]
pub struct Letter {
    /// What it says.
    pub errand: Errand,
    /// Address, lower case.
    pub recipient: String,
    /// In which language.
    pub language: Language,
    /// A name that no other errand of the organisation may have.
    pub once: Option<String>,
}

/// What became of letters to many.
#[derive(Default)]
pub(super) struct Queued {
    /// How many were written: without those whose `once` the organisation has seen already.
    pub(super) letters: u64,
    /// The addresses that may be written to, each with from when.
    pub(super) may: HashMap<String, DateTime<Utc>>,
}

/// Queues a letter to an address, lower case. Wake `errands` after the commit.
///
/// Gives whether it was queued: not, when the organisation has seen `once` already, when the address is no citizen's, or
/// when too many were asked for. That must not show on any page, or a page would tell who is known here.
pub async fn queue(
    tx: &DatabaseTransaction,
    cx: &Cx,
    errand: Errand,
    recipient: &str,
    language: Language,
    once: Option<String>,
) -> Result<bool> {
    let letter = Letter { errand, recipient: recipient.to_owned(), language, once };
    Ok(queue_all(tx, cx, vec![letter]).await?.letters == 1)
}

/// Queues a letter that is owed to its holder, however many were asked for before: a brake that held it back would be a way to
/// keep somebody from it.
pub(super) async fn queue_owed(
    tx: &DatabaseTransaction,
    cx: &Cx,
    errand: Errand,
    recipient: &str,
    language: Language,
) -> Result<()> {
    let letter = Letter { errand, recipient: recipient.to_owned(), language, once: None };
    store::errand::insert(tx, vec![row(cx, letter)?]).await?;
    Ok(())
}

/// The same as [`queue`] for letters of one sort to many.
pub(super) async fn queue_all(tx: &DatabaseTransaction, cx: &Cx, mut letters: Vec<Letter>) -> Result<Queued> {
    let Some(first) = letters.first() else { return Ok(Queued::default()) };
    let work = first.errand.work();
    let addresses: HashSet<&str> = letters.iter().map(|letter| letter.recipient.as_str()).collect();
    let may = brake::may_write_to(tx, cx, work, addresses).await?;
    letters.retain(|letter| may.contains_key(&letter.recipient));
    let rows: std::result::Result<Vec<Model>, DbErr> =
        letters.into_iter().map(|letter| row(cx, letter)).collect();
    let mut rows = rows?;
    for row in &mut rows {
        row.next_attempt_at = may.get(&row.recipient).copied().unwrap_or(cx.now);
    }
    Ok(Queued { letters: store::errand::insert(tx, rows).await?, may })
}

fn row(cx: &Cx, letter: Letter) -> std::result::Result<Model, DbErr> {
    let work = letter.errand.work();
    let webhook_id = match letter.errand {
        Errand::Webhook { webhook, .. } => Some(webhook),
        _ => None,
    };
    Ok(Model {
        id: Uuid::now_v7(),
        organisation_id: cx.organisation,
        work,
        webhook_id,
        recipient: letter.recipient,
        data: written(letter.errand, letter.language)?,
        once: letter.once,
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

/// The row of an errand that is no letter.
pub(super) fn unaddressed(cx: &Cx, errand: Errand) -> std::result::Result<Model, DbErr> {
    row(cx, Letter { errand, recipient: String::new(), language: Language::default(), once: None })
}

/// An errand as it is stored.
pub(super) fn written(errand: Errand, language: Language) -> std::result::Result<serde_json::Value, DbErr> {
    serde_json::to_value(Stored { language, errand }).map_err(|error| DbErr::Json(error.to_string()))
}

/// What [`written`] wrote.
fn read(errand: &Model) -> std::result::Result<Stored, DbErr> {
    serde_json::from_value(errand.data.clone()).map_err(|error| DbErr::Json(error.to_string()))
}

/// The circular that an errand is, with the letters that it has made; `None` when it is something else.
pub(super) fn circular_of(errand: &Model) -> Result<Option<(u64, Circular)>> {
    Ok(match read(errand)?.errand {
        Errand::Circular { letters, circular } => Some((letters, circular)),
        _ => None,
    })
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
        // Whoever typed it may type it again: the letter never came.
        once: if state == State::Refused && errand.work == Work::Follow { Set(None) } else { NotSet },
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

/// Forgets messages to apps, and circulars, that came to their end long ago. Letters stay: they remember who was told.
pub async fn sweep(desk: &Desk, now: DateTime<Utc>) -> Result<()> {
    let tx = desk.db.begin().await?;
    for organisation in store::organisation::all(&tx).await? {
        store::errand::forget_messages(&tx, organisation.id, micros(now) - MESSAGE_KEPT).await?;
    }
    tx.commit().await?;
    Ok(())
}
