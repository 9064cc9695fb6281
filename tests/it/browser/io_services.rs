//! The administrator's pages of IO in a real browser.

use riscontro::stand_in::ready;

use super::{chromium, run};
use crate::support::app::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_makes_a_service_out_of_a_model() {
    let Some(chromium) = chromium() else { return };
    let app = TestApp::start().await;
    let io = app.io().await;
    app.giulia_joins().await;
    run("io_services.mjs", &chromium, &app, &[]).await;
    let services = io.stand_in.services();
    let made = services.iter().find(|service| service.id != ready::SERVICE).unwrap();
    assert_eq!(made.sheet["name"], "Tassa sui rifiuti (TARI)");
    assert_eq!(made.sheet["metadata"]["topic_id"], 4);
}
