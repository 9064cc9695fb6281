//! Whoever only follows: a neighbour who would have reported the same thing.

use entity::{
    language::{Language, Words},
    work_order::Status,
};
use riscontro::{
    actions::{
        Error, notice as notices,
        tracking::{self, Target},
    },
    domain::link,
    store,
};
use uuid::Uuid;

use crate::support::{app::TestApp, letter::letter};

#[tokio::test]
async fn who_only_follows_sees_the_state_and_nobodys_data() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", "anna@libero.example"), ("name", "Anna")]).await;
    let cx = app.cx();
    let target = Target::WorkOrder(held.order);
    tracking::follow(&app.app.desk, &cx, target, "mario@libero.example", held.language).await.unwrap();
    let found = store::follower::by_address(
        &app.app.desk.db.read,
        cx.organisation,
        held.order,
        "mario@libero.example",
    );
    let mario = found.await.unwrap().unwrap();
    let here = format!("/sportello/ente/segui/{}", link::follower(&app.app.desk.keys, &mario));
    let mut browser = app.browser();
    app.status(&held, Status::InProgress).await;
    let page = browser.get(&here).await;
    let words = page.words();
    assert!(words.contains("In lavorazione") && words.contains("Presa in carico"), "{words}");
    assert!(words.contains("via Solferino, 02/03/2026"), "two of a kind are told apart: {words}");
    for hidden in ["2026/000001", &held.title, "Anna", "anna@", "Messaggi", "Solferino 12", "Castelverde"] {
        assert!(!words.contains(hidden), "{hidden}: {words}");
    }
    for (path, fields) in [("contesta", &[("text", "x")]), ("ritira", &[("text", "x")])] {
        assert_eq!(browser.post(&format!("{here}/{path}"), fields).await.status, 404, "{path}");
    }
    let token = Uuid::now_v7().to_string();
    let fields = [("token", token.as_str()), ("text", "x"), ("act", "send")];
    assert_eq!(browser.post_files(&format!("{here}/risposta"), &fields, &[]).await.status, 404);
    assert_eq!(browser.get(&format!("{here}/ritira")).await.status, 404);
    assert_eq!(browser.get(&format!("{here}/ricevuta.pdf")).await.status, 404);
    assert_eq!(app.state_of(&held).await.status, Status::InProgress);
}

#[tokio::test]
async fn following_by_a_forged_reference_is_not_possible_and_by_ours_says_the_same_to_all() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", "anna@libero.example")]).await;
    app.letters_out().await;
    app.errands_out().await;
    let mut browser = app.browser();
    let follow = "/sportello/ente/segui-questa";
    for forged in [held.order.to_string(), "2026/000001".into(), String::new()] {
        let page = browser.post(follow, &[("work_order", &forged), ("email", "mario@libero.example")]).await;
        assert_eq!(page.status, 404, "{forged}");
    }
    let near = browser.get("/sportello/ente/vicino?kind=disruption&address=via%20Solferino%2012").await;
    let ours = near.field("work_order");
    let mut answers = Vec::new();
    let spellings = [
        "mario@libero.example",
        "Mario@LIBERO.example",
        "mario@\u{ff4c}ibero.example",
        "anna@libero.example",
    ];
    for email in spellings {
        let page = browser.post(follow, &[("work_order", &ours), ("email", email)]).await;
        answers.push((page.status, page.location));
    }
    answers.dedup();
    assert_eq!(answers, [(303, Some(format!("{follow}?fatto=segui")))], "the same to all");
    assert_eq!(browser.post(follow, &[("work_order", &ours), ("email", "nessuno")]).await.status, 422);
    let said = browser.get(&format!("{follow}?fatto=segui")).await.words();
    for told in ["Quasi fatto", "premi «Conferma»", "non serve inviarlo"] {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert_eq!(browser.get(follow).await.location.as_deref(), Some("/sportello/ente"));
    let letters = app.errands_out().await;
    let to_mario = letters.iter().filter(|letter| letter.mail.to[0].address == "mario@libero.example");
    assert_eq!(to_mario.count(), 1, "asked twice, written to once");
}

#[tokio::test]
async fn who_follows_hears_that_a_letter_has_opened_it_again() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", "anna@libero.example")]).await;
    app.confirm(&held).await;
    app.town_follows(Target::WorkOrder(held.order), 2).await;
    app.status(&held, Status::Closed).await;
    let acknowledged = app.letters_out().await;
    app.errands_out().await;
    let number = acknowledged[0].mail.message_id.as_deref().unwrap();
    let again = letter("anna@libero.example", "Re: aperto").answers(number).says("Ancora rotto.");
    app.mail_in(again.raw()).await;
    assert_eq!(app.state_of(&held).await.status, Status::InProgress);
    let mut told: Vec<String> =
        app.errands_out().await.iter().map(|letter| letter.mail.to[0].address.clone()).collect();
    told.sort_unstable();
    assert_eq!(told, ["c0@libero.example", "c1@libero.example"], "and not who wrote it");
}

#[tokio::test]
async fn only_a_notice_in_force_can_be_followed() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let (desk, cx) = (&app.app.desk, app.operators_cx().await);
    let form = notices::Form {
        title: Words { it: "Raccolta sospesa".to_owned(), ..Words::default() },
        text: Words { it: "Lunedì non passiamo.".to_owned(), ..Words::default() },
        starts_at: app.now(),
        ..notices::Form::default()
    };
    let notice = notices::create(desk, &cx, &form).await.unwrap();
    let follow = async || {
        tracking::follow(desk, &app.cx(), Target::Notice(notice), "mario@libero.example", Language::It).await
    };
    assert!(matches!(follow().await, Err(Error::NotFound)), "a draft is nobody's business");
    notices::publish(desk, &cx, notice, 0).await.unwrap();
    follow().await.unwrap();
    notices::restore(desk, &cx, notice, 1, &Words::default()).await.unwrap();
    assert!(matches!(follow().await, Err(Error::NotFound)), "it is over");
}
