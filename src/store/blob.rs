//! Bytes by their hash, the same bytes once: raw mails, and files.

use std::collections::{BTreeMap, HashMap};

use entity::{
    attachment,
    blob::{ActiveModel, Column, Entity},
    incoming_mail, upload,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseBackend, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter, QuerySelect, sea_query::OnConflict,
};
use uuid::Uuid;

/// Writes bytes under their hashes; those that are here already stay as they are, and stay: the touch waits for whoever is
/// taking them away, and keeps the next one from it.
pub async fn insert(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    blobs: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>,
) -> Result<(), DbErr> {
    // Each once, since a statement may touch a row only once; in one order, so that two writers do not wait for each other.
    let blobs: BTreeMap<Vec<u8>, Vec<u8>> = blobs.into_iter().collect();
    let rows = blobs.into_iter().map(|(hash, bytes)| ActiveModel {
        organisation_id: Set(organisation),
        hash: Set(hash),
        bytes: Set(bytes),
    });
    let mut once = OnConflict::columns([Column::OrganisationId, Column::Hash]);
    match tx.get_database_backend() {
        // One writer at a time: nobody is taking them away.
        DatabaseBackend::Sqlite => once.do_nothing(),
        _ => once.update_column(Column::Hash),
    };
    Entity::insert_many(rows).on_conflict(once).exec_without_returning(tx).await.map(drop)
}

/// Bytes by their hash.
pub async fn bytes(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    hash: &[u8],
) -> Result<Option<Vec<u8>>, DbErr> {
    Ok(Entity::find_by_id((organisation, hash.to_vec())).one(db).await?.map(|row| row.bytes))
}

/// Takes bytes away that nothing refers to any more. What still does is protected by the schema, too.
pub async fn delete_unused(tx: &DatabaseTransaction, organisation: Uuid, hash: &[u8]) -> Result<(), DbErr> {
    Entity::find_by_id((organisation, hash.to_vec())).lock_exclusive().one(tx).await?;
    let used = (upload::Entity::find()
        .filter(upload::Column::OrganisationId.eq(organisation))
        .filter(upload::Column::Hash.eq(hash))
        .limit(1)
        .one(tx)
        .await?
        .is_some())
        || attachment::Entity::find()
            .filter(attachment::Column::OrganisationId.eq(organisation))
            .filter(attachment::Column::Hash.eq(hash))
            .limit(1)
            .one(tx)
            .await?
            .is_some()
        || incoming_mail::Entity::find()
            .filter(incoming_mail::Column::OrganisationId.eq(organisation))
            .filter(incoming_mail::Column::RawHash.eq(hash))
            .limit(1)
            .one(tx)
            .await?
            .is_some();
    if used {
        return Ok(());
    }
    Entity::delete_by_id((organisation, hash.to_vec())).exec(tx).await.map(drop)
}

/// Raw bytes of mails, by hash.
pub async fn raw_of(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    mails: &[incoming_mail::Model],
) -> Result<HashMap<Vec<u8>, Vec<u8>>, DbErr> {
    let found = Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Hash.is_in(mails.iter().map(|mail| mail.raw_hash.clone())))
        .all(db)
        .await?;
    Ok(found.into_iter().map(|blob| (blob.hash, blob.bytes)).collect())
}
