//! How one service offers remote content. What is saved counts at once; IO is told right after, and the page says whether it knows.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use entity::io_remote::{Model, Precondition};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    HERE,
    admin::{Stand, state_of},
};
use crate::{
    actions::{
        self,
        io::remote::settings::{self, Random, Settings},
    },
    app::App,
    document, store,
    web::{
        error::{Error, Result},
        flaws::{Flaws, judged, named},
        frame::{Done, Frame, Hall},
        request::{Form, Path, Query},
        session::{Administrator, Operator},
        templates,
    },
};

/// Context of `pages/io_remote_service.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    name: String,
    path: String,
    state: Stand,
    base_url: String,
    header_name: Option<String>,
    configuration_id: Option<String>,
    last_error: Option<String>,
    previous_key: Option<PreviousKey>,
    documents_built_in: bool,
    form: Fields,
    errors: Flaws,
}

/// The key before, which still opens.
#[derive(Serialize)]
struct PreviousKey {
    /// Null: until IO knows the new one.
    until: Option<DateTime<Utc>>,
}

/// The form as it stands on the page.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Fields {
    #[serde(default)]
    offered: String,
    #[serde(default)]
    documents: String,
    precondition: Precondition,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
    version: i32,
}

impl Fields {
    fn stored(row: Option<&Model>) -> Self {
        let on = |on: bool| if on { "on" } else { "" }.to_owned();
        Self {
            offered: on(row.is_some_and(|row| row.offered)),
            documents: on(row.is_some_and(|row| row.documents)),
            precondition: row.map_or(Precondition::Never, |row| row.precondition),
            title: row.map(|row| row.precondition_title.clone()).unwrap_or_default(),
            text: row.map(|row| row.precondition_text.clone()).unwrap_or_default(),
            version: row.map_or(0, |row| row.version),
        }
    }

    fn settings(&self) -> Settings {
        Settings {
            version: self.version,
            offered: self.offered == "on",
            // A program that makes no documents can promise none.
            documents: self.documents == "on" && document::BUILT_IN,
            precondition: self.precondition,
            title: self.title.clone(),
            text: self.text.clone(),
        }
    }
}

/// The query.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

/// `GET /desk/admin/io/remote/{service}`.
pub async fn show(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(service): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let visit = Visit { done: asked.done, ..Visit::default() };
    page(&app, &me, service, StatusCode::OK, visit).await
}

/// `POST /desk/admin/io/remote/{service}`.
pub async fn save(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(service): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    match settings::save(&app.desk, &me.cx, service, &fields.settings(), random()).await {
        Ok(()) => told(&app, &me, service, "?done=saved").await,
        Err(error) => refused(&app, &me, service, Some(fields), error).await,
    }
}

/// What the page showed when somebody pressed the button.
#[derive(Debug, Deserialize)]
pub struct Version {
    version: i32,
}

/// `POST /desk/admin/io/remote/{service}/key`.
pub async fn renew_key(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(service): Path<Uuid>,
    Form(Version { version }): Form<Version>,
) -> Result<Response> {
    match settings::renew_key(&app.desk, &me.cx, service, version, random()).await {
        Ok(()) => told(&app, &me, service, "?done=saved").await,
        Err(error) => refused(&app, &me, service, None, error).await,
    }
}

/// `POST /desk/admin/io/remote/{service}/forget-key`.
pub async fn forget_key(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(service): Path<Uuid>,
    Form(Version { version }): Form<Version>,
) -> Result<Response> {
    match settings::forget_key(&app.desk, &me.cx, service, version).await {
        Ok(()) => told(&app, &me, service, "?done=saved").await,
        Err(error) => refused(&app, &me, service, None, error).await,
    }
}

/// `POST /desk/admin/io/remote/{service}/tell`.
pub async fn tell(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(service): Path<Uuid>,
) -> Result<Response> {
    told(&app, &me, service, "").await
}

fn random() -> Random {
    Random { key: rand::random(), nonce: rand::random() }
}

/// Tells IO, to the end, whether or not somebody waits for the page; then shows it.
async fn told(app: &App, me: &Operator, service: Uuid, done: &str) -> Result<Response> {
    let (telling, organisation, now) = (app.clone(), me.cx.organisation, me.cx.now);
    let told = tokio::spawn(async move { telling.tell_io_place(organisation, service, now).await });
    match told.await.map_err(|error| Error::Internal(error.into()))? {
        Ok(_) => Ok(Redirect::to(&format!("{HERE}/{service}{done}")).into_response()),
        Err(error) => refused(app, me, service, None, error).await,
    }
}

/// The page again, with what was typed and what is wrong with it.
async fn refused(
    app: &App,
    me: &Operator,
    service: Uuid,
    typed: Option<Fields>,
    error: actions::Error,
) -> Result<Response> {
    let (status, errors) = match error {
        actions::Error::Conflict(words) => {
            (StatusCode::CONFLICT, Flaws::from([("form".into(), words.to_owned())]))
        }
        other => match judged::<()>(Err(other))? {
            Ok(()) => (StatusCode::OK, Flaws::new()),
            Err(flaws) => (StatusCode::UNPROCESSABLE_ENTITY, named(flaws, &[])),
        },
    };
    page(app, me, service, status, Visit { typed, errors, done: None }).await
}

#[derive(Default)]
struct Visit {
    typed: Option<Fields>,
    errors: Flaws,
    done: Option<Done>,
}

async fn page(app: &App, me: &Operator, service: Uuid, status: StatusCode, visit: Visit) -> Result<Response> {
    let hall = Hall::enter(app, me).await?;
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let found = store::io_service::by_id(db, organisation, service).await?.ok_or(Error::NotFound)?;
    let row = store::io_remote::of_service(db, organisation, service).await?;
    let page = Page {
        frame: hall.frame("admin", visit.done),
        name: found.name,
        path: format!("{HERE}/{service}"),
        state: state_of(app, row.as_ref()),
        base_url: settings::base_url(&app.desk, service),
        documents_built_in: document::BUILT_IN,
        // Pressed again after a conflict, what stands in the form is what is wanted, now that it is known.
        form: Fields {
            version: row.as_ref().map_or(0, |row| row.version),
            ..visit.typed.unwrap_or_else(|| Fields::stored(row.as_ref()))
        },
        header_name: row.as_ref().map(|row| row.header_name.clone()),
        configuration_id: row.as_ref().and_then(|row| row.configuration_id.clone()),
        previous_key: row
            .as_ref()
            .and_then(|row| settings::previous_key(row, me.cx.now))
            .map(|until| PreviousKey { until }),
        last_error: row.and_then(|row| row.last_error),
        errors: visit.errors,
    };
    Ok((status, templates::render("pages/io_remote_service.html", page)?).into_response())
}
