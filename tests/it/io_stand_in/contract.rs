//! The platform's own client (npm, `tests/io/contract.mjs`) at the stand-in, its own codecs at bodies, and its own specification, which
//! comes with the client, under `schemathesis`: what neither side of ours has written.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use riscontro::stand_in::{self, Group, ready};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{Io, message, sheet};
use crate::support::{schemathesis::Run, skip_without};

#[tokio::test(flavor = "multi_thread")]
async fn pagopas_own_client_takes_the_stand_in_for_io() {
    let Some(node) = node() else { return };
    let io = Io::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(stand_in::serve(listener, io.stand_in.clone()));
    let mut contract = contract(&node, &["stand-in"]);
    contract.env("BASE", base).env("USE_KEY", &io.key).env("MANAGE_KEY", ready::MANAGE_KEYS[0]);
    contract.envs([("ON", ready::ON), ("OFF", ready::OFF), ("ABSENT", ready::ABSENT)]);
    let complaints = complaints(contract).await;
    server.abort();
    assert_eq!(complaints, None);
}

#[tokio::test]
async fn pagopas_own_codecs_read_bodies_and_refuse_wrong_ones() {
    let Some(node) = node() else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, body: &Value| {
        let path = folder.path().join(name);
        std::fs::write(&path, body.to_string()).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let mut short = message(ready::ON);
    short["content"]["subject"] = json!("Ticket 12");
    let mut nowhere = sheet("Raccolta rifiuti");
    nowhere["metadata"]["scope"] = json!("REGIONAL");
    for (what, right, wrong) in
        [("messages", message(ready::ON), short), ("services", sheet("Raccolta rifiuti"), nowhere)]
    {
        let (right, wrong) = (file("right.json", &right), file("wrong.json", &wrong));
        assert_eq!(complaints(contract(&node, &[what, &right])).await, None);
        let refused = complaints(contract(&node, &[what, &right, &wrong])).await.unwrap();
        assert!(refused.contains("wrong.json"), "{refused}");
    }
}

/// What the specification says and the platform does not do (facts 2.5): it leaves out 400 here and there, and every refusal is
/// `application/problem+json`; so statuses and media types are left to the client above. Deleting and renewing keys is done to a
/// service that is not there, or nothing would be left to try. What nobody here calls is left out.
#[tokio::test(flavor = "multi_thread")]
async fn the_stand_in_keeps_the_specification_whatever_it_is_sent() {
    const SPECIFICATION: &str = "@pagopa/io-functions-services-sdk/openapi.yaml";
    const CHECKS: &str = "not_a_server_error,response_schema_conformance,negative_data_rejection,positive_data_acceptance,\
                          missing_required_header,use_after_free";
    let Some(_) = node() else { return };
    let document = packages().join(SPECIFICATION);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/api/v1", listener.local_addr().unwrap());
    let Some(run) = Run::of(document.to_str().unwrap(), &address) else { return };
    let io = Io::new();
    io.stand_in.set(|knobs| {
        (knobs.calls_per_window, knobs.processing_seconds, knobs.copy_seconds) = (usize::MAX, 0, 0);
    });
    let more = [
        Group::ApiThirdPartyMessageWrite,
        Group::ApiMessageWriteAdvanced,
        Group::ApiMessageReadAdvanced,
        Group::ApiMessageWriteWithPayee,
        Group::ApiRemoteContentConfigurationWrite,
    ];
    assert!(io.stand_in.groups(ready::INSTITUTION, &[stand_in::NEW_INSTITUTION.as_slice(), &more].concat()));
    let server = tokio::spawn(stand_in::serve(listener, io.stand_in.clone()));
    let settings = format!(
        r#"
        [parameters]
        "path.serviceId" = "{service}"
        "path.fiscal_code" = "{citizen}"
        "path.organization_fiscal_code" = "{institution}"
        [headers]
        Ocp-Apim-Subscription-Key = "{key}"
        [generation]
        with-security-parameters = false
        [checks]
        positive_data_acceptance.expected-statuses = ["2xx", "400", "403", "404", "409"]
        [[operations]]
        include-path-regex = "^/(manage|messages-sending)"
        headers = {{ Ocp-Apim-Subscription-Key = "{manage}" }}
        [[operations]]
        include-path-regex = "^/(activations|subscriptions-feed)"
        enabled = false
        [[operations]]
        include-name = "DELETE /manage/services/{{serviceId}}"
        parameters = {{ "path.serviceId" = "01J0ALTR00SERV0Z0000000000" }}
        [[operations]]
        include-name = "PUT /manage/services/{{serviceId}}/keys/{{keyType}}"
        parameters = {{ "path.serviceId" = "01J0ALTR00SERV0Z0000000000" }}
        "#,
        service = ready::SERVICE,
        citizen = ready::ON,
        institution = ready::INSTITUTION_CODE,
        key = io.key,
        manage = ready::MANAGE_KEYS[0],
    );
    let options = ["--checks", CHECKS, "--seed", "20261122", "-n", "15"];
    let nothing = run.with(&options).finds_nothing(&settings).await;
    server.abort();
    assert!(nothing, "see above");
    let calls = io.stand_in.calls().len();
    assert!(calls > 100, "only {calls} calls came in");
}

/// A run of `tests/io/contract.mjs`.
pub fn contract(node: &Path, arguments: &[&str]) -> Command {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/io/contract.mjs");
    let mut command = Command::new(node);
    command.arg(script).args(arguments);
    command
}

/// What it has to say against us.
pub async fn complaints(mut run: Command) -> Option<String> {
    let ended = tokio::task::spawn_blocking(move || run.output().unwrap()).await.unwrap();
    (!ended.status.success()).then(|| String::from_utf8_lossy(&ended.stderr).into_owned())
}

/// Node and the SDK were needed to build this very binary, unless its front end was built elsewhere.
pub fn node() -> Option<PathBuf> {
    let sdk = packages().join("@pagopa/io-functions-services-sdk");
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&paths).map(|folder| folder.join("node")).find(|path| path.is_file());
    if found.is_none() || !sdk.is_dir() {
        skip_without("node, with the packages of assets");
        return None;
    }
    found
}

/// Where the packages of the front end's build are.
fn packages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/node_modules")
}
