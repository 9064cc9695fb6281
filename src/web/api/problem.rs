//! What went wrong, for programs: `application/problem+json` (RFC 9457), for every refusal, our own layers' included.
//!
//! `type`, `title` and `detail` speak to whoever writes the app, in English as the reference does. So do the messages of
//! `errors` about what the app itself made: names, numbers, cursors, addresses of its own. What the citizen typed or chose
//! (answers, text, files, codes, addresses) is spoken of in the citizen's language, and an app may show it as it is: in the
//! `language` of the body, else the first of `Accept-Language` that we speak, else Italian; about a request that was sent, in
//! the language in which it was.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use sea_orm::DbErr;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    actions::{self, submission},
    store,
    web::limit::Wait,
};

/// Where the readable page explains a problem.
const EXPLAINED: &str = "/api/v1#problem-";

/// A problem (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Address of its explanation; the part after `#problem-` is a stable word for it.
    #[schema(example = "/api/v1#problem-invalid")]
    r#type: String,
    /// What sort of problem it is.
    #[schema(example = "Some fields cannot be taken")]
    title: &'static str,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599, example = 422)]
    status: u16,
    /// What happened here, and what to do.
    #[schema(example = "Mend the fields named in errors and send the request again.")]
    detail: String,
    /// The fields that cannot be taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, example = json!([
        { "field": "email", "message": "Questo campo è obbligatorio: scrivi o scegli una risposta." }
    ]))]
    errors: Vec<FieldError>,
    #[serde(skip)]
    wait: Option<Wait>,
}

/// One field that cannot be taken.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Name of the field, as it was sent.
    #[schema(example = "email")]
    pub field: String,
    /// What is wrong and what to do: in the citizen's language where the citizen can mend it, else in English.
    #[schema(example = "L’indirizzo email non è valido: scrivilo per intero, per esempio nome@esempio.it.")]
    pub message: String,
}

/// A sort of problem: its word, its title and its status.
#[derive(Clone, Copy, Debug)]
pub struct Sort {
    /// The stable word.
    pub word: &'static str,
    /// The title.
    pub title: &'static str,
    /// The status.
    pub status: StatusCode,
}

const fn sort(word: &'static str, title: &'static str, status: StatusCode) -> Sort {
    Sort { word, title, status }
}

const MALFORMED: Sort = sort("malformed", "The request cannot be read", StatusCode::BAD_REQUEST);
const NO_IDEMPOTENCY_KEY: Sort =
    sort("idempotency-key-missing", "Idempotency-Key is missing", StatusCode::BAD_REQUEST);
const NO_KEY: Sort = sort("key-missing", "A key is needed", StatusCode::UNAUTHORIZED);
const BAD_KEY: Sort = sort("key-invalid", "The key opens nothing here", StatusCode::UNAUTHORIZED);
const NO_CITIZEN: Sort = sort("citizen-missing", "Say for which citizen", StatusCode::UNAUTHORIZED);
const BAD_CITIZEN: Sort =
    sort("citizen-unknown", "The citizen's token does not hold", StatusCode::UNAUTHORIZED);
const NO_SCOPE: Sort = sort("scope-missing", "The key may not do this", StatusCode::FORBIDDEN);
const NOT_FOUND: Sort = sort("not-found", "There is no such thing", StatusCode::NOT_FOUND);
const BAD_METHOD: Sort = sort("method-not-allowed", "Not with this method", StatusCode::METHOD_NOT_ALLOWED);
const CONFLICT: Sort = sort("conflict", "Something happened meanwhile", StatusCode::CONFLICT);
const UPLOADS_FULL: Sort =
    sort("uploads-full", "The app holds as many files as it may", StatusCode::CONFLICT);
const TOO_LARGE: Sort = sort("too-large", "The request is too large", StatusCode::PAYLOAD_TOO_LARGE);
const BAD_MEDIA: Sort = sort("media-type", "Not in this format", StatusCode::UNSUPPORTED_MEDIA_TYPE);
const INVALID: Sort = sort("invalid", "Some fields cannot be taken", StatusCode::UNPROCESSABLE_ENTITY);
const KEY_REUSED: Sort = sort(
    "idempotency-key-reused",
    "Idempotency-Key was used for another request",
    StatusCode::UNPROCESSABLE_ENTITY,
);
const TOO_MANY: Sort = sort("too-many", "Too many requests", StatusCode::TOO_MANY_REQUESTS);
const INTERNAL: Sort = sort("internal", "Our fault", StatusCode::INTERNAL_SERVER_ERROR);
const UNAVAILABLE: Sort = sort("unavailable", "Not now", StatusCode::SERVICE_UNAVAILABLE);

/// All sorts, for the readable page.
pub const SORTS: [Sort; 18] = [
    MALFORMED,
    NO_IDEMPOTENCY_KEY,
    NO_KEY,
    BAD_KEY,
    NO_CITIZEN,
    BAD_CITIZEN,
    NO_SCOPE,
    NOT_FOUND,
    BAD_METHOD,
    CONFLICT,
    UPLOADS_FULL,
    TOO_LARGE,
    BAD_MEDIA,
    INVALID,
    KEY_REUSED,
    TOO_MANY,
    INTERNAL,
    UNAVAILABLE,
];

/// What handlers give.
pub type Result<T> = std::result::Result<T, Problem>;

impl Problem {
    fn new(sort: Sort, detail: impl Into<String>) -> Self {
        Self {
            r#type: format!("{EXPLAINED}{}", sort.word),
            title: sort.title,
            status: sort.status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            wait: None,
        }
    }

    /// The bytes are not what they say to be.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(MALFORMED, detail)
    }

    /// No `Idempotency-Key` came along.
    #[must_use]
    pub fn no_idempotency_key() -> Self {
        let detail = "Send Idempotency-Key: a word of 1 to 255 printable ASCII characters without spaces that you make anew for each \
                      request and repeat when you repeat the request.";
        Self::new(NO_IDEMPOTENCY_KEY, detail)
    }

    /// The same `Idempotency-Key` with other words.
    #[must_use]
    pub fn key_reused() -> Self {
        Self::new(
            KEY_REUSED,
            "This Idempotency-Key came with another body before. Make a new one for a new request.",
        )
    }

    /// No key came along.
    #[must_use]
    pub fn no_key() -> Self {
        Self::new(NO_KEY, "Send the key of your app: Authorization: Bearer rk_…")
    }

    /// The key is unknown, revoked, or of another organisation.
    #[must_use]
    pub fn bad_key() -> Self {
        let detail = "The key is unknown, was revoked, or belongs to another organisation. Ask the organisation for one.";
        Self::new(BAD_KEY, detail)
    }

    /// Nobody says for which citizen.
    #[must_use]
    pub fn no_citizen() -> Self {
        Self::new(
            NO_CITIZEN,
            "Send X-Citizen-Token, or X-Citizen-Fiscal-Code if the key has citizens:verified; one of both.",
        )
    }

    /// The citizen's token is unknown, over, or another app's.
    #[must_use]
    pub fn bad_citizen() -> Self {
        Self::new(BAD_CITIZEN, "The token is unknown, over, or was given to another key. Ask for a new code.")
    }

    /// The key lacks a scope.
    #[must_use]
    pub fn no_scope(scope: &str) -> Self {
        Self::new(NO_SCOPE, format!("The key lacks the scope {scope}. Ask the organisation for it."))
    }

    /// There is no such thing, or it is somebody else's.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(NOT_FOUND, "There is no such thing here, or it is not for you. Check the address.")
    }

    /// Not with this method.
    #[must_use]
    pub fn bad_method() -> Self {
        Self::new(BAD_METHOD, "This address does not know that method: see Allow.")
    }

    /// The request is too large.
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(TOO_LARGE, detail)
    }

    /// Not in this format.
    #[must_use]
    pub fn bad_media(accepted: &str) -> Self {
        Self::new(BAD_MEDIA, format!("Send {accepted}."))
    }

    /// One field cannot be taken.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::fields(vec![FieldError { field: field.into(), message: message.into() }])
    }

    /// Some fields cannot be taken.
    #[must_use]
    pub fn fields(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Self::new(INVALID, "Mend the fields named in errors and send the request again.") }
    }

    /// Something happened meanwhile.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(CONFLICT, detail)
    }

    /// The files of the app that no request has taken fill its measure.
    #[must_use]
    pub fn uploads_full() -> Self {
        let detail = format!(
            "Files that no request has taken: at most {} and {} MB for each key. Send the requests that they belong to, or take \
             files back; after two weeks they are forgotten.",
            submission::APP_FILES,
            submission::APP_BYTES >> 20
        );
        Self::new(UPLOADS_FULL, detail)
    }

    /// Not before so many seconds.
    #[must_use]
    pub fn too_many(wait: Wait) -> Self {
        let detail = format!("Wait {} seconds: see Retry-After.", wait.seconds);
        Self { wait: Some(wait), ..Self::new(TOO_MANY, detail) }
    }

    /// The answer took too long.
    #[must_use]
    pub fn too_slow() -> Self {
        Self::new(UNAVAILABLE, "The answer took too long. Repeat the request with the same Idempotency-Key.")
    }

    /// Our own fault: the cause stays in the log, under the number that is given.
    pub fn internal(cause: &anyhow::Error) -> Self {
        let reference = reference();
        tracing::error!(reference, error = format!("{cause:#}"), "an answer of the API failed");
        let detail = format!(
            "It is not your fault. Repeat the request later; if it fails again, tell us {reference}."
        );
        Self::new(INTERNAL, detail)
    }

    /// Its status, for answers in another shape.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Everything it says, as sentences, for answers in another shape.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        if self.errors.is_empty() {
            return vec![format!("{}: {}", self.title, self.detail)];
        }
        self.errors.iter().map(|error| format!("{}: {}", error.field, error.message)).collect()
    }

    /// The wait it asks for.
    #[must_use]
    pub fn wait(&self) -> Option<Wait> {
        self.wait
    }
}

/// Eight characters that tie what a person reads to a line of the log.
fn reference() -> String {
    format!("{:08X}", rand::random::<u32>())
}

impl From<actions::Error> for Problem {
    fn from(error: actions::Error) -> Self {
        match error {
            actions::Error::NotFound => Self::not_found(),
            actions::Error::Rejected(flaws) => Self::fields(
                flaws
                    .into_iter()
                    .map(|flaw| FieldError { field: flaw.field.into_owned(), message: flaw.message })
                    .collect(),
            ),
            // Its words are the operators'.
            actions::Error::Conflict(_) => {
                Self::conflict("Something has changed meanwhile: read it again to see how it stands.")
            }
            actions::Error::Store(error) => error.into(),
        }
    }
}

impl From<DbErr> for Problem {
    fn from(error: DbErr) -> Self {
        if store::is_environment(&error) {
            let reference = reference();
            tracing::error!(reference, %error, "the database is not available");
            return Self::new(
                UNAVAILABLE,
                format!("The database is not available. Repeat the request later ({reference})."),
            );
        }
        Self::internal(&error.into())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, wait) = (self.status(), self.wait);
        let mut answer = (status, Json(self)).into_response();
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"riscontro\""));
        }
        if let Some(wait) = wait {
            let (name, value) = wait.header();
            headers.insert(name, value);
        }
        answer
    }
}

/// The refusals that every operation may give.
#[derive(utoipa::IntoResponses)]
pub enum Refusals {
    /// The request cannot be read, or lacks a field that it must have.
    #[response(status = 400, content_type = "application/problem+json")]
    Malformed(#[to_schema] Problem),
    /// There is no such organisation or thing, or it is not for this caller.
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(#[to_schema] Problem),
    /// The address does not know this method.
    #[response(status = 405, content_type = "application/problem+json")]
    BadMethod(#[to_schema] Problem),
    /// Some parameters cannot be taken.
    #[response(status = 422, content_type = "application/problem+json")]
    Invalid(#[to_schema] Problem),
    /// Too many requests: see `Retry-After`.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(#[to_schema] Problem),
    /// Not now: repeat later.
    #[response(status = 503, content_type = "application/problem+json")]
    Unavailable(#[to_schema] Problem),
    /// The key is missing or opens nothing here, or nobody says for which citizen.
    #[response(status = 401, content_type = "application/problem+json")]
    NoKey(#[to_schema] Problem),
    /// The key lacks a scope.
    #[response(status = 403, content_type = "application/problem+json")]
    NoScope(#[to_schema] Problem),
}

/// The further refusals of operations that take a body.
#[derive(utoipa::IntoResponses)]
pub enum BodyRefusals {
    /// It does not fit what happened meanwhile.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(#[to_schema] Problem),
    /// The body is too large.
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(#[to_schema] Problem),
    /// The body is not in a format that is taken here.
    #[response(status = 415, content_type = "application/problem+json")]
    BadMedia(#[to_schema] Problem),
}
