//! The administrator's pages of the portal: its door, its texts, its forms, who is kept out, and the keys of apps.

mod bans;
mod keys;
mod kinds;
mod ratings;
mod settings;
mod texts;
mod webhooks;

use axum::{
    Router,
    routing::{get, post},
};

pub use self::bans::until;
use crate::app::App;

/// Where the settings are; the other pages are below.
const HERE: &str = "/desk/admin/portal";

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/admin/portal", get(settings::show).post(settings::save))
        .route("/desk/admin/portal/open", post(settings::open))
        .route("/desk/admin/portal/close", post(settings::close))
        .route("/desk/admin/portal/texts", get(texts::list))
        .route("/desk/admin/portal/texts/{language}/{*page}", get(texts::show).post(texts::save))
        .route("/desk/admin/portal/kinds", get(kinds::list))
        .route("/desk/admin/portal/kinds/{code}", get(kinds::show).post(kinds::save))
        .route("/desk/admin/portal/kinds/{code}/published", post(kinds::publish))
        .route("/desk/admin/portal/kinds/{code}/reset", post(kinds::reset))
        .route("/desk/admin/portal/bans", get(bans::list).post(bans::add))
        .route("/desk/admin/portal/bans/{id}/lift", post(bans::lift))
        .route("/desk/admin/portal/keys", get(keys::list).post(keys::add))
        .route("/desk/admin/portal/keys/{id}/revoke", post(keys::revoke))
        .route("/desk/admin/portal/ratings", get(ratings::show))
        .route("/desk/admin/portal/webhooks", get(webhooks::list))
        .route("/desk/admin/portal/webhooks/{id}/pause", post(webhooks::pause))
        .route("/desk/admin/portal/webhooks/{id}/resume", post(webhooks::resume))
        .route("/desk/admin/portal/webhooks/{id}/test", post(webhooks::test))
        .route("/desk/admin/portal/webhooks/{id}/delete", post(webhooks::delete))
}
