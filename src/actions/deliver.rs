//! The desk's part in sending: what the letter says, and what becomes of it. Carrying it is the porter's job.
//!
//! A letter is claimed with a lease longer than any attempt may last, so two processes never hold it together. If a
//! process dies between the server's yes and [`settle`], nobody can know whether the letter left: it is sent again when
//! the lease has run out, with the same Message-ID, the same date and the same bytes, so that mail programs show one
//! letter; `repeats` and the history say that it happened. The other order, to note first and send after, would lose
//! letters instead: a citizen who reads a letter twice is the smaller harm.

use chrono::{DateTime, Duration, Utc};
use entity::{
    communication::Address,
    delivery::{ActiveModel, Model, State},
    event::Verb,
    follower,
    language::Language,
    mailbox,
    work_order::Status,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;
use uuid::Uuid;

use super::{Cx, Desk, Error, Result, events, micros};
use crate::{
    domain::{
        link,
        mail::{File, OutgoingLetter, SendOutcome},
        retry, text, thread,
    },
    store,
    wording::{self, PERSONAL_LINK},
};

/// How long a claimed letter is nobody else's. Longer than the longest attempt (`delivery.timeout_seconds` ≤ 240).
pub const LEASE: Duration = Duration::minutes(5);

/// Takes up to `limit` letters whose time has come.
pub async fn claim(desk: &Desk, owner: Uuid, now: DateTime<Utc>, limit: u64) -> Result<Vec<Model>> {
    let now = micros(now);
    let tx = desk.db.begin().await?;
    let claimed = store::delivery::claim(&tx, owner, now, now + LEASE, limit).await?;
    for delivery in claimed.iter().filter(|delivery| delivery.repeats > 0) {
        let cx = Cx::system(delivery.organisation_id, now);
        let event = cx.event(delivery.work_order_id, Verb::Repeated, json!({ "to": delivery.recipient }));
        events::append(&tx, [event]).await?;
    }
    tx.commit().await?;
    Ok(claimed)
}

/// Lets go of what an earlier life of this owner had in hand when it was killed: such letters are claimed again at once,
/// as repeats, instead of when their lease has run out.
pub async fn take_up(desk: &Desk, owner: Uuid, now: DateTime<Utc>) -> Result<()> {
    let tx = desk.db.begin().await?;
    store::delivery::end_leases(&tx, owner, micros(now)).await?;
    tx.commit().await?;
    Ok(())
}

/// A claimed letter as it will be composed, and the mailbox by which it leaves.
pub async fn letter(desk: &Desk, delivery: &Model) -> Result<(OutgoingLetter, mailbox::Model)> {
    let (db, organisation) = (&desk.db.read, delivery.organisation_id);
    let words = store::communication::by_id(db, organisation, delivery.communication_id)
        .await?
        .ok_or(Error::NotFound)?;
    let mailbox =
        store::mailbox::by_id(db, organisation, delivery.mailbox_id).await?.ok_or(Error::NotFound)?;
    let mut attachments = Vec::new();
    for file in store::attachment::of_communications(db, organisation, &[words.id]).await? {
        let bytes = store::blob::bytes(db, organisation, &file.hash).await?.ok_or(Error::NotFound)?;
        attachments.push(File {
            name: file.name,
            media_type: file.media_type,
            content_id: file.content_id,
            bytes,
        });
    }
    let pec = mailbox.kind == mailbox::Kind::Pec;
    let return_path = match words.automatic {
        // Technical rules of PEC: the return path is the mailbox.
        _ if pec => Some(mailbox.address.clone()),
        true => None,
        false if mailbox.sub_addressing => {
            thread::return_path(&desk.keys, delivery.id, &mailbox.address).or(Some(mailbox.address.clone()))
        }
        false => Some(mailbox.address.clone()),
    };
    // PEC: who is named must be who receives, or the provider does not accept it. Each letter goes to one recipient.
    let (to, cc) = if pec {
        (vec![Address { name: String::new(), address: delivery.recipient.clone() }], Vec::new())
    } else {
        (words.recipients.0, words.copies.0)
    };
    let reply_to = mailbox
        .sub_addressing
        .then(|| thread::reply_address(&desk.keys, delivery.work_order_id, &mailbox.address));
    let reader =
        store::follower::by_address(db, organisation, delivery.work_order_id, &delivery.recipient).await?;
    let language = reader.as_ref().map_or_else(Language::default, |reader| reader.language);
    let text = personal(desk, reader.as_ref(), organisation, words.text).await?;
    let letter = OutgoingLetter {
        message_id: thread::message_id(&desk.keys, delivery.id, &mailbox.address),
        date: delivery.created_at,
        from: Address { name: words.from_name, address: words.from_address },
        reply_to: reply_to.flatten().map(|address| Address { name: mailbox.name.clone(), address }),
        to,
        cc,
        recipient: delivery.recipient.clone(),
        subject: words.subject,
        text,
        language,
        references: words.references.split(' ').filter(|id| !id.is_empty()).map(str::to_owned).collect(),
        attachments,
        automatic: words.automatic,
        return_path,
        pec,
    };
    Ok((letter, mailbox))
}

/// Puts the recipient's own link where the letter has the mark for it. Whoever has none gets the letter without those lines.
async fn personal(
    desk: &Desk,
    reader: Option<&follower::Model>,
    organisation: Uuid,
    text: String,
) -> Result<String> {
    if !text.contains(PERSONAL_LINK) {
        return Ok(text);
    }
    let portal = store::portal::of(&desk.db.read, organisation).await?;
    Ok(match reader.zip(portal) {
        Some((reader, portal)) => {
            let link = format!("{}/segui/{}", desk.portal_url(&portal), link::follower(&desk.keys, reader));
            text.replace(PERSONAL_LINK, &link)
        }
        None => wording::without_link(&text),
    })
}

/// Writes down how an attempt ended. A refusal puts the work order back in front of its operator.
pub async fn settle(
    desk: &Desk,
    delivery: &Model,
    owner: Uuid,
    outcome: &SendOutcome,
    now: DateTime<Utc>,
) -> Result<State> {
    let cx = Cx::system(delivery.organisation_id, now);
    let too_old = cx.now - delivery.created_at > Duration::days(desk.rules.give_up_days);
    let again = |words: &str| ActiveModel {
        state: Set(State::Pending),
        next_attempt_at: Set(cx.now + retry::letter_pause(delivery.attempts, delivery.id)),
        last_error: Set(Some(text::shortened(words, 1000))),
        ..Default::default()
    };
    let end = |state, words: Option<&str>| ActiveModel {
        state: Set(state),
        settled_at: Set(Some(cx.now)),
        last_error: Set(words.map(|words| text::shortened(words, 1000))),
        ..Default::default()
    };
    let (state, change) = match outcome {
        SendOutcome::Sent => (State::Sent, end(State::Sent, None)),
        SendOutcome::Refused(words) => (State::Refused, end(State::Refused, Some(words))),
        SendOutcome::Retry(words) | SendOutcome::AccountRefused(words) if too_old => {
            (State::Refused, end(State::Refused, Some(words)))
        }
        SendOutcome::Retry(words) | SendOutcome::AccountRefused(words) => (State::Pending, again(words)),
    };
    let tx = desk.db.begin().await?;
    if !store::delivery::settle(&tx, delivery.id, owner, change).await? {
        // The lease had run out and another process has the letter: its note will be the one that counts.
        return Ok(state);
    }
    let exit_error = match outcome {
        SendOutcome::AccountRefused(words) => Some(Some(text::shortened(words, 1000))),
        SendOutcome::Sent => Some(None),
        _ => None,
    };
    if let Some(exit_error) = exit_error {
        store::mailbox::set_exit_error(&tx, delivery.mailbox_id, exit_error).await?;
    }
    match state {
        State::Sent => {
            let event = cx.event(delivery.work_order_id, Verb::Sent, json!({ "to": delivery.recipient }));
            events::append(&tx, [event]).await?;
        }
        State::Refused => refused(&tx, &cx, delivery).await?,
        State::Pending | State::Held | State::Sending => {}
    }
    tx.commit().await?;
    if state == State::Refused {
        // Its work order may have been put back to work, and apps are told of that.
        desk.wake.errands.notify_one();
    }
    Ok(state)
}

async fn refused(tx: &sea_orm::DatabaseTransaction, cx: &Cx, delivery: &Model) -> Result<()> {
    let data = json!({ "to": delivery.recipient });
    events::append(tx, [cx.event(delivery.work_order_id, Verb::Refused, data)]).await?;
    let order = store::work_order::by_id(tx, cx.organisation, delivery.work_order_id)
        .await?
        .ok_or(Error::NotFound)?;
    // An acknowledgement that cannot arrive says nothing about the work.
    if !delivery.automatic && matches!(order.status, Status::Closed | Status::Waiting) {
        super::work_order::set_status(tx, cx, &order, Some(Status::InProgress), &[]).await?;
    }
    Ok(())
}
