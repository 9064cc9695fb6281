//! An app says where it wants to hear of changes, and hears.

use std::collections::BTreeSet;

use entity::{app_key::Scope, language::Words, work_order::Status};
use riscontro::actions::{self, Cx, notice};
use serde_json::{Value, json};

use super::{ALL, base, client, key, open_portal, report};
use crate::support::{app::TestApp, hook::Hook};

#[tokio::test]
async fn an_app_hears_of_its_request_signed_with_the_secret_that_it_was_shown() {
    let app = TestApp::start_with(|config| config.webhook.allow_private = true).await;
    open_portal(&app).await;
    let (base, client) = (base(&app).await, client(&app, &ALL).await);
    let hook = Hook::start().await;
    let made = client.post(&format!("{base}/webhooks"), &json!({ "url": hook.address("127.0.0.1") })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let (secret, id) = (made.json()["secret"].clone(), made.json()["id"].clone());
    let (secret, path) = (secret.as_str().unwrap(), format!("{base}/webhooks/{}", id.as_str().unwrap()));
    let sent = client
        .with("idempotency-key", "a")
        .post(&format!("{base}/requests"), &report("anna@libero.example"))
        .await;
    riscontro::worker::errand::run_due(&app.app).await.unwrap();
    let received = hook.received();
    assert_eq!((received.len(), received[0].is_signed(secret)), (1, true));
    let said = received[0].json();
    assert_eq!((&said["type"], &said["data"]["number"]), (&json!("request.opened"), &sent.json()["number"]));
    assert!(!String::from_utf8_lossy(&received[0].body).contains("anna"));

    let read = client.get(&path).await;
    assert!(read.json()["succeeded_at"].is_string() && !read.body.contains(secret), "{}", read.body);
    let rests = client.put(&path, &json!({ "active": false })).await;
    assert_eq!((rests.status, &rests.json()["active"]), (200, &json!(false)));
    assert_eq!(client.get(&path).await.json()["active"], false);
    let other = client.with_key(&key(&app, &[Scope::Webhooks], 600).await.key);
    assert_eq!(other.get(&path).await.problem().0, 404, "another app's");
    assert_eq!(other.delete(&path).await.problem().0, 404);
    assert_eq!(other.get(&format!("{base}/webhooks")).await.json()["items"], json!([]));
    assert_eq!(client.delete(&path).await.status, 204);
    assert_eq!(client.get(&path).await.problem().0, 404);
}

#[tokio::test]
async fn no_disguise_of_a_private_address_is_taken() {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let (base, client) = (base(&app).await, client(&app, &[Scope::Webhooks]).await);
    for address in [
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://2852039166/",
        "https://0xa9.0xfe.0xa9.0xfe/",
        "https://0251.0376.0251.0376/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[::ffff:169.254.169.254]/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://[64:ff9b:1::1]/",
        "https://[2002:a9fe:a9fe::1]/",
        "https://[fe80::1]/",
        "https://[fd00:ec2::254]/",
        "https://localhost/",
        "https://app.localhost/",
        "https://metadata.google.internal/",
        "https://stampante.local/",
        "http://app.example/",
        "https://user:word@app.example/",
        "https://app.example:22/",
        "file:///etc/passwd",
        "",
    ] {
        let refused = client.post(&format!("{base}/webhooks"), &json!({ "url": address })).await;
        assert_eq!((refused.problem().0, refused.fields()), (422, vec!["url".to_owned()]), "{address}");
    }
    assert_eq!(client.get(&format!("{base}/webhooks")).await.json()["items"], json!([]));
    let good = json!({ "url": "https://app.example/hook" });
    assert_eq!(client.post(&format!("{base}/webhooks"), &good).await.status, 201);
    assert_eq!(client.post(&format!("{base}/webhooks"), &good).await.fields(), ["url"], "twice");
}

#[tokio::test]
async fn the_document_has_every_message_that_is_sent() {
    let app = TestApp::start_with(|config| config.webhook.allow_private = true).await;
    open_portal(&app).await;
    let (base, client) = (base(&app).await, client(&app, &ALL).await);
    let hook = Hook::start().await;
    let made = client.post(&format!("{base}/webhooks"), &json!({ "url": hook.address("127.0.0.1") })).await;
    let endpoint = made.json()["id"].as_str().unwrap().parse().unwrap();
    let (desk, cx) = (&app.app.desk, Cx::system(app.organisation(), app.now()));
    actions::webhook::test(desk, &cx, endpoint).await.unwrap();
    let strike = notice::Form {
        title: Words::plain("Sciopero"),
        text: Words::plain("Mercoledì la raccolta non passa."),
        streets: vec!["Via Solferino".to_owned()],
        starts_at: app.now(),
        ..notice::Form::default()
    };
    let explains = app.publish(&strike).await;
    let sent = client
        .with("idempotency-key", "a")
        .post(&format!("{base}/requests"), &report("anna@libero.example"))
        .await;
    assert_eq!(sent.status, 201, "{}", sent.body);
    let changed = notice::Form { title: Words::plain("Sciopero rinviato"), ..strike.clone() };
    notice::change(desk, &cx, explains, 1, &changed).await.unwrap();
    notice::restore(desk, &cx, explains, 2, &Words::default()).await.unwrap();
    let mistaken = app.publish(&strike).await;
    notice::withdraw(desk, &cx, mistaken, 1).await.unwrap();
    let anna = super::speaking_for(&app, &client, "anna@libero.example").await;
    let request = format!("{base}/requests/2026-000001");
    let answered = anna
        .with("idempotency-key", "b")
        .post(&format!("{request}/answers"), &json!({ "text": "Ancora." }))
        .await;
    assert_eq!(answered.status, 201, "{}", answered.body);
    app.set_status("2026/000001", Status::Closed).await;
    assert_eq!(anna.post(&format!("{request}/contest"), &json!({ "text": "Non è vero." })).await.status, 200);
    assert_eq!(anna.post(&format!("{request}/withdrawal"), &json!({ "text": "" })).await.status, 200);
    riscontro::worker::errand::run_due(&app.app).await.unwrap();

    let document = client.get("/api/v1/openapi.json").await.json();
    let webhooks = document["webhooks"].as_object().unwrap();
    let mut heard = BTreeSet::new();
    for message in hook.received() {
        let said = message.json();
        let name = said["type"].as_str().unwrap().to_owned();
        let post = &webhooks.get(&name).unwrap_or_else(|| panic!("{name} is not in the document"))["post"];
        let schema = &post["requestBody"]["content"]["application/json"]["schema"]["allOf"];
        assert_eq!(schema[1]["properties"]["type"]["const"], name.as_str());
        fits(&document, &schema[0], &said, &name);
        heard.insert(name);
    }
    let unheard: Vec<&String> = webhooks.keys().filter(|name| !heard.contains(*name)).collect();
    // A reply and a publication are presses of an operator's: `webhooks` of the suite hears those.
    assert_eq!(unheard, ["request.published", "request.replied", "request.unpublished"]);
}

/// Whether a message has the fields that its schema has, and no others.
fn fits(document: &Value, schema: &Value, said: &Value, name: &str) {
    let schema = match schema["$ref"].as_str() {
        Some(place) => document.pointer(place.strip_prefix('#').unwrap()).unwrap(),
        None => schema,
    };
    if let Some(values) = schema["enum"].as_array() {
        assert!(values.contains(said), "{name}: {said}");
    }
    let Some(properties) = schema["properties"].as_object() else { return };
    for (field, value) in said.as_object().unwrap() {
        let property =
            properties.get(field).unwrap_or_else(|| panic!("{name}: {field} is not in the document"));
        fits(document, property, value, name);
    }
    for required in schema["required"].as_array().into_iter().flatten() {
        assert!(said.get(required.as_str().unwrap()).is_some(), "{name}: {required} is missing");
    }
}
