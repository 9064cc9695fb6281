//! What is typed where something else was asked: unknown questions, answers that nobody can see, addresses that lead nowhere.

use entity::{communication::Channel, language::Language, submission::Answers};
use riscontro::{
    actions::{
        Cx,
        submission::{self, New, Sent},
    },
    domain::link,
    store,
};
use uuid::Uuid;

use super::networks::{Somebody, is_taken};
use crate::support::{
    app::TestApp,
    citizen::{self, Citizen},
};

const DATA: [(&str, &str); 4] =
    [("place", "via Solferino 12"), ("what", "full_bins"), ("title", "Pieno"), ("details", "Da lunedì.")];

async fn house() -> TestApp {
    let house = TestApp::start().await;
    citizen::open_portal(&house.app, house.organisation()).await;
    house
}

impl TestApp {
    /// The answers that are kept of a draft, or of what became of it.
    async fn kept(&self, at: &str) -> Answers {
        let link = at.split_once("b=").unwrap().1;
        let id = link::draft_of(&self.app.desk.keys, link).unwrap();
        let row = store::submission::by_id(&self.app.desk.db.read, self.organisation(), id).await;
        row.unwrap().unwrap().answers
    }
}

#[tokio::test]
async fn answers_that_nobody_asked_for_are_ignored() {
    let house = house().await;
    let mut citizen = Somebody::at(&house, "203.0.113.9");
    let at = citizen.begins().await;
    let names: Vec<String> = (0..300).map(|n| format!("unknown{n}")).collect();
    let mut typed: Vec<(&str, &str)> = DATA.to_vec();
    typed.extend(names.iter().map(|name| (name.as_str(), "x")));
    typed.extend([
        ("state", "accepted"),
        ("step", "4"),
        ("work_order_id", "1"),
        ("__proto__", "x"),
        ("title[]", "Altro"),
        ("email", "altro@libero.example"),
        ("terms", "on"),
    ]);
    let answered = citizen.post(&at, &typed).await;
    assert_eq!(answered.status, 303, "{}", answered.words());
    let kept = house.kept(&at).await;
    let mut names: Vec<&str> = kept.0.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["details", "place", "place_lat", "place_lon", "privacy", "title", "what"]);
    assert_eq!(kept.get("title"), "Pieno");
}

#[tokio::test]
async fn a_choice_that_is_none_and_an_answer_that_is_too_long_are_explained() {
    let house = house().await;
    let mut citizen = Somebody::at(&house, "203.0.113.9");
    let at = citizen.begins().await;
    let long = "parola ".repeat(100_000);
    for (name, value, words) in [
        ("what", "else", "Scegli una delle risposte proposte"),
        ("what", "full_bins\nelse", "Ci sono caratteri che non si vedono"),
        ("title", long.as_str(), "accorcialo a"),
        ("details", &long, "accorcialo a"),
        ("title", "\u{200b}\u{2060}\u{feff}", "Questo campo è obbligatorio"),
        ("details", "\u{202e} \u{2066}\u{3164}", "Questo campo è obbligatorio"),
        ("place", "\u{a0}\u{200d}", "Questo campo è obbligatorio"),
    ] {
        let mut typed = DATA;
        typed.iter_mut().filter(|(known, _)| *known == name).for_each(|pair| pair.1 = value);
        let refused = citizen.post(&at, &typed).await;
        assert_eq!(refused.status, 422, "{name}");
        assert!(refused.words().contains(words), "{name}, {words}: {}", refused.words());
    }
    let told = [("surname", "Bianchi"), ("told_by", "pigeon"), ("language", "xx")];
    let contacts = citizen.post(&at, &DATA).await.location.unwrap();
    let summary = citizen.post(&contacts, &told).await.location.unwrap();
    assert!(is_taken(&citizen.sends(&summary).await), "what is no choice is none made");
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_explained() {
    let house = house().await;
    let mut citizen = Somebody::at(&house, "203.0.113.9");
    let at = citizen.begins().await;
    let contacts = citizen.post(&at, &DATA).await.location.unwrap();
    for (email, words) in [
        ("max@localhost", "dopo la chiocciola, manca la fine"),
        ("\"max m\"@libero.example", "non può contenere virgolette"),
        ("max@[127.0.0.1]", "non può contenere virgolette"),
        ("max@127.0.0.1", "un numero al posto del dominio"),
        ("max", "L’indirizzo email non è valido"),
    ] {
        let refused = citizen.post(&contacts, &[("email", email)]).await;
        assert_eq!(refused.status, 422, "{email}");
        assert!(refused.words().contains(words), "{email}: {}", refused.words());
        let resume = citizen.post(&contacts, &[("action", "resume"), ("resume-address", email)]).await;
        assert_eq!(resume.status, 422, "{email}");
    }
}

#[tokio::test]
async fn of_a_form_that_comes_whole_only_what_was_asked_is_kept_and_two_at_once_are_one() {
    let house = house().await;
    let (desk, organisation) = (house.app.desk.clone(), house.organisation());
    let cx = Cx::system(organisation, house.now());
    let kinds = store::organisation::kinds(&desk.db.read, organisation).await.unwrap();
    let kind = kinds.iter().find(|kind| kind.code == "disruption").unwrap().id;
    let form = citizen::form_of(&house.app, organisation, "disruption").await;
    let mut answers = Citizen::new(&form, 1).answers();
    answers.insert("state".to_owned(), "accepted".to_owned());
    answers.insert("title".to_owned(), "\u{202e}Pieno\u{200b}".to_owned());
    let new = New {
        id: Uuid::now_v7(),
        kind,
        language: Language::It,
        channel: Channel::App,
        app_key: None,
        fingerprint: vec![7; 32],
        answers: Answers(answers),
        uploads: Vec::new(),
        network: String::new(),
        proven: None,
    };
    let sending: Vec<_> = (0..8)
        .map(|_| {
            let (desk, new) = (desk.clone(), new.clone());
            tokio::spawn(async move { submission::send(&desk, &cx, new).await })
        })
        .collect();
    let mut orders = Vec::new();
    for one in sending {
        let sent = one.await.unwrap();
        let Ok(Sent::Accepted { work_order, .. }) = sent else { panic!("{sent:?}") };
        orders.push(work_order.id);
    }
    orders.dedup();
    assert_eq!(orders.len(), 1, "eight times the same receipt");
    let kept = store::submission::by_id(&desk.db.read, organisation, new.id).await.unwrap().unwrap().answers;
    assert_eq!((kept.get("state"), kept.get("title")), ("", "Pieno"));
    let other = New { fingerprint: vec![8; 32], ..new };
    let refused = submission::send(&desk, &cx, other).await;
    assert!(matches!(refused, Err(riscontro::actions::Error::Conflict(_))), "{refused:?}");
}
