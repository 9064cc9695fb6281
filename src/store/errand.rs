//! The second outbox: messages to apps, and letters that belong to no thread.

use chrono::{DateTime, Utc};
use entity::{
    errand::{ActiveModel, Column, Entity, Model, State, Work},
    webhook,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, OnConflict, SelectStatement},
};
use uuid::Uuid;

/// The condition of the index on waiting errands, as words: a bound value would hide it from the planners.
const WAITING: &str = "state IN ('pending', 'sending')";

/// What is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    /// Letters to citizens.
    Letters,
    /// Messages to apps.
    Messages,
}

/// Writes errands, but none whose `once` the organisation has seen already; gives how many were written.
pub async fn insert(tx: &DatabaseTransaction, rows: Vec<Model>) -> Result<u64, DbErr> {
    // No columns: the index on `once` is a partial one, which would have to be repeated here word by word.
    let once = OnConflict::new().do_nothing().to_owned();
    Entity::insert_many(rows.into_iter().map(ActiveModel::from))
        .on_conflict(once)
        .exec_without_returning(tx)
        .await
}

/// Endpoints that rest: what waits for them is not due.
fn resting() -> SelectStatement {
    webhook::Entity::find()
        .select_only()
        .column(webhook::Column::Id)
        .filter(webhook::Column::Active.eq(false))
        .into_query()
}

fn of(load: Load) -> Condition {
    match load {
        Load::Letters => Condition::all().add(Column::WebhookId.is_null()),
        Load::Messages => Condition::all()
            .add(Column::WebhookId.is_not_null())
            .add(Column::WebhookId.not_in_subquery(resting())),
    }
}

/// Takes up to `limit` errands of a sort whose time has come. One guarded UPDATE: whoever comes second finds the guard
/// false, on both databases alike.
pub async fn claim(
    tx: &DatabaseTransaction,
    load: Load,
    owner: Uuid,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let claimable = || {
        Condition::any()
            .add(Column::State.eq(State::Pending))
            .add(Condition::all().add(Column::State.eq(State::Sending)).add(Column::LeaseUntil.lt(now)))
    };
    let due = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Expr::cust(WAITING))
        .filter(Column::NextAttemptAt.lte(now))
        .filter(claimable())
        .filter(of(load))
        .order_by_asc(Column::NextAttemptAt)
        .limit(limit)
        .into_query();
    Entity::update_many()
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .col_expr(Column::State, Expr::value(State::Sending))
        .col_expr(Column::LeaseOwner, Expr::value(owner))
        .col_expr(Column::LeaseUntil, Expr::value(until))
        .filter(Column::Id.in_subquery(due))
        .filter(claimable())
        .exec_with_returning(tx)
        .await
}

/// Ends the leases of an owner: whatever it had in hand can be claimed.
pub async fn end_leases(tx: &DatabaseTransaction, owner: Uuid, now: DateTime<Utc>) -> Result<(), DbErr> {
    Entity::update_many()
        .set(ActiveModel { lease_until: Set(Some(now - chrono::Duration::seconds(1))), ..Default::default() })
        .filter(Expr::cust(WAITING))
        .filter(Column::State.eq(State::Sending))
        .filter(Column::LeaseOwner.eq(owner))
        .exec(tx)
        .await
        .map(drop)
}

/// When the next errand is due; `None` when none waits.
pub async fn next_due(db: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::NextAttemptAt)
        .filter(Expr::cust(WAITING))
        .filter(Condition::any().add(of(Load::Letters)).add(of(Load::Messages)))
        .order_by_asc(Column::NextAttemptAt)
        .into_tuple()
        .one(db)
        .await
}

/// Notes the end of an attempt; `false` when the lease had gone to somebody else meanwhile.
pub async fn settle(
    tx: &DatabaseTransaction,
    id: Uuid,
    owner: Uuid,
    change: ActiveModel,
) -> Result<bool, DbErr> {
    let settled = Entity::update_many()
        .set(ActiveModel { lease_owner: Set(None), lease_until: Set(None), ..change })
        .filter(Column::Id.eq(id))
        .filter(Column::State.eq(State::Sending))
        .filter(Column::LeaseOwner.eq(owner))
        .exec(tx)
        .await?;
    Ok(settled.rows_affected == 1)
}

/// Lets everything that waits for an endpoint wait until `until` at least.
pub async fn postpone(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    webhook: Uuid,
    until: DateTime<Utc>,
) -> Result<(), DbErr> {
    Entity::update_many()
        .set(ActiveModel { next_attempt_at: Set(until), ..Default::default() })
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::WebhookId.eq(webhook))
        .filter(Expr::cust(WAITING))
        .filter(Column::State.eq(State::Pending))
        .filter(Column::NextAttemptAt.lt(until))
        .exec(tx)
        .await
        .map(drop)
}

/// How many letters of these sorts were queued for an address since an instant.
pub async fn count_since(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    recipient: &str,
    works: &[Work],
    since: DateTime<Utc>,
) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Recipient.eq(recipient))
        .filter(Column::CreatedAt.gt(since))
        .filter(Column::Work.is_in(works.iter().copied()))
        .count(db)
        .await
}

/// Errands that have not been carried out yet.
pub async fn waiting_count(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    Entity::find().filter(Expr::cust(WAITING)).count(db).await
}

/// Forgets messages to apps that were written before an instant and have come to their end; gives how many.
pub async fn forget_messages(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    before: DateTime<Utc>,
) -> Result<u64, DbErr> {
    let forgotten = Entity::delete_many()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Recipient.eq(""))
        .filter(Column::CreatedAt.lt(before))
        .filter(Column::State.is_in([State::Done, State::Refused]))
        .exec(tx)
        .await?;
    Ok(forgotten.rows_affected)
}
