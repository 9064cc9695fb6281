//! What people see and press. All pages on one screen; the doors (who may enter) are in the handlers' arguments.

pub mod api;
pub mod assets;
mod attachment;
mod due;
mod enclosed;
mod error;
mod flaws;
mod frame;
mod health;
mod io;
mod io_remote;
mod io_services;
mod layers;
pub mod limit;
mod login;
mod mail;
mod mailboxes;
mod notices;
pub mod open311;
mod operators;
mod outage;
mod page_key;
mod password;
mod portal;
mod portal_admin;
mod progress;
mod queue;
mod request;
mod session;
mod submissions;
mod taxpayers;
pub mod templates;
mod upload;
mod words;
mod work_order;
mod xml;

use axum::{
    Router,
    response::Redirect,
    routing::{get, post},
};

use self::layers::{Patience, patient};
use crate::app::App;

/// All pages. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`: failed sign-ins are counted by address.
pub fn router(app: App) -> Router {
    let pages = Router::new()
        .route("/", get(home))
        .route("/desk", get(home))
        .route("/desk/login", get(login::show).post(login::sign_in))
        .route("/desk/logout", post(login::sign_out))
        .route("/desk/password", get(password::show).post(password::change))
        .route("/desk/queue", get(queue::show))
        .route("/desk/work-orders/{number}", get(work_order::show))
        .route("/desk/work-orders/{number}/handling", post(work_order::change))
        .route("/desk/work-orders/{number}/notes", post(work_order::note))
        .route("/desk/work-orders/{number}/taxpayer", post(work_order::identify))
        .route("/desk/work-orders/{number}/link", post(work_order::renew_link))
        .route("/desk/work-orders/{number}/updates", post(work_order::tell))
        .route("/desk/work-orders/{number}/publication", post(work_order::publish))
        .route("/desk/work-orders/{number}/publication/remove", post(work_order::unpublish))
        .route("/desk/work-orders/{number}/deliveries/{id}/again", post(work_order::send_again))
        .route("/desk/attachments/{id}", get(attachment::file))
        .route("/desk/attachments/{id}/mail", get(enclosed::show))
        .route("/desk/communications/{id}/original.eml", get(attachment::original))
        .route("/desk/receipts/{id}/original.eml", get(attachment::receipt))
        .route("/desk/taxpayers", get(taxpayers::list))
        .route("/desk/taxpayers/{id}", get(taxpayers::show).post(taxpayers::save))
        .route("/desk/taxpayers/{id}/contacts", post(taxpayers::add_contact))
        .route("/desk/taxpayers/{id}/contacts/{contact}/remove", post(taxpayers::remove_contact))
        .route("/desk/admin/mailboxes/new", get(mailboxes::blank))
        .route("/desk/admin/mailboxes/{id}/grant", get(mailboxes::grant::show).post(mailboxes::grant::save))
        .route("/desk/admin/mailboxes/{id}/grant/leave", post(mailboxes::grant::leave))
        .route("/desk/admin/mailboxes/grant/callback", get(mailboxes::grant::callback))
        .route("/desk/admin/mailboxes/{id}/pause", post(mailboxes::pause))
        .route("/desk/admin/mailboxes/{id}/resume", post(mailboxes::resume))
        .route("/desk/admin/mailboxes/{id}/reconcile", post(mailboxes::reconcile))
        .route("/desk/admin/mail", get(mail::list))
        .route("/desk/admin/mail/{id}", get(mail::show))
        .route("/desk/admin/mail/{id}/original.eml", get(attachment::incoming))
        .route("/desk/admin/mail/{id}/retry", post(mail::retry))
        .route("/desk/admin/mail/{id}/open", post(mail::open))
        .route("/desk/admin/mail/{id}/discard", post(mail::discard))
        .route("/desk/admin/operators", get(operators::list).post(operators::add))
        .route("/desk/admin/operators/new", get(operators::blank))
        .route("/desk/admin/operators/{id}", get(operators::show).post(operators::change))
        .route("/desk/admin/operators/{id}/password", post(operators::reset))
        .route("/desk/admin/operators/{id}/active", post(operators::set_active))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(health::metrics))
        .fallback(|| async { error::Error::NotFound })
        .method_not_allowed_fallback(|| async { error::Error::NotFound });
    // Files on a slow line, thousands of lines of a register, two mail servers that think: these may take minutes.
    let slow = Router::new()
        .route("/desk/work-orders/{number}/replies", post(work_order::reply))
        .route("/desk/taxpayers/import", get(taxpayers::show_import).post(taxpayers::import))
        .route("/desk/admin/mailboxes", get(mailboxes::list).post(mailboxes::add))
        .route("/desk/admin/mailboxes/{id}", get(mailboxes::show).post(mailboxes::change));
    let slow = slow.merge(io_services::slow_routes());
    let pages = pages.merge(io_services::routes());
    let pages = pages
        .merge(notices::routes())
        .merge(io::routes())
        .merge(portal_admin::routes())
        .merge(progress::routes())
        .merge(submissions::routes());
    let slow = slow.merge(io_remote::pages(&app));
    let desk = patient(pages, Patience::Page).merge(patient(slow, Patience::Files));
    let pages = layers::guarded(desk.merge(portal::routes()), &app);
    let pages = layers::around(portal::framed(pages, &app));
    // Apps have no cookies that could be misused: their doors stand outside what protects browsers.
    let doors = pages
        .merge(api::routes(&app))
        .merge(io_remote::doors(&app))
        .layer(limit::layer(&app))
        .with_state(app.clone());
    // Assets say themselves how they are kept and compressed.
    let assets = Router::new().route("/assets/{name}", get(assets::serve)).layer(layers::nosniff());
    portal::own_host(app, assets.merge(doors))
}

async fn home() -> Redirect {
    Redirect::to("/desk/queue")
}
