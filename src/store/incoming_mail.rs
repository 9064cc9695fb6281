//! The ledger of incoming mail.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{communication, incoming_mail};
use incoming_mail::{Column, Entity, Model, Outcome, State};
use sea_orm::{
    ActiveEnum,
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

use super::{Page, Seek};

// Conditions of partial indexes stand as words, not as bound values: else no planner can see that they hold.
const PENDING: &str = "state = 'pending'";
const UNFILED: &str = "state = 'handled' AND NOT filed";
const QUARANTINED: &str = "state = 'quarantined'";
const SET_ASIDE: &str = "(state = 'quarantined' OR outcome = 'discarded')";

/// Writes ledger rows, but for those whose name the mailbox has already; gives how many were new.
pub async fn insert(tx: &DatabaseTransaction, rows: Vec<Model>) -> Result<u64, DbErr> {
    let once = OnConflict::columns([Column::OrganisationId, Column::MailboxId, Column::SourceKey])
        .do_nothing()
        .to_owned();
    let rows = rows.into_iter().map(incoming_mail::ActiveModel::from);
    Entity::insert_many(rows).on_conflict(once).exec_without_returning(tx).await
}

/// The query of [`pending`].
#[must_use]
pub fn pending_query(
    organisation: Uuid,
    mailbox: Uuid,
    after: Option<Uuid>,
    now: DateTime<Utc>,
    limit: u64,
) -> Select<Entity> {
    Entity::find()
        .filter(Column::Id.gt(after.unwrap_or_default()))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::MailboxId.eq(mailbox))
        .filter(Expr::cust(PENDING))
        .filter(Column::NextAttemptAt.lte(now))
        .order_by_asc(Column::Id)
        .limit(limit)
}

/// Mails of a mailbox that wait to be handled, oldest first, after a row that is already in hand.
pub async fn pending(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    mailbox: Uuid,
    after: Option<Uuid>,
    now: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    pending_query(organisation, mailbox, after, now, limit).all(db).await
}

/// The query of [`unfiled`].
#[must_use]
pub fn unfiled_query(organisation: Uuid, mailbox: Uuid, limit: u64) -> Select<Entity> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::MailboxId.eq(mailbox))
        .filter(Expr::cust(UNFILED))
        .order_by_asc(Column::Id)
        .limit(limit)
}

/// Handled mails whose server has not been told yet.
pub async fn unfiled(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    mailbox: Uuid,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    unfiled_query(organisation, mailbox, limit).all(db).await
}

/// Which mails are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// All.
    #[default]
    All,
    /// Those that wait to be handled.
    Pending,
    /// Those that wait for a person.
    Quarantined,
    /// Those that ended so.
    Outcome(Outcome),
}

/// The query of [`page`] for one mailbox.
#[must_use]
pub fn page_query(
    organisation: Uuid,
    mailbox: Uuid,
    filter: Filter,
    from: &Seek<Uuid>,
    limit: usize,
) -> Select<Entity> {
    let mut rows = Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::MailboxId.eq(mailbox))
        .limit(limit as u64 + 1);
    rows = match filter {
        Filter::All => rows,
        Filter::Pending => rows.filter(Expr::cust(PENDING)),
        Filter::Quarantined => rows.filter(Expr::cust(QUARANTINED)),
        Filter::Outcome(outcome) => rows.filter(Expr::cust(format!("outcome = '{}'", outcome.to_value()))),
    };
    match *from {
        Seek::Start => rows.order_by_desc(Column::Id),
        Seek::After(id) => rows.filter(Column::Id.lt(id)).order_by_desc(Column::Id),
        Seek::Before(id) => rows.filter(Column::Id.gt(id)).order_by_asc(Column::Id),
    }
}

/// Mails of these mailboxes, the last that came in first. Each mailbox has its own walk of the index, and a page is merged
/// out of them: an organisation has a handful.
pub async fn page(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    mailboxes: &[Uuid],
    filter: Filter,
    from: &Seek<Uuid>,
    limit: usize,
) -> Result<Page<Model>, DbErr> {
    let mut rows = Vec::new();
    for mailbox in mailboxes {
        rows.extend(page_query(organisation, *mailbox, filter, from, limit).all(db).await?);
    }
    match from {
        Seek::Before(_) => rows.sort_by_key(|row| row.id),
        Seek::Start | Seek::After(_) => rows.sort_by_key(|row| std::cmp::Reverse(row.id)),
    }
    rows.truncate(limit + 1);
    Ok(Page::new(rows, limit, from))
}

/// Which of `keys` the mailbox's ledger knows.
pub async fn known_keys(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    mailbox: Uuid,
    keys: &[String],
) -> Result<Vec<String>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::SourceKey)
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::MailboxId.eq(mailbox))
        .filter(Column::SourceKey.is_in(keys))
        .into_tuple()
        .all(db)
        .await
}

/// Mails that wait for a person.
pub async fn quarantined_count(db: &impl ConnectionTrait, organisation: Uuid) -> Result<u64, DbErr> {
    use sea_orm::PaginatorTrait;
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Expr::cust(QUARANTINED))
        .count(db)
        .await
}

/// The ledger row of a communication.
pub async fn of_communication(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    communication: Uuid,
) -> Result<Option<Model>, DbErr> {
    let communication = super::communication::by_id(db, organisation, communication).await?;
    match communication.and_then(|communication| communication.incoming_mail_id) {
        Some(id) => by_id(db, organisation, id).await,
        None => Ok(None),
    }
}

/// Which of these bytes have become a communication, and which.
pub async fn twins(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    hashes: Vec<Vec<u8>>,
) -> Result<HashMap<Vec<u8>, Uuid>, DbErr> {
    if hashes.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, Vec<u8>)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::RawHash])
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::RawHash.is_in(hashes))
        .into_tuple()
        .all(db)
        .await?;
    let became: Vec<(Option<Uuid>, Uuid)> = communication::Entity::find()
        .select_only()
        .columns([communication::Column::IncomingMailId, communication::Column::Id])
        .filter(communication::Column::IncomingMailId.is_in(rows.iter().map(|(id, _)| *id)))
        .into_tuple()
        .all(db)
        .await?;
    let became: HashMap<Uuid, Uuid> = became.into_iter().filter_map(|(mail, id)| Some((mail?, id))).collect();
    Ok(rows.into_iter().filter_map(|(id, hash)| Some((hash, *became.get(&id)?))).collect())
}

/// Which of these bytes a person has put aside, or will look at: the same mail brought again is not a new one.
pub async fn set_aside(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    hashes: Vec<Vec<u8>>,
) -> Result<Vec<Vec<u8>>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::RawHash)
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::RawHash.is_in(hashes))
        .filter(Expr::cust(SET_ASIDE))
        .into_tuple()
        .all(db)
        .await
}

/// Gives pending mails their one outcome; gives how many still were pending.
pub async fn settle(
    tx: &DatabaseTransaction,
    ids: &[Uuid],
    outcome: Outcome,
    filed: bool,
) -> Result<u64, DbErr> {
    let done = Entity::update_many()
        .set(incoming_mail::ActiveModel {
            state: Set(State::Handled),
            outcome: Set(Some(outcome)),
            // What came from an archive is filed from the beginning.
            filed: if filed { Set(true) } else { NotSet },
            last_error: Set(None),
            ..Default::default()
        })
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::State.eq(State::Pending))
        .exec(tx)
        .await?;
    Ok(done.rows_affected)
}

/// Counts a failed attempt.
pub async fn fail(
    tx: &DatabaseTransaction,
    row: &Model,
    reason: String,
    next_attempt_at: DateTime<Utc>,
    state: State,
) -> Result<(), DbErr> {
    Entity::update_many()
        .set(incoming_mail::ActiveModel {
            state: Set(state),
            attempts: Set(row.attempts + 1),
            next_attempt_at: Set(next_attempt_at),
            last_error: Set(Some(reason)),
            ..Default::default()
        })
        .filter(Column::Id.eq(row.id))
        .filter(Column::State.eq(State::Pending))
        .exec(tx)
        .await
        .map(drop)
}

/// Notes that the server was told.
pub async fn set_filed(tx: &DatabaseTransaction, ids: &[Uuid]) -> Result<(), DbErr> {
    Entity::update_many()
        .set(incoming_mail::ActiveModel { filed: Set(true), ..Default::default() })
        .filter(Column::Id.is_in(ids.iter().copied()))
        .exec(tx)
        .await
        .map(drop)
}

/// One mail of an organisation.
pub async fn by_id(db: &impl ConnectionTrait, organisation: Uuid, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// Mails by id. Asked for by id alone, see `work_order::by_ids`.
pub async fn by_ids(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    ids: Vec<Uuid>,
) -> Result<Vec<Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Entity::find().filter(Column::Id.is_in(ids)).all(db).await?;
    found.retain(|mail| mail.organisation_id == organisation);
    Ok(found)
}

/// Mails that wait for a person, oldest first.
pub async fn quarantined(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Expr::cust(QUARANTINED))
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(db)
        .await
}

/// A person gives a mail of the quarantine its outcome; `false` when it is not there.
pub async fn close(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    id: Uuid,
    outcome: Outcome,
    filed: bool,
) -> Result<bool, DbErr> {
    let closed = Entity::update_many()
        .set(incoming_mail::ActiveModel {
            state: Set(State::Handled),
            outcome: Set(Some(outcome)),
            filed: Set(filed),
            ..Default::default()
        })
        .filter(Column::Id.eq(id))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::State.eq(State::Quarantined))
        .exec(tx)
        .await?;
    Ok(closed.rows_affected == 1)
}

/// Takes a mail out of quarantine; `false` when it is not there.
pub async fn retry(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let again = Entity::update_many()
        .set(incoming_mail::ActiveModel {
            state: Set(State::Pending),
            attempts: Set(0),
            next_attempt_at: Set(now),
            ..Default::default()
        })
        .filter(Column::Id.eq(id))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::State.eq(State::Quarantined))
        .exec(tx)
        .await?;
    Ok(again.rows_affected == 1)
}
