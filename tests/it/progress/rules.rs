//! By which way what is told: the organisation's rules and words.

use entity::{
    language::Language,
    update_rule::{Occasion, Way},
    update_text::Medium,
    work_order::Status,
};
use riscontro::{
    actions::{
        Error,
        progress::settings::{self, reset_text, save_rules, save_text},
    },
    stand_in::ready,
    store,
    wording::Text,
};

use super::ANNA;
use crate::support::app::TestApp;

#[tokio::test]
async fn the_closing_goes_by_mail_unless_something_is_left_to_do() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    app.becomes(order, Status::Closed).await;
    assert!(app.on_io(&io).await.is_empty(), "IO asks not to");
    assert_eq!(app.letters_out().await.len(), 1);
    app.rules(&[(Occasion::Resolved, Way::Best), (Occasion::Reopened, Way::Nothing)], Some(io.service)).await;
    app.becomes(order, Status::InProgress).await;
    app.becomes(order, Status::Closed).await;
    assert_eq!(
        app.on_io(&io).await.len(),
        1,
        "unless the organisation wants it, and the reopening it does not"
    );
    assert!(app.letters_out().await.is_empty());
}

#[tokio::test]
async fn a_rule_of_the_kind_goes_before_the_one_for_all() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    let (db, organisation) = (&app.app.desk.db.read, app.organisation());
    let kind = store::work_order::by_id(db, organisation, order).await.unwrap().unwrap().kind_id;
    let rules = [
        (None, Occasion::TakenUp, Some(Way::Nothing)),
        (Some(kind), Occasion::TakenUp, Some(Way::MailAndIo)),
    ];
    save_rules(&app.app.desk, &app.cx(), &rules, Some(io.service)).await.unwrap();
    app.becomes(order, Status::InProgress).await;
    assert_eq!((app.on_io(&io).await.len(), app.letters_out().await.len()), (1, 1));
    save_rules(&app.app.desk, &app.cx(), &[(Some(kind), Occasion::TakenUp, None)], Some(io.service))
        .await
        .unwrap();
    app.pass(chrono::Duration::hours(2));
    let other = app.writes(ANNA).await;
    app.becomes(other, Status::InProgress).await;
    assert_eq!((app.on_io(&io).await.len(), app.letters_out().await.len()), (0, 0));
}

#[tokio::test]
async fn a_rule_that_would_hide_the_acknowledgement_is_refused() {
    let app = TestApp::start().await;
    app.tells_on_io().await;
    let rules = [(None, Occasion::Received, Some(Way::Nothing))];
    let refused = save_rules(&app.app.desk, &app.cx(), &rules, None).await;
    assert!(matches!(refused, Err(Error::Rejected(_))), "{refused:?}");
}

#[tokio::test]
async fn an_organisation_writes_its_own_words_and_goes_back() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let order = app.writes(ANNA).await;
    let which = (Occasion::TakenUp, Medium::Io, Language::It);
    let text = |subject: &str, body: &str| Text { subject: subject.to_owned(), body: body.to_owned() };
    let long = "Ci stiamo occupando della tua richiesta {numero}: ti scriviamo noi, non serve che tu faccia altro. {ente}";
    let own = text("Ci stiamo lavorando, {numero}", long);
    save_text(&app.app.desk, &app.cx(), which, own.clone(), None).await.unwrap();
    assert!(matches!(
        save_text(&app.app.desk, &app.cx(), which, own.clone(), None).await,
        Err(Error::Conflict(_))
    ));
    for (bad, field) in [
        (text("Ci stiamo lavorando", "Troppo corto: {numero}."), "body"),
        (text("Breve", long), "subject"),
        (text("Ci stiamo lavorando", &format!("{long} {{ufficio}}")), "body"),
        (text("", long), "subject"),
        (text("Ci stiamo lavorando", &format!("{long}\u{202e}")), "body"),
    ] {
        let Err(Error::Rejected(flaws)) = save_text(&app.app.desk, &app.cx(), which, bad, Some(0)).await
        else {
            panic!("{field}")
        };
        assert_eq!(flaws[0].field, field, "{}", flaws[0].message);
    }
    app.becomes(order, Status::InProgress).await;
    let told = app.on_io(&io).await;
    assert_eq!(told[0].content["subject"], "Ci stiamo lavorando, 2026/000001");
    reset_text(&app.app.desk, &app.cx(), which, Some(0)).await.unwrap();
    let (text, version) = settings::text(&app.app.desk.db.read, app.organisation(), which).await.unwrap();
    assert_eq!((text.subject.as_str(), version), ("La tua richiesta è stata presa in carico", None));
}

#[tokio::test]
async fn certified_mail_is_used_where_a_rule_says_so_and_there_is_some() {
    let app = TestApp::start().await;
    let io = app.tells_on_io().await;
    app.registered(ANNA, ready::ON).await;
    let pec = app.add_mailbox("protocollo@pec.ente.example", entity::mailbox::Kind::Pec).await;
    app.rules(&[(Occasion::TakenUp, Way::Pec)], Some(io.service)).await;
    let order = app.writes(ANNA).await;
    app.becomes(order, Status::InProgress).await;
    assert_eq!(app.letters_out_of(&pec).await.len(), 1);
    assert!(app.on_io(&io).await.is_empty());
}
