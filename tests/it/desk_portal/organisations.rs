//! Several organisations on one installation.

use riscontro::{
    actions::{
        Error,
        installation::{self, Door, Start},
    },
    store,
};

use super::PORTAL;
use crate::support::app::TestApp;

#[tokio::test]
async fn a_second_organisation_has_a_portal_and_an_administrator_of_its_own() {
    let app = TestApp::start().await;
    let mail = app.data.path().join("mail/secondo");
    let start = Start {
        name: "Comune di Secondo",
        demo: false,
        mail: &mail,
        address: "reclami@secondo.example",
        login: "admin-secondo",
        password: "una-volta-sola-2026",
    };
    let add = async |start: Start<'_>, slug: &str, host: Option<&str>| {
        installation::add(&app.app.desk, app.now(), &start, &Door { slug, host }).await
    };
    for (start, slug, host, field) in [
        (start, "ente", None, "slug"),
        (start, "Secondo!", None, "slug"),
        (start, "secondo", Some("https://x"), "host"),
        (Start { name: " ", ..start }, "secondo", None, "name"),
        (Start { name: "Ente da configurare", ..start }, "secondo", None, "name"),
        (Start { login: "admin", ..start }, "secondo", None, "login"),
    ] {
        let Err(Error::Rejected(flaws)) = add(start, slug, host).await else { panic!("{field}") };
        assert_eq!(flaws[0].field, field);
    }
    assert_eq!(store::organisation::all(&app.app.desk.db.read).await.unwrap().len(), 1, "nothing by halves");
    let id = add(start, "secondo", Some("sportello.secondo.example")).await.unwrap();
    let portal = store::portal::of(&app.app.desk.db.read, id).await.unwrap().unwrap();
    assert!(!portal.open, "until somebody answers for personal data");
    let mut browser = app.browser();
    let entered =
        browser.post("/desk/login", &[("login", "admin-secondo"), ("password", "una-volta-sola-2026")]).await;
    assert_eq!(entered.status, 303);
    let change = [
        ("current", "una-volta-sola-2026"),
        ("new", "quattro parole a caso"),
        ("again", "quattro parole a caso"),
    ];
    assert_eq!(browser.post("/desk/password", &change).await.status, 303);
    let settings = browser.get(PORTAL).await;
    assert_eq!(settings.field("slug"), "secondo");
    assert_eq!(settings.field("host"), "sportello.secondo.example");
    assert!(settings.body.contains("Comune di Secondo"));
}
