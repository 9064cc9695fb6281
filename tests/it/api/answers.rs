//! Answers of citizens that apps bring, with their files.

use riscontro::store::{self, upload::Owner};
use serde_json::{Value, json};

use super::{ALL, Answer, Client, base, client, open_portal, report, speaking_for};
use crate::support::app::TestApp;

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
const OTHER: &[u8] = b"%PDF-1.5\n%%EOF\n";

/// Anna's request, and an app that speaks for her.
struct House {
    app: TestApp,
    anna: Client,
    /// The request, in addresses of the API.
    request: String,
    /// Her tracking page.
    page: String,
}

impl House {
    async fn open() -> Self {
        let app = TestApp::start().await;
        open_portal(&app).await;
        let (base, client) = (base(&app).await, client(&app, &ALL).await);
        let sent = client
            .with("idempotency-key", "a")
            .post(&format!("{base}/requests"), &report("anna@libero.example"))
            .await;
        let url = sent.json()["tracking_url"].as_str().unwrap().to_owned();
        let page = url[url.find("/sportello/").unwrap()..].to_owned();
        let anna = speaking_for(&app, &client, "anna@libero.example").await;
        Self { app, anna, request: format!("{base}/requests/2026-000001"), page }
    }

    async fn answer(&self, key: &str, text: &str, files: &[(&str, &[u8])]) -> Answer {
        let words = json!({ "text": text }).to_string();
        let mut parts = vec![("request", "", words.as_bytes())];
        parts.extend(files.iter().map(|(name, bytes)| ("files", *name, *bytes)));
        let anna = self.anna.with("idempotency-key", key);
        anna.parts(&format!("{}/answers", self.request), &parts).await
    }

    /// Names of the files of each answer of hers, with its words.
    async fn answers(&self) -> Vec<(String, Vec<String>)> {
        let thread = self.anna.get(&format!("{}/communications", self.request)).await.json();
        let words = |one: &Value| one["text"].as_str().unwrap().to_owned();
        let files = |one: &Value| -> Vec<String> {
            let files = one["attachments"].as_array().unwrap().iter();
            files.map(|file| file["name"].as_str().unwrap().to_owned()).collect()
        };
        let all = thread["items"].as_array().unwrap().iter().map(|one| (words(one), files(one)));
        all.filter(|(words, _)| words.starts_with("Risposta")).collect()
    }

    /// Names of the files that wait on her tracking page.
    async fn waiting(&self) -> Vec<String> {
        let (db, organisation) = (&self.app.app.desk.db.read, self.app.organisation());
        let order = store::work_order::by_number(db, organisation, "2026-000001".parse().unwrap()).await;
        let order = order.unwrap().unwrap().id;
        let anna = store::follower::by_address(db, organisation, order, "anna@libero.example").await;
        let owner = Owner::Follower(anna.unwrap().unwrap().id);
        let files = store::upload::of(db, organisation, owner).await.unwrap();
        files.into_iter().map(|file| file.name).collect()
    }

    /// She leaves a file on her tracking page, and does not send it.
    async fn leave(&self, name: &str, bytes: &[u8]) {
        let mut browser = self.app.browser();
        let token = browser.get(&self.page).await.field("token");
        let fields = [("token", token.as_str()), ("text", ""), ("act", "keep")];
        let kept =
            browser.post_files(&format!("{}/risposta", self.page), &fields, &[("files", name, bytes)]).await;
        assert_eq!(kept.status, 200, "{}", kept.words());
    }
}

#[tokio::test]
async fn the_same_key_with_other_words_or_files_is_refused_and_with_the_same_is_one_answer() {
    let house = House::open().await;
    for _ in 0..2 {
        let sent = house.answer("x", "Risposta", &[("foto.pdf", PDF)]).await;
        assert_eq!(sent.status, 201, "{}", sent.body);
    }
    let reused = (422, "idempotency-key-reused".to_owned());
    assert_eq!(house.answer("x", "Risposta nuova", &[("foto.pdf", PDF)]).await.problem(), reused);
    assert_eq!(house.answer("x", "Risposta", &[("foto.pdf", OTHER)]).await.problem(), reused);
    assert_eq!(house.answer("x", "Risposta", &[]).await.problem(), reused);
    assert_eq!(house.answers().await, [("Risposta".to_owned(), vec!["foto.pdf".to_owned()])]);
    assert_eq!(house.answer("y", "Risposta nuova", &[]).await.status, 201);
    assert_eq!(house.answers().await.len(), 2);
}

#[tokio::test]
async fn an_answer_that_comes_twice_at_the_same_instant_is_one() {
    let house = House::open().await;
    let files = [("foto.pdf", PDF)];
    let all = (0..8).map(|_| house.answer("x", "Risposta", &files));
    for sent in futures_util::future::join_all(all).await {
        assert_eq!(sent.status, 201, "{}", sent.body);
    }
    assert_eq!(house.answers().await, [("Risposta".to_owned(), vec!["foto.pdf".to_owned()])]);
}

#[tokio::test]
async fn two_answers_under_one_key_at_the_same_instant_are_told_apart() {
    let house = House::open().await;
    let (one, other) =
        tokio::join!(house.answer("x", "Risposta uno", &[]), house.answer("x", "Risposta due", &[]));
    let mut status = [one.status, other.status];
    status.sort_unstable();
    assert_eq!(status, [201, 422], "{} {}", one.body, other.body);
    assert_eq!(house.answers().await.len(), 1);
}

#[tokio::test]
async fn files_that_wait_on_the_tracking_page_are_no_business_of_an_app() {
    let house = House::open().await;
    house.leave("mia.pdf", PDF).await;
    let sent = house.answer("x", "Risposta", &[("foto.pdf", OTHER)]).await;
    assert_eq!(sent.status, 201, "{}", sent.body);
    assert_eq!(house.answers().await, [("Risposta".to_owned(), vec!["foto.pdf".to_owned()])]);
    assert_eq!(house.waiting().await, ["mia.pdf"], "it has not left with it");
    let empty = house.answer("y", " ", &[]).await;
    assert_eq!(empty.fields(), ["text"], "nor does it stand for words: {}", empty.body);
    let withdrawn = house.anna.post(&format!("{}/withdrawal", house.request), &json!({ "text": "" })).await;
    assert_eq!(withdrawn.status, 200, "{}", withdrawn.body);
    house.app.pass(chrono::Duration::days(80));
    let late = house.answer("z", "Risposta", &[("mia.pdf", PDF)]).await;
    assert_eq!(late.problem(), (409, "conflict".to_owned()), "{}", late.body);
    assert_eq!(house.waiting().await, ["mia.pdf"], "what is refused takes nothing away");
}

#[tokio::test]
async fn files_of_an_answer_that_are_too_many_bytes_together_are_named() {
    let house = House::open().await;
    let large: Vec<u8> = [PDF, &vec![b' '; 9 << 20]].concat();
    let files = [("a.pdf", large.as_slice()), ("b.pdf", &large), ("c.pdf", &large)];
    let refused = house.answer("x", "Risposta", &files).await;
    assert_eq!(refused.fields(), ["files"], "{}", refused.body);
    assert!(house.answers().await.is_empty());
}
