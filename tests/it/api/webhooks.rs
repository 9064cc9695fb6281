//! An app says where it wants to hear of changes, and hears.

use entity::app_key::Scope;
use serde_json::json;

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
