//! A provider's OAuth 2.0 server: page of consent, tokens that end and are replaced, and the question by which a mail server
//! checks one (RFC 6749, 7636, 7662). It can be told to behave as badly as the providers out there.
//!
//! It runs inside the test process, on the test's runtime, and ends when it is dropped.

mod answers;

use std::{
    collections::{HashMap, HashSet},
    net::Ipv4Addr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    Router,
    routing::{get, post},
};
use tokio::{net::TcpListener, task::JoinHandle};

/// A running server.
pub struct OAuthServer {
    /// Port on 127.0.0.1.
    pub port: u16,
    shared: Shared,
    server: JoinHandle<()>,
}

/// What its pages share with the test.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    codes: HashMap<String, Code>,
    /// Tokens that are good now, with their user.
    access: HashMap<String, String>,
    refresh: HashMap<String, String>,
    /// Everything that must never be seen elsewhere.
    secrets: Vec<String>,
    renewals: usize,
    given: usize,
    manners: Manners,
}

/// A consent that was given and not yet exchanged.
struct Code {
    user: String,
    challenge: String,
    redirect_uri: String,
}

/// How the server behaves.
#[derive(Default)]
struct Manners {
    /// The owner says no.
    denies: bool,
    /// Refresh tokens are refused.
    refuses_renewal: bool,
    /// The status that every question for a token gets.
    answers: Option<(u16, String)>,
    /// Tokens are given without a refresh token.
    no_refresh: bool,
    /// Users whose consent was taken back.
    taken_back: HashSet<String>,
}

/// What came back from the page of consent.
#[derive(Debug)]
pub struct Back {
    /// Path and query at the application.
    pub path: String,
    /// The state in it.
    pub state: String,
}

impl OAuthServer {
    /// The application that is registered.
    pub const CLIENT_ID: &str = "riscontro-prova";
    /// Its secret.
    pub const CLIENT_SECRET: &str = "segreto~dell'applicazione&molto=lungo";
    /// Seconds for which a token is said to be good.
    pub const LIFETIME: i64 = 3600;
    /// What an application that signs in for itself may read.
    pub const APPLICATION_USER: &str = "reclami";

    /// Starts a well-behaved server on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let shared = Shared::default();
        let pages = Router::new()
            .route("/authorize", get(answers::authorize))
            .route("/token", post(answers::token))
            .route("/introspect", post(answers::introspect))
            .with_state(shared.clone());
        let server = tokio::spawn(async move {
            let _ = axum::serve(listener, pages).await;
        });
        Self { port, shared, server }
    }

    /// One of its addresses.
    pub fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/{path}", self.port)
    }

    /// The owner of the mailbox opens the page of consent, and accepts unless told otherwise.
    pub async fn consent(&self, page: &str) -> Back {
        let browser = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        let answer = browser.build().unwrap().get(page).send().await.unwrap();
        let status = answer.status();
        let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        let to = to.unwrap_or_else(|| panic!("{status} at {page}"));
        let to = url::Url::parse(&to).unwrap();
        let state = to.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        Back { path: format!("{}?{}", to.path(), to.query().unwrap()), state }
    }

    /// The owner says no.
    pub fn deny(&self) {
        self.shared.lock().manners.denies = true;
    }

    /// Refuses to renew from now on: the owner's password was changed, or an administrator took the consent back.
    pub fn take_back(&self, user: &str) {
        let mut state = self.shared.lock();
        state.manners.taken_back.insert(user.to_owned());
        state.access.retain(|_, of| of != user);
    }

    /// Every token so far is over, whatever was said of its life.
    pub fn end_tokens(&self) {
        self.shared.lock().access.clear();
    }

    /// Refresh tokens are refused from now on, tokens stay good.
    pub fn refuse_renewal(&self, refuses: bool) {
        self.shared.lock().manners.refuses_renewal = refuses;
    }

    /// Answers every question for a token like this; `None` goes back to good manners.
    pub fn answer(&self, answer: Option<(u16, &str)>) {
        self.shared.lock().manners.answers = answer.map(|(status, body)| (status, body.to_owned()));
    }

    /// Gives no refresh tokens.
    pub fn give_no_refresh(&self) {
        self.shared.lock().manners.no_refresh = true;
    }

    /// How often a token was renewed.
    pub fn renewals(&self) -> usize {
        self.shared.lock().renewals
    }

    /// Who checks tokens, for a server that runs in this process.
    pub fn checker(&self) -> impl Fn(&str) -> Option<String> + Send + Sync + 'static {
        let shared = self.shared.clone();
        move |token| shared.lock().access.get(token).cloned()
    }

    /// Everything that was ever given, and must never be seen elsewhere.
    pub fn secrets(&self) -> Vec<String> {
        let mut secrets = self.shared.lock().secrets.clone();
        secrets.push(Self::CLIENT_SECRET.to_owned());
        secrets
    }
}

impl Drop for OAuthServer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Shared {
    /// A test that failed in the middle should not hide behind a poisoned lock.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
