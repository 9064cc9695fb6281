//! From a host name to a line that is protected and on which the server has said hello.

use std::{io, net::SocketAddr};

use async_imap::{
    Client, Session,
    imap_proto::{Capability, Response, ResponseCode, Status},
};
use entity::mailbox::Security;
use rustls::pki_types::ServerName;
use tokio::{
    io::BufStream,
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::TlsConnector;

use super::{ImapError, ImapSettings, Line, Stream, authenticate, gate::Gate};

/// Bytes that are read from the line at a time; what we say is short.
const READ: usize = 64 * 1024;
const WRITE: usize = 4 * 1024;

pub(super) async fn log_in(settings: &ImapSettings, place: &str) -> Result<Session<Line>, ImapError> {
    let greeted = open(settings, place).await?;
    authenticate::sign_in(greeted, settings, place).await
}

/// A line on which the server has introduced itself.
pub(super) struct Greeted<T: Stream> {
    pub(super) client: Client<T>,
    /// The server takes the first word of a sign-in together with the command (`SASL-IR`, RFC 4959).
    pub(super) initial_response: bool,
}

async fn open(settings: &ImapSettings, place: &str) -> Result<Greeted<Line>, ImapError> {
    let tcp = reach(settings).await;
    let tcp =
        tcp.map_err(|error| ImapError::Connect { place: place.to_owned(), words: error.to_string() })?;
    match settings.security {
        Security::Insecure => greeted(client(boxed(tcp)), place).await,
        Security::Tls => greeted(client(boxed(protect(tcp, settings, place).await?)), place).await,
        Security::Starttls => {
            let mut plain = greeted(client(tcp), place).await?.client;
            plain
                .run_command_and_check_ok("STARTTLS", None)
                .await
                .map_err(|error| not_protected(place, &error))?;
            // What a stranger may have put on the line before TLS is dropped with the buffer. There is no second greeting.
            let tcp = plain.into_inner().into_inner().into_inner();
            let client = client(boxed(protect(tcp, settings, place).await?));
            Ok(Greeted { client, initial_response: false })
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

fn client<S: Stream>(stream: S) -> Client<Gate<BufStream<S>>> {
    Client::new(Gate::new(BufStream::with_capacity(READ, WRITE, stream)))
}

fn boxed(stream: impl Stream + 'static) -> Box<dyn Stream> {
    Box::new(stream)
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
async fn greeted<T: Stream>(mut client: Client<T>, place: &str) -> Result<Greeted<T>, ImapError> {
    let greeting = client.read_response().await.map_err(|error| ImapError::broken(place, &error))?;
    let greeting = greeting.ok_or_else(|| ImapError::closed(place, ""))?;
    match greeting.parsed() {
        Response::Data { status: Status::Ok, outcome } => {
            let initial_response = matches!(&outcome.code, Some(ResponseCode::Capabilities(capabilities))
                if capabilities.iter().any(|one| matches!(one, Capability::Atom(name) if name.eq_ignore_ascii_case("SASL-IR"))));
            Ok(Greeted { client, initial_response })
        }
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
