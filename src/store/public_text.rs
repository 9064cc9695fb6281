//! Texts of the portal that an organisation has written. What it has not written is said in our words.

use entity::{
    language::Language,
    public_text::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder,
    sea_query::OnConflict,
};
use uuid::Uuid;

/// One page in one language.
pub async fn of(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    page: &str,
    language: Language,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id((organisation, page.to_owned(), language)).one(db).await
}

/// All of an organisation's, page by page: a dozen pages in three languages.
pub async fn all(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .order_by_asc(Column::Page)
        .order_by_asc(Column::Language)
        .all(db)
        .await
}

/// Writes a page, whatever stood there.
pub async fn put(tx: &DatabaseTransaction, row: Model) -> Result<(), DbErr> {
    let page = OnConflict::columns([Column::OrganisationId, Column::Page, Column::Language])
        .update_columns([Column::Text, Column::AuthorId, Column::UpdatedAt])
        .to_owned();
    Entity::insert(ActiveModel::from(row)).on_conflict(page).exec_without_returning(tx).await.map(drop)
}

/// Takes a page away: our words again.
pub async fn delete(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    page: &str,
    language: Language,
) -> Result<(), DbErr> {
    Entity::delete_by_id((organisation, page.to_owned(), language)).exec(tx).await.map(drop)
}
