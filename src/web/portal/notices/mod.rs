//! Notices of disruption for everybody: what is down now, what is over, each with its history, and a feed.

mod feed;

use axum::{extract::State, response::Response};
use chrono::{DateTime, Duration, Utc};
use entity::{
    language::{Language, Words},
    notice::{self, State as Stands},
    notice_change,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

pub use self::feed::feed;
use super::Hall;
use crate::{
    app::App,
    store,
    web::{
        error::{Error, Result},
        request::Path,
    },
};

/// Days for which the end of a disruption is shown.
const RESTORED_DAYS: i64 = 30;

/// Notices in force and those that ended lately.
async fn all(app: &App, hall: &Hall) -> Result<(Vec<notice::Model>, Vec<notice::Model>)> {
    let since = hall.cx.now - Duration::days(RESTORED_DAYS);
    let over = store::notice::restored_since(&app.desk.db.read, hall.organisation.id, since).await?;
    Ok((hall.notices.clone(), over))
}

/// Context of `portal/notices.html`.
#[derive(Serialize)]
struct List {
    current: Vec<Row>,
    over: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    title: String,
    impact: String,
    href: String,
    streets: Vec<String>,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    restored_at: Option<DateTime<Utc>>,
}

/// `GET avvisi`.
pub async fn list(State(app): State<App>, hall: Hall) -> Result<Response> {
    let (current, over) = all(&app, &hall).await?;
    let row = |notice: &notice::Model| Row {
        title: notice.title.in_(hall.language).to_owned(),
        impact: notice.impact.in_(hall.language).to_owned(),
        href: hall.href(&format!("/avvisi/{}", notice.id)),
        streets: notice.streets.0.clone(),
        starts_at: notice.starts_at,
        ends_at: notice.ends_at,
        restored_at: notice.restored_at,
    };
    let list = List { current: current.iter().map(row).collect(), over: over.iter().map(row).collect() };
    hall.page("portal/notices.html", list)
}

/// Context of `portal/notice.html`.
#[derive(Serialize)]
struct Page {
    id: Uuid,
    title: String,
    text: String,
    impact: String,
    alternatives: String,
    restored: String,
    streets: Vec<String>,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    restored_at: Option<DateTime<Utc>>,
    withdrawn: bool,
    /// It can be followed.
    open: bool,
    changes: Vec<Change>,
}

/// One change, as everybody may read it: never by whom.
#[derive(Serialize)]
struct Change {
    /// The end of the key `site-change-…`.
    what: &'static str,
    at: DateTime<Utc>,
    /// What changed: ends of the keys `site-field-…`, and what stood there before where that is a text.
    fields: Vec<Field>,
}

#[derive(Serialize)]
struct Field {
    name: &'static str,
    before: Option<String>,
}

/// Which notice.
#[derive(Debug, Deserialize)]
pub struct Asked {
    id: Uuid,
}

/// `GET avvisi/{id}`. One that was withdrawn says so to whoever has its address; a draft is nobody's.
pub async fn show(State(app): State<App>, hall: Hall, Path(asked): Path<Asked>) -> Result<Response> {
    let (db, organisation) = (&app.desk.db.read, hall.organisation.id);
    let notice = store::notice::by_id(db, organisation, asked.id).await?;
    let public = |notice: &notice::Model| notice.state != Stands::Draft && notice.published_at.is_some();
    let notice = notice.filter(public).ok_or(Error::NotFound)?;
    let history = store::notice::history(db, organisation, notice.id).await?;
    let published_at = notice.published_at;
    let changes = history.iter().filter(|change| published_at.is_none_or(|since| change.at >= since));
    let said = |words: &Words| words.in_(hall.language).to_owned();
    let page = Page {
        id: notice.id,
        title: said(&notice.title),
        text: said(&notice.text),
        impact: said(&notice.impact),
        alternatives: said(&notice.alternatives),
        restored: said(&notice.restored),
        changes: changes.filter_map(|change| change_of(change, hall.language)).collect(),
        streets: notice.streets.0,
        starts_at: notice.starts_at,
        ends_at: notice.ends_at,
        restored_at: notice.restored_at,
        withdrawn: notice.state == Stands::Withdrawn,
        open: notice.state == Stands::Published,
    };
    hall.page("portal/notice.html", page)
}

/// Fields whose change concerns citizens.
const FIELDS: [&str; 7] = ["title", "text", "impact", "alternatives", "streets", "starts_at", "ends_at"];

fn change_of(change: &notice_change::Model, language: Language) -> Option<Change> {
    let what = match change.verb.as_str() {
        "published" => "published",
        "changed" => "changed",
        "restored" => "restored",
        "withdrawn" => "withdrawn",
        _ => return None,
    };
    let field = |name: &'static str| {
        let before = change.data.get(name)?.get("from")?;
        Some(Field { name, before: read(before, language).filter(|words| !words.is_empty()) })
    };
    let fields = if what == "changed" { FIELDS.into_iter().filter_map(field).collect() } else { Vec::new() };
    Some(Change { what, at: change.at, fields })
}

/// What stood in a field: words in a language, or a list. Of a date it is enough that it has changed.
fn read(value: &Value, language: Language) -> Option<String> {
    match value {
        Value::Object(_) => {
            let words: Words = serde_json::from_value(value.clone()).ok()?;
            Some(words.in_(language).to_owned())
        }
        Value::Array(lines) => Some(lines.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")),
        _ => None,
    }
}
