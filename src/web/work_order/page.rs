//! The page of one work order, put together out of its parts.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use entity::{
    communication::{self, Direction},
    operator, request_kind,
    work_order::{Identified, Model, Status},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    citizen::{self, Citizen},
    find, history, number_of,
    panel::{self, Candidate, Linked, Others, Search, Taxpayer},
    path_of,
    publication::Shown,
    thread::{self, Communication},
    update::{self, Update},
};
use crate::{
    app::App,
    domain::files,
    store,
    web::{
        due::{Due, Today},
        error::Result,
        flaws::Flaws,
        frame::{Done, Frame, Hall, Notice},
        page_key,
        request::{Path, Query, referring_page},
        session::Operator,
        templates, words,
    },
};

/// Context of `pages/work_order.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    queue_href: String,
    number: String,
    subject: String,
    status: Status,
    kind: String,
    received_at: DateTime<Utc>,
    closed_at: Option<DateTime<Utc>>,
    due: Option<Due>,
    mailbox: Option<String>,
    kinds: Vec<Choice>,
    assignees: Vec<Choice>,
    handling: Handling,
    survey_matters: bool,
    communications: Vec<Communication>,
    earlier_href: Option<String>,
    reply: Reply,
    note: Note,
    taxpayer: Taxpayer,
    identified: Identified,
    sender_address: String,
    sender_is_contact: bool,
    sender_others: usize,
    candidates: Vec<Candidate>,
    search: Search,
    others: Others,
    linked: Vec<Linked>,
    history: Vec<history::Event>,
    citizen: Citizen,
    update: Update,
    path: String,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

#[derive(Serialize)]
struct Handling {
    status: Status,
    assignee: String,
    kind: Uuid,
    survey: bool,
}

#[derive(Serialize)]
struct Reply {
    id: Uuid,
    seen: Option<Uuid>,
    form: ReplyForm,
    errors: Flaws,
    warnings: Vec<String>,
    attachments_hint: String,
}

#[derive(Serialize)]
struct ReplyForm {
    to: String,
    body: String,
}

#[derive(Serialize)]
struct Note {
    id: Uuid,
    form: NoteForm,
    errors: Flaws,
}

#[derive(Serialize)]
struct NoteForm {
    body: String,
}

/// What was typed into one of the two forms, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Typed {
    /// The form's token, so that it stays the same communication.
    pub id: Option<Uuid>,
    /// Recipients as typed; `None` for those of the page.
    pub to: Option<String>,
    /// The words.
    pub body: String,
    /// What is wrong.
    pub errors: Flaws,
}

/// How one comes to the page.
#[derive(Debug, Default)]
pub struct Visit {
    /// Show what came before this communication.
    pub before: Option<String>,
    /// Search of a taxpayer.
    pub taxpayer_q: Option<String>,
    /// What the last act did.
    pub done: Option<Done>,
    /// The queue as it was left.
    pub queue_href: Option<String>,
    /// What is wrong with the last act.
    pub notices: Vec<Notice>,
    /// The answer as it was typed.
    pub reply: Typed,
    /// The note as it was typed.
    pub note: Typed,
    /// What is to be published, as it was typed.
    pub publication: Shown,
    /// What the citizen is to be told, as it was typed.
    pub update: update::Typed,
}

/// The query.
#[derive(Debug, Deserialize)]
pub struct Asked {
    before: Option<String>,
    taxpayer_q: Option<String>,
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

/// `GET /desk/work-orders/{number}`.
pub async fn show(
    State(app): State<App>,
    operator: Operator,
    Path(slug): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let order = find(&app, &operator, &slug).await?;
    let visit = Visit {
        before: asked.before,
        taxpayer_q: asked.taxpayer_q,
        done: asked.done,
        queue_href: referring_page(&headers).filter(|page| page.split('?').next() == Some("/desk/queue")),
        ..Visit::default()
    };
    render(&app, &operator, order, StatusCode::OK, visit).await
}

/// The page, for whatever brought the operator here.
pub async fn render(
    app: &App,
    operator: &Operator,
    order: Model,
    status: StatusCode,
    visit: Visit,
) -> Result<Response> {
    let (db, organisation) = (&app.desk.db.read, order.organisation_id);
    let path = path_of(&order);
    let hall = Hall::enter(app, operator).await?;
    let people = store::operator::all(db, organisation).await?;
    let kinds = store::organisation::kinds(db, organisation).await?;
    let kind = kinds.iter().find(|kind| kind.id == order.kind_id);
    let before = visit.before.as_deref().and_then(page_key::read);
    let thread = thread::read(app, &order, before).await?;
    let seen = match before {
        None => thread.rows.last().map(|row| row.id),
        Some(_) => store::communication::newest(db, organisation, order.id).await?,
    };
    let earlier = thread.rows.first().filter(|_| thread.has_previous).map(|row| (row.created_at, row.id));
    let taxpayer = panel::taxpayer(app, &order).await?;
    let first_letter = thread.rows.iter().find(|row| row.direction == Direction::In);
    let candidates = panel::candidates(app, &order, &taxpayer, first_letter).await?;
    let mut frame = hall.frame("queue", visit.done);
    frame.notices.splice(0..0, visit.notices);
    let page = Page {
        frame,
        queue_href: visit.queue_href.unwrap_or_else(|| "/desk/queue".to_owned()),
        number: number_of(&order).to_string(),
        due: Today::new(&hall.calendar, operator.cx.now).due(&order, kind),
        mailbox: mailbox(&hall, &order),
        assignees: assignees(&people, order.assignee_id),
        handling: Handling {
            status: order.status,
            assignee: order.assignee_id.map(|id| id.to_string()).unwrap_or_default(),
            kind: order.kind_id,
            survey: order.survey,
        },
        survey_matters: kind.is_some_and(|kind| kind.survey_limit_days.is_some()),
        kind: kind.map(|kind| kind.name.clone()).unwrap_or_default(),
        kinds: kinds.iter().map(choice_of_kind).collect(),
        earlier_href: earlier.map(|key| format!("{path}?before={}", page_key::written(key))),
        reply: reply(app, &order, visit.reply, seen, recipient(&order, &thread.rows, &taxpayer)).await?,
        note: Note {
            id: visit.note.id.unwrap_or_else(Uuid::now_v7),
            form: NoteForm { body: visit.note.body },
            errors: visit.note.errors,
        },
        communications: thread::shown(app, &order, &path, thread.rows, &people, &hall.mailboxes).await?,
        search: panel::search(app, &order, visit.taxpayer_q.as_deref()).await?,
        others: panel::others(app, &order, &taxpayer).await?,
        sender_others: panel::sender_others(app, &order, &taxpayer).await?,
        linked: panel::linked(app, &order).await?,
        history: history::read(app, &order, &people).await?,
        citizen: citizen::read(app, &order, visit.publication).await?,
        update: update::read(app, &order, visit.update).await?,
        sender_is_contact: taxpayer.contacts.iter().any(|contact| contact.address == order.sender_address),
        taxpayer,
        candidates,
        identified: order.identified,
        status: order.status,
        received_at: order.received_at,
        closed_at: order.closed_at,
        subject: order.subject,
        sender_address: order.sender_address,
        path,
    };
    Ok((status, templates::render("pages/work_order.html", page)?).into_response())
}

async fn reply(
    app: &App,
    order: &Model,
    typed: Typed,
    seen: Option<Uuid>,
    recipient: String,
) -> Result<Reply> {
    let limit = words::megabytes(app.config.server.max_request_bytes);
    let most = files::MOST;
    let to = typed.to.unwrap_or(recipient);
    Ok(Reply {
        id: typed.id.unwrap_or_else(Uuid::now_v7),
        seen,
        warnings: panel::warnings(app, order, &to).await?,
        form: ReplyForm { to, body: typed.body },
        errors: typed.errors,
        attachments_hint: format!("Al massimo {most} file, {limit} in tutto."),
    })
}

/// To whom an answer goes unless the operator says otherwise: where the last person who wrote wants it, else who opened the
/// work order, else the first contact of the taxpayer. Nobody to begin with is no reason to forbid an answer.
fn recipient(order: &Model, thread: &[communication::Model], taxpayer: &Taxpayer) -> String {
    let letters = thread.iter().rev().filter(|row| row.direction == Direction::In && !row.automatic);
    let written = letters.map(|letter| &letter.reply_address).find(|address| !address.is_empty());
    let opened = Some(&order.sender_address).filter(|address| !address.is_empty());
    let known = taxpayer.contacts.first().map(|contact| &contact.address);
    written.or(opened).or(known).cloned().unwrap_or_default()
}

/// The mailbox by which an answer leaves.
fn mailbox(hall: &Hall, order: &Model) -> Option<String> {
    let found = match order.mailbox_id {
        Some(id) => hall.mailboxes.iter().find(|mailbox| mailbox.id == id),
        None => hall.mailboxes.first(),
    };
    found.map(|mailbox| mailbox.address.clone())
}

/// Who works here, and who has the work order now even if they do not any more.
fn assignees(people: &[operator::Model], present: Option<Uuid>) -> Vec<Choice> {
    let may = people.iter().filter(|person| person.active || Some(person.id) == present);
    may.map(|person| Choice { value: person.id.to_string(), label: person.name.clone() }).collect()
}

fn choice_of_kind(kind: &request_kind::Model) -> Choice {
    Choice { value: kind.id.to_string(), label: kind.name.clone() }
}
