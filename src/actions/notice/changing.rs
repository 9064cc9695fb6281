//! Who is told that a notice says something else, when whoever changed it asks for that: those who follow it, once for each change.
//!
//! Refused: telling whoever has a request that it explains. They were promised word of the end, and may follow the notice if
//! they want more.

use entity::{follower::Model, notice::State};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::ending::full;
use crate::{
    actions::{
        Cx, Error, Result,
        circular::{Batch, Circular, TOGETHER},
        errand::{self, Errand, Letter},
        update,
    },
    store,
};

/// The letters to those who come next. None is left to write once the notice is over: its end is told, and says more.
pub(in crate::actions) async fn batch(
    tx: &DatabaseTransaction,
    cx: &Cx,
    notice: Uuid,
    change: Uuid,
    after: &str,
) -> Result<Batch> {
    let current = store::notice::by_id(tx, cx.organisation, notice).await?.ok_or(Error::NotFound)?;
    if current.state != State::Published {
        return Ok(Batch { letters: 0, rest: None });
    }
    let followers = store::follower::of_notice(tx, cx.organisation, notice, after, TOGETHER).await?;
    let rest = full(&followers).map(|last| Circular::Changed { notice, change, after: last.address.clone() });
    let told = followers.iter().filter(|follower| update::is_told(follower));
    let letters = told.map(|follower| letter(notice, change, follower)).collect();
    Ok(Batch { letters: errand::queue_all(tx, cx, letters).await?.letters, rest })
}

fn letter(notice: Uuid, change: Uuid, follower: &Model) -> Letter {
    Letter {
        errand: Errand::Changed { notice, follower: follower.id },
        recipient: follower.address.clone(),
        language: follower.language,
        once: Some(format!("changed/{change}/{}", follower.address)),
    }
}
