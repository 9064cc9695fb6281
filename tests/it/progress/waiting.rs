//! News that waits for IO: not for ever, and not into the night.

use chrono::{DateTime, Duration, Utc};
use entity::{io_message::State, io_service, update_rule::Occasion, work_order::Status};
use riscontro::{
    actions::progress::Details,
    stand_in::{Door, Fault, ready},
    store,
};
use sea_orm::ActiveValue::Set;

use super::ANNA;
use crate::support::{app::TestApp, io::Io};

impl TestApp {
    /// Somebody changes the service that tells.
    async fn service_becomes(&self, io: &Io, change: io_service::ActiveModel) {
        let db = &self.app.desk.db;
        let service =
            store::io_service::by_id(&db.read, self.organisation(), io.service).await.unwrap().unwrap();
        let tx = db.begin().await.unwrap();
        let key = (io.service, service.version);
        assert!(store::io_service::update(&tx, self.organisation(), key, change).await.unwrap());
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn news_of_a_service_that_was_switched_off_goes_by_mail_after_a_day() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    app.becomes(order, Status::InProgress).await;
    app.service_becomes(&io, io_service::ActiveModel { sends: Set(false), ..Default::default() }).await;
    app.io_passes(&io, Duration::hours(23)).await;
    assert_eq!(app.updates(order).await[0].1.as_ref().unwrap().state, State::Queued);
    assert!(app.letters_out().await.is_empty(), "it may be switched on again");
    app.io_passes(&io, Duration::hours(2)).await;
    let notification = app.updates(order).await.remove(0).1.unwrap();
    assert_eq!(notification.state, State::Failed);
    assert!(notification.last_error.as_ref().unwrap().contains("è spento"), "{:?}", notification.last_error);
    assert_eq!(app.letters_out().await.len(), 1);
    app.service_becomes(&io, io_service::ActiveModel { sends: Set(true), ..Default::default() }).await;
    app.io_passes(&io, Duration::hours(1)).await;
    assert!(io.stand_in.calls().is_empty() && app.letters_out().await.is_empty(), "told once");
}

#[tokio::test]
async fn a_service_that_io_refuses_for_a_day_holds_nobodys_news_back() {
    const NEWS: usize = 20;
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    io.stand_in.plan(Door::Any, usize::MAX, Fault::Gateway(401));
    let order = app.writes(ANNA).await;
    for number in 0..NEWS {
        let details = Details { office: format!("la squadra {number}"), ..Details::default() };
        app.announces(order, Occasion::Forwarded, details).await.unwrap();
    }
    for _ in 0..5 {
        app.io_passes(&io, Duration::hours(5)).await;
    }
    assert_eq!(app.letters_out().await.len(), NEWS, "not only what was tried");
}

#[tokio::test]
async fn a_line_that_was_down_in_the_evening_rings_nobody_at_night() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    // The house begins at nine in the morning.
    let evening: DateTime<Utc> = "2026-03-02T19:55:00Z".parse().unwrap();
    app.io_passes(&io, evening - app.now()).await;
    let order = app.writes(ANNA).await;
    io.stand_in.plan(Door::Profiles, 1, Fault::ServerError);
    app.becomes(order, Status::InProgress).await;
    app.io_passes(&io, Duration::seconds(10)).await;
    let row = app.updates(order).await.remove(0).1.unwrap();
    assert_eq!((row.state, row.attempts), (State::Queued, 1), "tried before nine in the evening");
    for _ in 0..10 {
        app.io_passes(&io, Duration::hours(1)).await;
    }
    assert!(io.stand_in.messages().is_empty());
    let row = app.updates(order).await.remove(0).1.unwrap();
    assert_eq!(row.next_at, Some("2026-03-03T07:00:00Z".parse().unwrap()));
    app.io_passes(&io, Duration::hours(2)).await;
    assert_eq!(io.stand_in.messages().len(), 1);
    assert!(app.letters_out().await.is_empty());
}
