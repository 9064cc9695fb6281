//! The operators' and administrators' side of IO, at their pages, with the stand-in for IO behind them.

mod archive;
mod batch;
mod drafts;
mod new;
mod refused;
mod reminders;
mod searched;
mod services;
mod updates;

use entity::taxpayer;
use riscontro::{domain::text, store};
use uuid::Uuid;

use crate::support::app::TestApp;

/// Somebody stands in the register with a code as it came from there, right or wrong.
async fn stands_in_the_register(app: &TestApp, code: &str) {
    let tx = app.app.desk.db.begin().await.unwrap();
    let row = taxpayer::Model {
        id: Uuid::now_v7(),
        organisation_id: app.organisation(),
        code: None,
        name: "Verdi Anna".to_owned(),
        name_folded: text::fold("Verdi Anna"),
        fiscal_code: Some(code.to_owned()),
        address: String::new(),
        generic: false,
        created_at: app.now(),
        updated_at: app.now(),
    };
    store::taxpayer::insert(&tx, row).await.unwrap();
    tx.commit().await.unwrap();
}
