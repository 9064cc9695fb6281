//! The archive "Notifiche IO": what was sent to whom and what became of it; and the forms with which operators write to one person,
//! or to the people of several work orders.

mod act;
mod attach;
mod batch;
mod edit;
mod export;
mod list;
mod one;
mod prefill;
mod preview;
mod sheet;
mod view;
mod words;

use axum::{
    Router,
    routing::{get, post},
};
use entity::io_message::Model;
use uuid::Uuid;

pub use self::words::{Shown, state};
use super::{
    error::{Error, Result},
    session::Operator,
};
use crate::{app::App, store};

/// Where the archive is.
const HERE: &str = "/desk/io";

/// The pages.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/io", get(list::show))
        .route("/desk/io/export.xlsx", get(export::download))
        .route("/desk/io/new", get(edit::blank).post(edit::create))
        .route("/desk/io/batch", post(batch::take))
        .route("/desk/io/messages/{id}", get(one::show))
        .route("/desk/io/messages/{id}/edit", get(edit::show).post(edit::change))
        .route("/desk/io/messages/{id}/take-back", post(act::take_back))
        .route("/desk/io/messages/{id}/send", post(act::send))
        .route("/desk/io/messages/{id}/delete", post(act::delete))
        .route("/desk/io/messages/{id}/repeat", post(act::repeat))
}

/// Where the page of a notification is.
#[must_use]
pub fn path_of(id: Uuid) -> String {
    format!("{HERE}/messages/{id}")
}

async fn find(app: &App, operator: &Operator, id: Uuid) -> Result<Model> {
    let found = store::io_message::by_id(&app.desk.db.read, operator.row.organisation_id, id).await?;
    found.ok_or(Error::NotFound)
}
