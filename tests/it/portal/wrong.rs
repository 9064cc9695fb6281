//! What citizens are told when a page cannot be had: in their language, in the portal's frame, with the way back.

use axum::{
    body::Body,
    http::{Request, header},
};

use crate::support::{
    app::TestApp,
    browser::{Browser, Page},
};

/// Words for operators and for who runs the program.
const FOREIGN_WORDS: [&str; 5] =
    ["server.public_url", "Vai alla coda", "/desk", "Riscontro", "coda di lavoro"];

async fn from_elsewhere(browser: &mut Browser, path: &str) -> Page {
    let request = Request::post(path)
        .header(header::HOST, "localhost:8080")
        .header(header::ORIGIN, "https://altrove.example")
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    browser.receive(request.body(Body::from("text=x")).unwrap()).await
}

fn speaks_to_citizens(page: &Page, words: &str) {
    assert!(page.words().contains(words), "{words}: {}", page.words());
    assert!(page.body.contains("site-header"), "the portal's frame: {}", page.body);
    for foreign in FOREIGN_WORDS {
        assert!(!page.body.contains(foreign), "{foreign}: {}", page.body);
    }
    assert!(page.headers.contains_key("content-security-policy"));
    assert_eq!(page.headers["referrer-policy"], "strict-origin");
}

#[tokio::test]
async fn a_form_from_another_site_is_refused_in_the_citizens_language_with_the_way_back() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", "anna@libero.example")]).await;
    let mut browser = app.browser();
    for (language, words) in [
        ("it", "Richiesta fermata per sicurezza"),
        ("en", "Request stopped for safety"),
        ("de", "Anfrage aus Sicherheitsgründen angehalten"),
    ] {
        let page = from_elsewhere(&mut browser, &format!("{}/contesta?lang={language}", held.here)).await;
        assert_eq!(page.status, 403);
        speaks_to_citizens(&page, words);
        let back = format!("{}/contesta", held.here);
        assert!(page.links("/contesta").contains(&back), "the way back: {:?}", page.links("/contesta"));
        assert_eq!(browser.get(&back).await.location, Some(held.here.clone()));
    }
    let desk = from_elsewhere(&mut browser, "/desk/login").await;
    assert!(desk.words().contains("server.public_url"), "operators are told: {}", desk.words());
}

#[tokio::test]
async fn every_refusal_speaks_to_citizens() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let mut browser = app.browser();
    for nowhere in ["/sportello/ente/niente/di/niente", "/sportello/nessuno", "/sportello/ente/allegati"] {
        let page = browser.get(&format!("{nowhere}?lang=de")).await;
        assert_eq!(page.status, 404, "{nowhere}");
        speaks_to_citizens(&page, "Seite nicht gefunden");
    }
    let long = "x".repeat(3 << 20);
    let page = browser.post("/sportello/ente/segui?lang=en", &[("number", &long)]).await;
    assert_eq!(page.status, 413);
    speaks_to_citizens(&page, "Go back to the page");
    for _ in 0..40 {
        browser.post("/sportello/ente/segui", &[("number", "2026/000001"), ("code", "x")]).await;
    }
    let page = browser.post("/sportello/ente/segui?lang=de", &[("number", "1"), ("code", "x")]).await;
    assert_eq!(page.status, 429);
    speaks_to_citizens(&page, "Einen Moment bitte");
}
