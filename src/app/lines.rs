//! Lines to mail servers, made out of a mailbox's settings: the one place where a sealed password is opened.

use std::{path::PathBuf, time::Duration};

use entity::mailbox::{Exit, Model, Source};
use secrecy::SecretString;

use super::App;
use crate::channel::email::{
    imap::{Imap, ImapSettings},
    smtp::{ExitSettings, Mailer, SmtpSettings},
};

/// What came of trying a mailbox's settings: a sentence, or what is wrong in the server's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trial {
    /// Reading.
    pub incoming: Result<String, String>,
    /// Sending.
    pub outgoing: Result<String, String>,
}

impl App {
    /// How the IMAP server of a mailbox is reached.
    ///
    /// # Errors
    /// The stored password cannot be opened with this installation's key.
    pub fn imap_settings(&self, mailbox: &Model) -> Result<ImapSettings, String> {
        Ok(ImapSettings {
            host: mailbox.imap_host.clone(),
            port: port(mailbox.imap_port),
            security: mailbox.imap_security,
            user: mailbox.imap_user.clone(),
            password: self.open_secret(mailbox.imap_secret.as_deref())?,
            folder: mailbox.imap_folder.clone(),
            timeout: Duration::from_secs(self.config.mail.timeout_seconds),
            trust: self.trust.clone(),
            max_bytes: self.config.mail.max_bytes,
        })
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
                password: self.open_secret(mailbox.smtp_secret.as_deref())?,
                hello_name: String::new(),
                timeout: Duration::from_secs(self.config.delivery.timeout_seconds),
                trust: self.trust.clone(),
            }),
        };
        Mailer::for_mailbox(&settings)
    }

    /// Tries a mailbox's settings: signs in and looks, changes nothing and sends nothing.
    pub async fn try_mailbox(&self, mailbox: &Model) -> Trial {
        let (incoming, outgoing) = tokio::join!(self.try_incoming(mailbox), self.try_outgoing(mailbox));
        Trial { incoming, outgoing }
    }

    async fn try_incoming(&self, mailbox: &Model) -> Result<String, String> {
        if mailbox.source == Source::Maildir {
            folder(&mailbox.maildir_path)?;
            return Ok("La cartella c’è e si può leggere.".to_owned());
        }
        let mut imap =
            Imap::connect(self.imap_settings(mailbox)?).await.map_err(|error| error.to_string())?;
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
        self.mailer(mailbox)?.test().await?;
        Ok("Collegamento riuscito: il server accetta le nostre lettere.".to_owned())
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
