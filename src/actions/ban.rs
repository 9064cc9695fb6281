//! Bans. A ban keeps a sender of forms out for a while or until it is lifted; it never touches mail, and never what was
//! taken before.

use chrono::{DateTime, Utc};
use entity::ban::{Model, What};
use uuid::Uuid;

use super::{Cx, Desk, Error, Flaw, Result, accept};
use crate::{
    domain::{mail::is_address, text},
    store,
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
    let value = form.value.trim().trim_start_matches('@').to_lowercase();
    let what = if value.contains('@') { What::Address } else { What::Domain };
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
    let tx = desk.db.begin().await?;
    if let Some(before) = store::ban::of(&tx, cx.organisation, what, &value).await? {
        store::ban::delete(&tx, cx.organisation, before.id).await?;
    }
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
    let id = row.id;
    store::ban::insert(&tx, row).await?;
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
