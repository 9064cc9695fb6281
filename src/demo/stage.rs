//! What stands before the first letter comes: organisation, mailbox, portal, people at the desk, register.

use std::{collections::HashMap, path::Path};

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Utc};
use entity::{communication::Address, form::Form, mailbox, operator::Role};
use uuid::Uuid;

use super::{people::Taxpayer, portal};
use crate::{
    actions::{Cx, installation, operator, sign_in, taxpayer},
    app::{App, FirstStart},
    store,
};

const ORGANISATION: &str = "Ambiente Valle Serena S.p.A.";
const ADDRESS: &str = "reclami@ambiente-valleserena.example";

/// Operators: login and name. The first two get a password that is told, the third one that nobody knows until it is
/// given anew, and the last leaves before the story ends.
const OPERATORS: [(&str, &str); 4] = [
    ("giulia.ferrari", "Giulia Ferrari"),
    ("marco.bellini", "Marco Bellini"),
    ("sara.conti", "Sara Conti"),
    ("paolo.greco", "Paolo Greco"),
];
const TOLD: usize = 2;

/// The stage of the story.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) organisation: Uuid,
    pub(super) mailbox: mailbox::Model,
    /// Where citizens write to.
    pub(super) address: Address,
    /// Operators; the last one leaves.
    pub(super) operators: Vec<Uuid>,
    /// Request kinds by their code.
    pub(super) kinds: HashMap<String, Uuid>,
    /// Forms of the portal: code and id of the kind, and what is asked.
    pub(super) forms: Vec<(String, Uuid, Form)>,
    /// The key of an app.
    pub(super) app_key: Uuid,
}

/// Refuses a database that anybody uses.
///
/// A demo is never filled twice: taking it away would need deletions that nothing else in the house has, for the sake
/// of what removing a folder does better.
pub(super) async fn refuse_what_is_in_use(app: &App) -> Result<()> {
    let organisations = store::organisation::all(&app.desk.db.read).await?;
    if let Some(real) = organisations.iter().find(|organisation| !organisation.demo) {
        bail!(
            "this database belongs to \"{}\", which is no demo: nothing was changed. Give the demo a folder of its own: \
             RISCONTRO__DATA__DIR=data-demo (or a database of its own: database.url)",
            real.name
        );
    }
    if !organisations.is_empty() {
        bail!(
            "this database holds a demo already: nothing was changed. To have it anew, stop Riscontro, remove the folder {} \
             (with database.url: empty that database) and give the command again",
            app.config.data.dir.display()
        );
    }
    Ok(())
}

/// Sets the stage, and gives the accounts that can be used. Passwords are random whatever the seed, which is no secret.
pub(super) async fn set(
    app: &App,
    at: DateTime<Utc>,
    register: &[Taxpayer],
) -> Result<(Stage, Vec<FirstStart>)> {
    let mail = std::path::absolute(app.config.data.dir.join("mail"))?;
    let administrator = account("admin");
    let organisation = begin(app, at, &mail, &administrator).await?;
    let cx = Cx::system(organisation, at);
    let mut accounts = vec![administrator];
    let mut operators = Vec::with_capacity(OPERATORS.len());
    for (index, (login, name)) in OPERATORS.into_iter().enumerate() {
        let account = account(login);
        operators.push(operator::add(&app.desk, &cx, &form(login, name, true), &account.password).await?);
        if index < TOLD {
            accounts.push(account);
        }
    }
    for lines in register.chunks(500) {
        let entries: Vec<_> = lines.iter().map(|taxpayer| taxpayer.entry.clone()).collect();
        taxpayer::import(&app.desk, &cx, &entries).await?;
    }
    let db = &app.desk.db.read;
    let mailbox =
        store::mailbox::all(db, organisation).await?.into_iter().next().context("the demo has no mailbox")?;
    let kinds = store::organisation::kinds(db, organisation).await?;
    let address = Address { name: mailbox.name.clone(), address: mailbox.address.clone() };
    let stage = Stage {
        organisation,
        mailbox,
        address,
        operators,
        kinds: kinds.iter().map(|kind| (kind.code.clone(), kind.id)).collect(),
        forms: portal::forms(kinds),
        app_key: portal::open(app, &cx).await?,
    };
    Ok((stage, accounts))
}

impl Stage {
    /// The last operator leaves; what they have in hand stays in their name.
    pub(super) async fn say_goodbye(&self, app: &App, at: DateTime<Utc>) -> Result<()> {
        if let (Some(id), Some((login, name))) = (self.operators.last(), OPERATORS.last()) {
            operator::change(&app.desk, &Cx::system(self.organisation, at), *id, &form(login, name, false))
                .await?;
        }
        Ok(())
    }
}

async fn begin(app: &App, at: DateTime<Utc>, mail: &Path, administrator: &FirstStart) -> Result<Uuid> {
    let start = installation::Start {
        name: ORGANISATION,
        demo: true,
        mail,
        address: ADDRESS,
        login: &administrator.login,
        password: &administrator.password,
    };
    let begun = installation::begin(&app.desk, at, &start).await?;
    begun.context("somebody else has just begun to use this database: nothing was changed")
}

fn account(login: &str) -> FirstStart {
    FirstStart { login: login.to_owned(), password: sign_in::one_time_password(rand::random()) }
}

fn form(login: &str, name: &str, active: bool) -> operator::Form {
    operator::Form {
        login: login.to_owned(),
        name: name.to_owned(),
        email: String::new(),
        role: Role::Operator,
        active,
    }
}
