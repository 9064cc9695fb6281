//! Rows that are written together: decided first, in memory, then written table by table in the order of their foreign
//! keys. One statement per table instead of one per row is what lets a batch of mails cost little more than one mail.

use std::collections::HashMap;

use entity::{
    attachment::{self, Scan},
    communication, delivery, upload, work_order,
};
use sea_orm::{DatabaseTransaction, DbErr};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::events;
use crate::{
    domain::{files::Prepared, mail::File},
    store::{self, event::NewEvent},
};

/// What files are known by.
pub(super) fn hashes(files: &[File]) -> Vec<Vec<u8>> {
    files.iter().map(|file| Sha256::digest(&file.bytes).to_vec()).collect()
}

/// Rows of one organisation.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) orders: Vec<work_order::Model>,
    pub(super) participants: Vec<(Uuid, String)>,
    pub(super) communications: Vec<communication::Model>,
    pub(super) deliveries: Vec<delivery::Model>,
    pub(super) events: Vec<NewEvent>,
    attachments: Vec<attachment::Model>,
    blobs: HashMap<Vec<u8>, Vec<u8>>,
}

impl Rows {
    /// Adds the files of a communication; gives their hashes.
    pub(super) fn add_files(
        &mut self,
        organisation: Uuid,
        communication: Uuid,
        files: &[File],
    ) -> Vec<Vec<u8>> {
        let hashes = hashes(files);
        for ((position, file), hash) in (0..).zip(files).zip(&hashes) {
            self.attachments.push(attachment::Model {
                id: Uuid::now_v7(),
                organisation_id: organisation,
                communication_id: communication,
                position,
                name: file.name.clone(),
                media_type: file.media_type.clone(),
                size: i64::try_from(file.bytes.len()).unwrap_or(i64::MAX),
                scan: Scan::None,
                hash: hash.clone(),
                content_id: file.content_id.clone(),
            });
            self.blobs.entry(hash.clone()).or_insert_with(|| file.bytes.clone());
        }
        hashes
    }

    /// Adds files that came along with the words, looked at.
    pub(super) fn add_prepared(&mut self, organisation: Uuid, communication: Uuid, files: &[Prepared]) {
        for (position, file) in (0..).zip(files) {
            let hash = Sha256::digest(&file.bytes).to_vec();
            self.attachments.push(attachment::Model {
                id: Uuid::now_v7(),
                organisation_id: organisation,
                communication_id: communication,
                position,
                name: file.name.clone(),
                media_type: file.media_type.clone(),
                size: file.size(),
                scan: file.scan,
                hash: hash.clone(),
                content_id: None,
            });
            self.blobs.entry(hash).or_insert_with(|| file.bytes.clone());
        }
    }

    /// Adds files that were handed over before; their bytes are here.
    pub(super) fn add_uploads(&mut self, communication: Uuid, files: &[upload::Model]) {
        for (position, file) in (0..).zip(files) {
            self.attachments.push(attachment::Model {
                id: Uuid::now_v7(),
                organisation_id: file.organisation_id,
                communication_id: communication,
                position,
                name: file.name.clone(),
                media_type: file.media_type.clone(),
                size: file.size,
                scan: file.scan,
                hash: file.hash.clone(),
                content_id: None,
            });
        }
    }

    /// Lets an address take part in a work order.
    pub(super) fn add_participant(&mut self, order: Uuid, address: &str) {
        if !address.is_empty() {
            self.participants.push((order, address.to_owned()));
        }
    }

    /// Writes everything.
    pub(super) async fn write(self, tx: &DatabaseTransaction, organisation: Uuid) -> Result<(), DbErr> {
        if !self.orders.is_empty() {
            store::work_order::insert(tx, self.orders).await?;
        }
        if !self.participants.is_empty() {
            store::participant::insert(tx, organisation, self.participants).await?;
        }
        if !self.communications.is_empty() {
            store::communication::insert(tx, self.communications).await?;
        }
        if !self.attachments.is_empty() {
            if !self.blobs.is_empty() {
                store::blob::insert(tx, organisation, self.blobs).await?;
            }
            store::attachment::insert(tx, self.attachments).await?;
        }
        if !self.deliveries.is_empty() {
            store::delivery::insert(tx, self.deliveries).await?;
        }
        if !self.events.is_empty() {
            events::append(tx, self.events).await?;
        }
        Ok(())
    }
}
