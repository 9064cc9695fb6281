//! The lines of the queue.

use std::collections::HashMap;

use entity::{operator, request_kind, work_order};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    app::App,
    store,
    web::{
        due::{Due, Today},
        error::Result,
        work_order::{number_of, path_of},
    },
};

/// One work order.
#[derive(Serialize)]
pub struct Row {
    number: String,
    slug: String,
    href: String,
    subject: String,
    taxpayer: Option<String>,
    sender: String,
    kind: String,
    status: work_order::Status,
    contests: i32,
    due: Option<Due>,
    assignee: Option<String>,
}

/// What the queue says of work orders; the taxpayers' names are read together.
pub async fn rows(
    app: &App,
    today: &Today<'_>,
    orders: Vec<work_order::Model>,
    people: &[operator::Model],
    kinds: &[request_kind::Model],
) -> Result<Vec<Row>> {
    let Some(organisation) = orders.first().map(|order| order.organisation_id) else { return Ok(Vec::new()) };
    let ids = orders.iter().map(|order| order.taxpayer_id).collect();
    let taxpayers = store::taxpayer::by_ids(&app.desk.db.read, organisation, ids).await?;
    let mut names: HashMap<Uuid, String> = HashMap::new();
    names.extend(
        taxpayers
            .into_iter()
            .filter(|taxpayer| !taxpayer.generic)
            .map(|taxpayer| (taxpayer.id, taxpayer.name)),
    );
    let row = |order: work_order::Model| {
        let kind = kinds.iter().find(|kind| kind.id == order.kind_id);
        Row {
            number: number_of(&order).to_string(),
            slug: number_of(&order).slug(),
            href: path_of(&order),
            taxpayer: names.get(&order.taxpayer_id).cloned(),
            kind: kind.map(|kind| kind.name.clone()).unwrap_or_default(),
            due: today.due(&order, kind),
            assignee: people.iter().find(|one| Some(one.id) == order.assignee_id).map(|one| one.name.clone()),
            contests: order.contests,
            subject: order.subject,
            sender: order.sender_address,
            status: order.status,
        }
    };
    Ok(orders.into_iter().map(row).collect())
}
