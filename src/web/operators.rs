//! The administrator's pages of the operators. A one-time password is shown on the page that answers, and nowhere else:
//! not in an address, not in a log, not a second time.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use entity::operator::{Model, Role};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    error::{Error, Result},
    flaws::{Flaws, judged, named},
    frame::{Done, Frame, Hall},
    request::{Form, Path, Query},
    session::{Administrator, Operator},
    templates,
};
use crate::{
    actions::{operator, sign_in::one_time_password},
    app::App,
    store,
};

/// Context of `pages/operators.html`.
#[derive(Serialize)]
struct List {
    frame: Frame,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    login: String,
    href: String,
    role: Role,
    active: bool,
    must_change_password: bool,
}

/// Context of `pages/operator.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    path: Option<String>,
    title: String,
    form: Shown,
    errors: Flaws,
    active: bool,
    is_self: bool,
    password: Option<String>,
}

#[derive(Serialize)]
struct Shown {
    name: String,
    email: String,
    login: String,
    role: Role,
}

/// The query of the list.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

/// A new operator as typed.
#[derive(Debug, Deserialize)]
pub struct New {
    name: String,
    #[serde(default)]
    email: String,
    login: String,
    role: Role,
}

/// Changes of an operator; oneself cannot change the role.
#[derive(Debug, Deserialize)]
pub struct Changed {
    name: String,
    #[serde(default)]
    email: String,
    role: Option<Role>,
}

/// Whether an operator may sign in.
#[derive(Debug, Deserialize)]
pub struct Access {
    active: String,
}

fn path_of(id: Uuid) -> String {
    format!("/desk/admin/operators/{id}")
}

/// `GET /desk/admin/operators`.
pub async fn list(
    State(app): State<App>,
    Administrator(me): Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let hall = Hall::enter(&app, &me).await?;
    let people = store::operator::all(&app.desk.db.read, hall.organisation.id).await?;
    let row = |person: Model| Row {
        href: path_of(person.id),
        name: person.name,
        login: person.login,
        role: person.role,
        active: person.active,
        must_change_password: person.must_change_password,
    };
    let page = List { frame: hall.frame("admin", asked.done), rows: people.into_iter().map(row).collect() };
    Ok(templates::render("pages/operators.html", page)?.into_response())
}

/// `GET /desk/admin/operators/new`.
pub async fn blank(State(app): State<App>, Administrator(me): Administrator) -> Result<Response> {
    let form =
        Shown { name: String::new(), email: String::new(), login: String::new(), role: Role::Operator };
    new_page(&app, &me, StatusCode::OK, form, Flaws::new()).await
}

/// `POST /desk/admin/operators`.
pub async fn add(
    State(app): State<App>,
    Administrator(me): Administrator,
    Form(typed): Form<New>,
) -> Result<Response> {
    let password = one_time_password(rand::random());
    let form = operator::Form {
        login: typed.login.clone(),
        name: typed.name.clone(),
        email: typed.email.clone(),
        role: typed.role,
        active: true,
    };
    match judged(operator::add(&app.desk, &me.cx, &form, &password).await)? {
        Ok(id) => {
            let person = find(&app, &me, id).await?;
            known_page(&app, &me, person, Answer { password: Some(password), ..Answer::default() }).await
        }
        Err(flaws) => {
            let form = Shown { name: typed.name, email: typed.email, login: typed.login, role: typed.role };
            new_page(&app, &me, StatusCode::UNPROCESSABLE_ENTITY, form, named(flaws, &[])).await
        }
    }
}

/// `GET /desk/admin/operators/{id}`.
pub async fn show(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let person = find(&app, &me, id).await?;
    known_page(&app, &me, person, Answer::default()).await
}

/// `POST /desk/admin/operators/{id}`.
pub async fn change(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
    Form(typed): Form<Changed>,
) -> Result<Response> {
    let person = find(&app, &me, id).await?;
    let role = typed.role.filter(|_| id != me.row.id).unwrap_or(person.role);
    let form =
        operator::Form { name: typed.name.clone(), email: typed.email.clone(), role, ..stored_form(&person) };
    match judged(operator::change(&app.desk, &me.cx, id, &form).await)? {
        Ok(()) => Ok(Redirect::to("/desk/admin/operators?done=saved").into_response()),
        Err(flaws) => {
            let errors = named(flaws, &[("login", "form")]);
            let typed = Shown { name: typed.name, email: typed.email, login: person.login.clone(), role };
            known_page(&app, &me, person, Answer { typed: Some(typed), errors, ..Answer::default() }).await
        }
    }
}

/// `POST /desk/admin/operators/{id}/password`.
pub async fn reset(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    if id == me.row.id {
        return Ok(Redirect::to("/desk/password").into_response());
    }
    let password = one_time_password(rand::random());
    operator::reset(&app.desk, &me.cx, id, &password).await?;
    let person = find(&app, &me, id).await?;
    known_page(&app, &me, person, Answer { password: Some(password), ..Answer::default() }).await
}

/// `POST /desk/admin/operators/{id}/active`.
pub async fn set_active(
    State(app): State<App>,
    Administrator(me): Administrator,
    Path(id): Path<Uuid>,
    Form(access): Form<Access>,
) -> Result<Response> {
    if id == me.row.id {
        return Err(Error::Forbidden);
    }
    let person = find(&app, &me, id).await?;
    let form = operator::Form { active: access.active == "on", ..stored_form(&person) };
    match judged(operator::change(&app.desk, &me.cx, id, &form).await)? {
        Ok(()) => Ok(Redirect::to("/desk/admin/operators?done=saved").into_response()),
        Err(flaws) => {
            let errors = named(flaws, &[("login", "form"), ("role", "form")]);
            known_page(&app, &me, person, Answer { errors, ..Answer::default() }).await
        }
    }
}

/// The form of an operator as stored.
fn stored_form(person: &Model) -> operator::Form {
    operator::Form {
        login: person.login.clone(),
        name: person.name.clone(),
        email: person.email.clone(),
        role: person.role,
        active: person.active,
    }
}

async fn find(app: &App, me: &Operator, id: Uuid) -> Result<Model> {
    store::operator::by_id(&app.desk.db.read, me.row.organisation_id, id).await?.ok_or(Error::NotFound)
}

async fn new_page(
    app: &App,
    me: &Operator,
    status: StatusCode,
    form: Shown,
    errors: Flaws,
) -> Result<Response> {
    let page = Page {
        frame: Hall::enter(app, me).await?.frame("admin", None),
        path: None,
        title: "Nuovo operatore".to_owned(),
        form,
        errors,
        active: true,
        is_self: false,
        password: None,
    };
    Ok((status, templates::render("pages/operator.html", page)?).into_response())
}

/// What there is to say beside the record.
#[derive(Default)]
struct Answer {
    typed: Option<Shown>,
    errors: Flaws,
    password: Option<String>,
}

async fn known_page(app: &App, me: &Operator, person: Model, answer: Answer) -> Result<Response> {
    let Answer { typed, errors, password } = answer;
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page {
        frame: Hall::enter(app, me).await?.frame("admin", None),
        path: Some(path_of(person.id)),
        title: person.name.clone(),
        active: person.active,
        is_self: person.id == me.row.id,
        form: typed.unwrap_or(Shown {
            name: person.name,
            email: person.email,
            login: person.login,
            role: person.role,
        }),
        errors,
        password,
    };
    Ok((status, templates::render("pages/operator.html", page)?).into_response())
}
