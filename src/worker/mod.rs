//! The porter: carries letters in and out on a timetable. It decides nothing; the desk does.
//!
//! Each mailbox has a task of its own, so that a slow or broken one delays no other. Everything stops at the next safe
//! place when `stop` is cancelled; whatever is killed harder is taken up again from the ledger and the outbox.

pub mod care;
pub mod deliver;
pub mod errand;
pub mod import;
pub mod intake;
pub mod io;
pub mod io_services;
mod lines;
mod mailbox;
mod mailboxes;
mod source;
mod timers;

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::app::App;

/// Starts all of the porter's work; wait for the tracker after cancelling `stop`.
#[must_use]
pub fn start(app: &App, stop: &CancellationToken) -> TaskTracker {
    let tracker = TaskTracker::new();
    tracker.spawn(mailboxes::watch_all(app.clone(), stop.clone()));
    if app.config.delivery.concurrency > 0 {
        tracker.spawn(deliver::run(app.clone(), stop.clone()));
        tracker.spawn(errand::run(app.clone(), stop.clone()));
    }
    if app.config.io.concurrency > 0 {
        tracker.spawn(io::run(app.clone(), stop.clone()));
        tracker.spawn(io_services::run(app.clone(), stop.clone()));
    }
    tracker.spawn(timers::run(app.clone(), stop.clone()));
    tracker.spawn(care::run(app.clone(), stop.clone()));
    tracker.close();
    tracker
}
