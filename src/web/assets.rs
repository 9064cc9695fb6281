//! The front end, built by `build.rs` and carried inside the binary: style sheet, script, icons, fonts.
//!
//! Every file's name holds the hash of its content, so browsers may keep it for ever; a new build has new names.
//! Brotli and gzip copies were made once, at build time: nothing is compressed while serving.

use axum::{
    body::Bytes,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// One file as the browser gets it.
struct File {
    name: &'static str,
    media_type: &'static str,
    plain: &'static [u8],
    br: Option<&'static [u8]>,
    gz: Option<&'static [u8]>,
}

/// The address of an asset by the name that templates use, such as `desk.css`.
pub(super) fn address(name: &str) -> Option<String> {
    let at = NAMES.binary_search_by_key(&name, |&(logical, _)| logical).ok()?;
    Some(format!("/assets/{}", NAMES[at].1))
}

/// `GET /assets/{name}`.
pub async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Ok(at) = FILES.binary_search_by_key(&name.as_str(), |file| file.name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let file = &FILES[at];
    let (bytes, encoding) = match (file.br, file.gz) {
        (Some(br), _) if accepts(&headers, "br") => (br, Some("br")),
        (_, Some(gz)) if accepts(&headers, "gzip") => (gz, Some("gzip")),
        _ => (file.plain, None),
    };
    let mut response = (
        [
            (header::CONTENT_TYPE, file.media_type),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            (header::VARY, "Accept-Encoding"),
        ],
        Bytes::from_static(bytes),
    )
        .into_response();
    if let Some(encoding) = encoding {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Whether `Accept-Encoding` names the coding and does not refuse it with `q=0`.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|offer| {
            let (name, weight) = offer.split_once(';').unwrap_or((offer, "q=1"));
            let weight = weight.trim().strip_prefix("q=")?.parse::<f32>().ok()?;
            Some((name.trim(), weight))
        })
        .any(|(name, weight)| name.eq_ignore_ascii_case(coding) && weight > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_for_the_binary_search() {
        assert!(FILES.is_sorted_by_key(|file| file.name));
        assert!(NAMES.is_sorted_by_key(|&(logical, _)| logical));
    }

    #[test]
    fn a_refused_coding_is_not_used() {
        let offer = |text| HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(text))]);
        assert!(accepts(&offer("gzip, deflate, br"), "br"));
        assert!(accepts(&offer("gzip;q=0.5"), "gzip"));
        assert!(!accepts(&offer("br;q=0, gzip"), "br"));
        assert!(!accepts(&offer("brotli"), "br"));
        assert!(!accepts(&HeaderMap::new(), "br"));
    }
}
