//! Updates in the thread: as the desk sees them, and as the citizen does.

use chrono::Duration;
use entity::{
    communication::{Addresses, Channel, Direction},
    follower::{self, ToldBy},
    update_rule::{Occasion, Way},
    work_order::Status,
};
use riscontro::{
    actions::{progress::Details, tracking},
    stand_in::ready,
    store,
};
use sea_orm::ActiveValue::Set;

use super::ANNA;
use crate::support::{app::TestApp, browser::Page};

const ORDER: &str = "/desk/work-orders/2026-000001";

fn says(page: &Page, words: &[&str]) {
    let said = page.words();
    for words in words {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[tokio::test]
async fn an_update_on_io_shows_its_way_and_its_fate() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    let mut desk = app.administrator().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    app.becomes(order, Status::InProgress).await;
    let page = desk.get(ORDER).await;
    says(
        &page,
        &[
            "Aggiornamento su IO: presa in carico",
            "In coda su IO",
            "Se IO non raggiunge il cittadino, parte per posta elettronica.",
            "Cittadino avvisato su IO: presa in carico",
        ],
    );
    assert_eq!(page.links("/desk/io/messages/").len(), 1);
    assert!(!page.words().contains("Mittente sconosciuto"));
    app.on_io(&io).await;
    app.io_passes(&io, Duration::seconds(15)).await;
    let page = desk.get(ORDER).await;
    says(&page, &["Consegnata su IO", "Notifica su IO: consegnata"]);
    assert!(!page.words().contains("Se IO non raggiunge"), "it has");
}

#[tokio::test]
async fn an_update_that_io_did_not_deliver_shows_the_letter_in_its_place() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    let mut desk = app.administrator().await;
    app.registered(ANNA, ready::OFF).await;
    let order = app.writes(ANNA).await;
    app.becomes(order, Status::InProgress).await;
    assert!(app.on_io(&io).await.is_empty());
    assert_eq!(app.letters_out().await.len(), 1);
    let page = desk.get(ORDER).await;
    let notification = desk.get(&page.links("/desk/io/messages/")[0]).await;
    says(&notification, &["lo stesso aggiornamento è andato per posta"]);
    assert!(!notification.words().contains("per altra via"));
    says(
        &page,
        &[
            "Aggiornamento su IO e per posta: presa in carico",
            "Servizio disattivato su IO",
            "La persona ha disattivato questo servizio su IO.",
            "Inviata a anna@libero.example",
            "Notifica su IO: servizio disattivato",
        ],
    );
    app.rules(&[(Occasion::Reopened, Way::Io), (Occasion::Resolved, Way::Io)], Some(io.service)).await;
    app.becomes(order, Status::Closed).await;
    app.on_io(&io).await;
    assert!(app.letters_out().await.is_empty());
    says(&desk.get(ORDER).await, &["Non avvisato Per questo aggiornamento non c’era un’altra via"]);
}

#[tokio::test]
async fn a_letter_that_tells_progress_is_no_answer() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let order = app.writes(ANNA).await;
    app.becomes(order, Status::InProgress).await;
    app.letters_out().await;
    says(
        &desk.get(ORDER).await,
        &["Aggiornamento per posta: presa in carico", "Cittadino avvisato per posta: presa in carico"],
    );
}

#[tokio::test]
async fn the_author_reads_updates_on_their_page_and_no_marks_of_ours() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", ANNA), ("name", "Anna"), ("surname", "Verdi")]).await;
    app.confirm(&held).await;
    app.announces(
        held.order,
        Occasion::Forwarded,
        Details { office: "Comune".to_owned(), ..Details::default() },
    )
    .await
    .unwrap();
    let link = app.letter_link(&held).await;
    let page = app.browser().get(&link).await;
    says(&page, &["è stata inoltrata a chi può occuparsene.", "Se ne occupa: Comune"]);
    let said = page.words();
    assert!(!said.contains("[link personale]") && !said.contains("Segui la richiesta, aggiungi"), "{said}");
    assert!(!said.contains("Ti abbiamo risposto"), "an update is no answer: {said}");
    let neighbour = app.report(&[("email", "ugo@libero.example"), ("name", "Ugo")]).await;
    let other = app.browser().get(&neighbour.here).await;
    assert!(!other.words().contains("Comune"), "{}", other.words());
}

#[tokio::test]
async fn a_notification_of_an_operator_is_not_on_the_page_of_the_author() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", ANNA), ("name", "Anna")]).await;
    let (db, organisation) = (&app.app.desk.db.read, app.organisation());
    let order = store::work_order::by_id(db, organisation, held.order).await.unwrap().unwrap();
    let thread = store::communication::thread(db, organisation, order.id, None, 10).await.unwrap();
    let tx = app.app.desk.db.begin().await.unwrap();
    let written = entity::communication::Model {
        id: uuid::Uuid::now_v7(),
        direction: Direction::Out,
        channel: Channel::Io,
        automatic: false,
        text: "Solo per chi ha quel codice.".to_owned(),
        subject: "Notifica".to_owned(),
        from_name: "Servizio".to_owned(),
        submission_id: None,
        incoming_mail_id: None,
        message_id: None,
        recipients: Addresses::default(),
        ..thread.rows[0].clone()
    };
    store::communication::insert(&tx, vec![written]).await.unwrap();
    tx.commit().await.unwrap();
    let page = app.browser().get(&app.letter_link(&held).await).await;
    assert!(!page.words().contains("quel codice"), "{}", page.words());
    says(&app.administrator().await.get(ORDER).await, &["Notifica su IO", "Solo per chi ha quel codice."]);
}

#[tokio::test]
async fn io_is_offered_to_who_can_get_it_and_with_what_happens_otherwise() {
    const OFFERED: &str = "id=\"tell-io\"";
    const BY_MAIL: &str = "Se IO non ti raggiunge, ti scriviamo per posta elettronica";
    const HERE: &str = "Se IO non ti raggiunge, trovi comunque gli aggiornamenti in questa pagina.";
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", ANNA), ("name", "Anna")]).await;
    let link = app.letter_link(&held).await;
    let code = |code: &'static str| {
        let app = &app;
        let held = &held;
        async move {
            let tx = app.app.desk.db.begin().await.unwrap();
            let coded = follower::ActiveModel { fiscal_code: Set(code.to_owned()), ..Default::default() };
            store::follower::update(&tx, held.follower, coded).await.unwrap();
            tx.commit().await.unwrap();
        }
    };
    let offered = || async { app.browser().get(&link).await };
    code(ready::ON).await;
    assert!(!offered().await.body.contains(OFFERED), "no service tells");
    let io = app.tells_on_io().await;
    let page = offered().await;
    assert!(page.body.contains(OFFERED));
    says(&page, &[BY_MAIL]);
    app.rules(&[(Occasion::Reopened, Way::Io)], Some(io.service)).await;
    says(&offered().await, &[HERE]);
    code("00743110157").await;
    assert!(!offered().await.body.contains(OFFERED), "a company is not on IO");
    let trial = app.io_service_on_trial("Prova", &[ready::ON_GERMAN]).await;
    app.rules(&[], Some(trial)).await;
    code(ready::ON).await;
    assert!(!offered().await.body.contains(OFFERED), "on trial for others only");
    code(ready::ON_GERMAN).await;
    assert!(offered().await.body.contains(OFFERED));

    let db = &app.app.desk.db.read;
    let follower = store::follower::by_id(db, app.organisation(), held.follower).await.unwrap().unwrap();
    tracking::tell_by(&app.app.desk, &app.cx(), &follower, ToldBy::Io).await.unwrap();
    app.rules(&[], None).await;
    let page = offered().await;
    assert!(!page.body.contains(OFFERED));
    assert!(
        page.body.contains("id=\"tell-mail\" name=\"told_by\" value=\"mail\" checked"),
        "what happens now"
    );
}
