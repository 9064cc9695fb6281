//! Which key of its pair a service uses, and whom it may write to.
//!
//! There are two keys so that one can be made anew while the other works ("Guida tecnica", Manage Key): a change to the other one,
//! then a new one in place of the first. The one in use is never made anew. The key that is about to be is forgotten before IO is
//! asked ([`begin_renewal`]): whatever happens then, nobody uses a key that may be worth nothing.

use entity::io_service::{ActiveModel, Codes, KeyInUse, Model};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ConnectionTrait, DatabaseTransaction,
};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::{account, service::change};
use crate::{
    actions::{Cx, Desk, Error, Flaw, Result, accept},
    domain::io::recipient::Recipient,
    store,
};

/// Longest key that is believed, in bytes. IO's have 32.
const LONGEST: usize = 200;
/// Most people of a trial.
const MOST_CODES: usize = 50;

/// Keys of a service as IO gave them or somebody pasted them; what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Pair {
    /// The first.
    pub primary: Option<SecretString>,
    /// The second.
    pub secondary: Option<SecretString>,
}

/// Looks over keys that somebody has pasted, before IO is asked about them.
///
/// # Errors
/// As [`keep`]; and there is none.
pub async fn check(desk: &Desk, row: &Model, pasted: &Pair) -> Result<()> {
    let mut flaws = flaws(&desk.db.read, desk, row, pasted).await?;
    if pasted.primary.is_none() && pasted.secondary.is_none() {
        flaws.push(Flaw::new("primary_key", "Incolla almeno una chiave."));
    }
    accept(flaws)
}

/// Keeps keys of a service, sealed under `nonces`. What was stopped for its keys is tried again.
///
/// # Errors
/// `Rejected`: what was pasted is no key, another sort of key, or one key twice.
pub async fn keep(desk: &Desk, cx: &Cx, id: Uuid, pair: &Pair, nonces: [[u8; 24]; 2]) -> Result<()> {
    let [primary, secondary] =
        [&pair.primary, &pair.secondary].map(|key| key.as_ref().map(ExposeSecret::expose_secret));
    let tx = desk.db.begin().await?;
    let row = find(&tx, cx, id).await?;
    accept(flaws(&tx, desk, &row, pair).await?)?;
    let [first, second] = nonces;
    let seal = |nonce, key: Option<&str>| key.map_or(NotSet, |key| Set(Some(desk.keys.seal(nonce, key))));
    let has_primary = primary.is_some() || row.primary_key.is_some();
    let has_secondary = secondary.is_some() || row.secondary_key.is_some();
    let in_use = match row.key_in_use {
        KeyInUse::Primary if !has_primary && has_secondary => KeyInUse::Secondary,
        KeyInUse::Secondary if !has_secondary && has_primary => KeyInUse::Primary,
        chosen => chosen,
    };
    let kept = ActiveModel {
        primary_key: seal(first, primary),
        secondary_key: seal(second, secondary),
        key_in_use: Set(in_use),
        stopped: Set(None),
        stopped_until: Set(None),
        ..Default::default()
    };
    change(&tx, cx, (id, row.version), kept).await?;
    tx.commit().await?;
    desk.wake.io.notify_one();
    Ok(())
}

/// Chooses the key that is sent along from now on. What was stopped is tried again with it.
///
/// # Errors
/// `Conflict` when it is not here.
pub async fn choose(desk: &Desk, cx: &Cx, (id, version): (Uuid, i32), which: KeyInUse) -> Result<()> {
    let tx = desk.db.begin().await?;
    let row = find(&tx, cx, id).await?;
    if key(&row, which).is_none() {
        return Err(Error::Conflict("Questa chiave qui non c’è: leggi prima le chiavi da IO."));
    }
    let chosen = ActiveModel {
        key_in_use: Set(which),
        stopped: Set(None),
        stopped_until: Set(None),
        ..Default::default()
    };
    change(&tx, cx, (id, version), chosen).await?;
    tx.commit().await?;
    desk.wake.io.notify_one();
    Ok(())
}

/// Forgets a key that IO is about to make anew. Gives it, sealed as it was, for [`undo_renewal`].
///
/// # Errors
/// `Conflict` when it is the one in use, or the other is not here: notifications would stop.
pub async fn begin_renewal(
    desk: &Desk,
    cx: &Cx,
    (id, version): (Uuid, i32),
    which: KeyInUse,
) -> Result<Option<Vec<u8>>> {
    let tx = desk.db.begin().await?;
    let row = find(&tx, cx, id).await?;
    if row.key_in_use == which {
        return Err(Error::Conflict(
            "Questa chiave è in uso: passa prima all’altra, poi rinnovala. Così l’invio non si ferma.",
        ));
    }
    if key(&row, row.key_in_use).is_none() {
        return Err(Error::Conflict("L’altra chiave qui non c’è: leggi prima le chiavi da IO."));
    }
    change(&tx, cx, (id, version), with_key(which, None)).await?;
    tx.commit().await?;
    Ok(key(&row, which).cloned())
}

/// Puts a key back that IO has certainly not made anew.
pub async fn undo_renewal(
    desk: &Desk,
    cx: &Cx,
    id: Uuid,
    which: KeyInUse,
    sealed: Option<Vec<u8>>,
) -> Result<()> {
    let tx = desk.db.begin().await?;
    let row = find(&tx, cx, id).await?;
    if key(&row, which).is_none() {
        change(&tx, cx, (id, row.version), with_key(which, sealed)).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Lets a service send or not, to everybody or, in a trial, to these people only.
///
/// # Errors
/// `Rejected`: a code is none, or there is no key to send with.
pub async fn set_sending(
    desk: &Desk,
    cx: &Cx,
    (id, version): (Uuid, i32),
    sends: bool,
    trial: Option<&[String]>,
) -> Result<()> {
    let tx = desk.db.begin().await?;
    let row = find(&tx, cx, id).await?;
    let mut flaws = Vec::new();
    if sends && row.primary_key.is_none() && row.secondary_key.is_none() {
        flaws.push(Flaw::new(
            "sends",
            "Manca la chiave con cui si invia: leggi le chiavi da IO, o incollale.",
        ));
    }
    let codes = trial.map(|typed| {
        let mut codes: Vec<String> = Vec::new();
        for (line, typed) in (1..).zip(typed) {
            match Recipient::read(typed) {
                Ok(code) if codes.iter().any(|known| known == code.as_str()) => {}
                Ok(code) => codes.push(code.as_str().to_owned()),
                Err(unfit) => flaws.push(Flaw::new("test_codes", format!("Riga {line}: {unfit}"))),
            }
        }
        codes
    });
    if codes.as_ref().is_some_and(|codes| codes.len() > MOST_CODES) {
        flaws.push(Flaw::new(
            "test_codes",
            format!("I codici di prova possono essere al massimo {MOST_CODES}."),
        ));
    } else if sends && flaws.is_empty() && codes.as_ref().is_some_and(Vec::is_empty) {
        flaws.push(Flaw::new("test_codes", "Scrivi almeno un codice fiscale a cui mandare le prove."));
    }
    // A pasted page of anything is answered once, not line by line.
    flaws.truncate(5);
    accept(flaws)?;
    let set = ActiveModel { sends: Set(sends), test_codes: Set(codes.map(Codes)), ..Default::default() };
    change(&tx, cx, (id, version), set).await?;
    tx.commit().await?;
    desk.wake.io.notify_one();
    Ok(())
}

/// What had stopped a service is mended, as somebody says: it is tried again at once.
pub async fn resume(desk: &Desk, cx: &Cx, id: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    find(&tx, cx, id).await?;
    store::io_service::set_stopped(&tx, cx.organisation, id, None, None).await?;
    tx.commit().await?;
    desk.wake.io.notify_one();
    Ok(())
}

/// One of the keys, sealed.
#[must_use]
pub fn key(row: &Model, which: KeyInUse) -> Option<&Vec<u8>> {
    match which {
        KeyInUse::Primary => row.primary_key.as_ref(),
        KeyInUse::Secondary => row.secondary_key.as_ref(),
    }
}

fn with_key(which: KeyInUse, sealed: Option<Vec<u8>>) -> ActiveModel {
    match which {
        KeyInUse::Primary => ActiveModel { primary_key: Set(sealed), ..Default::default() },
        KeyInUse::Secondary => ActiveModel { secondary_key: Set(sealed), ..Default::default() },
    }
}

/// What is wrong with keys to be kept. One key twice would leave none that works while it is renewed.
async fn flaws(db: &impl ConnectionTrait, desk: &Desk, row: &Model, pair: &Pair) -> Result<Vec<Flaw>> {
    let open = |sealed: Option<&Vec<u8>>| sealed.and_then(|key| desk.keys.open(key).ok());
    let manage = open(account::of(db, row.organisation_id).await?.manage_key.as_ref());
    let kept = [open(row.primary_key.as_ref()), open(row.secondary_key.as_ref())];
    let [primary, secondary] =
        [&pair.primary, &pair.secondary].map(|key| key.as_ref().map(ExposeSecret::expose_secret));
    let [kept_primary, kept_secondary] = kept.each_ref().map(Option::as_deref);
    let mut flaws = Vec::new();
    for (field, key, other) in [
        // Of two that are typed, the second is one too many.
        ("primary_key", primary, kept_secondary.filter(|_| secondary.is_none())),
        ("secondary_key", secondary, primary.or(kept_primary)),
    ] {
        let Some(key) = key else { continue };
        let words = if !is_key(key) {
            "Non è una chiave: copiala di nuovo, tutta e senza spazi."
        } else if manage.as_deref() == Some(key) {
            "È la chiave di gestione: qui serve la chiave d’uso del servizio."
        } else if other == Some(key) {
            "È uguale all’altra chiave: nell’Area Riservata sono due diverse."
        } else {
            continue;
        };
        flaws.push(Flaw::new(field, words));
    }
    Ok(flaws)
}

fn is_key(key: &str) -> bool {
    (8..=LONGEST).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

async fn find(tx: &DatabaseTransaction, cx: &Cx, id: Uuid) -> Result<Model> {
    store::io_service::by_id(tx, cx.organisation, id).await?.ok_or(Error::NotFound)
}
