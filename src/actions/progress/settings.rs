//! Rules and texts of updates: by which way citizens are told of what, and in which words.

use entity::{
    language::Language,
    update_rule::{Occasion, Way},
    update_text::{self, Medium},
};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use crate::{
    actions::{Cx, Desk, Error, Flaw, Result, accept},
    domain::{
        form_rules::is_printable,
        io::{message, message::Content, text},
        progress::{OCCASIONS, template, ways},
    },
    store,
    wording::{Text, updates},
};

/// Longest subject of a letter, in characters.
const SUBJECT: usize = 150;
/// Longest text, in characters: IO takes ten thousand, and what is filled in needs room.
const BODY: usize = 5_000;

/// What is set for one occasion of a kind, or of all kinds; without a way what holds for all takes its place.
pub type Rule = (Option<Uuid>, Occasion, Option<Way>);

/// Saves rules, and the service in whose name progress is told.
///
/// # Errors
/// `Rejected` for a way that an occasion does not have, or a service in whose name nothing is sent.
pub async fn save_rules(desk: &Desk, cx: &Cx, rules: &[Rule], service: Option<Uuid>) -> Result<()> {
    let tx = desk.db.begin().await?;
    write(&tx, cx, rules).await?;
    if let Some(service) = service {
        let service =
            store::io_service::by_id(&tx, cx.organisation, service).await?.ok_or(Error::NotFound)?;
        // One that has stopped sending may stay where it is: its page says so.
        if !service.sends && !service.updates {
            let words = "Questo servizio non invia ancora: abilitalo prima nella sua pagina.";
            return Err(Error::Rejected(vec![Flaw::new("service", words)]));
        }
    }
    store::io_service::set_updates(&tx, cx.organisation, service).await?;
    tx.commit().await?;
    Ok(())
}

/// Saves rules, and leaves the service as it is.
///
/// # Errors
/// As [`save_rules`].
pub async fn save_only_rules(desk: &Desk, cx: &Cx, rules: &[Rule]) -> Result<()> {
    let tx = desk.db.begin().await?;
    write(&tx, cx, rules).await?;
    tx.commit().await?;
    Ok(())
}

async fn write(tx: &DatabaseTransaction, cx: &Cx, rules: &[Rule]) -> Result<()> {
    let kinds = store::organisation::kinds(tx, cx.organisation).await?;
    for (kind, occasion, way) in rules {
        let known = kind.is_none_or(|kind| kinds.iter().any(|known| known.id == kind));
        if !known || way.is_some_and(|way| !ways(*occasion).contains(&way)) {
            return Err(Error::Rejected(vec![Flaw::new("rules", "Scegli un canale dell'elenco.")]));
        }
        store::update::set_rule(tx, cx.organisation, (*kind, *occasion), *way).await?;
    }
    Ok(())
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
    let text = Text { subject: text.subject.trim().to_owned(), body: text.body.trim().replace("\r\n", "\n") };
    accept(flaws(which, &text))?;
    let tx = desk.db.begin().await?;
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

/// Gives the program's own text its place back.
pub async fn reset_text(desk: &Desk, cx: &Cx, which: Which) -> Result<()> {
    let tx = desk.db.begin().await?;
    store::update::delete_text(&tx, cx.organisation, which).await?;
    tx.commit().await?;
    Ok(())
}

fn flaws((occasion, medium, _): Which, text: &Text) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for (field, words, most) in [("subject", &text.subject, SUBJECT), ("body", &text.body, BODY)] {
        let one_line = field == "subject" && words.contains('\n');
        if words.is_empty() {
            flaws.push(Flaw::new(field, "Scrivi il testo, o torna a quello di serie."));
        } else if words.chars().count() > most {
            flaws.push(Flaw::new(field, format!("Al massimo {most} caratteri.")));
        } else if one_line || !words.lines().all(is_printable) {
            flaws.push(Flaw::new(field, "Ci sono caratteri che non si possono usare: riscrivi il testo."));
        }
        let unknown = template::unknown(words, &template::of(occasion));
        if !unknown.is_empty() {
            let words = format!("Questi segnaposti qui non esistono: {}.", unknown.join(", "));
            flaws.push(Flaw::new(field, words));
        }
    }
    if medium == Medium::Io && flaws.is_empty() {
        let found = message::check(&shortest(text));
        flaws.extend(found.into_iter().map(|remark| Flaw::new(remark.field, remark.words)));
    }
    flaws
}

/// A text for IO with as little in it as there may be: even so it must be long enough for IO.
fn shortest(text: &Text) -> Content {
    use template::Placeholder::{Due, Kind, Number, Organisation, Received};
    let values = vec![
        (Number, "2026/000001".to_owned()),
        (Kind, "Altro".to_owned()),
        (Received, "1/1/2026".to_owned()),
        (Due, "1/1/2026".to_owned()),
        (Organisation, "AMA".to_owned()),
    ];
    Content {
        subject: text::fit_subject(&template::fill(&text.subject, &values)),
        body: template::fill(&text.body, &values),
        ..Content::default()
    }
}

/// The text that holds: the organisation's own with its version, or the program's.
pub async fn text(
    db: &impl sea_orm::ConnectionTrait,
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
