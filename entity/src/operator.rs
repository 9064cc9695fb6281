//! The person at the desk.
use sea_orm::entity::prelude::*;

/// What an operator may do.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Answers citizens.
    Operator,
    /// Also keeps mailboxes, operators and the register.
    Administrator,
}

/// One operator.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "operator")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// What the operator types to sign in; lower case, unique in the installation.
    pub login: String,
    /// Name shown to colleagues and to citizens.
    pub name: String,
    /// Where the program writes when a mailbox needs care; empty when nowhere.
    pub email: String,
    /// Argon2id hash (PHC string).
    pub password_hash: String,
    /// The password was given by somebody else and opens only the page that changes it.
    pub must_change_password: bool,
    /// What the operator may do.
    pub role: Role,
    /// A former operator keeps the history and cannot sign in.
    pub active: bool,
    /// When the row was written.
    pub created_at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
