//! The notices, newest first.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use entity::notice::{self, Model};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{HERE, path_of};
use crate::{
    app::App,
    store::{self, Seek},
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

/// Context of `pages/notices.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    rows: Vec<Row>,
    pages: Pages,
}

#[derive(Serialize)]
struct Row {
    href: String,
    title: String,
    state: notice::State,
    streets: Vec<String>,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    restored_at: Option<DateTime<Utc>>,
}

/// The query. What makes no sense is left out.
#[derive(Debug, Deserialize)]
pub struct Asked {
    after: Option<String>,
    before: Option<String>,
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

/// `GET /desk/notices`.
pub async fn show(
    State(app): State<App>,
    operator: Operator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let hall = Hall::enter(&app, &operator).await?;
    let key = |key: &Option<String>| key.as_deref().and_then(|key| Uuid::try_parse(key).ok());
    let from = match (key(&asked.after), key(&asked.before)) {
        (Some(id), _) => Seek::After(id),
        (None, Some(id)) => Seek::Before(id),
        (None, None) => Seek::Start,
    };
    let found = store::notice::page(&app.desk.db.read, hall.organisation.id, &from, PAGE).await?;
    let row = |row: Model| Row {
        href: path_of(row.id),
        title: row.title.it,
        state: row.state,
        streets: row.streets.0,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        restored_at: row.restored_at,
    };
    let page = Page {
        frame: hall.frame("notices", asked.done),
        pages: Pages::around(&found, |name, row: &Model| address(HERE, &[(name, row.id.to_string())])),
        rows: found.rows.into_iter().map(row).collect(),
    };
    Ok(templates::render("pages/notices.html", page)?.into_response())
}
