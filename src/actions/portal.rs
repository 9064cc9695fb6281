//! The portal is set up: its door, its rules, and the forms that citizens find behind it.

mod kind;

use std::ops::RangeInclusive;

use entity::portal::{ActiveModel, Admission, Anonymous, Model};
use sea_orm::{ActiveValue::Set, DatabaseTransaction};
use uuid::Uuid;

pub use self::kind::{Kind, save_kind, trace_of};
use super::{Cx, Desk, Error, Flaw, Result, accept, installation::UNNAMED};
use crate::{
    domain::{
        colour::{self, LEAST_CONTRAST},
        form_rules::is_printable,
        text,
    },
    store,
};

/// The page without which no personal data may be asked for (GDPR, art. 13).
pub const PRIVACY: &str = "privacy";
/// Length of a telephone number, in characters.
const PHONE: RangeInclusive<usize> = 3..=30;
/// Longest name of an organisation, in characters.
pub(super) const NAME: usize = 200;
/// Most days for which a matter may be contested.
const CONTEST_DAYS: i32 = 365;
/// Most days for which a personal link opens.
const LINK_DAYS: i32 = 3_650;
const MEANWHILE: &str =
    "Nel frattempo un altro amministratore ha cambiato queste impostazioni: ricarica la pagina e riprova.";

/// What an administrator types.
#[derive(Clone, Debug)]
pub struct Form {
    /// Name of the organisation, as citizens know it.
    pub name: String,
    /// Name in addresses.
    pub slug: String,
    /// Host name of its own; empty for none.
    pub host: String,
    /// Main colour, `#rrggbb`.
    pub colour: String,
    /// Telephone; may be empty.
    pub phone: String,
    /// When a submission becomes a work order.
    pub admission: Admission,
    /// What one without an address may do.
    pub anonymous: Anonymous,
    /// Published reports are shown to everybody.
    pub listed: bool,
    /// Days after closing within which it may be contested.
    pub contest_days: i32,
    /// Days after closing for which personal links open.
    pub link_days: i32,
    /// Mailbox by which its letters leave; none: the first ordinary one.
    pub mailbox: Option<Uuid>,
    /// The settings that were on the page.
    pub version: i32,
}

/// Changes the settings. Opening and closing are acts of their own.
///
/// # Errors
/// `Rejected` with flaws named as the fields; `Conflict` when somebody else has changed them meanwhile.
pub async fn save(desk: &Desk, cx: &Cx, form: &Form) -> Result<()> {
    let tx = desk.db.begin().await?;
    let before = of(&tx, cx).await?;
    let host = form.host.trim().trim_end_matches('.').to_lowercase();
    let slug = form.slug.trim().to_lowercase();
    let name = text::one_line(&form.name);
    let mut flaws = flaws(form, &slug, &host);
    flaws.extend(name_flaw(&tx, cx, &name, before.open).await?);
    flaws.extend(taken(&tx, cx, &slug, &host).await?);
    if let Some(id) = form.mailbox
        && store::mailbox::by_id(&tx, cx.organisation, id).await?.is_none()
    {
        flaws.push(Flaw::new("mailbox", "Questa casella non c’è più: scegline un’altra."));
    }
    if form.anonymous == Anonymous::Refused {
        flaws.extend(kind::without_address(&tx, cx).await?.map(|name| {
            let words =
                format!("Il modulo «{name}» non chiede l’indirizzo email: senza, nessuno potrebbe inviarlo.");
            Flaw::new("anonymous", words)
        }));
    }
    accept(flaws)?;
    let change = ActiveModel {
        slug: Set(slug),
        host: Set((!host.is_empty()).then_some(host)),
        colour: Set(colour::parse(&form.colour).unwrap_or(before.colour)),
        phone: Set(text::one_line(&form.phone)),
        admission: Set(form.admission),
        anonymous: Set(form.anonymous),
        listed: Set(form.listed),
        contest_days: Set(form.contest_days),
        link_days: Set(form.link_days),
        mailbox_id: Set(form.mailbox),
        ..Default::default()
    };
    put(&tx, cx, form.version, change).await?;
    store::organisation::rename(&tx, cx.organisation, &name).await?;
    tx.commit().await?;
    Ok(())
}

/// What is wrong with the organisation's name. Of an open portal it may not be the one that every installation starts with.
async fn name_flaw(tx: &DatabaseTransaction, cx: &Cx, name: &str, open: bool) -> Result<Option<Flaw>> {
    let long = name.chars().count() > NAME || !is_printable(name);
    if name.is_empty() || long || (open && name == UNNAMED) {
        let words = format!("Scrivi il nome dell’ente, al massimo {NAME} caratteri.");
        return Ok(Some(Flaw::new("name", words)));
    }
    let all = store::organisation::all(tx).await?;
    let taken = all.iter().any(|other| other.id != cx.organisation && other.name == name);
    Ok(taken.then(|| Flaw::new("name", "Un ente con questo nome c’è già.")))
}

/// Lets citizens in, or keeps them out. It opens only once the organisation has said what it does with personal data: in
/// words of its own, or by accepting and completing ours; and only under a name of its own.
///
/// # Errors
/// `Rejected` (field `open`), `Conflict`.
pub async fn set_open(desk: &Desk, cx: &Cx, version: i32, open: bool) -> Result<()> {
    let tx = desk.db.begin().await?;
    of(&tx, cx).await?;
    if open && !super::public_text::is_written(&tx, cx, PRIVACY).await? {
        let words = "Prima di aprire scrivi l’informativa sulla privacy, o accetta quella proposta: i moduli chiedono dati personali.";
        return Err(Error::Rejected(vec![Flaw::new("open", words)]));
    }
    if open && !super::public_text::is_complete(&tx, cx, PRIVACY).await? {
        let words = "Prima di aprire completa l’informativa sulla privacy, in ogni lingua in cui è scritta: ci sono ancora parti fra parentesi quadre, da completare.";
        return Err(Error::Rejected(vec![Flaw::new("open", words)]));
    }
    if open && kind::published(&tx, cx).await? == 0 {
        let words = "Prima di aprire pubblica almeno un modulo: senza, nessuno potrebbe scrivere.";
        return Err(Error::Rejected(vec![Flaw::new("open", words)]));
    }
    let owner = store::organisation::by_id(&tx, cx.organisation).await?.ok_or(Error::NotFound)?;
    if open && owner.name == UNNAMED {
        let words =
            "Prima di aprire scrivi il nome dell’ente e salva: i cittadini devono sapere a chi scrivono.";
        return Err(Error::Rejected(vec![Flaw::new("open", words)]));
    }
    put(&tx, cx, version, ActiveModel { open: Set(open), ..Default::default() }).await?;
    tx.commit().await?;
    Ok(())
}

pub(super) async fn of(tx: &DatabaseTransaction, cx: &Cx) -> Result<Model> {
    store::portal::of(tx, cx.organisation).await?.ok_or(Error::NotFound)
}

async fn put(tx: &DatabaseTransaction, cx: &Cx, version: i32, change: ActiveModel) -> Result<()> {
    if store::portal::update(tx, cx.organisation, version, change).await? {
        Ok(())
    } else {
        Err(Error::Conflict(MEANWHILE))
    }
}

/// Names that other portals of the installation have.
async fn taken(tx: &DatabaseTransaction, cx: &Cx, slug: &str, host: &str) -> Result<Vec<Flaw>> {
    let others = |found: Option<Model>| found.is_some_and(|portal| portal.organisation_id != cx.organisation);
    let mut flaws = Vec::new();
    if others(store::portal::by_slug(tx, slug).await?) {
        flaws.push(Flaw::new("slug", "Questo nome è già di un altro ente: scegline un altro."));
    }
    if !host.is_empty() && others(store::portal::by_host(tx, host).await?) {
        flaws.push(Flaw::new("host", "Questo nome è già di un altro ente."));
    }
    Ok(flaws)
}

/// Whether this can be a portal's name in addresses.
#[must_use]
pub fn is_slug(slug: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (2..=40).contains(&slug.len())
        && slug.chars().all(plain)
        && !slug.starts_with('-')
        && !slug.ends_with('-')
}

/// Whether this can be a telephone number as people write it; the shortest (112) has three digits.
fn is_phone(phone: &str) -> bool {
    let plain = |c: char| c.is_ascii_digit() || " +-/()".contains(c);
    PHONE.contains(&phone.chars().count())
        && phone.chars().all(plain)
        && phone.chars().filter(char::is_ascii_digit).count() >= 3
}

/// Whether this can be a host name (RFC 1123 §2.1), without a port.
#[must_use]
pub fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    // A name that ends in a number would be an address.
    let named = host.rsplit('.').next().is_some_and(|last| !last.bytes().all(|byte| byte.is_ascii_digit()));
    host.len() <= 253 && host.contains('.') && named && host.split('.').all(label)
}

fn flaws(form: &Form, slug: &str, host: &str) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    if !is_slug(slug) {
        flaws.push(Flaw::new("slug", "Usa da 2 a 40 lettere minuscole senza accenti, cifre o trattini."));
    }
    if !host.is_empty() && !is_host(host) {
        flaws.push(Flaw::new(
            "host",
            "Scrivi solo il nome, come sportello.ente.it, senza https:// e senza altro.",
        ));
    }
    match colour::contrast_with_white(&form.colour) {
        None => flaws.push(Flaw::new("colour", "Scrivi il colore come #0066cc.")),
        Some(contrast) if contrast < LEAST_CONTRAST => {
            // Cut, not rounded: 4,49 must not be told as 4,5.
            let cut = (contrast * 100.0).floor() / 100.0;
            let said = format!("{cut:.2}").replace('.', ",");
            let words = format!(
                "Con il bianco questo colore ha un contrasto di {said} a 1: ne serve almeno 4,5 perché si legga. Scegline uno più scuro."
            );
            flaws.push(Flaw::new("colour", words));
        }
        Some(_) => {}
    }
    let phone = form.phone.trim();
    if !phone.is_empty() && !is_phone(phone) {
        let words = "Scrivi un numero di telefono, da 3 a 30 caratteri: cifre, spazi e + - / ( ).";
        flaws.push(Flaw::new("phone", words));
    }
    if !(0..=CONTEST_DAYS).contains(&form.contest_days) {
        flaws.push(Flaw::new("contest_days", format!("Scrivi un numero di giorni da 0 a {CONTEST_DAYS}.")));
    }
    if !(1..=LINK_DAYS).contains(&form.link_days) {
        flaws.push(Flaw::new("link_days", format!("Scrivi un numero di giorni da 1 a {LINK_DAYS}.")));
    } else if form.link_days < form.contest_days {
        let words = "I collegamenti devono valere almeno finché si può contestare: è da lì che si contesta.";
        flaws.push(Flaw::new("link_days", words));
    }
    flaws
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_can_stand_in_an_address() {
        for good in ["ente", "comune-di-brescia", "a1"] {
            assert!(is_slug(good), "{good}");
        }
        for bad in ["", "a", "-a", "a-", "Ente", "città", "a/b", "a b", &"a".repeat(41)] {
            assert!(!is_slug(bad), "{bad}");
        }
        for good in ["sportello.ente.it", "a.b-c.example"] {
            assert!(is_host(good), "{good}");
        }
        for good in ["112", "+39 030 123-456", "(030) 12/34"] {
            assert!(is_phone(good), "{good}");
        }
        for bad in ["12", "+-/", "chiamami", "030 123 int. 4", "030\u{202e}123", &"1".repeat(31)] {
            assert!(!is_phone(bad), "{bad}");
        }
        for bad in ["localhost", "https://a.it", "a.it:80", "a..it", "10.0.0.1", "a.it/x", "-a.it", "à.it"] {
            assert!(!is_host(bad), "{bad}");
        }
    }
}
