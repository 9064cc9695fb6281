//! A mail server that swallows everything: it speaks SMTP with real clients, keeps what they hand over, and can be told
//! to behave as badly as the servers out there.
//!
//! It runs inside the test process, on the test's runtime, and ends when it is dropped.

mod conversation;

use std::collections::{HashMap, HashSet};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

use conversation::Conversation;

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Not at all.
    Plain,
    /// By STARTTLS; without it neither a password nor a mail is taken.
    StartTls,
    /// TLS from the first byte.
    Implicit,
}

/// A mail that the server took, as its envelope and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The return path; empty for automatic mail.
    pub from: String,
    /// The recipients that were not refused.
    pub to: Vec<String>,
    /// Headers and body, lines ended by CR LF.
    pub bytes: Vec<u8>,
    /// Index of its connection in [`SmtpSink::connections`].
    pub connection: usize,
}

/// A connection that the server accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Connection {
    /// TLS was agreed on.
    pub encrypted: bool,
    /// Who logged in.
    pub user: Option<String>,
    /// How many letters were taken.
    pub letters: usize,
}

/// A running server.
pub struct SmtpSink {
    /// Port on 127.0.0.1; the certificate also says `localhost`.
    pub port: u16,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

impl SmtpSink {
    /// The user who may log in. Who does not try to is served all the same.
    pub const USER: &str = "sportello@example.it";
    /// That user's password.
    pub const PASSWORD: &str = "segreta";
    /// The largest mail that is taken, in bytes.
    pub const MOST_BYTES: usize = 30 * 1024 * 1024;

    /// Starts a well-behaved server on a free port.
    pub async fn start(security: Security) -> Self {
        Self::start_sharing(security, Shared::default()).await
    }

    /// The same, for those only who show a token: `checker` knows whose it is.
    pub async fn start_with_tokens(
        security: Security,
        checker: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        Self::start_sharing(security, Shared { checker: Some(Box::new(checker)), ..Shared::default() }).await
    }

    async fn start_sharing(security: Security, shared: Shared) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let shared = Arc::new(shared);
        let server = tokio::spawn(serve(listener, security, shared.clone()));
        Self { port, shared, server }
    }

    /// Refuses a recipient for good: 550 5.1.1.
    pub fn refuse(&self, recipient: &str) {
        self.shared.lock().manners.refused.insert(recipient.to_owned());
    }

    /// Puts a recipient off with 451 4.7.1 as many times, then takes it.
    pub fn greylist(&self, recipient: &str, times: u32) {
        self.shared.lock().manners.greylisted.insert(recipient.to_owned(), times);
    }

    /// Takes the next letters, as many as said, but hangs up instead of saying so: the client cannot know.
    pub fn hang_up_after_data(&self, letters: u32) {
        self.shared.lock().manners.hang_ups = letters;
    }

    /// Waits this long before every reply from now on.
    pub fn answer_after(&self, delay: Duration) {
        self.shared.lock().manners.delay = delay;
    }

    /// Every letter taken, in order of arrival.
    pub fn letters(&self) -> Vec<Letter> {
        self.shared.lock().letters.clone()
    }

    /// Every connection accepted, closed ones too.
    pub fn connections(&self) -> Vec<Connection> {
        self.shared.lock().connections.clone()
    }

    /// Waits until as many letters have arrived, counted from the start; fails the test after ten seconds.
    pub async fn wait_for(&self, count: usize) -> Vec<Letter> {
        let arrival = async {
            loop {
                // Asked for before looking, so that a letter in between is not missed.
                let next = self.shared.arrived.notified();
                let letters = self.letters();
                if letters.len() >= count {
                    return letters;
                }
                next.await;
            }
        };
        let arrived = timeout(Duration::from_secs(10), arrival).await;
        arrived.unwrap_or_else(|_| panic!("{} of {count} letters after ten seconds", self.letters().len()))
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.server.abort();
    }
}

type Checker = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// What the conversations share with the test.
#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    arrived: Notify,
    /// Who knows whose a token is; without one, a password is asked for.
    checker: Option<Checker>,
}

#[derive(Default)]
struct State {
    letters: Vec<Letter>,
    connections: Vec<Connection>,
    manners: Manners,
}

/// How the server behaves.
#[derive(Default)]
struct Manners {
    refused: HashSet<String>,
    greylisted: HashMap<String, u32>,
    hang_ups: u32,
    delay: Duration,
}

impl Shared {
    /// A test that failed in the middle should not hide behind a poisoned lock.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The conversations live in a set that is dropped, and thereby ended, with this future.
async fn serve(listener: TcpListener, security: Security, shared: Arc<Shared>) {
    let mut conversations = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let conversation = Conversation::new(stream, security, shared.clone());
        conversations.spawn(conversation.hold());
    }
}
