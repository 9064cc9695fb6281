//! Lines out that stay open between letters, and a letter that leaves by one.

use std::{collections::HashMap, time::Duration};

use entity::mailbox;
use uuid::Uuid;

use crate::{
    actions,
    app::App,
    channel::email::{compose::compose, smtp::Mailer},
    domain::mail::{OutgoingLetter, SendOutcome},
};

/// Lines by mailbox and version of its settings.
#[derive(Debug, Default)]
pub(super) struct Lines(HashMap<Uuid, (i32, Mailer)>);

impl Lines {
    /// The line of a mailbox.
    ///
    /// # Errors
    /// Why there is none, in a sentence.
    pub(super) fn to(&mut self, app: &App, mailbox: &mailbox::Model) -> Result<Mailer, String> {
        if let Some((version, line)) = self.0.get(&mailbox.id)
            && *version == mailbox.version
        {
            return Ok(line.clone());
        }
        let line = app.mailer(mailbox)?;
        self.0.insert(mailbox.id, (mailbox.version, line.clone()));
        Ok(line)
    }
}

/// Writes a letter and hands it over.
pub(super) async fn send(line: &Mailer, letter: OutgoingLetter) -> SendOutcome {
    let composed = tokio::task::spawn_blocking(move || compose(&letter).map(|raw| (letter, raw))).await;
    let (letter, raw) = match composed {
        Ok(Ok(composed)) => composed,
        Ok(Err(error)) => return SendOutcome::Refused(error.to_string()),
        Err(error) => return SendOutcome::Retry(error.to_string()),
    };
    // The line has time limits of its own for each step; this one bounds their sum, inside the lease.
    let limit = actions::deliver::LEASE.to_std().unwrap_or_default().saturating_sub(Duration::from_secs(30));
    match tokio::time::timeout(limit, line.send(&letter, &raw)).await {
        Ok(outcome) => outcome,
        Err(_) => SendOutcome::Retry(format!("il server non ha risposto entro {} secondi", limit.as_secs())),
    }
}
