//! The second outbox: messages to apps, letters that belong to no thread, and circulars, out of which letters are made.

use chrono::{DateTime, Utc};
use entity::{
    errand::{ActiveModel, Column, Entity, Model, State, Work},
    webhook,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, QuerySelect, QueryTrait,
    sea_query::{OnConflict, SelectStatement},
};
use uuid::Uuid;

use super::lease::{self, Hand};

/// Errands of one statement: many events for many apps would be more values than a database takes.
const TOGETHER: usize = 1_000;

/// What is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    /// Letters that somebody asked for and waits for: links and codes.
    Letters,
    /// Letters that tell many people of something, and the circulars that they are made of.
    Circulars,
    /// Messages to apps.
    Messages,
}

/// Writes errands, but none whose `once` the organisation has seen already; gives how many were written.
pub async fn insert(tx: &DatabaseTransaction, rows: Vec<Model>) -> Result<u64, DbErr> {
    // No columns: the index on `once` is a partial one, which would have to be repeated here word by word.
    let once = OnConflict::new().do_nothing().to_owned();
    let mut written = 0;
    for rows in rows.chunks(TOGETHER) {
        written += Entity::insert_many(rows.iter().cloned().map(ActiveModel::from))
            .on_conflict(once.clone())
            .exec_without_returning(tx)
            .await?;
    }
    Ok(written)
}

/// Endpoints that rest: what waits for them is not due.
fn resting() -> SelectStatement {
    webhook::Entity::find()
        .select_only()
        .column(webhook::Column::Id)
        .filter(webhook::Column::Active.eq(false))
        .into_query()
}

/// What tells many people of something.
const TOLD: [Work; 3] = [Work::Update, Work::Restored, Work::Circular];

fn of(load: Load) -> Condition {
    match load {
        Load::Letters => Condition::all().add(Column::WebhookId.is_null()).add(Column::Work.is_not_in(TOLD)),
        Load::Circulars => Condition::all().add(Column::Work.is_in(TOLD)),
        Load::Messages => Condition::all()
            .add(Column::WebhookId.is_not_null())
            .add(Column::WebhookId.not_in_subquery(resting())),
    }
}

/// Takes up to `limit` errands of a sort whose time has come.
pub async fn claim(
    tx: &DatabaseTransaction,
    load: Load,
    owner: Uuid,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let of_sort = lease::waiting::<Entity>().filter(of(load));
    lease::claim(of_sort, Hand { owner, now, until }, limit).exec_with_returning(tx).await
}

/// Ends the leases of an owner: whatever it had in hand can be claimed.
pub async fn end_leases(tx: &DatabaseTransaction, owner: Uuid, now: DateTime<Utc>) -> Result<(), DbErr> {
    lease::end::<Entity>(tx, owner, now).await
}

/// When the next errand is due; `None` when none waits.
pub async fn next_due(db: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>, DbErr> {
    let any = Condition::any().add(of(Load::Letters)).add(of(Load::Circulars)).add(of(Load::Messages));
    lease::next_due(lease::waiting::<Entity>().filter(any), db).await
}

/// Notes the end of an attempt; `false` when the lease had gone to somebody else meanwhile.
pub async fn settle(
    tx: &DatabaseTransaction,
    id: Uuid,
    owner: Uuid,
    change: ActiveModel,
) -> Result<bool, DbErr> {
    lease::settle(tx, id, owner, change).await
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
        .filter(lease::is_waiting())
        .filter(Column::State.eq(State::Pending))
        .filter(Column::NextAttemptAt.lt(until))
        .exec(tx)
        .await
        .map(drop)
}

/// How many letters of these sorts were queued for each of these addresses since an instant; an address without any is left
/// out.
pub async fn count_since(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    recipients: &[&str],
    works: &[Work],
    since: DateTime<Utc>,
) -> Result<Vec<(String, i64)>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::Recipient)
        .column_as(Column::Id.count(), "letters")
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Recipient.is_in(recipients.iter().copied()))
        .filter(Column::CreatedAt.gt(since))
        .filter(Column::Work.is_in(works.iter().copied()))
        .group_by(Column::Recipient)
        .into_tuple()
        .all(db)
        .await
}

/// Errands that have not been carried out yet.
pub async fn waiting_count(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    lease::waiting::<Entity>().count(db).await
}

/// Forgets messages to apps, and circulars, that were written before an instant and have come to their end; gives how many.
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
