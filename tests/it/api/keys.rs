//! What a key opens.

use entity::app_key::Scope;
use riscontro::actions::{Cx, app_key};
use serde_json::json;

use super::{ALL, base, client, key, open_portal, report};
use crate::support::app::TestApp;

#[tokio::test]
async fn each_door_wants_its_scope() {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let base = base(&app).await;
    let refused = |scopes: Vec<Scope>| {
        let (app, base) = (&app, &base);
        async move {
            let client = client(app, &scopes)
                .await
                .with("idempotency-key", "x")
                .with("x-citizen-fiscal-code", "RSSMRA85T10A562S");
            [
                client.post(&format!("{base}/requests"), &report("anna@libero.example")).await.problem().0,
                client.get(&format!("{base}/requests")).await.problem().0,
                client
                    .post(&format!("{base}/citizens/codes"), &json!({ "email": "a@b.example" }))
                    .await
                    .problem()
                    .0,
                client.get(&format!("{base}/webhooks")).await.problem().0,
                client.delete(&format!("{base}/uploads/{}", uuid::Uuid::nil())).await.problem().0,
            ]
        }
    };
    assert_eq!(refused(vec![Scope::Open311]).await, [403; 5]);
    // Who may read may not yet say by itself who the citizen is.
    let reader = client(&app, &[Scope::Read]).await.with("x-citizen-fiscal-code", "RSSMRA85T10A562S");
    let answer = reader.get(&format!("{base}/requests")).await;
    assert_eq!(answer.problem(), (403, "scope-missing".to_owned()));
    assert!(answer.body.contains("citizens:verified"), "{}", answer.body);
    let verified =
        client(&app, &[Scope::Read, Scope::Verified]).await.with("x-citizen-fiscal-code", "RSSMRA85T10A562S");
    assert_eq!(verified.get(&format!("{base}/requests")).await.status, 200);
}

#[tokio::test]
async fn a_key_that_opens_nothing_says_nothing() {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let base = base(&app).await;
    let client = client(&app, &ALL).await;
    let made = key(&app, &ALL, 600).await;
    let with_made = client.with_key(&made.key);
    assert_eq!(with_made.get(&format!("{base}/webhooks")).await.status, 200);
    let cx = Cx::system(app.organisation(), app.now());
    app_key::revoke(&app.app.desk, &cx, made.row.id).await.unwrap();
    let revoked = with_made.get(&format!("{base}/webhooks")).await;
    let unknown = client.with_key("rk_aaaaaaaa_aaaa").get(&format!("{base}/webhooks")).await;
    assert_eq!(revoked.problem(), (401, "key-invalid".to_owned()));
    assert_eq!(revoked.body, unknown.body, "whether it ever was a key is nobody's business");
    assert!(revoked.header("www-authenticate").starts_with("Bearer"));
    let none = client.without_key().get(&format!("{base}/webhooks")).await;
    assert_eq!(none.problem(), (401, "key-missing".to_owned()));
    assert_eq!(
        client.with_key("").get(&format!("{base}/kinds")).await.problem().0,
        401,
        "not even what is open to all"
    );
}

#[tokio::test]
async fn a_key_is_worth_nothing_at_another_organisation() {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let client = client(&app, &ALL).await;
    app.stranger().await;
    let all = riscontro::store::organisation::all(&app.app.desk.db.read).await.unwrap();
    let other = all.iter().find(|one| one.id != app.organisation()).unwrap().id;
    let portal =
        riscontro::store::portal::of(&app.app.desk.db.read, app.organisation()).await.unwrap().unwrap();
    let portal = entity::portal::Model { organisation_id: other, slug: "altro".to_owned(), ..portal };
    let tx = app.app.desk.db.begin().await.unwrap();
    riscontro::store::portal::insert(&tx, portal).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(client.get("/api/v1/altro/webhooks").await.problem(), (401, "key-invalid".to_owned()));
    assert_eq!(client.get("/api/v1/nessuno/webhooks").await.problem().0, 404);
    assert_eq!(client.without_key().get("/api/v1/altro/kinds").await.status, 200);
}

#[tokio::test]
async fn a_cookie_opens_nothing() {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let base = base(&app).await;
    let admin = app.administrator().await;
    let client = client(&app, &ALL).await.without_key().with("cookie", admin.cookie().unwrap());
    assert_eq!(client.get(&format!("{base}/webhooks")).await.problem(), (401, "key-missing".to_owned()));
}

#[tokio::test]
async fn the_last_use_is_noted_once_a_minute() {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let base = base(&app).await;
    let made = key(&app, &ALL, 600).await;
    let client = client(&app, &ALL).await.with_key(&made.key);
    let used_at = || async {
        let row =
            riscontro::store::app_key::by_id(&app.app.desk.db.read, app.organisation(), made.row.id).await;
        row.unwrap().unwrap().used_at
    };
    assert_eq!(used_at().await, None);
    let first = app.now();
    client.get(&format!("{base}/kinds")).await;
    app.pass(chrono::Duration::seconds(59));
    client.get(&format!("{base}/kinds")).await;
    assert_eq!(used_at().await, Some(first));
    app.pass(chrono::Duration::seconds(2));
    client.get(&format!("{base}/kinds")).await;
    assert_eq!(used_at().await, Some(app.now()));
}

#[tokio::test]
async fn what_everybody_may_read_needs_no_key_once_the_portal_is_open() {
    let app = TestApp::start().await;
    let base = base(&app).await;
    let client = client(&app, &ALL).await;
    let stranger = client.without_key();
    assert_eq!(stranger.get(&format!("{base}/kinds")).await.problem().0, 404, "not open yet");
    assert_eq!(client.get(&format!("{base}/kinds")).await.status, 200, "an app is built before");
    open_portal(&app).await;
    for path in ["kinds", "kinds/disruption?lang=de", "notices", "reports"] {
        let answer = stranger.get(&format!("{base}/{path}")).await;
        assert_eq!(
            (answer.status, answer.header("access-control-allow-origin")),
            (200, "*"),
            "{path} {}",
            answer.body
        );
    }
    assert_eq!(client.get(&format!("{base}/kinds")).await.header("access-control-allow-origin"), "");
    let fields = stranger.get(&format!("{base}/kinds/disruption")).await.json();
    assert_eq!(fields["fields"][1]["name"], "details");
    assert_eq!(fields["fields"][1]["required"], true);
}

#[tokio::test]
async fn every_refusal_is_a_problem() {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let base = base(&app).await;
    let client = client(&app, &ALL).await;
    let path = |rest: &str| format!("{base}{rest}");
    assert_eq!(client.get("/api/v2").await.problem().0, 404);
    assert_eq!(client.get("/api/v1/x/y/z").await.problem().0, 404);
    assert_eq!(client.get(&path("/kinds/%00")).await.problem().0, 404);
    assert_eq!(client.get("/api/v1/%00/kinds").await.problem().0, 404);
    let method = client.delete(&path("/kinds")).await;
    assert_eq!(method.problem().0, 405);
    assert!(method.header("allow").contains("GET"), "{:?}", method.headers);
    assert_eq!(client.get(&path("/kinds?lang=fr")).await.problem(), (422, "invalid".to_owned()));
    assert_eq!(client.get(&path("/reports?limit=0")).await.fields(), ["limit"]);
    assert_eq!(client.get(&path("/reports?cursor=abc")).await.fields(), ["cursor"]);
    let codes = path("/citizens/codes");
    let send = |media: &'static str, body: String| {
        client.send(axum::http::Method::POST, &codes, Some(media), body.into())
    };
    assert_eq!(send("text/plain", "x".to_owned()).await.problem().0, 415);
    assert_eq!(send("application/json", "{".to_owned()).await.problem().0, 400);
    assert_eq!(send("application/json", "{}".to_owned()).await.fields(), ["email"]);
    assert_eq!(send("application/json", r#"{"email":"a","colour":1}"#.to_owned()).await.fields(), ["colour"]);
    assert_eq!(send("application/json", r#"{"email":"nobody"}"#.to_owned()).await.fields(), ["email"]);
    assert_eq!(send("application/json", format!("\"{}\"", "a".repeat(300_000))).await.problem().0, 413);
}
