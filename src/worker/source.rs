//! Where a mailbox's mail comes from: an IMAP server, or a Maildir on this machine.

mod notice;
mod reconcile;

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use entity::{
    incoming_mail,
    mailbox::{self, After},
};
use tokio_util::sync::CancellationToken;

pub(super) use self::{notice::bytes_of, reconcile::Comparison};

use crate::{
    actions::{
        self,
        receive::{Cursor, Fetched},
    },
    app::App,
    channel::email::{
        RawMail,
        imap::{self, Imap, ImapError},
        maildir::{Found, Maildir},
    },
    store,
};

/// Bytes that are brought before they are handed over: bounds the memory of reading.
const CHUNK_BYTES: u64 = 4 << 20;
/// Mails that are brought before they are handed over.
const CHUNK_MAILS: usize = 100;
/// Handled mails that the server is told of at once.
const FILE_MAILS: u64 = 500;
/// Refusals of one mail, each in a turn of its own, after which its place is taken by a notice.
const REFUSALS: u32 = 5;
/// How often a local folder is looked at: a dropped file must be seen within two seconds.
const FOLDER_LOOK: Duration = Duration::from_millis(500);

/// How often the server has refused to hand over the mail that is next in turn. A passing fault must not turn a backlog into
/// notices, and a mail that is damaged for good must not hold up those behind it.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    uid: u32,
    times: u32,
}

impl Refusals {
    /// Counts a refusal; true when it is the last one that we wait for.
    fn is_final(&mut self, uid: u32) -> bool {
        self.times = if self.uid == uid { self.times + 1 } else { 1 };
        self.uid = uid;
        self.times >= REFUSALS
    }
}

/// An open source.
pub(super) enum Source {
    /// A line to an IMAP server.
    Imap(Box<ImapSource>),
    /// A folder.
    Maildir(Maildir),
}

/// An open folder of an IMAP server, and how far it was read.
pub(super) struct ImapSource {
    line: Imap,
    cursor: Cursor,
    /// What stands before the UID in the names of its mails.
    prefix: String,
}

impl Source {
    pub(super) async fn open(app: &App, mailbox: &mailbox::Model) -> Result<Self> {
        match mailbox.source {
            mailbox::Source::Maildir => {
                let path = PathBuf::from(&mailbox.maildir_path);
                // What is missing was mistyped, or is not mounted: folders of ours made there would only hide it.
                anyhow::ensure!(
                    path.is_dir(),
                    "la cartella {} non esiste: controlla il percorso",
                    path.display()
                );
                let opened = Maildir::open(&path).await;
                Ok(Self::Maildir(
                    opened.with_context(|| format!("la cartella {} non si può leggere", path.display()))?,
                ))
            }
            mailbox::Source::Imap => Ok(Self::Imap(Box::new(ImapSource::open(app, mailbox).await?))),
        }
    }

    /// Brings the next mails and makes them durable; `true` when there may be more.
    pub(super) async fn bring(
        &mut self,
        app: &App,
        mailbox: &mailbox::Model,
        refusals: &mut Refusals,
    ) -> Result<bool> {
        match self {
            Self::Imap(source) => source.bring(app, mailbox, refusals).await,
            Self::Maildir(maildir) => bring_from_folder(maildir, app, mailbox).await,
        }
    }

    /// Tells the server what was handled, as the mailbox is configured. A failure here never brings a mail in twice: the
    /// ledger knows it, filed or not.
    pub(super) async fn file(&mut self, app: &App, mailbox: &mailbox::Model) -> Result<()> {
        if mailbox.after == After::Leave {
            return Ok(());
        }
        loop {
            let rows = store::incoming_mail::unfiled(
                &app.desk.db.read,
                mailbox.organisation_id,
                mailbox.id,
                FILE_MAILS,
            )
            .await?;
            if rows.is_empty() {
                return Ok(());
            }
            match self {
                Self::Imap(source) => source.file(mailbox, &rows).await?,
                Self::Maildir(maildir) => {
                    for row in &rows {
                        maildir.file_away(&row.source_key, mailbox.after, &mailbox.after_folder).await?;
                    }
                }
            }
            let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
            actions::mailbox::filed(&app.desk, &ids).await?;
        }
    }

    /// Waits until there may be news, at most `limit`.
    pub(super) async fn wait(&mut self, limit: Duration, stop: &CancellationToken) -> Result<()> {
        match self {
            Self::Imap(source) => drop(source.line.idle(limit, stop).await?),
            Self::Maildir(_) => tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(FOLDER_LOOK.min(limit)) => {}
            },
        }
        Ok(())
    }

    pub(super) async fn close(self) {
        if let Self::Imap(source) = self {
            source.line.logout().await;
        }
    }
}

impl ImapSource {
    async fn open(app: &App, mailbox: &mailbox::Model) -> Result<Self> {
        let mut line = app.imap(mailbox).await?;
        let uid_validity = i64::from(line.select().await?.uid_validity);
        // The settings that the task was started with say how the mailbox is reached, not how far it was read.
        let stored = store::mailbox::by_id(&app.desk.db.read, mailbox.organisation_id, mailbox.id).await?;
        let stored = stored.context("the mailbox is gone")?;
        let last_uid = if stored.uid_validity == Some(uid_validity) {
            stored.last_uid
        } else {
            // The server has renumbered the folder: all of it is brought again, and what was here before is recognised.
            actions::mailbox::restart_cursor(&app.desk, mailbox, uid_validity).await?;
            0
        };
        // UIDs of another server or folder may be the same numbers.
        let prefix = match mailbox.numbering {
            0 => format!("{uid_validity}:"),
            numbering => format!("{numbering}/{uid_validity}:"),
        };
        Ok(Self { line, cursor: Cursor { uid_validity, last_uid }, prefix })
    }

    async fn bring(&mut self, app: &App, mailbox: &mailbox::Model, refusals: &mut Refusals) -> Result<bool> {
        let last = u32::try_from(self.cursor.last_uid).unwrap_or(u32::MAX);
        let brought = match self.line.fetch_after(last, CHUNK_BYTES, CHUNK_MAILS).await {
            Ok(brought) => brought,
            Err(ImapError::Mail { uid, .. }) if refusals.is_final(uid) => vec![withheld(uid)],
            Err(error) => return Err(error.into()),
        };
        let Some(highest) = brought.last().map(|mail| mail.uid) else { return Ok(false) };
        let cursor = Cursor { last_uid: i64::from(highest), ..self.cursor };
        let now = app.clock.now();
        let mails =
            brought.into_iter().map(|mail| fetched(mailbox, self.source_key(mail.uid), mail, now)).collect();
        actions::receive::keep(&app.desk, mailbox, now, mails, Some(cursor)).await?;
        self.cursor = cursor;
        Ok(true)
    }

    /// The name of a mail in the ledger.
    fn source_key(&self, uid: u32) -> String {
        format!("{}{uid}", self.prefix)
    }

    async fn file(&mut self, mailbox: &mailbox::Model, rows: &[incoming_mail::Model]) -> Result<()> {
        // Mails of an earlier numbering cannot be named any more: they stay where they are.
        let uids: Vec<u32> =
            rows.iter().filter_map(|row| row.source_key.strip_prefix(&self.prefix)?.parse().ok()).collect();
        match mailbox.after {
            After::Leave => {}
            After::Flag => self.line.flag(&uids).await?,
            After::Move => self.line.move_to(&uids, &mailbox.after_folder).await?,
        }
        Ok(())
    }
}

/// As it goes into the ledger.
fn fetched(mailbox: &mailbox::Model, source_key: String, mail: imap::Fetched, now: DateTime<Utc>) -> Fetched {
    Fetched {
        received_at: mail.received_at.unwrap_or(now),
        imported: false,
        stays: !matches!(mail.raw, RawMail::Whole(_)),
        raw: bytes_of(
            mail.raw,
            &format!("{source_key} di {} ({:.1} MB)", mailbox.address, f64::from(mail.size) / 1e6),
        ),
        source_key,
    }
}

/// A mail that the server will not hand over.
fn withheld(uid: u32) -> imap::Fetched {
    imap::Fetched { uid, received_at: None, size: 0, raw: RawMail::Withheld }
}

async fn bring_from_folder(maildir: &mut Maildir, app: &App, mailbox: &mailbox::Model) -> Result<bool> {
    let found = maildir
        .scan(CHUNK_MAILS)
        .await
        .with_context(|| format!("la cartella {} non si può leggere", mailbox.maildir_path))?;
    if found.is_empty() {
        return Ok(false);
    }
    // After a start, what was left in the folder is found again; it need not be read again.
    let keys: Vec<String> = found.iter().map(|found| found.key.clone()).collect();
    let known =
        store::incoming_mail::known_keys(&app.desk.db.read, mailbox.organisation_id, mailbox.id, &keys)
            .await?;
    let mut mails = Vec::new();
    let mut bytes = 0;
    for found in found.into_iter().filter(|found| !known.contains(&found.key)) {
        let Found { key, received_at, .. } = found.clone();
        if let Some(raw) = maildir.read(&found, app.config.mail.max_bytes.into()).await? {
            let stays = !matches!(raw, RawMail::Whole(_));
            let raw = bytes_of(raw, &key);
            bytes += raw.len() as u64;
            mails.push(Fetched { source_key: key, received_at, imported: false, stays, raw });
        }
        if bytes > CHUNK_BYTES {
            actions::receive::keep(&app.desk, mailbox, app.clock.now(), std::mem::take(&mut mails), None)
                .await?;
            bytes = 0;
        }
    }
    if !mails.is_empty() {
        actions::receive::keep(&app.desk, mailbox, app.clock.now(), mails, None).await?;
    }
    Ok(maildir.has_more())
}
