//! Who is told that a disruption is over, once: those who follow the notice, then those who follow a work order that it
//! explains, then the citizens who opened one by mail. Only at addresses that are known to be theirs: confirmed through a
//! link, kept in the register, or such as we have written to about that very request.

use std::collections::HashSet;

use entity::{event::Verb, follower, language::Language, notice::Model, work_order};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use uuid::Uuid;

use crate::{
    actions::{
        Cx, Error, Result,
        circular::{Batch, Circular, Next, TOGETHER},
        errand::{self, Errand, Letter, Whom},
        events, update,
    },
    store,
};

/// The letters to those who come next.
pub(in crate::actions) async fn batch(
    tx: &DatabaseTransaction,
    cx: &Cx,
    notice: Uuid,
    next: &Next,
) -> Result<Batch> {
    let notice = store::notice::by_id(tx, cx.organisation, notice).await?.ok_or(Error::NotFound)?;
    let (letters, next) = match next {
        Next::Notice { after } => who_follow(tx, cx, &notice, after).await?,
        Next::WorkOrders { order, after } => who_follow_requests(tx, cx, &notice, (*order, *after)).await?,
        Next::Senders { after } => who_wrote(tx, cx, &notice, *after).await?,
    };
    Ok(Batch { letters, rest: next.map(|next| Circular::Restored { notice: notice.id, next }) })
}

async fn who_follow(
    tx: &DatabaseTransaction,
    cx: &Cx,
    notice: &Model,
    after: &str,
) -> Result<(u64, Option<Next>)> {
    let followers = store::follower::of_notice(tx, cx.organisation, notice.id, after, TOGETHER).await?;
    let next = match full(&followers) {
        Some(last) => Next::Notice { after: last.address.clone() },
        None => Next::WorkOrders { order: Uuid::nil(), after: Uuid::nil() },
    };
    let letters = followers.iter().filter_map(|follower| to_follower(notice, follower));
    let queued = errand::queue_all(tx, cx, letters.collect()).await?;
    Ok((queued.letters, Some(next)))
}

async fn who_follow_requests(
    tx: &DatabaseTransaction,
    cx: &Cx,
    notice: &Model,
    after: (Uuid, Uuid),
) -> Result<(u64, Option<Next>)> {
    let followers = store::notice::followers(tx, cx.organisation, notice.id, after, TOGETHER).await?;
    let next = match full(&followers) {
        Some(last) => Next::WorkOrders { order: last.work_order_id.unwrap_or_default(), after: last.id },
        None => Next::Senders { after: Uuid::nil() },
    };
    let letters = followers
        .iter()
        .filter_map(|follower| Some((follower.work_order_id?, to_follower(notice, follower)?)));
    Ok((tell_about(tx, cx, notice, letters.collect()).await?, Some(next)))
}

async fn who_wrote(
    tx: &DatabaseTransaction,
    cx: &Cx,
    notice: &Model,
    after: Uuid,
) -> Result<(u64, Option<Next>)> {
    let orders = store::notice::work_orders(tx, cx.organisation, notice.id, after, TOGETHER).await?;
    let next = full(&orders).map(|last| Next::Senders { after: *last });
    let authors = store::follower::authors(tx, cx.organisation, &orders).await?;
    let with_author: HashSet<Uuid> = authors.iter().filter_map(|author| author.work_order_id).collect();
    let by_mail: Vec<Uuid> = orders.into_iter().filter(|order| !with_author.contains(order)).collect();
    let reached = store::notice::reached(tx, cx.organisation, &by_mail).await?;
    let mut orders = store::work_order::by_ids(tx, cx.organisation, by_mail).await?;
    orders.retain(|order| reached.contains(&(order.id, order.sender_address.clone())));
    let letters = orders.iter().map(|order| (order.id, to_sender(notice, order)));
    Ok((tell_about(tx, cx, notice, letters.collect()).await?, next))
}

/// Queues letters about work orders, and notes once at each work order that somebody was told.
async fn tell_about(
    tx: &DatabaseTransaction,
    cx: &Cx,
    notice: &Model,
    letters: Vec<(Uuid, Letter)>,
) -> Result<u64> {
    let whose: Vec<(Uuid, String)> =
        letters.iter().map(|(order, letter)| (*order, letter.recipient.clone())).collect();
    let queued = errand::queue_all(tx, cx, letters.into_iter().map(|(_, letter)| letter).collect()).await?;
    let orders: HashSet<Uuid> = whose
        .into_iter()
        .filter(|(_, address)| queued.may.contains_key(address))
        .map(|(order, _)| order)
        .collect();
    let told = store::notice::set_told(tx, cx.organisation, notice.id, orders, cx.now).await?;
    let data = json!({ "notice": notice.id, "title": notice.title.it });
    events::append(tx, told.into_iter().map(|order| cx.event(order, Verb::Told, data.clone()))).await?;
    Ok(queued.letters)
}

fn to_follower(notice: &Model, follower: &follower::Model) -> Option<Letter> {
    update::is_told(follower)
        .then(|| letter(notice, Whom::Follower(follower.id), &follower.address, follower.language))
}

fn to_sender(notice: &Model, order: &work_order::Model) -> Letter {
    letter(notice, Whom::Sender(order.id), &order.sender_address, Language::default())
}

fn letter(notice: &Model, whom: Whom, address: &str, language: Language) -> Letter {
    Letter {
        errand: Errand::Restored { notice: notice.id, whom },
        recipient: address.to_owned(),
        language,
        // By address: who follows the notice and wrote two of the requests is one person.
        once: Some(format!("restored/{}/{address}", notice.id)),
    }
}

/// The last of a full page: there may be more.
pub(super) fn full<T>(page: &[T]) -> Option<&T> {
    page.last().filter(|_| page.len() as u64 == TOGETHER)
}
