//! Which work orders a notice explains: suggested by kind and street, chosen by a person.

use std::collections::BTreeSet;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    notice::{self, Model},
    work_order::{self, Status},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{find, path_of};
use crate::{
    actions::notice as notices,
    app::App,
    domain::place,
    store::{
        self, Seek,
        work_order::{QueueFilter, StatusFilter},
    },
    web::{
        error::Result,
        request::{Form, Path},
        session::Operator,
        work_order::{number_of, path_of as path_of_order},
    },
};

/// Work orders that are listed and suggested, each at most.
pub const SHOWN: u64 = 100;
/// People report a disruption before anybody writes the notice: reports of these days before its beginning are suggested, too.
const BEFORE: TimeDelta = TimeDelta::days(2);

/// One work order.
#[derive(Serialize)]
pub struct Order {
    id: Uuid,
    number: String,
    href: String,
    subject: String,
    status: Status,
    received_at: DateTime<Utc>,
}

/// What it explains, and what it may explain.
pub struct Orders {
    /// Linked; at most [`SHOWN`].
    pub linked: Vec<Order>,
    /// There are more.
    pub more: bool,
    /// Suggested.
    pub suggested: Vec<Order>,
}

fn order(row: work_order::Model) -> Order {
    Order {
        id: row.id,
        number: number_of(&row).to_string(),
        href: path_of_order(&row),
        subject: row.subject,
        status: row.status,
        received_at: row.received_at,
    }
}

/// Reads them.
pub async fn read(app: &App, notice: &Model) -> Result<Orders> {
    let (db, organisation) = (&app.desk.db.read, notice.organisation_id);
    let ids = store::notice::work_orders(db, organisation, notice.id, Uuid::nil(), SHOWN + 1).await?;
    let linked: BTreeSet<Uuid> = ids.iter().copied().collect();
    let shown = usize::try_from(SHOWN).unwrap_or(usize::MAX);
    let mut rows = store::work_order::by_ids(db, organisation, ids).await?;
    rows.sort_by_key(|row| (row.received_at, row.id));
    let more = rows.len() > shown;
    rows.truncate(shown);
    let mut suggested =
        if notice.state == notice::State::Published { candidates(app, notice).await? } else { Vec::new() };
    suggested.retain(|row| !linked.contains(&row.id) && row.closed_at.is_none());
    Ok(Orders {
        linked: rows.into_iter().map(order).collect(),
        more,
        suggested: suggested.into_iter().map(order).collect(),
    })
}

/// A notice that names neither streets nor kinds may explain everything, and so suggests nothing.
async fn candidates(app: &App, notice: &Model) -> Result<Vec<work_order::Model>> {
    let (db, organisation) = (&app.desk.db.read, notice.organisation_id);
    let since = notice.starts_at - BEFORE;
    if notice.streets.0.is_empty() {
        let mut found = Vec::new();
        for kind in &notice.kinds.0 {
            let filter =
                QueueFilter { kind: Some(*kind), status: StatusFilter::Open, ..QueueFilter::default() };
            let shown = usize::try_from(SHOWN).unwrap_or(usize::MAX);
            let page = store::work_order::queue(db, organisation, &filter, &Seek::Start, shown).await?;
            found.extend(page.rows.into_iter().filter(|row| row.received_at >= since));
        }
        return Ok(found);
    }
    let kinds = if notice.kinds.0.is_empty() {
        store::organisation::kinds(db, organisation).await?.into_iter().map(|kind| kind.id).collect()
    } else {
        notice.kinds.0.clone()
    };
    let streets: Vec<String> = notice.streets.0.iter().map(|street| place::street(street)).collect();
    let streets: Vec<String> = streets.into_iter().filter(|street| !street.is_empty()).collect();
    let ids = store::suggestion::at_streets(db, organisation, &kinds, &streets, since, SHOWN).await?;
    Ok(store::work_order::by_ids(db, organisation, ids).await?)
}

/// Work orders that were ticked.
#[derive(Debug, Deserialize)]
pub struct Chosen {
    #[serde(default)]
    order: Vec<Uuid>,
}

/// `POST /desk/notices/{id}/link`.
pub async fn link(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<Uuid>,
    Form(chosen): Form<Chosen>,
) -> Result<Response> {
    find(&app, &operator, id).await?;
    let most = usize::try_from(SHOWN).unwrap_or(usize::MAX);
    for order in chosen.order.iter().take(most) {
        notices::link(&app.desk, &operator.cx, id, *order).await?;
    }
    Ok(Redirect::to(&format!("{}?done=notice_linked", path_of(id))).into_response())
}

/// `POST /desk/notices/{id}/unlink`.
pub async fn unlink(
    State(app): State<App>,
    operator: Operator,
    Path(id): Path<Uuid>,
    Form(chosen): Form<Chosen>,
) -> Result<Response> {
    find(&app, &operator, id).await?;
    for order in chosen.order.iter().take(1) {
        notices::unlink(&app.desk, &operator.cx, id, *order).await?;
    }
    Ok(Redirect::to(&format!("{}?done=saved", path_of(id))).into_response())
}
