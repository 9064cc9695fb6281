//! The words in which citizens are told of progress, where an organisation has written its own.
use sea_orm::entity::prelude::*;

use serde::{Deserialize, Serialize};

use crate::{language::Language, update_rule::Occasion};

/// For what the words are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Medium {
    /// Letters, certified or not: courteous.
    Mail,
    /// IO: short, and with "tu".
    Io,
}

/// One text.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "update_text")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// When.
    pub occasion: Occasion,
    /// For what.
    pub medium: Medium,
    /// In which language.
    pub language: Language,
    /// Subject of the letter, title of the notification; with placeholders.
    pub subject: String,
    /// The words; with placeholders.
    pub body: String,
    /// Raised by every change.
    pub version: i32,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
