//! Keys of apps. A new key is shown on the page that answers, and nowhere else: not in an address, not in a cookie, not in a
//! log, not a second time. The form carries the id of the key that it will make: a page that is reloaded sends it again, makes
//! no second key, and is told so.

use std::collections::HashMap;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use entity::{
    app_key::{Model, Scope},
    webhook,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    HERE,
    webhooks::{Health, host_of},
};
use crate::{
    actions::{
        self,
        app_key::{self, Created, MOST_PER_MINUTE, New},
    },
    app::App,
    store,
    web::{
        error::Result,
        flaws::{Flaws, judged, named},
        frame::{Done, Frame, Hall},
        request::{Form, Path, Query},
        session::{Administrator, Operator},
        templates,
    },
};

/// Requests in a minute that a new key is offered.
const USUAL_PER_MINUTE: &str = "60";

/// Context of `pages/portal_keys.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
    webhooks: Vec<Endpoint>,
    form: Fields,
    scopes: Vec<Offered>,
    most_per_minute: i32,
    errors: Flaws,
    created: Option<Shown>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    prefix: String,
    scopes: Vec<&'static str>,
    per_minute: i32,
    author: Option<String>,
    created_at: DateTime<Utc>,
    used_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
    revoke_href: String,
}

/// Where an app is told what happens, and whether it hears.
#[derive(Serialize)]
struct Endpoint {
    host: String,
    app: Option<String>,
    state: Health,
}

/// The key, this once.
#[derive(Serialize)]
struct Shown {
    name: String,
    key: String,
}

#[derive(Serialize)]
struct Offered {
    value: Scope,
    label: &'static str,
    checked: bool,
}

/// The form as typed.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Fields {
    /// The id of the key that it makes.
    token: Uuid,
    name: String,
    #[serde(default)]
    scopes: Vec<Scope>,
    per_minute: String,
}

impl Default for Fields {
    fn default() -> Self {
        Self {
            token: Uuid::now_v7(),
            name: String::new(),
            scopes: vec![Scope::Write, Scope::Read],
            per_minute: USUAL_PER_MINUTE.to_owned(),
        }
    }
}

const SCOPES: [(Scope, &str); 5] = [
    (
        Scope::Write,
        "Inviare richieste con allegati; insieme alla lettura, anche rispondere, contestare e ritirare",
    ),
    (Scope::Read, "Leggere le richieste del cittadino che usa l’app"),
    (Scope::Verified, "Indicare il cittadino con il codice fiscale: l’app ne ha già verificato l’identità"),
    (Scope::Webhooks, "Sapere numero e stato di tutte le richieste (webhook)"),
    (Scope::Open311, "Usare le porte Open311"),
];

fn label(scope: Scope) -> &'static str {
    SCOPES.iter().find(|(known, _)| *known == scope).map_or("", |(_, label)| label)
}

/// The query.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

/// `GET /desk/admin/portal/keys`.
pub async fn list(
    State(app): State<App>,
    Administrator(me): Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    page(&app, &me, StatusCode::OK, Answer { done: asked.done, ..Answer::default() }).await
}

/// `POST /desk/admin/portal/keys`.
pub async fn add(
    State(app): State<App>,
    Administrator(me): Administrator,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let new = New {
        name: fields.name.clone(),
        scopes: fields.scopes.clone(),
        per_minute: fields.per_minute.trim().parse().unwrap_or(0),
    };
    let created = app_key::create_once(&app.desk, &me.cx, fields.token, new, rand::random()).await;
    if let Err(actions::Error::Conflict(_)) = created {
        return Ok(Redirect::to(&format!("{HERE}/keys?done=key_known")).into_response());
    }
    match judged(created)? {
        Ok(Created { row, key }) => {
            let created = Some(Shown { name: row.name, key });
            page(&app, &me, StatusCode::OK, Answer { created, ..Answer::default() }).await
        }
        Err(flaws) => {
            let answer = Answer { form: fields, errors: named(flaws, &[]), ..Answer::default() };
            page(&app, &me, StatusCode::UNPROCESSABLE_ENTITY, answer).await
        }
    }
}

/// `POST /desk/admin/portal/keys/{id}/revoke`.
pub async fn revoke(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    app_key::revoke(&app.desk, &me.cx, id).await?;
    Ok(Redirect::to(&format!("{HERE}/keys?done=key_revoked")).into_response())
}

/// What there is to say beside the list.
#[derive(Default)]
struct Answer {
    done: Option<Done>,
    form: Fields,
    errors: Flaws,
    created: Option<Shown>,
}

async fn page(app: &App, me: &Operator, status: StatusCode, answer: Answer) -> Result<Response> {
    let hall = Hall::enter(app, me).await?;
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let people = store::operator::all(db, organisation).await?;
    let people: HashMap<Uuid, String> = people.into_iter().map(|person| (person.id, person.name)).collect();
    let keys = store::app_key::of(db, organisation).await?;
    let apps: HashMap<Uuid, String> = keys.iter().map(|key| (key.id, key.name.clone())).collect();
    let row = |key: Model| Row {
        scopes: key.scopes.0.iter().map(|scope| label(*scope)).collect(),
        revoke_href: format!("{HERE}/keys/{}/revoke", key.id),
        author: key.author_id.and_then(|id| people.get(&id).cloned()),
        name: key.name,
        prefix: key.prefix,
        per_minute: key.per_minute,
        created_at: key.created_at,
        used_at: key.used_at,
        revoked_at: key.revoked_at,
    };
    let endpoint = |webhook: webhook::Model| Endpoint {
        app: webhook.app_key_id.and_then(|id| apps.get(&id).cloned()),
        host: host_of(&webhook),
        state: Health::of(&webhook),
    };
    let page = Page {
        frame: hall.frame("admin", answer.done),
        webhooks: store::webhook::all(db, organisation, None).await?.into_iter().map(endpoint).collect(),
        rows: keys.into_iter().map(row).collect(),
        scopes: SCOPES
            .map(|(value, label)| Offered { value, label, checked: answer.form.scopes.contains(&value) })
            .into(),
        most_per_minute: MOST_PER_MINUTE,
        form: answer.form,
        errors: answer.errors,
        created: answer.created,
    };
    Ok((status, templates::render("pages/portal_keys.html", page)?).into_response())
}
