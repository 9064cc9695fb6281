//! The Sportello online: what citizens see and press. Nobody signs in here; a personal link is the only key.
//!
//! Addresses are in Italian, because citizens type them, and stand below `/sportello/{org}`. An organisation with a host of
//! its own has them below `/sportello` there ([`own_host`]). Every handler takes the [`Hall`], which finds the organisation,
//! the language and whether the door is open; other parts of the address are read by name (`Path<Asked>` with a field `code`).
//! What goes wrong is said in the portal's own frame and language (`failed`).

mod confirm;
mod failed;
mod form;
mod hall;
mod handed;
mod home;
mod host;
pub mod language;
mod list;
mod map;
mod near;
mod notices;
mod rating;
mod receipt;
mod texts;
mod theme;
mod track;

use axum::{
    Router,
    extract::OriginalUri,
    http::{HeaderName, HeaderValue, header},
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};

pub use self::{hall::Hall, host::own_host};
use super::{
    error::Error,
    layers::{Patience, patient},
};
use crate::app::App;

/// The pages of all portals, to be [`framed`]. Needs the counters of [`super::limit::layer`] around it.
pub fn routes() -> Router<App> {
    let pages = Router::new()
        .route("/", get(home::show))
        .route("/tema.css", get(theme::sheet))
        .route("/servizi/{code}", get(home::card))
        .route("/conferma/{link}", get(confirm::show).post(confirm::confirm))
        .route("/avvisi", get(notices::list))
        .route("/avvisi/{id}", get(notices::show))
        .route("/avvisi.atom", get(notices::feed))
        .route("/elenco", get(list::show))
        .route("/elenco.json", get(list::data))
        .route("/privacy", get(texts::privacy))
        .route("/accessibilita", get(texts::accessibility))
        .route("/note-legali", get(texts::legal))
        .route("/contatti", get(texts::contacts));
    let portal = patient(pages, Patience::Page).merge(track::routes()).merge(form::routes());
    let portal = portal.fallback(not_found).method_not_allowed_fallback(not_found);
    Router::new()
        .route("/sportello", get(hall::choose))
        // A nest does not have the address of its own beginning with a slash behind it.
        .route("/sportello/", get(not_found))
        .route("/sportello/{org}/", get(not_found))
        .nest("/sportello/{org}", portal)
        .layer(middleware::map_response(|page: Response| async { as_portals_say(page) }))
        .layer(middleware::from_fn(language::remembered))
}

/// Puts what goes wrong on the portal's pages into their frame, wherever it was noticed: it goes around what guards them.
pub fn framed(pages: Router<App>, app: &App) -> Router<App> {
    pages.layer(middleware::from_fn_with_state(app.clone(), failed::in_the_portals_frame))
}

/// Nothing is there; with a slash at the end something may be without it.
async fn not_found(OriginalUri(asked): OriginalUri) -> Response {
    match asked.path().strip_suffix('/').filter(|path| path.starts_with("/sportello")) {
        Some(path) => Redirect::permanent(path.trim_end_matches('/')).into_response(),
        None => Error::NotFound.into_response(),
    }
}

/// Pages of the portal may ask the browser where it is, when somebody presses the button for that. And nobody is told which
/// page a visitor comes from, since its address may be a personal link; only from which site, because `no-referrer` makes
/// browsers send forms without an origin, and those that do not say `Sec-Fetch-Site` would be taken for strangers.
fn as_portals_say(mut page: Response) -> Response {
    const PERMISSIONS: HeaderValue = HeaderValue::from_static(
        "camera=(), display-capture=(), geolocation=(self), microphone=(), payment=(), usb=()",
    );
    page.headers_mut().insert(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    page.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    page
}

/// A page that holds somebody's secret, or their words: not for search engines.
fn private(mut page: Response) -> Response {
    let robots = HeaderName::from_static("x-robots-tag");
    page.headers_mut().insert(robots, HeaderValue::from_static("noindex, nofollow"));
    page
}
