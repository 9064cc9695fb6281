//! The unit of work: number, kind, status, assignee, due date.
use sea_orm::entity::prelude::*;

/// Where the work stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody has looked yet.
    New,
    /// Somebody works on it.
    InProgress,
    /// The citizen has been asked something.
    Waiting,
    /// Done.
    Closed,
}

/// How the taxpayer was found.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Identified {
    /// The sender's address is a contact of exactly one taxpayer.
    Address,
    /// The address is shared, a code in the text says whose words these are.
    AddressAndCode,
    /// Candidates exist, a person must choose: generic taxpayer for now.
    Candidates,
    /// Nothing is known: generic taxpayer.
    Unknown,
    /// Codes typed into a form say so, or its address does: declared, not proven.
    Declared,
    /// An operator chose.
    Operator,
}

/// One work order.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "work_order")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// Year of the number (year of registration, Europe/Rome).
    pub year: i32,
    /// Number in the year, gapless from 1.
    pub number: i32,
    /// What is asked.
    pub kind_id: Uuid,
    /// Where the work stands.
    pub status: Status,
    /// Who works on it.
    pub assignee_id: Option<Uuid>,
    /// For whom.
    pub taxpayer_id: Uuid,
    /// How the taxpayer was found.
    pub identified: Identified,
    /// Subject of the first letter.
    pub subject: String,
    /// Subject in the form that is searched: lower case, no accents.
    pub subject_folded: String,
    /// Mailbox through which letters leave.
    pub mailbox_id: Option<Uuid>,
    /// By which way the words came that opened it.
    pub channel: crate::communication::Channel,
    /// Address that opened it, lower case; empty when nobody signed.
    pub sender_address: String,
    /// When the request reached the organisation's server: the terms run from here.
    pub received_at: DateTimeUtc,
    /// When the answer is due.
    pub due_at: DateTimeUtc,
    /// The place must be visited first, which lengthens some limits.
    pub survey: bool,
    /// Set while the status is closed.
    pub closed_at: Option<DateTimeUtc>,
    /// How often its citizen said that it was closed and not solved.
    pub contests: i32,
    /// The older work order that this one goes on from, or seems to.
    pub follows_id: Option<Uuid>,
    /// When the row was written.
    pub created_at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
