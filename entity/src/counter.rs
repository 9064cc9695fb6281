//! The last number given in a year: read and raised in the transaction that uses it, so numbers have no gaps.
use sea_orm::entity::prelude::*;

/// Counter of one year.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "counter")]
pub struct Model {
    /// Owner.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// Year.
    #[sea_orm(primary_key, auto_increment = false)]
    pub year: i32,
    /// Last number given.
    pub last: i32,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
