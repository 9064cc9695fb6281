//! A hostile IMAP server: it speaks the protocol well over a folder of mails in memory, until a whim takes it.
//!
//! What a real server does only once in a year (drop the line in the middle of a literal, state sizes that are wrong,
//! renumber the folder) is here asked for by name. A whim happens once, at the first occasion, and is over. Nothing is
//! left to chance: the same whims over the same mails give the same bytes.

mod answers;
mod session;
pub mod whim;

use std::{
    collections::{BTreeSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
};

use chrono::{DateTime, TimeZone, Utc};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

pub use whim::{Damage, Whim};

/// A running server; it stops when this is dropped. Any user name is right.
pub struct HostileImap {
    /// Port on 127.0.0.1, in the clear.
    pub port: u16,
    state: Arc<Mutex<State>>,
    arrivals: watch::Sender<u32>,
    server: JoinHandle<()>,
}

/// A mail in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its number.
    pub uid: u32,
    /// Its bytes.
    pub raw: Vec<u8>,
    /// When it arrived.
    pub received_at: DateTime<Utc>,
    /// `\Flagged` and the like.
    pub flags: BTreeSet<String>,
}

/// Everything that sessions share.
struct State {
    uid_validity: u32,
    uid_next: u32,
    mails: Vec<Stored>,
    /// What was moved or copied, with the name of its folder.
    elsewhere: Vec<(String, Stored)>,
    capabilities: String,
    token: Option<String>,
    whims: VecDeque<Whim>,
    /// Mails of which the bytes cannot be had.
    damaged: Vec<(u32, Damage)>,
    /// Whims that have happened.
    played: usize,
    heard: Vec<String>,
}

impl HostileImap {
    /// The password of every user.
    pub const PASSWORD: &str = "segreta";

    /// Starts with an empty folder and no whims.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State {
            uid_validity: 1_000,
            uid_next: 1,
            mails: Vec::new(),
            elsewhere: Vec::new(),
            capabilities: "IMAP4rev1 IDLE MOVE UIDPLUS SASL-IR AUTH=PLAIN AUTH=XOAUTH2".to_owned(),
            token: None,
            whims: VecDeque::new(),
            damaged: Vec::new(),
            played: 0,
            heard: Vec::new(),
        }));
        let (arrivals, ears) = watch::channel(0);
        let shared = state.clone();
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(session::serve(stream, shared.clone(), ears.clone()));
            }
        });
        Self { port, state, arrivals, server }
    }

    /// A mail arrives on Monday 2 March 2026 at nine in Rome, a second after the one before.
    pub fn deliver(&self, raw: &[u8]) -> u32 {
        let first = Utc.with_ymd_and_hms(2026, 3, 2, 8, 0, 0).unwrap();
        let number = self.state().uid_next;
        self.deliver_at(raw, first + chrono::Duration::seconds(number.into()))
    }

    /// A mail arrives.
    pub fn deliver_at(&self, raw: &[u8], received_at: DateTime<Utc>) -> u32 {
        let mut state = self.state();
        let uid = state.uid_next;
        state.uid_next += 1;
        state.mails.push(Stored { uid, raw: raw.to_vec(), received_at, flags: BTreeSet::new() });
        drop(state);
        self.arrivals.send_modify(|count| *count += 1);
        uid
    }

    /// The whim takes it at the next occasion, after those before.
    pub fn play(&self, whim: Whim) {
        self.state().whims.push_back(whim);
    }

    /// From now on nobody gets the bytes of this mail.
    pub fn damage(&self, uid: u32, damage: Damage) {
        self.state().damaged.push((uid, damage));
    }

    /// Behaves well from now on; gives how many whims have happened so far.
    pub fn behave(&self) -> usize {
        let mut state = self.state();
        state.whims.clear();
        state.damaged.clear();
        state.played
    }

    /// Whims that still wait for their occasion.
    pub fn waiting(&self) -> Vec<Whim> {
        self.state().whims.iter().copied().collect()
    }

    /// From now on only this token opens the mailbox.
    pub fn accept_token(&self, token: &str) {
        self.state().token = Some(token.to_owned());
    }

    /// What the server says that it can do.
    pub fn set_capabilities(&self, capabilities: &str) {
        self.state().capabilities = capabilities.to_owned();
    }

    /// The mails in the folder.
    pub fn mails(&self) -> Vec<Stored> {
        self.state().mails.clone()
    }

    /// What was moved or copied, with the name of its folder.
    pub fn elsewhere(&self) -> Vec<(String, Stored)> {
        self.state().elsewhere.clone()
    }

    /// Somebody else marks a mail.
    pub fn mark(&self, uid: u32, flag: &str) {
        for mail in self.state().mails.iter_mut().filter(|mail| mail.uid == uid) {
            mail.flags.insert(flag.to_owned());
        }
    }

    /// Somebody else removes a mail.
    pub fn expunge(&self, uid: u32) {
        self.state().mails.retain(|mail| mail.uid != uid);
    }

    /// The lines that clients said, without their tags.
    pub fn heard(&self) -> Vec<String> {
        self.state().heard.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl State {
    /// Forgets all numbers, as a restored server does.
    fn renumber(&mut self) {
        self.uid_validity += 1;
        for (mail, uid) in self.mails.iter_mut().zip(1..) {
            mail.uid = uid;
        }
        self.uid_next = u32::try_from(self.mails.len()).unwrap() + 1;
    }

    /// Takes the first of the waiting whims for which it is the occasion.
    fn take_whim<T>(&mut self, occasion: impl Fn(&Whim) -> Option<T>) -> Option<T> {
        let (at, found) = self.whims.iter().enumerate().find_map(|(at, whim)| Some((at, occasion(whim)?)))?;
        self.whims.remove(at);
        self.played += 1;
        Some(found)
    }
}

impl Drop for HostileImap {
    fn drop(&mut self) {
        self.server.abort();
    }
}
