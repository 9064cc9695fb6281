//! A notification as the citizen sees it, in the app and in the mail into which IO forwards it; and what reads badly in it.

use chrono::{DateTime, Utc};
use entity::{io_message::Model, io_service};
use serde::Serialize;

use crate::domain::io::{
    Remark,
    cta::{Cta, Front, split},
    lint::{Circumstances, lint_content},
    message::Content,
    payment::{Payment, written},
    preview::{drawn, forwarded},
    recipient::Recipient,
    sheet::Sheet,
    text::units,
};

/// Context of `parts/io_preview.html`.
#[derive(Debug, Serialize)]
pub struct Preview {
    service: String,
    subject: String,
    html: String,
    buttons: Vec<Button>,
    due_at: Option<DateTime<Utc>>,
    amount: Option<String>,
    notice_number: Option<String>,
    /// The forwarded mail; `None` where none is sent on.
    mail: Option<String>,
    /// Units of the text that its buttons take up.
    front: usize,
}

#[derive(Debug, Serialize)]
struct Button {
    text: String,
    opens: String,
}

/// What reads badly, or may be a slip.
#[derive(Debug, Serialize)]
pub struct Hint {
    field: &'static str,
    words: String,
}

impl Preview {
    /// As it would be. `service` is the one it is sent for, when that is known.
    pub fn of(content: &Content, service: Option<&io_service::Model>) -> Self {
        let markdown = content.markdown();
        let sheet_says = || service.is_some_and(|service| sheet(service).require_secure_channel);
        let quiet = content.secure.unwrap_or_else(sheet_says);
        let button = |button: &crate::domain::io::cta::Button| Button {
            text: button.text.clone(),
            opens: button.action.trim_start_matches("iohandledlink://").to_owned(),
        };
        Self {
            service: service.map(|service| service.name.clone()).unwrap_or_default(),
            subject: content.subject.clone(),
            html: drawn(&content.body),
            buttons: content.cta.it.iter().map(button).collect(),
            due_at: content.due_date,
            amount: content.payment.as_ref().map(|payment| written(payment.cents)),
            notice_number: content.payment.as_ref().map(|payment| payment.notice_number.clone()),
            mail: (!quiet).then(|| forwarded(&markdown).trim().to_owned()),
            front: units(&markdown) - units(&content.body),
        }
    }
}

/// What a stored notification says.
pub fn content_of(row: &Model) -> Content {
    let (cta, body) = match split(&row.markdown) {
        Front::Buttons(cta, body) => (cta, body),
        _ => (Cta::default(), row.markdown.as_str()),
    };
    let cents = row.amount_cents.and_then(|cents| u64::try_from(cents).ok());
    let payment = cents.zip(row.notice_number.clone()).map(|(cents, notice_number)| Payment {
        cents,
        notice_number,
        invalid_after_due_date: row.invalid_after_due,
    });
    Content {
        subject: row.subject.clone(),
        body: body.to_owned(),
        cta,
        secure: row.secure,
        due_date: row.due_at,
        payment,
        ..Content::default()
    }
}

fn sheet(service: &io_service::Model) -> Sheet {
    serde_json::from_value(service.sheet.clone()).unwrap_or_default()
}

/// Advice on a message, which stops nobody.
pub fn hints(
    content: &Content,
    recipient: Option<&Recipient>,
    service: Option<&io_service::Model>,
    now: DateTime<Utc>,
) -> Vec<Hint> {
    let most = service.map(|service| sheet(service).max_allowed_payment_amount);
    let circumstances = Circumstances {
        now,
        trial: service.is_some_and(|service| service.test_codes.is_some()),
        most_cents: most.filter(|most| *most > 0),
    };
    let doubtful = recipient.filter(|recipient| recipient.is_doubtful()).map(|_| {
        Remark::new(
            "recipient",
            "L'ultima lettera del codice fiscale non corrisponde alle altre: forse c'è un errore di battitura.",
        )
    });
    let found = doubtful.into_iter().chain(lint_content(content, &circumstances));
    found.map(|hint| Hint { field: page_field(hint.field), words: hint.words.into_owned() }).collect()
}

/// The page has fields for two buttons where the rules know one list of them.
pub fn page_field(field: &'static str) -> &'static str {
    if field == "cta" { "button_1_text" } else { field }
}
