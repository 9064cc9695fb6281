//! Our requests to other people's web servers.
//!
//! One client with one trust, the same as for mail servers. It follows no redirect (a token server that sends us elsewhere
//! would have our secret sent there, too), reads no answer beyond a limit, waits for none beyond a limit, and takes no proxy
//! out of the environment: a line to this machine must not leave it.

use std::time::Duration;

use reqwest::{Client, Request, Response, redirect::Policy};

use super::email::tls::Trust;
use crate::domain::endpoint;

/// Largest answer that is read, in bytes: those that we ask for have a few thousand.
const MAX_ANSWER: usize = 64 * 1024;
/// Longest wait for the line.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest wait for the whole answer: shorter than a page may take.
const WHOLE: Duration = Duration::from_secs(20);
/// How long an unused line is kept. Servers hang up after a minute or so, and a request on a dead line is lost.
const IDLE: Duration = Duration::from_secs(20);

/// A client. Cheap to clone: clones share their lines.
#[derive(Clone, Debug)]
pub struct Http {
    client: Client,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// What we send could be read on the way.
    #[error("{place} non è raggiunto con una connessione protetta (https): non gli mandiamo segreti")]
    InClear {
        /// `host:port`.
        place: String,
    },
    /// Nobody is there, the line cannot be protected, or it broke.
    #[error("{place} non è raggiungibile: controlla l'indirizzo, la rete e il certificato. Errore: {words}")]
    Unreachable {
        /// `host:port`.
        place: String,
        /// What kept us.
        words: String,
    },
    /// The server is silent.
    #[error("{place} non ha risposto entro {} secondi", WHOLE.as_secs())]
    Silent {
        /// `host:port`.
        place: String,
    },
    /// The answer is larger than anything that we asked for.
    #[error("{place} ha dato una risposta troppo lunga")]
    TooLong {
        /// `host:port`.
        place: String,
    },
}

impl Http {
    /// A client that trusts whom our mail lines trust.
    ///
    /// # Errors
    /// The system gives no way to make one.
    pub fn new(trust: &Trust) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .tls_backend_preconfigured((*trust.config()).clone())
            .user_agent(concat!("riscontro/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .pool_idle_timeout(IDLE)
            .build()?;
        Ok(Self { client })
    }

    /// Sends a request and reads the whole answer, whatever its status.
    ///
    /// # Errors
    /// There is no answer, or it is not read.
    pub async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, HttpError> {
        let request = Request::try_from(request)
            .map_err(|error| HttpError::Unreachable { place: String::new(), words: words(error) })?;
        let place = place(request.url());
        if !endpoint::is_protected(request.url()) {
            return Err(HttpError::InClear { place });
        }
        let answer = self.client.execute(request).await.map_err(|error| failed(&place, error))?;
        read(answer, &place).await
    }
}

async fn read(mut answer: Response, place: &str) -> Result<http::Response<Vec<u8>>, HttpError> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| failed(place, error))? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(HttpError::TooLong { place: place.to_owned() });
        }
        body.extend_from_slice(&chunk);
    }
    let mut whole = http::Response::new(body);
    *whole.status_mut() = answer.status();
    *whole.headers_mut() = std::mem::take(answer.headers_mut());
    Ok(whole)
}

fn failed(place: &str, error: reqwest::Error) -> HttpError {
    let place = place.to_owned();
    if error.is_timeout() {
        HttpError::Silent { place }
    } else {
        HttpError::Unreachable { place, words: words(error) }
    }
}

/// The innermost cause: what stands around it repeats the address, with all that was asked.
fn words(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut innermost: &dyn std::error::Error = &error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// Where, in words for people.
fn place(url: &reqwest::Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
