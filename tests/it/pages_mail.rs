//! What operators and administrators see of the mail: who really wrote, what became of each letter, and what was made of every
//! mail that came in.

mod doors;
mod letters;
mod log;
mod mailboxes;
mod thread;

use entity::incoming_mail;
use riscontro::{
    actions::receive::{self, Fetched, Opened},
    store,
};
use uuid::Uuid;

use crate::support::{app::TestApp, browser::Page};

const FIRST: &str = "/desk/work-orders/2026-000001";

impl TestApp {
    /// A house where a mail that fails once waits for a person, so that a test need not fail it five times.
    async fn impatient() -> Self {
        Self::start_with(|config| config.mail.attempts = 1).await
    }

    /// A mail that reading breaks off at.
    pub(crate) async fn stuck(&self, raw: &[u8]) -> Uuid {
        let (mailbox, db) = (self.mailbox().await, &self.app.desk.db.read);
        let fetched = Fetched {
            source_key: Uuid::now_v7().to_string(),
            received_at: self.now(),
            imported: false,
            stays: false,
            raw: raw.to_vec(),
        };
        receive::keep(&self.app.desk, &mailbox, self.now(), vec![fetched], None).await.unwrap();
        let pending = store::incoming_mail::pending(db, self.organisation(), mailbox.id, None, self.now(), 1);
        let row: incoming_mail::Model = pending.await.unwrap().remove(0);
        let id = row.id;
        let batch = [Opened { row, mail: Err("la lettura del messaggio si è interrotta".to_owned()) }];
        let ended = receive::receive(&self.app.desk, &mailbox, self.now(), &batch).await.unwrap();
        assert_eq!(ended, [receive::Ended::Quarantined]);
        id
    }
}

fn says(page: &Page, words: &[&str]) {
    let said = page.words();
    for words in words {
        assert!(said.contains(words), "{words}: {said}");
    }
}

fn keeps_silent(page: &Page, words: &[&str]) {
    let said = page.words();
    for words in words {
        assert!(!said.contains(words), "{words}: {said}");
    }
}
