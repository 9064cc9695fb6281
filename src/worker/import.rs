//! An archive is loaded into a mailbox: original dates, no acknowledgements, no server told of anything.
//!
//! A mail's name in the ledger is the hash of its bytes, so that an import that was broken off, or is repeated, goes on where it
//! was: what is known is passed over.

use std::path::Path;

use anyhow::{Context, Result};
use entity::mailbox;
use sha2::{Digest, Sha256};

use super::{intake, source::bytes_of};
use crate::{
    actions::receive::{self, Fetched},
    app::App,
    channel::email::archive::Archive,
    store,
};

/// Mails that are kept together.
const CHUNK_MAILS: usize = 100;
/// Bytes of them.
const CHUNK_BYTES: u64 = 4 << 20;

/// How far an import has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the archive.
    pub bytes: u64,
    /// Bytes that were read.
    pub read: u64,
    /// Mails that were read.
    pub mails: u64,
    /// Those that the mailbox did not know.
    pub new: u64,
}

/// Loads the archive at `path` into a mailbox; `tell` hears how far it is, after each chunk.
///
/// # Errors
/// The archive cannot be read, or the database is not available: what was loaded stays, and a repetition goes on from there.
pub async fn import(
    app: &App,
    mailbox: &mailbox::Model,
    path: &Path,
    mut tell: impl FnMut(Progress),
) -> Result<Progress> {
    let (from, limit) = (path.to_owned(), app.config.mail.max_bytes.into());
    let opened = tokio::task::spawn_blocking(move || Archive::open(&from, limit)).await?;
    let mut archive = opened.with_context(|| format!("{} cannot be read", path.display()))?;
    let mut progress = Progress { bytes: archive.bytes(), ..Progress::default() };
    loop {
        let (back, chunk) = tokio::task::spawn_blocking(move || {
            let chunk = chunk(&mut archive);
            (archive, chunk)
        })
        .await?;
        archive = back;
        let (mails, read) = chunk.with_context(|| format!("{} cannot be read to its end", path.display()))?;
        if mails.is_empty() {
            return Ok(progress);
        }
        progress.mails += mails.len() as u64;
        progress.read += read;
        progress.new += load(app, mailbox, mails).await?;
        tell(progress);
    }
}

/// The next mails, and the bytes of the archive that they take.
fn chunk(archive: &mut Archive) -> std::io::Result<(Vec<Fetched>, u64)> {
    let (mut mails, mut read) = (Vec::new(), 0);
    while mails.len() < CHUNK_MAILS && read < CHUNK_BYTES {
        let Some(mail) = archive.next().transpose()? else { break };
        read += mail.size;
        let raw = bytes_of(mail.raw, "dell’archivio");
        let source_key = format!("import:{}", data_encoding::HEXLOWER.encode(&Sha256::digest(&raw)));
        mails.push(Fetched { source_key, received_at: mail.received_at, imported: true, stays: true, raw });
    }
    Ok((mails, read))
}

/// Gives the number of mails that were new.
async fn load(app: &App, mailbox: &mailbox::Model, mut mails: Vec<Fetched>) -> Result<u64> {
    let keys: Vec<String> = mails.iter().map(|mail| mail.source_key.clone()).collect();
    let (db, organisation) = (&app.desk.db.read, mailbox.organisation_id);
    let known = store::incoming_mail::known_keys(db, organisation, mailbox.id, &keys).await?;
    mails.retain(|mail| !known.contains(&mail.source_key));
    let new = if mails.is_empty() {
        0
    } else {
        receive::keep(&app.desk, mailbox, app.clock.now(), mails, None).await?
    };
    // Also what a broken-off import had kept and not handled.
    intake::handle_pending(app, mailbox).await?;
    Ok(new)
}
