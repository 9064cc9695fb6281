//! Mails that could not be handled wait for a person, for as long as it takes.

use chrono::Duration;
use entity::incoming_mail::{Outcome, State};
use riscontro::{
    actions::{self, Cx, receive::Opened},
    store,
};

use crate::support::{app::TestApp, letter::letter};

impl TestApp {
    fn somebody(&self) -> Cx {
        Cx::system(self.organisation(), self.now())
    }

    /// A mail that the edge could not read, tried as often as it is.
    async fn unreadable(&self, raw: &[u8]) -> entity::incoming_mail::Model {
        self.unreadable_again(raw).await;
        let db = &self.app.desk.db.read;
        store::incoming_mail::quarantined(db, self.organisation(), 10).await.unwrap().pop().unwrap()
    }

    async fn unreadable_again(&self, raw: &[u8]) {
        let (mailbox, db) = (self.mailbox().await, &self.app.desk.db.read);
        let fetched = riscontro::actions::receive::Fetched {
            source_key: format!("{}", uuid::Uuid::now_v7()),
            received_at: self.now(),
            imported: false,
            stays: false,
            raw: raw.to_vec(),
        };
        actions::receive::keep(&self.app.desk, &mailbox, self.now(), vec![fetched], None).await.unwrap();
        loop {
            let organisation = self.organisation();
            let pending = store::incoming_mail::pending(db, organisation, mailbox.id, None, self.now(), 10);
            let Some(row) = pending.await.unwrap().pop() else { break };
            let batch = [Opened { row, mail: Err("si è rotto".to_owned()) }];
            actions::receive::receive(&self.app.desk, &mailbox, self.now(), &batch).await.unwrap();
            self.pass(Duration::hours(1));
        }
    }

    async fn row_of(&self, id: uuid::Uuid) -> entity::incoming_mail::Model {
        store::incoming_mail::by_id(&self.app.desk.db.read, self.organisation(), id).await.unwrap().unwrap()
    }
}

/// Lesson 13: what is refused does not vanish by itself.
#[tokio::test]
async fn a_mail_opened_by_hand_becomes_a_work_order_with_its_bytes_attached_and_answers_nobody() {
    let app = TestApp::start().await;
    let raw = letter("anna@libero.example", "Strano").raw();
    let mail = app.unreadable(&raw).await;
    app.pass(Duration::days(400));
    assert_eq!(app.row_of(mail.id).await.state, State::Quarantined, "nothing leaves by itself");
    let order = actions::quarantine::open_by_hand(&app.app.desk, &app.somebody(), mail.id).await.unwrap();
    let db = &app.app.desk.db.read;
    let thread = store::communication::thread(db, order.organisation_id, order.id, None, 10).await.unwrap();
    let communications = [thread.rows[0].id];
    let files = store::attachment::of_communications(db, order.organisation_id, &communications).await;
    let file = files.unwrap().remove(0);
    let bytes = store::blob::bytes(db, order.organisation_id, &file.hash).await.unwrap().unwrap();
    assert_eq!(bytes, raw);
    assert_eq!(order.received_at, mail.received_at, "the term runs from the day on which it came");
    let row = app.row_of(mail.id).await;
    assert_eq!((row.state, row.outcome), (State::Handled, Some(Outcome::Opened)));
    assert!(app.letters_out().await.is_empty());
    assert!(actions::quarantine::open_by_hand(&app.app.desk, &app.somebody(), mail.id).await.is_err());
}

/// Lesson 24: what a person has put aside does not come back when the mailbox is rebuilt.
#[tokio::test]
async fn a_discarded_mail_needs_a_reason_stays_in_the_ledger_and_does_not_come_back() {
    let app = TestApp::start().await;
    let raw = letter("anna@libero.example", "Strano").raw();
    let mail = app.unreadable(&raw).await;
    let nothing = actions::quarantine::discard(&app.app.desk, &app.somebody(), mail.id, "  ").await;
    assert!(matches!(nothing, Err(actions::Error::Rejected(_))));
    actions::quarantine::discard(&app.app.desk, &app.somebody(), mail.id, "pubblicità").await.unwrap();
    let row = app.row_of(mail.id).await;
    assert_eq!((row.state, row.outcome), (State::Handled, Some(Outcome::Discarded)));
    app.mail_in(&raw).await;
    assert_eq!(app.threads().await, Vec::<String>::new());
}

/// The same, for a mail that still cannot be read when it comes back.
#[tokio::test]
async fn a_discarded_mail_that_still_cannot_be_read_does_not_come_back_either() {
    let app = TestApp::start().await;
    let raw = letter("anna@libero.example", "Strano").raw();
    let mail = app.unreadable(&raw).await;
    app.unreadable_again(&raw).await;
    let waiting = store::incoming_mail::quarantined_count(&app.app.desk.db.read, app.organisation()).await;
    assert_eq!(waiting.unwrap(), 1, "one mail, one entry");
    actions::quarantine::discard(&app.app.desk, &app.somebody(), mail.id, "doppione").await.unwrap();
    app.unreadable_again(&raw).await;
    let waiting = store::incoming_mail::quarantined_count(&app.app.desk.db.read, app.organisation()).await;
    assert_eq!(waiting.unwrap(), 0);
}

#[tokio::test]
async fn a_mail_that_waits_in_quarantine_is_not_quarantined_twice() {
    let app = TestApp::start().await;
    let raw = letter("anna@libero.example", "Strano").raw();
    app.unreadable(&raw).await;
    app.mail_in(&raw).await;
    let waiting = store::incoming_mail::quarantined_count(&app.app.desk.db.read, app.organisation()).await;
    assert_eq!((waiting.unwrap(), app.threads().await.len()), (1, 0));
}
