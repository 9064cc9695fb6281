//! By which way citizens are told of what becomes of their request: what an organisation has set otherwise than the program.
use sea_orm::entity::prelude::*;

use serde::{Deserialize, Serialize};

/// Something that happens to a request and that its citizen may want to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// It has arrived.
    Received,
    /// Somebody works on it.
    TakenUp,
    /// It was handed to somebody else: a partner, another office.
    Forwarded,
    /// The citizen is asked for something.
    InformationNeeded,
    /// Somebody comes, or is waited for.
    Appointment,
    /// It is done.
    Resolved,
    /// It is closed, and something is left for the citizen to do.
    ResolvedWithSteps,
    /// It is worked on again.
    Reopened,
    /// The answer is due on another day.
    DeadlineMoved,
}

/// By which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// The first that works: what the citizen chose, else IO, else mail.
    Best,
    /// By mail.
    Mail,
    /// By certified mail, if the organisation has a mailbox for it; else by mail.
    Pec,
    /// On IO only.
    Io,
    /// By mail and on IO.
    MailAndIo,
    /// Not at all.
    Nothing,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "update_rule")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// For requests of this kind; `None`: for all that have no rule of their own.
    pub kind_id: Option<Uuid>,
    /// When.
    pub occasion: Occasion,
    /// How.
    pub way: Way,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
