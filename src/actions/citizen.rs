//! A citizen proves to an app to hold an address: asks for a code, which goes there by mail, and shows it for a token.
//!
//! The answer is the same whether the address is known or not, and a letter goes only to one that is: an app cannot be used
//! to find out who has written to the organisation, nor to send mail to strangers. A code is good for a quarter of an hour and
//! five attempts, a token for ninety days and for the app that asked.

use chrono::{DateTime, Duration, Utc};
use data_encoding::BASE32_NOPAD;
use entity::{citizen_token, language::Language};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Cx, Desk, Error, Flaw, Result, errand, micros};
use crate::{
    domain::{citizen_code, mail},
    store, wording,
};

/// Wrong codes that are forgiven.
const ATTEMPTS: i32 = 5;
/// Codes that an app may ask for one address in an hour.
const ASKED_PER_HOUR: u64 = 5;
/// How long a code can be shown.
pub(super) const CODE_MINUTES: i64 = 15;
/// How long a token holds.
const TOKEN_DAYS: i64 = 90;
/// What every token begins with.
const MARK: &str = "ct";

/// A code was asked for, or so it seems.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Names the asking when the code is shown.
    pub id: Uuid,
    /// Until when the code can be shown.
    pub expires_at: DateTime<Utc>,
}

/// A token that was given out.
#[derive(Clone, Debug)]
pub struct Granted {
    /// The token itself: shown now and never again.
    pub token: String,
    /// Until when it holds.
    pub expires_at: DateTime<Utc>,
}

/// Asks for a code. Whether one is sent is nobody's business but the holder's of the address.
///
/// # Errors
/// `Rejected` when the address is none.
pub async fn ask(desk: &Desk, cx: &Cx, app_key: Uuid, address: &str, language: Language) -> Result<Asked> {
    let address = mail::folded(address);
    if !mail::is_address(&address) {
        return Err(Error::Rejected(vec![Flaw::new("email", wording::say(language, "problem-email"))]));
    }
    let asked = Asked { id: Uuid::now_v7(), expires_at: cx.now + Duration::minutes(CODE_MINUTES) };
    let tx = desk.db.begin().await?;
    let hour_ago = cx.now - Duration::hours(1);
    let before = store::citizen_token::asked_since(
        &tx,
        (cx.organisation, app_key),
        &address,
        hour_ago,
        ASKED_PER_HOUR,
    )
    .await?;
    // One more is asked in vain: its id is as good as any that we never gave out.
    if before >= ASKED_PER_HOUR {
        return Ok(asked);
    }
    let code = citizen_code::code(&desk.keys, asked.id);
    let row = citizen_token::Model {
        id: asked.id,
        organisation_id: cx.organisation,
        app_key_id: app_key,
        address: address.clone(),
        code_hash: Sha256::digest(code.as_bytes()).to_vec(),
        attempts: 0,
        token_hash: None,
        created_at: cx.now,
        expires_at: asked.expires_at,
    };
    store::citizen_token::insert(&tx, row).await?;
    if store::citizen_token::is_known(&tx, cx.organisation, &address).await? {
        let letter = errand::Errand::CitizenCode { token: asked.id };
        errand::queue(&tx, cx, letter, &address, language, None).await?;
    }
    tx.commit().await?;
    desk.wake.errands.notify_one();
    Ok(asked)
}

/// Shows the code for a token, which is made of 32 random bytes. `app_key`: the app, and the language in which a wrong code is
/// spoken of.
///
/// # Errors
/// `Rejected` when the code is wrong, over, used, or was tried too often: all the same to whoever guesses.
pub async fn redeem(
    desk: &Desk,
    cx: &Cx,
    (app_key, language): (Uuid, Language),
    (asking, code): (Uuid, &str),
    random: [u8; 32],
) -> Result<Granted> {
    let tx = desk.db.begin().await?;
    let counted =
        store::citizen_token::attempt(&tx, (cx.organisation, app_key), asking, ATTEMPTS, cx.now).await?;
    let right = counted.is_some_and(|row| citizen_code::is_code(&desk.keys, row.id, code));
    let token = format!("{MARK}_{}", BASE32_NOPAD.encode(&random).to_ascii_lowercase());
    let expires_at = cx.now + Duration::days(TOKEN_DAYS);
    if right {
        store::citizen_token::redeem(&tx, asking, hash(&token), expires_at).await?;
    }
    // A wrong code is written down, too.
    tx.commit().await?;
    if !right {
        return Err(Error::Rejected(vec![Flaw::new("code", wording::say(language, "problem-citizen-code"))]));
    }
    Ok(Granted { token, expires_at })
}

/// The address whose holder shows this token through this app.
pub async fn holder(
    desk: &Desk,
    now: DateTime<Utc>,
    app_key: Uuid,
    token: &str,
) -> Result<Option<citizen_token::Model>> {
    Ok(store::citizen_token::live(&desk.db.read, app_key, &hash(token), micros(now)).await?)
}

/// Forgets a token: the citizen leaves the app.
pub async fn leave(desk: &Desk, token: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    store::citizen_token::delete(&tx, token).await?;
    tx.commit().await?;
    Ok(())
}

/// Forgets codes and tokens that are over.
pub async fn sweep(desk: &Desk, now: DateTime<Utc>) -> Result<()> {
    let tx = desk.db.begin().await?;
    store::citizen_token::sweep(&tx, now).await?;
    tx.commit().await?;
    Ok(())
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
