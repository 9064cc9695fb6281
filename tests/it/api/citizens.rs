//! Codes, tokens, and who may not have one.

use serde_json::json;
use uuid::Uuid;

use super::{ALL, base, client, code_out_of_mail, key, open_portal, report, speaking_for};
use crate::support::app::TestApp;

#[tokio::test]
async fn a_code_is_asked_the_same_way_for_everybody_and_sent_to_who_is_known() {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let (base, client) = (base(&app).await, client(&app, &ALL).await);
    client
        .with("idempotency-key", "a")
        .post(&format!("{base}/requests"), &report("anna@libero.example"))
        .await;
    app.letters_out().await;
    let codes = format!("{base}/citizens/codes");
    let known = client.post(&codes, &json!({ "email": "Anna@Libero.example" })).await;
    let unknown = client.post(&codes, &json!({ "email": "nessuno@libero.example" })).await;
    assert_eq!((known.status, unknown.status), (202, 202));
    let shape =
        |answer: &super::Answer| answer.json().as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(shape(&known), shape(&unknown));
    assert_eq!(known.json()["expires_at"], unknown.json()["expires_at"]);
    riscontro::worker::errand::run_due(&app.app).await.unwrap();
    let letters = app.letters_out().await;
    assert_eq!(letters.len(), 1, "no mail to a stranger");
    assert!(letters[0].raw.contains("anna@libero.example"));
}

#[tokio::test]
async fn a_code_forgives_five_mistakes_and_a_token_is_its_apps_alone() {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let (base, client) = (base(&app).await, client(&app, &ALL).await);
    client
        .with("idempotency-key", "a")
        .post(&format!("{base}/requests"), &report("anna@libero.example"))
        .await;
    let (codes, tokens) = (format!("{base}/citizens/codes"), format!("{base}/citizens/tokens"));
    let asked = client.post(&codes, &json!({ "email": "anna@libero.example" })).await.json();
    let code = code_out_of_mail(&app, "anna@libero.example").await.unwrap();
    let show = |code: &str| json!({ "id": asked["id"], "code": code });
    let thief = client.with_key(&key(&app, &ALL, 600).await.key);
    assert_eq!(thief.post(&tokens, &show(&code)).await.fields(), ["code"], "another app's asking");
    for _ in 0..5 {
        assert_eq!(client.post(&tokens, &show("0000 0000")).await.fields(), ["code"]);
    }
    assert_eq!(client.post(&tokens, &show(&code)).await.fields(), ["code"], "five were enough");
    let nobody = json!({ "id": Uuid::now_v7(), "code": code });
    let (over, unknown) = (client.post(&tokens, &show(&code)).await, client.post(&tokens, &nobody).await);
    assert_eq!(over.body, unknown.body, "over, or never asked: all the same");

    let anna = speaking_for(&app, &client, "anna@libero.example").await;
    assert_eq!(anna.get(&format!("{base}/requests")).await.json()["items"].as_array().unwrap().len(), 1);
    let stolen = anna.with_key(&key(&app, &ALL, 600).await.key);
    assert_eq!(stolen.get(&format!("{base}/requests")).await.problem(), (401, "citizen-unknown".to_owned()));
    let both = anna.with("x-citizen-fiscal-code", "RSSMRA85T10A562S");
    assert_eq!(both.get(&format!("{base}/requests")).await.problem(), (401, "citizen-missing".to_owned()));
    assert_eq!(client.get(&format!("{base}/requests")).await.problem(), (401, "citizen-missing".to_owned()));
    assert_eq!(anna.delete(&format!("{base}/citizens/tokens/current")).await.status, 204);
    assert_eq!(anna.get(&format!("{base}/requests")).await.problem().0, 401);
}

#[tokio::test]
async fn a_token_ends_after_ninety_days_and_a_code_after_a_quarter_of_an_hour() {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let (base, client) = (base(&app).await, client(&app, &ALL).await);
    client
        .with("idempotency-key", "a")
        .post(&format!("{base}/requests"), &report("anna@libero.example"))
        .await;
    let anna = speaking_for(&app, &client, "anna@libero.example").await;
    app.pass(chrono::Duration::days(89));
    assert_eq!(anna.get(&format!("{base}/requests")).await.status, 200);
    app.pass(chrono::Duration::days(2));
    assert_eq!(anna.get(&format!("{base}/requests")).await.problem().0, 401);
    let asked = client
        .post(&format!("{base}/citizens/codes"), &json!({ "email": "anna@libero.example" }))
        .await
        .json();
    let code = code_out_of_mail(&app, "anna@libero.example").await.unwrap();
    app.pass(chrono::Duration::minutes(16));
    let late =
        client.post(&format!("{base}/citizens/tokens"), &json!({ "id": asked["id"], "code": code })).await;
    assert_eq!(late.fields(), ["code"]);
}
