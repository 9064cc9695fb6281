//! The archive, newest first.

use std::collections::HashMap;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use entity::{io_message::Model, io_service};
use serde::Serialize;
use uuid::Uuid;

use super::{
    HERE, export, path_of,
    view::{Asked, Chip, Choice, Fields, states},
    words,
};
use crate::{
    app::App,
    store,
    web::{
        error::Result,
        frame::{Frame, Hall},
        page_key::Pages,
        request::Query,
        session::Operator,
        templates,
        words::count,
        work_order::{number_of, path_of as path_of_order},
    },
};

/// Rows of a page.
const PAGE: usize = 50;

/// Context of `pages/io.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    services: Vec<Choice>,
    states: Vec<Choice>,
    filters: Fields,
    chips: Vec<Chip>,
    clear_href: &'static str,
    export_href: String,
    export_most: String,
    /// Filters that are none.
    nonsense: Vec<String>,
    /// How far back was searched, where that was not everything.
    searched: Option<String>,
    rows: Vec<Row>,
    pages: Pages,
}

#[derive(Serialize)]
struct Row {
    href: String,
    at: DateTime<Utc>,
    title: String,
    purpose: &'static str,
    recipient: String,
    service: String,
    state: words::Shown,
    order: Option<Order>,
}

/// The work order that a row is about.
#[derive(Clone, Serialize)]
pub struct Order {
    number: String,
    href: String,
    subject: String,
}

impl Order {
    /// What is said of a work order beside a notification.
    pub fn new(order: &entity::work_order::Model) -> Self {
        let number = number_of(order).to_string();
        Self { number, href: path_of_order(order), subject: order.subject.clone() }
    }

    /// What people call it.
    pub fn number(&self) -> &str {
        &self.number
    }
}

/// `GET /desk/io`.
pub async fn show(
    State(app): State<App>,
    operator: Operator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let hall = Hall::enter(&app, &operator).await?;
    let (db, organisation, view) = (&app.desk.db.read, hall.organisation.id, asked.view());
    let services = store::io_service::all(db, organisation).await?;
    let filter = view.filter(&app, organisation).await?;
    let found = store::io_message::page(db, organisation, &filter, &asked.seek(), PAGE).await?;
    let page = Page {
        frame: hall.frame("io", asked.done),
        pages: Pages::around(&found, |name, row: &Model| view.href(HERE, Some((name, row.id.to_string())))),
        rows: rows(&app, organisation, found.rows, &services).await?,
        nonsense: asked.nonsense(&services, &filter),
        searched: filter.floor.map(|_| count(i64::try_from(store::io_message::SEARCHED).unwrap_or(i64::MAX))),
        chips: view.chips(&services),
        services: services.into_iter().map(|service| Choice::new(service.id, service.name)).collect(),
        states: states(),
        filters: view.fields(),
        clear_href: HERE,
        export_most: count(export::MOST.cast_signed() as i64),
        export_href: view.href(&format!("{HERE}/export.xlsx"), None),
    };
    Ok(templates::render("pages/io.html", page)?.into_response())
}

/// What rows say beside themselves, read for all of them together.
pub struct Beside {
    names: HashMap<Uuid, String>,
    orders: HashMap<Uuid, Order>,
}

impl Beside {
    /// Reads it.
    pub async fn read(app: &App, organisation: Uuid, rows: &[Model]) -> Result<Self> {
        let db = &app.desk.db.read;
        let taxpayers = rows.iter().filter_map(|row| row.taxpayer_id).collect();
        let taxpayers = store::taxpayer::by_ids(db, organisation, taxpayers).await?;
        let orders = rows.iter().filter_map(|row| row.work_order_id).collect();
        let orders = store::work_order::by_ids(db, organisation, orders).await?;
        Ok(Self {
            names: taxpayers.into_iter().map(|one| (one.id, one.name)).collect(),
            orders: orders.into_iter().map(|order| (order.id, Order::new(&order))).collect(),
        })
    }

    /// The taxpayer's name, where the notification was written to one.
    pub fn name(&self, row: &Model) -> Option<&str> {
        self.names.get(&row.taxpayer_id?).map(String::as_str)
    }

    /// The work order.
    pub fn order(&self, row: &Model) -> Option<&Order> {
        self.orders.get(&row.work_order_id?)
    }
}

async fn rows(
    app: &App,
    organisation: Uuid,
    found: Vec<Model>,
    services: &[io_service::Model],
) -> Result<Vec<Row>> {
    let beside = Beside::read(app, organisation, &found).await?;
    let row = |row: Model| Row {
        href: path_of(row.id),
        at: row.created_at,
        purpose: words::purpose(row.purpose),
        recipient: beside.name(&row).map_or_else(|| words::masked(&row.fiscal_code), str::to_owned),
        service: name_of(services, row.io_service_id),
        state: words::state(row.state),
        order: beside.order(&row).cloned(),
        title: row.subject,
    };
    Ok(found.into_iter().map(row).collect())
}

/// The name of a service.
pub fn name_of(services: &[io_service::Model], id: Uuid) -> String {
    services.iter().find(|service| service.id == id).map(|service| service.name.clone()).unwrap_or_default()
}
