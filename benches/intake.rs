//! How fast mail becomes work: from a real IMAP server to committed work orders with their acknowledgements queued.
//!
//! `cargo bench --bench intake`. Beside the figure stand the two limits of the same machine in the same run: how fast the
//! server only hands the mails over (the limit above us), and how fast the database only takes a row per mail, each in a
//! transaction of its own (the limit below us, which group commit may pass).
//!
//! - `RISCONTRO_BENCH_MAILS`: a Maildir with the mails to take; otherwise 10,000 are made (60% new, 30% replies, 10% with
//!   50–500 KB attachments).
//! - `TEST_DATABASE_URL`: a PostgreSQL to use instead of SQLite.

mod corpus;
#[expect(dead_code, reason = "the machine, of which this benchmark needs a part")]
mod machine;
#[expect(
    dead_code,
    clippy::unwrap_used,
    reason = "the tests' world, of which the benchmark needs the Dovecot"
)]
#[path = "../tests/it/support/mod.rs"]
mod support;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use chrono::Utc;
use entity::mailbox::{After, Exit, Security, Source};
use riscontro::{
    actions::{
        self, Cx,
        mailbox::{Form, Line},
    },
    app::App,
    config::Config,
    store,
};

use self::{machine::Program, support::dovecot::Dovecot};

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(run());
}

async fn run() {
    let server = Dovecot::start().expect("Dovecot");
    let mails = fill(&server);
    let data = tempfile::TempDir::new().expect("a folder");
    let app = prepare(data.path(), &server).await;
    let organisation = store::organisation::all(&app.desk.db.read).await.expect("organisations")[0].id;
    let mailbox = store::mailbox::all(&app.desk.db.read, organisation).await.expect("mailboxes").remove(0);
    println!("machine: {}", machine::describe());
    println!(
        "mails: {mails}; database: {}",
        if app.desk.db.is_postgres() { "PostgreSQL" } else { "SQLite, synchronous=FULL" }
    );

    let fetched = fetch_only(&app, &mailbox).await;
    println!("limit above: the server hands over {:.0} mails/s", rate(fetched.0, fetched.1));
    let inserted = insert_only(&app, organisation, 3000).await;
    println!("limit below: one transaction per mail, {:.0} mails/s", rate(3000, inserted));

    // The program itself, as it would run: the benchmark only looks on.
    let mut program = Program::start(data.path(), &app.config);
    let (cpu, began) = (program.cpu(), Instant::now());
    while handled(&app).await < mails {
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(began.elapsed() < Duration::from_mins(10), "intake does not come to an end");
    }
    let (wall, cpu) = (began.elapsed(), program.cpu().saturating_sub(cpu));
    report(&app, mails, wall, cpu, program.peak_mb()).await;
    program.stop();
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
async fn report(app: &App, mails: usize, wall: Duration, cpu: Duration, peak: f64) {
    use sea_orm::{EntityTrait, PaginatorTrait};
    let db = &app.desk.db.read;
    let orders = entity::work_order::Entity::find().count(db).await.expect("count");
    let communications = entity::communication::Entity::find().count(db).await.expect("count");
    let letters = entity::delivery::Entity::find().count(db).await.expect("count");
    println!("work orders: {orders}; communications: {communications}; acknowledgements queued: {letters}");
    println!(
        "intake: {:.0} mails/s, {:.2} ms CPU per mail, {peak:.0} MB resident at most",
        rate(mails, wall),
        cpu.as_secs_f64() * 1000.0 / mails as f64,
    );
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn rate(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}

/// Puts the mails into the server's folder; gives how many.
fn fill(server: &Dovecot) -> usize {
    let raw: Vec<Vec<u8>> = match std::env::var_os("RISCONTRO_BENCH_MAILS") {
        Some(folder) => {
            let new = Path::new(&folder).join("new");
            let mut files: Vec<_> = std::fs::read_dir(&new)
                .expect("a Maildir")
                .map(|file| file.expect("a file").path())
                .collect();
            files.sort();
            files.iter().map(|file| std::fs::read(file).expect("a mail")).collect()
        }
        None => corpus::mails(10_000),
    };
    for mail in &raw {
        server.append("reclami", "INBOX", mail);
    }
    raw.len()
}

async fn prepare(data: &Path, server: &Dovecot) -> App {
    let file = data.join("riscontro.toml");
    std::fs::write(&file, "").expect("a file");
    let mut config = Config::load(Some(&file)).expect("the defaults");
    config.data.dir = data.to_owned();
    config.server.address = "127.0.0.1:0".to_owned();
    // Every new work order is acknowledged: the brake would spare us work that a real day does not.
    config.acknowledgement.per_hour = 1_000_000;
    config.acknowledgement.per_day = 1_000_000;
    if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
        config.database.url = url.into();
    }
    let app = App::build(config).await.expect("a house");
    app.first_start().await.expect("an organisation");
    let organisation = store::organisation::all(&app.desk.db.read).await.expect("organisations")[0].id;
    let local = store::mailbox::all(&app.desk.db.read, organisation).await.expect("mailboxes").remove(0);
    let line = |port| Line {
        host: "localhost".to_owned(),
        port,
        security: Security::Insecure,
        user: "reclami".to_owned(),
        password: Dovecot::PASSWORD.to_owned(),
    };
    let form = Form {
        address: "reclami@ente.example".to_owned(),
        name: "Ente".to_owned(),
        source: Source::Imap,
        imap: line(server.starttls_port),
        imap_folder: "INBOX".to_owned(),
        maildir_path: String::new(),
        after: After::Leave,
        after_folder: String::new(),
        exit: Exit::Smtp,
        // Letters are queued, as the measure says, and stay so: the program is told to send nothing.
        smtp: line(1),
        exit_path: String::new(),
        acknowledge: true,
        sub_addressing: false,
        kind: entity::mailbox::Kind::Ordinary,
        authserv_id: String::new(),
        password_expires_on: None,
        paused: false,
    };
    #[expect(clippy::disallowed_methods, reason = "the benchmark is a door")]
    let cx = Cx::system(organisation, Utc::now());
    actions::mailbox::save(&app.desk, &cx, Some(local.id), &form, [[0; 24], [1; 24]])
        .await
        .expect("a mailbox");
    app
}

async fn fetch_only(app: &App, mailbox: &entity::mailbox::Model) -> (usize, Duration) {
    let began = Instant::now();
    let mut line = app.imap(mailbox).await.expect("a line");
    line.select().await.expect("INBOX");
    let (mut count, mut last) = (0, 0);
    loop {
        let fetched = line.fetch_after(last, 4 << 20, 100).await.expect("mails");
        let Some(highest) = fetched.last() else { break };
        (count, last) = (count + fetched.len(), highest.uid);
    }
    line.logout().await;
    (count, began.elapsed())
}

/// A row of 5 KB per transaction, as a program without group commit would write it.
async fn insert_only(app: &App, organisation: uuid::Uuid, count: u32) -> Duration {
    let began = Instant::now();
    for n in 0..count {
        let mut bytes = vec![b'x'; 5000];
        bytes[..4].copy_from_slice(&n.to_be_bytes());
        let tx = app.desk.db.begin().await.expect("a transaction");
        store::blob::insert(&tx, organisation, [(n.to_be_bytes().to_vec(), bytes)]).await.expect("a row");
        tx.commit().await.expect("a commit");
    }
    began.elapsed()
}

async fn handled(app: &App) -> usize {
    use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
    let handled = entity::incoming_mail::Column::State.eq(entity::incoming_mail::State::Handled);
    let count =
        entity::incoming_mail::Entity::find().filter(handled).count(&app.desk.db.read).await.expect("count");
    usize::try_from(count).expect("a small number")
}
