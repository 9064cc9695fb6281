//! Passwords and sessions.

use axum::{
    body::Body,
    http::{Request, header},
};
use chrono::Duration;

use crate::support::app::TestApp;

#[tokio::test]
async fn wrong_passwords_are_answered_alike_and_then_made_to_wait() {
    let app = TestApp::start().await;
    app.administrator().await;
    let mut thief = app.browser();
    let unknown = thief.post("/desk/login", &[("login", "nessuno"), ("password", "sbagliata-davvero")]).await;
    let wrong = thief.post("/desk/login", &[("login", "admin"), ("password", "sbagliata-davvero")]).await;
    assert_eq!(
        (unknown.status, unknown.words().replace("nessuno", "")),
        (wrong.status, wrong.words().replace("admin", ""))
    );
    for _ in 0..5 {
        thief.post("/desk/login", &[("login", "admin"), ("password", "sbagliata-davvero")]).await;
    }
    let waits =
        thief.post("/desk/login", &[("login", "admin"), ("password", "cavallo batteria graffetta")]).await;
    assert_eq!(waits.status, 429, "the right password waits, too: {}", waits.words());
    app.pass(Duration::minutes(16));
    assert_eq!(
        thief
            .post("/desk/login", &[("login", "admin"), ("password", "cavallo batteria graffetta")])
            .await
            .status,
        303
    );
}

#[tokio::test]
async fn a_session_ends_by_signing_out_by_time_and_by_a_new_password() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let mut copy = desk.clone();
    assert_eq!(copy.get("/desk/queue").await.status, 200);
    desk.post("/desk/logout", &[]).await;
    assert_eq!(
        copy.get("/desk/queue").await.status,
        303,
        "a copied cookie is worth nothing after signing out"
    );
    let mut desk = app.administrator().await;
    app.pass(Duration::hours(11));
    assert_eq!(desk.get("/desk/queue").await.status, 200, "use keeps it alive");
    app.pass(Duration::hours(11));
    assert_eq!(desk.get("/desk/queue").await.status, 200);
    app.pass(Duration::hours(13));
    assert_eq!(desk.get("/desk/queue").await.status, 303);
}

#[tokio::test]
async fn the_session_cookie_is_out_of_reach() {
    let app = TestApp::start_with(|config| config.server.public_url = "https://reclami.example".into()).await;
    let mut browser = app.browser();
    let form = format!("login=admin&password={}", app.one_time_password());
    let request = Request::post("/desk/login")
        .header(header::HOST, "reclami.example")
        .header("origin", "https://reclami.example")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form))
        .unwrap();
    let answer = browser.receive(request).await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    for part in ["__Host-", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
}
