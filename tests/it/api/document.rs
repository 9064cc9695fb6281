//! The document and its readable page.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{ALL, client};
use crate::support::app::TestApp;

fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                found.insert(reference);
            }
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_document_is_whole() {
    let app = TestApp::start().await;
    let client = client(&app, &ALL).await.without_key();
    let answer = client.get("/api/v1/openapi.json").await;
    assert_eq!(answer.status, 200);
    let document = answer.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut named = BTreeSet::new();
    references(&document, &mut named);
    for reference in named {
        let place = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(place).is_some(), "{reference} leads nowhere");
    }
    let (mut ids, mut operations) = (BTreeSet::new(), 0);
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            operations += 1;
            ids.insert(operation["operationId"].as_str().unwrap().to_owned());
            assert!(operation["security"].is_array(), "{method} {path} does not say who may");
            assert!(operation["responses"]["429"].is_object(), "{method} {path} hides a refusal");
            let declared: BTreeSet<&str> = operation["parameters"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|one| one["in"] == "path")
                .map(|one| one["name"].as_str().unwrap())
                .collect();
            let written: BTreeSet<&str> =
                path.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
            assert_eq!(declared, written, "{method} {path}");
        }
    }
    assert_eq!((operations, ids.len()), (25, 25), "each has a name of its own");
}

#[tokio::test]
async fn the_readable_page_shows_every_operation_and_problem() {
    let app = TestApp::start().await;
    let client = client(&app, &ALL).await.without_key();
    let page = client.get("/api/v1").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-security-policy").contains("default-src 'none'"), "{:?}", page.headers);
    let document = client.get("/api/v1/openapi.json").await.json();
    for path in document["paths"].as_object().unwrap().keys() {
        assert!(page.body.contains(path.as_str()), "{path}");
    }
    for problem in riscontro::web::api::problem::SORTS {
        assert!(page.body.contains(&format!("id=\"problem-{}\"", problem.word)), "{}", problem.word);
    }
    assert!(!page.body.contains("<script") && !page.body.contains("style=\""));
    assert!(page.body.contains("/assets/api-") && !page.body.contains("desk-"), "a style of its own");
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            let id = operation["operationId"].as_str().unwrap();
            let told = page.body.split(&format!("<h3 id=\"{id}\">")).nth(1).unwrap_or_else(|| panic!("{id}"));
            let told = told.split("</article>").next().unwrap();
            assert!(told.contains("curl ") && told.contains(">Answer<"), "{id}: {told}");
            let wants = operation["security"][0]["key"].as_array();
            for scope in wants.into_iter().flatten() {
                assert!(told.contains(&format!("<code>{}</code>", scope.as_str().unwrap())), "{id}: {told}");
            }
            for status in
                operation["responses"].as_object().unwrap().keys().filter(|status| !status.starts_with('2'))
            {
                assert!(told.contains(&format!("href=\"#status-{status}\"")), "{id}: {status}");
            }
        }
    }
    for said in [
        "RateLimit-Remaining",
        "Retry-After",
        "webhook-signature",
        "HMAC-SHA256",
        "Idempotency-Key",
        "/open311/",
    ] {
        assert!(page.body.contains(said), "{said}");
    }
    for link in page.body.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(page.body.contains(&format!("id=\"{link}\"")), "#{link} leads nowhere");
    }
}

#[tokio::test]
async fn the_message_on_the_page_is_signed_as_the_page_says() {
    let app = TestApp::start().await;
    let page = client(&app, &ALL).await.without_key().get("/api/v1").await.body;
    let shown = page.split("webhook-id: ").nth(1).unwrap().split("</code>").next().unwrap();
    let shown = crate::support::html::read(shown);
    let (head, body) = shown.split_once("\n\n").unwrap();
    let mut head = head.lines().map(|line| line.rsplit(": ").next().unwrap());
    let (id, sent_at, signature) = (head.next().unwrap(), head.next().unwrap(), head.next().unwrap());
    let secret = page.split("that the secret <code>").nth(1).unwrap().split('<').next().unwrap();
    let received = crate::support::hook::Received {
        path: String::new(),
        id: id.to_owned(),
        timestamp: sent_at.parse().unwrap(),
        signature: signature.to_owned(),
        body: body.as_bytes().to_vec(),
    };
    assert!(received.is_signed(secret), "{shown}");
}
