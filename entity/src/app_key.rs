//! The key of an app. The table holds its SHA-256: it is shown once.
use sea_orm::entity::prelude::*;

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Scope {
    /// Send requests, with files; together with `Read`, also answer, contest and withdraw.
    #[serde(rename = "requests:write")]
    Write,
    /// Read the requests of the citizen whose token comes along.
    #[serde(rename = "requests:read")]
    Read,
    /// Name a citizen by codice fiscale: the app has verified who it is.
    #[serde(rename = "citizens:verified")]
    Verified,
    /// Read and set webhooks: they tell number and state of every request of the organisation, and nothing else.
    #[serde(rename = "webhooks")]
    Webhooks,
    /// The Open311 doors.
    #[serde(rename = "open311")]
    Open311,
}

/// Scopes of a key, stored as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, FromJsonQueryResult)]
pub struct Scopes(pub Vec<Scope>);

/// One key.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "app_key")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// Which app.
    pub name: String,
    /// First characters, to tell keys apart.
    pub prefix: String,
    /// SHA-256 of the key.
    pub hash: Vec<u8>,
    /// What it may do.
    pub scopes: Scopes,
    /// Requests in a minute, at most.
    pub per_minute: i32,
    /// Who made it.
    pub author_id: Option<Uuid>,
    /// When.
    pub created_at: DateTimeUtc,
    /// When it was last used, to the minute.
    pub used_at: Option<DateTimeUtc>,
    /// Since when it opens nothing.
    pub revoked_at: Option<DateTimeUtc>,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
