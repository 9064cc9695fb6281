//! A notification that has not left is written otherwise, or thrown away.

use entity::{
    io_message::{ActiveModel, Model, Purpose, State},
    io_service,
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{
    account,
    message::{self, Written},
    reminder, remote,
};
use crate::{
    actions::{Cx, Desk, Error, Result},
    domain::io::preview,
    store,
};

/// Whether a person may write it otherwise: a reminder says what its first says.
#[must_use]
pub fn may_be_changed(row: &Model) -> bool {
    row.state == State::Draft && row.purpose != Purpose::Reminder
}

/// Whether a person may throw it away. Progress that was told by rule stays, or the rule would tell it again.
#[must_use]
pub fn may_be_deleted(row: &Model) -> bool {
    row.state == State::Draft && row.purpose != Purpose::Update
}

/// Writes a draft otherwise and sends it, once more with time to take it back. Its reminder is planned anew. What it is about and
/// what it follows stays.
///
/// # Errors
/// As [`message::write`]; it is no draft any more.
pub async fn change(desk: &Desk, cx: &Cx, id: Uuid, written: &Written) -> Result<()> {
    let tx = desk.db.begin().await?;
    let before = store::io_message::by_id(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    if !may_be_changed(&before) {
        return Err(Error::Conflict("Questa notifica non è una bozza: non si può più modificare."));
    }
    let service = message::sendable(&tx, cx, written.service, written.message.recipient.as_str()).await?;
    let account = account::of(&tx, cx.organisation).await?;
    let changed = ActiveModel {
        next_at: Set(Some(message::may_be_taken_back_until(&account, cx))),
        taxpayer_id: Set(message::holder(&tx, cx, written).await?),
        ..said(cx, &service, written)
    };
    message::by_order(&tx, cx, id, State::Draft, changed, "Modificata e messa in coda.").await?;
    let after = store::io_message::by_id(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    if let Some(copy) = after.communication_id {
        let words = preview::plain(&after.markdown);
        store::io_message::rewrite_copy(&tx, (cx.organisation, copy), (&after.subject, &words)).await?;
    }
    // To whom it goes may have changed: what it announces is judged anew.
    store::io_remote::delete_message(&tx, cx.organisation, id).await?;
    remote::announce(&tx, cx, &after, written.attach).await?;
    reminder::unplan(&tx, cx, id).await?;
    reminder::plan(&tx, cx, &account, &service, (&after, written)).await?;
    tx.commit().await?;
    desk.wake.io.notify_one();
    Ok(())
}

/// What it says now.
fn said(cx: &Cx, service: &io_service::Model, written: &Written) -> ActiveModel {
    let row = message::row(cx, service, &written.message);
    ActiveModel {
        io_service_id: Set(row.io_service_id),
        fiscal_code: Set(row.fiscal_code),
        subject: Set(row.subject),
        markdown: Set(row.markdown),
        secure: Set(row.secure),
        due_at: Set(row.due_at),
        amount_cents: Set(row.amount_cents),
        notice_number: Set(row.notice_number),
        invalid_after_due: Set(row.invalid_after_due),
        state: Set(State::Queued),
        last_error: Set(None),
        ..Default::default()
    }
}

/// Throws a draft away, with its reminder and its copy in the thread.
///
/// # Errors
/// It is no draft any more, or must stay.
pub async fn delete(desk: &Desk, cx: &Cx, id: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    let row = store::io_message::by_id(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    if !may_be_deleted(&row) {
        return Err(Error::Conflict("Si elimina solo una bozza scritta da un operatore."));
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
