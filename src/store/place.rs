//! Where things are, and which open work orders are about the same place.

use entity::{
    place::{ActiveModel, Column, Entity, Model},
    work_order,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use crate::domain::place;

/// Most places of one street, or of one band, that are looked at: the newest.
const LOOKED_AT: u64 = 100;
/// Most work orders that are shown to somebody who is about to write the same.
const SHOWN: usize = 3;

/// The place of a work order.
pub async fn of(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    work_order: Uuid,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(work_order).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// The places of some work orders.
pub async fn of_orders(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    work_orders: &[Uuid],
) -> Result<Vec<Model>, DbErr> {
    let of = Column::WorkOrderId.is_in(work_orders.iter().copied());
    Entity::find().filter(Column::OrganisationId.eq(organisation)).filter(of).all(db).await
}

/// Writes a place.
pub async fn insert(tx: &DatabaseTransaction, row: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(row)).exec_without_returning(tx).await.map(drop)
}

/// Open work orders of a kind that are about this street, or near this position (degrees north, degrees east), newest first.
/// Their places come along; whoever shows them shows nobody's words.
pub async fn near(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    kind: Uuid,
    street: &str,
    position: Option<(f64, f64)>,
) -> Result<Vec<(work_order::Model, Model)>, DbErr> {
    let mut places = Vec::new();
    if !street.is_empty() {
        places = at_street_query(organisation, kind, street).all(db).await?;
    }
    if let Some(here) = position {
        let around = around_query(organisation, kind, here).all(db).await?;
        let near =
            |one: &Model| one.latitude.zip(one.longitude).is_some_and(|there| place::is_near(here, there));
        // A street is long: where both positions are known, they decide.
        places.retain(|one| one.latitude.is_none() || near(one));
        for one in around.into_iter().filter(near) {
            if places.iter().all(|known| known.work_order_id != one.work_order_id) {
                places.push(one);
            }
        }
    }
    let ids = places.iter().map(|place| place.work_order_id).collect();
    let mut orders = super::work_order::by_ids(db, organisation, ids).await?;
    orders.sort_by_key(|order| std::cmp::Reverse(order.created_at));
    orders.truncate(SHOWN);
    let with_place = |order: work_order::Model| {
        let place = places.iter().find(|place| place.work_order_id == order.id)?.clone();
        Some((order, place))
    };
    Ok(orders.into_iter().filter_map(with_place).collect())
}

/// The places of one street of which [`near`] speaks, apart so that a test can ask the database for its plan.
#[must_use]
pub fn at_street_query(organisation: Uuid, kind: Uuid, street: &str) -> Select<Entity> {
    open_of_kind(organisation, kind).filter(Column::Street.eq(street))
}

/// Likewise, those around a position (degrees north, degrees east). Newest first of what lies in the band, which no index gives.
#[must_use]
pub fn around_query(organisation: Uuid, kind: Uuid, here: (f64, f64)) -> Select<Entity> {
    let ((south, north), (west, east)) = (place::band(here.0), place::breadth(here));
    open_of_kind(organisation, kind)
        .filter(Column::Latitude.between(south, north))
        .filter(Column::Longitude.between(west, east))
}

fn open_of_kind(organisation: Uuid, kind: Uuid) -> Select<Entity> {
    let open = Query::select()
        .expr(Expr::val(1))
        .from(work_order::Entity)
        .and_where(
            Expr::col((work_order::Entity, work_order::Column::Id)).equals((Entity, Column::WorkOrderId)),
        )
        .and_where(Expr::col((work_order::Entity, work_order::Column::ClosedAt)).is_null())
        .to_owned();
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::KindId.eq(kind))
        .filter(Expr::exists(open))
        .order_by_desc(Column::CreatedAt)
        .limit(LOOKED_AT)
}
