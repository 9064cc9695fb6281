//! `organisation add` and `organisation list`: several organisations on one installation, each with its own operators, mailboxes
//! and portal.

use std::{path::Path, process::ExitCode};

use anyhow::{Context, Result};
use clap::Subcommand;
use riscontro::{
    actions::{
        installation::{self, Door, Start},
        sign_in,
    },
    app::App,
    config::Config,
    store,
};

use super::operator::told;

#[derive(Debug, Subcommand)]
pub(crate) enum Organisation {
    /// Add an organisation and print the one-time password of its administrator.
    Add {
        /// Name as citizens know it; it signs every letter.
        name: String,
        /// Its name in the addresses of its portal: `/sportello/<slug>`.
        #[arg(long)]
        slug: String,
        /// Host name under which its portal stands alone.
        #[arg(long)]
        host: Option<String>,
        /// What its administrator types to sign in (default: admin-<slug>).
        #[arg(long)]
        login: Option<String>,
    },
    /// List the organisations with the addresses of their portals.
    List,
}

pub(crate) async fn run(config: Config, organisation: &Organisation) -> Result<ExitCode> {
    let app = App::build(config).await?;
    match organisation {
        Organisation::Add { name, slug, host, login } => {
            add(&app, name, slug, host.as_deref(), login.as_deref()).await?;
        }
        Organisation::List => list(&app).await?,
    }
    app.desk.db.close().await;
    Ok(ExitCode::SUCCESS)
}

async fn add(app: &App, name: &str, slug: &str, host: Option<&str>, login: Option<&str>) -> Result<()> {
    // The first organisation comes with the first start, which names things that this one must not take.
    if let Some(first) = app.first_start().await? {
        println!("first organisation: user {}, password {} (one time)", first.login, first.password);
    }
    let password = sign_in::one_time_password(rand::random());
    let host = host.map(str::to_lowercase);
    let login = login.map_or_else(|| format!("admin-{slug}"), str::to_owned);
    let mail = std::path::absolute(app.config.data.dir.join("mail").join(safe(slug)))?;
    let start = Start {
        name,
        demo: false,
        mail: &mail,
        address: &format!("reclami@{}.example", safe(slug)),
        login: &login,
        password: &password,
    };
    let door = Door { slug, host: host.as_deref() };
    let added = installation::add(&app.desk, app.clock.now(), &start, &door).await;
    told(added)?;
    folders(&mail)?;
    println!(
        "user: {login}\npassword: {password}   (one time: it is asked to be changed, and not shown again)"
    );
    // Citizens find nothing there before somebody answers for their personal data.
    println!(
        "portal: closed; its administrator opens it at {}/desk/admin/portal, once the privacy notice is written",
        app.config.public_url()
    );
    Ok(())
}

/// The local mailbox, to which letters go until a real one is set up.
fn folders(mail: &Path) -> Result<()> {
    for folder in ["in", "out"] {
        let folder = mail.join(folder);
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("the folder {} cannot be created", folder.display()))?;
    }
    Ok(())
}

/// A slug that is refused a moment later must not name a folder elsewhere.
fn safe(slug: &str) -> String {
    slug.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect()
}

async fn list(app: &App) -> Result<()> {
    for organisation in store::organisation::all(&app.desk.db.read).await? {
        let portal = store::portal::of(&app.desk.db.read, organisation.id).await?;
        let portal = portal.map(|portal| {
            let state = if portal.open { "open" } else { "closed" };
            format!("{} ({state})", app.desk.portal_url(&portal))
        });
        println!("{}\t{}", organisation.name, portal.unwrap_or_default());
    }
    Ok(())
}
