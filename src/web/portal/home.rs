//! The first page (what can I do here?), and the card of each service.

use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};
use entity::{form::Form, notice, request_kind};
use serde::{Deserialize, Serialize};

use super::{Hall, texts};
use crate::{
    app::App,
    domain::form::{of_kind, title},
    store,
    web::{
        error::{Error, Result},
        request::Path,
    },
    wording::pages,
};

/// Context of `portal/home.html`.
#[derive(Serialize)]
struct Page {
    /// The organisation's own words, cleaned; else ours.
    text: texts::Shown,
    services: Vec<Service>,
    notices: Vec<Current>,
}

/// A service that can be asked for.
#[derive(Serialize)]
struct Service {
    title: String,
    summary: String,
    card: String,
    begin: String,
}

/// A notice in force.
#[derive(Serialize)]
struct Current {
    title: String,
    impact: String,
    href: String,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
}

/// `GET /sportello/{org}`.
pub async fn show(State(app): State<App>, hall: Hall) -> Result<Response> {
    let kinds = store::organisation::kinds(&app.desk.db.read, hall.organisation.id).await?;
    let published = kinds.iter().filter(|kind| kind.published);
    let services =
        published.filter_map(|kind| of_kind(kind).map(|form| service(&hall, kind, &form))).collect();
    let page = Page {
        text: texts::shown(&app, &hall, "home", None).await?,
        services,
        notices: hall.notices.iter().map(|notice| current(&hall, notice)).collect(),
    };
    hall.page("portal/home.html", page)
}

fn service(hall: &Hall, kind: &request_kind::Model, form: &Form) -> Service {
    Service {
        title: title(kind, hall.language),
        summary: form.summary.in_(hall.language).to_owned(),
        card: hall.href(&format!("/servizi/{}", kind.code)),
        begin: hall.href(&format!("/{}", kind.code)),
    }
}

fn current(hall: &Hall, notice: &notice::Model) -> Current {
    Current {
        title: notice.title.in_(hall.language).to_owned(),
        impact: notice.impact.in_(hall.language).to_owned(),
        href: hall.href(&format!("/avvisi/{}", notice.id)),
        starts_at: notice.starts_at,
        ends_at: notice.ends_at,
    }
}

/// Context of `portal/service.html`.
#[derive(Serialize)]
struct Card {
    title: String,
    summary: String,
    begin: String,
    text: texts::Shown,
}

/// Which service.
#[derive(Debug, Deserialize)]
pub struct Asked {
    code: String,
}

/// `GET servizi/{code}`.
pub async fn card(State(app): State<App>, hall: Hall, Path(asked): Path<Asked>) -> Result<Response> {
    let kinds = store::organisation::kinds(&app.desk.db.read, hall.organisation.id).await?;
    let kind = kinds.iter().find(|kind| kind.published && kind.code == asked.code).ok_or(Error::NotFound)?;
    let form = of_kind(kind).ok_or(Error::NotFound)?;
    let page = format!("{}{}", pages::SERVICE, kind.code);
    let card = Card {
        title: title(kind, hall.language),
        summary: form.summary.in_(hall.language).to_owned(),
        begin: hall.href(&format!("/{}", kind.code)),
        text: texts::shown(&app, &hall, &page, Some(kind)).await?,
    };
    hall.page("portal/service.html", card)
}
