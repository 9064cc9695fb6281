//! Who we are: a password (LOGIN, or PLAIN where it has accents), or a token (XOAUTH2).

use async_imap::{Authenticator, Session};
use secrecy::{ExposeSecret, SecretString};

use super::{ImapError, ImapSettings, Line, connect::Greeted};
use crate::channel::email::sign_in::SignIn;

pub(super) async fn sign_in(
    greeted: Greeted<Line>,
    settings: &ImapSettings,
    place: &str,
) -> Result<Session<Line>, ImapError> {
    let Greeted { client, initial_response } = greeted;
    let user = settings.user.as_str();
    let signed_in = match (&settings.sign_in, settings.sign_in.xoauth2(user)) {
        (_, Some(words)) if initial_response => {
            let words = data_encoding::BASE64.encode(words.expose_secret().as_bytes());
            client.authenticate(format!("XOAUTH2 {words}"), Once(None)).await
        }
        (_, Some(words)) => client.authenticate("XOAUTH2", Once(Some(words))).await,
        (SignIn::Password(password) | SignIn::Token(password), None) => {
            let password = password.expose_secret();
            // LOGIN has no word for accents; PLAIN carries UTF-8 (RFC 4616)
            if user.is_ascii() && password.is_ascii() {
                client.login(user, password).await
            } else {
                let words = format!("\0{user}\0{password}");
                client.authenticate("PLAIN", Once(Some(words.into()))).await
            }
        }
    };
    signed_in.map_err(|(error, _)| match (ImapError::line(place, &error), &settings.sign_in) {
        (ImapError::Refused { place, words }, SignIn::Password(_)) => ImapError::Credentials { place, words },
        (ImapError::Refused { place, words }, SignIn::Token(_)) => ImapError::Token { place, words },
        (other, _) => other,
    })
}

/// What is said once. A second question can only be a complaint (XOAUTH2 says in base64 why it refuses), which an empty
/// answer ends: the refusal itself follows.
struct Once(Option<SecretString>);

impl Authenticator for Once {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        self.0.take().map(|words| words.expose_secret().to_owned()).unwrap_or_default()
    }
}
