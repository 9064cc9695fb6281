//! Reports as everybody may read them, and those of the app that asks.

use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::Response,
};
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use entity::{
    language::Language,
    publication, request_kind,
    work_order::{self, Status},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{answer::Format, door::Visit, services};
use crate::{
    app::App,
    domain::{form, link, number::Number},
    store::{self, report::Filter},
    web::api::{
        door::Admitted,
        problem::{Problem, Result},
    },
};

/// The standard: without dates, ninety days; never more than a thousand.
const DAYS: i64 = 90;
const MOST: u64 = 1_000;
/// Reports that may be asked for by number.
const NUMBERS: usize = 100;

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
pub struct Wanted {
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
    visit: Visit,
    wanted: std::result::Result<Query<Wanted>, QueryRejection>,
) -> Response {
    let wanted = wanted.map(|Query(wanted)| wanted).unwrap_or_default();
    match visit.word.as_str() {
        "services" => visit.end(services::list(&app, &visit).await),
        "discovery" => visit.end(Ok(discovery(&app, &visit.admitted))),
        "requests" => visit.end(list(&app, &visit, &wanted).await.map(written)),
        _ => visit.end(Err::<fn(Format) -> Response, _>(Problem::not_found())),
    }
}

/// `GET /open311/{org}/v2/requests/{number}.{json,xml}`.
pub async fn one(State(app): State<App>, visit: Visit) -> Response {
    let found = by_numbers(&app, &visit, [visit.word.as_str()].into_iter()).await;
    let there = |found: Vec<Report>| if found.is_empty() { Err(Problem::not_found()) } else { Ok(found) };
    visit.end(found.and_then(there).map(written))
}

/// `GET /open311/{org}/v2/tokens/{token}.{json,xml}`: whether what waited has got its number.
pub async fn token(State(app): State<App>, visit: Visit) -> Response {
    let found = of_token(&app, &visit).await;
    visit.end(found.map(|found| {
        move |format: Format| {
            let all = [found];
            format.answer(StatusCode::OK, &all, "service_requests", &Tokens { request: &all })
        }
    }))
}

async fn of_token(app: &App, visit: &Visit) -> Result<Token> {
    let id = link::draft_of(&app.desk.keys, &visit.word).ok_or_else(Problem::not_found)?;
    let (db, organisation) = (&app.desk.db.read, visit.admitted.hall.cx.organisation);
    let sent = store::submission::by_id(db, organisation, id).await?.ok_or_else(Problem::not_found)?;
    let order = match sent.work_order_id {
        Some(order) => store::work_order::by_id(db, organisation, order).await?,
        None => None,
    };
    Ok(Token { token: visit.word.clone(), service_request_id: order.as_ref().map(number_of) })
}

fn number_of(order: &work_order::Model) -> String {
    Number { year: order.year, number: order.number }.slug()
}

fn discovery(app: &App, admitted: &Admitted) -> impl FnOnce(Format) -> Response + use<> {
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
    move |format| format.answer(StatusCode::OK, &json, "discovery", &found)
}

fn written(reports: Vec<Report>) -> impl FnOnce(Format) -> Response {
    move |format| {
        let xml = Reports { request: &reports };
        format.answer(StatusCode::OK, &reports, "service_requests", &xml)
    }
}

async fn list(app: &App, visit: &Visit, wanted: &Wanted) -> Result<Vec<Report>> {
    if let Some(numbers) = wanted.service_request_id.as_deref().filter(|numbers| !numbers.is_empty()) {
        return by_numbers(app, visit, numbers.split(',').take(NUMBERS)).await;
    }
    let hall = &visit.admitted.hall;
    let scribe = Scribe::new(app, visit).await?;
    let filter = wanted.filter(&scribe.kinds, hall.cx.now)?;
    let found = match filter {
        Some(filter) if hall.portal.listed => {
            store::report::published(&app.desk.db.read, hall.cx.organisation, &filter, MOST).await?
        }
        _ => Vec::new(),
    };
    Ok(scribe.write(&found))
}

/// The reports of these numbers, in their order: those that are published, and those that the app which asks has sent.
async fn by_numbers(app: &App, visit: &Visit, numbers: impl Iterator<Item = &str>) -> Result<Vec<Report>> {
    let numbers: Vec<Number> = numbers.filter_map(|number| number.trim().parse().ok()).collect();
    let Admitted { hall, key } = &visit.admitted;
    let asks = (hall.portal.listed, key.as_ref().map(|key| key.id));
    let mut found =
        store::report::of_numbers(&app.desk.db.read, hall.cx.organisation, &numbers, asks).await?;
    let place = |order: &work_order::Model| {
        numbers.iter().position(|number| (number.year, number.number) == (order.year, order.number))
    };
    found.sort_by_key(|(order, _)| place(order));
    // What the app itself has sent comes back to it, place and all; everybody else gets what was published.
    let own: Vec<Uuid> =
        found.iter().filter(|(_, published)| published.is_none()).map(|(order, _)| order.id).collect();
    let places = store::place::of_orders(&app.desk.db.read, hall.cx.organisation, &own).await?;
    let mut reports = Scribe::new(app, visit).await?.write(&found);
    for place in places {
        let order = found.iter().find(|(order, _)| order.id == place.work_order_id);
        let number = order.map(|(order, _)| number_of(order));
        for report in reports.iter_mut().filter(|report| Some(&report.service_request_id) == number.as_ref())
        {
            report.address.clone_from(&place.address);
            (report.lat, report.long) = (place.latitude, place.longitude);
        }
    }
    Ok(reports)
}

impl Wanted {
    /// What to look for; nothing when only services are asked for that there are not.
    fn filter(&self, kinds: &[request_kind::Model], now: DateTime<Utc>) -> Result<Option<Filter>> {
        let to = time("end_date", self.end_date.as_deref())?.unwrap_or(now);
        let usual = to.checked_sub_signed(Duration::days(DAYS)).unwrap_or(DateTime::UNIX_EPOCH);
        // GeoReport lets a client ask for ninety days at most.
        let from = time("start_date", self.start_date.as_deref())?.unwrap_or(usual).max(usual);
        let (services, statuses) = (words(self.service_code.as_deref()), words(self.status.as_deref()));
        if statuses.iter().any(|status| !["open", "closed"].contains(status)) {
            return Err(Problem::field("status", "Ask for open, closed or both."));
        }
        let open = match (statuses.contains(&"open"), statuses.contains(&"closed")) {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        };
        let asked = kinds.iter().filter(|kind| services.contains(&kind.code.as_str())).map(|kind| kind.id);
        let kinds: Vec<Uuid> = asked.collect();
        Ok((services.is_empty() || !kinds.is_empty()).then_some(Filter { kinds, open, from, to }))
    }
}

fn words(text: Option<&str>) -> Vec<&str> {
    text.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty()).collect()
}

fn time(name: &str, text: Option<&str>) -> Result<Option<DateTime<Utc>>> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let read = DateTime::parse_from_rfc3339(text).map(|time| Some(time.to_utc()));
    read.map_err(|_| Problem::field(name, "Write it as 2026-11-22T00:00:00Z."))
}

/// Writes reports. What is the same for all of them is asked for once.
struct Scribe {
    agency: String,
    kinds: Vec<request_kind::Model>,
    language: Language,
}

impl Scribe {
    async fn new(app: &App, visit: &Visit) -> Result<Self> {
        let (db, organisation) = (&app.desk.db.read, visit.admitted.hall.cx.organisation);
        let agency = store::organisation::by_id(db, organisation).await?;
        let kinds = store::organisation::kinds(db, organisation).await?;
        let agency = agency.map(|organisation| organisation.name).unwrap_or_default();
        Ok(Self { agency, kinds, language: visit.language })
    }

    fn write(&self, found: &[store::report::Report]) -> Vec<Report> {
        found.iter().filter_map(|(order, published)| self.report(order, published.as_ref())).collect()
    }

    fn report(&self, order: &work_order::Model, published: Option<&publication::Model>) -> Option<Report> {
        let kind = self.kinds.iter().find(|kind| kind.id == order.kind_id)?;
        let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let public = |row: &publication::Model| {
            if row.text.is_empty() { row.title.clone() } else { row.text.clone() }
        };
        Some(Report {
            service_request_id: number_of(order),
            status: if order.status == Status::Closed { "closed" } else { "open" },
            status_notes: "",
            service_name: form::title(kind, self.language),
            service_code: kind.code.clone(),
            description: published.map_or_else(|| order.subject.clone(), public),
            agency_responsible: self.agency.clone(),
            service_notice: "",
            requested_datetime: time(order.received_at),
            updated_datetime: time(order.closed_at.unwrap_or(order.received_at)),
            expected_datetime: time(order.due_at),
            address: published.map(|row| row.address.clone()).unwrap_or_default(),
            address_id: "",
            zipcode: "",
            lat: published.and_then(|row| row.latitude),
            long: published.and_then(|row| row.longitude),
            media_url: "",
        })
    }
}
