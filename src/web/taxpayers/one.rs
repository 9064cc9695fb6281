//! One taxpayer: the data, the contacts, the work orders.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use entity::{contact, request_kind, taxpayer::Model, work_order};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::path_of;
use crate::{
    actions::{self, taxpayer},
    app::App,
    domain::io::recipient::Recipient,
    store,
    web::{
        error::{Error, Result},
        flaws::{Flaws, judged, named},
        frame::{Done, Frame, Hall},
        page_key::{self, Pages},
        request::{Form, Path, Query},
        session::Operator,
        templates,
        work_order::{number_of, path_of as path_of_order},
    },
};

/// Work orders on a page.
const PAGE: usize = 50;

/// Context of `pages/taxpayer.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    path: String,
    name: String,
    generic: bool,
    io_href: Option<String>,
    form: Fields,
    errors: Flaws,
    contacts: Vec<Contact>,
    contact_form: ContactFields,
    contact_errors: Flaws,
    rows: Vec<Row>,
    pages: Pages,
}

/// The record as it is stored, or as it was typed.
#[derive(Debug, Deserialize, Serialize)]
pub struct Fields {
    name: String,
    fiscal_code: String,
    code: String,
    address: String,
}

/// A new email address as it was typed.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct ContactFields {
    address: String,
}

#[derive(Serialize)]
struct Contact {
    id: Uuid,
    address: String,
    origin: contact::Origin,
    unreachable_at: Option<DateTime<Utc>>,
    unreachable_words: Option<String>,
}

#[derive(Serialize)]
struct Row {
    number: String,
    href: String,
    subject: String,
    status: work_order::Status,
    kind: String,
    received_at: DateTime<Utc>,
}

/// The query.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    after: Option<String>,
    before: Option<String>,
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

/// What was typed and is wrong.
#[derive(Default)]
struct Typed {
    record: Option<(Fields, Flaws)>,
    contact: Option<(ContactFields, Flaws)>,
}

/// `GET /desk/taxpayers/{id}`.
pub async fn show(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    render(&app, &operator, id, StatusCode::OK, &asked, Typed::default()).await
}

/// `POST /desk/taxpayers/{id}`.
pub async fn save(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response> {
    let form = taxpayer::Form {
        name: fields.name.clone(),
        code: fields.code.clone(),
        fiscal_code: fields.fiscal_code.clone(),
        address: fields.address.clone(),
    };
    match judged(taxpayer::save(&app.desk, &operator.cx, Some(id), &form).await)? {
        Ok(_) => Ok(Redirect::to(&format!("{}?done=saved", path_of(id))).into_response()),
        Err(flaws) => {
            let typed = Typed { record: Some((fields, named(flaws, &[]))), ..Typed::default() };
            render(&app, &operator, id, StatusCode::UNPROCESSABLE_ENTITY, &Asked::default(), typed).await
        }
    }
}

/// `POST /desk/taxpayers/{id}/contacts`.
pub async fn add_contact(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<Uuid>,
    Form(fields): Form<ContactFields>,
) -> Result<Response> {
    match judged(taxpayer::add_contact(&app.desk, &operator.cx, id, &fields.address).await)? {
        Ok(()) => Ok(Redirect::to(&format!("{}?done=contact_added", path_of(id))).into_response()),
        Err(flaws) => {
            let typed = Typed {
                contact: Some((fields, named(flaws, &[("contact", "address")]))),
                ..Typed::default()
            };
            render(&app, &operator, id, StatusCode::UNPROCESSABLE_ENTITY, &Asked::default(), typed).await
        }
    }
}

/// `POST /desk/taxpayers/{id}/contacts/{contact}/remove`.
pub async fn remove_contact(
    State(app): State<App>,
    operator: Operator,
    Path((id, contact)): Path<(Uuid, Uuid)>,
) -> Result<Response> {
    actions::taxpayer::remove_contact(&app.desk, &operator.cx, id, contact).await?;
    Ok(Redirect::to(&format!("{}?done=contact_removed", path_of(id))).into_response())
}

async fn render(
    app: &App,
    operator: &Operator,
    id: Uuid,
    status: StatusCode,
    asked: &Asked,
    typed: Typed,
) -> Result<Response> {
    let (db, organisation) = (&app.desk.db.read, operator.row.organisation_id);
    let row = store::taxpayer::by_id(db, organisation, id).await?.ok_or(Error::NotFound)?;
    let hall = Hall::enter(app, operator).await?;
    let kinds = store::organisation::kinds(db, organisation).await?;
    let contacts = store::taxpayer::contacts(db, organisation, id).await?;
    let from = page_key::page(asked.after.as_deref(), asked.before.as_deref());
    let orders = store::work_order::page_of_taxpayer(db, organisation, id, &from, PAGE).await?;
    let path = path_of(id);
    let href = |name, order: &work_order::Model| {
        format!("{path}?{name}={}", page_key::written((order.created_at, order.id)))
    };
    let pages = Pages::around(&orders, href);
    let (name, generic) = (row.name.clone(), row.generic);
    // IO knows people only.
    let io_href = row
        .fiscal_code
        .as_deref()
        .filter(|code| Recipient::read(code).is_ok())
        .map(|_| format!("/desk/io/new?taxpayer={id}"));
    let (form, errors) = typed.record.unwrap_or_else(|| (stored(row), Flaws::new()));
    let (contact_form, contact_errors) = typed.contact.unwrap_or_default();
    let page = Page {
        frame: hall.frame("taxpayers", asked.done),
        name,
        generic,
        io_href,
        form,
        errors,
        contacts: contacts
            .into_iter()
            .map(|contact| Contact {
                id: contact.id,
                address: contact.address,
                origin: contact.origin,
                unreachable_at: contact.unreachable_at,
                unreachable_words: contact.unreachable_words,
            })
            .collect(),
        contact_form,
        contact_errors,
        rows: orders.rows.into_iter().map(|order| line(order, &kinds)).collect(),
        pages,
        path,
    };
    Ok((status, templates::render("pages/taxpayer.html", page)?).into_response())
}

fn stored(row: Model) -> Fields {
    Fields {
        name: row.name,
        fiscal_code: row.fiscal_code.unwrap_or_default(),
        code: row.code.unwrap_or_default(),
        address: row.address,
    }
}

fn line(order: work_order::Model, kinds: &[request_kind::Model]) -> Row {
    let kind = kinds.iter().find(|kind| kind.id == order.kind_id);
    Row {
        number: number_of(&order).to_string(),
        href: path_of_order(&order),
        subject: order.subject,
        status: order.status,
        kind: kind.map(|kind| kind.name.clone()).unwrap_or_default(),
        received_at: order.received_at,
    }
}
