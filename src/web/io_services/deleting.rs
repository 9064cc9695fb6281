//! Before a service is deleted: what is lost by it, and its name typed again. IO asks for no unpublishing first and gives nothing back
//! ("Guida tecnica", Service Status), so that one press on the wrong page would be the end of it.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use entity::io_service::{Lifecycle, Model};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    HERE, SERVICES,
    answer::{Done, find},
    overview,
};
use crate::{
    actions::{
        self,
        io::{service, service_making::BEING_MADE},
    },
    app::{App, io_services::to_its_end},
    domain::io::sheet::name::is_same,
    web::{
        error::{Error, Result},
        flaws::Flaws,
        frame::{Frame, Hall},
        request::{Form, Path},
        session::{Administrator, Operator},
        templates,
    },
};

/// Context of `pages/io_service_delete.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    name: String,
    path: String,
    at_io: bool,
    published: bool,
    updates: bool,
    /// Why it cannot be deleted now.
    kept: Option<&'static str>,
    form: Fields,
    errors: Flaws,
}

/// The form.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Fields {
    name: String,
}

/// `GET /desk/admin/io/services/{id}/delete`.
pub async fn show(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let row = find(&app, &me, id).await?;
    may_go(&app, &row)?;
    page(&app, &me, row, Fields::default(), StatusCode::OK).await
}

/// `POST /desk/admin/io/services/{id}/delete`.
pub async fn delete(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
    Form(form): Form<Fields>,
) -> Result<Response> {
    let row = find(&app, &me, id).await?;
    may_go(&app, &row)?;
    if !is_same(&form.name, &row.name) {
        return page(&app, &me, row, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let (desk, cx) = (app.clone(), me.cx);
    match to_its_end(async move { desk.io_delete(&cx, &row).await }).await {
        Ok(()) => Ok(Done::Deleted.on(HERE)),
        Err(trouble) => overview::troubled(&app, &me, id, trouble).await,
    }
}

fn may_go(app: &App, row: &Model) -> Result<()> {
    if overview::may_be_deleted(row, app.clock.now()) {
        return Ok(());
    }
    Err(Error::Conflict(match row.lifecycle {
        Lifecycle::Making => BEING_MADE,
        _ => "La scheda è in revisione: si elimina quando la revisione è finita.",
    }))
}

async fn page(app: &App, me: &Operator, row: Model, form: Fields, status: StatusCode) -> Result<Response> {
    let kept = match service::may_be_deleted(&app.desk, &row).await {
        Ok(()) => None,
        Err(actions::Error::Conflict(words)) => Some(words),
        Err(error) => return Err(error.into()),
    };
    let words = "Scrivi il nome del servizio così com’è qui sopra.".to_owned();
    let wrong = status != StatusCode::OK && kept.is_none();
    let page = Page {
        frame: Hall::enter(app, me).await?.frame("admin", None),
        path: format!("{SERVICES}/{}", row.id),
        at_io: row.remote_id.is_some() || row.lifecycle == Lifecycle::Making,
        published: row.published,
        updates: row.updates,
        kept,
        form,
        errors: if wrong { Flaws::from([("name".into(), words)]) } else { Flaws::new() },
        name: row.name,
    };
    Ok((status, templates::render("pages/io_service_delete.html", page)?).into_response())
}
