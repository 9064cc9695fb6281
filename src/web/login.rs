//! Signing in and out.

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use serde::{Deserialize, Serialize};

use super::{
    error::Result,
    frame::Frame,
    request::{Form, Peer, Query, is_local},
    session, templates, words,
};
use crate::{actions::sign_in, app::App, store};

/// Where a signed-in operator begins.
const HOME: &str = "/desk/queue";

/// Context of `pages/login.html`.
#[derive(Serialize)]
struct Page<'a> {
    frame: Frame,
    form: Shown<'a>,
    error: Option<String>,
}

#[derive(Serialize)]
struct Shown<'a> {
    login: &'a str,
    next: &'a str,
}

/// Where to go afterwards.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    next: String,
}

/// What was typed.
#[derive(Deserialize)]
pub struct Typed {
    login: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// `GET /desk/login`.
pub async fn show(State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response> {
    page(&app, StatusCode::OK, Shown { login: "", next: &asked.next }, None).await
}

/// `POST /desk/login`.
pub async fn sign_in(
    State(app): State<App>,
    peer: Peer,
    cookies: CookieJar,
    Form(typed): Form<Typed>,
) -> Result<Response> {
    let from = peer.browser.map(|address| address.to_string()).unwrap_or_default();
    let random: [u8; 32] = rand::random();
    let attempt =
        sign_in::sign_in(&app.desk, app.clock.now(), random, &typed.login, &typed.password, &from).await?;
    let form = Shown { login: &typed.login, next: &typed.next };
    match attempt {
        sign_in::Attempt::Welcome { token, .. } => {
            // A session that this browser still had is over: one browser, one session.
            if let Some(former) = session::token(&cookies, &app) {
                sign_in::sign_out(&app.desk, &former).await?;
            }
            let next = if is_local(&typed.next) { typed.next.as_str() } else { HOME };
            Ok((cookies.add(session::cookie(&app, token)), Redirect::to(next)).into_response())
        }
        sign_in::Attempt::Wrong => {
            let words = "Nome utente o password non giusti. Controlla e riprova.".to_owned();
            page(&app, StatusCode::UNPROCESSABLE_ENTITY, form, Some(words)).await
        }
        sign_in::Attempt::Wait(seconds) => {
            let words = format!("Troppi tentativi: riprova tra {}.", words::wait(seconds));
            let mut response = page(&app, StatusCode::TOO_MANY_REQUESTS, form, Some(words)).await?;
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            Ok(response)
        }
    }
}

/// `POST /desk/logout`.
pub async fn sign_out(State(app): State<App>, cookies: CookieJar) -> Result<Response> {
    if let Some(token) = session::token(&cookies, &app) {
        sign_in::sign_out(&app.desk, &token).await?;
    }
    Ok((cookies.remove(session::cookie(&app, String::new())), Redirect::to("/desk/login")).into_response())
}

async fn page(app: &App, status: StatusCode, form: Shown<'_>, error: Option<String>) -> Result<Response> {
    // Where several organisations share the installation, nobody is named before it is known who knocks.
    let organisations = store::organisation::all(&app.desk.db.read).await?;
    let name = match organisations.as_slice() {
        [only] => Some(only.name.clone()),
        _ => None,
    };
    let form = Shown { next: if is_local(form.next) { form.next } else { "" }, ..form };
    let page = Page { frame: Frame::outside(name), form, error };
    Ok((status, templates::render("pages/login.html", page)?).into_response())
}
