//! Whether the process lives, whether it can work, and its figures.

use std::time::{Duration, Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    error::{Error, Result},
    request::Peer,
};
use crate::app::App;

/// A check that waits is no check.
const LONGEST_CHECK: Duration = Duration::from_secs(5);

/// `GET /healthz`: the process lives.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers and has the schema of this program.
pub async fn ready(State(app): State<App>) -> Response {
    match tokio::time::timeout(LONGEST_CHECK, app.desk.db.missing_steps()).await {
        Ok(Ok(0)) => "ready\n".into_response(),
        Ok(Ok(_)) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the schema is older than this program: run `riscontro migrate`\n",
        )
            .into_response(),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database cannot be used: see the log\n").into_response()
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response(),
    }
}

/// `GET /metrics`, for programs on the same machine. A proxy there is on the same machine, too: what it passes on is refused,
/// provided that it says so in one of the usual headers.
pub async fn metrics(State(app): State<App>, peer: Peer) -> Result<Response> {
    if peer.forwarded || !peer.line.is_some_and(|address| address.to_canonical().is_loopback()) {
        return Err(Error::Forbidden);
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.render()).into_response())
}

/// Counts requests and their time, by route: an address with its ids would be a figure for each citizen.
pub async fn measured(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", |path| path.as_str()).to_owned();
    let method = match request.method().as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "HEAD" => "HEAD",
        _ => "other",
    };
    let started = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::histogram!("riscontro_http_request_seconds", "method" => method, "route" => route.clone())
        .record(started.elapsed().as_secs_f64());
    metrics::counter!("riscontro_http_requests_total", "method" => method, "route" => route, "status" => status).increment(1);
    response
}
