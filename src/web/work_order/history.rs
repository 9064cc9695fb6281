//! What happened to a work order, in the values that the template puts into words.

use chrono::{DateTime, Utc};
use entity::{event, operator, work_order};
use serde::Serialize;

use crate::{app::App, store, web::error::Result};

/// Events on the page.
const SHOWN: u64 = 100;

/// One event.
#[derive(Serialize)]
pub struct Event {
    at: DateTime<Utc>,
    actor: Option<String>,
    verb: event::Verb,
    from: Option<String>,
    to: Option<String>,
    proof: Option<String>,
}

/// The newest events, newest first.
pub async fn read(app: &App, order: &work_order::Model, people: &[operator::Model]) -> Result<Vec<Event>> {
    let events = store::event::history(&app.desk.db.read, order.organisation_id, order.id, SHOWN).await?;
    let one = |row: event::Model| {
        let value = |name: &str| row.data.get(name).and_then(|value| value.as_str()).map(str::to_owned);
        Event {
            actor: people
                .iter()
                .find(|person| Some(person.id) == row.actor_id)
                .map(|person| person.name.clone()),
            from: value("from"),
            to: value("to").or_else(|| value("title")),
            proof: value("proof"),
            at: row.at,
            verb: row.verb,
        }
    };
    Ok(events.into_iter().map(one).collect())
}
