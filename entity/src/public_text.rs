//! A text of the portal that the organisation edits.
use sea_orm::entity::prelude::*;

use crate::language::Language;

/// One page in one language.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "public_text")]
pub struct Model {
    /// Owner.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// `home`, `privacy`, `accessibility`, `legal`, `contacts`, or `service/<code of the kind>`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub page: String,
    /// Its language.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: Language,
    /// Markdown.
    pub text: String,
    /// Who changed it last.
    pub author_id: Option<Uuid>,
    /// When.
    pub updated_at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
