//! How an organisation speaks to IO: where, with which key for its services, and when it does not disturb anybody.
use sea_orm::entity::prelude::*;

/// One organisation's account.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "io_account")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// Where IO's API is, without a slash at its end.
    pub base_url: String,
    /// Key of all services of the organisation, sealed with the installation's key.
    pub manage_key: Option<Vec<u8>>,
    /// Seconds between the click and the sending, in which it can be taken back.
    pub undo_seconds: i32,
    /// Minute of the day, in Italy, from which nothing that a machine wrote is sent.
    pub quiet_from: Option<i32>,
    /// Minute of the day, in Italy, from which it is sent again.
    pub quiet_until: Option<i32>,
    /// Raised by every change.
    pub version: i32,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
