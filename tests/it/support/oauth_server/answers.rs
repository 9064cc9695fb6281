//! What the provider answers, page by page.

use std::collections::HashMap;

use axum::{
    Form, Json,
    extract::{Query, State as Extracted},
    http::{StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Code, OAuthServer, Shared, State};

type Fields = HashMap<String, String>;

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).map_or("", String::as_str)
}

/// The page of consent. The owner is whom the application named.
pub(super) async fn authorize(Extracted(shared): Extracted<Shared>, Query(asked): Query<Fields>) -> Response {
    let right = field(&asked, "response_type") == "code"
        && field(&asked, "client_id") == OAuthServer::CLIENT_ID
        && field(&asked, "code_challenge_method") == "S256"
        && field(&asked, "scope") == "posta offline_access"
        && !field(&asked, "state").is_empty()
        && !asked.contains_key("client_secret");
    if !right {
        return (StatusCode::BAD_REQUEST, "what kind of question is that?").into_response();
    }
    let mut state = shared.lock();
    let back = field(&asked, "redirect_uri").to_owned();
    let carried = field(&asked, "state");
    if std::mem::take(&mut state.manners.denies) {
        let why = "error=access_denied&error_description=Il+titolare+%3Cha+detto%3E+no";
        return Redirect::to(&format!("{back}?{why}&state={carried}")).into_response();
    }
    let code = state.next("codice");
    let user = field(&asked, "login_hint").split('@').next().unwrap_or_default().to_owned();
    let challenge = field(&asked, "code_challenge").to_owned();
    // Who consents anew has consented.
    state.manners.taken_back.remove(&user);
    state.secrets.push(code.clone());
    state.codes.insert(code.clone(), Code { user, challenge, redirect_uri: back.clone() });
    Redirect::to(&format!("{back}?code={code}&state={carried}")).into_response()
}

/// Where tokens are given.
pub(super) async fn token(Extracted(shared): Extracted<Shared>, Form(asked): Form<Fields>) -> Response {
    let mut state = shared.lock();
    if let Some((status, body)) = state.manners.answers.clone() {
        let status = StatusCode::from_u16(status).unwrap();
        let location = [(header::LOCATION, "http://127.0.0.1:9/token")];
        return (status, location, [(header::CONTENT_TYPE, "application/json")], body).into_response();
    }
    let client = (field(&asked, "client_id"), field(&asked, "client_secret"));
    if client != (OAuthServer::CLIENT_ID, OAuthServer::CLIENT_SECRET) {
        return no("invalid_client", "L'applicazione non è conosciuta.");
    }
    match field(&asked, "grant_type") {
        "authorization_code" => exchange(&mut state, &asked),
        "refresh_token" => renew(&mut state, &asked),
        "client_credentials" if field(&asked, "scope") == "posta offline_access" => {
            state.give(OAuthServer::APPLICATION_USER, false)
        }
        _ => no("unsupported_grant_type", "Non so che cosa vuoi."),
    }
}

/// A code is good once, for who can show the verifier.
fn exchange(state: &mut State, asked: &Fields) -> Response {
    let Some(code) = state.codes.remove(field(asked, "code")) else {
        return no("invalid_grant", "Il codice non vale.");
    };
    let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(field(asked, "code_verifier")));
    if challenge != code.challenge || field(asked, "redirect_uri") != code.redirect_uri {
        return no("invalid_grant", "Il codice non è tuo.");
    }
    state.give(&code.user, true)
}

/// A refresh token is good once; the next comes with the token.
fn renew(state: &mut State, asked: &Fields) -> Response {
    if state.manners.refuses_renewal {
        return no("invalid_grant", "AADSTS70043: The refresh token has expired.");
    }
    match state.refresh.remove(field(asked, "refresh_token")) {
        Some(user) if !state.manners.taken_back.contains(&user) => {
            state.renewals += 1;
            state.give(&user, true)
        }
        _ => no("invalid_grant", "AADSTS50173: The grant has been revoked."),
    }
}

impl State {
    fn next(&mut self, what: &str) -> String {
        self.given += 1;
        format!("{what}-{}-{}", self.given, uuid::Uuid::now_v7().simple())
    }

    fn give(&mut self, user: &str, renewable: bool) -> Response {
        let access = self.next("token");
        let mut answer: Value = json!({
            "token_type": "Bearer", "access_token": access, "expires_in": OAuthServer::LIFETIME, "ext_expires_in": 7200,
        });
        self.access.insert(access.clone(), user.to_owned());
        self.secrets.push(access);
        if renewable && !self.manners.no_refresh {
            let refresh = self.next("rinnovo");
            answer["refresh_token"] = json!(refresh);
            self.refresh.insert(refresh.clone(), user.to_owned());
            self.secrets.push(refresh);
        }
        Json(answer).into_response()
    }
}

fn no(code: &str, words: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": code, "error_description": words }))).into_response()
}

/// The question of a mail server: whose token is this?
pub(super) async fn introspect(
    Extracted(shared): Extracted<Shared>,
    Form(asked): Form<Fields>,
) -> Json<Value> {
    let user = shared.lock().access.get(field(&asked, "token")).cloned();
    Json(match user {
        Some(user) => json!({ "active": true, "username": user, "email": user, "scope": "posta" }),
        None => json!({ "active": false }),
    })
}
