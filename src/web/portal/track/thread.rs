//! What the author of a request reads of it: the letters between them and us, and what happened, in plain words.
//!
//! A work order also holds what is none of theirs: `domain::correspondence` says what is. Their form became a letter in the
//! desk's language; they read it in their own, question by question.

use chrono::{DateTime, Utc};
use entity::{
    attachment,
    communication::{Channel, Direction, Model},
    event,
    follower::Role,
    operator, request_kind, submission, work_order,
};
use serde::Serialize;
use uuid::Uuid;

use super::visit::Visit;
use crate::{
    app::App,
    domain::{correspondence, form, text},
    store,
    web::{attachment::is_picture, error::Result, progress::received::as_received},
    wording::{say, without_link},
};

/// Letters on the page: the newest.
const LETTERS: u64 = 200;
/// Events that are looked at.
const EVENTS: u64 = 300;
/// Longest text of a letter on the page, in characters.
const TEXT: usize = 20_000;
/// What is said about oneself, in the order of the letter; each has a label `form-contact-…`.
const CONTACTS: [&str; 6] = ["name", "surname", "fiscal_code", "email", "postal_address", "phone"];

/// One letter.
#[derive(Debug, Serialize)]
pub struct Letter {
    /// The author's own.
    own: bool,
    /// News of progress: nobody's answer.
    news: bool,
    /// Who wrote for the organisation: a first name.
    first_name: Option<String>,
    at: DateTime<Utc>,
    text: String,
    /// Question and answer, of a form.
    facts: Vec<(String, String)>,
    photos: Vec<File>,
    files: Vec<File>,
}

/// One file of a letter.
#[derive(Debug, Serialize)]
struct File {
    href: String,
    name: String,
    size: i64,
}

/// Whether a file of a letter is a photo that we have encoded anew, so that it may be drawn on a page of ours.
#[must_use]
pub fn is_photo(letter: &Model, file: &attachment::Model) -> bool {
    letter.direction == Direction::In
        && matches!(letter.channel, Channel::Web | Channel::App)
        && is_picture(&file.media_type)
}

/// The letters, oldest first. `form`: what was sent first, and of which kind.
pub async fn letters(
    app: &App,
    visit: &Visit,
    order: &work_order::Model,
    form: Option<(&submission::Model, &request_kind::Model)>,
) -> Result<Vec<Letter>> {
    let (db, organisation) = (&app.desk.db.read, order.organisation_id);
    let mut rows = store::communication::correspondence(db, organisation, order.id, LETTERS).await?;
    rows.retain(|row| correspondence::is_with(&visit.follower, row));
    let mut rows = as_received(db, organisation, rows).await?;
    rows.reverse();
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let files = store::attachment::of_communications(db, organisation, &ids).await?;
    let people = store::operator::all(db, organisation).await?;
    let written = |row: &Model| {
        let form = form.filter(|(sent, _)| row.submission_id == Some(sent.id));
        let mut letter = letter(visit, row, &files, &people);
        if let Some((sent, kind)) = form {
            (letter.text, letter.facts) = (String::new(), facts(visit, sent, kind));
        }
        letter
    };
    Ok(rows.iter().map(written).collect())
}

fn letter(visit: &Visit, row: &Model, files: &[attachment::Model], people: &[operator::Model]) -> Letter {
    let author = people.iter().find(|person| Some(person.id) == row.author_id);
    let author = author.filter(|_| !row.automatic);
    let first_name = author.and_then(|person| person.name.split_whitespace().next()).map(str::to_owned);
    let file = |file: &attachment::Model| File {
        href: format!("{}/allegati/{}", visit.here, file.id),
        name: file.name.clone(),
        size: file.size,
    };
    let words = row.visible_text.as_deref().filter(|news| !news.trim().is_empty()).unwrap_or(&row.text);
    let own = files.iter().filter(|one| one.communication_id == row.id);
    let (photos, files): (Vec<_>, Vec<_>) = own.partition(|one| is_photo(row, one));
    Letter {
        own: row.direction == Direction::In,
        news: row.occasion.is_some(),
        first_name,
        at: row.at,
        text: text::shortened(without_link(words).trim(), TEXT),
        facts: Vec::new(),
        photos: photos.into_iter().map(file).collect(),
        files: files.into_iter().map(file).collect(),
    }
}

/// What was typed into a form, and about whom, in the reader's language.
fn facts(visit: &Visit, sent: &submission::Model, kind: &request_kind::Model) -> Vec<(String, String)> {
    let language = visit.hall.language;
    let form = form::of_kind(kind).unwrap_or_default();
    let mut facts = form::lines(&form, &sent.answers, language);
    for name in CONTACTS {
        let answer = text::typed(sent.answers.get(name));
        if !answer.is_empty() {
            facts.push((say(language, &format!("form-contact-{name}")), answer));
        }
    }
    facts
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
    let answers = letters.iter().filter(|letter| !letter.own && !letter.news);
    // Answers first: of one that closed the request in the same instant, the answer came before the end.
    let mut steps: Vec<Step> = answers.map(|letter| Step { what: "replied", at: letter.at }).collect();
    steps.extend(events.iter().rev().filter_map(step));
    steps.sort_by_key(|step| (step.at, step.what != "received"));
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
