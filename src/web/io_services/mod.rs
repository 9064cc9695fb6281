//! The administrator's pages of IO: where it is and with which key, the services of the organisation, their sheets and keys.
//!
//! Whatever asks IO has minutes, and goes to its end whether or not somebody waits for the page.

mod account;
mod acts;
mod answer;
mod deleting;
mod fields;
mod keys;
mod logo;
mod models;
mod overview;
mod review;
mod sending;
mod sheet;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

use crate::app::App;

/// Where the settings and the list of services are.
const HERE: &str = "/desk/admin/io";
/// Before the id of a service.
const SERVICES: &str = "/desk/admin/io/services";

/// Largest form, in bytes. A sheet has some thousands; a logo sees to itself.
const FORM: usize = 1 << 20;

/// Pages that answer by themselves.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/admin/io/services/models", get(models::show))
        .route("/desk/admin/io/services/{id}", get(overview::show))
        .route("/desk/admin/io/services/{id}/test", post(sending::set))
        .route("/desk/admin/io/services/{id}/resume", post(sending::resume))
}

/// Pages that ask IO.
pub fn slow_routes() -> Router<App> {
    let forms = Router::new()
        .route("/desk/admin/io", get(account::show).post(account::save))
        .route("/desk/admin/io/services/import", post(acts::import))
        .route("/desk/admin/io/services/new", get(sheet::blank).post(sheet::add))
        .route("/desk/admin/io/services/{id}/sheet", get(sheet::show).post(sheet::change))
        .route("/desk/admin/io/services/{id}/make", post(acts::make))
        .route("/desk/admin/io/services/{id}/review", get(review::show).post(review::hand_in))
        .route("/desk/admin/io/services/{id}/publish", post(acts::publish))
        .route("/desk/admin/io/services/{id}/unpublish", post(acts::unpublish))
        .route("/desk/admin/io/services/{id}/delete", get(deleting::show).post(deleting::delete))
        .route("/desk/admin/io/services/{id}/refresh", post(acts::refresh))
        .route("/desk/admin/io/services/{id}/keys", post(keys::act))
        .layer(DefaultBodyLimit::max(FORM));
    forms.route("/desk/admin/io/services/{id}/logo", post(logo::set))
}
