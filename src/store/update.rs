//! How and in which words citizens are told of progress: what an organisation has set itself.

use entity::{
    language::Language,
    update_rule::{self, Occasion, Way},
    update_text::{self, Medium},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use uuid::Uuid;

/// Every rule of an organisation: nine occasions for each of its kinds at most.
pub async fn rules(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<update_rule::Model>, DbErr> {
    update_rule::Entity::find().filter(update_rule::Column::OrganisationId.eq(organisation)).all(db).await
}

/// The rules that concern an occasion of a kind: its own, and the one for all kinds.
pub async fn rules_for(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    kind: Uuid,
    occasion: Occasion,
) -> Result<Vec<update_rule::Model>, DbErr> {
    let of_kind =
        Condition::any().add(update_rule::Column::KindId.eq(kind)).add(update_rule::Column::KindId.is_null());
    update_rule::Entity::find()
        .filter(update_rule::Column::OrganisationId.eq(organisation))
        .filter(update_rule::Column::Occasion.eq(occasion))
        .filter(of_kind)
        .all(db)
        .await
}

/// Writes a rule in the place of the one that was there; without `way` what holds for all takes its place.
pub async fn set_rule(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    (kind, occasion): (Option<Uuid>, Occasion),
    way: Option<Way>,
) -> Result<(), DbErr> {
    let of_kind = match kind {
        Some(kind) => update_rule::Column::KindId.eq(kind),
        None => update_rule::Column::KindId.is_null(),
    };
    update_rule::Entity::delete_many()
        .filter(update_rule::Column::OrganisationId.eq(organisation))
        .filter(update_rule::Column::Occasion.eq(occasion))
        .filter(of_kind)
        .exec(tx)
        .await?;
    let Some(way) = way else { return Ok(()) };
    let row = update_rule::Model {
        id: Uuid::now_v7(),
        organisation_id: organisation,
        kind_id: kind,
        occasion,
        way,
    };
    // Two who save at one moment: the rule of one of them stands, as if the other had been first.
    update_rule::Entity::insert_many([update_rule::ActiveModel::from(row)])
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await
        .map(drop)
}

/// Every text that an organisation has written itself.
pub async fn texts(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<update_text::Model>, DbErr> {
    update_text::Entity::find().filter(update_text::Column::OrganisationId.eq(organisation)).all(db).await
}

/// Which text.
pub type Which = (Occasion, Medium, Language);

/// A text that an organisation has written itself.
pub async fn text(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    (occasion, medium, language): Which,
) -> Result<Option<update_text::Model>, DbErr> {
    update_text::Entity::find()
        .filter(update_text::Column::OrganisationId.eq(organisation))
        .filter(update_text::Column::Occasion.eq(occasion))
        .filter(update_text::Column::Medium.eq(medium))
        .filter(update_text::Column::Language.eq(language))
        .one(db)
        .await
}

/// Writes a text for the first time; `false` when somebody else just has.
pub async fn insert_text(tx: &DatabaseTransaction, row: update_text::Model) -> Result<bool, DbErr> {
    let written = update_text::Entity::insert(update_text::ActiveModel::from(row))
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(written == 1)
}

/// Changes a text that nobody else has changed since `version`; `false` when somebody has.
pub async fn update_text(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    (id, version): (Uuid, i32),
    (subject, body): (String, String),
) -> Result<bool, DbErr> {
    let change = update_text::ActiveModel { subject: Set(subject), body: Set(body), ..Default::default() };
    let changed = update_text::Entity::update_many()
        .set(change)
        .col_expr(update_text::Column::Version, Expr::col(update_text::Column::Version).add(1))
        .filter(update_text::Column::Id.eq(id))
        .filter(update_text::Column::OrganisationId.eq(organisation))
        .filter(update_text::Column::Version.eq(version))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected == 1)
}

/// Takes a text away that nobody else has changed since `version`: the program's own holds again. `false` when somebody has.
pub async fn delete_text(
    tx: &DatabaseTransaction,
    organisation: Uuid,
    (id, version): (Uuid, i32),
) -> Result<bool, DbErr> {
    let deleted = update_text::Entity::delete_many()
        .filter(update_text::Column::Id.eq(id))
        .filter(update_text::Column::OrganisationId.eq(organisation))
        .filter(update_text::Column::Version.eq(version))
        .exec(tx)
        .await?;
    Ok(deleted.rows_affected == 1)
}
