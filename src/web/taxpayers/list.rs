//! The register by name, or what a search finds.

use std::collections::HashMap;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use entity::taxpayer::Model;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    path_of,
    search::{Sought, search, sought},
};
use crate::{
    app::App,
    domain::text,
    store::{self, Seek, taxpayer::ListKey},
    web::{
        error::Result,
        frame::{Done, Frame, Hall},
        page_key::Pages,
        request::{Query, address},
        session::Operator,
        templates,
    },
};

/// Rows of a page.
const PAGE: usize = 50;
/// Longest search, in characters.
const TEXT_CHARS: usize = 200;

/// Context of `pages/taxpayers.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    q: String,
    rows: Vec<Row>,
    pages: Pages,
    may_import: bool,
}

#[derive(Serialize)]
struct Row {
    name: String,
    href: String,
    code: Option<String>,
    fiscal_code: Option<String>,
    address: String,
    contacts: Vec<String>,
}

/// The query. A page begins at a record, named by its id: a name in an address would stay in every log on its way.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    q: String,
    after: Option<Uuid>,
    before: Option<Uuid>,
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

/// `GET /desk/taxpayers`.
pub async fn show(
    State(app): State<App>,
    operator: Operator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let q: String = text::one_line(&asked.q).chars().take(TEXT_CHARS).collect();
    let hall = Hall::enter(&app, &operator).await?;
    let found = found(&app, operator.row.organisation_id, &q, &asked).await?;
    let href = |name: &'static str, row: &Model| {
        let mut question = vec![(name, row.id.to_string())];
        if !q.is_empty() {
            question.insert(0, ("q", q.clone()));
        }
        address("/desk/taxpayers", &question)
    };
    let page = Page {
        frame: hall.frame("taxpayers", asked.done),
        pages: Pages::around(&found, href),
        rows: rows(&app, operator.row.organisation_id, found.rows).await?,
        may_import: operator.is_administrator(),
        q,
    };
    Ok(templates::render("pages/taxpayers.html", page)?.into_response())
}

async fn found(app: &App, organisation: Uuid, q: &str, asked: &Asked) -> Result<store::Page<Model>> {
    let words = match sought(q) {
        Sought::Words(words) => words,
        Sought::Email(_) | Sought::Code(_) => String::new(),
    };
    let db = &app.desk.db.read;
    if q.is_empty() || !words.is_empty() {
        let from = from(app, organisation, asked).await?;
        let by_name = store::taxpayer::list(db, organisation, &words, &from, PAGE).await?;
        if !by_name.rows.is_empty() || q.is_empty() || from != Seek::Start {
            return Ok(by_name);
        }
    }
    let rows = search(app, organisation, q, PAGE).await?;
    Ok(store::Page { rows, has_previous: false, has_next: false })
}

/// The page that begins behind or ends before a record.
async fn from(app: &App, organisation: Uuid, asked: &Asked) -> Result<Seek<ListKey>> {
    let Some(id) = asked.after.or(asked.before) else { return Ok(Seek::Start) };
    let Some(row) = store::taxpayer::by_id(&app.desk.db.read, organisation, id).await? else {
        return Ok(Seek::Start);
    };
    let key = (row.name_folded, row.id);
    Ok(if asked.after.is_some() { Seek::After(key) } else { Seek::Before(key) })
}

async fn rows(app: &App, organisation: Uuid, taxpayers: Vec<Model>) -> Result<Vec<Row>> {
    let ids: Vec<Uuid> = taxpayers.iter().map(|taxpayer| taxpayer.id).collect();
    let mut contacts: HashMap<Uuid, Vec<String>> = HashMap::new();
    for contact in store::taxpayer::contacts_of(&app.desk.db.read, organisation, &ids).await? {
        contacts.entry(contact.taxpayer_id).or_default().push(contact.address);
    }
    let row = |taxpayer: Model| Row {
        href: path_of(taxpayer.id),
        contacts: contacts.remove(&taxpayer.id).unwrap_or_default(),
        name: taxpayer.name,
        code: taxpayer.code,
        fiscal_code: taxpayer.fiscal_code,
        address: taxpayer.address,
    };
    Ok(taxpayers.into_iter().map(row).collect())
}
