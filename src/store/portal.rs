//! Portals: the door for citizens of each organisation.

use entity::{
    portal::{ActiveModel, Column, Entity, Model},
    request_kind,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, sea_query::Expr,
};
use uuid::Uuid;

/// The portal of an organisation.
pub async fn of(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(organisation).one(db).await
}

/// The portal with this name in its address.
pub async fn by_slug(db: &impl ConnectionTrait, slug: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Slug.eq(slug)).one(db).await
}

/// The portal that stands alone under this host name, lower case.
pub async fn by_host(db: &impl ConnectionTrait, host: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Host.eq(host)).filter(Expr::cust("host IS NOT NULL")).one(db).await
}

/// Portals that citizens find. As many as there are organisations, which one installation counts on its fingers.
pub async fn all_open(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::Open.eq(true)).order_by_asc(Column::Slug).all(db).await
}

/// Writes a portal.
pub async fn insert(tx: &DatabaseTransaction, row: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(row)).exec_without_returning(tx).await.map(drop)
}

/// Changes a portal that nobody else has changed since `version`; `false` when somebody has.
pub async fn update(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    version: i32,
    change: ActiveModel,
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Version.eq(version))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Changes what citizens find of a kind of request.
pub async fn update_kind(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    kind: Uuid,
    change: request_kind::ActiveModel,
) -> Result<(), DbErr> {
    request_kind::Entity::update_many()
        .set(change)
        .filter(request_kind::Column::Id.eq(kind))
        .filter(request_kind::Column::OrganisationId.eq(organisation))
        .exec(tx)
        .await
        .map(drop)
}
