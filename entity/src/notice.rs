//! A public notice of a disruption, and of its end.
use sea_orm::entity::prelude::*;

use crate::language::Words;

/// Where a notice stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Only operators see it.
    Draft,
    /// Everybody sees it.
    Published,
    /// It is over; shown for a while.
    Restored,
    /// It was published by mistake.
    Withdrawn,
}

/// Lines of text, stored as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, FromJsonQueryResult)]
pub struct Lines(pub Vec<String>);

/// Ids, stored as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, FromJsonQueryResult)]
pub struct Ids(pub Vec<Uuid>);

/// One notice.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notice")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// Where it stands.
    pub state: State,
    /// What is down, in a line.
    pub title: Words,
    /// What happened and what is done about it.
    pub text: Words,
    /// What it means for citizens.
    pub impact: Words,
    /// What they can do meanwhile.
    pub alternatives: Words,
    /// What is said when it is over; empty until then.
    pub restored: Words,
    /// Streets or areas concerned; none: everywhere.
    pub streets: Lines,
    /// Kinds of request that it explains; none: all.
    pub kinds: Ids,
    /// From when.
    pub starts_at: DateTimeUtc,
    /// Until when, as far as known.
    pub ends_at: Option<DateTimeUtc>,
    /// When it was first published.
    pub published_at: Option<DateTimeUtc>,
    /// When it was over.
    pub restored_at: Option<DateTimeUtc>,
    /// Who wrote it.
    pub author_id: Option<Uuid>,
    /// When.
    pub created_at: DateTimeUtc,
    /// When it was last changed.
    pub updated_at: DateTimeUtc,
    /// Counts changes.
    pub version: i32,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
