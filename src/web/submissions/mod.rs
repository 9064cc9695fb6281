//! Submissions that wait: for an operator, since nobody signed them, or for their address to be confirmed. An operator reads
//! them, lets them in with the time at which they came, or puts them aside.

mod act;
pub mod answers;
mod list;
mod one;

use axum::{
    Router,
    routing::{get, post},
};
use uuid::Uuid;

use crate::app::App;

/// Where the list is.
pub const HERE: &str = "/desk/submissions";

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/submissions", get(list::show))
        .route("/desk/submissions/{id}", get(one::show))
        .route("/desk/submissions/{id}/files/{file}", get(one::file))
        .route("/desk/submissions/{id}/admit", post(act::admit))
        .route("/desk/submissions/{id}/discard", post(act::discard))
        .route("/desk/submissions/{id}/ban", post(act::ban))
}

fn path_of(id: Uuid) -> String {
    format!("{HERE}/{id}")
}
