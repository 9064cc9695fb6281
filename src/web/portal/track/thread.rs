//! What the author of a request reads of it: the letters between them and us, and what happened, in plain words.
//!
//! A work order also holds what is none of theirs: `domain::correspondence` says what is.

use chrono::{DateTime, Utc};
use entity::{
    attachment,
    communication::{Direction, Model},
    event,
    follower::Role,
    operator, work_order,
};
use serde::Serialize;
use uuid::Uuid;

use super::visit::Visit;
use crate::{
    app::App,
    domain::{correspondence, text},
    store,
    web::error::Result,
};

/// Letters on the page: the newest.
const LETTERS: u64 = 200;
/// Events that are looked at.
const EVENTS: u64 = 300;
/// Longest text of a letter on the page, in characters.
const TEXT: usize = 20_000;

/// One letter.
#[derive(Debug, Serialize)]
pub struct Letter {
    /// The author's own.
    own: bool,
    /// Who wrote for the organisation: a first name.
    first_name: Option<String>,
    at: DateTime<Utc>,
    text: String,
    files: Vec<File>,
}

/// One file of a letter.
#[derive(Debug, Serialize)]
struct File {
    href: String,
    name: String,
    size: i64,
}

/// The letters, oldest first.
pub async fn letters(app: &App, visit: &Visit, order: &work_order::Model) -> Result<Vec<Letter>> {
    let (db, organisation) = (&app.desk.db.read, order.organisation_id);
    let mut rows = store::communication::correspondence(db, organisation, order.id, LETTERS).await?;
    rows.retain(|row| correspondence::is_with(&visit.follower, row));
    rows.reverse();
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let files = store::attachment::of_communications(db, organisation, &ids).await?;
    let people = store::operator::all(db, organisation).await?;
    Ok(rows.iter().map(|row| letter(visit, row, &files, &people)).collect())
}

fn letter(visit: &Visit, row: &Model, files: &[attachment::Model], people: &[operator::Model]) -> Letter {
    let author = people.iter().find(|person| Some(person.id) == row.author_id);
    let first_name = author.and_then(|person| person.name.split_whitespace().next()).map(str::to_owned);
    let file = |file: &attachment::Model| File {
        href: format!("{}/allegati/{}", visit.here, file.id),
        name: file.name.clone(),
        size: file.size,
    };
    let words = row.visible_text.as_deref().filter(|news| !news.trim().is_empty()).unwrap_or(&row.text);
    Letter {
        own: row.direction == Direction::In,
        first_name,
        at: row.at,
        text: text::shortened(words.trim(), TEXT),
        files: files.iter().filter(|one| one.communication_id == row.id).map(file).collect(),
    }
}

/// One thing that happened.
#[derive(Debug, Serialize)]
pub struct Step {
    /// The end of the key `site-step-…`.
    what: &'static str,
    at: DateTime<Utc>,
}

/// What happened, oldest first. Whoever only follows is told where the work stands, and nothing that the author did. That we
/// answered is read off the letters: the log also knows of those to others.
pub async fn steps(
    app: &App,
    order: &work_order::Model,
    role: Role,
    letters: &[Letter],
) -> Result<Vec<Step>> {
    let events = store::event::history(&app.desk.db.read, order.organisation_id, order.id, EVENTS).await?;
    let step = |event: &event::Model| step(event, role).map(|what| Step { what, at: event.at });
    let mut steps: Vec<Step> = events.iter().rev().filter_map(step).collect();
    let answers = letters.iter().filter(|letter| !letter.own);
    steps.extend(answers.map(|letter| Step { what: "replied", at: letter.at }));
    steps.sort_by_key(|step| step.at);
    Ok(steps)
}

fn step(event: &event::Model, role: Role) -> Option<&'static str> {
    use event::Verb;
    let to = event.data.get("to").and_then(|to| to.as_str());
    match event.verb {
        Verb::Opened => Some("received"),
        Verb::Reopened => Some("reopened"),
        Verb::StatusChanged => match to? {
            "in_progress" => Some("in-progress"),
            "waiting" => Some("waiting"),
            "closed" => Some("closed"),
            _ => None,
        },
        _ if role != Role::Author => None,
        Verb::Contested => Some("contested"),
        Verb::Withdrawn => Some("withdrawn"),
        Verb::Confirmed => Some("confirmed"),
        Verb::NoticeLinked => Some("explained"),
        Verb::KindChanged => Some("due-changed"),
        _ => None,
    }
}
