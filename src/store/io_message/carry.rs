//! The part of the archive that waits to be carried. Taking a notification in hand, letting it go and noting a step of its fate
//! are guarded UPDATEs: whoever comes second finds the guard false, on both databases alike.
//!
//! Not `store::lease`: there a claim makes a letter "sending", and a dead process's letters are sent again; here a claim
//! says nothing about the sending, and what was being sent is never sent again.

use chrono::{DateTime, Duration, Utc};
use entity::{
    io_message::{ActiveModel, Column, Entity, Model, Purpose, State},
    io_service,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{CaseStatement, Expr},
};
use uuid::Uuid;

/// The condition of the index on what waits, as words: a bound value would hide it from the planners.
const WAITING: &str = "next_at IS NOT NULL";

/// The moment at which somebody looks for work.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// What is not to be done before it waits.
    pub now: DateTime<Utc>,
    /// News that was written before has waited long enough: it is taken in hand although its service rests or is silent, so that it
    /// can go another way.
    pub stale: DateTime<Utc>,
}

/// What a process leaves alone for now, although it is due.
#[derive(Clone, Debug, Default)]
pub struct Except {
    /// Notifications that it has in hand, whatever its clock says about their leases.
    pub notifications: Vec<Uuid>,
    /// Organisations whose hands are full, or whom IO has asked to wait.
    pub organisations: Vec<Uuid>,
}

/// What somebody is to do something about. A service that IO refuses as a whole rests, and so do its looks, for which its keys are
/// needed, too; one that is to send nothing still hears what became of what it has sent.
fn waiting(at: Moment, except: &Except) -> Select<Entity> {
    let services = |which: Expr| {
        io_service::Entity::find().select_only().column(io_service::Column::Id).filter(which).into_query()
    };
    let rests = services(io_service::Column::StoppedUntil.gt(at.now));
    // What waits for a service that is no more is taken in hand, and ended.
    let is_there = io_service::Column::Lifecycle.ne(io_service::Lifecycle::Deleted);
    let silent = services(io_service::Column::Sends.eq(false).and(is_there));
    let may_send = Column::State.ne(State::Queued).or(Column::IoServiceId.not_in_subquery(silent));
    let may_be_tried = Condition::all().add(Column::IoServiceId.not_in_subquery(rests)).add(may_send);
    let stale = Condition::all()
        .add(Column::State.eq(State::Queued))
        .add(Column::Purpose.eq(Purpose::Update))
        .add(Column::CreatedAt.lt(at.stale));
    Entity::find()
        .filter(Expr::cust(WAITING))
        .filter(Condition::any().add(Column::State.eq(State::Sending)).add(may_be_tried).add(stale))
        .filter(Column::Id.is_not_in(except.notifications.iter().copied()))
        .filter(Column::OrganisationId.is_not_in(except.organisations.iter().copied()))
}

/// Takes up to `limit` notifications about which something is to be done, the longest due first. Only those that are to be sent
/// count an attempt.
pub async fn claim(
    tx: &DatabaseTransaction,
    owner: Uuid,
    (at, until): (Moment, DateTime<Utc>),
    except: &Except,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let due = waiting(at, except)
        .select_only()
        .column(Column::Id)
        .filter(Column::NextAt.lte(at.now))
        .filter(free(at.now))
        .order_by_asc(Column::NextAt)
        .limit(limit)
        .into_query();
    let tries = CaseStatement::new().case(Column::State.eq(State::Queued), 1).finally(0);
    Entity::update_many()
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(tries))
        .col_expr(Column::LeaseOwner, Expr::value(owner))
        .col_expr(Column::LeaseUntil, Expr::value(until))
        .filter(Column::Id.in_subquery(due))
        .filter(free(at.now))
        .exec_with_returning(tx)
        .await
}

/// Nobody has it in hand (any more).
fn free(now: DateTime<Utc>) -> Expr {
    Column::LeaseUntil.is_null().or(Column::LeaseUntil.lt(now))
}

/// When something is next to be done that is in nobody's hand; `None` when never.
pub async fn next_due(
    db: &impl ConnectionTrait,
    at: Moment,
    except: &Except,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    next_due_query(at, except).into_tuple().one(db).await
}

/// The query of [`next_due`], apart so that a test can ask the database for its plan.
#[must_use]
pub fn next_due_query(at: Moment, except: &Except) -> Select<Entity> {
    waiting(at, except).select_only().column(Column::NextAt).filter(free(at.now)).order_by_asc(Column::NextAt)
}

/// Changes a notification that `owner` has in hand, as it was claimed; `false` when it has not any more. The lease's end tells two
/// claims of one process apart.
pub async fn step(
    tx: &DatabaseTransaction,
    claimed: &Model,
    owner: Uuid,
    change: ActiveModel,
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(claimed.id))
        .filter(Column::State.eq(claimed.state))
        .filter(Column::LeaseOwner.eq(owner))
        .filter(Column::LeaseUntil.eq(claimed.lease_until))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Ends the leases of an owner: whatever it had in hand can be claimed.
pub async fn end_leases(tx: &DatabaseTransaction, owner: Uuid, now: DateTime<Utc>) -> Result<(), DbErr> {
    leases_end(tx, || Column::LeaseOwner.eq(owner), now).await
}

/// Ends the leases that last longer than any, and makes due what was tried and is put off for longer than anything is: both were
/// written by a clock that was ahead. Whoever looks leaves `in_hand` as it is: it knows what became of it better than any clock.
pub async fn set_right(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    (lease, pause): (Duration, Duration),
    in_hand: &[Uuid],
) -> Result<(), DbErr> {
    let others = || Column::LeaseUntil.gt(now + lease).and(Column::Id.is_not_in(in_hand.iter().copied()));
    leases_end(tx, others, now).await?;
    Entity::update_many()
        .set(ActiveModel { next_at: Set(Some(now)), ..Default::default() })
        .filter(Expr::cust(WAITING))
        .filter(Column::NextAt.gt(now + pause))
        // What was never tried may well be for another day, and what is delivered for another night.
        .filter(Column::State.ne(State::Processed))
        .filter(Column::Attempts.gt(0).or(Column::LastError.is_not_null()))
        .exec(tx)
        .await
        .map(drop)
}

/// Gives another moment to the updates of an organisation that its quiet hours hold: those that wait beyond `undo`, in which people
/// take back, and that nothing else holds.
pub async fn retime(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    (undo, at): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(), DbErr> {
    Entity::update_many()
        .set(ActiveModel { next_at: Set(Some(at)), ..Default::default() })
        .filter(Expr::cust(WAITING))
        .filter(Column::NextAt.gt(undo))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Purpose.eq(Purpose::Update))
        .filter(Column::State.eq(State::Queued))
        .filter(Column::Attempts.eq(0))
        .filter(Column::LastError.is_null())
        .exec(tx)
        .await
        .map(drop)
}

/// What was not being sent is in nobody's hand then, and people may take it back; what was, is for [`claim`] to find.
async fn leases_end(
    tx: &DatabaseTransaction,
    which: impl Fn() -> Expr,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let ended = |change| Entity::update_many().set(change).filter(Expr::cust(WAITING)).filter(which());
    let nobody = ActiveModel { lease_owner: Set(None), lease_until: Set(None), ..Default::default() };
    ended(nobody).filter(Column::State.ne(State::Sending)).exec(tx).await?;
    let over = ActiveModel { lease_until: Set(Some(now - Duration::seconds(1))), ..Default::default() };
    ended(over).exec(tx).await.map(drop)
}

/// Lets services be tried that rest for longer than any does.
pub async fn rouse(tx: &DatabaseTransaction, now: DateTime<Utc>, rest: Duration) -> Result<(), DbErr> {
    io_service::Entity::update_many()
        .set(io_service::ActiveModel { stopped_until: Set(Some(now)), ..Default::default() })
        .filter(io_service::Column::StoppedUntil.gt(now + rest))
        .exec(tx)
        .await
        .map(drop)
}
