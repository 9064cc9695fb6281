//! The tracking page: what became of a request, for whoever has the link or number and code. No account, no cookie: the link
//! opens one matter of one organisation and nothing else.

mod act;
mod door;
mod files;
pub mod follow;
mod order;
mod page;
mod telling;
mod thread;
pub mod visit;

use axum::{Router, middleware, response::Response, routing::get};

use crate::{
    app::App,
    web::layers::{Patience, patient},
};

/// The pages, below the portal's address.
pub fn routes() -> Router<App> {
    let pages = Router::new()
        .route("/segui", get(door::show).post(door::open))
        .route("/segui/link", get(door::back).post(door::send_again))
        .route("/segui-questa", get(follow::done).post(follow::follow))
        .route("/segui/{link}", get(page::show))
        .route("/segui/{link}/contesta", get(act::back).post(act::contest))
        .route("/segui/{link}/ritira", get(act::ask_to_withdraw).post(act::withdraw))
        .route("/segui/{link}/avvisi", get(act::back).post(act::tell_by))
        .route("/segui/{link}/conferma", get(act::back).post(act::confirm))
        .route("/segui/{link}/valutazione", get(act::back).post(act::rate))
        .route("/segui/{link}/nuovo-link", get(act::back).post(act::renew))
        .route("/segui/{link}/ricevuta.pdf", get(files::receipt))
        .route("/segui/{link}/allegati/{id}", get(files::attachment));
    // An answer comes with photos, from a phone on a slow line.
    let slow = Router::new().route("/segui/{link}/risposta", get(act::back).post(act::answer));
    patient(pages, Patience::Page)
        .merge(patient(slow, Patience::Files))
        .layer(middleware::map_response(|page: Response| async { super::private(page) }))
}
