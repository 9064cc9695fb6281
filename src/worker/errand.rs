//! Errands are run: letters that belong to no thread, messages to apps. Claim, put together, carry with no transaction open,
//! settle: see `actions::errand` for what a crash in between means. A circular is not carried: one batch of its letters is
//! written, and they and the rest of it are due at once, unless an address gets many (`actions::errand::brake`).
//!
//! Each load has hands of its own: neither an app whose server hangs nor the news for a whole town may hold up the link that a
//! citizen waits for.

use std::time::Duration;

use entity::errand::{Model, State, Work};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::lines::{Lines, send};
use crate::{
    actions::{self, errand::Parcel},
    app::App,
    channel::webhook::Courier,
    domain::mail::SendOutcome,
    store::{self, errand::Load},
};

/// Longest sleep while nothing is due: another copy of the program may have queued errands.
const LONGEST_SLEEP: Duration = Duration::from_secs(15);
/// Shortest sleep while something is due but in another hand.
const SHORTEST_SLEEP: Duration = Duration::from_millis(100);
/// How often a note is tried again when the database does not take it.
const NOTE_ATTEMPTS: u32 = 60;

/// What is carried, in the order in which it is taken in hand.
const LOADS: [Load; 3] = [Load::Letters, Load::Circulars, Load::Messages];

/// Who carries, and what is under way.
struct Carriers {
    lines: Lines,
    courier: Courier,
    letters: JoinSet<()>,
    circulars: JoinSet<()>,
    messages: JoinSet<()>,
}

impl Carriers {
    fn new(app: &App) -> anyhow::Result<Self> {
        Ok(Self {
            lines: Lines::default(),
            courier: app.courier()?,
            letters: JoinSet::new(),
            circulars: JoinSet::new(),
            messages: JoinSet::new(),
        })
    }

    fn hands(&mut self, load: Load) -> &mut JoinSet<()> {
        match load {
            Load::Letters => &mut self.letters,
            Load::Circulars => &mut self.circulars,
            Load::Messages => &mut self.messages,
        }
    }

    /// Brings everything under way to its end.
    async fn finish(&mut self) {
        for load in LOADS {
            while self.hands(load).join_next().await.is_some() {}
        }
    }
}

pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut carriers = match Carriers::new(&app) {
        Ok(carriers) => carriers,
        Err(error) => {
            tracing::error!(%error, "no errand can be run: links and messages to apps wait");
            return;
        }
    };
    if let Err(error) = actions::errand::take_up(&app.desk, app.process, app.clock.now()).await {
        tracing::warn!(%error, "errands left in hand by a killed process are run when their lease has run out");
    }
    while !stop.is_cancelled() {
        let sleep = match dispatch(&app, &mut carriers).await {
            Ok(0) => until_next(&app).await,
            Ok(_) => Duration::ZERO,
            Err(error) => {
                tracing::error!(%error, "errands cannot be read; it is tried again");
                LONGEST_SLEEP
            }
        };
        let most = app.config.delivery.concurrency;
        // With all hands full, only an end is worth waking up for.
        let free = LOADS.into_iter().any(|load| carriers.hands(load).len() < most);
        tokio::select! {
            () = stop.cancelled() => {}
            () = app.desk.wake.errands.notified(), if free => {}
            () = tokio::time::sleep(sleep.max(if free { Duration::ZERO } else { SHORTEST_SLEEP })) => {}
            Some(_) = carriers.letters.join_next() => {}
            Some(_) = carriers.circulars.join_next() => {}
            Some(_) = carriers.messages.join_next() => {}
        }
    }
    carriers.finish().await;
}

/// Runs everything that is due now, one claim after the other. For tests and for programs without a porter.
///
/// # Errors
/// The database; the system gives no way to call anybody.
pub async fn run_due(app: &App) -> anyhow::Result<()> {
    let mut carriers = Carriers::new(app)?;
    while dispatch(app, &mut carriers).await? > 0 {
        carriers.finish().await;
    }
    Ok(())
}

/// Claims as many errands as there are free hands and sends them off; gives how many.
async fn dispatch(app: &App, carriers: &mut Carriers) -> anyhow::Result<usize> {
    let mut begun = 0;
    for load in LOADS {
        let free = app.config.delivery.concurrency.saturating_sub(carriers.hands(load).len());
        if free == 0 {
            continue;
        }
        let (owner, now) = (app.process, app.clock.now());
        let claimed = actions::errand::claim(&app.desk, load, owner, now, free as u64).await?;
        begun += claimed.len();
        for errand in claimed {
            begin(app, carriers, load, errand).await;
        }
    }
    Ok(begun)
}

/// Puts an errand together and sends it off.
async fn begin(app: &App, carriers: &mut Carriers, load: Load, errand: Model) {
    let now = app.clock.now();
    if errand.work == Work::Circular {
        // What fails wrote nothing of its batch.
        if let Err(error) = actions::circular::carry_on(&app.desk, &errand, app.process, now).await {
            settle(app, &errand, &failed(&errand, &error)).await;
        }
        return;
    }
    let parcel = match actions::errand::parcel(&app.desk, &errand, now).await {
        Ok(parcel) => parcel,
        Err(error) => return settle(app, &errand, &failed(&errand, &error)).await,
    };
    let app = app.clone();
    match parcel {
        Parcel::Letter(letter, mailbox) => {
            let line = carriers.lines.to(&app, &mailbox);
            carriers.hands(load).spawn(async move {
                let outcome = match line {
                    Ok(line) => send(&line, *letter).await,
                    Err(words) => SendOutcome::AccountRefused(words),
                };
                settle(&app, &errand, &outcome).await;
            });
        }
        Parcel::Message(message) => {
            let courier = carriers.courier.clone();
            carriers.hands(load).spawn(async move {
                let outcome =
                    courier.send(&message.url, &message.secret, (message.id, message.body), now).await;
                settle(&app, &errand, &outcome).await;
            });
        }
        Parcel::Moot(why) => settle(&app, &errand, &SendOutcome::Refused(why.to_owned())).await,
        Parcel::Later(why) => settle(&app, &errand, &SendOutcome::Retry(why.to_owned())).await,
    }
}

/// What becomes of an errand that cannot be put together or carried on: it is tried again as long as a letter is, unless what
/// it is about is gone.
fn failed(errand: &Model, error: &actions::Error) -> SendOutcome {
    tracing::error!(errand = %errand.id, work = ?errand.work, %error, "an errand cannot be put together");
    match error {
        actions::Error::NotFound => SendOutcome::Refused("Ciò di cui parla non c’è più.".to_owned()),
        _ => {
            SendOutcome::Retry("Non si è potuto preparare: la causa è nel registro del programma.".to_owned())
        }
    }
}

/// Writes the outcome down, and does not give up easily: what was carried and is not noted would be carried again.
async fn settle(app: &App, errand: &Model, outcome: &SendOutcome) {
    for _ in 0..NOTE_ATTEMPTS {
        match actions::errand::settle(&app.desk, errand, app.process, outcome, app.clock.now()).await {
            Ok(state) => {
                let outcome = match state {
                    State::Done => "done",
                    State::Refused => "refused",
                    State::Pending | State::Sending => "postponed",
                };
                metrics::counter!("riscontro_errands_total", "outcome" => outcome).increment(1);
                return;
            }
            Err(error) => {
                tracing::error!(errand = %errand.id, %error, "the fate of an errand could not be written down");
            }
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}

/// How long to sleep until the next errand is due.
async fn until_next(app: &App) -> Duration {
    match store::errand::next_due(&app.desk.db.read).await {
        Ok(Some(due)) => {
            (due - app.clock.now()).to_std().unwrap_or_default().clamp(SHORTEST_SLEEP, LONGEST_SLEEP)
        }
        _ => LONGEST_SLEEP,
    }
}
