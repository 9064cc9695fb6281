//! A work order that a notice explains.
use sea_orm::entity::prelude::*;

/// One link.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notice_work_order")]
pub struct Model {
    /// The notice.
    #[sea_orm(primary_key, auto_increment = false)]
    pub notice_id: Uuid,
    /// The work order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub work_order_id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// When.
    pub created_at: DateTimeUtc,
    /// When its citizen was told that it is over.
    pub told_at: Option<DateTimeUtc>,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
