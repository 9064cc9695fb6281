//! A notification that has not left: kept for later, written otherwise, sent, thrown away.
//!
//! A draft may lack anything; what cannot be read is not kept, because it would be lost. Two people may have one open: whoever saves
//! says which [`version`](Whole::version) they saw, and another one is not overwritten unseen. The version is made of what the draft says, reminder
//! and announcement included, so that what was changed back is no change.

use data_encoding::HEXLOWER;
use entity::{
    io_call,
    io_message::{ActiveModel, Model, Purpose, State},
    io_service,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    account, form,
    message::{self, Written},
    reminder, remote, row,
};
use crate::{
    actions::{Cx, Desk, Error, Flaw, Result, accept},
    domain::{
        calendar::rome_date,
        io::{
            message::{Content, Sketch, check},
            preview,
            recipient::Recipient,
        },
    },
    store,
};

/// What is said to whoever saves over words they have not seen.
pub const CHANGED: &str = "Intanto qualcun altro ha cambiato questa bozza: qui sotto c’è che cosa. Il tuo non è andato perso: se lo \
                           salvi adesso, prende il posto del suo.";
/// What is said to whoever sends words they have not seen.
const UNSEEN: &str = "Qualcuno ha cambiato questa bozza: rileggila, poi inviala.";
const GONE: &str = "La notifica intanto è partita, o il suo stato è cambiato: ricarica la pagina.";

/// A notification to be kept for later.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Given out with the form. Sent twice, the draft is kept once.
    pub token: Uuid,
    /// Under which service it is listed.
    pub service: io_service::Model,
    /// What was typed, as far as it goes.
    pub sketch: Sketch,
    /// The work order it is about.
    pub work_order: Option<Uuid>,
    /// The taxpayer it was looked up from.
    pub taxpayer: Option<Uuid>,
    /// The notification that it corrects.
    pub follows: Option<Uuid>,
    /// How many days before the deadline it is said again.
    pub remind_days: Option<u8>,
    /// The communication that it announces.
    pub attach: Option<Uuid>,
}

/// A notification with what was decided beside its words.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The notification.
    pub row: Model,
    /// How many days before the deadline it is said again.
    pub remind_days: Option<u8>,
    /// The communication that it announces.
    pub attach: Option<Uuid>,
}

impl Whole {
    /// Reads what belongs to a notification.
    ///
    /// # Errors
    /// The database.
    pub async fn of(db: &impl ConnectionTrait, row: Model) -> Result<Self> {
        let following = store::io_message::following(db, row.organisation_id, row.id).await?;
        let reminder = following.iter().find(|one| one.purpose == Purpose::Reminder);
        let days = |reminder: &Model| {
            let days = rome_date(row.due_at?) - rome_date(reminder.next_at?);
            u8::try_from(days.num_days()).ok()
        };
        let remind_days = reminder.and_then(days);
        let announced = store::io_remote::of_message(db, row.organisation_id, row.id).await?;
        Ok(Self { remind_days, attach: announced.map(|announced| announced.communication_id), row })
    }

    /// What tells what it says from what it said before.
    #[must_use]
    pub fn version(&self) -> String {
        let row = &self.row;
        let said = json!([
            (row.io_service_id, &row.fiscal_code, &row.subject, &row.markdown, row.secure),
            (row.due_at, row.amount_cents, &row.notice_number, row.invalid_after_due),
            (self.remind_days, self.attach),
        ]);
        HEXLOWER.encode(&Sha256::digest(said.to_string().as_bytes())[..16])
    }
}

/// Whether a person may write it otherwise. A reminder and a repetition say what another one says, and the words of an update are also
/// those of the letter that may have left with it.
#[must_use]
pub fn may_be_changed(row: &Model) -> bool {
    row.state == State::Draft && matches!(row.purpose, Purpose::Single | Purpose::Correction)
}

/// Whether a person may throw it away. Progress that was told by rule stays, or the rule would tell it again.
#[must_use]
pub fn may_be_deleted(row: &Model) -> bool {
    row.state == State::Draft && row.purpose != Purpose::Update
}

/// Keeps a notification for later; gives its id. Nobody is told, not even the thread of its work order, until it is sent.
///
/// # Errors
/// It corrects what has not left, or somebody else's; the form was sent before with other words.
pub async fn keep(desk: &Desk, cx: &Cx, kept: &Kept) -> Result<Uuid> {
    let once = format!("form/{}", kept.token.simple());
    let tx = desk.db.begin().await?;
    let mut row = Model { once: Some(once.clone()), ..drawn(&tx, cx, kept).await? };
    if let Some(there) = store::io_message::by_once(&tx, cx.organisation, &once).await? {
        let mine = there.state == State::Draft && there.author_id == cx.actor;
        let said = Whole { row, remind_days: kept.remind_days, attach: kept.attach };
        let same = mine && Whole::of(&tx, there.clone()).await?.version() == said.version();
        let other = "Questo modulo era già stato inviato con un altro testo, e quella notifica è nell'archivio. Se lo invii di nuovo ne parte un'altra.";
        return if same { Ok(there.id) } else { Err(Error::Conflict(other)) };
    }
    accept(message::strange_link(None, &row).into_iter().collect())?;
    if let Some(before) = kept.follows {
        message::may_be_corrected(&tx, cx, before, &row.fiscal_code).await?;
        (row.purpose, row.follows_id) = (Purpose::Correction, Some(before));
    }
    if let Some(order) = kept.work_order {
        let order = store::work_order::by_id(&tx, cx.organisation, order).await?.ok_or(Error::NotFound)?;
        row.work_order_id = Some(order.id);
    }
    if store::io_message::insert(&tx, vec![row.clone()]).await? == 0 {
        return Err(Error::Conflict("Questa bozza è appena stata salvata: la trovi nell'archivio."));
    }
    accompany(&tx, cx, (&row, &kept.service), (kept.remind_days, kept.attach)).await?;
    note(&tx, cx, row.id, "Salvata come bozza.").await?;
    tx.commit().await?;
    Ok(row.id)
}

/// Writes a draft otherwise, and leaves it a draft. `seen` is the [`version`](Whole::version) that was on the page.
///
/// # Errors
/// As [`keep`]; it is no draft any more, or somebody else has changed it.
pub async fn rework(desk: &Desk, cx: &Cx, id: Uuid, kept: &Kept, seen: &str) -> Result<()> {
    let tx = desk.db.begin().await?;
    let before = taken_up(&tx, cx, id, Some(seen)).await?;
    let after = row::with_words(&before, drawn(&tx, cx, kept).await?);
    rewrite(&tx, cx, &before, &after, State::Draft).await?;
    note(&tx, cx, id, "Modificata.").await?;
    accompany(&tx, cx, (&after, &kept.service), (kept.remind_days, kept.attach)).await?;
    tx.commit().await?;
    Ok(())
}

/// Writes a draft otherwise and sends it, once more with time to take it back. Its reminder is planned anew. What it is about and
/// what it follows stays. `seen` is the [`version`](Whole::version) that was on the page.
///
/// # Errors
/// As [`message::write`]; it is no draft any more, or somebody else has changed it.
pub async fn change(desk: &Desk, cx: &Cx, id: Uuid, written: &Written, seen: &str) -> Result<()> {
    let tx = desk.db.begin().await?;
    let before = taken_up(&tx, cx, id, Some(seen)).await?;
    let code = written.message.recipient.as_str();
    let service = message::sendable(&tx, cx, written.service, code).await?;
    let said = Model {
        taxpayer_id: message::holder(&tx, cx, written.taxpayer, code).await?,
        ..row::waiting(cx, &service, &written.message)
    };
    let after = row::with_words(&before, said);
    leave(&tx, cx, (&before, after), &service, (written.remind_days, written.attach)).await?;
    tx.commit().await?;
    desk.wake.io.notify_one();
    Ok(())
}

/// Sends a draft as it is, once more with time to take it back. `seen` is the [`version`](Whole::version) that was on the page; nobody
/// asks for it where nobody could have changed it.
///
/// # Errors
/// Somebody has changed it; something is missing in it, or must not be said; its code may be a slip of the finger; the service may not
/// send (any more); a reminder of something that did not arrive, or needs no reminder.
pub async fn send(desk: &Desk, cx: &Cx, id: Uuid, seen: &str) -> Result<()> {
    let tx = desk.db.begin().await?;
    let row = taken_up(&tx, cx, id, None).await?;
    let whole = Whole::of(&tx, row.clone()).await?;
    if may_be_changed(&row) && whole.version() != seen {
        return Err(Error::Conflict(UNSEEN));
    }
    let service = ready(&tx, cx, &row).await?;
    if let Some(why) = reminder::may_leave(&tx, &row, cx.now).await? {
        return Err(Error::Rejected(vec![Flaw::new("form", why)]));
    }
    leave(&tx, cx, (&row, row.clone()), &service, (whole.remind_days, whole.attach)).await?;
    tx.commit().await?;
    desk.wake.io.notify_one();
    Ok(())
}

/// The service of a draft of which nothing is missing.
async fn ready(tx: &DatabaseTransaction, cx: &Cx, row: &Model) -> Result<io_service::Model> {
    let content = Content::stored(row);
    let mut flaws = Vec::new();
    match Recipient::read(&row.fiscal_code) {
        Err(unfit) => flaws.push(Flaw::new("recipient", unfit.to_string())),
        // The words of others went to this code already, or would have.
        Ok(code) if may_be_changed(row) => flaws.extend(form::doubt(tx, cx, &code, "").await?),
        Ok(_) => {}
    }
    for (missing, field, words) in [
        (row.amount_cents.is_none(), "amount", "Scrivi anche l'importo dell'avviso."),
        (row.notice_number.is_none(), "notice_number", "Scrivi anche il numero dell'avviso pagoPA."),
    ] {
        if missing && content.payment.is_none() && (row.amount_cents.is_some() || row.notice_number.is_some())
        {
            flaws.push(Flaw::new(field, words));
        }
    }
    form::add(&mut flaws, check(&content).into_iter().map(form::flaw));
    match message::sendable(tx, cx, row.io_service_id, &row.fiscal_code).await {
        Err(Error::Rejected(found)) => form::add(&mut flaws, found),
        Err(error) => return Err(error),
        Ok(service) => {
            let mut further = form::unfit(&content, Some(&service), cx.now);
            if !may_be_changed(row) {
                // Nobody can mend its words: only what would be of no use now is judged anew.
                further.retain(|flaw| {
                    flaw.field == "due_date" || (flaw.field == "amount" && row.amount_cents.is_some())
                });
            }
            form::add(&mut flaws, further);
            accept(flaws)?;
            return Ok(service);
        }
    }
    Err(Error::Rejected(flaws))
}

/// The draft, locked: nobody else writes to it until the transaction ends.
async fn taken_up(tx: &DatabaseTransaction, cx: &Cx, id: Uuid, seen: Option<&str>) -> Result<Model> {
    store::io_message::by_id(tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    let nothing = ActiveModel { next_at: Set(None), ..Default::default() };
    if !store::io_message::change(tx, (cx.organisation, id), &[State::Draft], nothing).await? {
        return Err(Error::Conflict(GONE));
    }
    let row = store::io_message::by_id(tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    let Some(seen) = seen else { return Ok(row) };
    if !may_be_changed(&row) {
        return Err(Error::Conflict("Questa notifica dice quello che dice un'altra: scrivine una nuova."));
    }
    if Whole::of(tx, row.clone()).await?.version() != seen {
        return Err(Error::Conflict(CHANGED));
    }
    Ok(row)
}

/// The row that a draft makes.
async fn drawn(tx: &DatabaseTransaction, cx: &Cx, kept: &Kept) -> Result<Model> {
    let Kept { service, sketch, .. } = kept;
    let code = sketch.recipient.as_ref().map(Recipient::as_str).unwrap_or_default();
    Ok(Model {
        state: State::Draft,
        next_at: None,
        taxpayer_id: message::holder(tx, cx, kept.taxpayer, code).await?,
        amount_cents: sketch.cents.and_then(|cents| i64::try_from(cents).ok()),
        notice_number: sketch.notice_number.clone(),
        invalid_after_due: sketch.invalid_after_due_date,
        ..row::saying(cx, service, code, &sketch.content)
    })
}

fn says_the_same(one: &Model, other: &Model) -> bool {
    let said = |row: &Model| (row.fiscal_code.clone(), row.subject.clone(), row.markdown.clone());
    said(one) == said(other)
}

/// Sends a draft with these words.
async fn leave(
    tx: &DatabaseTransaction,
    cx: &Cx,
    (before, mut after): (&Model, Model),
    service: &io_service::Model,
    beside: (Option<u8>, Option<Uuid>),
) -> Result<()> {
    let account = account::of(tx, cx.organisation).await?;
    let told =
        after.communication_id.is_some() || !matches!(after.purpose, Purpose::Single | Purpose::Correction);
    if let (Some(order), false) = (after.work_order_id, told) {
        let order = store::work_order::by_id(tx, cx.organisation, order).await?.ok_or(Error::NotFound)?;
        message::tell_thread(tx, cx, &order, service, &mut after).await?;
    }
    (after.state, after.next_at) = (State::Queued, Some(message::may_be_taken_back_until(&account, cx)));
    let same = says_the_same(before, &after);
    let words = if same { "Messa in coda." } else { "Modificata e messa in coda." };
    rewrite(tx, cx, before, &after, State::Queued).await?;
    message::sent_by_order(tx, cx, before, words).await?;
    accompany(tx, cx, (&after, service), beside).await
}

/// Writes `after` in the place of `before`, and into the thread's copy, where there is one.
async fn rewrite(
    tx: &DatabaseTransaction,
    cx: &Cx,
    before: &Model,
    after: &Model,
    state: State,
) -> Result<()> {
    accept(message::strange_link(Some(before), after).into_iter().collect())?;
    if let (Purpose::Correction, Some(first)) = (after.purpose, after.follows_id) {
        message::may_be_corrected(tx, cx, first, &after.fiscal_code).await?;
    }
    let change = ActiveModel {
        io_service_id: Set(after.io_service_id),
        communication_id: Set(after.communication_id),
        taxpayer_id: Set(after.taxpayer_id),
        fiscal_code: Set(after.fiscal_code.clone()),
        subject: Set(after.subject.clone()),
        markdown: Set(after.markdown.clone()),
        secure: Set(after.secure),
        due_at: Set(after.due_at),
        amount_cents: Set(after.amount_cents),
        notice_number: Set(after.notice_number.clone()),
        invalid_after_due: Set(after.invalid_after_due),
        state: Set(state),
        next_at: Set(after.next_at),
        last_error: Set(None),
        ..Default::default()
    };
    if !store::io_message::change(tx, (cx.organisation, after.id), &[State::Draft], change).await? {
        return Err(Error::Conflict(GONE));
    }
    if let Some(copy) = after.communication_id.filter(|_| !says_the_same(before, after)) {
        let words = preview::plain(&after.markdown);
        store::io_message::rewrite_copy(tx, (cx.organisation, copy), (&after.subject, &words)).await?;
    }
    Ok(())
}

/// What goes with a notification is judged and planned anew: to whom it goes, and by when, may have changed.
async fn accompany(
    tx: &DatabaseTransaction,
    cx: &Cx,
    (row, service): (&Model, &io_service::Model),
    (remind_days, attach): (Option<u8>, Option<Uuid>),
) -> Result<()> {
    let account = account::of(tx, cx.organisation).await?;
    store::io_remote::delete_message(tx, cx.organisation, row.id).await?;
    remote::announce(tx, cx, row, attach).await?;
    reminder::unplan(tx, cx, row.id).await?;
    reminder::plan(tx, cx, &account, service, (row, remind_days)).await
}

async fn note(tx: &DatabaseTransaction, cx: &Cx, id: Uuid, words: &str) -> Result<()> {
    store::io_message::insert_call(tx, row::call(cx, id, io_call::Call::Operator, words)).await?;
    Ok(())
}

/// Throws a draft away, with its reminder and its copy in the thread.
///
/// # Errors
/// It is no draft any more; `Rejected`, with the field `form`: it must stay.
pub async fn delete(desk: &Desk, cx: &Cx, id: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    let row = store::io_message::by_id(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    if row.state == State::Draft && !may_be_deleted(&row) {
        let words =
            "Un aggiornamento ritirato resta nell'archivio, o verrebbe scritto di nuovo. Si può inviare.";
        return Err(Error::Rejected(vec![Flaw::new("form", words)]));
    }
    reminder::unplan(&tx, cx, id).await?;
    if !store::io_message::delete(&tx, (cx.organisation, id), &[State::Draft]).await? {
        return Err(Error::Conflict("La notifica intanto è cambiata: ricarica la pagina."));
    }
    // A repetition shares the copy of what it repeats.
    if let Some(copy) = row.communication_id.filter(|_| row.purpose != Purpose::Repeat) {
        store::io_message::delete_copy(&tx, cx.organisation, copy).await?;
    }
    tx.commit().await?;
    Ok(())
}
