//! An installation that has been at work is brought up to date: what its rows say stays true.

use entity::communication::{self, Channel};
use riscontro::store;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use crate::support::{app::TestApp, letter::letter};

/// Undoes step 4, as an installation of before it would be.
const BEFORE_OVERVIEW: &str = "
    DROP INDEX work_order_open_channel;
    DROP INDEX submission_rated;
    DROP INDEX errand_log;
    ALTER TABLE work_order DROP COLUMN channel;
    DELETE FROM seaql_migrations WHERE version = 'm20261122_000004_overview';
";

#[tokio::test]
async fn older_work_orders_learn_the_way_by_which_they_came() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    app.mail_in(letter("mario@libero.example", "Cassonetto rotto").says("Via Dante 1").raw()).await;
    app.report(&[("email", "anna@libero.example")]).await;
    let (first, second) = (app.order("2026/000001").await, app.order("2026/000002").await);
    let db = &app.app.desk.db;
    // Later letters came by other ways.
    let thread = |order| store::communication::thread(&db.read, app.organisation(), order, None, 10);
    let (by_mail, by_form) = (thread(first.id).await.unwrap(), thread(second.id).await.unwrap());
    let later = |one: &communication::Model, work_order_id| communication::Model {
        id: Uuid::now_v7(),
        work_order_id,
        incoming_mail_id: None,
        submission_id: None,
        message_id: None,
        answers_id: None,
        created_at: app.now() + chrono::Duration::hours(1),
        ..one.clone()
    };
    let tx = db.begin().await.unwrap();
    let rows = vec![later(&by_form.rows[0], first.id), later(&by_mail.rows[0], second.id)];
    store::communication::insert(&tx, rows).await.unwrap();
    tx.execute_unprepared(BEFORE_OVERVIEW).await.unwrap();
    tx.commit().await.unwrap();

    db.migrate().await.unwrap();

    assert_eq!(app.order("2026/000001").await.channel, Channel::Email);
    assert_eq!(app.order("2026/000002").await.channel, Channel::Web);
}
