//! "Avvisa il cittadino" on the page of a work order.

use chrono::Duration;
use entity::{
    follower,
    io_message::State,
    update_rule::{Occasion, Way},
    work_order::Status,
};
use riscontro::{
    actions::{io::service_keys, work_order as orders},
    stand_in::ready,
    store,
};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::ANNA;
use crate::support::{
    app::TestApp,
    browser::{Browser, Page},
};

const ORDER: &str = "/desk/work-orders/2026-000001";
const TELL: &str = "/desk/work-orders/2026-000001/updates";

/// What the panel says before anything is pressed.
async fn outlook(desk: &mut Browser) -> String {
    let words = desk.get(ORDER).await.words();
    let panel = words.split("Che cosa gli dici").nth(1).unwrap();
    panel.split("A chi è stata inoltrata").next().unwrap().to_owned()
}

async fn tell(desk: &mut Browser, fields: &[(&str, &str)]) -> Page {
    let token = desk.get(ORDER).await.field("token");
    let mut all = vec![("token", token.as_str())];
    all.extend(fields);
    desk.post(TELL, &all).await
}

#[tokio::test]
async fn it_says_beforehand_by_which_way_it_goes_and_why() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    app.registered(ANNA, ready::ON).await;
    app.writes(ANNA).await;
    let said = outlook(&mut desk).await;
    assert!(said.contains("Per posta elettronica: su IO per ora non si avvisa, nessun servizio"), "{said}");
    let io = app.tells_on_io().await;
    let said = outlook(&mut desk).await;
    assert_eq!(said.matches("Su IO; se IO non lo raggiunge, per posta elettronica.").count(), 4, "{said}");
    app.rules(&[(Occasion::Forwarded, Way::Nothing), (Occasion::Appointment, Way::Io)], Some(io.service))
        .await;
    let said = outlook(&mut desk).await;
    assert!(said.contains("Non parte Nessun canale: le regole dicono di non avvisare."), "{said}");
    assert!(said.contains("Solo su IO: così dicono le regole."), "{said}");
}

#[tokio::test]
async fn it_says_beforehand_why_io_cannot_be_used() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let io = app.tells_on_io().await;
    let order = app.writes(ANNA).await;
    let identified = |code: &'static str| {
        let app = &app;
        async move {
            let taxpayer = app.registered("altra@libero.example", code).await;
            let by_hand = orders::Identify { taxpayer, add_contact: false, with_others: false };
            orders::identify(&app.app.desk, &app.operators_cx().await, order, by_hand).await.unwrap();
        }
    };
    let because = |said: String, words: &str| {
        assert!(said.contains(&format!("Per posta elettronica: su IO {words}")), "{words}: {said}");
    };
    because(outlook(&mut desk).await, "non si può, non si conosce il codice fiscale");
    identified("00743110157").await;
    because(outlook(&mut desk).await, "non si può, il codice è di un’impresa");
    identified("RSSMRA45I12F205C").await;
    because(outlook(&mut desk).await, "non si può, il codice fiscale che abbiamo non è scritto bene");
    identified(ready::ON).await;
    let trial = app.io_service_on_trial("Prova", &[ready::ON_GERMAN]).await;
    app.rules(&[], Some(trial)).await;
    because(outlook(&mut desk).await, "non si può, il servizio «Prova» è in prova");
    app.rules(&[], Some(io.service)).await;
    sends(&app, io.service, false).await;
    because(outlook(&mut desk).await, "per ora non si avvisa, un amministratore ha spento");
    sends(&app, io.service, true).await;
    assert!(outlook(&mut desk).await.contains("Su IO; se IO non lo raggiunge"));

    let form = app.report(&[("email", "ugo@libero.example"), ("name", "Ugo")]).await;
    app.confirm(&form).await;
    let tx = app.app.desk.db.begin().await.unwrap();
    let coded = follower::ActiveModel { fiscal_code: Set(ready::ON.to_owned()), ..Default::default() };
    store::follower::update(&tx, form.follower, coded).await.unwrap();
    tx.commit().await.unwrap();
    let said = desk.get("/desk/work-orders/2026-000002").await.words();
    because(said, "non si può, il codice fiscale è dichiarato e non provato");
}

/// An administrator switches the sending of a service off and on.
async fn sends(app: &TestApp, service: Uuid, on: bool) {
    let row =
        store::io_service::by_id(&app.app.desk.db.read, app.organisation(), service).await.unwrap().unwrap();
    let version = (service, row.version);
    service_keys::set_sending(&app.app.desk, &app.cx(), version, on, None).await.unwrap();
}

#[tokio::test]
async fn it_says_beforehand_what_is_known_of_io() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ABSENT).await;
    let order = app.writes(ANNA).await;
    app.becomes(order, Status::InProgress).await;
    app.on_io(&io).await;
    let said = outlook(&mut desk).await;
    assert!(said.contains("L’ultima volta, il 02/03/2026, la persona non era su IO."), "{said}");
    let tx = app.app.desk.db.begin().await.unwrap();
    let words = Some("La chiave non vale.".to_owned());
    store::io_service::set_stopped(&tx, app.organisation(), io.service, words, None).await.unwrap();
    tx.commit().await.unwrap();
    let said = outlook(&mut desk).await;
    assert!(said.contains("In questo momento IO rifiuta il servizio «"), "{said}");
    assert!(!said.contains("ore di silenzio"), "{said}");
    app.pass(Duration::hours(13));
    let said = outlook(&mut app.administrator().await).await;
    assert!(said.contains("Sono ore di silenzio: su IO parte dopo, il 03/03/2026, ore 08:00."), "{said}");
}

#[tokio::test]
async fn without_certified_mail_it_says_that_the_rule_cannot_be_kept() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    app.registered(ANNA, ready::ON).await;
    app.writes(ANNA).await;
    app.rule_of_before(Occasion::Forwarded, Way::Pec).await;
    let said = outlook(&mut desk).await;
    assert!(
        said.contains("Per posta elettronica: le regole dicono PEC, ma l’ente non ha una casella PEC."),
        "{said}"
    );
}

#[tokio::test]
async fn who_cannot_be_reached_is_said_not_to_be() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", ANNA), ("name", "Anna")]).await;
    let said = outlook(&mut desk).await;
    assert_eq!(said.matches("Nessun canale: non c’è un indirizzo a cui scrivere").count(), 4, "{said}");
    let refused = tell(&mut desk, &[("occasion", "forwarded"), ("office", "Ufficio tecnico")]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains("Nessun canale raggiunge questa persona"), "{}", refused.words());
    assert_eq!(refused.field("office"), "Ufficio tecnico");
    assert!(app.updates(held.order).await.is_empty());
}

#[tokio::test]
async fn what_is_told_twice_with_one_form_is_told_once() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    let token = desk.get(ORDER).await.field("token");
    // The other fields were typed before another occasion was chosen: they are not told.
    let fields = [
        ("token", token.as_str()),
        ("occasion", "forwarded"),
        ("office", "Comune"),
        ("asked", "altro"),
        ("when", "x"),
    ];
    for _ in 0..2 {
        let told = desk.post(TELL, &fields).await;
        assert_eq!((told.status, told.location), (303, Some(format!("{ORDER}?done=updated"))));
    }
    let messages = app.on_io(&io).await;
    assert_eq!(messages.len(), 1);
    let words = messages[0].content["markdown"].as_str().unwrap();
    assert!(words.contains("Se ne occupa: Comune") && !words.contains("altro"), "{words}");
    assert_eq!(app.updates(order).await.len(), 1);
    let stored =
        store::work_order::by_id(&app.app.desk.db.read, app.organisation(), order).await.unwrap().unwrap();
    assert_eq!(stored.status, Status::InProgress);
    assert_eq!(desk.post("/desk/work-orders/2026-000099/updates", &fields).await.status, 404);
    assert_eq!(app.browser().post(TELL, &fields).await.status, 401, "nobody is signed in");
    assert_eq!(app.updates(order).await.len(), 1);
}

#[tokio::test]
async fn what_is_missing_is_asked_for_and_what_was_typed_stays() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    app.writes(ANNA).await;
    for (fields, words) in [
        (&[][..], "Scegli che cosa comunicare."),
        (&[("occasion", "received")], "Scegli che cosa comunicare."),
        (&[("occasion", "<script>")], "Scegli che cosa comunicare."),
        (&[("occasion", "forwarded")], "Scrivi a chi è stata inoltrata."),
        (
            &[("occasion", "information_needed"), ("asked", "foto"), ("until", "2026-03-01")],
            "Questo giorno è già passato.",
        ),
        (
            &[("occasion", "information_needed"), ("asked", "foto"), ("until", "presto")],
            "Scrivi il giorno come",
        ),
        (&[("occasion", "appointment"), ("place", "Via Roma 3")], "Scrivi il giorno e l"),
        (&[("occasion", "appointment"), ("when", "2026-03-29T02:30")], "Scrivi giorno e ora come"),
        (&[("occasion", "resolved_with_steps")], "Scrivi che cosa resta da fare."),
    ] {
        let refused = tell(&mut desk, fields).await;
        assert_eq!(refused.status, 422, "{fields:?}");
        let said = refused.words();
        assert!(
            said.contains(words) && said.contains("Il cittadino non è stato avvisato."),
            "{fields:?}: {said}"
        );
        assert!(refused.body.contains("<title>Errore:"));
        assert!(!refused.body.contains("value=\"<script"), "{}", refused.body);
        for (name, value) in fields.iter().filter(|(name, _)| !["occasion"].contains(name)) {
            assert_eq!(refused.field(name), *value);
        }
    }
    assert!(app.letters_out().await.is_empty());
    let long = "a".repeat(601);
    assert_eq!(tell(&mut desk, &[("occasion", "forwarded"), ("office", &long)]).await.status, 422);
    let id = Uuid::now_v7().to_string();
    assert_eq!(desk.post(TELL, &[("token", &id[..5]), ("occasion", "forwarded")]).await.status, 422);
}

#[tokio::test]
async fn an_appointment_is_told_at_the_hour_of_rome() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let order = app.writes(ANNA).await;
    let told = tell(
        &mut desk,
        &[("occasion", "appointment"), ("when", "2026-03-31T09:30"), ("place", "Via Roma 3")],
    )
    .await;
    assert_eq!(told.status, 303, "{}", told.words());
    let letters = app.letters_out().await;
    assert_eq!(letters.len(), 1);
    let words = &letters[0].mail.text;
    assert!(words.contains("Quando: 31/03/2026, ore 09:30") && words.contains("Dove: Via Roma 3"), "{words}");
    let (row, message) = app.updates(order).await.remove(0);
    assert_eq!(row.occasion, Some(Occasion::Appointment));
    assert_eq!(message.map(|message| message.state), None::<State>);
}
