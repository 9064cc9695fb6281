//! A notification is written, taken back while there is time, sent again by somebody who knows why.
//!
//! What was written stays as it was sent: a repetition or a correction is a notification of its own that names the one before.

use chrono::{DateTime, Duration, Utc};
use entity::{
    communication::{self, Channel, Direction},
    event::Verb,
    io_account, io_call,
    io_message::{ActiveModel, Model, Purpose, State},
    io_service, work_order,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction};
use serde_json::json;
use uuid::Uuid;

use super::{account, reminder, remote};
use crate::{
    actions::{Cx, Desk, Error, Flaw, Result, events, reply},
    domain::io::{fate, message::Message, preview},
    store,
};

/// A notification to be.
#[derive(Clone, Debug)]
pub struct Written {
    /// Given out with the form. Sent twice, the notification is written once.
    pub token: Uuid,
    /// In the name of which service.
    pub service: Uuid,
    /// What is sent to whom; it has passed [`crate::domain::io::message::check`].
    pub message: Message,
    /// The work order it is about.
    pub work_order: Option<Uuid>,
    /// The taxpayer it was looked up from. Left out when the code is somebody else's.
    pub taxpayer: Option<Uuid>,
    /// The notification that it corrects.
    pub follows: Option<Uuid>,
    /// How many days before the deadline it is said again.
    pub remind_days: Option<u8>,
    /// The communication of its work order that it announces, where the service offers remote content.
    pub attach: Option<Uuid>,
}

/// Writes a notification of an operator. It leaves when the time to take it back is over.
///
/// # Errors
/// Nothing may be sent in that service's name, or not to that person; the form was sent before with other words.
pub async fn write(desk: &Desk, cx: &Cx, written: &Written) -> Result<Model> {
    let once = format!("form/{}", written.token.simple());
    let tx = desk.db.begin().await?;
    if let Some(there) = store::io_message::by_once(&tx, cx.organisation, &once).await? {
        return same(&tx, cx, there, written).await;
    }
    let service = sendable(&tx, cx, written.service, written.message.recipient.as_str()).await?;
    let account = account::of(&tx, cx.organisation).await?;
    let mut row = Model {
        taxpayer_id: holder(&tx, cx, written).await?,
        next_at: Some(may_be_taken_back_until(&account, cx)),
        once: Some(once.clone()),
        ..row(cx, &service, &written.message)
    };
    if let Some(before) = written.follows {
        let before = store::io_message::by_id(&tx, cx.organisation, before).await?.ok_or(Error::NotFound)?;
        if !fate::has_left(before.state) {
            return Err(Error::Conflict("Si corregge solo una notifica che è partita."));
        }
        (row.purpose, row.follows_id) = (Purpose::Correction, Some(before.id));
    }
    if let Some(order) = written.work_order {
        let order = store::work_order::by_id(&tx, cx.organisation, order).await?.ok_or(Error::NotFound)?;
        tell_thread(&tx, cx, &order, &service, &mut row).await?;
    }
    if store::io_message::insert(&tx, vec![row.clone()]).await? == 0 {
        // The same form, sent twice at one moment: the other one was first.
        tx.rollback().await?;
        let there = store::io_message::by_once(&desk.db.read, cx.organisation, &once).await?;
        return same(&desk.db.read, cx, there.ok_or(Error::NotFound)?, written).await;
    }
    remote::announce(&tx, cx, &row, written.attach).await?;
    reminder::plan(&tx, cx, &account, &service, (&row, written)).await?;
    tx.commit().await?;
    desk.wake.io.notify_one();
    Ok(row)
}

/// The notification that an earlier press of the same button wrote.
async fn same(db: &impl ConnectionTrait, cx: &Cx, there: Model, written: &Written) -> Result<Model> {
    let content = &written.message.content;
    let announces = store::io_remote::of_message(db, cx.organisation, there.id).await?;
    let same = there.author_id == cx.actor
        && there.fiscal_code == written.message.recipient.as_str()
        && (there.subject == content.subject && there.markdown == content.markdown())
        && announces.map(|row| row.communication_id) == written.attach;
    if same {
        return Ok(there);
    }
    Err(Error::Conflict(
        "Questo modulo era già stato inviato con un altro testo: ricarica la pagina e riprova.",
    ))
}

/// The moment up to which an operator's notification stays here.
pub(super) fn may_be_taken_back_until(account: &io_account::Model, cx: &Cx) -> DateTime<Utc> {
    cx.now + Duration::seconds(account.undo_seconds.into())
}

/// The taxpayer whose code it is.
pub(super) async fn holder(tx: &DatabaseTransaction, cx: &Cx, written: &Written) -> Result<Option<Uuid>> {
    let Some(id) = written.taxpayer else { return Ok(None) };
    let taxpayer = store::taxpayer::by_id(tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    let is_theirs = taxpayer.fiscal_code.as_deref() == Some(written.message.recipient.as_str());
    Ok((is_theirs && !taxpayer.generic).then_some(id))
}

/// The same words in the thread of the work order, and in its history.
pub(super) async fn tell_thread(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    service: &io_service::Model,
    row: &mut Model,
) -> Result<()> {
    let communication = communication(cx, order, service, row);
    (row.work_order_id, row.communication_id) = (Some(order.id), Some(communication.id));
    store::communication::insert(tx, vec![communication]).await?;
    events::append(tx, [cx.event(order.id, Verb::Notified, json!({ "to": service.name }))]).await?;
    Ok(())
}

/// Why nothing can be sent in a service's name; `None`: it can.
#[must_use]
pub fn mute(service: &io_service::Model) -> Option<&'static str> {
    if !service.sends {
        return Some("l'invio non è attivo");
    }
    let keyless = service.primary_key.is_none() && service.secondary_key.is_none();
    keyless.then_some("manca la chiave con cui si inviano i messaggi")
}

/// The service, if this person may be written to in its name.
///
/// # Errors
/// Rejected, with the field `service` or `recipient`.
pub(super) async fn sendable(
    db: &impl ConnectionTrait,
    cx: &Cx,
    service: Uuid,
    fiscal_code: &str,
) -> Result<io_service::Model> {
    let flaw = |field: &'static str, words: &str| Err(Error::Rejected(vec![Flaw::new(field, words)]));
    let Some(service) = store::io_service::by_id(db, cx.organisation, service).await? else {
        return flaw("service", "Scegli un servizio.");
    };
    if let Some(why) = mute(&service) {
        return flaw(
            "service",
            &format!("Con questo servizio non si può scrivere: {why}. Scegline un altro."),
        );
    }
    let allowed = service.test_codes.as_ref();
    if allowed.is_some_and(|codes| !codes.0.iter().any(|code| code == fiscal_code)) {
        return flaw("recipient", "Il servizio è in prova: si può scrivere solo ai codici fiscali di prova.");
    }
    Ok(service)
}

/// The row of a notification that waits to be sent.
pub(in crate::actions) fn row(cx: &Cx, service: &io_service::Model, message: &Message) -> Model {
    let content = &message.content;
    let payment = content.payment.as_ref();
    Model {
        id: store::io_message::id_at(cx.now),
        organisation_id: cx.organisation,
        io_service_id: service.id,
        purpose: Purpose::Single,
        work_order_id: None,
        communication_id: None,
        taxpayer_id: None,
        fiscal_code: message.recipient.as_str().to_owned(),
        subject: content.subject.clone(),
        markdown: content.markdown(),
        secure: content.secure,
        due_at: content.due_date,
        amount_cents: payment.and_then(|payment| i64::try_from(payment.cents).ok()),
        notice_number: payment.map(|payment| payment.notice_number.clone()),
        invalid_after_due: payment.is_some_and(|payment| payment.invalid_after_due_date),
        once: None,
        follows_id: None,
        author_id: cx.actor,
        state: State::Queued,
        attempts: 0,
        looks: 0,
        next_at: Some(cx.now),
        lease_owner: None,
        lease_until: None,
        remote_id: None,
        last_error: None,
        push_state: None,
        mail_state: None,
        read_state: None,
        payment_state: None,
        created_at: cx.now,
        accepted_at: None,
        settled_at: None,
    }
}

/// A notification of which nothing is known but what it says: it waits to be sent.
fn waiting(cx: &Cx, row: Model) -> Model {
    Model {
        state: State::Queued,
        attempts: 0,
        looks: 0,
        next_at: Some(cx.now),
        lease_owner: None,
        lease_until: None,
        remote_id: None,
        last_error: None,
        push_state: None,
        mail_state: None,
        read_state: None,
        payment_state: None,
        created_at: cx.now,
        accepted_at: None,
        settled_at: None,
        ..row
    }
}

/// The same words in the thread.
pub(in crate::actions) fn communication(
    cx: &Cx,
    order: &work_order::Model,
    service: &io_service::Model,
    message: &Model,
) -> communication::Model {
    communication::Model {
        direction: Direction::Out,
        channel: Channel::Io,
        automatic: cx.actor.is_none(),
        from_name: service.name.clone(),
        subject: message.subject.clone(),
        text: preview::plain(&message.markdown),
        author_id: cx.actor,
        ..reply::blank(cx, order, Uuid::now_v7())
    }
}

/// Takes a notification back that has not left yet: it is a draft again.
pub async fn take_back(desk: &Desk, cx: &Cx, id: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    let change = ActiveModel { state: Set(State::Draft), next_at: Set(None), ..Default::default() };
    by_order(&tx, cx, id, State::Queued, change, "Ritirata prima dell'invio.").await?;
    tx.commit().await?;
    Ok(())
}

/// Sends a draft, once more with time to take it back.
///
/// # Errors
/// The service may not send (any more); a reminder of something that did not arrive, or needs no reminder.
pub async fn send(desk: &Desk, cx: &Cx, id: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    let row = store::io_message::by_id(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    sendable(&tx, cx, row.io_service_id, &row.fiscal_code).await?;
    if let Some(why) = reminder::may_leave(&tx, &row).await? {
        return Err(Error::Rejected(vec![Flaw::new("form", why)]));
    }
    let account = account::of(&tx, cx.organisation).await?;
    let change = ActiveModel {
        state: Set(State::Queued),
        next_at: Set(Some(may_be_taken_back_until(&account, cx))),
        last_error: Set(None),
        ..Default::default()
    };
    by_order(&tx, cx, id, State::Draft, change, "Messa in coda.").await?;
    tx.commit().await?;
    desk.wake.io.notify_one();
    Ok(())
}

/// Changes a notification because an operator says so, and keeps who did.
pub(super) async fn by_order(
    tx: &DatabaseTransaction,
    cx: &Cx,
    id: Uuid,
    state: State,
    change: ActiveModel,
    words: &str,
) -> Result<()> {
    store::io_message::by_id(tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    if !store::io_message::change(tx, (cx.organisation, id), &[state], change).await? {
        return Err(Error::Conflict(
            "La notifica intanto è partita, o il suo stato è cambiato: ricarica la pagina.",
        ));
    }
    store::io_message::insert_call(tx, call(cx, id, io_call::Call::Operator, words)).await?;
    Ok(())
}

/// Sends a notification again, as a new one, because a person says so: when it did not arrive, or (`knowing` that it may come twice)
/// when nobody knows. One repetition of each: who presses twice sends once.
pub async fn repeat(desk: &Desk, cx: &Cx, id: Uuid, knowing: bool) -> Result<Uuid> {
    let tx = desk.db.begin().await?;
    let before = store::io_message::by_id(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    if !fate::may_be_repeated(before.state) {
        return Err(Error::Conflict("Questa notifica non si può rimandare: è in viaggio o è già arrivata."));
    }
    if before.state == State::Uncertain && !knowing {
        return Err(Error::Rejected(vec![Flaw::new(
            "knowing",
            "Conferma di sapere che la persona potrebbe riceverla due volte.",
        )]));
    }
    sendable(&tx, cx, before.io_service_id, &before.fiscal_code).await?;
    let account = account::of(&tx, cx.organisation).await?;
    let again = Model {
        id: store::io_message::id_at(cx.now),
        once: Some(format!("repeat/{id}")),
        purpose: Purpose::Repeat,
        follows_id: Some(id),
        author_id: cx.actor,
        next_at: Some(may_be_taken_back_until(&account, cx)),
        ..waiting(cx, before)
    };
    let new = again.id;
    if store::io_message::insert(&tx, vec![again]).await? == 0 {
        return Err(Error::Conflict("Questa notifica è già stata rimandata."));
    }
    remote::repeated(&tx, cx, id, new).await?;
    store::io_message::insert_call(&tx, call(cx, id, io_call::Call::Operator, "Rimandata.")).await?;
    tx.commit().await?;
    desk.wake.io.notify_one();
    Ok(new)
}

/// The record of a call.
pub(super) fn call(cx: &Cx, message: Uuid, call: io_call::Call, words: &str) -> io_call::Model {
    io_call::Model {
        id: Uuid::now_v7(),
        organisation_id: cx.organisation,
        io_message_id: message,
        call,
        author_id: cx.actor,
        words: words.to_owned(),
        at: cx.now,
    }
}
