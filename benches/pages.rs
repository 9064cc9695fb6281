//! How fast the desk answers with many work orders: the queue and a work order with its thread, from the request to the last
//! byte of the page, without the network. Then how fast the program starts, and what it holds in memory at rest.
//!
//! `cargo bench --bench pages`. `RISCONTRO_BENCH_ORDERS` (100,000) is how many work orders the demo data has.

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
    net::TcpStream,
    time::{Duration, Instant},
};

use riscontro::{app::App, config::Config, demo, store};

use self::{machine::Program, support::browser::Browser};

/// Requests of each kind.
const REQUESTS: usize = 500;
const PASSWORD: &str = "quattro parole a caso";

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(run());
}

async fn run() {
    let work_orders =
        std::env::var("RISCONTRO_BENCH_ORDERS").map_or(100_000, |orders| orders.parse().expect("a number"));
    let data = tempfile::TempDir::new().expect("a folder");
    let file = data.path().join("riscontro.toml");
    std::fs::write(&file, "").expect("a file");
    let mut config = Config::load(Some(&file)).expect("the defaults");
    config.data.dir = data.path().to_owned();
    if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
        config.database.url = url.into();
    }
    let app = App::build(config.clone()).await.expect("a house");
    let began = Instant::now();
    let options = demo::Options { work_orders, seed: 42 };
    let summary = demo::fill(&app, &options, |_| ()).await.expect("demo data");
    println!("machine: {}", machine::describe());
    println!(
        "{} work orders in {:.0} s; database: {}",
        summary.work_orders,
        began.elapsed().as_secs_f64(),
        if app.desk.db.is_postgres() { "PostgreSQL" } else { "SQLite" }
    );
    let mut browser = sign_in(&app, &summary.accounts[0].login, &summary.accounts[0].password).await;
    let long = longest_thread(&app).await;
    for (name, path) in [
        ("queue, open work orders", "/desk/queue".to_owned()),
        ("queue, everything", "/desk/queue?status=".to_owned()),
        ("queue, two words of the subject", "/desk/queue?status=&q=cassonetto%20rotto".to_owned()),
        ("queue, a word that is nowhere", "/desk/queue?status=&q=introvabile".to_owned()),
        ("work order with its thread", long),
    ] {
        measure(&mut browser, name, &path).await;
    }
    app.desk.db.close().await;
    start(&config, data.path());
}

async fn sign_in(app: &App, login: &str, one_time: &str) -> Browser {
    let mut browser = Browser::new(riscontro::web::router(app.clone()));
    let welcome = browser.post("/desk/login", &[("login", login), ("password", one_time)]).await;
    assert_eq!(welcome.status, 303, "{}", welcome.body);
    let changed = browser
        .post("/desk/password", &[("current", one_time), ("new", PASSWORD), ("again", PASSWORD)])
        .await;
    assert_eq!(changed.status, 303, "{}", changed.body);
    browser
}

/// The page of the first work order, which the demo gives the longest thread.
async fn longest_thread(app: &App) -> String {
    let organisation = store::organisation::all(&app.desk.db.read).await.expect("organisations")[0].id;
    let year = chrono::Datelike::year(&riscontro::domain::calendar::rome_date(app.clock.now()));
    let number = riscontro::domain::number::Number { year, number: 1 };
    let order = store::work_order::by_number(&app.desk.db.read, organisation, number)
        .await
        .expect("a query")
        .expect("an order");
    let thread = store::communication::thread(&app.desk.db.read, organisation, order.id, None, 100)
        .await
        .expect("a query");
    println!("the work order has {} communications", thread.rows.len());
    format!("/desk/work-orders/{}", number.slug())
}

async fn measure(browser: &mut Browser, name: &str, path: &str) {
    let mut times = Vec::with_capacity(REQUESTS);
    for request in 0..REQUESTS + 20 {
        let began = Instant::now();
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        // The first ones fill the caches, as the first visitor of the morning does.
        if request >= 20 {
            times.push(began.elapsed());
        }
    }
    times.sort();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
    println!("{name}: p50 {:.1} ms, p95 {:.1} ms, worst {:.1} ms", at(50), at(95), at(100));
}

/// From the start of the process to its first answer, on the full database.
fn start(config: &Config, data: &std::path::Path) {
    let mut config = config.clone();
    config.server.address = "127.0.0.1:18399".to_owned();
    let began = Instant::now();
    let program = Program::start(data, &config);
    while !answers(&config.server.address) {
        assert!(began.elapsed() < Duration::from_secs(30), "the program does not answer");
        std::thread::sleep(Duration::from_millis(2));
    }
    let first = began.elapsed();
    std::thread::sleep(Duration::from_secs(5));
    println!(
        "start to first answer: {:.0} ms; resident at rest: {:.0} MB",
        first.as_secs_f64() * 1000.0,
        program.resident_mb()
    );
}

fn answers(address: &str) -> bool {
    use std::io::{Read, Write};
    let Ok(mut stream) = TcpStream::connect(address) else { return false };
    let asked = stream.write_all(b"GET /desk/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let mut answer = String::new();
    asked.is_ok() && stream.read_to_string(&mut answer).is_ok() && answer.starts_with("HTTP/1.1 200")
}
