//! What an operator decides about a submission that waits. Pressed twice, or by two colleagues, the second press finds that it
//! has been decided and shows how.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::ban::What;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    HERE,
    one::{Fields, find, render},
    path_of,
};
use crate::{
    actions::{
        self, ban as bans,
        submission::{self, Sent},
    },
    app::App,
    web::{
        error::{Error, Result},
        flaws::{Flaws, judged, named},
        portal_admin::until,
        request::{Form, Path},
        session::Operator,
        work_order::path_of as path_of_order,
    },
};

/// `POST /desk/submissions/{id}/admit`.
pub async fn admit(State(app): State<App>, operator: Operator, Path(id): Path<Uuid>) -> Result<Response> {
    find(&app, &operator, id).await?;
    match submission::admit(&app.desk, &operator.cx, id).await {
        Ok(Sent::Accepted { work_order, .. }) => {
            Ok(to(&format!("{}?done=admitted", path_of_order(&work_order))))
        }
        Ok(_) => Ok(to(&path_of(id))),
        Err(error) => decided(id, error),
    }
}

/// Why it is discarded.
#[derive(Debug, Deserialize)]
pub struct Reason {
    #[serde(default)]
    reason: String,
}

/// `POST /desk/submissions/{id}/discard`.
pub async fn discard(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<Uuid>,
    Form(Reason { reason }): Form<Reason>,
) -> Result<Response> {
    find(&app, &operator, id).await?;
    match submission::discard(&app.desk, &operator.cx, id, &reason).await {
        Ok(()) => Ok(to(&format!("{HERE}?done=submission_discarded"))),
        Err(actions::Error::Rejected(flaws)) => {
            let form = Fields { reason, ..Fields::default() };
            render(&app, &operator, id, StatusCode::UNPROCESSABLE_ENTITY, form, named(flaws, &[])).await
        }
        Err(error) => decided(id, error),
    }
}

/// What of its sender is banned, why and until when.
#[derive(Debug, Deserialize)]
pub struct Banned {
    #[serde(default)]
    what: String,
    #[serde(default)]
    ban_reason: String,
    #[serde(default)]
    until: String,
}

/// `POST /desk/submissions/{id}/ban`. The submission itself waits on: it is decided by itself.
pub async fn ban(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<Uuid>,
    Form(typed): Form<Banned>,
) -> Result<Response> {
    find(&app, &operator, id).await?;
    let what = match typed.what.as_str() {
        "network" => What::Network,
        "address" => What::Address,
        _ => return Err(Error::Unreadable),
    };
    let errors = match until(&typed.until) {
        Err(words) => Flaws::from([("until".into(), words)]),
        Ok(until) => {
            let form = bans::Form { value: String::new(), reason: typed.ban_reason.clone(), until };
            match judged(bans::add_sender(&app.desk, &operator.cx, id, what, &form).await)? {
                Ok(_) => return Ok(to(&format!("{HERE}?done=banned"))),
                Err(flaws) => named(flaws, &[("reason", "ban_reason")]),
            }
        }
    };
    let form =
        Fields { ban_reason: typed.ban_reason, until: typed.until, what: typed.what, ..Fields::default() };
    render(&app, &operator, id, StatusCode::UNPROCESSABLE_ENTITY, form, errors).await
}

/// It waits no more: its page says what became of it.
fn decided(id: Uuid, error: actions::Error) -> Result<Response> {
    match error {
        actions::Error::Conflict(_) => Ok(to(&path_of(id))),
        other => Err(other.into()),
    }
}

fn to(path: &str) -> Response {
    Redirect::to(path).into_response()
}
