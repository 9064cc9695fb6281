//! Keys of apps: made by an administrator, shown once, taken back when an app is trusted no more.
//!
//! At rest there is only the SHA-256 of a key. That is enough, without salt or a slow hash, because a key is random and
//! not a word that somebody thought up; and it lets one index find it.

use chrono::{DateTime, Duration, Utc};
use data_encoding::BASE32_NOPAD;
use entity::app_key::{Model, Scope, Scopes};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Cx, Desk, Error, Flaw, Result, accept, micros};
use crate::{domain::text, store};

/// What every key begins with, so that a scanner of leaked secrets knows one when it sees one.
const MARK: &str = "rk";
/// Random bytes that make the visible prefix of a key; the others are its secret.
const PREFIX_BYTES: usize = 5;
/// Longest name, in characters.
const NAME: usize = 100;
/// Most requests in a minute that a key may be given.
pub const MOST_PER_MINUTE: i32 = 6_000;
/// Longest thing that is looked up as a key, in bytes.
const KEY_BYTES: usize = 200;

/// What an administrator says about a new key.
#[derive(Clone, Debug)]
pub struct New {
    /// Which app.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// Requests in a minute, at most.
    pub per_minute: i32,
}

/// A key that was made.
#[derive(Clone, Debug)]
pub struct Created {
    /// Its row.
    pub row: Model,
    /// The key itself: shown now and never again.
    pub key: String,
}

/// Makes a key out of 32 random bytes.
///
/// # Errors
/// `Rejected` with flaws of `name`, `scopes` and `per_minute`.
pub async fn create(desk: &Desk, cx: &Cx, new: New, random: [u8; 32]) -> Result<Created> {
    create_once(desk, cx, Uuid::now_v7(), new, random).await
}

/// The same for a form that may be sent twice: its `token` becomes the id of the key. The second time nothing is made, and the
/// key cannot be shown again, since nobody knows it any more.
///
/// # Errors
/// As [`create`]; `Conflict` the second time.
pub async fn create_once(desk: &Desk, cx: &Cx, token: Uuid, new: New, random: [u8; 32]) -> Result<Created> {
    let name = text::one_line(&new.name);
    accept(flaws(&name, &new))?;
    let mut scopes = new.scopes;
    scopes.sort();
    scopes.dedup();
    let (prefix, key) = written(random);
    let row = Model {
        id: token,
        organisation_id: cx.organisation,
        name,
        prefix,
        hash: hash(&key),
        scopes: Scopes(scopes),
        per_minute: new.per_minute,
        author_id: cx.actor,
        created_at: cx.now,
        used_at: None,
        revoked_at: None,
    };
    let tx = desk.db.begin().await?;
    if !store::app_key::insert_new(&tx, row.clone()).await? {
        return Err(Error::Conflict("Questa chiave è già stata creata."));
    }
    tx.commit().await?;
    Ok(Created { row, key })
}

fn flaws(name: &str, new: &New) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if name.is_empty() {
        flaws.push(Flaw::new("name", "Scrivi il nome dell’app, per riconoscere la chiave."));
    }
    if name.chars().count() > NAME {
        flaws.push(Flaw::new("name", format!("Il nome è troppo lungo: al massimo {NAME} caratteri.")));
    }
    if new.scopes.is_empty() {
        flaws.push(Flaw::new("scopes", "Scegli almeno un permesso: senza, la chiave non serve a niente."));
    }
    if !(1..=MOST_PER_MINUTE).contains(&new.per_minute) {
        let words = format!("Scrivi quante richieste al minuto può fare: da 1 a {MOST_PER_MINUTE}.");
        flaws.push(Flaw::new("per_minute", words));
    }
    flaws
}

/// Prefix and whole key: `rk_<prefix>_<secret>`, in letters and digits that survive every copy and paste.
fn written(random: [u8; 32]) -> (String, String) {
    let (prefix, secret) = random.split_at(PREFIX_BYTES);
    let letters = |bytes: &[u8]| BASE32_NOPAD.encode(bytes).to_ascii_lowercase();
    let prefix = letters(prefix);
    let key = format!("{MARK}_{prefix}_{}", letters(secret));
    (prefix, key)
}

fn hash(key: &str) -> Vec<u8> {
    Sha256::digest(key.as_bytes()).to_vec()
}

/// Takes a key out of use: from now on it opens nothing, neither do the tokens of its citizens, and nothing
/// is told to the endpoints that it set.
pub async fn revoke(desk: &Desk, cx: &Cx, id: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    if !store::app_key::revoke(&tx, cx.organisation, id, cx.now).await?
        && store::app_key::by_id(&tx, cx.organisation, id).await?.is_none()
    {
        return Err(Error::NotFound);
    }
    store::webhook::stop_of(&tx, cx.organisation, id).await?;
    tx.commit().await?;
    Ok(())
}

/// Whose key this is, unless it was revoked. That it was used is written down at most once a minute.
pub async fn holder(desk: &Desk, now: DateTime<Utc>, key: &str) -> Result<Option<Model>> {
    if key.len() > KEY_BYTES {
        return Ok(None);
    }
    let found = store::app_key::by_hash(&desk.db.read, &hash(key)).await?;
    let Some(row) = found.filter(|row| row.revoked_at.is_none()) else { return Ok(None) };
    let (now, minute_ago) = (micros(now), micros(now - Duration::minutes(1)));
    if row.used_at.is_none_or(|used_at| used_at < minute_ago) {
        let tx = desk.db.begin().await?;
        store::app_key::used(&tx, row.id, minute_ago, now).await?;
        tx.commit().await?;
    }
    Ok(Some(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_shows_its_prefix_and_keeps_its_secret() {
        let (prefix, key) = written([7; 32]);
        assert_eq!(prefix.len(), 8);
        assert!(key.starts_with(&format!("rk_{prefix}_")), "{key}");
        assert!(key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'));
        let mut other = [7; 32];
        other[31] = 8;
        assert_eq!(written(other).0, prefix);
        assert_ne!(hash(&written(other).1), hash(&key));
    }
}
