//! What a notification announces and IO fetches from us when the citizen opens it. Written once, never changed: it is what IO was told.
use sea_orm::entity::prelude::*;

use crate::io_remote::Precondition;

/// Ids of attachments, stored as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, FromJsonQueryResult)]
pub struct Files(pub Vec<Uuid>);

/// The remote content of one notification.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "io_remote_message")]
pub struct Model {
    /// By which IO asks for it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// The service, and so the configuration.
    pub io_service_id: Uuid,
    /// The notification.
    pub io_message_id: Uuid,
    /// The communication that is shown.
    pub communication_id: Uuid,
    /// Its text is shown.
    pub has_text: bool,
    /// It is attached as a document.
    pub has_document: bool,
    /// Its files that are attached, too: those in an archivable form.
    pub files: Files,
    /// Whether the citizen must agree first.
    pub precondition: Precondition,
    /// When.
    pub created_at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
