//! How many requests a second citizens can send: the real program on `SQLite` (or on what `TEST_DATABASE_URL` names), real HTTP,
//! load and program on the same cores. First at a steady rate, whether it keeps up or not (a citizen does not wait for the one
//! before); then as fast as it goes. In the end the work orders are counted: nothing may be missing.
//!
//! `cargo bench --bench submissions`. `RISCONTRO_BENCH_RATE` (200) a second, for `RISCONTRO_BENCH_SECONDS` (30).

#[expect(dead_code, reason = "the machine, of which this benchmark needs a part")]
mod machine;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use entity::app_key::Scope;
use riscontro::{
    actions::{Cx, app_key},
    app::App,
    config::Config,
    store,
};
use serde_json::json;
use tokio::task::JoinSet;

use self::machine::Program;

const ADDRESS: &str = "127.0.0.1:18397";
/// Requests under way at the same time when as many are sent as are answered.
const WORKERS: usize = 32;
/// Apps: one alone may not ask as often as this benchmark does.
const KEYS: usize = 20;
/// The limit for 99 of 100, in milliseconds.
const LIMIT_MS: f64 = 500.0;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(run());
}

fn setting(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |value| value.parse().expect("a number"))
}

async fn run() {
    let (rate, seconds) = (setting("RISCONTRO_BENCH_RATE", 200), setting("RISCONTRO_BENCH_SECONDS", 30));
    println!("machine: {}", machine::describe());
    let data = tempfile::TempDir::new().expect("a folder");
    let (config, keys) = prepare(data.path()).await;
    let program = Program::start(data.path(), &config);
    let client = Client::new(keys);
    client.wait_until_it_answers().await;
    for _ in 0..50 {
        client.send(0).await;
    }

    let (cpu, began) = (program.cpu(), Instant::now());
    let mut steady = steadily(&client, rate, seconds).await;
    let spent = program.cpu().saturating_sub(cpu);
    let count = steady.len();
    println!(
        "{rate} a second for {seconds} s: {count} answered in {:.1} s, {:.2} ms of processor time each; {}",
        began.elapsed().as_secs_f64(),
        spent.as_secs_f64() * 1000.0 / whole(count),
        spread(&mut steady)
    );
    let began = Instant::now();
    let mut fast = as_fast_as_it_goes(&client, seconds).await;
    println!(
        "{WORKERS} at a time: {:.0} a second; {}",
        whole(fast.len()) / began.elapsed().as_secs_f64(),
        spread(&mut fast)
    );
    println!("resident at most: {:.0} MB", program.peak_mb());
    drop(program);
    println!("nothing lost: {}", nothing_is_lost(config, 50 + count + fast.len()).await);
}

async fn prepare(data: &std::path::Path) -> (Config, Vec<String>) {
    // The limits of organisations are there to stop what this benchmark does.
    let limits = "[portal]\nper_network_minute = 1000000\nper_organisation_minute = 1000000\nper_network_letters_hour = 1000000\n";
    std::fs::write(data.join("riscontro.toml"), limits).expect("a file");
    let mut config = Config::load(Some(&data.join("riscontro.toml"))).expect("the defaults");
    config.data.dir = data.to_owned();
    ADDRESS.clone_into(&mut config.server.address);
    if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
        config.database.url = url.into();
    }
    let app = App::build(config.clone()).await.expect("a house");
    app.first_start().await.expect("an organisation");
    let organisation = store::organisation::all(&app.desk.db.read).await.expect("organisations")[0].id;
    let cx = Cx::system(organisation, app.clock.now());
    let mut keys = Vec::new();
    for number in 0..KEYS {
        let new = app_key::New {
            name: format!("banco di prova {number}"),
            scopes: vec![Scope::Write],
            per_minute: app_key::MOST_PER_MINUTE,
        };
        keys.push(app_key::create(&app.desk, &cx, new, rand::random()).await.expect("a key").key);
    }
    let portal =
        store::portal::of(&app.desk.db.read, organisation).await.expect("a query").expect("a portal");
    let tx = app.desk.db.begin().await.expect("a transaction");
    let open = entity::portal::ActiveModel { open: sea_orm::ActiveValue::Set(true), ..Default::default() };
    store::portal::update(&tx, organisation, portal.version, open).await.expect("an open portal");
    tx.commit().await.expect("a commit");
    app.desk.db.close().await;
    (config, keys)
}

/// Sends forms as an app does.
#[derive(Clone)]
struct Client {
    http: reqwest::Client,
    keys: Arc<[String]>,
    sent: Arc<AtomicUsize>,
}

impl Client {
    fn new(keys: Vec<String>) -> Self {
        let http =
            reqwest::Client::builder().no_proxy().pool_max_idle_per_host(256).build().expect("a client");
        Self { http, keys: keys.into(), sent: Arc::new(AtomicUsize::new(0)) }
    }

    async fn wait_until_it_answers(&self) {
        for _ in 0..500 {
            if self.http.get(format!("http://{ADDRESS}/healthz")).send().await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the program does not answer");
    }

    /// Sends one and gives how long the answer took.
    async fn send(&self, street: usize) -> Duration {
        let number = self.sent.fetch_add(1, Ordering::Relaxed);
        let body = json!({
            "kind": "disruption",
            "answers": {
                "place": format!("Via {} {}, Brescia", STREETS[street % STREETS.len()], number % 200),
                "place_lat": format!("45.5{:03}0", number % 500),
                "place_lon": "10.22000",
                "what": "missed_collection",
                "title": format!("Carta non ritirata {number}"),
                "details": "Da lunedì la carta è ancora sul marciapiede, anche davanti ai civici vicini.",
                "name": "Anna",
                "surname": "Bianchi",
                "email": format!("cittadino{number}@libero.example"),
            },
        });
        let began = Instant::now();
        let answer = self
            .http
            .post(format!("http://{ADDRESS}/api/v1/ente/requests"))
            .header("Authorization", format!("Bearer {}", self.keys[number % self.keys.len()]))
            .header("Idempotency-Key", format!("prova-{number}"))
            .header("Content-Type", "application/json")
            .body(body.to_string())
            .send()
            .await
            .expect("an answer");
        let status = answer.status();
        let text = answer.text().await.expect("a text");
        assert_eq!(status, 201, "{text}");
        began.elapsed()
    }
}

const STREETS: [&str; 6] = ["Solferino", "Milano", "della Libertà", "Volta", "Trento", "San Faustino"];

async fn steadily(client: &Client, rate: usize, seconds: usize) -> Vec<Duration> {
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / u32::try_from(rate).expect("a rate"));
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Burst);
    let mut under_way = JoinSet::new();
    for number in 0..rate * seconds {
        ticks.tick().await;
        let client = client.clone();
        under_way.spawn(async move { client.send(number).await });
    }
    under_way.join_all().await
}

async fn as_fast_as_it_goes(client: &Client, seconds: usize) -> Vec<Duration> {
    let until = Instant::now() + Duration::from_secs(seconds as u64);
    let mut workers = JoinSet::new();
    for worker in 0..WORKERS {
        let client = client.clone();
        workers.spawn(async move {
            let mut times = Vec::new();
            while Instant::now() < until {
                times.push(client.send(worker).await);
            }
            times
        });
    }
    workers.join_all().await.into_iter().flatten().collect()
}

fn spread(times: &mut [Duration]) -> String {
    times.sort();
    let at = |permille: usize| times[(times.len() - 1) * permille / 1000].as_secs_f64() * 1000.0;
    format!("p50 {:.1} ms, p99 {:.1} ms (limit {LIMIT_MS:.0}), worst {:.1} ms", at(500), at(990), at(1000))
}

/// A count, for a quotient.
fn whole(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

async fn nothing_is_lost(config: Config, sent: usize) -> bool {
    let app = App::build(config).await.expect("a house");
    let organisation = store::organisation::all(&app.desk.db.read).await.expect("organisations")[0].id;
    let year = chrono::Datelike::year(&riscontro::domain::calendar::rome_date(app.clock.now()));
    let tx = app.desk.db.begin().await.expect("a transaction");
    let last = store::work_order::lock_last_number(&tx, organisation, year).await.expect("a number");
    usize::try_from(last).is_ok_and(|last| last == sent)
}
