//! Bans: addresses, domains and networks from which nothing is taken.

use chrono::{DateTime, Utc};
use entity::ban::{ActiveModel, Column, Entity, Model, What};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, Select, sea_query::OnConflict,
};
use uuid::Uuid;

/// Most bans that are listed: who needs more has a problem that bans do not solve.
pub const LISTED: u64 = 500;

/// Bans, by what they are about and their value: at most [`LISTED`].
pub async fn all(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<Model>, DbErr> {
    all_query(organisation).all(db).await
}

/// The query of [`all`], apart so that a test can ask the database for its plan.
#[must_use]
pub fn all_query(organisation: Uuid) -> Select<Entity> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .order_by_asc(Column::What)
        .order_by_asc(Column::Value)
        .limit(LISTED)
}

/// Writes a ban; what is banned already gets the reason, the end and the author of this one. Gives its id.
pub async fn put(tx: &DatabaseTransaction, row: Model) -> Result<Uuid, DbErr> {
    let again = OnConflict::columns([Column::OrganisationId, Column::What, Column::Value])
        .update_columns([Column::Reason, Column::Until, Column::AuthorId, Column::CreatedAt])
        .to_owned();
    let put = Entity::insert(ActiveModel::from(row)).on_conflict(again).exec_with_returning(tx).await?;
    Ok(put.id)
}

/// Forgets a ban; `false` when there is none.
pub async fn delete(tx: &DatabaseTransaction, organisation: Uuid, id: Uuid) -> Result<bool, DbErr> {
    let gone = Entity::delete_many()
        .filter(Column::Id.eq(id))
        .filter(Column::OrganisationId.eq(organisation))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected == 1)
}

/// Whether one of these is banned now.
pub async fn holds(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    of: &[(What, &str)],
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let mut any = Condition::any();
    for (what, value) in of.iter().filter(|(_, value)| !value.is_empty()) {
        any = any.add(Condition::all().add(Column::What.eq(*what)).add(Column::Value.eq(*value)));
    }
    if any.is_empty() {
        return Ok(false);
    }
    let in_force = Condition::any().add(Column::Until.is_null()).add(Column::Until.gt(now));
    let found = Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(any)
        .filter(in_force)
        .limit(1)
        .one(db)
        .await?;
    Ok(found.is_some())
}
