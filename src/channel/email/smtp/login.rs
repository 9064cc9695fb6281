//! What proves to an SMTP server who we are, asked for at each new line.
//!
//! A carrier of letters lives as long as the settings of its mailbox, a token for an hour. So a token is not handed over
//! with the settings: whoever keeps the tokens is asked when a line is opened, and asked again when the server refuses one
//! that should have been good (it was taken back, or the provider's clock is not ours).

use std::{fmt::Debug, pin::Pin, sync::Arc};

use lettre::transport::smtp::{
    Error,
    authentication::{Credentials, DEFAULT_MECHANISMS, Mechanism},
    client::AsyncSmtpConnection,
    commands::Auth,
};
use secrecy::{ExposeSecret, SecretString};

use crate::channel::email::sign_in::SignIn;

/// What proves who we are.
#[derive(Clone, Debug)]
pub enum Login {
    /// Always the same.
    Fixed(SignIn),
    /// A token, from who keeps them.
    Asked(Arc<dyn TokenSource>),
}

/// A question that takes its time.
pub type Asking<'a> = Pin<Box<dyn Future<Output = Result<SecretString, NoToken>> + Send + 'a>>;

/// Who keeps the tokens of a mailbox.
pub trait TokenSource: Debug + Send + Sync {
    /// A token that is good now, and is not `refused`.
    fn token<'a>(&'a self, refused: Option<&'a SecretString>) -> Asking<'a>;
}

/// Why there is no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct NoToken {
    /// Why, and what to do.
    pub words: String,
    /// Asking again later may help; otherwise a person has to do something.
    pub may_pass: bool,
}

/// Why the login failed.
pub(super) enum LoginError {
    /// The server, or the line to it.
    Server(Error),
    /// We have nothing to show.
    NoToken(NoToken),
}

impl From<Error> for LoginError {
    fn from(error: Error) -> Self {
        Self::Server(error)
    }
}

impl From<NoToken> for LoginError {
    fn from(error: NoToken) -> Self {
        Self::NoToken(error)
    }
}

impl Login {
    pub(super) async fn log_in(&self, line: &mut AsyncSmtpConnection, user: &str) -> Result<(), LoginError> {
        match self {
            Self::Fixed(SignIn::Password(password)) => {
                let login = Credentials::new(user.to_owned(), password.expose_secret().to_owned());
                line.auth(DEFAULT_MECHANISMS, &login).await?;
            }
            _ if !line.server_info().supports_auth_mechanism(Mechanism::Xoauth2) => {
                let words = "Il server non offre l'accesso con Microsoft o Google (XOAUTH2)".to_owned();
                return Err(NoToken { words, may_pass: false }.into());
            }
            Self::Fixed(SignIn::Token(token)) => show(line, user, token).await?,
            Self::Asked(source) => {
                let token = source.token(None).await?;
                match show(line, user, &token).await {
                    Err(error) if error.is_permanent() => {
                        let next = source.token(Some(&token)).await?;
                        show(line, user, &next).await?;
                    }
                    shown => shown?,
                }
            }
        }
        Ok(())
    }
}

/// XOAUTH2. A server that refuses the token says why in a challenge, and says no only after an empty answer; lettre's own
/// exchange ends at the challenge, with words of its own instead of the server's.
async fn show(line: &mut AsyncSmtpConnection, user: &str, token: &SecretString) -> Result<(), Error> {
    let login = Credentials::new(user.to_owned(), token.expose_secret().to_owned());
    let said = line.command(Auth::new(Mechanism::Xoauth2, login, None)?).await?;
    if said.has_code(334) {
        line.command("\r\n").await?;
    }
    Ok(())
}
