//! What the owner may set: `config/default.toml` (every key, commented), a file of theirs, the environment.
//!
//! Later wins. An unknown key is an error that names it: a misspelt key that is silently ignored costs an evening.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use secrecy::SecretString;
use serde::Deserialize;

/// The defaults, also the documentation of every key.
pub const DEFAULTS: &str = include_str!("../config/default.toml");

/// The file read from the working directory when none is named.
pub const FILE: &str = "riscontro.toml";

/// Prefix of environment variables: `RISCONTRO__SERVER__ADDRESS`.
const PREFIX: &str = "RISCONTRO";

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The web server.
    pub server: Server,
    /// Files of the installation.
    pub data: Data,
    /// The database.
    pub database: Database,
    /// Log lines.
    pub log: Log,
    /// Reading mail.
    pub mail: Mail,
    /// Certified mail.
    pub pec: Pec,
    /// Files that citizens hand over.
    pub files: Files,
    /// Sending letters.
    pub delivery: Delivery,
    /// Automatic acknowledgements.
    pub acknowledgement: Acknowledgement,
    /// Work orders.
    pub work_order: WorkOrder,
    /// People who sign in.
    pub login: Login,
    /// The citizens' door.
    pub portal: Portal,
    /// Messages to apps.
    pub webhook: Webhook,
    /// The IO app.
    pub io: Io,
}

/// The web server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port to listen on.
    pub address: String,
    /// Address that people type, when a reverse proxy stands in front; with https the cookie is Secure.
    pub public_url: String,
    /// Largest request in bytes (a reply with its attachments).
    pub max_request_bytes: usize,
}

/// Files of the installation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// Folder of database, key file and local mail.
    pub dir: PathBuf,
}

/// The database.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// Empty for `SQLite` in the data folder; `sqlite://…` or `postgres://…`.
    pub url: SecretString,
    /// Connections that read (`SQLite`), or all of them (`PostgreSQL`).
    pub connections: u32,
    /// Seconds to wait for a connection, or for the lock of another process.
    pub timeout_seconds: u64,
}

/// Log lines.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    /// `human` or `json`.
    pub format: LogFormat,
    /// Filter in the usual notation (`info,riscontro=debug`).
    pub filter: String,
}

/// Form of the log lines.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object per line.
    Json,
}

/// Reading mail.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Seconds between two looks at a mailbox when nothing wakes us earlier.
    pub poll_seconds: u64,
    /// Seconds without an answer after which a line to a mail server is given up.
    pub timeout_seconds: u64,
    /// Largest mail in bytes that is taken in.
    pub max_bytes: u32,
    /// Mails handled in one transaction.
    pub batch: u64,
    /// Attempts before a mail goes to quarantine.
    pub attempts: i32,
    /// Minutes without a complete look at a mailbox after which it needs care.
    pub alarm_minutes: i64,
    /// Hour, in Italian time, at which servers are compared with the ledger.
    pub reconcile_hour: u32,
    /// PEM file of a certificate authority to trust beside the system's.
    pub extra_ca: Option<PathBuf>,
}

/// Certified mail.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pec {
    /// PEM file of the authorities that certify PEC providers.
    pub trust_file: Option<PathBuf>,
}

/// Files that citizens hand over.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    /// Where the virus scanner clamd listens: `host:port` or `unix:/path`; empty for none.
    pub clamd: String,
}

/// Sending letters.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// Letters under way at the same time, per process; 0 sends nothing from this one.
    pub concurrency: usize,
    /// Seconds without an answer after which an attempt is given up.
    pub timeout_seconds: u64,
    /// Days after which an undelivered letter is refused.
    pub give_up_days: i64,
}

/// Automatic acknowledgements.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// At most so many to one address in an hour.
    pub per_hour: u64,
    /// At most so many to one address in a day.
    pub per_day: u64,
}

/// Work orders.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkOrder {
    /// A reply within so many days of the closing reopens the work order; a later one opens a new one.
    pub reopen_days: i64,
}

/// People who sign in.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// Hours without use after which a session ends.
    pub session_hours: i64,
    /// Failures in a row before waiting is imposed.
    pub free_failures: i32,
}

/// The citizens' door.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Portal {
    /// Forms, files and answers in a minute from one network, at most.
    pub per_network_minute: u32,
    /// Forms in an hour from one network in the name of one address, at most.
    pub per_address_hour: u32,
    /// Letters in an hour that one network causes, at most.
    pub per_network_letters_hour: u32,
    /// Bytes of files in a day from one network, at most.
    pub per_network_day_bytes: usize,
    /// Forms, files and answers in a minute to one organisation, at most.
    pub per_organisation_minute: u32,
    /// Bytes of forms with files that are read at the same time, at most.
    pub bytes_in_flight: usize,
    /// Address of map tiles with `{z}`, `{x}`, `{y}`; empty for no map.
    pub tile_url: String,
    /// Who made the map.
    pub tile_attribution: String,
}

/// Messages to apps.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Webhook {
    /// Apps may name addresses of this machine and of private networks.
    pub allow_private: bool,
}

/// The IO app.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Io {
    /// Notifications under way at the same time, for each organisation and process; 0 sends nothing from this one.
    pub concurrency: usize,
    /// Calls in a second that an organisation may make, per process.
    pub calls_per_second: u32,
    /// IO fetches from us what messages only announce: its doors, and the pages where they are set up.
    pub remote: bool,
}

impl Config {
    /// Defaults, then `file` (or `riscontro.toml` if it is there), then the environment.
    ///
    /// # Errors
    /// Names the key or the file, and what is wrong with it.
    pub fn load(file: Option<&Path>) -> Result<Self> {
        let mut builder =
            config::Config::builder().add_source(config::File::from_str(DEFAULTS, config::FileFormat::Toml));
        match file {
            Some(file) => {
                ensure!(
                    file.is_file(),
                    "configuration file {} not found: check the path given with --config",
                    file.display()
                );
                builder = builder.add_source(config::File::from(file).format(config::FileFormat::Toml));
            }
            None => {
                builder =
                    builder.add_source(config::File::new(FILE, config::FileFormat::Toml).required(false));
            }
        }
        let environment =
            config::Environment::with_prefix(PREFIX).prefix_separator("__").separator("__").try_parsing(true);
        let loaded: Self = builder
            .add_source(environment)
            .build()
            .and_then(config::Config::try_deserialize)
            .context("the configuration cannot be read (all keys: config/default.toml)")?;
        loaded.check()?;
        Ok(loaded)
    }

    /// What types alone do not say.
    fn check(&self) -> Result<()> {
        if self.server.address.parse::<std::net::SocketAddr>().is_err() {
            bail!(
                "server.address is \"{}\": it must be an address and a port, such as 127.0.0.1:8080",
                self.server.address
            );
        }
        ensure!(self.mail.poll_seconds >= 1, "mail.poll_seconds must be at least 1");
        ensure!(self.mail.batch >= 1, "mail.batch must be at least 1");
        ensure!(self.mail.attempts >= 1, "mail.attempts must be at least 1");
        ensure!(self.mail.alarm_minutes >= 1, "mail.alarm_minutes must be at least 1");
        ensure!(self.mail.reconcile_hour <= 23, "mail.reconcile_hour must be between 0 and 23");
        ensure!(self.mail.timeout_seconds >= 1, "mail.timeout_seconds must be at least 1");
        ensure!(
            (1..=240).contains(&self.delivery.timeout_seconds),
            "delivery.timeout_seconds must be between 1 and 240: a letter is leased for five minutes"
        );
        let clamd = &self.files.clamd;
        ensure!(
            clamd.is_empty()
                || clamd.strip_prefix("unix:").map_or(clamd.contains(':'), |path| path.starts_with('/')),
            "files.clamd is \"{clamd}\": it must be host:port or unix:/path/to/clamd.socket, or empty for none"
        );
        ensure!(self.database.connections >= 1, "database.connections must be at least 1");
        let portal = &self.portal;
        ensure!(
            portal.per_network_minute >= 1
                && portal.per_address_hour >= 1
                && portal.per_network_letters_hour >= 1
                && portal.per_organisation_minute >= 1,
            "the limits of [portal] must be at least 1"
        );
        ensure!(
            portal.bytes_in_flight / 2 >= self.server.max_request_bytes,
            "portal.bytes_in_flight must be at least twice server.max_request_bytes, or the largest form would never be read"
        );
        ensure!(
            portal.per_network_day_bytes >= self.server.max_request_bytes,
            "portal.per_network_day_bytes must be at least server.max_request_bytes, or the largest form could never be sent"
        );
        ensure!(
            portal.tile_url.is_empty()
                || portal.tile_url.starts_with("https://")
                    && ["{z}", "{x}", "{y}"].iter().all(|part| portal.tile_url.contains(part)),
            "portal.tile_url must begin with https:// and contain {{z}}, {{x}} and {{y}}"
        );
        ensure!(self.login.session_hours >= 1, "login.session_hours must be at least 1");
        let url = secrecy::ExposeSecret::expose_secret(&self.database.url);
        ensure!(
            url.is_empty()
                || ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)),
            "database.url must be empty (SQLite in data.dir) or begin with sqlite: or postgres:"
        );
        Ok(())
    }

    /// The database to open.
    #[must_use]
    pub fn database_url(&self) -> String {
        let url = secrecy::ExposeSecret::expose_secret(&self.database.url);
        if url.is_empty() {
            format!("sqlite://{}", self.data.dir.join("riscontro.db").display())
        } else {
            url.to_owned()
        }
    }

    /// The address that people type.
    #[must_use]
    pub fn public_url(&self) -> String {
        let url = self.server.public_url.trim_end_matches('/');
        if url.is_empty() { format!("http://{}", self.server.address) } else { url.to_owned() }
    }
}
