//! The first token of a mailbox: its owner's consent, which goes through a browser, or the application's own sign-in.

use entity::mailbox_grant::Model;
use uuid::Uuid;

use super::{NoToken, given, no_token};
use crate::{
    actions::{self, Cx, grant},
    app::App,
    channel::oauth,
    store,
};

/// Path of the address to which a provider sends the browser back.
const CALLBACK: &str = "/desk/admin/mailboxes/grant/callback";

/// What the browser brought back from the page of consent.
#[derive(Clone, Debug, Default)]
pub struct Brought {
    /// What we gave it to carry.
    pub state: String,
    /// What is exchanged for a token.
    pub code: Option<String>,
    /// Why there is no code: the provider's name of the reason, and its words for people.
    pub refusal: Option<(String, Option<String>)>,
}

/// Why a mailbox has no token.
#[derive(Debug, thiserror::Error)]
pub enum NotGranted {
    /// The desk refuses.
    #[error(transparent)]
    Desk(#[from] actions::Error),
    /// The provider refuses, or does not answer: a sentence, for the page of this mailbox.
    #[error("{words}")]
    Provider {
        /// Which mailbox.
        mailbox: Uuid,
        /// A sentence.
        words: String,
    },
}

/// What is not ours, is too late, was used, or belongs to another administrator.
const STRANGE: &str = "Questa richiesta di consenso non è più valida: può essere già stata usata, essere scaduta, o essere stata \
     iniziata da un altro amministratore. Torna alla casella e chiedi di nuovo il consenso.";

impl App {
    /// The address that has to be registered at the provider.
    #[must_use]
    pub fn redirect_address(&self) -> String {
        format!("{}{CALLBACK}", self.config.public_url())
    }

    /// Begins a consent; gives the provider's page.
    ///
    /// # Errors
    /// There is no such grant, or its addresses cannot be used.
    pub async fn ask_consent(&self, cx: &Cx, mailbox: Uuid) -> Result<String, NotGranted> {
        let row = self.mailbox_of(cx, mailbox).await?;
        let (grant, asked) = grant::ask(&self.desk, cx, mailbox, rand::random(), rand::random()).await?;
        let registration = self.registration(&grant).map_err(|none| provider(mailbox, none))?;
        let user = if row.imap_user.contains('@') { &row.imap_user } else { &row.address };
        registration
            .consent_page(user, &asked.state, &asked.verifier)
            .map_err(|error| provider(mailbox, no_token(&error)))
    }

    /// Finishes a consent; gives the mailbox that has one now.
    ///
    /// # Errors
    /// The browser brought something that we did not ask for, or the provider refuses.
    pub async fn consent(&self, cx: &Cx, brought: Brought) -> Result<Uuid, NotGranted> {
        let answered = grant::answered(&self.desk, cx, &brought.state).await?;
        let answered = answered.ok_or(actions::Error::Conflict(STRANGE))?;
        let mailbox = answered.grant.mailbox_id;
        if let Some((code, words)) = brought.refusal {
            let words = oauth::words(&code, words.as_deref());
            let words = format!("Il consenso non è stato dato. Il fornitore dice: {words}");
            return Err(NotGranted::Provider { mailbox, words });
        }
        let (Some(code), Some(verifier)) = (brought.code, answered.verifier) else {
            return Err(actions::Error::Conflict(STRANGE).into());
        };
        let registration = self.registration(&answered.grant).map_err(|none| provider(mailbox, none))?;
        let tokens = registration.exchange(&self.tokens.http, &code, &verifier).await;
        let tokens = tokens.map_err(|error| provider(mailbox, no_token(&error)))?;
        if tokens.refresh.is_none() && tokens.lifetime.is_some() {
            let words = "Il fornitore ha dato un accesso che finisce presto e non si rinnova: aggiungi agli ambiti quello \
                         che lo permette (di solito offline_access) e chiedi di nuovo il consenso.";
            return Err(NotGranted::Provider { mailbox, words: words.to_owned() });
        }
        self.take_over(cx, &answered.grant, &tokens).await
    }

    /// Signs the application in for itself; gives the mailbox back.
    ///
    /// # Errors
    /// There is no such grant, or the provider refuses.
    pub async fn sign_in_application(&self, cx: &Cx, mailbox: Uuid) -> Result<Uuid, NotGranted> {
        let grant = store::grant::by_mailbox(&self.desk.db.read, cx.organisation, mailbox).await;
        let grant: Model = grant.map_err(actions::Error::from)?.ok_or(actions::Error::NotFound)?;
        let registration = self.registration(&grant).map_err(|none| provider(mailbox, none))?;
        let tokens = registration.sign_in(&self.tokens.http).await;
        let tokens = tokens.map_err(|error| provider(mailbox, no_token(&error)))?;
        self.take_over(cx, &grant, &tokens).await
    }

    async fn take_over(&self, cx: &Cx, grant: &Model, tokens: &oauth::Tokens) -> Result<Uuid, NotGranted> {
        grant::granted(&self.desk, cx, grant, &given(tokens, self.clock.now())).await?;
        Ok(grant.mailbox_id)
    }

    async fn mailbox_of(&self, cx: &Cx, id: Uuid) -> Result<entity::mailbox::Model, NotGranted> {
        let found = store::mailbox::by_id(&self.desk.db.read, cx.organisation, id).await;
        Ok(found.map_err(actions::Error::from)?.ok_or(actions::Error::NotFound)?)
    }
}

fn provider(mailbox: Uuid, none: NoToken) -> NotGranted {
    NotGranted::Provider { mailbox, words: none.words }
}
