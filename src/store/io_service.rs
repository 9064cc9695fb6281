//! How an organisation speaks to IO, and its services there.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    io_account, io_message,
    io_service::{ActiveModel, Column, Entity, Lifecycle, Model},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait,
    FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, OnConflict},
};
use uuid::Uuid;

/// Most services of an organisation that are shown.
pub const MOST: u64 = 200;

/// The organisation's account; `None` when nobody has set anything yet.
pub async fn account(
    db: &impl ConnectionTrait,
    organisation: Uuid,
) -> Result<Option<io_account::Model>, DbErr> {
    io_account::Entity::find_by_id(organisation).one(db).await
}

/// Writes an account for the first time; `false` when somebody else just has.
pub async fn insert_account(tx: &DatabaseTransaction, row: io_account::Model) -> Result<bool, DbErr> {
    let written = io_account::Entity::insert(io_account::ActiveModel::from(row))
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(written == 1)
}

/// Whoever else decides something about an organisation's services waits until the transaction ends, on both databases. The
/// version stays: nothing that an administrator sees has changed.
pub async fn lock_account(tx: &DatabaseTransaction, standard: io_account::Model) -> Result<(), DbErr> {
    let organisation = standard.organisation_id;
    insert_account(tx, standard).await?;
    io_account::Entity::update_many()
        .col_expr(io_account::Column::Version, Expr::col(io_account::Column::Version))
        .filter(io_account::Column::OrganisationId.eq(organisation))
        .exec(tx)
        .await
        .map(drop)
}

/// Changes an account that nobody else has changed since `version`; `false` when somebody has.
pub async fn update_account(
    tx: &DatabaseTransaction,
    (organisation, version): (Uuid, i32),
    change: io_account::ActiveModel,
) -> Result<bool, DbErr> {
    let changed = io_account::Entity::update_many()
        .set(change)
        .col_expr(io_account::Column::Version, Expr::col(io_account::Column::Version).add(1))
        .filter(io_account::Column::OrganisationId.eq(organisation))
        .filter(io_account::Column::Version.eq(version))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// The organisation's services, by name; those that are gone come last, so that they push none out of a list.
pub async fn all(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .order_by_asc(Column::Lifecycle.eq(Lifecycle::Deleted))
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .limit(MOST)
        .all(db)
        .await
}

/// How many services an organisation has.
pub async fn count(db: &impl ConnectionTrait, organisation: Uuid) -> Result<u64, DbErr> {
    let here = Entity::find().filter(Column::OrganisationId.eq(organisation));
    here.filter(Column::Lifecycle.ne(Lifecycle::Deleted)).count(db).await
}

/// How many notifications wait to be sent in the name of each service of an organisation; of those in whose name none does, nothing.
pub async fn waiting(db: &impl ConnectionTrait, organisation: Uuid) -> Result<HashMap<Uuid, i64>, DbErr> {
    use io_message::Column;
    let waiting: Vec<(Uuid, i64)> = io_message::Entity::find()
        .select_only()
        .column(Column::IoServiceId)
        .column_as(Column::Id.count(), "waiting")
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::State.eq(io_message::State::Queued))
        .group_by(Column::IoServiceId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(waiting.into_iter().collect())
}

/// Whether notifications wait to be sent in the name of a service, or are being sent: none, one, or two for several.
pub async fn in_hand(db: &impl ConnectionTrait, organisation: Uuid, service: Uuid) -> Result<usize, DbErr> {
    use io_message::{Column, State};
    // What a draft would be reminded of goes nowhere before the draft does.
    let drafts = io_message::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::State.eq(State::Draft))
        .into_query();
    let found: Vec<Uuid> = io_message::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::IoServiceId.eq(service))
        .filter(Column::State.is_in([State::Queued, State::Sending]))
        .filter(Column::FollowsId.is_null().or(Column::FollowsId.not_in_subquery(drafts)))
        .limit(2)
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.len())
}

/// Takes the keys of all services of an organisation away, and lets them send nothing.
pub async fn forget_keys(tx: &DatabaseTransaction, organisation: Uuid) -> Result<(), DbErr> {
    let change = ActiveModel {
        primary_key: Set(None),
        secondary_key: Set(None),
        sends: Set(false),
        stopped: Set(None),
        stopped_until: Set(None),
        ..Default::default()
    };
    Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::OrganisationId.eq(organisation))
        .exec(tx)
        .await
        .map(drop)
}

/// One service.
pub async fn by_id(db: &impl ConnectionTrait, organisation: Uuid, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// The service that was chosen to tell progress, whether or not messages may be sent in its name.
pub async fn chosen(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Option<Model>, DbErr> {
    let of = Entity::find().filter(Column::OrganisationId.eq(organisation));
    of.filter(Column::Updates.eq(true)).one(db).await
}

/// The service in whose name progress is told, if messages may be sent in its name.
pub async fn for_updates(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Option<Model>, DbErr> {
    Ok(chosen(db, organisation).await?.filter(|service| service.sends))
}

/// Makes a service the one in whose name progress is told; none with `None`.
pub async fn set_updates(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    service: Option<Uuid>,
) -> Result<(), DbErr> {
    // Off first: there is one at most, and both databases look at each row as it changes.
    for (value, condition) in [(false, Column::Updates.eq(true)), (true, Column::Id.is_in(service))] {
        Entity::update_many()
            .col_expr(Column::Updates, Expr::value(value))
            .filter(Column::OrganisationId.eq(organisation))
            .filter(condition)
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Writes a service; `false` when it is here already (by id, or by the id that IO gave it).
pub async fn insert(tx: &DatabaseTransaction, row: Model) -> Result<bool, DbErr> {
    let written = Entity::insert(ActiveModel::from(row))
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(written == 1)
}

/// Changes a service that nobody else has changed since `version`; `false` when somebody has.
pub async fn update(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    (id, version): (Uuid, i32),
    change: ActiveModel,
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .set(change)
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Version.eq(version))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// The service that IO knows by this id.
pub async fn by_remote_id(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    remote: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::RemoteId.eq(remote))
        .one(db)
        .await
}

/// Services of all organisations of which IO may say something new by itself: those with the reviewers, and approved ones that are
/// not published yet. Those not looked at since `before`, the longest waiting first.
pub async fn under_review(
    db: &impl ConnectionTrait,
    before: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let waits = Condition::any()
        .add(Column::Lifecycle.eq(Lifecycle::Submitted))
        .add(Column::Lifecycle.eq(Lifecycle::Approved).and(Column::Published.eq(false)));
    Entity::find()
        .filter(waits)
        .filter(Column::RemoteId.is_not_null())
        .filter(Column::CheckedAt.is_null().or(Column::CheckedAt.lt(before)))
        .order_by_asc(Column::CheckedAt)
        .limit(limit)
        .all(db)
        .await
}

/// Writes down when IO was last asked about a service. That nothing is new is no new version.
pub async fn checked(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    id: Uuid,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::CheckedAt, Expr::value(at))
        .filter(Column::Id.eq(id))
        .filter(Column::OrganisationId.eq(organisation))
        .exec(tx)
        .await
        .map(drop)
}

/// A service that IO refuses, without its sheet: every page asks for these.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Stopped {
    /// Identifier.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What IO refused, and the remedy.
    pub stopped: String,
}

/// The organisation's services that are to send and that IO refuses, by name.
pub async fn stopped(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<Stopped>, DbErr> {
    refused()
        .select_only()
        .columns([Column::Id, Column::Name, Column::Stopped])
        .filter(Column::OrganisationId.eq(organisation))
        .order_by_asc(Column::Name)
        .order_by_asc(Column::Id)
        .limit(MOST)
        .into_model()
        .all(db)
        .await
}

/// The same of all organisations, by id: up to `limit`, for the figures and the log.
pub async fn stopped_anywhere(db: &impl ConnectionTrait, limit: u64) -> Result<Vec<Uuid>, DbErr> {
    refused()
        .select_only()
        .column(Column::Id)
        .order_by_asc(Column::Id)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await
}

fn refused() -> Select<Entity> {
    Entity::find()
        .filter(Column::Stopped.is_not_null())
        .filter(Column::Sends.eq(true))
        .filter(Column::Lifecycle.ne(Lifecycle::Deleted))
}

/// Lets everything of an organisation that was stopped be tried again: what it was stopped for is another now.
pub async fn start_all(tx: &DatabaseTransaction, organisation: Uuid) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::StoppedUntil, Expr::value(None::<DateTime<Utc>>))
        .col_expr(Column::Stopped, Expr::value(None::<String>))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Stopped.is_not_null().or(Column::StoppedUntil.is_not_null()))
        .exec(tx)
        .await
        .map(drop)
}

/// Notes why nothing of a service is sent, and until when nobody tries again; or that it is mended.
pub async fn set_stopped(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    id: Uuid,
    stopped: Option<String>,
    until: Option<DateTime<Utc>>,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::StoppedUntil, Expr::value(until))
        .col_expr(Column::Stopped, Expr::value(stopped))
        .filter(Column::Id.eq(id))
        .filter(Column::OrganisationId.eq(organisation))
        .exec(tx)
        .await
        .map(drop)
}
