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
use entity::{
    communication::Channel,
    form::Form,
    language::Language,
    submission::{self, Answers},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    actions::{
        self,
        submission::{New, Sent},
    },
    app::App,
    domain::{keys::Keys, link, number::Number, text},
    store,
    web::{
        api::{
            door::{self, Caller, Hall},
            files::{self, FilePart, Raw, WithFiles},
            input::{
                self, AcceptLanguage, At, ById, IdempotencyHeader, IdempotencyKey, LanguageTag, Org, Spoken,
            },
            kinds,
            problem::{BodyRefusals, FieldError, Problem, Refusals, Result},
        },
        limit::{Limits, Wait},
    },
};

/// Most files handed over before that one request may name.
const UPLOADS: usize = 10;
/// Answers too many that are named, and characters of such a name.
const UNKNOWN: usize = 20;
const NAME: usize = 100;

/// What a citizen sends.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRequest {
    /// The word of the service.
    #[schema(example = "disruption", max_length = 100)]
    pub kind: String,
    /// The citizen's language: letters and messages about answers are written in it. Without it that of `Accept-Language`.
    #[serde(default, deserialize_with = "input::language", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = LanguageTag, required = false, example = "it")]
    pub language: Option<Language>,
    /// The answers, by name of the field; those about the citizen, too. A name that the service does not know is refused.
    #[schema(example = json!({
        "place": "Via Solferino 12, Brescia", "what": "damaged", "title": "Cassonetto rotto",
        "details": "Il coperchio non si chiude da lunedì.", "name": "Anna", "surname": "Bianchi",
        "email": "anna@esempio.it"
    }))]
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
    /// By this the app asks what became of it: `/submissions/{submission}`.
    submission: Uuid,
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
    #[schema(example = "https://sportello.esempio.it/sportello/brescia/segui/…")]
    tracking_url: Option<String>,
    /// The code that opens the same page together with the number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "BCDF-GHJK")]
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
/// `files`. Repeat it with the same `Idempotency-Key` when no answer comes: it is sent once. The citizen is who the answers
/// say; a citizen's token that comes along proves the address.
#[utoipa::path(
    post,
    operation_id = "sendRequest", path = "/{org}/requests", tag = "Requests",
    params(Org, IdempotencyHeader, AcceptLanguage),
    request_body(content(
        (NewRequest = "application/json"),
        (NewRequestForm = "multipart/form-data"),
    )),
    responses(
        (status = 201, body = SentRequest, description = "It has a number", headers(("Location" = String, description = "Where it is read"))),
        (status = 202, body = SentRequest, description = "It waits, for its citizen or for an operator: its submission tells its number when it is taken up", headers(("Location" = String, description = "Where its submission is read"))),
        Refusals, BodyRefusals
    )
)]
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    limits: Limits,
    Spoken(spoken): Spoken,
    headers: HeaderMap,
    IdempotencyKey(key): IdempotencyKey,
    WithFiles { words, files, room: _room }: WithFiles<NewRequest>,
) -> Result<Response> {
    if words.uploads.len() > UPLOADS {
        return Err(Problem::field("uploads", format!("Name at most {UPLOADS} files.")));
    }
    let id = submission_id(&app.desk.keys, caller.key.id, &key);
    // Who repeats it at the same instant waits, and finds the first.
    let _turn = limits.turn(id).await;
    // A request that was sent has its service, whatever has been changed since: whoever repeats it wants to know what became
    // of it.
    let earlier = earlier(&app, &caller, id).await?.map(|sent| sent.kind_id);
    let kind = match earlier {
        Some(kind) => kind,
        None => kind_of(&app, &caller.hall, &words).await?,
    };
    let new = New {
        id,
        kind,
        language: words.language.unwrap_or(spoken),
        channel: Channel::App,
        app_key: Some(caller.key.id),
        fingerprint: fingerprint(&words, &files)?,
        answers: Answers(words.answers),
        uploads: words.uploads,
        network: String::new(),
        proven: door::proven(&app, &caller, &headers).await?,
    };
    let sent = match earlier {
        Some(_) => send_again(&app, &caller, new).await?,
        None => send_first(&app, &caller, &limits, new, files).await?,
    };
    Ok(answer(&app, &caller, id, &sent))
}

/// Reads what became of a request.
///
/// Of one that the app has sent: where it stands, and its number once it has one.
#[utoipa::path(
    get,
    operation_id = "readSubmission", path = "/{org}/submissions/{id}", tag = "Requests",
    params(Org, ById),
    responses((status = 200, body = SentRequest), Refusals)
)]
pub async fn fate(State(app): State<App>, caller: Caller, At(at): At<ById>) -> Result<Json<SentRequest>> {
    let sent = actions::submission::sent(&app.desk, &caller.hall.cx, caller.key.id, at.id).await?;
    Ok(Json(told(&app, &caller, at.id, &sent)))
}

/// What was sent under this id before.
async fn earlier(app: &App, caller: &Caller, id: Uuid) -> Result<Option<submission::Model>> {
    Ok(store::submission::by_id(&app.desk.db.read, caller.hall.cx.organisation, id).await?)
}

/// The service that is asked for, if it asks what is answered.
async fn kind_of(app: &App, hall: &Hall, words: &NewRequest) -> Result<Uuid> {
    let kind = kinds::by_code(app, hall, &words.kind).await?;
    let (kind, form) = kind.ok_or_else(|| Problem::field("kind", "No such service: see /kinds."))?;
    are_asked(&form, &words.answers)?;
    Ok(kind.id)
}

/// Whether the form asks all that is answered: an answer that it does not ask would be lost.
///
/// # Errors
/// The problem that names each answer too many, and those that there are.
pub fn are_asked(form: &Form, answers: &BTreeMap<String, String>) -> Result<()> {
    let known = kinds::answer_names(form);
    let unknown = answers.keys().filter(|name| !known.contains(name));
    let mut errors: Vec<FieldError> = unknown
        .take(UNKNOWN)
        .map(|name| FieldError {
            field: text::shortened(name, NAME),
            message: format!("The service asks for no such answer. It knows {}.", known.join(", ")),
        })
        .collect();
    let told_by = answers.get("told_by").map_or("", String::as_str);
    if !["", "mail", "io", "nothing"].contains(&told_by) {
        let message = "Say mail, io or nothing.".to_owned();
        errors.push(FieldError { field: "told_by".to_owned(), message });
    }
    if errors.is_empty() { Ok(()) } else { Err(Problem::fields(errors)) }
}

/// Sends what is new, and finds what was sent.
pub async fn send(app: &App, caller: &Caller, limits: &Limits, new: New, files: Vec<Raw>) -> Result<Sent> {
    let _turn = limits.turn(new.id).await;
    match earlier(app, caller, new.id).await? {
        Some(_) => send_again(app, caller, new).await,
        None => send_first(app, caller, limits, new, files).await,
    }
}

/// Costs nothing and stores nothing.
async fn send_again(app: &App, caller: &Caller, new: New) -> Result<Sent> {
    actions::submission::send(&app.desk, &caller.hall.cx, new).await.map_err(refused)
}

async fn send_first(
    app: &App,
    caller: &Caller,
    limits: &Limits,
    mut new: New,
    files: Vec<Raw>,
) -> Result<Sent> {
    let address = new.answers.get("email").to_owned();
    within(limits, caller, &address).map_err(Problem::too_many)?;
    let sent = file(app, caller, &mut new, files).await;
    if sent.is_err() {
        limits.give_back(caller.hall.cx.organisation, &caller.asker(), &address);
    }
    sent
}

async fn file(app: &App, caller: &Caller, new: &mut New, files: Vec<Raw>) -> Result<Sent> {
    let kept = files::keep(app, caller, files, new.language).await?;
    new.uploads.extend(&kept);
    let sent = actions::submission::send(&app.desk, &caller.hall.cx, new.clone()).await;
    if sent.is_err() {
        files::forget(app, caller, &kept).await;
    }
    sent.map_err(refused)
}

/// Counted by the address in whose name the app sends; without one, by the organisation. The citizen's network is not known
/// here, and the app itself was counted at the door.
fn within(limits: &Limits, caller: &Caller, address: &str) -> std::result::Result<(), Wait> {
    let organisation = caller.hall.cx.organisation;
    if address.trim().is_empty() {
        return limits.sends(organisation, "");
    }
    limits.named(organisation, &caller.asker(), address)
}

/// The one conflict there is: the word stands for another request.
fn refused(error: actions::Error) -> Problem {
    match error {
        actions::Error::Conflict(_) => Problem::key_reused(),
        error => error.into(),
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

fn answer(app: &App, caller: &Caller, submission: Uuid, sent: &Sent) -> Response {
    let body = told(app, caller, submission, sent);
    let (status, place) = match &body.id {
        Some(id) => (StatusCode::CREATED, format!("requests/{id}")),
        None => (StatusCode::ACCEPTED, format!("submissions/{submission}")),
    };
    let mut headers = HeaderMap::new();
    if let Ok(location) = HeaderValue::from_str(&format!("/api/v1/{}/{place}", caller.hall.portal.slug)) {
        headers.insert(header::LOCATION, location);
    }
    (status, headers, Json(body)).into_response()
}

fn told(app: &App, caller: &Caller, submission: Uuid, sent: &Sent) -> SentRequest {
    let waits = |state| SentRequest {
        state,
        submission,
        number: None,
        id: None,
        received_at: None,
        due_at: None,
        tracking_url: None,
        code: None,
    };
    let (order, follower) = match sent {
        Sent::Accepted { work_order, follower } => (work_order, follower),
        Sent::Unconfirmed => return waits(Fate::Unconfirmed),
        Sent::Held => return waits(Fate::Held),
        Sent::Discarded => return waits(Fate::Discarded),
    };
    let number = Number { year: order.year, number: order.number };
    let (keys, portal) = (&app.desk.keys, &caller.hall.portal);
    SentRequest {
        number: Some(number.to_string()),
        id: Some(number.slug()),
        received_at: Some(order.received_at),
        due_at: Some(order.due_at),
        tracking_url: Some(format!("{}/segui/{}", app.desk.portal_url(portal), link::visit(keys, follower))),
        code: Some(link::code(keys, follower)),
        ..waits(Fate::Accepted)
    }
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
