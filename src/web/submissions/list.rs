//! What waits, oldest first; and what was put aside, newest first: it stays registered.

use axum::{
    extract,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use entity::{
    communication::Channel,
    language::Language,
    submission::{Model, State},
};
use serde::{Deserialize, Serialize};

use super::{HERE, path_of};
use crate::{
    actions::submission::NEVER_CONFIRMED,
    app::App,
    domain::form,
    store::{self, submission::waiting},
    web::{
        error::Result,
        frame::{COUNTED, Done, Frame, Hall, counted},
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
    /// Which list: `held`, `unconfirmed`, `discarded`.
    list: List,
    held_count: String,
    unconfirmed_count: String,
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
    /// When it was put aside.
    discarded_at: Option<DateTime<Utc>>,
    /// Why.
    reason: Option<String>,
}

/// The lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum List {
    Held,
    Unconfirmed,
    Discarded,
}

impl List {
    fn read(name: &str) -> Self {
        match name {
            "unconfirmed" => Self::Unconfirmed,
            "discarded" => Self::Discarded,
            _ => Self::Held,
        }
    }

    /// In addresses; the first list needs no name.
    fn name(self) -> Option<&'static str> {
        match self {
            Self::Held => None,
            Self::Unconfirmed => Some("unconfirmed"),
            Self::Discarded => Some("discarded"),
        }
    }

    /// Where the page after a row begins.
    fn key(self, row: &Model) -> Option<page_key::Key> {
        let at = if self == Self::Discarded { Some(row.updated_at) } else { row.received_at };
        Some((at?, row.id))
    }
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
    extract::State(app): extract::State<App>,
    operator: Operator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let hall = Hall::enter(&app, &operator).await?;
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let list = List::read(&asked.state);
    let after = asked.after.as_deref().and_then(page_key::read);
    let limit = PAGE as u64 + 1;
    let mut found = match list {
        List::Held => waiting(db, organisation, State::Held, after, limit).await?,
        List::Unconfirmed => waiting(db, organisation, State::Unconfirmed, after, limit).await?,
        List::Discarded => store::submission::discarded(db, organisation, after, limit).await?,
    };
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let kinds = store::organisation::kinds(db, organisation).await?;
    let next = found.last().filter(|_| more).and_then(|row| {
        let after = page_key::written(list.key(row)?);
        Some(address(HERE, &question(list, Some(after))))
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
            discarded_at: (row.state == State::Discarded).then_some(row.updated_at),
            reason: row.reason.map(reason),
        }
    };
    let of_nobody = store::submission::waiting_count(db, organisation, State::Unconfirmed, COUNTED).await?;
    let page = Page {
        frame: hall.frame("submissions", asked.done),
        list,
        held_count: counted(hall.held()),
        unconfirmed_count: counted(of_nobody),
        rows: found.into_iter().map(row).collect(),
        next,
        first: after.map(|_| address(HERE, &question(list, None))),
    };
    Ok(templates::render("pages/submissions.html", page)?.into_response())
}

/// Why it was put aside, in words: the program's own reason is a name.
pub(super) fn reason(written: String) -> String {
    if written == NEVER_CONFIRMED { "L’indirizzo non è mai stato confermato.".to_owned() } else { written }
}

fn question(list: List, after: Option<String>) -> Vec<(&'static str, String)> {
    let state = list.name().map(|name| ("state", name.to_owned()));
    state.into_iter().chain(after.map(|after| ("after", after))).collect()
}
