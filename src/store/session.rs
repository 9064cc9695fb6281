//! Sessions, and failures to sign in.

use chrono::{DateTime, Utc};
use entity::{login_throttle, operator, session};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    sea_query::OnConflict,
};
use uuid::Uuid;

/// The session of a token and its operator, if it is still good and the operator still works here.
pub async fn live(
    db: &impl ConnectionTrait,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<(session::Model, operator::Model)>, DbErr> {
    let found = session::Entity::find_by_id(token_hash.to_owned())
        .filter(session::Column::ExpiresAt.gt(now))
        .one(db)
        .await?;
    let Some(found) = found else { return Ok(None) };
    let operator = operator::Entity::find_by_id(found.operator_id)
        .filter(operator::Column::Active.eq(true))
        .one(db)
        .await?;
    Ok(operator.map(|operator| (found, operator)))
}

/// Writes a session.
pub async fn insert(tx: &DatabaseTransaction, row: session::Model) -> Result<(), DbErr> {
    session::Entity::insert(session::ActiveModel::from(row)).exec_without_returning(tx).await.map(drop)
}

/// Lets a session live longer.
pub async fn prolong(
    tx: &DatabaseTransaction,
    token_hash: &str,
    expires_at: DateTime<Utc>,
) -> Result<(), DbErr> {
    session::Entity::update_many()
        .set(session::ActiveModel { expires_at: Set(expires_at), ..Default::default() })
        .filter(session::Column::TokenHash.eq(token_hash))
        .exec(tx)
        .await
        .map(drop)
}

/// Ends one session.
pub async fn delete(tx: &DatabaseTransaction, token_hash: &str) -> Result<(), DbErr> {
    session::Entity::delete_by_id(token_hash.to_owned()).exec(tx).await.map(drop)
}

/// Ends all sessions of an operator.
pub async fn delete_of(tx: &DatabaseTransaction, operator: Uuid) -> Result<(), DbErr> {
    session::Entity::delete_many().filter(session::Column::OperatorId.eq(operator)).exec(tx).await.map(drop)
}

/// Forgets what is over.
pub async fn sweep(
    tx: &DatabaseTransaction,
    now: DateTime<Utc>,
    failures_before: DateTime<Utc>,
) -> Result<(), DbErr> {
    session::Entity::delete_many().filter(session::Column::ExpiresAt.lt(now)).exec(tx).await?;
    login_throttle::Entity::delete_many()
        .filter(login_throttle::Column::BlockedUntil.lt(failures_before))
        .exec(tx)
        .await
        .map(drop)
}

/// Failures of some keys.
pub async fn throttles(
    db: &impl ConnectionTrait,
    keys: &[String],
) -> Result<Vec<login_throttle::Model>, DbErr> {
    login_throttle::Entity::find().filter(login_throttle::Column::Key.is_in(keys)).all(db).await
}

/// Writes the failures of a key.
pub async fn set_throttle(tx: &DatabaseTransaction, row: login_throttle::Model) -> Result<(), DbErr> {
    let replace = OnConflict::column(login_throttle::Column::Key)
        .update_columns([login_throttle::Column::Failures, login_throttle::Column::BlockedUntil])
        .to_owned();
    login_throttle::Entity::insert(login_throttle::ActiveModel::from(row))
        .on_conflict(replace)
        .exec_without_returning(tx)
        .await
        .map(drop)
}

/// Forgets the failures of some keys.
pub async fn clear_throttles(tx: &DatabaseTransaction, keys: &[String]) -> Result<(), DbErr> {
    login_throttle::Entity::delete_many()
        .filter(login_throttle::Column::Key.is_in(keys))
        .exec(tx)
        .await
        .map(drop)
}
