//! Letters out: once, in order, with visible fate.

use std::time::Duration as Seconds;

use chrono::Duration;
use entity::{
    delivery::State,
    mailbox::{Exit, Security},
};
use riscontro::{
    actions::{self, Cx, reply::Draft},
    app::{App, Clock},
    domain::mail::File,
    store, worker,
};
use uuid::Uuid;

use crate::support::{
    app::TestApp,
    letter::letter,
    smtp_sink::{self, SmtpSink},
};

impl TestApp {
    /// Lets the organisation's mailbox send to a server.
    async fn send_through(&self, sink: &SmtpSink) {
        use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
        let mut mailbox = self.mailbox().await.into_active_model();
        mailbox.exit = Set(Exit::Smtp);
        mailbox.smtp_host = Set("localhost".to_owned());
        mailbox.smtp_port = Set(sink.port.into());
        mailbox.smtp_security = Set(Security::Insecure);
        let tx = self.app.desk.db.begin().await.unwrap();
        mailbox.update(&tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn states(&self) -> Vec<(State, i32, i32)> {
        use sea_orm::{EntityTrait, QueryOrder};
        let all = entity::delivery::Entity::find()
            .order_by_asc(entity::delivery::Column::Id)
            .all(&self.app.desk.db.read)
            .await;
        all.unwrap().iter().map(|one| (one.state, one.attempts, one.repeats)).collect()
    }

    pub(crate) async fn answer(&self, number: &str, to: &[&str], text: &str, files: Vec<File>) {
        let order = self.order(number).await;
        let db = &self.app.desk.db.read;
        let draft = Draft {
            token: Uuid::now_v7(),
            seen: store::communication::newest(db, order.organisation_id, order.id).await.unwrap(),
            to: to.iter().map(ToString::to_string).collect(),
            text: text.to_owned(),
            files,
            status: None,
        };
        let cx = Cx::system(order.organisation_id, self.now());
        actions::reply::reply(&self.app.desk, &cx, order.id, draft).await.unwrap();
    }
}

#[tokio::test]
async fn a_reply_carries_headers_that_mail_programs_thread_by_and_the_files_byte_for_byte() {
    let app = TestApp::start().await;
    let first = letter("Nicolò D'Amìco <nico@libero.example>", "Perché il cassonetto è rotto?");
    app.mail_in(first.raw()).await;
    app.letters_out().await;
    let bytes: Vec<u8> = (0..=255).cycle().take(5000).collect();
    let file = File {
        name: "Città è già.bin".into(),
        media_type: "application/octet-stream".into(),
        content_id: None,
        bytes,
    };
    app.answer(
        "2026/000001",
        &["nico@libero.example"],
        "Gentile signore,\nla squadra passa giovedì.",
        vec![file.clone()],
    )
    .await;
    let out = app.letters_out().await;
    assert_eq!(out.len(), 1);
    let mail = &out[0].mail;
    assert_eq!(mail.subject, "Re: Perché il cassonetto è rotto? [2026/000001]");
    assert_eq!(mail.in_reply_to, [first.id()]);
    assert_eq!(mail.references.last().map(String::as_str), Some(first.id()));
    assert!(mail.text.contains("la squadra passa giovedì."), "{}", mail.text);
    assert!(out[0].raw.contains("multipart/alternative"));
    assert!(!out[0].raw.contains("Auto-Submitted"));
    assert_eq!((&mail.attachments[0].name, &mail.attachments[0].bytes), (&file.name, &file.bytes));
}

#[tokio::test]
async fn a_server_that_is_away_delays_letters_for_days_and_loses_none() {
    let app = TestApp::start().await;
    let sink = SmtpSink::start(smtp_sink::Security::Plain).await;
    app.send_through(&sink).await;
    sink.greylist("anna@libero.example", 3);
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    for _ in 0..3 {
        worker::deliver::send_due(&app.app).await.unwrap();
        assert_eq!(app.states().await[0].0, State::Pending);
        app.pass(Duration::hours(4));
    }
    worker::deliver::send_due(&app.app).await.unwrap();
    assert_eq!(app.states().await, [(State::Sent, 4, 0)]);
    assert_eq!(sink.letters().len(), 1);
}

#[tokio::test]
async fn a_letter_that_nobody_takes_for_five_days_comes_back_to_its_operator() {
    let app = TestApp::start().await;
    let sink = SmtpSink::start(smtp_sink::Security::Plain).await;
    app.send_through(&sink).await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    worker::deliver::send_due(&app.app).await.unwrap();
    sink.greylist("anna@libero.example", 1000);
    app.answer("2026/000001", &["anna@libero.example"], "Ecco.", vec![]).await;
    let order = app.order("2026/000001").await;
    let close = actions::work_order::Change {
        status: Some(entity::work_order::Status::Closed),
        ..Default::default()
    };
    let cx = Cx::system(order.organisation_id, app.now());
    actions::work_order::change(&app.app.desk, &cx, order.id, close).await.unwrap();
    for _ in 0..40 {
        worker::deliver::send_due(&app.app).await.unwrap();
        app.pass(Duration::hours(4));
    }
    assert_eq!(app.states().await[1].0, State::Refused);
    assert_eq!(app.order("2026/000001").await.status, entity::work_order::Status::InProgress);
}

#[tokio::test]
async fn one_refused_recipient_does_not_stop_the_others() {
    let app = TestApp::start().await;
    let sink = SmtpSink::start(smtp_sink::Security::Plain).await;
    app.send_through(&sink).await;
    sink.refuse("sbagliato@libero.example");
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    app.answer("2026/000001", &["sbagliato@libero.example", "anna@libero.example"], "Ecco.", vec![]).await;
    worker::deliver::send_due(&app.app).await.unwrap();
    let mut states: Vec<State> = app.states().await.iter().map(|state| state.0).collect();
    states.sort_by_key(|state| *state == State::Refused);
    assert_eq!(states, [State::Sent, State::Sent, State::Refused]);
    let taken: Vec<String> = sink.letters().iter().flat_map(|letter| letter.to.clone()).collect();
    assert_eq!(taken.len(), 2);
}

#[tokio::test]
async fn many_letters_share_few_connections() {
    let app = TestApp::start().await;
    let sink = SmtpSink::start(smtp_sink::Security::Plain).await;
    app.send_through(&sink).await;
    for n in 0..30 {
        app.mail_in(letter(&format!("c{n}@libero.example"), "Mancato ritiro").raw()).await;
    }
    worker::deliver::send_due(&app.app).await.unwrap();
    assert_eq!(sink.letters().len(), 30);
    assert!(sink.connections().len() <= app.app.config.delivery.concurrency, "{}", sink.connections().len());
}

#[tokio::test]
async fn a_line_that_breaks_after_the_letter_repeats_it_with_the_same_id_and_bytes() {
    let app = TestApp::start().await;
    let sink = SmtpSink::start(smtp_sink::Security::Plain).await;
    app.send_through(&sink).await;
    sink.hang_up_after_data(1);
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    worker::deliver::send_due(&app.app).await.unwrap();
    assert_eq!(app.states().await[0].0, State::Pending);
    app.pass(Duration::hours(1));
    worker::deliver::send_due(&app.app).await.unwrap();
    let letters = sink.letters();
    assert_eq!(letters.len(), 2);
    assert_eq!(letters[0].bytes, letters[1].bytes);
}

#[tokio::test]
async fn a_process_that_dies_with_a_letter_in_hand_leaves_it_to_be_repeated_and_says_so() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let dead = Uuid::now_v7();
    let in_hand = actions::deliver::claim(&app.app.desk, dead, app.now(), 10).await.unwrap();
    assert_eq!(in_hand.len(), 1);
    assert_eq!(app.letters_out().await.len(), 0, "while the lease lasts it is nobody else's");
    app.pass(actions::deliver::LEASE + Duration::seconds(1));
    assert_eq!(app.letters_out().await.len(), 1);
    assert_eq!(app.states().await, [(State::Sent, 2, 1)]);
    let order = app.order("2026/000001").await;
    let history =
        store::event::history(&app.app.desk.db.read, order.organisation_id, order.id, 10).await.unwrap();
    assert!(history.iter().any(|event| event.verb == entity::event::Verb::Repeated));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_database_never_send_a_letter_twice() {
    let app = TestApp::start().await;
    let sink = SmtpSink::start(smtp_sink::Security::Plain).await;
    app.send_through(&sink).await;
    for n in 0..60 {
        app.mail_in(letter(&format!("c{n}@libero.example"), "Mancato ritiro").raw()).await;
    }
    sink.answer_after(Seconds::from_millis(2));
    // The second opens the same database by itself, as another process would.
    let mut second = App::build((*app.app.config).clone()).await.unwrap();
    second.clock = Clock::Set(std::sync::Arc::new(std::sync::Mutex::new(app.now())));
    assert_ne!(second.process, app.app.process);
    let (one, other) = tokio::join!(worker::deliver::send_due(&app.app), worker::deliver::send_due(&second));
    one.unwrap();
    other.unwrap();
    let mut recipients: Vec<String> = sink.letters().iter().flat_map(|letter| letter.to.clone()).collect();
    assert_eq!(recipients.len(), 60);
    recipients.sort();
    recipients.dedup();
    assert_eq!(recipients.len(), 60);
    second.desk.db.close().await;
}
