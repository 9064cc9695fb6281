//! What an operator typed for a notification, with all that is wrong with it said at once.

use entity::io_account;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{
    account,
    message::{self, Written},
    reminder,
};
use crate::{
    actions::{Cx, Error, Flaw, Result, accept},
    domain::io::{
        Remark, due_date,
        message::{Typed, read},
        recipient::Recipient,
    },
};

/// As it was typed.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    /// Given out with the form.
    pub token: Uuid,
    /// In the name of which service; `None`: none was chosen.
    pub service: Option<Uuid>,
    /// What is sent to whom.
    pub typed: Typed<'a>,
    /// How many days before the deadline it is said again; empty: not at all.
    pub remind_days: &'a str,
    /// The work order it is about.
    pub work_order: Option<Uuid>,
    /// The taxpayer it was looked up from.
    pub taxpayer: Option<Uuid>,
    /// The notification that it corrects.
    pub corrects: Option<Uuid>,
    /// The communication that it announces.
    pub attach: Option<Uuid>,
}

/// What is to be written.
///
/// # Errors
/// Everything that is wrong, field by field: `service`, those of [`Typed`], `remind_days`.
pub async fn taken(db: &impl ConnectionTrait, cx: &Cx, form: &Form<'_>) -> Result<Written> {
    let mut flaws = Vec::new();
    let message = read(&form.typed).map_err(|found| flaws.extend(found.into_iter().map(flaw))).ok();
    let code = Recipient::read(form.typed.recipient).ok();
    let code = code.as_ref().map(Recipient::as_str);
    let service = form.service.unwrap_or_default();
    match message::sendable(db, cx, service, code.unwrap_or_default()).await {
        // Without a code nobody knows whether it is one of the trial.
        Err(Error::Rejected(found)) => {
            flaws.extend(found.into_iter().filter(|flaw| code.is_some() || flaw.field != "recipient"));
        }
        Err(error) => return Err(error),
        Ok(_) => {}
    }
    let account = account::of(db, cx.organisation).await?;
    let remind_days = remind_days(&account, form, cx).map_err(|found| flaws.extend(found)).ok().flatten();
    accept(flaws)?;
    Ok(Written {
        token: form.token,
        service,
        // What could not be read has left flaws.
        message: message.ok_or(Error::NotFound)?,
        work_order: form.work_order,
        taxpayer: form.taxpayer,
        follows: form.corrects,
        remind_days,
        attach: form.attach,
    })
}

fn flaw(remark: Remark) -> Flaw {
    Flaw::new(remark.field, remark.words)
}

/// The error holds nothing where the deadline is what is wrong, which has been said.
fn remind_days(
    account: &io_account::Model,
    form: &Form<'_>,
    cx: &Cx,
) -> std::result::Result<Option<u8>, Option<Flaw>> {
    let typed = form.remind_days.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let flaw = |words: String| Some(Flaw::new("remind_days", words));
    let Some(days) = typed.parse().ok().filter(|days| reminder::DAYS.contains(days)) else {
        return Err(flaw(format!(
            "Scrivi un numero di giorni da {} a {}.",
            reminder::DAYS.start(),
            reminder::DAYS.end()
        )));
    };
    let due = match form.typed.due_date.trim() {
        "" => None,
        typed => Some(due_date::read(typed).map_err(|_| None)?),
    };
    match reminder::flaw(account, due, days, cx.now) {
        None => Ok(Some(days)),
        Some(words) => Err(flaw(words)),
    }
}
