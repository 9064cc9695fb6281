//! Neighbours who follow a work order are told what becomes of it: number, state, date and their own link, and nothing about
//! anybody. Who sent it is told by `progress`.

use entity::{
    event::Verb,
    follower::{self, Role, ToldBy},
};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use uuid::Uuid;

use super::{
    Cx, Result,
    circular::{self, Batch, Circular, TOGETHER},
    errand::{self, Errand, Letter, News},
    events,
};
use crate::store;

/// Has everybody told who follows a work order and has confirmed the address. Whoever is in `written_to` gets a
/// letter about the same thing, or did it: no second one. Wake `errands` after the commit.
pub async fn tell(
    tx: &DatabaseTransaction,
    cx: &Cx,
    work_order: Uuid,
    news: News,
    written_to: &[&str],
) -> Result<()> {
    let written_to: Vec<String> = written_to.iter().copied().map(str::to_owned).collect();
    let first =
        store::follower::of_work_order(tx, cx.organisation, work_order, Uuid::nil(), TOGETHER).await?;
    let all = (first.len() as u64) < TOGETHER;
    if all && !first.iter().any(|follower| wants(follower, &written_to)) {
        return Ok(());
    }
    circular::queue(tx, cx, Circular::News { work_order, news, written_to, after: Uuid::nil() }).await
}

/// The letters to those who follow after `after`.
pub(super) async fn batch(
    tx: &DatabaseTransaction,
    cx: &Cx,
    (work_order, news): (Uuid, News),
    written_to: &[String],
    after: Uuid,
) -> Result<Batch> {
    let followers = store::follower::of_work_order(tx, cx.organisation, work_order, after, TOGETHER).await?;
    let last = followers.last().map(|follower| follower.id).filter(|_| followers.len() as u64 == TOGETHER);
    let letters =
        followers.into_iter().filter(|follower| wants(follower, written_to)).map(|follower| Letter {
            errand: Errand::Update { follower: follower.id, news },
            recipient: follower.address,
            language: follower.language,
            once: None,
        });
    let queued = errand::queue_all(tx, cx, letters.collect()).await?;
    let rest = last.map(|after| Circular::News { work_order, news, written_to: written_to.to_vec(), after });
    Ok(Batch { letters: queued.letters, rest })
}

/// Writes down that they were told.
pub(super) async fn told(
    tx: &DatabaseTransaction,
    cx: &Cx,
    work_order: Uuid,
    news: News,
    letters: u64,
) -> Result<()> {
    if letters > 0 {
        let data = json!({ "news": news, "followers": letters });
        events::append(tx, [cx.event(work_order, Verb::Told, data)]).await?;
    }
    Ok(())
}

fn wants(follower: &follower::Model, written_to: &[String]) -> bool {
    follower.role == Role::Follower && is_told(follower) && !written_to.contains(&follower.address)
}

/// Whether a follower may be written to: the address is confirmed, and they did not ask for silence. Who asked for IO is written
/// to by mail: neighbours are no direct recipients of a message about somebody's request.
#[must_use]
pub fn is_told(follower: &follower::Model) -> bool {
    follower.confirmed_at.is_some() && follower.told_by != ToldBy::Nothing && !follower.address.is_empty()
}
