//! How we sign in to a mailbox's servers by OAuth 2.0 (RFC 6749): where tokens come from, and the tokens.
use sea_orm::entity::prelude::*;

/// Whose servers.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Microsoft 365.
    Microsoft,
    /// Google Workspace and Gmail.
    Google,
    /// Another one, by its addresses.
    Other,
}

/// How a token is obtained.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Flow {
    /// The owner of the mailbox consents in a browser (RFC 6749 §4.1).
    Code,
    /// The application signs in for itself (RFC 6749 §4.4).
    ClientCredentials,
}

/// The grant of one mailbox.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mailbox_grant")]
pub struct Model {
    /// The mailbox.
    #[sea_orm(primary_key, auto_increment = false)]
    pub mailbox_id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// Whose servers.
    pub provider: Provider,
    /// How a token is obtained.
    pub flow: Flow,
    /// Page of consent.
    pub authorize_url: String,
    /// Where tokens are given.
    pub token_url: String,
    /// What is asked for, separated by spaces.
    pub scope: String,
    /// Name of our application at the provider.
    pub client_id: String,
    /// Its secret, sealed with the installation's key.
    pub client_secret: Option<Vec<u8>>,
    /// SHA-256 of the state of a consent that is under way, in hexadecimal.
    pub asked_state: Option<String>,
    /// Its PKCE verifier (RFC 7636), sealed.
    pub asked_verifier: Option<Vec<u8>>,
    /// When it began.
    pub asked_at: Option<DateTimeUtc>,
    /// The token, sealed.
    pub access_token: Option<Vec<u8>>,
    /// What gives the next one, sealed.
    pub refresh_token: Option<Vec<u8>>,
    /// Until when the token is good.
    pub expires_at: Option<DateTimeUtc>,
    /// When consent was given.
    pub granted_at: Option<DateTimeUtc>,
    /// Why the last attempt to get a token failed, in the server's words.
    pub last_error: Option<String>,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
