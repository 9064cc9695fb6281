//! Notifications go to IO, and are looked after until IO says what became of them. Claim, ask for the profile, wait for a turn, write
//! down that the sending begins, send, settle: see `actions::io::carry` for what a crash in between means.
//!
//! Each organisation has hands of its own, as it has a budget of calls of its own at IO: a Comune that tells half its citizens
//! something does not hold up the next one's only notification. When IO asks an organisation to wait, nothing of it is taken in hand
//! for so long, or all that waits would be taken up and put down again, and each time noted.

mod hands;

use std::time::Duration;

use entity::io_message::{Model, State};
use tokio_util::sync::CancellationToken;

use self::hands::{Hands, MOST};
use crate::{
    actions::{
        self,
        io::carry::{self, Load, Unfit},
    },
    app::App,
    channel::io::{Keys, Service},
    domain::io::call::{Failure, Paid, Profile},
    domain::io::fate::Delivered,
    store,
};

/// Longest sleep while nothing is due and nobody wakes us.
const LONGEST_SLEEP: Duration = Duration::from_secs(15);
/// The same where another copy of the program may have queued notifications: they are to leave within a second.
const SHARED_SLEEP: Duration = Duration::from_secs(1);
/// Shortest sleep while something is due but in another hand.
const SHORTEST_SLEEP: Duration = Duration::from_millis(100);
/// How often a note is tried again when the database does not take it.
const NOTE_ATTEMPTS: u32 = 60;

pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut hands = Hands::new(&app);
    if let Err(error) = carry::take_up(&app.desk, app.process, app.clock.now()).await {
        tracing::warn!(%error, "notifications left in hand by a killed process wait until their lease has run out");
    }
    while !stop.is_cancelled() {
        let sleep = match dispatch(&app, &mut hands, &stop).await {
            Ok(Found::Begun) => Duration::ZERO,
            Ok(Found::Nothing(sleep)) => sleep,
            Err(error) => {
                tracing::error!(%error, "the notifications for IO cannot be read; it is tried again");
                LONGEST_SLEEP
            }
        };
        let free = hands.under_way() < MOST;
        tokio::select! {
            () = stop.cancelled() => {}
            () = app.desk.wake.io.notified(), if free => {}
            () = tokio::time::sleep(sleep), if free => {}
            () = hands.one_ends() => {}
        }
    }
    // What has left is brought to its end: nobody else could find out how it ended.
    hands.all_end().await;
}

/// Carries everything that is due now, one claim after the other. For tests and for programs without a porter.
///
/// # Errors
/// The database.
pub async fn carry_due(app: &App) -> anyhow::Result<()> {
    let (mut hands, stop) = (Hands::new(app), CancellationToken::new());
    while matches!(dispatch(app, &mut hands, &stop).await?, Found::Begun) {
        hands.all_end().await;
    }
    Ok(())
}

/// What there was to do.
enum Found {
    /// Something, which has begun; there may be more.
    Begun,
    /// Nothing, and probably nothing for so long.
    Nothing(Duration),
}

/// Takes in hand what is due, as far as there are hands.
async fn dispatch(app: &App, hands: &mut Hands, stop: &CancellationToken) -> anyhow::Result<Found> {
    let now = app.clock.now();
    let (limit, except) = hands.free();
    if hands.clock_went_back(now) {
        carry::set_right(&app.desk, now, &except.notifications).await?;
    }
    if limit == 0 {
        return Ok(Found::Nothing(LONGEST_SLEEP));
    }
    let longest = if app.desk.db.is_postgres() { SHARED_SLEEP } else { LONGEST_SLEEP };
    let longest = hands.shortest_rest().map_or(longest, |rest| rest.min(longest));
    // Looked at before anything is claimed: who only looks does not disturb those who write.
    let due = store::io_message::carry::next_due(&app.desk.db.read, carry::moment(now), &except).await?;
    if let Some(wait) =
        due.map_or(Some(longest), |due| (due - now).to_std().ok().filter(|wait| !wait.is_zero()))
    {
        return Ok(Found::Nothing(wait.clamp(SHORTEST_SLEEP, longest.max(SHORTEST_SLEEP))));
    }
    let claimed = carry::claim(&app.desk, app.process, now, &except, limit).await?;
    if claimed.is_empty() {
        return Ok(Found::Nothing(SHORTEST_SLEEP));
    }
    for row in claimed {
        let (app, stop, id, organisation) = (app.clone(), stop.clone(), row.id, row.organisation_id);
        hands.take(id, organisation, async move { one(&app, row, &stop).await });
    }
    Ok(Found::Begun)
}

/// Does what is to be done about a notification; gives how long IO asks to wait, when it does.
async fn one(app: &App, row: Model, stop: &CancellationToken) -> Option<Duration> {
    let id = row.id;
    // The lease brings back what fails here; nothing was sent.
    match carry::load(&app.desk, row, app.config.io.remote, app.clock.now()).await {
        Ok(load) if load.row.state == State::Queued => send(app, load, stop).await,
        Ok(load) => look(app, &load).await,
        Err(error) => {
            tracing::error!(notification = %id, %error, "a notification for IO cannot be put together");
            None
        }
    }
}

async fn look(app: &App, load: &Load) -> Option<Duration> {
    let late = load.row.state == State::Processed && Delivered::is_late(load.row.next_at, app.clock.now());
    let outcome = match (&load.message, line(app, load)) {
        _ if late => Err(Failure::Retry { words: String::new() }),
        (Ok(message), Ok(line)) => {
            line.look(&message.recipient, load.row.remote_id.as_deref().unwrap_or_default()).await
        }
        (_, Err(failure)) => Err(failure),
        // IO has it: that we cannot read any more to whom it went makes it no less delivered.
        (Err(_), _) => Err(Failure::Retry { words: "Non si legge più a chi è andata.".to_owned() }),
    };
    settle(load, || carry::looked(&app.desk, load, app.process, &outcome, app.clock.now())).await;
    asked_to_wait(&outcome)
}

async fn send(app: &App, mut load: Load, stop: &CancellationToken) -> Option<Duration> {
    let message = match &load.message {
        Ok(message) => message.clone(),
        Err(why) => return unfit(app, &load, why).await,
    };
    if let Some(first) = &load.unpaid
        && is_paid_now(app, &load, first).await
    {
        settle(&load, || carry::paid(&app.desk, &load, first, app.process, app.clock.now())).await;
        return None;
    }
    let asked = async {
        let line = line(app, &load)?;
        Ok(match line.profile(&message.recipient).await? {
            // Whoever is killed while waiting for the turn has sent nothing, and it shows.
            reachable @ Profile::Reachable { .. } => (reachable, Some((line.turn().await?, line))),
            unreachable => (unreachable, None),
        })
    };
    let (profile, ready) = match asked.await {
        Ok((profile, ready)) => (Ok(profile), ready),
        Err(failure) => (Err(failure), None),
    };
    let Some((turn, line)) = ready else {
        let load = &load;
        settle(load, || carry::not_begun(&app.desk, load, app.process, &profile, app.clock.now())).await;
        return asked_to_wait(&profile);
    };
    if stop.is_cancelled() {
        if let Err(error) = carry::put_back(&app.desk, &load, app.process, None).await {
            tracing::warn!(notification = %load.row.id, %error, "a notification is tried again when its lease has run out");
        }
        return None;
    }
    match carry::begin(&app.desk, &mut load, app.process, app.clock.now()).await {
        Ok(true) => {}
        Ok(false) => return None,
        Err(error) => {
            tracing::error!(notification = %load.row.id, %error, "a notification could not be begun, and did not leave");
            return None;
        }
    }
    let outcome = line.submit_now(&message, turn).await.map(|created| created.id);
    settle(&load, || carry::sent(&app.desk, &load, app.process, &outcome, app.clock.now())).await;
    asked_to_wait(&outcome)
}

/// Whether IO says that what a reminder asks to pay has been paid. When it cannot say, the reminder is worth more than the doubt.
async fn is_paid_now(app: &App, load: &Load, first: &Model) -> bool {
    let (Ok(message), Ok(line)) = (&load.message, line(app, load)) else { return false };
    let outcome = line.look(&message.recipient, first.remote_id.as_deref().unwrap_or_default()).await;
    outcome.is_ok_and(|report| report.paid == Some(Paid::Paid))
}

async fn unfit(app: &App, load: &Load, why: &Unfit) -> Option<Duration> {
    settle(load, || carry::unfit(&app.desk, load, app.process, why, app.clock.now())).await;
    None
}

fn asked_to_wait<T>(outcome: &Result<T, Failure>) -> Option<Duration> {
    match outcome {
        Err(Failure::Wait { time }) => Some(*time),
        _ => None,
    }
}

/// The line of the service.
fn line(app: &App, load: &Load) -> Result<Service, Failure> {
    let (first, second) = load.keys.clone().ok_or(Failure::KeyRefused)?;
    app.io_service(&load.base_url, load.row.organisation_id, Keys { first, second })
}

/// Writes down what is known, and does not give up easily: a notification that left and is not noted would be uncertain for ever.
async fn settle<F>(load: &Load, note: impl Fn() -> F)
where
    F: Future<Output = actions::Result<State>>,
{
    for _ in 0..NOTE_ATTEMPTS {
        match note().await {
            Ok(state) => {
                let state =
                    serde_json::to_value(state).ok().and_then(|word| word.as_str().map(str::to_owned));
                metrics::counter!("riscontro_io_steps_total", "state" => state.unwrap_or_default())
                    .increment(1);
                return;
            }
            Err(error) => {
                tracing::error!(notification = %load.row.id, %error, "the fate of a notification could not be written down");
            }
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}
