//! Which thread does a mail join? Conversations between citizens, the desk and people who should not be in it.

use chrono::Duration;
use entity::update_rule::{Occasion, Way};
use riscontro::{actions::progress::settings::save_rules, store};

use crate::support::{
    app::{BOX, TestApp},
    letter::letter,
};

impl TestApp {
    /// Work orders by number, as `2026/000001 status: senders in the order of the thread`.
    pub(crate) async fn threads(&self) -> Vec<String> {
        let (db, organisation) = (&self.app.desk.db.read, self.organisation());
        let filter = store::work_order::QueueFilter {
            status: store::work_order::StatusFilter::All,
            ..Default::default()
        };
        let mut orders =
            store::work_order::queue(db, organisation, &filter, &store::Seek::Start, 100).await.unwrap().rows;
        orders.sort_by_key(|order| (order.year, order.number));
        let mut threads = Vec::new();
        for order in orders {
            let thread =
                store::communication::thread(db, organisation, order.id, None, 100).await.unwrap().rows;
            let senders: Vec<&str> =
                thread.iter().map(|one| one.from_address.split('@').next().unwrap_or_default()).collect();
            threads.push(format!(
                "{}/{:06} {:?}: {}",
                order.year,
                order.number,
                order.status,
                senders.join(" ")
            ));
        }
        threads
    }

    /// Closes it, without a letter about it: what is told of a closing is tried in `progress`.
    pub(crate) async fn close(&self, number: &str) {
        let organisation = self.organisation();
        let quiet = [(None, Occasion::Resolved, Some(Way::Nothing))];
        save_rules(&self.app.desk, &self.cx(), &quiet, None).await.unwrap();
        let number = number.parse().unwrap();
        let order = store::work_order::by_number(&self.app.desk.db.read, organisation, number)
            .await
            .unwrap()
            .unwrap();
        let change = riscontro::actions::work_order::Change {
            status: Some(entity::work_order::Status::Closed),
            ..Default::default()
        };
        let cx = riscontro::actions::Cx::system(organisation, self.now());
        riscontro::actions::work_order::change(&self.app.desk, &cx, order.id, change).await.unwrap();
    }
}

#[tokio::test]
async fn a_citizens_letter_opens_a_work_order_and_is_acknowledged() {
    let app = TestApp::start().await;
    app.mail_in(letter("Anna Verdi <anna@libero.example>", "Mancato ritiro").raw()).await;
    let out = app.letters_out().await;
    assert_eq!(out.len(), 1);
    let acknowledgement = &out[0];
    assert_eq!(acknowledgement.mail.to[0].address, "anna@libero.example");
    assert_eq!(acknowledgement.mail.sender(), BOX);
    assert_eq!(acknowledgement.mail.subject, "Abbiamo ricevuto la tua richiesta [2026/000001]");
    assert!(acknowledgement.mail.text.contains("entro il 14/04/2026"), "{}", acknowledgement.mail.text);
    assert!(acknowledgement.raw.contains("Auto-Submitted: auto-replied"));
    assert_eq!(app.threads().await, ["2026/000001 New: anna reclami"]);
}

#[tokio::test]
async fn an_answer_to_our_letter_joins_its_thread_whoever_sends_it() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let ours = app.letters_out().await.remove(0).mail.message_id.unwrap();
    // From another address of hers: only somebody who has our letter can know its signed id.
    app.mail_in(letter("anna.verdi@lavoro.example", "R: Mancato ritiro").answers(&ours).raw()).await;
    assert_eq!(app.threads().await, ["2026/000001 New: anna reclami anna.verdi"]);
}

#[tokio::test]
async fn a_second_letter_joins_the_first_by_its_own_id() {
    let app = TestApp::start().await;
    let first = letter("anna@libero.example", "Mancato ritiro");
    app.mail_in(first.raw()).await;
    app.mail_in(letter("anna@libero.example", "Ancora sul ritiro").answers(first.id()).raw()).await;
    assert_eq!(app.threads().await, ["2026/000001 New: anna reclami anna"]);
}

#[tokio::test]
async fn a_reply_in_the_same_batch_finds_the_letter_before_it() {
    let app = TestApp::start().await;
    let first = letter("anna@libero.example", "Mancato ritiro");
    let second = letter("anna@libero.example", "Re: Mancato ritiro").answers(first.id());
    app.mails_in(&[&first.raw(), &second.raw()]).await;
    assert_eq!(app.threads().await, ["2026/000001 New: anna reclami anna"]);
}

#[tokio::test]
async fn a_stranger_quoting_a_number_does_not_enter_the_thread() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    app.mail_in(letter("estraneo@altrove.example", "Re: pratica [2026/000001]").raw()).await;
    assert_eq!(app.threads().await, ["2026/000001 New: anna reclami", "2026/000002 New: estraneo reclami"]);
    let organisation = app.organisation();
    let number = "2026/000002".parse().unwrap();
    let second =
        store::work_order::by_number(&app.app.desk.db.read, organisation, number).await.unwrap().unwrap();
    assert!(second.follows_id.is_some(), "the link is suggested to the operator");
}

#[tokio::test]
async fn a_stranger_quoting_a_citizens_message_id_does_not_enter_the_thread() {
    let app = TestApp::start().await;
    let first = letter("anna@libero.example", "Mancato ritiro");
    app.mail_in(first.raw()).await;
    app.mail_in(letter("estraneo@altrove.example", "Re: Mancato ritiro").answers(first.id()).raw()).await;
    assert_eq!(app.threads().await, ["2026/000001 New: anna reclami", "2026/000002 New: estraneo reclami"]);
}

#[tokio::test]
async fn a_participant_naming_the_number_joins() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    app.mail_in(letter("ANNA@libero.example", "pratica 2026/000001: novità?").raw()).await;
    assert_eq!(app.threads().await, ["2026/000001 New: anna reclami anna"]);
}

#[tokio::test]
async fn subject_words_alone_never_thread() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    app.mail_in(letter("bruno@libero.example", "Re: Mancato ritiro").raw()).await;
    assert_eq!(app.threads().await, ["2026/000001 New: anna reclami", "2026/000002 New: bruno reclami"]);
}

#[tokio::test]
async fn a_reply_reopens_for_thirty_days_and_opens_a_linked_work_order_later() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let ours = app.letters_out().await.remove(0).mail.message_id.unwrap();
    app.close("2026/000001").await;
    app.pass(Duration::days(29));
    app.mail_in(letter("anna@libero.example", "Re: Mancato ritiro").answers(&ours).raw()).await;
    assert_eq!(app.threads().await, ["2026/000001 InProgress: anna reclami anna"]);
    app.close("2026/000001").await;
    app.pass(Duration::days(31));
    app.mail_in(letter("anna@libero.example", "Re: Mancato ritiro").answers(&ours).raw()).await;
    assert_eq!(
        app.threads().await,
        ["2026/000001 Closed: anna reclami anna", "2026/000002 New: anna reclami"]
    );
}

#[tokio::test]
async fn an_out_of_office_stays_in_its_thread_and_neither_reopens_nor_is_answered() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let ours = app.letters_out().await.remove(0).mail.message_id.unwrap();
    app.close("2026/000001").await;
    let away =
        letter("anna@libero.example", "Fuori sede").answers(&ours).with("Auto-Submitted: auto-replied");
    app.mail_in(away.raw()).await;
    assert_eq!(app.threads().await, ["2026/000001 Closed: anna reclami anna"]);
    assert!(app.letters_out().await.is_empty());
}

#[tokio::test]
async fn the_same_mail_twice_is_one_communication() {
    let app = TestApp::start().await;
    let mail = letter("anna@libero.example", "Mancato ritiro").raw();
    app.mail_in(&mail).await;
    app.mail_in(&mail).await;
    assert_eq!(app.threads().await, ["2026/000001 New: anna reclami"]);
}

/// Scanners give every mail the same id and no words: the files tell them apart.
#[tokio::test]
async fn two_letters_that_differ_only_in_their_files_are_two_communications() {
    let app = TestApp::start().await;
    let scan = |name: &str, content: &str| {
        format!(
            "From: scanner@cittadino.example\r\nTo: {BOX}\r\nSubject: Scansione\r\nMessage-ID: <scan@x.example>\r\n\
             Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pdf; name={name}\r\n\
             Content-Disposition: attachment\r\n\r\n{content}\r\n--b--\r\n"
        )
    };
    let (one, two) = (scan("scan.pdf", "uno"), scan("scan.pdf", "due"));
    app.mails_in(&[one.as_bytes(), two.as_bytes()]).await;
    app.mail_in(&two).await;
    assert_eq!(app.threads().await.len(), 2, "and the same one again is none");
    // Another's letter has the same id, too: an answer finds the one in which its sender takes part.
    let other = letter("anna@libero.example", "Altro").with("Message-ID: <scan@x.example>");
    let other = String::from_utf8(other.raw()).unwrap();
    let other = other.replacen("Message-ID: <", "X-Old-ID: <", 1);
    app.mail_in(other).await;
    app.mail_in(letter("anna@libero.example", "Re: Altro").answers("scan@x.example").raw()).await;
    assert_eq!(app.threads().await[2], "2026/000003 New: anna reclami anna");
}

/// A letter that names those of several threads joins the one in which its sender takes part.
#[tokio::test]
async fn a_strangers_letter_among_the_references_does_not_hide_ones_own_thread() {
    let app = TestApp::start().await;
    let mine = letter("anna@libero.example", "Reclamo");
    app.mail_in(mine.raw()).await;
    let theirs = letter("bruno@libero.example", "Re: Reclamo").answers(mine.id());
    app.mail_in(theirs.raw()).await;
    let both = format!("References: <{}> <{}>", mine.id(), theirs.id());
    app.mail_in(letter("anna@libero.example", "Re: Reclamo").with(&both).raw()).await;
    assert_eq!(app.threads().await, ["2026/000001 New: anna reclami anna", "2026/000002 New: bruno reclami"]);
}

#[tokio::test]
async fn two_letters_with_the_same_message_id_are_two_communications() {
    let app = TestApp::start().await;
    let mail = letter("scanner@ufficio.example", "Scansione");
    app.mail_in(mail.clone().says("Uno.").raw()).await;
    app.mail_in(mail.says("Due.").raw()).await;
    assert_eq!(app.threads().await.len(), 2);
}

#[tokio::test]
async fn our_own_letter_coming_back_opens_nothing() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let ours = app.letters_out().await.remove(0).raw;
    app.mail_in(ours).await;
    assert_eq!(app.threads().await, ["2026/000001 New: anna reclami"]);
    assert!(app.letters_out().await.is_empty());
}

#[tokio::test]
async fn a_letter_to_the_signed_reply_address_joins_even_when_the_headers_were_lost() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let organisation = app.organisation();
    let number = "2026/000001".parse().unwrap();
    let order =
        store::work_order::by_number(&app.app.desk.db.read, organisation, number).await.unwrap().unwrap();
    let address = riscontro::domain::thread::reply_address(&app.app.desk.keys, order.id, BOX).unwrap();
    app.mail_in(letter("anna.verdi@lavoro.example", "novità").with(&format!("To: {address}")).raw()).await;
    assert_eq!(app.threads().await, ["2026/000001 New: anna reclami anna.verdi"]);
}
