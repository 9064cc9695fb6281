//! The fate of a message on IO: its states, what leads from one to the next, and when to look again.
//!
//! IO cannot be asked what was sent, recognises no second copy and takes nothing back. So a message is `Sending` (written down)
//! before the call leaves, and whatever is found `Sending` afterwards, by a crash or by a line that broke, is `Uncertain` for ever.
//! A state that is final stays: to send again is a new message, by a person's order, that names the old one.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::call::{Failure, Profile, Progress, Report};
use crate::domain::retry;

/// Pauses before the first looks at a message that IO has taken, in seconds; then an hour each time.
const LOOKS: [i64; 4] = [10, 60, 5 * 60, 30 * 60];
/// For how long IO may hold a message up ("Guida tecnica", Get Message, `THROTTLED`): then nobody looks any more.
const PATIENCE: Duration = Duration::days(7);

/// How far a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being written.
    Draft,
    /// To be sent. The citizen's profile is asked in this state.
    Queued,
    /// The call is under way.
    Sending,
    /// IO has it, with an id. Not yet with the citizen.
    Accepted,
    /// In the citizen's inbox.
    Processed,
    /// IO did not deliver it: the citizen is not there, or does not want the service.
    Rejected,
    /// Refused or given up.
    Failed,
    /// Sent or not: nobody knows.
    Uncertain,
    /// Not sent: the citizen is not on IO.
    NotOnIo,
    /// Not sent: the citizen has the service off.
    ServiceOff,
}

impl State {
    /// All of them, in the order of a life.
    pub const ALL: [Self; 10] = [
        Self::Draft,
        Self::Queued,
        Self::Sending,
        Self::Accepted,
        Self::Processed,
        Self::Rejected,
        Self::Failed,
        Self::Uncertain,
        Self::NotOnIo,
        Self::ServiceOff,
    ];

    /// Whether it may become `next`.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        match self {
            Self::Draft => next == Self::Queued,
            // Back to a draft while the undo is still offered.
            Self::Queued => {
                matches!(next, Self::Draft | Self::Sending | Self::NotOnIo | Self::ServiceOff | Self::Failed)
            }
            // Back to the queue when nothing can have been created.
            Self::Sending => matches!(next, Self::Queued | Self::Accepted | Self::Failed | Self::Uncertain),
            Self::Accepted => matches!(next, Self::Processed | Self::Rejected | Self::Failed),
            _ => false,
        }
    }

    /// Whether nothing happens to it any more.
    #[must_use]
    pub fn is_final(self) -> bool {
        !Self::ALL.into_iter().any(|next| self.may_become(next))
    }

    /// Whether the news did not arrive for certain, so that another channel should carry it. Not when it is uncertain: the
    /// citizen might get it twice, and that is for the organisation to want.
    #[must_use]
    pub fn has_missed(self) -> bool {
        matches!(self, Self::Rejected | Self::Failed | Self::NotOnIo | Self::ServiceOff)
    }

    /// What a message is that was found in this state by a process which did not put it there: the one before has died.
    #[must_use]
    pub fn found(self) -> Self {
        if self == Self::Sending { Self::Uncertain } else { self }
    }

    /// Its name on the page.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Draft => "bozza",
            Self::Queued => "in coda",
            Self::Sending => "in invio",
            Self::Accepted => "presa in carico da IO",
            Self::Processed => "consegnata",
            Self::Rejected => "non consegnata",
            Self::Failed => "non riuscita",
            Self::Uncertain => "esito incerto",
            Self::NotOnIo => "non è su IO",
            Self::ServiceOff => "servizio disattivato",
        }
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
                later(look_pause(looks + 1), None, accepted, now)
            }
        },
        Err(Failure::Wait { time }) => later(pause(*time), None, accepted, now),
        Err(failure @ (Failure::Misconfigured { .. } | Failure::KeyRefused)) => {
            Step::to(State::Accepted, Next::Mended, failure.words())
        }
        // Whatever IO could not say just now, it has the message. It also answers 500 when only the payment cannot be looked up.
        Err(failure) => later(look_pause(looks + 1), Some(failure.words()), accepted, now),
    }
}

/// Pause before look `looks + 1`.
#[must_use]
pub fn look_pause(looks: i32) -> Duration {
    let made = usize::try_from(looks).unwrap_or(0);
    Duration::seconds(LOOKS.get(made).copied().unwrap_or(3600))
}

fn later(pause: Duration, words: Option<String>, accepted: DateTime<Utc>, now: DateTime<Utc>) -> Step {
    let at = now + pause;
    if at <= accepted + PATIENCE {
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
        Failure::Wait { time } => Step::to(State::Queued, Next::At(now + pause(*time)), words),
        Failure::Retry { .. } | Failure::Outdated { .. } | Failure::Unknown { .. } => {
            let pause = retry::message_pause(attempts.saturating_add(1));
            Step::to(State::Queued, Next::At(now + pause), words)
        }
    }
}

fn pause(time: std::time::Duration) -> Duration {
    Duration::from_std(time).unwrap_or(Duration::hours(1))
}

#[cfg(test)]
mod tests;
