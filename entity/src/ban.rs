//! Who may not send forms for a while.
use sea_orm::entity::prelude::*;

/// What a ban is about.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An email address.
    Address,
    /// All addresses of a domain.
    Domain,
    /// A network.
    Network,
}

/// One ban.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ban")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// What is banned.
    pub what: What,
    /// Address, domain, or keyed hash of a network.
    pub value: String,
    /// Why.
    pub reason: String,
    /// Until when; none: until it is lifted.
    pub until: Option<DateTimeUtc>,
    /// Who.
    pub author_id: Option<Uuid>,
    /// When.
    pub created_at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
