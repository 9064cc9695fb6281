//! What was changed in a notice, by whom and when, in the values that the template puts into words.

use chrono::{DateTime, Utc};
use entity::{notice_change, operator, request_kind};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    app::App,
    store,
    web::{error::Result, words::moment},
};

/// One change.
#[derive(Serialize)]
pub struct Change {
    at: DateTime<Utc>,
    actor: Option<String>,
    verb: String,
    fields: Vec<Field>,
}

/// One field of it.
#[derive(Serialize)]
struct Field {
    label: &'static str,
    from: String,
    to: String,
}

const LABELS: [(&str, &str); 10] = [
    ("title", "Che cosa non funziona"),
    ("text", "Testo"),
    ("impact", "Che cosa comporta"),
    ("alternatives", "Che cosa si può fare intanto"),
    ("restored", "Ripristino"),
    ("streets", "Vie e zone"),
    ("kinds", "Tipologie"),
    ("starts_at", "Da"),
    ("ends_at", "A"),
    ("told", "Persone avvisate"),
];

/// The history, newest first.
pub async fn read(
    app: &App,
    organisation: Uuid,
    notice: Uuid,
    people: &[operator::Model],
    kinds: &[request_kind::Model],
) -> Result<Vec<Change>> {
    let rows = store::notice::history(&app.desk.db.read, organisation, notice).await?;
    let change = |row: notice_change::Model| Change {
        actor: people.iter().find(|one| Some(one.id) == row.actor_id).map(|one| one.name.clone()),
        fields: LABELS
            .iter()
            .filter_map(|(name, label)| {
                let field = row.data.get(name)?;
                let told = |which: &str| written(field.get(which).unwrap_or(&Value::Null), kinds);
                Some(Field { label, from: told("from"), to: told("to") })
            })
            .collect(),
        at: row.at,
        verb: row.verb,
    };
    Ok(rows.into_iter().map(change).collect())
}

/// A value as people read it: words in their languages, lists with commas, instants in Italy's time, kinds by name.
fn written(value: &Value, kinds: &[request_kind::Model]) -> String {
    match value {
        Value::String(text) => {
            let instant = text.parse::<DateTime<Utc>>().ok().map(moment);
            let kind = || {
                let id: Uuid = text.parse().ok()?;
                kinds.iter().find(|kind| kind.id == id).map(|kind| kind.name.clone())
            };
            instant.or_else(kind).unwrap_or_else(|| text.clone())
        }
        Value::Number(number) => number.to_string(),
        Value::Array(values) => {
            values.iter().map(|value| written(value, kinds)).collect::<Vec<_>>().join(", ")
        }
        Value::Object(words) => {
            let spoken = ["it", "en", "de"].iter().filter_map(|tag| words.get(*tag)?.as_str());
            spoken.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" / ")
        }
        _ => String::new(),
    }
}
