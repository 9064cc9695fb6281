//! Citizens are told of progress: which occasion, by which way, in which words.
//!
//! What is told is decided and written in the transaction of what happened: the communication in the thread, the letter in the
//! outbox, the notification for IO. So nothing is told of a change that was rolled back, nothing is forgotten, and a replay finds
//! the change made. When IO says no, the note of that and the letter in its place are one commit, too (`fall_back`).
//!
//! Neighbours who follow a request are told by [`super::update`]: they get no conversation.
//!
//! - `citizen`: who is told, and what reaches them.
//! - `words`: the texts, filled in; `fit`: whether an organisation's own can be.
//! - [`mod@announce`]: an operator tells what no status says; `outlook`: by which way it would go.
//! - [`settings`]: rules and texts of an organisation.

pub mod announce;
mod citizen;
mod fit;
mod outlook;
pub mod settings;
mod words;

use entity::{
    communication::{Addresses, Channel},
    delivery,
    event::Verb,
    follower::ToldBy,
    io_message, io_service, mailbox,
    update_rule::{Occasion, Way},
    work_order,
};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use uuid::Uuid;

use self::citizen::{Citizen, Known};
pub use self::{
    citizen::{concerns, person_of},
    fit::BODY,
    outlook::{Before, Outlook, outlook},
    words::{Details, example, personal},
};
use super::{
    Cx, Result,
    errand::brake::news_from,
    events, io,
    reply::{self, Letter},
    rows::Rows,
};
use crate::{
    domain::{
        io::message::Message,
        progress::{self, Plan, template::Values},
    },
    store,
};

/// Has the citizen told, or notes that there is no way to them. Whoever is in `written_to` gets a letter about the same thing, or
/// did it: nothing more. Wake `outbox` and `io` after the commit.
pub(super) async fn tell(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    occasion: Occasion,
    written_to: &[&str],
) -> Result<()> {
    let known = Known::read(tx, order).await?;
    if known.is_among(written_to) {
        return Ok(());
    }
    // On the heap: what changes a work order would otherwise carry all of this with it.
    Box::pin(told_or_noted(tx, cx, &known, occasion)).await
}

async fn told_or_noted(
    tx: &DatabaseTransaction,
    cx: &Cx,
    known: &Known<'_>,
    occasion: Occasion,
) -> Result<()> {
    let way = way(tx, cx, known.order, occasion).await?;
    let told = told(tx, cx, known, (occasion, way), &Details::default(), Uuid::now_v7()).await?;
    // Silence that somebody wanted is none, and of what arrives there is the acknowledgement.
    let wanted = way == Way::Nothing || known.chosen() == Some(ToldBy::Nothing);
    if !told && !wanted && occasion != Occasion::Received {
        let event = cx.event(known.order.id, Verb::Updated, json!({ "to": occasion, "by": [] }));
        events::append(tx, [event]).await?;
    }
    Ok(())
}

/// Whether what arrives by mail is to be told on IO, too: asked once for a batch of mails.
pub(super) async fn tells_receipts(tx: &DatabaseTransaction, organisation: Uuid) -> Result<bool> {
    if store::io_service::for_updates(tx, organisation).await?.is_none() {
        return Ok(false);
    }
    let rules = store::update::rules(tx, organisation).await?;
    Ok(rules.iter().any(|rule| rule.occasion == Occasion::Received && rule.way == Way::MailAndIo))
}

/// The rule for an occasion: the kind's, else everybody's, else the program's.
async fn way(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    occasion: Occasion,
) -> Result<Way> {
    let rules = store::update::rules_for(tx, cx.organisation, order.kind_id, occasion).await?;
    Ok(progress::way(&rules, order.kind_id, occasion))
}

/// Tells the citizen by the way that the rule and their choice lead to; gives whether there was one. `id`: the communication's.
async fn told(
    tx: &DatabaseTransaction,
    cx: &Cx,
    known: &Known<'_>,
    (occasion, way): (Occasion, Way),
    details: &Details,
    id: Uuid,
) -> Result<bool> {
    let mut citizen = known.citizen(tx).await?;
    if occasion == Occasion::Received {
        // By mail there is the acknowledgement, which is the best way unless somebody asked for IO.
        if way == Way::Best && citizen.reach().chosen != Some(ToldBy::Io) {
            return Ok(false);
        }
        citizen.mail = None;
    }
    let plan = progress::plan(way, citizen.reach());
    if plan.is_empty() {
        return Ok(false);
    }
    let mailbox = mailbox(tx, cx, known.order, plan.letter == Some(progress::Letter::Certified)).await?;
    let mut rows = Rows::default();
    let values = words::values(tx, cx, known, details).await?;
    let letter = letter(tx, cx, known, (occasion, &values), (plan, &citizen, mailbox.as_ref())).await?;
    let notification = match (&citizen.io, plan.io) {
        (Ok((service, person)), true) => {
            let content =
                words::notification(tx, cx, known, (occasion, details.until), (&values, person.certain))
                    .await?;
            let message = Message { recipient: person.recipient.clone(), content };
            Some(notification(tx, cx, known.order, (service, &message), id).await?)
        }
        _ => None,
    };
    match (letter, &notification) {
        (Some(letter), _) => letter.queue(&mut rows, cx, id),
        (None, Some(message)) => rows.communications.push(words::in_thread(cx, known.order, id, message)),
        (None, None) => return Ok(false),
    }
    for letter in &mut rows.deliveries {
        letter.next_attempt_at = news_from(tx, cx, &letter.recipient).await?;
    }
    for communication in &mut rows.communications {
        communication.occasion = Some(occasion);
        communication.author_id = cx.actor;
        if notification.is_some() {
            communication.channel = Channel::Io;
        }
    }
    let by = rows.deliveries.first().map(|_| "mail").into_iter().chain(notification.as_ref().map(|_| "io"));
    let data = json!({ "to": occasion, "by": by.collect::<Vec<_>>() });
    rows.events.push(cx.event(known.order.id, Verb::Updated, data));
    rows.write(tx, cx.organisation).await?;
    if let Some(message) = notification {
        store::io_message::insert(tx, vec![message]).await?;
    }
    Ok(true)
}

/// The mailbox by which letters about a work order leave.
async fn mailbox(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    certified: bool,
) -> Result<Option<mailbox::Model>> {
    let all = store::mailbox::all(tx, cx.organisation).await?;
    let is_certified = |mailbox: &&mailbox::Model| mailbox.kind == mailbox::Kind::Pec;
    let pec = all.iter().find(is_certified).filter(|_| certified);
    let usual = all.iter().find(|mailbox| Some(mailbox.id) == order.mailbox_id);
    Ok(pec.or(usual).or(all.iter().find(|mailbox| !is_certified(mailbox))).or(all.first()).cloned())
}

/// The letter: it leaves now, or waits in the thread for what IO says, or there is no way for it.
async fn letter<'a>(
    tx: &DatabaseTransaction,
    cx: &Cx,
    known: &Known<'a>,
    (occasion, values): (Occasion, &Values),
    (plan, citizen, mailbox): (Plan, &Citizen, Option<&'a mailbox::Model>),
) -> Result<Option<Letter<'a>>> {
    let (Some(mailbox), Some(when)) = (mailbox, plan.letter) else { return Ok(None) };
    let Some(address) = &citizen.mail else { return Ok(None) };
    let answered = store::communication::last_letter(tx, cx.organisation, known.order.id).await?;
    Ok(Some(Letter {
        order: known.order,
        mailbox,
        answers: answered.as_ref().map(|letter| letter.id),
        references: answered
            .map(|letter| letter.references.split(' ').map(str::to_owned).collect())
            .unwrap_or_default(),
        to: if when == progress::Letter::IfIoFails { Vec::new() } else { vec![address.clone()] },
        words: words::letter(tx, cx, known, occasion, values).await?,
        automatic: true,
        author: None,
    }))
}

/// The notification: a machine's, so it waits for the end of the quiet hours.
async fn notification(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    (service, message): (&io_service::Model, &Message),
    communication: Uuid,
) -> Result<io_message::Model> {
    let account = io::account::of(tx, cx.organisation).await?;
    Ok(io_message::Model {
        purpose: io_message::Purpose::Update,
        work_order_id: Some(order.id),
        communication_id: Some(communication),
        taxpayer_id: Some(order.taxpayer_id),
        // A communication has one notification of its own.
        once: Some(format!("update/{communication}")),
        next_at: Some(io::account::after_quiet_hours(&account, cx.now)),
        ..io::row::waiting(cx, service, message)
    })
}

/// A notification did not arrive: what it told goes by mail, if that was foreseen, may be done and has not been yet. Wake `outbox`
/// after the commit.
pub(super) async fn fall_back(tx: &DatabaseTransaction, cx: &Cx, missed: &io_message::Model) -> Result<()> {
    let (db, organisation) = (tx, cx.organisation);
    let (Some(order), Some(communication)) = (missed.work_order_id, missed.communication_id) else {
        return Ok(());
    };
    let Some(told) = store::communication::by_id(db, organisation, communication).await? else {
        return Ok(());
    };
    // Where mail was not foreseen there is no mailbox either.
    let (Some(_), Some(mailbox)) = (told.occasion, told.mailbox_id) else { return Ok(()) };
    let Some(order) = store::work_order::by_id(db, organisation, order).await? else { return Ok(()) };
    if !store::delivery::of_communications(db, organisation, &[communication]).await?.is_empty() {
        return Ok(());
    }
    let known = Known::read(tx, &order).await?;
    let citizen = known.citizen(tx).await?;
    // Meanwhile they may have asked for silence.
    let Some(address) = citizen.mail.filter(|_| citizen.chosen != Some(ToldBy::Nothing)) else {
        return Ok(());
    };
    let letter = delivery::Model {
        next_attempt_at: news_from(tx, cx, &address.address).await?,
        ..reply::delivery(cx, &order, (communication, mailbox), &address.address, true)
    };
    store::communication::set_recipients(tx, organisation, communication, Addresses(vec![address])).await?;
    Ok(store::delivery::insert(tx, vec![letter]).await?)
}
