//! How much one may ask for.

use serde_json::json;

use super::{ALL, base, client, key, open_portal, report};
use crate::support::app::TestApp;

#[tokio::test]
async fn a_key_spends_its_measure_and_gets_it_back() {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let base = base(&app).await;
    let other = client(&app, &ALL).await;
    let client = other.with_key(&key(&app, &ALL, 2).await.key);
    let kinds = format!("{base}/kinds");
    let first = client.get(&kinds).await;
    assert_eq!(
        (
            first.header("ratelimit-limit"),
            first.header("ratelimit-remaining"),
            first.header("ratelimit-reset")
        ),
        ("2", "1", "30")
    );
    assert_eq!(first.header("ratelimit-policy"), "\"key\";q=2;w=60");
    client.get(&kinds).await;
    let refused = client.get(&kinds).await;
    assert_eq!(refused.problem(), (429, "too-many".to_owned()));
    assert_eq!(refused.header("retry-after"), "30");
    assert_eq!(other.get(&kinds).await.status, 200, "another app has its own");
    app.pass(chrono::Duration::seconds(30));
    assert_eq!(client.get(&kinds).await.status, 200);
}

#[tokio::test]
async fn codes_that_are_asked_for_do_not_spend_what_sending_needs() {
    let app = TestApp::start_with(|config| config.portal.per_address_hour = 3).await;
    open_portal(&app).await;
    let (base, client) = (base(&app).await, client(&app, &ALL).await);
    let asking = json!({ "email": "anna@libero.example" });
    for _ in 0..3 {
        assert_eq!(client.post(&format!("{base}/citizens/codes"), &asking).await.status, 202);
    }
    let more = client.post(&format!("{base}/citizens/codes"), &asking).await;
    assert_eq!(more.problem(), (429, "too-many".to_owned()));
    let client = client.with("idempotency-key", "a");
    let sent = client.post(&format!("{base}/requests"), &report("anna@libero.example")).await;
    assert_eq!(sent.status, 201, "{}", sent.body);
}

#[tokio::test]
async fn what_is_refused_does_not_spend_the_measure_of_an_address() {
    let app = TestApp::start_with(|config| config.portal.per_address_hour = 2).await;
    open_portal(&app).await;
    let (requests, client) = (format!("{}/requests", base(&app).await), client(&app, &ALL).await);
    let mut silent = report("anna@libero.example");
    silent["answers"]["details"] = json!("");
    for n in 0..5 {
        let refused = client.with("idempotency-key", &format!("silent-{n}")).post(&requests, &silent).await;
        assert_eq!(refused.fields(), ["details"], "{}", refused.body);
    }
    for n in 0..3 {
        let client = client.with("idempotency-key", &format!("good-{n}"));
        let sent = client.post(&requests, &report("anna@libero.example")).await;
        assert_eq!(sent.status, if n < 2 { 201 } else { 429 }, "{}", sent.body);
    }
}

#[tokio::test]
async fn an_impatient_app_spends_the_measure_of_one_request() {
    let app = TestApp::start_with(|config| config.portal.per_address_hour = 1).await;
    open_portal(&app).await;
    let (requests, client) = (format!("{}/requests", base(&app).await), client(&app, &ALL).await);
    let (client, report) = (client.with("idempotency-key", "one"), report("anna@libero.example"));
    let sent = futures_util::future::join_all((0..8).map(|_| client.post(&requests, &report))).await;
    for one in &sent {
        assert_eq!((one.status, &one.body), (201, &sent[0].body));
    }
}
