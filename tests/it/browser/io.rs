//! An operator writes on IO, in a real browser.

use chrono::Duration;
use riscontro::{
    actions::io::{form::Form, form::taken, message},
    domain::io::message::Typed,
    stand_in::{Citizen, ready},
};
use uuid::Uuid;

use super::{chromium, run, world};
use crate::support::{app::TestApp, io::Io};

/// The house of every day, with IO beside it and a notification that has arrived.
async fn house() -> (TestApp, Io) {
    let app = world().await;
    let io = app.io().await;
    io.stand_in.citizen("RCCMNL83S18D969H", Citizen::default());
    let buttons = [("Vai alla segnalazione", "https://ente.example/123")];
    let form = Form {
        token: Uuid::now_v7(),
        service: Some(io.service),
        typed: Typed {
            recipient: ready::ON,
            subject: "Il ritiro dei rifiuti ingombranti è confermato",
            body: "Il ritiro che hai chiesto è confermato per giovedì 5 marzo, dalle 7 alle 12.\n\nLascia i rifiuti sul marciapiede la sera prima.",
            buttons: &buttons,
            ..Typed::default()
        },
        sure: "",
        remind_days: "",
        work_order: None,
        taxpayer: None,
        corrects: None,
        attach: None,
    };
    let written = taken(&app.app.desk.db.read, &app.cx(), &form).await.unwrap();
    message::write(&app.app.desk, &app.cx(), &written).await.unwrap();
    app.io_passes(&io, Duration::seconds(10)).await;
    app.io_passes(&io, Duration::seconds(10)).await;
    (app, io)
}

/// What was written in the browser leaves: one notification and the one of the batch. The reminder waits for its day.
async fn both_have_left(app: &TestApp, io: &Io) {
    app.io_passes(io, Duration::seconds(10)).await;
    let titles: Vec<_> =
        io.stand_in.messages().into_iter().map(|message| message.content["subject"].clone()).collect();
    assert_eq!(titles.len(), 3, "{titles:?}");
    assert!(titles.iter().any(|title| title == "La tua segnalazione è stata presa in carico"), "{titles:?}");
    assert!(titles.iter().any(|title| title == "La tua richiesta 2026/000001 va avanti"), "{titles:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_writes_on_io() {
    let Some(chromium) = chromium() else { return };
    let (app, io) = house().await;
    run("io.mjs", &chromium, &app, &[("JAVASCRIPT", "on")]).await;
    both_have_left(&app, &io).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_writes_on_io_without_javascript() {
    let Some(chromium) = chromium() else { return };
    let (app, io) = house().await;
    run("io.mjs", &chromium, &app, &[("JAVASCRIPT", "off")]).await;
    both_have_left(&app, &io).await;
}
