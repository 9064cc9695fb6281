//! The form of a service in four steps: privacy, data, contacts, summary. Plain pages that a browser without JavaScript
//! fills from one end to the other; `portal.js` only adds comfort.
//!
//! Nothing is kept for who merely looks: the first step begins the draft when it is sent, and from then on the personal link
//! (`?b=`) is all that is needed to go on. Everything typed is saved by every button of every step, whatever is wrong with it;
//! files are stored the moment they arrive.

mod act;
mod fields;
mod page;
mod posted;
mod sheet;
mod summary;

use axum::{
    Router, middleware,
    response::Response,
    routing::{get, post},
};

pub use self::sheet::lost;
use super::{near, private, receipt};
use crate::{
    app::App,
    web::layers::{Patience, patient},
};

/// The pages, below the portal's address.
pub fn routes() -> Router<App> {
    let pages = Router::new()
        .route("/{code}", get(page::show))
        .route("/{code}/{step}", get(page::show))
        .route("/vicino", get(near::show))
        .route("/inviata", get(receipt::show).post(receipt::rate))
        .route("/ricevuta.pdf", get(receipt::download));
    // Photos come from a phone on a slow line.
    let slow = Router::new().route("/{code}/{step}", post(act::take));
    patient(pages, Patience::Page)
        .merge(patient(slow, Patience::Files))
        .layer(middleware::map_response(|page: Response| async { private(page) }))
}
