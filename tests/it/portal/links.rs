//! Personal links that must not open any more: replaced by their holder, or of a matter that is long over.

use chrono::Duration;
use entity::work_order::Status;
use riscontro::domain::link;

use super::Held;
use crate::support::{app::TestApp, browser::Browser};

impl TestApp {
    fn receipt_of(&self, held: &Held) -> String {
        format!("b={}", link::draft(&self.app.desk.keys, held.submission))
    }
}

/// Whether the receipt is shown, and can be had as PDF.
async fn receipts(browser: &mut Browser, link: &str) -> (u16, u16) {
    let page = browser.get(&format!("/sportello/ente/inviata?{link}")).await.status;
    (page, browser.get(&format!("/sportello/ente/ricevuta.pdf?{link}")).await.status)
}

#[tokio::test]
async fn a_link_in_other_hands_is_replaced_and_opens_nothing_any_more() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", "anna@libero.example")]).await;
    app.confirm(&held).await;
    app.errands_out().await;
    let (old, receipt) = (app.letter_link(&held).await, app.receipt_of(&held));
    let code = link::code(&app.app.desk.keys, &app.follower_of(&held).await);
    let mut browser = app.browser();
    assert!(browser.get(&old).await.words().contains("finito in mani altrui? Chiedine uno nuovo"));
    assert_eq!(browser.get(&format!("{old}/nuovo-link")).await.location.as_deref(), Some(old.as_str()));
    assert_eq!(browser.get(&old).await.status, 200, "programs open every link");
    assert_eq!(receipts(&mut browser, &receipt).await, (200, 200));
    for _ in 0..2 {
        let asked = browser.post(&format!("{old}/nuovo-link"), &[]).await;
        assert_eq!(asked.location.as_deref(), Some("/sportello/ente/segui?fatto=link"), "pressed twice");
    }
    let said = browser.get("/sportello/ente/segui?fatto=link").await.words();
    assert!(said.contains("il link e il codice nuovi"), "{said}");
    let letters = app.errands_out().await;
    assert_eq!(letters.len(), 1, "one letter");
    assert_eq!(letters[0].mail.to[0].address, "anna@libero.example");
    let new = app.letter_link(&held).await;
    assert!(new != old && letters[0].mail.text.contains(&new), "{}", letters[0].mail.text);
    assert_eq!(browser.get(&new).await.status, 200);
    for dead in [&old, &held.here] {
        let page = browser.get(dead).await;
        assert_eq!(page.status, 404);
        assert!(page.words().contains("Mandami il link") && !page.words().contains(&held.title));
    }
    let by_code = browser.post("/sportello/ente/segui", &[("number", "2026/000001"), ("code", &code)]).await;
    assert_eq!(by_code.status, 422, "the old code");
    assert_eq!(receipts(&mut browser, &receipt).await, (404, 404), "it would show the new code");
    let forged = "/sportello/ente/segui/aaaa/nuovo-link";
    assert_eq!(browser.post(forged, &[]).await.status, 404);
}

#[tokio::test]
async fn whoever_has_got_hold_of_a_link_cannot_keep_it_by_asking_often() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", "anna@libero.example")]).await;
    app.confirm(&held).await;
    let old = app.letter_link(&held).await;
    let mut thief = app.browser();
    for _ in 0..8 {
        let again = [("number", "2026/000001"), ("email", "anna@libero.example")];
        assert_eq!(thief.post("/sportello/ente/segui/link", &again).await.status, 200);
    }
    app.errands_out().await;
    app.browser().post(&format!("{old}/nuovo-link"), &[]).await;
    assert_eq!(thief.get(&old).await.status, 404);
    let letters = app.errands_out().await;
    assert!(letters.last().unwrap().mail.text.contains(&app.letter_link(&held).await));
}

#[tokio::test]
async fn a_new_link_goes_to_a_confirmed_address_or_none_is_made() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", "anna@libero.example")]).await;
    app.letters_out().await;
    let mut browser = app.browser();
    let asked = browser.post(&format!("{}/nuovo-link", held.here), &[]).await;
    let told = Some("/sportello/ente/segui?fatto=link");
    assert_eq!(asked.location.as_deref(), told, "it does not say whether the address is confirmed");
    assert!(app.errands_out().await.is_empty());
    assert_eq!(browser.get(&held.here).await.status, 200, "who has no other way in keeps this one");
    let by_letter = browser.get(&app.letter_link(&held).await).await.words();
    assert!(!by_letter.contains("Chiedine uno nuovo"), "first the address: {by_letter}");
    let nameless = app.report(&[]).await;
    assert!(!browser.get(&nameless.here).await.words().contains("Chiedine uno nuovo"));
}

#[tokio::test]
async fn a_receipt_is_shown_as_long_as_the_links_of_its_request_open() {
    let app = TestApp::start().await;
    app.open_portal(|portal| portal.link_days = 30).await;
    let held = app.report(&[("email", "anna@libero.example")]).await;
    let receipt = app.receipt_of(&held);
    app.status(&held, Status::Closed).await;
    app.pass(Duration::days(30));
    let mut browser = app.browser();
    assert_eq!(receipts(&mut browser, &receipt).await, (200, 200));
    app.pass(Duration::seconds(1));
    let over = browser.get(&format!("/sportello/ente/inviata?{receipt}")).await;
    assert_eq!(over.status, 404);
    assert!(over.words().contains("Questo link non è più valido"), "{}", over.words());
    assert_eq!(receipts(&mut browser, &receipt).await, (404, 404));
    let rated = browser.post(&format!("/sportello/ente/inviata?{receipt}"), &[("rating", "5")]).await;
    assert_eq!(rated.status, 404);
}
