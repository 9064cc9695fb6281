//! How citizens are told of progress, in a real browser.

use chrono::Duration;
use riscontro::{stand_in::Citizen, worker};

use super::{chromium, run, world};
use crate::support::{app::TestApp, io::Io};

/// The house of every day, with IO beside it; who wrote 2026/000001 is there.
async fn house() -> (TestApp, Io) {
    let app = world().await;
    let io = app.io().await;
    io.stand_in.citizen("RCCMNL83S18D969H", Citizen::default());
    (app, io)
}

/// What was told in the browser arrives, once.
async fn it_was_told(app: &TestApp, io: &Io) {
    worker::io::carry_due(&app.app).await.unwrap();
    let messages = io.stand_in.messages();
    assert_eq!(messages.len(), 1, "{messages:?}");
    let words = messages[0].content["markdown"].as_str().unwrap();
    assert!(words.contains("Dove: Via Solferino 12"), "{words}");
    app.io_passes(io, Duration::seconds(15)).await;
    assert!(app.letters_out().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn citizens_are_told_of_progress() {
    let Some(chromium) = chromium() else { return };
    let (app, io) = house().await;
    run("updates.mjs", &chromium, &app, &[("JAVASCRIPT", "on")]).await;
    it_was_told(&app, &io).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn citizens_are_told_of_progress_without_javascript() {
    let Some(chromium) = chromium() else { return };
    let (app, io) = house().await;
    run("updates.mjs", &chromium, &app, &[("JAVASCRIPT", "off")]).await;
    it_was_told(&app, &io).await;
}
