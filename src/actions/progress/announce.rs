//! An operator tells the citizen what no change of status says: to whom the request went, what is needed, when somebody comes, what
//! is left to do. The status follows, and the neighbours who follow are told of that.

use chrono::Duration;
use entity::{
    delivery,
    io_message::{self, State},
    update_rule::Occasion,
    work_order::{self, Status},
};
use sea_orm::DatabaseTransaction;
use uuid::Uuid;

use super::{Details, Known, told, way};
use crate::{
    actions::{Cx, Desk, Error, Flaw, Result, accept, work_order as orders},
    domain::{calendar::rome_date, form_rules::is_printable, io::fate, progress::template},
    store,
};

/// For how long the same words are the same news.
const SHORTLY: Duration = Duration::days(1);
/// Longest of what is typed, in characters.
pub(super) const LONG: usize = 600;

/// What an operator may tell.
pub const OCCASIONS: [Occasion; 4] =
    [Occasion::Forwarded, Occasion::InformationNeeded, Occasion::Appointment, Occasion::ResolvedWithSteps];

/// What is told.
#[derive(Clone, Debug)]
pub struct Announcement {
    /// Given out with the form: the id of the communication to be. Sent twice, it is told once.
    pub token: Uuid,
    /// What happened.
    pub occasion: Occasion,
    /// What there is to say about it.
    pub details: Details,
}

/// Tells a citizen, and puts the work order where that leaves it.
///
/// # Errors
/// Something that must be said is missing; nothing reaches the citizen, so that the operator has to find another way.
pub async fn announce(desk: &Desk, cx: &Cx, work_order: Uuid, announcement: Announcement) -> Result<()> {
    accept(flaws(cx, &announcement))?;
    let Announcement { token, occasion, details } = announcement;
    let tx = desk.db.begin().await?;
    let order = store::work_order::by_id(&tx, cx.organisation, work_order).await?.ok_or(Error::NotFound)?;
    if let Some(there) = store::communication::by_id(&tx, cx.organisation, token).await? {
        let same = there.work_order_id == order.id
            && there.author_id == cx.actor
            && there.occasion == Some(occasion);
        return if same { Ok(()) } else { Err(Error::NotFound) };
    }
    let known = Known::read(&tx, &order).await?;
    let rule = way(&tx, cx, &order, occasion).await?;
    let told = match told(&tx, cx, &known, (occasion, rule), &details, token).await {
        // The same form, sent at the same instant, was faster.
        Err(Error::Store(error)) if store::is_taken(&error) => return Ok(()),
        told => told?,
    };
    if !told {
        return Err(Error::Rejected(vec![Flaw::new(
            "occasion",
            "Nessun canale raggiunge questa persona, o ha chiesto di non ricevere avvisi, o le regole dicono di non avvisare: usa la \
             risposta o il telefono.",
        )]));
    }
    if is_told_already(&tx, cx, token).await? {
        return Err(Error::Rejected(vec![Flaw::new(
            "occasion",
            "Il cittadino ha già questo avviso, con le stesse parole, da meno di un giorno: se è cambiato qualcosa, scrivilo.",
        )]));
    }
    move_on(&tx, cx, &order, occasion).await?;
    tx.commit().await?;
    desk.wake.told();
    Ok(())
}

/// Whether the update that was just written says what another one has said shortly before: a page that was loaded again, or a
/// colleague at the next desk. What was taken back, or did not arrive, has told nobody.
async fn is_told_already(tx: &DatabaseTransaction, cx: &Cx, id: Uuid) -> Result<bool> {
    let Some(update) = store::communication::by_id(tx, cx.organisation, id).await? else { return Ok(false) };
    let alike = store::communication::told_alike(tx, &update, cx.now - SHORTLY).await?;
    let ids: Vec<Uuid> = alike.iter().map(|one| one.id).collect();
    let letters = store::delivery::of_communications(tx, cx.organisation, &ids).await?;
    let notifications = store::io_message::of_communications(tx, cx.organisation, &ids).await?;
    let has_told = |id: &Uuid| {
        let letter =
            |one: &delivery::Model| one.communication_id == *id && one.state != delivery::State::Refused;
        let on_io = |one: &io_message::Model| {
            one.communication_id == Some(*id) && one.state != State::Draft && !fate::has_missed(one.state)
        };
        letters.iter().any(letter) || notifications.iter().any(on_io)
    };
    Ok(ids.iter().any(has_told))
}

/// Where the work order stands after it.
async fn move_on(
    tx: &DatabaseTransaction,
    cx: &Cx,
    order: &work_order::Model,
    occasion: Occasion,
) -> Result<()> {
    let status = match occasion {
        Occasion::InformationNeeded => Status::Waiting,
        Occasion::ResolvedWithSteps => Status::Closed,
        _ => Status::InProgress,
    };
    orders::set_status_told(tx, cx, order, status).await
}

fn flaws(cx: &Cx, announcement: &Announcement) -> Vec<Flaw> {
    let details = &announcement.details;
    let mut flaws = Vec::new();
    let typed = [
        (
            "office",
            &details.office,
            announcement.occasion == Occasion::Forwarded,
            "Scrivi a chi è stata inoltrata.",
        ),
        (
            "asked",
            &details.asked,
            announcement.occasion == Occasion::InformationNeeded,
            "Scrivi che cosa serve.",
        ),
        ("place", &details.place, false, ""),
        (
            "steps",
            &details.steps,
            announcement.occasion == Occasion::ResolvedWithSteps,
            "Scrivi che cosa resta da fare.",
        ),
    ];
    for (field, words, needed, ask) in typed {
        if needed && words.trim().is_empty() {
            flaws.push(Flaw::new(field, ask));
        } else if words.chars().count() > LONG {
            flaws.push(Flaw::new(field, format!("Al massimo {LONG} caratteri.")));
        } else if !words.lines().all(is_printable) {
            flaws.push(Flaw::new(field, "Ci sono caratteri che non si possono usare: riscrivi il testo."));
        }
    }
    if announcement.occasion == Occasion::Appointment && details.when.is_none_or(|at| at <= cx.now) {
        flaws.push(Flaw::new("when", "Scrivi il giorno e l'ora dell'appuntamento, nel futuro."));
    }
    if details.until.is_some_and(|until| until < rome_date(cx.now)) {
        flaws.push(Flaw::new("until", "Questo giorno è già passato."));
    }
    if !OCCASIONS.contains(&announcement.occasion) {
        flaws.push(Flaw::new("occasion", "Scegli che cosa comunicare."));
    }
    flaws
}

/// What of the placeholders an operator fills in for an occasion.
#[must_use]
pub fn fields(occasion: Occasion) -> Vec<template::Placeholder> {
    use template::Placeholder::{Asked, Office, Place, Steps, Until, When};
    template::of(occasion)
        .into_iter()
        .filter(|one| [Asked, Office, Place, Steps, Until, When].contains(one))
        .collect()
}
