//! Updates in the thread: as the desk sees them, and as the citizen does.

use chrono::Duration;
use entity::{
    communication::{Addresses, Channel, Direction},
    follower::{self, ToldBy},
    update_rule::{Occasion, Way},
    work_order::Status,
};
use riscontro::{
    actions::{progress::Details, tracking, work_order as orders},
    stand_in::ready,
    store,
};
use sea_orm::ActiveValue::Set;

use super::ANNA;
use crate::{
    portal::Held,
    support::{app::TestApp, browser::Page, io::Io},
};

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
            "Notifica su IO: In coda",
            "Se IO non raggiunge il cittadino, parte per posta elettronica.",
            "Aggiornamento per il cittadino su IO: presa in carico",
        ],
    );
    assert_eq!(page.links("/desk/io/messages/").len(), 1);
    assert!(!page.words().contains("Mittente sconosciuto"));
    app.on_io(&io).await;
    app.io_passes(&io, Duration::seconds(15)).await;
    let page = desk.get(ORDER).await;
    says(&page, &["Notifica su IO: Consegnata", "Notifica su IO: consegnata"]);
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
            "Notifica su IO: Servizio disattivato",
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
async fn the_thread_shows_what_the_citizen_received() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    let mut desk = app.administrator().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    app.becomes(order, Status::InProgress).await;
    let told = app.on_io(&io).await;
    let title = told[0].content["subject"].as_str().unwrap();
    says(&desk.get(ORDER).await, &[title, "è stata presa in carico da un operatore."]);
    assert!(
        !desk.get(ORDER).await.words().contains("presa in carico: un operatore"),
        "the letter was not sent"
    );

    app.pass(Duration::hours(2));
    io.stand_in.advance(Duration::hours(2));
    app.registered("ugo@libero.example", ready::OFF).await;
    let order = app.writes("ugo@libero.example").await;
    app.becomes(order, Status::InProgress).await;
    app.on_io(&io).await;
    let letter = app.letters_out().await.remove(0).mail;
    let page = desk.get("/desk/work-orders/2026-000002").await;
    says(&page, &["presa in carico: un operatore", &letter.subject]);
    assert!(!page.words().contains("presa in carico da un operatore"), "IO said no");
}

#[tokio::test]
async fn an_update_that_goes_nowhere_leaves_a_trace() {
    const TRACE: &str = "Aggiornamento «presa in carico» non inviato: nessun canale";
    let app = TestApp::start().await;
    app.rule_of_before(Occasion::TakenUp, Way::Io).await;
    let order = app.writes(ANNA).await;
    app.becomes(order, Status::InProgress).await;
    assert!(app.updates(order).await.is_empty() && app.letters_out().await.is_empty());
    says(&app.administrator().await.get(ORDER).await, &[TRACE]);

    // Silence that somebody wanted is none of the desk's troubles.
    app.rules(&[(Occasion::TakenUp, Way::Nothing)], None).await;
    app.pass(Duration::hours(2));
    let order = app.writes(ANNA).await;
    app.becomes(order, Status::InProgress).await;
    let mut desk = app.administrator().await;
    assert!(!desk.get("/desk/work-orders/2026-000002").await.words().contains("non inviato"));

    app.rules(&[(Occasion::TakenUp, Way::Mail)], None).await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", ANNA), ("name", "Anna")]).await;
    app.confirm(&held).await;
    let db = &app.app.desk.db.read;
    let follower = store::follower::by_id(db, app.organisation(), held.follower).await.unwrap().unwrap();
    tracking::tell_by(&app.app.desk, &app.cx(), &follower, ToldBy::Nothing).await.unwrap();
    app.becomes(held.order, Status::InProgress).await;
    assert!(!desk.get("/desk/work-orders/2026-000003").await.words().contains("non inviato"));
    app.letters_out().await;
}

#[tokio::test]
async fn what_was_typed_reads_as_it_was_typed_wherever_it_is_read() {
    const TYPED: &str = "Via Roma <b>2</b> [x] & *subito*";
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    let held = app.report(&[("email", ANNA), ("name", "Anna"), ("surname", "Verdi")]).await;
    app.confirm(&held).await;
    let taxpayer = app.registered(ANNA, ready::ON).await;
    let by_hand = orders::Identify { taxpayer, add_contact: false, with_others: false };
    orders::identify(&app.app.desk, &app.operators_cx().await, held.order, by_hand).await.unwrap();
    let details = Details { office: TYPED.to_owned(), ..Details::default() };
    app.announces(held.order, Occasion::Forwarded, details).await.unwrap();
    let told = app.on_io(&io).await;
    assert!(told[0].content["markdown"].as_str().unwrap().contains("&lt;b>2&lt;/b>"), "as IO wants it");
    for page in
        [app.administrator().await.get(ORDER).await, app.browser().get(&app.letter_link(&held).await).await]
    {
        let said = page.body.replace("&lt;", "<").replace("&gt;", ">").replace("&#x2f;", "/");
        let said = said.replace("&#x2F;", "/").replace("&amp;", "&");
        assert!(said.contains(&format!("Se ne occupa: {TYPED}")), "{}", page.words());
        assert!(!page.body.contains("<b>2"), "{}", page.body);
    }
}

/// Anna wrote by the form, and an update for IO waits for the morning.
async fn waits_for_the_morning(app: &TestApp, io: &Io) -> Held {
    let held = app.report(&[("email", ANNA), ("name", "Anna")]).await;
    app.confirm(&held).await;
    let taxpayer = app.registered(ANNA, ready::ON).await;
    let by_hand = orders::Identify { taxpayer, add_contact: false, with_others: false };
    orders::identify(&app.app.desk, &app.operators_cx().await, held.order, by_hand).await.unwrap();
    app.pass(Duration::hours(13));
    io.stand_in.advance(Duration::hours(13));
    app.errands_out().await;
    app.becomes(held.order, Status::InProgress).await;
    assert!(app.on_io(io).await.is_empty());
    held
}

#[tokio::test]
async fn the_author_reads_the_words_that_went_to_io() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    let held = waits_for_the_morning(&app, &io).await;
    app.io_passes(&io, Duration::hours(10)).await;
    assert_eq!(io.stand_in.messages().len(), 1);
    let page = app.browser().get(&app.letter_link(&held).await).await;
    says(&page, &["è stata presa in carico da un operatore."]);
    assert!(!page.words().contains("presa in carico: un operatore"), "{}", page.words());
}

#[tokio::test]
async fn an_update_that_was_taken_back_has_told_nobody_and_can_be_told_again() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    let held = waits_for_the_morning(&app, &io).await;
    let mut desk = app.administrator().await;
    let waiting = desk.get(ORDER).await.links("/desk/io/messages/").remove(0);
    assert_eq!(desk.post(&format!("{waiting}/take-back"), &[]).await.status, 303);

    let page = desk.get(ORDER).await;
    says(
        &page,
        &[
            "Aggiornamento ritirato: presa in carico",
            "Notifica su IO: Ritirata",
            "Ritirato prima dell’invio: il cittadino non ha ricevuto niente.",
            "Aggiornamento ritirato prima dell’invio: presa in carico",
            "Presa in carico: ritirato, il cittadino non lo sa.",
        ],
    );
    let said = page.words();
    assert!(!said.contains("parte per posta") && !said.contains("Bozza su IO"), "{said}");
    app.a_day_passes(&io).await;
    assert!(io.stand_in.messages().is_empty() && app.errands_out().await.is_empty(), "nobody is told");
    let theirs = app.browser().get(&app.letter_link(&held).await).await.words();
    assert!(
        !theirs.contains("presa in carico da un operatore")
            && !theirs.contains("presa in carico: un operatore"),
        "{theirs}"
    );

    // Toggling does not tell it: whoever took it back says when.
    app.becomes(held.order, Status::New).await;
    app.becomes(held.order, Status::InProgress).await;
    assert!(app.on_io(&io).await.is_empty());
    // A day has passed: she signs in again.
    let mut desk = app.administrator().await;
    let action = format!("{waiting}/send");
    assert!(page.body.contains(&format!("action=\"{action}\"")), "{}", page.body);
    assert_eq!(desk.post(&action, &[]).await.status, 303);
    app.io_passes(&io, Duration::hours(11)).await;
    assert_eq!(io.stand_in.messages().len(), 1);
    let page = app.administrator().await.get(ORDER).await;
    assert!(!page.words().contains("ritirato, il cittadino non lo sa"), "{}", page.words());
    says(
        &page,
        &["Aggiornamento su IO: presa in carico", "Aggiornamento per il cittadino su IO: presa in carico"],
    );
    assert!(app.errands_out().await.is_empty());
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
        &[
            "Aggiornamento per posta: presa in carico",
            "Aggiornamento per il cittadino per posta: presa in carico",
        ],
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
