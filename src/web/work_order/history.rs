//! What happened to a work order, in the values that the template puts into words.

use chrono::{DateTime, Utc};
use entity::{event, io_message, operator, update_rule::Occasion, work_order};
use serde::Serialize;

use crate::{
    app::App,
    domain::io::fate,
    store,
    web::{error::Result, progress::words},
};

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
    /// What became of a notification on IO, where the event is about one.
    on_io: Option<&'static str>,
    /// By which ways the citizen is told.
    by: Option<&'static str>,
    /// There was no way by which the citizen could be told.
    untold: bool,
    /// What the citizen would have been told was taken back before it left.
    taken_back: bool,
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
            to: told(&row).or_else(|| value("to")).or_else(|| value("title")),
            on_io: value("channel").filter(|channel| channel == "io").and_then(|_| fate_of(&row)),
            by: by(&row),
            untold: row.data.get("by").and_then(|by| by.as_array()).is_some_and(Vec::is_empty),
            taken_back: row.data.get("taken_back").is_some(),
            proof: value("proof"),
            at: row.at,
            verb: row.verb,
        }
    };
    Ok(events.into_iter().map(one).collect())
}

/// What the citizen is told.
fn told(row: &event::Model) -> Option<String> {
    let to = row.data.get("to").filter(|_| row.verb == event::Verb::Updated)?.as_str()?;
    words::read::<Occasion>(to).map(|occasion| words::occasion(occasion).to_owned())
}

fn by(row: &event::Model) -> Option<&'static str> {
    let by = row.data.get("by")?.as_array()?;
    let names = |name: &str| by.iter().any(|one| one.as_str() == Some(name));
    match (names("io"), names("mail")) {
        (true, true) => Some("su IO e per posta"),
        (true, false) => Some("su IO"),
        (false, true) => Some("per posta"),
        (false, false) => None,
    }
}

fn fate_of(row: &event::Model) -> Option<&'static str> {
    let state = row.data.get("state")?.as_str()?;
    words::read::<io_message::State>(state).map(fate::words)
}
