//! Where the thing is that a work order is about.
use sea_orm::entity::prelude::*;

/// One place.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "place")]
pub struct Model {
    /// The work order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub work_order_id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// Its kind when it was opened.
    pub kind_id: Uuid,
    /// Address, as given.
    pub address: String,
    /// Street and town in the form that is compared: `domain::place::street`.
    pub street: String,
    /// Degrees north (WGS 84).
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
    /// When.
    pub created_at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
