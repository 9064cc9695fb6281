//! Work orders that a notice may explain: the same kind, the same street, since about when it began.

use chrono::{DateTime, Utc};
use entity::place::{Column, Entity};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

/// Ids of work orders of these kinds at these streets (in the form of `domain::place::street`), opened since an instant.
pub async fn at_streets(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    kinds: &[Uuid],
    streets: &[String],
    since: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Uuid>, DbErr> {
    if kinds.is_empty() || streets.is_empty() {
        return Ok(Vec::new());
    }
    let query = at_streets_query(organisation, kinds, streets, since, limit);
    query.select_only().column(Column::WorkOrderId).into_tuple().all(db).await
}

/// The query of [`at_streets`], apart so that a test can ask the database for its plan.
#[must_use]
pub fn at_streets_query(
    organisation: Uuid,
    kinds: &[Uuid],
    streets: &[String],
    since: DateTime<Utc>,
    limit: u64,
) -> Select<Entity> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::KindId.is_in(kinds.iter().copied()))
        .filter(Column::Street.is_in(streets.iter().map(String::as_str)))
        .filter(Column::CreatedAt.gte(since))
        .order_by_asc(Column::CreatedAt)
        .limit(limit)
}
