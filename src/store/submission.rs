//! Forms that citizens fill: drafts, and what was sent.

use chrono::{DateTime, Utc};
use entity::submission::{ActiveModel, Column, Entity, Model, State};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr,
};
use uuid::Uuid;

/// The condition of the index on those that wait for somebody, as words: a bound value would hide it from the planners.
const WAITING: &str = "state IN ('held', 'unconfirmed')";
/// Likewise, of those that were put aside.
const DISCARDED: &str = "state = 'discarded'";
/// Likewise, of those that are forgotten after a while.
const IDLE: &str = "state IN ('draft', 'unconfirmed')";

/// One submission.
pub async fn by_id(db: &impl ConnectionTrait, organisation: Uuid, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// One submission, which nobody else changes until the transaction ends: two who send it, save it or decide upon it at the
/// same instant take turns, on both databases.
pub async fn lock(tx: &DatabaseTransaction, organisation: Uuid, id: Uuid) -> Result<Option<Model>, DbErr> {
    let touched = Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .filter(Column::OrganisationId.eq(organisation))
        .exec_with_returning(tx)
        .await?;
    Ok(touched.into_iter().next())
}

/// The submission that a work order came from.
pub async fn of_work_order(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    work_order: Uuid,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::WorkOrderId.eq(work_order))
        .filter(Expr::cust("work_order_id IS NOT NULL"))
        .one(db)
        .await
}

/// Writes a submission.
pub async fn insert(tx: &DatabaseTransaction, row: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(row)).exec_without_returning(tx).await.map(drop)
}

/// Changes a submission that still is in `state`, and counts the change; `false` when it is elsewhere by now.
pub async fn update(
    tx: &DatabaseTransaction,
    id: Uuid,
    state: State,
    change: ActiveModel,
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(state))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Submissions that wait for an operator, or for their address, oldest first, after (`received_at`, id).
pub async fn waiting(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    state: State,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    waiting_query(organisation, state, after, limit).all(db).await
}

/// The query of [`waiting`], apart so that a test can ask the database for its plan.
#[must_use]
pub fn waiting_query(
    organisation: Uuid,
    state: State,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: u64,
) -> Select<Entity> {
    let mut query = Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::State.eq(state))
        .filter(Expr::cust(WAITING));
    if let Some((at, id)) = after {
        let key = Expr::tuple([Expr::col(Column::ReceivedAt), Expr::col(Column::Id)]);
        query = query.filter(key.gt(Expr::tuple([Expr::value(at), Expr::value(id)])));
    }
    query.order_by_asc(Column::ReceivedAt).order_by_asc(Column::Id).limit(limit)
}

/// Submissions that were put aside, newest decision first, before (`updated_at`, id).
pub async fn discarded(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    discarded_query(organisation, before, limit).all(db).await
}

/// The query of [`discarded`], apart so that a test can ask the database for its plan.
#[must_use]
pub fn discarded_query(
    organisation: Uuid,
    before: Option<(DateTime<Utc>, Uuid)>,
    limit: u64,
) -> Select<Entity> {
    let mut query =
        Entity::find().filter(Column::OrganisationId.eq(organisation)).filter(Expr::cust(DISCARDED));
    if let Some((at, id)) = before {
        let key = Expr::tuple([Expr::col(Column::UpdatedAt), Expr::col(Column::Id)]);
        query = query.filter(key.lt(Expr::tuple([Expr::value(at), Expr::value(id)])));
    }
    query.order_by_desc(Column::UpdatedAt).order_by_desc(Column::Id).limit(limit)
}

/// How many wait for an operator, or for their address, counted up to `cap`: whoever floods the portal must not slow down
/// every page of the desk.
pub async fn waiting_count(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    state: State,
    cap: u64,
) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::State.eq(state))
        .filter(Expr::cust(WAITING))
        .limit(cap)
        .count(db)
        .await
}

/// Drafts, or submissions without a confirmed address, that nobody has touched since `before`, at most `limit`.
pub async fn idle(
    db: &impl ConnectionTrait,
    state: State,
    before: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::State.eq(state))
        .filter(Expr::cust(IDLE))
        .filter(Column::UpdatedAt.lt(before))
        .order_by_asc(Column::UpdatedAt)
        .limit(limit)
        .all(db)
        .await
}

/// Forgets a draft.
pub async fn delete(tx: &DatabaseTransaction, id: Uuid) -> Result<(), DbErr> {
    Entity::delete_many()
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(State::Draft))
        .exec(tx)
        .await
        .map(drop)
}
