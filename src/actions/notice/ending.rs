//! Who is told that a disruption is over, once: those who follow the notice or a work order that it explains, and the citizens
//! who opened one by mail. Only at addresses that are known to be theirs: confirmed through a link, kept in the register, or
//! such as we have written to about that very request.

use std::collections::HashSet;

use entity::{
    event::Verb,
    follower::{self, Role},
    language::Language,
    notice::Model,
};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use uuid::Uuid;

use crate::{
    actions::{
        Cx, Result,
        errand::{self, Errand, Whom},
        events, update,
    },
    store,
};

/// Work orders that are looked at together.
const TOGETHER: u64 = 100;

/// Queues the letters; gives how many.
pub(super) async fn tell(tx: &DatabaseTransaction, cx: &Cx, notice: &Model) -> Result<u64> {
    let mut told = 0;
    for follower in store::follower::of_notice(tx, cx.organisation, notice.id).await? {
        told += u64::from(tell_follower(tx, cx, notice, &follower).await?);
    }
    let mut after = Uuid::nil();
    loop {
        let orders = store::notice::work_orders(tx, cx.organisation, notice.id, after, TOGETHER).await?;
        let Some(last) = orders.last() else { break };
        after = *last;
        told += tell_citizens(tx, cx, notice, &orders).await?;
    }
    store::notice::set_told(tx, cx.organisation, notice.id, cx.now).await?;
    Ok(told)
}

/// The citizens of some of the work orders.
async fn tell_citizens(tx: &DatabaseTransaction, cx: &Cx, notice: &Model, orders: &[Uuid]) -> Result<u64> {
    let mut told = Vec::new();
    let followers = store::notice::followers(tx, cx.organisation, orders).await?;
    let authors = followers.iter().filter(|follower| follower.role == Role::Author);
    let with_author: HashSet<Uuid> = authors.filter_map(|author| author.work_order_id).collect();
    for follower in &followers {
        if tell_follower(tx, cx, notice, follower).await? {
            told.extend(follower.work_order_id);
        }
    }
    let by_mail: Vec<Uuid> = orders.iter().copied().filter(|order| !with_author.contains(order)).collect();
    let reached = store::notice::reached(tx, cx.organisation, &by_mail).await?;
    for order in store::work_order::by_ids(tx, cx.organisation, by_mail).await? {
        let address = order.sender_address.as_str();
        if reached.contains(&(order.id, order.sender_address.clone()))
            && queue(tx, cx, notice, (Whom::Sender(order.id), address, Language::default())).await?
        {
            told.push(order.id);
        }
    }
    let count = told.len() as u64;
    let data = json!({ "notice": notice.id, "title": notice.title.it });
    told.sort_unstable();
    told.dedup();
    let events = told.into_iter().map(|order| cx.event(order, Verb::Told, data.clone()));
    events::append(tx, events).await?;
    Ok(count)
}

async fn tell_follower(
    tx: &DatabaseTransaction,
    cx: &Cx,
    notice: &Model,
    follower: &follower::Model,
) -> Result<bool> {
    if !update::is_told(follower) {
        return Ok(false);
    }
    queue(tx, cx, notice, (Whom::Follower(follower.id), &follower.address, follower.language)).await
}

async fn queue(
    tx: &DatabaseTransaction,
    cx: &Cx,
    notice: &Model,
    (whom, address, language): (Whom, &str, Language),
) -> Result<bool> {
    // By address: who follows the notice and wrote two of the requests is one person.
    let once = format!("restored/{}/{address}", notice.id);
    let errand = Errand::Restored { notice: notice.id, whom };
    errand::queue(tx, cx, errand, address, language, Some(once)).await
}
