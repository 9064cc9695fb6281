//! Those who follow a work order are told what becomes of it: number, state, date and their own link, and nothing about
//! anybody.

use entity::{
    event::Verb,
    follower::{self, ToldBy},
    work_order,
};
use sea_orm::DatabaseTransaction;
use serde_json::json;

use super::{
    Cx, Result,
    errand::{self, Errand, News},
    events,
};
use crate::store;

/// Queues the news for everybody who follows `order` and has confirmed the address; for its author, too. Whoever is in `written_to` gets a letter about the same thing, or did it: no second one.
/// Wake `errands` after the commit.
pub async fn tell(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    news: News,
    written_to: &[&str],
) -> Result<()> {
    let mut told = 0;
    for follower in store::follower::of_work_order(tx, cx.organisation, order.id).await? {
        if !is_told(&follower) || written_to.contains(&follower.address.as_str()) {
            continue;
        }
        let errand = Errand::Update { follower: follower.id, news };
        told += i32::from(errand::queue(tx, cx, errand, &follower.address, follower.language, None).await?);
    }
    if told > 0 {
        let data = json!({ "news": news, "followers": told });
        events::append(tx, [cx.event(order.id, Verb::Told, data)]).await?;
    }
    Ok(())
}

/// Whether a follower may be written to: the address is confirmed, and they did not ask for silence. Who asked for IO is written
/// to by mail: nothing is sent there yet.
#[must_use]
pub fn is_told(follower: &follower::Model) -> bool {
    follower.confirmed_at.is_some() && follower.told_by != ToldBy::Nothing && !follower.address.is_empty()
}
