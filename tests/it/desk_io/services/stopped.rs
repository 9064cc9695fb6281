//! A service that IO refuses: everybody hears of it, and what mends it starts it again.

use chrono::Duration;
use riscontro::{
    stand_in::{Clock, Door, Fault, ready},
    worker::io_services::{Told, watch},
};

use super::{HERE, SERVICES, done, house, io_beside, says};
use crate::support::{app::TestApp, io::Io};

const REFUSED: &str = "You are not allowed here";

impl TestApp {
    /// IO refuses the service as a whole.
    async fn io_stops(&self, io: &Io) {
        self.io_notification(io, ready::ON).await.unwrap();
        io.stand_in.plan(Door::Profiles, 1, Fault::Problem(403, REFUSED.to_owned()));
        self.io_passes(io, Duration::seconds(11)).await;
        assert!(self.io_row(io.service).await.stopped.is_some());
    }
}

#[tokio::test]
async fn a_stopped_service_is_spoken_of_on_every_page_and_administrators_get_the_way() {
    let (app, io, mut admin) = house().await;
    let mut giulia = app.operator().await;
    let mut theirs = app.stranger().await;
    assert!(!giulia.get("/desk/queue").await.words().contains("Servizio IO"));
    app.io_stops(&io).await;
    let banner = "Servizio IO «Segnalazioni, suggerimenti e reclami»: l’invio è fermo. IO non ammette questa chiamata.";
    let way = format!("{SERVICES}/{}", io.service);
    for path in ["/desk/queue", "/desk/taxpayers", "/desk/io"] {
        let page = giulia.get(path).await;
        says(&page, &[banner, "gli aggiornamenti al massimo un giorno"]);
        assert!(page.links("/desk/admin").is_empty(), "{path}");
        assert_eq!(admin.get(path).await.links(&way).len(), 1, "{path}");
        assert!(!theirs.get(path).await.words().contains("l’invio è fermo"), "{path}");
    }
    // Its own pages say it once, with the button.
    for page in [HERE, &way] {
        let words = admin.get(page).await.words();
        assert_eq!(words.matches("IO non ammette questa chiamata.").count(), 1, "{page}: {words}");
    }
    // Nobody waits for a service that is switched off.
    let version = admin.get(&way).await.field("version");
    assert_eq!(done(&admin.post(&format!("{way}/test"), &[("version", &version)]).await), "sending");
    assert!(!giulia.get("/desk/queue").await.words().contains("l’invio è fermo"));
}

#[tokio::test]
async fn of_many_stopped_services_only_the_names_are_told() {
    let app = TestApp::start().await;
    let mut giulia = app.operator().await;
    for name in ["Centri di raccolta", "Compostaggio domestico", "Pulizia delle strade"] {
        app.io_service(name, |row| row.stopped = Some("IO non lo permette.".to_owned())).await;
    }
    let page = giulia.get("/desk/queue").await;
    says(
        &page,
        &[
            "L’invio di questi servizi IO è fermo: Centri di raccolta, Compostaggio domestico, Pulizia delle strade.",
        ],
    );
    assert!(!page.words().contains("IO non lo permette."));
}

#[tokio::test]
async fn a_stopped_service_is_a_figure_and_stands_in_the_log_once() {
    let (app, io, _) = house().await;
    let mut told = Told::default();
    watch(&app.app, &mut told).await.unwrap();
    assert!(told.services().is_empty());
    app.io_stops(&io).await;
    for _ in 0..2 {
        watch(&app.app, &mut told).await.unwrap();
        assert_eq!(told.services(), [io.service], "said, and not again");
    }
    assert!(app.browser().get("/metrics").await.body.contains("riscontro_io_services_stopped "));
    app.io_passes(&io, Duration::minutes(16)).await;
    watch(&app.app, &mut told).await.unwrap();
    assert!(told.services().is_empty(), "should it stop again, it is said again");
}

#[tokio::test]
async fn another_address_or_another_key_starts_a_stopped_service() {
    let (app, io, mut admin) = house().await;
    app.io_stops(&io).await;
    let settings = |version: String, base: String, key: &'static str| {
        let fields = [
            ("version", version),
            ("base_url", base),
            ("manage_key", key.to_owned()),
            ("undo_seconds", "10".to_owned()),
        ];
        let mut admin = admin.clone();
        async move {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!(done(&admin.post(HERE, &fields).await), "settings");
        }
    };
    settings("1".to_owned(), io.base_url.clone(), "").await;
    assert!(app.io_row(io.service).await.stopped.is_some(), "nothing about the line has changed");
    settings("2".to_owned(), io.base_url.replace("/v1", "/v2"), "").await;
    assert!(app.io_row(io.service).await.stopped.is_none());

    settings("3".to_owned(), io.base_url.clone(), "").await;
    io.stand_in.plan(Door::Profiles, 1, Fault::Problem(403, REFUSED.to_owned()));
    app.io_passes(&io, Duration::seconds(1)).await;
    assert!(app.io_row(io.service).await.stopped.is_some());
    let version = app.io_row(io.service).await.version.to_string();
    let other = [("act", "use"), ("version", version.as_str()), ("which", "secondary")];
    assert_eq!(done(&admin.post(&format!("{SERVICES}/{}/keys", io.service), &other).await), "key_chosen");
    let row = app.io_row(io.service).await;
    assert_eq!((row.stopped, row.stopped_until), (None, None));
}

#[tokio::test]
async fn a_key_of_a_service_is_not_kept_as_the_one_that_manages() {
    let (app, io, mut admin) = house().await;
    let fields = [
        ("version", "1"),
        ("base_url", io.base_url.as_str()),
        ("manage_key", ready::USE_KEYS[1]),
        ("undo_seconds", "10"),
    ];
    let page = admin.post(HERE, &fields).await;
    assert_eq!(page.status, 422);
    says(&page, &["È la chiave d’uso di un servizio: qui serve la chiave di gestione dell’ente."]);
    assert!(!page.body.contains(ready::USE_KEYS[1]));
    assert!(io.stand_in.calls().is_empty(), "that can be seen here");
    assert!(app.io_row(io.service).await.primary_key.is_some());
}

#[tokio::test]
async fn keys_do_not_follow_an_address_to_another_server() {
    let (app, io, mut admin) = house().await;
    let (theirs, base_url) = io_beside(Clock::held(app.now())).await;
    let fields = |key: &'static str| {
        [
            ("version", "1".to_owned()),
            ("base_url", base_url.clone()),
            ("manage_key", key.to_owned()),
            ("undo_seconds", "10".to_owned()),
        ]
    };
    let send = |key: &'static str, test: &'static str| {
        let mut admin = admin.clone();
        let fields = fields(key);
        async move {
            let mut fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            fields.push(("test", test));
            admin.post(HERE, &fields).await
        }
    };
    for test in ["on", ""] {
        let page = send("", test).await;
        says(&page, &["L’indirizzo è cambiato: scrivi di nuovo la chiave di gestione."]);
    }
    assert!(theirs.calls().is_empty(), "the kept key stays at home");
    assert_eq!(app.io_row(io.service).await.version, 0, "nothing has happened");
    app.io_notification(&io, ready::ON).await.unwrap();
    assert_eq!(done(&send("una-chiave-qualunque", "").await), "settings");
    let row = app.io_row(io.service).await;
    assert!(row.primary_key.is_none() && row.secondary_key.is_none() && !row.sends);
    app.io_passes(&io, Duration::minutes(5)).await;
    assert!(theirs.calls().is_empty() && io.stand_in.messages().is_empty());
    says(&admin.get(HERE).await, &["spento", "Una notifica aspetta in coda"]);
}
