//! How many will be told that a disruption is over: the number beside the button, counted as the desk will choose them
//! (`actions::notice`), without writing anything.

use std::collections::BTreeSet;

use entity::{follower::Model, notice};
use uuid::Uuid;

use crate::{actions::update, app::App, store, web::error::Result};

/// Work orders that are looked at together, and at most how many times: a page need not count a whole town.
const TOGETHER: u64 = 500;
const TURNS: usize = 8;

/// How many addresses, and whether there may be more.
pub async fn audience(app: &App, notice: &notice::Model) -> Result<(usize, bool)> {
    let (db, organisation) = (&app.desk.db.read, notice.organisation_id);
    let mut told = BTreeSet::new();
    for follower in store::follower::of_notice(db, organisation, notice.id).await? {
        add(&mut told, follower);
    }
    let mut after = Uuid::nil();
    for _ in 0..TURNS {
        let orders = store::notice::work_orders(db, organisation, notice.id, after, TOGETHER).await?;
        let Some(last) = orders.last() else { return Ok((told.len(), false)) };
        after = *last;
        let authors = store::follower::authors(db, organisation, &orders).await?;
        let signed: BTreeSet<Uuid> = authors.iter().filter_map(|author| author.work_order_id).collect();
        for author in authors {
            add(&mut told, author);
        }
        let by_mail: Vec<Uuid> = orders.into_iter().filter(|order| !signed.contains(order)).collect();
        let reached = store::notice::reached(db, organisation, &by_mail).await?;
        for order in store::work_order::by_ids(db, organisation, by_mail).await? {
            if reached.contains(&(order.id, order.sender_address.clone())) {
                told.insert(order.sender_address);
            }
        }
    }
    Ok((told.len(), true))
}

fn add(told: &mut BTreeSet<String>, follower: Model) {
    if update::is_told(&follower) {
        told.insert(follower.address);
    }
}
