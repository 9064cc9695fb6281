//! Who is kept out of the forms.

use std::collections::HashMap;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, NaiveDate, Utc};
use entity::ban::{Model, What};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::HERE;
use crate::{
    actions::ban,
    app::App,
    domain::calendar::rome_end_of_day,
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

/// Context of `pages/portal_bans.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
    form: Fields,
    errors: Flaws,
}

#[derive(Serialize)]
struct Row {
    what: What,
    /// What is banned; of a network only its mark is kept, which tells nobody anything.
    value: String,
    reason: String,
    until: Option<DateTime<Utc>>,
    over: bool,
    author: Option<String>,
    created_at: DateTime<Utc>,
    lift_href: String,
}

/// The form as typed; also what a page of submissions sends beside its choice.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Fields {
    #[serde(default)]
    value: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    until: String,
}

/// The last moment of a typed day, in Italy's time; nothing typed is for ever. The error: what was typed is no day.
pub fn until(typed: &str) -> std::result::Result<Option<DateTime<Utc>>, String> {
    match typed.trim() {
        "" => Ok(None),
        typed => match typed.parse::<NaiveDate>() {
            Ok(day) => Ok(Some(rome_end_of_day(day))),
            Err(_) => Err("Scrivi il giorno come anno-mese-giorno, per esempio 2026-11-30.".to_owned()),
        },
    }
}

/// The query.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

/// `GET /desk/admin/portal/bans`.
pub async fn list(
    State(app): State<App>,
    Administrator(me): Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    page(&app, &me, StatusCode::OK, asked.done, Fields::default(), Flaws::new()).await
}

/// `POST /desk/admin/portal/bans`.
pub async fn add(
    State(app): State<App>,
    Administrator(me): Administrator,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let errors = match until(&fields.until) {
        Err(words) => Flaws::from([("until".into(), words)]),
        Ok(until) => {
            let form = ban::Form { value: fields.value.clone(), reason: fields.reason.clone(), until };
            match judged(ban::add(&app.desk, &me.cx, &form).await)? {
                Ok(_) => return Ok(Redirect::to(&format!("{HERE}/bans?done=banned")).into_response()),
                Err(flaws) => named(flaws, &[]),
            }
        }
    };
    page(&app, &me, StatusCode::UNPROCESSABLE_ENTITY, None, fields, errors).await
}

/// `POST /desk/admin/portal/bans/{id}/lift`.
pub async fn lift(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    ban::lift(&app.desk, &me.cx, id).await?;
    Ok(Redirect::to(&format!("{HERE}/bans?done=ban_lifted")).into_response())
}

async fn page(
    app: &App,
    me: &Operator,
    status: StatusCode,
    done: Option<Done>,
    form: Fields,
    errors: Flaws,
) -> Result<Response> {
    let hall = Hall::enter(app, me).await?;
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let people = store::operator::all(db, organisation).await?;
    let names: HashMap<Uuid, String> = people.into_iter().map(|person| (person.id, person.name)).collect();
    let row = |ban: Model| Row {
        what: ban.what,
        value: if ban.what == What::Network { String::new() } else { ban.value },
        reason: ban.reason,
        until: ban.until,
        over: ban.until.is_some_and(|until| until <= me.cx.now),
        author: ban.author_id.and_then(|id| names.get(&id).cloned()),
        created_at: ban.created_at,
        lift_href: format!("{HERE}/bans/{}/lift", ban.id),
    };
    let rows = store::ban::all(db, organisation).await?.into_iter().map(row).collect();
    let page = Page { frame: hall.frame("admin", done), rows, form, errors };
    Ok((status, templates::render("pages/portal_bans.html", page)?).into_response())
}
