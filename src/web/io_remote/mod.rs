//! Remote content on IO: the doors at which IO asks, and the administrator's pages. A module that is off unless the owner turns it on
//! (`io.remote`): without it there is no door, and nobody to knock at one.

mod admin;
mod door;
mod service;

use std::{any::Any, time::Duration};

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tower_http::{catch_panic::CatchPanicLayer, set_header::SetResponseHeaderLayer};

use self::door::Refusal;
use super::{health, layers};
use crate::app::App;

/// Where the pages are.
const HERE: &str = "/desk/admin/io/remote";
/// How long an answer may take: IO itself gives up at ten seconds.
const LONGEST: Duration = Duration::from_secs(9);

/// The administrator's pages. They ask IO, and have minutes.
pub fn pages(app: &App) -> Router<App> {
    if !app.config.io.remote {
        return Router::new();
    }
    Router::new()
        .route("/desk/admin/io/remote", get(admin::list))
        .route("/desk/admin/io/remote/{service}", get(service::show).post(service::save))
        .route("/desk/admin/io/remote/{service}/key", post(service::renew_key))
        .route("/desk/admin/io/remote/{service}/forget-key", post(service::forget_key))
        .route("/desk/admin/io/remote/{service}/tell", post(service::tell))
}

/// The doors for IO. To be merged beside the pages, outside their protection against forged forms, which is made for browsers with
/// cookies. Needs the counters of [`super::limit::layer`] around it.
pub fn doors(app: &App) -> Router<App> {
    if !app.config.io.remote {
        return Router::new();
    }
    let said = |name, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    Router::new()
        .route("/io/remote/{service}/{*rest}", get(door::answer))
        .method_not_allowed_fallback(|| async { Refusal::BadMethod })
        .layer(middleware::from_fn(in_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(said(header::CACHE_CONTROL, "no-store"))
        .layer(said(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"))
        .layer(layers::nosniff())
        .layer(middleware::from_fn(health::measured))
}

/// Ends what takes too long: a document waits for its turn.
async fn in_time(request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(LONGEST, next.run(request)).await;
    answer.unwrap_or_else(|_| Refusal::Later.into_response())
}

/// What a panic says may hold pieces of a letter: the process's own hook has printed it, the log does not repeat it.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    Refusal::Internal(anyhow::anyhow!("a handler panicked")).into_response()
}
