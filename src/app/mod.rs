//! The composition root: configuration in, a working house out. Used unchanged by the tests.

mod files;
mod instance;
pub mod io;
mod io_remote;
pub mod io_services;
pub mod letters;
mod lines;
mod markdown;
mod tokens;
mod webhooks;

use std::{
    io::Write,
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use entity::mailbox;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use self::instance::Instance;
use self::tokens::Tokens;
pub use self::{
    lines::Trial,
    tokens::{Brought, NotGranted},
};
use crate::{
    actions::{self, Desk, Rules, Wake, installation, micros, sign_in},
    channel::{
        email::{parse::Reader, pec::Anchors, tls::Trust},
        io::{Io, Patience},
    },
    config::Config,
    domain::keys::{KEY_BYTES, Keys},
    store::{Db, OpenError},
};

/// Name of the key file in the data folder.
const KEY_FILE: &str = "riscontro.key";

/// Everything that the doors and the porter share.
#[derive(Clone, Debug)]
pub struct App {
    /// What the owner has set.
    pub config: Arc<Config>,
    /// Where everything is decided and written down.
    pub desk: Desk,
    /// What time it is.
    pub clock: Clock,
    /// This process, as owner of leases.
    pub process: Uuid,
    /// Keeps that name for this process alone, once it has the folder's.
    instance: Option<Instance>,
    /// Whom we trust on the line to mail servers.
    trust: Trust,
    /// The lines to IO, with the budget of each organisation.
    io: Io,
    /// IO's topics of services, kept for a while.
    topics: io_services::Topics,
    /// Who keeps the tokens of mailboxes that sign in by OAuth.
    tokens: Tokens,
    /// Whose signature on an envelope of certified mail counts.
    anchors: Option<Arc<Anchors>>,
    /// A key that was made because there was none, until it is known that the database has no other.
    new_key: Option<SecretString>,
    /// The figures of `/metrics`.
    pub metrics: PrometheusHandle,
}

/// What time it is. The one place that asks the machine.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The machine's clock.
    #[default]
    Machine,
    /// Stands where a test has put it.
    Set(Arc<Mutex<DateTime<Utc>>>),
}

impl Clock {
    /// Now, in microseconds.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            #[expect(clippy::disallowed_methods, reason = "this is the door through which time enters")]
            Self::Machine => micros(Utc::now()),
            Self::Set(time) => *time.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }
}

/// What the first start prints, once.
#[derive(Clone, Debug)]
pub struct FirstStart {
    /// What the administrator types to sign in.
    pub login: String,
    /// The one-time password.
    pub password: String,
}

impl App {
    /// Opens key and database, and brings the schema up to date.
    ///
    /// # Errors
    /// One sentence that names the thing and the remedy.
    pub async fn build(config: Config) -> Result<Self> {
        let app = Self::open(config).await?;
        app.desk.db.migrate().await?;
        match installation::check_key(&app.desk).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) if app.new_key.is_some() => {
                let path = app.config.data.dir.join(KEY_FILE);
                bail!(
                    "the key file {} is missing: put back the one that was beside this database",
                    path.display()
                );
            }
            Ok(Err(wrong)) => return Err(wrong.into()),
            Err(actions::Error::Store(error)) => return Err(OpenError::from(error).into()),
            Err(error) => return Err(error.into()),
        }
        // Only now: a key made for a database that has another would be taken for the right one by whoever looks next.
        if let Some(key) = &app.new_key {
            write_key(&app.config.data.dir.join(KEY_FILE), key)?;
        }
        Ok(app)
    }

    /// Opens key and database without touching the schema.
    pub async fn open(config: Config) -> Result<Self> {
        // reqwest-like crates aside, lettre and tokio-rustls look for the process's provider, too.
        drop(rustls::crypto::ring::default_provider().install_default());
        let dir = &config.data.dir;
        create_private_folder(dir).with_context(|| {
            format!("the data folder {} cannot be created: check data.dir and its permissions", dir.display())
        })?;
        let (key, new_key) = match read_key(&dir.join(KEY_FILE))? {
            Some(key) => (key, None),
            None => {
                let key: [u8; KEY_BYTES] = rand::random();
                (key, Some(data_encoding::HEXLOWER.encode(&key).into()))
            }
        };
        let keys = Keys::new(&key);
        let trust = Trust::load(config.mail.extra_ca.as_deref())?;
        let anchors = config.pec.trust_file.as_deref().map(read_anchors).transpose()?;
        let timeout = Duration::from_secs(config.database.timeout_seconds);
        let db = Db::open(&config.database_url(), config.database.connections, timeout).await?;
        let rules = Rules {
            acknowledgements_per_hour: config.acknowledgement.per_hour,
            acknowledgements_per_day: config.acknowledgement.per_day,
            reopen_days: config.work_order.reopen_days,
            mail_attempts: config.mail.attempts,
            give_up_days: config.delivery.give_up_days,
            session_hours: config.login.session_hours,
            free_login_failures: config.login.free_failures,
        };
        let public_url = config.public_url().into();
        Ok(Self {
            config: Arc::new(config),
            desk: Desk { db, keys, rules, wake: Wake::default(), public_url },
            clock: Clock::default(),
            process: Uuid::now_v7(),
            instance: None,
            new_key,
            anchors,
            io: Io::new(&trust, Patience::default())?,
            topics: io_services::Topics::default(),
            tokens: Tokens::new(&trust)?,
            trust,
            metrics: metrics(),
        })
    }

    /// How the mail of a mailbox is read.
    #[must_use]
    pub fn reader(&self, mailbox: &mailbox::Model) -> Reader {
        Reader {
            pec: mailbox.kind == mailbox::Kind::Pec,
            anchors: self.anchors.clone(),
            authserv_id: mailbox.authserv_id.clone(),
        }
    }

    /// Takes the name of the process that serves from this data folder, and with it what its last life left in hand. Only
    /// for the server: a passing command must not take the name from it.
    ///
    /// # Errors
    /// The data folder cannot be written.
    pub fn take_instance(&mut self) -> Result<()> {
        let instance = Instance::take(&self.config.data.dir)?;
        self.process = instance.id;
        self.instance = Some(instance);
        Ok(())
    }

    /// Creates an organisation and its administrator if there is none yet.
    pub async fn first_start(&self) -> Result<Option<FirstStart>> {
        let (login, password) = ("admin", sign_in::one_time_password(rand::random()));
        let mail = std::path::absolute(self.config.data.dir.join("mail"))?;
        for folder in ["in", "out"] {
            let folder = mail.join(folder);
            std::fs::create_dir_all(&folder)
                .with_context(|| format!("the folder {} cannot be created", folder.display()))?;
        }
        let start = installation::Start {
            name: installation::UNNAMED,
            demo: false,
            mail: &mail,
            address: "reclami@ente.example",
            login,
            password: &password,
        };
        let begun = installation::begin(&self.desk, self.clock.now(), &start)
            .await
            .context("the first organisation cannot be created")?;
        Ok(begun.map(|_| FirstStart { login: login.to_owned(), password: password.clone() }))
    }
}

/// The recorder is the process's: installed once, however many houses are built (tests build hundreds).
fn metrics() -> PrometheusHandle {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    HANDLE
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = recorder.handle();
            drop(metrics::set_global_recorder(recorder));
            handle
        })
        .clone()
}

/// The authorities that certify PEC providers.
fn read_anchors(path: &Path) -> Result<Arc<Anchors>> {
    let pem = std::fs::read(path).with_context(|| {
        format!("the file {} cannot be read: check pec.trust_file and its permissions", path.display())
    })?;
    let anchors = Anchors::from_pem(&pem).with_context(|| {
        format!("the file {} (pec.trust_file) holds no usable certificates", path.display())
    })?;
    Ok(Arc::new(anchors))
}

/// The installation's key, if there is one.
fn read_key(path: &Path) -> Result<Option<[u8; KEY_BYTES]>> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| refused(path)),
    };
    let key = data_encoding::HEXLOWER_PERMISSIVE
        .decode(bytes.trim_ascii())
        .ok()
        .and_then(|key| key.try_into().ok());
    match key {
        Some(key) => Ok(Some(key)),
        None => bail!("the key file {} is damaged: put back the copy from your backup", path.display()),
    }
}

/// Writes a new key, readable by nobody else.
fn write_key(path: &Path, key: &SecretString) -> Result<()> {
    let mut file = create_private(path).with_context(|| refused(path))?;
    let written = file.write_all(key.expose_secret().as_bytes()).and_then(|()| file.sync_all());
    written.with_context(|| refused(path))
}

fn refused(path: &Path) -> String {
    format!("the key file {} cannot be read or created: check its owner and permissions", path.display())
}

/// The data folder holds citizens' letters: if we make it, it is closed to other users of the machine.
fn create_private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

fn create_private(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
