//! A notification as the citizen sees it, in the app and in the mail into which IO forwards it; and what reads badly in it.

use chrono::{DateTime, Utc};
use entity::{io_message::Model, io_service};
use serde::Serialize;

use crate::{
    actions::{io::form, progress},
    app::App,
    domain::io::{
        Remark,
        cta::{self, Front, split},
        lint::lint_content,
        message::Content,
        payment::written,
        preview::{drawn, forwarded},
        recipient::{DOUBT, Recipient},
        sheet::Sheet,
        text::units,
        unfit,
    },
    web::error::Result,
    wording::PERSONAL_URL,
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
    /// It cannot be paid after the deadline.
    invalid_after_due: bool,
    /// The forwarded mail; `None` where none is sent on.
    mail: Option<String>,
    /// Units of the text that its buttons take up.
    front: usize,
    /// A button that would open the personal page of whoever wrote does not leave.
    lost: bool,
}

#[derive(Debug, Serialize)]
struct Button {
    text: String,
    /// `None`: the recipient's own page, whose address is theirs alone.
    opens: Option<String>,
}

/// Whether the button that opens the recipient's own page is there when a notification leaves.
pub async fn keeps_link(app: &App, row: &Model) -> Result<bool> {
    if !row.markdown.contains(PERSONAL_URL) {
        return Ok(true);
    }
    let leaves = progress::personal(&app.desk, row).await?;
    Ok(matches!(split(&leaves), Front::Buttons(..)))
}

/// What reads badly, or may be a slip.
#[derive(Debug, Serialize)]
pub struct Hint {
    field: &'static str,
    words: String,
}

impl Preview {
    /// As it would be. `service` is the one it is sent for, when that is known; `linked` says whether a button can open the
    /// recipient's own page ([`keeps_link`]).
    pub fn of(content: &Content, service: Option<&io_service::Model>, linked: bool) -> Self {
        let personal = cta::action(PERSONAL_URL).unwrap_or_default();
        let lost = !linked && content.cta.it.iter().any(|button| button.action == personal);
        let mut content = content.clone();
        if lost {
            content.body = cta::without_buttons(&content.body, &content.cta);
            content.cta = cta::Cta::default();
        }
        let markdown = content.markdown();
        let sheet_says = || service.is_some_and(|service| sheet(service).require_secure_channel);
        let quiet = content.secure.unwrap_or_else(sheet_says);
        let button = |button: &crate::domain::io::cta::Button| Button {
            text: button.text.clone(),
            opens: (button.action != personal)
                .then(|| button.action.trim_start_matches("iohandledlink://").to_owned()),
        };
        Self {
            service: service.map(|service| service.name.clone()).unwrap_or_default(),
            subject: content.subject.clone(),
            html: drawn(&content.body),
            buttons: content.cta.it.iter().map(button).collect(),
            due_at: content.due_date,
            amount: content.payment.as_ref().map(|payment| written(payment.cents)),
            notice_number: content.payment.as_ref().map(|payment| payment.notice_number.clone()),
            invalid_after_due: content.payment.as_ref().is_some_and(|payment| payment.invalid_after_due_date),
            mail: (!quiet).then(|| forwarded(&markdown).trim().to_owned()),
            front: units(&markdown) - units(&content.body),
            lost,
        }
    }
}

fn sheet(service: &io_service::Model) -> Sheet {
    serde_json::from_value(service.sheet.clone()).unwrap_or_default()
}

/// What is said of a message: why it does not leave as it is, and advice, which stops nobody.
pub fn remarks(
    content: &Content,
    recipient: Option<&Recipient>,
    service: Option<&io_service::Model>,
    now: DateTime<Utc>,
) -> (Vec<Hint>, Vec<Hint>) {
    let hint = |field: &'static str, words: String| Hint { field: page_field(field), words };
    let circumstances = form::circumstances(service, now);
    let stops = unfit::unfit(content, &circumstances);
    let doubtful = recipient.filter(|recipient| recipient.is_doubtful());
    let doubtful = doubtful.map(|_| Remark::new("recipient", DOUBT));
    let found = doubtful.into_iter().chain(lint_content(content, &circumstances));
    let advice = found.filter(|remark| !stops.contains(remark)).collect::<Vec<_>>();
    let shown = |remarks: Vec<Remark>| {
        remarks.into_iter().map(|remark| hint(remark.field, remark.words.into_owned())).collect()
    };
    (shown(stops), shown(advice))
}

/// The page has fields for two buttons where the rules know one list of them.
fn page_field(field: &'static str) -> &'static str {
    if field == "cta" { "button_1_text" } else { field }
}
