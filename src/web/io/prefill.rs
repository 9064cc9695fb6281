//! What stands in a new form already: from a work order, a taxpayer, a notification that is to be corrected.

use entity::{
    io_message::{Model, Purpose},
    taxpayer, work_order,
};
use serde::Deserialize;
use uuid::Uuid;

use super::{find, sheet::Sheet};
use crate::{
    actions::io::form::TO_WRITE,
    app::App,
    domain::io::{
        escape::escape_inline, fate, payment::read_notice_number, recipient::Recipient, text::fit_subject,
    },
    store,
    web::{
        error::{Error, Result},
        session::Operator,
        words::day,
        work_order::number_of,
    },
};

/// The query.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    work_order: String,
    taxpayer: Option<Uuid>,
    corrects: Option<Uuid>,
    text: String,
}

/// What a form is about.
#[derive(Debug, Default)]
pub struct About {
    /// A work order.
    pub order: Option<work_order::Model>,
    /// A notification that it corrects.
    pub corrects: Option<Model>,
}

impl About {
    /// What the fields of a form name. Somebody else's is nobody's.
    pub async fn named(
        app: &App,
        operator: &Operator,
        work_order: &str,
        corrects: Option<Uuid>,
    ) -> Result<Self> {
        let order = match work_order {
            "" => None,
            slug => {
                let number = slug.parse().map_err(|_| Error::NotFound)?;
                let organisation = operator.row.organisation_id;
                let found = store::work_order::by_number(&app.desk.db.read, organisation, number).await?;
                Some(found.ok_or(Error::NotFound)?)
            }
        };
        let corrects = match corrects {
            None => None,
            Some(id) => Some(find(app, operator, id).await?),
        };
        let about = match (order, corrects) {
            (None, Some(before)) => Self { corrects: Some(before.clone()), ..Self::of(app, &before).await? },
            (order, corrects) => Self { order, corrects },
        };
        Ok(about)
    }

    /// What a stored notification is about.
    pub async fn of(app: &App, row: &Model) -> Result<Self> {
        let (db, organisation) = (&app.desk.db.read, row.organisation_id);
        let order = match row.work_order_id {
            Some(id) => store::work_order::by_id(db, organisation, id).await?,
            None => None,
        };
        let corrects = match row.follows_id.filter(|_| row.purpose == Purpose::Correction) {
            Some(id) => store::io_message::by_id(db, organisation, id).await?,
            None => None,
        };
        Ok(Self { order, corrects })
    }
}

/// A form that begins with what the address names, and what is wrong with whom it names.
pub async fn begun(app: &App, operator: &Operator, asked: Asked) -> Result<(Sheet, About, Option<String>)> {
    let about = About::named(app, operator, &asked.work_order, asked.corrects).await?;
    let mut sheet = Sheet::blank();
    let mut refused = None;
    let corrected = about.corrects.as_ref().filter(|before| fate::has_left(before.state));
    let (db, organisation) = (&app.desk.db.read, operator.row.organisation_id);
    if let Some(order) = &about.order {
        sheet.work_order = number_of(order).slug();
        if corrected.is_none() {
            refused = author(app, order, &mut sheet).await?;
            texts(app, order, &asked.text, &mut sheet).await?;
        }
    }
    if let Some(before) = corrected {
        correction(&mut sheet, before);
    }
    if let Some(id) = asked.taxpayer {
        let taxpayer = store::taxpayer::by_id(db, organisation, id).await?.ok_or(Error::NotFound)?;
        refused = addressed(&taxpayer, &mut sheet);
    }
    Ok((sheet, about, refused))
}

/// Whoever wrote it: the taxpayer, or the person whose code came with a form.
async fn author(app: &App, order: &work_order::Model, sheet: &mut Sheet) -> Result<Option<String>> {
    let db = &app.desk.db.read;
    let taxpayer = store::taxpayer::by_id(db, order.organisation_id, order.taxpayer_id).await?;
    let refused = taxpayer.as_ref().and_then(|taxpayer| addressed(taxpayer, sheet));
    if sheet.recipient.is_empty() {
        let authors = store::follower::authors(db, order.organisation_id, &[order.id]).await?;
        let code = authors.into_iter().find_map(|author| Recipient::read(&author.fiscal_code).ok());
        if let Some(code) = code {
            code.as_str().clone_into(&mut sheet.recipient);
            return Ok(None);
        }
    }
    Ok(refused)
}

/// Writes to a taxpayer, or says why not.
pub fn addressed(taxpayer: &taxpayer::Model, sheet: &mut Sheet) -> Option<String> {
    if taxpayer.generic {
        return Some(
            "Il contribuente non è stato riconosciuto: scrivi il codice fiscale, o cercalo nel registro."
                .to_owned(),
        );
    }
    match Recipient::read(taxpayer.fiscal_code.as_deref().unwrap_or_default()) {
        Ok(_) => {
            sheet.address(taxpayer);
            None
        }
        Err(_) if taxpayer.fiscal_code.is_none() => {
            Some(format!("Nel registro non c’è il codice fiscale di {}.", taxpayer.name))
        }
        Err(unfit) => Some(format!("{}: {unfit}", taxpayer.name)),
    }
}

/// Ready words: about the request, or about a payment notice that goes with it.
async fn texts(app: &App, order: &work_order::Model, text: &str, sheet: &mut Sheet) -> Result<()> {
    let number = number_of(order);
    let (subject, body) = match text {
        "payment" => (
            "TARI: avviso di pagamento".to_owned(),
            format!(
                "È disponibile l'avviso di pagamento della tassa sui rifiuti (TARI) che riguarda la tua richiesta {number}.\n\n\
                 Puoi pagarlo da questo messaggio: qui trovi l'importo, il numero dell'avviso e la scadenza. Se hai già pagato, \
                 non devi fare niente."
            ),
        ),
        "overdue" => (
            "TARI: sollecito di pagamento".to_owned(),
            format!(
                "L'avviso di pagamento della tassa sui rifiuti (TARI) che riguarda la tua richiesta {number} non risulta \
                 ancora pagato.\n\nPuoi pagarlo da questo messaggio: qui trovi l'importo, il numero dell'avviso e la scadenza. \
                 Se hai pagato negli ultimi giorni, non devi fare niente."
            ),
        ),
        _ => (format!("La tua richiesta {number}"), String::new()),
    };
    if !body.is_empty() {
        let sent =
            store::submission::of_work_order(&app.desk.db.read, order.organisation_id, order.id).await?;
        let named = sent.and_then(|sent| read_notice_number(sent.answers.get("document")).ok());
        sheet.notice_number = named.unwrap_or_default();
    }
    (sheet.subject, sheet.body) = (subject, body);
    Ok(())
}

/// What was wrong, what is right, what to do, an apology ("Manuale dei servizi", What to Do in Case of Errors).
fn correction(sheet: &mut Sheet, before: &Model) {
    let title = escape_inline(&before.subject);
    let on = day(crate::domain::calendar::rome_date(before.created_at));
    sheet.service = before.io_service_id.to_string();
    sheet.recipient.clone_from(&before.fiscal_code);
    sheet.taxpayer = before.taxpayer_id.map(|id| id.to_string()).unwrap_or_default();
    sheet.corrects = before.id.to_string();
    let original = before.subject.trim_start_matches("Errata corrige: ");
    sheet.subject = fit_subject(&format!("Errata corrige: {original}"));
    sheet.body = format!(
        "Nel messaggio «{title}» del {on} c'era un errore: {TO_WRITE}.\n\nIl dato giusto è questo: {TO_WRITE}.\n\nChe cosa devi \
         fare: {TO_WRITE}.\n\nIl messaggio di prima non vale più. Ci scusiamo per l'errore."
    );
}
