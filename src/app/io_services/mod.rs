//! The services of an organisation at IO: IO is asked with no transaction open, then the desk writes down what it said.
//!
//! What an administrator presses and what the porter does by the clock is the same here. Between a call and its note a process may
//! die; all notes but one can be made up for by looking again ([`App::io_refresh`]), and that one, the making of a service, is
//! written down before the call (`actions::io::service_making`).

mod import;
mod keys;
mod topics;

use std::future::Future;

use entity::io_service::{Lifecycle, Model};
use secrecy::SecretString;
use uuid::Uuid;

pub(super) use self::topics::Topics;
pub use self::{import::Import, keys::Tried};
use super::{
    App,
    io::{Keys, Managed, Management},
};
use crate::{
    actions::{
        self, Cx,
        io::{
            account,
            service::{self, Seen, sheet_of},
            service_making, service_name,
        },
    },
    domain::io::{
        Remark,
        call::Failure,
        sheet::{
            self, Sheet,
            differ::{Difference, clashes},
            life::{self, Publication},
        },
    },
};

/// Why something about services was not done.
#[derive(Debug)]
pub enum Trouble {
    /// There is no key that manages, or it cannot be opened.
    NoKey,
    /// The service is not at IO yet.
    NotThere,
    /// IO.
    Io(Failure),
    /// The desk.
    Desk(actions::Error),
    /// What is missing before it goes to the reviewers.
    Incomplete(Vec<Remark>),
    /// Somebody has changed the same fields at IO meanwhile.
    Clash(Box<Clash>),
}

/// Two people at one sheet.
#[derive(Debug)]
pub struct Clash {
    /// What both have changed.
    pub differences: Vec<Difference>,
    /// IO's sheet with our changes in it: what would be written if ours counted.
    pub merged: Sheet,
}

/// What awaits a sheet that is handed in for review.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// Why a person will read it; `None`: nobody will.
    pub by_a_person: Option<String>,
    /// IO has an approved sheet that citizens do not see.
    pub hidden: bool,
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Io(failure)
    }
}

impl From<actions::Error> for Trouble {
    fn from(error: actions::Error) -> Self {
        Self::Desk(error)
    }
}

impl App {
    /// The line with which all services of an organisation are managed.
    async fn io_manager(&self, organisation: Uuid) -> Result<Management, Trouble> {
        let account = account::of(&self.desk.db.read, organisation).await?;
        let key = account.manage_key.and_then(|key| self.desk.keys.open(&key).ok()).ok_or(Trouble::NoKey)?;
        let keys = Keys { first: key.into(), second: None };
        Ok(self.io_management(&account.base_url, organisation, keys)?)
    }

    /// Tries an address and a key that manages; gives how many services there are.
    ///
    /// # Errors
    /// What is wrong, in Italian.
    pub async fn try_io(
        &self,
        organisation: Uuid,
        base_url: &str,
        key: SecretString,
    ) -> Result<usize, String> {
        let keys = Keys { first: key, second: None };
        let line = self
            .io_management(base_url, organisation, keys.clone())
            .map_err(|failure| manager_words(&failure))?;
        let failure = match line.services().await {
            Ok(services) => return Ok(services.len()),
            Err(failure) => failure,
        };
        // IO has one answer for a key of the other sort and for a wrong address (trap 15): a key with which profiles are read is
        // certainly one of a service.
        if let Failure::Misconfigured { .. } = failure
            && self.ask_with(base_url, organisation, keys).await.is_ok()
        {
            return Err("Questa è la chiave d’uso di un servizio: qui serve la chiave di gestione dell’ente, che nell’Area \
                        Riservata è la chiave «Manage»."
                .to_owned());
        }
        Err(manager_words(&failure))
    }

    /// Makes a service that is only here, and reads its keys. `knowing`: see [`service_making::begin`].
    pub async fn io_make(&self, cx: &Cx, place: (Uuid, i32), knowing: bool) -> Result<(), Trouble> {
        let line = self.io_manager(cx.organisation).await?;
        let sheet = service_making::begin(&self.desk, cx, place, knowing).await?;
        let outcome = line.create(&sheet).await.map(|made| seen(made, Some(false)));
        service_making::made(&self.desk, cx, place.0, &outcome).await?;
        let made = outcome?;
        // IO may need some seconds for them: then they are fetched later, by a button.
        if let Ok(pair) = line.keys(&made.remote_id).await {
            self.keep_keys(cx, place.0, pair).await?;
        }
        Ok(())
    }

    /// Puts what was changed between `row`'s sheet and `ours` into the sheet that IO has now.
    pub async fn io_update(&self, cx: &Cx, row: &Model, ours: &Sheet) -> Result<(), Trouble> {
        service_name::may_be_called(&self.desk, row, &ours.name).await?;
        let (line, remote) = self.line_to(row).await?;
        let base = sheet_of(row);
        let now = line.service(remote).await?;
        if matches!(now.lifecycle, life::Lifecycle::Submitted | life::Lifecycle::Deleted) {
            let words = now.lifecycle.words().to_owned();
            service::seen(&self.desk, cx, row.id, &seen(now, None)).await?;
            return Err(Trouble::Io(Failure::Outdated { title: words }));
        }
        let differences = clashes(&base, ours, &now.sheet);
        if !differences.is_empty() {
            let merged = sheet::merge(&base, ours, &now.sheet);
            service::seen(&self.desk, cx, row.id, &seen(now, None)).await?;
            return Err(Trouble::Clash(Box::new(Clash { differences, merged })));
        }
        match line.update(remote, &base, ours).await {
            Ok(written) => Ok(service::seen(&self.desk, cx, row.id, &seen(written, None)).await?),
            Err(failure) => Err(self.looked_again(cx, row, &line, failure).await),
        }
    }

    /// What there is to know before a review.
    pub async fn io_before_review(&self, cx: &Cx, row: &Model) -> Result<Outlook, Trouble> {
        let (line, remote) = self.line_to(row).await?;
        let now = line.service(remote).await?;
        let publication = line.publication(remote).await?;
        let hidden = publication.as_ref().is_some_and(|(state, _)| *state == Publication::Unpublished);
        let published = publication.filter(|(state, _)| *state == Publication::Published);
        let by_a_person = sheet::check::human_review(published.as_ref().map(|(_, sheet)| sheet), &now.sheet);
        service::seen(&self.desk, cx, row.id, &seen(now, Some(published.is_some()))).await?;
        Ok(Outlook { by_a_person, hidden })
    }

    /// Hands a sheet in for review. What citizens see already is seen after it, too, whatever `publish` says (trap 18).
    pub async fn io_review(&self, cx: &Cx, row: &Model, publish: bool) -> Result<(), Trouble> {
        let (line, remote) = self.line_to(row).await?;
        let mut now = line.service(remote).await?;
        let publication = line.publication(remote).await?.map(|(state, _)| state);
        let published = publication == Some(Publication::Published);
        let missing = service_name::missing(&self.desk, row, &now.sheet).await?;
        if !missing.is_empty() {
            service::seen(&self.desk, cx, row.id, &seen(now, Some(published))).await?;
            return Err(Trouble::Incomplete(missing));
        }
        if let Err(failure) = line.review(remote, life::auto_publish(publication, publish)).await {
            return Err(self.looked_again(cx, row, &line, failure).await);
        }
        now.lifecycle = life::Lifecycle::Submitted;
        Ok(service::seen(&self.desk, cx, row.id, &seen(now, Some(published))).await?)
    }

    /// Asks IO where a service stands.
    pub async fn io_refresh(&self, cx: &Cx, row: &Model) -> Result<(), Trouble> {
        let (line, remote) = self.line_to(row).await?;
        let now = look(&line, remote).await?;
        Ok(service::seen(&self.desk, cx, row.id, &now).await?)
    }

    /// Lets citizens see the last approved sheet, or hides it from them.
    pub async fn io_publish(&self, cx: &Cx, row: &Model, visible: bool) -> Result<(), Trouble> {
        let (line, remote) = self.line_to(row).await?;
        if visible {
            line.publish(remote).await?;
        } else {
            line.unpublish(remote).await?;
        }
        Ok(service::published(&self.desk, cx, row.id, visible).await?)
    }

    /// Deletes a service for ever; a sheet that is only here is thrown away.
    pub async fn io_delete(&self, cx: &Cx, row: &Model) -> Result<(), Trouble> {
        service::may_be_deleted(&self.desk, row).await?;
        if row.remote_id.is_some() {
            let (line, remote) = self.line_to(row).await?;
            match line.delete(remote).await {
                Ok(()) => {}
                Err(failure) => return Err(self.looked_again(cx, row, &line, failure).await),
            }
        }
        Ok(service::deleted(&self.desk, cx, row.id).await?)
    }

    /// Sets the logo of a service; of the whole organisation with `organisation`, its code.
    pub async fn io_logo(
        &self,
        cx: &Cx,
        row: &Model,
        png: &[u8],
        organisation: Option<&str>,
    ) -> Result<(), Trouble> {
        match organisation {
            None => {
                let (line, remote) = self.line_to(row).await?;
                Ok(line.logo(remote, png).await?)
            }
            Some(code) => {
                let account = account::of(&self.desk.db.read, cx.organisation).await?;
                let keys = self.use_keys(row).ok_or(Failure::KeyRefused)?;
                let line = self.io_service(&account.base_url, cx.organisation, keys)?;
                Ok(line.organisation_logo(code, png).await?)
            }
        }
    }

    /// The line, and the name under which IO knows a service.
    async fn line_to<'a>(&self, row: &'a Model) -> Result<(Management, &'a str), Trouble> {
        let remote = row.remote_id.as_deref().filter(|_| row.lifecycle != Lifecycle::Deleted);
        let remote = remote.ok_or(Trouble::NotThere)?;
        Ok((self.io_manager(row.organisation_id).await?, remote))
    }

    /// After a refusal that says that things stand otherwise than we thought, or one of which nobody knows how it ended, they are
    /// looked at; should that fail, too, the first failure is what there is to say.
    async fn looked_again(&self, cx: &Cx, row: &Model, line: &Management, failure: Failure) -> Trouble {
        if matches!(failure, Failure::Outdated { .. } | Failure::Retry { .. })
            && let Some(remote) = &row.remote_id
            && let Ok(now) = look(line, remote).await
            && let Err(error) = service::seen(&self.desk, cx, row.id, &now).await
        {
            return Trouble::Desk(error);
        }
        Trouble::Io(failure)
    }
}

/// Lets `work` come to its end even when nobody waits for it any more: a browser that goes away must not leave a call without its note.
pub async fn to_its_end<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    match tokio::spawn(work).await {
        Ok(done) => done,
        Err(broken) => match broken.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The house is being closed, and whoever waits here with it.
            Err(_) => std::future::pending().await,
        },
    }
}

/// All that IO says of a service.
async fn look(line: &Management, remote: &str) -> Result<Seen, Failure> {
    let now = line.service(remote).await?;
    if now.lifecycle == life::Lifecycle::Deleted {
        return Ok(seen(now, Some(false)));
    }
    let publication = line.publication(remote).await?;
    Ok(seen(now, Some(publication.is_some_and(|(state, _)| state == Publication::Published))))
}

fn seen(managed: Managed, published: Option<bool>) -> Seen {
    let Managed { id, lifecycle, reason, sheet, .. } = managed;
    Seen { remote_id: id, lifecycle, reason, published, sheet }
}

/// A failure of a call with the key that manages.
#[must_use]
pub fn manager_words(failure: &Failure) -> String {
    match failure {
        Failure::KeyRefused => {
            "IO non accetta la chiave di gestione: copiala di nuovo dall’Area Riservata.".to_owned()
        }
        Failure::Refused { title } if title == "Not found" => {
            "IO non conosce (più) questo servizio.".to_owned()
        }
        Failure::Unknown { words } => format!("{words} Non si sa se IO ha fatto quello che abbiamo chiesto."),
        other => other.words(),
    }
}
