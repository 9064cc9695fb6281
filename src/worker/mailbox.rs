//! One mailbox: connect, bring what is new, hand it to the desk, tell the server, wait; begin again after any trouble.
//!
//! The lease keeps several copies of the program from reading one mailbox. If it runs out in the middle of a long step,
//! another copy may begin: the ledger's unique names and guarded outcomes make that a waste of time, nothing worse.

use std::time::{Duration, Instant};

use entity::mailbox::Model;
use tokio_util::sync::CancellationToken;

use super::{
    intake,
    source::{Comparison, Refusals, Source},
};
use crate::{actions, app::App, channel::email::imap::ImapError, domain::retry};

/// How often the lease is renewed.
const RENEW: Duration = Duration::from_secs(20);
/// How long a step under way may take after the signal to stop.
const LAST_STEP: Duration = Duration::from_secs(3);
/// How often success is written down.
const NOTE: Duration = Duration::from_secs(30);
/// Pause while another copy of the program reads the mailbox.
const ELSEWHERE: Duration = Duration::from_secs(10);

/// What outlives a line that broke.
#[derive(Default)]
struct Memory {
    failures: u32,
    refusals: Refusals,
    comparison: Comparison,
}

pub(super) async fn watch(app: App, mailbox: Model, stop: CancellationToken) {
    let mut memory = Memory::default();
    while !stop.is_cancelled() {
        // Boxed: the states of a whole turn are large, and a task is moved when it starts.
        let turn = Box::pin(take_turn(&app, &mailbox, &stop, &mut memory));
        let pause = match turn.await {
            Ok(()) => ELSEWHERE,
            Err(error) => {
                memory.failures += 1;
                note_failure(&app, &mailbox, &error, memory.failures).await;
                retry::mailbox_pause(memory.failures, rand::random())
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    if let Err(error) = actions::mailbox::release(&app.desk, mailbox.id, app.process).await {
        tracing::warn!(mailbox = %mailbox.id, %error, "the lease of a mailbox could not be given back; it ends by itself");
    }
}

/// Reads the mailbox for as long as it goes well. `Ok` when another copy has it, or when told to stop.
async fn take_turn(
    app: &App,
    mailbox: &Model,
    stop: &CancellationToken,
    memory: &mut Memory,
) -> anyhow::Result<()> {
    if !lease(app, mailbox).await? {
        return Ok(());
    }
    tokio::select! {
        ended = read(app, mailbox, stop, memory) => ended,
        lost = hold(app, mailbox) => lost,
        // Whatever is dropped here half way was not committed, and is begun again at the next start.
        () = told_to_stop(stop) => Ok(()),
    }
}

/// A server that is silent just now must not hold the whole program up.
async fn told_to_stop(stop: &CancellationToken) {
    stop.cancelled().await;
    tokio::time::sleep(LAST_STEP).await;
}

/// Renews the lease while the mailbox is being read, however long a single step takes; ends when it is lost.
async fn hold(app: &App, mailbox: &Model) -> anyhow::Result<()> {
    loop {
        tokio::time::sleep(RENEW).await;
        if !lease(app, mailbox).await? {
            return Ok(());
        }
    }
}

async fn read(
    app: &App,
    mailbox: &Model,
    stop: &CancellationToken,
    memory: &mut Memory,
) -> anyhow::Result<()> {
    // What an earlier run left in the ledger does not need the server.
    intake::handle_pending(app, mailbox).await?;
    let mut source = Source::open(app, mailbox).await?;
    let mut noted = None;
    while !stop.is_cancelled() {
        // While one chunk is being handled the next is being brought.
        let (brought, handled) = tokio::join!(
            source.bring(app, mailbox, &mut memory.refusals),
            intake::handle_pending(app, mailbox)
        );
        let more = brought?;
        handled?;
        if !more {
            intake::handle_pending(app, mailbox).await?;
        }
        source.file(app, mailbox).await?;
        // Something has come, or nothing waits: what went wrong before is over. A row of mails that cannot be had would else be
        // waited for longer and longer, each of them.
        memory.failures = 0;
        // A local folder is looked at twice a second: that it went well is not worth a write each time. A long backlog goes
        // well, too.
        if noted.is_none_or(|at: Instant| at.elapsed() > NOTE) {
            actions::mailbox::succeeded(&app.desk, mailbox.id, app.clock.now()).await?;
            noted = Some(Instant::now());
        }
        if more {
            continue;
        }
        if source.compare(app, mailbox, &mut memory.comparison).await? {
            intake::handle_pending(app, mailbox).await?;
        }
        source.wait(Duration::from_secs(app.config.mail.poll_seconds), stop).await?;
    }
    source.close().await;
    Ok(())
}

async fn lease(app: &App, mailbox: &Model) -> anyhow::Result<bool> {
    Ok(actions::mailbox::lease(&app.desk, mailbox.id, app.process, app.clock.now()).await?)
}

async fn note_failure(app: &App, mailbox: &Model, error: &anyhow::Error, failures: u32) {
    metrics::counter!("riscontro_mailbox_failures_total").increment(1);
    let cause = error.downcast_ref::<ImapError>();
    let refused =
        cause.is_some_and(|cause| matches!(cause, ImapError::Credentials { .. } | ImapError::Token { .. }));
    // The first of a row is news, the hundredth is not.
    if failures == 1 {
        tracing::warn!(mailbox = %mailbox.id, error = %error.root_cause(), "a mailbox cannot be read; it is tried again until it can");
    } else {
        tracing::debug!(mailbox = %mailbox.id, failures, error = %error.root_cause(), "a mailbox still cannot be read");
    }
    if let Err(error) =
        actions::mailbox::failed(&app.desk, mailbox, app.clock.now(), &format!("{error:#}"), refused).await
    {
        tracing::error!(mailbox = %mailbox.id, %error, "the failure of a mailbox could not be written down");
    }
}
