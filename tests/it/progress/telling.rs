//! What happens is told by the best way, in the thread and outside.

use chrono::Duration;
use entity::{
    communication::Channel,
    io_message::State,
    update_rule::{Occasion, Way},
    work_order::Status,
};
use riscontro::{
    actions::{
        Error,
        io::account,
        progress::{
            Details,
            announce::{Announcement, announce},
        },
        tracking,
        work_order::{self as orders, Change},
    },
    stand_in::ready,
    store,
};
use uuid::Uuid;

use super::ANNA;
use crate::support::{app::TestApp, letter::letter};

#[tokio::test]
async fn progress_reaches_a_known_citizen_on_io_and_stands_in_the_thread() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    app.becomes(order, Status::InProgress).await;
    let told = app.on_io(&io).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].fiscal_code, ready::ON);
    assert_eq!(told[0].content["subject"], "La tua richiesta è stata presa in carico");
    let words = told[0].content["markdown"].as_str().unwrap();
    assert!(words.contains("2026/000001") && words.contains("Ti rispondiamo entro il"), "{words}");
    assert!(!words.contains("segui/"), "who wrote by mail has no page: {words}");
    assert!(app.letters_out().await.is_empty(), "one way is enough");
    let updates = app.updates(order).await;
    assert_eq!(updates.len(), 1);
    let (row, message) = &updates[0];
    assert_eq!((row.occasion, row.channel, row.automatic), (Some(Occasion::TakenUp), Channel::Io, true));
    assert_eq!(message.as_ref().unwrap().state, State::Accepted);
    app.io_passes(&io, Duration::seconds(15)).await;
    assert_eq!(app.updates(order).await[0].1.as_ref().unwrap().state, State::Processed);
}

#[tokio::test]
async fn at_night_io_is_silent_and_speaks_in_the_morning() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    app.pass(Duration::hours(13));
    io.stand_in.advance(Duration::hours(13));
    app.becomes(order, Status::InProgress).await;
    assert!(app.on_io(&io).await.is_empty(), "ten in the evening");
    app.io_passes(&io, Duration::hours(10)).await;
    assert_eq!(io.stand_in.messages().len(), 1);
}

#[tokio::test]
async fn what_the_night_holds_leaves_when_there_is_no_night_any_more() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    app.pass(Duration::hours(13));
    io.stand_in.advance(Duration::hours(13));
    app.becomes(order, Status::InProgress).await;
    assert!(app.on_io(&io).await.is_empty(), "ten in the evening");
    let db = &app.app.desk.db.read;
    let account = account::of(db, app.organisation()).await.unwrap();
    let settings = account::Settings {
        version: account.version,
        base_url: account.base_url,
        undo_seconds: account.undo_seconds,
        ..account::Settings::default()
    };
    account::save(&app.app.desk, &app.cx(), settings, [7; 24]).await.unwrap();
    app.io_passes(&io, Duration::seconds(1)).await;
    assert_eq!(io.stand_in.messages().len(), 1);
}

#[tokio::test]
async fn two_operators_at_once_tell_once() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    let me = app.operators_cx().await;
    let change = Change { status: Some(Status::InProgress), ..Change::default() };
    let both = tokio::join!(
        orders::change(&app.app.desk, &me, order, change),
        orders::change(&app.app.desk, &me, order, change),
    );
    assert!(both.0.is_ok() && both.1.is_ok(), "{both:?}");
    assert_eq!(app.on_io(&io).await.len(), 1);
    assert_eq!(app.updates(order).await.len(), 1);
}

#[tokio::test]
async fn a_status_that_is_put_right_and_set_again_is_told_once() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    for status in [Status::InProgress, Status::New, Status::InProgress, Status::Waiting, Status::InProgress] {
        app.becomes(order, status).await;
        app.pass(Duration::minutes(2));
        io.stand_in.advance(Duration::minutes(2));
    }
    assert_eq!(app.on_io(&io).await.len(), 1, "taken up, once");
    app.becomes(order, Status::Closed).await;
    assert_eq!(app.letters_out().await.len(), 1);
    app.becomes(order, Status::Waiting).await;
    let told = app.on_io(&io).await;
    assert_eq!(told.len(), 1, "it is open again, whatever it waits for");
    assert_eq!(told[0].content["subject"], "La tua richiesta è stata riaperta");
    app.becomes(order, Status::InProgress).await;
    assert!(app.on_io(&io).await.is_empty() && app.letters_out().await.is_empty());
    app.becomes(order, Status::Closed).await;
    assert_eq!(app.letters_out().await.len(), 1, "closed again is news");
}

#[tokio::test]
async fn who_follows_hears_the_same_news_once_too() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", ANNA), ("name", "Anna")]).await;
    app.follows(tracking::Target::WorkOrder(held.order), "marco@libero.example").await;
    app.errands_out().await;
    for status in [Status::InProgress, Status::New, Status::InProgress, Status::Waiting, Status::InProgress] {
        app.becomes(held.order, status).await;
    }
    app.becomes(held.order, Status::Waiting).await;
    let told = app.errands_out_to("marco@libero.example").await;
    assert_eq!(told.len(), 2, "taken up, and waiting");
}

#[tokio::test]
async fn nobodys_mailbox_is_flooded_by_an_operator_who_opens_and_closes() {
    let app = TestApp::start().await;
    let order = app.writes(ANNA).await;
    for _ in 0..20 {
        app.becomes(order, Status::Closed).await;
        app.becomes(order, Status::InProgress).await;
    }
    // One of the thirty of this hour was the acknowledgement.
    assert_eq!(app.letters_out().await.len(), 29);
    app.pass(Duration::hours(1));
    assert_eq!(app.letters_out().await.len(), 11, "nothing is left out");
}

#[tokio::test]
async fn a_change_that_was_refused_tells_nobody() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    let change =
        Change { status: Some(Status::Closed), assignee: Some(Some(Uuid::now_v7())), ..Change::default() };
    assert!(orders::change(&app.app.desk, &app.operators_cx().await, order, change).await.is_err());
    assert!(app.on_io(&io).await.is_empty() && app.errands_out().await.is_empty());
    assert!(app.updates(order).await.is_empty());
}

#[tokio::test]
async fn an_operator_tells_where_it_went_what_is_needed_when_somebody_comes_and_what_is_left() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    let me = app.operators_cx().await;
    let until = "2026-03-20".parse().unwrap();
    let asked = Details {
        asked: "il *numero* # del contenitore\n[qui](https://a.example)".to_owned(),
        until: Some(until),
        ..Details::default()
    };
    let token = Uuid::now_v7();
    for _ in 0..2 {
        let needed = Announcement { token, occasion: Occasion::InformationNeeded, details: asked.clone() };
        announce(&app.app.desk, &me, order, needed).await.unwrap();
    }
    let told = app.on_io(&io).await;
    assert_eq!(told.len(), 1, "sent twice, told once");
    let words = told[0].content["markdown"].as_str().unwrap();
    assert!(words.contains("&#42;numero&#42;") && !words.contains("[qui]("), "as it was typed: {words}");
    assert_eq!(told[0].content["due_date"], "2026-03-20T22:59:59.000Z", "the end of that day in Italy");
    let state =
        store::work_order::by_id(&app.app.desk.db.read, app.organisation(), order).await.unwrap().unwrap();
    assert_eq!(state.status, Status::Waiting);

    let office = Details { office: "Comune di Castelverde".to_owned(), ..Details::default() };
    app.announces(order, Occasion::Forwarded, office).await.unwrap();
    let when = Details {
        when: Some(app.now() + Duration::days(2)),
        place: "via Roma 3".to_owned(),
        ..Details::default()
    };
    app.announces(order, Occasion::Appointment, when).await.unwrap();
    let steps = Details { steps: "ritira il contenitore nuovo".to_owned(), ..Details::default() };
    app.announces(order, Occasion::ResolvedWithSteps, steps).await.unwrap();
    let told: Vec<String> = app
        .on_io(&io)
        .await
        .iter()
        .map(|told| told.content["markdown"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(told.len(), 3);
    assert!(told.iter().any(|words| words.contains("Se ne occupa: Comune di Castelverde")), "{told:?}");
    assert!(
        told.iter()
            .any(|words| words.contains("Quando: 4 marzo 2026, ore 9:00") || words.contains("ore 09:00")),
        "{told:?}"
    );
    assert!(
        told.iter().any(|words| words.contains("Che cosa fare: ritira il contenitore nuovo")),
        "{told:?}"
    );
    assert!(app.letters_out().await.is_empty());
    let state =
        store::work_order::by_id(&app.app.desk.db.read, app.organisation(), order).await.unwrap().unwrap();
    assert_eq!(state.status, Status::Closed);
    assert_eq!(app.updates(order).await.len(), 4);
}

#[tokio::test]
async fn nobody_is_sent_to_a_page_that_they_do_not_have() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    app.rules(&[(Occasion::Resolved, Way::Io)], Some(io.service)).await;
    let order = app.writes(ANNA).await;
    let when = || Details { when: Some(app.now() + Duration::days(2)), ..Details::default() };
    app.announces(order, Occasion::Appointment, when()).await.unwrap();
    app.becomes(order, Status::Closed).await;
    let told = app.on_io(&io).await;
    assert_eq!(told.len(), 2);
    for told in &told {
        let words = told.content["markdown"].as_str().unwrap();
        assert!(!words.contains("pagina") && !words.contains("Vedi la richiesta"), "by mail: {words}");
    }

    let held = app.report(&[("email", ANNA), ("name", "Anna"), ("surname", "Verdi")]).await;
    app.confirm(&held).await;
    app.announces(held.order, Occasion::Appointment, when()).await.unwrap();
    app.becomes(held.order, Status::Closed).await;
    let told = app.on_io(&io).await;
    assert_eq!(told.len(), 2);
    for told in &told {
        let words = told.content["markdown"].as_str().unwrap();
        assert!(words.contains("tocca «Vedi la richiesta»"), "by the form: {words}");
    }
}

#[tokio::test]
async fn what_is_missing_is_asked_for_and_who_cannot_be_reached_is_said() {
    let app = TestApp::start().await;
    app.tells_on_io().await;
    let held = app.report(&[("phone", "0372 123456"), ("told_by", "nothing")]).await;
    for (occasion, field) in [
        (Occasion::Forwarded, "office"),
        (Occasion::InformationNeeded, "asked"),
        (Occasion::Appointment, "when"),
        (Occasion::ResolvedWithSteps, "steps"),
        (Occasion::TakenUp, "occasion"),
    ] {
        let Err(Error::Rejected(flaws)) = app.announces(held.order, occasion, Details::default()).await
        else {
            panic!("{occasion:?}")
        };
        assert_eq!(flaws[0].field, field);
    }
    let office = Details { office: "Comune".to_owned(), ..Details::default() };
    let Err(Error::Rejected(flaws)) = app.announces(held.order, Occasion::Forwarded, office).await else {
        panic!()
    };
    assert!(flaws[0].message.contains("Nessun canale raggiunge"), "{}", flaws[0].message);
}

#[tokio::test]
async fn who_has_just_been_written_to_is_not_told_again_and_who_acts_is_not_told_of_it() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let held = app.report(&[("email", ANNA), ("fiscal_code", ready::ON), ("told_by", "io")]).await;
    app.confirm(&held).await;
    app.on_io(&io).await;
    app.errands_out().await;
    app.answered_and_closed(held.order, ANNA).await;
    assert_eq!(app.errands_out().await.len(), 1, "the answer");
    assert!(app.on_io(&io).await.is_empty());
    let db = &app.app.desk.db.read;
    let follower = store::follower::by_id(db, app.organisation(), held.follower).await.unwrap().unwrap();
    tracking::contest(
        &app.app.desk,
        &app.cx(),
        (&follower, entity::communication::Channel::Web),
        "È ancora rotto.",
    )
    .await
    .unwrap();
    assert!(app.on_io(&io).await.is_empty() && app.errands_out().await.is_empty());
}

#[tokio::test]
async fn the_receipt_is_told_on_io_where_the_rule_says_so_and_the_letter_leaves_all_the_same() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    app.writes(ANNA).await;
    assert!(app.on_io(&io).await.is_empty());
    app.rules(&[(Occasion::Received, Way::MailAndIo)], Some(io.service)).await;
    app.pass(Duration::hours(2));
    io.stand_in.advance(Duration::hours(2));
    app.writes(ANNA).await;
    let told = app.on_io(&io).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].content["subject"], "La tua richiesta è arrivata");
    let machine = letter(ANNA, "Fuori sede").with("Auto-Submitted: auto-replied").says("Torno lunedì.").raw();
    app.mail_in(machine).await;
    assert!(app.on_io(&io).await.is_empty(), "a machine is told nothing");
}

#[tokio::test]
async fn a_later_answer_than_was_promised_is_told_and_an_earlier_one_is_not() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    let kinds = store::organisation::kinds(&app.app.desk.db.read, app.organisation()).await.unwrap();
    let days = |code: &str| kinds.iter().find(|kind| kind.code == code).unwrap();
    let me = app.operators_cx().await;
    let short = Change { kind: Some(days("disruption").id), ..Change::default() };
    orders::change(&app.app.desk, &me, order, short).await.unwrap();
    assert!(app.on_io(&io).await.is_empty(), "{:?}", days("disruption").limit_days);
    let long = Change { kind: Some(days("complaint").id), ..Change::default() };
    orders::change(&app.app.desk, &me, order, long).await.unwrap();
    let told = app.on_io(&io).await;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].content["subject"], "Nuova data per la risposta alla tua richiesta");
}

#[tokio::test]
async fn nobody_is_promised_a_day_that_is_past() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    app.pass(Duration::days(100));
    io.stand_in.advance(Duration::days(100));
    app.becomes(order, Status::InProgress).await;
    let told = app.on_io(&io).await;
    assert_eq!(told.len(), 1);
    let words = told[0].content["markdown"].as_str().unwrap();
    assert!(words.contains("presa in carico") && !words.contains("entro il"), "{words}");
    let updates = app.updates(order).await;
    assert!(!updates[0].0.text.contains("entro il"), "{}", updates[0].0.text);
}
