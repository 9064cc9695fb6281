//! The outbox: one communication to one recipient, with attempts and fate.
use sea_orm::entity::prelude::*;

/// Fate of a delivery.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for its turn (or its next attempt).
    Pending,
    /// Waits until the recipient confirms the address; an operator may send it all the same.
    Held,
    /// A process has it in hand until `lease_until`.
    Sending,
    /// The server took it.
    Sent,
    /// Will not be tried again; a person must look.
    Refused,
}

/// What came back about a letter that the server took. Ordered: a later word counts only if it says more.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    serde::Serialize,
    serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// PEC: our provider took it.
    Accepted,
    /// Late, still being tried.
    Delayed,
    /// PEC: not delivered within twelve hours.
    Warned,
    /// PEC to an ordinary mailbox: taken, and nobody will ever say more.
    Unprovable,
    /// It did not arrive.
    NotDelivered,
    /// PEC: in the recipient's mailbox.
    Delivered,
}

/// One letter to one recipient.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delivery")]
pub struct Model {
    /// Identifier; the Message-ID is made from it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// Its work order.
    pub work_order_id: Uuid,
    /// The words.
    pub communication_id: Uuid,
    /// Mailbox by which it leaves.
    pub mailbox_id: Uuid,
    /// Address of the recipient, lower case.
    pub recipient: String,
    /// Written by a machine: `Auto-Submitted`, empty return path.
    pub automatic: bool,
    /// Fate.
    pub state: State,
    /// Attempts begun.
    pub attempts: i32,
    /// Attempts whose end nobody saw (the process died between the server's yes and our note): the same letter, with
    /// the same Message-ID, may have left once more for each.
    pub repeats: i32,
    /// Not tried before this instant.
    pub next_attempt_at: DateTimeUtc,
    /// Process that has it in hand.
    pub lease_owner: Option<Uuid>,
    /// Until when nobody else may.
    pub lease_until: Option<DateTimeUtc>,
    /// What the server said when it did not take it.
    pub last_error: Option<String>,
    /// What came back since the server took it.
    pub proof: Option<Proof>,
    /// When that happened.
    pub proof_at: Option<DateTimeUtc>,
    /// The reason, in the words of the server that reports.
    pub proof_words: Option<String>,
    /// PEC: the Message-ID that the provider gave to the envelope, which an answer may name instead of ours.
    pub pec_identifier: Option<String>,
    /// When the row was written: the Date of the letter.
    pub created_at: DateTimeUtc,
    /// When the server took it or refused it for good.
    pub settled_at: Option<DateTimeUtc>,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
