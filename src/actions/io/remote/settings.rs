//! How a service offers remote content. What is written here counts at once for what we answer; IO is told afterwards, and until it
//! knows, the key that it knows goes on opening.

use chrono::{DateTime, Duration, Utc};
use entity::{
    io_remote::{ActiveModel, Model, Precondition},
    io_service,
};
use sea_orm::{ActiveValue::Set, NotSet};
use secrecy::SecretString;
use uuid::Uuid;

use crate::{
    actions::{Cx, Desk, Error, Flaw, Result, accept},
    domain::{
        endpoint,
        io::remote,
        text::{typed, typed_line},
    },
    store,
};

/// The header in which IO sends the key. Each configuration keeps the name with which it was made.
const HEADER: &str = "X-Riscontro-Key";
/// How long the key before opens after IO knows the new one: calls that are under way, copies that IO's servers keep.
const OVERLAP: Duration = Duration::hours(24);
/// Longest title and text of what citizens agree to, in characters.
const TITLE: usize = 120;
const TEXT: usize = 5_000;

/// The settings of a service, as they are typed.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The version that was on the page; 0 before anything was saved.
    pub version: i32,
    /// New notifications may carry remote content.
    pub offered: bool,
    /// Documents may be attached.
    pub documents: bool,
    /// Whether citizens must agree first.
    pub precondition: Precondition,
    /// Title of what they agree to.
    pub title: String,
    /// Its text, Markdown.
    pub text: String,
}

/// Random bytes for a key.
#[derive(Clone, Copy, Debug)]
pub struct Random {
    /// What the key is made of.
    pub key: [u8; 32],
    /// Under which it is sealed.
    pub nonce: [u8; 24],
}

/// What IO is to be told.
#[derive(Clone, Debug)]
pub struct Untold {
    /// The configuration.
    pub row: Model,
    /// The service.
    pub service: io_service::Model,
    /// Where IO finds us.
    pub base_url: String,
    /// The key, open.
    pub key: SecretString,
}

/// Where IO finds the messages of a service, without a slash at its end.
#[must_use]
pub fn base_url(desk: &Desk, service: Uuid) -> String {
    format!("{}/io/remote/{service}", desk.public_url.trim_end_matches('/'))
}

/// Saves the settings of a service. The first time a key is made.
///
/// # Errors
/// `Rejected` with flaws by field; `Conflict` when somebody else has saved.
pub async fn save(desk: &Desk, cx: &Cx, service: Uuid, settings: &Settings, random: Random) -> Result<()> {
    accept(flaws(desk, settings))?;
    let tx = desk.db.begin().await?;
    store::io_service::by_id(&tx, cx.organisation, service).await?.ok_or(Error::NotFound)?;
    let (title, text) = (typed_line(&settings.title), typed(&settings.text));
    // Notifications that were sent may still ask for it: it is kept although new ones do not.
    let emptied = title.is_empty() || text.is_empty();
    let change = ActiveModel {
        offered: Set(settings.offered),
        documents: Set(settings.documents),
        precondition: Set(settings.precondition),
        precondition_title: if emptied { NotSet } else { Set(title) },
        precondition_text: if emptied { NotSet } else { Set(text) },
        last_error: Set(None),
        ..Default::default()
    };
    if settings.version == 0 {
        // The first to save finds nothing to change.
        store::io_remote::insert(&tx, blank(desk, cx, service, random)).await?;
    }
    if !store::io_remote::update(&tx, cx.organisation, (service, settings.version), change).await? {
        return Err(Error::Conflict("Qualcuno ha cambiato queste impostazioni: ricarica la pagina."));
    }
    tx.commit().await?;
    Ok(())
}

fn blank(desk: &Desk, cx: &Cx, service: Uuid, random: Random) -> Model {
    Model {
        io_service_id: service,
        organisation_id: cx.organisation,
        configuration_id: None,
        offered: false,
        documents: false,
        precondition: Precondition::Never,
        precondition_title: String::new(),
        precondition_text: String::new(),
        header_name: HEADER.to_owned(),
        key: desk.keys.seal(random.nonce, &remote::key(&random.key)),
        key_told: false,
        previous_key: None,
        previous_until: None,
        told_version: None,
        told_url: None,
        last_error: None,
        version: 0,
        created_at: cx.now,
    }
}

fn flaws(desk: &Desk, settings: &Settings) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let mut say = |field: &'static str, words: String| flaws.push(Flaw::new(field, words));
    let asks = settings.precondition != Precondition::Never;
    for (field, words, most) in [("title", &settings.title, TITLE), ("text", &settings.text, TEXT)] {
        if asks && typed(words).is_empty() {
            say(field, "Scrivi che cosa la persona deve accettare prima di leggere.".to_owned());
        }
        if words.chars().count() > most {
            say(field, format!("Accorcia: al massimo {most} caratteri."));
        }
    }
    if endpoint::read(&desk.public_url).is_err() {
        let words = "IO ci raggiunge solo con https: chi gestisce il programma deve scrivere l’indirizzo pubblico in server.public_url.";
        say("form", words.to_owned());
    }
    flaws
}

/// Makes a new key. The one that IO knows goes on opening, for a day after IO has been told the new one.
///
/// # Errors
/// `Conflict` when somebody else has changed something.
pub async fn renew_key(desk: &Desk, cx: &Cx, service: Uuid, version: i32, random: Random) -> Result<()> {
    let tx = desk.db.begin().await?;
    let row = store::io_remote::of_service(&tx, cx.organisation, service).await?.ok_or(Error::NotFound)?;
    // A key that IO has never heard of is not worth keeping: the one before it is what IO still sends.
    let change = ActiveModel {
        previous_key: if row.key_told { Set(Some(row.key)) } else { NotSet },
        previous_until: if row.key_told { Set(None) } else { NotSet },
        key_told: Set(false),
        key: Set(desk.keys.seal(random.nonce, &remote::key(&random.key))),
        last_error: Set(None),
        ..Default::default()
    };
    if !store::io_remote::update(&tx, cx.organisation, (service, version), change).await? {
        return Err(Error::Conflict("Qualcuno ha cambiato queste impostazioni: ricarica la pagina."));
    }
    tx.commit().await?;
    Ok(())
}

/// Takes the key before no more, at once: it is in wrong hands. If IO does not know the new one yet, nothing opens until it does.
///
/// # Errors
/// `Conflict` when somebody else has changed something.
pub async fn forget_key(desk: &Desk, cx: &Cx, service: Uuid, version: i32) -> Result<()> {
    let change = ActiveModel { previous_key: Set(None), previous_until: Set(None), ..Default::default() };
    let tx = desk.db.begin().await?;
    if !store::io_remote::update(&tx, cx.organisation, (service, version), change).await? {
        return Err(Error::Conflict("Qualcuno ha cambiato queste impostazioni: ricarica la pagina."));
    }
    tx.commit().await?;
    Ok(())
}

/// Until when the key before opens: `None` when there is none (any more), `Some(None)` while IO does not know the new one.
#[must_use]
pub fn previous_key(row: &Model, now: DateTime<Utc>) -> Option<Option<DateTime<Utc>>> {
    (row.previous_key.is_some() && row.previous_until.is_none_or(|until| now < until))
        .then_some(row.previous_until)
}

/// What IO is to be told of a service.
pub async fn untold(desk: &Desk, organisation: Uuid, service: Uuid) -> Result<Untold> {
    let db = &desk.db.read;
    let row = store::io_remote::of_service(db, organisation, service).await?.ok_or(Error::NotFound)?;
    let Ok(key) = desk.keys.open(&row.key) else {
        return Err(Error::Conflict(
            "La chiave salvata non si apre con la chiave di questa installazione: creane una nuova.",
        ));
    };
    let service = store::io_service::by_id(db, organisation, service).await?.ok_or(Error::NotFound)?;
    Ok(Untold { base_url: base_url(desk, service.id), key: key.into(), row, service })
}

/// Writes down that IO knows what stood in `told`. `false`: something else stands there now, and IO does not know that.
pub async fn told(desk: &Desk, cx: &Cx, told: &Untold, configuration: &str) -> Result<bool> {
    let tx = desk.db.begin().await?;
    let service = told.row.io_service_id;
    let row = store::io_remote::of_service(&tx, cx.organisation, service).await?.ok_or(Error::NotFound)?;
    let is_current = row.version == told.row.version;
    let starts = is_current && row.previous_key.is_some() && row.previous_until.is_none();
    let change = ActiveModel {
        configuration_id: Set(Some(configuration.to_owned())),
        told_version: Set(Some(told.row.version)),
        told_url: Set(Some(told.base_url.clone())),
        last_error: Set(None),
        key_told: Set(row.key_told || is_current),
        previous_until: if starts { Set(Some(cx.now + OVERLAP)) } else { NotSet },
        ..Default::default()
    };
    store::io_remote::note(&tx, cx.organisation, service, change).await?;
    tx.commit().await?;
    Ok(is_current)
}

/// Writes down why IO does not know.
pub async fn not_told(desk: &Desk, cx: &Cx, service: Uuid, words: &str) -> Result<()> {
    let change = ActiveModel { last_error: Set(Some(words.to_owned())), ..Default::default() };
    let tx = desk.db.begin().await?;
    store::io_remote::note(&tx, cx.organisation, service, change).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether IO knows what stands here, and where we are now.
#[must_use]
pub fn is_told(desk: &Desk, row: &Model) -> bool {
    row.told_version == Some(row.version)
        && row.told_url.as_deref() == Some(&base_url(desk, row.io_service_id))
}
