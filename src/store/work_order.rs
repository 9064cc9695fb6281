//! Work orders: numbers, the queue, and what belongs together.

use chrono::{DateTime, Utc};
use entity::{
    communication::Channel,
    counter,
    work_order::{ActiveModel, Column, Entity, Model, Status},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, LikeExpr, OnConflict, Query, UnionType},
};
use uuid::Uuid;

use super::{Page, Seek};
use crate::domain::number::Number;

/// Which work orders the queue shows.
#[derive(Clone, Debug, Default)]
pub struct QueueFilter {
    /// By status.
    pub status: StatusFilter,
    /// By assignee.
    pub assignee: AssigneeFilter,
    /// By kind.
    pub kind: Option<Uuid>,
    /// By the way the words came that opened it.
    pub channel: Option<Channel>,
    /// Words in the subject, folded.
    pub text: Option<String>,
    /// Due before this instant.
    pub due_before: Option<DateTime<Utc>>,
    /// Only those whose citizen said that they were closed and not solved.
    pub contested: bool,
}

/// By status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StatusFilter {
    /// Whatever is not closed.
    #[default]
    Open,
    /// Everything.
    All,
    /// One status.
    One(Status),
}

/// By assignee.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AssigneeFilter {
    /// Everybody's and nobody's.
    #[default]
    Anyone,
    /// Not assigned.
    Nobody,
    /// One operator's.
    One(Uuid),
}

/// Where a row stands in the queue: due date, then id.
pub type QueueKey = (DateTime<Utc>, Uuid);

/// One page of the queue, the most urgent first.
pub async fn queue(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    filter: &QueueFilter,
    from: &Seek<QueueKey>,
    limit: usize,
) -> Result<Page<Model>, DbErr> {
    let rows = queue_page(organisation, filter, from, limit).all(db).await?;
    Ok(Page::new(rows, limit, from))
}

/// The query of [`queue`], apart so that a test can ask the database for its plan.
#[must_use]
pub fn queue_page(
    organisation: Uuid,
    filter: &QueueFilter,
    from: &Seek<QueueKey>,
    limit: usize,
) -> Select<Entity> {
    let rows = filtered(organisation, filter).limit(limit as u64 + 1);
    // The first condition alone lets the index seek; a row-value comparison would, too, but not on both databases.
    match *from {
        Seek::Start => rows.order_by_asc(Column::DueAt).order_by_asc(Column::Id),
        Seek::After((due_at, id)) => rows
            .filter(Column::DueAt.gte(due_at))
            .filter(Condition::any().add(Column::DueAt.gt(due_at)).add(Column::Id.gt(id)))
            .order_by_asc(Column::DueAt)
            .order_by_asc(Column::Id),
        Seek::Before((due_at, id)) => rows
            .filter(Column::DueAt.lte(due_at))
            .filter(Condition::any().add(Column::DueAt.lt(due_at)).add(Column::Id.lt(id)))
            .order_by_desc(Column::DueAt)
            .order_by_desc(Column::Id),
    }
}

/// How many rows the queue has through each filter, counted up to `cap`: a number beside a link need not be exact beyond
/// what one reads. One statement: asking for each view would take longer than reading the queue.
pub async fn queue_counts(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    filters: &[QueueFilter],
    cap: u64,
) -> Result<Vec<usize>, DbErr> {
    let mut counts = vec![0; filters.len()];
    let mut selects = filters.iter().enumerate().map(|(place, filter)| {
        let some = filtered(organisation, filter).select_only().column(Column::Id).limit(cap).into_query();
        let (place, count) = (Expr::cust(place.to_string()), Expr::cust("COUNT(*)"));
        Query::select()
            .expr_as(place, "place")
            .expr_as(count, "counted")
            .from_subquery(some, "some")
            .to_owned()
    });
    let Some(mut all) = selects.next() else { return Ok(counts) };
    all.unions(selects.map(|select| (UnionType::All, select)));
    for row in db.query_all(&all).await? {
        let (place, counted): (i32, i64) = (row.try_get("", "place")?, row.try_get("", "counted")?);
        if let Some(count) = usize::try_from(place).ok().and_then(|place| counts.get_mut(place)) {
            *count = usize::try_from(counted).unwrap_or(0);
        }
    }
    Ok(counts)
}

fn filtered(organisation: Uuid, filter: &QueueFilter) -> Select<Entity> {
    let mut rows = Entity::find().filter(Column::OrganisationId.eq(organisation));
    rows = match filter.status {
        StatusFilter::Open => rows.filter(Column::ClosedAt.is_null()),
        StatusFilter::All => rows,
        // An open status names the open index besides itself, so that it serves both ways.
        StatusFilter::One(Status::Closed) => rows.filter(Column::Status.eq(Status::Closed)),
        StatusFilter::One(status) => {
            rows.filter(Column::Status.eq(status)).filter(Column::ClosedAt.is_null())
        }
    };
    rows = match filter.assignee {
        AssigneeFilter::Anyone => rows,
        AssigneeFilter::Nobody => rows.filter(Column::AssigneeId.is_null()),
        AssigneeFilter::One(operator) => rows.filter(Column::AssigneeId.eq(operator)),
    };
    if let Some(kind) = filter.kind {
        rows = rows.filter(Column::KindId.eq(kind));
    }
    if let Some(channel) = filter.channel {
        rows = rows.filter(Column::Channel.eq(channel));
    }
    if filter.contested {
        rows = rows.filter(Expr::cust("contests > 0"));
    }
    if let Some(due_before) = filter.due_before {
        rows = rows.filter(Column::DueAt.lt(due_before));
    }
    if let Some(text) = &filter.text {
        for word in text.split(' ').filter(|word| !word.is_empty()).take(8) {
            let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            rows = rows.filter(
                Expr::col(Column::SubjectFolded).like(LikeExpr::new(format!("%{escaped}%")).escape('\\')),
            );
        }
    }
    rows
}

/// The work order of a number.
pub async fn by_number(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    number: Number,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Year.eq(number.year))
        .filter(Column::Number.eq(number.number))
        .one(db)
        .await
}

/// One work order of an organisation.
pub async fn by_id(db: &impl ConnectionTrait, organisation: Uuid, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// A taxpayer's work orders, newest first.
pub async fn of_taxpayer(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    taxpayer: Uuid,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::TaxpayerId.eq(taxpayer))
        .order_by_desc(Column::CreatedAt)
        .limit(limit)
        .all(db)
        .await
}

/// What one sender opened and is still with `taxpayer` (the generic one), newest first.
pub async fn of_sender(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    sender_address: &str,
    taxpayer: Uuid,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::SenderAddress.eq(sender_address))
        .filter(Column::TaxpayerId.eq(taxpayer))
        .order_by_desc(Column::CreatedAt)
        .limit(limit)
        .all(db)
        .await
}

/// Work orders that go on from this one.
pub async fn following(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    id: Uuid,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::FollowsId.eq(id))
        .order_by_asc(Column::CreatedAt)
        .limit(limit)
        .all(db)
        .await
}

/// The last number given in a year. The row stays locked until the transaction ends, and a rollback takes back whatever
/// [`set_last_number`] gave: no gaps, no number twice.
pub async fn lock_last_number(tx: &DatabaseTransaction, organisation: Uuid, year: i32) -> Result<i32, DbErr> {
    let first = counter::ActiveModel { organisation_id: Set(organisation), year: Set(year), last: Set(0) };
    let same = OnConflict::columns([counter::Column::OrganisationId, counter::Column::Year])
        .value(counter::Column::Last, Expr::col((counter::Entity, counter::Column::Last)))
        .to_owned();
    Ok(counter::Entity::insert(first).on_conflict(same).exec_with_returning(tx).await?.last)
}

/// Notes the last number given.
pub async fn set_last_number(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    year: i32,
    last: i32,
) -> Result<(), DbErr> {
    counter::Entity::update_many()
        .set(counter::ActiveModel { last: Set(last), ..Default::default() })
        .filter(counter::Column::OrganisationId.eq(organisation))
        .filter(counter::Column::Year.eq(year))
        .exec(tx)
        .await
        .map(drop)
}

/// Writes work orders.
pub async fn insert(tx: &DatabaseTransaction, rows: Vec<Model>) -> Result<(), DbErr> {
    Entity::insert_many(rows.into_iter().map(ActiveModel::from)).exec_without_returning(tx).await.map(drop)
}

/// Closes; `false` when somebody has closed it before.
pub async fn close(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    set_status(tx, organisation, id, (Status::Closed, Some(now))).await
}

/// Changes the status; `false` when it stands there already, because somebody was faster. `closed_at` is kept with it.
pub async fn set_status(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    id: Uuid,
    (status, closed_at): (Status, Option<DateTime<Utc>>),
) -> Result<bool, DbErr> {
    let changed = Entity::update_many()
        .set(ActiveModel { status: Set(status), closed_at: Set(closed_at), ..Default::default() })
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Id.eq(id))
        .filter(Column::Status.ne(status))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Counts a contest of the closure of `closed_at`; `false` when the work order is no longer closed by it.
pub async fn count_contest(
    tx: &DatabaseTransaction,
    id: Uuid,
    closed_at: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let counted = Entity::update_many()
        .col_expr(Column::Contests, Expr::col(Column::Contests).add(1))
        .col_expr(Column::Status, Expr::value(Status::InProgress))
        .col_expr(Column::ClosedAt, Expr::value(None::<DateTime<Utc>>))
        .filter(Column::Id.eq(id))
        .filter(Column::ClosedAt.eq(closed_at))
        .exec(tx)
        .await?;
    Ok(counted.rows_affected == 1)
}

/// Changes the columns that are set.
pub async fn update(tx: &DatabaseTransaction, id: Uuid, change: ActiveModel) -> Result<(), DbErr> {
    Entity::update_many().set(change).filter(Column::Id.eq(id)).exec(tx).await.map(drop)
}

/// Several work orders of an organisation. Asked for by id alone: with the organisation beside it, SQLite would walk all of its
/// work orders.
pub async fn by_ids(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    ids: Vec<Uuid>,
) -> Result<Vec<Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Entity::find().filter(Column::Id.is_in(ids)).all(db).await?;
    found.retain(|order| order.organisation_id == organisation);
    Ok(found)
}

/// Whether there is any work order at all in the installation.
pub async fn any(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let one = Query::select().column(Column::Id).from(Entity).limit(1).to_owned();
    Ok(db.query_one(&one).await?.is_some())
}

/// Where a row stands among a taxpayer's work orders: time of writing the row, then id.
pub type RegisterKey = (DateTime<Utc>, Uuid);

/// One page of a taxpayer's work orders, newest first.
pub async fn page_of_taxpayer(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    taxpayer: Uuid,
    from: &Seek<RegisterKey>,
    limit: usize,
) -> Result<Page<Model>, DbErr> {
    let rows = Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::TaxpayerId.eq(taxpayer))
        .limit(limit as u64 + 1);
    let rows = match *from {
        Seek::Start => rows.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id),
        Seek::After((at, id)) => rows
            .filter(Column::CreatedAt.lte(at))
            .filter(Condition::any().add(Column::CreatedAt.lt(at)).add(Column::Id.lt(id)))
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::Id),
        Seek::Before((at, id)) => rows
            .filter(Column::CreatedAt.gte(at))
            .filter(Condition::any().add(Column::CreatedAt.gt(at)).add(Column::Id.gt(id)))
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Id),
    };
    Ok(Page::new(rows.all(db).await?, limit, from))
}
