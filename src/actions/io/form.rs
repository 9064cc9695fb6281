//! What an operator typed for a notification, with all that is wrong with it said at once.

use chrono::{DateTime, Utc};
use entity::{io_account, io_service};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{
    account,
    draft::Kept,
    message::{self, Written},
    reminder,
};
use crate::{
    actions::{Cx, Error, Flaw, Result, accept},
    domain::io::{
        Remark, due_date,
        lint::Circumstances,
        message::{Content, Message, Typed, sketch},
        recipient::{DOUBT, Recipient},
        sheet::Sheet,
        text::units,
        unfit as rules,
    },
    store,
};

/// What is left to be written in a prefilled text. One that still holds it is not sent.
pub const TO_WRITE: &str = "(da scrivere)";

/// UTF-16 units of a title, or of a text with its buttons, that a draft keeps: twice what IO takes, for whoever shortens it later.
pub const KEPT: usize = 20_000;

/// As it was typed.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    /// Given out with the form.
    pub token: Uuid,
    /// In the name of which service; `None`: none was chosen.
    pub service: Option<Uuid>,
    /// What is sent to whom.
    pub typed: Typed<'a>,
    /// The code that was said to be right although its last letter does not fit.
    pub sure: &'a str,
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
    let sketch = sketch(&form.typed);
    let mut flaws: Vec<Flaw> = sketch.flaws().into_iter().map(flaw).collect();
    let code = sketch.recipient.as_ref().map(Recipient::as_str);
    let id = form.service.unwrap_or_default();
    let service = store::io_service::by_id(db, cx.organisation, id).await?;
    match message::sendable(db, cx, id, code.unwrap_or_default()).await {
        // Without a code nobody knows whether it is one of the trial.
        Err(Error::Rejected(found)) => {
            flaws.extend(found.into_iter().filter(|flaw| code.is_some() || flaw.field != "recipient"));
        }
        Err(error) => return Err(error),
        Ok(_) => {}
    }
    if let Some(recipient) = &sketch.recipient {
        flaws.extend(doubt(db, cx, recipient, form.sure).await?);
    }
    // Half a payment has been said to be half a payment.
    let pays = sketch.cents.is_some() || sketch.notice_number.is_some();
    let further = unfit(&sketch.content, service.as_ref(), cx.now).into_iter().filter(|flaw| {
        sketch.content.payment.is_some()
            || !(pays && ["amount", "notice_number"].contains(&flaw.field.as_ref()))
    });
    add(&mut flaws, further);
    let account = account::of(db, cx.organisation).await?;
    let remind_days = remind_days(&account, form, cx).map_err(|found| flaws.extend(found)).ok().flatten();
    accept(flaws)?;
    Ok(Written {
        token: form.token,
        service: id,
        message: Message {
            // What could not be read has left flaws.
            recipient: sketch.recipient.ok_or(Error::NotFound)?,
            content: sketch.content,
        },
        work_order: form.work_order,
        taxpayer: form.taxpayer,
        follows: form.corrects,
        remind_days,
        attach: form.attach,
    })
}

/// What is to be kept as a draft: anything may be missing but the service, under whose name it is listed.
///
/// # Errors
/// What cannot be read, or is longer than [`KEPT`], field by field: it would be lost.
pub async fn kept(db: &impl ConnectionTrait, cx: &Cx, form: &Form<'_>) -> Result<Kept> {
    let sketch = sketch(&form.typed);
    let mut flaws: Vec<Flaw> = sketch.unreadable.iter().cloned().map(flaw).collect();
    let content = &sketch.content;
    for (field, units) in [("subject", units(&content.subject)), ("body", units(&content.markdown()))] {
        if units > KEPT {
            let words = format!("La bozza tiene al massimo 20.000 caratteri: {} di troppo.", units - KEPT);
            flaws.push(Flaw::new(field, words));
        }
    }
    let service = match form.service {
        Some(id) => store::io_service::by_id(db, cx.organisation, id).await?,
        None => None,
    };
    if service.is_none() {
        flaws.push(Flaw::new("service", "Scegli un servizio: la bozza si ritrova con quello."));
    }
    let account = account::of(db, cx.organisation).await?;
    let remind_days = remind_days(&account, form, cx).map_err(|found| flaws.extend(found)).ok().flatten();
    accept(flaws)?;
    Ok(Kept {
        token: form.token,
        service: service.ok_or(Error::NotFound)?,
        sketch,
        work_order: form.work_order,
        taxpayer: form.taxpayer,
        follows: form.corrects,
        remind_days,
        attach: form.attach,
    })
}

/// Asks about a code whose last letter does not fit: IO takes it, and it is nearly always a slip of the finger. Not about one that stands
/// so in the register. `sure`: the code that was said to be right.
pub(super) async fn doubt(
    db: &impl ConnectionTrait,
    cx: &Cx,
    recipient: &Recipient,
    sure: &str,
) -> Result<Option<Flaw>> {
    if !recipient.is_doubtful() || Recipient::read(sure).as_ref() == Ok(recipient) {
        return Ok(None);
    }
    let code = recipient.as_str();
    let people = store::taxpayer::by_codes(db, cx.organisation, &[code.to_owned()]).await?;
    let is_known = people.iter().any(|one| one.fiscal_code.as_deref() == Some(code));
    Ok((!is_known).then(|| Flaw::new("sure", DOUBT)))
}

/// Why words must not leave in the name of a service: see [`domain::unfit`](crate::domain::io::unfit). And whoever prepared them has
/// left something to be written.
#[must_use]
pub fn unfit(content: &Content, service: Option<&io_service::Model>, now: DateTime<Utc>) -> Vec<Flaw> {
    let mut flaws: Vec<Flaw> =
        rules::unfit(content, &circumstances(service, now)).into_iter().map(flaw).collect();
    if content.body.contains(TO_WRITE) {
        flaws.push(Flaw::new("body", format!("Completa il testo: c’è ancora «{TO_WRITE}».")));
    }
    flaws
}

/// On what the rules depend beside the words.
#[must_use]
pub fn circumstances(service: Option<&io_service::Model>, now: DateTime<Utc>) -> Circumstances {
    let sheet = |service: &io_service::Model| {
        serde_json::from_value::<Sheet>(service.sheet.clone()).unwrap_or_default().max_allowed_payment_amount
    };
    Circumstances {
        now,
        trial: service.is_some_and(|service| service.test_codes.is_some()),
        // Nothing: IO has not set a bound yet.
        most_cents: service.map(sheet).filter(|most| *most > 0),
    }
}

/// More flaws, but for fields of which nothing was said yet.
pub(super) fn add(flaws: &mut Vec<Flaw>, further: impl IntoIterator<Item = Flaw>) {
    let said = |flaw: &Flaw| flaws.iter().any(|one| one.field == flaw.field);
    let further: Vec<Flaw> = further.into_iter().filter(|flaw| !said(flaw)).collect();
    flaws.extend(further);
}

pub(super) fn flaw(remark: Remark) -> Flaw {
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
