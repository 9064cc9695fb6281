//! The register: taxpayers and their contacts.

use chrono::{DateTime, Utc};
use entity::{
    contact,
    taxpayer::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait,
    FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, LikeExpr, OnConflict},
};
use uuid::Uuid;

use super::{Page, Seek};

/// Where a row stands in the list: folded name, then id.
pub type ListKey = (String, Uuid);

/// One page of the register by name. `words` are beginnings of words of the folded name, in any order: registers write the
/// surname first, people rarely do. The walk follows the index of names and ends when the page is full; words that few names
/// hold cost a walk through the whole register.
pub async fn list(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    words: &str,
    from: &Seek<ListKey>,
    limit: usize,
) -> Result<Page<Model>, DbErr> {
    let mut rows = Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::Generic.eq(false))
        .limit(limit as u64 + 1);
    for word in words.split(' ').filter(|word| !word.is_empty()).take(8) {
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let like = |pattern: String| Expr::col(Column::NameFolded).like(LikeExpr::new(pattern).escape('\\'));
        rows =
            rows.filter(Condition::any().add(like(format!("{escaped}%"))).add(like(format!("% {escaped}%"))));
    }
    rows = match from {
        Seek::Start => rows.order_by_asc(Column::NameFolded).order_by_asc(Column::Id),
        Seek::After((name, id)) => rows
            .filter(Column::NameFolded.gte(name))
            .filter(Condition::any().add(Column::NameFolded.gt(name)).add(Column::Id.gt(*id)))
            .order_by_asc(Column::NameFolded)
            .order_by_asc(Column::Id),
        Seek::Before((name, id)) => rows
            .filter(Column::NameFolded.lte(name))
            .filter(Condition::any().add(Column::NameFolded.lt(name)).add(Column::Id.lt(*id)))
            .order_by_desc(Column::NameFolded)
            .order_by_desc(Column::Id),
    };
    Ok(Page::new(rows.all(db).await?, limit, from))
}

/// One taxpayer of an organisation.
pub async fn by_id(db: &impl ConnectionTrait, organisation: Uuid, id: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// Several taxpayers of an organisation.
pub async fn by_ids(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    ids: Vec<Uuid>,
) -> Result<Vec<Model>, DbErr> {
    // The organisation is looked at afterwards: SQLite would take it for the narrower condition and read all of its rows.
    let mut rows = Entity::find().filter(Column::Id.is_in(ids)).all(db).await?;
    rows.retain(|row| row.organisation_id == organisation);
    Ok(rows)
}

/// The organisation's record for whoever is not known.
pub async fn generic(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::OrganisationId.eq(organisation)).filter(Expr::cust("generic")).one(db).await
}

/// Taxpayers whose contact this address is.
pub async fn ids_by_address(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    address: &str,
) -> Result<Vec<Uuid>, DbErr> {
    contact::Entity::find()
        .select_only()
        .column(contact::Column::TaxpayerId)
        .filter(contact::Column::OrganisationId.eq(organisation))
        .filter(contact::Column::Address.eq(address))
        .limit(50)
        .into_tuple()
        .all(db)
        .await
}

/// A taxpayer whose contact an address is.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Holder {
    /// The address.
    pub address: String,
    /// Whose.
    pub taxpayer_id: Uuid,
    /// Since when letters to it are refused.
    pub unreachable_at: Option<DateTime<Utc>>,
}

/// Notes that letters to an address are refused for good, or (`None`) that somebody wrote from it.
pub async fn set_unreachable(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    address: &str,
    since: Option<(DateTime<Utc>, String)>,
) -> Result<(), DbErr> {
    let (at, words) = since.unzip();
    contact::Entity::update_many()
        .set(contact::ActiveModel {
            unreachable_at: Set(at),
            unreachable_words: Set(words),
            ..Default::default()
        })
        .filter(contact::Column::OrganisationId.eq(organisation))
        .filter(contact::Column::Address.eq(address))
        .exec(tx)
        .await
        .map(drop)
}

/// Who holds which of these addresses.
pub async fn holders(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    addresses: &[&str],
) -> Result<Vec<Holder>, DbErr> {
    contact::Entity::find()
        .select_only()
        .columns([contact::Column::Address, contact::Column::TaxpayerId, contact::Column::UnreachableAt])
        .filter(contact::Column::OrganisationId.eq(organisation))
        .filter(contact::Column::Address.is_in(addresses.iter().copied()))
        .into_model::<Holder>()
        .all(db)
        .await
}

/// Taxpayers with one of these codici fiscali, partite IVA or codici utente.
pub async fn by_codes(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    codes: &[String],
) -> Result<Vec<Model>, DbErr> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    // Each side with the organisation, or SQLite uses neither index.
    let one_of = |column: Column| {
        let codes = codes.iter().map(String::as_str);
        Condition::all().add(Column::OrganisationId.eq(organisation)).add(column.is_in(codes))
    };
    Entity::find()
        .filter(Condition::any().add(one_of(Column::FiscalCode)).add(one_of(Column::Code)))
        .limit(50)
        .all(db)
        .await
}

/// The taxpayer with this codice utente.
pub async fn by_code(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    code: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::OrganisationId.eq(organisation)).filter(Column::Code.eq(code)).one(db).await
}

/// Contacts of a taxpayer.
pub async fn contacts(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    taxpayer: Uuid,
) -> Result<Vec<contact::Model>, DbErr> {
    contact::Entity::find()
        .filter(contact::Column::OrganisationId.eq(organisation))
        .filter(contact::Column::TaxpayerId.eq(taxpayer))
        .order_by_asc(contact::Column::Address)
        .limit(100)
        .all(db)
        .await
}

/// Writes a taxpayer.
pub async fn insert(tx: &DatabaseTransaction, row: Model) -> Result<(), DbErr> {
    Entity::insert(ActiveModel::from(row)).exec_without_returning(tx).await.map(drop)
}

/// Changes the columns that are set.
pub async fn update(tx: &DatabaseTransaction, id: Uuid, change: ActiveModel) -> Result<(), DbErr> {
    Entity::update_many().set(change).filter(Column::Id.eq(id)).exec(tx).await.map(drop)
}

/// Writes a contact; the same address of the same taxpayer once.
pub async fn insert_contact(tx: &DatabaseTransaction, row: contact::Model) -> Result<(), DbErr> {
    let columns = [contact::Column::OrganisationId, contact::Column::TaxpayerId, contact::Column::Address];
    let once = OnConflict::columns(columns).do_nothing().to_owned();
    contact::Entity::insert(contact::ActiveModel::from(row))
        .on_conflict(once)
        .exec_without_returning(tx)
        .await
        .map(drop)
}

/// Takes a contact away.
pub async fn delete_contact(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    taxpayer: Uuid,
    id: Uuid,
) -> Result<(), DbErr> {
    contact::Entity::delete_many()
        .filter(contact::Column::Id.eq(id))
        .filter(contact::Column::OrganisationId.eq(organisation))
        .filter(contact::Column::TaxpayerId.eq(taxpayer))
        .exec(tx)
        .await
        .map(drop)
}

/// Contacts of several taxpayers.
pub async fn contacts_of(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    taxpayers: &[Uuid],
) -> Result<Vec<contact::Model>, DbErr> {
    contact::Entity::find()
        .filter(contact::Column::OrganisationId.eq(organisation))
        .filter(contact::Column::TaxpayerId.is_in(taxpayers.iter().copied()))
        .order_by_asc(contact::Column::TaxpayerId)
        .order_by_asc(contact::Column::Address)
        .limit(500)
        .all(db)
        .await
}

/// Taxpayers whose postal address begins so, whatever its capitals.
pub async fn by_postal_address(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    beginning: &str,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let beginning = beginning.to_lowercase();
    let lower = || Expr::cust("lower(address)");
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(lower().gte(beginning.as_str()))
        .filter(lower().lt(format!("{beginning}\u{10ffff}")))
        .order_by(lower(), sea_orm::Order::Asc)
        .limit(limit)
        .all(db)
        .await
}
