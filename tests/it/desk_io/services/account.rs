//! Where IO is and with which key.

use riscontro::{
    actions::io::account,
    stand_in::{Door, Fault, ready},
};

use super::{HERE, done, house, says, with};
use crate::support::app::TestApp;

const SETTINGS: &[(&str, &str)] = &[
    ("version", "0"),
    ("base_url", "https://api.io.pagopa.it/api/v1/"),
    ("manage_key", "una-chiave-che-finisce-con-wxyz"),
    ("undo_seconds", "30"),
    ("quiet_from", "22:30"),
    ("quiet_until", "07:00"),
];

#[tokio::test]
async fn an_administrator_says_where_io_is_and_the_key_is_never_shown_again() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let blank = admin.get(HERE).await;
    assert_eq!(blank.field("base_url"), "https://api.io.pagopa.it/api/v1");
    assert_eq!(
        (blank.field("quiet_from"), blank.field("quiet_until")),
        ("21:00".to_owned(), "08:00".to_owned())
    );
    says(&blank, &["Nessun servizio", "Senza, le schede si gestiscono là"]);
    assert_eq!(done(&admin.post(HERE, SETTINGS).await), "settings");
    let page = admin.get(&format!("{HERE}?done=settings")).await;
    says(&page, &["Impostazioni di IO salvate.", "finisce con wxyz: lascia vuoto"]);
    assert!(!page.body.contains("che-finisce"), "{}", page.body);
    let stored = account::of(&app.app.desk.db.read, app.organisation()).await.unwrap();
    assert_eq!((stored.undo_seconds, stored.quiet_from, stored.quiet_until), (30, Some(1350), Some(420)));
    let sealed = stored.manage_key.unwrap();
    assert!(!String::from_utf8_lossy(&sealed).contains("chiave"));
    assert_eq!(app.app.desk.keys.open(&sealed).unwrap(), "una-chiave-che-finisce-con-wxyz");

    let without =
        with(SETTINGS, &[("version", "1"), ("manage_key", ""), ("quiet_from", ""), ("quiet_until", "")]);
    assert_eq!(done(&admin.post(HERE, &without).await), "settings");
    let stored = account::of(&app.app.desk.db.read, app.organisation()).await.unwrap();
    assert!(stored.manage_key.is_some() && stored.quiet_from.is_none());
    let late = admin.post(HERE, &without).await;
    assert_eq!(late.status, 409);
    says(&late, &["Qualcuno ha cambiato le impostazioni di IO", "vale quello che c’è nel modulo"]);
    assert_eq!(late.field("version"), "2", "pressed again, it is saved");
}

#[tokio::test]
async fn settings_that_cannot_be_are_refused_by_field() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let long = "k".repeat(201);
    for (field, value, words) in [
        ("base_url", "http://api.io.pagopa.it/api/v1", "deve cominciare con https://"),
        ("base_url", "<script>alert(1)</script>", "Scrivi l'indirizzo completo"),
        ("manage_key", &long, "troppo lunga"),
        ("undo_seconds", "601", "da 0 a 600"),
        ("undo_seconds", "tanti", "da 0 a 600"),
        ("quiet_from", "25:00", "Scrivi le ore come 21:00."),
        ("quiet_until", "", "Scrivi le ore come 21:00."),
    ] {
        let page = admin.post(HERE, &with(SETTINGS, &[(field, value)])).await;
        assert_eq!(page.status, 422, "{field}={value}");
        says(&page, &[words]);
        assert!(!page.body.contains("<script>alert") && !page.body.contains("una-chiave"), "{field}={value}");
    }
}

#[tokio::test]
async fn trap_15_a_trial_of_the_line_says_in_words_what_is_wrong() {
    let (app, io, mut admin) = house().await;
    let page = admin.get(HERE).await;
    let version = page.field("version");
    let tried = |key: &'static str, base: &str| {
        let mut admin = admin.clone();
        let (version, base) = (version.clone(), base.to_owned());
        async move {
            let changed =
                [("version", version.as_str()), ("base_url", &base), ("manage_key", key), ("test", "on")];
            let page = admin.post(HERE, &with(SETTINGS, &changed)).await;
            assert_eq!(page.status, 200, "{}", page.words());
            page
        }
    };
    says(&tried("", &io.base_url).await, &["IO risponde. L’ente ha un servizio.", "Niente è stato salvato."]);
    let typed = tried(ready::MANAGE_KEYS[0], &io.base_url).await;
    says(
        &typed,
        &["Niente è stato salvato. La chiave che hai provato va scritta di nuovo prima di salvare."],
    );
    says(&tried(ready::USE_KEYS[0], &io.base_url).await, &["Questa è la chiave d’uso di un servizio"]);
    says(&tried("nessuna", &io.base_url).await, &["IO non accetta la chiave di gestione"]);
    let elsewhere = io.base_url.replace("/v1", "/v2");
    says(&tried(ready::MANAGE_KEYS[1], &elsewhere).await, &["All'indirizzo configurato IO non risponde."]);
    io.stand_in.plan(Door::Any, 2, Fault::Problem(403, "You are not allowed here".to_owned()));
    says(
        &tried(ready::MANAGE_KEYS[0], &io.base_url).await,
        &["Le cause possibili", "un indirizzo che la scheda non autorizza"],
    );
    let stored = account::of(&app.app.desk.db.read, app.organisation()).await.unwrap();
    assert_eq!((stored.base_url, stored.version), (io.base_url.clone(), 1), "nothing was saved");
}
