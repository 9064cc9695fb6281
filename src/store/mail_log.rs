//! What was made of each mail.

use entity::mail_log::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect, Select,
};
use uuid::Uuid;

/// Mails that repeat, or report on, what one page shows; a mailbox that was rebuilt over and over has more.
const ABOUT_A_PAGE: u64 = 1000;

/// Writes what was made of mails.
pub async fn insert(tx: &DatabaseTransaction, rows: Vec<Model>) -> Result<(), DbErr> {
    Entity::insert_many(rows.into_iter().map(ActiveModel::from)).exec_without_returning(tx).await.map(drop)
}

/// What was made of a mail.
pub async fn by_mail(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    mail: Uuid,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(mail).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// What was made of these mails. Asked for by id alone, see `work_order::by_ids`.
pub async fn by_mails(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    mails: Vec<Uuid>,
) -> Result<Vec<Model>, DbErr> {
    if mails.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Entity::find().filter(Column::IncomingMailId.is_in(mails)).all(db).await?;
    found.retain(|log| log.organisation_id == organisation);
    Ok(found)
}

/// The query of [`of_communications`].
#[must_use]
pub fn of_communications_query(organisation: Uuid, ids: &[Uuid]) -> Select<Entity> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::CommunicationId.is_in(ids.iter().copied()))
        .limit(ABOUT_A_PAGE)
}

/// Mails that became these communications, or repeat them.
pub async fn of_communications(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    ids: &[Uuid],
) -> Result<Vec<Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    of_communications_query(organisation, ids).all(db).await
}

/// The query of [`of_deliveries`].
#[must_use]
pub fn of_deliveries_query(organisation: Uuid, ids: &[Uuid]) -> Select<Entity> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::DeliveryId.is_in(ids.iter().copied()))
        .limit(ABOUT_A_PAGE)
}

/// Receipts and reports about these deliveries, in the order in which they came.
pub async fn of_deliveries(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    ids: &[Uuid],
) -> Result<Vec<Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = of_deliveries_query(organisation, ids).all(db).await?;
    found.sort_by_key(|log| log.incoming_mail_id);
    Ok(found)
}
