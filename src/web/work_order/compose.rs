//! An operator writes: an answer to the citizen, or a note for colleagues. Whatever is refused comes back with every word
//! that was typed (files must be chosen again: browsers give no page the right to choose them).

use axum::{
    extract::{Multipart, State, multipart::MultipartRejection},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::work_order::{Model, Status};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    find,
    page::{Typed, Visit, render},
    path_of,
};
use crate::{
    actions::{
        self,
        reply::{self as desk_reply, Draft},
    },
    app::App,
    domain::files,
    web::{
        error::{Error, Result},
        flaws::{Flaws, named},
        frame::{Link, Notice, Tone},
        request::{Form, Path},
        session::Operator,
        upload::Upload,
        words,
    },
};

/// Names of the action's fields, and of the page's.
const FIELDS: &[(&str, &str)] = &[("text", "body")];

/// `POST /desk/work-orders/{number}/replies`.
pub async fn reply(
    State(app): State<App>,
    operator: Operator,
    Path(slug): Path<String>,
    form: std::result::Result<Multipart, MultipartRejection>,
) -> Result<Response> {
    let order = find(&app, &operator, &slug).await?;
    let limit = app.config.server.max_request_bytes;
    let mut upload = Upload::read(form, limit).await?;
    let id = upload.field("id").parse().map_err(|_| Error::Unreadable)?;
    let typed = Typed {
        id: Some(id),
        to: Some(upload.field("to").to_owned()),
        body: upload.field("body").to_owned(),
        errors: refused_files(&upload, limit),
    };
    if !typed.errors.is_empty() {
        return again(&app, &operator, order, StatusCode::UNPROCESSABLE_ENTITY, typed).await;
    }
    let close = upload.field("close") == "on";
    let draft = Draft {
        token: id,
        seen: upload.field("seen").parse().ok(),
        to: upload.field("to").split([',', ';']).map(str::to_owned).collect(),
        text: typed.body.clone(),
        files: std::mem::take(&mut upload.files),
        status: close.then_some(Status::Closed),
    };
    match desk_reply::reply(&app.desk, &operator.cx, order.id, draft).await {
        Ok(()) => {
            let done = if close { "replied_and_closed" } else { "replied" };
            Ok(Redirect::to(&format!("{}?done={done}", path_of(&order))).into_response())
        }
        Err(actions::Error::Rejected(flaws)) => {
            let typed = Typed { errors: named(flaws, FIELDS), ..typed };
            again(&app, &operator, order, StatusCode::UNPROCESSABLE_ENTITY, typed).await
        }
        Err(actions::Error::Conflict(words)) => {
            let typed = Typed { errors: Flaws::from([("form".into(), words.to_owned())]), ..typed };
            again(&app, &operator, order, StatusCode::CONFLICT, typed).await
        }
        Err(error) => Err(error.into()),
    }
}

fn refused_files(upload: &Upload, limit: usize) -> Flaws {
    let mut flaws = Flaws::new();
    if upload.too_large {
        let words = format!(
            "Gli allegati superano {} in tutto: togline qualcuno e invia di nuovo.",
            words::megabytes(limit)
        );
        flaws.insert("attachments".into(), words);
    } else if upload.too_many {
        let words = format!("Gli allegati sono troppi: al massimo {}. Sceglili di nuovo.", files::MOST);
        flaws.insert("attachments".into(), words);
    }
    flaws
}

/// The forms stand below a thread that may be long: the top of the page says that one of them came back.
fn came_back(what: &str, form: &str) -> Vec<Notice> {
    vec![Notice::with_link(Tone::Danger, what, Link::new(form, "Leggi perché"))]
}

async fn again(
    app: &App,
    operator: &Operator,
    order: Model,
    status: StatusCode,
    typed: Typed,
) -> Result<Response> {
    let notices = came_back("La risposta non è partita.", "#reply");
    render(app, operator, order, status, Visit { reply: typed, notices, ..Visit::default() }).await
}

/// A note as it was typed.
#[derive(Debug, Deserialize)]
pub struct Note {
    id: Uuid,
    body: String,
}

/// `POST /desk/work-orders/{number}/notes`.
pub async fn note(
    State(app): State<App>,
    operator: Operator,
    Path(slug): Path<String>,
    Form(typed): Form<Note>,
) -> Result<Response> {
    let order = find(&app, &operator, &slug).await?;
    match desk_reply::note(&app.desk, &operator.cx, order.id, typed.id, &typed.body).await {
        Ok(()) => Ok(Redirect::to(&format!("{}?done=noted", path_of(&order))).into_response()),
        Err(actions::Error::Rejected(flaws)) => {
            let note = Typed { id: Some(typed.id), to: None, body: typed.body, errors: named(flaws, FIELDS) };
            let notices = came_back("La nota non è stata salvata.", "#note");
            let visit = Visit { notices, note, ..Visit::default() };
            render(&app, &operator, order, StatusCode::UNPROCESSABLE_ENTITY, visit).await
        }
        Err(error) => Err(error.into()),
    }
}
