//! A record of the register: a person, a company, or the organisation's generic taxpayer.
use sea_orm::entity::prelude::*;

/// One taxpayer.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "taxpayer")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// Codice utente as printed on the payment notice; unique in the organisation.
    pub code: Option<String>,
    /// Surname and name, or company name.
    pub name: String,
    /// Name in the form that is searched: lower case, no accents.
    pub name_folded: String,
    /// Codice fiscale (16 characters) or partita IVA (11 digits), upper case.
    pub fiscal_code: Option<String>,
    /// Postal address, one line.
    pub address: String,
    /// The one record of the organisation for whoever is not (yet) known.
    pub generic: bool,
    /// When the row was written.
    pub created_at: DateTimeUtc,
    /// When the row was last changed.
    pub updated_at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
