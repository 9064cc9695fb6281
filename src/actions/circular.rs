//! Everybody whom something concerns is told of it, however many they are. What happened and the wish to tell it are one
//! commit: a circular, an errand that says what to tell and where the telling stands. Its letters are written later, batch
//! by batch; each batch and the place where the next one begins are one commit. Killed at any instant, it tells everybody,
//! and nobody twice. Whoever was written to often of late is told later (`errand::brake`), not left out.
//!
//! Refused: all letters in the commit of whoever pressed the button (a whole town follows the notice of a strike), and a
//! limit beyond which followers are not told.

use chrono::{DateTime, Utc};
use entity::{
    errand::{ActiveModel, Model, State},
    language::Language,
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Cx, Desk, Error, Result,
    errand::{self, Errand, News},
    micros,
    notice::{self, changing, ending},
    update,
};
use crate::store;

/// Followers, or work orders, of one batch.
pub const TOGETHER: u64 = 200;

/// What is told, and where the telling stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum Circular {
    /// News of a work order, to those who follow it.
    News {
        /// Which.
        work_order: Uuid,
        /// What happened.
        news: News,
        /// Addresses that got a letter about the same thing.
        written_to: Vec<String>,
        /// The last follower who has been looked at.
        after: Uuid,
    },
    /// A disruption is over: to those whom it concerned.
    Restored {
        /// Which notice.
        notice: Uuid,
        /// Who comes next.
        next: Next,
    },
    /// A notice was changed: to those who follow it.
    Changed {
        /// Which notice.
        notice: Uuid,
        /// Which change of it, so that each is told once.
        change: Uuid,
        /// The address of the last follower who has been looked at.
        after: String,
    },
}

/// Who comes next when a disruption is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Next {
    /// Who follows the notice.
    Notice {
        /// The address of the last follower who has been looked at.
        after: String,
    },
    /// Who follows a work order that it explains.
    WorkOrders {
        /// The last work order and
        order: Uuid,
        /// the last of its followers who has been looked at.
        after: Uuid,
    },
    /// Who opened one by mail.
    Senders {
        /// The last work order that has been looked at.
        after: Uuid,
    },
}

/// What a batch has done.
pub(super) struct Batch {
    /// Letters queued.
    pub(super) letters: u64,
    /// What remains; none: everybody has been told.
    pub(super) rest: Option<Circular>,
}

/// Queues a circular. Wake `errands` after the commit.
pub(super) async fn queue(tx: &DatabaseTransaction, cx: &Cx, circular: Circular) -> Result<()> {
    let row = errand::unaddressed(cx, Errand::Circular { letters: 0, circular })?;
    store::errand::insert(tx, vec![row]).await?;
    Ok(())
}

/// Writes the next batch of a circular that was claimed, and queues what remains. Wakes nobody: who carries errands has it in
/// hand.
///
/// # Errors
/// `NotFound` when what it tells of is gone, or the errand is no circular; the database.
pub async fn carry_on(desk: &Desk, errand: &Model, owner: Uuid, now: DateTime<Utc>) -> Result<()> {
    let cx = Cx::system(errand.organisation_id, micros(now));
    let Some((before, circular)) = errand::circular_of(errand)? else { return Err(Error::NotFound) };
    let tx = desk.db.begin().await?;
    let batch = match &circular {
        Circular::News { work_order, news, written_to, after } => {
            update::batch(&tx, &cx, (*work_order, *news), written_to, *after).await?
        }
        Circular::Restored { notice, next } => ending::batch(&tx, &cx, *notice, next).await?,
        Circular::Changed { notice, change, after } => {
            changing::batch(&tx, &cx, *notice, *change, after).await?
        }
    };
    let letters = before + batch.letters;
    let change = match batch.rest {
        Some(circular) => {
            let data = errand::written(Errand::Circular { letters, circular }, Language::default())?;
            ActiveModel {
                state: Set(State::Pending),
                data: Set(data),
                attempts: Set(0),
                next_attempt_at: Set(cx.now),
                last_error: Set(None),
                ..Default::default()
            }
        }
        None => {
            finish(&tx, &cx, &circular, letters).await?;
            ActiveModel {
                state: Set(State::Done),
                settled_at: Set(Some(cx.now)),
                last_error: Set(None),
                ..Default::default()
            }
        }
    };
    if store::errand::settle(&tx, errand.id, owner, change).await? {
        tx.commit().await?;
    } else {
        // The lease had run out and another process has it: these letters are the ones that it writes.
        tx.rollback().await?;
    }
    Ok(())
}

/// Everybody has been told: history says how many they were.
async fn finish(tx: &DatabaseTransaction, cx: &Cx, circular: &Circular, letters: u64) -> Result<()> {
    match circular {
        Circular::News { work_order, news, .. } => update::told(tx, cx, *work_order, *news, letters).await,
        Circular::Restored { notice, .. } | Circular::Changed { notice, .. } => {
            notice::told(tx, cx, *notice, letters).await
        }
    }
}
