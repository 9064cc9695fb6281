//! What machines ask.

use crate::support::{app::TestApp, letter::letter};

#[tokio::test]
async fn machines_are_told_how_the_house_is() {
    let app = TestApp::start().await;
    let mut probe = app.browser();
    assert_eq!(probe.get("/healthz").await.status, 200);
    assert_eq!(probe.get("/readyz").await.status, 200);
    app.mail_in(letter("anna@libero.example", "uno").raw()).await;
    let metrics = probe.get("/metrics").await;
    assert!(metrics.body.contains("riscontro_mails_total{outcome=\"opened\"}"), "{}", metrics.body);
    assert!(!metrics.body.contains("libero.example"));
}
