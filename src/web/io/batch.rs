//! One text for the people of several work orders of the queue: each personal text is read before all of them are sent.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    HERE,
    edit::{mute, trial},
    list::Order,
    preview::{Hint, remarks},
    view::Choice,
};
use crate::{
    actions::{
        self,
        io::{
            account,
            batch::{self, Batch, MOST, NAMES, Personal},
            message,
        },
    },
    app::App,
    domain::{io::preview::drawn, number::Number},
    store,
    web::{
        error::Result,
        flaws::{Flaws, judged, named},
        frame::{Frame, Hall},
        request::Form,
        session::Operator,
        templates,
        words::wait,
        work_order::number_of,
    },
};

/// Context of `pages/io_batch.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    services: Vec<Choice>,
    mute: Vec<String>,
    trial: Option<String>,
    names: Vec<Name>,
    most: usize,
    orders: Vec<String>,
    form: Sheet,
    reached: Vec<Person>,
    unreached: Vec<Person>,
    previewed: bool,
    seen: String,
    hints: Vec<Hint>,
    undo: Option<String>,
    errors: Flaws,
}

/// A name that can stand in braces.
#[derive(Serialize)]
struct Name {
    name: String,
    what: &'static str,
}

/// One of them.
#[derive(Serialize)]
struct Person {
    order: Order,
    name: Option<String>,
    why: Option<&'static str>,
    late: bool,
    subject: String,
    html: String,
}

/// What was typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Sheet {
    token: Option<Uuid>,
    service: String,
    subject: String,
    body: String,
    /// What the preview showed that was read.
    #[serde(skip_serializing)]
    seen: String,
    #[serde(skip_serializing)]
    order: Vec<String>,
    #[serde(skip_serializing)]
    act: String,
}

/// `POST /desk/io/batch`: from the queue, from its own preview, and to send.
pub async fn take(
    State(app): State<App>,
    operator: Operator,
    Form(mut sheet): Form<Sheet>,
) -> Result<Response> {
    let batch = Batch {
        token: *sheet.token.get_or_insert_with(Uuid::now_v7),
        service: sheet.service.parse().ok(),
        orders: orders(&app, &operator, &sheet.order).await?,
        subject: sheet.subject.clone(),
        body: sheet.body.clone(),
    };
    if sheet.act == "send" {
        return match batch::send(&app.desk, &operator.cx, &batch, &sheet.seen).await {
            Ok(()) => Ok(Redirect::to(&format!("{HERE}?done=io_batch")).into_response()),
            Err(actions::Error::Conflict(words)) => {
                let errors = Flaws::from([("form".into(), words.to_owned())]);
                // It is read again, and sent as what it is now.
                sheet.act = "preview".to_owned();
                if words != batch::UNREAD {
                    sheet.token = Some(Uuid::now_v7());
                }
                page(&app, &operator, StatusCode::CONFLICT, &batch, sheet, errors).await
            }
            Err(error) => match judged::<()>(Err(error))? {
                Ok(()) => Ok(Redirect::to(HERE).into_response()),
                Err(flaws) => {
                    page(&app, &operator, StatusCode::UNPROCESSABLE_ENTITY, &batch, sheet, named(flaws, &[]))
                        .await
                }
            },
        };
    }
    page(&app, &operator, StatusCode::OK, &batch, sheet, Flaws::new()).await
}

/// The work orders that were ticked. One more than may be is enough to say so.
async fn orders(app: &App, operator: &Operator, slugs: &[String]) -> Result<Vec<Uuid>> {
    let mut found = Vec::new();
    for number in slugs.iter().filter_map(|slug| slug.parse::<Number>().ok()).take(MOST + 1) {
        let db = &app.desk.db.read;
        let order = store::work_order::by_number(db, operator.row.organisation_id, number).await?;
        found.extend(order.map(|order| order.id));
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

async fn page(
    app: &App,
    operator: &Operator,
    status: StatusCode,
    batch: &Batch,
    form: Sheet,
    mut errors: Flaws,
) -> Result<Response> {
    let hall = Hall::enter(app, operator).await?;
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let services = store::io_service::all(db, organisation).await?;
    let service = services.iter().find(|service| Some(service.id) == batch.service);
    let (mut status, composed) = match judged(batch::compose(db, &operator.cx, batch).await)? {
        Ok(people) => (status, people),
        Err(flaws) => {
            errors.extend(named(flaws, &[]));
            (StatusCode::UNPROCESSABLE_ENTITY, Vec::new())
        }
    };
    let mut previewed = form.act == "send" || form.act == "preview";
    if form.act == "preview" && !composed.is_empty() {
        let flaws = batch::flaws(batch, service, &composed, operator.cx.now);
        if !flaws.is_empty() {
            (status, previewed) = (StatusCode::UNPROCESSABLE_ENTITY, false);
            errors = named(flaws, &[]);
        }
    }
    let first = composed.iter().find(|one| one.recipient.is_ok());
    let page = Page {
        frame: hall.frame("io", None),
        hints: first
            .filter(|_| previewed)
            .map(|one| remarks(&one.content, None, service, operator.cx.now).1)
            .unwrap_or_default(),
        trial: trial(service),
        mute: mute(&services),
        undo: Some(account::of(db, organisation).await?.undo_seconds.into())
            .filter(|seconds| *seconds > 0)
            .map(wait),
        services: services
            .into_iter()
            .filter(|service| message::mute(service).is_none())
            .map(|service| Choice::new(service.id, service.name))
            .collect(),
        names: NAMES.map(|one| Name { name: one.braced(), what: one.words() }).into(),
        most: MOST,
        orders: composed.iter().map(|one| number_of(&one.order).slug()).collect(),
        reached: people(&composed, true, previewed),
        unreached: people(&composed, false, false),
        previewed: previewed && errors.keys().all(|field| field == "form" && status == StatusCode::CONFLICT),
        seen: batch::digest(batch, &composed),
        form,
        errors,
    };
    Ok((status, templates::render("pages/io_batch.html", page)?).into_response())
}

fn people(composed: &[Personal], reached: bool, previewed: bool) -> Vec<Person> {
    let person = |one: &Personal| Person {
        order: Order::new(&one.order),
        name: one.taxpayer.as_ref().map(|taxpayer| taxpayer.name.clone()),
        why: one.recipient.as_ref().err().copied(),
        late: one.late,
        subject: one.content.subject.clone(),
        html: if previewed { drawn(&one.content.body) } else { String::new() },
    };
    composed.iter().filter(|one| one.recipient.is_ok() == reached).map(person).collect()
}
