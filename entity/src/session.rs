//! A signed-in browser. The cookie holds a random token, the table only its SHA-256.
use sea_orm::entity::prelude::*;

/// One session.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// SHA-256 of the cookie's token, hexadecimal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    /// Owner.
    pub organisation_id: Uuid,
    /// Who signed in.
    pub operator_id: Uuid,
    /// When.
    pub created_at: DateTimeUtc,
    /// After this instant the session is void; pushed forward by use.
    pub expires_at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
