//! What is known already of the place that somebody is about to write about: open reports of the same kind, and notices in force.
//! Shown with "follow this one" before a new form is sent. Nobody's words and nobody's address: a report is its kind, its
//! street, its day and its state.

use std::time::Duration;

use axum::{extract::State, response::Response};
use chrono::{DateTime, Utc};
use entity::{request_kind, work_order::Status};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Hall, track::follow};
use crate::{
    app::App,
    domain::{
        form::{street_name, title},
        notice, place, text,
    },
    store,
    web::{
        error::{Error, Result},
        limit::{Limits, Rate},
        request::Query,
    },
};

/// While somebody types, a question every now and then; an office types at several desks.
const QUESTIONS: Rate = Rate { most: 120, within: Duration::from_mins(1) };
/// Longest address that is looked for, in characters.
const ADDRESS: usize = 200;

/// What is known.
#[derive(Debug, Default, Serialize)]
pub struct Near {
    reports: Vec<Report>,
    notices: Vec<Notice>,
}

/// An open report.
#[derive(Debug, Serialize)]
struct Report {
    /// How whoever wants to follow it names it.
    reference: String,
    kind: String,
    received_at: DateTime<Utc>,
    /// The end of a key `site-state-…`.
    state: &'static str,
    /// The street, where one can be named.
    street: Option<String>,
    /// It is about the very street; else it is a few steps away.
    same_street: bool,
}

/// A notice in force.
#[derive(Debug, Serialize)]
struct Notice {
    id: Uuid,
    title: String,
    href: String,
    /// It is about the whole area: what it concerns, it need not explain.
    general: bool,
}

/// What is asked.
#[derive(Debug, Deserialize)]
pub struct Asked {
    kind: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    lat: String,
    #[serde(default)]
    lon: String,
}

/// Context of `portal/form/near.html`.
#[derive(Serialize)]
struct Page {
    near: Near,
    email: &'static str,
}

/// `GET /vicino`: a piece of a page.
pub async fn show(
    State(app): State<App>,
    hall: Hall,
    limits: Limits,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let network = format!("near {} {}", hall.organisation.id, hall.network);
    if let Err(wait) = limits.spend(QUESTIONS, &network).judged() {
        return hall.wait(wait);
    }
    let kinds = store::organisation::kinds(&app.desk.db.read, hall.organisation.id).await?;
    let kind = kinds.iter().find(|kind| kind.published && kind.code == asked.kind).ok_or(Error::NotFound)?;
    let address = text::shortened(&text::one_line(&asked.address), ADDRESS);
    let position = place::position(&asked.lat, &asked.lon);
    let near = known(&app, &hall, kind, &address, position).await?;
    hall.page("portal/form/near.html", Page { near, email: "" })
}

/// What is known of a place.
pub async fn known(
    app: &App,
    hall: &Hall,
    kind: &request_kind::Model,
    address: &str,
    position: Option<(f64, f64)>,
) -> Result<Near> {
    let street = place::street(address);
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let reports = if street.is_empty() && position.is_none() {
        Vec::new()
    } else {
        store::place::near(db, organisation, kind.id, &street, position).await?
    };
    let name = title(kind, hall.language);
    let report = |(order, place): (entity::work_order::Model, entity::place::Model)| Report {
        reference: follow::reference(&app.desk.keys, order.id),
        kind: name.clone(),
        received_at: order.received_at,
        state: match order.status {
            Status::New => "new",
            Status::InProgress => "in-progress",
            Status::Waiting => "waiting",
            Status::Closed => "closed",
        },
        street: street_name(&place.address),
        same_street: !street.is_empty() && place.street == street,
    };
    let concerns = |one: &&entity::notice::Model| notice::concerns(one, kind.id, Some(&street));
    let notice = |one: &entity::notice::Model| Notice {
        id: one.id,
        title: one.title.in_(hall.language).to_owned(),
        href: hall.href(&format!("/avvisi/{}", one.id)),
        general: notice::is_general(one),
    };
    Ok(Near {
        reports: reports.into_iter().map(report).collect(),
        notices: hall.notices.iter().filter(concerns).map(notice).collect(),
    })
}
