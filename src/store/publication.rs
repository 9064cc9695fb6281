//! Reports that everybody may read.

use chrono::{DateTime, Utc};
use entity::publication::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, Order, QueryFilter,
    QueryOrder, QuerySelect, Select,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::{Page, Seek};

/// Where a report stands in the list: time of publishing, then its work order.
pub type ListKey = (DateTime<Utc>, Uuid);

/// What is published of a work order.
pub async fn of(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    work_order: Uuid,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(work_order).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// One page of the list, newest first.
pub async fn list(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    from: &Seek<ListKey>,
    limit: usize,
) -> Result<Page<Model>, DbErr> {
    Ok(Page::new(list_query(organisation, from, limit).all(db).await?, limit, from))
}

/// The query of [`list`], apart so that a test can ask the database for its plan.
#[must_use]
pub fn list_query(organisation: Uuid, from: &Seek<ListKey>, limit: usize) -> Select<Entity> {
    let mut query = Entity::find().filter(Column::OrganisationId.eq(organisation));
    let key = || Expr::tuple([Expr::col(Column::PublishedAt), Expr::col(Column::WorkOrderId)]);
    let value = |(at, id): &ListKey| Expr::tuple([Expr::value(*at), Expr::value(*id)]);
    let order = match from {
        Seek::Start => Order::Desc,
        Seek::After(seen) => {
            query = query.filter(key().lt(value(seen)));
            Order::Desc
        }
        Seek::Before(seen) => {
            query = query.filter(key().gt(value(seen)));
            Order::Asc
        }
    };
    query
        .order_by(Column::PublishedAt, order.clone())
        .order_by(Column::WorkOrderId, order)
        .limit(limit as u64 + 1)
}

/// Publishes, or changes what is published.
pub async fn put(tx: &DatabaseTransaction, row: Model) -> Result<(), DbErr> {
    let again = OnConflict::column(Column::WorkOrderId)
        .update_columns([
            Column::Title,
            Column::Text,
            Column::Address,
            Column::Latitude,
            Column::Longitude,
            Column::AuthorId,
            Column::PublishedAt,
        ])
        .to_owned();
    Entity::insert(ActiveModel::from(row)).on_conflict(again).exec_without_returning(tx).await.map(drop)
}

/// Takes a report off the list; `false` when it was not on it.
pub async fn delete(tx: &DatabaseTransaction, organisation: Uuid, work_order: Uuid) -> Result<bool, DbErr> {
    let deleted = Entity::delete_many()
        .filter(Column::WorkOrderId.eq(work_order))
        .filter(Column::OrganisationId.eq(organisation))
        .exec(tx)
        .await?;
    Ok(deleted.rows_affected > 0)
}
