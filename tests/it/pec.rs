//! Certified mail, end to end: envelopes are opened, receipts prove deliveries, and what is forged proves nothing.

use entity::{
    communication::Channel, delivery::Proof, mailbox::Kind, origin::Signature, work_order::Identified,
};
use riscontro::{config::Config, store};

use crate::support::{
    app::{BOX, LetterOut, TestApp},
    letter::{Letter, letter},
    pec::{Provider, Receipt, identifier},
};

const PEC_BOX: &str = "protocollo@pec.ente.example";
const ROSSI: &str = "rossi@pec.gestore.example";

struct Pec {
    app: TestApp,
    provider: Provider,
    mailbox: entity::mailbox::Model,
}

impl Pec {
    async fn start() -> Self {
        let provider = Provider::new();
        let trust = provider.ca();
        let app = TestApp::start_with(|config: &mut Config| config.pec.trust_file = Some(trust)).await;
        let mailbox = app.add_mailbox(PEC_BOX, Kind::Pec).await;
        Self { app, provider, mailbox }
    }

    async fn mail_in(&self, raw: &[u8]) {
        self.app.mails_in_box(&self.mailbox, &[raw]).await;
    }

    fn written(&self, letter: &Letter) -> Vec<u8> {
        self.provider.envelope(&letter.raw(), ROSSI, PEC_BOX)
    }

    /// Rossi writes by PEC and is answered by PEC; gives the answer as it left.
    async fn answered(&self) -> LetterOut {
        self.mail_in(&self.written(&letter(ROSSI, "Reclamo"))).await;
        self.app.letters_out_of(&self.mailbox).await;
        self.app.answer("2026/000001", &[ROSSI], "Gentile signore, provvediamo.", Vec::new()).await;
        self.app.letters_out_of(&self.mailbox).await.remove(0)
    }

    async fn receipt(&self, out: &LetterOut, kind: &str, identifier: &str, words: &str) {
        let reference = out.mail.message_id.as_deref().unwrap();
        let raw = self.provider.receipt(&Receipt {
            kind,
            reference,
            sender: PEC_BOX,
            to: ROSSI,
            recipient_kind: "certificato",
            identifier,
            words,
        });
        self.mail_in(&raw).await;
    }

    async fn first_letter(&self, number: &str) -> entity::communication::Model {
        let order = self.app.order(number).await;
        let db = &self.app.app.desk.db.read;
        store::communication::thread(db, order.organisation_id, order.id, None, 10)
            .await
            .unwrap()
            .rows
            .remove(0)
    }
}

#[tokio::test]
async fn operators_see_the_letter_inside_the_envelope_and_its_certified_sender() {
    let pec = Pec::start().await;
    pec.app.register("codice utente;nominativo;email\nU1;Mario Rossi;rossi@pec.gestore.example\n").await;
    pec.mail_in(&pec.written(&letter(ROSSI, "Reclamo").says("Il cassonetto è rotto."))).await;
    let first = pec.first_letter("2026/000001").await;
    assert_eq!((first.from_address.as_str(), first.subject.as_str()), (ROSSI, "Reclamo"));
    assert_eq!((first.channel, first.text.trim()), (Channel::Pec, "Il cassonetto è rotto."));
    let origin = first.origin.unwrap().pec.unwrap();
    assert_eq!((origin.signature, origin.sender_confirmed), (Signature::Valid, Some(true)));
    assert_eq!(origin.certificate.unwrap().provider.as_deref(), Some("Gestore di prova"));
    assert_eq!(pec.app.order("2026/000001").await.identified, Identified::Address);
}

#[tokio::test]
async fn an_envelope_that_lies_about_its_sender_or_was_altered_binds_nobody() {
    let pec = Pec::start().await;
    pec.app.register("codice utente;nominativo;email\nU1;Mario Rossi;rossi@pec.gestore.example\n").await;
    let other = "bianchi@pec.altro.example";
    pec.mail_in(&pec.provider.envelope(&letter(ROSSI, "Finto").raw(), other, PEC_BOX)).await;
    assert_eq!(pec.app.order("2026/000001").await.identified, Identified::Candidates);
    let altered = String::from_utf8(pec.written(&letter(ROSSI, "Altro").says("pago 10 euro"))).unwrap();
    pec.mail_in(altered.replace("10 euro", "90 euro").as_bytes()).await;
    assert_eq!(pec.app.order("2026/000002").await.identified, Identified::Candidates);
    let first = pec.first_letter("2026/000002").await;
    assert_eq!(first.origin.unwrap().pec.unwrap().signature, Signature::Invalid);
}

#[tokio::test]
async fn a_letter_by_pec_names_one_recipient_asks_for_the_short_receipt_and_comes_from_the_mailbox() {
    let pec = Pec::start().await;
    pec.mail_in(&pec.written(&letter(ROSSI, "Reclamo"))).await;
    pec.app.letters_out_of(&pec.mailbox).await;
    pec.app.answer("2026/000001", &[ROSSI, "bianchi@pec.altro.example"], "Provvediamo.", Vec::new()).await;
    let out = pec.app.letters_out_of(&pec.mailbox).await;
    assert_eq!(out.len(), 2);
    for letter in &out {
        assert_eq!((letter.mail.to.len(), letter.mail.cc.len()), (1, 0), "To must equal the one recipient");
        assert_eq!(letter.mail.sender(), PEC_BOX);
        assert!(letter.raw.contains("X-TipoRicevuta: breve"));
        assert!(!letter.raw.to_lowercase().contains("\nbcc:"));
    }
}

#[tokio::test]
async fn receipts_prove_the_delivery_step_by_step_and_open_nothing() {
    let pec = Pec::start().await;
    let out = pec.answered().await;
    let id = identifier();
    pec.receipt(&out, "accettazione", &id, "").await;
    assert_eq!(pec.app.proof().await.0, Some(Proof::Accepted));
    pec.receipt(&out, "preavviso-errore-consegna", &id, "non consegnato nelle prime dodici ore").await;
    assert_eq!(pec.app.proof().await.0, Some(Proof::Warned));
    pec.receipt(&out, "avvenuta-consegna", &id, "").await;
    assert_eq!(pec.app.proof().await.0, Some(Proof::Delivered));
    // A late warning undoes nothing, and reading again changes nothing.
    pec.receipt(&out, "preavviso-errore-consegna", &id, "non consegnato nelle prime dodici ore").await;
    pec.receipt(&out, "accettazione", &id, "").await;
    assert_eq!(pec.app.proof().await.0, Some(Proof::Delivered));
    assert_eq!(pec.app.threads().await, ["2026/000001 InProgress: rossi protocollo protocollo"]);
    assert!(pec.app.letters_out_of(&pec.mailbox).await.is_empty());
}

#[tokio::test]
async fn what_was_not_delivered_comes_back_to_its_operator_with_the_reason() {
    let pec = Pec::start().await;
    let out = pec.answered().await;
    pec.app.close("2026/000001").await;
    pec.receipt(&out, "errore-consegna", &identifier(), "5.1.1 - casella inesistente").await;
    let (proof, words) = pec.app.proof().await;
    assert_eq!(proof, Some(Proof::NotDelivered));
    assert!(words.unwrap().contains("casella inesistente"));
    assert_eq!(pec.app.order("2026/000001").await.status, entity::work_order::Status::InProgress);
}

/// A PEC program answers the envelope, whose Message-ID is the provider's.
#[tokio::test]
async fn an_answer_that_names_only_the_providers_id_joins_its_thread() {
    let pec = Pec::start().await;
    let out = pec.answered().await;
    let id = identifier();
    pec.receipt(&out, "accettazione", &id, "").await;
    pec.mail_in(&pec.written(&letter(ROSSI, "Re: altro").answers(&id))).await;
    assert_eq!(pec.app.threads().await, ["2026/000001 InProgress: rossi protocollo protocollo rossi"]);
}

/// After a weekend both wait together.
#[tokio::test]
async fn an_answer_in_the_same_batch_as_the_receipt_that_names_the_letter_joins_its_thread() {
    let pec = Pec::start().await;
    let out = pec.answered().await;
    let id = identifier();
    let receipt = pec.provider.receipt(&Receipt {
        kind: "accettazione",
        reference: out.mail.message_id.as_deref().unwrap(),
        sender: PEC_BOX,
        to: ROSSI,
        recipient_kind: "certificato",
        identifier: &id,
        words: "",
    });
    let answer = pec.written(&letter(ROSSI, "Re: altro").answers(&id));
    pec.app.mails_in_box(&pec.mailbox, &[&receipt, &answer]).await;
    assert_eq!(pec.app.threads().await.len(), 1);
}

/// Who has told us the authorities wants no others; without them nobody could be known.
#[tokio::test]
async fn a_receipt_signed_by_somebody_unknown_proves_nothing_where_the_authorities_are_known() {
    let pec = Pec::start().await;
    let out = pec.answered().await;
    let other = Provider::new();
    let receipt = |provider: &Provider| {
        provider.receipt(&Receipt {
            kind: "errore-consegna",
            reference: out.mail.message_id.as_deref().unwrap(),
            sender: PEC_BOX,
            to: ROSSI,
            recipient_kind: "certificato",
            identifier: &identifier(),
            words: "5.1.1",
        })
    };
    pec.mail_in(&receipt(&other)).await;
    assert_eq!(pec.app.proof().await.0, None);
    pec.mail_in(&receipt(&pec.provider)).await;
    assert_eq!(pec.app.proof().await.0, Some(Proof::NotDelivered));
}

#[tokio::test]
async fn a_receipt_is_believed_only_in_a_pec_mailbox_and_only_when_its_provider_signed_it() {
    let pec = Pec::start().await;
    let out = pec.answered().await;
    let reference = out.mail.message_id.as_deref().unwrap().to_owned();
    let forged = format!(
        "X-Ricevuta: avvenuta-consegna\r\nX-Riferimento-Message-ID: <{reference}>\r\nFrom: {ROSSI}\r\nTo: {PEC_BOX}\r\n\
         Subject: CONSEGNA: Re\r\nMessage-ID: <x@y.example>\r\n\r\nConsegnato\r\n"
    );
    pec.mail_in(forged.as_bytes()).await;
    assert_eq!(pec.app.proof().await.0, None);
    pec.app.mail_in(forged.replace(PEC_BOX, BOX).replace("x@y", "z@y")).await;
    assert_eq!(pec.app.proof().await.0, None);
}

/// The header that names the letter is not signed: only what the provider certifies counts.
#[tokio::test]
async fn a_receipt_shown_again_for_another_letter_proves_nothing() {
    let pec = Pec::start().await;
    let first = pec.answered().await;
    pec.app.answer("2026/000001", &[ROSSI], "Seconda risposta.", Vec::new()).await;
    let second = pec.app.letters_out_of(&pec.mailbox).await.remove(0);
    let (first, second) = (first.mail.message_id.unwrap(), second.mail.message_id.unwrap());
    let receipt = pec.provider.receipt(&Receipt {
        kind: "avvenuta-consegna",
        reference: &first,
        sender: PEC_BOX,
        to: ROSSI,
        recipient_kind: "certificato",
        identifier: &identifier(),
        words: "",
    });
    let header = |id: &str| format!("X-Riferimento-Message-ID: <{id}>");
    let shown_again = String::from_utf8(receipt).unwrap().replace(&header(&first), &header(&second));
    pec.mail_in(shown_again.as_bytes()).await;
    assert_eq!(pec.app.proof().await.0, None);
}

#[tokio::test]
async fn an_ordinary_mail_in_a_pec_mailbox_follows_ordinary_rules() {
    let pec = Pec::start().await;
    pec.mail_in(&pec.provider.anomaly(&letter("anna@libero.example", "Ordinaria").raw(), PEC_BOX)).await;
    let first = pec.first_letter("2026/000001").await;
    assert_eq!((first.from_address.as_str(), first.channel), ("anna@libero.example", Channel::Email));
    // A machine stays a machine inside an envelope.
    let absent = letter("anna@libero.example", "Fuori ufficio").with("Auto-Submitted: auto-replied");
    pec.app.letters_out_of(&pec.mailbox).await;
    pec.mail_in(&pec.provider.anomaly(&absent.raw(), PEC_BOX)).await;
    assert!(pec.app.letters_out_of(&pec.mailbox).await.is_empty());
}

#[tokio::test]
async fn the_same_letter_by_pec_and_by_ordinary_mail_is_one_work_order() {
    let pec = Pec::start().await;
    let both = letter(ROSSI, "Reclamo");
    pec.mail_in(&pec.written(&both)).await;
    pec.app.mail_in(both.raw()).await;
    assert_eq!(pec.app.threads().await.len(), 1);
}
