//! Services on IO that need a look by the clock. Reviews take days and tell nobody that they are over ("Guida tecnica", Service
//! Review): services with the reviewers, and approved ones that are not published yet, are asked after every hour. And those that
//! IO refuses become a figure and a line in the log; the pages say it by themselves.

use std::{collections::BTreeSet, time::Duration};

use anyhow::Result;
use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    actions::{self, Cx},
    app::{
        App,
        io_services::{Trouble, manager_words},
    },
    store,
};

/// How often somebody looks.
const LOOK: Duration = Duration::from_mins(1);
/// How long the answer about a service is good.
const GOOD: TimeDelta = TimeDelta::hours(1);
/// Services that are asked after in one look: each costs two calls of the budget that notifications live on.
const ROUND: u64 = 4;
/// Services that are counted as refused: beyond so many the figure says only that it is bad.
const COUNTED: u64 = 10_000;

/// Services whose refusal stands in the log.
#[derive(Debug, Default)]
pub struct Told(BTreeSet<Uuid>);

impl Told {
    /// Which they are.
    #[must_use]
    pub fn services(&self) -> Vec<Uuid> {
        self.0.iter().copied().collect()
    }
}

/// A task of its own: IO may take its time.
pub(super) async fn run(app: App, stop: CancellationToken) {
    let mut told = Told::default();
    metrics::describe_gauge!(
        "riscontro_io_services_stopped",
        "services that IO refuses, counted once a minute"
    );
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        if let Err(error) = watch(&app, &mut told).await {
            tracing::warn!(%error, "it could not be read which services IO refuses");
        }
        if let Err(error) = look_after(&app).await {
            tracing::warn!(%error, "services under review could not be asked after");
        }
    }
}

/// Counts the services that IO refuses, and logs each of them once, until it works again.
pub async fn watch(app: &App, told: &mut Told) -> Result<()> {
    let stopped = store::io_service::stopped_anywhere(&app.desk.db.read, COUNTED).await?;
    let stopped: BTreeSet<Uuid> = stopped.into_iter().collect();
    for service in stopped.difference(&told.0) {
        tracing::warn!(%service, "IO refuses everything of a service: its page says why");
    }
    metrics::gauge!("riscontro_io_services_stopped").set(u32::try_from(stopped.len()).unwrap_or(u32::MAX));
    told.0 = stopped;
    Ok(())
}

/// Asks IO about each service that is due.
pub async fn look_after(app: &App) -> Result<()> {
    let now = app.clock.now();
    for row in store::io_service::under_review(&app.desk.db.read, now - GOOD, ROUND).await? {
        let cx = Cx::system(row.organisation_id, now);
        let words = match app.io_refresh(&cx, &row).await {
            Err(Trouble::Desk(error @ actions::Error::Store(_))) => return Err(error.into()),
            // Or an administrator was at it at the same moment.
            Ok(()) | Err(Trouble::Desk(_)) => continue,
            Err(Trouble::Io(failure)) => manager_words(&failure),
            Err(_) => "there is no key that manages".to_owned(),
        };
        tracing::info!(service = %row.id, words, "IO did not say where a service stands; it is asked again in an hour");
        actions::io::service::asked_in_vain(&app.desk, &cx, row.id).await?;
    }
    Ok(())
}
