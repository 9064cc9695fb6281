//! The history of a notice.
use sea_orm::entity::prelude::*;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notice_change")]
pub struct Model {
    /// Identifier, in the order of time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// Which notice.
    pub notice_id: Uuid,
    /// Who.
    pub actor_id: Option<Uuid>,
    /// `created`, `changed`, `published`, `restored`, `told`, `withdrawn`.
    pub verb: String,
    /// When.
    pub at: DateTimeUtc,
    /// The fields that changed, with what they were and what they are.
    pub data: Json,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
