//! `mail explain FILE`: what the edge makes of a mail, as JSON, without touching configuration or database. `mail import`: an
//! archive becomes communications.

use std::{
    fs,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use riscontro::{
    app::App,
    channel::email::{explain, parse::Reader, pec::Anchors},
    config::Config,
    store,
    worker::import,
};

#[derive(Debug, Subcommand)]
pub(crate) enum Mail {
    /// Print what a mail is taken for, as JSON.
    Explain(Explain),
    /// Load an archive into a mailbox: original dates, no acknowledgements. Repeated, it goes on where it was.
    Import(Import),
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Address of the mailbox, as on the page Caselle.
    mailbox: String,
    /// A Maildir, an mbox file, a folder of .eml files, or one .eml file.
    path: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The mail (.eml), or - for standard input.
    file: PathBuf,
    /// Treat the mail as one of a PEC mailbox: open envelopes, believe receipts.
    #[arg(long)]
    pec: bool,
    /// Certificates (PEM) of the authorities whose signature on a PEC envelope counts.
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// Name by which the receiving server signs its Authentication-Results.
    #[arg(long, value_name = "NAME", default_value = "")]
    authserv_id: String,
}

pub(crate) fn explain(arguments: &Explain) -> Result<ExitCode> {
    let reader = Reader {
        pec: arguments.pec,
        anchors: arguments.trust.as_deref().map(anchors).transpose()?,
        authserv_id: arguments.authserv_id.clone(),
    };
    let explained = explain::explain(&reader, &bytes(&arguments.file)?);
    match writeln!(std::io::stdout(), "{explained:#}") {
        // Whoever reads has read enough (`| head`).
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}

pub(crate) async fn import(config: Config, arguments: &Import) -> Result<ExitCode> {
    let app = App::build(config).await?;
    let address = arguments.mailbox.trim().to_lowercase();
    let mailboxes = store::mailbox::by_address(&app.desk.db.read, &address).await?;
    let mailbox = match mailboxes.as_slice() {
        [mailbox] => mailbox,
        [] => bail!("there is no mailbox {address}: add it on the page Caselle first"),
        _ => bail!("several organisations have a mailbox {address}: an import cannot tell which is meant"),
    };
    let style = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes}  {msg}  {eta} left");
    let bar = ProgressBar::no_length().with_style(style.context("the progress bar")?);
    let done = import::import(&app, mailbox, &arguments.path, |progress| {
        bar.set_length(progress.bytes);
        bar.set_position(progress.read);
        bar.set_message(format!("{} mails, {} new", progress.mails, progress.new));
    })
    .await?;
    bar.finish_and_clear();
    println!("{} mails read, {} new in {address}", done.mails, done.new);
    app.desk.db.close().await;
    Ok(ExitCode::SUCCESS)
}

fn bytes(file: &Path) -> Result<Vec<u8>> {
    let unreadable = || format!("{} cannot be read", file.display());
    if file.as_os_str() != "-" {
        return fs::read(file).with_context(unreadable);
    }
    let mut raw = Vec::new();
    std::io::stdin().read_to_end(&mut raw).context("standard input cannot be read")?;
    Ok(raw)
}

fn anchors(file: &Path) -> Result<Arc<Anchors>> {
    let pem = fs::read(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let anchors = Anchors::from_pem(&pem).with_context(|| format!("{} cannot be trusted", file.display()))?;
    Ok(Arc::new(anchors))
}
