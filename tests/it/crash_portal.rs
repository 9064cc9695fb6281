//! The program is killed, again and again, while citizens fill forms in their browsers and apps send requests. Whoever had no
//! answer asks again, as people and apps do: with the same key, from the same link. In the end every citizen has one work
//! order, one acknowledgement and all files.
//!
//! The real binary, on a real port, gets SIGKILL.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use entity::{
    form::Form,
    submission::{self, State},
};
use rand::{RngExt, SeedableRng, rngs::SmallRng};
use reqwest::{Client, RequestBuilder, Response};
use riscontro::{app::App, config::Config, store, store::work_order::StatusFilter};
use sea_orm::EntityTrait;
use tempfile::TempDir;

use crate::support::{
    app::own_schema,
    citizen::{self, Citizen, File, multipart, urlencoded},
    html,
};

/// Kills.
const KILLS: usize = 60;
/// Apps, and as many browsers.
const EACH: usize = 4;
/// Everybody must have an answer by then, once nothing is killed any more.
const PATIENCE: Duration = Duration::from_mins(3);
/// The request kind.
const KIND: &str = "disruption";

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_the_portal_takes_each_request_once_with_all_its_files() {
    let data = TempDir::new().unwrap();
    let world = Arc::new(World::prepare(&data).await);
    let program = Program { data: data.path(), config: &world.config, port: world.port };
    let mut clients = Vec::new();
    for _ in 0..EACH {
        clients.push(tokio::spawn(app_sends(world.clone())));
        clients.push(tokio::spawn(citizens_write(world.clone())));
    }

    let mut random = SmallRng::seed_from_u64(20_261_122);
    let mut child = program.start();
    for _ in 0..KILLS {
        // From the first answer on: a program that is still starting has nothing in hand.
        world.wait_until_it_answers().await;
        tokio::time::sleep(Duration::from_millis(random.random_range(0..400))).await;
        drop(child);
        child = program.start();
    }
    world.killing.store(false, Ordering::SeqCst);
    let all = async {
        for client in clients {
            client.await.unwrap();
        }
    };
    let answered = tokio::time::timeout(PATIENCE, all).await;
    drop(child);
    answered.expect("somebody has no answer");
    everything_happened_once(&world).await;
}

/// What everybody knows.
struct World {
    config: Config,
    port: u16,
    key: String,
    form: Form,
    client: Client,
    killing: AtomicBool,
    /// Who has a receipt, and the files that were handed over, by address.
    sent: Mutex<BTreeMap<String, Vec<File>>>,
    /// Requests that had no answer, by what they were about.
    cut: Mutex<BTreeMap<&'static str, usize>>,
    next: AtomicUsize,
}

impl World {
    async fn prepare(data: &TempDir) -> Self {
        std::fs::write(data.path().join("riscontro.toml"), "").unwrap();
        let mut config = Config::load(Some(&data.path().join("riscontro.toml"))).unwrap();
        config.data.dir = data.path().to_owned();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        config.server.address = format!("127.0.0.1:{port}");
        own_schema(&mut config).await;
        let app = App::build(config.clone()).await.unwrap();
        app.first_start().await.unwrap();
        let organisation = store::organisation::all(&app.desk.db.read).await.unwrap()[0].id;
        citizen::open_portal(&app, organisation).await;
        let key = citizen::app_key(&app, organisation, 6_000).await;
        let form = citizen::form_of(&app, organisation, KIND).await;
        app.desk.db.close().await;
        let client = Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
        Self {
            config,
            port,
            key,
            form,
            client,
            killing: AtomicBool::new(true),
            sent: Mutex::default(),
            cut: Mutex::default(),
            next: AtomicUsize::new(1),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    async fn wait_until_it_answers(&self) {
        let began = Instant::now();
        while self.client.get(self.url("/healthz")).send().await.is_err() {
            assert!(began.elapsed() < PATIENCE, "the program does not start");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// One attempt: nothing when the line broke, whatever had happened by then.
    async fn ask(&self, about: &'static str, request: RequestBuilder) -> Option<Answer> {
        let answer = match request.send().await {
            Ok(answer) => Answer::read(answer).await,
            Err(_) => None,
        };
        if answer.is_none() {
            *self.cut.lock().unwrap().entry(about).or_default() += 1;
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
        answer
    }

    fn note(&self, n: usize, files: Vec<File>) {
        self.sent.lock().unwrap().insert(Citizen::address(n), files);
    }
}

/// An answer that came whole.
struct Answer {
    status: u16,
    path: String,
    body: String,
}

impl Answer {
    async fn read(answer: Response) -> Option<Self> {
        let (status, url) = (answer.status().as_u16(), answer.url().clone());
        let path =
            url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
        Some(Self { status, path, body: answer.text().await.ok()? })
    }

    /// What stands on the page.
    fn words(&self) -> String {
        let main = self.body.split_once("<main").map_or(self.body.as_str(), |(_, main)| main);
        html::tags(main).into_iter().map(|tag| tag.text).collect::<Vec<_>>().join(" ")
    }
}

/// The files of the `n`-th citizen: what is a document is kept as it is, a photo is encoded anew.
fn files(n: usize) -> Vec<File> {
    let words = format!("Verbale di {n}. ").repeat(2_000 + n * 10);
    let mut files = vec![(format!("verbale-{n}.txt"), words.into_bytes())];
    if n.is_multiple_of(3) {
        files.push((format!("foto-{n}.png"), photo(n)));
    }
    files
}

fn photo(n: usize) -> Vec<u8> {
    let shade =
        |x: u32, y: u32| u8::try_from((x * 7 + y * 3 + u32::try_from(n).unwrap() * 11) % 251).unwrap();
    let picture = image::RgbImage::from_fn(160, 120, |x, y| image::Rgb([shade(x, y), shade(y, x), 90]));
    let mut bytes = Vec::new();
    picture.write_to(&mut std::io::Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
    bytes
}

/// An app sends request after request, in one step or in two.
async fn app_sends(world: Arc<World>) {
    while world.killing.load(Ordering::SeqCst) {
        let n = world.next.fetch_add(1, Ordering::SeqCst);
        let files = files(n);
        let beforehand = n.is_multiple_of(2);
        let mut uploads = Vec::new();
        for file in files.iter().filter(|_| beforehand) {
            uploads.push(upload(&world, file).await);
        }
        let request = serde_json::json!({
            "kind": KIND, "language": "it", "answers": Citizen::new(&world.form, n).answers(), "uploads": uploads,
        });
        let (media, body) = if beforehand {
            ("application/json".to_owned(), serde_json::to_vec(&request).unwrap())
        } else {
            let named: Vec<(&str, &File)> = files.iter().map(|file| ("files", file)).collect();
            multipart(&[("request".to_owned(), request.to_string())], &named)
        };
        loop {
            let attempt = world.client.post(world.url("/api/v1/ente/requests")).bearer_auth(&world.key);
            let attempt = attempt.header("Idempotency-Key", format!("richiesta-{n}"));
            let attempt = attempt.header("Content-Type", &media).body(body.clone());
            match world.ask("the request of an app", attempt).await {
                Some(answer) if answer.status == 201 => break,
                Some(answer) => panic!("{}: {}", answer.status, answer.body),
                None => {}
            }
        }
        world.note(n, files);
    }
}

/// Hands a file over until its id is known.
async fn upload(world: &World, file: &File) -> String {
    let (media, body) = multipart(&[], &[("file", file)]);
    loop {
        let attempt = world.client.post(world.url("/api/v1/ente/uploads")).bearer_auth(&world.key);
        let attempt = attempt.header("Content-Type", &media).body(body.clone());
        match world.ask("the upload of an app", attempt).await {
            Some(answer) if answer.status == 201 => {
                let upload: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
                return upload["id"].as_str().unwrap().to_owned();
            }
            Some(answer) => panic!("{}: {}", answer.status, answer.body),
            None => {}
        }
    }
}

/// Somebody at a browser fills form after form.
async fn citizens_write(world: Arc<World>) {
    while world.killing.load(Ordering::SeqCst) {
        let n = world.next.fetch_add(1, Ordering::SeqCst);
        let files = files(n);
        write(&world, n, &files).await;
        world.note(n, files);
    }
}

/// From the first page to the receipt. After a broken line the page is opened again: before there is a link the first one, then
/// the one of the step.
async fn write(world: &World, n: usize, files: &[File]) {
    let citizen = Citizen::new(&world.form, n);
    let mut here = format!("/sportello/ente/{KIND}");
    loop {
        let Some(page) = world.ask("a page", world.client.get(world.url(&here))).await else { continue };
        assert_eq!(page.status, 200, "{here}: {}", page.words());
        if page.path.contains("/inviata") {
            return;
        }
        here.clone_from(&page.path);
        let form = html::forms(&page.body).into_iter().find(|form| form.method == "post").unwrap();
        let filled = citizen.fill(&form, None);
        let field = form.fields.iter().find(|field| field.kind == "file");
        // What the page shows already is not handed over again.
        let missing = files.iter().filter(|(name, _)| !page.body.contains(name.as_str()));
        let named: Vec<(&str, &File)> =
            field.map(|field| missing.map(|file| (field.name.as_str(), file)).collect()).unwrap_or_default();
        let (media, body) = if field.is_some() {
            multipart(&filled, &named)
        } else {
            ("application/x-www-form-urlencoded".to_owned(), urlencoded(&filled).into_bytes())
        };
        let target = if form.action.is_empty() { here.clone() } else { form.action.clone() };
        let origin = world.url("");
        let send = world.client.post(world.url(&target)).header("Origin", origin);
        let send = send.header("Sec-Fetch-Site", "same-origin").header("Content-Type", media).body(body);
        let about = if named.is_empty() { "a step of the form" } else { "a step with files" };
        if let Some(answer) = world.ask(about, send).await {
            assert_eq!(answer.status, 200, "{target}: {}", answer.words());
            here = answer.path;
        }
    }
}

struct Program<'a> {
    data: &'a Path,
    config: &'a Config,
    port: u16,
}

impl Program<'_> {
    fn start(&self) -> Running {
        use secrecy::ExposeSecret;
        const MANY: &str = "1000000";
        Command::new(env!("CARGO_BIN_EXE_riscontro"))
            .current_dir(self.data)
            .env("RISCONTRO__DATA__DIR", self.data)
            .env("RISCONTRO__DATABASE__URL", self.config.database.url.expose_secret())
            .env("RISCONTRO__SERVER__ADDRESS", format!("127.0.0.1:{}", self.port))
            .env("RISCONTRO__PORTAL__PER_NETWORK_MINUTE", MANY)
            .env("RISCONTRO__PORTAL__PER_ORGANISATION_MINUTE", MANY)
            .env("RISCONTRO__PORTAL__PER_NETWORK_LETTERS_HOUR", MANY)
            .env("RISCONTRO__LOG__FILTER", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .map(Running)
            .unwrap()
    }
}

/// The program at work: SIGKILL when it is dropped, and gone.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

async fn everything_happened_once(world: &World) {
    let app = App::build(world.config.clone()).await.unwrap();
    let db = &app.desk.db.read;
    let organisation = store::organisation::all(db).await.unwrap()[0].id;
    let sent = world.sent.lock().unwrap().clone();
    println!(
        "killed {KILLS} times, {} requests; without an answer: {:?}",
        sent.len(),
        world.cut.lock().unwrap()
    );

    // One work order per citizen, numbered without gaps.
    let filter = store::work_order::QueueFilter { status: StatusFilter::All, ..Default::default() };
    let orders =
        store::work_order::queue(db, organisation, &filter, &store::Seek::Start, 100_000).await.unwrap().rows;
    let senders: HashSet<&str> = orders.iter().map(|order| order.sender_address.as_str()).collect();
    assert_eq!(senders, sent.keys().map(String::as_str).collect::<HashSet<_>>());
    assert_eq!(orders.len(), sent.len(), "one work order per citizen");
    let mut numbers: Vec<i32> = orders.iter().map(|order| order.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=i32::try_from(sent.len()).unwrap()).collect::<Vec<_>>());

    // Every file, as it is kept; every acknowledgement once, to its own citizen.
    for order in &orders {
        let thread = store::communication::thread(db, organisation, order.id, None, 100).await.unwrap().rows;
        let [first, acknowledgement] = thread.as_slice() else { panic!("{} communications", thread.len()) };
        assert!(!first.automatic && acknowledgement.automatic);
        let deliveries =
            store::delivery::of_communications(db, organisation, &[acknowledgement.id]).await.unwrap();
        let recipients: Vec<&str> = deliveries.iter().map(|one| one.recipient.as_str()).collect();
        assert_eq!(recipients, [order.sender_address.as_str()]);
        let kept = store::attachment::of_communications(db, organisation, &[first.id]).await.unwrap();
        let mut found = HashMap::new();
        for file in kept {
            let bytes = store::blob::bytes(db, organisation, &file.hash).await.unwrap().unwrap();
            assert!(found.insert(file.name, bytes).is_none(), "a file twice");
        }
        let mut expected = HashMap::new();
        for (name, bytes) in &sent[&order.sender_address] {
            let kept = app.take_file(name, "", bytes.clone()).await.unwrap();
            expected.insert(kept.name, kept.bytes);
        }
        assert!(found == expected, "files of {}: {:?}", order.sender_address, found.keys());
    }
    nothing_is_left_lying(&app).await;
    app.desk.db.close().await;
}

/// Files belong to a letter, to a draft that was given up for another one, or to an app that has not had its answer.
async fn nothing_is_left_lying(app: &App) {
    let db = &app.desk.db.read;
    let uploads = entity::upload::Entity::find().all(db).await.unwrap();
    let drafts: HashSet<_> = submission::Entity::find()
        .all(db)
        .await
        .unwrap()
        .into_iter()
        .filter(|one| one.state == State::Draft)
        .map(|one| one.id)
        .collect();
    for upload in &uploads {
        let waits = upload.submission_id.is_none_or(|id| drafts.contains(&id));
        assert!(waits, "a file of a form that was sent lies about");
    }
    let mut used: HashSet<Vec<u8>> = uploads.into_iter().map(|upload| upload.hash).collect();
    used.extend(entity::attachment::Entity::find().all(db).await.unwrap().into_iter().map(|one| one.hash));
    let blobs = entity::blob::Entity::find().all(db).await.unwrap();
    assert!(blobs.iter().all(|blob| used.contains(&blob.hash)), "bytes that nothing names");
}
