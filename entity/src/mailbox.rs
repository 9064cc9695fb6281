//! A monitored account: where its mail comes from, where its letters leave, and how far it was read.
use sea_orm::entity::prelude::*;

/// What sort of mailbox it is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Ordinary mail.
    Ordinary,
    /// Certified mail (PEC): envelopes are opened and receipts believed.
    Pec,
}

/// How we sign in to its servers.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    /// User and password.
    Password,
    /// A token of the provider's OAuth 2.0 server (table `mailbox_grant`).
    Oauth,
}

/// Where mail comes from.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// An IMAP server.
    Imap,
    /// A Maildir on this machine.
    Maildir,
}

/// Where letters leave.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Exit {
    /// An SMTP server.
    Smtp,
    /// A Maildir on this machine.
    Folder,
}

/// How the line to a server is protected.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS after STARTTLS; a server that does not offer it is refused.
    Starttls,
    /// In clear, only because the administrator said so.
    Insecure,
}

/// What happens to a mail on the server once its outcome is committed. Never deletion.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum After {
    /// Stays as it was.
    Leave,
    /// Gets a flag.
    Flag,
    /// Goes to another folder.
    Move,
}

/// One mailbox.
#[expect(clippy::struct_excessive_bools, reason = "a row: each is a column of its own")]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mailbox")]
pub struct Model {
    /// Identifier.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// Its address, lower case: the From of its letters.
    pub address: String,
    /// Name before the address in letters.
    pub name: String,
    /// What sort of mailbox it is.
    pub kind: Kind,
    /// Where mail comes from.
    pub source: Source,
    /// IMAP host name.
    pub imap_host: String,
    /// IMAP port.
    pub imap_port: i32,
    /// Protection of the IMAP line.
    pub imap_security: Security,
    /// How we sign in, to IMAP and to SMTP.
    pub sign_in: SignIn,
    /// IMAP user.
    pub imap_user: String,
    /// IMAP password, sealed with the installation's key.
    pub imap_secret: Option<Vec<u8>>,
    /// Folder to watch, on the IMAP server.
    pub imap_folder: String,
    /// Maildir to watch.
    pub maildir_path: String,
    /// What happens to a mail once it was handled.
    pub after: After,
    /// Where handled mail goes when `after` is `Move`.
    pub after_folder: String,
    /// Where letters leave.
    pub exit: Exit,
    /// SMTP host name.
    pub smtp_host: String,
    /// SMTP port.
    pub smtp_port: i32,
    /// Protection of the SMTP line.
    pub smtp_security: Security,
    /// SMTP user; empty when the server asks for none.
    pub smtp_user: String,
    /// SMTP password, sealed with the installation's key.
    pub smtp_secret: Option<Vec<u8>>,
    /// Maildir that receives letters when `exit` is `Folder`.
    pub exit_path: String,
    /// New work orders from this mailbox are acknowledged.
    pub acknowledge: bool,
    /// The server delivers `box+anything@` here: replies carry an authenticated address.
    pub sub_addressing: bool,
    /// Name by which the receiving server signs its `Authentication-Results`; empty when none is trusted.
    pub authserv_id: String,
    /// Day on which the provider lets the password expire (PEC: every three months).
    pub password_expires_on: Option<Date>,
    /// Neither read nor sent from.
    pub paused: bool,
    /// UIDVALIDITY of the folder when it was last read.
    pub uid_validity: Option<i64>,
    /// Highest UID whose mail is durable in the ledger.
    pub last_uid: i64,
    /// Counts the places that were read under this mailbox (server, user, folder): UIDs of one say nothing about another.
    pub numbering: i32,
    /// Process that reads the mailbox now.
    pub lease_owner: Option<Uuid>,
    /// Until when nobody else may.
    pub lease_until: Option<DateTimeUtc>,
    /// Last complete look at the server.
    pub last_success_at: Option<DateTimeUtc>,
    /// What went wrong since, in the server's own words.
    pub last_error: Option<String>,
    /// The reading server does not take our user, password or token.
    pub refused: bool,
    /// When it first went wrong.
    pub failing_since: Option<DateTimeUtc>,
    /// What the sending server said when it refused us (credentials, connection).
    pub exit_error: Option<String>,
    /// When the administrators were last written to about it.
    pub warned_at: Option<DateTimeUtc>,
    /// When an operator last asked to compare the server with the ledger.
    pub reconcile_asked_at: Option<DateTimeUtc>,
    /// When the server was last compared with the ledger.
    pub reconciled_at: Option<DateTimeUtc>,
    /// Mails that the server had then.
    pub reconciled_mails: i64,
    /// Those that the ledger did not know, and that were brought.
    pub reconciled_missing: i64,
    /// Counts every change of the settings: a running task that sees another number starts anew.
    pub version: i32,
    /// When the row was written.
    pub created_at: DateTimeUtc,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
