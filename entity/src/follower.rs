//! A person who follows a work order, or a notice, by a personal link: who opened it, and neighbours who would have written the same.
use sea_orm::entity::prelude::*;

use crate::language::Language;

/// What a follower may see and do.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Wrote it: sees the conversation, answers, contests, withdraws.
    Author,
    /// Follows it: sees the state and nobody's data.
    Follower,
}

/// How a follower wants to be told.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum ToldBy {
    /// By mail.
    Mail,
    /// On the IO app.
    Io,
    /// Not at all.
    Nothing,
}

/// One person and one matter.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "follower")]
pub struct Model {
    /// Identifier; links are made from it and the generation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// The work order, or
    pub work_order_id: Option<Uuid>,
    /// the notice.
    pub notice_id: Option<Uuid>,
    /// What they may see.
    pub role: Role,
    /// Name, as given.
    pub name: String,
    /// Email address, lower case; empty when none was given.
    pub address: String,
    /// Codice fiscale or partita IVA as given, checked; empty when none.
    pub fiscal_code: String,
    /// Telephone, as given.
    pub phone: String,
    /// Language in which they are addressed.
    pub language: Language,
    /// How they want to be told.
    /// How they want to be told.
    pub told_by: ToldBy,
    /// When they chose that; none while it is only what holds for everybody.
    pub chose_at: Option<DateTimeUtc>,
    /// Raised to make older links useless.
    pub generation: i32,
    /// When the address was confirmed through a link.
    pub confirmed_at: Option<DateTimeUtc>,
    /// When.
    pub created_at: DateTimeUtc,
    /// When the link was last used.
    pub seen_at: Option<DateTimeUtc>,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
