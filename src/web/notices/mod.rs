//! Notices of disruption at the desk: written, previewed, published, changed, linked with the work orders that they explain,
//! and ended.

mod act;
mod edit;
mod history;
mod link;
mod list;
mod one;
mod preview;
mod sheet;

use axum::{
    Router,
    routing::{get, post},
};
use uuid::Uuid;

use super::{
    error::{Error, Result},
    session::Operator,
};
use crate::{app::App, store};

/// Where the list is.
const HERE: &str = "/desk/notices";

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/notices", get(list::show).post(edit::create))
        .route("/desk/notices/new", get(edit::blank))
        .route("/desk/notices/{id}", get(one::show))
        .route("/desk/notices/{id}/edit", get(edit::show).post(edit::change))
        .route("/desk/notices/{id}/publish", post(act::publish))
        .route("/desk/notices/{id}/withdraw", post(act::withdraw))
        .route("/desk/notices/{id}/restore", get(act::ending).post(act::restore))
        .route("/desk/notices/{id}/link", post(link::link))
        .route("/desk/notices/{id}/unlink", post(link::unlink))
}

/// Where the page of a notice is.
#[must_use]
pub fn path_of(id: Uuid) -> String {
    format!("{HERE}/{id}")
}

async fn find(app: &App, operator: &Operator, id: Uuid) -> Result<entity::notice::Model> {
    let found = store::notice::by_id(&app.desk.db.read, operator.row.organisation_id, id).await?;
    found.ok_or(Error::NotFound)
}
