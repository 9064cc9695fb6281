//! How many people a notice concerns: counts for the desk, one statement each, so that a page does not read a town to write a
//! number. Who exactly is told is decided by `actions::notice`, by the same rules.

use entity::{
    communication, delivery,
    follower::{self, Role, ToldBy},
    notice_work_order as linked, work_order,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter,
    QuerySelect,
    sea_query::{Expr, Query, SelectStatement, UnionType},
};
use uuid::Uuid;

/// Numbers are counted up to here.
pub const COUNTED: u64 = 10_000;

/// How many follow a notice, and how many more have asked to and not confirmed their address; each up to [`COUNTED`].
pub async fn following(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    notice: Uuid,
) -> Result<(u64, u64), DbErr> {
    counted(db, organisation, follower::Column::NoticeId.eq(notice)).await
}

/// The same of a work order; its author is no follower.
pub async fn following_order(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    work_order: Uuid,
) -> Result<(u64, u64), DbErr> {
    let of_it = follower::Column::WorkOrderId.eq(work_order);
    counted(db, organisation, of_it.and(follower::Column::Role.eq(Role::Follower))).await
}

async fn counted(db: &impl ConnectionTrait, organisation: Uuid, what: Expr) -> Result<(u64, u64), DbErr> {
    let of = |confirmed: Expr| {
        let followers = follower::Entity::find().filter(follower::Column::OrganisationId.eq(organisation));
        followers.filter(what.clone()).filter(confirmed).limit(COUNTED)
    };
    let confirmed = of(follower::Column::ConfirmedAt.is_not_null()).count(db).await?;
    let waiting = of(follower::Column::ConfirmedAt.is_null()).count(db).await?;
    Ok((confirmed, waiting))
}

/// How many addresses are told when a notice is over, up to [`COUNTED`]: whoever follows it or a work order that it explains,
/// and who opened one by mail and was reached there.
pub async fn told(db: &impl ConnectionTrait, organisation: Uuid, notice: Uuid) -> Result<u64, DbErr> {
    let row = db.query_one(&told_query(organisation, notice)).await?;
    let counted: i64 = row.map_or(Ok(0), |row| row.try_get("", "counted"))?;
    Ok(u64::try_from(counted).unwrap_or(0))
}

/// The query of [`told`], apart so that a test can ask the database for its plan.
#[must_use]
pub fn told_query(organisation: Uuid, notice: Uuid) -> SelectStatement {
    // A union of addresses: one person is told once, whatever they follow.
    let mut addresses = followers_of_notice(organisation, notice);
    addresses.union(UnionType::Distinct, followers_of_orders(organisation, notice));
    addresses.union(UnionType::Distinct, senders(organisation, notice));
    addresses.limit(COUNTED);
    Query::select()
        .expr_as(Expr::cust("COUNT(*)"), "counted")
        .from_subquery(addresses, "addresses")
        .to_owned()
}

/// The address of a follower who may be written to (`actions::update::is_told`).
fn followers(organisation: Uuid) -> SelectStatement {
    Query::select()
        .column((follower::Entity, follower::Column::Address))
        .from(follower::Entity)
        .and_where(Expr::col((follower::Entity, follower::Column::OrganisationId)).eq(organisation))
        .and_where(follower::Column::ConfirmedAt.is_not_null())
        .and_where(follower::Column::ToldBy.ne(ToldBy::Nothing))
        .and_where(follower::Column::Address.ne(""))
        .to_owned()
}

fn followers_of_notice(organisation: Uuid, notice: Uuid) -> SelectStatement {
    followers(organisation).and_where(follower::Column::NoticeId.eq(notice)).to_owned()
}

fn followers_of_orders(organisation: Uuid, notice: Uuid) -> SelectStatement {
    followers(organisation)
        .inner_join(
            linked::Entity,
            Expr::col((linked::Entity, linked::Column::WorkOrderId))
                .equals((follower::Entity, follower::Column::WorkOrderId)),
        )
        .and_where(linked::Column::OrganisationId.eq(organisation))
        .and_where(linked::Column::NoticeId.eq(notice))
        .to_owned()
}

/// Who opened a work order by mail: there is no author among its followers, and a letter about it was taken and did not come
/// back.
fn senders(organisation: Uuid, notice: Uuid) -> SelectStatement {
    let order = || Expr::col((work_order::Entity, work_order::Column::Id));
    let author = Query::select()
        .expr(Expr::val(1))
        .from(follower::Entity)
        .and_where(follower::Column::OrganisationId.eq(organisation))
        .and_where(Expr::col((follower::Entity, follower::Column::WorkOrderId)).eq(order()))
        .and_where(follower::Column::Role.eq(Role::Author))
        .to_owned();
    let reached = Query::select()
        .expr(Expr::val(1))
        .from(communication::Entity)
        .inner_join(
            delivery::Entity,
            Expr::col((delivery::Entity, delivery::Column::CommunicationId))
                .equals((communication::Entity, communication::Column::Id))
                .and(delivery::Column::OrganisationId.eq(organisation)),
        )
        .and_where(communication::Column::OrganisationId.eq(organisation))
        .and_where(Expr::col((communication::Entity, communication::Column::WorkOrderId)).eq(order()))
        .and_where(
            Expr::col((delivery::Entity, delivery::Column::Recipient))
                .equals((work_order::Entity, work_order::Column::SenderAddress)),
        )
        .and_where(delivery::Column::State.eq(delivery::State::Sent))
        .cond_where(
            Condition::any()
                .add(delivery::Column::Proof.is_null())
                .add(delivery::Column::Proof.ne(delivery::Proof::NotDelivered)),
        )
        .to_owned();
    Query::select()
        .column((work_order::Entity, work_order::Column::SenderAddress))
        .from(linked::Entity)
        .inner_join(work_order::Entity, order().equals((linked::Entity, linked::Column::WorkOrderId)))
        .and_where(linked::Column::OrganisationId.eq(organisation))
        .and_where(linked::Column::NoticeId.eq(notice))
        .and_where(Expr::col((work_order::Entity, work_order::Column::OrganisationId)).eq(organisation))
        .and_where(Expr::exists(author).not())
        .and_where(Expr::exists(reached))
        .to_owned()
}
