//! What went wrong, as a page of the portal. The handlers, the extractors and what guards them give the same errors as the
//! desk's; here their pages are put into the portal's frame and the citizen's language, with the way back. What is said in
//! Italian for operators and for who runs the program is not shown.

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{StatusCode, header, request::Parts},
    middleware::Next,
    response::Response,
};
use serde::Serialize;

use super::{
    Hall,
    hall::{self, Frame},
};
use crate::{app::App, web::error::Said};

/// Context of `portal/failed.html`.
#[derive(Serialize)]
struct Page {
    /// The end of the keys `site-failed-title-…` and `site-failed-text-…`.
    what: &'static str,
    reference: Option<String>,
    /// Where to try again: the page that was asked for. Of a form it is where its page is found, too.
    again: Option<String>,
}

/// Puts errors of the portal's pages into its frame.
pub async fn in_the_portals_frame(State(app): State<App>, request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/sportello") {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let asked = parts.clone();
    parts.extensions = asked.extensions.clone();
    let answer = next.run(Request::from_parts(parts, body)).await;
    match answer.extensions().get::<Said>() {
        Some(said) => {
            let said = said.clone();
            page(&app, asked, answer, said).await
        }
        None => answer,
    }
}

async fn page(app: &App, mut asked: Parts, answer: Response, said: Said) -> Response {
    let status = answer.status();
    let what = key(status);
    let again = (what != "not-found").then(|| hall::here(&asked));
    let page = Page { what, reference: said.reference, again };
    let rendered = match Hall::from_request_parts(&mut asked, app).await {
        Ok(hall) => hall.page("portal/failed.html", page),
        Err(_) => hall::outside("portal/failed.html", &Frame::outside(&asked), page),
    };
    match rendered {
        Ok(page) => {
            let mut page = super::as_portals_say(page);
            *page.status_mut() = status;
            if let Some(wait) = answer.headers().get(header::RETRY_AFTER) {
                page.headers_mut().insert(header::RETRY_AFTER, wait.clone());
            }
            page
        }
        Err(error) => {
            tracing::error!(?error, "the portal's page of errors failed");
            answer
        }
    }
}

/// Texts exist for these.
fn key(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 | 403 => "foreign",
        404 | 405 => "not-found",
        409 => "conflict",
        413 => "too-large",
        422 => "unreadable",
        429 => "wait",
        503 => "later",
        _ => "ours",
    }
}
