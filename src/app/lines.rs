//! Lines to mail servers, made out of a mailbox's settings: the one place where a sealed password is opened.

use std::{path::PathBuf, sync::Arc, time::Duration};

use entity::mailbox::{self, Exit, Model, Security, Source};
use secrecy::SecretString;

use super::App;
use crate::{
    actions::grant,
    channel::email::{
        imap::{Imap, ImapError, ImapSettings},
        sign_in::SignIn,
        smtp::{ExitSettings, Login, Mailer, SmtpSettings},
    },
    store,
};

/// What came of trying a mailbox's settings: a sentence, or what is wrong in the server's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Reading.
    pub incoming: Result<String, String>,
    /// Sending.
    pub outgoing: Result<String, String>,
}

/// Longest trial of a server: somebody sits in front of the page and waits.
const TRIAL: Duration = Duration::from_secs(30);

impl App {
    /// A line to the IMAP server of a mailbox, signed in. A token that the server refuses before its time (it was taken back, or
    /// clocks differ) is replaced once.
    ///
    /// # Errors
    /// What is in the way and what to do, in a sentence with the server's own words.
    pub async fn imap(&self, mailbox: &Model) -> anyhow::Result<Imap> {
        if mailbox.sign_in == mailbox::SignIn::Password {
            let password = self.open_secret(mailbox.imap_secret.as_deref()).map_err(anyhow::Error::msg)?;
            return Ok(Imap::connect(self.imap_settings(mailbox, SignIn::Password(password))).await?);
        }
        protected(mailbox.imap_security).map_err(anyhow::Error::msg)?;
        let with = |token: &SecretString| self.imap_settings(mailbox, SignIn::Token(token.clone()));
        let (organisation, id) = (mailbox.organisation_id, mailbox.id);
        let token = self.token(organisation, id, None).await?;
        match Imap::connect(with(&token)).await {
            Err(ImapError::Token { .. }) => {
                let next = self.token(organisation, id, Some(&token)).await?;
                Ok(Imap::connect(with(&next)).await?)
            }
            connected => Ok(connected?),
        }
    }

    fn imap_settings(&self, mailbox: &Model, sign_in: SignIn) -> ImapSettings {
        ImapSettings {
            host: mailbox.imap_host.clone(),
            port: port(mailbox.imap_port),
            security: mailbox.imap_security,
            user: mailbox.imap_user.clone(),
            sign_in,
            folder: mailbox.imap_folder.clone(),
            timeout: Duration::from_secs(self.config.mail.timeout_seconds),
            trust: self.trust.clone(),
            max_bytes: self.config.mail.max_bytes,
        }
    }

    /// What carries the letters of a mailbox.
    ///
    /// # Errors
    /// The settings cannot be right, or the stored password cannot be opened.
    pub fn mailer(&self, mailbox: &Model) -> Result<Mailer, String> {
        let settings = match mailbox.exit {
            Exit::Folder => ExitSettings::Folder(PathBuf::from(&mailbox.exit_path)),
            Exit::Smtp => ExitSettings::Smtp(SmtpSettings {
                host: mailbox.smtp_host.clone(),
                port: port(mailbox.smtp_port),
                security: mailbox.smtp_security,
                user: mailbox.smtp_user.clone(),
                login: self.smtp_login(mailbox)?,
                hello_name: String::new(),
                timeout: Duration::from_secs(self.config.delivery.timeout_seconds),
                trust: self.trust.clone(),
            }),
        };
        Mailer::for_mailbox(&settings)
    }

    /// Tries a mailbox's settings: signs in and looks, changes nothing and sends nothing. Settings that send a token where it must
    /// not go are not tried.
    pub async fn try_mailbox(&self, mailbox: &Model) -> Trial {
        // boxed: the page's own future would be too large with two conversations in it
        let incoming = in_time(Box::pin(self.try_incoming(mailbox)));
        let outgoing = in_time(Box::pin(self.try_outgoing(mailbox)));
        let (incoming, outgoing) = tokio::join!(incoming, outgoing);
        Trial { incoming, outgoing }
    }

    async fn try_incoming(&self, mailbox: &Model) -> Result<String, String> {
        if mailbox.source == Source::Maildir {
            folder(&mailbox.maildir_path)?;
            return Ok("La cartella c’è e si può leggere.".to_owned());
        }
        self.well_directed(mailbox, "imap_").await?;
        let mut imap = self.imap(mailbox).await.map_err(|error| error.to_string())?;
        let folder = imap.select().await.map_err(|error| error.to_string())?;
        imap.logout().await;
        Ok(format!(
            "Collegamento riuscito: {} messaggi nella cartella {}.",
            folder.exists, mailbox.imap_folder
        ))
    }

    async fn try_outgoing(&self, mailbox: &Model) -> Result<String, String> {
        if mailbox.exit == Exit::Folder {
            folder(&mailbox.exit_path)?;
            return Ok("La cartella c’è.".to_owned());
        }
        self.well_directed(mailbox, "smtp_").await?;
        self.mailer(mailbox)?.test().await.map_err(|words| not_sending(&words))?;
        Ok("Collegamento riuscito: il server accetta le nostre lettere.".to_owned())
    }

    /// Whether a token may go where these settings, which need not be the stored ones, send it. `line` begins the names of the
    /// fields.
    async fn well_directed(&self, mailbox: &Model, line: &str) -> Result<(), String> {
        let stored = store::mailbox::by_id(&self.desk.db.read, mailbox.organisation_id, mailbox.id).await;
        let Some(stored) = stored.map_err(|error| error.to_string())? else { return Ok(()) };
        match grant::misdirected(&stored, mailbox).into_iter().find(|flaw| flaw.field.starts_with(line)) {
            Some(flaw) => Err(flaw.message),
            None => Ok(()),
        }
    }

    fn smtp_login(&self, mailbox: &Model) -> Result<Login, String> {
        Ok(match mailbox.sign_in {
            mailbox::SignIn::Oauth => {
                protected(mailbox.smtp_security)?;
                Login::Asked(Arc::new(self.tokens_of(mailbox)))
            }
            mailbox::SignIn::Password => {
                Login::Fixed(SignIn::Password(self.open_secret(mailbox.smtp_secret.as_deref())?))
            }
        })
    }

    fn open_secret(&self, sealed: Option<&[u8]>) -> Result<SecretString, String> {
        match sealed {
            None => Ok(SecretString::default()),
            Some(sealed) => {
                self.desk.keys.open(sealed).map(SecretString::from).map_err(|error| error.to_string())
            }
        }
    }
}

/// Whether a token may go over such a line, whatever the settings say.
fn protected(security: Security) -> Result<(), String> {
    if security == Security::Insecure { Err(grant::IN_CLEAR.to_owned()) } else { Ok(()) }
}

/// The sending server's own words are mostly English: what they mean for the administrator stands before them.
fn not_sending(words: &str) -> String {
    format!(
        "L’invio non riesce: controlla nome del server, porta, sicurezza, utente e password. Errore: {words}"
    )
}

/// A trial, or the word that it took too long.
async fn in_time(trial: impl Future<Output = Result<String, String>>) -> Result<String, String> {
    tokio::time::timeout(TRIAL, trial).await.unwrap_or_else(|_| {
        Err(format!(
            "Nessuna risposta entro {} secondi: controlla il nome del server, la porta e la rete.",
            TRIAL.as_secs()
        ))
    })
}

/// A trial makes nothing: a folder that is not there is a path mistyped.
fn folder(path: &str) -> Result<(), String> {
    match std::fs::read_dir(path) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!(
            "La cartella {path} non si può aprire: controlla il percorso e i permessi. Errore: {error}"
        )),
    }
}

fn port(stored: i32) -> u16 {
    u16::try_from(stored).unwrap_or(0)
}
