//! Lines to an SMTP server, and what its answers mean.
//!
//! lettre's commands on connections of our own. Its transport was refused for three reasons: a send that is given up goes
//! back into its pool in the middle of a conversation, so that the next letter reads the answers of the one before; after
//! connecting it knows no time limit; and its error does not say which command was refused, which decides whether the
//! letter, the recipient or our own account is meant.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use entity::mailbox::Security;
use lettre::{
    Address,
    transport::smtp::{
        Error,
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Quit, Rcpt, Rset},
        extension::{ClientId, Extension, MailParameter},
    },
};

use super::{SmtpSettings, login::LoginError};
use crate::{
    channel::email::compose,
    domain::mail::{OutgoingLetter, SendOutcome},
};

/// Lines that wait for the next letter.
const MAX_PARKED: usize = 4;
/// Longest wait. Servers hang up after minutes; a fresh line costs less than a letter on a dead one.
const MAX_PARKED_FOR: Duration = Duration::from_mins(1);
/// Longest attempt, whatever the size of the letter: its lease in the outbox ends soon after.
const MAX_ATTEMPT: Duration = Duration::from_mins(4);
/// Bytes for which an attempt is given one more second.
const BYTES_PER_SECOND: u64 = 64 * 1024;

/// An SMTP server and the open lines to it.
pub struct Smtp {
    settings: SmtpSettings,
    tls: Option<TlsParameters>,
    parked: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
    /// The server took a letter only with the mailbox as return path.
    wants_return_path: AtomicBool,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// Where in the conversation something went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Connect,
    Login,
    Sender,
    Recipient,
    Content,
}

/// What went wrong.
struct Failure {
    step: Step,
    error: Error,
}

impl Smtp {
    pub(super) fn new(settings: SmtpSettings) -> Result<Self, String> {
        let tls =
            match settings.security {
                Security::Insecure => None,
                Security::Tls | Security::Starttls => {
                    let parameters = settings.trust.lettre(&settings.host);
                    Some(parameters.map_err(|error| {
                        format!("i certificati di fiducia non sono utilizzabili: {error}")
                    })?)
                }
            };
        let (parked, wants_return_path) = (Mutex::default(), AtomicBool::new(false));
        Ok(Self { settings, tls, parked, wants_return_path })
    }

    pub(super) async fn send(&self, letter: &OutgoingLetter, raw: &[u8]) -> SendOutcome {
        let (sender, recipient) =
            match (compose::parsed(&letter.from.address), compose::parsed(&letter.recipient)) {
                (Ok(sender), Ok(recipient)) => (sender, recipient),
                (Err(error), _) | (_, Err(error)) => return SendOutcome::Refused(error.to_string()),
            };
        let wished = letter.return_path.as_deref().map(compose::parsed).transpose().unwrap_or(None);
        let size = u64::try_from(raw.len()).unwrap_or(u64::MAX);
        let limit = (self.settings.timeout + Duration::from_secs(size / BYTES_PER_SECOND)).min(MAX_ATTEMPT);
        match tokio::time::timeout(limit, self.attempt(wished, sender, recipient, raw)).await {
            Ok(outcome) => outcome,
            // the line was dropped with the attempt: nobody reads its late answers
            Err(_) => SendOutcome::Retry(format!(
                "{}: nessuna risposta entro {} secondi",
                self.place(),
                limit.as_secs()
            )),
        }
    }

    pub(super) async fn test(&self) -> Result<(), String> {
        let tried = tokio::time::timeout(self.settings.timeout, self.open()).await;
        let seconds = self.settings.timeout.as_secs();
        let mut line = tried
            .map_err(|_| format!("{}: nessuna risposta entro {seconds} secondi", self.place()))?
            .map_err(|unopened| match unopened {
                SendOutcome::Sent => String::new(),
                SendOutcome::Retry(words)
                | SendOutcome::Refused(words)
                | SendOutcome::AccountRefused(words) => words,
            })?;
        // the server has said all we asked: whether it also says goodbye does not matter
        let _ = tokio::time::timeout(Duration::from_secs(2), line.command(Quit)).await;
        Ok(())
    }

    async fn attempt(
        &self,
        wished: Option<Address>,
        sender: Address,
        recipient: Address,
        raw: &[u8],
    ) -> SendOutcome {
        let mut line = match self.line().await {
            Ok(line) => line,
            Err(unopened) => return unopened,
        };
        let plain = is_ascii(&sender) && is_ascii(&recipient);
        if !plain && !line.server_info().supports_feature(Extension::SmtpUtfEight) {
            self.park(line);
            return SendOutcome::Refused("il server non accetta indirizzi con lettere accentate".to_owned());
        }
        // RFC 3834 §3.3: nothing automatic comes back to an automatic letter; reports on other letters come to an address that
        // names them. A server that checks the return path against the account gets the mailbox itself: it says so before
        // or after the letter, never about a recipient.
        let special = wished.as_ref() != Some(&sender) && !self.wants_return_path.load(Ordering::Relaxed);
        let path = if special { wished.as_ref() } else { Some(&sender) };
        let mut result = hand_over(&mut line, path, &recipient, raw).await;
        if special
            && result
                .as_ref()
                .is_err_and(|failure| failure.error.is_permanent() && failure.step != Step::Recipient)
        {
            result = match reset(&mut line).await {
                Ok(()) => hand_over(&mut line, Some(&sender), &recipient, raw).await,
                Err(error) => Err(Failure { step: Step::Connect, error }),
            };
            self.wants_return_path.fetch_or(result.is_ok(), Ordering::Relaxed);
        }
        if result.as_ref().map_or_else(|failure| failure.error.status().is_some(), |()| true) {
            self.park(line);
        }
        result.map_or_else(|failure| self.outcome(&failure), |()| SendOutcome::Sent)
    }

    /// A line that was used before and still answers, or a new one.
    async fn line(&self) -> Result<AsyncSmtpConnection, SendOutcome> {
        while let Some((mut line, since)) = self.parked_line() {
            if since.elapsed() < MAX_PARKED_FOR && reset(&mut line).await.is_ok() {
                return Ok(line);
            }
        }
        self.open().await
    }

    fn parked_line(&self) -> Option<(AsyncSmtpConnection, Instant)> {
        self.parked.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn park(&self, line: AsyncSmtpConnection) {
        let mut parked = self.parked.lock().unwrap_or_else(PoisonError::into_inner);
        if parked.len() < MAX_PARKED && !line.has_broken() {
            parked.push((line, Instant::now()));
        }
    }

    /// Connects, protects the line, logs in. The error is what that means for a letter.
    async fn open(&self) -> Result<AsyncSmtpConnection, SendOutcome> {
        let settings = &self.settings;
        let at = |step| move |error| self.outcome(&Failure { step, error });
        let implicit = self.tls.clone().filter(|_| settings.security == Security::Tls);
        let server = (settings.host.as_str(), settings.port);
        let hello = self.hello();
        let opened =
            AsyncSmtpConnection::connect_tokio1(server, Some(settings.timeout), &hello, implicit, None).await;
        let mut line = opened.map_err(at(Step::Connect))?;
        if let Some(tls) = self.tls.clone().filter(|_| settings.security == Security::Starttls) {
            // a server that does not offer it is refused in the same words as one that fails at it
            line.starttls(tls, &hello).await.map_err(at(Step::Connect))?;
        }
        if !settings.user.is_empty() {
            settings.login.log_in(&mut line, &settings.user).await.map_err(|error| match error {
                LoginError::Server(error) => at(Step::Login)(error),
                LoginError::NoToken(none) if none.may_pass => SendOutcome::Retry(none.words),
                LoginError::NoToken(none) => SendOutcome::AccountRefused(none.words),
            })?;
        }
        Ok(line)
    }

    fn hello(&self) -> ClientId {
        let name = &self.settings.hello_name;
        let sound = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
        if sound { ClientId::Domain(name.clone()) } else { ClientId::default() }
    }

    fn outcome(&self, failure: &Failure) -> SendOutcome {
        let words = self.words(failure);
        let error = &failure.error;
        // 530, 534, 535, 538: something about our login, whenever it comes (RFC 4954)
        let login = error.status().is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538));
        match failure.step {
            _ if login => SendOutcome::AccountRefused(words),
            // no STARTTLS, no known way to log in: not a matter of time
            Step::Connect | Step::Login if error.is_client() => SendOutcome::AccountRefused(words),
            // nobody has been named but ourselves
            Step::Login | Step::Sender if error.is_permanent() => SendOutcome::AccountRefused(words),
            Step::Recipient | Step::Content if error.is_permanent() => SendOutcome::Refused(words),
            _ => SendOutcome::Retry(words),
        }
    }

    /// The server's own words, or what kept us from hearing any.
    fn words(&self, failure: &Failure) -> String {
        let error = &failure.error;
        let source = std::error::Error::source(error).map(ToString::to_string);
        match (error.status(), source) {
            (Some(code), Some(text)) => format!("{code} {text}"),
            (Some(code), None) => code.to_string(),
            (None, Some(text)) => format!("{}: {text}", self.place()),
            (None, None) => format!("{}: {error}", self.place()),
        }
    }

    fn place(&self) -> String {
        format!("{}:{}", self.settings.host, self.settings.port)
    }
}

/// Hands a letter over. Afterwards the server has taken it, or has not.
async fn hand_over(
    line: &mut AsyncSmtpConnection,
    sender: Option<&Address>,
    recipient: &Address,
    raw: &[u8],
) -> Result<(), Failure> {
    let at = |step| move |error| Failure { step, error };
    let plain = sender.is_none_or(is_ascii) && is_ascii(recipient);
    let parameters = if plain { Vec::new() } else { vec![MailParameter::SmtpUtfEight] };
    line.command(Mail::new(sender.cloned(), parameters)).await.map_err(at(Step::Sender))?;
    line.command(Rcpt::new(recipient.clone(), Vec::new())).await.map_err(at(Step::Recipient))?;
    line.command(Data).await.map_err(at(Step::Content))?;
    line.message(raw).await.map_err(at(Step::Content))?;
    Ok(())
}

/// Forgets a conversation that was broken off; also tells whether the line is alive.
async fn reset(line: &mut AsyncSmtpConnection) -> Result<(), Error> {
    line.command(Rset).await.map(drop)
}

fn is_ascii(address: &Address) -> bool {
    let address: &str = address.as_ref();
    address.is_ascii()
}
