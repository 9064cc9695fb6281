//! Every door of the document, with a key that opens all of them but this one.

use axum::{body::Body, http::Method};
use entity::app_key::Scope;
use riscontro::web::api::scopes;
use serde_json::Value;
use uuid::Uuid;

use super::{ALL, Answer, Client, base, client, open_portal};
use crate::support::app::TestApp;

/// One operation of the document.
struct Door {
    id: String,
    method: Method,
    path: String,
    /// What each way in wants: scopes of the key, and whether the citizen's code comes along.
    ways: Vec<(Vec<String>, bool)>,
    keyless: bool,
}

impl Door {
    /// Knocks, with nothing in the hands but the key.
    async fn knock(&self, client: &Client) -> Answer {
        let (media, body) = match self.method {
            Method::POST | Method::PUT => (Some("application/json"), Body::from("{}")),
            _ => (None, Body::empty()),
        };
        client.send(self.method.clone(), &self.path, media, body).await
    }
}

/// All doors, as the document writes them.
async fn doors(client: &Client, slug: &str) -> Vec<Door> {
    let document = client.get("/api/v1/openapi.json").await.json();
    let mut doors = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path
            .replace("{org}", slug)
            .replace("{number}", "2026-000001")
            .replace("{code}", "disruption")
            .replace("{id}", &Uuid::nil().to_string());
        assert!(!path.contains('{'), "{path}: a part that this test cannot fill");
        for (method, operation) in item.as_object().unwrap() {
            let security = operation["security"].as_array().unwrap();
            let way = |one: &Value| {
                let scopes = one["key"].as_array().unwrap().iter();
                let scopes = scopes.map(|scope| scope.as_str().unwrap().to_owned()).collect();
                (scopes, one["fiscal_code"].is_array())
            };
            let keyed = security.iter().filter(|one| one["key"].is_array());
            doors.push(Door {
                id: operation["operationId"].as_str().unwrap().to_owned(),
                method: method.to_ascii_uppercase().parse().unwrap(),
                path: path.clone(),
                ways: keyed.map(way).collect(),
                keyless: security.iter().any(|one| one.as_object().unwrap().is_empty()),
            });
        }
    }
    doors
}

fn without(scope: &str) -> Vec<Scope> {
    ALL.into_iter().filter(|one| scopes::name(*one) != scope).collect()
}

#[tokio::test]
async fn no_door_opens_without_each_of_its_scopes_nor_without_a_key() {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let base = base(&app).await;
    let whole = client(&app, &ALL).await;
    let mut tried = 0;
    for door in doors(&whole, base.rsplit('/').next().unwrap()).await {
        let keyless = door.knock(&whole.without_key()).await;
        if door.keyless {
            assert!([200, 404].contains(&keyless.status), "{}: {}", door.id, keyless.body);
            continue;
        }
        assert_eq!(keyless.problem(), (401, "key-missing".to_owned()), "{}", door.id);
        assert!(
            !door.ways.is_empty() && door.ways.iter().all(|(scopes, _)| !scopes.is_empty()),
            "{}",
            door.id
        );
        for (scopes, by_code) in &door.ways {
            for scope in scopes {
                let lacking = client(&app, &without(scope)).await;
                let lacking = if *by_code {
                    lacking.with("x-citizen-fiscal-code", "RSSMRA85T10A562S")
                } else {
                    lacking
                };
                let answer = door.knock(&lacking).await;
                assert_eq!(
                    answer.problem(),
                    (403, "scope-missing".to_owned()),
                    "{} without {scope}",
                    door.id
                );
                assert!(answer.body.contains(scope.as_str()), "{}: {}", door.id, answer.body);
                tried += 1;
            }
        }
        let answer = door.knock(&whole).await;
        assert!(answer.status != 403 && answer.body != keyless.body, "{}: {}", door.id, answer.body);
    }
    assert!(tried > 30, "{tried}");
}

#[tokio::test]
async fn who_may_only_read_changes_nothing() {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let base = base(&app).await;
    let reader = client(&app, &[Scope::Read, Scope::Verified]).await;
    let reader = reader.with("x-citizen-fiscal-code", "RSSMRA85T10A562S").with("idempotency-key", "x");
    // To show who the citizen is belongs to reading: no request is touched by it.
    let signs_in = ["askCode", "showCode", "forgetToken"];
    for door in doors(&reader, base.rsplit('/').next().unwrap()).await {
        if door.method != Method::GET && !signs_in.contains(&door.id.as_str()) {
            assert_eq!(door.knock(&reader).await.problem().0, 403, "{}", door.id);
        }
    }
}

#[tokio::test]
async fn a_key_for_something_else_opens_no_door_of_open311() {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let base = base(&app).await.replace("/api/v1/", "/open311/") + "/v2";
    let others: Vec<Scope> = without("open311");
    let made = super::key(&app, &others, 600).await.key;
    let visitor = client(&app, &ALL).await.without_key();
    for file in [
        "services.json",
        "services/disruption.json",
        "requests.json",
        "requests/2026-000001.json",
        "discovery.json",
        "tokens/x.json",
    ] {
        let answer = visitor.get(&format!("{base}/{file}?api_key={made}")).await;
        assert_eq!((answer.status, &answer.json()[0]["code"]), (403, &403.into()), "{file}: {}", answer.body);
        assert_ne!(visitor.get(&format!("{base}/{file}")).await.status, 403, "{file}");
        assert!(!answer.header("ratelimit-remaining").is_empty(), "{file}");
    }
}
