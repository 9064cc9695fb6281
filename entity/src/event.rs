//! What happened to a work order: the one log that history, live pages, index and webhooks read.
use sea_orm::entity::prelude::*;

use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// The work order was opened.
    Opened,
    /// A letter joined it.
    Received,
    /// An acknowledgement was queued.
    Acknowledged,
    /// An operator answered.
    Replied,
    /// An operator wrote a note.
    Noted,
    /// The status changed.
    StatusChanged,
    /// A new letter opened it again.
    Reopened,
    /// The assignee changed.
    Assigned,
    /// The kind or the survey changed, and with it the due date.
    KindChanged,
    /// The taxpayer changed.
    TaxpayerChanged,
    /// A letter was taken by the recipient's server.
    Sent,
    /// A letter was refused for good.
    Refused,
    /// A letter was sent again because the end of the first attempt is unknown.
    Repeated,
    /// Something came back about a letter: a receipt, a report.
    Proved,
    /// The citizen confirmed the address.
    Confirmed,
    /// The citizen says that it is not solved.
    Contested,
    /// The citizen withdrew the request.
    Withdrawn,
    /// Somebody else follows it.
    Followed,
    /// Those who follow were told.
    Told,
    /// Its citizen got a new personal link, and the old one opens nothing any more.
    LinkRenewed,
    /// Its citizen is told of progress.
    Updated,
    /// An operator sent a notification on IO.
    Notified,
    /// A notice explains it.
    NoticeLinked,
    /// What it says is shown to everybody.
    Published,
    /// It is not shown any more.
    Unpublished,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    /// Order of the log.
    #[sea_orm(primary_key)]
    pub seq: i64,
    /// Owner.
    pub organisation_id: Uuid,
    /// About what.
    pub work_order_id: Uuid,
    /// Who; none when the program did it by itself.
    pub actor_id: Option<Uuid>,
    /// What happened.
    pub verb: Verb,
    /// When.
    pub at: DateTimeUtc,
    /// The rest, by verb: plain values that the history puts into words.
    pub data: Json,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
