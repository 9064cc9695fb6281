//! What the desk must know to decide upon a batch, read in a handful of queries however many mails there are; and what
//! each decision adds to it, so that a reply finds the letter that came in the same batch.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Datelike, Duration, Utc};
use entity::{incoming_mail, mailbox, organisation, request_kind, work_order};
use sea_orm::{DatabaseTransaction, DbErr};
use uuid::Uuid;

use crate::{
    actions::{Cx, Desk, Error, Result, work_order::calendar_of},
    domain::{
        calendar::{self, Calendar},
        identification::{Evidence, Identification, codes_in, identify},
        mail::Mail,
        number::Number,
        thread,
    },
    store::{self, communication::KnownLetter},
};

/// Bytes of a letter that are searched for codes: nobody signs on the hundredth page.
const SEARCHED_BYTES: usize = 64 * 1024;

/// What does not change from mail to mail.
pub(super) struct House<'a> {
    pub(super) desk: &'a Desk,
    pub(super) cx: Cx,
    pub(super) mailbox: &'a mailbox::Model,
    pub(super) organisation: organisation::Model,
    pub(super) calendar: Calendar,
    pub(super) own_addresses: Vec<String>,
    pub(super) kinds: Vec<request_kind::Model>,
    pub(super) generic_taxpayer: Uuid,
    pub(super) year: i32,
}

impl<'a> House<'a> {
    pub(super) async fn load(
        desk: &'a Desk,
        cx: Cx,
        mailbox: &'a mailbox::Model,
        tx: &DatabaseTransaction,
    ) -> Result<Self> {
        let organisation = store::organisation::by_id(tx, cx.organisation).await?.ok_or(Error::NotFound)?;
        let generic = store::taxpayer::generic(tx, cx.organisation).await?.ok_or(Error::NotFound)?;
        let kinds = store::organisation::kinds(tx, cx.organisation).await?;
        if kinds.is_empty() {
            return Err(Error::NotFound);
        }
        Ok(Self {
            desk,
            cx,
            mailbox,
            calendar: calendar_of(&organisation),
            organisation,
            own_addresses: store::mailbox::addresses(tx, cx.organisation).await?,
            kinds,
            generic_taxpayer: generic.id,
            year: calendar::rome_date(cx.now).year(),
        })
    }

    pub(super) fn is_own(&self, address: &str) -> bool {
        self.own_addresses.iter().any(|own| own == address)
    }
}

/// What changes from mail to mail.
pub(super) struct Known {
    letters: HashMap<String, Vec<KnownLetter>>,
    deliveries: HashMap<Uuid, Uuid>,
    numbers: HashMap<Number, Uuid>,
    orders: HashMap<Uuid, work_order::Model>,
    participants: HashSet<(Uuid, String)>,
    twins: HashMap<Vec<u8>, Uuid>,
    identified: HashMap<Uuid, Identification>,
    acknowledged: HashMap<String, Vec<DateTime<Utc>>>,
    /// Last number given this year.
    pub(super) last_number: i32,
}

type Mails<'a> = [(&'a incoming_mail::Model, &'a Mail)];

impl Known {
    pub(super) async fn load(
        house: &House<'_>,
        tx: &DatabaseTransaction,
        mails: &Mails<'_>,
    ) -> std::result::Result<Self, DbErr> {
        let organisation = house.cx.organisation;
        // First, so that the numbers are ours alone from here on.
        let last_number = store::work_order::lock_last_number(tx, organisation, house.year).await?;
        let mut known = Self {
            letters: letters(house, tx, mails).await?,
            deliveries: deliveries(house, tx, mails).await?,
            numbers: HashMap::new(),
            orders: HashMap::new(),
            participants: HashSet::new(),
            twins: twins(house, tx, mails).await?,
            identified: identified(house, tx, mails).await?,
            acknowledged: acknowledged(house, tx, mails).await?,
            last_number,
        };
        known.load_orders(house, tx, mails).await?;
        Ok(known)
    }

    /// The work orders that the mails point to, in whatever way.
    async fn load_orders(
        &mut self,
        house: &House<'_>,
        tx: &DatabaseTransaction,
        mails: &Mails<'_>,
    ) -> std::result::Result<(), DbErr> {
        let organisation = house.cx.organisation;
        let numbers: HashSet<Number> =
            mails.iter().flat_map(|(_, mail)| Number::all_in(&mail.subject)).collect();
        for number in numbers {
            if let Some(order) = store::work_order::by_number(tx, organisation, number).await? {
                self.numbers.insert(number, order.id);
            }
        }
        let letters = self.letters.values().flatten().map(|letter| letter.work_order_id);
        let written_to = mails.iter().flat_map(|(_, mail)| written_to(mail));
        let addressed = written_to.filter_map(|address| thread::work_order_of(&house.desk.keys, address));
        let ids: HashSet<Uuid> = letters
            .chain(addressed)
            .chain(self.deliveries.values().copied())
            .chain(self.numbers.values().copied())
            .collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let senders: Vec<&str> = mails.iter().map(|(_, mail)| mail.sender()).collect();
        self.participants = store::work_order::participants(tx, &ids, &senders).await?;
        self.orders = store::work_order::by_ids(tx, organisation, ids)
            .await?
            .into_iter()
            .map(|order| (order.id, order))
            .collect();
        Ok(())
    }

    /// Letters with this Message-ID.
    pub(super) fn letters(&self, message_id: &str) -> &[KnownLetter] {
        self.letters.get(message_id).map_or(&[], Vec::as_slice)
    }

    pub(super) fn order_of_delivery(&self, delivery: Uuid) -> Option<Uuid> {
        self.deliveries.get(&delivery).copied()
    }

    pub(super) fn order_of_number(&self, number: Number) -> Option<Uuid> {
        self.numbers.get(&number).copied()
    }

    pub(super) fn order(&self, id: Uuid) -> Option<&work_order::Model> {
        self.orders.get(&id)
    }

    pub(super) fn takes_part(&self, order: Uuid, address: &str) -> bool {
        !address.is_empty() && self.participants.contains(&(order, address.to_owned()))
    }

    pub(super) fn twin(&self, raw_hash: &[u8]) -> Option<Uuid> {
        self.twins.get(raw_hash).copied()
    }

    pub(super) fn identification(&self, row: Uuid) -> Identification {
        self.identified.get(&row).copied().unwrap_or(Identification::Unknown)
    }

    /// When an address was acknowledged in the last day.
    pub(super) fn acknowledged(&self, address: &str) -> &[DateTime<Utc>] {
        self.acknowledged.get(address).map_or(&[], Vec::as_slice)
    }

    /// A letter has become part of a work order.
    pub(super) fn add_letter(
        &mut self,
        order: &work_order::Model,
        communication: Uuid,
        row: &incoming_mail::Model,
        mail: &Mail,
        text: &str,
    ) {
        if let Some(message_id) = &mail.message_id {
            self.letters.entry(message_id.clone()).or_default().push(KnownLetter {
                id: communication,
                work_order_id: order.id,
                message_id: Some(message_id.clone()),
                from_address: mail.sender().to_owned(),
                text: text.to_owned(),
            });
        } else {
            self.twins.insert(row.raw_hash.clone(), communication);
        }
        if !mail.kind.is_automatic() {
            self.participants.insert((order.id, mail.sender().to_owned()));
        }
        self.orders.insert(order.id, order.clone());
    }

    /// An address was acknowledged.
    pub(super) fn add_acknowledged(&mut self, address: &str, at: DateTime<Utc>) {
        self.acknowledged.entry(address.to_owned()).or_default().push(at);
    }
}

/// Addresses that a mail was sent to, as far as it says.
pub(super) fn written_to(mail: &Mail) -> impl Iterator<Item = &str> {
    let headers = mail.to.iter().chain(&mail.cc).map(|address| address.address.as_str());
    headers.chain(mail.delivered_to.iter().map(String::as_str))
}

async fn letters(
    house: &House<'_>,
    tx: &DatabaseTransaction,
    mails: &Mails<'_>,
) -> std::result::Result<HashMap<String, Vec<KnownLetter>>, DbErr> {
    let ids: HashSet<&str> = mails
        .iter()
        .flat_map(|(_, mail)| mail.message_id.as_deref().into_iter().chain(mail.earlier_ids()))
        .collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    let mut letters: HashMap<String, Vec<KnownLetter>> = HashMap::new();
    for letter in store::communication::by_message_ids(tx, house.cx.organisation, &ids).await? {
        letters.entry(letter.message_id.clone().unwrap_or_default()).or_default().push(letter);
    }
    Ok(letters)
}

async fn deliveries(
    house: &House<'_>,
    tx: &DatabaseTransaction,
    mails: &Mails<'_>,
) -> std::result::Result<HashMap<Uuid, Uuid>, DbErr> {
    let ours = mails
        .iter()
        .flat_map(|(_, mail)| mail.earlier_ids())
        .filter_map(|id| thread::delivery_of(&house.desk.keys, id));
    let ours: HashSet<Uuid> = ours.collect();
    let found =
        store::delivery::work_orders_of(tx, house.cx.organisation, ours.into_iter().collect()).await?;
    Ok(found.into_iter().collect())
}

/// Only letters without an id of their own are looked for by their bytes.
async fn twins(
    house: &House<'_>,
    tx: &DatabaseTransaction,
    mails: &Mails<'_>,
) -> std::result::Result<HashMap<Vec<u8>, Uuid>, DbErr> {
    let nameless = mails.iter().filter(|(_, mail)| mail.message_id.is_none());
    let hashes: Vec<Vec<u8>> = nameless.map(|(row, _)| row.raw_hash.clone()).collect();
    store::incoming_mail::twins(tx, house.cx.organisation, hashes).await
}

/// Whose words each mail is, as far as the register says.
async fn identified(
    house: &House<'_>,
    tx: &DatabaseTransaction,
    mails: &Mails<'_>,
) -> std::result::Result<HashMap<Uuid, Identification>, DbErr> {
    let organisation = house.cx.organisation;
    let senders: HashSet<&str> = mails
        .iter()
        .map(|(_, mail)| mail.sender())
        .filter(|sender| !sender.is_empty() && !house.is_own(sender))
        .collect();
    let senders: Vec<&str> = senders.into_iter().collect();
    let mut holders: HashMap<String, Vec<Uuid>> = HashMap::new();
    for (address, taxpayer) in store::taxpayer::holders(tx, organisation, &senders).await? {
        holders.entry(address).or_default().push(taxpayer);
    }
    let held = |mail: &Mail| holders.get(mail.sender()).cloned().unwrap_or_default();
    // One taxpayer holds the address: codes could not change the decision, so they are not looked for.
    let mut named: HashMap<Uuid, Vec<String>> = HashMap::new();
    for (row, mail) in mails {
        if held(mail).len() != 1 && !mail.kind.is_automatic() {
            named.insert(row.id, codes_in(&mail.subject, super::decide::within(&mail.text, SEARCHED_BYTES)));
        }
    }
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
    Ok(mails
        .iter()
        .map(|(row, mail)| {
            let codes = named.get(&row.id).into_iter().flatten();
            let taxpayers: HashSet<Uuid> =
                codes.filter_map(|code| by_code.get(code)).flatten().copied().collect();
            let evidence = Evidence { by_address: held(mail), by_code: taxpayers.into_iter().collect() };
            (row.id, identify(&evidence))
        })
        .collect())
}

async fn acknowledged(
    house: &House<'_>,
    tx: &DatabaseTransaction,
    mails: &Mails<'_>,
) -> std::result::Result<HashMap<String, Vec<DateTime<Utc>>>, DbErr> {
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
