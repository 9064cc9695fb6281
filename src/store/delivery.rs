//! The outbox.

use chrono::{DateTime, Utc};
use entity::{
    delivery::{ActiveModel, Column, Entity, Model, Proof, State},
    mailbox,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, FromQueryResult,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{CaseStatement, Expr},
};
use uuid::Uuid;

use super::lease::{self, Hand};

/// Writes deliveries.
pub async fn insert(tx: &DatabaseTransaction, rows: Vec<Model>) -> Result<(), DbErr> {
    Entity::insert_many(rows.into_iter().map(ActiveModel::from)).exec_without_returning(tx).await.map(drop)
}

/// Takes up to `limit` letters whose time has come. A letter whose lease ran out was in somebody's hand when that process
/// died: it counts as a repeat.
pub async fn claim(
    tx: &DatabaseTransaction,
    owner: Uuid,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let paused = mailbox::Entity::find()
        .select_only()
        .column(mailbox::Column::Id)
        .filter(mailbox::Column::Paused.eq(true))
        .into_query();
    let can_leave = lease::waiting::<Entity>().filter(Column::MailboxId.not_in_subquery(paused));
    let left_in_hand = CaseStatement::new().case(Column::State.eq(State::Sending), 1).finally(0);
    lease::claim(can_leave, Hand { owner, now, until }, limit)
        .col_expr(Column::Repeats, Expr::col(Column::Repeats).add(left_in_hand))
        .exec_with_returning(tx)
        .await
}

/// Ends the leases of an owner: whatever it had in hand can be claimed.
pub async fn end_leases(tx: &DatabaseTransaction, owner: Uuid, now: DateTime<Utc>) -> Result<(), DbErr> {
    lease::end::<Entity>(tx, owner, now).await
}

/// When the next letter is due; `None` when none waits.
pub async fn next_due(db: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>, DbErr> {
    lease::next_due(lease::waiting::<Entity>(), db).await
}

/// Notes the end of an attempt; `false` when the lease had gone to somebody else meanwhile.
pub async fn settle(
    tx: &DatabaseTransaction,
    id: Uuid,
    owner: Uuid,
    change: ActiveModel,
) -> Result<bool, DbErr> {
    lease::settle(tx, id, owner, change).await
}

/// One delivery by its id, wherever it belongs: the id was authenticated before.
pub async fn by_id(db: &impl ConnectionTrait, organisation: Uuid, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// Deliveries of several communications.
pub async fn of_communications(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    ids: &[Uuid],
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::CommunicationId.is_in(ids.iter().copied()))
        .order_by_asc(Column::Id)
        .all(db)
        .await
}

/// Automatic letters to these addresses since an instant: to whom and when.
pub async fn automatic_since(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    recipients: &[&str],
    since: DateTime<Utc>,
) -> Result<Vec<(String, DateTime<Utc>)>, DbErr> {
    Entity::find()
        .select_only()
        .columns([Column::Recipient, Column::CreatedAt])
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Recipient.is_in(recipients.iter().copied()))
        .filter(Expr::cust("automatic"))
        .filter(Column::State.ne(State::Held))
        .filter(Column::CreatedAt.gt(since))
        .into_tuple()
        .all(db)
        .await
}

/// A delivery as far as answers and reports to it need it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct KnownDelivery {
    /// Its id.
    pub id: Uuid,
    /// Its owner.
    pub organisation_id: Uuid,
    /// Its work order.
    pub work_order_id: Uuid,
    /// To whom.
    pub recipient: String,
    /// Written by the program.
    pub automatic: bool,
    /// What came back until now.
    pub proof: Option<Proof>,
    /// The name that a PEC provider gave it.
    pub pec_identifier: Option<String>,
}

const KNOWN: [Column; 7] = [
    Column::Id,
    Column::OrganisationId,
    Column::WorkOrderId,
    Column::Recipient,
    Column::Automatic,
    Column::Proof,
    Column::PecIdentifier,
];

/// These deliveries. Asked for by id alone, see `work_order::by_ids`.
pub async fn known(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    deliveries: Vec<Uuid>,
) -> Result<Vec<KnownDelivery>, DbErr> {
    if deliveries.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Entity::find()
        .select_only()
        .columns(KNOWN)
        .filter(Column::Id.is_in(deliveries))
        .into_model::<KnownDelivery>()
        .all(db)
        .await?;
    found.retain(|delivery| delivery.organisation_id == organisation);
    Ok(found)
}

/// Deliveries by the Message-ID that a PEC provider gave to their envelope.
pub async fn by_pec_identifiers(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    identifiers: &[&str],
) -> Result<Vec<KnownDelivery>, DbErr> {
    let mut found = Vec::new();
    for identifiers in identifiers.chunks(500) {
        let deliveries = Entity::find()
            .select_only()
            .columns(KNOWN)
            .filter(Column::OrganisationId.eq(organisation))
            .filter(Column::PecIdentifier.is_in(identifiers.iter().copied()))
            .filter(Expr::cust("pec_identifier IS NOT NULL"))
            .into_model::<KnownDelivery>()
            .all(db)
            .await?;
        found.extend(deliveries);
    }
    Ok(found)
}

/// Notes what came back about a letter.
pub async fn update(tx: &DatabaseTransaction, id: Uuid, change: ActiveModel) -> Result<(), DbErr> {
    Entity::update_many().set(change).filter(Column::Id.eq(id)).exec(tx).await.map(drop)
}

/// Letters that have not left yet.
pub async fn waiting_count(db: &impl ConnectionTrait) -> Result<u64, DbErr> {
    lease::waiting::<Entity>().count(db).await
}

/// Lets letters to an address go that waited until it was confirmed.
pub async fn release(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    recipient: &str,
    now: DateTime<Utc>,
) -> Result<u64, DbErr> {
    let released = Entity::update_many()
        .set(ActiveModel { state: Set(State::Pending), next_attempt_at: Set(now), ..Default::default() })
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Recipient.eq(recipient))
        .filter(Expr::cust("state = 'held'"))
        .exec(tx)
        .await?;
    Ok(released.rows_affected)
}

/// Puts a refused letter, or one that was held back, into the queue.
pub async fn retry(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let again = Entity::update_many()
        .set(ActiveModel {
            state: Set(State::Pending),
            next_attempt_at: Set(now),
            settled_at: Set(None),
            ..Default::default()
        })
        .filter(Column::Id.eq(id))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::State.is_in([State::Refused, State::Held]))
        .exec(tx)
        .await?;
    Ok(again.rows_affected == 1)
}
