//! A notice is written or changed. The preview saves nothing.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::notice::{self, Ids, Lines, Model};
use serde::Serialize;
use uuid::Uuid;

use super::{
    HERE, find, path_of,
    preview::{Preview, previews},
    sheet::{FIELDS, Sheet, described},
};
use crate::{
    actions::{self, Cx, notice as notices},
    app::App,
    store,
    web::{
        error::{Error, Result},
        flaws::{Flaws, judged, named},
        frame::{Frame, Hall},
        request::{Form, Path},
        session::Operator,
        templates,
    },
};

/// Context of `pages/notice_edit.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    action: String,
    back: String,
    title: &'static str,
    published: bool,
    followers: u64,
    kinds: Vec<Choice>,
    form: Sheet,
    previews: Vec<Preview>,
    /// The preview was asked for: nothing is saved.
    unsaved: bool,
    organisation: String,
    errors: Flaws,
}

#[derive(Serialize)]
struct Choice {
    value: Uuid,
    label: String,
    checked: bool,
}

/// `GET /desk/notices/new`.
pub async fn blank(State(app): State<App>, operator: Operator) -> Result<Response> {
    let sheet = Sheet::blank(operator.cx.now);
    page(&app, &operator, StatusCode::OK, None, Visit::of(sheet)).await
}

/// `GET /desk/notices/{id}/edit`.
pub async fn show(State(app): State<App>, operator: Operator, Path(id): Path<Uuid>) -> Result<Response> {
    let stored = find(&app, &operator, id).await?;
    let sheet = Sheet::stored(&stored);
    page(&app, &operator, StatusCode::OK, Some(stored), Visit::of(sheet)).await
}

/// `POST /desk/notices`.
pub async fn create(
    State(app): State<App>,
    operator: Operator,
    Form(sheet): Form<Sheet>,
) -> Result<Response> {
    take(&app, &operator, None, sheet).await
}

/// `POST /desk/notices/{id}/edit`.
pub async fn change(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<Uuid>,
    Form(sheet): Form<Sheet>,
) -> Result<Response> {
    let stored = find(&app, &operator, id).await?;
    take(&app, &operator, Some(stored), sheet).await
}

async fn take(app: &App, operator: &Operator, stored: Option<Model>, sheet: Sheet) -> Result<Response> {
    let form = match sheet.form() {
        Ok(form) => form,
        Err(errors) => {
            let visit = Visit { errors, ..Visit::of(sheet) };
            return page(app, operator, StatusCode::UNPROCESSABLE_ENTITY, stored, visit).await;
        }
    };
    if sheet.act == "preview" {
        let (status, errors) = verdict(notices::judge(&app.desk, &operator.cx, &form).await)?;
        let visit = Visit { unsaved: true, errors, ..Visit::of(sheet) };
        return page(app, operator, status, stored, visit).await;
    }
    let saved = match &stored {
        None => notices::create(&app.desk, &operator.cx, &form).await,
        Some(row) => {
            notices::change(&app.desk, &operator.cx, row.id, sheet.version, &form).await.map(|()| row.id)
        }
    };
    let (status, errors) = match saved {
        Ok(id) => {
            let done = if stored.is_some() { "saved" } else { "notice_saved" };
            return Ok(Redirect::to(&format!("{}?done={done}", path_of(id))).into_response());
        }
        Err(actions::Error::Conflict(words)) => {
            (StatusCode::CONFLICT, Flaws::from([("form".into(), words.to_owned())]))
        }
        Err(error) => verdict(Err(error))?,
    };
    page(app, operator, status, stored, Visit { errors, ..Visit::of(sheet) }).await
}

/// What the desk says of a notice, as the page says it.
fn verdict(judgement: actions::Result<()>) -> Result<(StatusCode, Flaws)> {
    Ok(match judged(judgement)? {
        Ok(()) => (StatusCode::OK, Flaws::new()),
        Err(flaws) => (StatusCode::UNPROCESSABLE_ENTITY, named(flaws, FIELDS)),
    })
}

/// A notice of which nothing is said yet.
fn nothing(cx: &Cx) -> Model {
    Model {
        id: Uuid::nil(),
        organisation_id: cx.organisation,
        state: notice::State::Draft,
        title: entity::language::Words::default(),
        text: entity::language::Words::default(),
        impact: entity::language::Words::default(),
        alternatives: entity::language::Words::default(),
        restored: entity::language::Words::default(),
        streets: Lines::default(),
        kinds: Ids::default(),
        starts_at: cx.now,
        ends_at: None,
        published_at: None,
        restored_at: None,
        author_id: cx.actor,
        created_at: cx.now,
        updated_at: cx.now,
        version: 0,
    }
}

struct Visit {
    sheet: Sheet,
    unsaved: bool,
    errors: Flaws,
}

impl Visit {
    fn of(sheet: Sheet) -> Self {
        Self { sheet, unsaved: false, errors: Flaws::new() }
    }
}

async fn page(
    app: &App,
    operator: &Operator,
    status: StatusCode,
    stored: Option<Model>,
    visit: Visit,
) -> Result<Response> {
    let hall = Hall::enter(app, operator).await?;
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let kinds = store::organisation::kinds(db, organisation).await?;
    let portal = store::portal::of(db, organisation).await?.ok_or(Error::NotFound)?;
    let portal = app.desk.portal_url(&portal);
    let published = stored.as_ref().filter(|row| row.state == notice::State::Published);
    let followers = match published {
        Some(row) => store::audience::following(db, organisation, row.id).await?.0,
        None => 0,
    };
    // Shown as far as something is written, also beside what is wrong with it.
    let before = stored.clone().unwrap_or_else(|| nothing(&operator.cx));
    let shown = visit.sheet.form().ok().map(|form| described(before, form));
    let shown = shown.filter(|notice| !notice.title.it.is_empty() || !notice.text.it.is_empty());
    let page = Page {
        frame: hall.frame("notices", None),
        action: stored.as_ref().map_or_else(|| HERE.to_owned(), |row| format!("{}/edit", path_of(row.id))),
        back: stored.as_ref().map_or_else(|| HERE.to_owned(), |row| path_of(row.id)),
        title: if stored.is_some() { "Modifica l’avviso" } else { "Nuovo avviso" },
        published: published.is_some(),
        followers,
        kinds: kinds
            .into_iter()
            .map(|kind| Choice {
                checked: visit.sheet.kinds.contains(&kind.id),
                value: kind.id,
                label: kind.name,
            })
            .collect(),
        form: visit.sheet,
        unsaved: visit.unsaved,
        previews: shown.map(|shown| previews(&shown, &hall.organisation.name, &portal)).unwrap_or_default(),
        organisation: hall.organisation.name.clone(),
        errors: visit.errors,
    };
    Ok((status, templates::render("pages/notice_edit.html", page)?).into_response())
}
