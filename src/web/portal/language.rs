//! In which language the portal speaks: the one asked for on the page (`?lang=`, kept in a cookie), the one kept, the first
//! of the browser's that we speak, Italian.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Uri, header},
    middleware::Next,
    response::Response,
};
use axum_extra::extract::cookie::CookieJar;
use entity::language::Language;

/// Says nothing about anybody but the language they read.
const COOKIE: &str = "sportello-lingua";
/// Languages of a browser that are looked at.
const OFFERS: usize = 20;

/// A language, and whether somebody chose it here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Which.
    pub language: Language,
    /// Chosen on a page of ours, and not merely the browser's.
    pub chosen: bool,
}

/// The language of a request.
#[must_use]
pub fn choose(uri: &Uri, headers: &HeaderMap) -> Choice {
    let kept = || CookieJar::from_headers(headers).get(COOKIE).and_then(|kept| exact(kept.value()));
    match asked(uri).or_else(kept) {
        Some(language) => Choice { language, chosen: true },
        None => Choice { language: of_browser(headers).unwrap_or_default(), chosen: false },
    }
}

/// `?lang=de`.
fn asked(uri: &Uri) -> Option<Language> {
    let wanted = uri.query()?.split('&').find_map(|pair| pair.strip_prefix("lang="))?;
    exact(wanted)
}

fn exact(tag: &str) -> Option<Language> {
    Language::ALL.into_iter().find(|language| language.tag() == tag)
}

/// The best of `Accept-Language` (RFC 9110 §12.5.4) that we speak.
pub fn of_browser(headers: &HeaderMap) -> Option<Language> {
    let offers = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(f32, Language)> = None;
    for offer in offers.split(',').take(OFFERS) {
        let (tag, weight) = offer.split_once(';').unwrap_or((offer, "q=1"));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok()).unwrap_or(0.0);
        if let Some(language) = Language::of_tag(tag.trim())
            && weight > best.map_or(0.0, |(best, _)| best)
        {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

/// Keeps a language that was asked for, for a year, on the portal's pages.
pub async fn remembered(request: Request, next: Next) -> Response {
    let asked = asked(request.uri());
    let mut answer = next.run(request).await;
    if let Some(language) = asked {
        let cookie =
            format!("{COOKIE}={}; Path=/sportello; Max-Age=31536000; SameSite=Lax; HttpOnly", language.tag());
        let cookie = HeaderValue::from_str(&cookie).expect("plain letters");
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(address: &str, accept: &str, cookie: &str) -> (Language, bool) {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, accept.parse().unwrap());
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        let Choice { language, chosen } = choose(&address.parse().unwrap(), &headers);
        (language, chosen)
    }

    #[test]
    fn what_was_asked_for_wins_over_what_was_kept_and_that_over_the_browser() {
        assert_eq!(chosen("/x?b=1&lang=de", "en", "sportello-lingua=it"), (Language::De, true));
        assert_eq!(chosen("/x", "en", "sportello-lingua=it"), (Language::It, true));
        assert_eq!(chosen("/x?lang=xx", "en", "sportello-lingua=yy"), (Language::En, false));
    }

    #[test]
    fn the_first_language_that_we_speak_is_taken() {
        assert_eq!(chosen("/", "fr, de-AT;q=0.7, en;q=0.6", ""), (Language::De, false));
        assert_eq!(chosen("/", "fr, de;q=0.1, en;q=0.6", ""), (Language::En, false));
        assert_eq!(chosen("/", "de;q=0, it;q=0.2", ""), (Language::It, false));
        for nothing in ["", "fr", "*", "de;q=x", ";;;,,,"] {
            assert_eq!(chosen("/", nothing, ""), (Language::It, false), "{nothing}");
        }
    }
}
