//! People sign in and out.
//!
//! Wrong passwords are counted per name and per address, in the database, so that a restart or a second copy of the
//! program forgives nothing. An attempt is counted before the password is looked at and taken back when it was right:
//! a hundred attempts at the same instant count as a hundred. A name that does not exist costs the same time and gets the
//! same answer as a wrong password.

use std::sync::LazyLock;

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use chrono::{DateTime, Duration, Utc};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use entity::{login_throttle, operator, session};
use sea_orm::ActiveValue::Set;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::{Cx, Desk, Error, Flaw, Result, accept, micros};
use crate::store;

/// Fewest characters of a password (NIST SP 800-63B asks for length, not for signs).
pub const PASSWORD_CHARS: usize = 12;
/// Longest password that is hashed, in bytes.
const PASSWORD_BYTES: usize = 1024;
/// Longest wait that failures impose.
const LONGEST_WAIT: Duration = Duration::minutes(15);
/// Many people may sit behind one address.
const ADDRESS_ALLOWANCE: i32 = 10;
/// Hashes at the same time: each takes 19 MiB and a core.
static HASHING: Semaphore = Semaphore::const_new(2);

/// What came of an attempt.
#[derive(Clone, Debug)]
pub enum Attempt {
    /// Signed in; the token goes into the cookie and nowhere else.
    Welcome {
        /// The cookie's value.
        token: String,
        /// Who.
        operator: Box<operator::Model>,
    },
    /// Name or password is wrong.
    Wrong,
    /// Too many failures: not before so many seconds.
    Wait(i64),
}

/// Tries to sign in. `random` is the token's 32 bytes, `address` the network address of the browser.
pub async fn sign_in(
    desk: &Desk,
    now: DateTime<Utc>,
    random: [u8; 32],
    login: &str,
    password: &str,
    address: &str,
) -> Result<Attempt> {
    let now = micros(now);
    let login = login.trim().to_lowercase();
    let keys = [throttle_key("account", &login), throttle_key("address", address)];
    if let Some(wait) = count_attempt(desk, now, &keys).await? {
        return Ok(Attempt::Wait(wait));
    }
    let operator = store::operator::by_login(&desk.db.read, &login).await?.filter(|operator| operator.active);
    let hash = operator.as_ref().map_or_else(|| NOBODY.clone(), |operator| operator.password_hash.clone());
    let right = verify(password.to_owned(), hash).await;
    let (Some(operator), true) = (operator, right) else { return Ok(Attempt::Wrong) };
    let token = BASE64URL_NOPAD.encode(&random);
    let session = session::Model {
        token_hash: token_hash(&token),
        organisation_id: operator.organisation_id,
        operator_id: operator.id,
        created_at: now,
        expires_at: now + Duration::hours(desk.rules.session_hours),
    };
    let tx = desk.db.begin().await?;
    store::session::clear_throttles(&tx, &keys).await?;
    store::session::insert(&tx, session).await?;
    tx.commit().await?;
    Ok(Attempt::Welcome { token, operator: Box::new(operator) })
}

/// Counts an attempt as failed in advance; gives the seconds to wait when it may not be made at all.
async fn count_attempt(desk: &Desk, now: DateTime<Utc>, keys: &[String; 2]) -> Result<Option<i64>> {
    let tx = desk.db.begin().await?;
    let counted = store::session::throttles(&tx, keys).await?;
    let wait = counted.iter().map(|row| (row.blocked_until - now).num_milliseconds()).max().unwrap_or(0);
    if wait > 0 {
        return Ok(Some((wait + 999) / 1000));
    }
    let free = desk.rules.free_login_failures;
    for (key, free) in keys.iter().zip([free, free.saturating_mul(ADDRESS_ALLOWANCE)]) {
        let failures =
            counted.iter().find(|row| row.key == *key).map_or(0, |row| row.failures).saturating_add(1);
        let blocked_until = now + wait_after(failures, free);
        let row = login_throttle::Model { key: key.clone(), failures, blocked_until };
        store::session::set_throttle(&tx, row).await?;
    }
    tx.commit().await?;
    Ok(None)
}

/// One second after the last free failure, doubled each time.
fn wait_after(failures: i32, free: i32) -> Duration {
    match failures - free {
        over @ 0.. => Duration::seconds(1 << over.min(10)).min(LONGEST_WAIT),
        _ => Duration::zero(),
    }
}

/// Ends a session.
pub async fn sign_out(desk: &Desk, token: &str) -> Result<()> {
    let tx = desk.db.begin().await?;
    store::session::delete(&tx, &token_hash(token)).await?;
    tx.commit().await?;
    Ok(())
}

/// Who holds this token. A session in use lives on; it is written anew at most every ten minutes.
pub async fn who(desk: &Desk, now: DateTime<Utc>, token: &str) -> Result<Option<operator::Model>> {
    let now = micros(now);
    let Some((session, operator)) = store::session::live(&desk.db.read, &token_hash(token), now).await?
    else {
        return Ok(None);
    };
    let expires_at = now + Duration::hours(desk.rules.session_hours);
    if expires_at - session.expires_at > Duration::minutes(10) {
        let tx = desk.db.begin().await?;
        store::session::prolong(&tx, &session.token_hash, expires_at).await?;
        tx.commit().await?;
    }
    Ok(Some(operator))
}

/// An operator chooses a password; every other browser is signed out.
pub async fn change_password(
    desk: &Desk,
    cx: &Cx,
    token: &str,
    old: &str,
    new: &str,
    again: &str,
) -> Result<()> {
    let id = cx.actor.ok_or(Error::NotFound)?;
    let operator =
        store::operator::by_id(&desk.db.read, cx.organisation, id).await?.ok_or(Error::NotFound)?;
    let mut flaws = password_flaws(new);
    if new != again {
        flaws.push(Flaw::new("again", "Le due password non sono uguali."));
    }
    if new == old {
        flaws.push(Flaw::new("new", "Scegli una password diversa da quella attuale."));
    }
    if !verify(old.to_owned(), operator.password_hash).await {
        flaws.push(Flaw::new("old", "La password attuale non è giusta."));
    }
    accept(flaws)?;
    let change = operator::ActiveModel {
        password_hash: Set(hash(new.to_owned()).await),
        must_change_password: Set(false),
        ..Default::default()
    };
    let kept = store::session::live(&desk.db.read, &token_hash(token), cx.now).await?;
    let tx = desk.db.begin().await?;
    store::operator::update(&tx, id, change).await?;
    store::session::delete_of(&tx, id).await?;
    if let Some((session, _)) = kept {
        store::session::insert(&tx, session).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Forgets sessions and failures that are over.
pub async fn sweep(desk: &Desk, now: DateTime<Utc>) -> Result<()> {
    let tx = desk.db.begin().await?;
    store::session::sweep(&tx, micros(now), micros(now - Duration::days(1))).await?;
    tx.commit().await?;
    Ok(())
}

fn password_flaws(password: &str) -> Vec<Flaw> {
    let chars = password.chars().count();
    if chars < PASSWORD_CHARS {
        vec![Flaw::new(
            "new",
            format!("Usa almeno {PASSWORD_CHARS} caratteri: tre o quattro parole a caso vanno bene."),
        )]
    } else if password.len() > PASSWORD_BYTES {
        vec![Flaw::new("new", "La password è troppo lunga.")]
    } else {
        Vec::new()
    }
}

/// A password to be told once: 16 letters and digits that are not mistaken for one another (80 bits).
#[must_use]
pub fn one_time_password(random: [u8; 16]) -> String {
    const SIGNS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789A";
    random.iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect()
}

/// Argon2id with the crate's defaults (19 MiB, two passes), which are OWASP's.
pub(super) async fn hash(password: String) -> String {
    let _permit = HASHING.acquire().await;
    run(move || hash_now(&password)).await
}

async fn verify(password: String, hash: String) -> bool {
    if password.len() > PASSWORD_BYTES {
        return false;
    }
    let _permit = HASHING.acquire().await;
    run(move || {
        PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
}

async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.expect("hashing does not panic, and is not cancelled")
}

fn hash_now(password: &str) -> String {
    Argon2::default()
        .hash_password(password.as_bytes())
        .expect("the default parameters are valid")
        .to_string()
}

/// What a name that does not exist is compared with.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody"));

fn token_hash(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

fn throttle_key(what: &str, who: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(format!("{what}:{who}").as_bytes()))
}
