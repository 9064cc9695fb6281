//! One text for the people of several work orders, each with what is theirs: chosen in the queue, read one by one, sent at once.
//!
//! IO is no mass channel ("Manuale dei servizi", Send Messages): there is no way to write to everybody, only to those who wrote to
//! us about something, each about that. What is sent is what was shown: [`digest`] tells whether a text, or a person, is another one
//! than in the preview.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use entity::{
    follower::ToldBy,
    io_message::{Model, Purpose},
    io_service, request_kind, taxpayer,
    work_order::{self, Identified},
};
use sea_orm::ConnectionTrait;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{account, form, message, row};
use crate::{
    actions::{Cx, Desk, Error, Flaw, Result, accept},
    domain::{
        calendar::rome_date,
        io::{
            escape::escape_inline,
            message::{Content, Message, check},
            recipient::{Recipient, Unfit},
            text::{MARKDOWN, SUBJECT, Standing, cut, standing, units},
        },
        number::Number,
        progress::template::{Placeholder, Values, fill, unknown},
        text,
    },
    store,
    wording::PERSONAL_URL,
};

/// Most work orders of a batch: as many as somebody can be expected to read one by one before they press the button.
pub const MOST: usize = 100;

/// What is said to whoever sends what they have not read.
pub const UNREAD: &str = "Il testo, o le persone, non sono quelli dell’anteprima: rileggi, poi invia.";

/// A notice has an amount and a number of its own, which one text for many cannot have.
const NO_PAYMENT: &str =
    "Il testo parla di un pagamento: un avviso ha importo e numero suoi, scrivilo da «Nuova notifica».";

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
    /// The lines with [`Placeholder::Due`] are left out: the day is past, and no promise.
    pub late: bool,
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
    let ids: Vec<Uuid> = orders.iter().map(|order| order.id).collect();
    let authors = store::follower::authors(db, cx.organisation, &ids).await?;
    let wants_nothing = |order: &work_order::Model| {
        authors.iter().any(|one| one.work_order_id == Some(order.id) && one.told_by == ToldBy::Nothing)
    };
    let due = Placeholder::Due.braced();
    let promises = batch.subject.contains(&due) || batch.body.contains(&due);
    let personal = |order: work_order::Model| {
        let taxpayer = taxpayers.get(&order.taxpayer_id).filter(|one| !one.generic).cloned();
        let content = content(batch, &values(&order, &kinds, cx.now));
        let late = promises && rome_date(order.due_at) < rome_date(cx.now);
        Personal {
            recipient: match order.identified {
                // A code that somebody typed into a form may be anybody's.
                Identified::Declared => Err("il contribuente è solo dichiarato nel modulo: collegalo prima"),
                _ if wants_nothing(&order) => Err("ha chiesto di non essere avvisato"),
                _ if late && is_short(&content) => {
                    Err("il termine è già passato, e senza quella riga resta troppo poco")
                }
                _ => recipient(taxpayer.as_ref(), service.as_ref()),
            },
            content,
            late,
            taxpayer,
            order,
        }
    };
    Ok(orders.into_iter().map(personal).collect())
}

fn is_short(content: &Content) -> bool {
    let is_short = |text, limits| matches!(standing(text, limits), Standing::Short(_));
    is_short(&content.subject, &SUBJECT) || is_short(&content.body, &MARKDOWN)
}

/// A day that is past is empty, and takes its line along: so do the texts of updates.
fn values(order: &work_order::Model, kinds: &[request_kind::Model], now: DateTime<Utc>) -> Values {
    let due = Some(rome_date(order.due_at)).filter(|due| *due >= rome_date(now));
    let kind = kinds.iter().find(|kind| kind.id == order.kind_id);
    vec![
        (Placeholder::Number, Number { year: order.year, number: order.number }.to_string()),
        (Placeholder::Kind, kind.map(|kind| kind.name.to_lowercase()).unwrap_or_default()),
        (Placeholder::Due, due.map(|due| due.format("%d/%m/%Y").to_string()).unwrap_or_default()),
    ]
}

/// The text is the operator's, Markdown and all; what is filled in reads as it is written. Of what is far too long, which is never sent
/// (see [`flaws`]), no more is filled in than a page shows.
fn content(batch: &Batch, values: &Values) -> Content {
    let escaped: Values = values.iter().map(|(name, value)| (*name, escape_inline(value))).collect();
    Content {
        subject: fill(cut(&text::typed_line(&batch.subject), form::KEPT), values),
        body: fill(cut(&text::typed(&batch.body), form::KEPT), &escaped),
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
pub fn flaws(
    batch: &Batch,
    service: Option<&io_service::Model>,
    people: &[Personal],
    now: DateTime<Utc>,
) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    match service.map(message::mute) {
        None => flaws.push(Flaw::new("service", "Scegli un servizio.")),
        Some(Some(why)) => {
            flaws.push(Flaw::new("service", format!("Con questo servizio non si può scrivere: {why}.")));
        }
        Some(None) => {}
    }
    let typed = Content { subject: batch.subject.clone(), body: batch.body.clone(), ..Content::default() };
    if units(&typed.subject).max(units(&typed.body)) > form::KEPT {
        flaws.extend(check(&typed).into_iter().map(form::flaw));
        return flaws;
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
    for flaw in reached().flat_map(|one| form::unfit(&one.content, service, now)) {
        let has_field = ["subject", "body"].contains(&flaw.field.as_ref());
        form::add(&mut flaws, [if has_field { flaw } else { Flaw::new("body", NO_PAYMENT) }]);
    }
    if reached().any(|one| one.content.markdown().contains(PERSONAL_URL)) {
        flaws.push(Flaw::new(
            "body",
            "La pagina personale si apre solo dagli aggiornamenti di un ordine di lavoro.",
        ));
    }
    if reached().next().is_none() {
        flaws.push(Flaw::new("form", "Di queste persone nessuna si può raggiungere su IO."));
    }
    flaws
}

/// What tells what each would read from what they would have read in another preview.
#[must_use]
pub fn digest(batch: &Batch, people: &[Personal]) -> String {
    let reads = |one: &Personal| {
        let code = one.recipient.as_ref().map(|code| code.as_str().to_owned()).unwrap_or_default();
        (one.order.id, code, one.content.subject.clone(), one.content.markdown())
    };
    let all: Vec<_> = people.iter().map(reads).collect();
    HEXLOWER.encode(&Sha256::digest(json!((batch.service, all)).to_string().as_bytes())[..16])
}

/// Writes a notification to everybody who can be reached. Sent twice, everybody gets one. `seen` is the [`digest`] of the preview that
/// was read.
///
/// # Errors
/// `Rejected`: see [`flaws`]; `Conflict` with [`UNREAD`] when something else would be sent than was read, or when other words were sent
/// with the same form.
pub async fn send(desk: &Desk, cx: &Cx, batch: &Batch, seen: &str) -> Result<()> {
    let tx = desk.db.begin().await?;
    let people = compose(&tx, cx, batch).await?;
    let service = store::io_service::by_id(&tx, cx.organisation, batch.service.unwrap_or_default()).await?;
    accept(flaws(batch, service.as_ref(), &people, cx.now))?;
    if digest(batch, &people) != seen {
        return Err(Error::Conflict(UNREAD));
    }
    let service = service.ok_or(Error::NotFound)?;
    let account = account::of(&tx, cx.organisation).await?;
    for Personal { order, taxpayer, content, recipient, .. } in people {
        let Ok(recipient) = recipient else { continue };
        let once = format!("batch/{}/{}", batch.token.simple(), order.id.simple());
        if let Some(there) = store::io_message::by_once(&tx, cx.organisation, &once).await? {
            let same = (there.fiscal_code == recipient.as_str() && there.io_service_id == service.id)
                && (there.subject == content.subject && there.markdown == content.markdown());
            if same {
                continue;
            }
            return Err(Error::Conflict(
                "Queste notifiche erano già state inviate con un altro testo: sono nell'archivio. Se le invii di nuovo ne partono altre.",
            ));
        }
        let mut row = Model {
            purpose: Purpose::Single,
            taxpayer_id: taxpayer.map(|one| one.id),
            next_at: Some(message::may_be_taken_back_until(&account, cx)),
            once: Some(once),
            ..row::waiting(cx, &service, &Message { recipient, content })
        };
        message::tell_thread(&tx, cx, &order, &service, &mut row).await?;
        if store::io_message::insert(&tx, vec![row]).await? == 0 {
            return Err(Error::Conflict("Questo invio è già partito: trovi le notifiche nell'archivio."));
        }
    }
    tx.commit().await?;
    desk.wake.io.notify_one();
    Ok(())
}

fn rejected(field: &'static str, words: &str) -> Error {
    Error::Rejected(vec![Flaw::new(field, words)])
}
