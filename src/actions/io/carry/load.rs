//! A claimed notification is put together as it is sent, or it is found that it must not be.

use chrono::{DateTime, Utc};
use entity::{
    io_account,
    io_message::{Model, Purpose, State},
    io_service::{self, Codes, KeyInUse, Lifecycle},
};
use secrecy::SecretString;

use crate::{
    actions::{
        Desk, Error, Result,
        io::{account, reminder, remote},
        progress,
    },
    domain::io::{
        cta::Cta,
        message::{Content, Message},
        payment::Payment,
        recipient::Recipient,
        remote::Announced,
    },
    store,
};

/// It announces what stays here, and IO would knock at a door that is not there.
const NOBODY_SERVES: &str = "Rimanda a una comunicazione che IO verrebbe a prendere qui, ma i contenuti remoti sono spenti in questa \
                             installazione: scrivi tutto nel testo di una nuova notifica.";

/// Its work order turned out to be somebody else's while it waited.
const ANOTHER: &str = "Intanto si è visto che la richiesta non è di questa persona, o la persona non vuole più avvisi su IO: non le è \
                       stato scritto.";

/// A notification with what is needed to speak to IO about it. To be sent when it is `Queued`, to be asked after when it is not.
#[derive(Debug)]
pub struct Load {
    /// The notification.
    pub row: Model,
    /// As it is sent, or why it must not be.
    pub message: std::result::Result<Message, Unfit>,
    /// Where IO is.
    pub base_url: String,
    /// The key to use, and the other of the pair; `None` when there is none (any more).
    pub keys: Option<(SecretString, Option<SecretString>)>,
    /// What a reminder reminds of, if IO knows whether it was paid: to be asked before the reminder leaves.
    pub unpaid: Option<Model>,
    pub(super) service: io_service::Model,
}

/// Why a notification is not sent (now), which has nothing to do with IO's answers. In Italian.
#[derive(Clone, Debug)]
pub enum Unfit {
    /// It cannot be, or may not be any more.
    Forbidden(&'static str),
    /// A reminder of something that is over.
    Moot(String),
    /// People sleep until then.
    Quiet(DateTime<Utc>),
    /// Its service sends nothing.
    Silent(String),
}

/// What is to be done about a claimed notification. `serves`: IO finds here what a notification only announces.
pub async fn load(desk: &Desk, row: Model, serves: bool, now: DateTime<Utc>) -> Result<Load> {
    let (db, organisation) = (&desk.db.read, row.organisation_id);
    let service =
        store::io_service::by_id(db, organisation, row.io_service_id).await?.ok_or(Error::NotFound)?;
    let account = account::of(db, organisation).await?;
    let remote = remote::announced(db, &row).await?;
    let waits = row.state == State::Queued;
    let reminds_of = if waits { reminder::heard(db, &row, now).await? } else { None };
    let hindrance = match &reminds_of {
        Some(Err(why)) => Some(Unfit::Moot(why.clone())),
        _ if waits && !progress::concerns(db, &row).await? => Some(Unfit::Forbidden(ANOTHER)),
        _ if waits && remote.is_some() && !serves => Some(Unfit::Forbidden(NOBODY_SERVES)),
        _ if waits => hindrance(&row, &service, &account, now),
        _ => None,
    };
    let message = match hindrance {
        Some(unfit) => Err(unfit),
        None => message_of(&row, progress::personal(desk, &row).await?, remote).map_err(Unfit::Forbidden),
    };
    // Only where IO has said that it is not paid can it say that it is.
    let unpaid = reminds_of.and_then(std::result::Result::ok).filter(|first| first.payment_state.is_some());
    Ok(Load { message, base_url: account.base_url, keys: keys(desk, &service), unpaid, row, service })
}

/// What has changed since it was written: the last door.
fn hindrance(
    row: &Model,
    service: &io_service::Model,
    account: &io_account::Model,
    now: DateTime<Utc>,
) -> Option<Unfit> {
    const ON_TRIAL: &str = "Il servizio è in prova: si può scrivere solo ai codici fiscali di prova.";
    const GONE: &str = "Su IO questo servizio non c'è più: scrivi una nuova notifica con un altro servizio.";
    const SWITCHED_OFF: &str = "L'invio di questo servizio è spento.";
    let for_all = |codes: &Codes| codes.0.contains(&row.fiscal_code);
    if !service.test_codes.as_ref().is_none_or(for_all) {
        return Some(Unfit::Forbidden(ON_TRIAL));
    }
    if service.lifecycle == Lifecycle::Deleted {
        return Some(Unfit::Forbidden(GONE));
    }
    if !service.sends {
        return Some(Unfit::Silent(SWITCHED_OFF.to_owned()));
    }
    if service.stopped_until.is_some_and(|until| now < until) {
        return Some(Unfit::Silent(service.stopped.clone().unwrap_or_default()));
    }
    // A line that was down in the evening is no reason to ring at night.
    let disturbs = matches!(row.purpose, Purpose::Update | Purpose::Reminder);
    let morning = account::after_quiet_hours(account, now);
    (disturbs && now < morning).then_some(Unfit::Quiet(morning))
}

/// The keys of a service, the one in use first.
fn keys(desk: &Desk, service: &io_service::Model) -> Option<(SecretString, Option<SecretString>)> {
    let (first, second) = match service.key_in_use {
        KeyInUse::Primary => (&service.primary_key, &service.secondary_key),
        KeyInUse::Secondary => (&service.secondary_key, &service.primary_key),
    };
    let mut open = [first, second].into_iter().flatten().filter_map(|key| desk.keys.open(key).ok());
    Some((open.next()?.into(), open.next().map(SecretString::from)))
}

/// The row as it is sent, its words to the letter (`markdown`, with the recipient's own link); or why it must not be.
fn message_of(
    row: &Model,
    markdown: String,
    remote: Option<Announced>,
) -> std::result::Result<Message, &'static str> {
    const DAMAGED: &str = "La notifica non è più leggibile com'era stata scritta: scrivine una nuova.";
    let recipient = Recipient::read(&row.fiscal_code).map_err(|_| DAMAGED)?;
    let payment = match (row.amount_cents, &row.notice_number) {
        (Some(cents), Some(number)) => Some(Payment {
            cents: u64::try_from(cents).map_err(|_| DAMAGED)?,
            notice_number: number.clone(),
            invalid_after_due_date: row.invalid_after_due,
        }),
        _ => None,
    };
    let content = Content {
        subject: row.subject.clone(),
        // With its buttons: they stand before the text.
        body: markdown,
        cta: Cta::default(),
        secure: row.secure,
        due_date: row.due_at,
        payment,
        remote,
    };
    Ok(Message { recipient, content })
}
