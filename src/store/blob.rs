//! Bytes by their hash, the same bytes once: raw mails, and files.

use std::collections::HashMap;

use entity::{
    blob::{ActiveModel, Column, Entity},
    incoming_mail,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    sea_query::OnConflict,
};
use uuid::Uuid;

/// Writes bytes under their hashes; those that are here already stay as they are.
pub async fn insert(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    blobs: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>,
) -> Result<(), DbErr> {
    let rows = blobs.into_iter().map(|(hash, bytes)| ActiveModel {
        organisation_id: Set(organisation),
        hash: Set(hash),
        bytes: Set(bytes),
    });
    let once = OnConflict::columns([Column::OrganisationId, Column::Hash]).do_nothing().to_owned();
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
