//! Bytes of raw mails and attachments, named by their content.
use sea_orm::entity::prelude::*;

/// One run of bytes.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "blob")]
pub struct Model {
    /// Owner: equal bytes of two organisations are two rows.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// SHA-256 of the bytes.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: Vec<u8>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
