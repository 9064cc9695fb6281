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
async fn who_sets_a_rule_that_another_has_set_meanwhile_sees_both_first() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let service = app.io_service(ready::SERVICE_NAME, |_| {}).await.to_string();
    save(&mut admin, RULES, &[("kind", ""), ("taken_up", "mail"), ("service", &service)]).await;
    let stale = [
        ("kind", ""),
        ("seen_taken_up", "best"),
        ("taken_up", "nothing"),
        ("seen_reopened", "best"),
        ("reopened", "mail"),
        ("seen_forwarded", "best"),
        ("forwarded", "best"),
    ];
    let beaten = admin.post(RULES, &stale).await;
    assert_eq!(beaten.status, 409, "{}", beaten.words());
    says(&beaten, &["Intanto qualcun altro ha scelto «per posta elettronica»"]);
    assert_eq!(beaten.field("seen_taken_up"), "mail");
    let chosen = |name: &str| {
        let select = beaten.body.split(&format!("name=\"{name}\"")).nth(1).unwrap();
        let before = select.split(" selected").next().unwrap();
        before.rsplit("value=\"").next().unwrap().trim_end_matches('"').to_owned()
    };
    assert_eq!([chosen("taken_up"), chosen("reopened")], ["nothing", "mail"], "what was chosen stays");
    assert_eq!(ways(&app, Occasion::TakenUp).await[0], Way::Mail);
    assert_eq!(ways(&app, Occasion::Reopened).await[0], Way::Best, "nothing of it was saved");
    let knowingly = [("kind", ""), ("seen_taken_up", "mail"), ("taken_up", "nothing")];
    assert_eq!(admin.post(RULES, &knowingly).await.status, 303);
    assert_eq!(ways(&app, Occasion::TakenUp).await[0], Way::Nothing);
    let alike = [("kind", ""), ("seen_taken_up", "best"), ("taken_up", "nothing")];
    assert_eq!(admin.post(RULES, &alike).await.status, 303, "both want the same");

    let of_kind = [("kind", "complaint"), ("seen_taken_up", ""), ("taken_up", "mail")];
    assert_eq!(admin.post(RULES, &of_kind).await.status, 303);
    let beaten = admin.post(RULES, &[of_kind[0], of_kind[1], ("taken_up", "nothing")]).await;
    assert_eq!(beaten.status, 409);
    assert_eq!(ways(&app, Occasion::TakenUp).await[1], Way::Mail);

    let other = app.io_service("Tributi", |_| {}).await.to_string();
    let beaten = admin.post(RULES, &[("kind", ""), ("seen_service", ""), ("service", &other)]).await;
    assert_eq!((beaten.status, beaten.field("seen_service")), (409, service));
    says(&beaten, &["Intanto qualcun altro ha scelto «Segnalazioni, suggerimenti e reclami»"]);
}

#[tokio::test]
async fn a_chosen_service_that_sends_nothing_stops_what_goes_only_on_io() {
    let app = TestApp::start().await;
    app.io_service(ready::SERVICE_NAME, |service| {
        service.sends = false;
        service.updates = true;
    })
    .await;
    let mut admin = app.administrator().await;
    says(&admin.get(RULES).await, &["vanno per posta elettronica; quelli «solo su IO» non partono."]);
}

#[tokio::test]
async fn the_page_of_rules_promises_no_receipt_that_may_not_come() {
    let app = TestApp::start().await;
    says(
        &app.administrator().await.get(RULES).await,
        &[
            "Per posta parte la ricevuta, che ne prova la data, salvo a chi ne ha già avute di recente e ai messaggi automatici.",
        ],
    );
}

#[tokio::test]
async fn a_silence_from_an_hour_to_the_same_is_none_and_said_so() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let none = "Le due ore sono uguali: nessun silenzio.";
    assert!(!admin.get("/desk/admin/io").await.words().contains(none));
    let settings = [
        ("version", "0"),
        ("base_url", "https://api.io.pagopa.it/api/v1"),
        ("manage_key", ""),
        ("undo_seconds", "60"),
        ("quiet_from", "08:00"),
        ("quiet_until", "08:00"),
    ];
    assert_eq!(admin.post("/desk/admin/io", &settings).await.status, 303);
    says(&admin.get("/desk/admin/io").await, &[none]);
    says(&admin.get(RULES).await, &["nessuna, gli avvisi su IO partono a ogni ora."]);
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
async fn a_way_that_the_organisation_has_not_is_refused_and_one_it_lost_is_said() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let fields = [("kind", ""), ("taken_up", "pec"), ("reopened", "io"), ("appointment", "mail_and_io")];
    let refused = save(&mut admin, RULES, &fields).await;
    assert_eq!(refused.status, 422);
    for (field, words) in [
        ("taken_up", "non ha una casella PEC"),
        ("reopened", "Nessun servizio di IO invia: scegline prima uno"),
        ("appointment", "Nessun servizio di IO invia: scegline prima uno"),
    ] {
        let error = refused.body.split(&format!("id=\"{field}-error\"")).nth(1).unwrap();
        assert!(error.split("</p>").next().unwrap().contains(words), "{field}: {error}");
    }
    assert!(store::update::rules(&app.app.desk.db.read, app.organisation()).await.unwrap().is_empty());

    app.add_mailbox("protocollo@pec.ente.example", entity::mailbox::Kind::Pec).await;
    let service = app.io_service(ready::SERVICE_NAME, |_| {}).await.to_string();
    let saved = save(&mut admin, RULES, &[&fields[..], &[("service", &service)]].concat()).await;
    assert_eq!(saved.status, 303, "{}", saved.words());
    assert!(!admin.get(RULES).await.words().contains("Non si può"));
    assert_eq!(save(&mut admin, RULES, &[("kind", ""), ("service", "")]).await.status, 303);
    says(
        &admin.get(RULES).await,
        &[
            "Non si può Nessun servizio di IO invia: intanto non si avvisa nessuno.",
            "Non si può Nessun servizio di IO invia: intanto parte solo per posta elettronica.",
        ],
    );
}

#[tokio::test]
async fn a_rule_for_certified_mail_that_is_gone_stands_with_a_warning() {
    let app = TestApp::start().await;
    app.rule_of_before(Occasion::TakenUp, Way::Pec).await;
    let mut admin = app.administrator().await;
    let warning = ["L’ente non ha una casella PEC: intanto parte per posta elettronica ordinaria."];
    says(&admin.get(RULES).await, &warning);
    says(&admin.get(&format!("{RULES}?kind=complaint")).await, &warning);
    assert_eq!(
        save(&mut admin, RULES, &[("kind", ""), ("reopened", "mail")]).await.status,
        303,
        "left alone"
    );
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
    assert!(!list.words().contains("Dell’ente"));
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
    says(&admin.get("/desk/admin/updates/texts").await, &["Dell’ente"]);
    let page = admin.get(TAKEN_UP).await;
    says(&page, &["Testo dell’ente", "Torna al testo di serie", "{tipologia}"]);
    assert_eq!(page.field("version"), "0");
    assert_eq!(admin.post(TAKEN_UP, &[("act", "reset"), ("version", "0")]).await.status, 303);
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
    says(&refused, &["Il testo ha segnaposti che qui non esistono: {pippo}.", "Breve, {pippo}"]);
    let short = admin.post(ON_IO, &send("Presa in carico", "Troppo breve")).await;
    assert_eq!(short.status, 422, "{}", short.words());
    let hostile =
        admin.post(TAKEN_UP, &send("<script>alert(1)</script>", "\"'><img src=x onerror=alert(2)>{x}")).await;
    assert_eq!(hostile.status, 422);
    assert!(!hostile.body.contains("<script>alert") && !hostile.body.contains("<img src=x"));
    let said = "Gentile utente, la tua richiesta {numero} del {ricevuta} è stata presa in carico, a breve riceverai notizie da noi.";
    let mut fields = send("Presa in carico per salute", said);
    fields[3] = ("act", "preview");
    let advice = ["salute, convinzioni e vicende giudiziarie stanno solo nel testo", "Su IO si dà del tu"];
    let preview = admin.post(ON_IO, &fields).await;
    says(&preview, &advice);
    says(&preview, &["Nella mail inoltrata da IO", "restano 94 caratteri"]);
    let saved = admin.post(ON_IO, &send("Presa in carico per salute", said)).await;
    assert_eq!(saved.status, 303, "advice only");
    let page = admin.get(&saved.location.unwrap()).await;
    says(&page, &["Modifiche salvate.", "Testo dell’ente"]);
    says(&page, &advice);
}

#[tokio::test]
async fn nobodys_data_stands_in_a_title_for_io() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let body = "La tua richiesta {numero} è stata presa in carico: ti scriviamo noi quando ci sono novità, non serve che tu faccia altro.";
    for title in [
        "Presa in carico per RSSMRA45C12F205C",
        "Scrivi a anna@libero.example",
        "Chiama il 333 123 4567",
        "Rimborso su IT60 X054 2811 1010 0000 0123 456",
    ] {
        let fields = [("subject", title), ("body", body), ("version", ""), ("act", "save")];
        let refused = admin.post(ON_IO, &fields).await;
        assert_eq!(refused.status, 422, "{title}");
        says(&refused, &["non metterci codici fiscali, indirizzi mail, telefoni o IBAN"]);
        let letter = [
            ("subject", title),
            ("body", "Buongiorno.\nVedi {collegamento}"),
            ("version", ""),
            ("act", "save"),
        ];
        assert_eq!(admin.post(TAKEN_UP, &letter).await.status, 303, "a letter is opened by its reader");
        admin.post(TAKEN_UP, &[("act", "reset"), ("version", "0")]).await;
    }
}

#[tokio::test]
async fn the_counter_of_a_text_knows_the_limit_that_holds() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    for (length, status, words) in [(4_999, 303, "restano 1 caratter"), (5_001, 422, "1 carattere di troppo")]
    {
        let body = "a".repeat(length);
        let send = |act| [("subject", "Presa in carico"), ("body", &*body), ("version", ""), ("act", act)];
        let preview = admin.post(ON_IO, &send("preview")).await;
        let said = preview.words();
        assert!(said.contains(words) || said.contains("resta 1 carattere"), "{length}: {said}");
        assert_eq!(admin.post(ON_IO, &send("save")).await.status, status, "{length}");
        admin.post(ON_IO, &[("act", "reset"), ("version", "0")]).await;
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_text_names_its_field() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let send = |subject: &'static str, body: &'static str| {
        [("subject", subject), ("body", body), ("version", ""), ("act", "save")]
    };
    says(&admin.post(ON_IO, &send("", "")).await, &["Il titolo è vuoto", "Il testo è vuoto"]);
    says(&admin.post(TAKEN_UP, &send("", "")).await, &["L’oggetto è vuoto"]);
    says(
        &admin.post(ON_IO, &send("Breve", "Breve")).await,
        &["Il titolo, con i valori più corti", "Il testo, con i valori più corti"],
    );
}

#[tokio::test]
async fn what_io_would_refuse_of_a_text_is_refused_when_it_is_saved() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let body = "La tua richiesta {numero} è stata presa in carico: ti scriviamo noi quando ci sono novità, non serve che tu faccia altro.";
    let send = |subject: &str, body: &str, act: &str| {
        [("subject", subject), ("body", body), ("version", ""), ("act", act)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    for (subject, text, field, words) in [
        (&*"a".repeat(121), body, "subject", "arriva a 121 caratteri: IO ne prende al massimo 120."),
        (&*"😀".repeat(61), body, "subject", "arriva a 122 caratteri"),
        (&*format!("{}{{numero}}", "a".repeat(110)), body, "subject", "arriva a 121 caratteri"),
        ("{numero}", body, "", ""),
        ("Ciao {ente}", body, "", ""),
        ("{tipologia}", body, "subject", "ha 5 caratteri: IO ne vuole almeno 10."),
        ("Entro il {entro}", body, "subject", "{entro} nel titolo no"),
        (
            "Presa in carico",
            "Novità entro il {entro}: intanto non serve che tu faccia niente, ti scriviamo noi appena possibile.",
            "body",
            "ha 0 caratteri: IO ne vuole almeno 80.",
        ),
        ("Presa in carico", &*"😀".repeat(4_600), "body", "al massimo 5000"),
        ("Presa in carico", &*format!("{body} [qui](javascript:alert(1))"), "body", "«javascript:»"),
        ("Presa {pippo}", body, "subject", "Il titolo ha segnaposti che qui non esistono: {pippo}."),
    ] {
        for act in ["preview", "save"] {
            let fields = send(subject, text, act);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
            let page = admin.post(ON_IO, &fields).await;
            if field.is_empty() {
                assert!([200, 303].contains(&page.status), "{subject}: {}", page.words());
                admin.post(ON_IO, &[("act", "reset"), ("version", "0")]).await;
                continue;
            }
            assert_eq!(page.status, if act == "save" { 422 } else { 200 }, "{subject}: {}", page.words());
            let error = page.body.split(&format!("id=\"{field}-error\"")).nth(1).unwrap();
            assert!(error.split("</p>").next().unwrap().contains(words), "{act} {subject}: {error}");
        }
    }
}

#[tokio::test]
async fn nobody_throws_a_text_away_that_they_have_not_seen() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let send = |subject: &'static str, version: &'static str| {
        [
            ("subject", subject),
            ("body", "Buongiorno. Vedi {collegamento}\nA presto"),
            ("version", version),
            ("act", "save"),
        ]
    };
    assert_eq!(admin.post(TAKEN_UP, &send("Il primo", "")).await.status, 303);
    assert_eq!(admin.post(TAKEN_UP, &send("Il secondo", "0")).await.status, 303);
    let beaten = admin.post(TAKEN_UP, &[("act", "reset"), ("version", "0")]).await;
    assert_eq!((beaten.status, beaten.field("subject")), (409, "Il secondo".to_owned()));
    assert_eq!(admin.post(TAKEN_UP, &[("act", "reset"), ("version", "1")]).await.status, 303);
}

#[tokio::test]
async fn who_was_slower_keeps_what_they_wrote_and_sees_the_other() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let send = |subject: &'static str, version: &'static str| {
        [("subject", subject), ("body", "Ciao.\nVedi {collegamento}"), ("version", version), ("act", "save")]
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
