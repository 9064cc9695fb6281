//! Communications: the thread, and the ids by which a reply finds it.

use chrono::{DateTime, Utc};
use entity::communication::{ActiveModel, Addresses, Column, Direction, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    ExprTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use super::{Page, Seek};

/// Message-IDs asked for at once.
const IDS: usize = 500;
/// Letters with one of so many Message-IDs, at most: some devices give every mail the same one.
const LETTERS: u64 = 2000;

/// Where a communication stands in its thread: time of writing the row, then id.
pub type ThreadKey = (DateTime<Utc>, Uuid);

/// The newest communications of a work order (or those before a key), oldest first.
pub async fn thread(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    work_order: Uuid,
    before: Option<ThreadKey>,
    limit: usize,
) -> Result<Page<Model>, DbErr> {
    let mut rows = Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::WorkOrderId.eq(work_order))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(limit as u64 + 1);
    if let Some((at, id)) = before {
        rows = rows
            .filter(Column::CreatedAt.lte(at))
            .filter(Condition::any().add(Column::CreatedAt.lt(at)).add(Column::Id.lt(id)));
    }
    let mut page = Page::new(rows.all(db).await?, limit, &Seek::Before(()));
    page.has_next = before.is_some();
    Ok(page)
}

/// One communication of an organisation.
pub async fn by_id(db: &impl ConnectionTrait, organisation: Uuid, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// The letter that a form has become.
pub async fn of_submission(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    submission: Uuid,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::SubmissionId.eq(submission))
        // The index is of those that come from a form.
        .filter(Expr::cust("submission_id IS NOT NULL"))
        .one(db)
        .await
}

/// A received letter as far as threads need it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct KnownLetter {
    /// Its communication.
    pub id: Uuid,
    /// Its work order.
    pub work_order_id: Uuid,
    /// Its Message-ID.
    pub message_id: Option<String>,
    /// Who signed.
    pub from_address: String,
    /// Its words.
    pub text: String,
}

/// Letters that carry one of these Message-IDs.
pub async fn by_message_ids(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    ids: &[&str],
) -> Result<Vec<KnownLetter>, DbErr> {
    let mut found = Vec::new();
    for ids in ids.chunks(IDS) {
        let letters = Entity::find()
            .select_only()
            .columns([Column::Id, Column::WorkOrderId, Column::MessageId, Column::FromAddress, Column::Text])
            .filter(Column::OrganisationId.eq(organisation))
            .filter(Column::MessageId.is_in(ids.iter().copied()))
            .limit(LETTERS)
            .into_model::<KnownLetter>()
            .all(db)
            .await?;
        found.extend(letters);
    }
    Ok(found)
}

/// The head of a communication: enough to tell one mail from another.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Head {
    /// The communication.
    pub id: Uuid,
    /// Owner.
    pub organisation_id: Uuid,
    /// Its work order.
    pub work_order_id: Uuid,
    /// Who signed.
    pub from_name: String,
    /// Their address.
    pub from_address: String,
    /// Subject.
    pub subject: String,
}

/// Heads of these communications. Asked for by id alone, see `work_order::by_ids`.
pub async fn heads(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    ids: Vec<Uuid>,
) -> Result<Vec<Head>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Entity::find()
        .select_only()
        .columns([
            Column::Id,
            Column::OrganisationId,
            Column::WorkOrderId,
            Column::FromName,
            Column::FromAddress,
            Column::Subject,
        ])
        .filter(Column::Id.is_in(ids))
        .into_model::<Head>()
        .all(db)
        .await?;
    found.retain(|head| head.organisation_id == organisation);
    Ok(found)
}

/// The last communication of a work order that is not a note: what an answer answers.
pub async fn last_letter(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    work_order: Uuid,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::WorkOrderId.eq(work_order))
        .filter(Column::Direction.eq(entity::communication::Direction::In))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .one(db)
        .await
}

/// Updates of a work order written since then about the same occasion, in the same words as one that is not counted itself.
pub async fn told_alike(
    db: &impl ConnectionTrait,
    update: &Model,
    since: DateTime<Utc>,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(update.organisation_id))
        .filter(Column::WorkOrderId.eq(update.work_order_id))
        .filter(Column::CreatedAt.gte(since))
        .filter(Column::Occasion.eq(update.occasion))
        .filter(Column::Text.eq(update.text.as_str()))
        .filter(Column::Id.ne(update.id))
        .all(db)
        .await
}

/// The newest communication of a work order.
pub async fn newest(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    work_order: Uuid,
) -> Result<Option<Uuid>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::WorkOrderId.eq(work_order))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .into_tuple()
        .one(db)
        .await
}

/// The letter that opened a work order.
pub async fn first_letter(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    work_order: Uuid,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::WorkOrderId.eq(work_order))
        .filter(Column::Direction.eq(Direction::In))
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .limit(1)
        .one(db)
        .await
}

/// Names to whom a communication goes after all.
pub async fn set_recipients(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    id: Uuid,
    recipients: Addresses,
) -> Result<(), DbErr> {
    Entity::update_many()
        .set(ActiveModel { recipients: Set(recipients), ..Default::default() })
        .filter(Column::Id.eq(id))
        .filter(Column::OrganisationId.eq(organisation))
        .exec(tx)
        .await
        .map(drop)
}

/// Writes communications.
pub async fn insert(tx: &DatabaseTransaction, rows: Vec<Model>) -> Result<(), DbErr> {
    Entity::insert_many(rows.into_iter().map(ActiveModel::from)).exec_without_returning(tx).await.map(drop)
}

/// The newest communications of a work order that passed between its citizen and us, newest first: no notes, and of what a machine
/// wrote only news of progress.
pub async fn correspondence(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    work_order: Uuid,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    use entity::communication::Direction;
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::WorkOrderId.eq(work_order))
        .filter(Column::Direction.is_in([Direction::In, Direction::Out]))
        .filter(Column::Automatic.eq(false).or(Column::Occasion.is_not_null()))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(limit)
        .all(db)
        .await
}
