//! The log.

use chrono::{DateTime, Utc};
use entity::{
    event::{ActiveModel, Column, Entity, Model, Verb},
    work_order,
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

/// An event about to be written.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// Owner.
    pub organisation: Uuid,
    /// About what.
    pub work_order: Uuid,
    /// Who; none when the program did it by itself.
    pub actor: Option<Uuid>,
    /// What happened.
    pub verb: Verb,
    /// When.
    pub at: DateTime<Utc>,
    /// The rest.
    pub data: serde_json::Value,
}

/// Appends events, in order.
pub async fn append(
    tx: &DatabaseTransaction,
    events: impl IntoIterator<Item = NewEvent>,
) -> Result<(), DbErr> {
    let rows = events.into_iter().map(|event| ActiveModel {
        seq: NotSet,
        organisation_id: Set(event.organisation),
        work_order_id: Set(event.work_order),
        actor_id: Set(event.actor),
        verb: Set(event.verb),
        at: Set(event.at),
        data: Set(event.data),
    });
    Entity::insert_many(rows).exec_without_returning(tx).await.map(drop)
}

/// The newest events of a work order, newest first.
pub async fn history(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    work_order: Uuid,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::WorkOrderId.eq(work_order))
        .order_by_desc(Column::Seq)
        .limit(limit)
        .all(db)
        .await
}

/// The newest changes of status of a work order, newest first.
pub async fn changes(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    work_order: Uuid,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::WorkOrderId.eq(work_order))
        .filter(Column::Verb.is_in([Verb::StatusChanged, Verb::Reopened]))
        .order_by_desc(Column::Seq)
        .limit(limit)
        .all(db)
        .await
}

/// Whether a work order is closed because its author withdrew it: the closing and the withdrawal are of one instant.
pub async fn is_withdrawn(db: &impl ConnectionTrait, order: &work_order::Model) -> Result<bool, DbErr> {
    let Some(closed_at) = order.closed_at else { return Ok(false) };
    let found = Entity::find()
        .filter(Column::OrganisationId.eq(order.organisation_id))
        .filter(Column::WorkOrderId.eq(order.id))
        .filter(Column::Verb.eq(Verb::Withdrawn))
        .filter(Column::At.eq(closed_at))
        .limit(1)
        .one(db)
        .await?;
    Ok(found.is_some())
}
