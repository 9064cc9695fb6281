//! The public pages of the portal: who finds them, in which language, and what is in them.

use axum::{
    body::Body,
    http::{Request, header},
};
use entity::{language::Language, public_text, publication};
use riscontro::store;

use crate::support::{
    app::TestApp,
    browser::{Browser, Page},
};

const HOSTILE: &str = "# Titolo\n\n<script>alert(1)</script> <img src=x onerror=alert(2)> [a](javascript:alert(3))\n\n## Fine\n";

async fn asked(browser: &mut Browser, path: &str, headers: &[(&str, &str)]) -> Page {
    let mut request = Request::get(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header(header::HOST, "localhost:8080");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    browser.receive(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_closed_portal_is_nowhere_but_for_its_operators() {
    let app = TestApp::start().await;
    let mut citizen = app.browser();
    for path in ["/sportello", "/sportello/ente", "/sportello/ente/disruption", "/sportello/ente/avvisi.atom"]
    {
        let page = citizen.get(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.words().contains("Pagina non trovata"), "in the portal's own frame: {}", page.words());
        assert!(!page.body.contains("/desk/"), "{path} does not lead citizens to the desk");
    }
    let mut operator = app.administrator().await;
    let page = operator.get("/sportello/ente").await;
    assert_eq!(page.status, 200);
    assert!(page.words().contains("Anteprima: lo sportello è chiuso"), "{}", page.words());
    let mut stranger = app.stranger().await;
    assert_eq!(stranger.get("/sportello/ente").await.status, 404, "another organisation's operator");
    let follows = citizen.get("/sportello/ente/segui").await;
    assert_eq!(follows.status, 200, "who wrote while it was open keeps following");
    app.open_portal(|_| {}).await;
    let page = citizen.get("/sportello/ente").await;
    assert_eq!(page.status, 200);
    assert!(!page.words().contains("Anteprima"));
    assert_eq!(
        citizen.get("/sportello").await.location.as_deref(),
        Some("http://127.0.0.1:8080/sportello/ente")
    );
}

#[tokio::test]
async fn every_public_page_speaks_three_languages_and_leads_on() {
    let app = TestApp::start().await;
    app.open_portal(|portal| portal.phone = "800 123 456".into()).await;
    let mut citizen = app.browser();
    for (path, titles) in [
        ("", ["Che cosa vuoi fare?", "What would you like to do?", "Was möchten Sie tun?"]),
        ("/segui", ["Segui una richiesta", "Follow a request", "Anfrage verfolgen"]),
        ("/avvisi", ["Avvisi sul servizio", "Service notices", "Mitteilungen zum Dienst"]),
        ("/privacy", ["Informativa privacy", "Privacy notice", "Datenschutzhinweis"]),
        (
            "/accessibilita",
            ["Dichiarazione di accessibilità", "Accessibility statement", "Erklärung zur Barrierefreiheit"],
        ),
        ("/note-legali", ["Note legali", "Legal notes", "Rechtliche Hinweise"]),
        ("/contatti", ["Contatti", "Contacts", "Kontakte"]),
        ("/servizi/disruption", ["A chi è rivolto", "Who it is for", "Für wen"]),
        ("/servizi/nessuno", ["Pagina non trovata", "Page not found", "Seite nicht gefunden"]),
    ] {
        for (lang, title) in ["it", "en", "de"].into_iter().zip(titles) {
            let page = citizen.get(&format!("/sportello/ente{path}?lang={lang}")).await;
            assert_eq!(page.status, if path == "/servizi/nessuno" { 404 } else { 200 }, "{path} {lang}");
            assert!(page.words().contains(title), "{path} {lang}: {}", page.words());
            assert!(page.body.contains(&format!("<html lang=\"{lang}\"")));
            assert!(page.words().contains("800 123 456"), "the telephone is always there");
            assert!(!page.body.contains("style="), "no inline style");
            for hook in ["privacy-policy-link", "accessibility-link", "legal-notes", "contacts"] {
                assert!(page.body.contains(&format!("data-element=\"{hook}\"")), "{path}: {hook}");
            }
        }
    }
    let card = citizen.get("/sportello/ente/servizi/disruption?lang=it").await;
    for hook in
        ["service-title", "service-description", "service-how-to", "service-needed", "service-addressed"]
    {
        assert!(card.body.contains(&format!("data-element=\"{hook}\"")), "{hook}");
    }
    assert!(card.words().contains("5 giorni lavorativi"), "the limit is the kind's: {}", card.words());
}

#[tokio::test]
async fn the_language_is_the_one_that_was_chosen_or_the_browsers() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let mut citizen = app.browser();
    let page =
        asked(&mut citizen, "/sportello/ente", &[("accept-language", "fr, de-IT;q=0.8, en;q=0.5")]).await;
    assert!(page.body.contains("<html lang=\"de\""));
    assert!(citizen.cookie().is_none(), "nothing is kept of whoever chose nothing");
    let page = citizen.get("/sportello/ente/segui?x=1&lang=en").await;
    assert!(page.body.contains("<html lang=\"en\""));
    assert!(page.links("lang=de").contains(&"/sportello/ente/segui?x=1&lang=de".to_owned()));
    let page = citizen.get("/sportello/ente").await;
    assert!(page.body.contains("<html lang=\"en\""), "it is remembered");
    assert!(citizen.get("/sportello/ente?lang=xx").await.body.contains("<html lang=\"en\""));
}

/// A report that an operator has put before everybody.
pub(super) async fn published(app: &TestApp, title: &str) {
    let row = publication::Model {
        work_order_id: app.report(&[]).await.order,
        organisation_id: app.organisation(),
        title: title.to_owned(),
        text: String::new(),
        address: "Via Solferino".to_owned(),
        latitude: Some(45.5392),
        longitude: Some(10.2206),
        author_id: None,
        published_at: app.now(),
    };
    let tx = app.app.desk.db.begin().await.unwrap();
    store::publication::put(&tx, row).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_organisation_has_a_host_of_its_own() {
    let app = TestApp::start().await;
    app.open_portal(|portal| portal.host = Some("sportello.ente.example".into())).await;
    let mut citizen = app.browser();
    let own = [("host", "Sportello.Ente.example")];
    let home = asked(&mut citizen, "/", &own).await;
    assert_eq!(home.status, 200);
    assert!(home.words().contains("Che cosa vuoi fare?"));
    assert!(home.links("/sportello/segui").contains(&"/sportello/segui".to_owned()), "no name in its links");
    assert!(home.links("/sportello/ente").is_empty(), "{:?}", home.links("/sportello/ente"));
    assert_eq!(asked(&mut citizen, "/sportello/segui?lang=it", &own).await.status, 200);
    assert_eq!(asked(&mut citizen, "/sportello", &own).await.status, 200);
    assert_eq!(asked(&mut citizen, "/sportello/ente", &own).await.status, 404, "a host is one portal");
    let theme = home.links("tema.css").remove(0);
    assert!(theme.starts_with("/sportello/tema.css?v="), "{theme}");
    assert_eq!(asked(&mut citizen, &theme, &own).await.status, 200);

    for nowhere in ["/niente", "/disruption/1", "/sportello/niente/di/niente", "/sportelloni?lang=it"] {
        let page = asked(&mut citizen, nowhere, &own).await;
        assert_eq!(page.status, 404, "{nowhere}");
        assert!(
            page.body.contains("site-header") && page.words().contains("Pagina non trovata"),
            "{nowhere}: {}",
            page.body
        );
        assert!(page.links("/sportello/segui").contains(&"/sportello/segui".to_owned()), "{nowhere}");
        assert!(!page.body.contains("/desk"), "{nowhere}: {}", page.body);
    }
    assert!(asked(&mut citizen, "/niente", &[]).await.body.contains("/desk"), "elsewhere it is the desk's");
    assert!(asked(&mut citizen, "/desk/niente", &own).await.body.contains("/desk"), "and the desk's own");

    let forged = [("x-forwarded-host", "sportello.ente.example")];
    let desk = asked(&mut citizen, "/", &forged).await;
    assert_eq!(desk.location.as_deref(), Some("/desk/queue"), "what anybody can write decides nothing");
    assert_eq!(asked(&mut citizen, "/", &[("host", "altro.example")]).await.status, 303);
    assert_eq!(asked(&mut citizen, "/desk/login", &own).await.status, 200, "the desk is where it was");
    let long = "a".repeat(5_000);
    for odd in ["", "\u{7f}", "[::1]", "a b", long.as_str()] {
        let Ok(value) = header::HeaderValue::from_str(odd) else { continue };
        let request =
            Request::get("/sportello/ente").header(header::HOST, value).body(Body::empty()).unwrap();
        assert!(citizen.receive(request).await.status < 500, "{odd}");
    }
}

#[tokio::test]
async fn the_colour_is_a_sheet_that_browsers_keep_until_it_changes() {
    let app = TestApp::start().await;
    app.open_portal(|portal| portal.colour = "#0b6623".into()).await;
    let mut citizen = app.browser();
    let sheet = citizen.get("/sportello/ente").await.links("tema.css").remove(0);
    assert_eq!(sheet, "/sportello/ente/tema.css?v=0b6623");
    let css = citizen.get(&sheet).await;
    assert!(css.body.starts_with(":root{--brand:#0b6623;"), "{}", css.body);
    assert_eq!(css.headers["content-type"], "text/css; charset=utf-8");
    assert!(css.headers["cache-control"].to_str().unwrap().contains("immutable"));
    assert_eq!(citizen.get("/sportello/ente").await.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn what_an_organisation_writes_is_shown_and_cannot_run() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let mut citizen = app.browser();
    let ours = citizen.get("/sportello/ente/privacy?lang=it").await;
    assert!(ours.words().contains("Da completare a cura dell’ente"), "{}", ours.words());
    for page in ["privacy", "home", "service/disruption"] {
        app.write_text(page, Language::It, HOSTILE).await;
    }
    for path in ["/privacy", "", "/servizi/disruption"] {
        let page = citizen.get(&format!("/sportello/ente{path}?lang=it")).await;
        let body = page.body.to_ascii_lowercase();
        assert!(body.contains("&lt;script&gt;alert(1)"), "shown as it was typed: {}", page.body);
        for running in ["<script>alert", "<img", "href=\"javascript"] {
            assert!(!body.contains(running), "{path}: {running}");
        }
        assert!(page.words().contains("Titolo"));
        assert_eq!(page.body.matches("<h1").count(), 1, "{path}: the page has one title");
    }
    let german = citizen.get("/sportello/ente/privacy?lang=de").await;
    assert!(german.body.contains("lang=\"it\">"), "what is only there in Italian is marked as Italian");
    app.write_text("privacy", Language::De, "Nur deutsch.").await;
    assert!(citizen.get("/sportello/ente/privacy?lang=de").await.words().contains("Nur deutsch."));
}

#[tokio::test]
async fn no_address_makes_the_portal_fail() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let mut citizen = app.browser();
    for path in [
        "/sportello/",
        "/sportello/%00",
        "/sportello/ente/%00",
        "/sportello/ente/servizi/%00",
        "/sportello/ente/avvisi/x",
        "/sportello/ente/segui/%ff%fe",
        "/sportello/ente/segui/%00",
        "/sportello/ente/conferma/x",
        "/sportello/ente/tema.css?v=%0d%0aX:%20y",
        "/sportello/ente/privacy?lang=%00",
        "/sportello/%2e%2e%2fdesk",
    ] {
        let page = citizen.get(path).await;
        assert!(page.status < 500, "{path}: {}", page.status);
        assert!(!page.body.contains("/desk/"), "{path}");
    }
    assert_eq!(citizen.get("/sportello/ente/").await.location.as_deref(), Some("/sportello/ente"));
}

impl TestApp {
    async fn write_text(&self, page: &str, language: Language, text: &str) {
        let tx = self.app.desk.db.begin().await.unwrap();
        let row = public_text::Model {
            organisation_id: self.organisation(),
            page: page.into(),
            language,
            text: text.into(),
            author_id: None,
            updated_at: self.now(),
        };
        store::public_text::put(&tx, row).await.unwrap();
        tx.commit().await.unwrap();
    }
}
