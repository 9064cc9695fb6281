//! The platform's own client (npm, `tests/io/contract.mjs`) at the stand-in, and its own codecs at bodies: what neither side of ours
//! has written.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use riscontro::stand_in::{self, ready};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{Io, message, sheet};
use crate::support::skip_without;

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
    let sdk =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/node_modules/@pagopa/io-functions-services-sdk");
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&paths).map(|folder| folder.join("node")).find(|path| path.is_file());
    if found.is_none() || !sdk.is_dir() {
        skip_without("node, with the packages of assets");
        return None;
    }
    found
}
