//! What an app shows to speak for a citizen who has proved to hold an address.
use sea_orm::entity::prelude::*;

/// One token.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "citizen_token")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// The app: the token is worth nothing to another.
    pub app_key_id: Uuid,
    /// The address, lower case.
    pub address: String,
    /// SHA-256 of the code that was sent there.
    pub code_hash: Vec<u8>,
    /// Wrong codes.
    pub attempts: i32,
    /// SHA-256 of the token, once the code was shown.
    pub token_hash: Option<Vec<u8>>,
    /// When.
    pub created_at: DateTimeUtc,
    /// Until when code or token hold.
    pub expires_at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
