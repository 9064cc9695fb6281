//! One name, one service: IO sends the second of two back ("Guida tecnica", name), whatever their case. Refused where a name is
//! written here; of two that IO has already, both are brought here, and said to be too many.

use entity::io_service::{Lifecycle, Model};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::{account, service::kept};
use crate::{
    actions::{Cx, Desk, Flaw, Result, accept},
    domain::io::{
        Remark,
        sheet::{self, Sheet, name::is_same},
    },
    store,
};

const TAKEN: &str = "C’è già un servizio con questo nome: IO ne approva uno solo. Scrivine un altro.";

/// Whether no other service of the organisation has this name, until the transaction ends.
pub(super) async fn free(tx: &DatabaseTransaction, cx: &Cx, id: Uuid, name: &str) -> Result<()> {
    store::io_service::lock_account(tx, account::standard(cx.organisation)).await?;
    let taken = twins(&store::io_service::all(tx, cx.organisation).await?, id, name);
    accept(if taken { vec![Flaw::new("name", TAKEN)] } else { Vec::new() })
}

/// Whether another of these services has this name.
fn twins(all: &[Model], id: Uuid, name: &str) -> bool {
    let name = kept(name);
    let mut others = all.iter().filter(|row| row.id != id && row.lifecycle != Lifecycle::Deleted);
    others.any(|row| is_same(&row.name, &name))
}

/// Whether a service may be called so from now on. What is at IO is renamed there, and no transaction waits for that: should two
/// administrators be quicker than this look, the reviewers refuse the second ([`missing`] says it before).
///
/// # Errors
/// `Rejected`: another service has this name.
pub async fn may_be_called(desk: &Desk, row: &Model, name: &str) -> Result<()> {
    // Of two that IO has with one name, each can be changed in everything else.
    if is_same(&row.name, name) {
        return Ok(());
    }
    let all = store::io_service::all(&desk.db.read, row.organisation_id).await?;
    accept(if twins(&all, row.id, name) { vec![Flaw::new("name", TAKEN)] } else { Vec::new() })
}

/// What is missing before IO approves a sheet of this service.
pub async fn missing(desk: &Desk, row: &Model, sheet: &Sheet) -> Result<Vec<Remark>> {
    let mut missing = sheet::approval(sheet);
    let all = store::io_service::all(&desk.db.read, row.organisation_id).await?;
    if twins(&all, row.id, &sheet.name) {
        missing.push(Remark::new(
            "name",
            "Un altro servizio dell’ente si chiama così, e IO ne approva uno solo: cambia il nome di uno dei due.",
        ));
    }
    Ok(missing)
}

/// How many services of an organisation have the name of another.
pub async fn of_one_name(desk: &Desk, cx: &Cx) -> Result<usize> {
    let all = store::io_service::all(&desk.db.read, cx.organisation).await?;
    let here = all.iter().filter(|row| row.lifecycle != Lifecycle::Deleted);
    Ok(here.filter(|row| twins(&all, row.id, &row.name)).count())
}
