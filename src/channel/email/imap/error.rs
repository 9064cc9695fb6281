//! What goes wrong on a line to an IMAP server, in sentences for the administrator of the mailbox.

use std::{io, time::Duration};

use async_imap::error::Error;

use super::gate::Overrun;

/// What went wrong. Each says where, what to do, and what the server said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImapError {
    /// Nobody is there.
    #[error("{place} non è raggiungibile: controlli il nome del server, la porta e la rete. Errore: {words}")]
    Connect {
        /// `host:port`.
        place: String,
        /// The system's words.
        words: String,
    },
    /// The line cannot be protected.
    #[error(
        "la connessione protetta con {place} non riesce: controlli il tipo di protezione e il certificato del server. Errore: {words}"
    )]
    Tls {
        /// `host:port`.
        place: String,
        /// What the server, or the check of its certificate, said.
        words: String,
    },
    /// User or password.
    #[error(
        "{place} non accetta l'utente o la password: li controlli nelle impostazioni della casella. Il server dice: {words}"
    )]
    Credentials {
        /// `host:port`.
        place: String,
        /// The server's own words.
        words: String,
    },
    /// The token of the provider.
    #[error(
        "{place} non accetta l'autorizzazione della casella: la rinnovi nelle impostazioni della casella. Il server dice: {words}"
    )]
    Token {
        /// `host:port`.
        place: String,
        /// The server's own words.
        words: String,
    },
    /// The server refused a command.
    #[error(
        "{place} ha rifiutato una richiesta: controlli il nome della cartella e i permessi della casella. Il server dice: {words}"
    )]
    Refused {
        /// `host:port`.
        place: String,
        /// The server's own words.
        words: String,
    },
    /// The server does not hand over one mail, asked for it alone; the others are not concerned.
    #[error("{place} non consegna il messaggio {uid}: {words}")]
    Mail {
        /// `host:port`.
        place: String,
        /// Which mail.
        uid: u32,
        /// The server's own words, or what happened to the line.
        words: String,
    },
    /// The server said something that is no IMAP, or more than it was asked for.
    #[error("{place} ha dato una risposta incomprensibile. Errore: {words}")]
    Protocol {
        /// `host:port`.
        place: String,
        /// What we could not understand.
        words: String,
    },
    /// The server is silent.
    #[error("{place} non ha risposto entro {seconds} secondi: controlli il server e la rete")]
    Timeout {
        /// `host:port`.
        place: String,
        /// Seconds waited.
        seconds: u64,
    },
    /// The server hung up, or the line broke.
    #[error("la connessione con {place} si è interrotta. {words}")]
    Closed {
        /// `host:port`.
        place: String,
        /// The server's or the system's words; may be empty.
        words: String,
    },
}

impl ImapError {
    pub(super) fn timeout(place: &str, waited: Duration) -> Self {
        Self::Timeout { place: place.to_owned(), seconds: waited.as_secs() }
    }

    pub(super) fn closed(place: &str, words: &str) -> Self {
        Self::Closed { place: place.to_owned(), words: words.to_owned() }
    }

    /// What we know the mails by does not hold any more: the folder has to be opened again.
    pub(super) fn renumbered(place: &str) -> Self {
        Self::closed(place, "Il server ha rinumerato la cartella.")
    }

    pub(super) fn protocol(place: &str, words: &str) -> Self {
        Self::Protocol { place: place.to_owned(), words: words.to_owned() }
    }

    /// The line broke off, or what came over it cannot be followed: nothing more can be said on it.
    pub(super) fn ends_the_line(&self) -> bool {
        matches!(self, Self::Protocol { .. } | Self::Timeout { .. } | Self::Closed { .. })
    }

    /// The line broke, or brought something that is no IMAP.
    pub(super) fn broken(place: &str, error: &io::Error) -> Self {
        if let Some(overrun) = error.get_ref().and_then(|inside| inside.downcast_ref::<Overrun>()) {
            return Self::protocol(place, &overrun.to_string());
        }
        // what async-imap cannot parse is an error of kind Other, with all that was received: it may hold personal data
        if error.kind() == io::ErrorKind::Other {
            Self::protocol(place, "formato sconosciuto")
        } else {
            Self::closed(place, &error.to_string())
        }
    }

    pub(super) fn line(place: &str, error: &Error) -> Self {
        match error {
            Error::Io(error) => Self::broken(place, error),
            Error::No(words) | Error::Bad(words) => {
                Self::Refused { place: place.to_owned(), words: plain(words) }
            }
            Error::ConnectionLost => Self::closed(place, ""),
            other => Self::protocol(place, &other.to_string()),
        }
    }
}

/// async-imap wraps the server's words as `code: None, info: Some("…")`.
fn plain(words: &str) -> String {
    let inside = words.split_once("info: Some(\"").and_then(|(_, rest)| rest.strip_suffix("\")"));
    inside.map_or_else(|| words.to_owned(), |inside| inside.replace("\\\"", "\"").replace("\\\\", "\\"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_the_servers_own() {
        let no =
            Error::No("code: None, info: Some(\"[AUTHENTICATIONFAILED] \\\"anna\\\" unknown\")".to_owned());
        let error = ImapError::line("mail.example:993", &no);
        assert!(
            error.to_string().ends_with("Il server dice: [AUTHENTICATIONFAILED] \"anna\" unknown"),
            "{error}"
        );
    }
}
