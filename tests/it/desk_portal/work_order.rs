//! What the page of a work order says because it came through the portal.

use entity::communication::Channel;
use riscontro::{
    actions::{
        submission::Sent,
        tracking::{self, Target},
    },
    store,
};

use super::{PORTAL, QUESTIONS, SCRIPT, is_harmless, says, send};
use crate::support::{app::TestApp, browser::Browser};

const ORDER: &str = "/desk/work-orders/2026-000001";

/// One question more.
const CODE: &[(&str, &str)] =
    &[("fields-2-sort", "user_code"), ("fields-2-name", "utente"), ("fields-2-label_it", "Codice utente")];

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
            "Un’altra persona ha chiesto di seguirla e deve confermare l’indirizzo.",
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
    tracking::contest(&app.app.desk, &app.cx(), (&follower, Channel::Web), "È ancora pieno").await.unwrap();
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

async fn asks_for_the_code(admin: &mut Browser) {
    let saved = send(admin, &format!("{PORTAL}/kinds/disruption"), &[QUESTIONS, CODE].concat()).await;
    assert_eq!(saved.status, 303, "{}", saved.words());
}

#[tokio::test]
async fn what_was_typed_reads_as_words_and_once() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    asks_for_the_code(&mut admin).await;
    let mut typed = ANNA.to_vec();
    typed.extend([("told_by", "mail"), ("language", "de"), ("utente_missing", "on")]);
    app.sends(&typed, Channel::Web, "rete").await;
    let words = admin.get(ORDER).await.words();
    let told = &words[words.find("Dal modulo").unwrap()..words.find("Chi segue").unwrap()];
    assert_eq!(
        told.trim(),
        "Dal modulo Dichiarato da chi ha scritto, non provato. Che cosa succede? Cestino pieno Dove? Via Solferino 12 \
         45.53920, 10.22060 Codice utente Non ce l’ha sottomano Nome Anna Cognome Bianchi Email anna@libero.example \
         Telefono 333 1234567 Vuole essere avvisato Per email Lingua Tedesco"
    );
}

#[tokio::test]
async fn what_does_not_agree_with_the_register_is_pointed_out() {
    const FISCAL_CODE: &str = "Il codice fiscale indicato non è quello dell’intestatario";
    const NAME: &str = "Il nome indicato non è quello dell’intestatario";
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    asks_for_the_code(&mut admin).await;
    app.register(
        "nome;codice utente;codice fiscale;indirizzo;email\n\
         Riccomini Emanuele;UT-1;RCCMNL83S18D969H;via Solferino 12;\n\
         Conti Chiara;UT-2;;via Roma 2;\n",
    )
    .await;
    let of = |name, surname, code, fiscal_code| {
        [
            ("what", "Cestino"),
            ("name", name),
            ("surname", surname),
            ("utente", code),
            ("fiscal_code", fiscal_code),
        ]
    };
    for (n, (typed, said)) in [
        (of("Emanuele", "Riccomini", "UT-1", "RCCMNL83S18D969H"), None),
        (of("Ugo", "Neri", "ut-1", "RSSMRA85T10A562S"), Some(FISCAL_CODE)),
        (of("Ugo", "Neri", "UT-2", ""), Some(NAME)),
        (of("Chiara", "Conti", "UT-2", "RSSMRA85T10A562S"), None),
        (of("Ugo", "Neri", "UT-9", ""), None),
    ]
    .into_iter()
    .enumerate()
    {
        app.sends(&typed, Channel::Web, &format!("rete-{n}")).await;
        let words = admin.get(&format!("/desk/work-orders/2026-{:06}", n + 1)).await.words();
        for doubt in [FISCAL_CODE, NAME] {
            assert_eq!(words.contains(doubt), said == Some(doubt), "{n}: {doubt}: {words}");
        }
    }
}

#[tokio::test]
async fn a_citizen_gets_a_new_link_and_the_old_one_opens_nothing() {
    let (app, mut admin, sent) = house().await;
    let Sent::Accepted { follower, .. } = sent else { panic!("{sent:?}") };
    let path = format!("{ORDER}/link");
    assert!(!admin.get(ORDER).await.body.contains(&format!("action=\"{path}\"")), "it would reach nobody");
    let refused = admin.post(&path, &[]).await;
    assert_eq!(refused.status, 409);
    says(&refused, &["Non c’è un indirizzo confermato"]);
    let (desk, db) = (&app.app.desk, &app.app.desk.db.read);
    tracking::confirm(desk, &app.cx(), &follower).await.unwrap();
    app.errands_out().await;
    says(
        &admin.get(ORDER).await,
        &["Manda al cittadino un nuovo link", "Quelli di prima non aprono più niente"],
    );
    let renewed = admin.post(&path, &[]).await;
    assert_eq!(renewed.location, Some(format!("{ORDER}?done=link_renewed")));
    let after = store::follower::by_id(db, app.organisation(), follower.id).await.unwrap().unwrap();
    assert!(after.generation > follower.generation);
    let letters = app.errands_out().await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].mail.to[0].address, "anna@libero.example");
    let page = admin.get(ORDER).await;
    says(
        &page,
        &["Nuovo link per seguirla: quello di prima non apre più niente 02/03/2026 9:00 · Amministratore"],
    );
    app.mail_in(crate::support::letter::letter("ugo@libero.example", "Altro").raw()).await;
    assert_eq!(admin.post("/desk/work-orders/2026-000002/link", &[]).await.status, 404, "no form, no link");
}
