//! Mailboxes, their cursor and their lease.

use chrono::{DateTime, Utc};
use entity::{
    mailbox::{ActiveModel, Column, Entity, Kind, Model},
    portal,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    ExprTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

/// Mailboxes of an organisation, by address.
pub async fn all(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::OrganisationId.eq(organisation)).order_by_asc(Column::Address).all(db).await
}

/// Mailboxes of the whole installation that are to be read.
pub async fn active(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::Paused.eq(false)).order_by_asc(Column::Id).all(db).await
}

/// One mailbox of an organisation.
pub async fn by_id(db: &impl ConnectionTrait, organisation: Uuid, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// Mailboxes of that address, in whatever organisation.
pub async fn by_address(db: &impl ConnectionTrait, address: &str) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::Address.eq(address)).all(db).await
}

/// Addresses of an organisation's mailboxes: never citizens.
pub async fn addresses(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<String>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::Address)
        .filter(Column::OrganisationId.eq(organisation))
        .into_tuple()
        .all(db)
        .await
}

/// Whether the organisation has a mailbox of certified mail.
pub async fn has_pec(db: &impl ConnectionTrait, organisation: Uuid) -> Result<bool, DbErr> {
    let found = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Kind.eq(Kind::Pec))
        .into_tuple::<Uuid>()
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// Writes a mailbox.
pub async fn insert(tx: &DatabaseTransaction, row: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(row)).exec_without_returning(tx).await.map(drop)
}

/// Changes the columns that are set.
pub async fn update(tx: &DatabaseTransaction, id: Uuid, change: ActiveModel) -> Result<(), DbErr> {
    Entity::update_many().set(change).filter(Column::Id.eq(id)).exec(tx).await.map(drop)
}

/// Notes how far a mailbox was read. A task whose settings are no longer the stored ones notes nothing: its folder may be
/// another one.
pub async fn set_cursor(
    tx: &DatabaseTransaction,
    mailbox: &Model,
    uid_validity: i64,
    last_uid: i64,
) -> Result<(), DbErr> {
    Entity::update_many()
        .set(ActiveModel {
            uid_validity: Set(Some(uid_validity)),
            last_uid: Set(last_uid),
            ..Default::default()
        })
        .filter(Column::Id.eq(mailbox.id))
        .filter(Column::Numbering.eq(mailbox.numbering))
        .exec(tx)
        .await
        .map(drop)
}

/// Lets the task that reads the mailbox begin anew. An expression: a change that is under way is not overwritten.
pub async fn bump_version(tx: &DatabaseTransaction, id: Uuid) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await
        .map(drop)
}

/// Takes or keeps the right to read the mailbox; `false` while another process has it.
pub async fn lease(
    tx: &DatabaseTransaction,
    id: Uuid,
    owner: Uuid,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let free = Condition::any()
        .add(Column::LeaseUntil.is_null())
        .add(Column::LeaseUntil.lt(now))
        .add(Column::LeaseOwner.eq(owner));
    let taken = Entity::update_many()
        .set(ActiveModel {
            lease_owner: Set(Some(owner)),
            lease_until: Set(Some(until)),
            ..Default::default()
        })
        .filter(Column::Id.eq(id))
        .filter(free)
        .exec(tx)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Notes when the administrators were written to, if nobody has noted anything since `from`.
pub async fn set_warned(
    tx: &DatabaseTransaction,
    id: Uuid,
    from: Option<DateTime<Utc>>,
    to: Option<DateTime<Utc>>,
) -> Result<bool, DbErr> {
    let unchanged = match from {
        Some(from) => Column::WarnedAt.eq(from),
        None => Column::WarnedAt.is_null(),
    };
    let done = Entity::update_many()
        .set(ActiveModel { warned_at: Set(to), ..Default::default() })
        .filter(Column::Id.eq(id))
        .filter(unchanged)
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

/// Gives the right back, so that another process need not wait for its end.
pub async fn release(tx: &DatabaseTransaction, id: Uuid, owner: Uuid) -> Result<(), DbErr> {
    Entity::update_many()
        .set(ActiveModel { lease_owner: Set(None), lease_until: Set(None), ..Default::default() })
        .filter(Column::Id.eq(id))
        .filter(Column::LeaseOwner.eq(owner))
        .exec(tx)
        .await
        .map(drop)
}

/// Notes what the sending server said of our account; written only when it changes, since every letter asks.
pub async fn set_exit_error(tx: &DatabaseTransaction, id: Uuid, error: Option<String>) -> Result<(), DbErr> {
    let changed = match &error {
        Some(words) => {
            Condition::any().add(Column::ExitError.is_null()).add(Column::ExitError.ne(words.as_str()))
        }
        None => Condition::all().add(Column::ExitError.is_not_null()),
    };
    Entity::update_many()
        .set(ActiveModel { exit_error: Set(error), ..Default::default() })
        .filter(Column::Id.eq(id))
        .filter(changed)
        .exec(tx)
        .await
        .map(drop)
}

/// The mailbox by which the letters of a portal leave: its own, else the first ordinary one, else a certified one. One that
/// rests sends nothing.
pub async fn way_out(db: &impl ConnectionTrait, portal: &portal::Model) -> Result<Option<Model>, DbErr> {
    let mut all = all(db, portal.organisation_id).await?;
    all.retain(|mailbox| !mailbox.paused);
    let chosen = all.iter().find(|mailbox| Some(mailbox.id) == portal.mailbox_id);
    let ordinary = all.iter().find(|mailbox| mailbox.kind == Kind::Ordinary);
    Ok(chosen.or(ordinary).or(all.first()).cloned())
}
