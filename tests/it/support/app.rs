//! The application as a test uses it: the real house on a database of its own, with a clock that the test moves, mail
//! that the test drops in and letters that the test reads.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, TimeZone, Utc};
use riscontro::{
    actions::receive::Fetched,
    app::{App, Clock},
    channel::email::parse::parse,
    config::Config,
    domain::mail::Mail,
    store, worker,
};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use uuid::Uuid;

use super::browser::Browser;

/// Address of the organisation's mailbox in tests.
pub const BOX: &str = "reclami@ente.example";

/// A house of its own.
pub struct TestApp {
    /// The application.
    pub app: App,
    /// Its data folder.
    pub data: TempDir,
    clock: Arc<Mutex<DateTime<Utc>>>,
    password: String,
    schema: Option<String>,
    organisation: Uuid,
}

/// A letter that has left.
#[derive(Debug)]
pub struct LetterOut {
    /// As a mail program reads it.
    pub mail: Mail,
    /// As it was sent.
    pub raw: String,
}

impl TestApp {
    /// Begins on Monday 2 March 2026, nine in the morning in Rome.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// The same, with other settings.
    pub async fn start_with(set: impl FnOnce(&mut Config)) -> Self {
        let data = TempDir::new().unwrap();
        let mut config = Config::load(Some(&empty_file(&data))).unwrap();
        config.data.dir = data.path().to_owned();
        let schema = own_schema(&mut config).await;
        set(&mut config);
        let mut app = App::build(config).await.unwrap();
        let clock = Arc::new(Mutex::new(Utc.with_ymd_and_hms(2026, 3, 2, 8, 0, 0).unwrap()));
        app.clock = Clock::Set(clock.clone());
        let first = app.first_start().await.unwrap().unwrap();
        let organisation = store::organisation::all(&app.desk.db.read).await.unwrap()[0].id;
        Self { app, data, clock, password: first.password, schema, organisation }
    }

    /// What time it is in the test.
    pub fn now(&self) -> DateTime<Utc> {
        self.app.clock.now()
    }

    /// Moves the clock.
    pub fn pass(&self, time: Duration) {
        *self.clock.lock().unwrap() += time;
    }

    /// The organisation.
    pub fn organisation(&self) -> Uuid {
        self.organisation
    }

    /// The organisation's mailbox.
    pub async fn mailbox(&self) -> entity::mailbox::Model {
        let all = store::mailbox::all(&self.app.desk.db.read, self.organisation()).await.unwrap();
        all.into_iter().find(|mailbox| mailbox.address == BOX).unwrap()
    }

    /// A mail arrives, now.
    pub async fn mail_in(&self, raw: impl AsRef<[u8]>) {
        self.mails_in(&[raw.as_ref()]).await;
    }

    /// Several mails arrive together.
    pub async fn mails_in(&self, mails: &[&[u8]]) {
        let mailbox = self.mailbox().await;
        self.mails_in_box(&mailbox, mails).await;
    }

    /// Several mails arrive together, in one of the mailboxes.
    pub async fn mails_in_box(&self, mailbox: &entity::mailbox::Model, mails: &[&[u8]]) {
        let fetched = mails
            .iter()
            .map(|raw| Fetched {
                source_key: format!("{:x?}{}", &Sha256::digest(raw)[..6], Uuid::now_v7()),
                received_at: self.now(),
                imported: false,
                stays: false,
                raw: raw.to_vec(),
            })
            .collect();
        riscontro::actions::receive::keep(&self.app.desk, mailbox, self.now(), fetched, None).await.unwrap();
        worker::intake::handle_pending(&self.app, mailbox).await.unwrap();
    }

    /// A further mailbox: a folder to drop mail into and one that letters go to.
    pub async fn add_mailbox(&self, address: &str, kind: entity::mailbox::Kind) -> entity::mailbox::Model {
        use riscontro::actions::{Cx, mailbox};
        let cx = Cx::system(self.organisation(), self.now());
        let (name, _) = address.split_once('@').unwrap();
        let folder = |way: &str| {
            let folder = self.data.path().join(format!("mail/{name}-{way}"));
            std::fs::create_dir_all(&folder).unwrap();
            folder.display().to_string()
        };
        let blank = mailbox::blank(&cx);
        let line = |host: &str, port| mailbox::Line {
            host: host.to_owned(),
            port,
            security: blank.imap_security,
            user: String::new(),
            password: String::new(),
        };
        let form = mailbox::Form {
            address: address.to_owned(),
            name: "Ambiente Servizi".to_owned(),
            source: entity::mailbox::Source::Maildir,
            imap: line("", 993),
            imap_folder: blank.imap_folder.clone(),
            maildir_path: folder("in"),
            after: blank.after,
            after_folder: String::new(),
            exit: entity::mailbox::Exit::Folder,
            smtp: line("", 465),
            exit_path: folder("out"),
            acknowledge: true,
            sub_addressing: false,
            kind,
            authserv_id: String::new(),
            password_expires_on: None,
            paused: false,
        };
        let id = mailbox::save(&self.app.desk, &cx, None, &form, [[0; 24]; 2]).await.unwrap();
        store::mailbox::by_id(&self.app.desk.db.read, self.organisation(), id).await.unwrap().unwrap()
    }

    /// The letters that left by such a mailbox since the last call.
    pub async fn letters_out_of(&self, mailbox: &entity::mailbox::Model) -> Vec<LetterOut> {
        worker::deliver::send_due(&self.app).await.unwrap();
        taken(&std::path::Path::new(&mailbox.exit_path).join("new"))
    }

    /// Everything that waits leaves; gives the letters that left since the last call, oldest first.
    pub async fn letters_out(&self) -> Vec<LetterOut> {
        worker::deliver::send_due(&self.app).await.unwrap();
        taken(&self.data.path().join("mail/out/new"))
    }

    /// A browser that nobody has signed in with.
    pub fn browser(&self) -> Browser {
        Browser::new(riscontro::web::router(self.app.clone()))
    }

    /// A browser with the administrator signed in and the one-time password changed.
    pub async fn administrator(&self) -> Browser {
        const PASSWORD: &str = "cavallo batteria graffetta";
        let mut browser = self.browser();
        let answer = browser.post("/desk/login", &[("login", "admin"), ("password", &self.password)]).await;
        if answer.status != 303 {
            let again = browser.post("/desk/login", &[("login", "admin"), ("password", PASSWORD)]).await;
            assert_eq!(again.status, 303, "{}", again.body);
            return browser;
        }
        let change = [("current", self.password.as_str()), ("new", PASSWORD), ("again", PASSWORD)];
        let changed = browser.post("/desk/password", &change).await;
        assert_eq!(changed.status, 303, "{}", changed.body);
        browser
    }

    /// The one-time password that the first start printed.
    pub fn one_time_password(&self) -> &str {
        &self.password
    }

    /// The house is closed and opened again on the same data.
    pub async fn restart(&mut self) {
        let config = (*self.app.config).clone();
        self.app.desk.db.clone().close().await;
        self.app = App::build(config).await.unwrap();
        self.app.clock = Clock::Set(self.clock.clone());
    }
}

fn taken(folder: &std::path::Path) -> Vec<LetterOut> {
    let mut letters = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let raw = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        letters.push(LetterOut { mail: parse(&raw), raw: String::from_utf8_lossy(&raw).into_owned() });
    }
    // A letter's Message-ID begins with its time-ordered id.
    letters.sort_by(|a, b| a.mail.message_id.cmp(&b.mail.message_id));
    letters
}

fn empty_file(data: &TempDir) -> std::path::PathBuf {
    let path = data.path().join("riscontro.toml");
    std::fs::write(&path, "").unwrap();
    path
}

/// On `PostgreSQL` each test has a schema of its own.
pub async fn own_schema(config: &mut Config) -> Option<String> {
    let url = std::env::var("TEST_DATABASE_URL").ok().filter(|url| !url.is_empty())?;
    let schema = format!("t_{}", Uuid::now_v7().simple());
    run_sql(&url, &format!("CREATE SCHEMA {schema}")).await.unwrap();
    let sign = if url.contains('?') { '&' } else { '?' };
    config.database.url = format!("{url}{sign}options=-csearch_path%3D{schema}").into();
    config.database.connections = 4;
    Some(schema)
}

async fn run_sql(url: &str, sql: &str) -> Result<(), sea_orm::DbErr> {
    use sea_orm::ConnectionTrait;
    let db = sea_orm::Database::connect(url).await?;
    db.execute_unprepared(sql).await?;
    db.close().await
}

impl Drop for TestApp {
    fn drop(&mut self) {
        let Some(schema) = self.schema.take() else { return };
        let url = std::env::var("TEST_DATABASE_URL").unwrap_or_default();
        // A runtime of its own: the test's may be the one that is being dropped.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            // A transaction that the test has just dropped may still hold it: then it goes with the cluster.
            let drop_it = format!("SET lock_timeout = '3s'; DROP SCHEMA {schema} CASCADE");
            drop(runtime.block_on(run_sql(&url, &drop_it)));
        })
        .join()
        .unwrap();
    }
}
