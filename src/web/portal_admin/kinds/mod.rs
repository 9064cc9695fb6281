//! The forms that citizens find: a list of the kinds of request, and the form of one as an administrator edits it.

mod sheet;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::{form::Form as Questions, request_kind::Model};
use serde::{Deserialize, Serialize};

use self::sheet::{Line, Sheet};
use super::HERE;
use crate::{
    actions::{
        self,
        portal::{self, Kind, trace_of},
    },
    app::App,
    domain::form::{of_kind, standard},
    store,
    web::{
        error::{Error, Result},
        flaws::{Flaws, judged, named},
        frame::{Done, Frame, Hall},
        request::{Form, Path, Query},
        session::{Administrator, Operator},
        templates,
    },
};

/// Context of `pages/portal_kinds.html`.
#[derive(Serialize)]
struct List {
    frame: Frame,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    href: String,
    published: bool,
    /// There is a form: without one it cannot be published.
    formed: bool,
    /// The organisation changed it.
    own: bool,
    fields: usize,
    trace: String,
}

/// Context of `pages/portal_kind.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    path: String,
    name: String,
    preview_href: Option<String>,
    text_href: String,
    /// The organisation changed it, and there is a standard form to go back to.
    can_reset: bool,
    published: bool,
    trace: String,
    form: Sheet,
    lines: Vec<Line>,
    unsaved: bool,
    errors: Flaws,
}

/// The query.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

fn path_of(kind: &Model) -> String {
    format!("{HERE}/kinds/{}", kind.code)
}

/// `GET /desk/admin/portal/kinds`.
pub async fn list(
    State(app): State<App>,
    Administrator(me): Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let hall = Hall::enter(&app, &me).await?;
    let kinds = store::organisation::kinds(&app.desk.db.read, hall.organisation.id).await?;
    let row = |kind: Model| {
        let form = of_kind(&kind);
        Row {
            href: path_of(&kind),
            published: kind.published && form.is_some(),
            own: kind.form.is_some(),
            fields: form.as_ref().map_or(0, |form| form.fields.len()),
            formed: form.is_some(),
            trace: trace_of(&kind),
            name: kind.name,
        }
    };
    let page = List { frame: hall.frame("admin", asked.done), rows: kinds.into_iter().map(row).collect() };
    Ok(templates::render("pages/portal_kinds.html", page)?.into_response())
}

/// `GET /desk/admin/portal/kinds/{code}`.
pub async fn show(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let kind = find(&app, &me, &code).await?;
    let form = form_of(&kind);
    page(&app, &me, StatusCode::OK, &kind, Visit { done: asked.done, ..Visit::of(form) }).await
}

/// `POST /desk/admin/portal/kinds/{code}`.
pub async fn save(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(code): Path<String>,
    Form(typed): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let kind = find(&app, &me, &code).await?;
    let typed = Sheet::typed(typed);
    let form = typed.form(&form_of(&kind));
    if let Some(what) = typed.added() {
        let form = sheet::with_field(form, what);
        let visit = Visit { unsaved: true, trace: Some(typed.get("trace").to_owned()), ..Visit::of(form) };
        return page(&app, &me, StatusCode::OK, &kind, visit).await;
    }
    let wish = Kind { published: kind.published, form: Some(form.clone()) };
    let (status, errors) = match portal::save_kind(&app.desk, &me.cx, kind.id, wish, typed.get("trace")).await
    {
        Ok(()) => return Ok(Redirect::to(&format!("{}?done=saved", path_of(&kind))).into_response()),
        Err(actions::Error::Conflict(words)) => {
            (StatusCode::CONFLICT, Flaws::from([("form".into(), words.to_owned())]))
        }
        Err(error) => match judged::<()>(Err(error))? {
            Ok(()) => (StatusCode::OK, Flaws::new()),
            Err(flaws) => (StatusCode::UNPROCESSABLE_ENTITY, named(flaws, &[("published", "form")])),
        },
    };
    let trace = Some(typed.get("trace").to_owned());
    page(&app, &me, status, &kind, Visit { trace, errors, ..Visit::of(form) }).await
}

/// One button: what the page knew, and what is wanted.
#[derive(Debug, Deserialize)]
pub struct Wish {
    trace: String,
    #[serde(default)]
    published: String,
}

/// `POST /desk/admin/portal/kinds/{code}/published`.
pub async fn publish(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(code): Path<String>,
    Form(wish): Form<Wish>,
) -> Result<Response> {
    let kind = find(&app, &me, &code).await?;
    let next = Kind { published: wish.published == "on", form: kind.form.clone() };
    portal::save_kind(&app.desk, &me.cx, kind.id, next, &wish.trace).await?;
    Ok(Redirect::to(&format!("{HERE}/kinds?done=saved")).into_response())
}

/// `POST /desk/admin/portal/kinds/{code}/reset`.
pub async fn reset(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(code): Path<String>,
    Form(wish): Form<Wish>,
) -> Result<Response> {
    let kind = find(&app, &me, &code).await?;
    let next = Kind { published: kind.published, form: None };
    portal::save_kind(&app.desk, &me.cx, kind.id, next, &wish.trace).await?;
    Ok(Redirect::to(&format!("{}?done=saved", path_of(&kind))).into_response())
}

/// The form to edit: that of the kind, or an empty one that bears its name.
fn form_of(kind: &Model) -> Questions {
    of_kind(kind).unwrap_or_else(|| Questions {
        title: entity::language::Words::plain(kind.name.clone()),
        ..Questions::default()
    })
}

async fn find(app: &App, me: &Operator, code: &str) -> Result<Model> {
    let kinds = store::organisation::kinds(&app.desk.db.read, me.row.organisation_id).await?;
    kinds.into_iter().find(|kind| kind.code == code).ok_or(Error::NotFound)
}

struct Visit {
    form: Questions,
    trace: Option<String>,
    unsaved: bool,
    errors: Flaws,
    done: Option<Done>,
}

impl Visit {
    fn of(form: Questions) -> Self {
        Self { form, trace: None, unsaved: false, errors: Flaws::new(), done: None }
    }
}

async fn page(app: &App, me: &Operator, status: StatusCode, kind: &Model, visit: Visit) -> Result<Response> {
    let hall = Hall::enter(app, me).await?;
    let portal = store::portal::of(&app.desk.db.read, hall.organisation.id).await?.ok_or(Error::NotFound)?;
    let page = Page {
        frame: hall.frame("admin", visit.done),
        path: path_of(kind),
        name: kind.name.clone(),
        preview_href: of_kind(kind).map(|_| format!("/sportello/{}/{}", portal.slug, kind.code)),
        text_href: format!("{HERE}/texts/it/service/{}", kind.code),
        can_reset: kind.form.is_some() && standard(&kind.code).is_some(),
        published: kind.published,
        trace: visit.trace.unwrap_or_else(|| trace_of(kind)),
        lines: sheet::lines(&visit.form),
        form: Sheet::of(&visit.form),
        unsaved: visit.unsaved,
        errors: visit.errors,
    };
    Ok((status, templates::render("pages/portal_kind.html", page)?).into_response())
}
