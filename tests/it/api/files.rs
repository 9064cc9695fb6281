//! Files of apps.

use sea_orm::EntityTrait;
use serde_json::json;

use super::{ALL, base, client, key, open_portal, report, speaking_for};
use crate::support::app::TestApp;

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

#[tokio::test]
async fn a_file_is_handed_over_first_and_used_once_by_the_app_that_did() {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let (base, client) = (base(&app).await, client(&app, &ALL).await);
    let uploads = format!("{base}/uploads");
    let upload = client.parts(&uploads, &[("file", "bolletta.pdf", PDF)]).await;
    assert_eq!(upload.status, 201, "{}", upload.body);
    let id = upload.json()["id"].clone();
    let mut with_file = report("anna@libero.example");
    with_file["uploads"] = json!([id]);
    let requests = format!("{base}/requests");
    let thief = client.with_key(&key(&app, &ALL, 600).await.key).with("idempotency-key", "t");
    assert_eq!(thief.post(&requests, &with_file).await.fields(), ["uploads"], "another app's file");
    let sent = client.with("idempotency-key", "a").post(&requests, &with_file).await;
    assert_eq!(sent.status, 201, "{}", sent.body);
    assert_eq!(
        client.with("idempotency-key", "b").post(&requests, &with_file).await.fields(),
        ["uploads"],
        "used"
    );
    assert_eq!(client.delete(&format!("{uploads}/{}", id.as_str().unwrap())).await.problem().0, 404, "used");

    let anna = speaking_for(&app, &client, "anna@libero.example").await;
    let thread = anna.get(&format!("{base}/requests/2026-000001/communications")).await.json();
    let files: Vec<_> = thread["items"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|one| one["attachments"].as_array().unwrap())
        .collect();
    assert_eq!(files[0]["name"], "bolletta.pdf");
    let bytes = anna.get(files[0]["href"].as_str().unwrap()).await;
    assert_eq!((bytes.status, bytes.bytes.as_slice()), (200, PDF));
    assert_eq!(bytes.header("content-type"), "application/octet-stream");
    assert_eq!(bytes.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn words_and_files_come_together_or_not_at_all() {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let (base, client) = (base(&app).await, client(&app, &ALL).await);
    let client = client.with("idempotency-key", "a");
    let (requests, words) = (format!("{base}/requests"), report("anna@libero.example").to_string());
    let script = client
        .parts(&requests, &[("request", "", words.as_bytes()), ("files", "foto.jpg", b"<script>x</script>")])
        .await;
    assert_eq!(script.fields(), ["files"], "{}", script.body);
    for _ in 0..2 {
        let sent =
            client.parts(&requests, &[("request", "", words.as_bytes()), ("files", "foto.pdf", PDF)]).await;
        assert_eq!(sent.json()["number"], "2026/000001", "{}", sent.body);
    }
    let other = client
        .parts(&requests, &[("request", "", words.as_bytes()), ("files", "foto.pdf", b"%PDF-1.5\n%%EOF")])
        .await;
    assert_eq!(other.problem(), (422, "idempotency-key-reused".to_owned()));
    assert_eq!(client.parts(&requests, &[("files", "foto.pdf", PDF)]).await.fields(), ["request"]);
    assert_eq!(client.parts(&requests, &[("colour", "", b"red")]).await.fields(), ["colour"]);
}

#[tokio::test]
async fn an_app_holds_so_many_files_that_no_request_has_taken() {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let (base, client) = (base(&app).await, client(&app, &ALL).await);
    let uploads = format!("{base}/uploads");
    let first = client.parts(&uploads, &[("file", "0.pdf", PDF)]).await;
    let first: uuid::Uuid = first.json()["id"].as_str().unwrap().parse().unwrap();
    let row = entity::upload::Entity::find_by_id(first).one(&app.app.desk.db.read).await.unwrap().unwrap();
    let tx = app.app.desk.db.begin().await.unwrap();
    for position in 1..500 {
        let more = entity::upload::Model { id: uuid::Uuid::now_v7(), position, ..row.clone() };
        riscontro::store::upload::insert(&tx, more).await.unwrap();
    }
    tx.commit().await.unwrap();
    let full = client.parts(&uploads, &[("file", "più.pdf", PDF)]).await;
    assert_eq!(full.problem(), (409, "uploads-full".to_owned()));
    assert!(full.json()["detail"].as_str().unwrap().contains("500 and 250 MB"), "{}", full.body);
    let other = client.with_key(&key(&app, &ALL, 600).await.key);
    assert_eq!(other.parts(&uploads, &[("file", "a.pdf", PDF)]).await.status, 201, "another app has its own");
    assert_eq!(client.delete(&format!("{uploads}/{first}")).await.status, 204);
    assert_eq!(client.parts(&uploads, &[("file", "più.pdf", PDF)]).await.status, 201);
}
