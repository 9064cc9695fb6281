//! What the porter carries that is no letter of a thread: a message to an app, a link that was asked for.
use sea_orm::entity::prelude::*;

/// What an errand is. All but the first and the last are letters.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// A message to an app.
    Webhook,
    /// A link back to a draft.
    Resume,
    /// A link that confirms the address of a submission that is not accepted yet.
    Confirm,
    /// A new personal link, asked for.
    Link,
    /// A link that confirms the wish to follow.
    Follow,
    /// News for those who follow.
    Update,
    /// A disruption is over.
    Restored,
    /// A code that proves to an app who holds an address.
    CitizenCode,
    /// Letters to everybody who is to be told of something, still to be made.
    Circular,
}

/// Fate of an errand.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits.
    Pending,
    /// A process has it in hand.
    Sending,
    /// Taken.
    Done,
    /// Will not be tried again.
    Refused,
}

/// One errand.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "errand")]
pub struct Model {
    /// Identifier; a webhook message is known by it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// What it is.
    pub work: Work,
    /// To which endpoint.
    pub webhook_id: Option<Uuid>,
    /// To which address; empty for what is no letter.
    pub recipient: String,
    /// What the words are made of: ids and plain values, never a secret.
    pub data: Json,
    /// A name that no other errand of the organisation may have: told once is told once.
    pub once: Option<String>,
    /// Fate.
    pub state: State,
    /// Attempts begun.
    pub attempts: i32,
    /// Not tried before.
    pub next_attempt_at: DateTimeUtc,
    /// Process that has it in hand.
    pub lease_owner: Option<Uuid>,
    /// Until when nobody else may.
    pub lease_until: Option<DateTimeUtc>,
    /// What the other side said.
    pub last_error: Option<String>,
    /// When.
    pub created_at: DateTimeUtc,
    /// When it ended.
    pub settled_at: Option<DateTimeUtc>,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
