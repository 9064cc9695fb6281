//! Open311 `GeoReport` v2 (<https://wiki.open311.org/GeoReport_v2/>), so that civic apps that exist work unchanged:
//! `/open311/{org}/v2/…`, in JSON and XML.
//!
//! A façade over the API: the same keys (scope `open311`), the same forms, the same action. What the standard has no word for
//! stays out: no files (`media_url` is not fetched: it would let a stranger send this machine where they like), no thread. Only
//! published reports are listed; the rest is for the app that sent it, by number.

mod answer;
mod door;
mod read;
mod send;
mod services;

use axum::{Router, routing::get};

use crate::app::App;

/// All doors of Open311: `api::routes` takes them in.
pub fn routes() -> Router<App> {
    let doors = Router::new()
        .route("/{org}/v2/{file}", get(read::top).post(send::create))
        .route("/{org}/v2/services/{file}", get(services::definition))
        .route("/{org}/v2/requests/{file}", get(read::one))
        .route("/{org}/v2/tokens/{file}", get(read::token))
        .fallback(answer::nothing);
    Router::new().nest("/open311", doors).method_not_allowed_fallback(answer::not_so)
}
