//! The queue: work orders, the most urgent first.

mod chips;
mod rows;
mod view;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{operator, work_order};
use serde::Serialize;
use uuid::Uuid;

use self::{
    chips::{Chip, chips},
    rows::{Row, rows},
    view::View,
};
use super::{
    due::Today,
    error::Result,
    frame::{COUNTED, Frame, Hall, counted},
    page_key::{self, Pages},
    request::Query,
    session::Operator,
    templates,
    work_order::path_of,
};
use crate::{
    app::App,
    domain::{number::Number, text},
    store::{
        self,
        work_order::{AssigneeFilter, QueueFilter, StatusFilter},
    },
};

/// Rows of a page.
const PAGE: usize = 50;

/// Context of `pages/queue.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    title: &'static str,
    views: Vec<ViewLink>,
    filters: Filters,
    kept: Vec<Kept>,
    assignees: Vec<Choice>,
    kinds: Vec<Choice>,
    channels: Vec<Way>,
    chips: Vec<Chip>,
    clear_href: String,
    rows: Vec<Row>,
    /// Their people can be written to on IO.
    notifies: bool,
    pages: Pages,
}

#[derive(Serialize)]
struct ViewLink {
    label: &'static str,
    href: String,
    count: String,
    current: bool,
}

#[derive(Serialize)]
struct Filters {
    status: &'static str,
    assignee: String,
    kind: String,
    channel: &'static str,
    q: String,
    contested: bool,
}

#[derive(Serialize)]
struct Kept {
    name: &'static str,
    value: &'static str,
}

#[derive(Serialize)]
struct Choice {
    value: Uuid,
    label: String,
}

/// A way by which work orders come.
#[derive(Serialize)]
struct Way {
    value: &'static str,
    label: &'static str,
}

/// The views that everybody has, with what they show.
fn views(me: Uuid) -> [(&'static str, View); 6] {
    let all = View::default;
    [
        ("Aperti", all()),
        ("Assegnati a me", View { assignee: AssigneeFilter::One(me), ..all() }),
        ("Da assegnare", View { assignee: AssigneeFilter::Nobody, ..all() }),
        ("In scadenza", View { due_soon: true, ..all() }),
        ("In attesa", View { status: StatusFilter::One(work_order::Status::Waiting), ..all() }),
        ("Chiusi", View { status: StatusFilter::One(work_order::Status::Closed), ..all() }),
    ]
}

/// `GET /desk/queue`.
pub async fn show(
    State(app): State<App>,
    operator: Operator,
    Query(asked): Query<view::Asked>,
) -> Result<Response> {
    let (db, organisation, me) = (&app.desk.db.read, operator.row.organisation_id, operator.row.id);
    let view = View::asked(&asked, me);
    if let Ok(number) = view.q.parse::<Number>()
        && let Some(order) = store::work_order::by_number(db, organisation, number).await?
    {
        return Ok(Redirect::to(&path_of(&order)).into_response());
    }
    let hall = Hall::enter(&app, &operator).await?;
    let today = Today::new(&hall.calendar, operator.cx.now);
    let soon = today.soon;
    let from = page_key::page(asked.after.as_deref(), asked.before.as_deref());
    let page = store::work_order::queue(db, organisation, &filter(&view, soon), &from, PAGE).await?;
    let people = store::operator::all(db, organisation).await?;
    let kinds = store::organisation::kinds(db, organisation).await?;
    let links = links(&app, organisation, &view, me, soon).await?;
    let services = store::io_service::all(db, organisation).await?;
    let title = links.iter().find(|link| link.current).map(|link| link.label);
    let href = |name, order: &work_order::Model| {
        view.href(me, Some((name, page_key::written((order.due_at, order.id)))))
    };
    let context = Page {
        frame: hall.frame("queue", asked.done),
        title: title.unwrap_or("Ricerca"),
        views: links,
        filters: Filters {
            status: view.status_value(),
            assignee: view.assignee_value(me),
            kind: view.kind.map(|id| id.to_string()).unwrap_or_default(),
            channel: view.channel.map_or("", view::channel_value),
            q: view.q.clone(),
            contested: view.contested,
        },
        kept: view.due_soon.then_some(Kept { name: "due", value: "soon" }).into_iter().collect(),
        chips: if title.is_some() { Vec::new() } else { chips(&view, me, &people, &kinds) },
        clear_href: View::default().href(me, None),
        notifies: services.iter().any(|service| service.sends),
        pages: Pages::around(&page, href),
        rows: rows(&app, &today, page.rows, &people, &kinds).await?,
        assignees: colleagues(people, me),
        kinds: kinds.into_iter().map(|kind| Choice { value: kind.id, label: kind.name }).collect(),
        channels: view::CHANNELS.iter().map(|(_, value, label)| Way { value, label }).collect(),
    };
    Ok(templates::render("pages/queue.html", context)?.into_response())
}

async fn links(
    app: &App,
    organisation: Uuid,
    shown: &View,
    me: Uuid,
    soon: DateTime<Utc>,
) -> Result<Vec<ViewLink>> {
    let views = views(me);
    let filters: Vec<QueueFilter> = views.iter().map(|(_, view)| filter(view, soon)).collect();
    let counts = store::work_order::queue_counts(&app.desk.db.read, organisation, &filters, COUNTED).await?;
    let link = |((label, view), count): ((&'static str, View), usize)| ViewLink {
        label,
        href: view.href(me, None),
        count: counted(count as u64),
        current: view == *shown,
    };
    Ok(views.into_iter().zip(counts).map(link).collect())
}

fn filter(view: &View, soon: DateTime<Utc>) -> QueueFilter {
    let folded = text::fold(&view.q);
    QueueFilter {
        status: view.status,
        assignee: view.assignee,
        kind: view.kind,
        channel: view.channel,
        contested: view.contested,
        text: (!folded.is_empty()).then_some(folded),
        due_before: view.due_soon.then(|| soon + TimeDelta::microseconds(1)),
    }
}

/// Everybody else who works here: oneself has an entry of one's own.
fn colleagues(people: Vec<operator::Model>, me: Uuid) -> Vec<Choice> {
    let others = people.into_iter().filter(|person| person.active && person.id != me);
    others.map(|person| Choice { value: person.id, label: person.name }).collect()
}
