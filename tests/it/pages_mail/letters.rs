//! What became of our letters, in words, with what proves it; and the addresses at which none arrives.

use chrono::Duration;
use entity::{delivery, mailbox};

use super::{FIRST, keeps_silent, says};
use crate::support::{
    app::{BOX, LetterOut, TestApp},
    letter::letter,
    pec::{Provider, Receipt, identifier},
};

const ANNA: &str = "anna@libero.example";

impl TestApp {
    /// Anna has written and was answered; gives the answer as it left.
    async fn answered_anna(&self) -> LetterOut {
        self.mail_in(letter(ANNA, "Mancato ritiro").raw()).await;
        self.letters_out().await;
        self.answer("2026/000001", &[ANNA], "Passiamo giovedì.", Vec::new()).await;
        self.letters_out().await.remove(0)
    }
}

/// A report in the form of RFC 3464.
fn report(about: &LetterOut, action: &str, words: &str) -> Vec<u8> {
    let id = about.mail.message_id.as_deref().unwrap();
    format!(
        "From: MAILER-DAEMON@mx.libero.example\r\nTo: {BOX}\r\nSubject: Delivery Status\r\nReturn-Path: <>\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\
         Content-Type: text/plain\r\n\r\nReport.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.libero.example\r\n\r\nFinal-Recipient: rfc822; {ANNA}\r\nAction: {action}\r\n\
         Status: {}\r\nDiagnostic-Code: smtp; {words}\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n\
         Message-ID: <{id}>\r\n\r\n--b--\r\n",
        words.split(' ').find(|word| word.contains('.')).unwrap_or("5.0.0"),
    )
    .into_bytes()
}

#[tokio::test]
async fn a_letter_that_comes_back_is_told_with_the_servers_reason_and_its_report() {
    let app = TestApp::start().await;
    app.register("codice utente;nominativo;email\nU1;Anna Verdi;anna@libero.example\n").await;
    let mut desk = app.administrator().await;
    let out = app.answered_anna().await;
    says(&desk.get(FIRST).await, &["Inviata a anna@libero.example"]);
    app.mail_in(report(&out, "delayed", "421 4.4.1 connection timed out")).await;
    says(&desk.get(FIRST).await, &["In ritardo per anna@libero.example: il server ci prova ancora"]);
    app.mail_in(report(&out, "failed", "550 5.1.1 user unknown")).await;
    let page = desk.get(FIRST).await;
    says(
        &page,
        &[
            "Non recapitata a anna@libero.example, 02/03/2026 9:00 : 550 5.1.1 user unknown",
            "Avviso di mancata consegna dell’invio a anna@libero.example (.eml)",
            "Messaggio non recapitato (anna@libero.example)",
        ],
    );
    let receipts = page.links("/desk/receipts/");
    assert_eq!(receipts.len(), 2, "{receipts:?}");
    let file = desk.get(&receipts[1]).await;
    assert_eq!(file.bytes, report_with_its_id(&file.bytes, &out));
    assert_eq!(file.headers["content-type"], "application/octet-stream");
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    assert!(file.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
}

/// The bytes, once it is certain that they are the report about this letter.
fn report_with_its_id(bytes: &[u8], about: &LetterOut) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes);
    assert!(text.contains(about.mail.message_id.as_deref().unwrap()) && text.contains("5.1.1"), "{text}");
    bytes.to_vec()
}

#[tokio::test]
async fn an_address_that_takes_nothing_is_marked_and_the_answer_to_it_is_warned_about() {
    let app = TestApp::start().await;
    app.register("codice utente;nominativo;email\nU1;Anna Verdi;anna@libero.example\n").await;
    let mut desk = app.administrator().await;
    let out = app.answered_anna().await;
    keeps_silent(&desk.get(FIRST).await, &["Non raggiungibile", "tornano indietro"]);
    app.mail_in(report(&out, "failed", "550 5.1.1 user unknown")).await;
    let page = desk.get(FIRST).await;
    says(&page, &["Non raggiungibile dal 02/03/2026:", "tornano indietro dal 02/03/2026"]);
    let register = desk.get("/desk/taxpayers?q=verdi").await;
    let anna = register.links("/desk/taxpayers/").into_iter().find(|link| link.len() > 40).unwrap();
    says(&desk.get(&anna).await, &["Non raggiungibile dal 02/03/2026:", "user unknown"]);
    // It is said, and not forbidden.
    let (id, seen) = (page.field("id"), page.field("seen"));
    let again = [("id", id.as_str()), ("seen", &seen), ("to", ANNA), ("body", "Riprovo.")];
    assert_eq!(desk.post_files(&format!("{FIRST}/replies"), &again, &[]).await.status, 303);
    app.pass(Duration::minutes(1));
    app.mail_in(letter(ANNA, "Ci sono").raw()).await;
    keeps_silent(&desk.get(FIRST).await, &["Non raggiungibile", "tornano indietro"]);
}

#[tokio::test]
async fn certified_letters_show_each_receipt_and_the_state_that_it_proves() {
    let provider = Provider::new();
    let trust = provider.ca();
    let app = TestApp::start_with(|config| config.pec.trust_file = Some(trust)).await;
    let mut desk = app.administrator().await;
    let certified = app.add_mailbox("protocollo@pec.ente.example", mailbox::Kind::Pec).await;
    let rossi = "rossi@pec.gestore.example";
    let raw = provider.envelope(&letter(rossi, "Reclamo").raw(), rossi, &certified.address);
    app.mails_in_box(&certified, &[&raw]).await;
    app.letters_out_of(&certified).await;
    app.answer("2026/000001", &[rossi], "Provvediamo.", Vec::new()).await;
    let out = app.letters_out_of(&certified).await.remove(0);
    says(&desk.get(FIRST).await, &["Si aspetta la ricevuta di accettazione."]);
    app.pass(Duration::hours(1));
    let identifier = identifier();
    let receipt = |kind: &'static str, words: &'static str| Receipt {
        kind,
        reference: out.mail.message_id.as_deref().unwrap(),
        sender: &certified.address,
        to: rossi,
        recipient_kind: "certificato",
        identifier: &identifier,
        words,
    };
    for (kind, words, told) in [
        ("accettazione", "", "Accettata per rossi@pec.gestore.example, 02/03/2026 9:30"),
        (
            "preavviso-errore-consegna",
            "dodici ore",
            "Preavviso rossi@pec.gestore.example: non ancora consegnata",
        ),
        ("avvenuta-consegna", "", "Consegnata a rossi@pec.gestore.example, 02/03/2026 9:30"),
    ] {
        app.mails_in_box(&certified, &[&provider.receipt(&receipt(kind, words))]).await;
        says(&desk.get(FIRST).await, &[told]);
    }
    let page = desk.get(FIRST).await;
    says(
        &page,
        &[
            "Ricevuta di accettazione dell’invio a rossi@pec.gestore.example (.eml)",
            "Preavviso di mancata consegna dell’invio",
            "Ricevuta di avvenuta consegna dell’invio",
        ],
    );
    assert_eq!(page.links("/desk/receipts/").len(), 3);
}

#[tokio::test]
async fn every_fate_has_its_words() {
    use delivery::Proof;
    use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, QueryOrder};
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    app.answered_anna().await;
    for (proof, words) in [
        (Proof::Unprovable, "la consegna non è dimostrabile"),
        (Proof::NotDelivered, "Non recapitata a anna@libero.example"),
        (Proof::Delivered, "Consegnata a anna@libero.example"),
    ] {
        let newest = delivery::Entity::find().order_by_desc(delivery::Column::Id);
        let newest = newest.one(&app.app.desk.db.read).await.unwrap().unwrap();
        let mut newest = newest.into_active_model();
        newest.proof = Set(Some(proof));
        newest.proof_words = Set(Some("<i>motivo</i>".into()));
        let tx = app.app.desk.db.begin().await.unwrap();
        newest.update(&tx).await.unwrap();
        tx.commit().await.unwrap();
        let page = desk.get(FIRST).await;
        says(&page, &[words, "<i>motivo</i>"]);
        assert!(!page.body.contains("<i>motivo"));
    }
}
