//! "Avvisa il cittadino" on the page of a work order.

use entity::{
    io_message::State,
    update_rule::{Occasion, Way},
    work_order::Status,
};
use riscontro::{stand_in::ready, store};
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
    assert!(said.contains("Per posta elettronica: su IO per ora non si avvisa."), "{said}");
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
