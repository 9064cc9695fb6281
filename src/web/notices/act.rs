//! A notice is published, taken back, or ended. The end is told by mail, once: its page shows the letter and to how many it
//! goes before the button that sends it.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::notice::{self, Model};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    find, path_of,
    preview::{Preview, previews},
    sheet::{FIELDS, words},
};
use crate::{
    actions::{self, notice as notices},
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

/// What the page showed when somebody pressed the button.
#[derive(Debug, Deserialize)]
pub struct Version {
    version: i32,
}

/// `POST /desk/notices/{id}/publish`.
pub async fn publish(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<Uuid>,
    Form(Version { version }): Form<Version>,
) -> Result<Response> {
    notices::publish(&app.desk, &operator.cx, id, version).await?;
    Ok(Redirect::to(&format!("{}?done=notice_published", path_of(id))).into_response())
}

/// `POST /desk/notices/{id}/withdraw`.
pub async fn withdraw(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<Uuid>,
    Form(Version { version }): Form<Version>,
) -> Result<Response> {
    notices::withdraw(&app.desk, &operator.cx, id, version).await?;
    Ok(Redirect::to(&format!("{}?done=notice_withdrawn", path_of(id))).into_response())
}

/// Context of `pages/notice_restore.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    path: String,
    title: String,
    organisation: String,
    told: u64,
    more: bool,
    previews: Vec<Preview>,
    form: Fields,
    errors: Flaws,
}

/// The words of the end.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Fields {
    #[serde(default)]
    restored_it: String,
    #[serde(default)]
    restored_en: String,
    #[serde(default)]
    restored_de: String,
    version: i32,
    #[serde(default, skip_serializing)]
    act: String,
}

/// `GET /desk/notices/{id}/restore`.
pub async fn ending(State(app): State<App>, operator: Operator, Path(id): Path<Uuid>) -> Result<Response> {
    let row = find(&app, &operator, id).await?;
    if row.state != notice::State::Published {
        return Ok(Redirect::to(&path_of(id)).into_response());
    }
    let fields = Fields { version: row.version, ..Fields::default() };
    page(&app, &operator, StatusCode::OK, row, fields, Flaws::new()).await
}

/// `POST /desk/notices/{id}/restore`.
pub async fn restore(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let row = find(&app, &operator, id).await?;
    if fields.act == "preview" {
        return page(&app, &operator, StatusCode::OK, row, fields, Flaws::new()).await;
    }
    let said = words(&fields.restored_it, &fields.restored_en, &fields.restored_de);
    let (status, errors) = match notices::restore(&app.desk, &operator.cx, id, fields.version, &said).await {
        Ok(()) => return Ok(Redirect::to(&format!("{}?done=notice_restored", path_of(id))).into_response()),
        Err(actions::Error::Conflict(words)) => {
            (StatusCode::CONFLICT, Flaws::from([("form".into(), words.to_owned())]))
        }
        Err(error) => match judged::<()>(Err(error))? {
            Ok(()) => (StatusCode::OK, Flaws::new()),
            Err(flaws) => (StatusCode::UNPROCESSABLE_ENTITY, named(flaws, FIELDS)),
        },
    };
    page(&app, &operator, status, row, fields, errors).await
}

async fn page(
    app: &App,
    operator: &Operator,
    status: StatusCode,
    row: Model,
    form: Fields,
    errors: Flaws,
) -> Result<Response> {
    let hall = Hall::enter(app, operator).await?;
    let portal = store::portal::of(&app.desk.db.read, row.organisation_id).await?.ok_or(Error::NotFound)?;
    let told = store::audience::told(&app.desk.db.read, row.organisation_id, row.id).await?;
    let shown = Model {
        restored: words(&form.restored_it, &form.restored_en, &form.restored_de),
        restored_at: Some(operator.cx.now),
        ..row
    };
    let page = Page {
        frame: hall.frame("notices", None),
        path: path_of(shown.id),
        title: shown.title.it.clone(),
        organisation: hall.organisation.name.clone(),
        told,
        more: told >= store::audience::COUNTED,
        previews: previews(&shown, &hall.organisation.name, &app.desk.portal_url(&portal)),
        form,
        errors,
    };
    Ok((status, templates::render("pages/notice_restore.html", page)?).into_response())
}
