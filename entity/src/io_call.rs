//! One call that was made for a notification, and what came back: the audit of its fate. Written once, never changed.
use sea_orm::entity::prelude::*;

/// What was asked of IO, or ordered by an operator.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Call {
    /// Whether the citizen may be written to.
    Profile,
    /// The sending.
    Submit,
    /// What became of it.
    Status,
    /// An operator took it back, resent it or gave it up.
    Operator,
}

/// One call.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "io_call")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// For which notification.
    pub io_message_id: Uuid,
    /// What was asked.
    pub call: Call,
    /// The operator, when one ordered it.
    pub author_id: Option<Uuid>,
    /// What came back, in plain words and without personal data.
    pub words: String,
    /// When it ended.
    pub at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
