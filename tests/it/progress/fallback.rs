//! When IO says no, mail carries the news: once, whatever happens in between.

use chrono::Duration;
use entity::{follower::ToldBy, io_message::State, work_order::Status};
use riscontro::{
    actions::{io::message, tracking, work_order as orders},
    stand_in::{Door, Fault, ready},
    store,
};

use super::ANNA;
use crate::support::app::TestApp;

#[tokio::test]
async fn who_is_not_on_io_or_does_not_want_the_service_gets_a_letter() {
    for (code, state) in [(ready::ABSENT, State::NotOnIo), (ready::OFF, State::ServiceOff)] {
        let app = TestApp::start().await;
        let io = app.tells_on_io().await;
        app.registered(ANNA, code).await;
        let order = app.writes(ANNA).await;
        app.becomes(order, Status::InProgress).await;
        assert!(app.letters_out().await.is_empty(), "not before IO has said no");
        assert!(app.on_io(&io).await.is_empty());
        let letters = app.letters_out().await;
        assert_eq!(letters.len(), 1, "{code}");
        let mail = &letters[0].mail;
        assert_eq!(mail.to[0].address, ANNA);
        assert_eq!(mail.subject, "La tua richiesta è stata presa in carico [2026/000001]");
        assert!(
            mail.text.starts_with("Buongiorno,") && !mail.text.contains("link personale"),
            "{}",
            mail.text
        );
        assert!(letters[0].raw.contains("Auto-Submitted: auto-replied"));
        let updates = app.updates(order).await;
        assert_eq!(updates.len(), 1, "one update, two ways");
        assert_eq!(updates[0].1.as_ref().unwrap().state, state);
        assert_eq!(updates[0].0.recipients.0[0].address, ANNA);
        app.a_day_passes(&io).await;
        assert!(app.letters_out().await.is_empty(), "once");
    }
}

#[tokio::test]
async fn what_io_takes_and_then_does_not_deliver_is_written_too() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::FAILING).await;
    let order = app.writes(ANNA).await;
    app.becomes(order, Status::InProgress).await;
    assert_eq!(app.on_io(&io).await.len(), 1);
    assert!(app.letters_out().await.is_empty());
    app.io_passes(&io, Duration::minutes(2)).await;
    assert_eq!(app.updates(order).await[0].1.as_ref().unwrap().state, State::Failed);
    assert_eq!(app.letters_out().await.len(), 1);
    // Sent again by hand, and failed again: the letter has told it.
    let missed = app.updates(order).await[0].1.as_ref().unwrap().id;
    message::repeat(&app.app.desk, &app.operators_cx().await, missed, true).await.unwrap();
    app.io_passes(&io, Duration::minutes(2)).await;
    app.io_passes(&io, Duration::minutes(2)).await;
    assert!(app.letters_out().await.is_empty());
}

#[tokio::test]
async fn what_may_have_arrived_is_not_written_as_well() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    io.stand_in.plan(Door::Messages, 1, Fault::Drop);
    app.becomes(order, Status::InProgress).await;
    app.on_io(&io).await;
    assert_eq!(app.updates(order).await[0].1.as_ref().unwrap().state, State::Uncertain);
    app.a_day_passes(&io).await;
    assert!(app.letters_out().await.is_empty());
    assert_eq!(io.stand_in.messages().len(), 1, "it had arrived");
}

#[tokio::test]
async fn while_io_is_down_the_news_waits_for_it() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    io.stand_in.plan(Door::Any, 2, Fault::BadGateway);
    app.becomes(order, Status::InProgress).await;
    assert!(app.on_io(&io).await.is_empty());
    app.io_passes(&io, Duration::hours(1)).await;
    assert!(app.letters_out().await.is_empty(), "tried again, in vain");
    app.io_passes(&io, Duration::hours(1)).await;
    assert_eq!(io.stand_in.messages().len(), 1);
    assert!(app.letters_out().await.is_empty());
}

#[tokio::test]
async fn news_that_io_does_not_take_for_a_day_goes_by_mail() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    io.stand_in.plan(Door::Any, 20, Fault::BadGateway);
    app.becomes(order, Status::InProgress).await;
    for _ in 0..5 {
        app.io_passes(&io, Duration::hours(5)).await;
    }
    assert_eq!(app.updates(order).await[0].1.as_ref().unwrap().state, State::Failed);
    assert_eq!(app.letters_out().await.len(), 1);
    for _ in 0..5 {
        app.io_passes(&io, Duration::hours(12)).await;
    }
    assert!(io.stand_in.messages().is_empty(), "the letter has told it");
    assert!(app.letters_out().await.is_empty());
}

#[tokio::test]
async fn who_asked_for_silence_meanwhile_gets_no_letter_either() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    let held = app.report(&[("email", ANNA), ("name", "Anna")]).await;
    app.confirm(&held).await;
    let taxpayer = app.registered(ANNA, ready::OFF).await;
    let by_hand = orders::Identify { taxpayer, add_contact: false, with_others: false };
    orders::identify(&app.app.desk, &app.operators_cx().await, held.order, by_hand).await.unwrap();
    app.errands_out().await;
    app.becomes(held.order, Status::InProgress).await;
    let db = &app.app.desk.db.read;
    let follower = store::follower::by_id(db, app.organisation(), held.follower).await.unwrap().unwrap();
    tracking::tell_by(&app.app.desk, &app.cx(), &follower, ToldBy::Nothing).await.unwrap();
    app.on_io(&io).await;
    assert_eq!(app.updates(held.order).await[0].1.as_ref().unwrap().state, State::ServiceOff);
    assert!(app.errands_out().await.is_empty());
}
