//! What everybody may read: notices of disruption, and reports that an operator has published.

use std::collections::HashMap;

use axum::{Json, extract::State, http::HeaderMap};
use chrono::{DateTime, Duration, Utc};
use entity::{
    language::Language,
    notice::{Model, State as NoticeState},
    publication,
    work_order::Status,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    cursor::{self, Page, Paging},
    door::Hall,
    input::{AcceptLanguage, At, ById, In, Org, Query, Spoken},
    problem::{Problem, Refusals, Result},
    requests::StatusName,
};
use crate::{
    app::App,
    domain::number::Number,
    store::{self, Seek},
};

/// For so many days a notice that is over is still listed.
const SHOWN_DAYS: i64 = 7;

/// A notice of disruption.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeOut {
    /// Identifier.
    id: Uuid,
    /// Where it stands.
    #[schema(value_type = NoticeStateName)]
    state: NoticeState,
    /// What is down, in a line.
    #[schema(example = "Raccolta sospesa in centro")]
    title: String,
    /// What happened and what is done about it.
    #[schema(example = "Un guasto ferma i mezzi fino a sera.")]
    text: String,
    /// What it means for citizens; may be empty.
    #[schema(example = "Carta e plastica restano in strada oggi.")]
    impact: String,
    /// What they can do meanwhile; may be empty.
    #[schema(example = "Il centro di raccolta è aperto fino alle 18.")]
    alternatives: String,
    /// What is said now that it is over; empty until then.
    #[schema(example = "")]
    restored: String,
    /// Streets or areas concerned; none: everywhere.
    #[schema(example = json!(["Via Solferino"]))]
    streets: Vec<String>,
    /// Services that it explains; none: all.
    #[schema(example = json!(["disruption"]))]
    kinds: Vec<String>,
    /// From when.
    starts_at: DateTime<Utc>,
    /// Until when, as far as known.
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_at: Option<DateTime<Utc>>,
    /// When it was over.
    #[serde(skip_serializing_if = "Option::is_none")]
    restored_at: Option<DateTime<Utc>>,
    /// When it was last changed.
    updated_at: DateTime<Utc>,
}

/// Where a notice stands.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "stands in the document for entity::notice::State")]
pub enum NoticeStateName {
    /// In force, or about to be.
    Published,
    /// It is over.
    Restored,
}

/// Notices.
#[derive(Debug, Serialize, ToSchema)]
pub struct Notices {
    /// Those in force, the latest beginning first, then those that have ended within a week.
    items: Vec<NoticeOut>,
}

/// Lists the notices of disruption.
///
/// In force or about to be, and those that have ended within a week. Needs no key while the portal is open.
#[utoipa::path(
    get,
    operation_id = "listNotices", path = "/{org}/notices", tag = "Notices", params(Org, In, AcceptLanguage),
    responses((status = 200, body = Notices), Refusals)
)]
pub async fn list(
    State(app): State<App>,
    hall: Hall,
    spoken: Spoken,
    Query(asked): Query<In>,
) -> Result<Json<Notices>> {
    let (db, organisation) = (&app.desk.db.read, hall.cx.organisation);
    let codes = codes(&app, organisation).await?;
    let mut rows = store::notice::current(db, organisation).await?;
    let since = hall.cx.now - Duration::days(SHOWN_DAYS);
    rows.extend(store::notice::restored_since(db, organisation, since).await?);
    Ok(Json(Notices { items: rows.into_iter().map(|row| written(row, asked.or(spoken), &codes)).collect() }))
}

/// Reads a notice.
///
/// Needs no key while the portal is open.
#[utoipa::path(
    get,
    operation_id = "readNotice", path = "/{org}/notices/{id}", tag = "Notices",
    params(Org, ById, In, AcceptLanguage),
    responses((status = 200, body = NoticeOut), Refusals)
)]
pub async fn one(
    State(app): State<App>,
    hall: Hall,
    At(at): At<ById>,
    spoken: Spoken,
    Query(asked): Query<In>,
) -> Result<Json<NoticeOut>> {
    let (db, organisation) = (&app.desk.db.read, hall.cx.organisation);
    let found = store::notice::by_id(db, organisation, at.id).await?;
    let public = |notice: &Model| matches!(notice.state, NoticeState::Published | NoticeState::Restored);
    let notice = found.filter(public).ok_or_else(Problem::not_found)?;
    Ok(Json(written(notice, asked.or(spoken), &codes(&app, organisation).await?)))
}

async fn codes(app: &App, organisation: Uuid) -> Result<HashMap<Uuid, String>> {
    let kinds = store::organisation::kinds(&app.desk.db.read, organisation).await?;
    Ok(kinds.into_iter().map(|kind| (kind.id, kind.code)).collect())
}

fn written(row: Model, language: Language, codes: &HashMap<Uuid, String>) -> NoticeOut {
    NoticeOut {
        id: row.id,
        state: row.state,
        title: row.title.in_(language).to_owned(),
        text: row.text.in_(language).to_owned(),
        impact: row.impact.in_(language).to_owned(),
        alternatives: row.alternatives.in_(language).to_owned(),
        restored: row.restored.in_(language).to_owned(),
        streets: row.streets.0,
        kinds: row.kinds.0.iter().filter_map(|id| codes.get(id).cloned()).collect(),
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        restored_at: row.restored_at,
        updated_at: row.updated_at,
    }
}

/// A report that an operator has published: no word of its citizen.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReportOut {
    /// The number of the request.
    #[schema(example = "2026/000123")]
    number: String,
    /// The word of its service.
    #[schema(example = "disruption")]
    kind: String,
    /// Where it stands.
    #[schema(value_type = StatusName)]
    status: Status,
    /// In a line.
    #[schema(example = "Cassonetto rotto")]
    title: String,
    /// What everybody may read.
    #[schema(example = "Il coperchio non si chiude.")]
    text: String,
    /// Where.
    #[schema(example = "Via Solferino, Brescia")]
    address: String,
    /// Degrees north (WGS 84), rounded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 45.54)]
    latitude: Option<f64>,
    /// Degrees east, rounded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 10.22)]
    longitude: Option<f64>,
    /// When it was published.
    published_at: DateTime<Utc>,
}

const REPORTS: &str = "reports";

/// Lists published reports.
///
/// Newest first. Needs no key while the portal is open; empty where the organisation shows none.
#[utoipa::path(
    get,
    operation_id = "listReports", path = "/{org}/reports", tag = "Reports", params(Org, Paging),
    responses(
        (status = 200, body = Page<ReportOut>, headers(("Link" = Option<String>, description = "The next page (RFC 8288)"))),
        Refusals
    )
)]
pub async fn reports(
    State(app): State<App>,
    hall: Hall,
    Query(paging): Query<Paging>,
) -> Result<(HeaderMap, Json<Page<ReportOut>>)> {
    let (db, keys, organisation) = (&app.desk.db.read, &app.desk.keys, hall.cx.organisation);
    let (after, limit) = paging.read(keys, REPORTS)?;
    let key = after.and_then(|(at, id)| Some((DateTime::from_timestamp_micros(at)?, id)));
    let from = key.map_or(Seek::Start, Seek::After);
    let rows = if hall.portal.listed {
        let page =
            store::publication::list(db, organisation, &from, usize::try_from(limit).unwrap_or(usize::MAX))
                .await?;
        (page.rows, page.has_next)
    } else {
        (Vec::new(), false)
    };
    let (rows, more) = rows;
    let next = rows
        .last()
        .filter(|_| more)
        .map(|last| cursor::seal(keys, REPORTS, (last.published_at.timestamp_micros(), last.work_order_id)));
    let items = with_orders(&app, organisation, rows).await?;
    Ok(Page { items, next }.answer(&format!("/api/v1/{}/reports", hall.portal.slug), limit))
}

async fn with_orders(app: &App, organisation: Uuid, rows: Vec<publication::Model>) -> Result<Vec<ReportOut>> {
    let ids = rows.iter().map(|row| row.work_order_id).collect();
    let orders = store::work_order::by_ids(&app.desk.db.read, organisation, ids).await?;
    let orders: HashMap<Uuid, _> = orders.into_iter().map(|order| (order.id, order)).collect();
    let codes = codes(app, organisation).await?;
    let written = |row: publication::Model| {
        let order = orders.get(&row.work_order_id)?;
        Some(ReportOut {
            number: Number { year: order.year, number: order.number }.to_string(),
            kind: codes.get(&order.kind_id).cloned().unwrap_or_default(),
            status: order.status,
            title: row.title,
            text: row.text,
            address: row.address,
            latitude: row.latitude,
            longitude: row.longitude,
            published_at: row.published_at,
        })
    };
    Ok(rows.into_iter().filter_map(written).collect())
}
