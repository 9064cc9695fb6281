//! What IO refuses of a sheet at once, what it sends back at the review, and what should make somebody stop and think.
//!
//! Sources: the codecs and `ServiceMetadataQualityStrict` of pagopa/io-services-cms, the form of its back office; "Guida tecnica",
//! Required Data.

use core::net::Ipv4Addr;

use url::Url;

use super::{Scope, Sheet, name};
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
    match filled(metadata.privacy_url.as_ref()) {
        None => say("privacy_url", "Manca l'indirizzo dell'informativa sulla privacy.".to_owned()),
        Some(url) if !is_web(url) => say("privacy_url", bad_address("informativa sulla privacy")),
        Some(_) => {}
    }
    let contacts = [&metadata.email, &metadata.pec, &metadata.phone, &metadata.support_url];
    if contacts.iter().all(|contact| filled(contact.as_ref()).is_none()) {
        say(
            "email",
            "Manca un contatto: scrivi almeno una mail, una PEC, un telefono o una pagina di assistenza."
                .to_owned(),
        );
    }
    for (field, address) in [("email", &metadata.email), ("pec", &metadata.pec)] {
        if filled(address.as_ref()).is_some_and(|address| !mail::is_address(address)) {
            say(field, "L'indirizzo di posta non è scritto bene.".to_owned());
        }
    }
    for (field, url, what) in [
        ("support_url", &metadata.support_url, "pagina di assistenza"),
        ("web_url", &metadata.web_url, "sito"),
        ("app_ios", &metadata.app_ios, "app per iPhone"),
        ("app_android", &metadata.app_android, "app per Android"),
        ("tos_url", &metadata.tos_url, "pagina dei termini d'uso"),
    ] {
        if filled(url.as_ref()).is_some_and(|url| !is_web(url)) {
            say(field, bad_address(what));
        }
    }
    let address = metadata.address.as_deref().unwrap_or_default();
    for (field, text, limit, what) in [
        ("name", sheet.name.as_str(), NAME, "Il nome"),
        ("description", &sheet.description, DESCRIPTION, "La descrizione"),
        ("address", address, ADDRESS, "L'indirizzo della sede"),
    ] {
        if units(text) > limit {
            say(
                field,
                format!("{what} può avere al massimo {limit} caratteri: {} di troppo.", units(text) - limit),
            );
        }
    }
    missing
}

/// What IO takes and the organisation may regret.
#[must_use]
pub fn warnings(sheet: &Sheet) -> Vec<Remark> {
    let mut hints: Vec<Remark> = name::hints(&sheet.name, &sheet.organization.name)
        .into_iter()
        .map(|words| Remark::new("name", words))
        .collect();
    let mut say = |field, words: &'static str| hints.push(Remark::new(field, words));
    if is_open_to_all(&sheet.authorized_cidrs) {
        let words = "Senza indirizzi autorizzati chiunque abbia la chiave può scrivere ai cittadini da qualunque computer: \
            aggiungi l'indirizzo pubblico da cui esce questo server.";
        say("authorized_cidrs", words);
    }
    if sheet.authorized_cidrs.iter().any(|cidr| is_private(cidr)) {
        let words =
            "C'è un indirizzo di rete privata: IO vede solo l'indirizzo pubblico da cui esce questo server.";
        say("authorized_cidrs", words);
    }
    if sheet.metadata.scope != Scope::Local {
        say("scope", "Un servizio per i cittadini di un territorio ha ambito locale.");
    }
    hints
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

fn bad_address(what: &str) -> String {
    format!("L'indirizzo ({what}) deve cominciare con https://.")
}

/// IO asks for less (`^https?:\S+$`); what is no address at all would only disappoint whoever presses it.
fn is_web(url: &str) -> bool {
    !url.contains(char::is_whitespace)
        && Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
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
