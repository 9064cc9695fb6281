//! A citizen's request, sent by an app.
//!
//! The submission's id is made from the app's key and its `Idempotency-Key`: a request that is repeated, at the same instant
//! or next week, finds the first one. The same key with other words is refused, because one of both would be lost. The network
//! is not kept: it is the app's server, not the citizen.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use entity::{app_key::Scope, communication::Channel, language::Language, submission::Answers};
use sea_orm::SqlErr;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    actions::{
        self,
        submission::{self, New, Owner, Sent},
    },
    app::App,
    domain::{keys::Keys, link, number::Number},
    store,
    web::{
        api::{
            door::{self, Caller},
            files::{FilePart, Raw, WithFiles, look_at},
            input::{IdempotencyKey, LanguageTag},
            kinds,
            problem::{BodyRefusals, Problem, Refusals, Result},
        },
        limit::{self, Limits},
    },
};

/// Most files handed over before that one request may name.
const UPLOADS: usize = 10;

/// What a citizen sends.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRequest {
    /// The word of the service.
    #[schema(example = "disruption", max_length = 100)]
    pub kind: String,
    /// The citizen's language: letters and messages about fields are written in it.
    #[serde(default)]
    #[schema(value_type = LanguageTag, required = false)]
    pub language: Language,
    /// The answers, by name of the field; those about the citizen, too.
    pub answers: BTreeMap<String, String>,
    /// Files that were handed over before.
    #[serde(default)]
    #[schema(max_items = 10, required = false)]
    pub uploads: Vec<Uuid>,
}

/// The same, with files beside it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "stands in the document for what is read part by part")]
pub struct NewRequestForm {
    /// The words, in JSON.
    request: NewRequest,
    /// Files.
    #[serde(default)]
    #[schema(max_items = 10, required = false)]
    files: Vec<FilePart>,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SentRequest {
    /// Where it stands.
    state: Fate,
    /// Its number, once it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026/000123")]
    number: Option<String>,
    /// Its word in addresses of this API, once it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2026-000123")]
    id: Option<String>,
    /// When it reached the organisation.
    #[serde(skip_serializing_if = "Option::is_none")]
    received_at: Option<DateTime<Utc>>,
    /// When the answer is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<DateTime<Utc>>,
    /// The personal page on which the citizen follows it: for the citizen alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking_url: Option<String>,
    /// The code that opens the same page together with the number.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

/// What may become of a request.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It has a number and a due date.
    Accepted,
    /// It waits until the citizen opens the link in the mail.
    Unconfirmed,
    /// It waits until an operator has read it.
    Held,
    /// It waited in vain.
    Discarded,
}

/// Sends a request.
///
/// In JSON, with files named that were handed over before, or as a form with the words in the part `request` and up to ten
/// `files`. Repeat it with the same `Idempotency-Key` when no answer comes: it is sent once. Scope `requests:write`. The citizen
/// is who the answers say; a citizen's token that comes along proves the address.
#[utoipa::path(
    post,
    operation_id = "sendRequest", path = "/{org}/requests", tag = "Requests",
    params(
        ("org" = String, Path, description = "The organisation"),
        ("Idempotency-Key" = String, Header, description = "A word made anew for each request", min_length = 1, max_length = 255, pattern = "^[!-~]+$"),
    ),
    request_body(content(
        (NewRequest = "application/json"),
        (NewRequestForm = "multipart/form-data"),
    )),
    responses(
        (status = 201, body = SentRequest, description = "It has a number", headers(("Location" = String, description = "Where it is read"))),
        (status = 202, body = SentRequest, description = "It waits"),
        Refusals, BodyRefusals
    ),
    security(("key" = []), ("key" = [], "citizen" = []))
)]
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    limits: Limits,
    headers: HeaderMap,
    IdempotencyKey(key): IdempotencyKey,
    WithFiles { words, files }: WithFiles<NewRequest>,
) -> Result<Response> {
    caller.needs(Scope::Write)?;
    if words.uploads.len() > UPLOADS {
        return Err(Problem::field("uploads", format!("Name at most {UPLOADS} files.")));
    }
    let kind = kinds::by_code(&app, &caller.hall, &words.kind).await?;
    let (kind, _) = kind.ok_or_else(|| Problem::field("kind", "No such service: see /kinds."))?;
    let new = New {
        id: submission_id(&app.desk.keys, caller.key.id, &key),
        kind: kind.id,
        language: words.language,
        channel: Channel::App,
        app_key: Some(caller.key.id),
        fingerprint: fingerprint(&words, &files)?,
        answers: Answers(words.answers),
        uploads: words.uploads,
        network: String::new(),
        proven: door::proven(&app, &caller, &headers).await?,
    };
    let sent = send(&app, &caller, &limits, new, files).await?;
    Ok(answer(&app, &caller, &sent))
}

/// Sends what is new, and finds what was sent.
pub async fn send(
    app: &App,
    caller: &Caller,
    limits: &Limits,
    mut new: New,
    files: Vec<Raw>,
) -> Result<Sent> {
    let (cx, owner) = (&caller.hall.cx, Owner::App(caller.key.id));
    let earlier = store::submission::by_id(&app.desk.db.read, cx.organisation, new.id).await?;
    if let Some(earlier) = earlier {
        if earlier.fingerprint.as_ref() != Some(&new.fingerprint) {
            return Err(Problem::key_reused());
        }
        return Ok(submission::send(&app.desk, cx, new).await?);
    }
    let address = new.answers.get("email").trim().to_owned();
    limit::allow(limits, cx.organisation, "", &address).map_err(Problem::too_many)?;
    let mut added = Vec::new();
    for file in look_at(app, files, new.language).await? {
        match submission::add_file(&app.desk, cx, owner, file).await {
            Ok(row) => added.push(row.id),
            Err(error) => {
                forget(app, caller, &added).await;
                return Err(error.into());
            }
        }
    }
    new.uploads.extend(&added);
    let sent = send_once(app, caller, new).await;
    if sent.is_err() {
        forget(app, caller, &added).await;
    }
    sent
}

/// Two who send the same at the same instant: the second one's row is refused by the database, and then finds the first.
async fn send_once(app: &App, caller: &Caller, new: New) -> Result<Sent> {
    match submission::send(&app.desk, &caller.hall.cx, new.clone()).await {
        Err(actions::Error::Store(error)) if is_taken(&error) => {
            Ok(submission::send(&app.desk, &caller.hall.cx, new).await?)
        }
        sent => Ok(sent?),
    }
}

fn is_taken(error: &sea_orm::DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// Files of a request that was not taken. What stays behind after a crash is forgotten after a while.
async fn forget(app: &App, caller: &Caller, files: &[Uuid]) {
    for file in files {
        let gone =
            submission::remove_file(&app.desk, &caller.hall.cx, Owner::App(caller.key.id), *file).await;
        if let Err(error) = gone {
            tracing::debug!(%error, "a file of a refused request stays for now");
        }
    }
}

/// The id of what this app sends under this word: nobody else can make it, and it is always the same.
#[must_use]
pub fn submission_id(keys: &Keys, app_key: Uuid, word: &str) -> Uuid {
    let named = [app_key.as_bytes(), word.as_bytes()].concat();
    let mut bytes = [0; 16];
    bytes[..10].copy_from_slice(&keys.sign("submission of an app", &named));
    bytes[10..].copy_from_slice(&keys.sign("submission of an app, continued", &named)[..6]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// What was sent, words and files, whatever the order and spacing of its JSON.
fn fingerprint(words: &NewRequest, files: &[Raw]) -> Result<Vec<u8>> {
    let words = serde_json::to_vec(words).map_err(|error| Problem::internal(&error.into()))?;
    let mut hash = Sha256::new();
    hash.update(&words);
    for file in files {
        hash.update(Sha256::digest(&file.bytes));
    }
    Ok(hash.finalize().to_vec())
}

fn answer(app: &App, caller: &Caller, sent: &Sent) -> Response {
    let waits = |state| SentRequest {
        state,
        number: None,
        id: None,
        received_at: None,
        due_at: None,
        tracking_url: None,
        code: None,
    };
    let (order, follower) = match sent {
        Sent::Accepted { work_order, follower } => (work_order, follower),
        Sent::Unconfirmed => return (StatusCode::ACCEPTED, Json(waits(Fate::Unconfirmed))).into_response(),
        Sent::Held => return (StatusCode::ACCEPTED, Json(waits(Fate::Held))).into_response(),
        Sent::Discarded => return (StatusCode::ACCEPTED, Json(waits(Fate::Discarded))).into_response(),
    };
    let number = Number { year: order.year, number: order.number };
    let (keys, portal) = (&app.desk.keys, &caller.hall.portal);
    let body = SentRequest {
        state: Fate::Accepted,
        number: Some(number.to_string()),
        id: Some(number.slug()),
        received_at: Some(order.received_at),
        due_at: Some(order.due_at),
        tracking_url: Some(format!("{}/segui/{}", app.desk.portal_url(portal), link::visit(keys, follower))),
        code: Some(link::code(keys, follower)),
    };
    let mut headers = HeaderMap::new();
    let location = format!("/api/v1/{}/requests/{}", portal.slug, number.slug());
    if let Ok(location) = HeaderValue::from_str(&location) {
        headers.insert(header::LOCATION, location);
    }
    (StatusCode::CREATED, headers, Json(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_of_one_app_is_one_submission() {
        let (keys, app) = (Keys::new(&[1; 32]), Uuid::from_u128(1));
        let id = submission_id(&keys, app, "word");
        assert_eq!(id, submission_id(&keys, app, "word"));
        assert_ne!(id, submission_id(&keys, app, "other"));
        assert_ne!(id, submission_id(&keys, Uuid::from_u128(2), "word"));
        assert_ne!(id, submission_id(&Keys::new(&[2; 32]), app, "word"));
    }
}
