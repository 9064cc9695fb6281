//! The operator's own password: by choice, or because the present one was given by somebody else and holds for once.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};

use super::{
    error::Result,
    flaws::{Flaws, judged, named},
    frame::{Frame, Hall},
    request::Form,
    session::{Operator, SignedIn},
    templates,
};
use crate::{actions::sign_in, app::App};

/// Context of `pages/password.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    forced: bool,
    min_length: usize,
    errors: Flaws,
}

/// What was typed.
#[derive(Deserialize)]
pub struct Typed {
    current: String,
    new: String,
    again: String,
}

/// `GET /desk/password`.
pub async fn show(State(app): State<App>, signed_in: SignedIn) -> Result<Response> {
    page(&app, signed_in, StatusCode::OK, Flaws::new()).await
}

/// `POST /desk/password`.
pub async fn change(
    State(app): State<App>,
    signed_in: SignedIn,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let Typed { current, new, again } = typed;
    let changed =
        sign_in::change_password(&app.desk, &signed_in.cx, &signed_in.token, &current, &new, &again).await;
    match judged(changed)? {
        Ok(()) => Ok(Redirect::to("/desk/queue?done=password").into_response()),
        Err(flaws) => {
            page(&app, signed_in, StatusCode::UNPROCESSABLE_ENTITY, named(flaws, &[("old", "current")])).await
        }
    }
}

async fn page(app: &App, signed_in: SignedIn, status: StatusCode, errors: Flaws) -> Result<Response> {
    let forced = signed_in.operator.must_change_password;
    let operator = Operator { row: signed_in.operator, cx: signed_in.cx };
    let mut frame = Hall::enter(app, &operator).await?.frame("", None);
    if forced {
        frame.notices.clear();
    }
    let page = Page { frame, forced, min_length: sign_in::PASSWORD_CHARS, errors };
    Ok((status, templates::render("pages/password.html", page)?).into_response())
}
