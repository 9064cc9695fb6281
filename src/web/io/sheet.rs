//! The form of a notification as it stands on the page.

use chrono::{DateTime, Utc};
use entity::{io_service, taxpayer};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    actions::io::{draft::Whole, form::Form},
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
    wording::{PERSONAL_LINK, PERSONAL_URL},
};

/// What was typed, or is stored.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Sheet {
    /// Given out with the form.
    pub token: Uuid,
    /// What a draft said when the form was given out.
    pub version: String,
    /// Id of a service.
    pub service: String,
    /// Codice fiscale.
    pub recipient: String,
    /// The code that was said to be right although its last letter does not fit.
    pub sure: String,
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

    /// A draft as it is stored.
    pub fn stored(whole: &Whole) -> Self {
        let row = &whole.row;
        let content = Content::stored(row);
        let button = |at: usize| {
            let button = content.cta.it.get(at);
            let text = button.map(|button| button.text.clone()).unwrap_or_default();
            let link = button.map(|button| button.action.trim_start_matches("iohandledlink://"));
            // Everybody's own page has no address that a form could show.
            let link = link.map(|link| if link == PERSONAL_URL { PERSONAL_LINK } else { link });
            (text, link.unwrap_or_default().to_owned())
        };
        let ((button_1_text, button_1_link), (button_2_text, button_2_link)) = (button(0), button(1));
        let cents = row.amount_cents.and_then(|cents| u64::try_from(cents).ok());
        let on = |is_so: bool| if is_so { "on".to_owned() } else { String::new() };
        Self {
            service: row.io_service_id.to_string(),
            recipient: row.fiscal_code.clone(),
            taxpayer: row.taxpayer_id.map(|id| id.to_string()).unwrap_or_default(),
            due_date: row.due_at.map(written_due).unwrap_or_default(),
            amount: cents.map(|cents| written(cents).replace(" €", "")).unwrap_or_default(),
            notice_number: row.notice_number.clone().unwrap_or_default(),
            invalid_after_due: on(row.invalid_after_due),
            secure: on(row.secure == Some(true)),
            remind_days: whole.remind_days.map(|days| days.to_string()).unwrap_or_default(),
            attach: whole.attach.map(|id| id.to_string()).unwrap_or_default(),
            version: whole.version(),
            subject: content.subject.clone(),
            body: content.body.clone(),
            button_1_text,
            button_1_link,
            button_2_text,
            button_2_link,
            ..Self::blank()
        }
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
        [
            (&self.button_1_text, opened(&self.button_1_link)),
            (&self.button_2_text, opened(&self.button_2_link)),
        ]
    }

    /// Where `other` says something else: the name of the field, and what `other` says, empty when nothing.
    pub fn otherwise(&self, other: &Self, services: &[io_service::Model]) -> Vec<(&'static str, String)> {
        let fields = |sheet: &Self| {
            let on = |value: &str| if value == "on" { "sì".to_owned() } else { "no".to_owned() };
            [
                (
                    "Servizio",
                    services
                        .iter()
                        .find(|one| Some(one.id) == sheet.service())
                        .map(|one| one.name.clone())
                        .unwrap_or_default(),
                ),
                ("Codice fiscale", sheet.recipient.split_whitespace().collect::<String>().to_uppercase()),
                ("Titolo", text::typed(&sheet.subject)),
                ("Testo", text::typed(&sheet.body)),
                ("Pulsante 1", format!("{} {}", sheet.button_1_text.trim(), sheet.button_1_link.trim())),
                ("Pulsante 2", format!("{} {}", sheet.button_2_text.trim(), sheet.button_2_link.trim())),
                ("Scadenza", sheet.due_date.trim().to_owned()),
                ("Quanti giorni prima ricordarla", sheet.remind_days.trim().to_owned()),
                ("Importo in euro", sheet.amount.trim().to_owned()),
                ("Numero dell’avviso pagoPA", sheet.notice_number.split_whitespace().collect()),
                ("Dopo la scadenza non si può più pagare", on(&sheet.invalid_after_due)),
                ("Canale sicuro", on(&sheet.secure)),
                (
                    "Comunicazione allegata",
                    if sheet.attach.is_empty() { "no" } else { "sì, un’altra" }.to_owned(),
                ),
            ]
        };
        let both = fields(self).into_iter().zip(fields(other));
        let others = self.attach != other.attach;
        both.filter(|(mine, theirs)| mine != theirs || (mine.0 == "Comunicazione allegata" && others))
            .map(|(_, (name, theirs))| (name, theirs.trim().to_owned()))
            .collect()
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
            sure: &self.sure,
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

/// What a button opens: everybody's own page has a name in the form, and no address.
fn opened(link: &str) -> &str {
    if link.trim() == PERSONAL_LINK { PERSONAL_URL } else { link }
}

/// A deadline as people write it: the day alone where it lasts until its end.
fn written_due(due: DateTime<Utc>) -> String {
    let local = rome(due);
    let form = if local.format("%H:%M:%S").to_string() == "23:59:59" { "%d/%m/%Y" } else { "%d/%m/%Y %H:%M" };
    local.format(form).to_string()
}
