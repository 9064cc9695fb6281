//! What went wrong, as a page: the kind decides the status, the words say what to do, the cause stays in the log under a
//! reference number. Logged here, once.

use axum::{
    Extension,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use sea_orm::DbErr;
use serde::Serialize;

use super::{
    frame::{Frame, Link},
    outage,
    request::address,
    templates,
};
use crate::{actions, store};

/// Why a page is not shown.
#[derive(Debug)]
pub enum Error {
    /// There is no such thing, or it is another organisation's.
    NotFound,
    /// The operator's role does not allow it.
    Forbidden,
    /// The request comes from a page of somebody else.
    Foreign,
    /// Nobody is signed in: sign in and go on to this local path.
    SignIn(String),
    /// Nobody is signed in any more, and a form was sent.
    SessionOver,
    /// The one-time password opens only the page that changes it.
    PasswordFirst,
    /// Something happened meanwhile; the words say what.
    Conflict(&'static str),
    /// The form is not one of ours.
    Unreadable,
    /// What was typed cannot be taken, and the page has no place to say it.
    Rejected(String),
    /// The request is larger than allowed.
    TooLarge,
    /// The answer took too long.
    TooSlow,
    /// The database.
    Store(DbErr),
    /// Our own fault.
    Internal(anyhow::Error),
}

/// What handlers give.
pub type Result<T> = std::result::Result<T, Error>;

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        Self::Store(error)
    }
}

impl From<minijinja::Error> for Error {
    fn from(error: minijinja::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<actions::Error> for Error {
    fn from(error: actions::Error) -> Self {
        match error {
            actions::Error::NotFound => Self::NotFound,
            actions::Error::Rejected(flaws) => {
                Self::Rejected(flaws.into_iter().map(|flaw| flaw.message).collect::<Vec<_>>().join(" "))
            }
            actions::Error::Conflict(words) => Self::Conflict(words),
            actions::Error::Store(error) => Self::Store(error),
        }
    }
}

/// The words of a page of errors.
struct Words {
    status: StatusCode,
    text: Option<String>,
    reference: Option<String>,
    back: Option<Link>,
}

impl Words {
    fn usual(status: StatusCode) -> Self {
        Self { status, text: None, reference: None, back: None }
    }

    fn said(status: StatusCode, text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::usual(status) }
    }
}

const SESSION_OVER: &str = "La sessione è finita prima dell’invio, e niente è stato salvato. Accedi in un’altra scheda, poi torna \
     qui e ricarica la pagina: il browser invierà di nuovo quello che avevi scritto.";
const FOREIGN: &str = "La richiesta arriva da un altro sito ed è stata fermata per sicurezza. Se usi un indirizzo diverso dal \
     solito, chiedi a chi gestisce il programma di controllare server.public_url.";
const UNREADABLE: &str = "I dati inviati sono incompleti. Torna alla pagina, ricaricala e riprova.";
const TOO_LARGE: &str =
    "I dati inviati sono troppo grandi. Torna alla pagina e accorcia il testo, o togli qualche file.";
const TOO_SLOW: &str =
    "La risposta richiede troppo tempo e la richiesta è stata interrotta. Riprova tra qualche minuto.";

impl Error {
    /// Where to go instead, when there is such a place.
    fn elsewhere(&self) -> Option<Redirect> {
        match self {
            Self::SignIn(next) => Some(Redirect::to(&address("/desk/login", &[("next", next)]))),
            Self::PasswordFirst => Some(Redirect::to("/desk/password")),
            _ => None,
        }
    }

    fn words(self) -> Words {
        match self {
            // The two that lead elsewhere never come here.
            Self::NotFound | Self::SignIn(_) | Self::PasswordFirst => Words::usual(StatusCode::NOT_FOUND),
            Self::Forbidden => Words::usual(StatusCode::FORBIDDEN),
            Self::Foreign => Words::said(StatusCode::FORBIDDEN, FOREIGN),
            Self::SessionOver => Words {
                back: Some(Link::new("/desk/login", "Accedi")),
                ..Words::said(StatusCode::UNAUTHORIZED, SESSION_OVER)
            },
            Self::Conflict(text) => Words::said(StatusCode::CONFLICT, text),
            Self::Unreadable => Words::said(StatusCode::UNPROCESSABLE_ENTITY, UNREADABLE),
            Self::Rejected(text) => Words::said(StatusCode::UNPROCESSABLE_ENTITY, text),
            Self::TooLarge => Words::said(StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE),
            Self::TooSlow => {
                let reference = reference();
                tracing::error!(reference, "a page took too long");
                Words { reference: Some(reference), ..Words::said(StatusCode::SERVICE_UNAVAILABLE, TOO_SLOW) }
            }
            Self::Store(error) if store::is_environment(&error) => {
                let reference = reference();
                tracing::error!(reference, %error, "the database is not available");
                let text = outage::words(&error);
                Words { reference: Some(reference), ..Words::said(StatusCode::SERVICE_UNAVAILABLE, text) }
            }
            Self::Store(error) => failed(&error.into()),
            Self::Internal(error) => failed(&error),
        }
    }
}

fn failed(error: &anyhow::Error) -> Words {
    let reference = reference();
    tracing::error!(reference, error = format!("{error:#}"), "a page failed");
    Words { reference: Some(reference), ..Words::usual(StatusCode::INTERNAL_SERVER_ERROR) }
}

/// Eight characters that tie what a person reads to a line of the log.
fn reference() -> String {
    format!("{:08X}", rand::random::<u32>())
}

/// Goes with a page of errors, for whoever says the same in another frame (the portal): the number under which the cause
/// stands in the log.
#[derive(Clone, Debug)]
pub struct Said {
    /// The number, where something failed on our side.
    pub reference: Option<String>,
}

#[derive(Serialize)]
struct Page {
    frame: Frame,
    status: u16,
    text: Option<String>,
    reference: Option<String>,
    back: Option<Link>,
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        if let Some(elsewhere) = self.elsewhere() {
            return elsewhere.into_response();
        }
        let Words { status, text, reference, back } = self.words();
        let said = Said { reference: reference.clone() };
        let page = Page { frame: Frame::outside(None), status: status.as_u16(), text, reference, back };
        let page = templates::render("pages/error.html", page).unwrap_or_else(|error| {
            tracing::error!(%error, "the page of errors failed");
            Html("Qualcosa non ha funzionato.".to_owned())
        });
        (status, Extension(said), page).into_response()
    }
}
