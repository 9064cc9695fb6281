//! What comes back about letters: bounces, delays. They find their letter, tell its operator, and open nothing.

use entity::{delivery::Proof, work_order::Status};
use riscontro::actions;

use crate::support::{
    app::{BOX, LetterOut, TestApp},
    letter::letter,
};

const ANNA: &str = "anna@libero.example";

impl TestApp {
    /// Anna writes, and is answered; gives the answer as it left.
    async fn answered(&self) -> LetterOut {
        self.mail_in(letter(ANNA, "Mancato ritiro").raw()).await;
        self.letters_out().await;
        self.answer("2026/000001", &[ANNA], "Passiamo giovedì.", Vec::new()).await;
        self.letters_out().await.remove(0)
    }

    /// What came back about the newest letter.
    pub(crate) async fn proof(&self) -> (Option<Proof>, Option<String>) {
        use sea_orm::{EntityTrait, QueryOrder};
        let newest = entity::delivery::Entity::find()
            .order_by_desc(entity::delivery::Column::Id)
            .one(&self.app.desk.db.read)
            .await;
        let newest = newest.unwrap().unwrap();
        (newest.proof, newest.proof_words)
    }

    async fn contact_of(&self, address: &str) -> entity::contact::Model {
        use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
        let found = entity::contact::Entity::find()
            .filter(entity::contact::Column::Address.eq(address))
            .one(&self.app.desk.db.read)
            .await;
        found.unwrap().unwrap()
    }
}

/// The first mail of the ledger.
async fn first_again(app: &TestApp) -> Vec<u8> {
    use sea_orm::{EntityTrait, QueryOrder};
    let first = entity::incoming_mail::Entity::find()
        .order_by_asc(entity::incoming_mail::Column::Id)
        .one(&app.app.desk.db.read)
        .await;
    let hash = first.unwrap().unwrap().raw_hash;
    let blob = entity::blob::Entity::find_by_id((app.organisation(), hash)).one(&app.app.desk.db.read).await;
    blob.unwrap().unwrap().bytes
}

/// A report as Postfix writes it.
fn bounce(about: &LetterOut, action: &str, status: &str, words: &str) -> Vec<u8> {
    let id = about.mail.message_id.as_deref().unwrap();
    format!(
        "From: MAILER-DAEMON@mx.libero.example\r\nTo: {BOX}\r\nSubject: Undelivered Mail Returned to Sender\r\n\
         Message-ID: <{}@mx.libero.example>\r\nReturn-Path: <>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
         Not delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.libero.example\r\n\r\n\
         Final-Recipient: rfc822; {ANNA}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {words}\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{id}>\r\nSubject: Re\r\n\r\n--b--\r\n",
        uuid::Uuid::now_v7().simple(),
    )
    .into_bytes()
}

/// Lesson 34: a report about a letter of ours is part of its thread and starts nothing.
#[tokio::test]
async fn a_hard_bounce_marks_its_recipient_and_brings_the_work_order_back_and_answers_nobody() {
    let app = TestApp::start().await;
    app.register("codice utente;nominativo;email\nU1;Anna Verdi;anna@libero.example\n").await;
    let out = app.answered().await;
    app.close("2026/000001").await;
    app.mail_in(bounce(&out, "failed", "5.1.1", "550 5.1.1 user unknown")).await;
    let (proof, words) = app.proof().await;
    assert_eq!(proof, Some(Proof::NotDelivered));
    assert!(words.unwrap().contains("5.1.1"));
    assert_eq!(app.order("2026/000001").await.status, Status::InProgress);
    assert_eq!(
        app.threads().await,
        ["2026/000001 InProgress: anna reclami reclami MAILER-DAEMON"
            .to_lowercase()
            .replace("inprogress", "InProgress")]
    );
    assert!(app.letters_out().await.is_empty());
    let contact = app.contact_of(ANNA).await;
    assert!(contact.unreachable_words.unwrap().contains("5.1.1"));
    // The folder is read again: what was here before says nothing new, whoever wrote it.
    app.mail_in(first_again(&app).await).await;
    assert!(app.contact_of(ANNA).await.unreachable_at.is_some());
    // Somebody writes from there: it is alive.
    app.pass(chrono::Duration::minutes(1));
    app.mail_in(letter(ANNA, "Ci sono").raw()).await;
    assert_eq!(app.contact_of(ANNA).await.unreachable_at, None);
}

#[tokio::test]
async fn a_delay_says_so_and_nothing_else_and_a_later_failure_says_more() {
    let app = TestApp::start().await;
    app.register("codice utente;nominativo;email\nU1;Anna Verdi;anna@libero.example\n").await;
    let out = app.answered().await;
    app.close("2026/000001").await;
    app.mail_in(bounce(&out, "delayed", "4.4.1", "connection timed out")).await;
    assert_eq!(app.proof().await.0, Some(Proof::Delayed));
    assert_eq!(app.order("2026/000001").await.status, Status::Closed);
    app.mail_in(bounce(&out, "failed", "5.2.2", "mailbox full")).await;
    assert_eq!(app.proof().await.0, Some(Proof::NotDelivered));
    assert_eq!(app.order("2026/000001").await.status, Status::InProgress);
    // A full mailbox is not a dead one.
    assert_eq!(app.contact_of(ANNA).await.unreachable_at, None);
    app.mail_in(bounce(&out, "delayed", "4.4.1", "connection timed out")).await;
    assert_eq!(
        app.proof().await.0,
        Some(Proof::NotDelivered),
        "a later word that says less counts for nothing"
    );
}

#[tokio::test]
async fn a_report_without_our_id_marks_nothing() {
    let app = TestApp::start().await;
    let mut out = app.answered().await;
    out.mail.message_id = Some("somebody-elses@mail.example".to_owned());
    app.mail_in(bounce(&out, "failed", "5.1.1", "user unknown")).await;
    assert_eq!(app.proof().await.0, None);
}

/// Where the server delivers `box+anything@`, reports come to an address that names the letter, whatever they quote.
#[tokio::test]
async fn a_report_that_quotes_nothing_finds_its_letter_by_the_address_it_came_to() {
    let app = TestApp::start().await;
    {
        use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
        let mut mailbox = app.mailbox().await.into_active_model();
        mailbox.sub_addressing = Set(true);
        let tx = app.app.desk.db.begin().await.unwrap();
        mailbox.update(&tx).await.unwrap();
        tx.commit().await.unwrap();
    }
    app.mail_in(letter(ANNA, "Mancato ritiro").raw()).await;
    app.answer("2026/000001", &[ANNA], "Passiamo giovedì.", Vec::new()).await;
    let delivery = {
        use sea_orm::{EntityTrait, QueryOrder};
        let all = entity::delivery::Entity::find().order_by_desc(entity::delivery::Column::Id);
        all.one(&app.app.desk.db.read).await.unwrap().unwrap()
    };
    let (written, _) = actions::deliver::letter(&app.app.desk, &delivery).await.unwrap();
    let path = written.return_path.unwrap();
    assert!(path.starts_with("reclami+") && path.ends_with("@ente.example"), "{path}");
    let report = format!(
        "From: postmaster@mx.example\r\nReturn-Path: <>\r\nTo: {path}\r\nSubject: failure notice\r\n\r\n\
         Hi. This is the qmail-send program at mx.example.\r\nI'm afraid I wasn't able to deliver your message to the \
         following addresses.\r\n\r\n<{ANNA}>:\r\n550 5.1.1 No such user\r\n"
    );
    app.mail_in(report).await;
    assert_eq!(app.proof().await.0, Some(Proof::NotDelivered));
    assert_eq!(app.threads().await.len(), 1, "the report opened nothing");
}
