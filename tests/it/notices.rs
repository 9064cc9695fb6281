//! Notices of disruption: written and changed with a memory, told of once when they are over.

mod changed;

use chrono::Duration;
use entity::{errand::Work, event::Verb, language::Words, notice, work_order::Status};
use riscontro::{
    actions::{self, Error, notice as notices, tracking::Target},
    domain::place,
    store,
};
use uuid::Uuid;

use crate::support::{app::TestApp, letter::letter};

impl TestApp {
    fn strike(&self) -> notices::Form {
        notices::Form {
            title: Words { it: "Sciopero".into(), de: "Streik".into(), ..Words::default() },
            text: Words::plain("Mercoledì la raccolta non passa."),
            starts_at: self.now(),
            ends_at: Some(self.now() + Duration::days(1)),
            ..notices::Form::default()
        }
    }

    /// Of the street that citizens report from here.
    fn works(&self) -> notices::Form {
        notices::Form {
            title: Words::plain("Lavori in corso"),
            streets: vec!["Via Solferino".into()],
            ..self.strike()
        }
    }

    async fn notice(&self, id: Uuid) -> notice::Model {
        store::notice::by_id(&self.app.desk.db.read, self.organisation(), id).await.unwrap().unwrap()
    }

    /// A notice that everybody sees.
    pub(crate) async fn publish(&self, form: &notices::Form) -> Uuid {
        let (desk, cx) = (&self.app.desk, self.cx());
        let id = notices::create(desk, &cx, form).await.unwrap();
        notices::publish(desk, &cx, id, 0).await.unwrap();
        id
    }

    async fn restore(&self, id: Uuid) -> Result<(), Error> {
        let words = Words { it: "Si recupera giovedì.".into(), ..Words::default() };
        let version = self.notice(id).await.version;
        notices::restore(&self.app.desk, &self.cx(), id, version, &words).await
    }

    async fn concerned(&self, kind: &str, address: Option<&str>) -> usize {
        let kinds = store::organisation::kinds(&self.app.desk.db.read, self.organisation()).await.unwrap();
        let kind = kinds.iter().find(|one| one.code == kind).unwrap().id;
        let street = address.map(place::street);
        let tx = self.app.desk.db.begin().await.unwrap();
        let found = notices::concerning(&tx, self.organisation(), kind, street.as_deref(), self.now()).await;
        found.unwrap().len()
    }

    async fn recipients_of_errands(&self) -> Vec<String> {
        let letters = self.errands_out().await;
        let mut to: Vec<String> = letters.iter().map(|letter| letter.mail.to[0].address.clone()).collect();
        to.sort();
        to
    }
}

#[tokio::test]
async fn every_change_of_a_notice_is_remembered_with_what_it_was() {
    let app = TestApp::start().await;
    let (desk, cx) = (&app.app.desk, app.cx());
    let id = app.publish(&app.strike()).await;
    let mut form = app.strike();
    form.title.it = "Sciopero  \u{202e}rinviato\n".into();
    notices::change(desk, &cx, id, 1, &form).await.unwrap();
    assert_eq!(app.notice(id).await.title.it, "Sciopero rinviato");
    assert!(matches!(notices::change(desk, &cx, id, 1, &app.strike()).await, Err(Error::Conflict(_))));
    notices::change(desk, &cx, id, 2, &form).await.unwrap();
    assert_eq!(app.notice(id).await.version, 2, "nothing was changed");
    app.restore(id).await.unwrap();
    assert!(matches!(notices::change(desk, &cx, id, 3, &app.strike()).await, Err(Error::Conflict(_))));

    let history = store::notice::history(&desk.db.read, app.organisation(), id).await.unwrap();
    let verbs: Vec<&str> = history.iter().map(|change| change.verb.as_str()).collect();
    assert_eq!(verbs, ["restored", "changed", "published", "created"]);
    let changed = &history[1].data;
    assert_eq!(changed.as_object().unwrap().keys().collect::<Vec<_>>(), ["title"]);
    assert_eq!(changed["title"]["from"]["it"], "Sciopero");
    assert_eq!(changed["title"]["to"]["it"], "Sciopero rinviato");
}

#[tokio::test]
async fn a_notice_says_something_and_not_too_much() {
    let app = TestApp::start().await;
    let form = notices::Form {
        title: Words { it: " \n ".into(), de: "x".repeat(121), ..Words::default() },
        kinds: vec![Uuid::nil()],
        streets: vec!["x".repeat(121)],
        ends_at: Some(app.now()),
        starts_at: app.now(),
        ..notices::Form::default()
    };
    let Err(Error::Rejected(flaws)) = notices::create(&app.app.desk, &app.cx(), &form).await else {
        panic!("rejected")
    };
    let mut fields: Vec<&str> = flaws.iter().map(|flaw| flaw.field.as_ref()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["ends_at", "kinds", "streets", "text", "title", "title_de"]);
}

#[tokio::test]
async fn a_notice_explains_requests_of_its_streets_and_kinds_while_it_lasts() {
    let app = TestApp::start().await;
    let kinds = store::organisation::kinds(&app.app.desk.db.read, app.organisation()).await.unwrap();
    let disruption = kinds.iter().find(|kind| kind.code == "disruption").unwrap().id;
    let mut form = app.strike();
    form.streets = vec!["Via Solferino".into(), "  ".into(), "via solferino".into()];
    form.kinds = vec![disruption];
    let draft = notices::create(&app.app.desk, &app.cx(), &form).await.unwrap();
    assert_eq!(app.concerned("disruption", Some("via Solferino 12")).await, 0, "a draft explains nothing");
    notices::publish(&app.app.desk, &app.cx(), draft, 0).await.unwrap();
    assert_eq!(app.notice(draft).await.streets.0, ["Via Solferino"]);
    assert_eq!(app.concerned("disruption", Some("via Solferino 12")).await, 1);
    assert_eq!(app.concerned("disruption", Some("via Roma 1")).await, 0);
    assert_eq!(app.concerned("disruption", None).await, 0);
    assert_eq!(app.concerned("information", Some("via Solferino 12")).await, 0);
    app.restore(draft).await.unwrap();
    assert_eq!(app.concerned("disruption", Some("via Solferino 12")).await, 0);
    let mut later = app.strike();
    later.starts_at = app.now() + Duration::hours(1);
    later.ends_at = None;
    app.publish(&later).await;
    assert_eq!(app.concerned("disruption", None).await, 0, "it has not begun");
    app.pass(Duration::hours(2));
    assert_eq!(app.concerned("disruption", None).await, 1);
}

#[tokio::test]
async fn a_notice_that_is_narrowed_in_the_same_instant_explains_only_what_it_still_is_about() {
    let app = TestApp::start().await;
    let (desk, organisation) = (app.app.desk.clone(), app.organisation());
    let mut form = app.strike();
    form.streets = vec!["Via Solferino".into()];
    let id = app.publish(&form).await;
    let kind = store::organisation::kinds(&desk.db.read, organisation).await.unwrap()[0].id;
    let explained = |street: &'static str| {
        let (desk, now) = (desk.clone(), app.now());
        tokio::spawn(async move {
            let tx = desk.db.begin().await.unwrap();
            let street = place::street(street);
            notices::concerning(&tx, organisation, kind, Some(&street), now).await.unwrap().len()
        })
    };

    // An operator's change of the streets, not yet written down.
    let narrowing = desk.db.begin().await.unwrap();
    let streets = notice::Lines(vec!["Via Roma".into()]);
    let change = notice::ActiveModel { streets: sea_orm::ActiveValue::Set(streets), ..Default::default() };
    assert!(store::notice::update(&narrowing, organisation, (id, 1), change).await.unwrap());
    let asked = explained("via Solferino 12");
    // Time for the other to go as far as it can.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!asked.is_finished(), "it waits for the change");
    narrowing.commit().await.unwrap();
    assert_eq!(asked.await.unwrap(), 0);
    assert_eq!(explained("via Roma 1").await.unwrap(), 1);
}

#[tokio::test]
async fn nobody_is_written_to_when_a_notice_begins_and_each_person_once_when_it_ends() {
    let app = TestApp::start().await;
    let (desk, db) = (&app.app.desk, &app.app.desk.db.read);
    // Anna wrote twice; nobody ever wrote back to Bruno, whose letter no acknowledgement followed.
    for (from, subject) in [("anna@libero.example", "Non passate"), ("anna@libero.example", "E di nuovo")] {
        app.mail_in(letter(from, subject).raw()).await;
    }
    app.mail_in(letter("bruno@libero.example", "Lista").with("List-Id: <x.example>").raw()).await;
    app.errands_out().await;
    let id = app.publish(&app.strike()).await;
    assert!(app.errands_out().await.is_empty(), "nothing is sent to everybody");
    for number in ["2026/000001", "2026/000002", "2026/000003"] {
        notices::link(desk, &app.cx(), id, app.order(number).await.id).await.unwrap();
    }
    app.follows(Target::Notice(id), "marco@libero.example").await;
    app.follows(Target::WorkOrder(app.order("2026/000001").await.id), "carla@libero.example").await;
    app.ask_to_follow(Target::Notice(id), "luca@libero.example").await;
    app.errands_out().await;

    app.restore(id).await.unwrap();
    assert!(matches!(app.restore(id).await, Err(Error::Conflict(_))), "it is over");
    let letters = app.errands_out().await;
    let mut to: Vec<&str> = letters.iter().map(|letter| letter.mail.to[0].address.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["anna@libero.example", "carla@libero.example", "marco@libero.example"]);
    for letter in &letters {
        assert_eq!(letter.mail.subject, "Servizio ripristinato: Sciopero");
        assert!(letter.mail.text.contains("Si recupera giovedì."), "{}", letter.mail.text);
        assert!(letter.mail.text.contains(&format!("/avvisi/{id}")), "{}", letter.mail.text);
    }
    assert!(app.recipients_of_errands().await.is_empty());
    let order = app.order("2026/000001").await;
    let history = store::event::history(db, app.organisation(), order.id, 20).await.unwrap();
    let verbs: Vec<Verb> = history.iter().map(|event| event.verb).collect();
    assert!(verbs.contains(&Verb::NoticeLinked) && verbs.contains(&Verb::Told), "{verbs:?}");
    assert_eq!(order.status, Status::New, "a notice does not answer anybody");
}

#[tokio::test]
async fn who_dies_while_telling_tells_the_rest_and_nobody_twice() {
    let app = TestApp::start().await;
    let id = app.publish(&app.strike()).await;
    for n in 0..6 {
        app.follows(Target::Notice(id), &format!("c{n}@libero.example")).await;
    }
    app.restore(id).await.unwrap();
    let dead = Uuid::now_v7();
    assert_eq!(app.batches(dead, 1).await, [6]);
    let load = store::errand::Load::Circulars;
    let in_hand = actions::errand::claim(&app.app.desk, load, dead, app.now(), 3).await.unwrap();
    let in_hand = in_hand.iter().filter(|errand| errand.work == Work::Restored).count();
    assert_eq!(app.recipients_of_errands().await.len(), 6 - in_hand);
    app.pass(actions::errand::LEASE + Duration::seconds(1));
    assert_eq!(app.recipients_of_errands().await.len(), in_hand);
    assert!(app.recipients_of_errands().await.is_empty());
    let ids: std::collections::HashSet<String> = app
        .errands()
        .await
        .into_iter()
        .filter(|errand| errand.work == Work::Restored)
        .filter_map(|errand| errand.once)
        .collect();
    assert_eq!(ids.len(), 6);
}

#[tokio::test]
async fn a_notice_that_was_a_mistake_disappears_in_silence() {
    let app = TestApp::start().await;
    let (desk, cx) = (&app.app.desk, app.cx());
    app.mail_in(letter("anna@libero.example", "Non passate").raw()).await;
    let order = app.order("2026/000001").await;
    let id = app.publish(&app.strike()).await;
    notices::link(desk, &cx, id, order.id).await.unwrap();
    let of_order = async || {
        store::notice::of_work_order(&desk.db.read, app.organisation(), order.id).await.unwrap().len()
    };
    assert_eq!(of_order().await, 1);
    app.follows(Target::Notice(id), "marco@libero.example").await;
    notices::withdraw(desk, &cx, id, 1).await.unwrap();
    assert!(app.errands_out().await.is_empty());
    assert_eq!(of_order().await, 0);
    assert!(matches!(notices::link(desk, &cx, id, order.id).await, Err(Error::Conflict(_))));
    assert!(matches!(app.restore(id).await, Err(Error::Conflict(_))));
    notices::unlink(desk, &cx, id, order.id).await.unwrap();
    assert!(matches!(notices::unlink(desk, &cx, id, order.id).await, Err(Error::NotFound)));
    let other = actions::Cx::system(Uuid::now_v7(), app.now());
    assert!(matches!(notices::publish(desk, &other, id, 2).await, Err(Error::NotFound)), "of others");
}

#[tokio::test]
async fn who_has_not_confirmed_the_address_is_promised_nothing_more_and_finds_the_end_on_the_page() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let id = app.publish(&app.works()).await;
    let held = app.report(&[("email", "anna@libero.example")]).await;
    let letters = app.letters_out().await;
    let words = &letters[0].mail.text;
    assert!(words.contains("Dopo che avrai confermato l’indirizzo, quando il servizio riprende"), "{words}");
    assert!(words.contains(&format!("/sportello/ente/avvisi/{id}")), "the notice is a click away: {words}");

    app.restore(id).await.unwrap();
    assert!(app.recipients_of_errands().await.is_empty(), "until then she is not written to");
    app.confirm(&held).await;
    assert!(app.recipients_of_errands().await.is_empty(), "it is over: nothing is left to be told");
    let mut browser = app.browser();
    let page = browser.get(&app.letter_link(&held).await).await.words();
    assert!(page.contains("Lavori in corso") && page.contains("Servizio ripristinato il"), "{page}");
    let page = browser.get(&format!("/sportello/ente/avvisi/{id}")).await.words();
    assert!(page.contains("Si recupera giovedì."), "{page}");

    // Now that the address is known to be hers, the promise is a plain one, and it is kept.
    let again = app.publish(&app.works()).await;
    app.report(&[("email", "anna@libero.example"), ("details", "Ancora pieno")]).await;
    let letters = app.letters_out().await;
    let words = &letters[0].mail.text;
    assert!(words.contains("Quando il servizio riprende te lo scriviamo"), "{words}");
    app.restore(again).await.unwrap();
    assert_eq!(app.recipients_of_errands().await, ["anna@libero.example"]);
}

#[tokio::test]
async fn two_notices_that_explain_a_request_are_named_together() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    for title in ["Lavori in corso", "Sciopero"] {
        let streets = vec!["Via Solferino".to_owned()];
        app.publish(&notices::Form { title: Words::plain(title), streets, ..app.strike() }).await;
    }
    app.report(&[("email", "anna@libero.example")]).await;
    let letter = app.letters_out().await.remove(0).mail.text;
    assert_eq!(letter.matches("Ci sono avvisi che potrebbero spiegare").count(), 1, "{letter}");
    assert_eq!(
        letter.to_lowercase().matches("quando il servizio riprende te lo scriviamo").count(),
        1,
        "{letter}"
    );
    for title in ["\n- Sciopero: ", "\n- Lavori in corso: "] {
        assert_eq!(letter.matches(title).count(), 1, "{title}: {letter}");
    }
}

#[tokio::test]
async fn a_notice_of_the_whole_town_is_shown_and_tied_to_nobodys_request() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let kinds = store::organisation::kinds(&app.app.desk.db.read, app.organisation()).await.unwrap();
    let disruption = kinds.iter().find(|kind| kind.code == "disruption").unwrap().id;
    let id = app.publish(&notices::Form { kinds: vec![disruption], ..app.strike() }).await;
    let near = app.browser().get("/sportello/ente/vicino?kind=disruption&address=via%20Solferino%2012").await;
    let near = near.words();
    assert!(near.contains("Avviso per tutto il territorio, potrebbe riguardarti: Sciopero"), "{near}");
    let held = app.report(&[("email", "anna@libero.example"), ("what", "damaged")]).await;
    let letters = app.letters_out().await;
    let words = &letters[0].mail.text;
    assert!(words.contains("vale per tutto il territorio e potrebbe riguardarti"), "{words}");
    assert!(words.contains(&format!("/sportello/ente/avvisi/{id}")), "it can be followed there: {words}");
    assert!(!words.contains("te lo scriviamo"), "nothing is promised: {words}");
    let linked = store::notice::of_work_order(&app.app.desk.db.read, app.organisation(), held.order).await;
    assert_eq!(linked.unwrap(), [], "a strike breaks no bins");
    app.confirm(&held).await;
    app.restore(id).await.unwrap();
    assert!(app.recipients_of_errands().await.is_empty());
}
