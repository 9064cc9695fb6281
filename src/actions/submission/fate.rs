//! What becomes of a submission that waits: its citizen confirms the address, or an operator lets it in or refuses it.
//! Either way the terms run from the instant at which it was sent.

use entity::submission::{ActiveModel, Answers, State};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{
    Owner, Sent, files,
    send::{accept, case, outcome, wake},
};
use crate::{
    actions::{Cx, Desk, Error, Flaw, Result},
    domain::text,
    store,
};

/// Longest reason, in characters.
const REASON_CHARS: usize = 300;

/// Its citizen has confirmed the address: it becomes a work order.
///
/// # Errors
/// `NotFound` when there is no such submission.
pub async fn confirm(desk: &Desk, cx: &Cx, id: Uuid) -> Result<Sent> {
    let tx = desk.db.begin().await?;
    let sent = store::submission::lock(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    if sent.state != State::Unconfirmed {
        return outcome(&tx, &sent).await;
    }
    store::follower::confirm_address(&tx, cx.organisation, &sent.address, cx.now).await?;
    store::follower::confirm_authors(&tx, cx.organisation, &sent.address, cx.now).await?;
    store::delivery::release(&tx, cx.organisation, &sent.address, cx.now).await?;
    let mut case = case(&tx, cx, sent).await?;
    (case.confirmed, case.proven) = (true, true);
    let accepted = accept(desk, cx, &tx, &case, State::Unconfirmed).await?;
    tx.commit().await?;
    wake(desk);
    Ok(accepted)
}

/// An operator lets it in: it becomes a work order.
///
/// # Errors
/// `Conflict` when a colleague was faster.
pub async fn admit(desk: &Desk, cx: &Cx, id: Uuid) -> Result<Sent> {
    let tx = desk.db.begin().await?;
    let sent = store::submission::lock(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    let from = sent.state;
    if !matches!(from, State::Held | State::Unconfirmed) {
        return Err(Error::Conflict("Un collega ha già deciso su questo modulo."));
    }
    let case = case(&tx, cx, sent).await?;
    let accepted = accept(desk, cx, &tx, &case, from).await?;
    tx.commit().await?;
    wake(desk);
    Ok(accepted)
}

/// An operator refuses it. The reason stays; what was typed and the files do not, since nobody will need them.
///
/// # Errors
/// `Rejected` without a reason; `Conflict` when a colleague was faster.
pub async fn discard(desk: &Desk, cx: &Cx, id: Uuid, reason: &str) -> Result<()> {
    let reason = text::shortened(&text::one_line(reason), REASON_CHARS);
    if reason.is_empty() {
        return Err(Error::Rejected(vec![Flaw::new("reason", "Scrivi il motivo.")]));
    }
    let tx = desk.db.begin().await?;
    let sent = store::submission::lock(&tx, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    if !matches!(sent.state, State::Held | State::Unconfirmed) {
        return Err(Error::Conflict("Un collega ha già deciso su questo modulo."));
    }
    files::drop_all(&tx, cx.organisation, Owner::Submission(id)).await?;
    let change = ActiveModel {
        state: Set(State::Discarded),
        answers: Set(Answers::default()),
        reason: Set(Some(reason)),
        updated_at: Set(cx.now),
        ..Default::default()
    };
    if !store::submission::update(&tx, id, sent.state, change).await? {
        return Err(Error::Conflict("Un collega ha già deciso su questo modulo."));
    }
    tx.commit().await?;
    Ok(())
}
