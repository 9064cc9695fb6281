//! The making of a service, the one act that is written down before IO is asked: IO would take a second one for another service, so
//! one whose end nobody knows is not made again, unless somebody has looked and says so.

use chrono::{DateTime, TimeDelta, Utc};
use entity::io_service::{ActiveModel, Lifecycle, Model};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::{
    service::{Seen, as_seen, change, find, sheet_of},
    service_name::free,
};
use crate::{
    actions::{Cx, Desk, Error, Flaw, Result},
    domain::io::{
        call::Failure,
        sheet::{self, Sheet},
    },
    store,
};

/// How long the making of a service is believed to be under way: a call is given up after half a minute.
const MAKING: TimeDelta = TimeDelta::minutes(1);

/// What whoever presses again hears while it is.
pub const BEING_MADE: &str = "La creazione è in corso: aspetta qualche secondo e aggiorna la pagina.";

/// Whether IO is being asked to make it at this moment. Whoever asked and has written nothing down by then was killed over it.
#[must_use]
pub fn is_being_made(row: &Model, now: DateTime<Utc>) -> bool {
    row.lifecycle == Lifecycle::Making && row.checked_at.is_some_and(|asked| now - asked < MAKING)
}

/// Writes down that IO is about to be asked to make a service, and gives its sheet. `knowing`: of an earlier attempt nobody knows the
/// end, and somebody has looked that there is no such service.
///
/// # Errors
/// `Rejected` when IO would refuse the sheet, now or for its name at the review; `Conflict` when it is being made, or was.
pub async fn begin(desk: &Desk, cx: &Cx, (id, version): (Uuid, i32), knowing: bool) -> Result<Sheet> {
    let tx = desk.db.begin().await?;
    let row = find(&tx, cx, id).await?;
    match row.lifecycle {
        Lifecycle::Local => {}
        Lifecycle::Making if is_being_made(&row, cx.now) => return Err(Error::Conflict(BEING_MADE)),
        Lifecycle::Making if knowing => {}
        Lifecycle::Making => {
            return Err(Error::Conflict(
                "Non si sa se IO ha già creato questo servizio: importa i servizi da IO e guarda se c’è.",
            ));
        }
        _ => return Err(Error::Conflict("Il servizio è già su IO.")),
    }
    let sheet = sheet_of(&row);
    let flaws: Vec<Flaw> =
        sheet::check(&sheet).into_iter().map(|flaw| Flaw::new(flaw.field, flaw.words)).collect();
    if !flaws.is_empty() {
        return Err(Error::Rejected(flaws));
    }
    free(&tx, cx, id, &sheet.name).await?;
    let making = ActiveModel {
        lifecycle: Set(Lifecycle::Making),
        checked_at: Set(Some(cx.now)),
        ..Default::default()
    };
    change(&tx, cx, (id, version), making).await?;
    tx.commit().await?;
    Ok(sheet)
}

/// Writes down what came of the making of a service.
pub async fn made(
    desk: &Desk,
    cx: &Cx,
    id: Uuid,
    outcome: &std::result::Result<Seen, Failure>,
) -> Result<()> {
    let tx = desk.db.begin().await?;
    let row = find(&tx, cx, id).await?;
    // Whoever imported in between has found it and written it down.
    if row.lifecycle != Lifecycle::Making {
        return Ok(());
    }
    let news = match outcome {
        Ok(seen)
            if store::io_service::by_remote_id(&tx, cx.organisation, &seen.remote_id).await?.is_some() =>
        {
            ActiveModel { lifecycle: Set(Lifecycle::Deleted), ..Default::default() }
        }
        Ok(seen) => ActiveModel { remote_id: Set(Some(seen.remote_id.clone())), ..as_seen(cx, &row, seen) },
        // In doubt from now on, and not under way.
        Err(Failure::Unknown { .. }) => ActiveModel { checked_at: Set(None), ..Default::default() },
        Err(_) => {
            ActiveModel { lifecycle: Set(Lifecycle::Local), checked_at: Set(None), ..Default::default() }
        }
    };
    change(&tx, cx, (id, row.version), news).await?;
    tx.commit().await?;
    Ok(())
}
