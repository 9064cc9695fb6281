//! What citizens prove to apps, and the requests that such a proof opens.

use chrono::{DateTime, Utc};
use entity::{
    citizen_token::{ActiveModel, Column, Entity, Model},
    follower, submission, taxpayer,
    work_order::{self, Identified},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

/// Conditions of the partial indexes on followers, as words: a bound value would hide them from the planners.
const HAS_ADDRESS: &str = "address <> ''";
const HAS_FISCAL_CODE: &str = "fiscal_code <> ''";

/// Who a citizen is, as far as an app has shown it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Citizen {
    /// The holder of this email address, lower case.
    Address(String),
    /// The person or company with this codice fiscale or partita IVA, upper case: the app has verified it. Whoever fills a
    /// form may type anybody's: so this opens what the same app has sent, and what is tied to that taxpayer by more than typed
    /// words.
    FiscalCode {
        /// The code.
        code: String,
        /// The app.
        app_key: Uuid,
    },
}

/// The token with this SHA-256 that an app may show now.
pub async fn live(
    db: &impl ConnectionTrait,
    app_key: Uuid,
    hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::TokenHash.eq(hash))
        .filter(Expr::cust("token_hash IS NOT NULL"))
        .filter(Column::AppKeyId.eq(app_key))
        .filter(Column::ExpiresAt.gt(now))
        .one(db)
        .await
}

/// How many codes an app has asked for an address since an instant, counted up to `cap`.
pub async fn asked_since(
    db: &impl ConnectionTrait,
    (organisation, app_key): (Uuid, Uuid),
    address: &str,
    since: DateTime<Utc>,
    cap: u64,
) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::AppKeyId.eq(app_key))
        .filter(Column::Address.eq(address))
        .filter(Column::CreatedAt.gt(since))
        .limit(cap)
        .count(db)
        .await
}

/// Writes the asking for a code.
pub async fn insert(tx: &DatabaseTransaction, row: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(row)).exec_without_returning(tx).await.map(drop)
}

/// Counts one attempt at a code that can still be shown; gives the asking, or `None` when there is no such attempt left.
/// One statement: a hundred attempts at the same instant count as a hundred.
pub async fn attempt(
    tx: &DatabaseTransaction,
    (organisation, app_key): (Uuid, Uuid),
    id: Uuid,
    most: i32,
    now: DateTime<Utc>,
) -> Result<Option<Model>, DbErr> {
    let counted = Entity::update_many()
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.eq(id))
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::AppKeyId.eq(app_key))
        .filter(Column::Attempts.lt(most))
        .filter(Column::TokenHash.is_null())
        .filter(Column::ExpiresAt.gt(now))
        .exec(tx)
        .await?;
    if counted.rows_affected == 0 {
        return Ok(None);
    }
    Entity::find_by_id(id).one(tx).await
}

/// The code was right: from now on the token counts.
pub async fn redeem(
    tx: &DatabaseTransaction,
    id: Uuid,
    hash: Vec<u8>,
    expires_at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let change =
        ActiveModel { token_hash: Set(Some(hash)), expires_at: Set(expires_at), ..Default::default() };
    Entity::update_many().set(change).filter(Column::Id.eq(id)).exec(tx).await.map(drop)
}

/// Forgets a token.
pub async fn delete(tx: &DatabaseTransaction, id: Uuid) -> Result<(), DbErr> {
    Entity::delete_by_id(id).exec(tx).await.map(drop)
}

/// Forgets codes and tokens that are over.
pub async fn sweep(tx: &DatabaseTransaction, now: DateTime<Utc>) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lt(now)).exec(tx).await.map(drop)
}

/// Whether the holder of an address follows anything of the organisation: only such a person has something to read.
pub async fn is_known(db: &impl ConnectionTrait, organisation: Uuid, address: &str) -> Result<bool, DbErr> {
    let citizen = Citizen::Address(address.to_owned());
    Ok(requests_of(organisation, &citizen, None, 1).one(db).await?.is_some())
}

/// The requests that a citizen wrote, newest first, before a row that the reader has seen.
pub async fn requests(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    citizen: &Citizen,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Vec<follower::Model>, DbErr> {
    requests_of(organisation, citizen, before, limit).all(db).await
}

/// The query of [`requests`], apart so that a test can ask the database for its plan.
#[must_use]
pub fn requests_of(
    organisation: Uuid,
    citizen: &Citizen,
    before: Option<Uuid>,
    limit: u64,
) -> Select<follower::Entity> {
    let all = follower::Entity::find().filter(follower::Column::OrganisationId.eq(organisation));
    let own = match citizen {
        Citizen::Address(address) => {
            all.filter(follower::Column::Address.eq(address)).filter(Expr::cust(HAS_ADDRESS))
        }
        Citizen::FiscalCode { code, app_key } => all
            .filter(follower::Column::FiscalCode.eq(code))
            .filter(Expr::cust(HAS_FISCAL_CODE))
            .filter(vouched(organisation, code, *app_key)),
    };
    let own = own
        .filter(follower::Column::Role.eq(follower::Role::Author))
        .filter(follower::Column::WorkOrderId.is_not_null())
        .order_by_desc(follower::Column::Id)
        .limit(limit);
    match before {
        Some(id) => own.filter(follower::Column::Id.lt(id)),
        None => own,
    }
}

/// The request was sent by this app, or the desk knows by more than typed words that it is this taxpayer's.
fn vouched(organisation: Uuid, code: &str, app_key: Uuid) -> Condition {
    let followed = (follower::Entity, follower::Column::WorkOrderId);
    let sent = Query::select()
        .expr(Expr::val(1))
        .from(submission::Entity)
        .and_where(Expr::col((submission::Entity, submission::Column::WorkOrderId)).equals(followed))
        .and_where(submission::Column::OrganisationId.eq(organisation))
        .and_where(submission::Column::AppKeyId.eq(app_key))
        .to_owned();
    let proven = [Identified::Address, Identified::AddressAndCode, Identified::Operator];
    let tied = Query::select()
        .expr(Expr::val(1))
        .from(work_order::Entity)
        .inner_join(
            taxpayer::Entity,
            Expr::col((taxpayer::Entity, taxpayer::Column::Id))
                .equals((work_order::Entity, work_order::Column::TaxpayerId)),
        )
        .and_where(Expr::col((work_order::Entity, work_order::Column::Id)).equals(followed))
        .and_where(work_order::Column::Identified.is_in(proven))
        .and_where(taxpayer::Column::FiscalCode.eq(code))
        .to_owned();
    Condition::any().add(Expr::exists(sent)).add(Expr::exists(tied))
}

/// The citizen among those who follow a work order, if that is who wrote it.
pub async fn author(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    citizen: &Citizen,
    work_order: Uuid,
) -> Result<Option<follower::Model>, DbErr> {
    let own = follower::Entity::find()
        .filter(follower::Column::OrganisationId.eq(organisation))
        .filter(follower::Column::WorkOrderId.eq(work_order))
        .filter(follower::Column::Role.eq(follower::Role::Author));
    let own = match citizen {
        Citizen::Address(address) => own.filter(follower::Column::Address.eq(address)),
        Citizen::FiscalCode { code, app_key } => {
            own.filter(follower::Column::FiscalCode.eq(code)).filter(vouched(organisation, code, *app_key))
        }
    };
    own.one(db).await
}
