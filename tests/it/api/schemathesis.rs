//! The API under `schemathesis`.

use std::net::SocketAddr;

use riscontro::app::Clock;

use super::{ALL, base, client, key, open_portal, report};
use crate::support::{app::TestApp, schemathesis::Run};

/// Who has sent a request, and may be named by a key that has verified it.
const FISCAL_CODE: &str = "RSSMRA85T10A562S";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_can_be_sent_breaks_the_contract() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let Some(run) = Run::of(&format!("{address}/api/v1/openapi.json"), &address) else { return };
    let mut app = TestApp::start().await;
    // The measure must come back while thousands of requests are sent.
    app.app.clock = Clock::Machine;
    open_portal(&app).await;
    let base = base(&app).await;
    let key = key(&app, &ALL, riscontro::actions::app_key::MOST_PER_MINUTE).await.key;
    let first = client(&app, &ALL).await.with_key(&key).with("idempotency-key", "first");
    let mut mario = report("mario@libero.example");
    mario["answers"]["fiscal_code"] = FISCAL_CODE.into();
    let sent = first.post(&format!("{base}/requests"), &mario).await;
    assert_eq!(sent.status, 201, "{}", sent.body);
    let doors = riscontro::web::router(app.app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async move { axum::serve(listener, doors).await });
    let slug = base.rsplit('/').next().unwrap();
    // Rules of the trade (a code that is right, a service that exists) have no place in a document: what fits it may still be
    // refused by name, with 422, and by nothing else. Of uploads it counts as wrong what it then sends right: a part that it
    // renamed arrives as file all the same.
    let settings = format!(
        "[parameters]\n\"path.org\" = \"{slug}\"\n\"path.number\" = \"2026-000001\"\n\"path.code\" = \"disruption\"\n\
         [headers]\nAuthorization = \"Bearer {key}\"\nX-Citizen-Fiscal-Code = \"{FISCAL_CODE}\"\n\
         [generation]\nwith-security-parameters = false\n\
         [checks]\npositive_data_acceptance.expected-statuses = [\"2xx\", \"401\", \"403\", \"404\", \"409\", \"422\", \"429\"]\n\
         [[operations]]\ninclude-path = \"/api/v1/{{org}}/uploads\"\nchecks.negative_data_rejection.enabled = false\n"
    );
    // The same requests each time, unless somebody asks for others: a test that fails now and then is believed by nobody.
    let asked = std::env::var("SCHEMATHESIS_OPTIONS").unwrap_or_default();
    let options = if asked.trim().is_empty() { "--seed 20261122" } else { &asked };
    let options: Vec<&str> = options.split_whitespace().collect();
    let nothing = run.with(&options).finds_nothing(&settings).await;
    server.abort();
    assert!(nothing, "see above");
}
