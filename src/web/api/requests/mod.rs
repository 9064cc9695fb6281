//! Requests of citizens: sent, read, answered. The same actions as on the portal, the same rules.

pub mod act;
pub mod create;
pub mod list;
pub mod thread;

use chrono::{DateTime, Utc};
use entity::{
    follower::{self, ToldBy},
    request_kind,
    work_order::{self, Status},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    door::Speaker,
    problem::{Problem, Result},
};
use crate::{
    app::App,
    domain::{form, number::Number},
    store,
};

/// A request of a citizen.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestOut {
    /// Its number, as people say it.
    #[schema(example = "2026/000123")]
    number: String,
    /// Its word in addresses of this API.
    #[schema(example = "2026-000123")]
    id: String,
    /// The word of its service.
    #[schema(example = "disruption")]
    kind: String,
    /// The name of its service, in the citizen's language.
    #[schema(example = "Segnalazione di disservizio")]
    kind_title: String,
    /// What it is about, in a line.
    #[schema(example = "Cassonetto rotto")]
    subject: String,
    /// Where it stands.
    #[schema(value_type = StatusName)]
    status: Status,
    /// When it reached the organisation: its terms run from here.
    received_at: DateTime<Utc>,
    /// When the answer is due.
    due_at: DateTime<Utc>,
    /// When it was closed; absent while it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    closed_at: Option<DateTime<Utc>>,
    /// How often the citizen has said that it was closed and not solved.
    #[schema(example = 0)]
    contests: i32,
    /// How the citizen is told of changes.
    #[schema(value_type = ToldByName)]
    told_by: ToldBy,
}

/// Where a request stands.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum StatusName {
    /// Nobody has looked yet.
    New,
    /// Somebody works on it.
    InProgress,
    /// The citizen has been asked something.
    Waiting,
    /// Done.
    Closed,
}

/// How a citizen is told.
#[derive(Debug, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum ToldByName {
    /// By mail.
    Mail,
    /// On the IO app.
    Io,
    /// Not at all.
    Nothing,
}

impl RequestOut {
    fn new(order: work_order::Model, follower: &follower::Model, kinds: &[request_kind::Model]) -> Self {
        let number = Number { year: order.year, number: order.number };
        let kind = kinds.iter().find(|kind| kind.id == order.kind_id);
        Self {
            number: number.to_string(),
            id: number.slug(),
            kind: kind.map(|kind| kind.code.clone()).unwrap_or_default(),
            kind_title: kind.map(|kind| form::title(kind, follower.language)).unwrap_or_default(),
            subject: order.subject,
            status: order.status,
            received_at: order.received_at,
            due_at: order.due_at,
            closed_at: order.closed_at,
            contests: order.contests,
            told_by: follower.told_by,
        }
    }
}

/// The request of that number and its citizen, if the citizen who speaks is the one who wrote it.
pub async fn own(app: &App, speaker: &Speaker, number: &str) -> Result<(work_order::Model, follower::Model)> {
    let (db, organisation) = (&app.desk.db.read, speaker.caller.hall.cx.organisation);
    let number: Number = number.parse().map_err(|_| Problem::not_found())?;
    let order =
        store::work_order::by_number(db, organisation, number).await?.ok_or_else(Problem::not_found)?;
    let author = store::citizen_token::author(db, organisation, &speaker.citizen, order.id).await?;
    Ok((order, author.ok_or_else(Problem::not_found)?))
}
