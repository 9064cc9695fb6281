//! Status, assignee, kind and taxpayer of a work order.

use entity::{
    contact,
    event::{self, Verb},
    organisation, request_kind,
    update_rule::Occasion,
    work_order::{self, ActiveModel, Identified, Status},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{Cx, Desk, Error, Flaw, Result, errand::News, events, progress, update};
use crate::{
    domain::{
        calendar::{Calendar, rome_date},
        deadline::{self, Limit},
        progress::news,
    },
    store,
};

/// What is to change; what is `None` stays. A form sends only what its operator touched, so that two tabs do not undo
/// each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// New status.
    pub status: Option<Status>,
    /// New assignee; `Some(None)` takes it from everybody.
    pub assignee: Option<Option<Uuid>>,
    /// New kind.
    pub kind: Option<Uuid>,
    /// Whether the place must be visited first.
    pub survey: Option<bool>,
}

/// Earlier changes of status that are looked at.
const CHANGES: u64 = 100;

/// What the log holds of a change of status.
#[derive(Serialize, Deserialize)]
struct Changed {
    from: Status,
    to: Status,
}

/// Changes a work order.
pub async fn change(desk: &Desk, cx: &Cx, work_order: Uuid, change: Change) -> Result<()> {
    let tx = desk.db.begin().await?;
    let order = store::work_order::by_id(&tx, cx.organisation, work_order).await?.ok_or(Error::NotFound)?;
    set_status(&tx, cx, &order, change.status, &[]).await?;
    if let Some(assignee) = change.assignee {
        assign(&tx, cx, &order, assignee).await?;
    }
    let kind = change.kind.unwrap_or(order.kind_id);
    let survey = change.survey.unwrap_or(order.survey);
    if (kind, survey) != (order.kind_id, order.survey) {
        set_kind(&tx, cx, &order, kind, survey).await?;
    }
    tx.commit().await?;
    desk.wake.told();
    Ok(())
}

/// Changes the status, and tells the citizen and those who follow. `written_to`: who gets a letter about the same thing, or did it.
pub(super) async fn set_status(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    status: Option<Status>,
    written_to: &[&str],
) -> Result<()> {
    let Some(status) = status.filter(|status| *status != order.status) else { return Ok(()) };
    if move_to(tx, cx, order, status).await? {
        changed(tx, cx, order, status, written_to).await?;
    }
    Ok(())
}

/// The same when its citizen has been told already, with more than a status says.
pub(super) async fn set_status_told(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    status: Status,
) -> Result<()> {
    if status == order.status || !move_to(tx, cx, order, status).await? {
        return Ok(());
    }
    match log_change(tx, cx, order, status).await? {
        Some(news) => update::tell(tx, cx, order.id, news, &[]).await,
        None => Ok(()),
    }
}

/// Writes the status; `false` when somebody was faster with the same: what they did has been told, and holds.
async fn move_to(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    status: Status,
) -> Result<bool> {
    let closed_at = (status == Status::Closed).then_some(cx.now);
    Ok(store::work_order::set_status(tx, cx.organisation, order.id, (status, closed_at)).await?)
}

/// Writes a change of status down; gives what it is to be told as, which may be nothing.
async fn log_change(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    status: Status,
) -> Result<Option<News>> {
    let earlier = store::event::changes(tx, cx.organisation, order.id, CHANGES).await?;
    let change = |event: &event::Model| serde_json::from_value::<Changed>(event.data.clone()).ok();
    let earlier: Vec<news::Change> =
        earlier.iter().filter_map(change).map(|Changed { from, to }| (from, to)).collect();
    let data = json!(Changed { from: order.status, to: status });
    events::append(tx, [cx.event(order.id, Verb::StatusChanged, data)]).await?;
    Ok(news::news(&earlier, (order.status, status)))
}

/// The status is another now than that of `order`: it is written down, and told to the citizen and to those who follow.
pub(super) async fn changed(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    status: Status,
    written_to: &[&str],
) -> Result<()> {
    match log_change(tx, cx, order, status).await? {
        Some(news) => tell(tx, cx, order, news, written_to).await,
        None => Ok(()),
    }
}

/// Tells the citizen and those who follow.
async fn tell(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    news: News,
    written_to: &[&str],
) -> Result<()> {
    let occasion = match news {
        News::TakenUp => Some(Occasion::TakenUp),
        // A status does not say what is asked, or of whom: that is told by who writes it (`progress::announce`, or an answer).
        News::Waiting => None,
        News::Closed => Some(Occasion::Resolved),
        News::Reopened => Some(Occasion::Reopened),
    };
    if let Some(occasion) = occasion {
        progress::tell(tx, cx, order, occasion, written_to).await?;
    }
    update::tell(tx, cx, order.id, news, written_to).await
}

/// Puts a closed work order back to work, because its citizen wrote again.
pub(super) async fn reopen(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    written_to: &[&str],
) -> Result<()> {
    let change = ActiveModel { status: Set(Status::InProgress), closed_at: Set(None), ..Default::default() };
    store::work_order::update(tx, order.id, change).await?;
    let data = json!(Changed { from: order.status, to: Status::InProgress });
    events::append(tx, [cx.event(order.id, Verb::Reopened, data)]).await?;
    tell(tx, cx, order, News::Reopened, written_to).await
}

async fn assign(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    assignee: Option<Uuid>,
) -> Result<()> {
    if assignee == order.assignee_id {
        return Ok(());
    }
    let name = match assignee {
        None => None,
        Some(id) => match store::operator::by_id(tx, cx.organisation, id).await? {
            Some(operator) if operator.active => Some(operator.name),
            _ => {
                return Err(Error::Rejected(vec![Flaw::new(
                    "assignee",
                    "Questo operatore non è più attivo.",
                )]));
            }
        },
    };
    store::work_order::update(tx, order.id, ActiveModel { assignee_id: Set(assignee), ..Default::default() })
        .await?;
    Ok(events::append(tx, [cx.event(order.id, Verb::Assigned, json!({ "to": name }))]).await?)
}

async fn set_kind(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    kind: Uuid,
    survey: bool,
) -> Result<()> {
    let kinds = store::organisation::kinds(tx, cx.organisation).await?;
    let Some(kind) = kinds.iter().find(|known| known.id == kind) else {
        return Err(Error::Rejected(vec![Flaw::new("kind", "Scegli una tipologia dell'elenco.")]));
    };
    let organisation = store::organisation::by_id(tx, cx.organisation).await?.ok_or(Error::NotFound)?;
    // The term runs from the receipt whatever the kind: naming it late gives nobody more time.
    let due_at = deadline::due_at(order.received_at, limit_of(kind, survey), &calendar_of(&organisation));
    let change =
        ActiveModel { kind_id: Set(kind.id), survey: Set(survey), due_at: Set(due_at), ..Default::default() };
    store::work_order::update(tx, order.id, change).await?;
    let data = json!({ "to": kind.name, "survey": survey, "due_at": due_at });
    events::append(tx, [cx.event(order.id, Verb::KindChanged, data)]).await?;
    // An earlier answer is no news; a later one than was promised is.
    let later = rome_date(due_at) > rome_date(order.due_at) && due_at > cx.now;
    if later && order.status != Status::Closed {
        progress::tell(tx, cx, order, Occasion::DeadlineMoved, &[]).await?;
    }
    Ok(())
}

/// Ties a work order to a taxpayer by hand.
#[derive(Clone, Copy, Debug)]
pub struct Identify {
    /// To whom; the generic taxpayer unties it.
    pub taxpayer: Uuid,
    /// The sender's address becomes a contact of that taxpayer.
    pub add_contact: bool,
    /// The sender's other work orders of the generic taxpayer follow.
    pub with_others: bool,
}

/// Most work orders that follow their sender at once.
const OTHERS: u64 = 200;

/// Ties a work order to a taxpayer.
pub async fn identify(desk: &Desk, cx: &Cx, work_order: Uuid, by_hand: Identify) -> Result<()> {
    let tx = desk.db.begin().await?;
    let order = store::work_order::by_id(&tx, cx.organisation, work_order).await?.ok_or(Error::NotFound)?;
    let taxpayer =
        store::taxpayer::by_id(&tx, cx.organisation, by_hand.taxpayer).await?.ok_or(Error::NotFound)?;
    let generic = store::taxpayer::generic(&tx, cx.organisation).await?.ok_or(Error::NotFound)?;
    let mut orders = vec![order.clone()];
    if by_hand.with_others && !taxpayer.generic && !order.sender_address.is_empty() {
        let others =
            store::work_order::of_sender(&tx, cx.organisation, &order.sender_address, generic.id, OTHERS)
                .await?;
        orders.extend(others.into_iter().filter(|other| other.id != order.id));
    }
    for order in orders {
        let change = ActiveModel {
            taxpayer_id: Set(taxpayer.id),
            identified: Set(Identified::Operator),
            ..Default::default()
        };
        store::work_order::update(&tx, order.id, change).await?;
        let event = cx.event(order.id, Verb::TaxpayerChanged, json!({ "to": taxpayer.name }));
        events::append(&tx, [event]).await?;
    }
    if by_hand.add_contact && !taxpayer.generic && !order.sender_address.is_empty() {
        let contact = contact::Model {
            id: Uuid::now_v7(),
            organisation_id: cx.organisation,
            taxpayer_id: taxpayer.id,
            address: order.sender_address,
            origin: contact::Origin::Operator,
            unreachable_at: None,
            unreachable_words: None,
            created_at: cx.now,
        };
        store::taxpayer::insert_contact(&tx, contact).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The organisation's calendar.
#[must_use]
pub fn calendar_of(organisation: &organisation::Model) -> Calendar {
    Calendar::new(organisation.patron_day.as_deref().and_then(|day| day.parse().ok()))
}

/// The limit of a kind.
#[must_use]
pub fn limit_of(kind: &request_kind::Model, survey: bool) -> Limit {
    let days = if survey { kind.survey_limit_days.or(kind.limit_days) } else { kind.limit_days };
    match (days, kind.limit_hours) {
        (Some(days), _) => Limit::WorkingDays(u32::try_from(days).unwrap_or(0)),
        (None, hours) => Limit::Hours(hours.and_then(|hours| u32::try_from(hours).ok()).unwrap_or(0)),
    }
}
