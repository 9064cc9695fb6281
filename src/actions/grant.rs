//! The sign-in of mailboxes by OAuth 2.0: which application, who consented and when, and the tokens.
//!
//! A mailbox goes over to tokens when the first one is in hand, not when the form is saved: a consent that fails leaves a
//! mailbox that works with its password as it was. A consent is asked for by one administrator, who alone can finish it, once,
//! within ten minutes; what the browser carries is kept here only as a hash. Secrets and tokens are sealed.
//!
//! A token opens the mailbox to whoever holds it: it is kept for the application that asked for it only, and where it may be
//! shown is said in `bounds`.

mod bounds;

use chrono::{DateTime, Duration, Utc};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use entity::{
    mailbox::{self, SignIn},
    mailbox_grant::{ActiveModel, Flow, Model, Provider},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use self::bounds::lines_in_clear;
pub use self::bounds::{IN_CLEAR, misdirected};
use super::{Cx, Desk, Error, Flaw, Result, accept, micros};
use crate::{
    domain::{endpoint, text},
    store,
};

/// Minutes within which the browser must be back from the page of consent.
const CONSENT_MINUTES: i64 = 10;
/// Longest identifier, secret or list of scopes that is taken, in characters.
const MAX_CHARS: usize = 2000;
/// Longest tenant name.
const MAX_TENANT: usize = 100;

/// What comes before the name of the tenant in Microsoft's addresses, and what comes after.
const MICROSOFT: &str = "https://login.microsoftonline.com/";
const MICROSOFT_AUTHORIZE: &str = "/oauth2/v2.0/authorize";
const MICROSOFT_TOKEN: &str = "/oauth2/v2.0/token";
const MICROSOFT_SCOPE: &str =
    "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access";
const MICROSOFT_APPLICATION_SCOPE: &str = "https://outlook.office365.com/.default";
/// Without `prompt=consent` Google gives a refresh token the first time only, and never says so.
const GOOGLE_AUTHORIZE: &str =
    "https://accounts.google.com/o/oauth2/v2/auth?access_type=offline&prompt=consent";
const GOOGLE_TOKEN: &str = "https://oauth2.googleapis.com/token";
const GOOGLE_SCOPE: &str = "https://mail.google.com/";

/// What an administrator types. An empty secret keeps the one that is stored, as long as it goes to the same place.
#[derive(Clone, Debug)]
pub struct Form {
    /// Whose servers.
    pub provider: Provider,
    /// How a token is obtained.
    pub flow: Flow,
    /// Microsoft's name of the organisation: a domain or an identifier.
    pub tenant: String,
    /// Name of our application at the provider.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// Page of consent, of another provider.
    pub authorize_url: String,
    /// Where tokens are given, by another provider.
    pub token_url: String,
    /// What is asked for, of another provider.
    pub scope: String,
}

/// A consent that was just begun.
#[derive(Debug)]
pub struct Asked {
    /// What the browser carries to the provider and back.
    pub state: String,
    /// The PKCE verifier: 43 characters that the provider sees only at the end.
    pub verifier: String,
}

/// A consent that came back.
#[derive(Debug)]
pub struct Answered {
    /// For which mailbox.
    pub grant: Model,
    /// The PKCE verifier; none when the key of the installation has changed meanwhile.
    pub verifier: Option<String>,
}

/// Tokens as they came from the server, and random bytes to seal them with.
#[derive(Debug)]
pub struct Given<'a> {
    /// What the mail server takes.
    pub access: &'a str,
    /// What gives the next one.
    pub refresh: Option<&'a str>,
    /// Until when the token is good, if the server says.
    pub expires_at: Option<DateTime<Utc>>,
    /// 24 random bytes for each.
    pub nonces: [[u8; 24]; 2],
}

/// Where the application is registered.
struct Place {
    authorize_url: String,
    token_url: String,
    scope: String,
}

impl Form {
    fn place(&self) -> Place {
        let tenant = self.tenant.trim();
        let (authorize_url, token_url, scope) = match self.provider {
            Provider::Microsoft => (
                format!("{MICROSOFT}{tenant}{MICROSOFT_AUTHORIZE}"),
                format!("{MICROSOFT}{tenant}{MICROSOFT_TOKEN}"),
                match self.flow {
                    Flow::Code => MICROSOFT_SCOPE.to_owned(),
                    Flow::ClientCredentials => MICROSOFT_APPLICATION_SCOPE.to_owned(),
                },
            ),
            Provider::Google => {
                (GOOGLE_AUTHORIZE.to_owned(), GOOGLE_TOKEN.to_owned(), GOOGLE_SCOPE.to_owned())
            }
            Provider::Other => (
                self.authorize_url.trim().to_owned(),
                self.token_url.trim().to_owned(),
                text::one_line(&self.scope),
            ),
        };
        Place { authorize_url, token_url, scope }
    }
}

/// Microsoft's name of the organisation in a stored address.
#[must_use]
pub fn tenant(grant: &Model) -> &str {
    let inside = grant.token_url.strip_prefix(MICROSOFT).and_then(|rest| rest.strip_suffix(MICROSOFT_TOKEN));
    inside.unwrap_or_default()
}

/// Writes down which application signs in to a mailbox. `nonce` are 24 random bytes for its secret.
pub async fn save(desk: &Desk, cx: &Cx, mailbox: Uuid, form: &Form, nonce: [u8; 24]) -> Result<()> {
    accept(flaws(form))?;
    let tx = desk.db.begin().await?;
    let row = store::mailbox::by_id(&tx, cx.organisation, mailbox).await?.ok_or(Error::NotFound)?;
    if !lines_in_clear(&row).is_empty() {
        return Err(Error::Rejected(vec![Flaw::new("form", IN_CLEAR)]));
    }
    let stored = store::grant::by_mailbox(&tx, cx.organisation, mailbox).await?;
    let Place { authorize_url, token_url, scope } = form.place();
    let client_id = form.client_id.trim().to_owned();
    // A secret, or a token, that was given for one server must never be sent to another, whoever asks for it.
    let kept = stored.filter(|stored| stored.token_url == token_url && stored.client_id == client_id);
    let is_another = kept.is_none();
    let kept_secret = kept.and_then(|kept| kept.client_secret);
    let typed = form.client_secret.trim();
    let client_secret = if typed.is_empty() { kept_secret } else { Some(desk.keys.seal(nonce, typed)) };
    if client_secret.is_none() && needs_secret(form) {
        let words = "Scrivi il segreto dell'applicazione: va scritto di nuovo anche quando cambiano il server o \
                     l'identificativo.";
        return Err(Error::Rejected(vec![Flaw::new("client_secret", words)]));
    }
    let row = Model {
        mailbox_id: mailbox,
        organisation_id: cx.organisation,
        provider: form.provider,
        flow: form.flow,
        authorize_url,
        token_url,
        scope,
        client_id,
        client_secret,
        asked_state: None,
        asked_verifier: None,
        asked_at: None,
        access_token: None,
        refresh_token: None,
        expires_at: None,
        granted_at: None,
        last_error: None,
    };
    store::grant::put(&tx, row, is_another).await?;
    tx.commit().await?;
    Ok(())
}

/// Only an application of another provider may be known by its redirect address alone.
fn needs_secret(form: &Form) -> bool {
    form.flow == Flow::ClientCredentials || form.provider != Provider::Other
}

fn flaws(form: &Form) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let mut want = |right: bool, field, message: &str| {
        if !right {
            flaws.push(Flaw::new(field, message));
        }
    };
    let id = form.client_id.trim();
    want(
        !id.is_empty() && id.chars().count() <= MAX_CHARS,
        "client_id",
        "Scrivi l'identificativo dell'applicazione, come lo mostra il fornitore.",
    );
    want(form.client_secret.chars().count() <= MAX_CHARS, "client_secret", "Il segreto è troppo lungo.");
    want(
        form.provider != Provider::Microsoft || is_tenant(form.tenant.trim()),
        "tenant",
        "Scrivi il dominio dell'organizzazione, come comune.onmicrosoft.com, o il suo identificativo.",
    );
    want(
        (form.provider, form.flow) != (Provider::Google, Flow::ClientCredentials),
        "flow",
        "Google non lo permette: scegli il consenso del titolare.",
    );
    if form.provider == Provider::Other {
        want(form.scope.chars().count() <= MAX_CHARS, "scope", "L'elenco degli ambiti è troppo lungo.");
        let addresses = [("token_url", &form.token_url), ("authorize_url", &form.authorize_url)];
        let used = if form.flow == Flow::Code { 2 } else { 1 };
        for (field, address) in addresses.into_iter().take(used) {
            match endpoint::read(address) {
                Ok(_) if address.len() <= MAX_CHARS => {}
                Ok(_) => flaws.push(Flaw::new(field, "L'indirizzo è troppo lungo.")),
                Err(unfit) => flaws.push(Flaw::new(field, unfit.to_string())),
            }
        }
    }
    flaws
}

/// A name that stays between two slashes of an address.
fn is_tenant(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= MAX_TENANT
        && !name.starts_with('.')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}

/// Begins a consent. `random` are 32 bytes each for the state and for the verifier, `nonce` 24 to seal it with. A consent that
/// was under way ends.
pub async fn ask(
    desk: &Desk,
    cx: &Cx,
    mailbox: Uuid,
    random: [[u8; 32]; 2],
    nonce: [u8; 24],
) -> Result<(Model, Asked)> {
    let [state, verifier] = random.map(|random| BASE64URL_NOPAD.encode(&random));
    let tx = desk.db.begin().await?;
    let grant = store::grant::by_mailbox(&tx, cx.organisation, mailbox).await?.ok_or(Error::NotFound)?;
    let change = ActiveModel {
        asked_state: Set(Some(state_hash(cx, &state))),
        asked_verifier: Set(Some(desk.keys.seal(nonce, &verifier))),
        asked_at: Set(Some(cx.now)),
        ..Default::default()
    };
    store::grant::update(&tx, mailbox, change).await?;
    tx.commit().await?;
    Ok((grant, Asked { state, verifier }))
}

/// Takes a consent that came back: once, in time, and from who asked for it; `None` for everything else.
pub async fn answered(desk: &Desk, cx: &Cx, state: &str) -> Result<Option<Answered>> {
    let hash = state_hash(cx, state);
    let tx = desk.db.begin().await?;
    let Some(grant) = store::grant::by_state(&tx, cx.organisation, &hash).await? else { return Ok(None) };
    let ended = store::grant::end_consent(&tx, grant.mailbox_id, &hash).await?;
    tx.commit().await?;
    let in_time = grant.asked_at.is_some_and(|asked| cx.now < asked + Duration::minutes(CONSENT_MINUTES));
    if !ended || !in_time {
        return Ok(None);
    }
    let verifier = grant.asked_verifier.as_deref().and_then(|sealed| desk.keys.open(sealed).ok());
    Ok(Some(Answered { grant, verifier }))
}

/// The state is bound to the person: an address that another administrator is made to open finishes nothing.
fn state_hash(cx: &Cx, state: &str) -> String {
    let person = cx.actor.unwrap_or_default();
    HEXLOWER.encode(&Sha256::digest(format!("{person}:{state}").as_bytes()))
}

/// The application that `grant` describes got consent, or signed in: from now on the mailbox signs in by token, and its task
/// starts anew.
///
/// # Errors
/// `Conflict` when another application was written down meanwhile.
pub async fn granted(desk: &Desk, cx: &Cx, grant: &Model, given: &Given<'_>) -> Result<()> {
    let mailbox = grant.mailbox_id;
    let tx = desk.db.begin().await?;
    store::mailbox::by_id(&tx, cx.organisation, mailbox).await?.ok_or(Error::NotFound)?;
    let mut change = ActiveModel { granted_at: Set(Some(cx.now)), ..tokens(desk, given) };
    if given.refresh.is_none() {
        change.refresh_token = Set(None);
    }
    if !store::grant::update_if_same_application(&tx, grant, change).await? {
        return Err(Error::Conflict(
            "L'applicazione di questa casella è cambiata mentre chiedevi l'accesso: torna alla casella e chiedilo di nuovo.",
        ));
    }
    begin_anew(&tx, mailbox, SignIn::Oauth).await?;
    tx.commit().await?;
    woken(desk);
    Ok(())
}

/// Writes a renewed token down; `false` when consent was given anew meanwhile, whose tokens are the better ones, or another
/// application was written down.
pub async fn renewed(desk: &Desk, grant: &Model, given: &Given<'_>) -> Result<bool> {
    let tx = desk.db.begin().await?;
    let written = store::grant::update_if_same_consent(&tx, grant, tokens(desk, given)).await?;
    tx.commit().await?;
    Ok(written)
}

/// Notes why there is no token, in the server's own words.
pub async fn failed(desk: &Desk, grant: &Model, words: &str) -> Result<()> {
    let words = text::shortened(words, 1000);
    if grant.last_error.as_ref() == Some(&words) {
        return Ok(());
    }
    let tx = desk.db.begin().await?;
    let change = ActiveModel { last_error: Set(Some(words)), ..Default::default() };
    store::grant::update_if_same_consent(&tx, grant, change).await?;
    tx.commit().await?;
    Ok(())
}

/// Back to the password. The tokens are forgotten; the application stays written down for another time.
pub async fn leave(desk: &Desk, cx: &Cx, mailbox: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    store::mailbox::by_id(&tx, cx.organisation, mailbox).await?.ok_or(Error::NotFound)?;
    let nothing = ActiveModel {
        access_token: Set(None),
        refresh_token: Set(None),
        expires_at: Set(None),
        granted_at: Set(None),
        last_error: Set(None),
        ..Default::default()
    };
    store::grant::update(&tx, mailbox, nothing).await?;
    begin_anew(&tx, mailbox, SignIn::Password).await?;
    tx.commit().await?;
    woken(desk);
    Ok(())
}

fn tokens(desk: &Desk, given: &Given<'_>) -> ActiveModel {
    let [access, refresh] = given.nonces;
    let mut change = ActiveModel {
        access_token: Set(Some(desk.keys.seal(access, given.access))),
        expires_at: Set(given.expires_at.map(micros)),
        last_error: Set(None),
        ..Default::default()
    };
    // A server that sends no new refresh token means that the old one stays good (RFC 6749 §6).
    if let Some(token) = given.refresh {
        change.refresh_token = Set(Some(desk.keys.seal(refresh, token)));
    }
    change
}

/// What was wrong before says nothing about the new sign-in.
async fn begin_anew(tx: &DatabaseTransaction, mailbox: Uuid, sign_in: SignIn) -> Result<()> {
    let change = mailbox::ActiveModel {
        sign_in: Set(sign_in),
        last_error: Set(None),
        failing_since: Set(None),
        exit_error: Set(None),
        warned_at: Set(None),
        ..Default::default()
    };
    store::mailbox::update(tx, mailbox, change).await?;
    store::mailbox::bump_version(tx, mailbox).await?;
    Ok(())
}

fn woken(desk: &Desk) {
    desk.wake.mailboxes.notify_one();
    desk.wake.outbox.notify_one();
}
