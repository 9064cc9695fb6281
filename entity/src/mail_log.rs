//! What was made of a mail, and why: written once, with its outcome.
use sea_orm::{FromJsonQueryResult, entity::prelude::*};
use serde::{Deserialize, Serialize};

use crate::origin::{MailKind, Pec};

/// The steps of a mail, as they were decided. Names of evidence are short words; the page has the sentences.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(default)]
pub struct Steps {
    /// What sort of mail it was.
    pub kind: MailKind,
    /// The sign by which that was seen; empty for a letter.
    pub why: String,
    /// Why it has its place (`own_message_id`, `number`, `new`, `same_letter`…).
    pub placed: String,
    /// Why it has its taxpayer; empty when it was not asked.
    pub identified: String,
    /// Why it was not acknowledged; empty when it was, or when it was not asked.
    pub silent: String,
    /// For a receipt: what it certifies.
    pub pec: Option<Pec>,
    /// Who closed it by hand.
    pub closed_by: Option<Uuid>,
    /// The reason that they gave.
    pub reason: String,
}

/// One mail's log.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_log")]
pub struct Model {
    /// The ledger row.
    #[sea_orm(primary_key, auto_increment = false)]
    pub incoming_mail_id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// The communication that it became, or that it repeats.
    pub communication_id: Option<Uuid>,
    /// The delivery that it reports on.
    pub delivery_id: Option<Uuid>,
    /// Its steps.
    pub data: Steps,
}

/// No relations: joins are written out where they are needed, in `store`.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
