//! Personal links: who has one confirms the address with it, asks for it again, or has a new one made when others have got
//! hold of it.

use chrono::Duration;
use entity::{
    event::Verb,
    follower::{ActiveModel, Model, Role},
    language::Language,
    work_order::{self, Identified},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, DbErr};
use serde_json::json;
use uuid::Uuid;

use crate::{
    actions::{Cx, Desk, Error, Result, errand, events},
    domain::{mail, number::Number},
    store,
};

/// How often the use of a link is written down, at most.
const SEEN_EVERY: Duration = Duration::hours(1);

/// Notes that the link was used; at most once an hour.
pub async fn seen(desk: &Desk, cx: &Cx, follower: &Model) -> Result<()> {
    if follower.seen_at.is_some_and(|at| cx.now - at < SEEN_EVERY) {
        return Ok(());
    }
    let tx = desk.db.begin().await?;
    let change = ActiveModel { seen_at: Set(Some(cx.now)), ..Default::default() };
    store::follower::update(&tx, follower.id, change).await?;
    tx.commit().await?;
    Ok(())
}

/// The holder of the address has opened the link and pressed the button: letters that waited for that leave.
pub async fn confirm(desk: &Desk, cx: &Cx, follower: &Model) -> Result<()> {
    if follower.confirmed_at.is_some() {
        return Ok(());
    }
    let tx = desk.db.begin().await?;
    confirmed(&tx, cx, follower).await?;
    tx.commit().await?;
    desk.wake.outbox.notify_one();
    Ok(())
}

/// What follows when an address is known to belong to who follows.
pub(in crate::actions) async fn confirmed(
    tx: &DatabaseTransaction,
    cx: &Cx,
    follower: &Model,
) -> std::result::Result<(), DbErr> {
    if !follower.address.is_empty() {
        // First of all: two matters of one address that are confirmed at the same instant take turns here, and do not wait
        // for each other further down.
        store::follower::confirm_address(tx, cx.organisation, &follower.address, cx.now).await?;
    }
    let first = store::follower::confirm(tx, cx.organisation, follower.id, cx.now).await?;
    if !first || follower.address.is_empty() {
        return Ok(());
    }
    // What the same address wrote about other matters is its holder's word, too.
    store::follower::confirm_authors(tx, cx.organisation, &follower.address, cx.now).await?;
    store::delivery::release(tx, cx.organisation, &follower.address, cx.now).await?;
    if let (Role::Author, Some(order)) = (follower.role, follower.work_order_id) {
        prove(tx, cx, order, &follower.address).await?;
        events::append(tx, [cx.event(order, Verb::Confirmed, json!({}))]).await?;
    }
    Ok(())
}

/// What was declared about the taxpayer is proven when the address, now known to be the author's, stands in the register.
async fn prove(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: Uuid,
    address: &str,
) -> std::result::Result<(), DbErr> {
    let Some(order) = store::work_order::by_id(tx, cx.organisation, order).await? else { return Ok(()) };
    if order.identified != Identified::Declared {
        return Ok(());
    }
    let held = store::taxpayer::ids_by_address(tx, cx.organisation, address).await?;
    if held.contains(&order.taxpayer_id) {
        let why = if held.len() == 1 { Identified::Address } else { Identified::AddressAndCode };
        let change = work_order::ActiveModel { identified: Set(why), ..Default::default() };
        store::work_order::update(tx, order.id, change).await?;
    }
    Ok(())
}

/// Sends the personal link again if the address follows the work order of this number. Says nothing about whether it does.
pub async fn send_link_again(
    desk: &Desk,
    cx: &Cx,
    number: Number,
    address: &str,
    language: Language,
) -> Result<()> {
    let address = mail::folded(address);
    let tx = desk.db.begin().await?;
    let Some(order) = store::work_order::by_number(&tx, cx.organisation, number).await? else {
        return Ok(());
    };
    let Some(follower) = store::follower::by_address(&tx, cx.organisation, order.id, &address).await? else {
        return Ok(());
    };
    let errand = errand::Errand::Link { follower: follower.id };
    errand::queue(&tx, cx, errand, &follower.address, language, None).await?;
    tx.commit().await?;
    desk.wake.errands.notify_one();
    Ok(())
}

/// Makes a new link and a new code, and sends them to the follower's address; from now on the old ones open nothing. Citizens
/// do that on their page, operators for somebody who asks them to.
///
/// # Errors
/// `Conflict` when nobody has confirmed the address: the new link would reach nobody, and who follows would be left with none. Also
/// when somebody else has just done the same.
pub async fn renew_link(desk: &Desk, cx: &Cx, follower: &Model) -> Result<()> {
    if follower.address.is_empty() || follower.confirmed_at.is_none() {
        return Err(Error::Conflict("Non c’è un indirizzo confermato a cui mandare il nuovo link."));
    }
    let tx = desk.db.begin().await?;
    if !store::follower::renew(&tx, cx.organisation, follower.id, follower.generation).await? {
        return Err(Error::Conflict("Il link è già stato sostituito: quello nuovo è nell’ultimo messaggio."));
    }
    let errand = errand::Errand::Link { follower: follower.id };
    // Not held back by letters that others have asked for, or whoever has got hold of the link could keep it by asking often. Who
    // has it sends one letter and then has it no more.
    errand::queue_owed(&tx, cx, errand, &follower.address, follower.language).await?;
    if let Some(order) = follower.work_order_id {
        events::append(&tx, [cx.event(order, Verb::LinkRenewed, json!({}))]).await?;
    }
    tx.commit().await?;
    desk.wake.errands.notify_one();
    Ok(())
}
