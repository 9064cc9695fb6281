//! A notification is written, taken back while there is time, sent again by somebody who knows why.
//!
//! What was written stays as it was sent: a repetition or a correction is a notification of its own that names the one before.

use chrono::{DateTime, Duration, Utc};
use entity::{
    event::Verb,
    io_account, io_call,
    io_message::{ActiveModel, Model, Purpose, State},
    io_service, work_order,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction};
use serde_json::json;
use uuid::Uuid;

use super::{account, draft::Whole, form, reminder, remote, row};
use crate::{
    actions::{Cx, Desk, Error, Flaw, Result, accept, events},
    domain::io::{
        fate,
        message::{Content, Message},
    },
    store,
    wording::PERSONAL_URL,
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
    let code = written.message.recipient.as_str();
    let service = sendable(&tx, cx, written.service, code).await?;
    let account = account::of(&tx, cx.organisation).await?;
    let mut row = Model {
        taxpayer_id: holder(&tx, cx, written.taxpayer, code).await?,
        next_at: Some(may_be_taken_back_until(&account, cx)),
        once: Some(once.clone()),
        ..row::waiting(cx, &service, &written.message)
    };
    accept(strange_link(None, &row).into_iter().collect())?;
    if let Some(before) = written.follows {
        may_be_corrected(&tx, cx, before, code).await?;
        (row.purpose, row.follows_id) = (Purpose::Correction, Some(before));
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
    reminder::plan(&tx, cx, &account, &service, (&row, written.remind_days)).await?;
    tx.commit().await?;
    desk.wake.io.notify_one();
    Ok(row)
}

/// The notification that an earlier press of the same button wrote.
async fn same(db: &impl ConnectionTrait, cx: &Cx, there: Model, written: &Written) -> Result<Model> {
    let service =
        store::io_service::by_id(db, cx.organisation, written.service).await?.ok_or(Error::NotFound)?;
    // All of it: with another amount it is another notification.
    let said = Whole {
        row: row::waiting(cx, &service, &written.message),
        remind_days: written.remind_days,
        attach: written.attach,
    };
    let same = there.author_id == cx.actor && Whole::of(db, there.clone()).await?.version() == said.version();
    if same && there.state == State::Draft {
        return Err(Error::Conflict(
            "Questa notifica è già tra le bozze: aprila dall'archivio e inviala da lì.",
        ));
    }
    if same {
        return Ok(there);
    }
    Err(Error::Conflict(
        "Questo modulo era già stato inviato con un altro testo, e quella notifica è nell'archivio. Se lo invii di nuovo ne parte un'altra.",
    ))
}

/// The moment up to which an operator's notification stays here.
pub(super) fn may_be_taken_back_until(account: &io_account::Model, cx: &Cx) -> DateTime<Utc> {
    cx.now + Duration::seconds(account.undo_seconds.into())
}

/// The taxpayer, if the code is theirs.
pub(super) async fn holder(
    tx: &DatabaseTransaction,
    cx: &Cx,
    taxpayer: Option<Uuid>,
    code: &str,
) -> Result<Option<Uuid>> {
    let Some(id) = taxpayer else { return Ok(None) };
    let taxpayer = store::taxpayer::by_id(tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    let is_theirs = taxpayer.fiscal_code.as_deref() == Some(code);
    Ok((is_theirs && !taxpayer.generic).then_some(id))
}

/// Whether a notification to this code (empty: nobody yet) may correct `before`. A correction goes to whom the wrong words went
/// ("Manuale dei servizi", What to Do in Case of Errors), also when the person was what was wrong: to anybody else it would correct
/// something unheard of, and the person who was written to by mistake would never be told.
///
/// # Errors
/// Rejected, with the field `recipient`; it has not left, and can still be taken back.
pub(super) async fn may_be_corrected(
    tx: &DatabaseTransaction,
    cx: &Cx,
    before: Uuid,
    code: &str,
) -> Result<()> {
    let before = store::io_message::by_id(tx, cx.organisation, before).await?.ok_or(Error::NotFound)?;
    if !fate::has_left(before.state) {
        return Err(Error::Conflict("Si corregge solo una notifica che è partita."));
    }
    if code.is_empty() || code == before.fiscal_code {
        return Ok(());
    }
    let words = format!(
        "L'errata corrige va a chi ha ricevuto il messaggio sbagliato: {}. Per scrivere a un'altra persona apri una notifica nuova.",
        before.fiscal_code
    );
    Err(Error::Rejected(vec![Flaw::new("recipient", words)]))
}

/// What is wrong with a mark of the personal link in `after`, which `before` said otherwise. In its place stands, when it leaves, the
/// link of whoever sent the request: nobody else may get it, and nobody types it.
pub(super) fn strange_link(before: Option<&Model>, after: &Model) -> Option<Flaw> {
    if !after.markdown.contains(PERSONAL_URL) {
        return None;
    }
    match before.filter(|before| before.markdown.contains(PERSONAL_URL)) {
        Some(before) if before.fiscal_code == after.fiscal_code => None,
        Some(_) => Some(Flaw::new(
            "recipient",
            "Il pulsante apre la pagina personale di chi ha scritto: per mandarla a un'altra persona togli il pulsante.",
        )),
        None => Some(Flaw::new(
            "form",
            "La pagina personale si apre solo dagli aggiornamenti di un ordine di lavoro.",
        )),
    }
}

/// The same words in the thread of the work order, and in its history.
pub(super) async fn tell_thread(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    service: &io_service::Model,
    row: &mut Model,
) -> Result<()> {
    let communication = row::communication(cx, order, service, row);
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

/// Takes a notification back that has not left yet: it is a draft again.
pub async fn take_back(desk: &Desk, cx: &Cx, id: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    let change = ActiveModel { state: Set(State::Draft), next_at: Set(None), ..Default::default() };
    by_order(&tx, cx, id, State::Queued, change, "Ritirata prima dell'invio.").await?;
    tx.commit().await?;
    Ok(())
}

/// Changes a notification because an operator says so, and keeps who did. The history of its work order says so, too: what was
/// taken back has told nobody.
pub(super) async fn by_order(
    tx: &DatabaseTransaction,
    cx: &Cx,
    id: Uuid,
    state: State,
    change: ActiveModel,
    words: &str,
) -> Result<()> {
    let row = store::io_message::by_id(tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    if !store::io_message::change(tx, (cx.organisation, id), &[state], change).await? {
        return Err(Error::Conflict(
            "La notifica intanto è partita, o il suo stato è cambiato: ricarica la pagina.",
        ));
    }
    store::io_message::insert_call(tx, row::call(cx, id, io_call::Call::Operator, words)).await?;
    in_history(tx, cx, &row, state == State::Queued).await
}

/// Keeps who ordered that a draft is sent.
pub(super) async fn sent_by_order(
    tx: &DatabaseTransaction,
    cx: &Cx,
    before: &Model,
    words: &str,
) -> Result<()> {
    store::io_message::insert_call(tx, row::call(cx, before.id, io_call::Call::Operator, words)).await?;
    in_history(tx, cx, before, false).await
}

/// Writes into the history of a work order that what stands in its thread was taken back, or is sent after all.
async fn in_history(tx: &DatabaseTransaction, cx: &Cx, row: &Model, taken_back: bool) -> Result<()> {
    let (Some(order), Some(copy)) = (row.work_order_id, row.communication_id) else { return Ok(()) };
    let told = store::communication::by_id(tx, cx.organisation, copy).await?;
    let occasion = told.and_then(|told| told.occasion);
    let verb = if occasion.is_some() { Verb::Updated } else { Verb::Notified };
    let mut data = json!({ "to": occasion, "by": ["io"] });
    if taken_back {
        data["taken_back"] = true.into();
    }
    Ok(events::append(tx, [cx.event(order, verb, data)]).await?)
}

/// Whether a letter says the same as a notification.
///
/// # Errors
/// The database.
pub async fn went_by_mail(db: &impl ConnectionTrait, row: &Model) -> Result<bool> {
    let told: Vec<Uuid> = row.communication_id.into_iter().collect();
    Ok(!store::delivery::of_communications(db, row.organisation_id, &told).await?.is_empty())
}

/// Sends a notification again, as a new one, because a person says so: when it did not arrive, or (`knowing` that it may come twice, or
/// that a letter has said it) when nobody knows, or a letter went. One repetition of each: who presses twice sends once, and is shown what was sent.
pub async fn repeat(desk: &Desk, cx: &Cx, id: Uuid, knowing: bool) -> Result<Uuid> {
    let tx = desk.db.begin().await?;
    let before = store::io_message::by_id(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    let once = format!("repeat/{id}");
    match store::io_message::by_once(&tx, cx.organisation, &once).await? {
        Some(there) if there.state == State::Draft => {
            return Err(Error::Conflict(
                "Era già stata rimandata e poi ritirata: è tra le bozze, inviala da lì.",
            ));
        }
        Some(there) => return Ok(there.id),
        None => {}
    }
    if !fate::may_be_repeated(before.state) {
        return Err(Error::Conflict("Questa notifica non si può rimandare: è in viaggio o è già arrivata."));
    }
    let doubt = match before.state {
        State::Uncertain => Some("Conferma di sapere che la persona potrebbe riceverla due volte."),
        _ if went_by_mail(&tx, &before).await? => {
            Some("Conferma di sapere che la persona l'ha già ricevuto per posta.")
        }
        _ => None,
    };
    if let Some(words) = doubt.filter(|_| !knowing) {
        return Err(Error::Rejected(vec![Flaw::new("knowing", words)]));
    }
    let service = sendable(&tx, cx, before.io_service_id, &before.fiscal_code).await?;
    // Its words went once, or should have: only what would be of no use now is judged anew.
    let mut flaws = form::unfit(&Content::stored(&before), Some(&service), cx.now);
    flaws
        .retain(|flaw| flaw.field == "due_date" || (flaw.field == "amount" && before.amount_cents.is_some()));
    accept(flaws)?;
    let account = account::of(&tx, cx.organisation).await?;
    let again = Model {
        once: Some(once.clone()),
        purpose: Purpose::Repeat,
        follows_id: Some(id),
        work_order_id: before.work_order_id,
        communication_id: before.communication_id,
        next_at: Some(may_be_taken_back_until(&account, cx)),
        ..row::with_words(&row::blank(cx, &service), before)
    };
    let new = again.id;
    if store::io_message::insert(&tx, vec![again]).await? == 0 {
        // Pressed twice at one moment: the other one was first.
        tx.rollback().await?;
        let there = store::io_message::by_once(&desk.db.read, cx.organisation, &once).await?;
        return there.map(|there| there.id).ok_or(Error::NotFound);
    }
    remote::repeated(&tx, cx, id, new).await?;
    store::io_message::insert_call(&tx, row::call(cx, id, io_call::Call::Operator, "Rimandata.")).await?;
    tx.commit().await?;
    desk.wake.io.notify_one();
    Ok(new)
}
