//! Where an app wants to hear of changes.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use entity::{app_key::Scope, webhook::Model};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    door::Caller,
    input::{self, At, ById},
    problem::{BodyRefusals, Refusals, Result},
};
use crate::{actions::webhook, app::App, store};

/// An endpoint.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookOut {
    /// Identifier.
    id: Uuid,
    /// Where messages go.
    url: String,
    /// Messages are sent.
    active: bool,
    /// When a message was last taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    succeeded_at: Option<DateTime<Utc>>,
    /// Since when none is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_since: Option<DateTime<Utc>>,
    /// What the other side said.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
    /// When it was set.
    created_at: DateTime<Utc>,
}

impl From<Model> for WebhookOut {
    fn from(row: Model) -> Self {
        let Model { id, url, active, succeeded_at, failing_since, last_error, created_at, .. } = row;
        Self { id, url, active, succeeded_at, failing_since, last_error, created_at }
    }
}

/// An endpoint with its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewWebhookOut {
    #[serde(flatten)]
    webhook: WebhookOut,
    /// With this messages are signed (Standard Webhooks, HMAC-SHA256). It is shown once.
    secret: String,
}

/// All endpoints of the app.
#[derive(Debug, Serialize, ToSchema)]
pub struct Webhooks {
    /// Oldest first.
    items: Vec<WebhookOut>,
}

/// An endpoint to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookIn {
    /// Where messages go: `https`, and a server of the public internet.
    #[schema(format = "uri", max_length = 1000, example = "https://app.example/hooks/riscontro")]
    url: String,
}

/// Whether messages are sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookChange {
    /// Messages are sent.
    active: bool,
}

/// Lists the app's endpoints.
///
/// Scope `webhooks`.
#[utoipa::path(
    get,
    operation_id = "listWebhooks", path = "/{org}/webhooks", tag = "Webhooks", params(("org" = String, Path, description = "The organisation")),
    responses((status = 200, body = Webhooks), Refusals), security(("key" = []))
)]
pub async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Webhooks>> {
    caller.needs(Scope::Webhooks)?;
    let (organisation, key) = (caller.hall.cx.organisation, caller.key.id);
    let all = store::webhook::all(&app.desk.db.read, organisation, Some(key)).await?;
    Ok(Json(Webhooks { items: all.into_iter().map(WebhookOut::from).collect() }))
}

/// Adds an endpoint.
///
/// Messages say which request changed and how; its words are read through this API. Scope `webhooks`.
#[utoipa::path(
    post,
    operation_id = "addWebhook", path = "/{org}/webhooks", tag = "Webhooks", params(("org" = String, Path, description = "The organisation")),
    request_body = WebhookIn,
    responses((status = 201, body = NewWebhookOut), Refusals, BodyRefusals), security(("key" = []))
)]
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    input::Json(wanted): input::Json<WebhookIn>,
) -> Result<(StatusCode, Json<NewWebhookOut>)> {
    caller.needs(Scope::Webhooks)?;
    let new = webhook::New {
        url: &wanted.url,
        app_key: Some(caller.key.id),
        allow_private: app.config.webhook.allow_private,
        random: rand::random(),
        nonce: rand::random(),
    };
    let (row, secret) = webhook::create(&app.desk, &caller.hall.cx, &new).await?;
    Ok((StatusCode::CREATED, Json(NewWebhookOut { webhook: row.into(), secret })))
}

/// Reads an endpoint.
///
/// Scope `webhooks`.
#[utoipa::path(
    get,
    operation_id = "readWebhook", path = "/{org}/webhooks/{id}", tag = "Webhooks",
    params(("org" = String, Path, description = "The organisation"), ("id" = Uuid, Path, description = "The endpoint")),
    responses((status = 200, body = WebhookOut), Refusals), security(("key" = []))
)]
pub async fn one(State(app): State<App>, caller: Caller, At(at): At<ById>) -> Result<Json<WebhookOut>> {
    Ok(Json(own(&app, &caller, at.id).await?.into()))
}

/// Pauses an endpoint, or wakes it.
///
/// What happens while it rests is not told later. Scope `webhooks`.
#[utoipa::path(
    put,
    operation_id = "pauseWebhook", path = "/{org}/webhooks/{id}", tag = "Webhooks",
    params(("org" = String, Path, description = "The organisation"), ("id" = Uuid, Path, description = "The endpoint")),
    request_body = WebhookChange,
    responses((status = 200, body = WebhookOut), Refusals, BodyRefusals), security(("key" = []))
)]
pub async fn change(
    State(app): State<App>,
    caller: Caller,
    At(at): At<ById>,
    input::Json(change): input::Json<WebhookChange>,
) -> Result<Json<WebhookOut>> {
    own(&app, &caller, at.id).await?;
    webhook::set_active(&app.desk, &caller.hall.cx, at.id, change.active).await?;
    Ok(Json(own(&app, &caller, at.id).await?.into()))
}

/// Takes an endpoint away.
///
/// With all messages that wait for it. Scope `webhooks`.
#[utoipa::path(
    delete,
    operation_id = "removeWebhook", path = "/{org}/webhooks/{id}", tag = "Webhooks",
    params(("org" = String, Path, description = "The organisation"), ("id" = Uuid, Path, description = "The endpoint")),
    responses((status = 204, description = "It is gone"), Refusals), security(("key" = []))
)]
pub async fn remove(State(app): State<App>, caller: Caller, At(at): At<ById>) -> Result<StatusCode> {
    own(&app, &caller, at.id).await?;
    webhook::delete(&app.desk, &caller.hall.cx, at.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The endpoint, if this app has set it: those of other apps are none of its business.
async fn own(app: &App, caller: &Caller, id: Uuid) -> Result<Model> {
    caller.needs(Scope::Webhooks)?;
    Ok(webhook::find(&app.desk, &caller.hall.cx, id, Some(caller.key.id)).await?)
}
