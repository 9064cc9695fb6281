//! Messages to apps, over HTTPS and signed (Standard Webhooks).
//!
//! A client of its own beside [`super::http`]: here strangers choose where it goes. Names are resolved by ourselves, and what
//! is not an address of the public internet is left out before anybody connects; the address that was judged is the one that is
//! connected to, so that a name which answers differently the second time gains nothing. No redirect is followed, for the
//! same reason.

use std::{
    error::Error,
    io::{self, ErrorKind},
    iter,
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, Utc};
use reqwest::{
    Client, Response,
    dns::{Addrs, Name, Resolve, Resolving},
    header::CONTENT_TYPE,
    redirect::Policy,
};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::email::tls::Trust;
use crate::domain::{mail::SendOutcome, webhook};

/// Longest answer that is read, in bytes: only its status matters, but who is cut off in the middle takes it for a failure.
const MAX_ANSWER: usize = 64 * 1024;
/// Longest wait for the line.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest wait for the whole answer.
const WHOLE: Duration = Duration::from_secs(20);
/// How long an unused line is kept.
const IDLE: Duration = Duration::from_secs(20);

/// Carries messages to apps. Cheap to clone: clones share their lines.
#[derive(Clone, Debug)]
pub struct Courier {
    client: Client,
    private: bool,
}

impl Courier {
    /// `private`: the owner lets messages go to machines of the own network.
    ///
    /// # Errors
    /// The system gives no way to make a client.
    pub fn new(trust: &Trust, private: bool) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .tls_backend_preconfigured((*trust.config()).clone())
            .user_agent(concat!("riscontro/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .pool_idle_timeout(IDLE)
            .dns_resolver(Arc::new(Resolver { private }))
            .build()?;
        Ok(Self { client, private })
    }

    /// Calls an endpoint with a message, signed for this moment. Whatever is not taken may be taken later: people repair their
    /// servers, and how long one waits is decided elsewhere.
    pub async fn send(
        &self,
        url: &str,
        secret: &SecretString,
        (id, body): (Uuid, Vec<u8>),
        now: DateTime<Utc>,
    ) -> SendOutcome {
        // Asked again: it was typed when other rules may have held.
        let url = match webhook::read(url, self.private) {
            Ok(url) => url,
            Err(unfit) => return SendOutcome::Refused(unfit.to_string()),
        };
        let (id, timestamp) = (id.to_string(), now.timestamp());
        let Some(signature) = webhook::signature(secret.expose_secret(), &id, timestamp, &body) else {
            return SendOutcome::Refused(
                "Il segreto di questo indirizzo non è leggibile: crealo di nuovo.".to_owned(),
            );
        };
        let request = self
            .client
            .post(url)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature)
            .body(body);
        match request.send().await {
            Ok(answer) => judge(answer).await,
            Err(error) => SendOutcome::Retry(words(&error)),
        }
    }
}

async fn judge(mut answer: Response) -> SendOutcome {
    let status = answer.status();
    let mut read = 0;
    while read < MAX_ANSWER
        && let Ok(Some(chunk)) = answer.chunk().await
    {
        read += chunk.len();
    }
    if status.is_success() {
        SendOutcome::Sent
    } else if status.is_redirection() {
        SendOutcome::Retry(format!(
            "Il server rinvia altrove (HTTP {}): i rinvii non si seguono.",
            status.as_u16()
        ))
    } else {
        SendOutcome::Retry(format!("Il server ha risposto HTTP {}.", status.as_u16()))
    }
}

const UNREACHABLE: &str = "Il server non è raggiungibile.";
const HUNG_UP: &str = "Il server ha chiuso la connessione senza rispondere.";

/// Why there is no line, where the system has no word for it.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("Il nome del server non esiste, o in questo momento non si trova.")]
struct UnknownName;

/// What went wrong, without the address: it may hold a key of the app's.
fn words(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        let waited = if error.is_connect() { CONNECT } else { WHOLE };
        return format!("Il server non ha risposto entro {} secondi.", waited.as_secs());
    }
    let causes = iter::successors(error.source(), |cause: &&(dyn Error + 'static)| (**cause).source());
    for cause in causes {
        if let Some(unfit) = cause.downcast_ref::<webhook::Unfit>() {
            return unfit.to_string();
        }
        if let Some(unknown) = cause.downcast_ref::<UnknownName>() {
            return unknown.to_string();
        }
        if let Some(broken) = cause.downcast_ref::<io::Error>() {
            return of_line(innermost(broken)).to_owned();
        }
    }
    if error.is_connect() { UNREACHABLE.to_owned() } else { HUNG_UP.to_owned() }
}

/// Of what kind an error is: libraries put one into another.
fn innermost(error: &io::Error) -> ErrorKind {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<io::Error>());
    inner.map_or(error.kind(), innermost)
}

/// What the system says of a line, for somebody who does not know the system.
fn of_line(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::ConnectionRefused => "Il server rifiuta la connessione: forse è spento.",
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            "Dalla nostra rete il server non è raggiungibile."
        }
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => HUNG_UP,
        // What rustls says of a certificate, or of a server that does not speak TLS.
        ErrorKind::InvalidData => {
            "La connessione cifrata non riesce: controlla il certificato del server, e che la porta sia quella giusta."
        }
        _ => UNREACHABLE,
    }
}

/// The system's resolver, without the addresses that are nobody's business.
#[derive(Clone, Copy, Debug)]
struct Resolver {
    private: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| UnknownName)?;
            let fit: Vec<SocketAddr> =
                found.filter(|address| private || webhook::is_public(address.ip())).collect();
            if fit.is_empty() {
                return Err(webhook::Unfit::Private.into());
            }
            Ok(Box::new(fit.into_iter()) as Addrs)
        })
    }
}
