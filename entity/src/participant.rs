//! An address that takes part in a work order: wrote in it, or was written to.
use sea_orm::entity::prelude::*;

/// One address of one work order.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "participant")]
pub struct Model {
    /// Owner.
    pub organisation_id: Uuid,
    /// The work order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub work_order_id: Uuid,
    /// Email address, lower case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub address: String,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
