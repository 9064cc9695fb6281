//! Files that the author of a request may have: those of the letters on the page, and the receipt. Photos that we have
//! encoded anew are drawn; whatever else a stranger has made is to save, never to show: it comes from our own address.

use axum::{extract::State, response::Response};
use serde::Deserialize;
use uuid::Uuid;

use super::{thread::is_photo, visit::Visit};
use crate::{
    app::App,
    domain::correspondence,
    store,
    web::{
        attachment,
        error::{Error, Result},
        portal::receipt,
        request::Path,
    },
};

/// Which file.
#[derive(Debug, Deserialize)]
pub struct Asked {
    id: Uuid,
}

/// `GET allegati/{id}`.
pub async fn attachment(State(app): State<App>, visit: Visit, Path(asked): Path<Asked>) -> Result<Response> {
    let order = visit.authors_order()?;
    let (db, organisation) = (&app.desk.db.read, order.organisation_id);
    let file = store::attachment::by_id(db, organisation, asked.id).await?.ok_or(Error::NotFound)?;
    let letter = store::communication::by_id(db, organisation, file.communication_id).await?;
    let letter = letter.filter(|letter| letter.work_order_id == order.id).ok_or(Error::NotFound)?;
    if !correspondence::is_with(&visit.follower, &letter) {
        return Err(Error::NotFound);
    }
    let bytes = attachment::bytes(&app, organisation, &file.hash).await?;
    Ok(if is_photo(&letter, &file) {
        attachment::answer("inline", &file.name, &file.media_type, bytes)
    } else {
        attachment::to_save(&file.name, bytes)
    })
}

/// `GET ricevuta.pdf`.
pub async fn receipt(State(app): State<App>, visit: Visit) -> Result<Response> {
    let order = visit.authors_order()?;
    let sent = store::submission::of_work_order(&app.desk.db.read, order.organisation_id, order.id).await?;
    let sent = sent.ok_or(Error::NotFound)?;
    receipt::pdf(&app, &visit.hall, &sent, Some((order, &visit.follower))).await
}
