//! What IO refuses of a sheet at once, what it sends back at the review, and what should make somebody stop and think.
//!
//! Sources: the codecs and `ServiceMetadataQualityStrict` of pagopa/io-services-cms, the form of its back office; "Guida tecnica",
//! Required Data.

use core::net::Ipv4Addr;

use url::Url;

use super::{Metadata, Scope, Sheet, name};
use crate::domain::{
    io::{
        Remark,
        cta::{self, Front},
        payment, recipient,
        text::units,
    },
    mail,
};

/// Longest name, in UTF-16 units.
const NAME: usize = 100;
/// Longest description, in UTF-16 units.
const DESCRIPTION: usize = 1000;
/// Longest address of an office, in UTF-16 units.
const ADDRESS: usize = 100;

/// What IO's API would refuse.
#[must_use]
pub fn check(sheet: &Sheet) -> Vec<Remark> {
    let mut flaws = Vec::new();
    let mut say = |field, words: &'static str| flaws.push(Remark::new(field, words));
    if sheet.name.trim().is_empty() {
        say("name", "Scrivi il nome del servizio.");
    }
    if sheet.description.trim().is_empty() {
        say("description", "Scrivi la descrizione del servizio.");
    }
    if sheet.organization.name.trim().is_empty() {
        say("organization", "Scrivi il nome dell'ente.");
    }
    if !is_organisation_code(&sheet.organization.fiscal_code) {
        say("organization_fiscal_code", "Il codice fiscale dell'ente ha 11 cifre.");
    }
    if !sheet.authorized_recipients.iter().all(|code| recipient::is_personal(code)) {
        say("authorized_recipients", "Tra i destinatari di prova c'è un codice fiscale scritto male.");
    }
    if !sheet.authorized_cidrs.iter().all(|cidr| is_cidr(cidr)) {
        say(
            "authorized_cidrs",
            "Gli indirizzi autorizzati si scrivono come 203.0.113.7 o 203.0.113.0/24, senza IPv6.",
        );
    }
    if sheet.max_allowed_payment_amount > *payment::CENTS.end() {
        say("max_allowed_payment_amount", "L'importo massimo può arrivare a 99.999.999,99 euro.");
    }
    if sheet.metadata.topic_id.is_none() {
        say("topic_id", "Scegli l'argomento del servizio.");
    }
    if let Some(cta) = sheet.metadata.cta.as_deref().filter(|cta| !cta.trim().is_empty()) {
        match cta::split(cta) {
            Front::Buttons(cta, _) => flaws.extend(cta.flaws()),
            Front::None(_) | Front::Broken(_) => {
                flaws.push(Remark::new(
                    "cta",
                    "Il pulsante della scheda è scritto male: l'app non lo mostrerebbe.",
                ));
            }
        }
    }
    flaws
}

/// What is missing before the sheet is approved. It may be saved all the same.
#[must_use]
pub fn approval(sheet: &Sheet) -> Vec<Remark> {
    let metadata = &sheet.metadata;
    let mut missing = check(sheet);
    let mut say = |field, words: String| missing.push(Remark::new(field, words));
    if filled(metadata.privacy_url.as_ref()).is_none() {
        say("privacy_url", "Manca l'indirizzo dell'informativa sulla privacy.".to_owned());
    }
    let contacts = [&metadata.email, &metadata.pec, &metadata.phone, &metadata.support_url];
    if contacts.iter().all(|contact| filled(contact.as_ref()).is_none()) {
        say(
            "email",
            "Manca un contatto: scrivi almeno una mail, una PEC, un telefono o una pagina di assistenza."
                .to_owned(),
        );
    }
    for (field, address, what) in [("email", &metadata.email, "La mail"), ("pec", &metadata.pec, "La PEC")] {
        if filled(address.as_ref()).is_some_and(|address| !mail::is_address(address)) {
            say(field, format!("{what} non è scritta bene."));
        }
    }
    for (field, url, what) in links(metadata) {
        if web(url).is_none() {
            say(field, format!("L'indirizzo ({what}) deve cominciare con https://."));
        }
    }
    missing.extend(too_long(sheet));
    missing
}

/// What the reviewers' form has no room for.
pub(super) fn too_long(sheet: &Sheet) -> Vec<Remark> {
    let address = sheet.metadata.address.as_deref().unwrap_or_default();
    let texts = [
        ("name", sheet.name.as_str(), NAME, "Il nome"),
        ("description", &sheet.description, DESCRIPTION, "La descrizione"),
        ("address", address, ADDRESS, "L'indirizzo della sede"),
    ];
    let over = texts.into_iter().filter_map(|(field, text, limit, what)| {
        let over = units(text).checked_sub(limit).filter(|over| *over > 0)?;
        let words = format!("{what} può avere al massimo {limit} caratteri: {over} di troppo.");
        Some(Remark::new(field, words))
    });
    over.collect()
}

/// The pages that a sheet leads to, as far as there are any.
fn links(metadata: &Metadata) -> impl Iterator<Item = (&'static str, &str, &'static str)> {
    let links = [
        ("privacy_url", &metadata.privacy_url, "informativa sulla privacy"),
        ("support_url", &metadata.support_url, "pagina di assistenza"),
        ("web_url", &metadata.web_url, "sito"),
        ("app_ios", &metadata.app_ios, "app per iPhone"),
        ("app_android", &metadata.app_android, "app per Android"),
        ("tos_url", &metadata.tos_url, "pagina dei termini d'uso"),
    ];
    links.into_iter().filter_map(|(field, url, what)| Some((field, filled(url.as_ref())?, what)))
}

/// What IO takes and the organisation may regret.
#[must_use]
pub fn warnings(sheet: &Sheet) -> Vec<Remark> {
    let mut hints: Vec<Remark> = name::hints(&sheet.name, &sheet.organization.name)
        .into_iter()
        .map(|words| Remark::new("name", words))
        .collect();
    hints.extend(
        addresses(&sheet.authorized_cidrs).into_iter().map(|words| Remark::new("authorized_cidrs", words)),
    );
    if sheet.metadata.scope != Scope::Local {
        let words = "Un servizio per i cittadini di un territorio ha ambito locale.";
        hints.push(Remark::new("scope", words));
    }
    let phone = filled(sheet.metadata.phone.as_ref());
    if phone.is_some_and(|phone| !phone.contains(|c: char| c.is_ascii_digit())) {
        hints.push(Remark::new(
            "phone",
            "Nel telefono non c'è neanche una cifra: scrivi il numero da chiamare.",
        ));
    }
    hints.extend(odd_links(&sheet.metadata));
    hints
}

/// Links that open, though not what or not as one would expect.
fn odd_links(metadata: &Metadata) -> Vec<Remark> {
    let mut hints = Vec::new();
    for (field, url, what) in links(metadata) {
        let Some(url) = web(url) else { continue };
        if url.scheme() == "http" {
            let words = format!(
                "L'indirizzo ({what}) comincia con http://: se la pagina si apre anche con https://, scrivi quello."
            );
            hints.push(Remark::new(field, words));
        }
        let store = match field {
            "app_ios" => "apps.apple.com",
            "app_android" => "play.google.com",
            _ => continue,
        };
        if url.host_str() != Some(store) {
            hints.push(Remark::new(
                field,
                format!("L'{what} di solito sta su {store}: controlla l'indirizzo."),
            ));
        }
    }
    hints
}

/// Addresses that let in more than one may think, or not whom one means.
fn addresses(cidrs: &[String]) -> Vec<String> {
    const REMEDY: &str = "scrivi l'indirizzo pubblico da cui esce questo server.";
    let mut hints = Vec::new();
    if let Some(all) = cidrs.iter().find(|cidr| cidr.ends_with("/0")) {
        hints.push(format!(
            "{all} vale per qualunque computer: chi ha la chiave scrive ai cittadini da dove vuole. Al suo posto {REMEDY}"
        ));
    } else if is_open_to_all(cidrs) {
        hints.push(format!(
            "Senza indirizzi autorizzati chiunque abbia la chiave può scrivere ai cittadini da qualunque computer: {REMEDY}"
        ));
    }
    if cidrs.iter().any(|cidr| is_private(cidr)) {
        hints.push(format!("C'è un indirizzo di rete privata, e IO vede solo quello pubblico: {REMEDY}"));
    }
    hints.extend(cidrs.iter().filter_map(|cidr| {
        let (address, network) = (cidr.split('/').next()?, network(cidr)?);
        (network != *cidr).then(|| {
            format!("{cidr} vale per tutta la rete {network}: se intendi un solo computer, scrivi {address}.")
        })
    }));
    hints
}

/// The network that an entry stands for, without the bits of one computer; of one address, and of all of them, there is none to
/// speak of.
fn network(cidr: &str) -> Option<String> {
    let (address, bits) = cidr.split_once('/')?;
    let (address, bits) = (address.parse::<Ipv4Addr>().ok()?, bits.parse::<u32>().ok()?);
    let mask = u32::MAX.checked_shl(32_u32.checked_sub(bits)?)?;
    Some(format!("{}/{bits}", Ipv4Addr::from_bits(address.to_bits() & mask)))
}

/// Whether the service may be used from every address: nothing is written, or everything is.
#[must_use]
pub fn is_open_to_all(cidrs: &[String]) -> bool {
    cidrs.iter().all(|cidr| cidr.trim().is_empty()) || cidrs.iter().any(|cidr| cidr.ends_with("/0"))
}

/// What of an edit makes a person read the sheet again, which takes days ("Guida tecnica", Service Review;
/// `MANUAL_REVIEW_PROPERTIES` of pagopa/io-services-cms). `None`: the review is automatic.
#[must_use]
pub fn human_review(published: Option<&Sheet>, edited: &Sheet) -> Option<String> {
    let Some(before) = published else {
        return Some(
            "La prima revisione la fa una persona di PagoPA: può richiedere alcuni giorni.".to_owned(),
        );
    };
    let changed: Vec<&str> = [
        (before.name.trim() != edited.name.trim(), "il nome"),
        (before.description.trim() != edited.description.trim(), "la descrizione"),
        (before.organization.name != edited.organization.name, "il nome dell'ente"),
        (before.organization.fiscal_code != edited.organization.fiscal_code, "il codice fiscale dell'ente"),
        (before.metadata.scope != edited.metadata.scope, "l'ambito"),
    ]
    .into_iter()
    .filter_map(|(is_so, what)| is_so.then_some(what))
    .collect();
    (!changed.is_empty()).then(|| {
        format!(
            "Cambia {}: la revisione la fa una persona di PagoPA e può richiedere alcuni giorni.",
            changed.join(", ")
        )
    })
}

fn filled(text: Option<&String>) -> Option<&str> {
    text.map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// IO asks for less (`^https?:\S+$`); what is no address at all would only disappoint whoever presses it.
fn web(url: &str) -> Option<Url> {
    let parsed = Url::parse(url).ok()?;
    let is_sound = matches!(parsed.scheme(), "http" | "https") && parsed.has_host();
    (is_sound && !url.contains(char::is_whitespace)).then_some(parsed)
}

/// Whether IO takes it for the fiscal code of an organisation: 11 digits.
#[must_use]
pub fn is_organisation_code(code: &str) -> bool {
    code.len() == 11 && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// An IPv4 address, or a network. IO does not look whether the numbers are at most 255; we do.
fn is_cidr(cidr: &str) -> bool {
    let (address, length) =
        cidr.split_once('/').map_or((cidr, None), |(address, length)| (address, Some(length)));
    let bits = |length: &str| {
        length.bytes().all(|byte| byte.is_ascii_digit())
            && length.parse::<u8>().is_ok_and(|bits| bits <= 32 && bits.to_string() == length)
    };
    address.parse::<Ipv4Addr>().is_ok() && length.is_none_or(bits)
}

fn is_private(cidr: &str) -> bool {
    let address = cidr.split('/').next().unwrap_or_default().parse::<Ipv4Addr>();
    address.is_ok_and(|address| address.is_private() || address.is_loopback() || address.is_link_local())
}

#[cfg(test)]
mod tests;
