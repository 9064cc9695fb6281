//! Letters leave. Claim, compose, send with no transaction open, settle: see `actions::deliver` for what a crash in
//! between means.

use std::time::Duration;

use entity::delivery;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::lines::{Lines, send};
use crate::{actions, app::App, domain::mail::SendOutcome, store};

/// Longest sleep while nothing is due: another copy of the program may have queued letters.
const LONGEST_SLEEP: Duration = Duration::from_secs(15);
/// Shortest sleep while something is due but in another hand.
const SHORTEST_SLEEP: Duration = Duration::from_millis(100);
/// How often a note is tried again when the database does not take it.
const NOTE_ATTEMPTS: u32 = 60;

pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut lines = Lines::default();
    let mut under_way = JoinSet::new();
    if let Err(error) = actions::deliver::take_up(&app.desk, app.process, app.clock.now()).await {
        tracing::warn!(%error, "letters left in hand by a killed process go out when their lease has run out");
    }
    while !stop.is_cancelled() {
        let sleep = match dispatch(&app, &mut lines, &mut under_way).await {
            Ok(0) => until_next(&app).await,
            Ok(_) => Duration::ZERO,
            Err(error) => {
                tracing::error!(%error, "the outbox cannot be read; it is tried again");
                LONGEST_SLEEP
            }
        };
        let full = under_way.len() >= app.config.delivery.concurrency;
        tokio::select! {
            () = stop.cancelled() => {}
            () = app.desk.wake.outbox.notified(), if !full => {}
            () = tokio::time::sleep(sleep), if !full => {}
            Some(_) = under_way.join_next() => {}
        }
    }
    // What is under way is brought to its end: a letter whose fate is known need not be repeated.
    while under_way.join_next().await.is_some() {}
}

/// Sends everything that is due now, one claim after the other. For tests and for programs without a porter.
pub async fn send_due(app: &App) -> anyhow::Result<()> {
    let (mut lines, mut under_way) = (Lines::default(), JoinSet::new());
    while dispatch(app, &mut lines, &mut under_way).await? > 0 {
        while under_way.join_next().await.is_some() {}
    }
    Ok(())
}

/// Claims as many letters as may be under way and sends them off; gives how many.
async fn dispatch(app: &App, lines: &mut Lines, under_way: &mut JoinSet<()>) -> anyhow::Result<usize> {
    let free = app.config.delivery.concurrency.saturating_sub(under_way.len());
    if free == 0 {
        return Ok(0);
    }
    let claimed = actions::deliver::claim(&app.desk, app.process, app.clock.now(), free as u64).await?;
    for delivery in &claimed {
        match actions::deliver::letter(&app.desk, delivery).await {
            Ok((letter, mailbox)) => {
                let (app, delivery) = (app.clone(), delivery.clone());
                let line = lines.to(&app, &mailbox);
                under_way.spawn(async move {
                    let outcome = match line {
                        Ok(line) => send(&line, letter).await,
                        Err(words) => SendOutcome::AccountRefused(words),
                    };
                    settle(&app, &delivery, &outcome).await;
                });
            }
            // The lease brings it back; nothing was sent.
            Err(error) => tracing::error!(delivery = %delivery.id, %error, "a letter cannot be put together"),
        }
    }
    Ok(claimed.len())
}

/// Writes the outcome down, and does not give up easily: a letter that left and is not noted would leave again.
async fn settle(app: &App, delivery: &delivery::Model, outcome: &SendOutcome) {
    for _ in 0..NOTE_ATTEMPTS {
        match actions::deliver::settle(&app.desk, delivery, app.process, outcome, app.clock.now()).await {
            Ok(state) => {
                let state = match state {
                    delivery::State::Sent => "sent",
                    delivery::State::Refused => "refused",
                    delivery::State::Pending | delivery::State::Held | delivery::State::Sending => {
                        "postponed"
                    }
                };
                metrics::counter!("riscontro_letters_total", "outcome" => state).increment(1);
                return;
            }
            Err(error) => {
                tracing::error!(delivery = %delivery.id, %error, "the fate of a letter could not be written down");
            }
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}

/// How long to sleep until the next letter is due.
async fn until_next(app: &App) -> Duration {
    match store::delivery::next_due(&app.desk.db.read).await {
        Ok(Some(due)) => {
            (due - app.clock.now()).to_std().unwrap_or_default().clamp(SHORTEST_SLEEP, LONGEST_SLEEP)
        }
        _ => LONGEST_SLEEP,
    }
}
