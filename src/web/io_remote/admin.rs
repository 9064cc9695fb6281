//! The services that may offer remote content, and how each stands.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use entity::io_remote;
use serde::Serialize;

use super::HERE;
use crate::{
    actions::io::remote::settings,
    app::App,
    store,
    web::{
        error::Result,
        frame::{Frame, Hall},
        session::Administrator,
        templates,
    },
};

/// Context of `pages/io_remote.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    services: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    name: String,
    href: String,
    state: Stand,
}

/// How a service stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stand {
    /// Nothing is offered, and never was.
    Off,
    /// Not offered any more; what was sent can still be opened.
    Ended,
    /// Offered, and IO knows.
    On,
    /// IO does not know what stands here.
    Untold,
}

/// How a service stands.
#[must_use]
pub fn state_of(app: &App, row: Option<&io_remote::Model>) -> Stand {
    match row {
        None => Stand::Off,
        Some(row) if !settings::is_told(&app.desk, row) => Stand::Untold,
        Some(row) if row.offered => Stand::On,
        Some(_) => Stand::Ended,
    }
}

/// `GET /desk/admin/io/remote`.
pub async fn list(State(app): State<App>, Administrator(me): Administrator) -> Result<Response> {
    let hall = Hall::enter(&app, &me).await?;
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let rows = store::io_remote::all(db, organisation).await?;
    let services = store::io_service::all(db, organisation).await?;
    let line = |service: entity::io_service::Model| Line {
        state: state_of(&app, rows.iter().find(|row| row.io_service_id == service.id)),
        href: format!("{HERE}/{}", service.id),
        name: service.name,
    };
    let page = Page { frame: hall.frame("admin", None), services: services.into_iter().map(line).collect() };
    Ok(templates::render("pages/io_remote.html", page)?.into_response())
}
