//! "Allega la comunicazione": a notification announces a letter of its work order, which stays here until the citizen opens it. There
//! only where the owner has turned remote content on, and a service offers it.

use chrono::{DateTime, Utc};
use entity::{communication, io_message::Model, io_remote_message, io_service, work_order};
use serde::Serialize;
use uuid::Uuid;

use super::{sheet::Sheet, view::Choice};
use crate::{
    actions::{
        self, Flaw,
        io::{
            message::mute,
            remote::{offers, reader::Reader},
        },
    },
    app::App,
    domain::text::{one_line, shortened},
    store,
    web::{error::Result, words::moment, work_order::path_of as path_of_order},
};

/// Characters of a letter that tell it from others with the same subject.
const BEGINNING: usize = 60;

/// The field.
#[derive(Serialize)]
pub struct Field {
    letters: Vec<Choice>,
    /// Why there is nothing to choose from.
    why: Option<&'static str>,
    /// The services with which it works, when there are others.
    only: Option<String>,
}

/// The field of a notification about `order`; none where nothing can be announced.
pub async fn field(
    app: &App,
    order: Option<&work_order::Model>,
    services: &[io_service::Model],
) -> Result<Option<Field>> {
    let (Some(order), true) = (order, app.config.io.remote) else { return Ok(None) };
    let db = &app.desk.db.read;
    let offered = store::io_remote::all(db, order.organisation_id).await?;
    let offered = |service: &io_service::Model| {
        offered.iter().any(|row| row.io_service_id == service.id && offers(row))
    };
    let all: Vec<_> = services.iter().filter(|service| mute(service).is_none()).collect();
    let able: Vec<_> = all.iter().filter(|service| offered(service)).map(|one| one.name.as_str()).collect();
    if able.is_empty() {
        return Ok(None);
    }
    let reader = Reader::of(db, order).await?;
    let letters = match reader.code() {
        Some(_) => reader.letters(db, order).await?,
        None => Vec::new(),
    };
    let why = match reader.code() {
        None => Some(
            "Per allegarne una collega prima il contribuente all’ordine di lavoro: si allega solo per chi l’ha scritto.",
        ),
        Some(_) => letters
            .is_empty()
            .then_some("A chi ha scritto l’ordine di lavoro non è ancora stato scritto niente."),
    };
    let only = (able.len() < all.len()).then(|| able.join(", "));
    Ok(Some(Field { letters: letters.iter().map(choice).collect(), why, only }))
}

fn choice(letter: &communication::Model) -> Choice {
    let beginning = shortened(&one_line(&letter.text), BEGINNING);
    Choice::new(letter.id, format!("{} · {} · {beginning}", moment(letter.at), letter.subject))
}

/// The letter that a form names.
///
/// # Errors
/// `Rejected`: the owner has turned it off meanwhile; `NotFound`: what it names cannot be a letter.
pub fn chosen(app: &App, sheet: &Sheet) -> actions::Result<Option<Uuid>> {
    if sheet.attach.is_empty() {
        return Ok(None);
    }
    if !app.config.io.remote {
        let words = "Le comunicazioni non si possono più allegare: ricarica la pagina.";
        return Err(actions::Error::Rejected(vec![Flaw::new("form", words)]));
    }
    sheet.attach.parse().map(Some).map_err(|_| actions::Error::NotFound)
}

/// What a notification announces, as its page says it.
#[derive(Serialize)]
pub struct Attached {
    href: String,
    subject: String,
    at: DateTime<Utc>,
    parts: String,
}

/// What a notification announces, if anything.
pub async fn attached(app: &App, row: &Model) -> Result<Option<Attached>> {
    let (db, organisation) = (&app.desk.db.read, row.organisation_id);
    let Some(announced) = store::io_remote::of_message(db, organisation, row.id).await? else {
        return Ok(None);
    };
    let letter = store::communication::by_id(db, organisation, announced.communication_id).await?;
    let order = match row.work_order_id {
        Some(id) => store::work_order::by_id(db, organisation, id).await?,
        None => None,
    };
    Ok(letter.zip(order).map(|(letter, order)| Attached {
        href: format!("{}#c-{}", path_of_order(&order), letter.id),
        parts: parts(&announced),
        subject: letter.subject,
        at: letter.at,
    }))
}

/// `testo, documento e 2 file`, without what is not there.
fn parts(announced: &io_remote_message::Model) -> String {
    let files = match announced.files.0.len() {
        0 => String::new(),
        1 => "un file".to_owned(),
        many => format!("{many} file"),
    };
    let word = |is: bool, word: &str| if is { word.to_owned() } else { String::new() };
    let parts = [word(announced.has_text, "testo"), word(announced.has_document, "documento"), files];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    match parts.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} e {last}", first.join(", ")),
        _ => parts.concat(),
    }
}
