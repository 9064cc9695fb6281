//! The Sportello online of an organisation: its door for citizens.
use sea_orm::entity::prelude::*;

/// When a submission becomes a work order.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Admission {
    /// When it is sent.
    AtOnce,
    /// When its address is confirmed.
    Confirmed,
}

/// What a submission without an address may do.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum, serde::Serialize, serde::Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(16))", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Anonymous {
    /// An address is asked for.
    Refused,
    /// It waits until an operator lets it in.
    Moderated,
    /// It becomes a work order like any other.
    AtOnce,
}

/// One portal.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "portal")]
pub struct Model {
    /// Owner.
    #[sea_orm(primary_key, auto_increment = false)]
    pub organisation_id: Uuid,
    /// Its name in addresses (`/sportello/<slug>`); unique.
    pub slug: String,
    /// Host name under which it stands alone, lower case; unique.
    pub host: Option<String>,
    /// Citizens find it. Until then only operators do.
    pub open: bool,
    /// Main colour, `#rrggbb`; at least 4.5:1 against white.
    pub colour: String,
    /// The telephone that every page offers beside the form; may be empty.
    pub phone: String,
    /// What happens to a submission from an address that nobody has confirmed.
    pub admission: Admission,
    /// What happens to a submission without an address.
    pub anonymous: Anonymous,
    /// Published reports are shown to everybody.
    pub listed: bool,
    /// Days after closing within which a citizen may say that it is not solved.
    pub contest_days: i32,
    /// Days after closing for which personal links open.
    pub link_days: i32,
    /// Mailbox by which its letters leave; none: the first ordinary one.
    pub mailbox_id: Option<Uuid>,
    /// Counts changes, so that two editors notice each other.
    pub version: i32,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
