//! Reports as everybody may read them, and those of the app that asks.

use axum::{
    extract::{Path, Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
};
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use entity::{
    publication, request_kind, submission,
    work_order::{self, Status},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    answer::{Format, split},
    services::{self, Reader},
};
use crate::{
    app::App,
    domain::{link, number::Number},
    store::{self, Seek},
    web::{
        api::{
            door::{self, Admitted},
            problem::{Problem, Result},
        },
        limit::Limits,
        request::Peer,
    },
};

/// The standard: without dates, ninety days; never more than a thousand.
const DAYS: i64 = 90;
const MOST: usize = 1_000;
/// Reports that are looked at in one query, and queries of one answer.
const ROWS: usize = 100;
const QUERIES: usize = 20;

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
    api_key: Option<String>,
    service_request_id: Option<String>,
    service_code: Option<String>,
    start_date: Option<String>,
    end_date: Option<String>,
    status: Option<String>,
}

#[derive(Serialize)]
struct Report {
    service_request_id: String,
    status: &'static str,
    status_notes: &'static str,
    service_name: String,
    service_code: String,
    description: String,
    agency_responsible: String,
    service_notice: &'static str,
    requested_datetime: String,
    updated_datetime: String,
    expected_datetime: String,
    address: String,
    address_id: &'static str,
    zipcode: &'static str,
    lat: Option<f64>,
    long: Option<f64>,
    media_url: &'static str,
}

#[derive(Serialize)]
struct Reports<'a> {
    request: &'a [Report],
}

#[derive(Serialize)]
struct Token {
    token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_request_id: Option<String>,
}

#[derive(Serialize)]
struct Tokens<'a> {
    request: &'a [Token],
}

#[derive(Serialize)]
struct Discovery {
    changeset: &'static str,
    contact: String,
    key_service: String,
    endpoints: Endpoints,
}

#[derive(Serialize)]
struct Endpoints {
    endpoint: Vec<Endpoint>,
}

#[derive(Clone, Serialize)]
struct Endpoint {
    specification: &'static str,
    url: String,
    changeset: &'static str,
    r#type: &'static str,
    formats: Formats,
}

#[derive(Clone, Serialize)]
struct Formats {
    format: [&'static str; 2],
}

/// `GET /open311/{org}/v2/{discovery,services,requests}.{json,xml}`.
pub async fn top(
    State(app): State<App>,
    limits: Limits,
    peer: Peer,
    Path((org, file)): Path<(String, String)>,
    wanted: std::result::Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let Some((name, format)) = split(&file) else { return Format::Json.refuse(&Problem::not_found()) };
    let wanted = wanted.map(|Query(wanted)| wanted).unwrap_or_default();
    let (admitted, standing) = door::admit(&app, &limits, peer, &org, wanted.api_key.as_deref()).await;
    let answered = match (admitted, name) {
        (Ok(admitted), "services") => services::list(&app, &admitted.hall, format).await,
        (Ok(admitted), "discovery") => Ok(discovery(&app, &admitted, format)),
        (Ok(admitted), "requests") => list(&app, &admitted, &wanted, format).await,
        (Ok(_), _) => Err(Problem::not_found()),
        (Err(problem), _) => Err(problem),
    };
    let mut answer = answered.unwrap_or_else(|problem| format.refuse(&problem));
    if let Some(standing) = standing {
        standing.write(answer.headers_mut());
    }
    answer
}

/// `GET /open311/{org}/v2/requests/{number}.{json,xml}`.
pub async fn one(
    State(app): State<App>,
    limits: Limits,
    peer: Peer,
    Path((org, file)): Path<(String, String)>,
    reader: std::result::Result<Query<Reader>, QueryRejection>,
) -> Response {
    let Some((number, format)) = split(&file) else { return Format::Json.refuse(&Problem::not_found()) };
    let key = reader.ok().and_then(|Query(reader)| reader.api_key);
    let (admitted, _) = door::admit(&app, &limits, peer, &org, key.as_deref()).await;
    let found = match admitted {
        Ok(admitted) => by_number(&app, &admitted, number).await,
        Err(problem) => Err(problem),
    };
    match found {
        Ok(Some(report)) => written(format, &[report]),
        Ok(None) => format.refuse(&Problem::not_found()),
        Err(problem) => format.refuse(&problem),
    }
}

/// `GET /open311/{org}/v2/tokens/{token}.{json,xml}`: whether what waited has got its number.
pub async fn token(
    State(app): State<App>,
    limits: Limits,
    peer: Peer,
    Path((org, file)): Path<(String, String)>,
) -> Response {
    let Some((token, format)) = split(&file) else { return Format::Json.refuse(&Problem::not_found()) };
    let (admitted, _) = door::admit(&app, &limits, peer, &org, None).await;
    let found = match admitted {
        Ok(admitted) => of_token(&app, &admitted, token).await,
        Err(problem) => Err(problem),
    };
    match found {
        Ok(found) => {
            let all = [found];
            format.answer(StatusCode::OK, &all, "service_requests", &Tokens { request: &all })
        }
        Err(problem) => format.refuse(&problem),
    }
}

async fn of_token(app: &App, admitted: &Admitted, token: &str) -> Result<Token> {
    let id = link::draft_of(&app.desk.keys, token).ok_or_else(Problem::not_found)?;
    let (db, organisation) = (&app.desk.db.read, admitted.hall.cx.organisation);
    let sent = store::submission::by_id(db, organisation, id).await?.ok_or_else(Problem::not_found)?;
    let order = match sent.work_order_id {
        Some(order) => store::work_order::by_id(db, organisation, order).await?,
        None => None,
    };
    Ok(Token { token: token.to_owned(), service_request_id: order.as_ref().map(number_of) })
}

fn number_of(order: &work_order::Model) -> String {
    Number { year: order.year, number: order.number }.slug()
}

fn discovery(app: &App, admitted: &Admitted, format: Format) -> Response {
    const SINCE: &str = "2026-11-22T00:00:00Z";
    let url = app.config.public_url();
    let endpoint = Endpoint {
        specification: "http://wiki.open311.org/GeoReport_v2",
        url: format!("{url}/open311/{}/v2", admitted.hall.portal.slug),
        changeset: SINCE,
        r#type: "production",
        formats: Formats { format: ["application/json", "text/xml"] },
    };
    let found = Discovery {
        changeset: SINCE,
        contact: app.desk.portal_url(&admitted.hall.portal),
        key_service: format!("{url}/api/v1"),
        endpoints: Endpoints { endpoint: vec![endpoint] },
    };
    let json = serde_json::json!({
        "changeset": found.changeset,
        "contact": found.contact,
        "key_service": found.key_service,
        "endpoints": found.endpoints.endpoint.iter().map(|one| serde_json::json!({
            "specification": one.specification, "url": one.url, "changeset": one.changeset, "type": one.r#type,
            "formats": one.formats.format,
        })).collect::<Vec<_>>(),
    });
    format.answer(StatusCode::OK, &json, "discovery", &found)
}

fn written(format: Format, reports: &[Report]) -> Response {
    format.answer(StatusCode::OK, &reports, "service_requests", &Reports { request: reports })
}

async fn list(app: &App, admitted: &Admitted, wanted: &Wanted, format: Format) -> Result<Response> {
    if let Some(ids) = wanted.service_request_id.as_deref().filter(|ids| !ids.is_empty()) {
        let mut found = Vec::new();
        for number in ids.split(',').map(str::trim).take(ROWS) {
            found.extend(by_number(app, admitted, number).await?);
        }
        return Ok(written(format, &found));
    }
    let filter = Filter::read(wanted, admitted.hall.cx.now)?;
    let mut found = Vec::new();
    let mut from = Seek::Start;
    let (db, organisation) = (&app.desk.db.read, admitted.hall.cx.organisation);
    let kinds = store::organisation::kinds(db, organisation).await?;
    for _ in 0..QUERIES {
        if !admitted.hall.portal.listed || found.len() >= MOST {
            break;
        }
        let page = store::publication::list(db, organisation, &from, ROWS).await?;
        let Some(last) = page.rows.last() else { break };
        let (next, more) = (Seek::After((last.published_at, last.work_order_id)), page.has_next);
        let ids: Vec<Uuid> = page.rows.iter().map(|row| row.work_order_id).collect();
        let orders = store::work_order::by_ids(db, organisation, ids).await?;
        for row in &page.rows {
            let order = orders.iter().find(|order| order.id == row.work_order_id);
            let kind = order.and_then(|order| kinds.iter().find(|kind| kind.id == order.kind_id));
            if let (Some(order), Some(kind)) = (order, kind)
                && filter.takes(order, kind)
            {
                found.push(report(app, admitted, order, kind, Some(row)).await?);
            }
        }
        if !more {
            break;
        }
        from = next;
    }
    found.truncate(MOST);
    Ok(written(format, &found))
}

struct Filter {
    services: Vec<String>,
    statuses: Vec<String>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

impl Filter {
    fn read(wanted: &Wanted, now: DateTime<Utc>) -> Result<Self> {
        let words = |text: &Option<String>| -> Vec<String> {
            let words = text.as_deref().unwrap_or_default().split(',').map(str::trim);
            words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let time = |name: &str, text: &Option<String>| match text.as_deref().filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => DateTime::parse_from_rfc3339(text)
                .map(|time| Some(time.to_utc()))
                .map_err(|_| Problem::field(name, "Write it as 2026-11-22T00:00:00Z.")),
        };
        let to = time("end_date", &wanted.end_date)?.unwrap_or(now);
        let usual = to.checked_sub_signed(Duration::days(DAYS)).unwrap_or(DateTime::UNIX_EPOCH);
        let from = time("start_date", &wanted.start_date)?.unwrap_or(usual);
        let statuses = words(&wanted.status);
        if statuses.iter().any(|status| !["open", "closed"].contains(&status.as_str())) {
            return Err(Problem::field("status", "Ask for open, closed or both."));
        }
        Ok(Self { services: words(&wanted.service_code), statuses, from, to })
    }

    fn takes(&self, order: &work_order::Model, kind: &request_kind::Model) -> bool {
        (self.services.is_empty() || self.services.contains(&kind.code))
            && (self.statuses.is_empty() || self.statuses.iter().any(|status| status == status_of(order)))
            && (self.from..=self.to).contains(&order.received_at)
    }
}

fn status_of(order: &work_order::Model) -> &'static str {
    if order.status == Status::Closed { "closed" } else { "open" }
}

/// The report of a number: if it is published, or if the key that asks is the one that sent it.
async fn by_number(app: &App, admitted: &Admitted, number: &str) -> Result<Option<Report>> {
    let (db, organisation) = (&app.desk.db.read, admitted.hall.cx.organisation);
    let Ok(number) = number.parse::<Number>() else { return Ok(None) };
    let Some(order) = store::work_order::by_number(db, organisation, number).await? else { return Ok(None) };
    let published = if admitted.hall.portal.listed {
        store::publication::of(db, organisation, order.id).await?
    } else {
        None
    };
    if published.is_none() && !is_own(app, admitted, &order).await? {
        return Ok(None);
    }
    let kinds = store::organisation::kinds(db, organisation).await?;
    let Some(kind) = kinds.iter().find(|kind| kind.id == order.kind_id) else { return Ok(None) };
    Ok(Some(report(app, admitted, &order, kind, published.as_ref()).await?))
}

async fn is_own(app: &App, admitted: &Admitted, order: &work_order::Model) -> Result<bool> {
    let Some(key) = &admitted.key else { return Ok(false) };
    let (db, organisation) = (&app.desk.db.read, order.organisation_id);
    let sent: Option<submission::Model> =
        store::submission::of_work_order(db, organisation, order.id).await?;
    Ok(sent.is_some_and(|sent| sent.app_key_id == Some(key.id)))
}

async fn report(
    app: &App,
    admitted: &Admitted,
    order: &work_order::Model,
    kind: &request_kind::Model,
    published: Option<&publication::Model>,
) -> Result<Report> {
    let organisation = store::organisation::by_id(&app.desk.db.read, admitted.hall.cx.organisation).await?;
    let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let description = published.map_or_else(
        || order.subject.clone(),
        |published| if published.text.is_empty() { published.title.clone() } else { published.text.clone() },
    );
    Ok(Report {
        service_request_id: number_of(order),
        status: status_of(order),
        status_notes: "",
        service_name: kind.name.clone(),
        service_code: kind.code.clone(),
        description,
        agency_responsible: organisation.map(|organisation| organisation.name).unwrap_or_default(),
        service_notice: "",
        requested_datetime: time(order.received_at),
        updated_datetime: time(order.closed_at.unwrap_or(order.received_at)),
        expected_datetime: time(order.due_at),
        address: published.map(|published| published.address.clone()).unwrap_or_default(),
        address_id: "",
        zipcode: "",
        lat: published.and_then(|published| published.latitude),
        long: published.and_then(|published| published.longitude),
        media_url: "",
    })
}
