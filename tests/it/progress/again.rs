//! The same news is told once, whoever presses the button.

use chrono::Duration;
use entity::{
    io_message::State,
    update_rule::{Occasion, Way},
};
use riscontro::{
    actions::{Error, io::message, progress::Details},
    stand_in::ready,
};

use super::ANNA;
use crate::support::app::TestApp;

#[tokio::test]
async fn a_page_that_was_loaded_again_tells_nothing_twice() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    let at = |hours| Details {
        when: Some(app.now() + Duration::days(3) + Duration::hours(hours)),
        place: "via Roma 3".to_owned(),
        ..Details::default()
    };
    app.announces(order, Occasion::Appointment, at(0)).await.unwrap();
    let Err(Error::Rejected(flaws)) = app.announces(order, Occasion::Appointment, at(0)).await else {
        panic!("a form of its own, and nothing new in it")
    };
    assert!(flaws[0].message.contains("con le stesse parole"), "{}", flaws[0].message);
    app.announces(order, Occasion::Appointment, at(1)).await.unwrap();
    assert_eq!(app.on_io(&io).await.len(), 2, "another hour is news");
    assert_eq!(app.updates(order).await.len(), 2);
}

#[tokio::test]
async fn what_was_taken_back_or_told_long_ago_may_be_told_again() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    let office = || Details { office: "Comune di Castelverde".to_owned(), ..Details::default() };
    app.announces(order, Occasion::Forwarded, office()).await.unwrap();
    let waiting = app.updates(order).await.remove(0).1.unwrap();
    message::take_back(&app.app.desk, &app.operators_cx().await, waiting.id).await.unwrap();
    app.announces(order, Occasion::Forwarded, office()).await.unwrap();
    assert_eq!(app.on_io(&io).await.len(), 1);
    app.io_passes(&io, Duration::days(7)).await;
    app.announces(order, Occasion::Forwarded, office()).await.unwrap();
    assert_eq!(app.on_io(&io).await.len(), 1);
    let states: Vec<_> = app.updates(order).await.into_iter().map(|(_, row)| row.unwrap().state).collect();
    assert_eq!(states, [State::Draft, State::Processed, State::Accepted]);
}

#[tokio::test]
async fn what_did_not_arrive_may_be_told_again() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.rules(&[(Occasion::Forwarded, Way::Io)], Some(io.service)).await;
    app.registered(ANNA, ready::OFF).await;
    let order = app.writes(ANNA).await;
    let office = || Details { office: "Comune di Castelverde".to_owned(), ..Details::default() };
    app.announces(order, Occasion::Forwarded, office()).await.unwrap();
    assert!(app.on_io(&io).await.is_empty());
    io.stand_in.citizen(ready::OFF, riscontro::stand_in::Citizen::default());
    app.announces(order, Occasion::Forwarded, office()).await.unwrap();
    assert_eq!(app.on_io(&io).await.len(), 1);
}
