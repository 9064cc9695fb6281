//! Ready sheets to begin with.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::SERVICES;
use crate::{
    app::App,
    domain::io::models,
    web::{
        error::Result,
        frame::{Frame, Hall},
        request::address,
        session::Administrator,
        templates,
    },
};

/// Context of `pages/io_service_models.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    blank_href: String,
    models: Vec<Model>,
}

#[derive(Serialize)]
struct Model {
    name: &'static str,
    use_for: &'static str,
    description: &'static str,
    href: String,
}

/// `GET /desk/admin/io/services/models`.
pub async fn show(State(app): State<App>, Administrator(me): Administrator) -> Result<Response> {
    let new = format!("{SERVICES}/new");
    let models = models::ALL.iter().map(|ready| Model {
        name: ready.name,
        use_for: ready.use_for,
        description: ready.description,
        href: address(&new, &[("model", ready.code)]),
    });
    let page = Page {
        frame: Hall::enter(&app, &me).await?.frame("admin", None),
        models: models.collect(),
        blank_href: new,
    };
    Ok(templates::render("pages/io_service_models.html", page)?.into_response())
}
