//! Bans. A ban keeps a sender of forms out for a while or until it is lifted; it never touches mail, and never what was
//! taken before.
//!
//! Asked whenever somebody hands something over: who comes back to a draft from elsewhere is judged by where they are now, and
//! not by where they began. A domain stands for all below it.

use std::iter;

use chrono::{DateTime, Utc};
use entity::{
    ban::{Model, What},
    language::Language,
    portal,
};
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::{Cx, Desk, Error, Flaw, Result, accept};
use crate::{
    domain::{
        mail::{self, is_address},
        text,
    },
    store,
    wording::{say, say_with},
};

/// Longest reason, in characters.
const REASON: usize = 500;
/// Longest name of a domain (RFC 1035 §2.3.4), in bytes.
const DOMAIN: usize = 253;

/// What an operator types.
#[derive(Clone, Debug)]
pub struct Form {
    /// Address or domain; a network is banned from a submission of its own.
    pub value: String,
    /// Why.
    pub reason: String,
    /// Until when; none: until it is lifted.
    pub until: Option<DateTime<Utc>>,
}

/// Bans an address or a domain: what has an `@` in the middle is an address.
///
/// # Errors
/// `Rejected` with flaws of `value`, `reason`, `until`.
pub async fn add(desk: &Desk, cx: &Cx, form: &Form) -> Result<Uuid> {
    let typed = form.value.trim().trim_start_matches('@');
    let (what, value) = if typed.contains('@') {
        (What::Address, mail::folded(typed))
    } else {
        (What::Domain, mail::folded_domain(typed))
    };
    let good = match what {
        What::Address => is_address(&value),
        What::Domain | What::Network => is_domain(&value),
    };
    let mut flaws = reasons(cx, &form.reason, form.until);
    if !good {
        let words = "Scrivi un indirizzo, come nome@dominio.it, o solo un dominio, come dominio.it.";
        flaws.push(Flaw::new("value", words));
    }
    accept(flaws)?;
    put(desk, cx, what, value, form).await
}

/// Bans what a submission came from: its address or its network.
///
/// # Errors
/// `NotFound`; `Rejected` with flaws of `reason`, `until`, or `form` when the submission does not say where it came from.
pub async fn add_sender(desk: &Desk, cx: &Cx, submission: Uuid, what: What, form: &Form) -> Result<Uuid> {
    accept(reasons(cx, &form.reason, form.until))?;
    let row = store::submission::by_id(&desk.db.read, cx.organisation, submission).await?;
    let row = row.ok_or(Error::NotFound)?;
    let value = match what {
        What::Address => row.address,
        What::Domain => row.address.rsplit_once('@').map(|(_, domain)| domain.to_owned()).unwrap_or_default(),
        What::Network => row.network,
    };
    if value.is_empty() {
        let words = "L’invio non dice da dove arriva: non c’è niente da bloccare.";
        return Err(Error::Rejected(vec![Flaw::new("form", words)]));
    }
    put(desk, cx, what, value, form).await
}

/// Writes it. What is banned already gets the new reason and end: pressing twice is no error.
async fn put(desk: &Desk, cx: &Cx, what: What, value: String, form: &Form) -> Result<Uuid> {
    let row = Model {
        id: Uuid::now_v7(),
        organisation_id: cx.organisation,
        what,
        value,
        reason: text::one_line(&form.reason),
        until: form.until,
        author_id: cx.actor,
        created_at: cx.now,
    };
    let tx = desk.db.begin().await?;
    let id = store::ban::put(&tx, row).await?;
    tx.commit().await?;
    Ok(id)
}

/// Lifts a ban.
///
/// # Errors
/// `NotFound`.
pub async fn lift(desk: &Desk, cx: &Cx, id: Uuid) -> Result<()> {
    let tx = desk.db.begin().await?;
    if !store::ban::delete(&tx, cx.organisation, id).await? {
        return Err(Error::NotFound);
    }
    tx.commit().await?;
    Ok(())
}

/// Whether something that comes from this network in the name of this address is refused now. Either may be empty: unknown.
///
/// # Errors
/// The database.
pub async fn holds(db: &impl ConnectionTrait, cx: &Cx, address: &str, network: &str) -> Result<bool> {
    let address = mail::folded(address);
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    let mut of = vec![(What::Address, address.as_str()), (What::Network, network)];
    of.extend(above(domain).map(|domain| (What::Domain, domain)));
    Ok(store::ban::holds(db, cx.organisation, &of, cx.now).await?)
}

/// What is said to whom a ban keeps out: another way, with the telephone number if there is one.
#[must_use]
pub fn words(portal: &portal::Model, language: Language) -> String {
    match portal.phone.as_str() {
        "" => say(language, "problem-banned"),
        phone => say_with(language, "problem-banned-phone", &[("phone", phone.to_owned().into())]),
    }
}

/// A domain and those that it lies in: `mail.esempio.it`, `esempio.it`, `it`.
fn above(domain: &str) -> impl Iterator<Item = &str> {
    iter::successors(Some(domain), |below| below.split_once('.').map(|(_, above)| above))
}

fn reasons(cx: &Cx, reason: &str, until: Option<DateTime<Utc>>) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let reason = text::one_line(reason);
    if reason.is_empty() {
        flaws.push(Flaw::new("reason", "Scrivi perché: chi rivede l’elenco deve poterlo capire."));
    }
    if reason.chars().count() > REASON {
        flaws.push(Flaw::new("reason", format!("Il motivo è troppo lungo: al massimo {REASON} caratteri.")));
    }
    if until.is_some_and(|until| until <= cx.now) {
        flaws.push(Flaw::new("until", "La fine è già passata: scegli un giorno futuro, o lascia vuoto."));
    }
    flaws
}

fn is_domain(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    name.len() <= DOMAIN && name.contains('.') && name.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_lies_in_those_above_it() {
        let all = |domain| above(domain).collect::<Vec<_>>();
        assert_eq!(all("a.mail.esempio.it"), ["a.mail.esempio.it", "mail.esempio.it", "esempio.it", "it"]);
        assert_eq!(all("notexample.it"), ["notexample.it", "it"]);
        assert_eq!(all(""), [""]);
    }
}
