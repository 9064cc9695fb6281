//! What the page says after sending, and whether that is what happens.

use chrono::Duration;
use entity::{language::Language, work_order::Status};
use riscontro::{actions::submission, domain::link};
use uuid::Uuid;

use crate::support::{app::TestApp, browser::Page};

impl TestApp {
    async fn receipt(&self, submission: Uuid, language: &str) -> Page {
        let link = link::draft(&self.app.desk.keys, submission);
        self.browser().get(&format!("/sportello/ente/inviata?b={link}&lang={language}")).await
    }
}

#[tokio::test]
async fn one_confirmation_is_for_all_that_an_address_has_sent() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let email = [("email", "anna@libero.example")];
    let (first, second) = (app.report(&email).await, app.report(&email).await);
    let mut said = Vec::new();
    for held in [&first, &second] {
        let words = app.receipt(held.submission, "it").await.words();
        for told in [
            "Scriviamo a anna@libero.example",
            "Finché non confermi non ti scriviamo altro",
            "vale per tutte",
        ] {
            assert!(words.contains(told), "{told}: {words}");
        }
        assert!(!words.contains("riepilogo"), "{words}");
        said.push(words.split_once("Scriviamo a").unwrap().1.split_once("Segui").unwrap().0.to_owned());
    }
    said.dedup();
    assert_eq!(said.len(), 1, "it does not say who has written before: {said:?}");
    let letters = app.letters_out().await;
    assert_eq!(letters.len(), 1, "one letter an hour to an address that nobody has confirmed");
    assert!(letters[0].mail.text.contains("premi «Conferma»"), "{}", letters[0].mail.text);
    app.confirm(&first).await;
    let letters = app.letters_out().await;
    assert_eq!(letters.len(), 1, "the other one was waiting");
    let text = &letters[0].mail.text;
    assert!(text.contains("2026/000002") && !text.contains("Conferma il tuo indirizzo"), "{text}");
    assert!(text.contains(&app.letter_link(&second).await), "{text}");
    assert!(app.follower_of(&second).await.confirmed_at.is_some());
    let words = app.receipt(first.submission, "it").await.words();
    assert!(words.contains(&said[0]), "nor who has confirmed: {words}");
}

#[tokio::test]
async fn who_wants_no_messages_or_gave_no_address_is_promised_none() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let quiet = app.report(&[("email", "anna@libero.example"), ("told_by", "nothing")]).await;
    let words = app.receipt(quiet.submission, "it").await.words();
    assert!(words.contains("Hai scelto di non ricevere messaggi") && !words.contains("Scriviamo"), "{words}");
    let nameless = app.report(&[("name", "Anna")]).await;
    let words = app.receipt(nameless.submission, "it").await.words();
    assert!(words.contains("Non hai lasciato un indirizzo email"), "{words}");
    assert!(app.letters_out().await.is_empty());
}

#[tokio::test]
async fn a_form_that_a_person_reads_first_has_no_number_yet_and_says_so() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let (id, sent) = app.send_report(Language::It, &[]).await;
    assert!(matches!(sent, submission::Sent::Held), "{sent:?}");
    for (language, told) in [
        ("it", "per ora non ha un numero né un codice"),
        ("en", "for now it has neither a number nor a code"),
        ("de", "deshalb gibt es noch keine Nummer und keinen Code"),
    ] {
        let page = app.receipt(id, language).await;
        assert!(page.words().contains(told), "{told}: {}", page.words());
        let kept = page.links("/inviata?b=");
        assert!(kept.iter().any(|link| !link.contains("lang=")), "where to come back to: {kept:?}");
    }
    let sent = submission::admit(&app.app.desk, &app.cx(), id).await.unwrap();
    assert!(matches!(sent, submission::Sent::Accepted { .. }));
    let words = app.receipt(id, "it").await.words();
    assert!(words.contains("2026/000001") && words.contains("Il codice per seguirla è"), "{words}");
}

#[tokio::test]
async fn a_receipt_promises_nothing_of_what_is_over() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", "anna@libero.example")]).await;
    app.browser().post(&format!("{}/ritira", held.here), &[("text", "")]).await;
    let words = app.receipt(held.submission, "it").await.words();
    assert!(words.contains("La richiesta è stata ritirata") && !words.contains("Risposta entro"), "{words}");
    app.pass(Duration::hours(1));
    app.status(&held, Status::InProgress).await;
    app.status(&held, Status::Closed).await;
    let words = app.receipt(held.submission, "en").await.words();
    assert!(words.contains("Our work on this request is done"), "{words}");
}

#[tokio::test]
async fn how_easy_it_was_is_asked_until_it_is_answered_once() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", "anna@libero.example")]).await;
    let (mut browser, question) = (app.browser(), "Quanto è stato facile");
    assert!(app.receipt(held.submission, "it").await.words().contains(question));
    assert!(!browser.get(&held.here).await.words().contains(question), "not while it is worked on");
    app.status(&held, Status::Closed).await;
    assert!(browser.get(&held.here).await.words().contains(question));
    let path = format!("{}/valutazione", held.here);
    let empty = browser.post(&path, &[("note", "Troppi passi")]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.words().contains("Scegli un numero da 1 a 5") && empty.body.contains("Troppi passi"));
    assert!(empty.body.contains("<title>Errore:"));
    let rated = browser.post(&path, &[("rating", "4"), ("note", "Troppi passi")]).await;
    let thanks = browser.get(&rated.location.unwrap()).await.words();
    assert!(thanks.contains("Grazie: la tua valutazione") && !thanks.contains(question), "{thanks}");
    assert!(!browser.get(&held.here).await.words().contains(question), "asked once");
    let receipt = app.receipt(held.submission, "it").await;
    assert!(
        receipt.words().contains("Grazie: la tua valutazione") && !receipt.body.contains("name=\"rating\"")
    );
    let db = &app.app.desk.db.read;
    let kept = riscontro::store::submission::by_id(db, app.organisation(), held.submission).await.unwrap();
    assert_eq!(kept.map(|kept| (kept.rating, kept.rating_note)), Some((Some(4), "Troppi passi".to_owned())));
}
