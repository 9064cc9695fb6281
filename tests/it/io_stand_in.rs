//! The stand-in for IO: under the platform's own client, and by hand, where its order of checks, its lateness and its moods are concerned.

pub mod contract;
mod messages;
mod moods;
mod order;
mod services;

use axum::body::Body;
use chrono::{DateTime, TimeDelta};
use http::{Method, Request, StatusCode};
use riscontro::stand_in::{self, Clock, Group, StandIn, ready};
use serde_json::{Value, json};
use tower::ServiceExt;

const TEXT: &str = "La tua segnalazione è stata presa in carico. Ti scriveremo quando ci saranno novità, oppure segui il link.";

/// IO, with its clock in our hand, and a caller.
struct Io {
    stand_in: StandIn,
    key: String,
}

/// An answer, whole.
#[derive(Debug)]
struct Said {
    status: StatusCode,
    headers: http::HeaderMap,
    body: Value,
}

impl Said {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Status and title of a problem, which must be one.
    fn problem(&self) -> (u16, &str) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        assert_eq!(self.body["status"], self.status.as_u16());
        (self.status.as_u16(), self.body["title"].as_str().unwrap())
    }

    /// Status and words of the gateway.
    fn gateway(&self) -> (u16, &str) {
        assert_eq!(self.header("content-type"), "application/json", "{self:?}");
        assert_eq!(self.body["statusCode"], self.status.as_u16());
        (self.status.as_u16(), self.body["message"].as_str().unwrap())
    }
}

impl Io {
    fn new() -> Self {
        let clock = Clock::held(DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        Self { stand_in: StandIn::new(clock), key: ready::USE_KEYS[0].to_owned() }
    }

    fn with_key(&self, key: &str) -> Self {
        Self { stand_in: self.stand_in.clone(), key: key.to_owned() }
    }

    fn manager(&self) -> Self {
        self.with_key(ready::MANAGE_KEYS[0])
    }

    async fn send(&self, method: Method, path: &str, body: impl Into<Body>) -> Said {
        let request =
            Request::builder().method(method).uri(path).header("ocp-apim-subscription-key", &self.key);
        let request = request.header("content-type", "application/json").body(body.into()).unwrap();
        let answer = self.stand_in.router().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let body = serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        Said { status: parts.status, headers: parts.headers, body }
    }

    async fn get(&self, path: &str) -> Said {
        self.send(Method::GET, &format!("/api/v1{path}"), Body::empty()).await
    }

    async fn post(&self, path: &str, body: &Value) -> Said {
        self.send(Method::POST, &format!("/api/v1{path}"), body.to_string()).await
    }

    async fn put(&self, path: &str, body: &Value) -> Said {
        self.send(Method::PUT, &format!("/api/v1{path}"), body.to_string()).await
    }

    async fn delete(&self, path: &str) -> Said {
        self.send(Method::DELETE, &format!("/api/v1{path}"), Body::empty()).await
    }

    async fn profile(&self, code: &str) -> Said {
        self.post("/profiles", &json!({ "fiscal_code": code })).await
    }

    /// Hands a message in; its id.
    async fn message(&self, code: &str) -> String {
        let said = self.post("/messages", &message(code)).await;
        assert_eq!(said.status, 201, "{said:?}");
        said.body["id"].as_str().unwrap().to_owned()
    }

    async fn status(&self, code: &str, id: &str) -> Value {
        let said = self.get(&format!("/messages/{code}/{id}")).await;
        assert_eq!(said.status, 200, "{said:?}");
        said.body["status"].clone()
    }

    fn later(&self, seconds: i64) {
        self.stand_in.advance(TimeDelta::seconds(seconds));
    }

    fn allow(&self, more: &[Group]) {
        let groups = [&stand_in::NEW_INSTITUTION, more].concat();
        assert!(self.stand_in.groups(ready::INSTITUTION, &groups));
    }
}

fn message(code: &str) -> Value {
    json!({ "fiscal_code": code, "content": { "subject": "La tua segnalazione è in carico", "markdown": TEXT } })
}

fn sheet(name: &str) -> Value {
    json!({
        "name": name,
        "description": "Ricevi avvisi sulla raccolta.",
        "organization": { "name": ready::INSTITUTION_NAME, "fiscal_code": ready::INSTITUTION_CODE },
        "metadata": {
            "scope": "LOCAL", "topic_id": 4,
            "privacy_url": "https://valleserena.example/privacy", "phone": "0461 000000",
        },
    })
}

#[tokio::test]
async fn no_page_of_a_stranger_reaches_it_under_a_name_of_its_own() {
    let io = Io::new();
    for (host, status) in [
        ("127.0.0.1:7072", 200),
        ("[::1]:7072", 200),
        ("localhost:7072", 200),
        ("rebind.example:7072", 421),
        ("localhost.rebind.example", 421),
    ] {
        let request =
            Request::builder().uri("/stand-in/calls").header("host", host).body(Body::empty()).unwrap();
        let answer = io.stand_in.router().oneshot(request).await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{host}");
    }
}
