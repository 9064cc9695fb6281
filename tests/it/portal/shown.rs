//! What everybody may see: notices, and reports that an operator published.

use axum::http::header;
use entity::{language::Words, publication};
use riscontro::{actions::notice as notices, store};

use super::{Held, site::published};
use crate::support::{app::TestApp, browser::Page, letter::letter};

#[tokio::test]
async fn published_reports_are_on_a_map_where_there_is_one() {
    let app = TestApp::start_with(|config| {
        config.portal.tile_url = "https://tiles.example.it/{z}/{x}/{y}.png".to_owned();
    })
    .await;
    app.open_portal(|portal| portal.listed = true).await;
    let policy = |page: &Page| page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
    let mut citizen = app.browser();
    let empty = citizen.get("/sportello/ente/elenco").await;
    assert!(!empty.body.contains("data-reports") && !empty.body.contains("<script"), "{}", empty.body);
    published(&app, "Cassonetto «rotto» & <b>pieno</b>").await;
    let page = citizen.get("/sportello/ente/elenco").await;
    assert!(page.body.contains("data-reports=\"/sportello/ente/elenco.json\""), "{}", page.body);
    assert!(page.words().contains("Cassonetto «rotto»"), "the list says it, too: {}", page.words());
    assert!(policy(&page).contains("img-src 'self' data: https://tiles.example.it;"), "{}", policy(&page));
    assert!(policy(&page).contains("script-src 'self';") && !policy(&page).contains("unsafe"));
    let data: serde_json::Value =
        serde_json::from_slice(&citizen.get("/sportello/ente/elenco.json").await.bytes).unwrap();
    assert_eq!(data[0]["position"], serde_json::json!([45.5392, 10.2206]), "{data}");

    let without = TestApp::start().await;
    without.open_portal(|portal| portal.listed = true).await;
    published(&without, "Cassonetto rotto").await;
    let page = without.browser().get("/sportello/ente/elenco").await;
    assert!(!policy(&page).contains("https:") && !page.body.contains("data-reports"), "{}", page.body);
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
