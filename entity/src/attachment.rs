//! A file of a communication; the bytes are a blob.
use sea_orm::entity::prelude::*;

/// What the virus scanner said of a file.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    EnumIter,
    DeriveActiveEnum,
    serde::Serialize,
    serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Scan {
    /// It was not asked: there is none, or it did not answer.
    #[default]
    None,
    /// Nothing found.
    Clean,
}

/// One attachment.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attachment")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// Its communication.
    pub communication_id: Uuid,
    /// Order in the letter.
    pub position: i32,
    /// File name made safe: never empty, no path, no control characters.
    pub name: String,
    /// Media type the sender declared.
    pub media_type: String,
    /// Length in bytes.
    pub size: i64,
    /// What the virus scanner said.
    pub scan: Scan,
    /// SHA-256 of the bytes (table `blob`).
    pub hash: Vec<u8>,
    /// Content-ID that the HTML refers to, without angle brackets.
    pub content_id: Option<String>,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
