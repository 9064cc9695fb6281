//! How often a name or an address has failed to sign in lately.
use sea_orm::entity::prelude::*;

/// Failures of one key.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "login_throttle")]
pub struct Model {
    /// SHA-256 of `account:<login>` or `address:<ip>`: no personal data at rest.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// Failures in a row.
    pub failures: i32,
    /// No attempt is looked at before this instant.
    pub blocked_until: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
