//! A notification is taken back, sent, thrown away, sent again.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{HERE, edit, find, one::page, path_of};
use crate::{
    actions::{
        self, Flaw,
        io::{draft, message},
    },
    app::App,
    web::{
        error::Result,
        flaws::{judged, named},
        request::{Form, Path},
        session::Operator,
    },
};

/// `POST /desk/io/messages/{id}/take-back`.
pub async fn take_back(State(app): State<App>, operator: Operator, Path(id): Path<Uuid>) -> Result<Response> {
    message::take_back(&app.desk, &operator.cx, id).await?;
    Ok(Redirect::to(&format!("{}?done=io_taken_back", path_of(id))).into_response())
}

/// The form with which a draft is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Seen {
    /// What it said on the page.
    version: String,
}

/// `POST /desk/io/messages/{id}/send`.
pub async fn send(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<Uuid>,
    Form(seen): Form<Seen>,
) -> Result<Response> {
    let sent = draft::send(&app.desk, &operator.cx, id, &seen.version).await.map(|()| id);
    if let Err(actions::Error::Rejected(flaws)) = sent {
        let row = find(&app, &operator, id).await?;
        if draft::may_be_changed(&row) {
            return edit::unready(&app, &operator, row, flaws).await;
        }
        return refused(&app, &operator, id, StatusCode::UNPROCESSABLE_ENTITY, flaws).await;
    }
    shown(&app, &operator, id, sent).await
}

/// `POST /desk/io/messages/{id}/delete`.
pub async fn delete(State(app): State<App>, operator: Operator, Path(id): Path<Uuid>) -> Result<Response> {
    match judged(draft::delete(&app.desk, &operator.cx, id).await)? {
        Ok(()) => Ok(Redirect::to(&format!("{HERE}?done=io_deleted")).into_response()),
        Err(flaws) => refused(&app, &operator, id, StatusCode::UNPROCESSABLE_ENTITY, flaws).await,
    }
}

/// The form of a repetition.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Again {
    knowing: String,
}

/// `POST /desk/io/messages/{id}/repeat`.
pub async fn repeat(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<Uuid>,
    Form(form): Form<Again>,
) -> Result<Response> {
    let repeated = message::repeat(&app.desk, &operator.cx, id, form.knowing == "on").await;
    shown(&app, &operator, id, repeated).await
}

/// The page of what came of an order, or the one it was given on with what was wrong.
async fn shown(app: &App, operator: &Operator, id: Uuid, outcome: actions::Result<Uuid>) -> Result<Response> {
    if let Err(actions::Error::Conflict(words)) = outcome {
        return refused(app, operator, id, StatusCode::CONFLICT, vec![Flaw::new("form", words)]).await;
    }
    match judged(outcome)? {
        Ok(id) => Ok(Redirect::to(&format!("{}?done=io_written", path_of(id))).into_response()),
        Err(flaws) => refused(app, operator, id, StatusCode::UNPROCESSABLE_ENTITY, flaws).await,
    }
}

/// The page of a notification, with why something was not done. On it only the tick of a repetition has a field.
async fn refused(
    app: &App,
    operator: &Operator,
    id: Uuid,
    status: StatusCode,
    mut flaws: Vec<Flaw>,
) -> Result<Response> {
    for flaw in flaws.iter_mut().filter(|flaw| flaw.field != "knowing") {
        flaw.field = "form".into();
    }
    let row = find(app, operator, id).await?;
    page(app, operator, status, row, None, named(flaws, &[])).await
}
