//! The schema, step by step. Each step is plain SQL that both databases understand, with a handful of type names
//! filled in per database: a reader sees the tables as they are, and an old step never changes because an entity did.

pub use sea_orm_migration::prelude::{MigratorTrait, SchemaManager};
use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

mod m20261121_000001_desk;
mod m20261122_000002_mailbox;
mod m20261122_000003_portal;
mod m20261122_000004_overview;
mod m20261122_000005_discarded;
mod m20261122_000006_io;
mod m20261122_000007_io_remote;
mod m20261122_000008_io_due;

/// All steps, oldest first.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_desk::Migration),
            Box::new(m20261122_000002_mailbox::Migration),
            Box::new(m20261122_000003_portal::Migration),
            Box::new(m20261122_000004_overview::Migration),
            Box::new(m20261122_000005_discarded::Migration),
            Box::new(m20261122_000006_io::Migration),
            Box::new(m20261122_000007_io_remote::Migration),
            Box::new(m20261122_000008_io_due::Migration),
        ]
    }
}

/// Runs the statements of `sql` (separated by `;`), with the type names of the database filled in.
///
/// | name | `PostgreSQL` | `SQLite` |
/// |---|---|---|
/// | `{uuid}` | `uuid` | `blob` |
/// | `{time}` | `timestamptz` | `text` (RFC 3339, UTC: sorts as time) |
/// | `{bytes}` | `bytea` | `blob` |
/// | `{json}` | `jsonb` | `text` |
/// | `{seq}` | an identity column | the rowid, never reused |
/// | `{keyed}` | nothing | `WITHOUT ROWID`: the primary key is the table |
async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let names: [(&str, &str, &str); 6] = [
        ("{uuid}", "uuid", "blob"),
        ("{time}", "timestamptz", "text"),
        ("{bytes}", "bytea", "blob"),
        ("{json}", "jsonb", "text"),
        ("{seq}", "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "integer PRIMARY KEY AUTOINCREMENT"),
        ("{keyed}", "", "WITHOUT ROWID"),
    ];
    let postgres = manager.get_database_backend() == DatabaseBackend::Postgres;
    let sql = names.iter().fold(sql.to_owned(), |sql, (name, on_postgres, on_sqlite)| {
        sql.replace(name, if postgres { on_postgres } else { on_sqlite })
    });
    let connection = manager.get_connection();
    for statement in sql.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
        connection.execute_unprepared(statement).await?;
    }
    Ok(())
}
