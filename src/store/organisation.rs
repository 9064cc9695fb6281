//! Organisations, their request kinds, and what holds for the whole installation.

use entity::{installation, organisation, request_kind};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr,
    EntityTrait, QueryFilter, QueryOrder, sea_query::Expr,
};
use uuid::Uuid;

/// All organisations, by name.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<organisation::Model>, DbErr> {
    organisation::Entity::find().order_by_asc(organisation::Column::Name).all(db).await
}

/// One organisation.
pub async fn by_id(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<organisation::Model>, DbErr> {
    organisation::Entity::find_by_id(id).one(db).await
}

/// Request kinds of an organisation in the order of the page; the first is what new mail from a person starts as.
pub async fn kinds(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<request_kind::Model>, DbErr> {
    request_kind::Entity::find()
        .filter(request_kind::Column::OrganisationId.eq(organisation))
        .order_by_asc(request_kind::Column::Position)
        .all(db)
        .await
}

/// Writes an organisation.
pub async fn insert(tx: &DatabaseTransaction, row: organisation::Model) -> Result<(), DbErr> {
    organisation::Entity::insert(organisation::ActiveModel::from(row))
        .exec_without_returning(tx)
        .await
        .map(drop)
}

/// Gives an organisation another name.
pub async fn rename(tx: &DatabaseTransaction, id: Uuid, name: &str) -> Result<(), DbErr> {
    organisation::Entity::update_many()
        .col_expr(organisation::Column::Name, Expr::value(name))
        .filter(organisation::Column::Id.eq(id))
        .exec(tx)
        .await
        .map(drop)
}

/// Writes request kinds.
pub async fn insert_kinds(tx: &DatabaseTransaction, rows: Vec<request_kind::Model>) -> Result<(), DbErr> {
    let rows = rows.into_iter().map(request_kind::ActiveModel::from);
    request_kind::Entity::insert_many(rows).exec_without_returning(tx).await.map(drop)
}

/// A value of the installation.
pub async fn installation_value(db: &impl ConnectionTrait, name: &str) -> Result<Option<String>, DbErr> {
    Ok(installation::Entity::find_by_id(name.to_owned()).one(db).await?.map(|row| row.value))
}

/// Writes a value of the installation for the first time.
pub async fn insert_installation_value(
    tx: &DatabaseTransaction,
    name: &str,
    value: &str,
) -> Result<(), DbErr> {
    installation::ActiveModel { name: Set(name.to_owned()), value: Set(value.to_owned()) }
        .insert(tx)
        .await
        .map(drop)
}
