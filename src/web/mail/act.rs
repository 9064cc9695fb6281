//! What a person decides about a mail in quarantine. Pressed twice, or in two windows, the second press finds that it has been
//! decided and shows how.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use uuid::Uuid;

use super::{
    one::{Reason, Visit, render},
    path_of,
};
use crate::{
    actions::{self, quarantine},
    app::App,
    web::{
        error::Result,
        flaws::named,
        request::{Form, Path},
        session::Administrator,
        work_order::path_of as path_of_order,
    },
};

/// `POST /desk/admin/mail/{id}/retry`.
pub async fn retry(
    State(app): State<App>,
    Administrator(operator): Administrator,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    match quarantine::retry(&app.desk, &operator.cx, id).await {
        Ok(()) => Ok(to(&format!("{}?done=retried", path_of(id)))),
        Err(error) => decided(id, error),
    }
}

/// `POST /desk/admin/mail/{id}/open`.
pub async fn open(
    State(app): State<App>,
    Administrator(operator): Administrator,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    match quarantine::open_by_hand(&app.desk, &operator.cx, id).await {
        Ok(order) => Ok(to(&format!("{}?done=opened_by_hand", path_of_order(&order)))),
        Err(error) => decided(id, error),
    }
}

/// `POST /desk/admin/mail/{id}/discard`.
pub async fn discard(
    State(app): State<App>,
    Administrator(operator): Administrator,
    Path(id): Path<Uuid>,
    Form(form): Form<Reason>,
) -> Result<Response> {
    match quarantine::discard(&app.desk, &operator.cx, id, &form.reason).await {
        Ok(()) => Ok(to(&format!("{}?done=discarded", path_of(id)))),
        Err(actions::Error::Rejected(flaws)) => {
            let visit = Visit { form, errors: named(flaws, &[]), ..Visit::default() };
            render(&app, &operator, id, StatusCode::UNPROCESSABLE_ENTITY, visit).await
        }
        Err(error) => decided(id, error),
    }
}

/// It is not in quarantine: its page says what became of it, or that there is no such mail.
fn decided(id: Uuid, error: actions::Error) -> Result<Response> {
    match error {
        actions::Error::NotFound => Ok(to(&path_of(id))),
        other => Err(other.into()),
    }
}

fn to(path: &str) -> Response {
    Redirect::to(path).into_response()
}
