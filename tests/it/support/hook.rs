//! An app's server, on this machine: keeps what it is sent and answers as it is told.

use std::{
    collections::VecDeque,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
    serve::Listener,
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::certificate;

/// A message as it came.
#[derive(Clone, Debug)]
pub struct Received {
    /// Path at which.
    pub path: String,
    /// `webhook-id`.
    pub id: String,
    /// `webhook-timestamp`.
    pub timestamp: i64,
    /// `webhook-signature`.
    pub signature: String,
    /// The body, as it was signed.
    pub body: Vec<u8>,
}

/// A running server.
pub struct Hook {
    /// Its port on 127.0.0.1; it is `localhost`, too.
    pub port: u16,
    scheme: &'static str,
    shared: Arc<Mutex<Shared>>,
    server: JoinHandle<()>,
}

#[derive(Default)]
struct Shared {
    received: Vec<Received>,
    answers: VecDeque<(u16, usize)>,
}

impl Hook {
    /// Without encryption.
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        Self::serve(listener.local_addr().unwrap().port(), "http", listener)
    }

    /// With the certificate of the tests.
    pub async fn start_https() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let acceptor = TlsAcceptor::from(certificate::localhost().server_config());
        Self::serve(port, "https", Tls { listener, acceptor })
    }

    fn serve<L: Listener>(port: u16, scheme: &'static str, listener: L) -> Self
    where
        L::Addr: std::fmt::Debug,
    {
        let shared = Arc::new(Mutex::new(Shared::default()));
        let pages = Router::new().fallback(take).with_state(shared.clone());
        let server = tokio::spawn(async move {
            let _ = axum::serve(listener, pages).await;
        });
        Self { port, scheme, shared, server }
    }

    /// One of its addresses.
    pub fn address(&self, host: &str) -> String {
        format!("{}://{host}:{}/hook", self.scheme, self.port)
    }

    /// The next so many messages get this status, and so many bytes.
    pub fn answer(&self, times: usize, status: u16, bytes: usize) {
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.answers.extend(std::iter::repeat_n((status, bytes), times));
    }

    /// What came so far.
    pub fn received(&self) -> Vec<Received> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).received.clone()
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Received {
    /// What it says.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Whether it is signed with this secret, as Standard Webhooks wants it.
    pub fn is_signed(&self, secret: &str) -> bool {
        let key = data_encoding::BASE64.decode(secret.strip_prefix("whsec_").unwrap().as_bytes()).unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
        mac.update(format!("{}.{}.", self.id, self.timestamp).as_bytes());
        mac.update(&self.body);
        let right = self.signature.strip_prefix("v1,").unwrap();
        mac.verify_slice(&data_encoding::BASE64.decode(right.as_bytes()).unwrap()).is_ok()
    }
}

async fn take(
    State(shared): State<Arc<Mutex<Shared>>>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let header = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
    let received = Received {
        path: uri.path().to_owned(),
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp").parse().unwrap(),
        signature: header("webhook-signature"),
        body: body.to_vec(),
    };
    let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
    shared.received.push(received);
    let (status, bytes) = shared.answers.pop_front().unwrap_or((204, 0));
    let status = StatusCode::from_u16(status).unwrap();
    (status, [("location", "/elsewhere")], "x".repeat(bytes)).into_response()
}

struct Tls {
    listener: TcpListener,
    acceptor: TlsAcceptor,
}

impl Listener for Tls {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let Ok((stream, address)) = self.listener.accept().await else { continue };
            if let Ok(encrypted) = self.acceptor.accept(stream).await {
                return (encrypted, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}
