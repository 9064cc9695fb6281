//! The first start: an organisation, its generic taxpayer, its request kinds, an administrator, a local mailbox.

use std::path::Path;

use chrono::{DateTime, Utc};
use entity::{
    mailbox::{After, Exit, Source},
    operator::Role,
    organisation, request_kind, taxpayer,
};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::{Cx, Desk, Result, micros, operator, sign_in};
use crate::{
    domain::{
        deadline::{DEFAULT_KINDS, Limit},
        text,
    },
    store,
};

const KEY_FINGERPRINT: &str = "key_fingerprint";

/// Name of the generic taxpayer on the page.
const GENERIC: &str = "Contribuente generico";

/// The key file does not belong to this database.
#[derive(Debug, thiserror::Error)]
#[error(
    "the key file does not belong to this database: passwords of mailboxes could not be read and replies would not find their \
     work orders. Put back the key file that was beside the database (data.dir)"
)]
pub struct WrongKey;

/// What a new organisation starts with.
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    /// Name of the organisation.
    pub name: &'a str,
    /// Filled with invented data.
    pub demo: bool,
    /// Folder for the local mailbox: `in` is watched, `out` receives letters.
    pub mail: &'a Path,
    /// Address of the local mailbox.
    pub address: &'a str,
    /// What the administrator types to sign in.
    pub login: &'a str,
    /// The administrator's one-time password.
    pub password: &'a str,
}

/// Ties the database to its key at the first start; later tells whether they still belong together.
pub async fn check_key(desk: &Desk) -> Result<std::result::Result<(), WrongKey>> {
    let mine = desk.keys.fingerprint();
    let tx = desk.db.begin().await?;
    let belongs = match store::organisation::installation_value(&tx, KEY_FINGERPRINT).await? {
        Some(fingerprint) => fingerprint == mine,
        None => {
            store::organisation::insert_installation_value(&tx, KEY_FINGERPRINT, &mine).await?;
            true
        }
    };
    tx.commit().await?;
    Ok(if belongs { Ok(()) } else { Err(WrongKey) })
}

/// Creates an organisation if the installation has none; gives its id if it did.
pub async fn begin(desk: &Desk, now: DateTime<Utc>, start: &Start<'_>) -> Result<Option<Uuid>> {
    let password_hash = sign_in::hash(start.password.to_owned()).await;
    let tx = desk.db.begin().await?;
    if !store::organisation::all(&tx).await?.is_empty() {
        return Ok(None);
    }
    let cx = Cx::system(Uuid::now_v7(), micros(now));
    create(&tx, &cx, start).await?;
    let form = operator::Form {
        login: start.login.to_owned(),
        name: "Amministratore".to_owned(),
        email: String::new(),
        role: Role::Administrator,
        active: true,
    };
    operator::insert(&tx, &cx, &form, password_hash).await?;
    tx.commit().await?;
    Ok(Some(cx.organisation))
}

async fn create(tx: &DatabaseTransaction, cx: &Cx, start: &Start<'_>) -> Result<()> {
    let organisation = organisation::Model {
        id: cx.organisation,
        name: start.name.to_owned(),
        patron_day: None,
        demo: start.demo,
        created_at: cx.now,
    };
    store::organisation::insert(tx, organisation).await?;
    let generic = taxpayer::Model {
        id: Uuid::now_v7(),
        organisation_id: cx.organisation,
        code: None,
        name: GENERIC.to_owned(),
        name_folded: text::fold(GENERIC),
        fiscal_code: None,
        address: String::new(),
        generic: true,
        created_at: cx.now,
        updated_at: cx.now,
    };
    store::taxpayer::insert(tx, generic).await?;
    store::organisation::insert_kinds(tx, kinds(cx)).await?;
    let mailbox = entity::mailbox::Model {
        name: start.name.to_owned(),
        address: start.address.to_owned(),
        source: Source::Maildir,
        maildir_path: start.mail.join("in").display().to_string(),
        exit: Exit::Folder,
        exit_path: start.mail.join("out").display().to_string(),
        after: After::Flag,
        ..super::mailbox::blank(cx)
    };
    Ok(store::mailbox::insert(tx, mailbox).await?)
}

fn kinds(cx: &Cx) -> Vec<request_kind::Model> {
    let days = |limit| match limit {
        Limit::WorkingDays(days) => i32::try_from(days).ok(),
        Limit::Hours(_) => None,
    };
    let hours = |limit| match limit {
        Limit::Hours(hours) => i32::try_from(hours).ok(),
        Limit::WorkingDays(_) => None,
    };
    (1..)
        .zip(DEFAULT_KINDS)
        .map(|(position, kind)| request_kind::Model {
            id: Uuid::now_v7(),
            organisation_id: cx.organisation,
            code: kind.code.to_owned(),
            name: kind.name.to_owned(),
            position,
            limit_days: days(kind.limit),
            limit_hours: hours(kind.limit),
            survey_limit_days: kind.limit_with_survey.and_then(days),
        })
        .collect()
}
