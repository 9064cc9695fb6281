//! An address whose holder has opened a link that we sent there.
use sea_orm::entity::prelude::*;

/// One address.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "confirmed_address")]
pub struct Model {
    /// Owner.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// Email address, lower case.
    #[sea_orm(primary_key, auto_increment = false)]
    pub address: String,
    /// When.
    pub confirmed_at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
