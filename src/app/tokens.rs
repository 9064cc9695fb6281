//! Tokens of mailboxes that sign in by OAuth: where a line gets one that is good now.
//!
//! Renewal runs ahead of the end: by the clock ([`App::renew_tokens`]), and whenever a line is opened with a token that is
//! about to end. One renewal at a time per mailbox, in a task of its own: whoever asked may be stopped half way, and a refresh
//! token that the server has just replaced must be written down all the same.
//!
//! Several copies of the program: the one that reads a mailbox renews its token; another one only if the token is about to end
//! nonetheless. Should two renew at the same instant, and the server take the second for a thief's, the loser looks into
//! the archive once more before it complains.

mod consent;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    mailbox,
    mailbox_grant::{Flow, Model},
};
use secrecy::{ExposeSecret, SecretString};
use tokio::task::JoinSet;
use uuid::Uuid;

pub use self::consent::{Brought, NotGranted};
use super::App;
use crate::{
    actions::grant::{self, Given},
    channel::{
        email::{
            smtp::{Asking, NoToken, TokenSource},
            tls::Trust,
        },
        http::Http,
        oauth::{self, OAuthError, Registration},
    },
    store,
};

/// What is left of a token that is handed out: a line is opened with it now, and servers' clocks differ.
const MARGIN: TimeDelta = TimeDelta::minutes(5);
/// How long before its end a token is renewed by the clock: several rounds before anybody has to wait for it.
const AHEAD: TimeDelta = TimeDelta::minutes(15);
/// Tokens that are renewed in one round.
const ROUND: u64 = 50;
/// How often a new token is written down before it is given up: a server that replaces its refresh tokens gives it once.
const NOTE_ATTEMPTS: u32 = 30;

/// Who keeps the tokens.
#[derive(Clone, Debug)]
pub(super) struct Tokens {
    http: Http,
    /// Held while the token of a mailbox is being renewed.
    renewals: Arc<Mutex<HashMap<Uuid, Arc<tokio::sync::Mutex<()>>>>>,
}

impl Tokens {
    pub(super) fn new(trust: &Trust) -> anyhow::Result<Self> {
        Ok(Self { http: Http::new(trust)?, renewals: Arc::default() })
    }

    fn of(&self, mailbox: Uuid) -> Arc<tokio::sync::Mutex<()>> {
        let mut renewals = self.renewals.lock().unwrap_or_else(PoisonError::into_inner);
        renewals.entry(mailbox).or_default().clone()
    }
}

/// The tokens of one mailbox, for a line that asks by itself.
#[derive(Clone)]
pub(super) struct TokensOf {
    app: App,
    organisation: Uuid,
    mailbox: Uuid,
}

impl std::fmt::Debug for TokensOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TokensOf").field("mailbox", &self.mailbox).finish_non_exhaustive()
    }
}

impl TokenSource for TokensOf {
    fn token<'a>(&'a self, refused: Option<&'a SecretString>) -> Asking<'a> {
        Box::pin(self.app.token(self.organisation, self.mailbox, refused))
    }
}

/// Which tokens will do.
#[derive(Clone, Debug)]
struct Wanted {
    /// Good at least until then.
    until: DateTime<Utc>,
    /// Not this one.
    refused: Option<SecretString>,
}

impl App {
    pub(super) fn tokens_of(&self, mailbox: &mailbox::Model) -> TokensOf {
        TokensOf { app: self.clone(), organisation: mailbox.organisation_id, mailbox: mailbox.id }
    }

    /// A token that is good now and is not `refused`: the stored one, or a new one.
    pub(super) async fn token(
        &self,
        organisation: Uuid,
        mailbox: Uuid,
        refused: Option<&SecretString>,
    ) -> Result<SecretString, NoToken> {
        let grant = self.grant(organisation, mailbox).await?;
        let wanted = Wanted { until: self.clock.now() + MARGIN, refused: refused.cloned() };
        if let Some(token) = self.stored(&grant, &wanted)? {
            return Ok(token);
        }
        let failed = match self.renewed(grant.clone(), wanted).await {
            Ok(token) => return Ok(token),
            Err(failed) => failed,
        };
        // The last minutes of a token are better than nothing.
        let last = Wanted { until: self.clock.now(), refused: refused.cloned() };
        self.stored(&grant, &last)?.ok_or(failed)
    }

    /// Renews the tokens that end soon, for lines that stay open and ask for none. Called by the clock, each minute.
    pub async fn renew_tokens(&self) {
        let now = self.clock.now();
        let until = now + AHEAD;
        let ending = store::grant::ending(&self.desk.db.read, self.process, now, until, ROUND).await;
        let ending = ending.unwrap_or_else(|error| {
            tracing::error!(%error, "the tokens that end soon cannot be listed");
            Vec::new()
        });
        let mut renewals = JoinSet::new();
        for grant in ending {
            let (app, wanted) = (self.clone(), Wanted { until, refused: None });
            renewals.spawn(async move { app.renewed(grant, wanted).await.map(drop) });
        }
        // What failed has been written down and logged where it failed.
        while renewals.join_next().await.is_some() {}
    }

    async fn grant(&self, organisation: Uuid, mailbox: Uuid) -> Result<Model, NoToken> {
        let grant = store::grant::by_mailbox(&self.desk.db.read, organisation, mailbox).await;
        let grant = grant.map_err(|error| NoToken { words: error.to_string(), may_pass: true })?;
        grant.ok_or_else(|| {
            consent_missing("Manca il consenso: chiedilo nella pagina di accesso della casella")
        })
    }

    /// The stored token, if it will do.
    fn stored(&self, grant: &Model, wanted: &Wanted) -> Result<Option<SecretString>, NoToken> {
        let Some(sealed) = &grant.access_token else { return Ok(None) };
        if grant.expires_at.is_some_and(|end| end <= wanted.until) {
            return Ok(None);
        }
        let token = self.unsealed(sealed)?;
        let is_refused = |refused: &SecretString| refused.expose_secret() == token.expose_secret();
        Ok(if wanted.refused.as_ref().is_some_and(is_refused) { None } else { Some(token) })
    }

    /// A new token, or the one that somebody else has got while we waited for our turn.
    async fn renewed(&self, grant: Model, wanted: Wanted) -> Result<SecretString, NoToken> {
        let app = self.clone();
        let renewal = tokio::spawn(async move {
            let turn = app.tokens.of(grant.mailbox_id);
            let _turn = turn.lock().await;
            app.renew(&grant, &wanted).await
        });
        renewal.await.unwrap_or_else(|error| Err(NoToken { words: error.to_string(), may_pass: true }))
    }

    async fn renew(&self, grant: &Model, wanted: &Wanted) -> Result<SecretString, NoToken> {
        let grant = self.grant(grant.organisation_id, grant.mailbox_id).await?;
        if let Some(token) = self.stored(&grant, wanted)? {
            return Ok(token);
        }
        let outcome = self.next_token(&grant).await;
        let (label, outcome) = match outcome {
            Ok(tokens) => {
                let token = tokens.access.clone();
                self.write_down(&grant, &tokens).await;
                ("renewed", Ok(token))
            }
            Err(failed) => {
                // Another copy of the program may have been quicker with the same refresh token.
                let now = self.grant(grant.organisation_id, grant.mailbox_id).await?;
                if let Some(token) = self.stored(&now, wanted)? {
                    return Ok(token);
                }
                self.note_failure(&now, &failed).await;
                (if failed.may_pass { "postponed" } else { "refused" }, Err(failed))
            }
        };
        metrics::counter!("riscontro_token_renewals_total", "outcome" => label).increment(1);
        outcome
    }

    /// Asks the provider.
    async fn next_token(&self, grant: &Model) -> Result<oauth::Tokens, NoToken> {
        let registration = self.registration(grant)?;
        let asked = match (grant.flow, &grant.refresh_token) {
            (Flow::ClientCredentials, _) => registration.sign_in(&self.tokens.http).await,
            (Flow::Code, Some(sealed)) => {
                registration.renew(&self.tokens.http, &self.unsealed(sealed)?).await
            }
            (Flow::Code, None) => {
                return Err(consent_missing(
                    "L'accesso alla casella non si può rinnovare: rinnova il consenso",
                ));
            }
        };
        asked.map_err(|error| no_token(&error))
    }

    fn registration(&self, grant: &Model) -> Result<Registration, NoToken> {
        let client_secret = grant.client_secret.as_deref().map(|sealed| self.unsealed(sealed)).transpose()?;
        Ok(Registration {
            authorize_url: grant.authorize_url.clone(),
            token_url: grant.token_url.clone(),
            client_id: grant.client_id.clone(),
            client_secret,
            scope: grant.scope.clone(),
            redirect_url: self.redirect_address(),
        })
    }

    /// Does not give up easily: what is not written down now is lost.
    async fn write_down(&self, grant: &Model, tokens: &oauth::Tokens) {
        for attempt in 1..=NOTE_ATTEMPTS {
            let given = given(tokens, self.clock.now());
            match grant::renewed(&self.desk, grant, &given).await {
                Ok(_) => return,
                Err(error) => {
                    tracing::error!(mailbox = %grant.mailbox_id, attempt, %error, "a new token could not be written down");
                }
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    async fn note_failure(&self, grant: &Model, failed: &NoToken) {
        // What is written down calls the administrators; here they could only wait. An outage that lasts is a silent mailbox.
        if failed.may_pass {
            tracing::info!(mailbox = %grant.mailbox_id, error = failed.words, "the token of a mailbox cannot be renewed now");
            return;
        }
        // The first of a row is news, the hundredth is not.
        if grant.last_error.is_none() {
            tracing::warn!(
                mailbox = %grant.mailbox_id,
                error = failed.words,
                "the token of a mailbox cannot be renewed"
            );
        }
        if let Err(error) = grant::failed(&self.desk, grant, &failed.words).await {
            tracing::error!(mailbox = %grant.mailbox_id, %error, "the failure of a renewal could not be written down");
        }
    }

    fn unsealed(&self, sealed: &[u8]) -> Result<SecretString, NoToken> {
        let opened = self.desk.keys.open(sealed).map(SecretString::from);
        opened.map_err(|_| {
            consent_missing(
                "L'accesso salvato non si apre con la chiave di questa installazione: scrivi di nuovo il segreto e rinnova \
                 il consenso",
            )
        })
    }
}

fn given(tokens: &oauth::Tokens, now: DateTime<Utc>) -> Given<'_> {
    Given {
        access: tokens.access.expose_secret(),
        refresh: tokens.refresh.as_ref().map(ExposeSecret::expose_secret),
        expires_at: tokens
            .lifetime
            .and_then(|lifetime| now.checked_add_signed(TimeDelta::from_std(lifetime).ok()?)),
        nonces: rand::random(),
    }
}

fn no_token(error: &OAuthError) -> NoToken {
    NoToken { may_pass: error.may_pass(), words: error.to_string() }
}

fn consent_missing(words: &str) -> NoToken {
    NoToken { words: words.to_owned(), may_pass: false }
}
