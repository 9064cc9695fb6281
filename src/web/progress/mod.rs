//! The administrator's pages of progress updates: by which way citizens are told of what, and in which words.

mod preview;
pub mod received;
mod rules;
mod text;
mod texts;
pub mod words;

use axum::{Router, routing::get};

use crate::app::App;

/// Where the rules are; the texts are below.
const HERE: &str = "/desk/admin/updates";

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/admin/updates", get(rules::show).post(rules::save))
        .route("/desk/admin/updates/texts", get(texts::list))
        .route("/desk/admin/updates/texts/{occasion}/{medium}/{language}", get(text::show).post(text::save))
}
