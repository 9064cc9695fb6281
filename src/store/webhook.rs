//! Where apps want to hear of changes.

use chrono::{DateTime, Utc};
use entity::{
    errand,
    webhook::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
    sea_query::{Expr, Func},
};
use uuid::Uuid;

/// Most endpoints of an organisation: each change makes a message for every one of them.
pub const ENDPOINTS: u64 = 20;

/// Endpoints of an organisation, or of one of its apps, oldest first.
pub async fn all(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    app_key: Option<Uuid>,
) -> Result<Vec<Model>, DbErr> {
    let mut endpoints = Entity::find().filter(Column::OrganisationId.eq(organisation));
    if let Some(app_key) = app_key {
        endpoints = endpoints.filter(Column::AppKeyId.eq(app_key));
    }
    endpoints.order_by_asc(Column::Id).limit(ENDPOINTS).all(db).await
}

/// Ids of the endpoints that are to be told of changes.
pub async fn listening(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<Uuid>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Active.eq(true))
        .order_by_asc(Column::Id)
        .limit(ENDPOINTS)
        .into_tuple()
        .all(db)
        .await
}

/// How many endpoints an organisation has.
pub async fn count(db: &impl ConnectionTrait, organisation: Uuid) -> Result<u64, DbErr> {
    Entity::find().filter(Column::OrganisationId.eq(organisation)).count(db).await
}

/// One endpoint.
pub async fn by_id(db: &impl ConnectionTrait, organisation: Uuid, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// What was queued last for an endpoint, newest first.
pub async fn messages(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    id: Uuid,
    limit: u64,
) -> Result<Vec<errand::Model>, DbErr> {
    messages_query(organisation, id, limit).all(db).await
}

/// The query of [`messages`], apart so that a test can ask the database for its plan.
#[must_use]
pub fn messages_query(organisation: Uuid, id: Uuid, limit: u64) -> Select<errand::Entity> {
    errand::Entity::find()
        .filter(errand::Column::OrganisationId.eq(organisation))
        .filter(errand::Column::WebhookId.eq(id))
        .order_by_desc(errand::Column::Id)
        .limit(limit)
}

/// Writes an endpoint.
pub async fn insert(tx: &DatabaseTransaction, row: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(row)).exec_without_returning(tx).await.map(drop)
}

/// Changes the columns that are set; `false` when there is no such endpoint.
pub async fn update(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    id: Uuid,
    change: ActiveModel,
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(id))
        .filter(Column::OrganisationId.eq(organisation))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Takes an endpoint away, with all that waits for it.
pub async fn delete(tx: &DatabaseTransaction, organisation: Uuid, id: Uuid) -> Result<bool, DbErr> {
    let deleted = Entity::delete_many()
        .filter(Column::Id.eq(id))
        .filter(Column::OrganisationId.eq(organisation))
        .exec(tx)
        .await?;
    Ok(deleted.rows_affected == 1)
}

/// Notes how the last call ended: `None`, it was taken; otherwise why not, and since when if it was taken before.
pub async fn set_health(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
    error: Option<String>,
) -> Result<(), DbErr> {
    let change = match &error {
        None => ActiveModel {
            succeeded_at: Set(Some(now)),
            failing_since: Set(None),
            last_error: Set(None),
            ..Default::default()
        },
        Some(_) => ActiveModel { last_error: Set(error.clone()), ..Default::default() },
    };
    let mut noted = Entity::update_many().set(change);
    if error.is_some() {
        let since = Func::coalesce([Expr::col(Column::FailingSince), Expr::value(now)]);
        noted = noted.col_expr(Column::FailingSince, since.into());
    }
    noted.filter(Column::Id.eq(id)).filter(Column::OrganisationId.eq(organisation)).exec(tx).await.map(drop)
}

/// Stops the endpoints that an app has set.
pub async fn stop_of(tx: &DatabaseTransaction, organisation: Uuid, app_key: Uuid) -> Result<(), DbErr> {
    Entity::update_many()
        .set(ActiveModel { active: Set(false), ..Default::default() })
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::AppKeyId.eq(app_key))
        .exec(tx)
        .await
        .map(drop)
}
