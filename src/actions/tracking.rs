//! A citizen follows a matter by a personal link: confirms, answers, contests, withdraws. Who holds the link has been
//! given it by us; nothing else is asked.

use chrono::Duration;
use entity::{
    communication::{self, Addresses, Channel, Direction},
    event::Verb,
    follower::{ActiveModel, Model, Role, ToldBy},
    language::Language,
    work_order::{self, Identified, Status},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, DbErr, SqlErr};
use serde_json::json;
use uuid::Uuid;

use super::{
    Cx, Desk, Error, Flaw, Result, accept, errand, events, reply::blank, rows::Rows, work_order as orders,
};
use crate::{
    domain::{mail, number::Number, text},
    store::{self, upload::Owner},
    wording,
};

/// Longest answer, in characters.
const TEXT_CHARS: usize = 10_000;
/// How often the use of a link is written down, at most.
const SEEN_EVERY: Duration = Duration::hours(1);

/// What somebody wants to follow.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// A work order that somebody else opened.
    WorkOrder(Uuid),
    /// A notice.
    Notice(Uuid),
}

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
pub(super) async fn confirmed(
    tx: &DatabaseTransaction,
    cx: &Cx,
    follower: &Model,
) -> std::result::Result<(), DbErr> {
    let change = ActiveModel { confirmed_at: Set(Some(cx.now)), ..Default::default() };
    store::follower::update(tx, follower.id, change).await?;
    if follower.address.is_empty() {
        return Ok(());
    }
    store::follower::confirm_address(tx, cx.organisation, &follower.address, cx.now).await?;
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

/// Adds an answer, with the files that were handed over for it. `token` makes a second press of the button harmless.
///
/// # Errors
/// `Rejected` without words and files; `Conflict` when the matter is closed for good.
pub async fn answer(desk: &Desk, cx: &Cx, follower: &Model, token: Uuid, words: &str) -> Result<()> {
    let tx = desk.db.begin().await?;
    let order = of_author(&tx, cx, follower).await?;
    if let Some(written) = store::communication::by_id(&tx, cx.organisation, token).await? {
        return if written.work_order_id == order.id { Ok(()) } else { Err(Error::NotFound) };
    }
    let files = store::upload::of(&tx, cx.organisation, Owner::Follower(follower.id)).await?;
    let words = clean(words);
    if words.is_empty() && files.is_empty() {
        let flaw = wording::say(follower.language, "problem-empty-answer");
        return Err(Error::Rejected(vec![Flaw::new("text", flaw)]));
    }
    accept(too_long(follower, &words))?;
    if let Some(closed_at) = order.closed_at
        && cx.now - closed_at > Duration::days(desk.rules.reopen_days)
    {
        return Err(Error::Conflict("La pratica è chiusa da tempo: apri una nuova richiesta."));
    }
    let mut rows = Rows::default();
    rows.communications.push(communication(cx, follower, &order, token, words));
    rows.add_uploads(token, &files);
    rows.events.push(cx.event(order.id, Verb::Received, json!({ "channel": Channel::Web })));
    match rows.write(&tx, cx.organisation).await {
        // The same form, sent at the same instant, was faster.
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => return Ok(()),
        written => written?,
    }
    let used: Vec<Uuid> = files.iter().map(|file| file.id).collect();
    if store::upload::delete(&tx, cx.organisation, &used).await? != used.len() as u64 {
        return Err(Error::Conflict("Nel frattempo questi file sono partiti con un’altra risposta."));
    }
    resume(&tx, cx, &order, follower).await?;
    tx.commit().await?;
    desk.wake.errands.notify_one();
    Ok(())
}

/// Says that it is closed and not solved: puts it back to work, once per closure.
///
/// # Errors
/// `Rejected` without a reason; `Conflict` when it is not closed, or was closed too long ago.
pub async fn contest(desk: &Desk, cx: &Cx, follower: &Model, words: &str) -> Result<()> {
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
        return Err(Error::Conflict("La pratica è già di nuovo in lavorazione."));
    };
    if cx.now - closed_at > Duration::days(i64::from(portal.contest_days)) {
        return Err(Error::Conflict(
            "Il tempo per segnalare che non è risolto è finito: apri una nuova richiesta.",
        ));
    }
    if !store::work_order::count_contest(&tx, order.id, closed_at).await? {
        return Err(Error::Conflict("La pratica è già di nuovo in lavorazione."));
    }
    let id = Uuid::now_v7();
    let contested = communication(cx, follower, &order, id, words);
    store::communication::insert(&tx, vec![contested]).await?;
    events::append(&tx, [cx.event(order.id, Verb::Contested, json!({ "times": order.contests + 1 }))])
        .await?;
    resume(&tx, cx, &order, follower).await?;
    tx.commit().await?;
    desk.wake.errands.notify_one();
    Ok(())
}

/// Withdraws the request: it is closed, with the citizen's words if there are any.
///
/// # Errors
/// `Conflict` when it is closed already.
pub async fn withdraw(desk: &Desk, cx: &Cx, follower: &Model, words: &str) -> Result<()> {
    let words = clean(words);
    accept(too_long(follower, &words))?;
    let tx = desk.db.begin().await?;
    let order = of_author(&tx, cx, follower).await?;
    if order.status == Status::Closed {
        return Err(Error::Conflict("La pratica è già chiusa."));
    }
    if !words.is_empty() {
        let last = communication(cx, follower, &order, Uuid::now_v7(), words);
        store::communication::insert(&tx, vec![last]).await?;
    }
    events::append(&tx, [cx.event(order.id, Verb::Withdrawn, json!({}))]).await?;
    orders::set_status(&tx, cx, &order, Some(Status::Closed), &[&follower.address]).await?;
    tx.commit().await?;
    desk.wake.errands.notify_one();
    Ok(())
}

/// How the follower wants to be told from now on.
///
/// # Errors
/// `Rejected` when there is no address, or no codice fiscale, for that way.
pub async fn tell_by(desk: &Desk, cx: &Cx, follower: &Model, by: ToldBy) -> Result<()> {
    let lacks = match by {
        ToldBy::Mail => follower.address.is_empty().then_some("problem-no-address"),
        ToldBy::Io => follower.fiscal_code.is_empty().then_some("problem-no-fiscal-code"),
        ToldBy::Nothing => None,
    };
    if let Some(key) = lacks {
        return Err(Error::Rejected(vec![Flaw::new("told_by", wording::say(follower.language, key))]));
    }
    let tx = desk.db.begin().await?;
    store::follower::by_id(&tx, cx.organisation, follower.id).await?.ok_or(Error::NotFound)?;
    let change = ActiveModel { told_by: Set(by), ..Default::default() };
    store::follower::update(&tx, follower.id, change).await?;
    tx.commit().await?;
    Ok(())
}

/// Somebody wants to follow. A link goes to the address; until it is opened nothing else does. Who follows already gets the
/// link again: the page says the same in every case.
///
/// # Errors
/// `Rejected` when the address is none; `NotFound` when there is nothing to follow.
pub async fn follow(desk: &Desk, cx: &Cx, target: Target, address: &str, language: Language) -> Result<()> {
    let address = address.trim().to_lowercase();
    if !mail::is_address(&address) {
        return Err(Error::Rejected(vec![Flaw::new("email", wording::say(language, "problem-email"))]));
    }
    let tx = desk.db.begin().await?;
    let (known, work_order_id, notice_id) = match target {
        Target::WorkOrder(id) => {
            store::work_order::by_id(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
            (store::follower::by_address(&tx, cx.organisation, id, &address).await?, Some(id), None)
        }
        Target::Notice(id) => {
            store::notice::by_id(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
            (store::follower::of_notice_by_address(&tx, cx.organisation, id, &address).await?, None, Some(id))
        }
    };
    let follower = match known {
        Some(known) => known,
        None => {
            let row = Model {
                id: Uuid::now_v7(),
                organisation_id: cx.organisation,
                work_order_id,
                notice_id,
                role: Role::Follower,
                name: String::new(),
                address: address.clone(),
                fiscal_code: String::new(),
                phone: String::new(),
                language,
                told_by: ToldBy::Mail,
                generation: 0,
                // An address that was confirmed for another matter has not yet asked to follow this one.
                confirmed_at: None,
                created_at: cx.now,
                seen_at: None,
            };
            if !store::follower::insert_new(&tx, row.clone()).await? {
                // The same form, sent at the same instant, was faster: its link is on the way.
                return Ok(());
            }
            if let Some(order) = work_order_id {
                events::append(&tx, [cx.event(order, Verb::Followed, json!({}))]).await?;
            }
            row
        }
    };
    let errand = errand::Errand::Follow { follower: follower.id };
    errand::queue(&tx, cx, errand, &address, language, None).await?;
    tx.commit().await?;
    desk.wake.errands.notify_one();
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
    let address = address.trim().to_lowercase();
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
    follower: &Model,
    order: &work_order::Model,
    id: Uuid,
    words: String,
) -> communication::Model {
    communication::Model {
        direction: Direction::In,
        channel: Channel::Web,
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
