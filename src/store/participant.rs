//! Who takes part in which work order: addresses whose letters may enter its thread.

use std::collections::HashSet;

use entity::participant::{ActiveModel, Column, Entity};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QuerySelect, sea_query::OnConflict,
};
use uuid::Uuid;

/// Lets addresses take part in work orders.
pub async fn insert(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    pairs: impl IntoIterator<Item = (Uuid, String)>,
) -> Result<(), DbErr> {
    let rows = pairs.into_iter().map(|(work_order, address)| ActiveModel {
        organisation_id: Set(organisation),
        work_order_id: Set(work_order),
        address: Set(address),
    });
    let once = OnConflict::columns([Column::WorkOrderId, Column::Address]).do_nothing().to_owned();
    Entity::insert_many(rows).on_conflict(once).exec_without_returning(tx).await.map(drop)
}

/// Which of these addresses take part in which of these work orders.
pub async fn among(
    db: &impl ConnectionTrait,
    work_orders: &[Uuid],
    addresses: &[&str],
) -> Result<HashSet<(Uuid, String)>, DbErr> {
    if work_orders.is_empty() {
        return Ok(HashSet::new());
    }
    let found: Vec<(Uuid, String)> = Entity::find()
        .select_only()
        .columns([Column::WorkOrderId, Column::Address])
        .filter(Column::WorkOrderId.is_in(work_orders.iter().copied()))
        .filter(Column::Address.is_in(addresses.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}
