//! Whoever only follows: a neighbour who would have reported the same thing.

use entity::work_order::Status;
use riscontro::{
    actions::tracking::{self, Target},
    domain::link,
    store,
};
use uuid::Uuid;

use crate::support::app::TestApp;

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
    for hidden in ["2026/000001", &held.title, "Anna", "anna@", "Messaggi", "via Solferino"] {
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
    for email in ["mario@libero.example", "mario@libero.example", "anna@libero.example"] {
        let page = browser.post(follow, &[("work_order", &ours), ("email", email)]).await;
        answers.push((page.status, page.words()));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(browser.post(follow, &[("work_order", &ours), ("email", "nessuno")]).await.status, 422);
    let letters = app.errands_out().await;
    assert!(letters.iter().any(|letter| letter.mail.to[0].address == "mario@libero.example"));
}
