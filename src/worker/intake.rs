//! Ledger rows are read by the edge and handed to the desk, batch by batch. While one batch is being written the next
//! is being read, so that disk and processor work at the same time.

use std::panic::AssertUnwindSafe;

use entity::{incoming_mail, mailbox};
use uuid::Uuid;

use crate::{
    actions::{
        self,
        receive::{Ended, Opened},
    },
    app::App,
    channel::email::parse::Reader,
    store,
};

/// Raw bytes of one batch: bounds the memory of intake, whatever the size of single mails.
const BATCH_BYTES: i64 = 4 << 20;

/// Handles everything that waits in the ledger of a mailbox.
pub async fn handle_pending(app: &App, mailbox: &mailbox::Model) -> anyhow::Result<()> {
    let mut next = open_batch(app, mailbox, None).await?;
    while let Some(last) = next.last().map(|opened| opened.row.id) {
        let batch = next;
        let receive = actions::receive::receive(&app.desk, mailbox, app.clock.now(), &batch);
        let (ended, opened) = tokio::join!(receive, open_batch(app, mailbox, Some(last)));
        count(&ended?);
        next = opened?;
    }
    Ok(())
}

/// Reads the next rows after `after`, within the limits of a batch.
async fn open_batch(app: &App, mailbox: &mailbox::Model, after: Option<Uuid>) -> anyhow::Result<Vec<Opened>> {
    let (db, organisation) = (&app.desk.db.read, mailbox.organisation_id);
    let mut rows = store::incoming_mail::pending(
        db,
        organisation,
        mailbox.id,
        after,
        app.clock.now(),
        app.config.mail.batch,
    )
    .await?;
    let mut bytes = 0;
    let fit = rows
        .iter()
        .take_while(|row| {
            (bytes == 0) | {
                bytes += row.size;
                bytes <= BATCH_BYTES
            }
        })
        .count();
    rows.truncate(fit.max(1));
    let raw = store::blob::raw_of(db, organisation, &rows).await?;
    let reader = app.reader(mailbox);
    let read = move || {
        let rows = rows.into_iter().map(|row| (raw.get(&row.raw_hash), row));
        rows.map(|(raw, row)| open(&reader, row, raw)).collect()
    };
    Ok(tokio::task::spawn_blocking(read).await?)
}

fn open(reader: &Reader, row: incoming_mail::Model, raw: Option<&Vec<u8>>) -> Opened {
    let mail = match raw {
        None => Err("i byte del messaggio mancano nel database".to_owned()),
        // Reading is total; should it panic all the same, one mail goes to quarantine and the mailbox goes on.
        Some(raw) => std::panic::catch_unwind(AssertUnwindSafe(|| reader.read(raw)))
            .map_err(|_| "la lettura del messaggio si è interrotta".to_owned()),
    };
    Opened { row, mail }
}

fn count(ended: &[Ended]) {
    for end in ended {
        let outcome = match end {
            Ended::Settled(incoming_mail::Outcome::Opened) => "opened",
            Ended::Settled(incoming_mail::Outcome::Joined) => "joined",
            Ended::Settled(incoming_mail::Outcome::Duplicate) => "duplicate",
            Ended::Settled(incoming_mail::Outcome::Own) => "own",
            Ended::Settled(incoming_mail::Outcome::Receipt) => "receipt",
            Ended::Settled(incoming_mail::Outcome::Discarded) => "discarded",
            Ended::Postponed => "postponed",
            Ended::Quarantined => "quarantined",
            Ended::Elsewhere => "elsewhere",
        };
        metrics::counter!("riscontro_mails_total", "outcome" => outcome).increment(1);
    }
}
