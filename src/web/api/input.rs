//! What comes in with a request of an app. The extractors of axum answer a misfit with a line of text; these answer with a
//! problem that names the field.

use std::convert::Infallible;

use axum::{
    body::to_bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
};
use entity::language::Language;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

use super::problem::{Problem, Result};
use crate::web::portal::language::of_browser;

/// Largest JSON that is read, in bytes: a form with every field filled to its limit is far smaller.
pub const JSON_BYTES: usize = 256 << 10;
/// Longest `Idempotency-Key`.
const IDEMPOTENCY_KEY: usize = 255;

/// A body in JSON.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self> {
        if !is_media(request.headers(), "application/json") {
            return Err(Problem::bad_media("application/json"));
        }
        let Ok(bytes) = to_bytes(request.into_body(), JSON_BYTES).await else {
            return Err(Problem::too_large(format!("A body in JSON has at most {} KB.", JSON_BYTES >> 10)));
        };
        parse(&bytes).map(Self)
    }
}

/// Reads JSON; `NUL`, which no database of ours can keep, is refused by name.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| Problem::malformed(format!("The body is not JSON: {error}.")))?;
    if let Some(field) = nul_in("", &value) {
        return Err(Problem::field(field, "Take the character U+0000 out."));
    }
    T::deserialize(value).map_err(|error| {
        let words = error.to_string();
        // serde names the field that is missing or unknown between backticks, and nothing else that early.
        let named = words.split('`').nth(1).filter(|_| words.contains(" field `"));
        Problem::field(named.unwrap_or("body").to_owned(), format!("The body does not fit: {words}."))
    })
}

fn nul_in(path: &str, value: &Value) -> Option<String> {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::String(text) => text.contains('\0').then(|| path.to_owned()),
        Value::Array(items) => items.iter().find_map(|item| nul_in(path, item)),
        Value::Object(fields) => fields.iter().find_map(|(name, value)| {
            if name.contains('\0') { Some(path.to_owned()) } else { nul_in(&below(name), value) }
        }),
        _ => None,
    }
}

/// Whether the body is of this media type, whatever its parameters.
pub fn is_media(headers: &HeaderMap, media_type: &str) -> bool {
    let declared =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    declared.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(media_type)
}

/// What stands behind the question mark.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        match axum::extract::Query::<T>::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(fields)) => Ok(Self(fields)),
            Err(refused) => Err(Problem::field("query", refused.body_text())),
        }
    }
}

/// The variable parts of the address. What cannot be an id is the id of nothing.
#[derive(Debug)]
pub struct At<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Path(read)| Self(read)).map_err(|_| Problem::not_found())
    }
}

/// The first part of every address. The door has looked at it: no handler reads it again.
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub struct Org {
    /// The word of the organisation.
    #[param(example = "brescia")]
    pub org: String,
}

/// An address that ends in the word of a service.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ByCode {
    /// The word of the service.
    #[param(example = "disruption")]
    pub code: String,
}

/// An address that ends in an id.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ById {
    /// Its identifier.
    pub id: Uuid,
}

/// An address with the number of a request.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub struct ByNumber {
    /// The number of the request, with a hyphen.
    #[param(example = "2026-000123")]
    pub number: String,
}

/// An address with the number of a request and the id of something of it.
#[derive(Debug, serde::Deserialize)]
pub struct OfRequest {
    /// The number, with a hyphen.
    pub number: String,
    /// The id.
    pub id: Uuid,
}

/// The language that is asked for.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct In {
    /// Language of the texts; without it that of `Accept-Language`. Italian where a text is not translated.
    #[param(value_type = Option<LanguageTag>)]
    lang: Option<Language>,
}

impl In {
    /// The language, where `Accept-Language` says `spoken`.
    #[must_use]
    pub fn or(self, Spoken(spoken): Spoken) -> Language {
        self.lang.unwrap_or(spoken)
    }
}

/// The language of a request, as far as its head says it: what the citizen is to read is written in it, unless the body, or
/// the address, names another.
#[derive(Clone, Copy, Debug)]
pub struct Spoken(pub Language);

/// The same for the document.
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
pub struct AcceptLanguage {
    /// Language of what the citizen reads, `it`, `en` or `de`; Italian when none of them is there.
    #[param(rename = "Accept-Language", example = "de-IT, it;q=0.8")]
    pub accept_language: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Spoken {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Infallible> {
        Ok(Self(of_browser(&parts.headers).unwrap_or_default()))
    }
}

/// Reads a field that may be left out, and names a language where it stands: `null` is none.
pub fn language<'de, D: Deserializer<'de>>(read: D) -> std::result::Result<Option<Language>, D::Error> {
    Language::deserialize(read).map(Some)
}

/// A language, by its tag (BCP 47).
#[derive(Clone, Copy, Debug, utoipa::ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum LanguageTag {
    /// Italian.
    It,
    /// English.
    En,
    /// German.
    De,
}

/// The same for the document.
#[derive(Debug, utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IdempotencyHeader {
    /// A word made anew for each request, and repeated when the request is: it is done once.
    #[param(
        rename = "Idempotency-Key",
        min_length = 1,
        max_length = 255,
        pattern = "^[!-~]+$",
        example = "018f6e4a-51c2-7d3e-9a55-6c1f0a7c2b10"
    )]
    pub idempotency_key: String,
}

/// The word by which a repeated request is known.
#[derive(Clone, Debug)]
pub struct IdempotencyKey(pub String);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        let mut sent = parts.headers.get_all("idempotency-key").iter();
        let (first, second) = (sent.next(), sent.next());
        let key = first.filter(|_| second.is_none()).and_then(|value| value.to_str().ok());
        let is_word = |key: &&str| key.bytes().all(|byte| byte.is_ascii_graphic());
        key.filter(|key| (1..=IDEMPOTENCY_KEY).contains(&key.len()) && is_word(key))
            .map(|key| Self(key.to_owned()))
            .ok_or_else(Problem::no_idempotency_key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Body {
        #[expect(dead_code, reason = "only read")]
        text: String,
    }

    #[test]
    fn a_misfit_names_its_field() {
        let refused = |body: &str| match parse::<Body>(body.as_bytes()) {
            Ok(body) => panic!("{body:?}"),
            Err(problem) => format!("{} {}", problem.status().as_u16(), problem.sentences().join(" ")),
        };
        assert!(refused("{").starts_with("400"));
        assert!(refused("{}").starts_with("422 text: "), "{}", refused("{}"));
        assert!(refused(r#"{"text":"a","colour":1}"#).starts_with("422 colour: "));
        assert!(refused(r#"{"text":1}"#).starts_with("422 body: "));
        assert!(refused(r#"{"text":"a\u0000"}"#).starts_with("422 text: Take"));
        assert!(refused(&"[".repeat(100_000)).starts_with("400"), "depth is bounded");
    }
}
