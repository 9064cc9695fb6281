//! Thousands of hostile submissions, through every door that citizens and apps have: the form step by step, the API in JSON and
//! as multipart, Open311, the tracking page. Then it is counted what came of them: no answer of 500 or above, no letter to
//! anybody but who typed the address, none with typed words in it, nothing on any page that would run, and a portal that
//! goes on serving.
//!
//! Two thousand by default, a minute; `RISCONTRO_HOSTILE=10000` for the full number takes up to ten without optimisation, so
//! `tests/run` does not ask for it. The same seed types the same things (`RISCONTRO_HOSTILE_SEED`).

mod apps;
mod bans;
mod doors;
mod files;
mod limits;
mod networks;
mod outcome;
mod poison;
mod typed;

use std::collections::{BTreeMap, HashSet};

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use chrono::Duration;
use entity::form::Form;
use rand::{RngExt, SeedableRng, rngs::SmallRng};
use riscontro::domain::text;

use self::files::Files;
use crate::support::{
    app::TestApp,
    browser::{Browser, Page},
    citizen::{self, Citizen, multipart},
};

/// The kinds that are sent, by turns.
const KINDS: [&str; 6] = ["disruption", "complaint", "information", "rectification", "repair", "pickup"];

/// A portal under siege.
struct Siege {
    house: TestApp,
    browser: Browser,
    random: SmallRng,
    files: Files,
    forms: BTreeMap<&'static str, Form>,
    key: String,
    /// Every address that was typed as somebody's own, lower case.
    typed: HashSet<String>,
    /// Answers, by status.
    statuses: BTreeMap<u16, usize>,
    turn: usize,
}

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_sent_nothing_breaks_nothing_runs_and_no_stranger_gets_mail() {
    let turns = usize::try_from(setting("RISCONTRO_HOSTILE", 2_000)).unwrap();
    let mut siege = Siege::begin().await;
    for turn in 0..turns {
        siege.turn = turn;
        // The counters run on the house's clock: nobody is to be refused for being quick.
        siege.house.pass(Duration::seconds(1));
        match siege.random.random_range(0..20) {
            0..9 => siege.form_by_steps().await,
            9..14 => siege.json_of_an_app().await,
            14..16 => siege.multipart_of_an_app().await,
            16 => siege.open311().await,
            17 => siege.bytes_at_any_door().await,
            _ => siege.personal_page().await,
        }
    }
    println!("{turns} turns, answers by status: {:?}", siege.statuses);
    // A test that is only ever refused proves little.
    let orders = siege.count_orders().await;
    assert!(orders > turns / 20, "only {orders} were taken");
    siege.nobody_else_got_mail().await;
    siege.nothing_runs().await;
    siege.the_portal_still_serves().await;
}

#[tokio::test]
async fn whoever_asks_too_much_is_told_when_to_come_back() {
    let house = TestApp::start_with(|config| config.portal.per_network_minute = 5).await;
    citizen::open_portal(&house.app, house.organisation()).await;
    let key = citizen::app_key(&house.app, house.organisation(), 5).await;
    let form = citizen::form_of(&house.app, house.organisation(), KINDS[0]).await;
    let mut browser = house.browser();

    let waits = |page: &Page| -> u64 {
        let wait = page.headers.get(header::RETRY_AFTER).expect("how long").to_str().unwrap();
        wait.parse().unwrap()
    };
    let mut refused = None;
    for _ in 0..7 {
        let sent = browser.post("/sportello/ente/disruption/1", &[("privacy", citizen::TICKED)]).await;
        assert!(matches!(sent.status, 303 | 429), "{}", sent.words());
        refused = Some(sent).filter(|page| page.status == 429).or(refused);
    }
    let refused = refused.expect("the sixth is asked to wait");
    assert!((1..=60).contains(&waits(&refused)), "{:?}", refused.headers);
    let words = refused.words();
    assert!(words.contains("Riprova") || words.contains("riprova"), "kindly: {words}");

    let request = serde_json::json!({
        "kind": KINDS[0], "answers": Citizen::new(&form, 1).answers(),
    });
    let mut last = None;
    for attempt in 0..7 {
        let request = Request::post("/api/v1/ente/requests")
            .header(header::AUTHORIZATION, format!("Bearer {key}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header("Idempotency-Key", format!("n{attempt}"))
            .body(Body::from(request.to_string()))
            .unwrap();
        last = Some(browser.receive(request).await);
    }
    let last = last.unwrap();
    assert_eq!(last.status, 429, "{}", last.body);
    assert!((1..=60).contains(&waits(&last)));
    assert_eq!(last.headers[header::CONTENT_TYPE], "application/problem+json");

    house.pass(Duration::minutes(2));
    assert_eq!(browser.get("/sportello/ente").await.status, 200, "and is welcome again");
}

impl Siege {
    async fn begin() -> Self {
        const MANY: u32 = 1_000_000;
        // The cause of a 500 stands in the log only.
        let log = tracing_subscriber::fmt().with_max_level(tracing::Level::ERROR).with_test_writer();
        drop(log.try_init());
        let house = TestApp::start_with(|config| {
            config.portal.per_network_minute = MANY;
            config.portal.per_address_hour = MANY;
            config.portal.per_network_letters_hour = MANY;
            config.portal.per_network_day_bytes = usize::MAX;
            config.portal.per_organisation_minute = MANY;
        })
        .await;
        let organisation = house.organisation();
        citizen::open_portal(&house.app, organisation).await;
        let key = citizen::app_key(&house.app, organisation, 6_000).await;
        let mut forms = BTreeMap::new();
        for kind in KINDS {
            forms.insert(kind, citizen::form_of(&house.app, organisation, kind).await);
        }
        let seed = setting("RISCONTRO_HOSTILE_SEED", 20_261_122);
        Self {
            browser: house.browser(),
            house,
            random: SmallRng::seed_from_u64(seed),
            files: Files::new(),
            forms,
            key,
            typed: HashSet::new(),
            statuses: BTreeMap::new(),
            turn: 0,
        }
    }

    fn often(&mut self, percent: u32) -> bool {
        self.random.random_ratio(percent, 100)
    }

    /// A citizen whom nothing is wrong with yet.
    fn citizen(&mut self, kind: &str) -> Citizen {
        Citizen::new(&self.forms[kind], self.turn).saying(poison::MARK)
    }

    /// Remembers an address that is being typed as somebody's own, as anybody sees it: what is copied along unseen is not part
    /// of it.
    fn note(&mut self, address: &str) {
        self.typed.insert(text::typed_line(address).to_lowercase());
    }

    /// Sends a request and looks at what comes back: whatever it was, it is not our fault.
    async fn knock(&mut self, request: Request<Body>, what: impl std::fmt::Debug) -> Page {
        let door = format!("{} {}", request.method(), request.uri());
        let page = self.browser.receive(request).await;
        *self.statuses.entry(page.status).or_default() += 1;
        let typed = || {
            let typed = format!("{what:?}");
            typed.chars().take(3_000).collect::<String>()
        };
        assert!(
            page.status < 500,
            "turn {}: {} of {door}\n{}\n{}",
            self.turn,
            page.status,
            typed(),
            page.words()
        );
        let found = crate::support::html::runs(&page.body, poison::MARK);
        let is_page = page.headers.get(header::CONTENT_TYPE).is_some_and(|media| {
            ["text/html", "image/svg+xml", "application/xhtml+xml"]
                .iter()
                .any(|html| media.as_bytes().starts_with(html.as_bytes()))
        });
        assert!(!is_page || found.is_empty(), "turn {}: {door} runs {found:?}\n{}", self.turn, typed());
        page
    }

    /// A request of a browser on one of our own pages.
    fn browse(method: Method, path: &str, media: &str, body: Vec<u8>) -> Request<Body> {
        Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost:8080")
            .header(header::ORIGIN, "http://localhost:8080")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, media)
            .body(Body::from(body))
            .unwrap()
    }

    /// A request of an app.
    fn call(&self, path: &str, media: &str, word: &str, body: Vec<u8>) -> Request<Body> {
        Request::post(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.key))
            .header(header::CONTENT_TYPE, media)
            .header("Idempotency-Key", word)
            .body(Body::from(body))
            .unwrap()
    }

    /// Files that are no files, with the part of the form that they come in.
    fn poisoned_form(&mut self, field: &str, fields: &[(String, String)]) -> (String, Vec<u8>) {
        let count = if self.often(5) { 12 } else { self.random.random_range(1..3) };
        let files: Vec<citizen::File> = (0..count)
            .map(|_| (poison::file_name(&mut self.random), self.files.one(&mut self.random)))
            .collect();
        let named: Vec<(&str, &citizen::File)> = files.iter().map(|file| (field, file)).collect();
        multipart(fields, &named)
    }

    async fn count_orders(&self) -> usize {
        use sea_orm::{EntityTrait, PaginatorTrait};
        let counted = entity::work_order::Entity::find().count(&self.house.app.desk.db.read).await.unwrap();
        usize::try_from(counted).unwrap()
    }
}
