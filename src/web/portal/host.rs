//! An organisation under a host name of its own: `https://sportello.ente.it/` shows its portal and nobody else's.
//!
//! The address is rewritten before the pages are looked for, so that they exist once. Only `Host` decides, which a proxy
//! must keep; `X-Forwarded-Host` can be written by anybody and is not read. Other addresses (`/assets`, `/api`) are the
//! same under every host.

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, Uri, header, uri::PathAndQuery},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};

use crate::{
    app::App,
    store,
    web::error::{Error, Result},
};

/// Longest host name (RFC 1035 §2.3.4).
const LONGEST: usize = 253;
/// Where all portals stand.
const PORTALS: &str = "/sportello";

/// The request came to the portal's own host: its links need no name in them.
#[derive(Clone, Copy, Debug)]
pub struct OwnHost;

/// Puts the rewriting in front of the pages.
pub fn own_host(app: App, pages: Router) -> Router {
    let pages = Router::new().fallback_service(pages);
    // Rewriting must come before routing, and a layer of a router comes after its own.
    let rewritten = pages.layer(middleware::from_fn_with_state(app, rewrite));
    Router::new().fallback_service(rewritten)
}

async fn rewrite(State(app): State<App>, mut request: Request, next: Next) -> Response {
    match inside(&app, request.uri(), request.headers()).await {
        Ok(None) => {}
        Ok(Some(inside)) => {
            *request.uri_mut() = inside;
            request.extensions_mut().insert(OwnHost);
        }
        Err(error) => return error.into_response(),
    }
    next.run(request).await
}

/// The portal whose own host the browser asked for: its slug.
pub async fn portal_of(app: &App, headers: &HeaderMap) -> Result<Option<String>> {
    let Some(host) = named(headers).filter(|host| Some(host) != usual(app).as_ref()) else { return Ok(None) };
    Ok(store::portal::by_host(&app.desk.db.read, &host).await?.map(|portal| portal.slug))
}

/// The address below the slug of the organisation that has this host, if one has.
async fn inside(app: &App, uri: &Uri, headers: &HeaderMap) -> Result<Option<Uri>> {
    let Some(below) = below(uri.path()) else { return Ok(None) };
    let Some(slug) = portal_of(app, headers).await? else { return Ok(None) };
    let question = uri.query().map_or_else(String::new, |question| format!("?{question}"));
    let path = format!("{PORTALS}/{slug}{below}{question}");
    let path: PathAndQuery = path.parse().map_err(|_| Error::NotFound)?;
    Ok(Some(Uri::from(path)))
}

/// What follows the portal's beginning: of `/`, `/sportello` and `/sportello/…`, and of nothing else.
fn below(path: &str) -> Option<&str> {
    if path == "/" {
        return Some("");
    }
    let below = path.strip_prefix(PORTALS)?;
    (below.is_empty() || below.starts_with('/')).then(|| below.trim_end_matches('/'))
}

/// The host that the browser asked for, lower case, without port.
fn named(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let name = host.split(':').next().unwrap_or_default().trim_end_matches('.');
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    (!name.is_empty() && name.len() <= LONGEST && name.bytes().all(plain)).then(|| name.to_ascii_lowercase())
}

/// The host of the installation, which is no portal's own.
fn usual(app: &App) -> Option<String> {
    app.desk.public_url.parse::<Uri>().ok()?.host().map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_portals_addresses_are_rewritten() {
        assert_eq!(below("/"), Some(""));
        assert_eq!(below("/sportello"), Some(""));
        assert_eq!(below("/sportello/"), Some(""));
        assert_eq!(below("/sportello/segui/abc"), Some("/segui/abc"));
        for other in ["/desk/queue", "/sportelloni", "/assets/x", "//sportello", "/api/v1/x"] {
            assert_eq!(below(other), None, "{other}");
        }
    }

    #[test]
    fn the_host_is_what_the_browser_asked_for() {
        let host = |value: &str| named(&HeaderMap::from_iter([(header::HOST, value.parse().unwrap())]));
        assert_eq!(host("Sportello.Ente.it:443").as_deref(), Some("sportello.ente.it"));
        assert_eq!(host("ente.it.").as_deref(), Some("ente.it"));
        for odd in ["", ":80", "a b", "[::1]:80", "ente.it/x", "ente.it@x"] {
            assert_eq!(host(odd), None, "{odd}");
        }
    }
}
