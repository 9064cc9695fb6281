//! Apps at their doors: what a key opens, what it does not, and what comes back.

mod answers;
mod citizens;
mod document;
mod files;
mod keys;
mod languages;
mod limits;
mod open311;
mod requests;
mod schemathesis;
mod scopes;
mod services;
mod webhooks;

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, header},
};
use entity::{
    app_key::Scope,
    form::{Contacts, Field, Form, Need, What},
    language::Words,
    portal, request_kind,
};
use riscontro::actions::{Cx, app_key};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::app::TestApp;

/// Everything that a key may do.
pub const ALL: [Scope; 5] = [Scope::Write, Scope::Read, Scope::Verified, Scope::Webhooks, Scope::Open311];

/// An app that speaks to the house.
#[derive(Clone)]
pub struct Client {
    router: Router,
    key: Option<String>,
    headers: Arc<Vec<(String, String)>>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The stable word of a problem, and its status; everything about it that holds for all problems is looked at.
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.body);
        let problem = self.json();
        assert_eq!(problem["status"], self.status, "{}", self.body);
        assert!(
            !problem["title"].as_str().unwrap().is_empty() && !problem["detail"].as_str().unwrap().is_empty()
        );
        let kind = problem["type"].as_str().unwrap();
        (self.status, kind.strip_prefix("/api/v1#problem-").unwrap().to_owned())
    }

    /// The names of the fields that were refused.
    pub fn fields(&self) -> Vec<String> {
        let errors = self.json()["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| error["field"].as_str().unwrap().to_owned()).collect()
    }
}

impl Client {
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut headers = (*self.headers).clone();
        headers.push((name.to_owned(), value.to_owned()));
        Self { headers: Arc::new(headers), ..self.clone() }
    }

    pub fn without_key(&self) -> Self {
        Self { key: None, ..self.clone() }
    }

    pub fn with_key(&self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self.clone() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, Body::empty()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some("application/json"), body.to_string().into()).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, Some("application/json"), body.to_string().into()).await
    }

    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = serde_urlencoded::to_string(fields).unwrap();
        self.send(Method::POST, path, Some("application/x-www-form-urlencoded"), body.into()).await
    }

    /// A form with files: `(part, file name, bytes)`; without a file name it is words.
    pub async fn parts(&self, path: &str, parts: &[(&str, &str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        for (part, file, bytes) in parts {
            let name = if file.is_empty() { String::new() } else { format!("; filename=\"{file}\"") };
            body.extend(
                format!("--limit\r\nContent-Disposition: form-data; name=\"{part}\"{name}\r\n\r\n").bytes(),
            );
            body.extend_from_slice(bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--limit--\r\n");
        let sized = self.with("content-length", &body.len().to_string());
        sized.send(Method::POST, path, Some("multipart/form-data; boundary=limit"), body.into()).await
    }

    pub async fn send(&self, method: Method, path: &str, media: Option<&str>, body: Body) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(media) = media {
            request = request.header(header::CONTENT_TYPE, media);
        }
        if let Some(key) = &self.key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        for (name, value) in self.headers.iter() {
            request = request.header(name, value);
        }
        let mut request = request.body(body).unwrap();
        request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from(([203, 0, 113, 9], 50_000))));
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status.as_u16(), headers: parts.headers, body, bytes }
    }
}

/// The organisation's portal, open, with one service whose form a test can know by heart.
pub async fn open_portal(app: &TestApp) {
    change_portal(app, portal::ActiveModel { open: Set(true), ..Default::default() }).await;
    let form = Form {
        title: Words::plain("Segnalazione di disservizio"),
        fields: vec![
            Field {
                name: "where".to_owned(),
                what: What::Place,
                label: Words::plain("Dove"),
                ..Field::default()
            },
            Field {
                name: "details".to_owned(),
                what: What::Text,
                required: true,
                label: Words::plain("Che cosa"),
                ..Field::default()
            },
            Field {
                name: "photos".to_owned(),
                what: What::Files,
                label: Words::plain("Foto"),
                ..Field::default()
            },
        ],
        contacts: Contacts { email: Need::Optional, ..Contacts::default() },
        ..Form::default()
    };
    let tx = app.app.desk.db.begin().await.unwrap();
    request_kind::Entity::update_many()
        .set(request_kind::ActiveModel { published: Set(true), form: Set(Some(form)), ..Default::default() })
        .filter(request_kind::Column::OrganisationId.eq(app.organisation()))
        .filter(request_kind::Column::Code.eq("disruption"))
        .exec(&tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Changes the form that [`open_portal`] has put there.
pub async fn change_form(app: &TestApp, change: impl FnOnce(&mut Form)) {
    let kinds =
        riscontro::store::organisation::kinds(&app.app.desk.db.read, app.organisation()).await.unwrap();
    let mut form = kinds.into_iter().find(|kind| kind.code == "disruption").unwrap().form.unwrap();
    change(&mut form);
    let tx = app.app.desk.db.begin().await.unwrap();
    request_kind::Entity::update_many()
        .set(request_kind::ActiveModel { form: Set(Some(form)), ..Default::default() })
        .filter(request_kind::Column::OrganisationId.eq(app.organisation()))
        .filter(request_kind::Column::Code.eq("disruption"))
        .exec(&tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

pub async fn change_portal(app: &TestApp, change: portal::ActiveModel) {
    let tx = app.app.desk.db.begin().await.unwrap();
    portal::Entity::update_many()
        .set(change)
        .filter(portal::Column::OrganisationId.eq(app.organisation()))
        .exec(&tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// A new key of the organisation.
pub async fn key(app: &TestApp, scopes: &[Scope], per_minute: i32) -> app_key::Created {
    let cx = Cx::system(app.organisation(), app.now());
    let new = app_key::New { name: "App comunale".to_owned(), scopes: scopes.to_vec(), per_minute };
    app_key::create(&app.app.desk, &cx, new, rand::random()).await.unwrap()
}

/// An app with such a key.
pub async fn client(app: &TestApp, scopes: &[Scope]) -> Client {
    let key = key(app, scopes, 600).await.key;
    Client { router: riscontro::web::router(app.app.clone()), key: Some(key), headers: Arc::default() }
}

/// The address of the organisation's doors.
pub async fn base(app: &TestApp) -> String {
    let portal =
        riscontro::store::portal::of(&app.app.desk.db.read, app.organisation()).await.unwrap().unwrap();
    format!("/api/v1/{}", portal.slug)
}

/// A citizen's report, as an app sends it.
pub fn report(email: &str) -> Value {
    json!({
        "kind": "disruption",
        "answers": {
            "where": "Via Solferino 12, Brescia", "details": "Il cassonetto è rotto da lunedì.",
            "name": "Anna", "surname": "Bianchi", "email": email
        }
    })
}

/// The code that went to an address, out of the letter.
pub async fn code_out_of_mail(app: &TestApp, address: &str) -> Option<String> {
    riscontro::worker::errand::run_due(&app.app).await.unwrap();
    let letters = app.letters_out().await;
    let letter = letters.into_iter().rev().find(|letter| letter.raw.contains(address))?;
    let digits = |word: &str| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let words: Vec<&str> = letter.mail.text.split_whitespace().collect();
    let at = words.windows(2).position(|pair| digits(pair[0]) && digits(pair[1]))?;
    Some(format!("{} {}", words[at], words[at + 1]))
}

/// An app that speaks for the holder of an address, proved by a code.
pub async fn speaking_for(app: &TestApp, client: &Client, address: &str) -> Client {
    let base = base(app).await;
    let asked = client.post(&format!("{base}/citizens/codes"), &json!({ "email": address })).await;
    assert_eq!(asked.status, 202, "{}", asked.body);
    let code = code_out_of_mail(app, address).await.unwrap();
    let shown = json!({ "id": asked.json()["id"], "code": code });
    let granted = client.post(&format!("{base}/citizens/tokens"), &shown).await;
    assert_eq!(granted.status, 201, "{}", granted.body);
    client.with("x-citizen-token", granted.json()["token"].as_str().unwrap())
}
