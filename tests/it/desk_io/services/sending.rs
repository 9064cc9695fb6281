//! Whether a service sends, to whom, and what waits meanwhile.

use chrono::Duration;
use entity::io_service::Codes;
use riscontro::{
    actions::io::message::{self, Written},
    domain::io::message::{Typed, read},
    stand_in::{Door, Fault, ready},
};
use uuid::Uuid;

use super::{HERE, SERVICES, done, house, says};
use crate::support::{app::TestApp, io::Io};

const BODY: &str =
    "La tua segnalazione 2026/000123 del 2 marzo è stata presa in carico: la squadra passa entro venerdì.";

impl TestApp {
    /// A notification waits to be sent.
    pub(super) async fn io_notification(
        &self,
        io: &Io,
        code: &str,
    ) -> riscontro::actions::Result<entity::io_message::Model> {
        let typed = Typed {
            recipient: code,
            subject: "La tua segnalazione è stata presa in carico",
            body: BODY,
            ..Typed::default()
        };
        let message = read(&typed).unwrap();
        let written = Written {
            token: Uuid::now_v7(),
            service: io.service,
            message,
            work_order: None,
            taxpayer: None,
            follows: None,
            remind_days: None,
            attach: None,
        };
        message::write(&self.app.desk, &self.cx(), &written).await
    }
}

#[tokio::test]
async fn a_trial_reaches_only_those_who_take_part_in_it() {
    let (app, io, mut admin) = house().await;
    let path = format!("{SERVICES}/{}", io.service);
    let version = admin.get(&path).await.field("version");
    let trial = |codes: &'static str| {
        [("version", version.as_str()), ("sends", "on"), ("trial", "on"), ("test_codes", codes)]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
    };
    for (codes, words) in [
        ("", "Scrivi almeno un codice fiscale"),
        ("VRDNNA80A41A000P\nRossi", "Riga 2: Il codice ha 5 caratteri"),
        ("01234567897", "di un'impresa o di un ente"),
    ] {
        let fields = trial(codes);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        let page = admin.post(&format!("{path}/test"), &fields).await;
        assert_eq!(page.status, 422, "{codes}");
        says(&page, &[words]);
        assert!(codes.lines().all(|code| page.body.contains(code)), "what was typed is still there");
    }
    let fields = trial("vrd nna 80a41 a000p\n\nVRDNNA80A41A000P");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(done(&admin.post(&format!("{path}/test"), &fields).await), "sending");
    assert_eq!(app.io_row(io.service).await.test_codes, Some(Codes(vec![ready::ON.to_owned()])));
    says(&admin.get(HERE).await, &["acceso", "in prova"]);
    assert!(app.io_notification(&io, ready::ON_GERMAN).await.is_err());
    app.io_notification(&io, ready::ON).await.unwrap();
    // Whoever was late does not undo it.
    let late = admin.post(&format!("{path}/test"), &fields).await;
    assert_eq!(late.status, 409);
    says(&late, &["Qualcuno ha cambiato il servizio intanto", "vale quello che c’è nel modulo"]);
    assert!(late.body.contains("vrd nna 80a41"), "what was typed is still there");
}

#[tokio::test]
async fn what_waits_while_a_service_is_off_is_counted_and_leaves_when_it_is_on() {
    let (app, io, mut admin) = house().await;
    let path = format!("{SERVICES}/{}", io.service);
    app.io_notification(&io, ready::ON).await.unwrap();
    app.io_notification(&io, ready::ON_GERMAN).await.unwrap();
    let version = admin.get(&path).await.field("version");
    assert_eq!(done(&admin.post(&format!("{path}/test"), &[("version", &version)]).await), "sending");
    for page in [&path, HERE] {
        says(&admin.get(page).await, &["spento", "2 notifiche aspettano in coda"]);
    }
    app.io_passes(&io, Duration::hours(1)).await;
    assert!(io.stand_in.messages().is_empty());
    let version = admin.get(&path).await.field("version");
    let on = [("version", version.as_str()), ("sends", "on")];
    assert_eq!(done(&admin.post(&format!("{path}/test"), &on).await), "sending");
    app.io_passes(&io, Duration::minutes(1)).await;
    assert_eq!(io.stand_in.messages().len(), 2);
}

#[tokio::test]
async fn a_service_without_a_key_cannot_be_switched_on() {
    let (app, _io, mut admin) = house().await;
    let id = app
        .io_service("Senza chiave", |row| {
            (row.primary_key, row.secondary_key, row.sends) = (None, None, false);
        })
        .await;
    let page = admin.post(&format!("{SERVICES}/{id}/test"), &[("version", "0"), ("sends", "on")]).await;
    assert_eq!(page.status, 422);
    says(&page, &["Manca la chiave con cui si invia"]);
    assert!(!app.io_row(id).await.sends);
}

#[tokio::test]
async fn what_io_stopped_goes_on_when_an_administrator_says_that_it_is_mended() {
    let (app, io, mut admin) = house().await;
    app.io_notification(&io, ready::ON).await.unwrap();
    io.stand_in.plan(Door::Profiles, 1, Fault::Problem(403, "You are not allowed here".to_owned()));
    app.io_passes(&io, Duration::seconds(11)).await;
    let page = admin.get(HERE).await;
    says(&page, &["fermo", "la chiave è di un altro tipo", "Una notifica aspetta in coda", "Riprova ora"]);
    app.io_passes(&io, Duration::minutes(5)).await;
    assert!(io.stand_in.messages().is_empty(), "it rests");
    assert_eq!(done(&admin.post(&format!("{SERVICES}/{}/resume", io.service), &[]).await), "resumed");
    let woken =
        tokio::time::timeout(std::time::Duration::from_secs(5), app.app.desk.wake.io.notified()).await;
    assert!(woken.is_ok(), "the porter is woken");
    app.io_passes(&io, Duration::seconds(1)).await;
    assert_eq!(io.stand_in.messages().len(), 1);
    assert!(app.io_row(io.service).await.stopped.is_none());
}
