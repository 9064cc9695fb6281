//! The mails that came in, the last one first.

use std::collections::HashMap;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use entity::{
    incoming_mail::{self, Outcome},
    mail_log, work_order,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{outcome_of, path_of};
use crate::{
    app::App,
    store::{self, Seek, communication::Head, delivery::KnownDelivery, incoming_mail::Filter},
    web::{
        error::Result,
        frame::{Done, Frame, Hall},
        page_key::Pages,
        request::{Query, address},
        session::Administrator,
        templates,
        work_order::number_of,
    },
};

/// Rows of a page.
const PAGE: usize = 50;
const HERE: &str = "/desk/admin/mail";

/// Context of `pages/mails.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    mailboxes: Vec<Choice>,
    filters: Filters,
    filtered: bool,
    rows: Vec<Row>,
    pages: Pages,
}

#[derive(Serialize)]
struct Choice {
    value: String,
    label: String,
}

#[derive(Serialize)]
struct Filters {
    mailbox: String,
    outcome: String,
}

#[derive(Serialize)]
struct Row {
    href: String,
    received_at: DateTime<Utc>,
    mailbox: String,
    from: String,
    subject: String,
    size: i64,
    outcome: &'static str,
    number: Option<String>,
}

/// The query. What makes no sense is left out.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    mailbox: String,
    #[serde(default)]
    outcome: String,
    after: Option<String>,
    before: Option<String>,
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

impl Asked {
    fn filter(&self) -> Filter {
        match self.outcome.as_str() {
            "pending" => Filter::Pending,
            "quarantined" => Filter::Quarantined,
            "opened" => Filter::Outcome(Outcome::Opened),
            "joined" => Filter::Outcome(Outcome::Joined),
            "duplicate" => Filter::Outcome(Outcome::Duplicate),
            "own" => Filter::Outcome(Outcome::Own),
            "receipt" => Filter::Outcome(Outcome::Receipt),
            "discarded" => Filter::Outcome(Outcome::Discarded),
            _ => Filter::All,
        }
    }

    fn seek(&self) -> Seek<Uuid> {
        let key = |key: &Option<String>| key.as_deref().and_then(|key| Uuid::try_parse(key).ok());
        match (key(&self.after), key(&self.before)) {
            (Some(id), _) => Seek::After(id),
            (None, Some(id)) => Seek::Before(id),
            (None, None) => Seek::Start,
        }
    }
}

/// `GET /desk/admin/mail`.
pub async fn show(
    State(app): State<App>,
    Administrator(operator): Administrator,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let hall = Hall::enter(&app, &operator).await?;
    let organisation = hall.organisation.id;
    let filter = asked.filter();
    let one = asked.mailbox.parse().ok().filter(|id| hall.mailboxes.iter().any(|mailbox| mailbox.id == *id));
    let mailboxes: Vec<Uuid> =
        one.map_or_else(|| hall.mailboxes.iter().map(|mailbox| mailbox.id).collect(), |id| vec![id]);
    let db = &app.desk.db.read;
    let found = store::incoming_mail::page(db, organisation, &mailboxes, filter, &asked.seek(), PAGE).await?;
    let filters = Filters {
        mailbox: one.map(|id: Uuid| id.to_string()).unwrap_or_default(),
        outcome: if filter == Filter::All { String::new() } else { asked.outcome },
    };
    let href = |name: &'static str, row: &incoming_mail::Model| {
        let mut question = vec![("mailbox", filters.mailbox.clone()), ("outcome", filters.outcome.clone())];
        question.retain(|(_, value)| !value.is_empty());
        question.push((name, row.id.to_string()));
        address(HERE, &question)
    };
    let page = Page {
        frame: hall.frame("admin", asked.done),
        pages: Pages::around(&found, href),
        rows: rows(&app, &hall, found.rows).await?,
        filtered: !filters.mailbox.is_empty() || !filters.outcome.is_empty(),
        filters,
        mailboxes: hall
            .mailboxes
            .into_iter()
            .map(|mailbox| Choice { value: mailbox.id.to_string(), label: mailbox.address })
            .collect(),
    };
    Ok(templates::render("pages/mails.html", page)?.into_response())
}

/// What the rows say beside the ledger, each read for all rows together.
struct Beside {
    logs: HashMap<Uuid, mail_log::Model>,
    heads: HashMap<Uuid, Head>,
    deliveries: HashMap<Uuid, KnownDelivery>,
    orders: HashMap<Uuid, work_order::Model>,
}

impl Beside {
    async fn read(app: &App, organisation: Uuid, mails: &[incoming_mail::Model]) -> Result<Self> {
        let db = &app.desk.db.read;
        let ids = mails.iter().map(|mail| mail.id).collect();
        let logs = store::mail_log::by_mails(db, organisation, ids).await?;
        let became = logs.iter().filter_map(|log| log.communication_id).collect();
        let about = logs.iter().filter_map(|log| log.delivery_id).collect();
        let heads = store::communication::heads(db, organisation, became).await?;
        let deliveries = store::delivery::known(db, organisation, about).await?;
        let orders = heads.iter().map(|head| head.work_order_id);
        let orders = orders.chain(deliveries.iter().map(|delivery| delivery.work_order_id)).collect();
        let orders = store::work_order::by_ids(db, organisation, orders).await?;
        Ok(Self {
            logs: logs.into_iter().map(|log| (log.incoming_mail_id, log)).collect(),
            heads: heads.into_iter().map(|head| (head.id, head)).collect(),
            deliveries: deliveries.into_iter().map(|delivery| (delivery.id, delivery)).collect(),
            orders: orders.into_iter().map(|order| (order.id, order)).collect(),
        })
    }
}

async fn rows(app: &App, hall: &Hall, mails: Vec<incoming_mail::Model>) -> Result<Vec<Row>> {
    let beside = Beside::read(app, hall.organisation.id, &mails).await?;
    let row = |mail: incoming_mail::Model| {
        let log = beside.logs.get(&mail.id);
        let head = log.and_then(|log| beside.heads.get(&log.communication_id?));
        let delivery = log.and_then(|log| beside.deliveries.get(&log.delivery_id?));
        let order = head.map(|head| head.work_order_id).or(delivery.map(|delivery| delivery.work_order_id));
        let receipt = log.and_then(|log| log.data.pec.as_ref());
        let (from, subject) = match (head, delivery, receipt) {
            (Some(head), ..) => {
                let from = if head.from_name.is_empty() { &head.from_address } else { &head.from_name };
                (from.clone(), head.subject.clone())
            }
            (None, Some(delivery), _) => {
                (String::new(), format!("Ricevuta dell’invio a {}", delivery.recipient))
            }
            (None, None, Some(receipt)) => (receipt.envelope_from.clone(), receipt.envelope_subject.clone()),
            (None, None, None) => (String::new(), mail.last_error.clone().unwrap_or_default()),
        };
        Row {
            href: path_of(mail.id),
            received_at: mail.received_at,
            mailbox: address_of(hall, mail.mailbox_id),
            from,
            subject,
            size: mail.size,
            outcome: outcome_of(&mail),
            number: order.and_then(|id| beside.orders.get(&id)).map(|order| number_of(order).to_string()),
        }
    };
    Ok(mails.into_iter().map(row).collect())
}

fn address_of(hall: &Hall, mailbox: Uuid) -> String {
    let found = hall.mailboxes.iter().find(|one| one.id == mailbox);
    found.map(|mailbox| mailbox.address.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_in_the_address_asks_for_everything() {
        let asked = |query: &str| serde_urlencoded::from_str::<Asked>(query).unwrap();
        assert_eq!(asked("outcome=x&after=y").filter(), Filter::All);
        assert_eq!(asked("outcome=x&after=y").seek(), Seek::Start);
        assert_eq!(asked("outcome=discarded").filter(), Filter::Outcome(Outcome::Discarded));
        let id = Uuid::from_u128(7);
        assert_eq!(asked(&format!("before={id}")).seek(), Seek::Before(id));
    }
}
