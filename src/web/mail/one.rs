//! One mail: when it came, what reading finds in it now, and each step that was decided, with its reason. The page of
//! a mail in quarantine also says what a person can do with it.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use entity::{
    incoming_mail::{self, State as Place},
    mail_log::{self, Steps},
    mailbox, operator,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{outcome_of, path_of, words};
use crate::{
    app::App,
    domain::mail::{Mail, PecKind},
    store,
    web::{
        error::{Error, Result},
        flaws::Flaws,
        frame::{Done, Frame, Hall},
        request::{Path, Query},
        session::{Administrator, Operator},
        templates,
        work_order::{number_of, path_of as path_of_order},
    },
};

/// Raw bytes that are shown; the rest is in the download.
const RAW_SHOWN: usize = 64 * 1024;
/// Files of the mail that are named.
const FILES: usize = 100;

/// Context of `pages/mail.html`.
#[derive(Serialize)]
struct Page {
    frame: Frame,
    path: String,
    title: String,
    outcome: &'static str,
    mailbox: String,
    source_key: String,
    received_at: DateTime<Utc>,
    stored_at: DateTime<Utc>,
    size: i64,
    imported: bool,
    attempts: i32,
    next_attempt_at: Option<DateTime<Utc>>,
    last_error: Option<String>,
    reading: Option<Reading>,
    steps: Vec<Step>,
    order: Option<Order>,
    recipient: Option<String>,
    original_href: String,
    raw: String,
    raw_cut: bool,
    form: Reason,
    errors: Flaws,
}

/// What reading finds now. It may say more than when the mail was handled, if the program has learnt since.
#[derive(Serialize)]
struct Reading {
    kind: &'static str,
    from: String,
    to: String,
    subject: String,
    checks: Option<String>,
    signature: Option<&'static str>,
    files: Vec<File>,
}

#[derive(Serialize)]
struct File {
    name: String,
    size: usize,
}

#[derive(Serialize)]
struct Step {
    what: &'static str,
    text: String,
}

#[derive(Serialize)]
struct Order {
    number: String,
    href: String,
}

/// Why a mail is put aside, as typed.
#[derive(Debug, Default, Deserialize, Serialize)]
pub struct Reason {
    /// The words.
    #[serde(default)]
    pub reason: String,
}

/// The query.
#[derive(Debug, Deserialize)]
pub struct Asked {
    #[serde(default, deserialize_with = "crate::web::frame::done")]
    done: Option<Done>,
}

/// How one comes to the page.
#[derive(Default)]
pub struct Visit {
    /// What the last act did.
    pub done: Option<Done>,
    /// The reason as it was typed.
    pub form: Reason,
    /// What is wrong with it.
    pub errors: Flaws,
}

/// `GET /desk/admin/mail/{id}`.
pub async fn show(
    State(app): State<App>,
    Administrator(operator): Administrator,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    render(&app, &operator, id, StatusCode::OK, Visit { done: asked.done, ..Visit::default() }).await
}

/// The page, for whatever brought the administrator here.
pub async fn render(
    app: &App,
    operator: &Operator,
    id: Uuid,
    status: StatusCode,
    visit: Visit,
) -> Result<Response> {
    let (db, organisation) = (&app.desk.db.read, operator.row.organisation_id);
    let row = store::incoming_mail::by_id(db, organisation, id).await?.ok_or(Error::NotFound)?;
    let hall = Hall::enter(app, operator).await?;
    let mailbox = hall.mailboxes.iter().find(|mailbox| mailbox.id == row.mailbox_id);
    let raw = store::blob::bytes(db, organisation, &row.raw_hash).await?.unwrap_or_default();
    let (shown, raw_cut) = shown(&raw);
    let log = store::mail_log::by_mail(db, organisation, id).await?;
    let people = store::operator::all(db, organisation).await?;
    let about = about(app, organisation, log.as_ref()).await?;
    let reading = read(app, mailbox, raw).await;
    let title = reading.as_ref().map(|reading| reading.subject.clone()).filter(|subject| !subject.is_empty());
    let page = Page {
        frame: hall.frame("admin", visit.done),
        path: path_of(id),
        title: title.unwrap_or_else(|| "(senza oggetto)".to_owned()),
        outcome: outcome_of(&row),
        mailbox: mailbox.map(|mailbox| mailbox.address.clone()).unwrap_or_default(),
        next_attempt_at: (row.state == Place::Pending && row.attempts > 0).then_some(row.next_attempt_at),
        steps: log.map(|log| steps(&row, &log.data, &people)).unwrap_or_default(),
        reading,
        order: about.order,
        recipient: about.recipient,
        original_href: format!("{}/original.eml", path_of(id)),
        raw: shown,
        raw_cut,
        form: visit.form,
        errors: visit.errors,
        source_key: row.source_key,
        received_at: row.received_at,
        stored_at: row.stored_at,
        size: row.size,
        imported: row.imported,
        attempts: row.attempts,
        last_error: row.last_error,
    };
    Ok((status, templates::render("pages/mail.html", page)?).into_response())
}

/// The beginning of the bytes as text that can be looked at: what is no text, and what a terminal would obey, gives way.
fn shown(raw: &[u8]) -> (String, bool) {
    let beginning = &raw[..raw.len().min(RAW_SHOWN)];
    let text = String::from_utf8_lossy(beginning).replace("\r\n", "\n");
    let text = text.replace(|c: char| c.is_control() && c != '\n' && c != '\t', "\u{fffd}");
    (text, raw.len() > RAW_SHOWN)
}

async fn read(app: &App, mailbox: Option<&mailbox::Model>, raw: Vec<u8>) -> Option<Reading> {
    app.read_again(mailbox?, raw).await.map(reading)
}

fn reading(mail: Mail) -> Reading {
    let named = |name: &str, address: &str| {
        if name.is_empty() { address.to_owned() } else { format!("{name} <{address}>") }
    };
    Reading {
        kind: words::kind(mail.kind),
        from: mail.from.map(|from| named(&from.name, &from.address)).unwrap_or_default(),
        to: mail.to.iter().take(FILES).map(|to| to.address.as_str()).collect::<Vec<_>>().join(", "),
        subject: mail.subject,
        checks: mail.authenticity.map(words::checks),
        signature: mail.pec.as_ref().map(|pec| words::signature(pec.signature)),
        files: mail
            .attachments
            .into_iter()
            .take(FILES)
            .map(|file| File { name: file.name, size: file.bytes.len() })
            .collect(),
    }
}

/// What was decided, in the order in which it was.
fn steps(row: &incoming_mail::Model, log: &Steps, people: &[operator::Model]) -> Vec<Step> {
    let by_hand = log.closed_by.is_some();
    let mut steps = Vec::new();
    let mut add = |what, text: String| steps.push(Step { what, text });
    // What a person decided about, nobody had classified.
    if !by_hand {
        add("Classificato", format!("{}. {}", words::kind(log.kind), words::why(&log.why)));
    }
    if let Some(PecKind::Receipt(name)) = log.pec.as_ref().map(|pec| &pec.kind) {
        add("Ricevuta", format!("{}.", words::receipt(name)));
    }
    add("Collocato", words::placed(&log.placed));
    if let Some(text) = words::identified(&log.identified) {
        add("Contribuente", text);
    }
    if let Some(why) = words::silent(&log.silent) {
        add("Ricevuta automatica", format!("Non inviata: {why}."));
    } else if row.outcome == Some(incoming_mail::Outcome::Opened) && !by_hand {
        add("Ricevuta automatica", "Inviata a chi ha scritto.".to_owned());
    }
    if let Some(closed_by) = log.closed_by {
        let name = people.iter().find(|person| person.id == closed_by).map(|person| person.name.clone());
        add("Deciso da", name.unwrap_or_default());
    }
    if !log.reason.is_empty() {
        add("Motivo", log.reason.clone());
    }
    steps
}

/// What the mail became, or is about.
#[derive(Default)]
struct About {
    order: Option<Order>,
    recipient: Option<String>,
}

async fn about(app: &App, organisation: Uuid, log: Option<&mail_log::Model>) -> Result<About> {
    let Some(log) = log else { return Ok(About::default()) };
    let db = &app.desk.db.read;
    let head = match log.communication_id {
        Some(id) => store::communication::heads(db, organisation, vec![id]).await?.pop(),
        None => None,
    };
    let delivery = match log.delivery_id {
        Some(id) => store::delivery::by_id(db, organisation, id).await?,
        None => None,
    };
    let order = head.map(|head| head.work_order_id);
    let order = match order.or(delivery.as_ref().map(|delivery| delivery.work_order_id)) {
        Some(id) => store::work_order::by_id(db, organisation, id).await?,
        None => None,
    };
    Ok(About {
        order: order
            .map(|order| Order { number: number_of(&order).to_string(), href: path_of_order(&order) }),
        recipient: delivery.map(|delivery| delivery.recipient),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_bytes_are_shown_as_text_and_not_for_ever() {
        let (text, cut) = shown(b"Subject: \x1b[31mrosso\r\n\r\n\xff caff\xc3\xa8\0\n");
        assert_eq!(text, "Subject: \u{fffd}[31mrosso\n\n\u{fffd} caffè\u{fffd}\n");
        assert!(!cut);
        let (text, cut) = shown(&vec![b'a'; RAW_SHOWN + 1]);
        assert_eq!((text.len(), cut), (RAW_SHOWN, true));
    }
}
