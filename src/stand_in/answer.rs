//! What IO answers: two families of errors, which a client must tell apart by their media type.
//!
//! The **gateway** (Azure API Management) speaks first: keys, addresses, the budget of calls. Behind it the **application** speaks
//! RFC 7807. A few refusals of the gateway have no body at all.

use std::time::Duration;

use axum::{
    Json,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use serde_json::{Value, json};

/// Seconds until there is budget again. The standard `Retry-After` is not sent: the gateway's policy renames it.
pub const RETRY_AFTER: HeaderName = HeaderName::from_static("x-rate-limit-retry-after");
/// Calls that are left in the window.
pub const REMAINING: HeaderName = HeaderName::from_static("x-rate-limit-remaining");

/// Media type of the application's errors.
const PROBLEM: &str = "application/problem+json";

/// What an operation comes to.
pub type Outcome = Result<Answer, Refusal>;

/// A call that was done.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// 200 with a body.
    Found(Value),
    /// 201 with a body.
    Created(Value),
    /// 201 with a body and the path of what was made.
    CreatedAt(String, Value),
    /// 202 without a body.
    Taken,
    /// 204.
    Done,
}

/// A call that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The gateway's JSON.
    Gateway(u16, String),
    /// The gateway's 429: seconds to wait.
    TooMany(u64),
    /// The gateway, without a word.
    Bare(u16),
    /// The application's problem: status, title, detail.
    Problem(u16, String, String),
    /// What stands before the gateway is broken, and says so in HTML.
    BadGateway,
}

impl Refusal {
    /// A problem of the application.
    pub fn problem(status: u16, title: &str, detail: impl Into<String>) -> Self {
        Self::Problem(status, title.to_owned(), detail.into())
    }

    /// No key in the request.
    pub fn no_key() -> Self {
        let words = "Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.";
        Self::Gateway(401, words.to_owned())
    }

    /// A key that nobody has, or had.
    pub fn unknown_key() -> Self {
        let words = "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.";
        Self::Gateway(401, words.to_owned())
    }

    /// A path or a method that the gateway does not know: the 404 that must never be read as "this citizen is not on IO".
    pub fn no_such_operation() -> Self {
        Self::Gateway(404, "Resource not found".to_owned())
    }

    /// The account is in none of the groups that an operation asks for.
    pub fn no_scope() -> Self {
        let words = "You are not part of any valid scope, you should ask the administrator to give you the required permissions.";
        Self::problem(403, "User has no valid scopes", words)
    }

    /// One title for a wrong kind of key, a wrong address and a missing permission.
    pub fn not_allowed() -> Self {
        Self::not_allowed_because("You do not have enough permission to complete the operation you requested")
    }

    /// The same, with words of its own.
    pub fn not_allowed_because(detail: &str) -> Self {
        Self::problem(403, "You are not allowed here", detail)
    }

    /// The account may write to its authorised recipients only.
    pub fn recipient() -> Self {
        Self::problem(403, "Recipient forbidden", "You are not allowed to issue requests for the recipient.")
    }

    /// The thing is not there.
    pub fn not_found(id: &str) -> Self {
        Self::problem(404, "Not found", format!("no item with id {id} found"))
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        match self {
            Self::Found(body) => Json(body).into_response(),
            Self::Created(body) => (StatusCode::CREATED, Json(body)).into_response(),
            Self::CreatedAt(path, body) => {
                (StatusCode::CREATED, [(header::LOCATION, path)], Json(body)).into_response()
            }
            Self::Taken => StatusCode::ACCEPTED.into_response(),
            Self::Done => StatusCode::NO_CONTENT.into_response(),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Gateway(status, message) => gateway(status, &message),
            Self::TooMany(wait) => {
                let message = format!("Rate limit is exceeded. Try again in {wait} seconds.");
                let mut response = gateway(429, &message);
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait));
                response.headers_mut().insert(REMAINING, HeaderValue::from(0));
                response
            }
            Self::Bare(status) => code(status).into_response(),
            Self::Problem(status, title, detail) => {
                let body = json!({ "status": status, "title": title, "detail": detail });
                (code(status), [(header::CONTENT_TYPE, PROBLEM)], body.to_string()).into_response()
            }
            Self::BadGateway => {
                let page = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center>\
                            <hr><center>Microsoft-Azure-Application-Gateway/v2</center></body></html>";
                (StatusCode::BAD_GATEWAY, Html(page)).into_response()
            }
        }
    }
}

fn gateway(status: u16, message: &str) -> Response {
    (code(status), Json(json!({ "statusCode": status, "message": message }))).into_response()
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Seconds that are left, counted up: who waits so long finds budget.
pub fn whole_seconds(wait: Duration) -> u64 {
    wait.as_millis().div_ceil(1000).max(1).try_into().unwrap_or(u64::MAX)
}
