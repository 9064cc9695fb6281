//! A form that a citizen fills: first a draft, then sent. Its id is the token that makes a second press of the button find the first receipt.
use sea_orm::entity::prelude::*;

use std::collections::BTreeMap;

use crate::language::Language;

/// Where a submission stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Not sent yet.
    Draft,
    /// Sent; waits until the citizen confirms the address.
    Unconfirmed,
    /// Sent; waits for an operator.
    Held,
    /// It is a work order.
    Accepted,
    /// An operator refused it, or the address was never confirmed.
    Discarded,
}

/// What was typed, by name of the field.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, FromJsonQueryResult)]
pub struct Answers(pub BTreeMap<String, String>);

impl Answers {
    /// What was typed into a field; empty when nothing was.
    #[must_use]
    pub fn get(&self, field: &str) -> &str {
        self.0.get(field).map_or("", String::as_str)
    }
}

/// One submission.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "submission")]
pub struct Model {
    /// Identifier. A link to a draft is signed: the id alone opens nothing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// What is asked.
    pub kind_id: Uuid,
    /// Where it stands.
    pub state: State,
    /// By which way: web or app.
    pub channel: crate::communication::Channel,
    /// Language in which the citizen is addressed.
    pub language: Language,
    /// The app that sent it.
    pub app_key_id: Option<Uuid>,
    /// SHA-256 of what the app sent: the same idempotency key with other words is refused.
    pub fingerprint: Option<Vec<u8>>,
    /// What was typed, by field.
    pub answers: Answers,
    /// How far the citizen has come, 1 to 4.
    pub step: i32,
    /// The email address given, lower case; empty when none.
    pub address: String,
    /// Keyed hash of the network it came from; empty when unknown.
    pub network: String,
    /// What became of it.
    pub work_order_id: Option<Uuid>,
    /// The citizen among those who follow the work order.
    pub follower_id: Option<Uuid>,
    /// Why it was held or discarded.
    pub reason: Option<String>,
    /// How easy it was, 1 to 5.
    pub rating: Option<i32>,
    /// What the citizen says about that.
    pub rating_note: String,
    /// When it was sent: the terms run from here.
    pub received_at: Option<DateTimeUtc>,
    /// When it was begun.
    pub created_at: DateTimeUtc,
    /// When it was last saved.
    pub updated_at: DateTimeUtc,
    /// Counts saves.
    pub version: i32,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
