//! `/stand-in`: the same that [`StandIn`] offers to tests, as JSON, for demonstrations and for programs in other languages.

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Citizen, Group, Knobs, Planned, StandIn, Status};

/// Messages and calls that one answer shows, the newest first.
const SHOWN: usize = 500;
/// The longest step of the clock, in seconds: a century.
const LONGEST_STEP: u32 = 100 * 366 * 86_400;

/// What can be set and seen.
pub fn routes() -> Router<StandIn> {
    Router::new()
        .route("/", get(show))
        .route("/knobs", put(set_knobs))
        .route("/clock", post(advance))
        .route("/faults", post(plan).delete(forget_plans))
        .route("/citizens/{fiscal_code}", put(set_citizen))
        .route("/institutions", post(add_institution))
        .route("/institutions/{id}/groups", put(set_groups))
        .route("/messages", get(messages))
        .route("/messages/{id}", put(change_message))
        .route("/messages/{id}/open", post(open_message))
        .route("/calls", get(calls))
}

async fn show(State(stand_in): State<StandIn>) -> Json<Value> {
    Json(stand_in.with(|world, now| {
        json!({
            "now": now,
            "knobs": world.knobs,
            "faults": world.faults,
            "institutions": world.institutions,
            "services": world.services.values().rev().take(SHOWN).collect::<Vec<_>>(),
            "citizens": world.citizens,
            "messages": world.messages.len(),
            "calls": world.calls.len(),
        })
    }))
}

/// Only what is named is changed.
async fn set_knobs(State(stand_in): State<StandIn>, Json(change): Json<Map<String, Value>>) -> Response {
    let set = stand_in.with(|world, _| {
        let mut knobs = json!(world.knobs);
        for (name, value) in change {
            knobs[name] = value;
        }
        world.knobs = serde_json::from_value::<Knobs>(knobs)?;
        Ok::<_, serde_json::Error>(json!(world.knobs))
    });
    match set {
        Ok(knobs) => Json(knobs).into_response(),
        Err(error) => wrong(&error.to_string()),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    seconds: u32,
}

async fn advance(State(stand_in): State<StandIn>, Json(step): Json<Step>) -> Response {
    if step.seconds > LONGEST_STEP {
        return wrong("the longest step is a century");
    }
    stand_in.advance(TimeDelta::seconds(i64::from(step.seconds)));
    Json(json!({ "now": stand_in.now() })).into_response()
}

async fn plan(State(stand_in): State<StandIn>, Json(planned): Json<Planned>) -> StatusCode {
    stand_in.plan(planned.door, planned.times, planned.fault);
    StatusCode::NO_CONTENT
}

async fn forget_plans(State(stand_in): State<StandIn>) -> StatusCode {
    stand_in.forget_plans();
    StatusCode::NO_CONTENT
}

async fn set_citizen(
    State(stand_in): State<StandIn>,
    Path(fiscal_code): Path<String>,
    Json(citizen): Json<Citizen>,
) -> Response {
    if !super::codec::is_fiscal_code(&fiscal_code) {
        return wrong("not a code that IO would take");
    }
    stand_in.citizen(&fiscal_code, citizen);
    StatusCode::NO_CONTENT.into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewInstitution {
    name: String,
    fiscal_code: String,
}

async fn add_institution(State(stand_in): State<StandIn>, Json(new): Json<NewInstitution>) -> Response {
    let institution = stand_in.institution(&new.name, &new.fiscal_code);
    (StatusCode::CREATED, Json(institution)).into_response()
}

async fn set_groups(
    State(stand_in): State<StandIn>,
    Path(id): Path<String>,
    Json(groups): Json<Vec<Group>>,
) -> StatusCode {
    found(stand_in.groups(&id, &groups))
}

async fn messages(State(stand_in): State<StandIn>) -> Json<Value> {
    Json(stand_in.with(|world, _| json!(world.messages.values().rev().take(SHOWN).collect::<Vec<_>>())))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    status: Option<Status>,
    read: Option<bool>,
    paid: Option<bool>,
}

async fn change_message(
    State(stand_in): State<StandIn>,
    Path(id): Path<String>,
    Json(change): Json<Change>,
) -> StatusCode {
    found(stand_in.change_message(&id, |message| {
        message.status = change.status.unwrap_or(message.status);
        message.read = change.read.unwrap_or(message.read);
        message.paid = change.paid.unwrap_or(message.paid);
    }))
}

/// What a citizen gets who opens a message with remote content.
async fn open_message(State(stand_in): State<StandIn>, Path(id): Path<String>) -> Response {
    match stand_in.open(&id).await {
        Some(opening) => Json(opening).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn calls(State(stand_in): State<StandIn>) -> Json<Value> {
    Json(stand_in.with(|world, _| json!(world.calls.iter().rev().take(SHOWN).collect::<Vec<_>>())))
}

fn found(was_there: bool) -> StatusCode {
    if was_there { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}

fn wrong(words: &str) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({ "error": words }))).into_response()
}
