//! What is done by the clock: the house is swept, figures are taken.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{actions, app::App, store};

/// How often figures of `/metrics` that must be asked of the database are taken.
const FIGURES: Duration = Duration::from_secs(15);
/// How often tokens that end soon are renewed, in rounds of `FIGURES`.
const TOKEN_ROUNDS: u64 = 4;
/// How often ended sessions are forgotten, in rounds of `FIGURES`.
const SWEEP_ROUNDS: u64 = 240;

pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(FIGURES);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    for round in 0_u64.. {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        // Figures that nobody fetches must not pile up.
        app.metrics.run_upkeep();
        if let Err(error) = take_figures(&app).await {
            tracing::debug!(%error, "figures could not be taken");
        }
        if round % TOKEN_ROUNDS == 0 {
            app.renew_tokens().await;
        }
        if round % SWEEP_ROUNDS == 0 {
            forget_drafts(&app).await;
            let now = app.clock.now();
            if let Err(error) = actions::citizen::sweep(&app.desk, now).await {
                tracing::warn!(%error, "ended codes and tokens of citizens could not be forgotten");
            }
            if let Err(error) = actions::errand::sweep(&app.desk, now).await {
                tracing::warn!(%error, "old messages to apps could not be forgotten");
            }
        }
        if round % SWEEP_ROUNDS == 0
            && let Err(error) = actions::sign_in::sweep(&app.desk, app.clock.now()).await
        {
            tracing::warn!(%error, "ended sessions could not be forgotten");
        }
    }
}

/// Forgets what citizens have begun and left, a little at a time: other writers take turns in between.
async fn forget_drafts(app: &App) {
    loop {
        match actions::submission::forget(&app.desk, app.clock.now()).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => {
                tracing::warn!(%error, "forgotten drafts could not be taken away");
                return;
            }
        }
    }
}

async fn take_figures(app: &App) -> Result<(), sea_orm::DbErr> {
    let waiting = store::delivery::waiting_count(&app.desk.db.read).await?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "a gauge is a float, and nobody has 2^52 letters waiting"
    )]
    metrics::gauge!("riscontro_deliveries_waiting").set(waiting as f64);
    Ok(())
}
