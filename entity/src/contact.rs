//! An address of a taxpayer, with how it came to be theirs.
use sea_orm::entity::prelude::*;

/// How a contact was tied to the taxpayer.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Came with the register.
    Register,
    /// An operator said so.
    Operator,
}

/// One contact. Telephone and PEC contacts follow with their channels.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contact")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// Whose contact.
    pub taxpayer_id: Uuid,
    /// Email address, lower case.
    pub address: String,
    /// How it was tied to the taxpayer.
    pub origin: Origin,
    /// When a letter to it was last refused for good; `None` since somebody wrote from it.
    pub unreachable_at: Option<DateTimeUtc>,
    /// The reason, in the words of the server.
    pub unreachable_words: Option<String>,
    /// When the row was written.
    pub created_at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
