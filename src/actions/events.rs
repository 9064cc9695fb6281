//! The one way to append to the log: what apps may know of it is queued for them in the same transaction.
//!
//! A message is thin: which request, its number, where it stands. Whoever wants more asks for it with a key, and is given what
//! that key may see; an endpoint that fell into other hands learns nothing about anybody.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{
    errand,
    event::Verb,
    notice,
    work_order::{self, Status},
};
use sea_orm::{DatabaseTransaction, DbErr};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Cx,
    errand::{self as errands, Errand},
};
use crate::{
    domain::number::Number,
    store::{self, event::NewEvent},
};

/// Appends events, in order. Wake `errands` after the commit.
pub async fn append(
    tx: &DatabaseTransaction,
    events: impl IntoIterator<Item = NewEvent>,
) -> Result<(), DbErr> {
    let events: Vec<NewEvent> = events.into_iter().collect();
    if events.is_empty() {
        return Ok(());
    }
    let mut told: BTreeMap<Uuid, Vec<NewEvent>> = BTreeMap::new();
    for event in events.iter().filter(|event| kind(event.verb).is_some()) {
        told.entry(event.organisation).or_default().push(event.clone());
    }
    store::event::append(tx, events).await?;
    for (organisation, events) in told {
        let endpoints = store::webhook::listening(tx, organisation).await?;
        if !endpoints.is_empty() {
            queue(tx, organisation, &endpoints, &events).await?;
        }
    }
    Ok(())
}

/// The name of an event outside; `None`: it is nobody's business there.
fn kind(verb: Verb) -> Option<&'static str> {
    Some(match verb {
        Verb::Opened => "request.opened",
        Verb::StatusChanged => "request.status_changed",
        Verb::Reopened => "request.reopened",
        Verb::Received => "request.received",
        Verb::Replied => "request.replied",
        Verb::Contested => "request.contested",
        Verb::Withdrawn => "request.withdrawn",
        Verb::NoticeLinked => "request.notice_linked",
        Verb::Published => "request.published",
        Verb::Unpublished => "request.unpublished",
        Verb::Acknowledged
        | Verb::Noted
        | Verb::Assigned
        | Verb::KindChanged
        | Verb::TaxpayerChanged
        | Verb::Sent
        | Verb::Refused
        | Verb::Repeated
        | Verb::Proved
        | Verb::Confirmed
        | Verb::Followed
        | Verb::Told
        | Verb::Updated
        | Verb::Notified
        | Verb::LinkRenewed => return None,
    })
}

async fn queue(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    endpoints: &[Uuid],
    events: &[NewEvent],
) -> Result<(), DbErr> {
    let ids: BTreeSet<Uuid> = events.iter().map(|event| event.work_order).collect();
    let orders = store::work_order::by_ids(tx, organisation, ids.into_iter().collect()).await?;
    let orders: HashMap<Uuid, &work_order::Model> = orders.iter().map(|order| (order.id, order)).collect();
    let mut rows = Vec::new();
    for event in events {
        let (Some(kind), Some(order)) = (kind(event.verb), orders.get(&event.work_order)) else { continue };
        // The id by which the API knows it: an app has no other.
        let number = Number { year: order.year, number: order.number };
        let mut data = json!({
            "request_id": number.slug(),
            "number": number.to_string(),
            "status": status_after(events, order),
        });
        if let Some(notice) = event.data.get("notice") {
            data["notice_id"] = notice.clone();
        }
        let cx = Cx { now: event.at, organisation, actor: event.actor };
        rows.extend(messages(&cx, endpoints, kind, &data)?);
    }
    store::errand::insert(tx, rows).await.map(drop)
}

/// Where a work order stands when all of this has happened: some changes of status are written after their event.
fn status_after(events: &[NewEvent], order: &work_order::Model) -> Status {
    let changes = events.iter().filter(|event| event.work_order == order.id);
    let changes = changes.filter(|event| matches!(event.verb, Verb::StatusChanged | Verb::Reopened));
    let mut last_first =
        changes.rev().filter_map(|event| serde_json::from_value(event.data.get("to")?.clone()).ok());
    last_first.next().unwrap_or(order.status)
}

/// One message for each endpoint.
fn messages(cx: &Cx, endpoints: &[Uuid], kind: &str, data: &Value) -> Result<Vec<errand::Model>, DbErr> {
    let payload = json!({ "type": kind, "created_at": cx.now, "data": data });
    let message = |webhook: &Uuid| Errand::Webhook { webhook: *webhook, payload: payload.clone() };
    endpoints.iter().map(|webhook| errands::unaddressed(cx, message(webhook))).collect()
}

/// Tells apps of a notice: `notice.published`, `notice.changed`, `notice.restored`, `notice.withdrawn`.
pub(super) async fn of_notice(
    tx: &DatabaseTransaction,
    cx: &Cx,
    notice: &notice::Model,
    kind: &str,
) -> Result<(), DbErr> {
    let endpoints = store::webhook::listening(tx, cx.organisation).await?;
    let data = json!({ "notice_id": notice.id, "state": notice.state });
    store::errand::insert(tx, messages(cx, &endpoints, kind, &data)?).await.map(drop)
}

/// A message that says nothing, to one endpoint: whether it arrives.
pub(super) async fn of_trial(tx: &DatabaseTransaction, cx: &Cx, webhook: Uuid) -> Result<(), DbErr> {
    store::errand::insert(tx, messages(cx, &[webhook], "webhook.test", &json!({}))?).await.map(drop)
}
