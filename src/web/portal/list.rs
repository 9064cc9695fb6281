//! The reports that operators have published, for everybody: a list, which is also how the map is read by those who cannot see
//! one, and the same as data for a map. No word of a citizen's is in it.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use entity::{publication, request_kind, work_order};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Hall,
    map::{self, Map},
};
use crate::{
    app::App,
    domain::form::title,
    store::{self, Page},
    web::{
        error::{Error, Result},
        page_key::{self, Pages},
        request::{Query, address},
    },
};

/// Reports on one page.
const PAGE: usize = 20;
/// Reports on the map: the newest.
const ON_MAP: usize = 200;

/// Context of `portal/list.html`.
#[derive(Serialize)]
struct List {
    rows: Vec<Row>,
    pages: Pages,
    map: Option<Map>,
    /// Where the reports of the map are, as data.
    data: String,
}

#[derive(Serialize)]
struct Row {
    title: String,
    text: String,
    address: String,
    kind: String,
    /// The end of a key `site-list-…`.
    state: &'static str,
    /// It is done.
    closed: bool,
    published_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    position: Option<[f64; 2]>,
}

/// Where the page begins.
#[derive(Debug, Deserialize)]
pub struct Asked {
    after: Option<String>,
    before: Option<String>,
}

/// `GET elenco`.
pub async fn show(State(app): State<App>, hall: Hall, Query(asked): Query<Asked>) -> Result<Response> {
    listed(&hall)?;
    let from = page_key::page(asked.after.as_deref(), asked.before.as_deref());
    let db = &app.desk.db.read;
    let page = store::publication::list(db, hall.organisation.id, &from, PAGE).await?;
    let here = hall.href("/elenco");
    let pages = Pages::around(&page, |way, row: &publication::Model| {
        address(&here, &[(way, page_key::written((row.published_at, row.work_order_id)))])
    });
    let rows = rows(&app, &hall, page).await?;
    let data = hall.href("/elenco.json");
    let map = map::of(&app).filter(|_| !rows.is_empty());
    let has_map = map.is_some();
    let page = hall.page("portal/list.html", List { rows, pages, map, data })?;
    Ok(if has_map { map::allowed(&app, page) } else { page })
}

/// `GET elenco.json`: the newest reports that have a position (degrees north, degrees east; WGS 84).
pub async fn data(State(app): State<App>, hall: Hall) -> Result<Response> {
    listed(&hall)?;
    let from = store::Seek::Start;
    let page = store::publication::list(&app.desk.db.read, hall.organisation.id, &from, ON_MAP).await?;
    let mut rows = rows(&app, &hall, page).await?;
    rows.retain(|row| row.position.is_some());
    Ok(Json(rows).into_response())
}

fn listed(hall: &Hall) -> Result<()> {
    if hall.portal.listed { Ok(()) } else { Err(Error::NotFound) }
}

async fn rows(app: &App, hall: &Hall, page: Page<publication::Model>) -> Result<Vec<Row>> {
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let ids: Vec<Uuid> = page.rows.iter().map(|row| row.work_order_id).collect();
    let orders = store::work_order::by_ids(db, organisation, ids).await?;
    let kinds = store::organisation::kinds(db, organisation).await?;
    let row = |report: publication::Model| {
        let order = orders.iter().find(|order| order.id == report.work_order_id);
        Row {
            kind: order.map(|order| kind_of(hall, &kinds, order)).unwrap_or_default(),
            state: order.map_or("open", state),
            closed: order.is_some_and(|order| order.closed_at.is_some()),
            position: report.latitude.zip(report.longitude).map(|(north, east)| [north, east]),
            title: report.title,
            text: report.text,
            address: report.address,
            published_at: report.published_at,
        }
    };
    Ok(page.rows.into_iter().map(row).collect())
}

/// Nobody works yet on what is new: saying so would promise too much.
fn state(order: &work_order::Model) -> &'static str {
    match order.status {
        work_order::Status::New => "new",
        work_order::Status::InProgress | work_order::Status::Waiting => "open",
        work_order::Status::Closed => "closed",
    }
}

fn kind_of(hall: &Hall, kinds: &[request_kind::Model], order: &work_order::Model) -> String {
    let Some(kind) = kinds.iter().find(|kind| kind.id == order.kind_id) else { return String::new() };
    title(kind, hall.language)
}
