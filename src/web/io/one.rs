//! One notification: everything that is known of its fate, how the citizen sees it, and what can be done with it.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use entity::{
    io_call::Call,
    io_message::{Model, State as Fate},
    operator,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    HERE,
    attach::{Attached, attached},
    find,
    list::{Beside, Order, name_of},
    path_of,
    preview::{Preview, keeps_link},
    words,
};
use crate::{
    actions::io::{
        draft::{self, Whole},
        message, reminder,
    },
    app::App,
    domain::io::{fate, message::Content},
    store,
    web::{
        error::Result,
        flaws::Flaws,
        frame::{Done, Frame, Hall},
        request::{Path, Query},
        session::Operator,
        taxpayers, templates,
        words::wait,
    },
};

/// Context of `pages/io_message.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    path: String,
    title: String,
    purpose: &'static str,
    state: words::Shown,
    version: String,
    in_vain: Option<String>,
    meaning: &'static str,
    service: String,
    stopped: Option<String>,
    recipient: String,
    taxpayer: Option<Taxpayer>,
    order: Option<Order>,
    attached: Option<Attached>,
    author: Option<String>,
    created_at: DateTime<Utc>,
    accepted_at: Option<DateTime<Utc>>,
    settled_at: Option<DateTime<Utc>>,
    next_at: Option<DateTime<Utc>>,
    wait: Option<String>,
    attempts: i32,
    last_error: Option<String>,
    profile: Option<String>,
    remote_id: Option<String>,
    push: Option<&'static str>,
    mail: Option<&'static str>,
    read: Option<&'static str>,
    paid: Option<&'static str>,
    preview: Preview,
    calls: Vec<Line>,
    follows: Option<Other>,
    followed_by: Vec<Other>,
    acts: Acts,
    errors: Flaws,
}

#[derive(Serialize)]
struct Taxpayer {
    name: String,
    href: String,
}

/// A line of the record.
#[derive(Serialize)]
struct Line {
    call: &'static str,
    at: DateTime<Utc>,
    words: String,
    author: Option<String>,
}

/// A notification before or after it.
#[derive(Serialize)]
struct Other {
    href: String,
    title: String,
    purpose: &'static str,
    state: words::Shown,
    next_at: Option<DateTime<Utc>>,
    in_vain: Option<String>,
}

impl Other {
    async fn all(app: &App, rows: &[Model], now: DateTime<Utc>) -> Result<Vec<Self>> {
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            all.push(Self::of(app, row, now).await?);
        }
        Ok(all)
    }

    async fn of(app: &App, row: &Model, now: DateTime<Utc>) -> Result<Self> {
        let in_vain = reminder::is_in_vain(&app.desk.db.read, row, now).await?;
        Ok(Self {
            href: path_of(row.id),
            title: row.subject.clone(),
            purpose: words::purpose(row.purpose),
            state: words::state(row.state),
            next_at: row.next_at.filter(|_| row.state == Fate::Queued && in_vain.is_none()),
            in_vain,
        })
    }
}

/// What can be done with it now.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "buttons, each of which is there or not")]
struct Acts {
    take_back: bool,
    send: bool,
    change: bool,
    delete: bool,
    repeat: bool,
    /// What somebody must know who orders a repetition.
    knowing: Option<&'static str>,
    /// Where it is corrected.
    correct: Option<String>,
}

impl Acts {
    fn of(row: &Model, repeated: bool, by_mail: bool) -> Self {
        Self {
            take_back: row.state == Fate::Queued,
            send: row.state == Fate::Draft,
            change: draft::may_be_changed(row),
            delete: draft::may_be_deleted(row),
            repeat: fate::may_be_repeated(row.state) && !repeated,
            knowing: match row.state {
                Fate::Uncertain => Some("So che potrebbe riceverla due volte"),
                _ => by_mail.then_some("La persona l’ha già ricevuto per posta"),
            },
            correct: fate::has_left(row.state).then(|| format!("{HERE}/new?corrects={}", row.id)),
        }
    }
}

/// What the last act did.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    #[serde(deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

/// `GET /desk/io/messages/{id}`.
pub async fn show(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let row = find(&app, &operator, id).await?;
    page(&app, &operator, StatusCode::OK, row, asked.done, Flaws::new()).await
}

/// The page, with what was wrong with an order when something was.
pub async fn page(
    app: &App,
    operator: &Operator,
    status: StatusCode,
    row: Model,
    done: Option<Done>,
    errors: Flaws,
) -> Result<Response> {
    let hall = Hall::enter(app, operator).await?;
    let (db, organisation) = (&app.desk.db.read, row.organisation_id);
    let services = store::io_service::all(db, organisation).await?;
    let service = services.iter().find(|service| service.id == row.io_service_id);
    let people = store::operator::all(db, organisation).await?;
    let beside = Beside::read(app, organisation, std::slice::from_ref(&row)).await?;
    let calls = store::io_message::calls(db, organisation, row.id).await?;
    let following = store::io_message::following(db, organisation, row.id).await?;
    let before = match row.follows_id {
        Some(before) => store::io_message::by_id(db, organisation, before).await?,
        None => None,
    };
    let by_mail = message::went_by_mail(db, &row).await?;
    let now = operator.cx.now;
    let in_vain = reminder::is_in_vain(db, &row, now).await?;
    let waits = row.state == Fate::Queued;
    let seconds = row.next_at.filter(|_| waits).map(|at| (at - now).num_seconds());
    let told = |word: &Option<String>| word.as_deref().map(words::told);
    let repeated = following.iter().any(|one| one.purpose == entity::io_message::Purpose::Repeat);
    let page = Page {
        frame: hall.frame("io", done),
        path: path_of(row.id),
        purpose: words::purpose(row.purpose),
        state: words::state(row.state),
        meaning: words::meaning(&row, by_mail),
        version: Whole::of(db, row.clone()).await?.version(),
        service: name_of(&services, row.io_service_id),
        stopped: service.filter(|_| waits).and_then(|service| service.stopped.clone()),
        taxpayer: row
            .taxpayer_id
            .zip(beside.name(&row))
            .map(|(id, name)| Taxpayer { name: name.to_owned(), href: taxpayers::path_of(id) }),
        order: beside.order(&row).cloned(),
        attached: attached(app, &row).await?,
        author: name(&people, row.author_id),
        next_at: row.next_at.filter(|at| waits && in_vain.is_none() && *at > now),
        in_vain,
        // Of what leaves tomorrow one wants the day, not the minutes.
        wait: seconds.filter(|seconds| (0..3600).contains(seconds)).map(wait),
        profile: calls.iter().rev().find(|line| line.call == Call::Profile).map(|line| line.words.clone()),
        push: told(&row.push_state),
        mail: told(&row.mail_state),
        read: row.read_state.as_deref().map(words::read),
        paid: row.payment_state.as_deref().map(words::paid),
        preview: Preview::of(&Content::stored(&row), service, keeps_link(app, &row).await?),
        calls: calls
            .into_iter()
            .map(|line| Line {
                call: words::call(line.call),
                at: line.at,
                author: name(&people, line.author_id),
                words: line.words,
            })
            .collect(),
        follows: Other::all(app, before.as_slice(), now).await?.pop(),
        followed_by: Other::all(app, &following, now).await?,
        acts: Acts::of(&row, repeated, by_mail),
        recipient: row.fiscal_code,
        title: row.subject,
        created_at: row.created_at,
        accepted_at: row.accepted_at,
        settled_at: row.settled_at,
        attempts: row.attempts,
        // What it advises is for who has not been written to; the record has its words.
        last_error: row.last_error.filter(|_| !(by_mail && fate::has_missed(row.state))),
        remote_id: row.remote_id,
        errors,
    };
    Ok((status, templates::render("pages/io_message.html", page)?).into_response())
}

fn name(people: &[operator::Model], id: Option<Uuid>) -> Option<String> {
    people.iter().find(|one| Some(one.id) == id).map(|one| one.name.clone())
}
