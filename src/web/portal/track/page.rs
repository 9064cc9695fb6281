//! The page that a personal link opens, of a work order or of a notice.

use axum::{extract::State, http::StatusCode, response::Response};
use chrono::{DateTime, Utc};
use entity::notice;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    order,
    telling::Telling,
    visit::{Matter, Visit},
};
use crate::{
    actions::tracking,
    app::App,
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
    /// The words beside a rating without stars.
    pub rating: Option<String>,
    /// What is wrong, by field: `text`, `files`, `contest`, `told_by`, `form`.
    pub errors: Flaws,
    /// What was just done.
    pub done: Option<Done>,
}

impl Typed {
    /// What was typed, into whichever form: it may have changed places since.
    #[must_use]
    pub fn words(&self) -> &str {
        if self.contest.is_empty() { &self.text } else { &self.contest }
    }
}

/// What was just done: a fixed word in the address, so that nobody can put sentences of theirs on our pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
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
    /// It was rated.
    Valutazione,
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

/// `GET /segui/{link}`. Opening it changes nothing that matters: programs that look into mails open every link.
pub async fn show(State(app): State<App>, visit: Visit, Query(asked): Query<Asked>) -> Result<Response> {
    tracking::seen(&app.desk, &visit.hall.cx, &visit.follower).await?;
    page(&app, &visit, StatusCode::OK, Typed { done: asked.fatto, ..Typed::default() }).await
}

/// The page, with what was typed.
pub async fn page(app: &App, visit: &Visit, status: StatusCode, typed: Typed) -> Result<Response> {
    let mut page = match &visit.matter {
        Matter::Order(order) => {
            let context = order::page(app, visit, order, typed).await?;
            visit.hall.page("portal/track/order.html", context)?
        }
        Matter::Notice(notice) => {
            visit.hall.page("portal/track/notice.html", of_notice(app, visit, notice, typed).await?)?
        }
    };
    *page.status_mut() = status;
    Ok(page)
}

/// A notice, named.
#[derive(Serialize)]
pub struct Link {
    title: String,
    href: String,
    /// When it was over; none while it is in force.
    restored_at: Option<DateTime<Utc>>,
}

/// Names a notice.
pub fn link(visit: &Visit, notice: &notice::Model) -> Link {
    Link {
        title: notice.title.in_(visit.hall.language).to_owned(),
        href: visit.hall.href(&format!("/avvisi/{}", notice.id)),
        restored_at: notice.restored_at,
    }
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

async fn of_notice(app: &App, visit: &Visit, notice: &notice::Model, typed: Typed) -> Result<NoticePage> {
    Ok(NoticePage {
        here: visit.here.clone(),
        notice: link(visit, notice),
        restored_at: notice.restored_at,
        telling: Telling::of(app, visit).await?,
        errors: typed.errors,
        done: typed.done,
    })
}
