//! The first start, and every further organisation: its generic taxpayer, its request kinds, its portal, an administrator, a
//! local mailbox.

use std::path::Path;

use chrono::{DateTime, Utc};
use entity::{
    mailbox::{After, Exit, Source},
    operator::Role,
    organisation,
    portal::{self, Admission, Anonymous},
    request_kind, taxpayer,
};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::{
    Cx, Desk, Flaw, Result, accept, micros, operator,
    portal::{NAME, is_host, is_slug},
    sign_in,
};
use crate::{
    domain::{
        deadline::{DEFAULT_KINDS, Limit},
        form, text,
    },
    store,
};

const KEY_FINGERPRINT: &str = "key_fingerprint";

/// Name of the first organisation, until an administrator writes the real one: under it no portal opens.
pub const UNNAMED: &str = "Ente da configurare";

/// Name of the first organisation in the addresses of its portal: an administrator chooses a better one.
const FIRST_SLUG: &str = "ente";
/// Colour of portals that nobody has coloured yet: that of public administrations.
const COLOUR: &str = "#0066cc";
/// Days after closing within which a citizen may contest, until an administrator says otherwise.
const CONTEST_DAYS: i32 = 30;
/// Days after closing for which personal links open, likewise.
const LINK_DAYS: i32 = 180;

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

/// Where citizens find an organisation.
#[derive(Clone, Copy, Debug)]
pub struct Door<'a> {
    /// Its name in addresses.
    pub slug: &'a str,
    /// Host name of its own.
    pub host: Option<&'a str>,
}

/// Creates an organisation if the installation has none; gives its id if it did.
pub async fn begin(desk: &Desk, now: DateTime<Utc>, start: &Start<'_>) -> Result<Option<Uuid>> {
    let password_hash = sign_in::hash(start.password.to_owned()).await;
    let tx = desk.db.begin().await?;
    if !store::organisation::all(&tx).await?.is_empty() {
        return Ok(None);
    }
    let cx = Cx::system(Uuid::now_v7(), micros(now));
    create(&tx, &cx, start, &Door { slug: FIRST_SLUG, host: None }, password_hash).await?;
    tx.commit().await?;
    Ok(Some(cx.organisation))
}

/// Creates one more organisation, with an administrator of its own.
///
/// # Errors
/// `Rejected` with flaws of `name`, `slug`, `host`, `login`: what the others of the installation have is taken.
pub async fn add(desk: &Desk, now: DateTime<Utc>, start: &Start<'_>, door: &Door<'_>) -> Result<Uuid> {
    let mut flaws = Vec::new();
    let name = text::one_line(start.name);
    if name.is_empty() || name.chars().count() > NAME {
        flaws.push(Flaw::new("name", format!("Scrivi il nome dell’ente, al massimo {NAME} caratteri.")));
    }
    if !is_slug(door.slug) {
        flaws.push(Flaw::new("slug", "Usa da 2 a 40 lettere minuscole senza accenti, cifre o trattini."));
    }
    if door.host.is_some_and(|host| !is_host(host)) {
        flaws.push(Flaw::new("host", "Scrivi solo il nome, come sportello.ente.it."));
    }
    accept(flaws)?;
    let password_hash = sign_in::hash(start.password.to_owned()).await;
    let tx = desk.db.begin().await?;
    accept(taken(&tx, &name, door).await?)?;
    let cx = Cx::system(Uuid::now_v7(), micros(now));
    create(&tx, &cx, &Start { name: &name, ..*start }, door, password_hash).await?;
    tx.commit().await?;
    Ok(cx.organisation)
}

async fn taken(tx: &DatabaseTransaction, name: &str, door: &Door<'_>) -> Result<Vec<Flaw>> {
    let mut flaws = Vec::new();
    if store::organisation::all(tx).await?.iter().any(|other| other.name == name) {
        flaws.push(Flaw::new("name", "Un ente con questo nome c’è già."));
    }
    if store::portal::by_slug(tx, door.slug).await?.is_some() {
        flaws.push(Flaw::new("slug", "Questo nome è già di un altro ente: scegline un altro."));
    }
    if let Some(host) = door.host
        && store::portal::by_host(tx, host).await?.is_some()
    {
        flaws.push(Flaw::new("host", "Questo nome è già di un altro ente."));
    }
    Ok(flaws)
}

async fn create(
    tx: &DatabaseTransaction,
    cx: &Cx,
    start: &Start<'_>,
    door: &Door<'_>,
    password_hash: String,
) -> Result<()> {
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
    store::portal::insert(tx, portal(cx, door)).await?;
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
    store::mailbox::insert(tx, mailbox).await?;
    let administrator = operator::Form {
        login: start.login.to_owned(),
        name: "Amministratore".to_owned(),
        email: String::new(),
        role: Role::Administrator,
        active: true,
    };
    operator::insert(tx, cx, &administrator, password_hash).await?;
    Ok(())
}

/// Closed until an administrator opens it: nobody has said yet what becomes of personal data.
fn portal(cx: &Cx, door: &Door<'_>) -> portal::Model {
    portal::Model {
        organisation_id: cx.organisation,
        slug: door.slug.to_owned(),
        host: door.host.map(str::to_owned),
        open: false,
        colour: COLOUR.to_owned(),
        phone: String::new(),
        admission: Admission::AtOnce,
        anonymous: Anonymous::Moderated,
        listed: false,
        contest_days: CONTEST_DAYS,
        link_days: LINK_DAYS,
        mailbox_id: None,
        version: 0,
    }
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
            published: form::standard(kind.code).is_some(),
            form: None,
        })
        .collect()
}
