//! Letters out: to an SMTP server, into a folder of this machine, or into memory for tests.

mod line;
mod login;

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use entity::mailbox::Security;
use sha2::{Digest, Sha256};

use self::line::Smtp;
pub use self::login::{Asking, Login, NoToken, TokenSource};
use super::{maildir, tls::Trust};
use crate::domain::mail::{OutgoingLetter, SendOutcome};

/// Where the letters of a mailbox leave.
#[derive(Clone, Debug)]
pub enum ExitSettings {
    /// An SMTP server.
    Smtp(SmtpSettings),
    /// A Maildir on this machine.
    Folder(PathBuf),
    /// Nowhere: kept for tests.
    Memory(Memory),
}

/// How an SMTP server is reached.
#[derive(Clone, Debug)]
pub struct SmtpSettings {
    /// Host name; also the name that the certificate must bear.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection of the line.
    pub security: Security,
    /// User; empty when the server asks for none.
    pub user: String,
    /// What proves that we may.
    pub login: Login,
    /// Name by which we greet; empty for that of this machine.
    pub hello_name: String,
    /// Silence after which an attempt is given up; a large letter is given more.
    pub timeout: Duration,
    /// Whom we trust.
    pub trust: Trust,
}

/// What carries the letters of a mailbox. Cheap to clone: clones share their open lines.
#[derive(Clone, Debug)]
pub enum Mailer {
    /// To an SMTP server.
    Smtp(Arc<Smtp>),
    /// Into a Maildir.
    Folder(PathBuf),
    /// Into memory.
    Memory(Memory),
}

impl Mailer {
    /// A carrier for these settings. Nothing is opened yet.
    ///
    /// # Errors
    /// The settings cannot be right: which, in a sentence.
    pub fn for_mailbox(settings: &ExitSettings) -> Result<Self, String> {
        Ok(match settings {
            ExitSettings::Smtp(settings) => Self::Smtp(Arc::new(Smtp::new(settings.clone())?)),
            ExitSettings::Folder(path) => Self::Folder(path.clone()),
            ExitSettings::Memory(memory) => Self::Memory(memory.clone()),
        })
    }

    /// Sends `raw`, which is `letter` composed, to the one recipient of `letter`.
    ///
    /// An answer that was lost counts as [`SendOutcome::Retry`]: the letter may leave twice, with the same Message-ID,
    /// rather than not at all.
    pub async fn send(&self, letter: &OutgoingLetter, raw: &[u8]) -> SendOutcome {
        match self {
            Self::Smtp(smtp) => smtp.send(letter, raw).await,
            Self::Folder(path) => into_folder(path.clone(), letter, raw.to_vec()).await,
            Self::Memory(memory) => memory.send(letter, raw),
        }
    }

    /// Tries the way out without sending anything.
    ///
    /// # Errors
    /// The server's own words.
    pub async fn test(&self) -> Result<(), String> {
        match self {
            Self::Smtp(smtp) => smtp.test().await,
            Self::Folder(path) => {
                let path = path.clone();
                let made = tokio::task::spawn_blocking(move || maildir::make(&path)).await;
                made.unwrap_or_else(|error| Err(std::io::Error::other(error)))
                    .map_err(|error| error.to_string())
            }
            Self::Memory(_) => Ok(()),
        }
    }
}

/// The name follows from the letter: a repeat writes the same file again.
async fn into_folder(path: PathBuf, letter: &OutgoingLetter, raw: Vec<u8>) -> SendOutcome {
    let hash = Sha256::digest(letter.message_id.as_bytes());
    let name = format!("{}.{}.eml", letter.date.timestamp(), data_encoding::HEXLOWER.encode(&hash[..12]));
    match tokio::task::spawn_blocking(move || maildir::deliver(&path, &name, &raw)).await {
        Ok(Ok(())) => SendOutcome::Sent,
        Ok(Err(error)) => SendOutcome::Retry(error.to_string()),
        Err(error) => SendOutcome::Retry(error.to_string()),
    }
}

/// Letters kept in memory, and answers prepared by a test.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    inner: Arc<Mutex<MemoryInner>>,
}

#[derive(Debug, Default)]
struct MemoryInner {
    sent: Vec<(OutgoingLetter, Vec<u8>)>,
    answers: VecDeque<SendOutcome>,
}

impl Memory {
    /// The next letter gets this answer.
    pub fn answer_with(&self, outcome: SendOutcome) {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).answers.push_back(outcome);
    }

    /// What was sent so far.
    #[must_use]
    pub fn sent(&self) -> Vec<(OutgoingLetter, Vec<u8>)> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).sent.clone()
    }

    fn send(&self, letter: &OutgoingLetter, raw: &[u8]) -> SendOutcome {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = inner.answers.pop_front().unwrap_or(SendOutcome::Sent);
        if outcome == SendOutcome::Sent {
            inner.sent.push((letter.clone(), raw.to_vec()));
        }
        outcome
    }
}
