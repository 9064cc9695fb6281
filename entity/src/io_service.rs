//! A service on IO: its sheet, its keys, and whether messages may be sent in its name.
use sea_orm::entity::prelude::*;

/// Where a sheet stands at IO.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Lifecycle {
    /// Only here: IO has not heard of it.
    Local,
    /// IO was asked to make it, and nobody knows (yet) whether it did.
    Making,
    /// Written at IO, not submitted.
    Draft,
    /// Under review: nothing can be changed.
    Submitted,
    /// Approved.
    Approved,
    /// Rejected, with a reason.
    Rejected,
    /// Deleted at IO.
    Deleted,
}

/// Which key of the pair is sent along: two, so that one can be renewed while the other works.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum KeyInUse {
    /// The first.
    Primary,
    /// The second.
    Secondary,
}

/// Codici fiscali, stored as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, FromJsonQueryResult)]
pub struct Codes(pub Vec<String>);

/// One service.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "io_service")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// The id that IO gave it.
    pub remote_id: Option<String>,
    /// Its name, as citizens see it: also in `sheet`, here for lists.
    pub name: String,
    /// Every field of the sheet (`domain::io::sheet`).
    pub sheet: Json,
    /// Where the sheet stands.
    pub lifecycle: Lifecycle,
    /// Why it was rejected, in the reviewer's words.
    pub reason: String,
    /// Citizens find it in the app.
    pub published: bool,
    /// First key, sealed.
    pub primary_key: Option<Vec<u8>>,
    /// Second key, sealed.
    pub secondary_key: Option<Vec<u8>>,
    /// Which of them is sent along.
    pub key_in_use: KeyInUse,
    /// Messages are sent in its name.
    pub sends: bool,
    /// Progress of requests is told in its name: one service at most of an organisation. Chosen where the rules of updates are.
    pub updates: bool,
    /// Why nothing is sent although it should be: what IO refused for all messages, and the remedy.
    pub stopped: Option<String>,
    /// Until when nothing is tried after that, unless somebody says that it is mended.
    pub stopped_until: Option<DateTimeUtc>,
    /// Test mode: only these people get anything; `None`: everybody may.
    pub test_codes: Option<Codes>,
    /// When its state at IO was last read; while IO is asked to make it, since when.
    pub checked_at: Option<DateTimeUtc>,
    /// Raised by every change.
    pub version: i32,
    /// When.
    pub created_at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
