//! The API for apps: `/api/v1/{org}/…`. The same actions as the portal, the same rules, another shape.
//!
//! Refused: cookies (see `door`), a session, XML, content negotiation by `Accept` (there is one format), versions in headers.
//! Paths are English, as on the desk: they are read by programs; the words that citizens read are in their own language.

mod citizens;
mod cursor;
pub mod document;
pub mod door;
mod files;
pub mod input;
pub mod kinds;
pub mod messages;
mod notices;
pub mod problem;
mod reference;
pub mod requests;
pub mod scopes;
mod webhooks;

use std::{any::Any, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{any, get},
};
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer};

use self::problem::Problem;
use super::{health, layers, open311};
use crate::app::App;

/// How long an answer may take. Files come over slow lines, and photos are encoded anew.
const READING: Duration = Duration::from_secs(30);
const WRITING: Duration = Duration::from_mins(3);
/// The readable page has a style sheet and nothing else; what programs read has nothing at all.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; form-action 'none'; base-uri 'none'; \
     frame-ancestors 'none'",
);

/// All doors of the API, and of Open311. To be merged beside the pages, outside their protection against forged forms, which is
/// made for browsers with cookies. Needs the counters of [`super::limit::layer`] around it.
pub fn routes(app: &App) -> Router<App> {
    let (operations, _, wanted) = document::operations();
    let doors = operations
        .method_not_allowed_fallback(|| async { Problem::bad_method() })
        .route_layer(middleware::from_fn_with_state((app.clone(), wanted), door::pass));
    let about = Router::new()
        .route("/api", get(|| async { Redirect::to("/api/v1") }))
        .route("/api/v1", get(reference::show))
        .route("/api/v1/openapi.json", get(document::show))
        .route("/api/{*rest}", any(|| async { Problem::not_found() }))
        .method_not_allowed_fallback(|| async { Problem::bad_method() });
    let largest = DefaultBodyLimit::max(app.config.server.max_request_bytes);
    doors
        .merge(about)
        .layer(middleware::from_fn(dressed))
        .layer(largest)
        .merge(open311::routes())
        .layer(middleware::from_fn(in_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(if_not_said(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(if_not_said(header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .layer(layers::nosniff())
        .layer(middleware::from_fn(health::measured))
}

fn if_not_said(name: HeaderName, value: HeaderValue) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, value)
}

/// Ends what takes too long.
async fn in_time(request: Request, next: Next) -> Response {
    let longest = if *request.method() == Method::GET { READING } else { WRITING };
    let answer = tokio::time::timeout(longest, next.run(request)).await;
    answer.unwrap_or_else(|_| Problem::too_slow().into_response())
}

/// What a panic says may hold pieces of a letter: the process's own hook has printed it, the log does not repeat it.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    Problem::internal(&anyhow::anyhow!("a handler panicked")).into_response()
}

/// What axum itself refuses is a line of text: it becomes a problem, too.
async fn dressed(request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    let plain = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|media| media.as_bytes().starts_with(b"text/plain"));
    if plain && (answer.status().is_client_error() || answer.status().is_server_error()) {
        let problem = match answer.status() {
            StatusCode::NOT_FOUND => Problem::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => Problem::bad_method(),
            StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large("The request is too large."),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::bad_media("what the reference says"),
            status if status.is_client_error() => Problem::malformed("The request cannot be read."),
            status => Problem::internal(&anyhow::anyhow!("a layer answered {status}")),
        };
        let allow = answer.headers().get(header::ALLOW).cloned();
        answer = problem.into_response();
        if let Some(allow) = allow {
            answer.headers_mut().insert(header::ALLOW, allow);
        }
    }
    answer
}
