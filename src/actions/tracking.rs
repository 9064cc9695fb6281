//! A citizen follows a matter by a personal link: confirms, answers, contests, withdraws. Who holds the link has been
//! given it by us; nothing else is asked. A button that is pressed twice does once what it says, and the second press is told
//! that it is done.

mod answer;
mod follow;
mod links;

use chrono::Duration;
use entity::{
    communication::{self, Addresses, Channel, Direction},
    event::Verb,
    follower::{ActiveModel, Model, Role, ToldBy},
    work_order::{self, Status},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction};
use serde_json::json;
use uuid::Uuid;

pub(super) use self::links::confirmed;
pub use self::{
    answer::{Answer, Files, answer},
    follow::{Target, follow},
    links::{confirm, renew_link, seen, send_link_again},
};
use super::{
    Cx, Desk, Error, Flaw, Result, accept, events, progress::person_of, reply::blank, work_order as orders,
};
use crate::{domain::text, store, wording};

/// Longest answer, in characters.
const TEXT_CHARS: usize = 10_000;
/// The newest letters, among which the words of a button that was pressed a moment ago are looked for.
const NEWEST: u64 = 10;

/// Says that it is closed and not solved: puts it back to work, once per closure.
///
/// # Errors
/// `Rejected` without a reason; `Conflict` when it is not closed, or was closed too long ago.
pub async fn contest(
    desk: &Desk,
    cx: &Cx,
    (follower, channel): (&Model, Channel),
    words: &str,
) -> Result<()> {
    let words = clean(words);
    let mut flaws = too_long(follower, &words);
    if words.is_empty() {
        flaws.push(Flaw::new("text", wording::say(follower.language, "problem-contest-reason")));
    }
    accept(flaws)?;
    let tx = desk.db.begin().await?;
    let order = of_author(&tx, cx, follower).await?;
    let portal = store::portal::of(&tx, cx.organisation).await?.ok_or(Error::NotFound)?;
    let Some(closed_at) = order.closed_at else {
        return already_contested(&tx, cx, follower, &order, &words).await;
    };
    if cx.now - closed_at > Duration::days(i64::from(portal.contest_days)) {
        return Err(Error::Conflict(
            "Il tempo per segnalare che non è risolto è finito: apri una nuova richiesta.",
        ));
    }
    if !store::work_order::count_contest(&tx, order.id, closed_at).await? {
        return already_contested(&tx, cx, follower, &order, &words).await;
    }
    let id = Uuid::now_v7();
    let contested = communication(cx, (follower, channel), &order, id, words);
    store::communication::insert(&tx, vec![contested]).await?;
    events::append(&tx, [cx.event(order.id, Verb::Contested, json!({ "times": order.contests + 1 }))])
        .await?;
    resume(&tx, cx, &order, follower).await?;
    tx.commit().await?;
    desk.wake.told();
    Ok(())
}

/// It is open again. The same words are there already when the button was pressed twice; others would be lost, and are not.
async fn already_contested(
    tx: &DatabaseTransaction,
    cx: &Cx,
    follower: &Model,
    order: &work_order::Model,
    words: &str,
) -> Result<()> {
    if order.contests > 0 && has_said(tx, cx, follower, order, words).await? {
        return Ok(());
    }
    Err(Error::Conflict("La pratica è già di nuovo in lavorazione."))
}

/// Withdraws the request: it is closed, with the citizen's words if there are any.
///
/// # Errors
/// `Conflict` when the organisation has closed it, or it was withdrawn with other words.
pub async fn withdraw(
    desk: &Desk,
    cx: &Cx,
    (follower, channel): (&Model, Channel),
    words: &str,
) -> Result<()> {
    let words = clean(words);
    accept(too_long(follower, &words))?;
    let tx = desk.db.begin().await?;
    let order = of_author(&tx, cx, follower).await?;
    if !store::work_order::close(&tx, cx.organisation, order.id, cx.now).await? {
        let closed = of_author(&tx, cx, follower).await?;
        return already_closed(&tx, cx, follower, &closed, &words).await;
    }
    if !words.is_empty() {
        let last = communication(cx, (follower, channel), &order, Uuid::now_v7(), words);
        store::communication::insert(&tx, vec![last]).await?;
    }
    events::append(&tx, [cx.event(order.id, Verb::Withdrawn, json!({}))]).await?;
    orders::changed(&tx, cx, &order, Status::Closed, &[&follower.address]).await?;
    tx.commit().await?;
    desk.wake.told();
    Ok(())
}

/// It is closed. Withdrawn by these words, or pressed again without any, it is as the citizen wants it; other words would be lost,
/// and to be kept as an answer they would have to open it again, which nobody asked for.
async fn already_closed(
    tx: &DatabaseTransaction,
    cx: &Cx,
    follower: &Model,
    order: &work_order::Model,
    words: &str,
) -> Result<()> {
    if !store::event::is_withdrawn(tx, order).await? {
        return Err(Error::Conflict("La pratica è già chiusa."));
    }
    if words.is_empty() || has_said(tx, cx, follower, order, words).await? {
        return Ok(());
    }
    Err(Error::Conflict("La richiesta è già stata ritirata."))
}

/// Whether these words stand among the newest letters.
async fn has_said(
    tx: &DatabaseTransaction,
    cx: &Cx,
    follower: &Model,
    order: &work_order::Model,
    words: &str,
) -> Result<bool> {
    let letters = store::communication::correspondence(tx, cx.organisation, order.id, NEWEST).await?;
    Ok(letters.iter().any(|letter| {
        letter.direction == Direction::In && letter.from_address == follower.address && letter.text == words
    }))
}

/// How the follower wants to be told from now on.
///
/// # Errors
/// `Rejected` when there is no address, or no codice fiscale, for that way.
pub async fn tell_by(desk: &Desk, cx: &Cx, follower: &Model, by: ToldBy) -> Result<()> {
    let tx = desk.db.begin().await?;
    let lacks = match by {
        ToldBy::Mail => follower.address.is_empty().then_some("problem-no-address"),
        ToldBy::Io => (!has_code(&tx, cx, follower).await?).then_some("problem-no-fiscal-code"),
        ToldBy::Nothing => None,
    };
    if let Some(key) = lacks {
        return Err(lacking(follower, key));
    }
    store::follower::by_id(&tx, cx.organisation, follower.id).await?.ok_or(Error::NotFound)?;
    let change = ActiveModel { told_by: Set(by), chose_at: Set(Some(cx.now)), ..Default::default() };
    store::follower::update(&tx, follower.id, change).await?;
    tx.commit().await?;
    Ok(())
}

/// What is missing for the way that a follower wants, in their language.
#[must_use]
pub fn lacking(follower: &Model, key: &str) -> Error {
    Error::Rejected(vec![Flaw::new("told_by", wording::say(follower.language, key))])
}

/// Whether a follower gave a codice fiscale, or the register has that of who is known to have written.
async fn has_code(tx: &DatabaseTransaction, cx: &Cx, follower: &Model) -> Result<bool> {
    if !follower.fiscal_code.is_empty() || follower.role != Role::Author {
        return Ok(!follower.fiscal_code.is_empty());
    }
    let order = of_author(tx, cx, follower).await?;
    Ok(person_of(tx, &order, Some(follower)).await?.is_ok_and(|person| person.certain))
}

/// The work order that the follower wrote.
async fn of_author(tx: &DatabaseTransaction, cx: &Cx, follower: &Model) -> Result<work_order::Model> {
    let order = follower.work_order_id.filter(|_| follower.role == Role::Author).ok_or(Error::NotFound)?;
    store::work_order::by_id(tx, cx.organisation, order).await?.ok_or(Error::NotFound)
}

/// Words of a citizen put a closed or waiting work order back to work.
async fn resume(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    follower: &Model,
) -> Result<()> {
    let who: &[&str] = &[&follower.address];
    match order.status {
        Status::New | Status::InProgress => Ok(()),
        Status::Waiting => orders::set_status(tx, cx, order, Some(Status::InProgress), who).await,
        Status::Closed => orders::reopen(tx, cx, order, who).await,
    }
}

fn communication(
    cx: &Cx,
    (follower, channel): (&Model, Channel),
    order: &work_order::Model,
    id: Uuid,
    words: String,
) -> communication::Model {
    communication::Model {
        direction: Direction::In,
        channel,
        from_name: follower.name.clone(),
        from_address: follower.address.clone(),
        recipients: Addresses::default(),
        reply_address: follower.address.clone(),
        subject: order.subject.clone(),
        text: words,
        ..blank(cx, order, id)
    }
}

/// Typed words as they are stored: one sort of line end, nothing that steers a terminal or turns the direction of reading.
fn clean(words: &str) -> String {
    text::typed(words)
}

fn too_long(follower: &Model, words: &str) -> Vec<Flaw> {
    let long = words.chars().count() > TEXT_CHARS;
    let flaw = || {
        let limit = wording::Value::from(u32::try_from(TEXT_CHARS).unwrap_or(u32::MAX));
        Flaw::new("text", wording::say_with(follower.language, "problem-too-long", &[("n", limit)]))
    };
    long.then(flaw).into_iter().collect()
}
