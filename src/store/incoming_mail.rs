//! The ledger of incoming mail, and blobs.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{blob, communication, incoming_mail};
use incoming_mail::{Column, Entity, Model, Outcome, State};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

// Conditions of partial indexes stand as words, not as bound values: else no planner can see that they hold.
const PENDING: &str = "state = 'pending'";
const UNFILED: &str = "state = 'handled' AND NOT filed";
const QUARANTINED: &str = "state = 'quarantined'";

/// Writes bytes under their hashes; the same bytes once.
pub async fn insert_blobs(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    blobs: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>,
) -> Result<(), DbErr> {
    let rows = blobs.into_iter().map(|(hash, bytes)| blob::ActiveModel {
        organisation_id: Set(organisation),
        hash: Set(hash),
        bytes: Set(bytes),
    });
    let once =
        OnConflict::columns([blob::Column::OrganisationId, blob::Column::Hash]).do_nothing().to_owned();
    blob::Entity::insert_many(rows).on_conflict(once).exec_without_returning(tx).await.map(drop)
}

/// Bytes by their hash.
pub async fn blob(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    hash: &[u8],
) -> Result<Option<Vec<u8>>, DbErr> {
    Ok(blob::Entity::find_by_id((organisation, hash.to_vec())).one(db).await?.map(|row| row.bytes))
}

/// Raw bytes of ledger rows, by hash.
pub async fn raw_of(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    rows: &[Model],
) -> Result<HashMap<Vec<u8>, Vec<u8>>, DbErr> {
    let found = blob::Entity::find()
        .filter(blob::Column::OrganisationId.eq(organisation))
        .filter(blob::Column::Hash.is_in(rows.iter().map(|row| row.raw_hash.clone())))
        .all(db)
        .await?;
    Ok(found.into_iter().map(|blob| (blob.hash, blob.bytes)).collect())
}

/// Writes ledger rows, but for those whose name the mailbox has already; gives how many were new.
pub async fn insert(tx: &DatabaseTransaction, rows: Vec<Model>) -> Result<u64, DbErr> {
    let once = OnConflict::columns([Column::OrganisationId, Column::MailboxId, Column::SourceKey])
        .do_nothing()
        .to_owned();
    let rows = rows.into_iter().map(incoming_mail::ActiveModel::from);
    Entity::insert_many(rows).on_conflict(once).exec_without_returning(tx).await
}

/// Mails of a mailbox that wait to be handled, oldest first, after a row that is already in hand.
pub async fn pending(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    mailbox: Uuid,
    after: Option<Uuid>,
    now: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::Id.gt(after.unwrap_or_default()))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::MailboxId.eq(mailbox))
        .filter(Expr::cust(PENDING))
        .filter(Column::NextAttemptAt.lte(now))
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// Handled mails whose server has not been told yet.
pub async fn unfiled(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    mailbox: Uuid,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::MailboxId.eq(mailbox))
        .filter(Expr::cust(UNFILED))
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// Which of `keys` the mailbox's ledger knows.
pub async fn known_keys(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    mailbox: Uuid,
    keys: &[String],
) -> Result<Vec<String>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::SourceKey)
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::MailboxId.eq(mailbox))
        .filter(Column::SourceKey.is_in(keys))
        .into_tuple()
        .all(db)
        .await
}

/// Mails that wait for a person.
pub async fn quarantined_count(db: &impl ConnectionTrait, organisation: Uuid) -> Result<u64, DbErr> {
    use sea_orm::PaginatorTrait;
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Expr::cust(QUARANTINED))
        .count(db)
        .await
}

/// The ledger row of a communication.
pub async fn of_communication(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    communication: Uuid,
) -> Result<Option<Model>, DbErr> {
    let communication = super::communication::by_id(db, organisation, communication).await?;
    match communication.and_then(|communication| communication.incoming_mail_id) {
        Some(id) => by_id(db, organisation, id).await,
        None => Ok(None),
    }
}

/// Which of these bytes have become a communication, and which.
pub async fn twins(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    hashes: Vec<Vec<u8>>,
) -> Result<HashMap<Vec<u8>, Uuid>, DbErr> {
    if hashes.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, Vec<u8>)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::RawHash])
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::RawHash.is_in(hashes))
        .into_tuple()
        .all(db)
        .await?;
    let became: Vec<(Option<Uuid>, Uuid)> = communication::Entity::find()
        .select_only()
        .columns([communication::Column::IncomingMailId, communication::Column::Id])
        .filter(communication::Column::IncomingMailId.is_in(rows.iter().map(|(id, _)| *id)))
        .into_tuple()
        .all(db)
        .await?;
    let became: HashMap<Uuid, Uuid> = became.into_iter().filter_map(|(mail, id)| Some((mail?, id))).collect();
    Ok(rows.into_iter().filter_map(|(id, hash)| Some((hash, *became.get(&id)?))).collect())
}

/// Gives pending mails their one outcome; gives how many still were pending.
pub async fn settle(
    tx: &DatabaseTransaction,
    ids: &[Uuid],
    outcome: Outcome,
    filed: bool,
) -> Result<u64, DbErr> {
    let done = Entity::update_many()
        .set(incoming_mail::ActiveModel {
            state: Set(State::Handled),
            outcome: Set(Some(outcome)),
            filed: Set(filed),
            last_error: Set(None),
            ..Default::default()
        })
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::State.eq(State::Pending))
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}

/// Counts a failed attempt.
pub async fn fail(
    tx: &DatabaseTransaction,
    row: &Model,
    reason: String,
    next_attempt_at: DateTime<Utc>,
    state: State,
) -> Result<(), DbErr> {
    Entity::update_many()
        .set(incoming_mail::ActiveModel {
            state: Set(state),
            attempts: Set(row.attempts + 1),
            next_attempt_at: Set(next_attempt_at),
            last_error: Set(Some(reason)),
            ..Default::default()
        })
        .filter(Column::Id.eq(row.id))
        .filter(Column::State.eq(State::Pending))
        .exec(tx)
        .await
        .map(drop)
}

/// Notes that the server was told.
pub async fn set_filed(tx: &DatabaseTransaction, ids: &[Uuid]) -> Result<(), DbErr> {
    Entity::update_many()
        .set(incoming_mail::ActiveModel { filed: Set(true), ..Default::default() })
        .filter(Column::Id.is_in(ids.iter().copied()))
        .exec(tx)
        .await
        .map(drop)
}

/// One mail of an organisation.
pub async fn by_id(db: &impl ConnectionTrait, organisation: Uuid, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// Mails that wait for a person, oldest first.
pub async fn quarantined(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Expr::cust(QUARANTINED))
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// Takes a mail out of quarantine; `false` when it is not there.
pub async fn retry(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let again = Entity::update_many()
        .set(incoming_mail::ActiveModel {
            state: Set(State::Pending),
            attempts: Set(0),
            next_attempt_at: Set(now),
            ..Default::default()
        })
        .filter(Column::Id.eq(id))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::State.eq(State::Quarantined))
        .exec(tx)
        .await?;
    Ok(again.rows_affected == 1)
}
