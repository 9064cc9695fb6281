//! Rules and texts of updates: by which way citizens are told of what, and in which words.

use entity::{
    language::Language,
    update_rule::{Occasion, Way},
    update_text::{self, Medium},
};
use sea_orm::{ActiveEnum, ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

use super::{fit, outlook::is_certified};
use crate::{
    actions::{Cx, Desk, Error, Flaw, Result, accept},
    domain::progress::{OCCASIONS, set, standard, ways},
    store,
    wording::{Text, updates},
};

/// What is set for one occasion of a kind, or of all kinds; without a way what holds for all takes its place.
pub type Rule = (Option<Uuid>, Occasion, Option<Way>);

/// What was changed on a page, each with what the page had shown.
#[derive(Clone, Debug, Default)]
pub struct Edits {
    /// Rules. For all kinds the program's own way counts as set.
    pub rules: Vec<(Rule, Option<Way>)>,
    /// The service in whose name progress is told.
    pub service: Option<(Option<Uuid>, Option<Uuid>)>,
}

/// Saves what was changed on a page, and leaves the rest as it is. Two who save at one moment are not kept apart: one of them was
/// second.
///
/// # Errors
/// `Conflict` when somebody else has set something of it otherwise since the page was drawn; else as [`save_rules`].
pub async fn save_edits(desk: &Desk, cx: &Cx, edits: &Edits) -> Result<()> {
    let tx = desk.db.begin().await?;
    if is_overtaken(&tx, cx, edits).await? {
        return Err(Error::Conflict("Qualcuno ha cambiato queste regole: ricarica la pagina."));
    }
    if let Some((service, _)) = edits.service {
        set_service(&tx, cx, service).await?;
    }
    // What the program would do anyway needs no rule of its own.
    let stored = |(kind, occasion, way): Rule| {
        let is_own = kind.is_some() || way != Some(standard(occasion));
        (kind, occasion, way.filter(|_| is_own))
    };
    let rules: Vec<Rule> = edits.rules.iter().map(|(rule, _)| stored(*rule)).collect();
    write(&tx, cx, &rules).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether something stands otherwise than it was seen, and otherwise than it is wanted.
async fn is_overtaken(tx: &DatabaseTransaction, cx: &Cx, edits: &Edits) -> Result<bool> {
    let rules = store::update::rules(tx, cx.organisation).await?;
    let of_rule = edits.rules.iter().any(|((kind, occasion, way), seen)| {
        let there = set(&rules, *kind, *occasion);
        there != *seen && there != *way
    });
    let Some((service, seen)) = edits.service else { return Ok(of_rule) };
    let there = store::io_service::chosen(tx, cx.organisation).await?.map(|service| service.id);
    Ok(of_rule || there != seen && there != service)
}

/// Saves rules, and the service in whose name progress is told.
///
/// # Errors
/// `Rejected` for a way that an occasion does not have, or that the organisation has not, by the name of the occasion; or for a
/// service in whose name nothing is sent.
pub async fn save_rules(desk: &Desk, cx: &Cx, rules: &[Rule], service: Option<Uuid>) -> Result<()> {
    let tx = desk.db.begin().await?;
    set_service(&tx, cx, service).await?;
    write(&tx, cx, rules).await?;
    tx.commit().await?;
    Ok(())
}

async fn set_service(tx: &DatabaseTransaction, cx: &Cx, service: Option<Uuid>) -> Result<()> {
    if let Some(service) = service {
        let service = store::io_service::by_id(tx, cx.organisation, service).await?.ok_or(Error::NotFound)?;
        // One that has stopped sending may stay where it is: its page says so.
        if !service.sends && !service.updates {
            let words = "Questo servizio non invia ancora: abilitalo prima nella sua pagina.";
            return Err(Error::Rejected(vec![Flaw::new("service", words)]));
        }
    }
    Ok(store::io_service::set_updates(tx, cx.organisation, service).await?)
}

async fn write(tx: &DatabaseTransaction, cx: &Cx, rules: &[Rule]) -> Result<()> {
    let kinds = store::organisation::kinds(tx, cx.organisation).await?;
    let means = Means::of(tx, cx.organisation).await?;
    let mut flaws = Vec::new();
    for (kind, occasion, way) in rules {
        let known = kind.is_none_or(|kind| kinds.iter().any(|known| known.id == kind));
        if !known || way.is_some_and(|way| !ways(*occasion).contains(&way)) {
            return Err(Error::Rejected(vec![Flaw::new("rules", "Scegli un canale dell'elenco.")]));
        }
        match way.and_then(|way| means.missing(way)) {
            Some(missing) => flaws.push(Flaw::new(name(*occasion), refusal(missing))),
            None => store::update::set_rule(tx, cx.organisation, (*kind, *occasion), *way).await?,
        }
    }
    accept(flaws)
}

fn refusal(missing: Missing) -> &'static str {
    match missing {
        Missing::Pec => "L'ente non ha una casella PEC: aggiungila prima tra le caselle.",
        Missing::Io => "Nessun servizio di IO invia: scegline prima uno con cui si avvisa.",
    }
}

/// The name of an occasion, as it is stored.
fn name(occasion: Occasion) -> String {
    occasion.to_value()
}

/// By which ways an organisation can tell at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Means {
    pec: bool,
    io: bool,
}

/// What a way needs and is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// A mailbox for certified mail.
    Pec,
    /// A service that was chosen and sends.
    Io,
}

impl Means {
    /// What an organisation has.
    ///
    /// # Errors
    /// The database.
    pub async fn of(db: &impl ConnectionTrait, organisation: Uuid) -> Result<Self> {
        let mailboxes = store::mailbox::all(db, organisation).await?;
        let service = store::io_service::for_updates(db, organisation).await?;
        Ok(Self { pec: mailboxes.iter().any(is_certified), io: service.is_some() })
    }

    /// What is missing for a way that a rule names. The best way is whatever there is.
    #[must_use]
    pub fn missing(self, way: Way) -> Option<Missing> {
        match way {
            Way::Pec => (!self.pec).then_some(Missing::Pec),
            Way::Io | Way::MailAndIo => (!self.io).then_some(Missing::Io),
            Way::Best | Way::Mail | Way::Nothing => None,
        }
    }
}

/// Which text, in which language.
pub type Which = store::update::Which;

/// Every text that may be edited. The acknowledgement by mail has words of its own, which prove a date.
pub fn all_texts() -> impl Iterator<Item = (Occasion, Medium)> {
    let of = |occasion| [(occasion, Medium::Mail), (occasion, Medium::Io)];
    OCCASIONS.into_iter().flat_map(of).filter(|which| *which != (Occasion::Received, Medium::Mail))
}

/// Saves a text. `version` is the one that was on the page, none when the program's own was.
pub async fn save_text(desk: &Desk, cx: &Cx, which: Which, text: Text, version: Option<i32>) -> Result<()> {
    let text = tidied(&text);
    let tx = desk.db.begin().await?;
    accept(flaws(&tx, cx.organisation, which, &text).await?)?;
    let there = store::update::text(&tx, cx.organisation, which).await?;
    let saved = match (there, version) {
        (Some(there), Some(version)) => {
            store::update::update_text(&tx, cx.organisation, (there.id, version), (text.subject, text.body))
                .await?
        }
        (None, None) => {
            let (occasion, medium, language) = which;
            let Text { subject, body } = text;
            let organisation_id = cx.organisation;
            let id = Uuid::now_v7();
            let row = update_text::Model {
                id,
                organisation_id,
                occasion,
                medium,
                language,
                subject,
                body,
                version: 0,
            };
            store::update::insert_text(&tx, row).await?
        }
        _ => false,
    };
    if !saved {
        return Err(Error::Conflict("Qualcuno ha cambiato questo testo: ricarica la pagina."));
    }
    tx.commit().await?;
    Ok(())
}

/// Gives the program's own text its place back. `version` is the one that was on the page.
///
/// # Errors
/// `Conflict` when somebody else has written another one meanwhile.
pub async fn reset_text(desk: &Desk, cx: &Cx, which: Which, version: Option<i32>) -> Result<()> {
    let tx = desk.db.begin().await?;
    let there = store::update::text(&tx, cx.organisation, which).await?;
    if let Some(there) = there
        && (Some(there.version) != version
            || !store::update::delete_text(&tx, cx.organisation, (there.id, there.version)).await?)
    {
        return Err(Error::Conflict("Qualcuno ha cambiato questo testo: ricarica la pagina."));
    }
    tx.commit().await?;
    Ok(())
}

/// What is wrong with a text, as it would be found when it is saved.
///
/// # Errors
/// The database.
pub async fn flaws(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    which: Which,
    text: &Text,
) -> Result<Vec<Flaw>> {
    let kinds = store::organisation::kinds(db, organisation).await?;
    let organisation = store::organisation::by_id(db, organisation).await?.ok_or(Error::NotFound)?;
    Ok(fit::flaws(which, &tidied(text), &organisation, &kinds))
}

/// A text as it is stored.
fn tidied(text: &Text) -> Text {
    Text { subject: text.subject.trim().to_owned(), body: text.body.trim().replace("\r\n", "\n") }
}

/// The text that holds: the organisation's own with its version, or the program's.
pub async fn text(
    db: &impl ConnectionTrait,
    organisation: Uuid,
    which: Which,
) -> Result<(Text, Option<i32>)> {
    let own = store::update::text(db, organisation, which).await?;
    let (occasion, medium, language): (Occasion, Medium, Language) = which;
    Ok(match own {
        Some(own) => (Text { subject: own.subject, body: own.body }, Some(own.version)),
        None => (updates::standard(language, medium, occasion), None),
    })
}
