//! Notices of disruption, their history, and the work orders that they explain.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::{
    communication, delivery, follower,
    notice::{ActiveModel, Column, Entity, Model, State},
    notice_change, notice_work_order,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, JoinType,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::{Page, Seek};

/// Most notices that are in force together: more than that are no notices.
pub const CURRENT: u64 = 200;
/// Most changes of a notice that are shown.
pub const HISTORY: u64 = 200;

/// One page of an organisation's notices, newest first.
pub async fn page(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    from: &Seek<Uuid>,
    limit: usize,
) -> Result<Page<Model>, DbErr> {
    Ok(Page::new(page_query(organisation, from, limit).all(db).await?, limit, from))
}

/// The query of [`page`], apart so that a test can ask the database for its plan.
#[must_use]
pub fn page_query(organisation: Uuid, from: &Seek<Uuid>, limit: usize) -> Select<Entity> {
    let rows = Entity::find().filter(Column::OrganisationId.eq(organisation)).limit(limit as u64 + 1);
    match *from {
        Seek::Start => rows.order_by_desc(Column::Id),
        Seek::After(id) => rows.filter(Column::Id.lt(id)).order_by_desc(Column::Id),
        Seek::Before(id) => rows.filter(Column::Id.gt(id)).order_by_asc(Column::Id),
    }
}

/// Notices that everybody sees as in force, the latest beginning first. One that begins tomorrow is among them: who is to be
/// without collection wants to know before.
pub async fn current(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<Model>, DbErr> {
    in_state(organisation, State::Published).all(db).await
}

/// Notices of disruptions that ended after `since`, the latest beginning first.
pub async fn restored_since(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    since: DateTime<Utc>,
) -> Result<Vec<Model>, DbErr> {
    in_state(organisation, State::Restored).filter(Column::RestoredAt.gt(since)).all(db).await
}

/// The query behind [`current`], apart so that a test can ask the database for its plan.
#[must_use]
pub fn in_state(organisation: Uuid, state: State) -> Select<Entity> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::State.eq(state))
        .order_by_desc(Column::StartsAt)
        .order_by_desc(Column::Id)
        .limit(CURRENT)
}

/// One notice.
pub async fn by_id(db: &impl ConnectionTrait, organisation: Uuid, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// One notice, which nobody else changes until the transaction ends: who ends it and who links a request to it at the same
/// instant take turns, on both databases. The version stays: nothing that an operator sees has changed.
pub async fn lock(tx: &DatabaseTransaction, organisation: Uuid, id: Uuid) -> Result<Option<Model>, DbErr> {
    let touched = Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version))
        .filter(Column::Id.eq(id))
        .filter(Column::OrganisationId.eq(organisation))
        .exec_with_returning(tx)
        .await?;
    Ok(touched.into_iter().next())
}

/// Those of these notices that are in force, the latest beginning first, which nobody changes until the transaction ends. Any
/// number of transactions may hold them together, so that the requests of a day of strike do not stand in line; `SQLite`, which
/// has one writer at a time, needs no such words and is not given them.
pub async fn hold_published(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    ids: Vec<Uuid>,
) -> Result<Vec<Model>, DbErr> {
    in_state(organisation, State::Published).filter(Column::Id.is_in(ids)).lock_shared().all(tx).await
}

/// Writes a notice.
pub async fn insert(tx: &DatabaseTransaction, row: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(row)).exec_without_returning(tx).await.map(drop)
}

/// Changes a notice that nobody else has changed since `version`; `false` when somebody has.
pub async fn update(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    (id, version): (Uuid, i32),
    change: ActiveModel,
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Version.eq(version))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Adds to the history of a notice.
pub async fn insert_change(tx: &DatabaseTransaction, row: notice_change::Model) -> Result<(), DbErr> {
    notice_change::Entity::insert(notice_change::ActiveModel::from(row))
        .exec_without_returning(tx)
        .await
        .map(drop)
}

/// The history of a notice, newest first.
pub async fn history(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    notice: Uuid,
) -> Result<Vec<notice_change::Model>, DbErr> {
    notice_change::Entity::find()
        .filter(notice_change::Column::OrganisationId.eq(organisation))
        .filter(notice_change::Column::NoticeId.eq(notice))
        .order_by_desc(notice_change::Column::Id)
        .limit(HISTORY)
        .all(db)
        .await
}

/// Notes that a notice explains a work order; `false` when that was known.
pub async fn link(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    (notice, work_order): (Uuid, Uuid),
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let row = notice_work_order::ActiveModel {
        notice_id: Set(notice),
        work_order_id: Set(work_order),
        organisation_id: Set(organisation),
        created_at: Set(now),
        told_at: Set(None),
    };
    let once =
        OnConflict::columns([notice_work_order::Column::NoticeId, notice_work_order::Column::WorkOrderId])
            .do_nothing()
            .to_owned();
    let written = notice_work_order::Entity::insert(row).on_conflict(once).exec_without_returning(tx).await?;
    Ok(written == 1)
}

/// Takes such a note back; `false` when there is none, or its citizen was told already.
pub async fn unlink(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    (notice, work_order): (Uuid, Uuid),
) -> Result<bool, DbErr> {
    let unlinked = notice_work_order::Entity::delete_many()
        .filter(notice_work_order::Column::NoticeId.eq(notice))
        .filter(notice_work_order::Column::WorkOrderId.eq(work_order))
        .filter(notice_work_order::Column::OrganisationId.eq(organisation))
        .filter(notice_work_order::Column::ToldAt.is_null())
        .exec(tx)
        .await?;
    Ok(unlinked.rows_affected == 1)
}

/// Work orders that a notice explains, in the order of their ids, after one of them.
pub async fn work_orders(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    notice: Uuid,
    after: Uuid,
    limit: u64,
) -> Result<Vec<Uuid>, DbErr> {
    notice_work_order::Entity::find()
        .select_only()
        .column(notice_work_order::Column::WorkOrderId)
        .filter(notice_work_order::Column::NoticeId.eq(notice))
        .filter(notice_work_order::Column::OrganisationId.eq(organisation))
        .filter(notice_work_order::Column::WorkOrderId.gt(after))
        .order_by_asc(notice_work_order::Column::WorkOrderId)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
}

/// Notices that explain a work order, drafts and withdrawn ones left out, newest first.
pub async fn of_work_order(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    work_order: Uuid,
) -> Result<Vec<Model>, DbErr> {
    let linked = notice_work_order::Entity::find()
        .select_only()
        .column(notice_work_order::Column::NoticeId)
        .filter(notice_work_order::Column::OrganisationId.eq(organisation))
        .filter(notice_work_order::Column::WorkOrderId.eq(work_order))
        .into_query();
    Entity::find()
        .filter(Column::Id.in_subquery(linked))
        .filter(Column::State.is_in([State::Published, State::Restored]))
        .order_by_desc(Column::Id)
        .limit(CURRENT)
        .all(db)
        .await
}

/// Who follows the work orders that a notice explains, their authors among them, in the order of the work orders and then of
/// the followers, after one of them.
pub async fn followers(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    notice: Uuid,
    after: (Uuid, Uuid),
    limit: u64,
) -> Result<Vec<follower::Model>, DbErr> {
    followers_query(organisation, notice, after, limit).all(db).await
}

/// The query of [`followers`], apart so that a test can ask the database for its plan.
#[must_use]
pub fn followers_query(
    organisation: Uuid,
    notice: Uuid,
    (order, follower): (Uuid, Uuid),
    limit: u64,
) -> Select<follower::Entity> {
    use follower::Column as Follower;
    use notice_work_order::Column as Linked;
    let of_order = notice_work_order::Entity::belongs_to(follower::Entity)
        .from(Linked::WorkOrderId)
        .to(Follower::WorkOrderId)
        .into();
    let later = Condition::any()
        .add(Linked::WorkOrderId.gt(order))
        .add(Linked::WorkOrderId.eq(order).and(Follower::Id.gt(follower)));
    follower::Entity::find()
        .join_rev(JoinType::InnerJoin, of_order)
        .filter(Linked::NoticeId.eq(notice))
        .filter(Linked::OrganisationId.eq(organisation))
        // For the index: it begins at the work order where the last page ended.
        .filter(Linked::WorkOrderId.gte(order))
        .filter(Follower::OrganisationId.eq(organisation))
        .filter(later)
        .order_by_asc(Linked::WorkOrderId)
        .order_by_asc(Follower::Id)
        .limit(limit)
}

/// To whom letters about these work orders were taken, and did not come back.
pub async fn reached(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    work_orders: &[Uuid],
) -> Result<HashSet<(Uuid, String)>, DbErr> {
    let letters = communication::Entity::find()
        .select_only()
        .column(communication::Column::Id)
        .filter(communication::Column::OrganisationId.eq(organisation))
        .filter(communication::Column::WorkOrderId.is_in(work_orders.iter().copied()))
        .into_query();
    let reached: Vec<(Uuid, String)> = delivery::Entity::find()
        .select_only()
        .columns([delivery::Column::WorkOrderId, delivery::Column::Recipient])
        .filter(delivery::Column::OrganisationId.eq(organisation))
        .filter(delivery::Column::CommunicationId.in_subquery(letters))
        .filter(delivery::Column::State.eq(delivery::State::Sent))
        .filter(
            Condition::any()
                .add(delivery::Column::Proof.is_null())
                .add(delivery::Column::Proof.ne(delivery::Proof::NotDelivered)),
        )
        .into_tuple()
        .all(db)
        .await?;
    Ok(reached.into_iter().collect())
}

/// Notes that somebody was told of the end for the sake of these work orders; gives those where that is new.
pub async fn set_told(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    notice: Uuid,
    work_orders: impl IntoIterator<Item = Uuid>,
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>, DbErr> {
    let told = notice_work_order::Entity::update_many()
        .set(notice_work_order::ActiveModel { told_at: Set(Some(now)), ..Default::default() })
        .filter(notice_work_order::Column::NoticeId.eq(notice))
        .filter(notice_work_order::Column::OrganisationId.eq(organisation))
        .filter(notice_work_order::Column::WorkOrderId.is_in(work_orders))
        .filter(notice_work_order::Column::ToldAt.is_null())
        .exec_with_returning(tx)
        .await?;
    Ok(told.into_iter().map(|link| link.work_order_id).collect())
}
