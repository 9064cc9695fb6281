//! The fate of a message on IO: its states, what leads from one to the next, and when to look again.
//!
//! IO cannot be asked what was sent, recognises no second copy and takes nothing back. So a message is `Sending` (written down)
//! before the call leaves, and whatever is found `Sending` afterwards, by a crash or by a line that broke, is `Uncertain` for ever.
//! A state that is final stays: to send again is a new message, by a person's order, that names the old one.

use chrono::{DateTime, Duration, Utc};
pub use entity::io_message::State;
use sea_orm::Iterable;

pub use self::delivered::Delivered;
use super::call::{Failure, Profile, Progress, Report};
use crate::domain::retry;

mod delivered;

/// Pauses before the first looks at a message that IO has taken, in seconds; then an hour each time.
const LOOKS: [i64; 4] = [10, 60, 5 * 60, 30 * 60];
/// For how long news of progress waits for IO before it goes by another way.
pub const NEWS_WAITS: Duration = Duration::days(1);
/// For how long IO may hold a message up ("Guida tecnica", Get Message, `THROTTLED`): then nobody looks any more.
const PATIENCE: Duration = Duration::days(7);
/// Looks without news before that: a clock that was wrong for a moment, or a program that stood still for a week, does not end it.
const LEAST_LOOKS: i32 = 24;
/// How long nothing of a service is tried after IO has refused it as a whole, unless an administrator says that it is mended.
pub const REST: Duration = Duration::minutes(15);
/// How long nothing of a service is tried after one answer that was not of IO's API: long enough for a gateway to come to itself. The
/// next one stops the service.
pub const DOUBT: Duration = Duration::seconds(10);
/// No later than this is something done again about a notification that was tried: longer than any pause here, and than the longest
/// time that IO may ask for.
pub const LONGEST_PAUSE: Duration = Duration::hours(8);

/// Whether a notification in the one state may become one in the other.
#[must_use]
pub fn may_become(state: State, next: State) -> bool {
    match state {
        State::Draft => next == State::Queued,
        // Back to a draft while the undo is still offered.
        State::Queued => {
            matches!(next, State::Draft | State::Sending | State::NotOnIo | State::ServiceOff | State::Failed)
        }
        // Back to the queue when nothing can have been created.
        State::Sending => matches!(next, State::Queued | State::Accepted | State::Failed | State::Uncertain),
        State::Accepted => matches!(next, State::Processed | State::Rejected | State::Failed),
        _ => false,
    }
}

/// Whether nothing happens to it any more.
#[must_use]
pub fn is_final(state: State) -> bool {
    !State::iter().any(|next| may_become(state, next))
}

/// Whether the news did not arrive for certain, so that another channel should carry it. Not when it is uncertain: the
/// citizen might get it twice, and that is for the organisation to want.
#[must_use]
pub fn has_missed(state: State) -> bool {
    matches!(state, State::Rejected | State::Failed | State::NotOnIo | State::ServiceOff)
}

/// Whether the citizen has it, or may have it: what can be corrected, and not taken back.
#[must_use]
pub fn has_left(state: State) -> bool {
    matches!(state, State::Accepted | State::Processed | State::Uncertain)
}

/// Whether a person may have it sent again, as a new notification: when it did not arrive, or when nobody knows.
#[must_use]
pub fn may_be_repeated(state: State) -> bool {
    has_missed(state) || state == State::Uncertain
}

/// Its name on the page.
#[must_use]
pub fn words(state: State) -> &'static str {
    match state {
        State::Draft => "bozza",
        State::Queued => "in coda",
        State::Sending => "in invio",
        State::Accepted => "presa in carico da IO",
        State::Processed => "consegnata",
        State::Rejected => "non consegnata",
        State::Failed => "non riuscita",
        State::Uncertain => "esito incerto",
        State::NotOnIo => "non è su IO",
        State::ServiceOff => "servizio disattivato",
    }
}

/// When somebody does something again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// At once: the next call of the same attempt.
    Now,
    /// Not before this moment.
    At(DateTime<Utc>),
    /// When an administrator has mended the service: all its messages wait, and this one counts no attempt.
    Mended,
    /// In [`DOUBT`], with all messages of the service, unless it is in doubt already: then as [`Next::Mended`]. It counts no attempt.
    Doubted,
    /// Never.
    Never,
}

/// What a call has led to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The state now.
    pub state: State,
    /// When to go on.
    pub next: Next,
    /// What to show with it, in Italian.
    pub words: Option<String>,
}

impl Step {
    fn to(state: State, next: Next, words: impl Into<Option<String>>) -> Self {
        Self { state, next, words: words.into() }
    }
}

/// After the check of the profile, in state [`State::Queued`]. `attempts` were made before this one.
#[must_use]
pub fn after_profile(outcome: &Result<Profile, Failure>, attempts: i32, now: DateTime<Utc>) -> Step {
    match outcome {
        Ok(Profile::Reachable { .. }) => Step::to(State::Sending, Next::Now, None),
        Ok(Profile::NotOnIo) => Step::to(
            State::NotOnIo,
            Next::Never,
            "La persona non è su IO, o non ha finito di registrarsi.".to_owned(),
        ),
        Ok(Profile::ServiceOff) => Step::to(
            State::ServiceOff,
            Next::Never,
            "La persona ha disattivato questo servizio su IO.".to_owned(),
        ),
        Err(failure) => unsent(failure, attempts, now),
    }
}

/// After the call that sends, in state [`State::Sending`]. `attempts` were made before this one.
#[must_use]
pub fn after_submit<T>(outcome: &Result<T, Failure>, attempts: i32, now: DateTime<Utc>) -> Step {
    match outcome {
        Ok(_) => Step::to(State::Accepted, Next::At(now + look_pause(0)), None),
        Err(Failure::Unknown { words }) => Step::to(
            State::Uncertain,
            Next::Never,
            format!(
                "{words} Non si può sapere se IO ha preso il messaggio: rimandalo solo se accetti che arrivi due volte."
            ),
        ),
        Err(failure) => unsent(failure, attempts, now),
    }
}

/// What becomes of a message that is found [`State::Sending`] by a process which did not put it there: the one before has died.
#[must_use]
pub fn after_crash() -> Step {
    let words = "Il programma si è fermato durante l'invio. Non si può sapere se IO ha preso il messaggio: rimandalo solo se accetti \
                 che arrivi due volte.";
    Step::to(State::Uncertain, Next::Never, words.to_owned())
}

/// After a look at a message that IO has taken. `looks` were taken before this one.
#[must_use]
pub fn after_look(
    outcome: &Result<Report, Failure>,
    looks: i32,
    accepted: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Step {
    let final_state = |state, words: &str| Step::to(state, Next::Never, words.to_owned());
    match outcome {
        Ok(report) => match report.progress {
            Progress::Processed => Step::to(State::Processed, Next::Never, None),
            Progress::Rejected => final_state(
                State::Rejected,
                "IO non l'ha consegnata: la persona non è su IO o ha disattivato il servizio.",
            ),
            Progress::Failed => {
                final_state(State::Failed, "IO non è riuscita a consegnarla: si può mandarne una nuova.")
            }
            Progress::Accepted | Progress::Throttled | Progress::Unknown => {
                later(look_pause(looks + 1), None, (looks, accepted), now)
            }
        },
        Err(Failure::Wait { time }) => Step::to(State::Accepted, Next::At(now + pause(*time)), None),
        Err(Failure::KeyRefused) => Step::to(State::Accepted, Next::Mended, Failure::KeyRefused.words()),
        // Whatever IO could not say just now, it has the message: it also answers 500 when only the payment cannot be looked up.
        // And a 403 may be about this message alone, which one of the keys before these has sent: it stops nobody else.
        Err(failure) => later(look_pause(looks + 1), Some(unsaid(failure)), (looks, accepted), now),
    }
}

/// Why a look brought nothing. That IO refuses to answer is not that it refuses the message.
fn unsaid(failure: &Failure) -> String {
    match failure {
        Failure::Refused { .. } | Failure::Outdated { .. } => {
            "IO per ora non sa dire che cosa ne è stato: si riprova.".to_owned()
        }
        other => other.words(),
    }
}

/// Pause before look `looks + 1`.
#[must_use]
pub fn look_pause(looks: i32) -> Duration {
    let made = usize::try_from(looks).unwrap_or(0);
    Duration::seconds(LOOKS.get(made).copied().unwrap_or(3600))
}

fn later(
    pause: Duration,
    words: Option<String>,
    (looks, accepted): (i32, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Step {
    let at = now + pause;
    if at <= accepted + PATIENCE || looks < LEAST_LOOKS {
        return Step::to(State::Accepted, Next::At(at), words);
    }
    let silent = "Dopo sette giorni IO non ha ancora detto se l'ha consegnata.".to_owned();
    Step::to(State::Accepted, Next::Never, silent)
}

/// Nothing was created.
fn unsent(failure: &Failure, attempts: i32, now: DateTime<Utc>) -> Step {
    let words = failure.words();
    match failure {
        Failure::Refused { .. } => Step::to(State::Failed, Next::Never, words),
        Failure::Misconfigured { .. } | Failure::KeyRefused => Step::to(State::Queued, Next::Mended, words),
        Failure::Astray { .. } => Step::to(State::Queued, Next::Doubted, words),
        Failure::Wait { time } => Step::to(State::Queued, Next::At(now + pause(*time)), words),
        Failure::Retry { .. } | Failure::Outdated { .. } | Failure::Unknown { .. } => {
            let pause = retry::message_pause(attempts.saturating_add(1));
            Step::to(State::Queued, Next::At(now + pause), words)
        }
    }
}

/// How a service rests after a step: until when, and with which words if an administrator is to hear of it. `in_doubt`: it has been
/// [`Next::Doubted`] or stopped, and nothing good has come since. `None`: the step says nothing against the service.
#[must_use]
pub fn rest(step: &Step, in_doubt: bool, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Option<String>)> {
    match step.next {
        Next::Doubted if !in_doubt => Some((now + DOUBT, None)),
        Next::Doubted | Next::Mended => Some((now + REST, step.words.clone())),
        Next::Now | Next::At(_) | Next::Never => None,
    }
}

/// What becomes of news that could not be sent and waits for IO since `written`: after [`NEWS_WAITS`] it is given up, so that it can
/// go by mail while it is still news. `None`: it goes on waiting.
#[must_use]
pub fn give_up(waiting: &Step, written: DateTime<Utc>, now: DateTime<Utc>) -> Option<Step> {
    (waiting.state == State::Queued && now - written > NEWS_WAITS).then(|| {
        let why = waiting.words.as_deref().unwrap_or_default();
        Step::to(
            State::Failed,
            Next::Never,
            format!("In un giorno non è stato possibile affidarla a IO. {why}").trim_end().to_owned(),
        )
    })
}

fn pause(time: std::time::Duration) -> Duration {
    Duration::from_std(time).unwrap_or(Duration::hours(1))
}

#[cfg(test)]
mod tests;
