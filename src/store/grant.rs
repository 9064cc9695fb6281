//! How we sign in to mailboxes by OAuth 2.0.

use chrono::{DateTime, Utc};
use entity::{
    mailbox,
    mailbox_grant::{ActiveModel, Column, Entity, Model},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, sea_query::OnConflict,
};
use uuid::Uuid;

/// The grant of a mailbox.
pub async fn by_mailbox(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    mailbox: Uuid,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(mailbox).filter(Column::OrganisationId.eq(organisation)).one(db).await
}

/// The grant whose consent is under way with this state (its hash).
pub async fn by_state(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    state: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::AskedState.eq(state))
        .one(db)
        .await
}

/// Grants of an organisation that cannot be renewed: mailbox and why.
pub async fn failing(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Vec<(Uuid, String)>, DbErr> {
    let rows: Vec<(Uuid, Option<String>)> = Entity::find()
        .select_only()
        .columns([Column::MailboxId, Column::LastError])
        .filter(Column::OrganisationId.eq(organisation))
        .filter(Column::LastError.is_not_null())
        .filter(Column::MailboxId.in_subquery(in_use(Condition::all())))
        .order_by_asc(Column::MailboxId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|(mailbox, words)| Some((mailbox, words?))).collect())
}

/// Grants in use whose token ends between `now` and `until`, the first to end first. Mailboxes that another process reads are
/// left to it: two processes that renew at the same time would take each other's refresh token away.
pub async fn ending(
    db: &impl ConnectionTrait,
    process: Uuid,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let ours = Condition::any()
        .add(mailbox::Column::LeaseOwner.eq(process))
        .add(mailbox::Column::LeaseUntil.is_null())
        .add(mailbox::Column::LeaseUntil.lt(now));
    Entity::find()
        .filter(Column::ExpiresAt.gt(now))
        .filter(Column::ExpiresAt.lte(until))
        .filter(Column::MailboxId.in_subquery(in_use(Condition::all().add(ours))))
        .order_by_asc(Column::ExpiresAt)
        .limit(limit)
        .all(db)
        .await
}

/// Mailboxes that sign in by token, and are not at rest.
fn in_use(further: Condition) -> sea_orm::sea_query::SelectStatement {
    mailbox::Entity::find()
        .select_only()
        .column(mailbox::Column::Id)
        .filter(mailbox::Column::SignIn.eq(mailbox::SignIn::Oauth))
        .filter(mailbox::Column::Paused.eq(false))
        .filter(further)
        .into_query()
}

/// Writes the registration of a mailbox: a new row, or these columns of the one that is there. With another application
/// (`is_another`) all of `row` counts: a consent that is under way, and what was given to the one before, go. Otherwise those
/// columns are not touched, since they may be changing at this moment.
pub async fn put(tx: &DatabaseTransaction, row: Model, is_another: bool) -> Result<(), DbErr> {
    let registration = [
        Column::Provider,
        Column::Flow,
        Column::AuthorizeUrl,
        Column::TokenUrl,
        Column::Scope,
        Column::ClientId,
        Column::ClientSecret,
    ];
    let given = [
        Column::AskedState,
        Column::AskedVerifier,
        Column::AskedAt,
        Column::AccessToken,
        Column::RefreshToken,
        Column::ExpiresAt,
        Column::GrantedAt,
    ];
    let mut change = OnConflict::column(Column::MailboxId).update_columns(registration).to_owned();
    if is_another {
        change.update_columns(given);
    }
    Entity::insert(ActiveModel::from(row)).on_conflict(change).exec_without_returning(tx).await.map(drop)
}

/// Changes the columns that are set.
pub async fn update(tx: &DatabaseTransaction, mailbox: Uuid, change: ActiveModel) -> Result<(), DbErr> {
    Entity::update_many().set(change).filter(Column::MailboxId.eq(mailbox)).exec(tx).await.map(drop)
}

/// Changes the columns that are set, if tokens are still asked for by the application and at the server of `grant`.
pub async fn update_if_same_application(
    tx: &DatabaseTransaction,
    grant: &Model,
    change: ActiveModel,
) -> Result<bool, DbErr> {
    update_if(tx, change, same_application(grant)).await
}

/// The same, if moreover consent was not given anew since.
pub async fn update_if_same_consent(
    tx: &DatabaseTransaction,
    grant: &Model,
    change: ActiveModel,
) -> Result<bool, DbErr> {
    let same = match grant.granted_at {
        Some(granted_at) => Column::GrantedAt.eq(granted_at),
        None => Column::GrantedAt.is_null(),
    };
    update_if(tx, change, same_application(grant).add(same)).await
}

fn same_application(grant: &Model) -> Condition {
    Condition::all()
        .add(Column::MailboxId.eq(grant.mailbox_id))
        .add(Column::TokenUrl.eq(grant.token_url.as_str()))
        .add(Column::ClientId.eq(grant.client_id.as_str()))
}

async fn update_if(tx: &DatabaseTransaction, change: ActiveModel, holds: Condition) -> Result<bool, DbErr> {
    let changed = Entity::update_many().set(change).filter(holds).exec(tx).await?;
    Ok(changed.rows_affected == 1)
}

/// Ends a consent that is under way; `false` when it has been ended before.
pub async fn end_consent(tx: &DatabaseTransaction, mailbox: Uuid, state: &str) -> Result<bool, DbErr> {
    let ended = Entity::update_many()
        .set(ActiveModel {
            asked_state: Set(None),
            asked_verifier: Set(None),
            asked_at: Set(None),
            ..Default::default()
        })
        .filter(Column::MailboxId.eq(mailbox))
        .filter(Column::AskedState.eq(state))
        .exec(tx)
        .await?;
    Ok(ended.rows_affected == 1)
}
