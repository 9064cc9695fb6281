//! Where apps are told what happens, app by app: whether each address takes its messages, what was sent there last, and the
//! buttons that let it rest, try it out, or take it away. Addresses are set by apps, with their key; here they are only
//! watched over, since whoever set one may be gone.
//!
//! Of an address only the server is shown: what follows may hold a key of the app's.

use std::collections::HashMap;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use entity::{app_key, errand, webhook::Model};
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use super::HERE;
use crate::{
    actions::webhook,
    app::App,
    store,
    web::{
        error::Result,
        frame::{Done, Frame, Hall},
        request::{Path, Query},
        session::Administrator,
        templates,
    },
};

/// Messages that are shown of each address.
const MESSAGES: u64 = 5;

/// Context of `pages/portal_webhooks.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    apps: Vec<Listener>,
}

/// An app with the addresses that it gave.
#[derive(Serialize)]
struct Listener {
    name: Option<String>,
    revoked: bool,
    endpoints: Vec<Endpoint>,
}

#[derive(Serialize)]
struct Endpoint {
    host: String,
    state: Health,
    path: String,
    created_at: DateTime<Utc>,
    succeeded_at: Option<DateTime<Utc>>,
    failing_since: Option<DateTime<Utc>>,
    last_error: Option<String>,
    messages: Vec<Message>,
}

/// How an address is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// The last message was taken.
    Fine,
    /// Nothing has been sent there yet.
    Unused,
    /// The last message was not taken.
    Failing,
    /// It rests.
    Paused,
}

/// A message and what became of it.
#[derive(Serialize)]
struct Message {
    what: &'static str,
    at: DateTime<Utc>,
    state: errand::State,
    attempts: i32,
    next_attempt_at: DateTime<Utc>,
    settled_at: Option<DateTime<Utc>>,
    last_error: Option<String>,
}

impl Health {
    /// How this one is doing.
    #[must_use]
    pub fn of(row: &Model) -> Self {
        match row {
            Model { active: false, .. } => Self::Paused,
            Model { failing_since: Some(_), .. } => Self::Failing,
            Model { succeeded_at: Some(_), .. } => Self::Fine,
            _ => Self::Unused,
        }
    }
}

/// The server of an address.
#[must_use]
pub fn host_of(row: &Model) -> String {
    let url = Url::parse(&row.url).ok();
    let host = url.as_ref().and_then(|url| {
        let host = url.host_str()?;
        Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
    });
    host.unwrap_or_else(|| "indirizzo non leggibile".to_owned())
}

/// What a message is about, by the name that apps know (`actions::events`).
fn subject(data: &serde_json::Value) -> &'static str {
    match data["payload"]["type"].as_str().unwrap_or_default() {
        "webhook.test" => "Messaggio di prova",
        "request.opened" => "Nuova richiesta",
        "request.status_changed" => "Cambio di stato",
        "request.reopened" => "Richiesta riaperta",
        "request.received" => "Messaggio del cittadino",
        "request.replied" => "Risposta al cittadino",
        "request.contested" => "Chiusura contestata",
        "request.withdrawn" => "Richiesta ritirata",
        "request.notice_linked" => "Avviso collegato a una richiesta",
        "request.published" | "request.unpublished" => "Elenco pubblico",
        "notice.published" => "Nuovo avviso",
        "notice.changed" => "Avviso modificato",
        "notice.restored" => "Avviso: ripristino",
        "notice.withdrawn" => "Avviso ritirato",
        _ => "Aggiornamento",
    }
}

/// The query.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

/// `GET /desk/admin/portal/webhooks`.
pub async fn list(
    State(app): State<App>,
    Administrator(me): Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let hall = Hall::enter(&app, &me).await?;
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let keys = store::app_key::of(db, organisation).await?;
    let keys: HashMap<Uuid, app_key::Model> = keys.into_iter().map(|key| (key.id, key)).collect();
    let mut apps: Vec<(Option<Uuid>, Listener)> = Vec::new();
    for row in store::webhook::all(db, organisation, None).await? {
        let owner = row.app_key_id;
        let messages = store::webhook::messages(db, organisation, row.id, MESSAGES).await?;
        let endpoint = endpoint(row, messages);
        match apps.iter_mut().find(|(known, _)| *known == owner) {
            Some((_, listener)) => listener.endpoints.push(endpoint),
            None => {
                let key = owner.and_then(|id| keys.get(&id));
                let name = key.map(|key| key.name.clone());
                let revoked = key.is_some_and(|key| key.revoked_at.is_some());
                apps.push((owner, Listener { name, revoked, endpoints: vec![endpoint] }));
            }
        }
    }
    let apps = apps.into_iter().map(|(_, listener)| listener).collect();
    let page = Page { frame: hall.frame("admin", asked.done), apps };
    Ok(templates::render("pages/portal_webhooks.html", page)?.into_response())
}

fn endpoint(row: Model, messages: Vec<errand::Model>) -> Endpoint {
    let message = |row: errand::Model| Message {
        what: subject(&row.data),
        at: row.created_at,
        state: row.state,
        attempts: row.attempts,
        next_attempt_at: row.next_attempt_at,
        settled_at: row.settled_at,
        last_error: row.last_error,
    };
    Endpoint {
        host: host_of(&row),
        state: Health::of(&row),
        path: format!("{HERE}/webhooks/{}", row.id),
        created_at: row.created_at,
        succeeded_at: row.succeeded_at,
        failing_since: row.failing_since,
        last_error: row.last_error,
        messages: messages.into_iter().map(message).collect(),
    }
}

/// `POST /desk/admin/portal/webhooks/{id}/pause`.
pub async fn pause(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
) -> Result<Redirect> {
    webhook::set_active(&app.desk, &me.cx, id, false).await?;
    Ok(back("webhook_paused"))
}

/// `POST /desk/admin/portal/webhooks/{id}/resume`.
pub async fn resume(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
) -> Result<Redirect> {
    webhook::set_active(&app.desk, &me.cx, id, true).await?;
    Ok(back("webhook_resumed"))
}

/// `POST /desk/admin/portal/webhooks/{id}/test`.
pub async fn test(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
) -> Result<Redirect> {
    webhook::test(&app.desk, &me.cx, id).await?;
    Ok(back("webhook_tested"))
}

/// `POST /desk/admin/portal/webhooks/{id}/delete`.
pub async fn delete(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
) -> Result<Redirect> {
    webhook::delete(&app.desk, &me.cx, id).await?;
    Ok(back("webhook_deleted"))
}

fn back(done: &str) -> Redirect {
    Redirect::to(&format!("{HERE}/webhooks?done={done}"))
}
