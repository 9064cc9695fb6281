//! From a host name to a line that is protected and logged in.

use std::{io, net::SocketAddr};

use async_imap::{
    Authenticator, Client, Session,
    imap_proto::{Response, Status},
};
use entity::mailbox::Security;
use rustls::pki_types::ServerName;
use secrecy::ExposeSecret;
use tokio::{
    io::BufStream,
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::TlsConnector;

use super::{ImapError, ImapSettings, Line, Stream};

/// Bytes that are read from the line at a time; what we say is short.
const READ: usize = 64 * 1024;
const WRITE: usize = 4 * 1024;

pub(super) async fn log_in(settings: &ImapSettings, place: &str) -> Result<Session<Line>, ImapError> {
    let client = open(settings, place).await?;
    let (user, password) = (&settings.user, settings.password.expose_secret());
    // LOGIN has no word for accents; PLAIN carries UTF-8 (RFC 4616)
    let logged_in = if user.is_ascii() && password.is_ascii() {
        client.login(user, password).await
    } else {
        client.authenticate("PLAIN", Plain { user, password, said: false }).await
    };
    logged_in.map_err(|(error, _)| match ImapError::line(place, &error) {
        ImapError::Refused { place, words } => ImapError::Credentials { place, words },
        other => other,
    })
}

async fn open(settings: &ImapSettings, place: &str) -> Result<Client<Line>, ImapError> {
    let tcp = reach(settings).await;
    let tcp =
        tcp.map_err(|error| ImapError::Connect { place: place.to_owned(), words: error.to_string() })?;
    match settings.security {
        Security::Insecure => greeted(client(tcp), place).await,
        Security::Tls => greeted(client(protect(tcp, settings, place).await?), place).await,
        Security::Starttls => {
            let mut plain = greeted(Client::new(tcp), place).await?;
            plain
                .run_command_and_check_ok("STARTTLS", None)
                .await
                .map_err(|error| not_protected(place, &error))?;
            // What a stranger may have put on the line before TLS is dropped with the client. There is no second greeting.
            Ok(client(protect(plain.into_inner(), settings, place).await?))
        }
    }
}

/// Tries each address of the host in turn. One that does not answer (an IPv6 that leads nowhere) must not use up the time
/// of the others.
async fn reach(settings: &ImapSettings) -> io::Result<TcpStream> {
    let addresses: Vec<SocketAddr> = lookup_host((settings.host.as_str(), settings.port)).await?.collect();
    let each = settings.timeout / u32::try_from(addresses.len() + 1).unwrap_or(u32::MAX);
    let mut last = io::Error::new(io::ErrorKind::NotFound, "nessun indirizzo per questo nome");
    for address in addresses {
        match timeout(each, TcpStream::connect(address)).await {
            Ok(Ok(tcp)) => return tcp.set_nodelay(true).map(|()| tcp),
            Ok(Err(error)) => last = error,
            Err(_) => last = io::ErrorKind::TimedOut.into(),
        }
    }
    Err(last)
}

fn client(stream: impl Stream + 'static) -> Client<Line> {
    Client::new(BufStream::with_capacity(READ, WRITE, Box::new(stream)))
}

async fn protect(
    tcp: TcpStream,
    settings: &ImapSettings,
    place: &str,
) -> Result<impl Stream + use<>, ImapError> {
    let tls = |words: String| ImapError::Tls { place: place.to_owned(), words };
    let name = ServerName::try_from(settings.host.clone()).map_err(|error| tls(error.to_string()))?;
    TlsConnector::from(settings.trust.config())
        .connect(name, tcp)
        .await
        .map_err(|error| tls(error.to_string()))
}

/// The greeting has to be read before anything is said.
async fn greeted<T>(mut client: Client<T>, place: &str) -> Result<Client<T>, ImapError>
where
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + std::fmt::Debug,
{
    let greeting = client.read_response().await.map_err(|error| ImapError::broken(place, &error))?;
    let greeting = greeting.ok_or_else(|| ImapError::closed(place, ""))?;
    match greeting.parsed() {
        Response::Data { status: Status::Ok, .. } => Ok(client),
        Response::Data { outcome, .. } => {
            Err(ImapError::closed(place, outcome.information.as_deref().unwrap_or_default()))
        }
        _ => Err(ImapError::protocol(place, "nessun saluto")),
    }
}

fn not_protected(place: &str, error: &async_imap::error::Error) -> ImapError {
    match ImapError::line(place, error) {
        ImapError::Refused { place, words } => ImapError::Tls { place, words },
        other => other,
    }
}

/// SASL PLAIN.
struct Plain<'a> {
    user: &'a str,
    password: &'a str,
    said: bool,
}

impl Authenticator for Plain<'_> {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        // a second question can only be a complaint, which an empty answer ends
        if std::mem::replace(&mut self.said, true) {
            String::new()
        } else {
            format!("\0{}\0{}", self.user, self.password)
        }
    }
}
