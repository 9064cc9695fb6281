//! Buttons of the citizen that are pressed twice, at the same instant or with other words: what they say is done once,
//! and nobody's words are lost.

use entity::event::Verb;
use futures_util::future::join_all;
use riscontro::{
    actions::tracking::{self, Target},
    store,
};

use super::{Held, tracking::send};
use crate::support::{app::TestApp, browser::Page};

const PRESSES: usize = 8;
const PDF: &[u8] = b"%PDF-1.7\n%%EOF\n";

impl TestApp {
    /// How often each of these happened to the work order.
    async fn happened<const N: usize>(&self, held: &Held, verbs: [Verb; N]) -> [usize; N] {
        let db = &self.app.desk.db.read;
        let history = store::event::history(db, self.organisation(), held.order, 500).await.unwrap();
        verbs.map(|verb| history.iter().filter(|event| event.verb == verb).count())
    }

    /// The same form, sent many times at once.
    async fn pressed(&self, path: &str, fields: &[(&str, &str)]) -> Vec<Page> {
        join_all((0..PRESSES).map(|_| async move { self.browser().post(path, fields).await })).await
    }
}

fn sent<'a>(token: &'a str, text: &'a str) -> [(&'a str, &'a str); 3] {
    [("token", token), ("text", text), ("act", "send")]
}

#[tokio::test]
async fn an_answer_that_is_edited_and_sent_again_is_not_taken_for_sent() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[]).await;
    let token = app.browser().get(&held.here).await.field("token");
    assert_eq!(send(&app, &held, &sent(&token, "È al numero 12."), &[]).await.status, 303);
    let edited = send(&app, &held, &sent(&token, "È al numero 14."), &[]).await;
    assert_eq!(edited.status, 409, "{}", edited.words());
    assert!(edited.words().contains("Nel frattempo la richiesta è cambiata"), "{}", edited.words());
    assert!(edited.body.contains("È al numero 14."), "what was typed is kept: {}", edited.body);
    let next = edited.field("token");
    assert_ne!(next, token, "sent from there it is an answer of its own");
    assert_eq!(send(&app, &held, &sent(&next, "È al numero 14."), &[]).await.status, 303);
    let more = send(&app, &held, &sent(&next, "È al numero 14."), &[("files", "foto.pdf", PDF)]).await;
    assert_eq!(more.status, 409, "the words are there, the file is not");
    assert!(more.words().contains("foto.pdf"), "it waits: {}", more.words());
    let page = app.browser().get(&held.here).await;
    for said in ["È al numero 12.", "È al numero 14."] {
        assert_eq!(page.words().matches(said).count(), 1, "{said}: {}", page.words());
    }
    assert!(page.links("/allegati/").is_empty() && page.words().contains("File già caricati"));
}

#[tokio::test]
async fn an_answer_that_is_sent_twice_at_the_same_instant_is_one_and_leaves_no_file_behind() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[]).await;
    let token = app.browser().get(&held.here).await.field("token");
    let fields = sent(&token, "Ecco la bolletta.");
    let files = [("files", "bolletta.pdf", PDF)];
    for taken in join_all((0..PRESSES).map(|_| send(&app, &held, &fields, &files))).await {
        assert_eq!(taken.status, 303, "{}", taken.words());
    }
    let page = app.browser().get(&held.here).await;
    assert_eq!(page.words().matches("Ecco la bolletta.").count(), 1, "{}", page.words());
    assert_eq!(page.links("/allegati/").len(), 1, "{}", page.words());
    assert!(!page.words().contains("File già caricati"), "{}", page.words());
    assert_eq!(app.happened(&held, [Verb::Received]).await, [1]);
}

#[tokio::test]
async fn a_request_that_is_withdrawn_twice_at_the_same_instant_is_closed_once() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[]).await;
    let (desk, cx) = (&app.app.desk, app.cx());
    let (target, address) = (Target::WorkOrder(held.order), "vicino@libero.example");
    tracking::follow(desk, &cx, target, address, held.language).await.unwrap();
    let neighbour =
        store::follower::by_address(&desk.db.read, app.organisation(), held.order, address).await.unwrap();
    tracking::confirm(desk, &cx, &neighbour.unwrap()).await.unwrap();
    app.errands_out().await;
    for gone in app.pressed(&format!("{}/ritira", held.here), &[("text", "Risolto da solo.")]).await {
        assert_eq!(gone.location, Some(format!("{}?fatto=ritira", held.here)), "{}", gone.words());
    }
    let page = app.browser().get(&held.here).await.words();
    assert_eq!(page.matches("Risolto da solo.").count(), 1, "{page}");
    assert_eq!(app.happened(&held, [Verb::Withdrawn, Verb::StatusChanged]).await, [1, 1]);
    assert_eq!(app.errands_out().await.len(), 1, "who follows hears it once");
}

#[tokio::test]
async fn an_address_that_is_confirmed_twice_at_the_same_instant_is_confirmed_once() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", "anna@libero.example")]).await;
    let other = app.report(&[("email", "anna@libero.example")]).await;
    let (one, two) = (app.letter_link(&held).await, app.letter_link(&other).await);
    let (one, two) = (format!("{one}/conferma"), format!("{two}/conferma"));
    let (first, second) = tokio::join!(app.pressed(&one, &[]), app.pressed(&two, &[]));
    for done in first.iter().chain(&second) {
        assert_eq!(done.status, 303, "{}", done.words());
    }
    assert!(app.follower_of(&held).await.confirmed_at.is_some());
    assert!(app.follower_of(&other).await.confirmed_at.is_some());
    let times = (app.happened(&held, [Verb::Confirmed]).await, app.happened(&other, [Verb::Confirmed]).await);
    assert!(matches!(times, ([1], [0]) | ([0], [1])), "by the first press, for all that the address wrote");
}

#[tokio::test]
async fn a_request_that_waits_for_its_address_is_confirmed_by_a_press() {
    let app = TestApp::start().await;
    app.open_portal(|portal| portal.admission = entity::portal::Admission::Confirmed).await;
    let waiting = app.send_report(entity::language::Language::It, &[("email", "anna@libero.example")]).await;
    assert!(matches!(waiting.1, riscontro::actions::submission::Sent::Unconfirmed), "{:?}", waiting.1);
    let letters = app.errands_out().await;
    let (_, after) = letters[0].mail.text.split_once("/sportello/ente/conferma/").unwrap();
    let link: String = after.chars().take_while(char::is_ascii_alphanumeric).collect();
    let path = format!("/sportello/ente/conferma/{link}");
    let mut browser = app.browser();
    for _ in 0..2 {
        let page = browser.get(&path).await;
        assert!(page.words().contains("Conferma e invia"), "{}", page.words());
        assert!(page.headers["x-robots-tag"].to_str().unwrap().contains("noindex"));
    }
    assert!(!store::work_order::any(&app.app.desk.db.read).await.unwrap(), "programs open every link");
    let other = app.second_organisation().await;
    assert_eq!(browser.get(&path.replace("/ente/", &format!("/{other}/"))).await.status, 404);
    for _ in 0..2 {
        let done = browser.post(&path, &[]).await;
        assert!(done.location.unwrap().starts_with("/sportello/ente/inviata?b="));
    }
    let db = &app.app.desk.db.read;
    let held = store::submission::by_id(db, app.organisation(), waiting.0).await.unwrap().unwrap();
    let order = store::work_order::by_id(db, app.organisation(), held.work_order_id.unwrap()).await.unwrap();
    assert_eq!(order.unwrap().number, 1, "one work order");
}
