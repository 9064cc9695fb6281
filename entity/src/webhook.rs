//! Where an app wants to hear of changes.
use sea_orm::entity::prelude::*;

/// One endpoint.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// The app that set it.
    pub app_key_id: Option<Uuid>,
    /// Address, https.
    pub url: String,
    /// Sealed secret with which messages are signed.
    pub secret: Vec<u8>,
    /// Messages are sent.
    pub active: bool,
    /// Last message that was taken.
    pub succeeded_at: Option<DateTimeUtc>,
    /// Since when none is taken.
    pub failing_since: Option<DateTimeUtc>,
    /// Why.
    pub last_error: Option<String>,
    /// When.
    pub created_at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
