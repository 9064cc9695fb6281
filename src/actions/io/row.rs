//! A notification as it is written down: the rows of which it is made.

use entity::{
    communication::{self, Channel, Direction},
    io_call::{self, Call},
    io_message::{Model, Purpose, State},
    io_service, work_order,
};
use uuid::Uuid;

use crate::{
    actions::{Cx, reply},
    domain::io::{
        message::{Content, Message},
        preview,
    },
    store,
};

/// A notification that waits to be sent.
pub(in crate::actions) fn waiting(cx: &Cx, service: &io_service::Model, message: &Message) -> Model {
    saying(cx, service, message.recipient.as_str(), &message.content)
}

/// The same, to a code that may be missing.
pub(super) fn saying(cx: &Cx, service: &io_service::Model, code: &str, content: &Content) -> Model {
    let payment = content.payment.as_ref();
    Model {
        fiscal_code: code.to_owned(),
        subject: content.subject.clone(),
        markdown: content.markdown(),
        secure: content.secure,
        due_at: content.due_date,
        amount_cents: payment.and_then(|payment| i64::try_from(payment.cents).ok()),
        notice_number: payment.map(|payment| payment.notice_number.clone()),
        invalid_after_due: payment.is_some_and(|payment| payment.invalid_after_due_date),
        ..blank(cx, service)
    }
}

/// One that says nothing yet, of which nothing is known.
pub(super) fn blank(cx: &Cx, service: &io_service::Model) -> Model {
    Model {
        id: store::io_message::id_at(cx.now),
        organisation_id: cx.organisation,
        io_service_id: service.id,
        purpose: Purpose::Single,
        work_order_id: None,
        communication_id: None,
        taxpayer_id: None,
        fiscal_code: String::new(),
        subject: String::new(),
        markdown: String::new(),
        secure: None,
        due_at: None,
        amount_cents: None,
        notice_number: None,
        invalid_after_due: false,
        once: None,
        follows_id: None,
        author_id: cx.actor,
        state: State::Queued,
        attempts: 0,
        looks: 0,
        next_at: Some(cx.now),
        lease_owner: None,
        lease_until: None,
        remote_id: None,
        last_error: None,
        push_state: None,
        mail_state: None,
        read_state: None,
        payment_state: None,
        created_at: cx.now,
        accepted_at: None,
        settled_at: None,
    }
}

/// A notification with the words of another one.
pub(super) fn with_words(before: &Model, said: Model) -> Model {
    Model {
        io_service_id: said.io_service_id,
        taxpayer_id: said.taxpayer_id,
        fiscal_code: said.fiscal_code,
        subject: said.subject,
        markdown: said.markdown,
        secure: said.secure,
        due_at: said.due_at,
        amount_cents: said.amount_cents,
        notice_number: said.notice_number,
        invalid_after_due: said.invalid_after_due,
        ..before.clone()
    }
}

/// The words of a notification in the thread of its work order.
pub(in crate::actions) fn communication(
    cx: &Cx,
    order: &work_order::Model,
    service: &io_service::Model,
    message: &Model,
) -> communication::Model {
    communication::Model {
        direction: Direction::Out,
        channel: Channel::Io,
        automatic: cx.actor.is_none(),
        from_name: service.name.clone(),
        subject: message.subject.clone(),
        text: preview::plain(&message.markdown),
        author_id: cx.actor,
        ..reply::blank(cx, order, Uuid::now_v7())
    }
}

/// The record of a call.
pub(super) fn call(cx: &Cx, message: Uuid, call: Call, words: &str) -> io_call::Model {
    io_call::Model {
        id: Uuid::now_v7(),
        organisation_id: cx.organisation,
        io_message_id: message,
        call,
        author_id: cx.actor,
        words: words.to_owned(),
        at: cx.now,
    }
}
