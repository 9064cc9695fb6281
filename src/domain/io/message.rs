//! A message for one citizen, and what IO would refuse of it.

use chrono::{DateTime, Utc};
use entity::io_message;

use super::{
    Remark,
    cta::{self, Button, Cta, Front},
    due_date,
    payment::{self, Payment},
    recipient::{self, Recipient},
    remote::Announced,
    text::{self, Standing},
};
use crate::domain::text::typed as typed_text;

/// A message as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// To whom.
    pub recipient: Recipient,
    /// What it says.
    pub content: Content,
}

/// What a message says, to whomever.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The title that the app lists. Everybody who looks at the telephone may read it.
    pub subject: String,
    /// The text, Markdown, without the buttons.
    pub body: String,
    /// The buttons.
    pub cta: Cta,
    /// Whether neither push nor mail may say what it is about: a must for data of articles 9 and 10 GDPR. `None`: as the
    /// service's sheet says.
    pub secure: Option<bool>,
    /// By when something is to be done.
    pub due_date: Option<DateTime<Utc>>,
    /// What there is to pay.
    pub payment: Option<Payment>,
    /// What IO fetches from us when it is opened.
    pub remote: Option<Announced>,
}

impl Content {
    /// What a stored notification says.
    #[must_use]
    pub fn stored(row: &io_message::Model) -> Self {
        let (cta, body) = match cta::split(&row.markdown) {
            Front::Buttons(cta, body) => (cta, body),
            _ => (Cta::default(), row.markdown.as_str()),
        };
        let cents = row.amount_cents.and_then(|cents| u64::try_from(cents).ok());
        let payment = cents.zip(row.notice_number.clone()).map(|(cents, notice_number)| Payment {
            cents,
            notice_number,
            invalid_after_due_date: row.invalid_after_due,
        });
        Self {
            subject: row.subject.clone(),
            body: body.to_owned(),
            cta,
            secure: row.secure,
            due_date: row.due_at,
            payment,
            remote: None,
        }
    }

    /// The text as IO takes it, buttons first.
    #[must_use]
    pub fn markdown(&self) -> String {
        format!("{}{}", self.cta.front_matter(), self.body)
    }
}

/// A message as it is typed on a page.
#[derive(Clone, Copy, Debug, Default)]
pub struct Typed<'a> {
    /// A codice fiscale.
    pub recipient: &'a str,
    /// The title.
    pub subject: &'a str,
    /// The text.
    pub body: &'a str,
    /// Words and address of each button, in Italian. Those with neither are left out.
    pub buttons: &'a [(&'a str, &'a str)],
    /// A day, or a day with an hour.
    pub due_date: &'a str,
    /// An amount in euro.
    pub amount: &'a str,
    /// The number of the notice.
    pub notice_number: &'a str,
    /// Whether it cannot be paid after the deadline.
    pub invalid_after_due_date: bool,
    /// Whether it is only told in the app.
    pub secure: bool,
}

/// What was typed, as far as it can be read: a draft may lack anything.
#[derive(Clone, Debug)]
pub struct Sketch {
    /// To whom; `None`: nobody yet.
    pub recipient: Option<Recipient>,
    /// What it says. A payment is only there with both its halves.
    pub content: Content,
    /// Euro cents of a payment.
    pub cents: Option<u64>,
    /// Number of its notice.
    pub notice_number: Option<String>,
    /// Whether it cannot be paid after the deadline.
    pub invalid_after_due_date: bool,
    /// What could not be read, which is not even kept.
    pub unreadable: Vec<Remark>,
}

/// Reads what was typed. A field in which nothing stands is not unreadable.
#[must_use]
pub fn sketch(typed: &Typed<'_>) -> Sketch {
    let mut flaws = Vec::new();
    let filled = |field: &str| !field.trim().is_empty();
    let recipient = filled(typed.recipient)
        .then(|| taken(&mut flaws, "recipient", Recipient::read(typed.recipient)))
        .flatten();
    let due_date = filled(typed.due_date)
        .then(|| taken(&mut flaws, "due_date", due_date::read(typed.due_date)))
        .flatten();
    let cents = filled(typed.amount)
        .then(|| taken(&mut flaws, "amount", payment::read_amount(typed.amount)))
        .flatten();
    let notice_number = filled(typed.notice_number)
        .then(|| taken(&mut flaws, "notice_number", payment::read_notice_number(typed.notice_number)))
        .flatten();
    let it = typed.buttons.iter().filter(|(text, link)| filled(text) || filled(link));
    let it = it.map(|(text, link)| Button {
        text: typed_text(text),
        // An address that is none is kept, and found below.
        action: cta::action(link).unwrap_or_else(|_| (*link).to_owned()),
    });
    let invalid_after_due_date = typed.invalid_after_due_date;
    let payment = cents.zip(notice_number.clone());
    let payment =
        payment.map(|(cents, notice_number)| Payment { cents, notice_number, invalid_after_due_date });
    let content = Content {
        subject: typed_text(typed.subject),
        body: typed_text(typed.body),
        cta: Cta { it: it.collect(), en: Vec::new() },
        secure: typed.secure.then_some(true),
        due_date,
        payment,
        remote: None,
    };
    flaws.extend(check_form(&content));
    Sketch { recipient, content, cents, notice_number, invalid_after_due_date, unreadable: flaws }
}

impl Sketch {
    /// All for which it cannot be sent, field by field.
    #[must_use]
    pub fn flaws(&self) -> Vec<Remark> {
        let mut flaws = self.unreadable.clone();
        let said = |field: &str| self.unreadable.iter().any(|flaw| flaw.field == field);
        let mut found = Vec::new();
        if self.recipient.is_none() {
            found.push(Remark::new("recipient", recipient::Unfit::Empty.to_string()));
        }
        let pays = self.cents.is_some() || self.notice_number.is_some();
        let pays = pays || said("amount") || said("notice_number");
        if pays && self.cents.is_none() {
            found.push(Remark::new("amount", payment::Unfit::Unreadable.to_string()));
        }
        if pays && self.notice_number.is_none() {
            found.push(Remark::new("notice_number", payment::Unfit::NoticeNumber.to_string()));
        }
        if !pays && self.invalid_after_due_date {
            found.push(Remark::new("amount", "Scrivi l'importo e il numero dell'avviso che scade."));
        }
        found.extend(check(&self.content));
        // What could not be read has been said already, and must not be missed a second time.
        found.retain(|flaw| !said(flaw.field));
        flaws.append(&mut found);
        flaws
    }
}

/// Makes a message of what was typed.
///
/// # Errors
/// All that is wrong with it, field by field.
pub fn read(typed: &Typed<'_>) -> Result<Message, Vec<Remark>> {
    let sketch = sketch(typed);
    let flaws = sketch.flaws();
    match sketch.recipient {
        Some(recipient) if flaws.is_empty() => Ok(Message { recipient, content: sketch.content }),
        _ => Err(flaws),
    }
}

fn taken<T, E: std::fmt::Display>(
    flaws: &mut Vec<Remark>,
    field: &'static str,
    read: Result<T, E>,
) -> Option<T> {
    read.map_err(|unfit| flaws.push(Remark::new(field, unfit.to_string()))).ok()
}

/// What IO would refuse, or show otherwise than it is meant.
#[must_use]
pub fn check(content: &Content) -> Vec<Remark> {
    let mut flaws = Vec::new();
    let mut say = |field, words: String| flaws.push(Remark::new(field, words));
    match text::standing(&content.subject, &text::SUBJECT) {
        Standing::Short(missing) => {
            say("subject", format!("Il titolo deve avere almeno 10 caratteri: {}.", lacking(missing)));
        }
        Standing::Long(over) => {
            say("subject", format!("Il titolo può avere al massimo 120 caratteri: {over} di troppo."));
        }
        Standing::Fits(_) => {}
    }
    match text::standing(&content.markdown(), &text::MARKDOWN) {
        Standing::Short(missing) => {
            say("body", format!("Il testo deve avere almeno 80 caratteri: {}.", lacking(missing)));
        }
        Standing::Long(over) => say(
            "body",
            format!("Il testo, con i pulsanti, può avere al massimo 10.000 caratteri: {over} di troppo."),
        ),
        Standing::Fits(_) => {}
    }
    if content.body.trim().is_empty() && !content.cta.is_empty() {
        say("body", "Scrivi il testo del messaggio.".to_owned());
    }
    flaws.extend(check_form(content));
    flaws.extend(
        content.payment.iter().flat_map(|payment| check_payment(payment, content.due_date.is_some())),
    );
    flaws
}

/// What would be read back otherwise than it was typed.
fn check_form(content: &Content) -> Vec<Remark> {
    let mut flaws = Vec::new();
    if content.subject.chars().any(char::is_control) {
        flaws.push(Remark::new("subject", "Scrivi il titolo su una riga."));
    }
    if !matches!(cta::split(&content.body), Front::None(_)) {
        let words = "Il testo non può cominciare con --- e contenerlo di nuovo: l'app lo prenderebbe per l'elenco dei pulsanti.";
        flaws.push(Remark::new("body", words));
    }
    flaws.extend(content.cta.flaws());
    flaws
}

fn lacking(missing: usize) -> String {
    if missing == 1 { "ne manca 1".to_owned() } else { format!("ne mancano {missing}") }
}

fn check_payment(payment: &Payment, has_due_date: bool) -> Vec<Remark> {
    let mut flaws = Vec::new();
    if !payment::CENTS.contains(&payment.cents) {
        flaws.push(Remark::new("amount", payment::Unfit::Amount.to_string()));
    }
    if !payment::is_notice_number(&payment.notice_number) {
        flaws.push(Remark::new("notice_number", payment::Unfit::NoticeNumber.to_string()));
    }
    if payment.invalid_after_due_date && !has_due_date {
        flaws.push(Remark::new(
            "due_date",
            "Scrivi la scadenza dopo la quale l'avviso non si può più pagare.",
        ));
    }
    flaws
}

#[cfg(test)]
mod tests;
