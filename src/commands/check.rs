//! `check`: is everything in order? One line each, exit code 1 if anything is not.

use std::process::ExitCode;

use anyhow::Result;
use chrono::{DateTime, Utc};
use riscontro::{actions::installation, app::App, config::Config, store};
use sea_orm::{ConnectionTrait, Statement};

/// Seconds by which the clocks of program and database server may differ.
const CLOCKS: i64 = 5;

pub(crate) async fn run(config: Config) -> Result<ExitCode> {
    // The configuration was read before we came here, or we would not have come.
    let mut report = Report::default();
    report.line("configuration", Ok(format!("data in {}", config.data.dir.display())));
    let app = match App::open(config).await {
        Ok(app) => app,
        Err(error) => {
            report.line("database", Err(format!("{error:#}")));
            return Ok(report.code());
        }
    };
    let schema = schema(&app).await;
    let ready = schema.is_ok();
    report.line("database", schema);
    report.line("clock", clock(&app).await);
    if let Some(scanner) = app.try_scanner().await {
        report.line("virus scanner", scanner);
    }
    if ready {
        mailboxes(&app, &mut report).await?;
    }
    app.desk.db.close().await;
    Ok(report.code())
}

#[derive(Default)]
struct Report {
    failed: bool,
}

impl Report {
    fn line(&mut self, name: &str, result: std::result::Result<String, String>) {
        match result {
            Ok(words) => println!("ok      {name}: {words}"),
            Err(words) => {
                self.failed = true;
                println!("FAILED  {name}: {words}");
            }
        }
    }

    fn code(&self) -> ExitCode {
        if self.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

async fn schema(app: &App) -> std::result::Result<String, String> {
    let kind = if app.desk.db.is_postgres() { "PostgreSQL" } else { "SQLite" };
    match app.desk.db.missing_steps().await {
        Err(error) => Err(error.to_string()),
        Ok(0) => match installation::check_key(&app.desk).await {
            Ok(Ok(())) => Ok(format!("{kind}, schema up to date, key file fits")),
            Ok(Err(wrong)) => Err(wrong.to_string()),
            Err(error) => Err(error.to_string()),
        },
        Ok(missing) => Err(format!(
            "{kind}: {missing} schema steps are missing: run `riscontro migrate`, or start Riscontro"
        )),
    }
}

/// Terms are counted with the program's clock, leases with it too: a wrong clock is worth knowing of.
async fn clock(app: &App) -> std::result::Result<String, String> {
    let now = app.clock.now();
    if !app.desk.db.is_postgres() {
        return Ok(format!("{} (compare with your watch)", now.format("%Y-%m-%d %H:%M:%S UTC")));
    }
    let db = &app.desk.db.read;
    let row =
        db.query_one_raw(Statement::from_string(db.get_database_backend(), "SELECT now() AS now")).await;
    let theirs = row.ok().flatten().and_then(|row| row.try_get::<DateTime<Utc>>("", "now").ok());
    match theirs.map(|theirs| (now - theirs).num_seconds().abs()) {
        Some(apart) if apart <= CLOCKS => Ok(format!("{apart} s from the database server's")),
        Some(apart) => Err(format!("{apart} s from the database server's: set both by NTP")),
        None => Err("the database server does not tell the time".to_owned()),
    }
}

async fn mailboxes(app: &App, report: &mut Report) -> Result<()> {
    for organisation in store::organisation::all(&app.desk.db.read).await? {
        for mailbox in store::mailbox::all(&app.desk.db.read, organisation.id).await? {
            let name = format!("mailbox {}", mailbox.address);
            if mailbox.paused {
                report.line(&name, Ok("paused".to_owned()));
                continue;
            }
            let trial = app.try_mailbox(&mailbox).await;
            report.line(&format!("{name}, reading"), trial.incoming);
            report.line(&format!("{name}, sending"), trial.outgoing);
        }
    }
    Ok(())
}
