//! Who really wrote? What the receiving server found out, what it means, and mailboxes that are ours.

use entity::{mailbox::Kind, origin::Verdict, work_order::Identified};
use riscontro::store;
use sea_orm::{EntityTrait, PaginatorTrait};

use crate::support::{
    app::{BOX, TestApp},
    letter::letter,
};

const ANNA: &str = "anna@libero.example";
const SERVER: &str = "mx.ente.example";

impl TestApp {
    /// A house whose mailbox trusts its server, and whose register knows Anna.
    async fn trusting_its_server() -> Self {
        use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
        let app = Self::start().await;
        app.register("codice utente;nominativo;email\nU1;Anna Verdi;anna@libero.example\n").await;
        let mut mailbox = app.mailbox().await.into_active_model();
        mailbox.authserv_id = Set(SERVER.to_owned());
        let tx = app.app.desk.db.begin().await.unwrap();
        mailbox.update(&tx).await.unwrap();
        tx.commit().await.unwrap();
        app
    }

    async fn thread_of(&self, number: &str) -> Vec<entity::communication::Model> {
        let order = self.order(number).await;
        let db = &self.app.desk.db.read;
        store::communication::thread(db, order.organisation_id, order.id, None, 50).await.unwrap().rows
    }
}

/// A letter that says to come from Anna, with what a server found out.
fn claimed(server: &str, found: &str) -> crate::support::letter::Letter {
    letter(ANNA, "Cambio IBAN").with(&format!("Authentication-Results: {server}; {found}"))
}

#[tokio::test]
async fn a_sender_that_the_server_found_false_is_never_tied_to_a_taxpayer_nor_answered_by_itself() {
    let app = TestApp::trusting_its_server().await;
    app.mail_in(claimed(SERVER, "dmarc=fail header.from=libero.example").raw()).await;
    let order = app.order("2026/000001").await;
    assert_eq!(order.identified, Identified::Candidates, "she is proposed, and a person decides");
    let first = app.thread_of("2026/000001").await.remove(0);
    assert_eq!(first.origin.unwrap().authenticity.unwrap().dmarc, Verdict::Fail);
    assert!(app.letters_out().await.is_empty(), "Anna did not write: nothing is sent to her");
}

#[tokio::test]
async fn a_sender_that_was_checked_or_that_nobody_checked_is_found_in_the_register() {
    let app = TestApp::trusting_its_server().await;
    app.mail_in(claimed(SERVER, "dmarc=pass header.from=libero.example").raw()).await;
    app.mail_in(letter(ANNA, "Senza controlli").raw()).await;
    for number in ["2026/000001", "2026/000002"] {
        assert_eq!(app.order(number).await.identified, Identified::Address, "{number}");
    }
}

#[tokio::test]
async fn what_a_server_that_is_not_ours_says_counts_for_nothing() {
    let app = TestApp::trusting_its_server().await;
    app.mail_in(claimed("mx.altrove.example", "dmarc=fail").raw()).await;
    assert_eq!(app.order("2026/000001").await.identified, Identified::Address);
    assert_eq!(app.thread_of("2026/000001").await.remove(0).origin, None);
}

/// Whoever writes under another's name does not get into that person's thread by a number or an id that can be known.
#[tokio::test]
async fn a_false_sender_does_not_enter_the_thread_of_the_person_it_pretends_to_be() {
    let app = TestApp::trusting_its_server().await;
    let first = letter(ANNA, "Reclamo");
    app.mail_in(first.raw()).await;
    app.mail_in(claimed(SERVER, "dmarc=fail").answers(first.id()).raw()).await;
    app.mail_in(
        letter(ANNA, "[2026/000001]").with(&format!("Authentication-Results: {SERVER}; dmarc=fail")).raw(),
    )
    .await;
    assert_eq!(app.threads().await.len(), 3);
    assert_eq!(app.order("2026/000002").await.follows_id, Some(app.order("2026/000001").await.id));
}

/// Lesson 28: our own address is never a citizen.
#[tokio::test]
async fn a_colleague_who_answers_from_the_mailbox_itself_joins_the_thread_and_is_no_citizen() {
    let app = TestApp::start().await;
    let first = letter(ANNA, "Reclamo");
    app.mail_in(first.raw()).await;
    app.letters_out().await;
    let copy = letter(BOX, "Re: Reclamo")
        .answers(first.id())
        .with(&format!("To: {ANNA}"))
        .with(&format!("Cc: {BOX}"));
    app.mail_in(copy.raw()).await;
    assert_eq!(app.threads().await, ["2026/000001 New: anna reclami reclami"]);
    app.mail_in(letter(BOX, "Promemoria").raw()).await;
    assert!(app.letters_out().await.is_empty(), "and is not acknowledged");
    assert_eq!(app.order("2026/000002").await.identified, Identified::Unknown);
}

/// Lesson 23: one letter to two of our mailboxes.
#[tokio::test]
async fn a_letter_to_two_of_our_mailboxes_is_one_work_order_and_both_are_named() {
    let app = TestApp::start().await;
    let other = app.add_mailbox("info@ente.example", Kind::Ordinary).await;
    let both = letter(ANNA, "Reclamo").with(&format!("To: {BOX}")).with("Cc: info@ente.example");
    // Each server writes lines of its own above the same letter.
    let raw = |server: &str| [format!("Received: by {server}; x\r\n").as_bytes(), &both.raw()].concat();
    app.mail_in(raw("one")).await;
    app.mails_in_box(&other, &[&raw("two")]).await;
    assert_eq!(app.threads().await, ["2026/000001 New: anna reclami"]);
    let first = app.thread_of("2026/000001").await.remove(0);
    let logs = entity::mail_log::Entity::find().all(&app.app.desk.db.read).await.unwrap();
    let seen: Vec<_> = logs.iter().map(|log| log.communication_id).collect();
    assert_eq!(seen, [Some(first.id), Some(first.id)], "both rows of the ledger name the communication");
    let mut browser = app.administrator().await;
    let page = browser.get("/desk/work-orders/2026-000001").await;
    assert!(page.body.contains("info@ente.example"), "and so does the page");
}

/// Lesson 17: a mail that is brought a thousand times is stored once.
#[tokio::test]
async fn a_mail_that_is_brought_again_and_again_takes_no_more_room() {
    let app = TestApp::start().await;
    let raw = letter(ANNA, "Reclamo").says(&"parole\n".repeat(500)).raw();
    let all: Vec<&[u8]> = std::iter::repeat_n(raw.as_slice(), 100).collect();
    for _ in 0..10 {
        app.mails_in(&all).await;
    }
    let blobs = entity::blob::Entity::find().count(&app.app.desk.db.read).await.unwrap();
    assert_eq!((blobs, app.threads().await.len()), (1, 1));
}

/// Lesson 26: whatever a mail program writes before the subject, the thread is found by ids.
#[tokio::test]
async fn forwarded_and_answered_subjects_in_any_language_thread_by_ids_alone() {
    let app = TestApp::start().await;
    let first = letter(ANNA, "Reclamo");
    app.mail_in(first.raw()).await;
    for prefix in ["R:", "RIF:", "I:", "INOLTRO:", "WG:", "FW:", "AW:"] {
        app.mail_in(letter(ANNA, &format!("{prefix} Reclamo")).answers(first.id()).raw()).await;
    }
    app.mail_in(letter("bea@libero.example", "R: Reclamo").raw()).await;
    assert_eq!(app.threads().await.len(), 2);
}
