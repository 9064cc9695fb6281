//! What the page of a work order says because it came through the portal.

use entity::communication::Channel;
use riscontro::{
    actions::{
        submission::Sent,
        tracking::{self, Target},
    },
    store,
};

use super::{SCRIPT, is_harmless, says};
use crate::support::{app::TestApp, browser::Browser};

const ORDER: &str = "/desk/work-orders/2026-000001";

const ANNA: &[(&str, &str)] = &[
    ("what", "Cestino pieno"),
    ("where", "Via Solferino 12"),
    ("where_lat", "45.5392"),
    ("where_lon", "10.2206"),
    ("name", "Anna"),
    ("surname", "Bianchi"),
    ("email", "anna@libero.example"),
    ("phone", "333 1234567"),
];

async fn house() -> (TestApp, Browser, Sent) {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    app.own_form(&mut admin).await;
    let (_, sent) = app.sends(ANNA, Channel::Web, "rete").await;
    (app, admin, sent)
}

#[tokio::test]
async fn the_page_says_what_was_typed_where_it_is_and_who_follows() {
    let (app, mut admin, sent) = house().await;
    let Sent::Accepted { work_order, .. } = sent else { panic!("{sent:?}") };
    let followed = Target::WorkOrder(work_order.id);
    tracking::follow(
        &app.app.desk,
        &app.cx(),
        followed,
        "ugo@libero.example",
        entity::language::Language::It,
    )
    .await
    .unwrap();
    let page = admin.get(ORDER).await;
    says(
        &page,
        &[
            "dallo sportello",
            "Che cosa succede? Cestino pieno",
            "45.53920, 10.22060",
            "anna@libero.example Indirizzo non confermato",
            "La segue anche un’altra persona.",
        ],
    );
    assert!(!page.words().contains("ugo@libero.example"), "who follows is nobody's business");
}

#[tokio::test]
async fn letters_to_an_unconfirmed_address_wait_and_may_be_sent_all_the_same() {
    let (app, mut admin, _) = house().await;
    app.letters_out().await;
    let page = admin.get(ORDER).await;
    let (id, seen) = (page.field("id"), page.field("seen"));
    let answer =
        [("id", id.as_str()), ("seen", &seen), ("to", "anna@libero.example"), ("body", "Passiamo domani.")];
    assert_eq!(admin.post_files(&format!("{ORDER}/replies"), &answer, &[]).await.status, 303);
    assert!(app.letters_out().await.is_empty());
    let page = admin.get(ORDER).await;
    says(&page, &["aspetta la conferma dell’indirizzo", "Invia comunque"]);
    let again = page
        .body
        .split("action=\"")
        .find_map(|rest| rest.split('"').next().filter(|to| to.ends_with("/again")));
    let again = again.unwrap().to_owned();
    assert_eq!(admin.post(&again, &[]).await.status, 303);
    let letters = app.letters_out().await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].mail.text.contains("Passiamo domani."));
}

#[tokio::test]
async fn a_contested_work_order_says_so() {
    let (app, mut admin, sent) = house().await;
    let Sent::Accepted { work_order, follower } = sent else { panic!("{sent:?}") };
    let closed = entity::work_order::Status::Closed;
    let change = riscontro::actions::work_order::Change { status: Some(closed), ..Default::default() };
    riscontro::actions::work_order::change(&app.app.desk, &app.cx(), work_order.id, change).await.unwrap();
    tracking::contest(&app.app.desk, &app.cx(), &follower, "È ancora pieno").await.unwrap();
    says(&admin.get(ORDER).await, &["Contestato", "Il cittadino dice che non è risolto"]);
    let contested = admin.get("/desk/queue?contested=on").await;
    says(&contested, &["2026/000001", "Contestati"]);
}

#[tokio::test]
async fn what_everybody_reads_is_written_by_an_operator_and_names_nobody() {
    let (app, mut admin, _) = house().await;
    let path = format!("{ORDER}/publication");
    let fields = |title: &'static str, text: &'static str, act: &'static str| {
        [("title", title), ("text", text), ("address", "Via Solferino"), ("position", "on"), ("act", act)]
    };
    let preview = admin
        .post(&path, &fields("Cestino pieno", "Lo segnala la sig.ra Bianchi, 333 1234567", "preview"))
        .await;
    assert_eq!(preview.status, 200);
    says(&preview, &["C’è il nome o il cognome di chi ha scritto.", "C’è un numero di telefono."]);
    let (db, order) = (&app.app.desk.db.read, store::work_order::by_number);
    let order = order(db, app.organisation(), "2026/000001".parse().unwrap()).await.unwrap().unwrap();
    let stored = || store::publication::of(db, app.organisation(), order.id);
    let refused =
        admin.post(&path, &fields("Cestino pieno", "Lo segnala la sig.ra Bianchi", "publish")).await;
    assert_eq!(refused.status, 422);
    says(&refused, &["fa riconoscere una persona"]);
    assert!(stored().await.unwrap().is_none());
    let untitled = admin.post(&path, &fields(" ", "Cestino", "publish")).await;
    assert_eq!(untitled.status, 422);
    assert_eq!(
        admin.post(&path, &fields("Cestino pieno", "Vicino alla fermata.", "publish")).await.status,
        303
    );
    let row = stored().await.unwrap().unwrap();
    assert_eq!((row.title.as_str(), row.latitude), ("Cestino pieno", Some(45.5392)));
    says(&admin.get(ORDER).await, &["Pubblicata", "Pubblicata nell’elenco"]);
    let mut confirmed = fields("Cestino pieno", SCRIPT, "publish").to_vec();
    confirmed.push(("confirmed", "on"));
    assert_eq!(admin.post(&path, &confirmed).await.status, 303);
    is_harmless(&admin.get(ORDER).await);
    assert_eq!(admin.post(&format!("{path}/remove"), &[]).await.status, 303);
    assert_eq!(admin.post(&format!("{path}/remove"), &[]).await.status, 303, "twice is once");
    assert!(stored().await.unwrap().is_none());
}
