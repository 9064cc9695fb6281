//! The forms that citizens find: which are published, and what they ask.

use entity::{
    form::{Form, Need, What},
    language::Language,
    portal::{self, Anonymous},
    request_kind::{ActiveModel, Model},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    actions::{Cx, Desk, Error, Flaw, Result, accept},
    domain::{
        form::of_kind,
        form_rules::{self, Fault, Part},
    },
    store,
};

/// The kind whose form a rule prescribes.
const COMPLAINT: &str = "complaint";
const MEANWHILE: &str =
    "Nel frattempo un altro amministratore ha cambiato questo modulo: ricarica la pagina e riprova.";

/// What citizens are to find of a kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// They find it.
    pub published: bool,
    /// Its form; `None`: the standard one of its code.
    pub form: Option<Form>,
}

/// A mark of what is stored, so that two editors notice each other: kinds have no version of their own.
#[must_use]
pub fn trace_of(kind: &Model) -> String {
    let written = serde_json::to_vec(&(kind.published, &kind.form)).unwrap_or_default();
    data_encoding::HEXLOWER.encode(&Sha256::digest(written)[..16])
}

/// Changes what citizens find of a kind. `seen` is the trace of what was on the page.
///
/// # Errors
/// `NotFound`; `Conflict` when it is another by now; `Rejected`: flaws of the form are named `title_it`, `summary_en`,
/// `contacts`, and `fields-2-label_it`, with the place of the field from 0.
pub async fn save_kind(desk: &Desk, cx: &Cx, id: Uuid, kind: Kind, seen: &str) -> Result<()> {
    let tx = desk.db.begin().await?;
    let all = store::organisation::kinds(&tx, cx.organisation).await?;
    let stored = all.iter().find(|row| row.id == id).ok_or(Error::NotFound)?;
    if trace_of(stored) != seen {
        return Err(Error::Conflict(MEANWHILE));
    }
    let next = Model { published: kind.published, form: kind.form, ..stored.clone() };
    let others = all.iter().any(|row| row.id != id && is_published(row));
    accept(flaws(&next, others, &super::of(&tx, cx).await?))?;
    let change = ActiveModel { published: Set(next.published), form: Set(next.form), ..Default::default() };
    store::portal::update_kind(&tx, cx.organisation, id, change).await?;
    tx.commit().await?;
    Ok(())
}

fn is_published(kind: &Model) -> bool {
    kind.published && of_kind(kind).is_some()
}

/// How many forms citizens find.
pub(super) async fn published(tx: &DatabaseTransaction, cx: &Cx) -> Result<usize> {
    let kinds = store::organisation::kinds(tx, cx.organisation).await?;
    Ok(kinds.iter().filter(|kind| is_published(kind)).count())
}

/// The name of a published form that does not ask for an address, if there is one.
pub(super) async fn without_address(tx: &DatabaseTransaction, cx: &Cx) -> Result<Option<String>> {
    let kinds = store::organisation::kinds(tx, cx.organisation).await?;
    let hidden = |kind: &Model| of_kind(kind).is_some_and(|form| form.contacts.email == Need::Hidden);
    Ok(kinds.into_iter().find(|kind| kind.published && hidden(kind)).map(|kind| kind.name))
}

fn flaws(next: &Model, others: bool, portal: &portal::Model) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if portal.open && !next.published && !others {
        let words = "È l’ultimo modulo pubblicato: prima pubblicane un altro, o chiudi lo sportello.";
        flaws.push(Flaw::new("published", words));
    }
    let Some(form) = of_kind(next) else {
        if next.published {
            let words = "Questa tipologia non ha ancora un modulo: compilalo prima di pubblicarla.";
            flaws.push(Flaw::new("published", words));
        }
        return flaws;
    };
    flaws.extend(form_rules::faults(&form).into_iter().map(|(part, fault)| flaw(part, fault)));
    if next.published && next.code == COMPLAINT && !asks_what_a_complaint_must(&form) {
        let words = "Il modulo del reclamo scritto deve chiedere nome, codice fiscale, codice utente e codice utenza (TQRIF, art. 17): rimetti \
                     i campi che mancano.";
        flaws.push(Flaw::new("form", words));
    }
    if next.published && portal.anonymous == Anonymous::Refused && form.contacts.email == Need::Hidden {
        flaws.push(Flaw::new(
            "contacts",
            "Lo sportello non accetta invii senza indirizzo: l’email va chiesta.",
        ));
    }
    flaws
}

/// What identifies who complains, and where (TQRIF art. 17, items 2, 5 and 6).
fn asks_what_a_complaint_must(form: &Form) -> bool {
    let has = |what| form.fields.iter().any(|field| field.what == what);
    let asked = |need| need != Need::Hidden;
    asked(form.contacts.name)
        && asked(form.contacts.fiscal_code)
        && has(What::UserCode)
        && has(What::PremisesCode)
}

fn flaw(part: Part, fault: Fault) -> Flaw {
    let words = match (part, fault) {
        (Part::Fields, Fault::TooFew(_)) => "Il modulo non chiede niente: aggiungi almeno un campo.".to_owned(),
        (Part::Options(_), Fault::TooFew(least)) => format!("Scrivi almeno {least} risposte, una per riga."),
        (Part::Options(_), Fault::Twice) => "Due risposte sono uguali: cambiane una.".to_owned(),
        (Part::Options(_), Fault::Missing) => "Una risposta non ha il testo in italiano.".to_owned(),
        (_, Fault::Missing) => "Scrivi il testo in italiano: nelle altre lingue, dove manca, si legge questo.".to_owned(),
        (_, Fault::TooLong(most)) => format!("Il testo è troppo lungo: al massimo {most} caratteri."),
        (_, Fault::TooMany(most)) => format!("Sono troppi: al massimo {most}."),
        (_, Fault::TooFew(least)) => format!("Sono troppo pochi: almeno {least}."),
        (_, Fault::Unprintable) => "Il testo contiene caratteri che non si vedono: riscrivilo a mano.".to_owned(),
        (_, Fault::Twice) => "C’è già un altro campo come questo: un modulo ne può avere uno solo.".to_owned(),
        (_, Fault::BadName) => {
            "Il nome del campo non va bene: usa lettere minuscole senza accenti, cifre e _, e nessuno dei nomi riservati.".to_owned()
        }
        (_, Fault::Unreachable) => {
            "Il modulo vuole un indirizzo a cui rispondere, ma non chiede né l’email né l’indirizzo postale.".to_owned()
        }
    };
    Flaw::new(name_of(part), words)
}

/// The name of a part on the page.
fn name_of(part: Part) -> String {
    let tag = Language::tag;
    match part {
        Part::Title(language) => format!("title_{}", tag(language)),
        Part::Summary(language) => format!("summary_{}", tag(language)),
        Part::Fields => "form".to_owned(),
        Part::Contacts => "contacts".to_owned(),
        Part::Name(place) => format!("fields-{place}-name"),
        Part::Label(place, language) => format!("fields-{place}-label_{}", tag(language)),
        Part::Hint(place, language) => format!("fields-{place}-hint_{}", tag(language)),
        Part::Options(place) => format!("fields-{place}-options"),
    }
}
