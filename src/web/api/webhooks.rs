//! Where an app wants to hear of changes.

use axum::{
    Json,
    extract::{FromRequestParts, State},
    http::{StatusCode, request::Parts},
};
use chrono::{DateTime, Utc};
use entity::webhook::Model;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    door::Caller,
    input::{self, At, ById, Org},
    problem::{BodyRefusals, Problem, Refusals, Result},
};
use crate::{
    actions::{self, Cx, webhook},
    app::App,
    domain::webhook::{self as endpoint, Unfit},
    store,
};

/// An endpoint.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookOut {
    /// Identifier.
    id: Uuid,
    /// Where messages go.
    #[schema(example = "https://app.example/hooks/riscontro")]
    url: String,
    /// Messages are sent.
    active: bool,
    /// When a message was last taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    succeeded_at: Option<DateTime<Utc>>,
    /// Since when none is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_since: Option<DateTime<Utc>>,
    /// What went wrong, as the desk shows it: in Italian.
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
    #[schema(example = "whsec_…")]
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
/// Those of other apps are none of its business.
#[utoipa::path(
    get,
    operation_id = "listWebhooks", path = "/{org}/webhooks", tag = "Webhooks", params(Org),
    responses((status = 200, body = Webhooks), Refusals)
)]
pub async fn list(State(app): State<App>, caller: Caller) -> Result<Json<Webhooks>> {
    let (organisation, key) = (caller.hall.cx.organisation, caller.key.id);
    let all = store::webhook::all(&app.desk.db.read, organisation, Some(key)).await?;
    Ok(Json(Webhooks { items: all.into_iter().map(WebhookOut::from).collect() }))
}

/// Adds an endpoint.
///
/// Messages say which request changed and how; its words are read through this API.
#[utoipa::path(
    post,
    operation_id = "addWebhook", path = "/{org}/webhooks", tag = "Webhooks", params(Org),
    request_body = WebhookIn,
    responses((status = 201, body = NewWebhookOut), Refusals, BodyRefusals)
)]
pub async fn create(
    State(app): State<App>,
    caller: Caller,
    input::Json(wanted): input::Json<WebhookIn>,
) -> Result<(StatusCode, Json<NewWebhookOut>)> {
    let new = webhook::New {
        url: &wanted.url,
        app_key: Some(caller.key.id),
        allow_private: app.config.webhook.allow_private,
        random: rand::random(),
        nonce: rand::random(),
    };
    if let Err(unfit) = endpoint::read(&wanted.url, app.config.webhook.allow_private) {
        return Err(Problem::field("url", unfit_for(unfit)));
    }
    let (row, secret) = match webhook::create(&app.desk, &caller.hall.cx, &new).await {
        Err(actions::Error::Rejected(_)) => return Err(Problem::field("url", NO_MORE)),
        created => created?,
    };
    Ok((StatusCode::CREATED, Json(NewWebhookOut { webhook: row.into(), secret })))
}

/// Reads an endpoint.
///
/// With what became of its last messages.
#[utoipa::path(
    get,
    operation_id = "readWebhook", path = "/{org}/webhooks/{id}", tag = "Webhooks",
    params(Org, ById),
    responses((status = 200, body = WebhookOut), Refusals)
)]
pub async fn one(Own { row, .. }: Own) -> Json<WebhookOut> {
    Json(row.into())
}

/// Pauses an endpoint, or wakes it.
///
/// What happens while it rests is not told later.
#[utoipa::path(
    put,
    operation_id = "pauseWebhook", path = "/{org}/webhooks/{id}", tag = "Webhooks",
    params(Org, ById),
    request_body = WebhookChange,
    responses((status = 200, body = WebhookOut), Refusals, BodyRefusals)
)]
pub async fn change(
    State(app): State<App>,
    Own { cx, row }: Own,
    input::Json(change): input::Json<WebhookChange>,
) -> Result<Json<WebhookOut>> {
    webhook::set_active(&app.desk, &cx, row.id, change.active).await?;
    Ok(Json(Model { active: change.active, ..row }.into()))
}

/// Takes an endpoint away.
///
/// With all messages that wait for it.
#[utoipa::path(
    delete,
    operation_id = "removeWebhook", path = "/{org}/webhooks/{id}", tag = "Webhooks",
    params(Org, ById),
    responses((status = 204, description = "It is gone"), Refusals)
)]
pub async fn remove(State(app): State<App>, Own { cx, row }: Own) -> Result<StatusCode> {
    webhook::delete(&app.desk, &cx, row.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The endpoint that the address names, if this app has set it: those of other apps are none of its business.
#[derive(Debug)]
pub struct Own {
    cx: Cx,
    row: Model,
}

impl FromRequestParts<App> for Own {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let Caller { key, hall } = Caller::from_request_parts(parts, app).await?;
        let At(at) = At::<ById>::from_request_parts(parts, app).await?;
        let row = webhook::find(&app.desk, &hall.cx, at.id, Some(key.id)).await?;
        Ok(Self { cx: hall.cx, row })
    }
}

/// The address itself is fit: then it is there already, or there are too many.
const NO_MORE: &str =
    "The app has this endpoint already, or the organisation has as many as it may have: remove one.";

/// Why messages are not sent to an address, for whoever writes the app.
fn unfit_for(unfit: Unfit) -> &'static str {
    match unfit {
        Unfit::Address(_) => {
            "Send an address that begins with https:// and has no user, password or fragment."
        }
        Unfit::Long => "Send an address of at most 1000 bytes.",
        Unfit::Port => "Use port 443, or one from 1024 on.",
        Unfit::Private => "Use a server of the public internet.",
    }
}
