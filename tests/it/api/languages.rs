//! In which language something is refused: what the citizen can mend in the citizen's, the rest in English.

use serde_json::{Value, json};

use super::{ALL, Client, base, client, open_portal, report, speaking_for};
use crate::support::app::TestApp;

async fn house() -> (TestApp, String, Client) {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let (base, client) = (base(&app).await, client(&app, &ALL).await);
    (app, base, client)
}

fn message(problem: &Value) -> &str {
    problem["errors"][0]["message"].as_str().unwrap()
}

#[tokio::test]
async fn a_citizen_is_told_in_the_language_of_the_request() {
    let (_app, base, client) = house().await;
    let client = client.with("idempotency-key", "a");
    let requests = format!("{base}/requests");
    let silent = |language: Option<&str>| {
        let mut silent = report("anna@libero.example");
        silent["answers"]["details"] = json!("");
        if let Some(language) = language {
            silent["language"] = json!(language);
        }
        silent
    };
    let mut said = Vec::new();
    for (header, body) in [("", None), ("de-AT, it;q=0.5", None), ("de", Some("en")), ("xx", None)] {
        let refused = client.with("accept-language", header).post(&requests, &silent(body)).await.json();
        assert_eq!(refused["title"], "Some fields cannot be taken", "whoever writes the app reads English");
        assert_eq!(refused["detail"], "Mend the fields named in errors and send the request again.");
        said.push(message(&refused).to_owned());
    }
    assert!(said[0].starts_with("Questo campo") && said[1].contains("Sie"), "{said:?}");
    assert_eq!(said[3], said[0], "Italian where nothing we speak is asked for");
    assert!(said[0] != said[1] && said[1] != said[2] && said[0] != said[2], "{said:?}");

    let mut none = silent(None);
    none["language"] = Value::Null;
    let refused = client.post(&requests, &none).await;
    assert_eq!(refused.problem().0, 422, "null is no language: {}", refused.body);

    let picture = client
        .with("accept-language", "en")
        .parts(&format!("{base}/uploads"), &[("file", "foto.jpg", b"<script>x</script>")])
        .await;
    assert!(message(&picture.json()).contains("foto.jpg"), "{}", picture.body);
    let picture_it =
        client.parts(&format!("{base}/uploads"), &[("file", "foto.jpg", b"<script>x</script>")]).await;
    assert_ne!(message(&picture.json()), message(&picture_it.json()));
}

#[tokio::test]
async fn a_wrong_code_and_a_wrong_address_are_spoken_of_in_the_citizens_language() {
    let (_app, base, client) = house().await;
    let shown = json!({ "id": uuid::Uuid::nil(), "code": "0000 0000" });
    let mut said = std::collections::BTreeSet::new();
    for language in ["it", "en", "de"] {
        let client = client.with("accept-language", language);
        let wrong = client.post(&format!("{base}/citizens/tokens"), &shown).await;
        assert_eq!(wrong.fields(), ["code"]);
        said.insert(message(&wrong.json()).to_owned());
        let nobody = client.post(&format!("{base}/citizens/codes"), &json!({ "email": "nobody" })).await;
        said.insert(message(&nobody.json()).to_owned());
    }
    assert_eq!(said.len(), 6, "{said:?}");
    let written = client
        .with("accept-language", "de")
        .post(&format!("{base}/citizens/codes"), &json!({ "email": "nobody", "language": "en" }))
        .await;
    assert!(
        said.contains(message(&written.json())) && message(&written.json()).is_ascii(),
        "{}",
        written.body
    );
}

#[tokio::test]
async fn about_a_request_that_was_sent_it_is_the_language_in_which_it_was() {
    let (app, base, client) = house().await;
    let mut german = report("anna@libero.example");
    german["language"] = json!("de");
    let sent = client.with("idempotency-key", "a").post(&format!("{base}/requests"), &german).await;
    assert_eq!(sent.status, 201, "{}", sent.body);
    let anna = speaking_for(&app, &client, "anna@libero.example").await.with("accept-language", "it");
    let number = format!("{base}/requests/2026-000001");
    let empty =
        anna.with("idempotency-key", "x").post(&format!("{number}/answers"), &json!({ "text": " " })).await;
    assert_eq!(empty.fields(), ["text"], "{}", empty.body);
    assert!(message(&empty.json()).contains("Sie"), "{}", empty.body);
    let long = json!({ "text": "a".repeat(10_001) });
    for act in ["answers", "contest", "withdrawal"] {
        let refused = anna.with("idempotency-key", "y").post(&format!("{number}/{act}"), &long).await;
        assert_eq!(refused.fields(), ["text"], "{act}: {}", refused.body);
        assert!(message(&refused.json()).contains("10"), "{}", refused.body);
    }
}

#[tokio::test]
async fn what_the_app_itself_made_is_spoken_of_in_english() {
    let (app, base, client) = house().await;
    client
        .with("idempotency-key", "a")
        .post(&format!("{base}/requests"), &report("anna@libero.example"))
        .await;
    let anna = speaking_for(&app, &client, "anna@libero.example").await;
    let number = format!("{base}/requests/2026-000001");
    let early = anna.post(&format!("{number}/contest"), &json!({ "text": "No" })).await;
    assert_eq!(early.problem(), (409, "conflict".to_owned()));
    assert!(early.body.contains("The request is not closed"), "{}", early.body);
    let hook = client.post(&format!("{base}/webhooks"), &json!({ "url": "http://app.example/" })).await;
    assert_eq!(
        (hook.fields(), message(&hook.json()).starts_with("Send")),
        (vec!["url".to_owned()], true),
        "{}",
        hook.body
    );
    let code =
        client.with("x-citizen-fiscal-code", "RSSMRA85T10A562X").get(&format!("{base}/requests")).await;
    assert!(message(&code.json()).starts_with("Send"), "{}", code.body);
}

#[tokio::test]
async fn services_are_named_in_the_language_that_is_asked_for() {
    let (app, base, client) = house().await;
    let words = entity::language::Words {
        it: "Segnalazione".to_owned(),
        de: "Meldung".to_owned(),
        en: "Report".to_owned(),
    };
    super::change_form(&app, |form| form.title = words).await;
    let title = |answer: super::Answer| answer.json()["title"].as_str().unwrap().to_owned();
    let path = format!("{base}/kinds/disruption");
    assert_eq!(title(client.get(&path).await), "Segnalazione");
    assert_eq!(title(client.with("accept-language", "de").get(&path).await), "Meldung");
    assert_eq!(title(client.with("accept-language", "de").get(&format!("{path}?lang=en")).await), "Report");
    let open311 = base.replace("/api/v1/", "/open311/") + "/v2/services.json";
    let named = client.without_key().with("accept-language", "de").get(&open311).await;
    assert!(named.body.contains("Meldung"), "{}", named.body);
}
