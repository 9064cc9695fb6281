//! What somebody keeps of a form that was sent: the page with number, code and date, the same as PDF, and how easy it was. The
//! link of the draft opens it, now and when the button is pressed twice.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use entity::{
    follower, request_kind,
    submission::{Model, State as Stands},
    work_order,
};
use serde::{Deserialize, Serialize};

use super::{
    Hall,
    form::{lost, title},
};
use crate::{
    actions::{self, submission},
    app::App,
    document::{self, Receipt},
    domain::{calendar, form, link, number::Number},
    store::{self, upload::Owner},
    web::{
        error::{Error, Result},
        limit::{Limits, allow},
        request::{Form, Query},
    },
};

/// The thread of a request that has just been opened is short; of a longer one the receipt's letter is the oldest.
const LETTERS: usize = 1_000;

/// Which.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    b: String,
    /// The rating was taken.
    grazie: Option<String>,
}

/// Context of `portal/form/sent.html`.
#[derive(Serialize)]
struct Page {
    /// The end of the keys `sent-title-…` and `sent-text-…`: `accepted`, `unconfirmed`, `held` or `discarded`.
    what: &'static str,
    kind: String,
    begin: String,
    accepted: Option<Accepted>,
    email: String,
    pdf: Option<String>,
    rating: Option<Rating>,
}

/// What is known of a work order that was opened.
#[derive(Serialize)]
struct Accepted {
    number: String,
    code: String,
    received_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    by_the_hour: bool,
    tracking: String,
}

/// How easy it was.
#[derive(Serialize)]
struct Rating {
    here: String,
    given: Option<i32>,
    wrong: bool,
    note: String,
}

/// A form that was sent, with what became of it.
struct Sent {
    row: Model,
    kind: Option<request_kind::Model>,
    opened: Option<(work_order::Model, follower::Model)>,
}

/// `GET /inviata`.
pub async fn show(State(app): State<App>, hall: Hall, Query(asked): Query<Asked>) -> Result<Response> {
    page(&app, hall, &asked, None).await
}

/// The rating.
#[derive(Debug, Deserialize)]
pub struct Rated {
    #[serde(default)]
    rating: String,
    #[serde(default)]
    note: String,
}

/// `POST /inviata`: how easy it was.
pub async fn rate(
    State(app): State<App>,
    hall: Hall,
    limits: Limits,
    Query(asked): Query<Asked>,
    Form(rated): Form<Rated>,
) -> Result<Response> {
    if let Err(wait) = allow(&limits, hall.organisation.id, &hall.network, "") {
        return hall.wait(wait);
    }
    let Some(id) = link::draft_of(&app.desk.keys, &asked.b) else {
        let begin = hall.base.clone();
        return lost(&hall, begin);
    };
    let stars = rated.rating.parse().unwrap_or(0);
    let note = crate::domain::text::typed(&rated.note);
    match submission::rate(&app.desk, &hall.cx, id, stars, &note).await {
        Ok(()) => {
            Ok(Redirect::to(&hall.href(&format!("/inviata?b={}&grazie=1#rating", asked.b))).into_response())
        }
        Err(actions::Error::Rejected(_)) => {
            let mut page = page(&app, hall, &asked, Some(note)).await?;
            *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(page)
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /ricevuta.pdf`.
pub async fn download(
    State(app): State<App>,
    hall: Hall,
    limits: Limits,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    if let Err(wait) = allow(&limits, hall.organisation.id, &hall.network, "") {
        return hall.wait(wait);
    }
    let sent = found(&app, &hall, &asked.b).await?.ok_or(Error::NotFound)?;
    let hall = hall.speaking(sent.row.language);
    let opened = sent.opened.as_ref().map(|(order, follower)| (order, follower));
    pdf(&app, &hall, &sent.row, opened).await
}

/// The page for who has filled what no citizen sees: it looks like a receipt, and nothing was done.
pub fn pretended(hall: &Hall) -> Result<Response> {
    let page = Page {
        what: "held",
        kind: String::new(),
        begin: hall.base.clone(),
        accepted: None,
        email: String::new(),
        pdf: None,
        rating: None,
    };
    hall.page("portal/form/sent.html", page)
}

async fn found(app: &App, hall: &Hall, link: &str) -> Result<Option<Sent>> {
    let Some(id) = link::draft_of(&app.desk.keys, link) else { return Ok(None) };
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let row = store::submission::by_id(db, organisation, id).await?;
    let Some(row) = row else { return Ok(None) };
    let opened = match (row.work_order_id, row.follower_id) {
        (Some(order), Some(follower)) => {
            let order = store::work_order::by_id(db, organisation, order).await?;
            order.zip(store::follower::by_id(db, organisation, follower).await?)
        }
        _ => None,
    };
    let kinds = store::organisation::kinds(db, organisation).await?;
    let kind = kinds.into_iter().find(|kind| kind.id == row.kind_id);
    Ok(Some(Sent { row, kind, opened }))
}

async fn page(app: &App, hall: Hall, asked: &Asked, note: Option<String>) -> Result<Response> {
    let Some(sent) = found(app, &hall, &asked.b).await? else {
        let begin = hall.base.clone();
        return lost(&hall, begin);
    };
    let hall = hall.speaking(sent.row.language);
    let begin = hall.href(&sent.kind.as_ref().map_or_else(String::new, |kind| format!("/{}", kind.code)));
    let what = match sent.row.state {
        Stands::Draft => {
            let step = sent.row.step.clamp(1, 4);
            return Ok(Redirect::to(&format!("{begin}/{step}?b={}", asked.b)).into_response());
        }
        Stands::Unconfirmed => "unconfirmed",
        Stands::Held => "held",
        Stands::Accepted => "accepted",
        Stands::Discarded => "discarded",
    };
    let rating = Rating {
        here: hall.href(&format!("/inviata?b={}", asked.b)),
        given: sent.row.rating.filter(|_| asked.grazie.is_some() || note.is_none()),
        wrong: note.is_some(),
        note: note.unwrap_or_default(),
    };
    let context = Page {
        what,
        kind: sent.kind.as_ref().map_or_else(String::new, |kind| name(kind, &hall)),
        begin,
        accepted: sent.opened.as_ref().map(|(order, follower)| accepted(app, &hall, &sent, order, follower)),
        email: sent.row.address.clone(),
        pdf: (document::BUILT_IN && sent.row.state != Stands::Discarded)
            .then(|| hall.href(&format!("/ricevuta.pdf?b={}", asked.b))),
        rating: (sent.row.state != Stands::Discarded).then_some(rating),
    };
    hall.page("portal/form/sent.html", context)
}

fn accepted(
    app: &App,
    hall: &Hall,
    sent: &Sent,
    order: &work_order::Model,
    follower: &follower::Model,
) -> Accepted {
    let keys = &app.desk.keys;
    Accepted {
        number: number(order).to_string(),
        code: link::code(keys, follower),
        received_at: order.received_at,
        due_at: order.due_at,
        by_the_hour: sent.kind.as_ref().is_some_and(|kind| kind.limit_hours.is_some()),
        tracking: hall.href(&format!("/segui/{}", link::visit(keys, follower))),
    }
}

fn number(order: &work_order::Model) -> Number {
    Number { year: order.year, number: order.number }
}

fn name(kind: &request_kind::Model, hall: &Hall) -> String {
    form::of_kind(kind).map_or_else(|| kind.name.clone(), |form| title(kind, &form, hall))
}

/// The receipt as PDF, to save. `opened`: the work order and its citizen, once there is one.
pub async fn pdf(
    app: &App,
    hall: &Hall,
    sent: &Model,
    opened: Option<(&work_order::Model, &follower::Model)>,
) -> Result<Response> {
    if matches!(sent.state, Stands::Draft | Stands::Discarded) {
        return Err(Error::NotFound);
    }
    let (db, organisation, keys) = (&app.desk.db.read, hall.organisation.id, &app.desk.keys);
    let kinds = store::organisation::kinds(db, organisation).await?;
    let kind = kinds.iter().find(|kind| kind.id == sent.kind_id).ok_or(Error::NotFound)?;
    let form = form::of_kind(kind).unwrap_or_default();
    let receipt = Receipt {
        language: hall.language,
        organisation: hall.organisation.name.clone(),
        number: opened.map(|(order, _)| number(order)),
        code: opened.map_or_else(String::new, |(_, follower)| link::code(keys, follower)),
        received_at: sent.received_at.unwrap_or(sent.updated_at),
        due: opened.map(|(order, _)| calendar::rome_date(order.due_at)),
        kind: name(kind, hall),
        lines: form::lines(&form, &sent.answers, hall.language),
        files: files(app, sent, opened.map(|(order, _)| order)).await?,
        tracking: opened.map_or_else(String::new, |(_, follower)| {
            hall.url(app, &format!("/segui/{}", link::visit(keys, follower)))
        }),
    };
    let file = opened.map_or_else(
        || "ricevuta.pdf".to_owned(),
        |(order, _)| format!("ricevuta-{}-{:06}.pdf", order.year, order.number),
    );
    let bytes = match app.receipt_pdf(receipt).await {
        Ok(bytes) => bytes,
        Err(document::Error::NotBuiltIn) => return Err(Error::NotFound),
        Err(error @ document::Error::Broken(_)) => return Err(Error::Internal(error.into())),
    };
    let saved_as = format!("attachment; filename=\"{file}\"");
    Ok((
        [(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, saved_as)],
        bytes,
    )
        .into_response())
}

/// Names of the files that came with it: of the draft, or of the letter that it has become.
async fn files(app: &App, sent: &Model, order: Option<&work_order::Model>) -> Result<Vec<String>> {
    let (db, organisation) = (&app.desk.db.read, sent.organisation_id);
    let Some(order) = order else {
        let waiting = store::upload::of(db, organisation, Owner::Submission(sent.id)).await?;
        return Ok(waiting.into_iter().map(|file| file.name).collect());
    };
    let thread = store::communication::thread(db, organisation, order.id, None, LETTERS).await?.rows;
    let Some(letter) = thread.iter().find(|letter| letter.submission_id == Some(sent.id)) else {
        return Ok(Vec::new());
    };
    let files = store::attachment::of_communications(db, organisation, &[letter.id]).await?;
    Ok(files.into_iter().map(|file| file.name).collect())
}
