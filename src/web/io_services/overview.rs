//! The page of a service: where it stands, what is missing, its keys, to whom it sends.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use entity::io_service::{Lifecycle, Model};
use serde::Serialize;
use uuid::Uuid;

use super::{
    SERVICES,
    answer::{Asked, Done, find, said},
    keys::{self, Shown},
    sending,
};
use crate::{
    actions::io::{
        service::{sheet_of, standing},
        service_making::is_being_made,
        service_name::missing,
    },
    app::{App, io_services::Trouble},
    domain::io::{
        Remark,
        sheet::{
            self,
            life::{Act, acts},
        },
    },
    store,
    web::{
        error::Result,
        flaws::Flaws,
        frame::{Frame, Hall},
        request::{Path, Query},
        session::{Administrator, Operator},
        templates,
    },
};

/// Context of `pages/io_service.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    service: Service,
    may: May,
    missing: Vec<Hint>,
    warnings: Vec<Hint>,
    keys: [Shown; 2],
    sending: sending::Fields,
    errors: Flaws,
    trouble: Option<String>,
}

/// A service, as its page and the list show it.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word beside its name")]
pub struct Service {
    name: String,
    path: String,
    version: i32,
    remote_id: Option<String>,
    state: Standing,
    being_made: bool,
    published: bool,
    reason: Option<String>,
    sends: bool,
    trial: bool,
    has_key: bool,
    stopped: Option<String>,
    stopped_until: Option<DateTime<Utc>>,
    checked_at: Option<DateTime<Utc>>,
    /// Notifications that wait while nothing is sent.
    waiting: i64,
}

/// Where a sheet stands, as a coloured word.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Standing {
    tone: &'static str,
    words: &'static str,
}

/// What may be done.
#[derive(Clone, Copy, Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a button of the page")]
struct May {
    edit: bool,
    make: bool,
    make_again: bool,
    submit: bool,
    publish: bool,
    unpublish: bool,
    delete: bool,
    ask: bool,
}

/// A remark, with the way to its field.
#[derive(Debug, Serialize)]
pub struct Hint {
    /// Id of the field.
    pub field: &'static str,
    /// What to do.
    pub words: String,
}

impl From<Remark> for Hint {
    fn from(remark: Remark) -> Self {
        Self { field: field_of(remark.field), words: remark.words.into_owned() }
    }
}

/// The id of a field in the form.
pub fn field_of(field: &'static str) -> &'static str {
    if field == "cta" { "cta_1_text" } else { field }
}

impl Standing {
    fn of(row: &Model, now: DateTime<Utc>) -> Self {
        let (tone, words) = match row.lifecycle {
            _ if is_being_made(row, now) => ("info", "creazione in corso"),
            Lifecycle::Local => ("neutral", "bozza, solo qui"),
            Lifecycle::Making => ("warning", "creazione in dubbio"),
            Lifecycle::Draft => ("neutral", "bozza"),
            Lifecycle::Submitted => ("info", "in revisione"),
            Lifecycle::Approved => ("success", "approvato"),
            Lifecycle::Rejected => ("danger", "rifiutato"),
            Lifecycle::Deleted => ("neutral", "eliminato"),
        };
        Self { tone, words }
    }
}

impl Service {
    /// What there is to show at this moment, where so many notifications wait.
    pub fn of(row: Model, waiting: i64, now: DateTime<Utc>) -> Self {
        let still = !row.sends || row.stopped.is_some();
        Self {
            path: format!("{SERVICES}/{}", row.id),
            version: row.version,
            state: Standing::of(&row, now),
            being_made: is_being_made(&row, now),
            published: row.published,
            reason: Some(row.reason).filter(|reason| !reason.is_empty()),
            sends: row.sends,
            trial: row.test_codes.is_some(),
            has_key: row.primary_key.is_some() || row.secondary_key.is_some(),
            stopped: row.stopped,
            stopped_until: row.stopped_until,
            checked_at: row.checked_at,
            waiting: if still { waiting } else { 0 },
            name: row.name,
            remote_id: row.remote_id,
        }
    }
}

impl May {
    fn of(row: &Model, now: DateTime<Utc>) -> Self {
        let (lifecycle, publication) = standing(row);
        let acts = acts(lifecycle, publication);
        let at_io = row.remote_id.is_some();
        Self {
            edit: acts.contains(&Act::Edit),
            make: row.lifecycle == Lifecycle::Local,
            make_again: row.lifecycle == Lifecycle::Making && !is_being_made(row, now),
            submit: at_io && acts.contains(&Act::Submit),
            publish: acts.contains(&Act::Publish),
            unpublish: acts.contains(&Act::Unpublish),
            delete: may_be_deleted(row, now),
            ask: at_io,
        }
    }
}

/// Whether IO lets it be deleted; what it may or may not have made can be forgotten here.
pub fn may_be_deleted(row: &Model, now: DateTime<Utc>) -> bool {
    let (lifecycle, publication) = standing(row);
    let in_doubt = row.lifecycle == Lifecycle::Making && !is_being_made(row, now);
    in_doubt || acts(lifecycle, publication).contains(&Act::Delete)
}

/// What there is to say beside the service.
#[derive(Default)]
pub struct Visit {
    /// What was done just now.
    pub done: Option<Done>,
    /// What is wrong with a form.
    pub errors: Flaws,
    /// Why something was not done.
    pub trouble: Option<String>,
    /// The form of sending, as typed.
    pub sending: Option<sending::Fields>,
}

impl Visit {
    /// A form with something wrong.
    pub fn wrong(errors: Flaws) -> Self {
        Self { errors, ..Self::default() }
    }
}

/// `GET /desk/admin/io/services/{id}`.
pub async fn show(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    page(&app, &me, id, StatusCode::OK, Visit { done: asked.done, ..Visit::default() }).await
}

/// The page, with why something was not done.
pub async fn troubled(app: &App, me: &Operator, id: Uuid, trouble: Trouble) -> Result<Response> {
    let (status, words) = said(trouble)?;
    page(app, me, id, status, Visit { trouble: Some(words), ..Visit::default() }).await
}

/// The page, with what is wrong with a form.
pub async fn refused(app: &App, me: &Operator, id: Uuid, visit: Visit) -> Result<Response> {
    page(app, me, id, StatusCode::UNPROCESSABLE_ENTITY, visit).await
}

/// The page, with what there is to say.
pub async fn page(app: &App, me: &Operator, id: Uuid, status: StatusCode, visit: Visit) -> Result<Response> {
    let row = find(app, me, id).await?;
    let mut hall = Hall::enter(app, me).await?;
    // The page says it itself, with the button.
    hall.stopped.retain(|stopped| stopped.id != id);
    let mut frame = hall.frame("admin", None);
    frame.notices.extend(visit.done.map(Done::notice));
    let waiting = store::io_service::waiting(&app.desk.db.read, row.organisation_id).await?;
    let waiting = waiting.get(&id).copied().unwrap_or_default();
    let (sheet, now) = (sheet_of(&row), app.clock.now());
    let unfinished = matches!(
        row.lifecycle,
        Lifecycle::Local | Lifecycle::Making | Lifecycle::Draft | Lifecycle::Rejected
    );
    let missing = if unfinished { missing(&app.desk, &row, &sheet).await? } else { Vec::new() };
    let page = Page {
        frame,
        may: May::of(&row, now),
        missing: missing.into_iter().map(Hint::from).collect(),
        warnings: sheet::warnings(&sheet).into_iter().map(Hint::from).collect(),
        keys: keys::shown(app, &row),
        sending: visit.sending.unwrap_or_else(|| sending::Fields::of(&row)),
        service: Service::of(row, waiting, now),
        errors: visit.errors,
        trouble: visit.trouble,
    };
    Ok((status, templates::render("pages/io_service.html", page)?).into_response())
}
