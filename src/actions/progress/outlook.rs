//! By which way a citizen would be told, for an operator who is about to.

use chrono::{DateTime, Utc};
use entity::{
    io_message::{Model as Notification, State},
    io_service, mailbox,
    update_rule::{Occasion, Way},
    work_order,
};
use sea_orm::ConnectionTrait;

use super::{Known, announce};
use crate::{
    actions::{Result, io::account},
    domain::{
        io::recipient::Recipient,
        progress::{self, NoIo, Plan, Reach},
    },
    store::{self, Seek, io_message::Filter},
};

/// Notifications to a person that are looked at for what IO said last.
const LATEST: usize = 10;

/// What would be done, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlook {
    /// What can reach the citizen, and what they chose.
    pub reach: Reach,
    /// Why IO cannot; none when it can.
    pub no_io: Option<NoIo>,
    /// The service in whose name progress is told.
    pub service: Option<String>,
    /// There is a mailbox for certified mail.
    pub certifies: bool,
    /// For each of [`announce::OCCASIONS`] the rule that holds, and what comes of it.
    pub plans: Vec<(Occasion, Way, Plan)>,
    /// What is known of IO beforehand; nothing where it is not used.
    pub before: Before,
}

/// What is known before a notification leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// It is the time of silence, until then.
    pub waits_until: Option<DateTime<Utc>>,
    /// IO refuses everything of the service now.
    pub stopped: bool,
    /// The last notification in the name of the service did not reach the person, and when that was known.
    pub missed: Option<(State, DateTime<Utc>)>,
}

/// By which way the citizen of a work order would be told now. Decides nothing: until the operator tells, all of it may change.
///
/// # Errors
/// The database.
pub async fn outlook(
    db: &impl ConnectionTrait,
    order: &work_order::Model,
    now: DateTime<Utc>,
) -> Result<Outlook> {
    let organisation = order.organisation_id;
    let mailboxes = store::mailbox::all(db, organisation).await?;
    let citizen = Known::read(db, order).await?.citizen(db).await?;
    let mut reach = citizen.reach();
    reach.mail &= !mailboxes.is_empty();
    let rules = store::update::rules(db, organisation).await?;
    let plan = |occasion| {
        let way = progress::way(&rules, order.kind_id, occasion);
        (occasion, way, progress::plan(way, reach))
    };
    let plans: Vec<_> = announce::OCCASIONS.into_iter().map(plan).collect();
    let before = match &citizen.io {
        Ok((service, person)) if plans.iter().any(|(_, _, plan)| plan.io) => {
            before(db, service, &person.recipient, now).await?
        }
        _ => Before::default(),
    };
    Ok(Outlook {
        reach,
        no_io: citizen.io.err(),
        service: store::io_service::chosen(db, organisation).await?.map(|service| service.name),
        certifies: mailboxes.iter().any(is_certified),
        plans,
        before,
    })
}

/// Whether a mailbox is one of certified mail.
pub(super) fn is_certified(mailbox: &mailbox::Model) -> bool {
    mailbox.kind == mailbox::Kind::Pec
}

async fn before(
    db: &impl ConnectionTrait,
    service: &io_service::Model,
    person: &Recipient,
    now: DateTime<Utc>,
) -> Result<Before> {
    let organisation = service.organisation_id;
    let quiet = account::after_quiet_hours(&account::of(db, organisation).await?, now);
    let theirs = Filter {
        service: Some(service.id),
        recipient: Some(person.as_str().to_owned()),
        ..Filter::default()
    };
    let latest = store::io_message::page(db, organisation, &theirs, &Seek::Start, LATEST).await?.rows;
    let said = |one: &&Notification| {
        one.settled_at.is_some()
            && matches!(one.state, State::Processed | State::NotOnIo | State::ServiceOff | State::Rejected)
    };
    let said = latest.iter().find(said).filter(|last| last.state != State::Processed);
    Ok(Before {
        waits_until: Some(quiet).filter(|quiet| *quiet > now),
        stopped: service.stopped.is_some(),
        missed: said.and_then(|last| Some((last.state, last.settled_at?))),
    })
}
