//! An operator answers, or leaves a note for colleagues. The words and one delivery per recipient are one commit;
//! sending is somebody else's job.

use chrono::Duration;
use entity::{
    communication::{self, Address, Addresses, Channel, Direction},
    delivery,
    event::Verb,
    follower,
    language::Language,
    mailbox, work_order,
    work_order::Status,
};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use uuid::Uuid;

use super::{Cx, Desk, Error, Flaw, Result, accept, events, rows::Rows};
use crate::{
    domain::{
        calendar,
        mail::{self, File},
        number::Number,
        thread,
    },
    store, wording,
    wording::{Text, letters::Page},
};

/// Longest text of an answer or a note, in bytes.
const TEXT_BYTES: usize = 100_000;
/// Most recipients of one answer.
const RECIPIENTS: usize = 20;

/// What an operator has written.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Given out with the form: the id of the communication to be. Sent twice, it is written once.
    pub token: Uuid,
    /// The newest communication that the operator saw.
    pub seen: Option<Uuid>,
    /// Addresses to write to.
    pub to: Vec<String>,
    /// The words.
    pub text: String,
    /// Files.
    pub files: Vec<File>,
    /// What becomes of the work order.
    pub status: Option<Status>,
}

/// A letter about to be queued.
pub(super) struct Letter<'a> {
    pub(super) order: &'a work_order::Model,
    pub(super) mailbox: &'a mailbox::Model,
    pub(super) answers: Option<Uuid>,
    pub(super) references: Vec<String>,
    pub(super) to: Vec<Address>,
    pub(super) words: Text,
    pub(super) automatic: bool,
    pub(super) author: Option<Uuid>,
}

/// Queues an operator's answer.
///
/// # Errors
/// `Conflict` when somebody wrote after the operator looked: nothing was sent, the answer may need another thought.
pub async fn reply(desk: &Desk, cx: &Cx, work_order: Uuid, draft: Draft) -> Result<()> {
    let tx = desk.db.begin().await?;
    let order = store::work_order::by_id(&tx, cx.organisation, work_order).await?.ok_or(Error::NotFound)?;
    if already_written(&tx, cx, &order, draft.token, &draft.text).await? {
        return Ok(());
    }
    let own = store::mailbox::addresses(&tx, cx.organisation).await?;
    // Who sent a form may read the answer on the tracking page, and need not have an address.
    let author = store::follower::authors(&tx, cx.organisation, &[order.id]).await?.into_iter().next();
    let to = check(&draft, &own, author.is_some())?;
    let mailbox = match order.mailbox_id {
        Some(id) => store::mailbox::by_id(&tx, cx.organisation, id).await?,
        None => store::mailbox::all(&tx, cx.organisation).await?.into_iter().next(),
    };
    let Some(mailbox) = mailbox else {
        return Err(Error::Rejected(vec![Flaw::new(
            "text",
            "Nessuna casella da cui inviare: aggiungine una in Amministrazione.",
        )]));
    };
    if store::communication::newest(&tx, cx.organisation, order.id).await? != draft.seen {
        return Err(Error::Conflict(
            "Nel frattempo è arrivata una nuova comunicazione. Leggila e, se la risposta va ancora bene, invia di nuovo.",
        ));
    }
    let answered = store::communication::last_letter(&tx, cx.organisation, order.id).await?;
    let written_to: Vec<String> = to.iter().map(|recipient| recipient.address.clone()).collect();
    let written_to: Vec<&str> = written_to.iter().map(String::as_str).collect();
    let ends = draft.status == Some(Status::Closed) && order.status != Status::Closed;
    let farewell = if ends { Some(farewell(&tx, cx, author.as_ref()).await?) } else { None };
    let letter = Letter {
        order: &order,
        mailbox: &mailbox,
        answers: answered.as_ref().map(|letter| letter.id),
        references: answered
            .map(|letter| letter.references.split(' ').map(str::to_owned).collect())
            .unwrap_or_default(),
        to,
        words: words(&tx, cx, &order, (&draft.text, farewell)).await?,
        automatic: false,
        author: cx.actor,
    };
    let mut rows = Rows::default();
    letter.queue(&mut rows, cx, draft.token);
    hold_unconfirmed(&tx, cx, &order, &mut rows).await?;
    rows.add_files(cx.organisation, draft.token, &draft.files);
    rows.events.push(cx.event(order.id, Verb::Replied, json!({})));
    match rows.write(&tx, cx.organisation).await {
        // The same form, sent at the same instant, was faster.
        Err(error) if store::is_taken(&error) => return Ok(()),
        written => written?,
    }
    let status = draft.status.or((order.status == Status::New).then_some(Status::InProgress));
    super::work_order::set_status(&tx, cx, &order, status, &written_to).await?;
    tx.commit().await?;
    desk.wake.told();
    Ok(())
}

/// What goes to an address that was typed into a form and that nobody has confirmed waits for that: it may be somebody
/// else's, and the acknowledgement with the link is all that may go there. The answer stands on the tracking page meanwhile.
async fn hold_unconfirmed(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    rows: &mut Rows,
) -> Result<()> {
    for author in store::follower::authors(tx, cx.organisation, &[order.id]).await? {
        let unknown = author.confirmed_at.is_none() && !author.address.is_empty();
        let letters = rows.deliveries.iter_mut().filter(|delivery| delivery.recipient == author.address);
        for letter in letters.filter(|_| unknown) {
            letter.state = delivery::State::Held;
        }
    }
    Ok(())
}

/// Writes a note that no citizen sees.
pub async fn note(desk: &Desk, cx: &Cx, work_order: Uuid, token: Uuid, text: &str) -> Result<()> {
    let text = text.trim();
    accept(flaws_of_text(text))?;
    let tx = desk.db.begin().await?;
    let order = store::work_order::by_id(&tx, cx.organisation, work_order).await?.ok_or(Error::NotFound)?;
    if already_written(&tx, cx, &order, token, text).await? {
        return Ok(());
    }
    let note = communication::Model {
        direction: Direction::Note,
        channel: Channel::Desk,
        text: typed(text),
        author_id: cx.actor,
        ..blank(cx, &order, token)
    };
    store::communication::insert(&tx, vec![note]).await?;
    events::append(&tx, [cx.event(order.id, Verb::Noted, json!({}))]).await?;
    tx.commit().await?;
    Ok(())
}

/// A form sent twice carries the same token. With other words it is another letter, and must not be taken for sent.
async fn already_written(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    token: Uuid,
    text: &str,
) -> Result<bool> {
    match store::communication::by_id(tx, cx.organisation, token).await? {
        None => Ok(false),
        Some(written) if written.work_order_id != order.id || written.author_id != cx.actor => {
            Err(Error::NotFound)
        }
        Some(written) if written.text.starts_with(&typed(text)) => Ok(true),
        Some(_) => Err(Error::Conflict(
            "Questo modulo era già stato inviato con un altro testo: ricarica la pagina e riprova.",
        )),
    }
}

/// The words as they are stored.
fn typed(text: &str) -> String {
    text.trim().replace("\r\n", "\n")
}

/// Says that the request is closed with this answer, since nothing else is written about it, and how its author may object.
async fn farewell(tx: &DatabaseTransaction, cx: &Cx, author: Option<&follower::Model>) -> Result<String> {
    let Some(author) = author else { return Ok(wording::letters::closed_by_answer(Language::It, None)) };
    let portal = store::portal::of(tx, cx.organisation).await?.ok_or(Error::NotFound)?;
    let until = calendar::rome_date(cx.now + Duration::days(portal.contest_days.into()));
    let page = Page { contest: (portal.contest_days > 0).then_some(until) };
    Ok(wording::letters::closed_by_answer(author.language, Some(page)))
}

/// The operator's words, what the program adds to them, and who signs.
async fn words(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    (text, farewell): (&str, Option<String>),
) -> Result<Text> {
    let organisation = store::organisation::by_id(tx, cx.organisation).await?.ok_or(Error::NotFound)?;
    let author = match cx.actor {
        Some(id) => store::operator::by_id(tx, cx.organisation, id).await?.map(|operator| operator.name),
        None => None,
    };
    let number = Number { year: order.year, number: order.number };
    let signature = wording::signature(&author.unwrap_or_default(), &organisation.name, number);
    Ok(Text {
        subject: wording::reply_subject(&order.subject, number),
        body: match farewell {
            None => format!("{}\n\n{}\n", typed(text), signature.trim()),
            Some(farewell) => format!("{}\n\n{farewell}\n\n{}\n", typed(text), signature.trim()),
        },
    })
}

fn flaws_of_text(text: &str) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if text.trim().is_empty() {
        flaws.push(Flaw::new("text", "Scrivi il testo."));
    }
    if text.len() > TEXT_BYTES {
        flaws.push(Flaw::new("text", "Il testo è troppo lungo: mettine una parte in un allegato."));
    }
    flaws
}

fn check(draft: &Draft, own: &[String], on_page: bool) -> Result<Vec<Address>> {
    let mut flaws = flaws_of_text(&draft.text);
    let mut to: Vec<Address> = Vec::new();
    for address in
        draft.to.iter().map(|address| address.trim().to_lowercase()).filter(|address| !address.is_empty())
    {
        if !mail::is_address(&address) {
            flaws.push(Flaw::new("to", format!("«{address}» non è un indirizzo di posta valido.")));
        } else if own.contains(&thread::without_token(&address)) {
            flaws.push(Flaw::new(
                "to",
                format!("«{address}» è una nostra casella: la risposta tornerebbe qui."),
            ));
        } else if !to.iter().any(|known| known.address == address) {
            to.push(Address { name: String::new(), address });
        }
    }
    if to.is_empty() && !on_page && flaws.iter().all(|flaw| flaw.field != "to") {
        flaws.push(Flaw::new("to", "Indica almeno un destinatario."));
    }
    if to.len() > RECIPIENTS {
        flaws.push(Flaw::new("to", format!("I destinatari sono troppi: al massimo {RECIPIENTS}.")));
    }
    accept(flaws)?;
    Ok(to)
}

impl Letter<'_> {
    /// Adds the communication and one delivery per recipient.
    pub(super) fn queue(self, rows: &mut Rows, cx: &Cx, id: Uuid) {
        for recipient in &self.to {
            rows.add_participant(self.order.id, &recipient.address);
            let mailbox = self.mailbox.id;
            rows.deliveries.push(delivery(cx, self.order, (id, mailbox), &recipient.address, self.automatic));
        }
        rows.communications.push(communication::Model {
            direction: Direction::Out,
            channel: match self.mailbox.kind {
                _ if self.to.is_empty() => Channel::Web,
                mailbox::Kind::Ordinary => Channel::Email,
                mailbox::Kind::Pec => Channel::Pec,
            },
            automatic: self.automatic,
            from_name: self.mailbox.name.clone(),
            from_address: self.mailbox.address.clone(),
            recipients: Addresses(self.to),
            subject: self.words.subject,
            text: self.words.body,
            author_id: self.author,
            mailbox_id: Some(self.mailbox.id),
            references: self.references.join(" "),
            answers_id: self.answers,
            ..blank(cx, self.order, id)
        });
    }
}

/// A letter that waits to be sent: a communication to one address, by a mailbox.
pub(super) fn delivery(
    cx: &Cx,
    order: &work_order::Model,
    (communication, mailbox): (Uuid, Uuid),
    recipient: &str,
    automatic: bool,
) -> delivery::Model {
    delivery::Model {
        id: Uuid::now_v7(),
        organisation_id: cx.organisation,
        work_order_id: order.id,
        communication_id: communication,
        mailbox_id: mailbox,
        recipient: recipient.to_owned(),
        automatic,
        state: delivery::State::Pending,
        attempts: 0,
        repeats: 0,
        next_attempt_at: cx.now,
        lease_owner: None,
        lease_until: None,
        last_error: None,
        proof: None,
        proof_at: None,
        proof_words: None,
        pec_identifier: None,
        created_at: cx.now,
        settled_at: None,
    }
}

/// A communication with nothing in it yet.
pub(super) fn blank(cx: &Cx, order: &work_order::Model, id: Uuid) -> communication::Model {
    communication::Model {
        id,
        organisation_id: cx.organisation,
        work_order_id: order.id,
        direction: Direction::Note,
        channel: Channel::Desk,
        automatic: false,
        from_name: String::new(),
        from_address: String::new(),
        recipients: Addresses::default(),
        copies: Addresses::default(),
        reply_address: String::new(),
        subject: String::new(),
        text: String::new(),
        visible_text: None,
        origin: None,
        html: None,
        author_id: None,
        mailbox_id: None,
        incoming_mail_id: None,
        submission_id: None,
        message_id: None,
        references: String::new(),
        answers_id: None,
        occasion: None,
        at: cx.now,
        created_at: cx.now,
    }
}

/// Puts a refused letter back into the queue.
pub async fn send_again(desk: &Desk, cx: &Cx, work_order: Uuid, delivery: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    let row = store::delivery::by_id(&tx, cx.organisation, delivery).await?.ok_or(Error::NotFound)?;
    if row.work_order_id != work_order {
        return Err(Error::NotFound);
    }
    store::delivery::retry(&tx, cx.organisation, delivery, cx.now).await?;
    tx.commit().await?;
    desk.wake.outbox.notify_one();
    Ok(())
}
