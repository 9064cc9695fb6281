//! What holds for every page: who may send forms, what the browser may do with the answer, how long one waits.

use std::{any::Any, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{
        Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, Version, header, uri::Authority,
    },
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    csrf::{CsrfLayer, ProtectionError},
    set_header::SetResponseHeaderLayer,
};

use super::{error::Error, health};
use crate::app::App;

/// Nothing runs, nothing is loaded and nothing is sent but from and to our own address. Style sheets of the design system
/// carry small pictures as `data:`.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
);

/// How long a page may take.
#[derive(Clone, Copy, Debug)]
pub enum Patience {
    /// Half a minute: more than any page needs.
    Page,
    /// Minutes, for forms with files and for other people's servers.
    Files,
}

/// Ends what takes too long, with a page that says so.
pub fn patient(pages: Router<App>, patience: Patience) -> Router<App> {
    let (longest, pages) = match patience {
        Patience::Page => (Duration::from_secs(30), pages),
        // `upload` keeps to its limit by itself, in order to be polite about it.
        Patience::Files => (Duration::from_mins(10), pages.layer(DefaultBodyLimit::disable())),
    };
    pages.layer(middleware::from_fn(move |request: Request, next: Next| async move {
        let answer = tokio::time::timeout(longest, next.run(request)).await;
        answer.unwrap_or_else(|_| Error::TooSlow.into_response())
    }))
}

/// What keeps pages from harm. The last layer is the outermost.
pub fn guarded(pages: Router<App>, app: &App) -> Router<App> {
    pages.layer(CatchPanicLayer::custom(panicked)).layer(csrf(app))
}

/// What every answer says of itself. The last layer is the outermost.
pub fn around(pages: Router<App>) -> Router<App> {
    pages
        .layer(if_not_said(header::CONTENT_SECURITY_POLICY, POLICY))
        .layer(if_not_said(header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .layer(if_not_said(header::REFERRER_POLICY, HeaderValue::from_static("same-origin")))
        .layer(if_not_said(HeaderName::from_static("permissions-policy"), PERMISSIONS))
        .layer(nosniff())
        .layer(CompressionLayer::new().gzip(true).quality(CompressionLevel::Fastest).compress_when(is_page))
        .layer(middleware::from_fn(health::measured))
}

/// Browsers believe what we say a file is.
pub fn nosniff() -> SetResponseHeaderLayer<HeaderValue> {
    if_not_said(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"))
}

fn if_not_said(name: HeaderName, value: HeaderValue) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, value)
}

/// Only pages: a citizen's file is sent as it is, and mostly compressed already.
fn is_page(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|media| media.as_bytes().starts_with(b"text/html"))
}

/// Forms are taken from our own pages only: the browser says where they come from, no token is needed. Behind a proxy
/// that hides the name under which people know us, `server.public_url` says it.
fn csrf(app: &App) -> CsrfLayer<impl FnMut(ProtectionError) -> Response + Clone + Send + Sync + 'static> {
    let layer = CsrfLayer::new();
    let layer =
        match origin(&app.config.server.public_url).map(|origin| layer.clone().add_trusted_origin(origin)) {
            Some(Ok(layer)) => layer,
            Some(Err(error)) => {
                tracing::warn!(%error, "server.public_url is not used as an origin");
                layer
            }
            None => layer,
        };
    layer.with_rejection_response(|_| Error::Foreign.into_response())
}

/// The origin of an address as browsers write it: no path, no usual port, lower case.
fn origin(url: &str) -> Option<String> {
    let url: Uri = url.parse().ok()?;
    let scheme = url.scheme_str()?;
    let usual = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return None,
    };
    let host = url.host()?.to_ascii_lowercase();
    let port = url.authority().and_then(Authority::port_u16).filter(|port| *port != usual);
    Some(port.map_or_else(|| format!("{scheme}://{host}"), |port| format!("{scheme}://{host}:{port}")))
}

/// What a panic says may hold pieces of a letter: the process's own hook has printed it, the log does not repeat it.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    Error::Internal(anyhow::anyhow!("a handler panicked")).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_do() {
        assert_eq!(origin("https://Reclami.Example.it:443/").as_deref(), Some("https://reclami.example.it"));
        assert_eq!(origin("http://localhost:8080/desk").as_deref(), Some("http://localhost:8080"));
        assert_eq!(origin("https://[::1]:8443").as_deref(), Some("https://[::1]:8443"));
        for none in ["", "reclami.example.it", "ftp://x"] {
            assert_eq!(origin(none), None, "{none}");
        }
    }
}
