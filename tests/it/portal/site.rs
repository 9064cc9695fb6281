//! The public pages of the portal: who finds them, in which language, and what is in them.

use axum::{
    body::Body,
    http::{Request, header},
};
use entity::{language::Language, language::Words, public_text, publication};
use riscontro::{actions::notice as notices, store};

use super::Held;
use crate::support::{
    app::TestApp,
    browser::{Browser, Page},
    letter::letter,
};

const HOSTILE: &str = "# Titolo\n\n<script>alert(1)</script> <img src=x onerror=alert(2)> [a](javascript:alert(3))\n\n## Fine\n";

async fn asked(browser: &mut Browser, path: &str, headers: &[(&str, &str)]) -> Page {
    let mut request = Request::get(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header(header::HOST, "localhost:8080");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    browser.receive(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_closed_portal_is_nowhere_but_for_its_operators() {
    let app = TestApp::start().await;
    let mut citizen = app.browser();
    for path in ["/sportello", "/sportello/ente", "/sportello/ente/disruption", "/sportello/ente/avvisi.atom"]
    {
        let page = citizen.get(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.words().contains("Pagina non trovata"), "in the portal's own frame: {}", page.words());
        assert!(!page.body.contains("/desk/"), "{path} does not lead citizens to the desk");
    }
    let mut operator = app.administrator().await;
    let page = operator.get("/sportello/ente").await;
    assert_eq!(page.status, 200);
    assert!(page.words().contains("Anteprima: lo sportello è chiuso"), "{}", page.words());
    let mut stranger = app.stranger().await;
    assert_eq!(stranger.get("/sportello/ente").await.status, 404, "another organisation's operator");
    let follows = citizen.get("/sportello/ente/segui").await;
    assert_eq!(follows.status, 200, "who wrote while it was open keeps following");
    app.open_portal(|_| {}).await;
    let page = citizen.get("/sportello/ente").await;
    assert_eq!(page.status, 200);
    assert!(!page.words().contains("Anteprima"));
    assert_eq!(
        citizen.get("/sportello").await.location.as_deref(),
        Some("http://127.0.0.1:8080/sportello/ente")
    );
}

#[tokio::test]
async fn every_public_page_speaks_three_languages_and_leads_on() {
    let app = TestApp::start().await;
    app.open_portal(|portal| portal.phone = "800 123 456".into()).await;
    let mut citizen = app.browser();
    for (path, titles) in [
        ("", ["Che cosa vuoi fare?", "What would you like to do?", "Was möchten Sie tun?"]),
        ("/segui", ["Segui una richiesta", "Follow a request", "Anfrage verfolgen"]),
        ("/avvisi", ["Avvisi sul servizio", "Service notices", "Mitteilungen zum Dienst"]),
        ("/privacy", ["Informativa privacy", "Privacy notice", "Datenschutzhinweis"]),
        (
            "/accessibilita",
            ["Dichiarazione di accessibilità", "Accessibility statement", "Erklärung zur Barrierefreiheit"],
        ),
        ("/note-legali", ["Note legali", "Legal notes", "Rechtliche Hinweise"]),
        ("/contatti", ["Contatti", "Contacts", "Kontakte"]),
        ("/servizi/disruption", ["A chi è rivolto", "Who it is for", "Für wen"]),
        ("/servizi/nessuno", ["Pagina non trovata", "Page not found", "Seite nicht gefunden"]),
    ] {
        for (lang, title) in ["it", "en", "de"].into_iter().zip(titles) {
            let page = citizen.get(&format!("/sportello/ente{path}?lang={lang}")).await;
            assert_eq!(page.status, if path == "/servizi/nessuno" { 404 } else { 200 }, "{path} {lang}");
            assert!(page.words().contains(title), "{path} {lang}: {}", page.words());
            assert!(page.body.contains(&format!("<html lang=\"{lang}\"")));
            assert!(page.words().contains("800 123 456"), "the telephone is always there");
            assert!(!page.body.contains("style="), "no inline style");
            for hook in ["privacy-policy-link", "accessibility-link", "legal-notes", "contacts"] {
                assert!(page.body.contains(&format!("data-element=\"{hook}\"")), "{path}: {hook}");
            }
        }
    }
    let card = citizen.get("/sportello/ente/servizi/disruption?lang=it").await;
    for hook in
        ["service-title", "service-description", "service-how-to", "service-needed", "service-addressed"]
    {
        assert!(card.body.contains(&format!("data-element=\"{hook}\"")), "{hook}");
    }
    assert!(card.words().contains("5 giorni lavorativi"), "the limit is the kind's: {}", card.words());
}

#[tokio::test]
async fn the_language_is_the_one_that_was_chosen_or_the_browsers() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let mut citizen = app.browser();
    let page =
        asked(&mut citizen, "/sportello/ente", &[("accept-language", "fr, de-IT;q=0.8, en;q=0.5")]).await;
    assert!(page.body.contains("<html lang=\"de\""));
    assert!(citizen.cookie().is_none(), "nothing is kept of whoever chose nothing");
    let page = citizen.get("/sportello/ente/segui?x=1&lang=en").await;
    assert!(page.body.contains("<html lang=\"en\""));
    assert!(page.links("lang=de").contains(&"/sportello/ente/segui?x=1&lang=de".to_owned()));
    let page = citizen.get("/sportello/ente").await;
    assert!(page.body.contains("<html lang=\"en\""), "it is remembered");
    assert!(citizen.get("/sportello/ente?lang=xx").await.body.contains("<html lang=\"en\""));
}

#[tokio::test]
async fn an_organisation_has_a_host_of_its_own() {
    let app = TestApp::start().await;
    app.open_portal(|portal| portal.host = Some("sportello.ente.example".into())).await;
    let mut citizen = app.browser();
    let own = [("host", "Sportello.Ente.example")];
    let home = asked(&mut citizen, "/", &own).await;
    assert_eq!(home.status, 200);
    assert!(home.words().contains("Che cosa vuoi fare?"));
    assert!(home.links("/sportello/segui").contains(&"/sportello/segui".to_owned()), "no name in its links");
    assert!(home.links("/sportello/ente").is_empty(), "{:?}", home.links("/sportello/ente"));
    assert_eq!(asked(&mut citizen, "/sportello/segui?lang=it", &own).await.status, 200);
    assert_eq!(asked(&mut citizen, "/sportello", &own).await.status, 200);
    assert_eq!(asked(&mut citizen, "/sportello/ente", &own).await.status, 404, "a host is one portal");
    let theme = home.links("tema.css").remove(0);
    assert!(theme.starts_with("/sportello/tema.css?v="), "{theme}");
    assert_eq!(asked(&mut citizen, &theme, &own).await.status, 200);

    let forged = [("x-forwarded-host", "sportello.ente.example")];
    let desk = asked(&mut citizen, "/", &forged).await;
    assert_eq!(desk.location.as_deref(), Some("/desk/queue"), "what anybody can write decides nothing");
    assert_eq!(asked(&mut citizen, "/", &[("host", "altro.example")]).await.status, 303);
    assert_eq!(asked(&mut citizen, "/desk/login", &own).await.status, 200, "the desk is where it was");
    let long = "a".repeat(5_000);
    for odd in ["", "\u{7f}", "[::1]", "a b", long.as_str()] {
        let Ok(value) = header::HeaderValue::from_str(odd) else { continue };
        let request =
            Request::get("/sportello/ente").header(header::HOST, value).body(Body::empty()).unwrap();
        assert!(citizen.receive(request).await.status < 500, "{odd}");
    }
}

#[tokio::test]
async fn the_colour_is_a_sheet_that_browsers_keep_until_it_changes() {
    let app = TestApp::start().await;
    app.open_portal(|portal| portal.colour = "#0b6623".into()).await;
    let mut citizen = app.browser();
    let sheet = citizen.get("/sportello/ente").await.links("tema.css").remove(0);
    assert_eq!(sheet, "/sportello/ente/tema.css?v=0b6623");
    let css = citizen.get(&sheet).await;
    assert!(css.body.starts_with(":root{--brand:#0b6623;"), "{}", css.body);
    assert_eq!(css.headers["content-type"], "text/css; charset=utf-8");
    assert!(css.headers["cache-control"].to_str().unwrap().contains("immutable"));
    assert_eq!(citizen.get("/sportello/ente").await.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn what_an_organisation_writes_is_shown_and_cannot_run() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let mut citizen = app.browser();
    let ours = citizen.get("/sportello/ente/privacy?lang=it").await;
    assert!(ours.words().contains("Da completare a cura dell’ente"), "{}", ours.words());
    for page in ["privacy", "home", "service/disruption"] {
        app.write_text(page, Language::It, HOSTILE).await;
    }
    for path in ["/privacy", "", "/servizi/disruption"] {
        let page = citizen.get(&format!("/sportello/ente{path}?lang=it")).await;
        let body = page.body.to_ascii_lowercase();
        assert!(body.contains("&lt;script&gt;alert(1)"), "shown as it was typed: {}", page.body);
        for running in ["<script>alert", "<img", "href=\"javascript"] {
            assert!(!body.contains(running), "{path}: {running}");
        }
        assert!(page.words().contains("Titolo"));
        assert_eq!(page.body.matches("<h1").count(), 1, "{path}: the page has one title");
    }
    let german = citizen.get("/sportello/ente/privacy?lang=de").await;
    assert!(german.body.contains("lang=\"it\">"), "what is only there in Italian is marked as Italian");
    app.write_text("privacy", Language::De, "Nur deutsch.").await;
    assert!(citizen.get("/sportello/ente/privacy?lang=de").await.words().contains("Nur deutsch."));
}

#[tokio::test]
async fn a_notice_is_on_every_page_with_its_history_and_in_the_feed() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let mut citizen = app.browser();
    let (desk, cx) = (&app.app.desk, app.cx());
    let form = notices::Form {
        title: Words { it: "Sciopero <b>& altro".into(), de: "Streik".into(), ..Words::default() },
        text: Words::plain("Mercoledì non passiamo.\u{1}"),
        impact: Words::plain("Tieni in casa i sacchi."),
        streets: vec!["via Solferino".into()],
        starts_at: app.now(),
        ..notices::Form::default()
    };
    let draft = notices::create(desk, &cx, &form).await.unwrap();
    assert_eq!(
        citizen.get(&format!("/sportello/ente/avvisi/{draft}")).await.status,
        404,
        "a draft is nobody's"
    );
    assert!(!citizen.get("/sportello/ente/avvisi").await.words().contains("Sciopero"));
    let empty = citizen.get("/sportello/ente/avvisi.atom").await;
    assert!(is_feed(&empty.body).is_empty());
    notices::publish(desk, &cx, draft, 0).await.unwrap();
    for path in ["", "/segui", "/privacy", "/avvisi"] {
        let page = citizen.get(&format!("/sportello/ente{path}")).await;
        assert!(page.words().contains("Sciopero <b>& altro"), "{path}: {}", page.words());
        assert!(!page.body.contains("Sciopero <b>"), "{path}: escaped");
    }
    let mut changed = form.clone();
    changed.impact = Words::plain("Esponi i sacchi giovedì.");
    app.pass(chrono::Duration::hours(1));
    notices::change(desk, &app.cx(), draft, 1, &changed).await.unwrap();
    let page = citizen.get(&format!("/sportello/ente/avvisi/{draft}?lang=it")).await;
    for words in ["Esponi i sacchi giovedì.", "Tieni in casa i sacchi.", "Avviso aggiornato", "via Solferino"]
    {
        assert!(page.words().contains(words), "{words}: {}", page.words());
    }
    assert!(!page.words().contains("Amministratore"), "who changed it is nobody's business");
    let feed = citizen.get("/sportello/ente/avvisi.atom?lang=de").await;
    assert_eq!(feed.headers["content-type"], "application/atom+xml; charset=utf-8");
    assert_eq!(is_feed(&feed.body), ["Streik"]);
    let version =
        store::notice::by_id(&desk.db.read, app.organisation(), draft).await.unwrap().unwrap().version;
    notices::restore(desk, &app.cx(), draft, version, &Words::plain("Da giovedì tutto regolare."))
        .await
        .unwrap();
    let page = citizen.get(&format!("/sportello/ente/avvisi/{draft}?lang=it")).await.words();
    assert!(page.contains("Da giovedì tutto regolare.") && page.contains("Servizio ripristinato"), "{page}");
    assert!(!citizen.get("/sportello/ente").await.words().contains("Sciopero"), "it is over");
    let mut other = app.browser();
    let second = app.second_organisation().await;
    let slug = format!("/sportello/{second}");
    assert_eq!(other.get(&format!("{slug}/avvisi")).await.status, 200);
    assert_eq!(other.get(&format!("{slug}/avvisi/{draft}")).await.status, 404, "another organisation's");
}

/// Checks what RFC 4287 asks of a feed; gives the titles of its entries.
fn is_feed(xml: &str) -> Vec<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut path, mut found) = (Vec::<String>::new(), Vec::<(String, String)>::new());
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(start) => {
                path.push(start.name().0.to_owned());
                found.push((path.join("/"), String::new()));
            }
            Event::Empty(empty) => {
                let name = empty.name().0.to_owned();
                found.push((format!("{}/{name}", path.join("/")), String::new()));
            }
            Event::Text(text) => {
                if let Some((_, words)) = found.last_mut() {
                    words.push_str(&text);
                }
            }
            Event::End(_) => drop(path.pop()),
            Event::Eof => break,
            _ => {}
        }
    }
    let count = |path: &str| found.iter().filter(|(found, _)| found == path).count();
    assert!(path.is_empty(), "every element ends");
    for once in ["feed/id", "feed/title", "feed/updated", "feed/author/name"] {
        assert_eq!(count(once), 1, "{once}: {xml}");
    }
    let entries = count("feed/entry");
    for each in ["feed/entry/id", "feed/entry/title", "feed/entry/updated", "feed/entry/link"] {
        assert_eq!(count(each), entries, "{each}");
    }
    for (path, words) in &found {
        if path.ends_with("/updated") {
            words.parse::<chrono::DateTime<chrono::Utc>>().expect("RFC 3339");
        }
    }
    found.into_iter().filter(|(path, _)| path == "feed/entry/title").map(|(_, title)| title).collect()
}

#[tokio::test]
async fn only_what_was_published_is_on_the_list_and_only_where_there_is_one() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    for n in 1..=25 {
        app.mail_in(letter("anna@libero.example", &format!("Segreto numero {n}")).raw()).await;
    }
    let db = &app.app.desk.db;
    let orders = store::work_order::of_taxpayer(
        &db.read,
        app.organisation(),
        store::taxpayer::generic(&db.read, app.organisation()).await.unwrap().unwrap().id,
        30,
    )
    .await
    .unwrap();
    let tx = db.begin().await.unwrap();
    for (n, order) in orders.iter().enumerate().take(24) {
        let row = publication::Model {
            work_order_id: order.id,
            organisation_id: app.organisation(),
            title: format!("Cassonetto rotto {n:02}"),
            text: "<script>alert(1)</script>".into(),
            address: "via Roma".into(),
            latitude: (n == 0).then_some(45.5),
            longitude: (n == 0).then_some(10.2),
            author_id: None,
            published_at: app.now() - chrono::Duration::minutes(i64::try_from(n).unwrap()),
        };
        store::publication::put(&tx, row).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut citizen = app.browser();
    for path in ["/sportello/ente/elenco", "/sportello/ente/elenco.json"] {
        assert_eq!(citizen.get(path).await.status, 404, "{path}: the organisation has no list");
    }
    app.open_portal(|portal| portal.listed = true).await;
    let first = citizen.get("/sportello/ente/elenco?lang=it").await;
    let words = first.words();
    assert!(words.contains("Cassonetto rotto 00") && words.contains("Cassonetto rotto 19"), "{words}");
    assert!(!words.contains("Cassonetto rotto 20") && !words.contains("Segreto") && !words.contains("anna@"));
    assert!(!first.body.contains("<script>alert"));
    assert!(
        words.contains("Ricevuta") && !words.contains("In lavorazione"),
        "nobody works on it yet: {words}"
    );
    let second = citizen.get(&first.links("after=").remove(0)).await;
    assert!(second.words().contains("Cassonetto rotto 23"), "{}", second.words());
    let back = citizen.get(&second.links("before=").remove(0)).await;
    assert!(back.words().contains("Cassonetto rotto 00") && !back.words().contains("Cassonetto rotto 20"));
    for odd in ["?after=x", "?before=%00", "?after=1-2", "?after=a&after=b"] {
        assert!(citizen.get(&format!("/sportello/ente/elenco{odd}")).await.status < 500, "{odd}");
    }
    let data = citizen.get("/sportello/ente/elenco.json").await;
    let rows: serde_json::Value = serde_json::from_str(&data.body).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), 1, "only what has a place");
    assert_eq!(rows[0]["position"], serde_json::json!([45.5, 10.2]));
    let held: Held = app.report(&[]).await;
    assert!(!citizen.get("/sportello/ente/elenco").await.words().contains(&held.title), "not published");
}

#[tokio::test]
async fn no_address_makes_the_portal_fail() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let mut citizen = app.browser();
    for path in [
        "/sportello/",
        "/sportello/%00",
        "/sportello/ente/%00",
        "/sportello/ente/servizi/%00",
        "/sportello/ente/avvisi/x",
        "/sportello/ente/segui/%ff%fe",
        "/sportello/ente/segui/%00",
        "/sportello/ente/conferma/x",
        "/sportello/ente/tema.css?v=%0d%0aX:%20y",
        "/sportello/ente/privacy?lang=%00",
        "/sportello/%2e%2e%2fdesk",
    ] {
        let page = citizen.get(path).await;
        assert!(page.status < 500, "{path}: {}", page.status);
        assert!(!page.body.contains("/desk/"), "{path}");
    }
    assert_eq!(citizen.get("/sportello/ente/").await.location.as_deref(), Some("/sportello/ente"));
}

impl TestApp {
    async fn write_text(&self, page: &str, language: Language, text: &str) {
        let tx = self.app.desk.db.begin().await.unwrap();
        let row = public_text::Model {
            organisation_id: self.organisation(),
            page: page.into(),
            language,
            text: text.into(),
            author_id: None,
            updated_at: self.now(),
        };
        store::public_text::put(&tx, row).await.unwrap();
        tx.commit().await.unwrap();
    }
}
