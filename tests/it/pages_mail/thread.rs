//! The thread: new words first, and what there is to know about who wrote them.

use entity::{communication, mailbox, origin::Invitation, origin::Origin};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};

use super::{FIRST, keeps_silent, says};
use crate::support::{
    app::{BOX, TestApp},
    letter::letter,
    pec::Provider,
};

const ANNA: &str = "Anna Verdi <anna@libero.example>";

impl TestApp {
    /// The mailbox believes what this server says of senders.
    async fn trusts(&self, authserv_id: &str) {
        let mut mailbox = self.mailbox().await.into_active_model();
        mailbox.authserv_id = Set(authserv_id.to_owned());
        let tx = self.app.desk.db.begin().await.unwrap();
        mailbox.update(&tx).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn an_answer_is_shown_by_its_new_words_and_all_of_it_is_one_click_away() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let body = "Va bene giovedì.\n\nIl giorno lun 2 mar 2026 alle ore 9:00 Ente <reclami@ente.example> ha scritto:\n\
        > Gentile signora,\n> passiamo giovedì o venerdì?\n";
    app.mail_in(letter(ANNA, "Re: ritiro").says(body).raw()).await;
    let page = desk.get(FIRST).await;
    let (news, whole) = page.body.split_once("Mostra tutto il messaggio").expect("something is folded");
    let (_, news) = news.rsplit_once("message__body").unwrap();
    assert!(news.contains("Va bene giovedì.") && !news.contains("passiamo giovedì o venerdì?"), "{news}");
    assert!(whole.contains("passiamo giovedì o venerdì?"));
    app.mail_in(letter("bruno@libero.example", "Altro").says("Solo parole nuove.\n").raw()).await;
    keeps_silent(&desk.get("/desk/work-orders/2026-000002").await, &["Mostra tutto il messaggio"]);
}

#[tokio::test]
async fn what_a_machine_wrote_is_marked_and_what_a_person_wrote_is_not() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    app.mail_in(letter(ANNA, "Mancato ritiro").raw()).await;
    app.mail_in(letter(ANNA, "Fuori sede").with("Auto-Submitted: auto-replied").raw()).await;
    app.mail_in(
        letter(ANNA, "Novità")
            .with("List-Id: <novita.liste.example>\r\nList-Unsubscribe: <mailto:basta@liste.example>")
            .raw(),
    )
    .await;
    keeps_silent(
        &desk.get(FIRST).await,
        &["Risposta automatica", "lista", "Ricevuta automatica non inviata"],
    );
    let away = desk.get("/desk/work-orders/2026-000002").await;
    says(&away, &["Risposta automatica"]);
    keeps_silent(&away, &["Ricevuta automatica non inviata"]);
    says(&desk.get("/desk/work-orders/2026-000003").await, &["Messaggio di lista o notifica"]);
}

#[tokio::test]
async fn a_sender_whom_the_server_denies_is_pointed_out_and_gets_no_receipt() {
    let app = TestApp::start().await;
    app.trusts("mx.ente.example").await;
    let mut desk = app.administrator().await;
    let checked = |result: &str| {
        letter(ANNA, "Cambio IBAN").with(&format!("Authentication-Results: mx.ente.example; dmarc={result}"))
    };
    app.mail_in(checked("fail").raw()).await;
    app.mail_in(checked("pass").says("Un’altra.\n").raw()).await;
    app.mail_in(letter("bruno@libero.example", "Altro").raw()).await;
    let denied = desk.get(FIRST).await;
    says(
        &denied,
        &[
            "Mittente non confermato: chi scrive potrebbe non essere anna@libero.example.",
            "DMARC non superato, SPF senza esito, DKIM senza esito",
            "Ricevuta automatica non inviata: il mittente non è confermato",
        ],
    );
    let verified = desk.get("/desk/work-orders/2026-000002").await;
    says(&verified, &["Mittente verificato", "DMARC superato, SPF senza esito, DKIM senza esito"]);
    keeps_silent(&verified, &["Mittente non confermato", "Ricevuta automatica non inviata"]);
    keeps_silent(&desk.get("/desk/work-orders/2026-000003").await, &["Mittente non confermato", "verificat"]);
}

#[tokio::test]
async fn another_address_for_the_answer_and_another_mailbox_of_ours_are_named() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let second = app.add_mailbox("ufficio@ente.example", mailbox::Kind::Ordinary).await;
    let both = letter(ANNA, "Mancato ritiro")
        .with(&format!("To: {BOX}, ufficio@ente.example"))
        .with("Reply-To: studio@legale.example")
        .raw();
    app.mail_in(&both).await;
    app.mails_in_box(&second, &[&both]).await;
    // Brought once more by the same mailbox, it came nowhere else.
    app.mail_in(&both).await;
    let page = desk.get(FIRST).await;
    says(
        &page,
        &[
            "Chiede di rispondere a un altro indirizzo: studio@legale.example.",
            "Arrivato anche a ufficio@ente.example.",
        ],
    );
    assert_eq!(page.field("to"), "studio@legale.example");
}

#[tokio::test]
async fn an_appointment_is_told_in_words() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    app.mail_in(letter(ANNA, "Sopralluogo").raw()).await;
    let order = app.order("2026/000001").await;
    let invitation = Invitation {
        method: "REQUEST".into(),
        summary: "Sopralluogo <b>".into(),
        starts: Some("2026-03-05T09:30:00Z".parse().unwrap()),
        ends: Some("2026-03-05T10:00:00Z".parse().unwrap()),
        place: "via Roma 2".into(),
        organizer: "anna@libero.example".into(),
        ..Invitation::default()
    };
    app.change_letter(&order, |letter| {
        letter.origin = Set(Some(Origin { invitation: Some(invitation), ..Origin::default() }));
    })
    .await;
    let page = desk.get(FIRST).await;
    says(&page, &["Invito Sopralluogo <b>", "Quando 05/03/2026, 10:30–11:00", "Dove via Roma 2"]);
    assert!(!page.body.contains("Sopralluogo <b>"));
}

impl TestApp {
    /// Changes the first communication of a work order behind the house's back.
    async fn change_letter(
        &self,
        order: &entity::work_order::Model,
        change: impl FnOnce(&mut communication::ActiveModel),
    ) {
        let db = &self.app.desk.db.read;
        let thread =
            riscontro::store::communication::thread(db, order.organisation_id, order.id, None, 10).await;
        let mut letter = thread.unwrap().rows.remove(0).into_active_model();
        change(&mut letter);
        let tx = self.app.desk.db.begin().await.unwrap();
        letter.update(&tx).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn certified_mail_says_what_its_provider_vouches_for() {
    let provider = Provider::new();
    let trust = provider.ca();
    let app = TestApp::start_with(|config| config.pec.trust_file = Some(trust)).await;
    let mut desk = app.administrator().await;
    let certified = app.add_mailbox("protocollo@pec.ente.example", mailbox::Kind::Pec).await;
    let rossi = "rossi@pec.gestore.example";
    let inner = letter(rossi, "Reclamo").says("pago 10 euro\n").raw();
    let envelope = provider.envelope(&inner, rossi, &certified.address);
    let altered = String::from_utf8(provider.envelope(
        &letter(rossi, "Altro").says("pago 10 euro\n").raw(),
        "bianchi@pec.example",
        &certified.address,
    ));
    let altered = altered.unwrap().replace("10 euro", "90 euro");
    let ordinary = provider.anomaly(&letter(ANNA, "Ordinaria").raw(), &certified.address);
    app.mails_in_box(&certified, &[&envelope, altered.as_bytes(), &ordinary]).await;
    let page = desk.get(FIRST).await;
    says(
        &page,
        &[
            "PEC, gestore Gestore di prova",
            "Firma del gestore valida",
            "Mittente certificato",
            "Busta PEC (.eml)",
        ],
    );
    let source = desk.get(&page.links("original.eml").remove(0)).await;
    assert_eq!(source.bytes, envelope);
    says(
        &desk.get("/desk/work-orders/2026-000002").await,
        &[
            "La firma del gestore PEC non è valida",
            "Il mittente non è quello certificato dal gestore PEC, che è bianchi@pec.example.",
        ],
    );
    says(
        &desk.get("/desk/work-orders/2026-000003").await,
        &["Posta ordinaria arrivata alla PEC", "Messaggio originale (.eml)"],
    );
}

#[tokio::test]
async fn an_enclosed_mail_is_read_on_a_page_of_its_own() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let parts = "--b\r\nContent-Type: text/plain\r\n\r\nInoltro quanto ricevuto.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
        From: =?utf-8?q?Societ=C3=A0?= <sollecito@servizi.example>\r\nTo: anna@libero.example\r\nDate: Sun, 1 Mar 2026 22:30:00 +0000\r\n\
        Subject: Sollecito <script>alert(1)</script>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n\
        --c\r\nContent-Type: text/plain\r\n\r\nPaghi su https://truffa.example/x adesso.\r\n\
        --c\r\nContent-Type: application/pdf; name=avviso.pdf\r\n\r\n%PDF-\r\n--c--\r\n--b--\r\n";
    let raw = format!(
        "From: {ANNA}\r\nTo: {BOX}\r\nSubject: I: Sollecito\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}"
    );
    app.mail_in(raw).await;
    let page = desk.get(FIRST).await;
    let link = page.links("/mail").into_iter().find(|link| link.ends_with("/mail")).unwrap();
    let enclosed = desk.get(&link).await;
    assert_eq!(enclosed.status, 200);
    says(
        &enclosed,
        &[
            "Sollecito <script>alert(1)</script>",
            "Società <sollecito@servizi.example>",
            "01/03/2026 23:30",
            "Paghi su https://truffa.example/x adesso.",
            "avviso.pdf (5 byte)",
            "nessuno li ha verificati",
        ],
    );
    assert!(!enclosed.body.contains("<script>alert"));
    assert!(enclosed.headers["content-security-policy"].to_str().unwrap().contains("script-src 'self'"));
    // Only a mail has such a page.
    let pdf = letter(ANNA, "Un file").raw();
    let pdf = String::from_utf8(pdf)
        .unwrap()
        .replace("Content-Type: text/plain; charset=utf-8", "Content-Type: application/pdf; name=a.pdf");
    app.mail_in(pdf).await;
    let file = desk.get("/desk/work-orders/2026-000002").await.links("/desk/attachments/").remove(0);
    assert_eq!(desk.get(&format!("{file}/mail")).await.status, 404);
}
