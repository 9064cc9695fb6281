//! What waits, oldest first.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use entity::{
    communication::Channel,
    language::Language,
    submission::{self, Model},
};
use serde::{Deserialize, Serialize};

use super::{HERE, path_of};
use crate::{
    app::App,
    domain::form,
    store,
    web::{
        error::Result,
        frame::{Done, Frame, Hall},
        page_key,
        request::{Query, address},
        session::Operator,
        templates,
    },
};

/// Rows of a page.
const PAGE: usize = 50;

/// Context of `pages/submissions.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    unconfirmed: bool,
    rows: Vec<Row>,
    next: Option<String>,
    first: Option<String>,
}

#[derive(Serialize)]
struct Row {
    href: String,
    subject: String,
    kind: String,
    app: bool,
    sender: String,
    received_at: Option<DateTime<Utc>>,
}

/// The query. What makes no sense is left out.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default)]
    state: String,
    after: Option<String>,
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

/// `GET /desk/submissions`.
pub async fn show(
    State(app): State<App>,
    operator: Operator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let hall = Hall::enter(&app, &operator).await?;
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let unconfirmed = asked.state == "unconfirmed";
    let state = if unconfirmed { submission::State::Unconfirmed } else { submission::State::Held };
    let after = asked.after.as_deref().and_then(page_key::read);
    let mut found = store::submission::waiting(db, organisation, state, after, PAGE as u64 + 1).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let kinds = store::organisation::kinds(db, organisation).await?;
    let next = found.last().filter(|_| more).and_then(|row| {
        let after = page_key::written((row.received_at?, row.id));
        Some(address(HERE, &question(unconfirmed, Some(after))))
    });
    let row = |row: Model| {
        let kind = kinds.iter().find(|kind| kind.id == row.kind_id);
        let asked = kind.and_then(form::of_kind);
        let subject =
            kind.zip(asked).map(|(kind, asked)| form::letter(&asked, kind, &row.answers, Language::It).0);
        Row {
            href: path_of(row.id),
            subject: subject
                .filter(|subject| !subject.is_empty())
                .unwrap_or_else(|| "(senza oggetto)".to_owned()),
            kind: kind.map(|kind| kind.name.clone()).unwrap_or_default(),
            app: row.channel == Channel::App,
            sender: row.address,
            received_at: row.received_at,
        }
    };
    let page = Page {
        frame: hall.frame("submissions", asked.done),
        unconfirmed,
        rows: found.into_iter().map(row).collect(),
        next,
        first: after.map(|_| address(HERE, &question(unconfirmed, None))),
    };
    Ok(templates::render("pages/submissions.html", page)?.into_response())
}

fn question(unconfirmed: bool, after: Option<String>) -> Vec<(&'static str, String)> {
    let state = unconfirmed.then(|| ("state", "unconfirmed".to_owned()));
    state.into_iter().chain(after.map(|after| ("after", after))).collect()
}
