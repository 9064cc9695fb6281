//! Remote content on IO: the configuration of each service, and what each notification announces.

use entity::{
    io_remote::{ActiveModel, Column, Entity, Model},
    io_remote_message,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, QueryFilter,
    QuerySelect,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::io_service::MOST;

/// The configurations of an organisation's services.
pub async fn all(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::OrganisationId.eq(organisation)).limit(MOST).all(db).await
}

/// The configuration of a service.
pub async fn of_service(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    service: Uuid,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(service).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// The same for IO, which names a service and no organisation: the organisation is the one found here.
pub async fn named(db: &impl ConnectionTrait, service: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(service).one(db).await
}

/// Writes a configuration; `false` when the service has one.
pub async fn insert(tx: &DatabaseTransaction, row: Model) -> Result<bool, DbErr> {
    let written = Entity::insert(ActiveModel::from(row))
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(written == 1)
}

/// Changes what IO must know of a service, unless somebody else has since `version`; `false` then.
pub async fn update(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    (service, version): (Uuid, i32),
    change: ActiveModel,
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::IoServiceId.eq(service))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Version.eq(version))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Notes what IO knows. The version stays: nothing that IO must know has changed.
pub async fn note(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    service: Uuid,
    change: ActiveModel,
) -> Result<(), DbErr> {
    Entity::update_many()
        .set(change)
        .filter(Column::IoServiceId.eq(service))
        .filter(Column::OrganisationId.eq(organisation))
        .exec(tx)
        .await
        .map(drop)
}

/// Writes what a notification announces; `false` when it announces something already.
pub async fn insert_message(tx: &DatabaseTransaction, row: io_remote_message::Model) -> Result<bool, DbErr> {
    let written = io_remote_message::Entity::insert(io_remote_message::ActiveModel::from(row))
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(written == 1)
}

/// Forgets what a notification that has not left was to announce.
pub async fn delete_message(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    message: Uuid,
) -> Result<(), DbErr> {
    io_remote_message::Entity::delete_many()
        .filter(io_remote_message::Column::OrganisationId.eq(organisation))
        .filter(io_remote_message::Column::IoMessageId.eq(message))
        .exec(tx)
        .await
        .map(drop)
}

/// What a notification announces.
pub async fn of_message(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    message: Uuid,
) -> Result<Option<io_remote_message::Model>, DbErr> {
    io_remote_message::Entity::find()
        .filter(io_remote_message::Column::OrganisationId.eq(organisation))
        .filter(io_remote_message::Column::IoMessageId.eq(message))
        .one(db)
        .await
}

/// What IO asks for under this id, if this service announced it.
pub async fn asked(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    service: Uuid,
    id: Uuid,
) -> Result<Option<io_remote_message::Model>, DbErr> {
    io_remote_message::Entity::find_by_id(id)
        .filter(io_remote_message::Column::OrganisationId.eq(organisation))
        .filter(io_remote_message::Column::IoServiceId.eq(service))
        .one(db)
        .await
}
