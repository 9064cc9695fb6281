//! What citizens thought of the forms: one to five stars, and a word or two.

use chrono::{DateTime, Utc};
use entity::submission::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
    sea_query::{Expr, Query, SelectStatement},
};
use uuid::Uuid;

/// Ratings that are looked at, from the newest on: an average does not change by what lies behind.
pub const COUNTED: u64 = 10_000;
/// The condition of the index on rated submissions, as words: a bound value would hide it from the planners.
const RATED: &str = "rating IS NOT NULL";

/// How often each number of stars was given for what was sent since an instant.
pub async fn counts(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    since: DateTime<Utc>,
) -> Result<Vec<(i32, i64)>, DbErr> {
    let rows = db.query_all(&counts_query(organisation, since)).await?;
    rows.iter().map(|row| Ok((row.try_get("", "rating")?, row.try_get("", "counted")?))).collect()
}

/// The query of [`counts`], apart so that a test can ask the database for its plan.
#[must_use]
pub fn counts_query(organisation: Uuid, since: DateTime<Utc>) -> SelectStatement {
    let newest = rated(organisation)
        .select_only()
        .column(Column::Rating)
        .filter(Column::ReceivedAt.gte(since))
        .limit(COUNTED)
        .into_query();
    Query::select()
        .column(Column::Rating)
        .expr_as(Expr::cust("COUNT(*)"), "counted")
        .from_subquery(newest, "newest")
        .group_by_col(Column::Rating)
        .to_owned()
}

/// What was rated last, newest first.
pub async fn last(db: &impl ConnectionTrait, organisation: Uuid, limit: u64) -> Result<Vec<Model>, DbErr> {
    last_query(organisation, limit).all(db).await
}

/// The query of [`last`], apart so that a test can ask the database for its plan.
#[must_use]
pub fn last_query(organisation: Uuid, limit: u64) -> Select<Entity> {
    rated(organisation).limit(limit)
}

fn rated(organisation: Uuid) -> Select<Entity> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Expr::cust(RATED))
        .order_by_desc(Column::ReceivedAt)
}
