//! What somebody keeps of a form that was sent: the page with number, code and date, the same as PDF, and how easy it was. The
//! link of the draft opens it, now and when the button is pressed twice, as long as the links of its work order open: not when
//! that was closed long ago, and not when its citizen has had a new link made, because whoever holds the old one may hold this.
//!
//! The page says the same of every address that is typed, known here or not, confirmed or not.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Duration, Utc};
use entity::{
    follower::{self, ToldBy},
    request_kind,
    submission::{Model, State as Stands},
    work_order,
};
use serde::{Deserialize, Serialize};

use super::{
    Hall,
    form::lost,
    rating::{self, Rated, Rating},
    track::visit,
};
use crate::{
    app::App,
    document::{self, Receipt},
    domain::{calendar, form, link, number::Number},
    store::{self, upload::Owner},
    web::{
        error::{Error, Result},
        limit::Limits,
        request::{Form, Query},
    },
};

/// Which.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    b: String,
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
    /// Where this page is found again, while there is no number.
    here: Option<String>,
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
    /// It is closed, or was withdrawn: the end of a key `site-state-…-text`.
    ended: Option<&'static str>,
    /// What is sent to the address: the end of a key `sent-mail-…`.
    mail: &'static str,
}

/// A form that was sent, with what became of it.
struct Sent {
    row: Model,
    kind: Option<request_kind::Model>,
    opened: Option<(work_order::Model, follower::Model)>,
}

/// What the link of a draft opens.
enum Found {
    Sent(Box<Sent>),
    /// It did once.
    Over,
    /// It is none of ours, or its draft was forgotten.
    Nothing,
}

/// `GET /inviata`.
pub async fn show(State(app): State<App>, hall: Hall, Query(asked): Query<Asked>) -> Result<Response> {
    page(&app, hall, &asked, None).await
}

/// `POST /inviata`: how easy it was.
pub async fn rate(
    State(app): State<App>,
    hall: Hall,
    limits: Limits,
    Query(asked): Query<Asked>,
    Form(rated): Form<Rated>,
) -> Result<Response> {
    if let Err(wait) = limits.sends(hall.organisation.id, &hall.network) {
        return hall.wait(wait);
    }
    let sent = match found(&app, &hall, &asked.b).await? {
        Found::Sent(sent) => sent,
        Found::Over | Found::Nothing => return page(&app, hall, &asked, None).await,
    };
    match rating::keep(&app, &hall, sent.row.id, &rated).await? {
        None => Ok(Redirect::to(&hall.href(&format!("/inviata?b={}#rating", asked.b))).into_response()),
        Some(note) => {
            let mut page = page(&app, hall, &asked, Some(note)).await?;
            *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(page)
        }
    }
}

/// `GET /ricevuta.pdf`.
pub async fn download(
    State(app): State<App>,
    hall: Hall,
    limits: Limits,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    if let Err(wait) = limits.sends(hall.organisation.id, &hall.network) {
        return hall.wait(wait);
    }
    let Found::Sent(sent) = found(&app, &hall, &asked.b).await? else { return Err(Error::NotFound) };
    let hall = hall.speaking(sent.row.language);
    let opened = sent.opened.as_ref().map(|(order, follower)| (order, follower));
    pdf(&app, &hall, &sent.row, opened).await
}

async fn found(app: &App, hall: &Hall, link: &str) -> Result<Found> {
    let Some(id) = link::draft_of(&app.desk.keys, link) else { return Ok(Found::Nothing) };
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let row = store::submission::by_id(db, organisation, id).await?;
    let Some(row) = row else { return Ok(Found::Nothing) };
    let opened = match (row.work_order_id, row.follower_id) {
        (Some(order), Some(follower)) => {
            let order = store::work_order::by_id(db, organisation, order).await?;
            order.zip(store::follower::by_id(db, organisation, follower).await?)
        }
        _ => None,
    };
    let days = hall.portal.link_days;
    let over = match &opened {
        Some((order, follower)) => follower.generation > 0 || link::is_over(order, days, hall.cx.now),
        None => row.state == Stands::Discarded && hall.cx.now - row.updated_at > Duration::days(days.into()),
    };
    if over {
        return Ok(Found::Over);
    }
    let kinds = store::organisation::kinds(db, organisation).await?;
    let kind = kinds.into_iter().find(|kind| kind.id == row.kind_id);
    Ok(Found::Sent(Box::new(Sent { row, kind, opened })))
}

/// `note`: the words of a rating without stars.
async fn page(app: &App, hall: Hall, asked: &Asked, note: Option<String>) -> Result<Response> {
    let sent = match found(app, &hall, &asked.b).await? {
        Found::Sent(sent) => sent,
        Found::Over => return visit::lost(&hall),
        Found::Nothing => {
            let begin = hall.base.clone();
            return lost(&hall, begin);
        }
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
    let stands = sent.row.state != Stands::Discarded;
    let here = hall.href(&format!("/inviata?b={}", asked.b));
    let rating = match sent.row.rating {
        Some(_) => Rating::given(here.clone()),
        None => Rating::asked(here.clone(), note),
    };
    let accepted = match &sent.opened {
        Some((order, follower)) => Some(accepted(app, &hall, &sent, order, follower).await?),
        None => None,
    };
    let context = Page {
        what,
        kind: sent.kind.as_ref().map_or_else(String::new, |kind| form::title(kind, hall.language)),
        begin,
        accepted,
        email: sent.row.address.clone(),
        here: matches!(sent.row.state, Stands::Held | Stands::Unconfirmed).then_some(here),
        pdf: (document::BUILT_IN && stands).then(|| hall.href(&format!("/ricevuta.pdf?b={}", asked.b))),
        rating: stands.then_some(rating),
    };
    hall.page("portal/form/sent.html", context)
}

async fn accepted(
    app: &App,
    hall: &Hall,
    sent: &Sent,
    order: &work_order::Model,
    follower: &follower::Model,
) -> Result<Accepted> {
    let (db, keys) = (&app.desk.db.read, &app.desk.keys);
    let withdrawn = store::event::is_withdrawn(db, order).await?;
    let way_out = store::mailbox::way_out(db, &hall.portal).await?;
    Ok(Accepted {
        number: number(order).to_string(),
        code: link::code(keys, follower),
        received_at: order.received_at,
        due_at: order.due_at,
        by_the_hour: sent.kind.as_ref().is_some_and(|kind| kind.limit_hours.is_some()),
        tracking: hall.href(&format!("/segui/{}", link::visit(keys, follower))),
        ended: order.closed_at.map(|_| if withdrawn { "withdrawn" } else { "closed" }),
        mail: match follower.told_by {
            _ if follower.address.is_empty() => "none",
            ToldBy::Nothing => "unwanted",
            _ if way_out.is_some_and(|mailbox| mailbox.acknowledge) => "sent",
            _ => "impossible",
        },
    })
}

fn number(order: &work_order::Model) -> Number {
    Number { year: order.year, number: order.number }
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
        kind: form::title(kind, hall.language),
        lines: form::lines(&form, &sent.answers, hall.language),
        files: files(app, sent, opened.map(|(order, _)| order)).await?,
        // While there is no number, the page that shows it when there is one.
        tracking: match opened {
            Some((_, follower)) => hall.url(app, &format!("/segui/{}", link::visit(keys, follower))),
            None => hall.url(app, &format!("/inviata?b={}", link::draft(keys, sent.id))),
        },
        door: hall.url(app, "/segui"),
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
    let letter = store::communication::of_submission(db, organisation, sent.id).await?;
    let Some(letter) = letter.filter(|letter| letter.work_order_id == order.id) else {
        return Ok(Vec::new());
    };
    let files = store::attachment::of_communications(db, organisation, &[letter.id]).await?;
    Ok(files.into_iter().map(|file| file.name).collect())
}
