//! Maps of the portal: an ornament of pages that do without. Where its tiles come from the owner says; nothing else is loaded from
//! there, and no page without a map may load even that.

use axum::{
    http::{HeaderValue, header},
    response::Response,
};
use serde::Serialize;

use crate::app::App;

/// Where tiles come from.
#[derive(Debug, Serialize)]
pub struct Map {
    tiles: String,
    attribution: String,
}

/// The map of this installation, if it has one.
#[must_use]
pub fn of(app: &App) -> Option<Map> {
    let portal = &app.config.portal;
    let (tiles, attribution) = (portal.tile_url.clone(), portal.tile_attribution.clone());
    (!tiles.is_empty()).then_some(Map { tiles, attribution })
}

/// The page may load pictures from where the tiles come from.
#[must_use]
pub fn allowed(app: &App, mut page: Response) -> Response {
    if let Some(policy) = policy(&app.config.portal.tile_url) {
        page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    page
}

/// What a page with a map may load: as everywhere, and pictures from that host.
fn policy(tiles: &str) -> Option<HeaderValue> {
    let host = tiles.strip_prefix("https://")?.split('/').next()?;
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https://{}; font-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        host.replace("{s}", "*"),
    );
    HeaderValue::from_str(&policy).ok()
}
