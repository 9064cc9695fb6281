//! The program is killed, again and again, at moments that nobody chose, while mail flows in and letters flow out. In the
//! end everything has happened once.
//!
//! A real Dovecot holds the mail, a real SMTP server takes the letters, the real binary runs between them and gets
//! SIGKILL. A letter may arrive twice only where the outbox itself says that it may have (`repeats`), and then with the
//! same Message-ID.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use entity::mailbox::{After, Exit, Security, Source};
use rand::{RngExt, SeedableRng, rngs::SmallRng};
use riscontro::{
    actions::{
        self, Cx,
        mailbox::{Form, Line},
    },
    app::App,
    channel::email::parse::parse,
    config::Config,
    store::{self, work_order::StatusFilter},
};
use tempfile::TempDir;

use crate::support::{
    app::{BOX, own_schema},
    dovecot::Dovecot,
    letter::letter,
    smtp_sink::{self, SmtpSink},
};

/// Letters of citizens.
const MAILS: usize = 500;
/// Every third acknowledgement is answered.
const ANSWERED: usize = 3;
/// Kills.
const KILLS: usize = 100;
/// Everything must have arrived by then; a machine under load is slow, a lost letter never comes.
const PATIENCE: Duration = Duration::from_mins(4);

#[tokio::test(flavor = "multi_thread")]
async fn killed_a_hundred_times_the_desk_loses_nothing_and_does_nothing_twice() {
    let Some(dovecot) = Dovecot::start() else { return };
    let sink = SmtpSink::start(smtp_sink::Security::Plain).await;
    let data = TempDir::new().unwrap();
    let config = prepare(&data, &dovecot, &sink).await;
    let program = Program { data: data.path(), config: &config };

    let mut random = SmallRng::seed_from_u64(20_260_302);
    let mut waiting: Vec<Vec<u8>> = (0..MAILS).rev().map(citizen_writes).collect();
    let mut answered = HashSet::new();
    for kill in 0..KILLS {
        let mut child = program.start();
        let until = Instant::now() + Duration::from_millis(random.random_range(60..700));
        while Instant::now() < until {
            let share = (MAILS / KILLS + 2).min(waiting.len());
            if kill % 2 == 0 || waiting.len() > MAILS / 2 {
                for mail in waiting.drain(waiting.len() - share..).rev().take(share) {
                    dovecot.append("reclami", "INBOX", &mail);
                }
            }
            answer(&dovecot, &sink, &mut answered);
            tokio::time::sleep(Duration::from_millis(random.random_range(5..60))).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    for mail in waiting.drain(..).rev() {
        dovecot.append("reclami", "INBOX", &mail);
    }
    let mut child = program.start();
    let began = Instant::now();
    while began.elapsed() < PATIENCE && !is_over(&config, &sink, answered.len()).await {
        answer(&dovecot, &sink, &mut answered);
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    everything_happened_once(&config, &sink, &answered).await;
}

fn citizen_writes(n: usize) -> Vec<u8> {
    letter(&format!("Cittadino {n} <c{n}@libero.example>"), &format!("Segnalazione {n}"))
        .says(&format!("Numero {n}.\n"))
        .raw()
}

/// Every third citizen who has got an acknowledgement writes once more.
fn answer(dovecot: &Dovecot, sink: &SmtpSink, answered: &mut HashSet<usize>) {
    for taken in sink.letters() {
        let citizen: usize = taken.to[0].trim_start_matches('c').split('@').next().unwrap().parse().unwrap();
        if citizen.is_multiple_of(ANSWERED) && answered.insert(citizen) {
            let ours = parse(&taken.bytes).message_id.unwrap();
            let mail = letter(&format!("c{citizen}@libero.example"), "Re: ricevuto").answers(&ours);
            dovecot.append("reclami", "INBOX", &mail.says(&format!("Risposta di {citizen}.\n")).raw());
        }
    }
}

async fn prepare(data: &TempDir, dovecot: &Dovecot, sink: &SmtpSink) -> Config {
    std::fs::write(data.path().join("riscontro.toml"), "").unwrap();
    let mut config = Config::load(Some(&data.path().join("riscontro.toml"))).unwrap();
    config.data.dir = data.path().to_owned();
    config.server.address = "127.0.0.1:0".to_owned();
    config.mail.poll_seconds = 1;
    own_schema(&mut config).await;
    let app = App::build(config.clone()).await.unwrap();
    app.first_start().await.unwrap();
    let organisation = store::organisation::all(&app.desk.db.read).await.unwrap()[0].id;
    let local = store::mailbox::all(&app.desk.db.read, organisation).await.unwrap().remove(0);
    let line = |port, user: &str| Line {
        host: "localhost".to_owned(),
        port,
        security: Security::Insecure,
        user: user.to_owned(),
        password: Dovecot::PASSWORD.to_owned(),
    };
    let form = Form {
        address: BOX.to_owned(),
        name: "Ente".to_owned(),
        source: Source::Imap,
        imap: line(dovecot.starttls_port, "reclami"),
        imap_folder: "INBOX".to_owned(),
        maildir_path: String::new(),
        after: After::Flag,
        after_folder: String::new(),
        exit: Exit::Smtp,
        smtp: line(sink.port, ""),
        exit_path: String::new(),
        acknowledge: true,
        sub_addressing: false,
        kind: entity::mailbox::Kind::Ordinary,
        authserv_id: String::new(),
        password_expires_on: None,
        paused: false,
    };
    let cx = Cx::system(organisation, app.clock.now());
    actions::mailbox::save(&app.desk, &cx, Some(local.id), &form, [[0; 24], [1; 24]]).await.unwrap();
    app.desk.db.close().await;
    config
}

struct Program<'a> {
    data: &'a Path,
    config: &'a Config,
}

impl Program<'_> {
    fn start(&self) -> Child {
        use secrecy::ExposeSecret;
        Command::new(env!("CARGO_BIN_EXE_riscontro"))
            .current_dir(self.data)
            .env("RISCONTRO__DATA__DIR", self.data)
            .env("RISCONTRO__DATABASE__URL", self.config.database.url.expose_secret())
            .env("RISCONTRO__SERVER__ADDRESS", "127.0.0.1:0")
            .env("RISCONTRO__MAIL__POLL_SECONDS", "1")
            .env("RISCONTRO__LOG__FILTER", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap()
    }
}

/// Every mail has its outcome and every letter has left.
async fn is_over(config: &Config, sink: &SmtpSink, answers: usize) -> bool {
    let app = App::open(config.clone()).await.unwrap();
    let (orders, letters_in) = count(&app).await;
    let waiting = store::delivery::waiting_count(&app.desk.db.read).await.unwrap();
    app.desk.db.close().await;
    orders == MAILS
        && letters_in == MAILS + answers
        && waiting == 0
        && answers == MAILS.div_ceil(ANSWERED)
        && sink.letters().len() >= MAILS
}

async fn count(app: &App) -> (usize, usize) {
    use sea_orm::{EntityTrait, PaginatorTrait};
    let orders = entity::work_order::Entity::find().count(&app.desk.db.read).await.unwrap();
    let handled = entity::incoming_mail::Entity::find().all(&app.desk.db.read).await.unwrap();
    let handled = handled.iter().filter(|mail| mail.state == entity::incoming_mail::State::Handled).count();
    (usize::try_from(orders).unwrap(), handled)
}

async fn everything_happened_once(config: &Config, sink: &SmtpSink, answered: &HashSet<usize>) {
    use sea_orm::EntityTrait;
    let app = App::build(config.clone()).await.unwrap();
    let db = &app.desk.db.read;
    let organisation = store::organisation::all(db).await.unwrap()[0].id;

    // One work order per citizen, numbered without gaps; each answer in its own thread, once.
    let filter = store::work_order::QueueFilter { status: StatusFilter::All, ..Default::default() };
    let orders =
        store::work_order::queue(db, organisation, &filter, &store::Seek::Start, 10_000).await.unwrap().rows;
    let mut numbers: Vec<i32> = orders.iter().map(|order| order.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=i32::try_from(MAILS).unwrap()).collect::<Vec<_>>());
    let senders: HashSet<&str> = orders.iter().map(|order| order.sender_address.as_str()).collect();
    assert_eq!(senders.len(), MAILS, "one work order per citizen");
    for order in &orders {
        let thread = store::communication::thread(db, organisation, order.id, None, 100).await.unwrap().rows;
        let citizen: usize =
            order.sender_address.trim_start_matches('c').split('@').next().unwrap().parse().unwrap();
        let mut expected = vec![format!("Numero {citizen}."), "ack".to_owned()];
        if answered.contains(&citizen) {
            expected.push(format!("Risposta di {citizen}."));
        }
        let said: Vec<String> = thread
            .iter()
            .map(|one| if one.automatic { "ack".to_owned() } else { one.text.trim().to_owned() })
            .collect();
        assert_eq!(said, expected, "thread of citizen {citizen}");
    }

    // Every acknowledgement arrived; more than once only where the outbox says so.
    let deliveries = entity::delivery::Entity::find().all(db).await.unwrap();
    assert_eq!(deliveries.len(), MAILS);
    let mut arrived: HashMap<String, usize> = HashMap::new();
    for taken in sink.letters() {
        *arrived.entry(parse(&taken.bytes).message_id.unwrap()).or_default() += 1;
    }
    let mut repeated = BTreeMap::new();
    for delivery in &deliveries {
        assert_eq!(delivery.state, entity::delivery::State::Sent);
        let id = riscontro::domain::thread::message_id(&app.desk.keys, delivery.id, BOX);
        let times = arrived.remove(&id).unwrap_or(0);
        let allowed = 1 + usize::try_from(delivery.repeats).unwrap();
        assert!((1..=allowed).contains(&times), "{times} times, {allowed} allowed");
        *repeated.entry(delivery.repeats).or_insert(0) += 1;
    }
    assert!(arrived.is_empty(), "letters that nobody wrote: {}", arrived.len());
    println!("killed {KILLS} times; deliveries by number of repeats: {repeated:?}");
    app.desk.db.close().await;
}
