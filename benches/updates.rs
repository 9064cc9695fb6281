//! A day of updates on IO: how soon one leaves, and what a day of them costs. The real worker on `SQLite` (or on what
//! `TEST_DATABASE_URL` names), real HTTP, IO's stand-in as a process of its own on the same cores.
//!
//! An operator forwards requests of the demo data, and their citizens are told: status, event, communication, the letter that waits
//! and the notification are one commit. First a few each second at the permitted pace: how long from that to the first call at IO. Then all of a day
//! at once, at a pace that only this benchmark sets: what it costs, and how fast operators' pages are meanwhile. In the end what was
//! written and what IO has made are compared one by one.
//!
//! `cargo bench --bench updates`. `RISCONTRO_BENCH_UPDATES` (50,000) of a day, `RISCONTRO_BENCH_ORDERS` (2,000) work orders of the
//! demo data, among which those are told of whose citizens are certain.

#[expect(dead_code, reason = "the machine, of which this benchmark needs a part")]
mod machine;
#[expect(
    dead_code,
    clippy::unwrap_used,
    reason = "the tests' world, of which the benchmark needs the browser"
)]
#[path = "../tests/it/support/mod.rs"]
mod support;

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use entity::{
    io_call, io_message,
    io_service::{self, KeyInUse, Lifecycle},
    update_rule::Occasion,
};
use riscontro::{
    actions::{
        Cx,
        io::{
            account::{self, Settings},
            message,
        },
        progress::{
            self, Details,
            announce::{Announcement, announce},
        },
    },
    app::App,
    channel::io::CALLS_PER_SECOND,
    config::Config,
    demo,
    domain::io::fate,
    stand_in::ready,
    store, worker,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use self::support::browser::Browser;

const ADDRESS: &str = "127.0.0.1:18398";
const PASSWORD: &str = "quattro parole a caso";
/// Updates of the steady part, and how many of them a second: with their looks that is most of what is permitted.
const STEADY: usize = 200;
const STEADY_RATE: u32 = 5;
/// The limit from the commit to the first call, in milliseconds.
const LIMIT_MS: f64 = 1000.0;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(run());
}

fn setting(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |value| value.parse().expect("a number"))
}

async fn run() {
    let (updates, orders) =
        (setting("RISCONTRO_BENCH_UPDATES", 50_000), setting("RISCONTRO_BENCH_ORDERS", 2_000));
    println!("machine: {}", machine::describe());
    let data = tempfile::TempDir::new().expect("a folder");
    let mut desk = Desk::prepare(config(data.path(), CALLS_PER_SECOND), orders).await;
    let io = StandIn::start(data.path()).await;
    let steady = desk.steadily().await;
    let mut waits = desk.waits(&steady).await;
    println!(
        "{STEADY} updates, {STEADY_RATE} a second, commit to first call: {}",
        spread(&mut waits, Some(LIMIT_MS))
    );

    let began = Instant::now();
    desk.write_day(steady.len(), updates).await;
    let writing = began.elapsed().as_secs_f64();
    println!("{updates} updates written in {writing:.0} s");
    // Only the benchmark may go faster than IO permits.
    desk.reopen(config(data.path(), 1000)).await;
    desk.drain(&io, updates).await;
    desk.compare(&io).await;
}

fn config(data: &Path, calls_per_second: u32) -> Config {
    let file = data.join("riscontro.toml");
    fs::write(&file, "").expect("a file");
    let mut config = Config::load(Some(&file)).expect("the defaults");
    config.data.dir = data.to_owned();
    config.io.calls_per_second = calls_per_second;
    // Nothing else is to be measured.
    config.delivery.concurrency = 0;
    if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
        config.database.url = url.into();
    }
    config
}

/// IO's stand-in, a process of its own.
struct StandIn(Child);

impl StandIn {
    async fn start(folder: &Path) -> Self {
        let program = Command::new(env!("CARGO_BIN_EXE_riscontro"))
            .current_dir(folder)
            .args(["io-stand-in", "--address", ADDRESS])
            .stdout(Stdio::null())
            .spawn()
            .expect("the stand-in");
        let stand_in = Self(program);
        let client = reqwest::Client::new();
        let knobs = json!({ "calls_per_window": 1_000_000 }).to_string();
        for _ in 0..500 {
            let set = client
                .put(format!("http://{ADDRESS}/stand-in/knobs"))
                .header("content-type", "application/json")
                .body(knobs.clone());
            if set.send().await.is_ok_and(|answer| answer.status().is_success()) {
                return stand_in;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the stand-in does not answer");
    }

    /// What it counts: messages, or calls.
    async fn count(&self, what: &str) -> usize {
        let answer = reqwest::get(format!("http://{ADDRESS}/stand-in")).await.expect("an answer");
        let world: Value = serde_json::from_str(&answer.text().await.expect("a text")).expect("JSON");
        usize::try_from(world[what].as_u64().expect("a count")).expect("a small number")
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

struct Desk {
    app: App,
    browser: Browser,
    organisation: Uuid,
    service: Uuid,
    orders: Vec<Uuid>,
}

impl Desk {
    async fn prepare(config: Config, orders: usize) -> Self {
        let app = App::build(config).await.expect("a house");
        let options = demo::Options { work_orders: orders as u64, seed: 42 };
        let summary = demo::fill(&app, &options, |_| ()).await.expect("demo data");
        let organisation = store::organisation::all(&app.desk.db.read).await.expect("organisations")[0].id;
        let cx = Cx::system(organisation, app.clock.now());
        let version = account::of(&app.desk.db.read, organisation).await.expect("an account").version;
        let base_url = format!("http://{ADDRESS}/api/v1");
        let settings = Settings { version, base_url, undo_seconds: 0, ..Settings::default() };
        account::save(&app.desk, &cx, settings, rand::random()).await.expect("settings");
        // The demo's own, which wait to be shown, are not of this day.
        let waiting = io_message::Column::State.eq(io_message::State::Queued);
        let waiting = io_message::Entity::find().filter(waiting).all(&app.desk.db.read).await;
        for row in waiting.expect("notifications") {
            message::take_back(&app.desk, &cx, row.id).await.expect("a draft");
        }
        let service = service(&app, &cx).await;
        progress::settings::save_rules(&app.desk, &cx, &[], Some(service)).await.expect("rules");
        let orders = told_on_io(&app, cx.now).await;
        println!("{} work orders whose citizens are told on IO", orders.len());
        let browser = sign_in(&app, &summary.accounts[0].login, &summary.accounts[0].password).await;
        Self { app, browser, organisation, service, orders }
    }

    /// The same house with other settings.
    async fn reopen(&mut self, config: Config) {
        self.app.desk.db.clone().close().await;
        self.app = App::build(config).await.expect("a house");
        let router = riscontro::web::router(self.app.clone());
        self.browser = Browser::new(router);
        let signed_in = self.browser.post("/desk/login", &[("login", "admin"), ("password", PASSWORD)]).await;
        assert_eq!(signed_in.status, 303, "{}", signed_in.body);
    }

    /// One update; gives its communication.
    async fn write(&self, number: usize) -> Uuid {
        let token = Uuid::now_v7();
        let details = Details { office: format!("squadra {number}"), ..Details::default() };
        let announcement = Announcement { token, occasion: Occasion::Forwarded, details };
        let cx = Cx::system(self.organisation, self.app.clock.now());
        let order = self.orders[number % self.orders.len()];
        announce(&self.app.desk, &cx, order, announcement).await.expect("an update");
        token
    }

    async fn write_day(&self, from: usize, updates: usize) {
        for number in from..from + updates {
            self.write(number).await;
        }
    }

    /// Some a second, while the worker runs.
    async fn steadily(&self) -> BTreeSet<Uuid> {
        let stop = CancellationToken::new();
        let porter = worker::start(&self.app, &stop);
        let mut ticks = tokio::time::interval(Duration::from_secs(1) / STEADY_RATE);
        let mut ids = BTreeSet::new();
        for number in 0..STEADY {
            ticks.tick().await;
            ids.insert(self.write(number).await);
        }
        tokio::time::sleep(Duration::from_secs(2)).await;
        stop.cancel();
        porter.wait().await;
        ids
    }

    /// From the moment of the write, its commit included, to the answer of the first call, which is noted.
    async fn waits(&self, ids: &BTreeSet<Uuid>) -> Vec<Duration> {
        let db = &self.app.desk.db.read;
        let rows = io_message::Entity::find().all(db).await.expect("notifications");
        let mut waits = Vec::new();
        for row in rows.iter().filter(|row| row.communication_id.is_some_and(|id| ids.contains(&id))) {
            let calls = store::io_message::calls(db, self.organisation, row.id).await.expect("calls");
            let first = calls.iter().find(|call| call.call == io_call::Call::Profile).expect("a first call");
            waits.push((first.at - row.created_at).to_std().unwrap_or_default());
        }
        assert_eq!(waits.len(), ids.len());
        waits
    }

    /// Everything that waits is sent and looked after, while an operator works.
    async fn drain(&mut self, io: &StandIn, updates: usize) {
        let pages = [
            ("queue", "/desk/queue".to_owned()),
            ("work order", format!("/desk/work-orders/{}", self.a_number().await)),
            ("notifications", "/desk/io".to_owned()),
        ];
        let (stop, calls, cpu) = (CancellationToken::new(), io.count("calls").await, cpu());
        let porter = worker::start(&self.app, &stop);
        let began = Instant::now();
        let mut times: [Vec<Duration>; 3] = Default::default();
        let mut seconds = tokio::time::interval(Duration::from_millis(250));
        while self.waiting().await > 0 {
            for ((_, path), times) in pages.iter().zip(&mut times) {
                seconds.tick().await;
                let asked = Instant::now();
                let page = self.browser.get(path).await;
                assert_eq!(page.status, 200, "{path}");
                times.push(asked.elapsed());
            }
        }
        let (spent, wall) = (self::cpu().saturating_sub(cpu), began.elapsed().as_secs_f64());
        stop.cancel();
        porter.wait().await;
        let calls = io.count("calls").await - calls;
        println!(
            "{updates} sent and looked after in {wall:.0} s with {calls} calls; {:.2} ms of processor time each, pages included; \
             resident at most: {:.0} MB",
            spent.as_secs_f64() * 1000.0 / whole(updates),
            peak_mb()
        );
        println!(
            "at the permitted {CALLS_PER_SECOND} calls a second that is {:.0} minutes",
            whole(calls) / f64::from(CALLS_PER_SECOND) / 60.0
        );
        for ((name, _), times) in pages.iter().zip(&mut times) {
            println!("meanwhile, {name}: {}", spread(times, None));
        }
    }

    async fn a_number(&self) -> String {
        let newest = entity::work_order::Entity::find()
            .order_by_desc(entity::work_order::Column::Id)
            .one(&self.app.desk.db.read)
            .await
            .expect("a query")
            .expect("a work order");
        riscontro::domain::number::Number { year: newest.year, number: newest.number }.slug()
    }

    async fn waiting(&self) -> u64 {
        let waits = io_message::Column::NextAt.is_not_null();
        let waiting = io_message::Entity::find()
            .filter(io_message::Column::IoServiceId.eq(self.service))
            .filter(waits)
            .count(&self.app.desk.db.read);
        waiting.await.expect("a count")
    }

    /// What was written, and what IO has made.
    async fn compare(&self, io: &StandIn) {
        let rows = io_message::Entity::find()
            .filter(io_message::Column::IoServiceId.eq(self.service))
            .all(&self.app.desk.db.read)
            .await
            .expect("notifications");
        let arrived = rows.iter().filter(|row| row.state == fate::State::Processed).count();
        let ids: BTreeSet<&str> = rows.iter().filter_map(|row| row.remote_id.as_deref()).collect();
        let made = io.count("messages").await;
        println!("lost: {}; sent twice: {}", rows.len() - arrived, made - ids.len());
        assert_eq!((arrived, ids.len(), made), (rows.len(), rows.len(), rows.len()));
    }
}

async fn sign_in(app: &App, login: &str, one_time: &str) -> Browser {
    let mut browser = Browser::new(riscontro::web::router(app.clone()));
    let welcome = browser.post("/desk/login", &[("login", login), ("password", one_time)]).await;
    assert_eq!(welcome.status, 303, "{}", welcome.body);
    let change = [("current", one_time), ("new", PASSWORD), ("again", PASSWORD)];
    let changed = browser.post("/desk/password", &change).await;
    assert_eq!(changed.status, 303, "{}", changed.body);
    browser
}

async fn service(app: &App, cx: &Cx) -> Uuid {
    let [primary_key, secondary_key] =
        ready::USE_KEYS.map(|key| Some(app.desk.keys.seal(rand::random(), key)));
    let row = io_service::Model {
        id: Uuid::now_v7(),
        organisation_id: cx.organisation,
        remote_id: None,
        name: "Banco di prova".to_owned(),
        sheet: json!({ "name": "Banco di prova" }),
        lifecycle: Lifecycle::Approved,
        reason: String::new(),
        published: true,
        primary_key,
        secondary_key,
        key_in_use: KeyInUse::Primary,
        sends: true,
        updates: false,
        stopped: None,
        stopped_until: None,
        test_codes: None,
        checked_at: None,
        version: 0,
        created_at: cx.now,
    };
    let id = row.id;
    let tx = app.desk.db.begin().await.expect("a transaction");
    assert!(store::io_service::insert(&tx, row).await.expect("a service"));
    tx.commit().await.expect("a commit");
    id
}

/// The work orders whose citizens IO would be asked for.
async fn told_on_io(app: &App, now: DateTime<Utc>) -> Vec<Uuid> {
    let db = &app.desk.db.read;
    let orders = entity::work_order::Entity::find().all(db).await.expect("work orders");
    let mut told = Vec::new();
    for order in orders {
        let outlook = progress::outlook(db, &order, now).await.expect("an outlook");
        if outlook.plans.iter().any(|(occasion, _, plan)| *occasion == Occasion::Forwarded && plan.io) {
            told.push(order.id);
        }
    }
    told
}

fn spread(times: &mut [Duration], limit: Option<f64>) -> String {
    times.sort();
    let at = |permille: usize| times[(times.len() - 1) * permille / 1000].as_secs_f64() * 1000.0;
    let limit = limit.map(|limit| format!(" (limit {limit:.0})")).unwrap_or_default();
    format!(
        "p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms, worst {:.1} ms{limit}",
        at(500),
        at(950),
        at(990),
        at(1000)
    )
}

/// A count, for a quotient.
fn whole(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

/// Processor time of this process so far (Linux, in hundredths of a second).
fn cpu() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux");
    let fields: Vec<&str> = stat.rsplit(')').next().expect("fields").split_whitespace().collect();
    let ticks: u64 = [11, 12].map(|field| fields[field].parse::<u64>().expect("a number")).iter().sum();
    Duration::from_millis(ticks * 10)
}

/// Resident memory of this process at most so far, in megabytes.
fn peak_mb() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a field");
    line.split_whitespace().nth(1).expect("a number").parse::<f64>().expect("a number") / 1024.0
}
