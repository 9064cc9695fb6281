//! What the program can be asked on the command line: one file per command.

pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod io_stand_in;
pub(crate) mod mail;
pub(crate) mod operator;
pub(crate) mod organisation;
pub(crate) mod serve;

use std::process::ExitCode;

use anyhow::Result;
use riscontro::{app::App, config::Config};

/// Brings the schema up to date.
pub(crate) async fn migrate(config: Config) -> Result<ExitCode> {
    let app = App::open(config).await?;
    let missing = app.desk.db.missing_steps().await?;
    app.desk.db.migrate().await?;
    println!("schema up to date ({missing} steps applied)");
    app.desk.db.close().await;
    Ok(ExitCode::SUCCESS)
}
