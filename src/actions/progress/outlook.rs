//! By which way a citizen would be told, for an operator who is about to.

use entity::{
    mailbox,
    update_rule::{Occasion, Way},
    work_order,
};
use sea_orm::ConnectionTrait;

use super::{Known, announce};
use crate::{
    actions::Result,
    domain::progress::{self, Plan, Reach},
    store,
};

/// What would be done, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// What can reach the citizen, and what they chose.
    pub reach: Reach,
    /// Progress is told on IO at all.
    pub on_io: bool,
    /// There is a mailbox for certified mail.
    pub certifies: bool,
    /// For each of [`announce::OCCASIONS`] the rule that holds, and what comes of it.
    pub plans: Vec<(Occasion, Way, Plan)>,
}

/// By which way the citizen of a work order would be told now. Decides nothing: until the operator tells, all of it may change.
///
/// # Errors
/// The database.
pub async fn outlook(db: &impl ConnectionTrait, order: &work_order::Model) -> Result<Outlook> {
    let organisation = order.organisation_id;
    let mailboxes = store::mailbox::all(db, organisation).await?;
    let mut reach = Known::read(db, order).await?.citizen(db).await?.reach();
    reach.mail &= !mailboxes.is_empty();
    let service = store::io_service::for_updates(db, organisation).await?;
    let rules = store::update::rules(db, organisation).await?;
    let plan = |occasion| {
        let way = progress::way(&rules, order.kind_id, occasion);
        (occasion, way, progress::plan(way, reach))
    };
    Ok(Outlook {
        reach,
        on_io: service.is_some(),
        certifies: mailboxes.iter().any(|mailbox| mailbox.kind == mailbox::Kind::Pec),
        plans: announce::OCCASIONS.into_iter().map(plan).collect(),
    })
}
