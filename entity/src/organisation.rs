//! Who answers: an operator company or a Comune. Owns everything below.
use sea_orm::entity::prelude::*;

/// One organisation of the installation.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Name as citizens know it; signs every letter.
    pub name: String,
    /// Patron saint's day as `MM-DD`, closed for the counting of working days; none by default.
    pub patron_day: Option<String>,
    /// Filled with invented data; the demo command touches no other organisation.
    pub demo: bool,
    /// When the row was written.
    pub created_at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
