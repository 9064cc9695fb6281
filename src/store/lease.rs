//! What a process takes in hand for a while: letters of the outbox, and errands. Taking it, letting it go and noting its end
//! are guarded UPDATEs: whoever comes second finds the guard false, on both databases alike. The columns have the same names
//! in both tables.

use chrono::{DateTime, Duration, Utc};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select, UpdateMany, sea_query::Expr,
};
use uuid::Uuid;

/// The condition of the index on what waits, as words: a bound value would hide it from the planners.
const WAITING: &str = "state IN ('pending', 'sending')";

/// Who takes something in hand, now, and until when it is nobody else's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hand {
    pub(super) owner: Uuid,
    pub(super) now: DateTime<Utc>,
    pub(super) until: DateTime<Utc>,
}

/// It has not come to its end.
pub(super) fn is_waiting() -> Expr {
    Expr::cust(WAITING)
}

/// What has not come to its end.
pub(super) fn waiting<E: EntityTrait>() -> Select<E> {
    E::find().filter(is_waiting())
}

/// Nobody has it in hand, or somebody had whose time is over.
fn claimable(now: DateTime<Utc>) -> Expr {
    let left = Expr::col("state").eq("sending").and(Expr::col("lease_until").lt(now));
    Expr::col("state").eq("pending").or(left)
}

/// Takes up to `limit` of `waiting` whose time has come, the longest due first.
pub(super) fn claim<E: EntityTrait>(waiting: Select<E>, hand: Hand, limit: u64) -> UpdateMany<E> {
    let due = waiting
        .select_only()
        .expr(Expr::col("id"))
        .filter(Expr::col("next_attempt_at").lte(hand.now))
        .filter(claimable(hand.now))
        .order_by_asc(Expr::col("next_attempt_at"))
        .limit(limit)
        .into_query();
    E::update_many()
        .col_expr("attempts", Expr::col("attempts").add(1))
        .col_expr("state", Expr::value("sending"))
        .col_expr("lease_owner", Expr::value(hand.owner))
        .col_expr("lease_until", Expr::value(hand.until))
        .filter(Expr::col("id").in_subquery(due))
        .filter(claimable(hand.now))
}

/// Ends the leases of an owner: whatever it had in hand can be claimed.
pub(super) async fn end<E: EntityTrait>(
    tx: &DatabaseTransaction,
    owner: Uuid,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    E::update_many()
        .col_expr("lease_until", Expr::value(now - Duration::seconds(1)))
        .filter(is_waiting())
        .filter(Expr::col("state").eq("sending"))
        .filter(Expr::col("lease_owner").eq(owner))
        .exec(tx)
        .await
        .map(drop)
}

/// When the next of `waiting` is due; `None` when none waits.
pub(super) async fn next_due<E: EntityTrait>(
    waiting: Select<E>,
    db: &impl ConnectionTrait,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    waiting
        .select_only()
        .expr(Expr::col("next_attempt_at"))
        .order_by_asc(Expr::col("next_attempt_at"))
        .into_tuple()
        .one(db)
        .await
}

/// Notes the end of an attempt; `false` when the lease had gone to somebody else meanwhile.
pub(super) async fn settle<A: ActiveModelTrait>(
    tx: &DatabaseTransaction,
    id: Uuid,
    owner: Uuid,
    change: A,
) -> Result<bool, DbErr> {
    let settled = A::Entity::update_many()
        .set(change)
        .col_expr("lease_owner", Expr::value(None::<Uuid>))
        .col_expr("lease_until", Expr::value(None::<DateTime<Utc>>))
        .filter(Expr::col("id").eq(id))
        .filter(Expr::col("state").eq("sending"))
        .filter(Expr::col("lease_owner").eq(owner))
        .exec(tx)
        .await?;
    Ok(settled.rows_affected == 1)
}
