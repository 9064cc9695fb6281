//! What the desk must know of the senders of a batch: whose words each mail is, who was acknowledged lately, which addresses
//! were believed dead.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Duration, Utc};
use sea_orm::{DatabaseTransaction, DbErr};
use uuid::Uuid;

use super::known::{House, Mails};
use crate::{
    domain::{
        identification::{Evidence, Identification, codes_in, identify, speaks_for_itself},
        mail::Mail,
    },
    store,
};

/// Bytes of a letter that are searched for codes: nobody signs on the hundredth page.
const SEARCHED_BYTES: usize = 64 * 1024;

/// The senders of a batch.
#[derive(Default)]
pub(super) struct Senders {
    /// Whose words each mail is, by ledger row.
    pub(super) identified: HashMap<Uuid, Identification>,
    /// Addresses to which letters were refused for good, and since when.
    pub(super) unreachable: HashMap<String, DateTime<Utc>>,
}

/// What the register says of the senders.
pub(super) async fn senders(
    house: &House<'_>,
    tx: &DatabaseTransaction,
    mails: &Mails<'_>,
) -> Result<Senders, DbErr> {
    let organisation = house.cx.organisation;
    let addresses: HashSet<&str> = mails
        .iter()
        .map(|(_, mail)| mail.sender())
        .filter(|sender| !sender.is_empty() && !house.is_own(sender))
        .collect();
    let addresses: Vec<&str> = addresses.into_iter().collect();
    let mut unreachable = HashMap::new();
    let mut holders: HashMap<String, Vec<Uuid>> = HashMap::new();
    for holder in store::taxpayer::holders(tx, organisation, &addresses).await? {
        unreachable.extend(holder.unreachable_at.map(|since| (holder.address.clone(), since)));
        holders.entry(holder.address).or_default().push(holder.taxpayer_id);
    }
    let held = |mail: &Mail| holders.get(mail.sender()).cloned().unwrap_or_default();
    // One taxpayer holds the address: codes could not change the decision, so they are not looked for.
    let mut named: HashMap<Uuid, Vec<String>> = HashMap::new();
    for (row, mail) in mails {
        if held(mail).len() != 1 && !mail.kind.is_automatic() {
            named.insert(row.id, codes_in(&mail.subject, super::decide::within(&mail.text, SEARCHED_BYTES)));
        }
    }
    let by_code = taxpayers_of(organisation, tx, &named).await?;
    let evidence = |row: Uuid, mail: &Mail| {
        let codes = named.get(&row).into_iter().flatten();
        let mut by_code: HashSet<Uuid> =
            codes.filter_map(|code| by_code.get(code)).flatten().copied().collect();
        let mut by_address = held(mail);
        if !speaks_for_itself(mail) {
            by_code.extend(by_address.drain(..));
        }
        Evidence { by_address, by_code: by_code.into_iter().collect() }
    };
    let identified = mails.iter().map(|(row, mail)| (row.id, identify(&evidence(row.id, mail)))).collect();
    Ok(Senders { identified, unreachable })
}

async fn taxpayers_of(
    organisation: Uuid,
    tx: &DatabaseTransaction,
    named: &HashMap<Uuid, Vec<String>>,
) -> Result<HashMap<String, Vec<Uuid>>, DbErr> {
    let asked: HashSet<&String> = named.values().flatten().collect();
    let asked: Vec<String> = asked.into_iter().cloned().collect();
    let mut by_code: HashMap<String, Vec<Uuid>> = HashMap::new();
    for asked in asked.chunks(500) {
        for taxpayer in store::taxpayer::by_codes(tx, organisation, asked).await? {
            for code in [taxpayer.code, taxpayer.fiscal_code].into_iter().flatten() {
                by_code.entry(code).or_default().push(taxpayer.id);
            }
        }
    }
    Ok(by_code)
}

/// When each sender was acknowledged in the last day.
pub(super) async fn acknowledged(
    house: &House<'_>,
    tx: &DatabaseTransaction,
    mails: &Mails<'_>,
) -> Result<HashMap<String, Vec<DateTime<Utc>>>, DbErr> {
    let people = mails.iter().filter(|(_, mail)| !mail.kind.is_automatic());
    let senders: HashSet<&str> = people.map(|(_, mail)| mail.sender()).collect();
    let senders: Vec<&str> = senders.into_iter().collect();
    let since = house.cx.now - Duration::days(1);
    let mut written: HashMap<String, Vec<DateTime<Utc>>> = HashMap::new();
    for (address, at) in store::delivery::automatic_since(tx, house.cx.organisation, &senders, since).await? {
        written.entry(address).or_default().push(at);
    }
    Ok(written)
}
