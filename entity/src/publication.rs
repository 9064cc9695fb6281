//! What an operator has published of a report: no word of its citizen.
use sea_orm::entity::prelude::*;

/// One published report.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "publication")]
pub struct Model {
    /// The work order.
    #[sea_orm(primary_key, auto_increment = false)]
    pub work_order_id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// In a line.
    pub title: String,
    /// What everybody may read.
    pub text: String,
    /// Where, without a house number if that would point at somebody.
    pub address: String,
    /// Degrees north, rounded.
    pub latitude: Option<f64>,
    /// Degrees east, rounded.
    pub longitude: Option<f64>,
    /// Who published it.
    pub author_id: Option<Uuid>,
    /// When.
    pub published_at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
