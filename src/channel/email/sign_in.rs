//! How we sign in to the servers of a mailbox: the same for the line that reads and for the one that sends.
//!
//! `XOAUTH2` (Google's and Microsoft's way of carrying an OAuth 2.0 token in a SASL exchange) is what both providers take
//! on IMAP and on SMTP; the standard `OAUTHBEARER` (RFC 7628) was refused because Microsoft does not have it.

use secrecy::{ExposeSecret, SecretString};

/// What proves to a mail server who we are.
#[derive(Clone, Debug)]
pub enum SignIn {
    /// The user's password.
    Password(SecretString),
    /// A token of the provider's OAuth 2.0 server, valid now.
    Token(SecretString),
}

impl SignIn {
    /// The initial (and only) answer of `XOAUTH2` for `user`, before base64; `None` with a password.
    #[must_use]
    pub fn xoauth2(&self, user: &str) -> Option<SecretString> {
        match self {
            Self::Password(_) => None,
            Self::Token(token) => {
                Some(format!("user={user}\x01auth=Bearer {}\x01\x01", token.expose_secret()).into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_said_as_the_providers_ask_and_shown_to_nobody() {
        let token = SignIn::Token("ya29.segreto".into());
        assert_eq!(
            token.xoauth2("reclami@ente.example").unwrap().expose_secret(),
            "user=reclami@ente.example\x01auth=Bearer ya29.segreto\x01\x01"
        );
        assert!(!format!("{token:?}").contains("segreto"));
        assert!(SignIn::Password("segreta".into()).xoauth2("anna").is_none());
    }
}
