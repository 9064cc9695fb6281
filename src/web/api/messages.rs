//! Messages that endpoints are called with: for the document (`webhooks` of `OpenAPI` 3.1) and for the readable page. They are made in
//! `actions::events`; a test provokes each and holds it against what is said here.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::requests::StatusName;

/// What happens to a request.
pub const OF_REQUESTS: [(&str, &str); 10] = [
    ("request.opened", "A request has got its number."),
    ("request.status_changed", "It stands elsewhere."),
    ("request.reopened", "It was closed, and is worked on again."),
    ("request.received", "Its citizen has written."),
    ("request.replied", "The organisation has written."),
    ("request.contested", "Its citizen says that it is not solved."),
    ("request.withdrawn", "Its citizen has taken it back."),
    ("request.notice_linked", "A notice explains it."),
    ("request.published", "It stands in the public list."),
    ("request.unpublished", "It stands there no more."),
];
/// What happens to a notice.
pub const OF_NOTICES: [(&str, &str); 4] = [
    ("notice.published", "Everybody sees it."),
    ("notice.changed", "It says something else."),
    ("notice.restored", "The disruption is over."),
    ("notice.withdrawn", "It was published by mistake."),
];
/// What says nothing.
pub const OF_TRIALS: [(&str, &str); 1] =
    [("webhook.test", "The organisation wants to know whether messages arrive.")];

/// Something has happened to a request.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "stands in the document for what actions::events writes")]
pub struct RequestMessage {
    /// The same at each attempt, and in `webhook-id`.
    id: Uuid,
    /// What has happened.
    #[schema(example = "request.status_changed")]
    r#type: String,
    /// When.
    created_at: DateTime<Utc>,
    /// To which request.
    data: RequestChanged,
}

/// Which request, and where it stands. No words and no names.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "stands in the document for what actions::events writes")]
pub struct RequestChanged {
    /// Its word in addresses of this API.
    #[schema(example = "2026-000123")]
    request_id: String,
    /// Its number, as people say it.
    #[schema(example = "2026/000123")]
    number: String,
    /// Where it stands now.
    status: StatusName,
    /// The notice that explains it, where that is what has happened.
    #[schema(required = false, nullable = false)]
    notice_id: Option<Uuid>,
}

/// Something has happened to a notice.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "stands in the document for what actions::events writes")]
pub struct NoticeMessage {
    /// The same at each attempt, and in `webhook-id`.
    id: Uuid,
    /// What has happened.
    #[schema(example = "notice.published")]
    r#type: String,
    /// When.
    created_at: DateTime<Utc>,
    /// To which notice.
    data: NoticeChanged,
}

/// Which notice, and where it stands.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "stands in the document for what actions::events writes")]
pub struct NoticeChanged {
    /// Its identifier.
    notice_id: Uuid,
    /// Where it stands now.
    state: ToldNoticeState,
}

/// Where a notice stands of which something is told.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum ToldNoticeState {
    /// In force, or about to be.
    Published,
    /// It is over.
    Restored,
    /// It is not shown any more.
    Withdrawn,
}

/// A message that says nothing.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "stands in the document for what actions::events writes")]
pub struct TrialMessage {
    /// The same at each attempt, and in `webhook-id`.
    id: Uuid,
    /// `webhook.test`.
    #[schema(example = "webhook.test")]
    r#type: String,
    /// When.
    created_at: DateTime<Utc>,
    /// Nothing.
    #[schema(value_type = Object)]
    data: Value,
}

/// The section `webhooks`, which the library that writes the document does not know.
#[must_use]
pub fn section() -> Value {
    let of = |all: &'static [(&str, &str)], schema: &'static str| {
        all.iter().map(move |(name, said)| ((*name).to_owned(), message(name, said, schema)))
    };
    let all = of(&OF_REQUESTS, "RequestMessage")
        .chain(of(&OF_NOTICES, "NoticeMessage"))
        .chain(of(&OF_TRIALS, "TrialMessage"));
    Value::Object(all.collect::<Map<_, _>>())
}

fn message(name: &str, said: &str, schema: &str) -> Value {
    let header = |name: &str, description: &str, schema: Value| json!({ "name": name, "in": "header", "required": true, "description": description, "schema": schema });
    json!({ "post": {
        "tags": ["Webhooks"],
        "operationId": name,
        "summary": said,
        "description": "Sent to each endpoint that is active, signed as in Standard Webhooks. It comes again until it is taken, \
                        for three days, under the same id.",
        "security": [],
        "parameters": [
            header("webhook-id", "The `id` of the message.", json!({ "type": "string" })),
            header("webhook-timestamp", "When it was sent, in seconds since 1970.", json!({ "type": "integer" })),
            header("webhook-signature", "HMAC-SHA256 of id, timestamp and body: `v1,` and Base64.", json!({ "type": "string" })),
        ],
        "requestBody": { "required": true, "content": { "application/json": { "schema": {
            "allOf": [
                { "$ref": format!("#/components/schemas/{schema}") },
                { "type": "object", "properties": { "type": { "const": name } } },
            ],
        } } } },
        "responses": {
            "2XX": { "description": "Taken. Work is done after the answer, which must come within 20 seconds." },
            "default": { "description": "Not taken: the message comes again." },
        },
    } })
}
