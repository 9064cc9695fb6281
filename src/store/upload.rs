//! Files that wait for their words.

use chrono::{DateTime, Utc};
use entity::upload::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

/// Whose a file is until it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A draft.
    Submission(Uuid),
    /// Somebody who writes an answer on the tracking page.
    Follower(Uuid),
    /// An app.
    App(Uuid),
}

impl Owner {
    fn condition(self, organisation: Uuid) -> Condition {
        let owned = Condition::all().add(Column::OrganisationId.eq(organisation));
        match self {
            Self::Submission(id) => owned.add(Column::SubmissionId.eq(id)),
            Self::Follower(id) => owned.add(Column::FollowerId.eq(id)),
            Self::App(id) => owned.add(Column::AppKeyId.eq(id)).add(Column::SubmissionId.is_null()),
        }
    }
}

/// Files of an owner, in order.
pub async fn of(db: &impl ConnectionTrait, organisation: Uuid, owner: Owner) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(owner.condition(organisation))
        .order_by_asc(Column::Position)
        .order_by_asc(Column::Id)
        .limit(500)
        .all(db)
        .await
}

/// One file of an owner.
pub async fn by_id(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    owner: Owner,
    id: Uuid,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(owner.condition(organisation)).one(db).await
}

/// Writes a file's row; the bytes are a blob, written before.
pub async fn insert(tx: &DatabaseTransaction, row: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(row)).exec_without_returning(tx).await.map(drop)
}

/// Takes rows away; gives how many there were.
pub async fn delete(tx: &DatabaseTransaction, organisation: Uuid, ids: &[Uuid]) -> Result<u64, DbErr> {
    let deleted = Entity::delete_many()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .exec(tx)
        .await?;
    Ok(deleted.rows_affected)
}

/// Gives an app's files to a submission.
pub async fn give(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    app_key: Uuid,
    ids: &[Uuid],
    submission: Uuid,
) -> Result<u64, DbErr> {
    let given = Entity::update_many()
        .set(ActiveModel { submission_id: sea_orm::ActiveValue::Set(Some(submission)), ..Default::default() })
        .filter(Owner::App(app_key).condition(organisation))
        .filter(Column::Id.is_in(ids.iter().copied()))
        .exec(tx)
        .await?;
    Ok(given.rows_affected)
}

/// Files without a draft that nobody has used since `before`, at most `limit`.
pub async fn forgotten(
    db: &impl ConnectionTrait,
    before: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::CreatedAt.lt(before))
        .filter(Column::SubmissionId.is_null())
        .order_by_asc(Column::CreatedAt)
        .limit(limit)
        .all(db)
        .await
}
