//! The ledger: one row per mail seen, raw bytes durable before anything looks at them, exactly one final outcome.
use sea_orm::entity::prelude::*;

/// Where the mail is on its way.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Durable, not yet handled (or to be tried again).
    Pending,
    /// Handled: `outcome` says how.
    Handled,
    /// Could not be handled after five attempts; waits for a person.
    Quarantined,
}

/// How a handled mail ended.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Opened a work order.
    Opened,
    /// Joined a work order.
    Joined,
    /// Was here already.
    Duplicate,
    /// A copy of a letter of ours.
    Own,
    /// A receipt: it says what became of a letter of ours.
    Receipt,
    /// An operator has put it aside, with a reason.
    Discarded,
}

/// One mail seen.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "incoming_mail")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// Where it was seen.
    pub mailbox_id: Uuid,
    /// Its name there, unique in the mailbox: `UIDVALIDITY:UID`, or the Maildir file's name.
    pub source_key: String,
    /// SHA-256 of the raw bytes (table `blob`).
    pub raw_hash: Vec<u8>,
    /// Length of the raw bytes.
    pub size: i64,
    /// When the mail server received it: the start of every legal term.
    pub received_at: DateTimeUtc,
    /// When it became durable here.
    pub stored_at: DateTimeUtc,
    /// Where it is on its way.
    pub state: State,
    /// Failed attempts to handle it.
    pub attempts: i32,
    /// Not tried again before this instant.
    pub next_attempt_at: DateTimeUtc,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Loaded from an archive: it keeps its date and is not acknowledged.
    pub imported: bool,
    /// The server was told (flag, move), or nothing is to be told.
    pub filed: bool,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
