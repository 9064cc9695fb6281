//! What the desk must know to decide upon a batch, read in a handful of queries however many mails there are; and what
//! each decision adds to it, so that a reply finds the letter that came in the same batch.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Datelike, Utc};
use entity::{
    delivery::Proof,
    incoming_mail, mailbox, organisation, request_kind,
    work_order::{self, Status},
};
use sea_orm::{DatabaseTransaction, DbErr};
use uuid::Uuid;

use super::{
    report,
    sender::{Senders, acknowledged, senders},
};
use crate::{
    actions::{Cx, Desk, Error, Result, progress, work_order::calendar_of},
    domain::{
        calendar::{self, Calendar},
        identification::Identification,
        mail::Mail,
        number::Number,
        thread,
    },
    store::{self, communication::KnownLetter, delivery::KnownDelivery},
};

/// What does not change from mail to mail.
pub(super) struct House<'a> {
    pub(super) desk: &'a Desk,
    pub(super) cx: Cx,
    /// By which mails come and letters leave; a form comes without one, and its letters may have no way out.
    pub(super) mailbox: Option<&'a mailbox::Model>,
    pub(super) organisation: organisation::Model,
    pub(super) calendar: Calendar,
    pub(super) own_addresses: Vec<String>,
    /// It also has certified mail: providers' ids may name our letters.
    pub(super) has_pec: bool,
    pub(super) kinds: Vec<request_kind::Model>,
    /// What arrives is told on IO, too.
    pub(super) tells_io: bool,
    pub(super) generic_taxpayer: Uuid,
    pub(super) year: i32,
}

impl<'a> House<'a> {
    pub(super) async fn load(
        desk: &'a Desk,
        cx: Cx,
        mailbox: Option<&'a mailbox::Model>,
        tx: &DatabaseTransaction,
    ) -> Result<Self> {
        let organisation = store::organisation::by_id(tx, cx.organisation).await?.ok_or(Error::NotFound)?;
        let generic = store::taxpayer::generic(tx, cx.organisation).await?.ok_or(Error::NotFound)?;
        let kinds = store::organisation::kinds(tx, cx.organisation).await?;
        if kinds.is_empty() {
            return Err(Error::NotFound);
        }
        // A form is told for itself.
        let by_mail = mailbox.is_some();
        Ok(Self {
            desk,
            cx,
            mailbox,
            tells_io: by_mail && progress::tells_receipts(tx, cx.organisation).await?,
            calendar: calendar_of(&organisation),
            organisation,
            own_addresses: store::mailbox::addresses(tx, cx.organisation).await?,
            has_pec: store::mailbox::has_pec(tx, cx.organisation).await?,
            kinds,
            generic_taxpayer: generic.id,
            year: calendar::rome_date(cx.now).year(),
        })
    }

    /// Handled mail stays where it is on its server.
    pub(super) fn leaves_mail(&self) -> bool {
        self.mailbox.is_none_or(|mailbox| mailbox.after == mailbox::After::Leave)
    }

    pub(super) fn is_own(&self, address: &str) -> bool {
        let address = thread::without_token(address);
        self.own_addresses.contains(&address)
    }
}

/// What changes from mail to mail.
pub(super) struct Known {
    letters: HashMap<String, Vec<KnownLetter>>,
    deliveries: HashMap<Uuid, KnownDelivery>,
    numbers: HashMap<Number, Uuid>,
    orders: HashMap<Uuid, work_order::Model>,
    participants: HashSet<(Uuid, String)>,
    twins: HashMap<Vec<u8>, Uuid>,
    set_aside: HashSet<Vec<u8>>,
    /// Hashes of the files of letters that a mail may be a copy of.
    files: HashMap<Uuid, Vec<Vec<u8>>>,
    senders: Senders,
    acknowledged: HashMap<String, Vec<DateTime<Utc>>>,
    /// Last number given this year.
    pub(super) last_number: i32,
}

pub(super) type Mails<'a> = [(&'a incoming_mail::Model, &'a Mail)];

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
            set_aside: set_aside(house, tx, mails).await?,
            files: HashMap::new(),
            senders: senders(house, tx, mails).await?,
            acknowledged: acknowledged(house, tx, mails).await?,
            last_number,
        };
        known.load_orders(house, tx, mails).await?;
        known.load_files(house, tx, mails).await?;
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
            .chain(self.deliveries.values().map(|delivery| delivery.work_order_id))
            .chain(self.numbers.values().copied())
            .collect();
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let senders: Vec<&str> = mails.iter().map(|(_, mail)| mail.sender()).collect();
        self.participants = store::participant::among(tx, &ids, &senders).await?;
        self.orders = store::work_order::by_ids(tx, organisation, ids)
            .await?
            .into_iter()
            .map(|order| (order.id, order))
            .collect();
        Ok(())
    }

    /// The files of letters that have the Message-ID of one of the mails: most batches know none.
    async fn load_files(
        &mut self,
        house: &House<'_>,
        tx: &DatabaseTransaction,
        mails: &Mails<'_>,
    ) -> std::result::Result<(), DbErr> {
        let ids = mails.iter().filter_map(|(_, mail)| mail.message_id.as_deref());
        let twins: HashSet<Uuid> = ids.flat_map(|id| self.letters(id)).map(|letter| letter.id).collect();
        let twins: Vec<Uuid> = twins.into_iter().collect();
        if twins.is_empty() {
            return Ok(());
        }
        for file in store::attachment::of_communications(tx, house.cx.organisation, &twins).await? {
            self.files.entry(file.communication_id).or_default().push(file.hash);
        }
        Ok(())
    }

    /// Hashes of the files of a letter, in its order.
    pub(super) fn files(&self, letter: Uuid) -> &Vec<Vec<u8>> {
        const NONE: &Vec<Vec<u8>> = &Vec::new();
        self.files.get(&letter).unwrap_or(NONE)
    }

    /// Letters with this Message-ID.
    pub(super) fn letters(&self, message_id: &str) -> &[KnownLetter] {
        self.letters.get(message_id).map_or(&[], Vec::as_slice)
    }

    pub(super) fn delivery(&self, id: Uuid) -> Option<&KnownDelivery> {
        self.deliveries.get(&id)
    }

    /// The delivery to whose envelope a PEC provider gave this Message-ID.
    pub(super) fn delivery_of_provider(&self, message_id: &str) -> Option<&KnownDelivery> {
        // There are none, or a handful.
        self.deliveries.values().find(|delivery| delivery.pec_identifier.as_deref() == Some(message_id))
    }

    /// Something came back about a letter.
    pub(super) fn set_proof(&mut self, delivery: Uuid, proof: Proof) {
        if let Some(delivery) = self.deliveries.get_mut(&delivery) {
            delivery.proof = Some(proof);
        }
    }

    /// A PEC provider has named a letter of ours.
    pub(super) fn set_pec_identifier(&mut self, delivery: Uuid, identifier: String) {
        if let Some(delivery) = self.deliveries.get_mut(&delivery) {
            delivery.pec_identifier = Some(identifier);
        }
    }

    /// Puts a waiting or closed work order back to work; gives what it was before.
    pub(super) fn resume(&mut self, order: Uuid) -> Option<Status> {
        let order = self.orders.get_mut(&order)?;
        let before = order.status;
        if !matches!(before, Status::Closed | Status::Waiting) {
            return None;
        }
        (order.status, order.closed_at) = (Status::InProgress, None);
        Some(before)
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

    /// A person has put these bytes aside, or will look at them.
    pub(super) fn is_set_aside(&self, raw_hash: &[u8]) -> bool {
        self.set_aside.contains(raw_hash)
    }

    /// Letters to this address were refused for good, and somebody has written from it since.
    pub(super) fn revives(&mut self, address: &str, at: DateTime<Utc>) -> bool {
        let later = self.senders.unreachable.get(address).is_some_and(|since| at > *since);
        later && self.senders.unreachable.remove(address).is_some()
    }

    pub(super) fn identification(&self, row: Uuid) -> Identification {
        self.senders.identified.get(&row).copied().unwrap_or(Identification::Unknown)
    }

    /// When an address was acknowledged in the last day.
    pub(super) fn acknowledged(&self, address: &str) -> &[DateTime<Utc>] {
        self.acknowledged.get(address).map_or(&[], Vec::as_slice)
    }

    /// A work order was opened.
    pub(super) fn add_order(&mut self, order: &work_order::Model) {
        self.orders.insert(order.id, order.clone());
    }

    /// A letter has become part of a work order.
    pub(super) fn add_letter(
        &mut self,
        order: Uuid,
        communication: Uuid,
        row: &incoming_mail::Model,
        mail: &Mail,
        (text, files): (&str, Vec<Vec<u8>>),
    ) {
        self.files.insert(communication, files);
        if let Some(message_id) = &mail.message_id {
            self.letters.entry(message_id.clone()).or_default().push(KnownLetter {
                id: communication,
                work_order_id: order,
                message_id: Some(message_id.clone()),
                from_address: mail.sender().to_owned(),
                text: text.to_owned(),
            });
        } else {
            self.twins.insert(row.raw_hash.clone(), communication);
        }
        if !mail.kind.is_automatic() {
            self.participants.insert((order, mail.sender().to_owned()));
        }
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

/// The deliveries that the mails answer or report on.
async fn deliveries(
    house: &House<'_>,
    tx: &DatabaseTransaction,
    mails: &Mails<'_>,
) -> std::result::Result<HashMap<Uuid, KnownDelivery>, DbErr> {
    let organisation = house.cx.organisation;
    let ours: HashSet<Uuid> =
        mails.iter().flat_map(|(_, mail)| report::named_deliveries(house, mail)).collect();
    let mut found = store::delivery::known(tx, organisation, ours.into_iter().collect()).await?;
    if house.has_pec {
        let ids: HashSet<&str> = mails.iter().flat_map(|(_, mail)| mail.earlier_ids()).collect();
        let ids: Vec<&str> = ids.into_iter().collect();
        found.extend(store::delivery::by_pec_identifiers(tx, organisation, &ids).await?);
    }
    Ok(found.into_iter().map(|delivery| (delivery.id, delivery)).collect())
}

async fn set_aside(
    house: &House<'_>,
    tx: &DatabaseTransaction,
    mails: &Mails<'_>,
) -> std::result::Result<HashSet<Vec<u8>>, DbErr> {
    let hashes = mails.iter().map(|(row, _)| row.raw_hash.clone()).collect();
    Ok(store::incoming_mail::set_aside(tx, house.cx.organisation, hashes).await?.into_iter().collect())
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
