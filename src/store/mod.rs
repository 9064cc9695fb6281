//! What is known: every query, by noun. Reads take any connection; writes take the transaction that `actions` began.
//! Not found is `Ok(None)`, never an error.

pub mod app_key;
pub mod attachment;
pub mod audience;
pub mod ban;
pub mod blob;
pub mod citizen_token;
pub mod communication;
pub mod delivery;
pub mod errand;
pub mod event;
pub mod follower;
pub mod grant;
pub mod incoming_mail;
pub mod io_message;
pub mod io_remote;
pub mod io_service;
mod lease;
pub mod mail_log;
pub mod mailbox;
pub mod notice;
pub mod operator;
pub mod organisation;
pub mod participant;
pub mod place;
pub mod portal;
pub mod public_text;
pub mod publication;
pub mod rating;
pub mod report;
pub mod session;
pub mod submission;
pub mod suggestion;
pub mod taxpayer;
pub mod update;
pub mod upload;
pub mod webhook;
pub mod work_order;

use std::time::Duration;

use migration::{Migrator, MigratorTrait, SchemaManager};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, DatabaseTransaction,
    DbErr, RuntimeErr, SqlErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

/// Advisory lock that keeps two starting copies from migrating one `PostgreSQL` at the same time.
const MIGRATION_LOCK: i64 = 0x5249_5343_4f4e;

/// Where the migrator keeps what it has done.
const STEPS: &str = "seaql_migrations";

/// The database. On `SQLite` one connection writes and several read, because the file has one writer anyway and a
/// queue of ours is fairer than its lock; on `PostgreSQL` both are the same pool.
#[derive(Clone, Debug)]
pub struct Db {
    /// Reads only (enforced on `SQLite`).
    pub read: DatabaseConnection,
    write: DatabaseConnection,
}

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The schema is newer than this program.
    #[error(
        "the database was written by a newer version of Riscontro (step {0} is unknown here): \
         install that version, or restore the backup made before it"
    )]
    Newer(String),
    /// Another program holds the file.
    #[error(
        "the database is locked by another program (a backup, a database browser, another copy): close it and try again"
    )]
    Locked,
    /// Anything else, in the database's own words.
    #[error(
        "the database cannot be used: {0}. Check database.url, that the server runs, that the folder is writable and the disk not full"
    )]
    Database(String),
}

impl From<DbErr> for OpenError {
    fn from(error: DbErr) -> Self {
        let words = error.to_string();
        // The text is SQLite's own, the same for two decades.
        if words.contains("database is locked") { Self::Locked } else { Self::Database(words) }
    }
}

impl Db {
    /// Opens the database without touching its schema.
    pub async fn open(url: &str, connections: u32, timeout: Duration) -> Result<Self, OpenError> {
        if url.starts_with("sqlite:") {
            // Opening a file takes no time: a pool that waits for it in vain waits for a lock, and does not say so.
            let write = sqlite(url, 1, timeout, false).await.map_err(|error| match error {
                DbErr::Conn(_) if error.to_string().contains("timed out") => OpenError::Locked,
                other => other.into(),
            })?;
            let read = sqlite(url, connections, timeout, true).await?;
            Ok(Self { read, write })
        } else {
            say_why_not(url, timeout).await?;
            let mut options = ConnectOptions::new(url);
            options.max_connections(connections.max(2)).acquire_timeout(timeout).sqlx_logging_level(LOGGED);
            let both = Database::connect(options).await?;
            Ok(Self { read: both.clone(), write: both })
        }
    }

    /// Brings the schema up to date; refuses one that is newer than this program.
    pub async fn migrate(&self) -> Result<(), OpenError> {
        // Held on a connection of its own until the end of this function.
        let lock = self.write.begin().await?;
        if self.is_postgres() {
            lock.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")).await?;
            self.migrate_alone().await?;
            lock.commit().await?;
            Ok(())
        } else {
            drop(lock.rollback().await);
            self.migrate_alone().await
        }
    }

    async fn migrate_alone(&self) -> Result<(), OpenError> {
        self.applied_steps().await?;
        Migrator::up(&self.write, None).await?;
        Ok(())
    }

    /// Steps that this program has and the database lacks.
    pub async fn missing_steps(&self) -> Result<usize, OpenError> {
        let applied = self.applied_steps().await?;
        Ok(Migrator::migrations().iter().filter(|step| !applied.contains(&step.name().to_owned())).count())
    }

    /// Steps that the database has; refuses those of a newer program. Reads only: readiness is asked every few seconds.
    async fn applied_steps(&self) -> Result<Vec<String>, OpenError> {
        if !SchemaManager::new(&self.read).has_table(STEPS).await? {
            return Ok(Vec::new());
        }
        let known: Vec<String> = Migrator::migrations().iter().map(|step| step.name().to_owned()).collect();
        let applied: Vec<String> =
            Migrator::get_migration_models(&self.read).await?.into_iter().map(|step| step.version).collect();
        match applied.iter().find(|step| !known.contains(step)) {
            Some(newer) => Err(OpenError::Newer(newer.clone())),
            None => Ok(applied),
        }
    }

    /// Begins a write. Only `actions` (and a worker's claim or settle) may. On `SQLite` it takes the write lock at once, since a
    /// transaction that reads first and writes later fails as soon as somebody else has written in between.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        self.write.begin_with_options(options).await
    }

    /// Whether this is `PostgreSQL`.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        self.write.get_database_backend() == DatabaseBackend::Postgres
    }

    /// Closes all connections, so that `SQLite` folds its log into the file.
    pub async fn close(self) {
        drop(self.read.close().await);
        drop(self.write.close().await);
    }
}

/// A pool hides why it cannot connect behind a timeout of its own; a single connection says it in the server's words.
async fn say_why_not(url: &str, timeout: Duration) -> Result<(), OpenError> {
    use sqlx::Connection;
    match tokio::time::timeout(timeout, sqlx::PgConnection::connect(url)).await {
        Ok(Ok(connection)) => {
            drop(connection.close().await);
            Ok(())
        }
        Ok(Err(error)) => Err(OpenError::Database(error.to_string())),
        Err(_) => Err(OpenError::Database(format!("no answer within {} seconds", timeout.as_secs()))),
    }
}

/// Statements are logged only where somebody asks for debug lines of sqlx.
const LOGGED: tracing::log::LevelFilter = tracing::log::LevelFilter::Debug;

async fn sqlite(
    url: &str,
    connections: u32,
    timeout: Duration,
    read_only: bool,
) -> Result<DatabaseConnection, DbErr> {
    use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(timeout)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .sqlx_logging_level(LOGGED);
    // A full disk makes SQLite roll back by itself. sqlx goes on counting that transaction as open, and the next one would be
    // a savepoint whose commit commits nothing: such a connection is thrown away. Nothing else need be asked of a file.
    options.test_before_acquire(false).map_sqlx_sqlite_before_acquire(|connection, _| {
        let clean = !sqlx::Connection::is_in_transaction(connection);
        Box::pin(async move { Ok(clean) })
    });
    options.map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .create_if_missing(!read_only)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(timeout)
            // Letters are larger than table rows: larger pages halve the calls that write them.
            .page_size(8192)
            // 32 MB of log before it is folded into the file: a batch of mails need not wait for that each time.
            .pragma("wal_autocheckpoint", "4000")
            // Kilobytes. Readers share the system's cache; the writer's own spares it reading back what it wrote.
            .pragma("cache_size", if read_only { "-2000" } else { "-16000" })
            .pragma("query_only", if read_only { "1" } else { "0" })
    });
    Database::connect(options).await
}

/// Whether `error` says that there is such a row already: somebody who did the same at the same instant was faster. The
/// transaction that was told so is over.
#[must_use]
pub fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

/// Whether `error` is the environment's fault (disk full, connection lost, locked) and not that of the row at hand:
/// then the same work may simply be tried again later, and nobody is to blame for it.
#[must_use]
pub fn is_environment(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            match error.as_ref() {
                sqlx::Error::Database(database) => match database.code().as_deref() {
                    // SQLite's primary codes: BUSY 5, LOCKED 6, READONLY 8, IOERR 10, FULL 13, CANTOPEN 14 (low byte of the code).
                    Some(code) if database.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() => {
                        code.parse::<i32>().is_ok_and(|code| [5, 6, 8, 10, 13, 14].contains(&(code & 0xff)))
                    }
                    // PostgreSQL's classes: connection, resources, operator intervention, system error, and serialisation.
                    Some(code) => ["08", "53", "57", "58", "40"].iter().any(|class| code.starts_with(class)),
                    None => false,
                },
                sqlx::Error::Io(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::WorkerCrashed => true,
                _ => false,
            }
        }
        _ => false,
    }
}

/// A page of rows in an order, and whether there are more on either side. Keyset: a page begins after a row that the
/// reader has seen, never at an offset, so it costs the same at the end of a long list as at its beginning.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// There are rows before.
    pub has_previous: bool,
    /// There are rows after.
    pub has_next: bool,
}

/// Which page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seek<K> {
    /// The first.
    Start,
    /// The one after this key.
    After(K),
    /// The one before this key.
    Before(K),
}

impl<T> Page<T> {
    /// Makes a page out of up to `limit + 1` rows read in reading direction (backwards for `Before`).
    #[must_use]
    pub fn new<K>(mut rows: Vec<T>, limit: usize, from: &Seek<K>) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        match from {
            Seek::Start => Self { rows, has_previous: false, has_next: more },
            Seek::After(_) => Self { rows, has_previous: true, has_next: more },
            Seek::Before(_) => {
                rows.reverse();
                Self { rows, has_previous: more, has_next: true }
            }
        }
    }
}
