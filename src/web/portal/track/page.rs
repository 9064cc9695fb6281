//! The tracking page itself.

use axum::{extract::State, http::StatusCode, response::Response};
use chrono::{DateTime, Duration, Utc};
use entity::{
    follower::{Role, ToldBy},
    notice, request_kind, upload,
    work_order::{self, Status},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    thread::{self, Letter, Step},
    visit::{Matter, Visit},
};
use crate::{
    actions::tracking,
    app::App,
    document,
    domain::{files::ACCEPT, form::of_kind, number::Number},
    store::{self, upload::Owner},
    web::{error::Result, flaws::Flaws, request::Query},
};

/// What is on the page beside what is known: what was typed, what is wrong with it, what was just done.
#[derive(Debug, Default)]
pub struct Typed {
    /// The answer.
    pub text: String,
    /// Makes a second press of the button harmless; none: a new one.
    pub token: Option<Uuid>,
    /// Why it is not solved.
    pub contest: String,
    /// What is wrong, by field: `text`, `files`, `contest`, `told_by`, `form`.
    pub errors: Flaws,
    /// What was just done.
    pub done: Option<Done>,
}

/// What was just done: a fixed word in the address, so that nobody can put sentences of theirs on our pages.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Done {
    /// An answer was sent.
    Risposta,
    /// It goes on.
    Contesta,
    /// It was withdrawn.
    Ritira,
    /// The way of being told was chosen.
    Avvisi,
    /// The address is confirmed.
    Conferma,
}

/// The query.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default, deserialize_with = "known")]
    fatto: Option<Done>,
}

fn known<'de, D: serde::Deserializer<'de>>(field: D) -> std::result::Result<Option<Done>, D::Error> {
    use serde::de::{IntoDeserializer, value::Error};
    let word = String::deserialize(field)?;
    let known: std::result::Result<Done, Error> = Done::deserialize(word.into_deserializer());
    Ok(known.ok())
}

/// Context of `portal/track/order.html`.
#[derive(Serialize)]
struct Page {
    here: String,
    author: bool,
    /// For the author only: together with the code it opens the page.
    number: Option<String>,
    /// Likewise: it may hold their own words.
    subject: Option<String>,
    kind: String,
    state: Standing,
    steps: Vec<Step>,
    letters: Vec<Letter>,
    notices: Vec<Link>,
    form: Option<Form>,
    contest: Option<Contest>,
    may_withdraw: bool,
    telling: Telling,
    pdf: bool,
    errors: Flaws,
    done: Option<Done>,
}

/// Where it stands, and the next date.
#[derive(Serialize)]
struct Standing {
    /// The end of the keys `site-state-…`.
    what: &'static str,
    received_at: DateTime<Utc>,
    due_at: Option<DateTime<Utc>>,
    by_the_hour: bool,
    late: bool,
    closed_at: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
struct Link {
    title: String,
    href: String,
}

/// The form of an answer.
#[derive(Serialize)]
struct Form {
    token: Uuid,
    text: String,
    files: Vec<Waiting>,
    accept: &'static str,
}

#[derive(Serialize)]
struct Waiting {
    id: Uuid,
    name: String,
    size: i64,
}

/// "It is not solved".
#[derive(Serialize)]
struct Contest {
    text: String,
    until: DateTime<Utc>,
}

/// How the visitor is told.
#[derive(Serialize)]
pub struct Telling {
    by: ToldBy,
    mail: bool,
    io: bool,
    address: Address,
}

/// What is known of the visitor's address.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Address {
    /// It is theirs, or there is none.
    Settled,
    /// They came by the letter and may say that it is theirs.
    ToConfirm,
    /// It is nobody's yet.
    Unproven,
}

impl Telling {
    fn of(visit: &Visit) -> Self {
        let follower = &visit.follower;
        Self {
            by: follower.told_by,
            mail: !follower.address.is_empty(),
            io: !follower.fiscal_code.is_empty(),
            address: match (follower.confirmed_at, visit.proven) {
                (None, true) if !follower.address.is_empty() => Address::ToConfirm,
                (None, false) if !follower.address.is_empty() => Address::Unproven,
                _ => Address::Settled,
            },
        }
    }
}

/// `GET /segui/{link}`. Opening it changes nothing that matters: programs that look into mails open every link.
pub async fn show(State(app): State<App>, visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    tracking::seen(&app.desk, &visit.hall.cx, &visit.follower).await?;
    page(&app, &visit, StatusCode::OK, Typed { done: asked.fatto, ..Typed::default() }).await
}

/// The page, with what was typed.
pub async fn page(app: &App, visit: &Visit, status: StatusCode, typed: Typed) -> Result<Response> {
    let mut page = match &visit.matter {
        Matter::Order(order) => {
            let context = of_order(app, visit, order, typed).await?;
            visit.hall.page("portal/track/order.html", context)?
        }
        Matter::Notice(notice) => {
            visit.hall.page("portal/track/notice.html", of_notice(visit, notice, typed))?
        }
    };
    *page.status_mut() = status;
    Ok(page)
}

async fn of_order(app: &App, visit: &Visit, order: &work_order::Model, typed: Typed) -> Result<Page> {
    let db = &app.desk.db.read;
    let author = visit.follower.role == Role::Author;
    let kinds = store::organisation::kinds(db, order.organisation_id).await?;
    let kind = kinds.iter().find(|kind| kind.id == order.kind_id);
    let notices = store::notice::of_work_order(db, order.organisation_id, order.id).await?;
    let letters = if author { thread::letters(app, visit, order).await? } else { Vec::new() };
    let form =
        if author && may_answer(app, visit, order) { Some(form(app, visit, &typed).await?) } else { None };
    let contest = if author { contest(visit, order, &typed) } else { None };
    let sent = store::submission::of_work_order(db, order.organisation_id, order.id).await?;
    Ok(Page {
        here: visit.here.clone(),
        author,
        number: author.then(|| Number { year: order.year, number: order.number }.to_string()),
        subject: author.then(|| order.subject.clone()).filter(|subject| !subject.is_empty()),
        kind: kind.map_or_else(String::new, |kind| name_of(kind, visit)),
        state: state(visit, order, kind),
        steps: thread::steps(app, order, visit.follower.role, &letters).await?,
        letters,
        notices: notices.iter().map(|notice| link(visit, notice)).collect(),
        form,
        contest,
        may_withdraw: author && order.status != Status::Closed,
        telling: Telling::of(visit),
        pdf: author && document::BUILT_IN && sent.is_some(),
        errors: typed.errors,
        done: typed.done,
    })
}

/// What a citizen calls it.
fn name_of(kind: &request_kind::Model, visit: &Visit) -> String {
    let title = of_kind(kind).map(|form| form.title.in_(visit.hall.language).to_owned());
    title.filter(|title| !title.is_empty()).unwrap_or_else(|| kind.name.clone())
}

fn state(visit: &Visit, order: &work_order::Model, kind: Option<&request_kind::Model>) -> Standing {
    Standing {
        what: match order.status {
            Status::New => "new",
            Status::InProgress => "in-progress",
            Status::Waiting => "waiting",
            Status::Closed => "closed",
        },
        received_at: order.received_at,
        due_at: order.closed_at.is_none().then_some(order.due_at),
        by_the_hour: kind.is_some_and(|kind| kind.limit_hours.is_some()),
        late: order.closed_at.is_none() && visit.hall.cx.now > order.due_at,
        closed_at: order.closed_at,
    }
}

fn link(visit: &Visit, notice: &notice::Model) -> Link {
    Link {
        title: notice.title.in_(visit.hall.language).to_owned(),
        href: visit.hall.href(&format!("/avvisi/{}", notice.id)),
    }
}

/// Closed for longer than that, it is a new request.
fn may_answer(app: &App, visit: &Visit, order: &work_order::Model) -> bool {
    let reopens = Duration::days(app.desk.rules.reopen_days);
    order.closed_at.is_none_or(|closed_at| visit.hall.cx.now - closed_at <= reopens)
}

async fn form(app: &App, visit: &Visit, typed: &Typed) -> Result<Form> {
    let owner = Owner::Follower(visit.follower.id);
    let files = store::upload::of(&app.desk.db.read, visit.hall.organisation.id, owner).await?;
    let waiting = |file: upload::Model| Waiting { id: file.id, name: file.name, size: file.size };
    Ok(Form {
        token: typed.token.unwrap_or_else(Uuid::now_v7),
        text: typed.text.clone(),
        files: files.into_iter().map(waiting).collect(),
        accept: ACCEPT,
    })
}

fn contest(visit: &Visit, order: &work_order::Model, typed: &Typed) -> Option<Contest> {
    let until = order.closed_at? + Duration::days(visit.hall.portal.contest_days.into());
    (visit.hall.cx.now <= until).then(|| Contest { text: typed.contest.clone(), until })
}

/// Context of `portal/track/notice.html`.
#[derive(Serialize)]
struct NoticePage {
    here: String,
    notice: Link,
    restored_at: Option<DateTime<Utc>>,
    telling: Telling,
    errors: Flaws,
    done: Option<Done>,
}

fn of_notice(visit: &Visit, notice: &notice::Model, typed: Typed) -> NoticePage {
    NoticePage {
        here: visit.here.clone(),
        notice: link(visit, notice),
        restored_at: notice.restored_at,
        telling: Telling::of(visit),
        errors: typed.errors,
        done: typed.done,
    }
}
