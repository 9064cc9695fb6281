//! Operators at their pages: sign in, look, answer, decide. And people who should not be there.

use axum::{
    body::Body,
    http::{Request, header},
};
use chrono::Duration;

use crate::support::{
    app::{BOX, TestApp},
    browser::{Browser, Page},
    letter::letter,
};

const FIRST: &str = "/desk/work-orders/2026-000001";

async fn answer(
    browser: &mut Browser,
    page: &Page,
    fields: &[(&str, &str)],
    files: &[(&str, &str, &[u8])],
) -> Page {
    let (id, seen, to) = (page.field("id"), page.field("seen"), page.field("to"));
    let mut all = vec![("id", id.as_str()), ("seen", seen.as_str())];
    if !fields.iter().any(|(name, _)| *name == "to") {
        all.push(("to", to.as_str()));
    }
    all.extend(fields);
    browser.post_files(&format!("{FIRST}/replies"), &all, files).await
}

#[tokio::test]
async fn the_whole_job_from_a_letter_to_the_answer_to_the_answer() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    app.mail_in(letter("Anna Verdi <anna@libero.example>", "Mancato ritiro").says("Quando passate?\n").raw())
        .await;
    app.letters_out().await;
    let queue = desk.get("/desk/queue").await;
    assert!(queue.words().contains("2026/000001 Mancato ritiro"), "{}", queue.words());
    assert!(queue.words().contains("14/04/2026"));
    let order = desk.get(FIRST).await;
    assert!(order.words().contains("Quando passate?"));
    let sent = answer(
        &mut desk,
        &order,
        &[("body", "Gentile signora,\r\npassiamo giovedì.")],
        &[("attachments", "orari.pdf", b"%PDF-")],
    )
    .await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let out = app.letters_out().await.remove(0);
    assert_eq!(out.mail.to[0].address, "anna@libero.example");
    assert!(
        out.mail.text.starts_with("Gentile signora,\r\npassiamo giovedì.")
            || out.mail.text.starts_with("Gentile signora,\npassiamo giovedì."),
        "{:?}",
        out.mail.text
    );
    assert_eq!(
        (out.mail.attachments[0].name.as_str(), out.mail.attachments[0].bytes.as_slice()),
        ("orari.pdf", &b"%PDF-"[..])
    );
    let ours = out.mail.message_id.unwrap();
    app.mail_in(
        letter("anna@libero.example", "Re: Mancato ritiro").answers(&ours).says("Grazie mille!\n").raw(),
    )
    .await;
    let order = desk.get(FIRST).await.words();
    let places: Vec<_> =
        ["Quando passate?", "passiamo giovedì", "Grazie mille!"].map(|words| order.find(words)).into();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "oldest first: {order}");
    assert!(order.contains("Inviata"));
}

#[tokio::test]
async fn a_form_sent_twice_is_one_letter_and_one_note() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    app.letters_out().await;
    let order = desk.get(FIRST).await;
    for _ in 0..2 {
        assert_eq!(answer(&mut desk, &order, &[("body", "Passiamo giovedì.")], &[]).await.status, 303);
    }
    assert_eq!(app.letters_out().await.len(), 1);
    let other = answer(&mut desk, &order, &[("body", "Anzi, venerdì.")], &[]).await;
    assert_eq!(other.status, 409, "other words are not taken for sent");
    let id = uuid::Uuid::now_v7().to_string();
    for _ in 0..2 {
        let noted =
            desk.post(&format!("{FIRST}/notes"), &[("id", &id), ("body", "Sentita la squadra.")]).await;
        assert_eq!(noted.status, 303);
    }
    let page = desk.get(FIRST).await.words();
    assert_eq!(page.matches("Sentita la squadra.").count(), 1, "{page}");
    assert!(app.letters_out().await.is_empty(), "a note never leaves the house");
}

#[tokio::test]
async fn who_answers_too_late_is_shown_what_came_and_keeps_the_words() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let ours = app.letters_out().await.remove(0).mail.message_id.unwrap();
    let order = desk.get(FIRST).await;
    app.mail_in(
        letter("anna@libero.example", "Re: risolto").answers(&ours).says("Sono passati, grazie.\n").raw(),
    )
    .await;
    let late = answer(&mut desk, &order, &[("body", "Passeremo giovedì.")], &[]).await;
    assert_eq!(late.status, 409);
    assert!(late.words().contains("Sono passati, grazie.") && late.words().contains("Passeremo giovedì."));
    assert!(app.letters_out().await.is_empty());
    assert_eq!(answer(&mut desk, &late, &[("body", "Passeremo giovedì.")], &[]).await.status, 303);
    assert_eq!(app.letters_out().await.len(), 1);
}

#[tokio::test]
async fn an_answer_that_cannot_leave_says_why_and_keeps_the_words() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    app.letters_out().await;
    let order = desk.get(FIRST).await;
    for (to, words) in
        [("", "almeno un destinatario"), ("non-un-indirizzo", "non è un indirizzo"), (BOX, "nostra casella")]
    {
        let refused = answer(&mut desk, &order, &[("body", "Testo che resta."), ("to", to)], &[]).await;
        assert_eq!(refused.status, 422, "{to}");
        let shown = refused.words();
        assert!(shown.contains(words) && shown.contains("Testo che resta."), "{to}: {shown}");
    }
    assert_eq!(answer(&mut desk, &order, &[("body", "   ")], &[]).await.status, 422);
    assert!(app.letters_out().await.is_empty());
}

#[tokio::test]
async fn two_tabs_do_not_undo_each_other() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let tab = desk.get(FIRST).await;
    let (status, assignee, kind) =
        (tab.field("seen_status"), tab.field("seen_assignee"), tab.field("seen_kind"));
    let seen = [
        ("seen_status", status.as_str()),
        ("seen_assignee", &assignee),
        ("seen_kind", &kind),
        ("seen_survey", ""),
    ];
    let mut first = seen.to_vec();
    first.extend([("status", "waiting"), ("assignee", ""), ("kind", &kind)]);
    assert_eq!(desk.post(&format!("{FIRST}/handling"), &first).await.status, 303);
    let kinds =
        riscontro::store::organisation::kinds(&app.app.desk.db.read, app.organisation()).await.unwrap();
    let other_kind = kinds.last().unwrap().id.to_string();
    let mut second = seen.to_vec();
    second.extend([("status", status.as_str()), ("assignee", ""), ("kind", &other_kind)]);
    assert_eq!(desk.post(&format!("{FIRST}/handling"), &second).await.status, 303);
    let order = app.order("2026/000001").await;
    assert_eq!(order.status, entity::work_order::Status::Waiting, "the second tab did not touch the status");
    assert_eq!(order.kind_id.to_string(), other_kind);
}

#[tokio::test]
async fn the_kind_moves_the_due_date_from_the_receipt() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Bolletta sbagliata").raw()).await;
    app.pass(Duration::days(5));
    let mut desk = app.administrator().await;
    let tab = desk.get(FIRST).await;
    let kinds =
        riscontro::store::organisation::kinds(&app.app.desk.db.read, app.organisation()).await.unwrap();
    let id_of = |code: &str| kinds.iter().find(|kind| kind.code == code).unwrap().id.to_string();
    let (complaint, rectification, disruption) =
        (id_of("complaint"), id_of("rectification"), id_of("disruption"));
    let change = |from: &str, to: &str, survey: &str| {
        [
            ("seen_status", tab.field("seen_status")),
            ("status", tab.field("seen_status")),
            ("seen_assignee", String::new()),
            ("assignee", String::new()),
            ("seen_kind", from.to_owned()),
            ("kind", to.to_owned()),
            ("seen_survey", String::new()),
            ("survey", survey.to_owned()),
        ]
    };
    for (from, to, survey, due) in [
        (&complaint, &rectification, "", "2026-05-27"),
        (&rectification, &disruption, "", "2026-03-09"),
        (&disruption, &disruption, "on", "2026-03-16"),
    ] {
        let fields = change(from, to, survey);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .filter(|(name, value)| *name != "survey" || !value.is_empty())
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        assert_eq!(desk.post(&format!("{FIRST}/handling"), &fields).await.status, 303);
        assert_eq!(
            riscontro::domain::calendar::rome_date(app.order("2026/000001").await.due_at).to_string(),
            due
        );
    }
}

#[tokio::test]
async fn a_sender_linked_by_hand_brings_the_address_and_the_other_letters() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    app.register("nome;codice utente\nVerdi Anna;UT-1\n").await;
    app.mail_in(letter("Anna Verdi <anna@libero.example>", "uno").says("Codice utente UT-1\n").raw()).await;
    app.mail_in(letter("anna@libero.example", "due").raw()).await;
    let page = desk.get(FIRST).await;
    assert!(page.words().contains("Verdi Anna"), "a candidate is offered: {}", page.words());
    let taxpayer = page.field("taxpayer");
    let fields = [("taxpayer", taxpayer.as_str()), ("add_contact", "on"), ("with_others", "on")];
    assert_eq!(desk.post(&format!("{FIRST}/taxpayer"), &fields).await.status, 303);
    assert_eq!(app.order("2026/000002").await.taxpayer_id.to_string(), taxpayer);
    app.mail_in(letter("anna@libero.example", "tre").raw()).await;
    assert_eq!(
        app.order("2026/000003").await.taxpayer_id.to_string(),
        taxpayer,
        "the address is a contact now"
    );
}

#[tokio::test]
async fn the_queue_is_read_page_by_page_in_both_directions_and_filtered_by_its_address() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let mails: Vec<Vec<u8>> = (1..=120)
        .map(|n| letter(&format!("c{n}@libero.example"), &format!("Città numero {n}")).raw())
        .collect();
    app.mails_in(&mails.iter().map(Vec::as_slice).collect::<Vec<_>>()).await;
    let orders = |page: &Page| {
        page.links("/desk/work-orders/")
            .into_iter()
            .filter(|link| link.len() >= FIRST.len())
            .collect::<Vec<_>>()
    };
    let mut seen = Vec::new();
    let mut page = desk.get("/desk/queue").await;
    let first = orders(&page);
    while let Some(next) = page.links("after=").first().cloned() {
        seen.extend(orders(&page));
        page = desk.get(&next).await;
    }
    seen.extend(orders(&page));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 120);
    while let Some(previous) = page.links("before=").first().cloned() {
        page = desk.get(&previous).await;
    }
    assert_eq!(orders(&page), first);
    let found = desk.get("/desk/queue?q=citta%20119").await;
    assert_eq!(orders(&found).len(), 1, "accents and case do not matter: {}", found.words());
    assert_eq!(orders(&desk.get("/desk/queue?q=100%25").await).len(), 0, "a percent sign is a percent sign");
    let jump = desk.get("/desk/queue?q=2026/000007").await;
    assert_eq!(jump.location.as_deref(), Some("/desk/work-orders/2026-000007"));
}

#[tokio::test]
async fn hostile_letters_are_shown_as_words() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let html = "<h1>Ciao</h1><script>alert(1)</script><img src=http://tracker.example/x.gif onerror=alert(2)><a href=\"javascript:alert(3)\">qui</a>\
        <meta http-equiv=refresh content=\"0;url=http://truffa.example\"><form action=/desk/logout method=post><button>ok</button></form>\
        <style>body{display:none}</style><iframe src=http://truffa.example></iframe>";
    let mail = letter("\"<script>alert(4)</script>\" <anna@libero.example>", "<img src=x onerror=alert(5)>")
        .with("X-Note: x")
        .says(html);
    let raw = String::from_utf8(mail.raw()).unwrap().replace("text/plain", "text/html");
    app.mail_in(raw).await;
    let page = desk.get(FIRST).await;
    assert_eq!(page.status, 200);
    for forbidden in [
        "<script>alert",
        "onerror=alert",
        "tracker.example",
        "javascript:",
        "http-equiv",
        "<iframe",
        "display:none",
        "action=\"/desk/logout\" method=post",
    ] {
        let harmless = forbidden == "onerror=alert" && !page.body.contains("<img src=x");
        assert!(harmless || !page.body.contains(forbidden), "{forbidden}");
    }
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    for part in [
        "default-src 'none'",
        "script-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
}

#[tokio::test]
async fn attachments_are_given_out_as_downloads_whatever_they_say_they_are() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let raw = format!(
        "From: anna@libero.example\r\nTo: {BOX}\r\nSubject: allegato\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nEcco.\r\n--b\r\nContent-Type: text/html; name=\"../../pagina.html\"\r\n\
         Content-Disposition: attachment; filename=\"../../pagina.html\"\r\n\r\n<script>alert(1)</script>\r\n--b--\r\n"
    );
    app.mail_in(raw).await;
    let link = desk.get(FIRST).await.links("/desk/attachments/").remove(0);
    let file = desk.get(&link).await;
    assert_eq!(file.status, 200);
    assert_eq!(file.bytes, b"<script>alert(1)</script>");
    assert_eq!(file.headers["content-type"], "application/octet-stream");
    assert_eq!(file.headers["x-content-type-options"], "nosniff");
    assert!(file.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
    let name = file.headers["content-disposition"].to_str().unwrap();
    assert!(name.starts_with("attachment") && name.contains("pagina.html") && !name.contains(".."), "{name}");
    assert_eq!(app.browser().get(&link).await.status, 303, "nobody without a session");
}

#[tokio::test]
async fn every_door_asks_who_is_there() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let mut nobody = app.browser();
    for path in [
        "/",
        "/desk/queue",
        FIRST,
        "/desk/taxpayers",
        "/desk/taxpayers/import",
        "/desk/admin/mailboxes",
        "/desk/admin/operators",
        "/desk/password",
    ] {
        let answer = nobody.get(path).await;
        let to = answer.location.unwrap_or_default();
        assert!(
            answer.status == 303 && (to.starts_with("/desk/login") || path == "/"),
            "{path}: {} {to}",
            answer.status
        );
    }
    for path in [
        format!("{FIRST}/notes"),
        format!("{FIRST}/handling"),
        "/desk/admin/operators".into(),
        "/desk/admin/mailboxes".into(),
    ] {
        let answer = nobody.post(&path, &[]).await;
        assert!(
            [303, 401, 403].contains(&answer.status)
                && answer.location.is_none_or(|to| to.starts_with("/desk/login")),
            "{path}: {}",
            answer.status
        );
    }
}

#[tokio::test]
async fn an_operator_is_no_administrator() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let added = admin
        .post(
            "/desk/admin/operators",
            &[("login", "giulia"), ("name", "Giulia Ferrari"), ("role", "operator")],
        )
        .await;
    assert_eq!(added.status, 200, "the one-time password is shown on the page itself: {}", added.words());
    let words = added.words();
    let one_time = words
        .split_whitespace()
        .find(|word| word.len() == 16 && word.chars().all(|c| c.is_ascii_alphanumeric()))
        .unwrap();
    let mut giulia = app.browser();
    assert_eq!(giulia.post("/desk/login", &[("login", "giulia"), ("password", one_time)]).await.status, 303);
    let held_back = giulia.get("/desk/queue").await;
    assert_eq!(held_back.location.as_deref(), Some("/desk/password"), "first the password");
    let change =
        [("current", one_time), ("new", "quattro parole a caso"), ("again", "quattro parole a caso")];
    assert_eq!(giulia.post("/desk/password", &change).await.status, 303);
    assert_eq!(giulia.get("/desk/queue").await.status, 200);
    for path in [
        "/desk/admin/mailboxes",
        "/desk/admin/mailboxes/new",
        "/desk/admin/operators",
        "/desk/taxpayers/import",
    ] {
        assert_eq!(giulia.get(path).await.status, 403, "{path}");
    }
    let promoted = giulia
        .post("/desk/admin/operators", &[("login", "x"), ("name", "X"), ("role", "administrator")])
        .await;
    assert_eq!(promoted.status, 403);
}

#[tokio::test]
async fn another_organisation_sees_nothing_of_ours() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let mut ours = app.administrator().await;
    let order = ours.get(FIRST).await;
    let source = order.links("original.eml").remove(0);
    let stranger = other_organisation(&app).await;
    let mut theirs = app.browser();
    assert_eq!(
        theirs.post("/desk/login", &[("login", "estraneo"), ("password", &stranger)]).await.status,
        303
    );
    let change = [
        ("current", stranger.as_str()),
        ("new", "quattro parole a caso"),
        ("again", "quattro parole a caso"),
    ];
    assert_eq!(theirs.post("/desk/password", &change).await.status, 303);
    assert!(!theirs.get("/desk/queue").await.words().contains("Mancato ritiro"));
    let taxpayer = order
        .links("/desk/taxpayers/")
        .into_iter()
        .find(|link| link.len() > 40)
        .unwrap_or_else(|| FIRST.to_owned());
    let mailbox = format!("/desk/admin/mailboxes/{}", app.mailbox().await.id);
    for path in [FIRST, &source, &taxpayer, &mailbox] {
        assert_eq!(theirs.get(path).await.status, 404, "{path}");
    }
    let id = uuid::Uuid::now_v7().to_string();
    let noted = theirs.post(&format!("{FIRST}/notes"), &[("id", &id), ("body", "di nascosto")]).await;
    assert_eq!(noted.status, 404);
    assert!(!ours.get(FIRST).await.words().contains("di nascosto"));
}

async fn other_organisation(app: &TestApp) -> String {
    use entity::{operator::Role, organisation, taxpayer};
    use riscontro::{actions, store};
    let organisation = uuid::Uuid::now_v7();
    let row = organisation::Model {
        id: organisation,
        name: "Altro ente".into(),
        patron_day: None,
        demo: false,
        created_at: app.now(),
    };
    let generic = taxpayer::Model {
        id: uuid::Uuid::now_v7(),
        organisation_id: organisation,
        code: None,
        name: "Contribuente generico".into(),
        name_folded: "contribuente generico".into(),
        fiscal_code: None,
        address: String::new(),
        generic: true,
        created_at: app.now(),
        updated_at: app.now(),
    };
    let tx = app.app.desk.db.begin().await.unwrap();
    store::organisation::insert(&tx, row).await.unwrap();
    store::taxpayer::insert(&tx, generic).await.unwrap();
    tx.commit().await.unwrap();
    let cx = actions::Cx::system(organisation, app.now());
    let form = actions::operator::Form {
        login: "estraneo".into(),
        name: "Estraneo".into(),
        role: Role::Administrator,
        active: true,
    };
    actions::operator::add(&app.app.desk, &cx, &form, "una-volta-sola-2026").await.unwrap();
    "una-volta-sola-2026".to_owned()
}

#[tokio::test]
async fn wrong_passwords_are_answered_alike_and_then_made_to_wait() {
    let app = TestApp::start().await;
    app.administrator().await;
    let mut thief = app.browser();
    let unknown = thief.post("/desk/login", &[("login", "nessuno"), ("password", "sbagliata-davvero")]).await;
    let wrong = thief.post("/desk/login", &[("login", "admin"), ("password", "sbagliata-davvero")]).await;
    assert_eq!(
        (unknown.status, unknown.words().replace("nessuno", "")),
        (wrong.status, wrong.words().replace("admin", ""))
    );
    for _ in 0..5 {
        thief.post("/desk/login", &[("login", "admin"), ("password", "sbagliata-davvero")]).await;
    }
    let waits =
        thief.post("/desk/login", &[("login", "admin"), ("password", "cavallo batteria graffetta")]).await;
    assert_eq!(waits.status, 429, "the right password waits, too: {}", waits.words());
    app.pass(Duration::minutes(16));
    assert_eq!(
        thief
            .post("/desk/login", &[("login", "admin"), ("password", "cavallo batteria graffetta")])
            .await
            .status,
        303
    );
}

#[tokio::test]
async fn a_session_ends_by_signing_out_by_time_and_by_a_new_password() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let mut copy = desk.clone();
    assert_eq!(copy.get("/desk/queue").await.status, 200);
    desk.post("/desk/logout", &[]).await;
    assert_eq!(
        copy.get("/desk/queue").await.status,
        303,
        "a copied cookie is worth nothing after signing out"
    );
    let mut desk = app.administrator().await;
    app.pass(Duration::hours(11));
    assert_eq!(desk.get("/desk/queue").await.status, 200, "use keeps it alive");
    app.pass(Duration::hours(11));
    assert_eq!(desk.get("/desk/queue").await.status, 200);
    app.pass(Duration::hours(13));
    assert_eq!(desk.get("/desk/queue").await.status, 303);
}

#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let mut desk = app.administrator().await;
    let request = |site: &str, origin: &str| {
        Request::post(format!("{FIRST}/notes"))
            .header(header::HOST, "localhost:8080")
            .header("origin", origin)
            .header("sec-fetch-site", site)
            .header(header::COOKIE, desk.cookie().unwrap())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!("id={}&body=forzata", uuid::Uuid::now_v7())))
            .unwrap()
    };
    let (cross, same) =
        (request("cross-site", "https://truffa.example"), request("same-origin", "http://localhost:8080"));
    assert_eq!(desk.receive(cross).await.status, 403);
    assert_eq!(desk.receive(same).await.status, 303);
}

#[tokio::test]
async fn the_session_cookie_is_out_of_reach() {
    let app = TestApp::start_with(|config| config.server.public_url = "https://reclami.example".into()).await;
    let mut browser = app.browser();
    let form = format!("login=admin&password={}", app.one_time_password());
    let request = Request::post("/desk/login")
        .header(header::HOST, "reclami.example")
        .header("origin", "https://reclami.example")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form))
        .unwrap();
    let answer = browser.receive(request).await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    for part in ["__Host-", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
}

#[tokio::test]
async fn a_register_is_imported_with_a_report_of_what_was_refused() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let csv = "nome;codice utente;codice fiscale;indirizzo;email\nVerdi Anna;UT-1;RCCMNL83S18D969H;via Roma 1;anna@libero.example\nRossi Bruno;UT-2;RCCMNL83S18D969A;;\n";
    let page =
        desk.post_files("/desk/taxpayers/import", &[], &[("file", "registro.csv", csv.as_bytes())]).await;
    let words = page.words();
    assert!(page.status < 400, "{words}");
    assert!(
        words.contains('3') && words.contains("carattere di controllo"),
        "the line and the reason: {words}"
    );
    app.mail_in(letter("anna@libero.example", "uno").raw()).await;
    assert!(desk.get(FIRST).await.words().contains("Verdi Anna"));
    for word in ["verdi", "anna", "ann%20ver"] {
        assert!(desk.get(&format!("/desk/taxpayers?q={word}")).await.words().contains("UT-1"), "{word}");
    }
    assert!(desk.get("/desk/taxpayers?q=anna%40libero.example").await.words().contains("Verdi Anna"));
}

#[tokio::test]
async fn machines_are_told_how_the_house_is() {
    let app = TestApp::start().await;
    let mut probe = app.browser();
    assert_eq!(probe.get("/healthz").await.status, 200);
    assert_eq!(probe.get("/readyz").await.status, 200);
    app.mail_in(letter("anna@libero.example", "uno").raw()).await;
    let metrics = probe.get("/metrics").await;
    assert!(metrics.body.contains("riscontro_mails_total{outcome=\"opened\"}"), "{}", metrics.body);
    assert!(!metrics.body.contains("libero.example"));
}
