//! Who follows what by a personal link, and which addresses have been confirmed.

use chrono::{DateTime, Utc};
use entity::{
    confirmed_address,
    follower::{ActiveModel, Column, Entity, Model, Role},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Select, sea_query::OnConflict,
};
use uuid::Uuid;

/// One follower.
pub async fn by_id(db: &impl ConnectionTrait, organisation: Uuid, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// Who follows a work order, in the order of their ids, after one of them.
pub async fn of_work_order(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    work_order: Uuid,
    after: Uuid,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    of_work_order_query(organisation, work_order, after, limit).all(db).await
}

/// The query of [`of_work_order`], apart so that a test can ask the database for its plan.
#[must_use]
pub fn of_work_order_query(organisation: Uuid, work_order: Uuid, after: Uuid, limit: u64) -> Select<Entity> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::WorkOrderId.eq(work_order))
        .filter(Column::Id.gt(after))
        .order_by_asc(Column::Id)
        .limit(limit)
}

/// Who follows a notice, in the order of their addresses, after one of them.
pub async fn of_notice(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    notice: Uuid,
    after: &str,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    of_notice_query(organisation, notice, after, limit).all(db).await
}

/// The query of [`of_notice`], apart so that a test can ask the database for its plan.
#[must_use]
pub fn of_notice_query(organisation: Uuid, notice: Uuid, after: &str, limit: u64) -> Select<Entity> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::NoticeId.eq(notice))
        .filter(Column::Address.gt(after))
        .order_by_asc(Column::Address)
        .limit(limit)
}

/// The author of each of these work orders, where one wrote through the portal or an app.
pub async fn authors(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    work_orders: &[Uuid],
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::WorkOrderId.is_in(work_orders.iter().copied()))
        .filter(Column::Role.eq(Role::Author))
        .all(db)
        .await
}

/// The follower of a work order who has this address.
pub async fn by_address(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    work_order: Uuid,
    address: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::WorkOrderId.eq(work_order))
        .filter(Column::Address.eq(address))
        .one(db)
        .await
}

/// The follower of a notice who has this address.
pub async fn of_notice_by_address(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    notice: Uuid,
    address: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::NoticeId.eq(notice))
        .filter(Column::Address.eq(address))
        .one(db)
        .await
}

/// Writes followers.
pub async fn insert(tx: &DatabaseTransaction, rows: Vec<Model>) -> Result<(), DbErr> {
    Entity::insert_many(rows.into_iter().map(ActiveModel::from)).exec_without_returning(tx).await.map(drop)
}

/// Writes a follower, unless there is one with the same address already; `false` when there is.
pub async fn insert_new(tx: &DatabaseTransaction, row: Model) -> Result<bool, DbErr> {
    let once = OnConflict::new().do_nothing().to_owned();
    let written = Entity::insert(ActiveModel::from(row)).on_conflict(once).exec_without_returning(tx).await?;
    Ok(written == 1)
}

/// One follower, to whom nobody else gives files until the transaction ends.
pub async fn lock(tx: &DatabaseTransaction, organisation: Uuid, id: Uuid) -> Result<Option<Model>, DbErr> {
    let found = Entity::find_by_id(id).filter(Column::OrganisationId.eq(organisation));
    // SQLite has no such word and needs none: it has one writer.
    found.lock_exclusive().one(tx).await
}

/// Confirms who follows; `false` when that was done before.
pub async fn confirm(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let confirmed = Entity::update_many()
        .set(ActiveModel { confirmed_at: Set(Some(now)), ..Default::default() })
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Id.eq(id))
        .filter(Column::ConfirmedAt.is_null())
        .exec(tx)
        .await?;
    Ok(confirmed.rows_affected == 1)
}

/// Confirms whatever an address wrote through forms.
pub async fn confirm_authors(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    Entity::update_many()
        .set(ActiveModel { confirmed_at: Set(Some(now)), ..Default::default() })
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Address.eq(address))
        .filter(Column::Role.eq(Role::Author))
        .filter(Column::ConfirmedAt.is_null())
        .exec(tx)
        .await
        .map(drop)
}

/// Changes a follower.
pub async fn update(tx: &DatabaseTransaction, id: Uuid, change: ActiveModel) -> Result<(), DbErr> {
    Entity::update_many().set(change).filter(Column::Id.eq(id)).exec(tx).await.map(drop)
}

/// Raises the generation, so that the links made until now open nothing; `false` when it is not the one that was seen.
pub async fn renew(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    id: Uuid,
    generation: i32,
) -> Result<bool, DbErr> {
    let raised = Entity::update_many()
        .set(ActiveModel { generation: Set(generation + 1), ..Default::default() })
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Id.eq(id))
        .filter(Column::Generation.eq(generation))
        .exec(tx)
        .await?;
    Ok(raised.rows_affected == 1)
}

/// Notes that all matters of an address are confirmed by its holder.
pub async fn confirm_address(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    address: &str,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let row = confirmed_address::ActiveModel {
        organisation_id: Set(organisation),
        address: Set(address.to_owned()),
        confirmed_at: Set(now),
    };
    let once =
        OnConflict::columns([confirmed_address::Column::OrganisationId, confirmed_address::Column::Address])
            .do_nothing()
            .to_owned();
    confirmed_address::Entity::insert(row).on_conflict(once).exec_without_returning(tx).await.map(drop)
}

/// Those of the addresses that have been confirmed.
pub async fn confirmed(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    addresses: &[&str],
) -> Result<Vec<String>, DbErr> {
    confirmed_address::Entity::find()
        .select_only()
        .column(confirmed_address::Column::Address)
        .filter(confirmed_address::Column::OrganisationId.eq(organisation))
        .filter(confirmed_address::Column::Address.is_in(addresses.iter().copied()))
        .into_tuple()
        .all(db)
        .await
}
