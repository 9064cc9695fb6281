//! A notification is taken back, sent, thrown away, sent again.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{HERE, find, one::page, path_of};
use crate::{
    actions::{
        self,
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

/// `POST /desk/io/messages/{id}/send`.
pub async fn send(State(app): State<App>, operator: Operator, Path(id): Path<Uuid>) -> Result<Response> {
    let sent = message::send(&app.desk, &operator.cx, id).await.map(|()| id);
    shown(&app, &operator, id, sent, "io_written").await
}

/// `POST /desk/io/messages/{id}/delete`.
pub async fn delete(State(app): State<App>, operator: Operator, Path(id): Path<Uuid>) -> Result<Response> {
    draft::delete(&app.desk, &operator.cx, id).await?;
    Ok(Redirect::to(&format!("{HERE}?done=io_deleted")).into_response())
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
    shown(&app, &operator, id, repeated, "io_written").await
}

/// The page of what came of an order, or the one it was given on with what was wrong.
async fn shown(
    app: &App,
    operator: &Operator,
    id: Uuid,
    outcome: actions::Result<Uuid>,
    done: &str,
) -> Result<Response> {
    match judged(outcome)? {
        Ok(id) => Ok(Redirect::to(&format!("{}?done={done}", path_of(id))).into_response()),
        Err(flaws) => {
            // On this page only the tick of a repetition has a field.
            let all = [("service", "form"), ("recipient", "form")];
            let row = find(app, operator, id).await?;
            page(app, operator, StatusCode::UNPROCESSABLE_ENTITY, row, None, named(flaws, &all)).await
        }
    }
}
