//! Who is told: who sent the request, and nobody in their place.

use chrono::Duration;
use entity::{
    follower::{self, ToldBy},
    io_message::State,
    work_order::Status,
};
use riscontro::{
    actions::{tracking, work_order as orders},
    stand_in::ready,
    store,
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::ANNA;
use crate::support::app::TestApp;

/// Whose request a form is, an operator says; they hold the address of the form, or another one.
pub(super) async fn belongs_to(app: &TestApp, order: Uuid, address: &str, code: &str) {
    let taxpayer = app.registered(address, code).await;
    let by_hand = orders::Identify { taxpayer, add_contact: false, with_others: false };
    orders::identify(&app.app.desk, &app.operators_cx().await, order, by_hand).await.unwrap();
}

#[tokio::test]
async fn who_sent_a_form_gets_the_personal_page_on_a_button_of_io() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    let held = app.report(&[("email", ANNA), ("name", "Anna"), ("surname", "Verdi")]).await;
    app.confirm(&held).await;
    app.letters_out().await;
    belongs_to(&app, held.order, ANNA, ready::ON).await;
    app.becomes(held.order, Status::InProgress).await;
    let told = app.on_io(&io).await;
    assert_eq!(told.len(), 1);
    let words = told[0].content["markdown"].as_str().unwrap();
    assert!(words.contains("iohandledlink://https://rifiuti.example/sportello/segui/"), "{words}");
    assert!(!words.contains("link-personale.invalid"), "{words}");
    let stored = app.updates(held.order).await;
    let stored = &stored[0].1.as_ref().unwrap().markdown;
    assert!(!stored.contains("rifiuti.example"), "the archive opens nothing: {stored}");
}

#[tokio::test]
async fn the_page_of_an_update_shows_its_button_as_it_leaves() {
    let app = TestApp::start().await;
    app.tells_on_io().await;
    let held = app.report(&[("email", ANNA), ("name", "Anna"), ("surname", "Verdi")]).await;
    app.confirm(&held).await;
    belongs_to(&app, held.order, ANNA, ready::ON).await;
    app.becomes(held.order, Status::InProgress).await;
    let mut giulia = app.operator().await;
    let page = giulia.get("/desk/io").await.links("/desk/io/messages/").remove(0);
    let linked = giulia.get(&page).await;
    assert!(linked.body.contains("io-app__button") && linked.words().contains("link personale"));
    assert!(!linked.body.contains(".invalid") && !linked.body.contains("/segui/"), "{}", linked.body);
    // Without a host of its own the page has no https address, and IO would show no button.
    app.open_portal(|portal| portal.host = None).await;
    let bare = giulia.get(&page).await;
    assert!(
        !bare.body.contains("io-app__button") && bare.words().contains("Senza pulsante"),
        "{}",
        bare.words()
    );
    assert!(!bare.body.contains(".invalid"), "{}", bare.body);
}

#[tokio::test]
async fn whose_request_it_is_is_not_told_in_the_place_of_who_sent_it() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    let held = app.report(&[("email", ANNA), ("name", "Anna"), ("surname", "Verdi")]).await;
    app.confirm(&held).await;
    belongs_to(&app, held.order, "madre@libero.example", ready::ON).await;
    app.errands_out().await;
    app.becomes(held.order, Status::InProgress).await;
    assert!(app.on_io(&io).await.is_empty());
    let letters = app.errands_out().await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].mail.to[0].address, ANNA);
    assert!(letters[0].mail.text.contains("rifiuti.example/sportello/segui/"), "her own page");
}

#[tokio::test]
async fn whom_an_update_no_longer_concerns_when_it_leaves_does_not_get_it() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    let held = app.report(&[("email", ANNA), ("name", "Anna"), ("surname", "Verdi")]).await;
    app.confirm(&held).await;
    belongs_to(&app, held.order, ANNA, ready::ON).await;
    app.pass(Duration::hours(13));
    io.stand_in.advance(Duration::hours(13));
    app.errands_out().await;
    app.becomes(held.order, Status::InProgress).await;
    assert!(app.on_io(&io).await.is_empty(), "it waits for the morning");
    assert!(app.updates(held.order).await[0].1.as_ref().unwrap().markdown.contains("link-personale.invalid"));
    belongs_to(&app, held.order, "vera@libero.example", ready::ON_GERMAN).await;
    app.io_passes(&io, Duration::hours(10)).await;
    assert!(io.stand_in.messages().is_empty());
    let notification = app.updates(held.order).await.remove(0).1.unwrap();
    assert_eq!(notification.state, State::Failed);
    assert!(notification.last_error.unwrap().contains("non è di questa persona"));
    let letters = app.errands_out().await;
    assert_eq!(
        letters.iter().filter(|letter| letter.mail.to[0].address == ANNA).count(),
        1,
        "who sent it hears of it"
    );
}

#[tokio::test]
async fn a_code_that_somebody_typed_is_told_nothing_unasked_and_gets_no_link() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    let fields = [("email", ANNA), ("name", "Anna"), ("surname", "Verdi"), ("fiscal_code", ready::ON)];
    let held = app.report(&fields).await;
    app.confirm(&held).await;
    app.errands_out().await;
    app.becomes(held.order, Status::InProgress).await;
    assert!(app.on_io(&io).await.is_empty(), "the code may be anybody's");
    let letters = app.errands_out().await;
    assert_eq!(letters.len(), 1);
    assert!(
        letters[0].mail.text.contains("https://rifiuti.example/sportello/segui/"),
        "{}",
        letters[0].mail.text
    );

    let db = &app.app.desk.db.read;
    // The short form of a report asks for no code: one of those that do.
    let tx = app.app.desk.db.begin().await.unwrap();
    let coded = follower::ActiveModel { fiscal_code: Set(ready::ON.to_owned()), ..Default::default() };
    store::follower::update(&tx, held.follower, coded).await.unwrap();
    tx.commit().await.unwrap();
    let follower = store::follower::by_id(db, app.organisation(), held.follower).await.unwrap().unwrap();
    tracking::tell_by(&app.app.desk, &app.cx(), &follower, ToldBy::Io).await.unwrap();
    app.becomes(held.order, Status::Waiting).await;
    assert!(app.on_io(&io).await.is_empty(), "what is asked, and of whom, no status says");
    app.becomes(held.order, Status::Closed).await;
    app.becomes(held.order, Status::InProgress).await;
    let told = app.on_io(&io).await;
    assert_eq!(told.len(), 1, "asked for");
    let words = told[0].content["markdown"].as_str().unwrap();
    assert!(!words.contains("segui") && !words.contains("Solferino"), "no link, nobody's words: {words}");
}

#[tokio::test]
async fn what_a_citizen_chose_goes_before_what_would_be_best() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    for (choice, on_io, by_mail) in [(ToldBy::Mail, 0, 1), (ToldBy::Nothing, 0, 0)] {
        let held = app.report(&[("email", ANNA), ("fiscal_code", ready::ON)]).await;
        app.confirm(&held).await;
        app.errands_out().await;
        let db = &app.app.desk.db.read;
        let follower = store::follower::by_id(db, app.organisation(), held.follower).await.unwrap().unwrap();
        tracking::tell_by(&app.app.desk, &app.cx(), &follower, choice).await.unwrap();
        app.becomes(held.order, Status::InProgress).await;
        let found = (app.on_io(&io).await.len(), app.errands_out().await.len());
        assert_eq!(found, (on_io, by_mail), "{choice:?}");
    }
}
