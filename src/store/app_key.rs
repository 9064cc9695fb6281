//! Keys of apps.

use chrono::{DateTime, Utc};
use entity::app_key::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter, QueryOrder, QuerySelect, sea_query::OnConflict,
};
use uuid::Uuid;

/// Keys of one organisation that a page shows. Apps are few; revoked keys stay as a record of who could do what.
pub const SHOWN: u64 = 200;

/// The key with this SHA-256, revoked or not.
pub async fn by_hash(db: &impl ConnectionTrait, hash: &[u8]) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Hash.eq(hash)).one(db).await
}

/// One key of an organisation.
pub async fn by_id(db: &impl ConnectionTrait, organisation: Uuid, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// Keys of an organisation, newest first.
pub async fn of(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .order_by_desc(Column::Id)
        .limit(SHOWN)
        .all(db)
        .await
}

/// Writes a key, unless there is one with its id or its hash already; `false` when there is.
pub async fn insert_new(tx: &DatabaseTransaction, row: Model) -> Result<bool, DbErr> {
    let once = OnConflict::new().do_nothing().to_owned();
    let written = Entity::insert(ActiveModel::from(row)).on_conflict(once).exec_without_returning(tx).await?;
    Ok(written == 1)
}

/// Notes that a key was used, unless that has been noted since `seen`.
pub async fn used(
    tx: &DatabaseTransaction,
    id: Uuid,
    seen: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    Entity::update_many()
        .set(ActiveModel { used_at: Set(Some(now)), ..Default::default() })
        .filter(Column::Id.eq(id))
        .filter(Condition::any().add(Column::UsedAt.is_null()).add(Column::UsedAt.lt(seen)))
        .exec(tx)
        .await
        .map(drop)
}

/// Takes a key out of use for good; `false` when it was out of use, or is not there.
pub async fn revoke(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let revoked = Entity::update_many()
        .set(ActiveModel { revoked_at: Set(Some(now)), ..Default::default() })
        .filter(Column::Id.eq(id))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::RevokedAt.is_null())
        .exec(tx)
        .await?;
    Ok(revoked.rows_affected == 1)
}
