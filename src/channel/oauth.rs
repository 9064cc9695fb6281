//! Tokens of other people's OAuth 2.0 servers (RFC 6749), with which we sign in to the mailboxes of Microsoft and Google.
//!
//! The crate `oauth2` writes the requests and reads the answers; the line is [`Http`]. Client id and secret go in the body:
//! Microsoft and Google document that form, while servers differ in how they decode the `Authorization` header.
//! PKCE (RFC 7636) is always used: a code that somebody reads in an address bar is worth nothing without the verifier.

use std::{pin::Pin, time::Duration};

use http::StatusCode;
use oauth2::{
    AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, Scope, StandardErrorResponse, TokenResponse, TokenUrl,
    basic::{BasicClient, BasicErrorResponseType, BasicTokenResponse},
};
use secrecy::{ExposeSecret, SecretString};

use super::http::{Http, HttpError};
use crate::domain::text;

/// Characters of a server's own words that are kept: Microsoft adds traces of a thousand.
const MAX_WORDS: usize = 400;
/// Longest life of a token that is believed.
const MAX_LIFETIME: Duration = Duration::from_hours(365 * 24);

/// Our application at a provider, as it was registered there.
#[derive(Clone, Debug)]
pub struct Registration {
    /// Page of consent.
    pub authorize_url: String,
    /// Where tokens are given.
    pub token_url: String,
    /// Name of our application.
    pub client_id: String,
    /// Its secret; an application that is only known by its redirect address has none.
    pub client_secret: Option<SecretString>,
    /// What is asked for, separated by spaces.
    pub scope: String,
    /// Where the provider sends the browser back.
    pub redirect_url: String,
}

/// What a server gives.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// What the mail server takes.
    pub access: SecretString,
    /// What gives the next token; none when the one before stays good, or when there is no next.
    pub refresh: Option<SecretString>,
    /// For how long the token is good, if the server says.
    pub lifetime: Option<Duration>,
}

/// Why there is no token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OAuthError {
    /// An address of the registration is none.
    #[error("L'indirizzo «{0}» non è valido: correggilo nella pagina dell'accesso")]
    Address(String),
    /// No answer: a matter of time.
    #[error(transparent)]
    Line(#[from] HttpError),
    /// The server cannot just now: a matter of time.
    #[error("{place} non è in grado di rispondere. Il server dice: {words}")]
    Busy {
        /// Host name.
        place: String,
        /// The server's own words.
        words: String,
    },
    /// What was granted is over, was taken back, or was never given.
    #[error("L'accesso alla casella non è più concesso: rinnova il consenso. Il server dice: {words}")]
    Consent {
        /// The server's own words.
        words: String,
    },
    /// The server refuses our application.
    #[error(
        "{place} non accetta la richiesta: controlla identificativo e segreto dell'applicazione e gli ambiti. Il server dice: {words}"
    )]
    Refused {
        /// Host name.
        place: String,
        /// The server's own words.
        words: String,
    },
    /// The answer is no answer to our question.
    #[error("{place} ha dato una risposta che non riguarda OAuth: controlla l'indirizzo. Errore: {words}")]
    Unreadable {
        /// Host name.
        place: String,
        /// What could not be understood; never the answer itself, which may hold a token.
        words: String,
    },
}

impl OAuthError {
    /// Asking again later may help; otherwise a person has to do something.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Busy { .. } | Self::Line(HttpError::Unreachable { .. } | HttpError::Silent { .. })
        )
    }
}

type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;
type Outcome =
    Result<BasicTokenResponse, RequestTokenError<OAuthError, StandardErrorResponse<BasicErrorResponseType>>>;

impl Registration {
    fn client(&self) -> Result<Client, OAuthError> {
        let wrong = |address: &str| OAuthError::Address(address.to_owned());
        // An application that signs in for itself has no page of consent; the library wants an address all the same.
        let page = if self.authorize_url.is_empty() { &self.token_url } else { &self.authorize_url };
        let authorize = AuthUrl::new(page.clone()).map_err(|_| wrong(page))?;
        let token = TokenUrl::new(self.token_url.clone()).map_err(|_| wrong(&self.token_url))?;
        let redirect = RedirectUrl::new(self.redirect_url.clone()).map_err(|_| wrong(&self.redirect_url))?;
        let client = BasicClient::new(ClientId::new(self.client_id.clone()))
            .set_auth_uri(authorize)
            .set_token_uri(token)
            .set_redirect_uri(redirect)
            .set_auth_type(AuthType::RequestBody);
        Ok(match &self.client_secret {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned())),
            None => client,
        })
    }

    fn scopes(&self) -> impl Iterator<Item = Scope> {
        self.scope.split_whitespace().map(|scope| Scope::new(scope.to_owned()))
    }

    /// The page where the owner of `mailbox` consents. `state` comes back with the browser; `verifier` (43 to 128 letters and
    /// digits, RFC 7636 §4.1) stays here. The provider is told whose mailbox it is about, so that it does not offer
    /// the administrator's own.
    ///
    /// # Errors
    /// An address of the registration is none.
    pub fn consent_page(&self, mailbox: &str, state: &str, verifier: &str) -> Result<String, OAuthError> {
        let state = CsrfToken::new(state.to_owned());
        let verifier = PkceCodeVerifier::new(verifier.to_owned());
        let client = self.client()?;
        let asked = client
            .authorize_url(|| state)
            .add_scopes(self.scopes())
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_extra_param("login_hint", mailbox);
        Ok(asked.url().0.into())
    }

    /// Exchanges the code that the browser brought back.
    ///
    /// # Errors
    /// Why there is no token.
    pub async fn exchange(&self, http: &Http, code: &str, verifier: &str) -> Result<Tokens, OAuthError> {
        let client = self.client()?;
        let request = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.to_owned()));
        self.judge(request.request_async(&Line { http, place: self.place() }).await)
    }

    /// Signs the application in for itself.
    ///
    /// # Errors
    /// Why there is no token.
    pub async fn sign_in(&self, http: &Http) -> Result<Tokens, OAuthError> {
        let client = self.client()?;
        let request = client.exchange_client_credentials().add_scopes(self.scopes());
        self.judge(request.request_async(&Line { http, place: self.place() }).await)
    }

    /// Gets the next token. The server may replace `refresh`, and then takes the old one no more.
    ///
    /// # Errors
    /// Why there is no token.
    pub async fn renew(&self, http: &Http, refresh: &SecretString) -> Result<Tokens, OAuthError> {
        let client = self.client()?;
        let refresh = RefreshToken::new(refresh.expose_secret().to_owned());
        let request = client.exchange_refresh_token(&refresh);
        self.judge(request.request_async(&Line { http, place: self.place() }).await)
    }

    fn judge(&self, outcome: Outcome) -> Result<Tokens, OAuthError> {
        let place = self.place();
        match outcome {
            Ok(given) => Ok(Tokens {
                access: given.access_token().secret().as_str().into(),
                refresh: given.refresh_token().map(|refresh| refresh.secret().as_str().into()),
                lifetime: given.expires_in().map(|lifetime| lifetime.min(MAX_LIFETIME)),
            }),
            Err(RequestTokenError::Request(error)) => Err(error),
            Err(RequestTokenError::ServerResponse(said)) => Err(refusal(place, &said)),
            Err(RequestTokenError::Parse(error, _)) => {
                let words = if error.inner().is_data() { "non contiene un token" } else { "non è JSON" };
                Err(OAuthError::Unreadable { place, words: words.to_owned() })
            }
            Err(RequestTokenError::Other(words)) => {
                Err(OAuthError::Unreadable { place, words: text::shortened(&words, MAX_WORDS) })
            }
        }
    }

    fn place(&self) -> String {
        let url = url::Url::parse(&self.token_url).ok();
        url.and_then(|url| url.host_str().map(ToOwned::to_owned)).unwrap_or_default()
    }
}

/// The line to one provider. A type and not a closure, so that what waits on it can be moved between threads.
struct Line<'a> {
    http: &'a Http,
    place: String,
}

impl<'c> AsyncHttpClient<'c> for Line<'_> {
    type Error = OAuthError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, OAuthError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

impl Line<'_> {
    async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, OAuthError> {
        let answer = self.http.send(request).await?;
        let (place, status) = (self.place.clone(), answer.status());
        // What stands between us and the server (a proxy, a load balancer) does not speak OAuth.
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(OAuthError::Busy { place, words: status.to_string() });
        }
        if status.is_redirection() {
            let words = format!("rimanda a un altro indirizzo ({status})");
            return Err(OAuthError::Unreadable { place, words });
        }
        Ok(answer)
    }
}

/// The server's own words: its code, and what it adds for people.
#[must_use]
pub fn words(code: &str, description: Option<&str>) -> String {
    let description = description.unwrap_or_default();
    let both = if description.is_empty() { code.to_owned() } else { format!("{code}: {description}") };
    text::shortened(&text::one_line(&both), MAX_WORDS)
}

fn refusal(place: String, said: &StandardErrorResponse<BasicErrorResponseType>) -> OAuthError {
    let code: &str = said.error().as_ref();
    let words = words(code, said.error_description().map(String::as_str));
    match code {
        "temporarily_unavailable" | "server_error" | "slow_down" => OAuthError::Busy { place, words },
        // the last three are Microsoft's and OpenID Connect's: the owner has to come back to the page
        "invalid_grant" | "interaction_required" | "consent_required" | "login_required" => {
            OAuthError::Consent { words }
        }
        _ => OAuthError::Refused { place, words },
    }
}
