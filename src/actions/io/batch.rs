//! One text for the people of several work orders, each with what is theirs: chosen in the queue, read one by one, sent at once.
//!
//! IO is no mass channel ("Manuale dei servizi", Send Messages): there is no way to write to everybody, only to those who wrote to
//! us about something, each about that.

use std::collections::HashMap;

use entity::{
    io_message::{Model, Purpose},
    io_service, request_kind, taxpayer, work_order,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{account, message};
use crate::{
    actions::{Cx, Desk, Error, Flaw, Result, accept},
    domain::{
        calendar::rome_date,
        io::{
            escape::escape_inline,
            message::{Content, Message, check},
            recipient::{Recipient, Unfit},
        },
        number::Number,
        progress::template::{Placeholder, Values, fill, unknown},
        text,
    },
    store,
};

/// Most work orders of a batch: as many as somebody can be expected to read one by one before they press the button.
pub const MOST: usize = 100;

/// What may stand in braces.
pub const NAMES: [Placeholder; 3] = [Placeholder::Number, Placeholder::Kind, Placeholder::Due];

/// What was typed for all of them.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Given out with the form. Sent twice, each notification is written once.
    pub token: Uuid,
    /// In the name of which service; `None`: none was chosen.
    pub service: Option<Uuid>,
    /// The work orders.
    pub orders: Vec<Uuid>,
    /// The title, with names in braces.
    pub subject: String,
    /// The text, the same.
    pub body: String,
}

/// One of them.
#[derive(Debug)]
pub struct Personal {
    /// The work order.
    pub order: work_order::Model,
    /// Who it is, where that is known.
    pub taxpayer: Option<taxpayer::Model>,
    /// What this person would read.
    pub content: Content,
    /// The code to write to, or why nobody can be written to.
    pub recipient: std::result::Result<Recipient, &'static str>,
}

/// What each would read, in the order of the work orders' numbers.
///
/// # Errors
/// Rejected: more than [`MOST`], or none.
pub async fn compose(db: &impl ConnectionTrait, cx: &Cx, batch: &Batch) -> Result<Vec<Personal>> {
    if batch.orders.is_empty() {
        return Err(rejected("form", "Scegli nella coda gli ordini di lavoro a cui scrivere."));
    }
    if batch.orders.len() > MOST {
        let words = format!("Sono più di {MOST} ordini di lavoro: scegline meno, e rileggi ogni testo.");
        return Err(rejected("form", &words));
    }
    let service = match batch.service {
        Some(id) => store::io_service::by_id(db, cx.organisation, id).await?,
        None => None,
    };
    let mut orders = store::work_order::by_ids(db, cx.organisation, batch.orders.clone()).await?;
    orders.sort_by_key(|order| (order.year, order.number));
    let ids = orders.iter().map(|order| order.taxpayer_id).collect();
    let taxpayers: HashMap<Uuid, taxpayer::Model> = store::taxpayer::by_ids(db, cx.organisation, ids)
        .await?
        .into_iter()
        .map(|one| (one.id, one))
        .collect();
    let kinds = store::organisation::kinds(db, cx.organisation).await?;
    let personal = |order: work_order::Model| {
        let taxpayer = taxpayers.get(&order.taxpayer_id).filter(|one| !one.generic).cloned();
        Personal {
            content: content(batch, &values(&order, &kinds)),
            recipient: recipient(taxpayer.as_ref(), service.as_ref()),
            taxpayer,
            order,
        }
    };
    Ok(orders.into_iter().map(personal).collect())
}

fn values(order: &work_order::Model, kinds: &[request_kind::Model]) -> Values {
    let kind = kinds.iter().find(|kind| kind.id == order.kind_id);
    vec![
        (Placeholder::Number, Number { year: order.year, number: order.number }.to_string()),
        (Placeholder::Kind, kind.map(|kind| kind.name.to_lowercase()).unwrap_or_default()),
        (Placeholder::Due, rome_date(order.due_at).format("%d/%m/%Y").to_string()),
    ]
}

/// The text is the operator's, Markdown and all; what is filled in reads as it is written.
fn content(batch: &Batch, values: &Values) -> Content {
    let escaped: Values = values.iter().map(|(name, value)| (*name, escape_inline(value))).collect();
    Content {
        subject: fill(&text::typed_line(&batch.subject), values),
        body: fill(&text::typed(&batch.body), &escaped),
        ..Content::default()
    }
}

fn recipient(
    taxpayer: Option<&taxpayer::Model>,
    service: Option<&io_service::Model>,
) -> std::result::Result<Recipient, &'static str> {
    let Some(taxpayer) = taxpayer else { return Err("il contribuente non è stato riconosciuto") };
    let read = Recipient::read(taxpayer.fiscal_code.as_deref().unwrap_or_default());
    let recipient = read.map_err(|unfit| match unfit {
        Unfit::Empty => "nel registro non c'è il suo codice fiscale",
        Unfit::Company => "è un'impresa o un ente: IO raggiunge solo le persone",
        Unfit::Length(_) | Unfit::Shape => "il codice fiscale nel registro non è scritto bene",
    })?;
    let codes = service.and_then(|service| service.test_codes.as_ref());
    if codes.is_some_and(|codes| !codes.0.iter().any(|code| code == recipient.as_str())) {
        return Err("il servizio è in prova, e il suo codice non è tra quelli di prova");
    }
    Ok(recipient)
}

/// What is wrong with a batch, all at once: service, names in braces, each text.
#[must_use]
pub fn flaws(batch: &Batch, service: Option<&io_service::Model>, people: &[Personal]) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    match service.map(message::mute) {
        None => flaws.push(Flaw::new("service", "Scegli un servizio.")),
        Some(Some(why)) => {
            flaws.push(Flaw::new("service", format!("Con questo servizio non si può scrivere: {why}.")));
        }
        Some(None) => {}
    }
    for (field, typed) in [("subject", &batch.subject), ("body", &batch.body)] {
        let slips = unknown(typed, &NAMES);
        if !slips.is_empty() {
            let words = format!("Qui non significa niente: {}. Controlla com'è scritto.", slips.join(", "));
            flaws.push(Flaw::new(field, words));
        }
    }
    let reached = || people.iter().filter(|one| one.recipient.is_ok());
    // One sentence for each rule, not one for each person.
    let mut said: Vec<(&str, String)> = Vec::new();
    for remark in reached().flat_map(|one| check(&one.content)) {
        if !said.iter().any(|(field, _)| *field == remark.field) {
            said.push((remark.field, remark.words.into_owned()));
        }
    }
    flaws.extend(said.into_iter().map(|(field, words)| Flaw::new(field, words)));
    if reached().next().is_none() {
        flaws.push(Flaw::new("form", "Di queste persone nessuna si può raggiungere su IO."));
    }
    flaws
}

/// Writes a notification to everybody who can be reached; gives to how many. Sent twice, everybody gets one.
pub async fn send(desk: &Desk, cx: &Cx, batch: &Batch) -> Result<usize> {
    let tx = desk.db.begin().await?;
    let people = compose(&tx, cx, batch).await?;
    let service = store::io_service::by_id(&tx, cx.organisation, batch.service.unwrap_or_default()).await?;
    accept(flaws(batch, service.as_ref(), &people))?;
    let service = service.ok_or(Error::NotFound)?;
    let account = account::of(&tx, cx.organisation).await?;
    let mut written = 0;
    for Personal { order, taxpayer, content, recipient } in people {
        let Ok(recipient) = recipient else { continue };
        let once = format!("batch/{}/{}", batch.token.simple(), order.id.simple());
        written += 1;
        if store::io_message::by_once(&tx, cx.organisation, &once).await?.is_some() {
            continue;
        }
        let mut row = Model {
            purpose: Purpose::Single,
            taxpayer_id: taxpayer.map(|one| one.id),
            next_at: Some(message::may_be_taken_back_until(&account, cx)),
            once: Some(once),
            ..message::row(cx, &service, &Message { recipient, content })
        };
        message::tell_thread(&tx, cx, &order, &service, &mut row).await?;
        if store::io_message::insert(&tx, vec![row]).await? == 0 {
            return Err(Error::Conflict("Questo invio è già partito: trovi le notifiche nell'archivio."));
        }
    }
    tx.commit().await?;
    desk.wake.io.notify_one();
    Ok(written)
}

fn rejected(field: &'static str, words: &str) -> Error {
    Error::Rejected(vec![Flaw::new(field, words)])
}
