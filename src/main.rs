//! The program: read the command line and the configuration, build the house, do what was asked, stop in order.

mod commands;

use std::{io::IsTerminal, path::PathBuf, process::ExitCode};

use anyhow::Result;
use clap::{Parser, Subcommand};
use commands::mail::Mail;
use riscontro::config::{Config, LogFormat};
use tracing_subscriber::{EnvFilter, fmt};

/// The desk at which a waste-management operator answers its citizens.
#[derive(Debug, Parser)]
#[command(name = "riscontro", version, about)]
struct Arguments {
    /// Configuration file (default: riscontro.toml in the working directory, if it is there).
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the pages, read the mailboxes, send the letters (what happens without a command).
    Serve,
    /// Bring the database schema up to date, and stop.
    Migrate,
    /// Fill an empty database with believable invented data.
    Demo(commands::demo::Demo),
    /// Add an operator, or give one a new password.
    #[command(subcommand)]
    Operator(commands::operator::Operator),
    /// Add an organisation to the installation, or list them.
    #[command(subcommand)]
    Organisation(commands::organisation::Organisation),
    /// Look into mails, or load them from an archive.
    #[command(subcommand)]
    Mail(Mail),
    /// Serve a stand-in for IO on this machine, to try notifications without sending any.
    IoStandIn(commands::io_stand_in::IoStandIn),
    /// Check configuration, database, mailboxes and clock: one line each.
    Check,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match Box::pin(run(arguments)).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("riscontro: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<ExitCode> {
    // Explaining a mail needs neither configuration nor database.
    if let Some(Command::Mail(Mail::Explain(explain))) = &arguments.command {
        return commands::mail::explain(explain);
    }
    // Nor does somebody else's house.
    if let Some(Command::IoStandIn(stand_in)) = &arguments.command {
        return commands::io_stand_in::run(stand_in).await;
    }
    let config = Config::load(arguments.config.as_deref())?;
    log_lines(&config)?;
    match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => commands::serve::run(config).await,
        Command::Migrate => commands::migrate(config).await,
        Command::Demo(demo) => commands::demo::run(config, &demo).await,
        Command::Operator(operator) => commands::operator::run(config, &operator).await,
        Command::Organisation(organisation) => commands::organisation::run(config, &organisation).await,
        Command::Mail(Mail::Explain(explain)) => commands::mail::explain(&explain),
        Command::Mail(Mail::Import(import)) => commands::mail::import(config, &import).await,
        Command::IoStandIn(stand_in) => commands::io_stand_in::run(&stand_in).await,
        Command::Check => commands::check::run(config).await,
    }
}

fn log_lines(config: &Config) -> Result<()> {
    let filter = EnvFilter::try_new(&config.log.filter).map_err(|error| {
        anyhow::anyhow!("log.filter \"{}\" cannot be understood: {error}", config.log.filter)
    })?;
    let lines =
        fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    match config.log.format {
        LogFormat::Human => lines.with_target(false).init(),
        LogFormat::Json => lines.json().flatten_event(true).init(),
    }
    Ok(())
}
