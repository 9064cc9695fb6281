//! Who follows a notice is told that it says something else, when whoever changes it wants that.

use chrono::Duration;
use entity::{follower::ToldBy, language::Words, notice::State};
use riscontro::{
    actions::{
        notice as notices,
        tracking::{self, Target},
    },
    store,
};
use serde_json::json;
use uuid::Uuid;

use crate::support::{app::TestApp, browser::Page, html};

impl TestApp {
    async fn changes(&self, id: Uuid, form: &notices::Form) {
        let version = self.notice(id).await.version;
        notices::change(&self.app.desk, &self.cx(), id, version, form).await.unwrap();
    }

    fn put_off(&self) -> notices::Form {
        let title =
            Words { it: "Sciopero rinviato".into(), de: "Streik verschoben".into(), ..Words::default() };
        let text = Words::plain("Giovedì la raccolta non passa.");
        notices::Form { title, text, tell: true, ..self.strike() }
    }

    async fn verbs(&self, id: Uuid) -> Vec<String> {
        let history = store::notice::history(&self.app.desk.db.read, self.organisation(), id).await.unwrap();
        history.into_iter().map(|change| change.verb).collect()
    }
}

#[tokio::test]
async fn who_follows_a_notice_is_told_once_of_each_change_that_its_author_announces() {
    let app = TestApp::start().await;
    let (desk, id) = (&app.app.desk, app.publish(&app.strike()).await);
    app.follows(Target::Notice(id), "marco@libero.example").await;
    let carla = app.follows(Target::Notice(id), "carla@libero.example").await;
    tracking::tell_by(desk, &app.cx(), &carla, ToldBy::Nothing).await.unwrap();
    app.ask_to_follow(Target::Notice(id), "luca@libero.example").await;
    app.errands_out().await;

    app.changes(id, &notices::Form { tell: false, ..app.put_off() }).await;
    assert!(app.errands_out().await.is_empty(), "nobody asked for it");
    app.changes(id, &app.put_off()).await;
    assert!(app.errands_out().await.is_empty(), "nothing was changed");
    assert_eq!(app.verbs(id).await, ["changed", "published", "created"]);

    let alternatives = Words::plain("Il centro di raccolta è aperto.");
    app.changes(id, &notices::Form { alternatives, ..app.put_off() }).await;
    let letters = app.errands_out().await;
    assert_eq!(letters.len(), 1, "Carla wants to hear nothing, Luca has not confirmed");
    let mail = &letters[0].mail;
    assert_eq!(mail.to[0].address, "marco@libero.example");
    assert_eq!(mail.subject, "Avviso aggiornato: Sciopero rinviato");
    for said in [
        "Fino a: 03/03/2026, ore 09:00",
        "Dove: tutto il territorio servito",
        "Giovedì la raccolta non passa.",
        "Il centro di raccolta è aperto.",
        &format!("/avvisi/{id}"),
    ] {
        assert!(mail.text.contains(said), "{said}: {}", mail.text);
    }
    let marco = app.follower_in(&letters[0]).await;
    assert!(app.errands_out().await.is_empty());
    let history = store::notice::history(&desk.db.read, app.organisation(), id).await.unwrap();
    assert_eq!((history[0].verb.as_str(), &history[0].data), ("told", &json!({ "told": { "to": 1 } })));

    // Another change is other news, which somebody may want no more by the time that it leaves.
    app.changes(id, &app.put_off()).await;
    tracking::tell_by(desk, &app.cx(), &marco, ToldBy::Nothing).await.unwrap();
    assert!(app.errands_out().await.is_empty());
    tracking::tell_by(desk, &app.cx(), &marco, ToldBy::Mail).await.unwrap();
    app.changes(id, &notices::Form { ends_at: None, ..app.put_off() }).await;
    let letters = app.errands_out().await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].mail.text.contains("Fino a: non si sa ancora"), "{}", letters[0].mail.text);
}

#[tokio::test]
async fn a_change_of_a_draft_is_nobodys_news_and_what_is_over_by_then_is_told_as_over() {
    let app = TestApp::start().await;
    let (desk, cx) = (&app.app.desk, app.cx());
    let id = notices::create(desk, &cx, &app.strike()).await.unwrap();
    app.changes(id, &app.put_off()).await;
    notices::publish(desk, &cx, id, 1).await.unwrap();
    app.town_follows(Target::Notice(id), 1).await;
    assert!(app.errands_out().await.is_empty(), "it was a draft");

    app.changes(id, &notices::Form { ends_at: None, ..app.put_off() }).await;
    app.restore(id).await.unwrap();
    let letters = app.errands_out().await;
    let subjects: Vec<&str> = letters.iter().map(|letter| letter.mail.subject.as_str()).collect();
    assert_eq!(subjects, ["Servizio ripristinato: Sciopero rinviato"]);
    assert_eq!(app.notice(id).await.state, State::Restored);

    let other = app.publish(&app.strike()).await;
    app.follows(Target::Notice(other), "marco@libero.example").await;
    app.changes(other, &app.put_off()).await;
    // The letter is written, and has not left when the notice turns out to be a mistake.
    assert_eq!(app.batches(Uuid::now_v7(), 1).await, [1]);
    notices::withdraw(desk, &cx, other, 2).await.unwrap();
    app.pass(Duration::minutes(6));
    assert!(app.errands_out().await.is_empty());
}

#[tokio::test]
async fn an_operator_reads_the_letter_and_ticks_a_box_before_it_leaves() {
    let app = TestApp::start().await;
    let mut giulia = app.operator().await;
    let draft = notices::create(&app.app.desk, &app.cx(), &app.strike()).await.unwrap();
    let edit = format!("/desk/notices/{draft}/edit");
    let page = giulia.get(&edit).await;
    assert!(!page.body.contains("name=\"tell\"") && !page.words().contains("Avviso aggiornato:"), "a draft");
    notices::publish(&app.app.desk, &app.cx(), draft, 0).await.unwrap();
    app.follows(Target::Notice(draft), "marco@libero.example").await;

    let page = giulia.get(&edit).await;
    assert!(page.words().contains("Avvisa chi lo segue Lo segue una persona"), "{}", page.words());
    assert!(page.words().contains("Avviso aggiornato: Sciopero Buongiorno,"), "{}", page.words());
    let forms = html::forms(&page.body);
    let form = forms.iter().find(|form| form.action == edit).unwrap();
    assert!(form.fields.iter().any(|field| field.name == "tell" && !field.checked), "unless it is asked for");
    let desk = giulia.clone();
    let typed = async |title: &str, more: &[(&str, &str)]| {
        let version = app.notice(draft).await.version.to_string();
        let known = [
            ("title_it", title),
            ("text_it", "Giovedì la raccolta non passa."),
            ("starts", "2026-03-02T09:00"),
            ("version", &version),
        ];
        desk.clone().post(&edit, &[&known[..], more].concat()).await
    };
    let shown = typed("Sciopero rinviato", &[("tell", "on"), ("act", "preview")]).await;
    assert_eq!(shown.status, 200);
    assert!(shown.words().contains("Avviso aggiornato: Sciopero rinviato Buongiorno,"), "{}", shown.words());
    let ticked = |page: &Page| {
        let fields = html::forms(&page.body).into_iter().flat_map(|form| form.fields);
        fields.filter(|field| field.name == "tell").any(|field| field.checked)
    };
    assert!(ticked(&shown), "what was chosen stays chosen");
    assert_eq!(typed("Sciopero rinviato", &[("act", "save")]).await.status, 303);
    assert!(app.errands_out().await.is_empty(), "neither a preview nor a change in silence is told");
    let refused = typed("", &[("tell", "on"), ("act", "save")]).await;
    assert_eq!(refused.status, 422);
    assert!(ticked(&refused));
    assert_eq!(typed("Sciopero revocato", &[("tell", "on"), ("act", "save")]).await.status, 303);
    let letters = app.errands_out().await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].mail.subject, "Avviso aggiornato: Sciopero revocato");
    let page = giulia.get(&format!("/desk/notices/{draft}")).await.words();
    assert!(page.contains("Avvisato chi era interessato") && page.contains("Persone avvisate 1"), "{page}");
}
