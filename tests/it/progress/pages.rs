//! The administrator's pages: which way for what, and in which words.

use entity::{
    language::Language,
    operator::Role,
    update_rule::{Occasion, Way},
    update_text::Medium,
};
use riscontro::{
    actions::{operator, progress::settings},
    domain::progress,
    stand_in::ready,
    store,
};

use crate::support::{
    app::TestApp,
    browser::{Browser, Page},
};

const RULES: &str = "/desk/admin/updates";
const TAKEN_UP: &str = "/desk/admin/updates/texts/taken_up/mail/it";
const ON_IO: &str = "/desk/admin/updates/texts/taken_up/io/it";

fn says(page: &Page, words: &[&str]) {
    let said = page.words();
    for words in words {
        assert!(said.contains(words), "{words}: {said}");
    }
}

/// Presses the button with what the page showed, but for `fields`.
async fn save(admin: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let page = admin.get(path).await;
    assert_eq!(page.status, 200, "{}", page.words());
    let seen: Vec<(String, String)> = page
        .body
        .split("name=\"seen_")
        .skip(1)
        .map(|rest| format!("seen_{}", rest.split('"').next().unwrap()))
        .map(|name| (name.clone(), page.field(&name)))
        .collect();
    let mut sent: Vec<(&str, &str)> = Vec::new();
    for (name, value) in &seen {
        sent.push((name, value));
        let own = name.strip_prefix("seen_").unwrap();
        if fields.iter().all(|(name, _)| *name != own) {
            sent.push((own, value));
        }
    }
    sent.extend(fields);
    admin.post(RULES, &sent).await
}

/// The way that holds for disruptions, and for complaints.
async fn ways(app: &TestApp, occasion: Occasion) -> [Way; 2] {
    let (db, organisation) = (&app.app.desk.db.read, app.organisation());
    let rules = store::update::rules(db, organisation).await.unwrap();
    let kinds = store::organisation::kinds(db, organisation).await.unwrap();
    ["disruption", "complaint"].map(|code| {
        let kind = kinds.iter().find(|kind| kind.code == code).unwrap();
        progress::way(&rules, kind.id, occasion)
    })
}

#[tokio::test]
async fn a_rule_is_set_for_all_kinds_and_otherwise_for_one() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    says(
        &admin.get(RULES).await,
        &[
            "Il canale migliore (di serie)",
            "Presa in carico",
            "dalle 21:00 alle 08:00",
            "Nessuno: su IO non si avvisa",
        ],
    );
    let saved = save(&mut admin, RULES, &[("kind", ""), ("taken_up", "mail")]).await;
    assert_eq!((saved.status, saved.location.as_deref()), (303, Some("/desk/admin/updates?done=saved")));
    assert_eq!(ways(&app, Occasion::TakenUp).await, [Way::Mail, Way::Mail]);

    let of_kind = format!("{RULES}?kind=complaint");
    says(&admin.get(&of_kind).await, &["Come per tutte: per posta elettronica"]);
    let saved = save(&mut admin, &of_kind, &[("kind", "complaint"), ("taken_up", "nothing")]).await;
    assert_eq!(saved.status, 303, "{}", saved.words());
    assert_eq!(ways(&app, Occasion::TakenUp).await, [Way::Mail, Way::Nothing]);
    says(&admin.get(RULES).await, &["(una regola sua)"]);

    let saved = save(&mut admin, &of_kind, &[("kind", "complaint"), ("taken_up", "")]).await;
    assert_eq!(saved.status, 303);
    assert_eq!(ways(&app, Occasion::TakenUp).await, [Way::Mail, Way::Mail], "again as for all");
    save(&mut admin, RULES, &[("kind", ""), ("taken_up", "best")]).await;
    let rules = store::update::rules(&app.app.desk.db.read, app.organisation()).await.unwrap();
    assert!(rules.is_empty(), "what the program does anyway needs no rule: {rules:?}");
}

#[tokio::test]
async fn two_open_pages_of_rules_do_not_undo_each_other() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    save(&mut admin, RULES, &[("kind", ""), ("taken_up", "mail")]).await;
    // Drawn before: it still shows the best way for what was taken up, and changes something else.
    let old = [
        ("kind", ""),
        ("seen_taken_up", "best"),
        ("taken_up", "best"),
        ("seen_reopened", "best"),
        ("reopened", "nothing"),
    ];
    assert_eq!(admin.post(RULES, &old).await.status, 303);
    assert_eq!(ways(&app, Occasion::TakenUp).await[0], Way::Mail);
    assert_eq!(ways(&app, Occasion::Reopened).await[0], Way::Nothing);
}

#[tokio::test]
async fn what_is_no_way_for_an_occasion_is_refused_and_what_was_chosen_stays() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let refused = save(&mut admin, RULES, &[("kind", ""), ("received", "nothing"), ("reopened", "io")]).await;
    assert_eq!(refused.status, 422);
    says(&refused, &["Scegli un canale dell"]);
    assert!(refused.body.contains("<option value=\"io\" selected>"), "{}", refused.body);
    assert_eq!(refused.field("seen_reopened"), "best");
    assert!(store::update::rules(&app.app.desk.db.read, app.organisation()).await.unwrap().is_empty());
    for hostile in [
        [("kind", ""), ("taken_up", "<script>")],
        [("kind", ""), ("taken_up", "")],
        [("kind", "no-such-kind"), ("taken_up", "mail")],
        [("service", "x"), ("seen_service", "")],
    ] {
        let fields: Vec<_> = hostile.into_iter().chain([("seen_taken_up", "best")]).collect();
        let status = admin.post(RULES, &fields).await.status;
        assert!((400..500).contains(&status), "{hostile:?}: {status}");
    }
    assert_eq!(admin.get(&format!("{RULES}?kind=no-such-kind")).await.status, 404);
}

#[tokio::test]
async fn only_a_service_that_sends_tells_and_it_can_be_taken_away() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let sends = app.io_service(ready::SERVICE_NAME, |_| {}).await.to_string();
    let silent = app.io_service("Tributi", |service| service.sends = false).await.to_string();
    let page = admin.get(RULES).await;
    assert!(page.body.contains(&sends) && !page.body.contains(&silent));
    let told = || async {
        let told = store::io_service::for_updates(&app.app.desk.db.read, app.organisation()).await.unwrap();
        told.map(|service| service.id.to_string())
    };
    let refused = save(&mut admin, RULES, &[("kind", ""), ("service", &silent)]).await;
    assert_eq!(refused.status, 422);
    says(&refused, &["Questo servizio non invia ancora"]);
    assert_eq!(told().await, None);
    assert_eq!(save(&mut admin, RULES, &[("kind", ""), ("service", &sends)]).await.status, 303);
    assert_eq!(told().await.as_ref(), Some(&sends));
    let of_kind = format!("{RULES}?kind=complaint");
    assert_eq!(save(&mut admin, &of_kind, &[("kind", "complaint"), ("reopened", "mail")]).await.status, 303);
    assert_eq!(told().await.as_ref(), Some(&sends), "the rules of a kind leave it alone");
    assert_eq!(save(&mut admin, RULES, &[("kind", ""), ("service", "")]).await.status, 303);
    assert_eq!(told().await, None);
}

#[tokio::test]
async fn only_administrators_set_rules_and_texts() {
    let app = TestApp::start().await;
    let form = operator::Form {
        login: "giulia".to_owned(),
        name: "Giulia".to_owned(),
        email: String::new(),
        role: Role::Operator,
        active: true,
    };
    operator::add(&app.app.desk, &app.cx(), &form, "una-volta-sola-2026").await.unwrap();
    let mut giulia = app.browser();
    let fields = [("login", "giulia"), ("password", "una-volta-sola-2026")];
    assert_eq!(giulia.post("/desk/login", &fields).await.status, 303);
    let (old, new) = ("una-volta-sola-2026", "cavallo batteria graffetta");
    giulia.post("/desk/password", &[("current", old), ("new", new), ("again", new)]).await;
    assert_eq!(giulia.get("/desk/queue").await.status, 200);
    for path in [RULES, "/desk/admin/updates/texts", TAKEN_UP] {
        assert_eq!(giulia.get(path).await.status, 403, "{path}");
    }
    for path in [RULES, TAKEN_UP] {
        assert_eq!(giulia.post(path, &[("act", "reset")]).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn a_text_is_written_previewed_and_given_back() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let list = admin.get("/desk/admin/updates/texts").await;
    assert_eq!(list.links("/desk/admin/updates/texts/").len(), 17 * 3);
    assert!(!list.words().contains("Vostro"));
    let words = [
        ("subject", "Ci siamo: {numero}"),
        ("body", "Pratica {numero}.\n\nInfo: {collegamento}"),
        ("version", ""),
    ];
    let preview = admin.post(TAKEN_UP, &[&words[..], &[("act", "preview")]].concat()).await;
    assert_eq!(preview.status, 200);
    says(&preview, &["Niente è stato ancora salvato.", "Ci siamo: 2026/000123", "[link personale]"]);
    let which = (Occasion::TakenUp, Medium::Mail, Language::It);
    let stored = || settings::text(&app.app.desk.db.read, app.organisation(), which);
    assert_eq!(stored().await.unwrap().1, None);
    assert_eq!(admin.post(TAKEN_UP, &[&words[..], &[("act", "save")]].concat()).await.status, 303);
    assert_eq!(stored().await.unwrap().0.subject, "Ci siamo: {numero}");
    says(&admin.get("/desk/admin/updates/texts").await, &["Vostro"]);
    let page = admin.get(TAKEN_UP).await;
    says(&page, &["Testo vostro", "Torna al testo di serie", "{tipologia}"]);
    assert_eq!(page.field("version"), "0");
    assert_eq!(admin.post(TAKEN_UP, &[("act", "reset")]).await.status, 303);
    assert_eq!(stored().await.unwrap().1, None);
    for nowhere in ["received/mail/it", "taken_up/fax/it", "x/io/it", "taken_up/io/fr"] {
        assert_eq!(admin.get(&format!("/desk/admin/updates/texts/{nowhere}")).await.status, 404, "{nowhere}");
    }
}

#[tokio::test]
async fn flaws_stop_a_text_and_advice_does_not() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let send = |subject: &'static str, body: &'static str| {
        [("subject", subject), ("body", body), ("version", ""), ("act", "save")]
    };
    let refused = admin.post(ON_IO, &send("Presa in carico", "Breve, {pippo}")).await;
    assert_eq!(refused.status, 422);
    says(&refused, &["Questi segnaposti qui non esistono: {pippo}.", "Breve, {pippo}"]);
    let short = admin.post(ON_IO, &send("Presa in carico", "Troppo breve")).await;
    assert_eq!(short.status, 422, "{}", short.words());
    let hostile =
        admin.post(TAKEN_UP, &send("<script>alert(1)</script>", "\"'><img src=x onerror=alert(2)>{x}")).await;
    assert_eq!(hostile.status, 422);
    assert!(!hostile.body.contains("<script>alert") && !hostile.body.contains("<img src=x"));
    let said = "Gentile utente, la tua richiesta {numero} del {ricevuta} è stata presa in carico, a breve riceverai notizie da noi.";
    let mut fields = send("Scrivi a anna@libero.example", said);
    fields[3] = ("act", "preview");
    let preview = admin.post(ON_IO, &fields).await;
    says(
        &preview,
        &[
            "Il titolo si legge anche sullo schermo bloccato",
            "Su IO si dà del tu",
            "Nella mail inoltrata da IO",
            "restano 92 caratteri",
        ],
    );
    assert_eq!(
        admin.post(ON_IO, &send("Scrivi a anna@libero.example", said)).await.status,
        303,
        "advice only"
    );
}

#[tokio::test]
async fn who_was_slower_keeps_what_they_wrote_and_sees_the_other() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let send = |subject: &'static str, version: &'static str| {
        [("subject", subject), ("body", "Vedi {collegamento}"), ("version", version), ("act", "save")]
    };
    assert_eq!(admin.post(TAKEN_UP, &send("Il primo", "")).await.status, 303);
    let beaten = admin.post(TAKEN_UP, &send("Il secondo", "")).await;
    assert_eq!(beaten.status, 409);
    says(&beaten, &["Intanto qualcun altro ha cambiato questo testo", "Il testo che c’è ora Il primo"]);
    assert_eq!((beaten.field("subject"), beaten.field("version")), ("Il secondo".to_owned(), "0".to_owned()));
    assert_eq!(admin.post(TAKEN_UP, &send("Il secondo", "0")).await.status, 303, "knowingly");
    let which = (Occasion::TakenUp, Medium::Mail, Language::It);
    let (text, version) = settings::text(&app.app.desk.db.read, app.organisation(), which).await.unwrap();
    assert_eq!((text.subject.as_str(), version), ("Il secondo", Some(1)));
    assert_eq!(admin.post(TAKEN_UP, &send("Il terzo", "x")).await.status, 422);
}
