//! Published reports and the work orders behind them, as lists of other programs ask for them: a fixed number of queries,
//! however long the list is.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use entity::{
    publication::{Column, Entity, Model},
    submission,
    work_order::{self, Status},
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use crate::domain::number::Number;

/// How long after it was received a report may be published and still be found by the time of its receipt.
const LATEST: Duration = Duration::days(90);

/// Which reports are asked for.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Kinds; none: all.
    pub kinds: Vec<Uuid>,
    /// Open ones, closed ones, or both.
    pub open: Option<bool>,
    /// Received from then on.
    pub from: DateTime<Utc>,
    /// Received until then.
    pub to: DateTime<Utc>,
}

/// A work order, and what is published of it.
pub type Report = (work_order::Model, Option<Model>);

/// Published reports, the latest published first, at most `limit`.
pub async fn published(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    filter: &Filter,
    limit: u64,
) -> Result<Vec<Report>, DbErr> {
    let rows = published_query(organisation, filter, limit).all(db).await?;
    let ids = rows.iter().map(|row| row.work_order_id).collect();
    let orders = super::work_order::by_ids(db, organisation, ids).await?;
    let mut orders: HashMap<Uuid, _> = orders.into_iter().map(|order| (order.id, order)).collect();
    Ok(rows.into_iter().filter_map(|row| Some((orders.remove(&row.work_order_id)?, Some(row)))).collect())
}

/// The query of [`published`], apart so that a test can ask the database for its plan. Nothing is published before it is
/// received, and what is published a season later is found by its number only: a span of time that is long past is no reason to look
/// through everything that was published since.
#[must_use]
pub fn published_query(organisation: Uuid, filter: &Filter, limit: u64) -> Select<Entity> {
    let of_work_order = |column| Expr::col((work_order::Entity, column));
    let mut fits = Query::select()
        .expr(Expr::val(1))
        .from(work_order::Entity)
        .and_where(of_work_order(work_order::Column::OrganisationId).eq(organisation))
        .and_where(of_work_order(work_order::Column::Id).equals((Entity, Column::WorkOrderId)))
        .and_where(of_work_order(work_order::Column::ReceivedAt).between(filter.from, filter.to))
        .to_owned();
    if !filter.kinds.is_empty() {
        fits.and_where(of_work_order(work_order::Column::KindId).is_in(filter.kinds.iter().copied()));
    }
    if let Some(open) = filter.open {
        let closed = of_work_order(work_order::Column::Status).eq(Status::Closed);
        fits.and_where(if open { closed.not() } else { closed });
    }
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::PublishedAt.between(filter.from, filter.to + LATEST))
        .filter(Expr::exists(fits))
        .order_by_desc(Column::PublishedAt)
        .order_by_desc(Column::WorkOrderId)
        .limit(limit)
}

/// The work orders of these numbers that are published, or that this app has sent. `listed`: whether the organisation shows
/// what it has published.
pub async fn of_numbers(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    numbers: &[Number],
    (listed, app_key): (bool, Option<Uuid>),
) -> Result<Vec<Report>, DbErr> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let orders = by_numbers(organisation, numbers).all(db).await?;
    let ids: Vec<Uuid> = orders.iter().map(|order| order.id).collect();
    let published = if listed {
        let of = Column::WorkOrderId.is_in(ids.iter().copied());
        Entity::find().filter(of).filter(Column::OrganisationId.eq(organisation)).all(db).await?
    } else {
        Vec::new()
    };
    let own: Vec<Uuid> = match app_key {
        Some(app_key) => sent_by(organisation, app_key, &ids).into_tuple().all(db).await?,
        None => Vec::new(),
    };
    let report = |order: work_order::Model| {
        let row = published.iter().find(|row| row.work_order_id == order.id).cloned();
        (row.is_some() || own.contains(&order.id)).then_some((order, row))
    };
    Ok(orders.into_iter().filter_map(report).collect())
}

/// The work orders of these numbers, of which there is at least one.
#[must_use]
pub fn by_numbers(organisation: Uuid, numbers: &[Number]) -> Select<work_order::Entity> {
    let mut years: Vec<i32> = numbers.iter().map(|number| number.year).collect();
    years.sort_unstable();
    years.dedup();
    let of_year = |year: i32| {
        let numbers = numbers.iter().filter(|number| number.year == year).map(|number| number.number);
        Condition::all().add(work_order::Column::Year.eq(year)).add(work_order::Column::Number.is_in(numbers))
    };
    let exact = years.iter().fold(Condition::any(), |any, year| any.add(of_year(*year)));
    // The first three alone name a few too many, and are what both databases walk the index of the numbers by.
    work_order::Entity::find()
        .filter(work_order::Column::OrganisationId.eq(organisation))
        .filter(work_order::Column::Year.is_in(years))
        .filter(work_order::Column::Number.is_in(numbers.iter().map(|number| number.number)))
        .filter(exact)
}

/// Which of these work orders an app has sent.
#[must_use]
pub fn sent_by(organisation: Uuid, app_key: Uuid, work_orders: &[Uuid]) -> Select<submission::Entity> {
    submission::Entity::find()
        .select_only()
        .column(submission::Column::WorkOrderId)
        .filter(submission::Column::OrganisationId.eq(organisation))
        .filter(submission::Column::WorkOrderId.is_in(work_orders.iter().copied()))
        .filter(Expr::cust("work_order_id IS NOT NULL"))
        .filter(submission::Column::AppKeyId.eq(app_key))
}
