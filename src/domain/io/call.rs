//! What comes of a call to IO, said as what to do next.
//!
//! The meaning of each answer is in the "Guida tecnica" (Common Errors, and the page of each call); what may be called again
//! after an answer that never came follows from how IO stores a message: no call has a key by which it would recognise a second.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What the check before each message says about a citizen. A snapshot: the message itself may still be rejected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Profile {
    /// On IO, and the service is on.
    Reachable {
        /// Languages as IO writes them (`it_IT`), the preferred first; often none.
        languages: Vec<String>,
    },
    /// On IO, with this service off.
    ServiceOff,
    /// Not on IO, or not yet ready to get messages.
    NotOnIo,
}

/// How far IO is with a message ("Guida tecnica", Get Message). Names that we do not know may come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Progress {
    /// In the queue.
    Accepted,
    /// Held up; it may still arrive within seven days.
    Throttled,
    /// In the citizen's inbox.
    Processed,
    /// The citizen is not on IO, or does not want this service.
    Rejected,
    /// Given up by IO.
    Failed,
    /// Something new.
    #[serde(other)]
    Unknown,
}

/// What became of a push or a forwarded mail. IO stopped saying it in July 2026.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all(deserialize = "SCREAMING_SNAKE_CASE", serialize = "snake_case"))]
pub enum Told {
    /// Sent.
    Sent,
    /// Held up.
    Throttled,
    /// Too late.
    Expired,
    /// Not sent.
    Failed,
    /// Something new.
    #[serde(other)]
    Unknown,
}

/// Whether it was opened. Only for Premium messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all(deserialize = "SCREAMING_SNAKE_CASE", serialize = "snake_case"))]
pub enum Opened {
    /// Opened.
    Read,
    /// Not yet.
    Unread,
    /// The citizen does not let it be known.
    Unavailable,
    /// Something new.
    #[serde(other)]
    Unknown,
}

/// Whether its notice was paid. Only for Premium messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all(deserialize = "SCREAMING_SNAKE_CASE", serialize = "snake_case"))]
pub enum Paid {
    /// Paid.
    Paid,
    /// Not yet.
    NotPaid,
    /// Something new.
    #[serde(other)]
    Unknown,
}

/// What IO says of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    /// How far it is.
    pub progress: Progress,
    /// The push, if IO says.
    pub push: Option<Told>,
    /// The forwarded mail, if IO says.
    pub email: Option<Told>,
    /// Whether it was opened, if we may know.
    pub opened: Option<Opened>,
    /// Whether it was paid, if we may know.
    pub paid: Option<Paid>,
}

/// Why a call brought nothing, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Never as it is: this message, recipient or sheet. In IO's own words, which are English and without personal data.
    Refused {
        /// Title of the answer.
        title: String,
    },
    /// The state of things is another than we thought: read it again, then decide.
    Outdated {
        /// Title of the answer.
        title: String,
    },
    /// A matter for an administrator: nothing of this service is sent until it is mended. In Italian.
    Misconfigured {
        /// What is wrong.
        what: String,
        /// What to do.
        remedy: &'static str,
    },
    /// What answered is not IO's API. A wrong address does that each time, and IO's gateway once in a while ("Guida tecnica", Common
    /// Errors): one alone proves nothing. In Italian.
    Astray {
        /// What answered, and what to do should it go on.
        words: String,
    },
    /// Neither key of the pair is taken.
    KeyRefused,
    /// Too many calls: everybody of the institution waits.
    Wait {
        /// How long.
        time: Duration,
    },
    /// Nothing has happened, or nothing that a second call would double. In Italian.
    Retry {
        /// What kept us.
        words: String,
    },
    /// It may have happened, or not, and nobody can tell: never called again without a person who orders it. In Italian.
    Unknown {
        /// What kept us.
        words: String,
    },
}

impl Failure {
    /// What an operator reads.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Refused { title } => format!("IO ha rifiutato la richiesta: {}", in_italian(title)),
            Self::Outdated { title } => {
                format!("Su IO il servizio è in un altro stato ({title}): aggiorna la pagina e riprova.")
            }
            Self::Misconfigured { what, remedy } => format!("{what} {remedy}"),
            Self::KeyRefused => {
                "IO non accetta la chiave del servizio: copia di nuovo le chiavi dall'Area Riservata."
                    .to_owned()
            }
            Self::Wait { time } => {
                format!("IO chiede di rallentare: si riprova tra {} secondi.", time.as_secs().max(1))
            }
            Self::Astray { words } | Self::Retry { words } | Self::Unknown { words } => words.clone(),
        }
    }
}

/// What we call the refusal of a message for its remote content.
pub const NO_REMOTE_CONTENT: &str = "Remote content not allowed";

/// Titles that IO is known to write.
fn in_italian(title: &str) -> String {
    match title {
        "Recipient forbidden" => "a questa persona il servizio non può scrivere.".to_owned(),
        "Invalid message structure" => "il messaggio non rispetta le regole di IO.".to_owned(),
        "Error while sending payment metadata" => {
            "l'importo è più alto di quanto il servizio può chiedere.".to_owned()
        }
        NO_REMOTE_CONTENT | "No configuration id for remote content" | "Attachments call forbidden" => {
            "PagoPA non ha abilitato l'ente ai contenuti remoti. Chiedi l'abilitazione, o scrivi tutto nel testo."
                .to_owned()
        }
        "Not your configuration" | "Remote Content Configuration NOT FOUND" => {
            "IO non conosce più la configurazione dei contenuti remoti: comunicala di nuovo.".to_owned()
        }
        "Bad parameters" => "la richiesta è scritta male.".to_owned(),
        other => format!("«{other}»."),
    }
}
