//! What went wrong, as a page of the portal. The handlers, the extractors and what guards them give the same errors as the
//! desk's; here their pages are put into the portal's frame and the citizen's language, with the way back. What is said in
//! Italian for operators and for who runs the program is not shown. Under a host of its own an organisation has no other pages
//! than these, but for the desk's.

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
    host::{self, OwnHost},
};
use crate::{
    app::App,
    web::error::{Result, Said},
};

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
    if request.uri().path().starts_with("/desk") {
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

/// The hall in which it went wrong; none: what was asked for is no page of a portal.
async fn hall_of(app: &App, asked: &mut Parts) -> Option<Result<Hall>> {
    let below = asked.uri.path().strip_prefix("/sportello");
    if below.is_some_and(|below| below.is_empty() || below.starts_with('/')) {
        return Some(Hall::from_request_parts(asked, app).await);
    }
    let slug = host::portal_of(app, &asked.headers).await.ok()??;
    asked.extensions.insert(OwnHost);
    Some(Hall::of(app, asked, &slug).await)
}

async fn page(app: &App, mut asked: Parts, answer: Response, said: Said) -> Response {
    let Some(hall) = hall_of(app, &mut asked).await else { return answer };
    let status = answer.status();
    let what = key(status);
    let again = (what != "not-found").then(|| hall::here(&asked));
    let page = Page { what, reference: said.reference, again };
    let rendered = match hall {
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
