//! The panel beside the thread: who wrote, how we know, who else it could be, and what else they have written.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use entity::{
    communication, taxpayer,
    work_order::{Model, Status},
};
use serde::Serialize;
use uuid::Uuid;

use super::{number_of, path_of};
use crate::{
    app::App,
    domain::{calendar::rome_date, identification::codes_in, text},
    store,
    web::{
        error::{Error, Result},
        taxpayers, words,
    },
};

/// Candidates that are offered.
const CANDIDATES: usize = 10;
/// Results of a search.
const RESULTS: usize = 20;
/// Other work orders that are listed.
const OTHERS: usize = 5;
/// Bytes of a letter that are searched for codes, as when it came in.
const SEARCHED_BYTES: usize = 64 * 1024;
const BY_ADDRESS: &str = "L’indirizzo del mittente è tra i suoi recapiti.";

/// The taxpayer of the work order.
#[derive(Serialize)]
pub struct Taxpayer {
    id: Uuid,
    name: String,
    href: String,
    /// Not known yet.
    pub generic: bool,
    code: Option<String>,
    fiscal_code: Option<String>,
    address: String,
    /// Email addresses.
    pub contacts: Vec<Contact>,
}

/// An email address, and whether letters arrive there.
#[derive(Serialize)]
pub struct Contact {
    /// The address.
    pub address: String,
    unreachable_at: Option<DateTime<Utc>>,
    unreachable_words: Option<String>,
}

/// Somebody it could be.
#[derive(Serialize)]
pub struct Candidate {
    id: Uuid,
    name: String,
    code: Option<String>,
    fiscal_code: Option<String>,
    address: String,
    reason: &'static str,
}

/// What was searched, and found.
#[derive(Serialize)]
pub struct Search {
    q: String,
    results: Option<Vec<Candidate>>,
}

/// Another work order.
#[derive(Serialize)]
pub struct Other {
    number: String,
    href: String,
    subject: String,
    status: Status,
    received_at: DateTime<Utc>,
}

/// The taxpayer's other work orders.
#[derive(Serialize)]
pub struct Others {
    rows: Vec<Other>,
    all_href: Option<String>,
}

/// A work order that this one goes on from, or that goes on from this one.
#[derive(Serialize)]
pub struct Linked {
    number: String,
    href: String,
    subject: String,
    status: Status,
    suggested: bool,
}

/// The taxpayer with their contacts.
pub async fn taxpayer(app: &App, order: &Model) -> Result<Taxpayer> {
    let (db, organisation) = (&app.desk.db.read, order.organisation_id);
    let row = store::taxpayer::by_id(db, organisation, order.taxpayer_id).await?.ok_or(Error::NotFound)?;
    let contacts =
        if row.generic { Vec::new() } else { store::taxpayer::contacts(db, organisation, row.id).await? };
    Ok(Taxpayer {
        id: row.id,
        href: taxpayers::path_of(row.id),
        name: row.name,
        generic: row.generic,
        code: row.code,
        fiscal_code: row.fiscal_code,
        address: row.address,
        contacts: contacts
            .into_iter()
            .map(|contact| Contact {
                address: contact.address,
                unreachable_at: contact.unreachable_at,
                unreachable_words: contact.unreachable_words,
            })
            .collect(),
    })
}

/// Whose words it could be, the likeliest first: who holds the sender's address and is named by a code in the letter, who
/// does one of the two, who has the name that signs. Once somebody is chosen, only the address still speaks for others.
pub async fn candidates(
    app: &App,
    order: &Model,
    present: &Taxpayer,
    letter: Option<&communication::Model>,
) -> Result<Vec<Candidate>> {
    let mut found = Vec::new();
    let holders = holders(app, order, present).await?;
    if let Some(letter) = letter.filter(|_| present.generic) {
        let words = &letter.text[..letter.text.floor_char_boundary(SEARCHED_BYTES)];
        let codes = codes_in(&letter.subject, words);
        let named = store::taxpayer::by_codes(&app.desk.db.read, order.organisation_id, &codes).await?;
        let (both, named): (Vec<_>, Vec<_>) =
            named.into_iter().partition(|named| holders.iter().any(|holder| holder.id == named.id));
        let by_code = "Nel testo c’è il suo codice.";
        found.extend(
            both.into_iter()
                .map(|taxpayer| (taxpayer, "Suoi sono l’indirizzo del mittente e un codice nel testo.")),
        );
        found.extend(holders.into_iter().map(|taxpayer| (taxpayer, BY_ADDRESS)));
        found.extend(named.into_iter().map(|taxpayer| (taxpayer, by_code)));
        let namesakes = namesakes(app, order.organisation_id, &letter.from_name).await?;
        found.extend(namesakes.into_iter().map(|taxpayer| (taxpayer, "Si chiama come chi scrive.")));
    } else {
        found.extend(holders.into_iter().map(|taxpayer| (taxpayer, BY_ADDRESS)));
    }
    let mut seen = HashSet::from([present.id]);
    found.retain(|(taxpayer, _)| !taxpayer.generic && seen.insert(taxpayer.id));
    found.truncate(CANDIDATES);
    Ok(found.into_iter().map(|(taxpayer, reason)| candidate(taxpayer, reason)).collect())
}

/// Who else has the sender's address among their contacts.
async fn holders(app: &App, order: &Model, present: &Taxpayer) -> Result<Vec<taxpayer::Model>> {
    if order.sender_address.is_empty() {
        return Ok(Vec::new());
    }
    let (db, organisation) = (&app.desk.db.read, order.organisation_id);
    let mut ids = store::taxpayer::ids_by_address(db, organisation, &order.sender_address).await?;
    ids.retain(|id| *id != present.id);
    if ids.is_empty() { Ok(Vec::new()) } else { Ok(store::taxpayer::by_ids(db, organisation, ids).await?) }
}

/// What an operator should know before writing to these addresses (typed, with commas): letters to some of them were refused
/// for good. It is said and not forbidden, since mailboxes are repaired.
pub async fn warnings(app: &App, order: &Model, to: &str) -> Result<Vec<String>> {
    let addresses: Vec<String> =
        to.split([',', ';']).map(|address| address.trim().to_lowercase()).take(RESULTS).collect();
    let addresses: Vec<&str> = addresses.iter().map(String::as_str).filter(|one| !one.is_empty()).collect();
    if addresses.is_empty() {
        return Ok(Vec::new());
    }
    let holders = store::taxpayer::holders(&app.desk.db.read, order.organisation_id, &addresses).await?;
    // An address may have several holders.
    let mut dead: BTreeMap<String, DateTime<Utc>> = BTreeMap::new();
    dead.extend(holders.into_iter().filter_map(|holder| Some((holder.address, holder.unreachable_at?))));
    let sentence = |(address, at): (String, DateTime<Utc>)| {
        let day = words::day(rome_date(at));
        format!("I messaggi a {address} tornano indietro dal {day}: se puoi, scegli un altro recapito.")
    };
    Ok(dead.into_iter().map(sentence).collect())
}

/// Taxpayers with the sender's name, whichever way round: registers write the surname first, people rarely do.
async fn namesakes(app: &App, organisation: Uuid, name: &str) -> Result<Vec<taxpayer::Model>> {
    let folded = text::fold(name);
    let Some((first, rest)) = folded.split_once(' ') else { return Ok(Vec::new()) };
    let mut found = taxpayers::by_name(app, organisation, &folded, CANDIDATES).await?;
    found.extend(taxpayers::by_name(app, organisation, &format!("{rest} {first}"), CANDIDATES).await?);
    Ok(found)
}

/// What the search box finds.
pub async fn search(app: &App, order: &Model, q: Option<&str>) -> Result<Search> {
    let q = text::shortened(&text::one_line(q.unwrap_or_default()), 200);
    if q.is_empty() {
        return Ok(Search { q, results: None });
    }
    let found = taxpayers::search(app, order.organisation_id, &q, RESULTS).await?;
    let results = found.into_iter().map(|taxpayer| candidate(taxpayer, "")).collect();
    Ok(Search { q, results: Some(results) })
}

fn candidate(taxpayer: taxpayer::Model, reason: &'static str) -> Candidate {
    Candidate {
        id: taxpayer.id,
        name: taxpayer.name,
        code: taxpayer.code,
        fiscal_code: taxpayer.fiscal_code,
        address: taxpayer.address,
        reason,
    }
}

/// What else the taxpayer has; nothing for the generic one, who is everybody.
pub async fn others(app: &App, order: &Model, taxpayer: &Taxpayer) -> Result<Others> {
    if taxpayer.generic {
        return Ok(Others { rows: Vec::new(), all_href: None });
    }
    let limit = OTHERS as u64 + 2;
    let mut rows =
        store::work_order::of_taxpayer(&app.desk.db.read, order.organisation_id, taxpayer.id, limit).await?;
    rows.retain(|other| other.id != order.id);
    let all_href = (rows.len() > OTHERS).then(|| taxpayer.href.clone());
    rows.truncate(OTHERS);
    let other = |row: Model| Other {
        number: number_of(&row).to_string(),
        href: path_of(&row),
        subject: row.subject,
        status: row.status,
        received_at: row.received_at,
    };
    Ok(Others { rows: rows.into_iter().map(other).collect(), all_href })
}

/// How many other work orders the sender has with the generic taxpayer: they can follow the choice.
pub async fn sender_others(app: &App, order: &Model, taxpayer: &Taxpayer) -> Result<usize> {
    if !taxpayer.generic || order.sender_address.is_empty() {
        return Ok(0);
    }
    let (db, sender) = (&app.desk.db.read, &order.sender_address);
    let rows =
        store::work_order::of_sender(db, order.organisation_id, sender, taxpayer.id, RESULTS as u64).await?;
    Ok(rows.iter().filter(|other| other.id != order.id).count())
}

/// Work orders on either side of this one. Where the later sender takes no part in the earlier work order, the link is
/// only what they claim.
pub async fn linked(app: &App, order: &Model) -> Result<Vec<Linked>> {
    let (db, organisation) = (&app.desk.db.read, order.organisation_id);
    let earlier = match order.follows_id {
        Some(id) => store::work_order::by_id(db, organisation, id).await?,
        None => None,
    };
    let later = store::work_order::following(db, organisation, order.id, OTHERS as u64).await?;
    if earlier.is_none() && later.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = earlier.iter().map(|earlier| earlier.id).chain([order.id]).collect();
    let senders: Vec<&str> = later.iter().chain([order]).map(|one| one.sender_address.as_str()).collect();
    let known = store::participant::among(db, &ids, &senders).await?;
    let suggested =
        |earlier: &Model, later: &Model| !known.contains(&(earlier.id, later.sender_address.clone()));
    let mut linked = Vec::new();
    if let Some(earlier) = earlier {
        let suggested = suggested(&earlier, order);
        linked.push(link(earlier, suggested));
    }
    for later in later {
        let suggested = suggested(order, &later);
        linked.push(link(later, suggested));
    }
    Ok(linked)
}

fn link(order: Model, suggested: bool) -> Linked {
    Linked {
        number: number_of(&order).to_string(),
        href: path_of(&order),
        subject: order.subject,
        status: order.status,
        suggested,
    }
}
