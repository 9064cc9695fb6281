//! One message of the thread: in, out or note.
use sea_orm::entity::prelude::*;

use serde::{Deserialize, Serialize};

/// Which way the words went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// To us.
    In,
    /// From us.
    Out,
    /// Among operators only.
    Note,
}

/// By which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Ordinary mail.
    Email,
    /// Certified mail.
    Pec,
    /// The portal.
    Web,
    /// An app, through the API.
    App,
    /// The IO app.
    Io,
    /// Written at the desk itself.
    Desk,
}

/// Addresses of a header, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Addresses(pub Vec<Address>);

/// One address of a header.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Display name, may be empty.
    pub name: String,
    /// `local@domain`, lower case.
    pub address: String,
}

/// One communication.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "communication")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// Its work order.
    pub work_order_id: Uuid,
    /// Which way the words went.
    pub direction: Direction,
    /// By which way.
    pub channel: Channel,
    /// Written by a machine, ours or theirs.
    pub automatic: bool,
    /// Display name of the sender.
    pub from_name: String,
    /// Address of the sender, lower case; empty for notes and unsigned mail.
    pub from_address: String,
    /// To whom.
    pub recipients: Addresses,
    /// Copies.
    pub copies: Addresses,
    /// Where the sender wants the answer; equal to `from_address` unless the letter says otherwise.
    pub reply_address: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// What its writer newly wrote, without quotations and signature; `None` when that is all of it. For showing only.
    pub visible_text: Option<String>,
    /// What reading found out beside the words; `None` for what was written here.
    pub origin: Option<crate::origin::Origin>,
    /// Cleaned HTML, when the letter had any.
    pub html: Option<String>,
    /// The operator who wrote it.
    pub author_id: Option<Uuid>,
    /// Mailbox it came by or leaves by.
    pub mailbox_id: Option<Uuid>,
    /// The ledger row it came from: a mail becomes at most one communication, whoever tries.
    pub incoming_mail_id: Option<Uuid>,
    /// The submission it came from: sent twice, it is written once.
    pub submission_id: Option<Uuid>,
    /// Message-ID of a received mail, without angle brackets.
    pub message_id: Option<String>,
    /// Message-IDs that an answer to it must name, oldest first, separated by spaces, without angle brackets.
    pub references: String,
    /// The communication that this one answers.
    pub answers_id: Option<Uuid>,
    /// What it tells, when it is an update of progress.
    pub occasion: Option<crate::update_rule::Occasion>,
    /// When it was received or written.
    pub at: DateTimeUtc,
    /// When the row was written: the order of the thread.
    pub created_at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
