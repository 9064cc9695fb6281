//! A notification is said again some days before its deadline: written together with the first, sent only if that makes sense
//! when its day has come.
//!
//! It repeats the words of the first, so it must not leave when those did not arrive (it would remind of something unheard of), when
//! they were taken back or corrected (it would repeat a mistake), or when the notice is known to be paid.

use chrono::{DateTime, Days, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::Rome;
use entity::{
    io_account, io_call,
    io_message::{ActiveModel, Model, Purpose, State},
    io_service,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

use super::{account, remote, row};
use crate::{
    actions::{Cx, Error, Flaw, Result},
    domain::{
        calendar::rome_date,
        io::{
            message::{Content, check},
            text,
        },
    },
    store,
};

/// Days before a deadline on which it can be reminded of.
pub const DAYS: std::ops::RangeInclusive<u8> = 1..=30;
/// When reminders are sent, in Italy: people are up, and offices that help them to pay are open.
const HOUR: NaiveTime = NaiveTime::from_hms_opt(10, 0, 0).expect("a time of day");
/// Why nobody is reminded of what is paid.
pub(super) const PAID: &str = "L'avviso risulta pagato.";
/// Why nobody is reminded yet.
const ON_ITS_WAY: &str = "La notifica che ricorda non risulta ancora consegnata.";
/// Repetitions of a notification that are followed to the last.
const REPETITIONS: usize = 20;

/// When a deadline is reminded of.
#[must_use]
pub fn moment(account: &io_account::Model, due: DateTime<Utc>, days: u8) -> Option<DateTime<Utc>> {
    let day = rome_date(due).checked_sub_days(Days::new(days.into()))?;
    let at = Rome.from_local_datetime(&day.and_time(HOUR)).earliest()?;
    Some(account::after_quiet_hours(account, at.to_utc()))
}

/// The words of a reminder.
///
/// # Errors
/// With its first sentence, the text of a notification that is ready to be sent is too long for IO.
fn words(first: &Model) -> Result<Content> {
    let mut content = Content::stored(first);
    let day = content.due_date.map(|due| rome_date(due).format("%d/%m/%Y").to_string()).unwrap_or_default();
    content.subject = text::fit_subject(&format!("Promemoria: {}", content.subject));
    content.body = format!("Ti ricordiamo la scadenza del {day}.\n\n{}", content.body);
    // A draft may lack anything: its reminder is written anew when it is sent.
    if first.state == State::Draft || check(&content).is_empty() {
        return Ok(content);
    }
    let words = "Con la frase del promemoria il testo è troppo lungo: accorcialo, o togli il promemoria.";
    Err(Error::Rejected(vec![Flaw::new("body", words)]))
}

/// What is wrong with a wish to be reminded.
#[must_use]
pub fn flaw(
    account: &io_account::Model,
    due: Option<DateTime<Utc>>,
    days: u8,
    now: DateTime<Utc>,
) -> Option<String> {
    let Some(due) = due else {
        return Some("Per il promemoria serve una scadenza.".to_owned());
    };
    match moment(account, due, days) {
        Some(at) if at > now && at < due => None,
        _ => Some("Quel giorno è già passato: scrivi meno giorni, o lascia vuoto.".to_owned()),
    }
}

/// Writes the reminder that was wished for, if any was.
pub(super) async fn plan(
    tx: &DatabaseTransaction,
    cx: &Cx,
    account: &io_account::Model,
    service: &io_service::Model,
    (first, days): (&Model, Option<u8>),
) -> Result<()> {
    let Some(days) = days else { return Ok(()) };
    if let Some(flaw) = flaw(account, first.due_at, days, cx.now) {
        return Err(Error::Rejected(vec![Flaw::new("remind_days", flaw)]));
    }
    let row = Model {
        purpose: Purpose::Reminder,
        follows_id: Some(first.id),
        once: Some(format!("reminder/{}", first.id)),
        next_at: first.due_at.and_then(|due| moment(account, due, days)),
        work_order_id: first.work_order_id,
        taxpayer_id: first.taxpayer_id,
        ..row::saying(cx, service, &first.fiscal_code, &words(first)?)
    };
    let id = row.id;
    if store::io_message::insert(tx, vec![row]).await? == 1 {
        // The same words speak of the same communication.
        remote::repeated(tx, cx, first.id, id).await?;
    }
    Ok(())
}

/// Takes the reminder of a notification away that will not be sent as it is. One that has left stays.
pub(super) async fn unplan(tx: &DatabaseTransaction, cx: &Cx, first: Uuid) -> Result<()> {
    for row in store::io_message::following(tx, cx.organisation, first).await? {
        let waits = matches!(row.state, State::Draft | State::Queued);
        if row.purpose == Purpose::Reminder
            && waits
            && !store::io_message::delete(tx, (cx.organisation, row.id), &[row.state]).await?
        {
            return Err(Error::Conflict("Il promemoria sta partendo: aspetta un minuto e riprova."));
        }
    }
    Ok(())
}

/// Why a reminder must not leave; `None`: it may, or it is none.
///
/// # Errors
/// The database.
pub async fn may_leave(db: &impl ConnectionTrait, row: &Model, now: DateTime<Utc>) -> Result<Option<String>> {
    Ok(heard(db, row, now).await?.and_then(std::result::Result::err))
}

/// Why a reminder that waits for its day will not leave, as far as is known now; `None`: it may, or what it reminds of is still on its
/// way.
///
/// # Errors
/// The database.
pub async fn is_in_vain(
    db: &impl ConnectionTrait,
    row: &Model,
    now: DateTime<Utc>,
) -> Result<Option<String>> {
    if row.state != State::Queued {
        return Ok(None);
    }
    Ok(may_leave(db, row, now).await?.filter(|why| why != ON_ITS_WAY))
}

/// The notification that arrived, of which a reminder reminds; or why the reminder must not leave. `None`: it is no reminder.
///
/// # Errors
/// The database.
pub async fn heard(
    db: &impl ConnectionTrait,
    row: &Model,
    now: DateTime<Utc>,
) -> Result<Option<std::result::Result<Model, String>>> {
    let (Purpose::Reminder, Some(first)) = (row.purpose, row.follows_id) else { return Ok(None) };
    if row.due_at.is_some_and(|due| due <= now) {
        return Ok(Some(Err("La scadenza è già passata.".to_owned())));
    }
    let Some(mut first) = store::io_message::by_id(db, row.organisation_id, first).await? else {
        return Ok(Some(Err("La notifica che ricorda non c'è più.".to_owned())));
    };
    // What did not arrive may have been sent again: then that is what it reminds of.
    for _ in 0..REPETITIONS {
        let following = store::io_message::following(db, row.organisation_id, first.id).await?;
        if following.iter().any(|one| one.purpose == Purpose::Correction && one.state != State::Draft) {
            return Ok(Some(Err("Quello che ricorda è stato corretto da un'altra notifica.".to_owned())));
        }
        match following.into_iter().find(|one| one.purpose == Purpose::Repeat && one.state != State::Draft) {
            Some(again) => first = again,
            None => break,
        }
    }
    let why = match first.state {
        State::Processed if first.payment_state.as_deref() == Some("paid") => PAID,
        State::Processed => return Ok(Some(Ok(first))),
        State::Draft => "La notifica che ricorda è stata ritirata.",
        State::Queued | State::Sending | State::Accepted => ON_ITS_WAY,
        _ => "La notifica che ricorda non risulta consegnata.",
    };
    Ok(Some(Err(why.to_owned())))
}

/// Gives up a reminder that was claimed and must not leave: a draft again, with the reason.
pub(super) async fn call_off(
    tx: &DatabaseTransaction,
    cx: &Cx,
    (row, owner): (&Model, Uuid),
    why: String,
) -> Result<()> {
    let words = format!("Promemoria annullato. {why}");
    let change = ActiveModel {
        state: Set(State::Draft),
        attempts: Set(row.attempts - 1),
        next_at: Set(None),
        lease_owner: Set(None),
        lease_until: Set(None),
        last_error: Set(Some(why)),
        ..Default::default()
    };
    if store::io_message::carry::step(tx, row, owner, change).await? {
        let call = row::call(cx, row.id, io_call::Call::Operator, &words);
        store::io_message::insert_call(tx, call).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reminder_comes_at_a_decent_hour_of_a_day_in_italy() {
        let account = account::standard(Uuid::nil());
        let at = |due: &str, days| moment(&account, due.parse().unwrap(), days).map(|at| at.to_rfc3339());
        assert_eq!(at("2026-01-12T22:59:59Z", 3).as_deref(), Some("2026-01-09T09:00:00+00:00"));
        assert_eq!(
            at("2026-03-30T21:59:59Z", 1).as_deref(),
            Some("2026-03-29T08:00:00+00:00"),
            "the clocks changed"
        );
        let quiet = io_account::Model { quiet_from: Some(9 * 60), quiet_until: Some(14 * 60), ..account };
        let at = moment(&quiet, "2026-01-12T22:59:59Z".parse().unwrap(), 3).unwrap();
        assert_eq!(at.to_rfc3339(), "2026-01-09T13:00:00+00:00");
    }
}
