//! Remote content of a service on IO: what a notification only announces, IO fetches from us, with a key of its own.
use sea_orm::entity::prelude::*;

/// Whether a citizen must agree before IO shows a message, in IO's own words (strings, not booleans).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Precondition {
    /// Each time.
    Always,
    /// The first time.
    Once,
    /// Not at all.
    Never,
}

/// The configuration of one service.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "io_remote")]
pub struct Model {
    /// The service.
    #[sea_orm(primary_key, auto_increment = false)]
    pub io_service_id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// The id (a ULID) that IO gave to the configuration; none until IO has taken it.
    pub configuration_id: Option<String>,
    /// New notifications may carry remote content. Those that were sent are answered for either way: citizens open them for years.
    pub offered: bool,
    /// Documents may be attached: the organisation has the contract for messages with attachments.
    pub documents: bool,
    /// Whether a citizen must agree first.
    pub precondition: Precondition,
    /// Title of what they agree to.
    pub precondition_title: String,
    /// Its text.
    pub precondition_text: String,
    /// Name of the header in which IO sends the key.
    pub header_name: String,
    /// The key, sealed with the installation's key.
    pub key: Vec<u8>,
    /// IO knows the key.
    pub key_told: bool,
    /// The key that IO knew before, sealed.
    pub previous_key: Option<Vec<u8>>,
    /// Until when that one opens, too; none: until IO knows the new one.
    pub previous_until: Option<DateTimeUtc>,
    /// The version of this row that IO knows.
    pub told_version: Option<i32>,
    /// Where IO was told to find us.
    pub told_url: Option<String>,
    /// Why IO does not know what stands here, in plain words.
    pub last_error: Option<String>,
    /// Raised by every change of what IO must know.
    pub version: i32,
    /// When.
    pub created_at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
