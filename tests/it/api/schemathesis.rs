//! The API under `schemathesis`, which `tests/schemathesis.sh` installs and names in `SCHEMATHESIS`: too large a guest for the
//! suite in the loop, but `tests/run` brings it along.

use std::{net::SocketAddr, process::Command};

use riscontro::app::Clock;

use super::{ALL, base, client, key, open_portal, report};
use crate::support::{app::TestApp, skip_without};

/// Who has sent a request, and may be named by a key that has verified it.
const FISCAL_CODE: &str = "RSSMRA85T10A562S";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_can_be_sent_breaks_the_contract() {
    let Some(program) = std::env::var_os("SCHEMATHESIS") else { return skip_without("schemathesis") };
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
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/api/v1/openapi.json", listener.local_addr().unwrap());
    let doors = riscontro::web::router(app.app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async move { axum::serve(listener, doors).await });
    let settings = app.data.path().join("schemathesis.toml");
    let slug = base.rsplit('/').next().unwrap();
    // Rules of the trade (a code that is right, a service that exists) have no place in a document: what fits it may still be
    // refused by name, with 422, and by nothing else. Of uploads it counts as wrong what it then sends right: a part that it
    // renamed arrives as file all the same.
    let words = format!(
        "[parameters]\n\"path.org\" = \"{slug}\"\n\"path.number\" = \"2026-000001\"\n\"path.code\" = \"disruption\"\n\
         [headers]\nAuthorization = \"Bearer {key}\"\nX-Citizen-Fiscal-Code = \"{FISCAL_CODE}\"\n\
         [generation]\nwith-security-parameters = false\n\
         [checks]\npositive_data_acceptance.expected-statuses = [\"2xx\", \"401\", \"403\", \"404\", \"409\", \"422\", \"429\"]\n\
         [[operations]]\ninclude-path = \"/api/v1/{{org}}/uploads\"\nchecks.negative_data_rejection.enabled = false\n"
    );
    std::fs::write(&settings, words).unwrap();
    let server_url = url.trim_end_matches("/api/v1/openapi.json").to_owned();
    // The same requests each time, unless somebody asks for others: a test that fails now and then is believed by nobody.
    let asked = std::env::var("SCHEMATHESIS_OPTIONS").unwrap_or_default();
    let options = if asked.trim().is_empty() { "--seed 20261122".to_owned() } else { asked };
    let folder = app.data.path().to_owned();
    let ended = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(program);
        // It keeps notes of its failures where it runs.
        command.current_dir(folder).arg("--config-file").arg(settings).args([
            "run",
            &url,
            "--url",
            &server_url,
        ]);
        command.args(options.split_whitespace()).status().unwrap()
    })
    .await
    .unwrap();
    server.abort();
    assert!(ended.success(), "see above");
}
