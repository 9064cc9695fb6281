//! The archive of notifications on IO.

pub mod carry;

use chrono::{DateTime, Utc};
use entity::{
    communication, io_call,
    io_message::{ActiveModel, Column, Entity, Model, State},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, Func, LikeExpr, OnConflict},
};
use uuid::{NoContext, Timestamp, Uuid};

use super::{Page, Seek};

/// Most calls of a notification that are shown: a week of hourly looks fits.
pub const CALLS: u64 = 400;

/// Which notifications a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// In the name of this service.
    pub service: Option<Uuid>,
    /// In this state.
    pub state: Option<State>,
    /// To this codice fiscale.
    pub recipient: Option<String>,
    /// To codes that begin like this. No index has them in the order of time: to be asked with a floor.
    pub code_begins: Option<String>,
    /// With all these words, or parts of words, in the title. To be asked with a floor.
    pub words: Vec<String>,
    /// Nothing older than this one: see [`floor`].
    pub floor: Option<Uuid>,
    /// About this work order.
    pub work_order: Option<Uuid>,
    /// Written not before.
    pub from: Option<DateTime<Utc>>,
    /// Written before.
    pub until: Option<DateTime<Utc>>,
}

/// The id of a notification that is written at `at`: ids are in the order of time, and so is the archive, which has no other index
/// for it. To the millisecond.
#[must_use]
pub fn id_at(at: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(at.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, at.timestamp_subsec_nanos()))
}

/// Ids of what was written at `at` or later are not smaller, all others are.
fn bound(at: DateTime<Utc>) -> Uuid {
    let millis = u128::try_from(at.timestamp_millis()).unwrap_or_default();
    Uuid::from_u128(millis << 80)
}

/// Writes notifications; gives how many were not there yet (by id, or by `once`).
pub async fn insert(tx: &DatabaseTransaction, rows: Vec<Model>) -> Result<u64, DbErr> {
    // No columns: the index on `once` is a partial one, which would have to be repeated here word by word.
    Entity::insert_many(rows.into_iter().map(ActiveModel::from))
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await
}

/// How many notifications are searched for words and for the beginning of a code: what a database reads in a moment.
pub const SEARCHED: usize = 20_000;

/// The oldest of the [`SEARCHED`] newest notifications of a filter, apart from what has no index; `None` when there are no more, and all
/// of them are searched.
pub async fn floor(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    filter: &Filter,
) -> Result<Option<Uuid>, DbErr> {
    let newest: Vec<Uuid> = newest_query(organisation, filter).into_tuple().all(db).await?;
    let (searched, beyond) = newest.split_at(newest.len().min(SEARCHED));
    Ok(if beyond.is_empty() { None } else { searched.last().copied() })
}

/// The query of [`floor`], apart so that a test can ask the database for its plan: one more than are searched.
#[must_use]
pub fn newest_query(organisation: Uuid, filter: &Filter) -> Select<Entity> {
    let indexed = Filter { code_begins: None, words: Vec::new(), floor: None, ..filter.clone() };
    page_query(organisation, &indexed, &Seek::Start, SEARCHED).select_only().column(Column::Id)
}

/// `LIKE` for words somewhere in a title, whatever their case. The two databases know capitals differently beyond ASCII: there any
/// letter fits.
fn somewhere(words: &str) -> LikeExpr {
    let mut pattern = "%".to_owned();
    for c in words.chars() {
        match c {
            '%' | '_' | '\\' => pattern.extend(['\\', c]),
            c if c.is_ascii() => pattern.push(c.to_ascii_lowercase()),
            _ => pattern.push('_'),
        }
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('\\')
}

/// One page of the archive, newest first.
pub async fn page(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    filter: &Filter,
    from: &Seek<Uuid>,
    limit: usize,
) -> Result<Page<Model>, DbErr> {
    Ok(Page::new(page_query(organisation, filter, from, limit).all(db).await?, limit, from))
}

/// The query of [`page`], apart so that a test can ask the database for its plan.
#[must_use]
pub fn page_query(organisation: Uuid, filter: &Filter, from: &Seek<Uuid>, limit: usize) -> Select<Entity> {
    let titled = |rows: Select<Entity>, words: &String| {
        rows.filter(Expr::expr(Func::lower(Expr::col(Column::Subject))).like(somewhere(words)))
    };
    let rows = Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .apply_if(filter.service, |rows, service| rows.filter(Column::IoServiceId.eq(service)))
        .apply_if(filter.state, |rows, state| rows.filter(Column::State.eq(state)))
        .apply_if(filter.recipient.as_deref(), |rows, code| rows.filter(Column::FiscalCode.eq(code)))
        .apply_if(filter.code_begins.as_deref(), |rows, code| {
            let length = i32::try_from(code.chars().count()).unwrap_or(i32::MAX);
            let beginning = Func::cust("substr").arg(Expr::col(Column::FiscalCode)).arg(1);
            rows.filter(Expr::expr(beginning.arg(length)).eq(code))
        })
        .apply_if(filter.floor, |rows, floor| rows.filter(Column::Id.gte(floor)))
        .apply_if(filter.work_order, |rows, order| rows.filter(Column::WorkOrderId.eq(order)))
        .apply_if(filter.from, |rows, from| rows.filter(Column::Id.gte(bound(from))))
        .apply_if(filter.until, |rows, until| rows.filter(Column::Id.lt(bound(until))))
        .limit(limit as u64 + 1);
    let rows = filter.words.iter().fold(rows, titled);
    match *from {
        Seek::Start => rows.order_by_desc(Column::Id),
        Seek::After(id) => rows.filter(Column::Id.lt(id)).order_by_desc(Column::Id),
        Seek::Before(id) => rows.filter(Column::Id.gt(id)).order_by_asc(Column::Id),
    }
}

/// One notification.
pub async fn by_id(db: &impl ConnectionTrait, organisation: Uuid, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// The notification of this name, of which an organisation has only one.
pub async fn by_once(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    once: &str,
) -> Result<Option<Model>, DbErr> {
    let named = Entity::find().filter(Column::OrganisationId.eq(organisation)).filter(Column::Once.eq(once));
    named.one(db).await
}

/// Most notifications that follow one and are read.
const FOLLOWING: u64 = 50;

/// Those that repeat, correct or remind of one, oldest first.
pub async fn following(db: &impl ConnectionTrait, organisation: Uuid, id: Uuid) -> Result<Vec<Model>, DbErr> {
    let mut found = following_query(organisation, id).all(db).await?;
    found.sort_by_key(|row| row.id);
    Ok(found)
}

/// The query of [`following`], apart so that a test can ask the database for its plan. Without an order: for the sake of one SQLite
/// would walk the whole archive.
#[must_use]
pub fn following_query(organisation: Uuid, id: Uuid) -> Select<Entity> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::FollowsId.eq(id))
        .limit(FOLLOWING)
}

/// Notifications that carry the words of some communications.
pub async fn of_communications(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    communications: &[Uuid],
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::CommunicationId.is_in(communications.iter().copied()))
        .order_by_asc(Column::Id)
        .all(db)
        .await
}

/// Changes a notification in one of `states` that nobody has in hand; `false` when it is not so (any more).
pub async fn change(
    tx: &DatabaseTransaction,
    (organisation, id): (Uuid, Uuid),
    states: &[State],
    change: ActiveModel,
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::State.is_in(states.iter().copied()))
        .filter(Column::LeaseOwner.is_null())
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Deletes a notification in one of `states` that nobody has in hand, with the record of what was ordered about it; `false` when
/// it is not so (any more).
pub async fn delete(
    tx: &DatabaseTransaction,
    (organisation, id): (Uuid, Uuid),
    states: &[State],
) -> Result<bool, DbErr> {
    // First the guard, which also locks the row: the record points at it.
    if !change(tx, (organisation, id), states, ActiveModel { next_at: Set(None), ..Default::default() })
        .await?
    {
        return Ok(false);
    }
    io_call::Entity::delete_many()
        .filter(io_call::Column::OrganisationId.eq(organisation))
        .filter(io_call::Column::IoMessageId.eq(id))
        .exec(tx)
        .await?;
    Entity::delete_by_id(id).filter(Column::OrganisationId.eq(organisation)).exec(tx).await?;
    Ok(true)
}

/// Writes other words into the thread's copy of a notification that has not left.
pub async fn rewrite_copy(
    tx: &DatabaseTransaction,
    (organisation, communication): (Uuid, Uuid),
    (subject, text): (&str, &str),
) -> Result<(), DbErr> {
    communication::Entity::update_many()
        .col_expr(communication::Column::Subject, Expr::value(subject))
        .col_expr(communication::Column::Text, Expr::value(text))
        .filter(communication::Column::Id.eq(communication))
        .filter(communication::Column::OrganisationId.eq(organisation))
        .exec(tx)
        .await
        .map(drop)
}

/// Takes the copy of a notification that never left out of the thread.
pub async fn delete_copy(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    communication: Uuid,
) -> Result<(), DbErr> {
    communication::Entity::delete_by_id(communication)
        .filter(communication::Column::OrganisationId.eq(organisation))
        .exec(tx)
        .await
        .map(drop)
}

/// Adds to the record of calls.
pub async fn insert_call(tx: &DatabaseTransaction, row: io_call::Model) -> Result<(), DbErr> {
    io_call::Entity::insert(io_call::ActiveModel::from(row)).exec_without_returning(tx).await.map(drop)
}

/// The calls that were made for a notification, oldest first; of very many the newest.
pub async fn calls(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    message: Uuid,
) -> Result<Vec<io_call::Model>, DbErr> {
    let mut calls = io_call::Entity::find()
        .filter(io_call::Column::OrganisationId.eq(organisation))
        .filter(io_call::Column::IoMessageId.eq(message))
        .order_by_desc(io_call::Column::Id)
        .limit(CALLS)
        .all(db)
        .await?;
    calls.reverse();
    Ok(calls)
}
