//! The form of a notification as it stands on the page.

use chrono::{DateTime, Utc};
use entity::{io_message::Model, taxpayer};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::preview::content_of;
use crate::{
    actions::io::form::Form,
    domain::{
        calendar::rome,
        io::{
            cta::{Button, Cta, action},
            due_date,
            message::{Content, Typed},
            payment::{Payment, read_amount, read_notice_number, written},
        },
        text,
    },
};

/// Most characters that any field keeps when the form is shown again: twice what IO takes.
const KEPT: usize = 20_000;

/// What was typed, or is stored.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Sheet {
    /// Given out with the form.
    pub token: Uuid,
    /// Id of a service.
    pub service: String,
    /// Codice fiscale.
    pub recipient: String,
    /// The taxpayer it was looked up from.
    pub taxpayer: String,
    /// What is sought in the register.
    pub q: String,
    /// Title.
    pub subject: String,
    /// Text, Markdown.
    pub body: String,
    button_1_text: String,
    button_1_link: String,
    button_2_text: String,
    button_2_link: String,
    due_date: String,
    amount: String,
    /// Number of the pagoPA notice.
    pub notice_number: String,
    invalid_after_due: String,
    secure: String,
    remind_days: String,
    /// The number of the work order it is about, as in addresses.
    pub work_order: String,
    /// The notification that it corrects.
    pub corrects: String,
    /// The communication that it announces.
    pub attach: String,
    /// Which button.
    #[serde(skip_serializing)]
    pub act: String,
    /// The taxpayer whose button it was.
    #[serde(skip_serializing)]
    pub pick: Option<Uuid>,
}

/// Names of the action's fields, and of the page's.
pub const FIELDS: &[(&str, &str)] =
    &[("cta", "button_1_text"), ("buttons", "button_1_text"), ("follows", "form")];

impl Sheet {
    /// An empty form. A moment makes its token, and the notification that comes of it.
    pub fn blank() -> Self {
        Self { token: Uuid::now_v7(), ..Self::default() }
    }

    /// A draft, with the wish to be reminded that was made with it.
    pub fn stored(row: &Model, remind_days: Option<i64>) -> Self {
        let content = content_of(row);
        let button = |at: usize| {
            let button = content.cta.it.get(at);
            let text = button.map(|button| button.text.clone()).unwrap_or_default();
            let link = button.map(|button| button.action.trim_start_matches("iohandledlink://").to_owned());
            (text, link.unwrap_or_default())
        };
        let ((button_1_text, button_1_link), (button_2_text, button_2_link)) = (button(0), button(1));
        let payment = content.payment.as_ref();
        let on = |is_so: bool| if is_so { "on".to_owned() } else { String::new() };
        Self {
            service: row.io_service_id.to_string(),
            recipient: row.fiscal_code.clone(),
            taxpayer: row.taxpayer_id.map(|id| id.to_string()).unwrap_or_default(),
            due_date: row.due_at.map(written_due).unwrap_or_default(),
            amount: payment.map(|payment| written(payment.cents).replace(" €", "")).unwrap_or_default(),
            notice_number: payment.map(|payment| payment.notice_number.clone()).unwrap_or_default(),
            invalid_after_due: on(row.invalid_after_due),
            secure: on(row.secure == Some(true)),
            remind_days: remind_days.map(|days| days.to_string()).unwrap_or_default(),
            subject: content.subject.clone(),
            body: content.body.clone(),
            button_1_text,
            button_1_link,
            button_2_text,
            button_2_link,
            ..Self::blank()
        }
    }

    /// The form is kept no longer than anybody means it.
    pub fn bounded(mut self) -> Self {
        for field in [&mut self.subject, &mut self.body, &mut self.recipient, &mut self.q] {
            if let Some((at, _)) = field.char_indices().nth(KEPT) {
                field.truncate(at);
            }
        }
        self
    }

    /// The service that was chosen.
    pub fn service(&self) -> Option<Uuid> {
        self.service.parse().ok()
    }

    /// Writes to a taxpayer.
    pub fn address(&mut self, taxpayer: &taxpayer::Model) {
        self.recipient = taxpayer.fiscal_code.clone().unwrap_or_default();
        self.taxpayer = taxpayer.id.to_string();
        self.q.clear();
    }

    /// Words and address of each button.
    pub fn buttons(&self) -> [(&str, &str); 2] {
        [(&self.button_1_text, &self.button_1_link), (&self.button_2_text, &self.button_2_link)]
    }

    /// What the desk takes.
    pub fn form<'a>(
        &'a self,
        buttons: &'a [(&'a str, &'a str)],
        work_order: Option<Uuid>,
        attach: Option<Uuid>,
    ) -> Form<'a> {
        Form {
            token: self.token,
            service: self.service(),
            typed: Typed {
                recipient: &self.recipient,
                subject: &self.subject,
                body: &self.body,
                buttons,
                due_date: &self.due_date,
                amount: &self.amount,
                notice_number: &self.notice_number,
                invalid_after_due_date: self.invalid_after_due == "on",
                secure: self.secure == "on",
            },
            remind_days: &self.remind_days,
            work_order,
            taxpayer: self.taxpayer.parse().ok(),
            corrects: self.corrects.parse().ok(),
            attach,
        }
    }

    /// What it says so far, right or wrong: for the preview.
    pub fn content(&self) -> Content {
        let filled = self
            .buttons()
            .into_iter()
            .filter(|(text, link)| !(text.trim().is_empty() || link.trim().is_empty()));
        let button = |(words, link): (&str, &str)| {
            Some(Button { text: text::typed_line(words), action: action(link).ok()? })
        };
        let payment = read_amount(&self.amount).ok().zip(read_notice_number(&self.notice_number).ok());
        Content {
            subject: text::typed(&self.subject),
            body: text::typed(&self.body),
            cta: Cta { it: filled.filter_map(button).collect(), en: Vec::new() },
            secure: (self.secure == "on").then_some(true),
            due_date: due_date::read(&self.due_date).ok(),
            payment: payment.map(|(cents, notice_number)| Payment {
                cents,
                notice_number,
                invalid_after_due_date: self.invalid_after_due == "on",
            }),
            ..Content::default()
        }
    }
}

/// A deadline as people write it: the day alone where it lasts until its end.
fn written_due(due: DateTime<Utc>) -> String {
    let local = rome(due);
    let form = if local.format("%H:%M:%S").to_string() == "23:59:59" { "%d/%m/%Y" } else { "%d/%m/%Y %H:%M" };
    local.format(form).to_string()
}
