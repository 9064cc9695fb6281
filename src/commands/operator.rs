//! `operator add` and `operator reset`: the way in when nobody can sign in any more.

use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::{Subcommand, ValueEnum};
use entity::operator::Role;
use riscontro::{
    actions::{self, Cx, operator::Form, sign_in},
    app::App,
    config::Config,
    store,
};

#[derive(Debug, Subcommand)]
pub(crate) enum Operator {
    /// Add an operator and print a one-time password.
    Add {
        /// What the operator types to sign in.
        login: String,
        /// Name and surname.
        name: String,
        /// What the operator may do.
        #[arg(long, value_enum, default_value = "operator")]
        role: RoleName,
        /// Organisation, when the installation has several.
        #[arg(long)]
        organisation: Option<String>,
    },
    /// Print a new one-time password for an operator and sign them out everywhere.
    Reset {
        /// What the operator types to sign in.
        login: String,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum RoleName {
    Operator,
    Administrator,
}

pub(crate) async fn run(config: Config, operator: &Operator) -> Result<ExitCode> {
    let app = App::build(config).await?;
    let password = sign_in::one_time_password(rand::random());
    let login = match operator {
        Operator::Add { login, name, role, organisation } => {
            let cx = Cx::system(organisation_of(&app, organisation.as_deref()).await?, app.clock.now());
            let role = match role {
                RoleName::Operator => Role::Operator,
                RoleName::Administrator => Role::Administrator,
            };
            let form =
                Form { login: login.clone(), name: name.clone(), email: String::new(), role, active: true };
            told(actions::operator::add(&app.desk, &cx, &form, &password).await)?;
            login
        }
        Operator::Reset { login } => {
            let Some(known) = store::operator::by_login(&app.desk.db.read, &login.to_lowercase()).await?
            else {
                bail!("there is no operator {login}: add one with `riscontro operator add`");
            };
            let cx = Cx::system(known.organisation_id, app.clock.now());
            told(actions::operator::reset(&app.desk, &cx, known.id, &password).await)?;
            login
        }
    };
    println!(
        "user: {login}\npassword: {password}   (one time: it is asked to be changed, and not shown again)"
    );
    app.desk.db.close().await;
    Ok(ExitCode::SUCCESS)
}

/// The organisation of that name, or the only one.
async fn organisation_of(app: &App, name: Option<&str>) -> Result<uuid::Uuid> {
    let all = store::organisation::all(&app.desk.db.read).await?;
    match (name, all.as_slice()) {
        (_, []) => bail!("there is no organisation yet: start Riscontro once"),
        (None, [only]) => Ok(only.id),
        (None, _) => bail!("there are several organisations: name one with --organisation"),
        (Some(name), all) => match all.iter().find(|organisation| organisation.name == name) {
            Some(organisation) => Ok(organisation.id),
            None => bail!("there is no organisation \"{name}\""),
        },
    }
}

/// What was refused, in one line.
pub(super) fn told<T>(done: actions::Result<T>) -> Result<T> {
    match done {
        Ok(value) => Ok(value),
        Err(actions::Error::Rejected(flaws)) => {
            bail!(
                "{}",
                flaws
                    .iter()
                    .map(|flaw| format!("{}: {}", flaw.field, flaw.message))
                    .collect::<Vec<_>>()
                    .join("; ")
            )
        }
        Err(error) => Err(error.into()),
    }
}
