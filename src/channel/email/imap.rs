//! A line to an IMAP server.
//!
//! async-imap reads and parses the server's answers; the commands and what their answers mean are ours, because its own
//! `uid_fetch` and `uid_search` take a refusal or a line that breaks off for the end of the list: a mail would be skipped
//! and the cursor moved on. Here a list counts only when the server has said OK.
//!
//! Mail is only ever read with `PEEK`; the one thing that is removed is what was copied elsewhere before, on demand.
//! The server is not trusted not to fill our memory: every answer passes a gate that measures it, and what is large is
//! fetched in pieces.

mod authenticate;
mod body;
mod connect;
mod error;
mod fetch;
mod folder;
mod gate;
mod idle;
mod search;

use std::{collections::VecDeque, fmt, time::Duration};

use async_imap::{
    Session,
    imap_proto::{Capability, MailboxDatum, RequestId, Response, ResponseCode, Status},
};
use entity::mailbox::Security;
use tokio::{
    io::{AsyncRead, AsyncWrite, BufStream},
    time::timeout,
};

use self::gate::{Gate, NO_LITERALS};
pub use self::{error::ImapError, fetch::Fetched, folder::Folder, idle::Woken};
use super::{sign_in::SignIn, tls::Trust};

/// How an IMAP server is reached and what is read there.
#[derive(Clone, Debug)]
pub struct ImapSettings {
    /// Host name; also the name that the certificate must bear.
    pub host: String,
    /// Port.
    pub port: u16,
    /// Protection of the line.
    pub security: Security,
    /// User.
    pub user: String,
    /// What proves that we may.
    pub sign_in: SignIn,
    /// Folder to watch, as people write it (`INBOX`, `Posta in arrivo/Reclami`).
    pub folder: String,
    /// Silence after which the line is given up.
    pub timeout: Duration,
    /// Whom we trust.
    pub trust: Trust,
    /// Largest mail in bytes that is taken in whole.
    pub max_bytes: u32,
}

/// Anything that carries bytes both ways.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug> Stream for T {}

type Line = Gate<BufStream<Box<dyn Stream>>>;

/// What the server can do beyond the old standard.
#[derive(Clone, Copy, Debug, Default)]
struct Abilities {
    r#move: bool,
    idle: bool,
    expunge_by_uid: bool,
}

/// An open line, logged in.
#[derive(Debug)]
pub struct Imap {
    settings: ImapSettings,
    /// `host:port`, for messages.
    place: String,
    session: Session<Line>,
    abilities: Abilities,
    permits_keywords: bool,
    /// Under which the mails of the open folder are numbered.
    uid_validity: Option<u32>,
    /// Mails in the folder, as far as the server has told.
    exists: u32,
    /// The server told of more mails than there were when we last searched.
    news: bool,
    /// UIDs that a search found and that have not been fetched.
    pending: VecDeque<u32>,
    /// Something went wrong on the line: what still comes over it may be a late answer to something else.
    broken: bool,
}

impl Imap {
    /// Connects and logs in.
    ///
    /// # Errors
    /// Which step failed, with the server's own words.
    pub async fn connect(settings: ImapSettings) -> Result<Self, ImapError> {
        let place = format!("{}:{}", settings.host, settings.port);
        let opened = timeout(settings.timeout, connect::log_in(&settings, &place)).await;
        let session = opened.map_err(|_| ImapError::timeout(&place, settings.timeout))??;
        let mut imap = Self {
            settings,
            place,
            session,
            abilities: Abilities::default(),
            permits_keywords: false,
            uid_validity: None,
            exists: 0,
            news: false,
            pending: VecDeque::new(),
            broken: false,
        };
        imap.ask_capabilities().await?;
        Ok(imap)
    }

    async fn ask_capabilities(&mut self) -> Result<(), ImapError> {
        let mut names: Vec<String> = Vec::new();
        self.command("CAPABILITY", |answer| {
            let Response::Capabilities(capabilities) = answer else { return };
            names.extend(capabilities.iter().filter_map(|capability| match capability {
                Capability::Atom(name) => Some(name.to_ascii_uppercase()),
                _ => None,
            }));
        })
        .await?;
        let has = |name: &str| names.iter().any(|one| one == name);
        self.abilities = Abilities { r#move: has("MOVE"), idle: has("IDLE"), expunge_by_uid: has("UIDPLUS") };
        Ok(())
    }

    /// Says goodbye. A server that does not answer is left.
    pub async fn logout(mut self) {
        self.settings.timeout = self.settings.timeout.min(Duration::from_secs(5));
        let _ = self.command("LOGOUT", |_| {}).await;
    }

    /// Sends a command and shows every answer to `read` until the server has said OK.
    async fn command(&mut self, command: &str, read: impl FnMut(&Response<'_>)) -> Result<(), ImapError> {
        self.command_for(command, NO_LITERALS, read).await
    }

    /// The same for a command whose answers may have up to `literals` bytes in literals.
    async fn command_for(
        &mut self,
        command: &str,
        literals: u64,
        mut read: impl FnMut(&Response<'_>),
    ) -> Result<(), ImapError> {
        let tag = self.say(command, literals).await?;
        let limit = self.settings.timeout;
        let place = self.place.clone();
        loop {
            let done = self.next(limit, |answer| match done(answer, &tag, &place) {
                None => {
                    read(answer);
                    None
                }
                done => done,
            });
            if let Some(done) = done.await? {
                return done;
            }
        }
    }

    /// Sends a command; its answers are still to be read.
    async fn say(&mut self, command: &str, literals: u64) -> Result<RequestId, ImapError> {
        if self.broken {
            return Err(ImapError::closed(&self.place, ""));
        }
        self.session.get_mut().expect(literals);
        let limit = self.settings.timeout;
        let said = timeout(limit, self.session.run_command(command)).await;
        let said = said.map_err(|_| ImapError::timeout(&self.place, limit));
        let said = said.and_then(|said| said.map_err(|error| ImapError::line(&self.place, &error)));
        self.broken |= said.is_err();
        said
    }

    /// Reads the next answer of the server, and notes what it tells about the folder in passing. May be given up while it
    /// waits, without losing an answer.
    async fn next<T>(
        &mut self,
        limit: Duration,
        read: impl FnOnce(&Response<'_>) -> T,
    ) -> Result<T, ImapError> {
        let heard = self.hear(limit, read).await;
        self.broken |= heard.is_err();
        heard
    }

    async fn hear<T>(
        &mut self,
        limit: Duration,
        read: impl FnOnce(&Response<'_>) -> T,
    ) -> Result<T, ImapError> {
        let place = &self.place;
        let answer = timeout(limit, self.session.read_response()).await;
        let answer = answer.map_err(|_| ImapError::timeout(place, limit))?;
        let answer = answer.map_err(|error| ImapError::broken(place, &error))?;
        let answer = answer.ok_or_else(|| ImapError::closed(place, ""))?;
        match answer.parsed() {
            Response::Data { status: Status::Bye, outcome } => {
                return Err(ImapError::closed(place, outcome.information.as_deref().unwrap_or_default()));
            }
            Response::Data { outcome, .. } => {
                if let Some(ResponseCode::UidValidity(now)) = outcome.code
                    && self.uid_validity.is_some_and(|before| before != now)
                {
                    return Err(ImapError::renumbered(place));
                }
            }
            Response::MailboxData(MailboxDatum::Exists(exists)) => {
                self.news |= *exists > self.exists;
                self.exists = *exists;
            }
            Response::Expunge(_) => self.exists = self.exists.saturating_sub(1),
            _ => {}
        }
        Ok(read(answer.parsed()))
    }
}

/// The final answer to the command `tag`: OK, or a refusal.
fn done(answer: &Response<'_>, tag: &RequestId, place: &str) -> Option<Result<(), ImapError>> {
    match answer {
        Response::Done { tag: done, status: Status::Ok, .. } if done == tag => Some(Ok(())),
        Response::Done { tag: done, outcome, .. } if done == tag => Some(Err(ImapError::Refused {
            place: place.to_owned(),
            words: outcome.information.as_deref().unwrap_or_default().to_owned(),
        })),
        _ => None,
    }
}
