//! Reviews at IO take days and tell nobody that they are over ("Guida tecnica", Service Review): services with the reviewers, and
//! approved ones that are not published yet, are asked after every hour.

use std::time::Duration;

use anyhow::Result;
use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use crate::{
    actions::Cx,
    app::{
        App,
        io_services::{Trouble, manager_words},
    },
    store,
};

/// How often somebody looks whether a service is due. A restart must not put it off for long.
const LOOK: Duration = Duration::from_mins(5);
/// How long the answer about a service is good.
const GOOD: TimeDelta = TimeDelta::hours(1);
/// Services that are asked after in one look: each costs two calls of the budget that notifications live on.
const ROUND: u64 = 20;

/// A task of its own: IO may take its time.
pub(super) async fn run(app: App, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        if let Err(error) = look_after(&app).await {
            tracing::warn!(%error, "services under review could not be asked after");
        }
    }
}

/// Asks IO about each service that is due.
pub async fn look_after(app: &App) -> Result<()> {
    let now = app.clock.now();
    for row in store::io_service::under_review(&app.desk.db.read, now - GOOD, ROUND).await? {
        let cx = Cx::system(row.organisation_id, now);
        let words = match app.io_refresh(&cx, &row).await {
            Ok(()) => continue,
            Err(Trouble::Desk(error)) => return Err(error.into()),
            Err(Trouble::Io(failure)) => manager_words(&failure),
            Err(_) => "there is no key that manages".to_owned(),
        };
        tracing::info!(service = %row.id, words, "IO did not say where a service stands; it is asked again in an hour");
        crate::actions::io::service::asked_in_vain(&app.desk, &cx, row.id).await?;
    }
    Ok(())
}
