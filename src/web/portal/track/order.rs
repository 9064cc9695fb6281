//! What the tracking page of a work order says: where it stands, what happened, what its author may do now.

use chrono::{DateTime, Duration, Utc};
use entity::{
    follower::Role,
    request_kind, upload,
    work_order::{self, Status},
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    page::{Done, Link, Typed, link},
    telling::Telling,
    thread::{self, Letter, Step},
    visit::Visit,
};
use crate::{
    app::App,
    document,
    domain::{
        files::ACCEPT,
        form::{street_name, title},
        number::Number,
    },
    store::{self, upload::Owner},
    web::{error::Result, flaws::Flaws, portal::rating::Rating},
};

/// Context of `portal/track/order.html`.
#[derive(Serialize)]
pub struct Page {
    here: String,
    author: bool,
    /// For the author only: together with the code it opens the page.
    number: Option<String>,
    /// Likewise: it may hold their own words.
    subject: Option<String>,
    kind: String,
    /// Where the thing is, for who only follows: whoever follows two of a kind knows them apart by that, and by the day.
    street: Option<String>,
    state: Standing,
    steps: Vec<Step>,
    letters: Vec<Letter>,
    notices: Vec<Link>,
    form: Option<Form>,
    contest: Option<Contest>,
    /// Words that were typed and not sent, where the page has no form any more that would take them.
    unsent: Option<String>,
    may_withdraw: bool,
    telling: Telling,
    pdf: bool,
    rating: Option<Rating>,
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

/// The page of a work order, with what was typed.
pub async fn page(app: &App, visit: &Visit, order: &work_order::Model, typed: Typed) -> Result<Page> {
    let (db, organisation) = (&app.desk.db.read, order.organisation_id);
    let author = visit.follower.role == Role::Author;
    let kinds = store::organisation::kinds(db, organisation).await?;
    let kind = kinds.iter().find(|kind| kind.id == order.kind_id);
    let withdrawn = store::event::is_withdrawn(db, order).await?;
    let notices = store::notice::of_work_order(db, organisation, order.id).await?;
    // One way to open it again at a time. Who is in the midst of an answer goes on with that.
    let contest =
        if author && !withdrawn && typed.token.is_none() { contest(visit, order, &typed) } else { None };
    let form = if author && contest.is_none() && may_answer(app, visit, order) {
        Some(form(app, visit, &typed).await?)
    } else {
        None
    };
    let unsent = form.is_none() && contest.is_none();
    let sent = store::submission::of_work_order(db, organisation, order.id).await?;
    let letters = if author {
        let sent_as = sent.as_ref().and_then(|sent| kinds.iter().find(|kind| kind.id == sent.kind_id));
        thread::letters(app, visit, order, sent.as_ref().zip(sent_as)).await?
    } else {
        Vec::new()
    };
    // Asked when the form was sent, and once more when the work is done.
    let rates = author
        && order.status == Status::Closed
        && sent.as_ref().is_some_and(|sent| sent.rating.is_none())
        && typed.done != Some(Done::Valutazione);
    Ok(Page {
        here: visit.here.clone(),
        author,
        number: author.then(|| Number { year: order.year, number: order.number }.to_string()),
        subject: author.then(|| order.subject.clone()).filter(|subject| {
            // Without a title it is the name of the kind, as operators call it.
            !subject.is_empty() && !kinds.iter().any(|kind| kind.name == *subject)
        }),
        kind: kind.map_or_else(String::new, |kind| title(kind, visit.hall.language)),
        street: if author { None } else { street(app, order).await? },
        state: state(visit, order, kind, withdrawn),
        steps: thread::steps(app, order, visit.follower.role, &letters).await?,
        letters,
        notices: notices.iter().map(|notice| link(visit, notice)).collect(),
        form,
        unsent: Some(typed.words().to_owned()).filter(|words| unsent && !words.trim().is_empty()),
        contest,
        may_withdraw: author && order.status != Status::Closed,
        telling: Telling::of(app, visit).await?,
        pdf: author && document::BUILT_IN && sent.is_some(),
        rating: rates.then(|| Rating::asked(format!("{}/valutazione", visit.here), typed.rating)),
        errors: typed.errors,
        done: typed.done,
    })
}

async fn street(app: &App, order: &work_order::Model) -> Result<Option<String>> {
    let place = store::place::of(&app.desk.db.read, order.organisation_id, order.id).await?;
    Ok(place.and_then(|place| street_name(&place.address)))
}

fn state(
    visit: &Visit,
    order: &work_order::Model,
    kind: Option<&request_kind::Model>,
    withdrawn: bool,
) -> Standing {
    Standing {
        what: match order.status {
            Status::New => "new",
            Status::InProgress => "in-progress",
            Status::Waiting => "waiting",
            Status::Closed if withdrawn => "withdrawn",
            Status::Closed => "closed",
        },
        received_at: order.received_at,
        due_at: order.closed_at.is_none().then_some(order.due_at),
        by_the_hour: kind.is_some_and(|kind| kind.limit_hours.is_some()),
        late: order.closed_at.is_none() && visit.hall.cx.now > order.due_at,
        closed_at: order.closed_at,
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
        text: typed.words().to_owned(),
        files: files.into_iter().map(waiting).collect(),
        accept: ACCEPT,
    })
}

fn contest(visit: &Visit, order: &work_order::Model, typed: &Typed) -> Option<Contest> {
    let until = order.closed_at? + Duration::days(visit.hall.portal.contest_days.into());
    (visit.hall.cx.now <= until).then(|| Contest { text: typed.words().to_owned(), until })
}
