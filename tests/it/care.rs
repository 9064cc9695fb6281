//! Mailboxes that need a person say so by another way; servers are compared with the ledger.

use chrono::Duration;
use entity::mailbox::Kind;
use riscontro::{actions, store, worker};
use tokio_util::sync::CancellationToken;

use crate::support::{app::TestApp, letter::letter};

impl TestApp {
    /// As a program that has run since the mailboxes were made.
    async fn look_after(&self) {
        let began = self.mailbox().await.created_at;
        worker::care::look_after(&self.app, began, &mut worker::care::Told::default()).await.unwrap();
    }

    async fn administrator_has_an_address(&self) {
        let operator =
            store::operator::all(&self.app.desk.db.read, self.organisation()).await.unwrap().remove(0);
        self.set_email(operator.id, "capo@altro.example").await;
    }

    async fn set_email(&self, operator: uuid::Uuid, email: &str) {
        use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
        let found = store::operator::by_id(&self.app.desk.db.read, self.organisation(), operator).await;
        let mut operator = found.unwrap().unwrap().into_active_model();
        operator.email = Set(email.to_owned());
        let tx = self.app.desk.db.begin().await.unwrap();
        operator.update(&tx).await.unwrap();
        tx.commit().await.unwrap();
    }
}

/// Lesson 51: a mailbox that has not been read for days must not be found out by citizens.
#[tokio::test]
async fn a_silent_mailbox_is_told_of_by_another_one_once_a_day() {
    let app = TestApp::start().await;
    app.administrator_has_an_address().await;
    let pec = app.add_mailbox("protocollo@pec.ente.example", Kind::Pec).await;
    let first = app.mailbox().await;
    for mailbox in [&pec, &first] {
        actions::mailbox::succeeded(&app.app.desk, mailbox.id, app.now()).await.unwrap();
    }
    app.pass(Duration::minutes(20));
    actions::mailbox::succeeded(&app.app.desk, first.id, app.now()).await.unwrap();
    app.look_after().await;
    assert!(app.letters_out().await.is_empty(), "twenty minutes are not too many");
    app.pass(Duration::minutes(11));
    actions::mailbox::failed(&app.app.desk, &pec, app.now(), "AUTHENTICATIONFAILED", false).await.unwrap();
    app.look_after().await;
    app.look_after().await;
    let out = app.letters_out().await;
    assert_eq!(out.len(), 1);
    assert_eq!(out[0].mail.to[0].address, "capo@altro.example");
    assert!(out[0].mail.text.contains("protocollo@pec.ente.example"), "{}", out[0].mail.text);
    assert!(out[0].mail.text.contains("AUTHENTICATIONFAILED"));
    app.pass(Duration::days(1));
    actions::mailbox::succeeded(&app.app.desk, first.id, app.now()).await.unwrap();
    app.look_after().await;
    assert_eq!(app.letters_out().await.len(), 1, "and again on the next day");
}

#[tokio::test]
async fn a_password_near_its_end_is_written_about_on_three_days() {
    let app = TestApp::start().await;
    app.administrator_has_an_address().await;
    let pec = app.add_mailbox("protocollo@pec.ente.example", Kind::Pec).await;
    {
        use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
        let mut mailbox = pec.clone().into_active_model();
        mailbox.password_expires_on = Set(chrono::NaiveDate::from_ymd_opt(2026, 3, 20));
        let tx = app.app.desk.db.begin().await.unwrap();
        mailbox.update(&tx).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut written = Vec::new();
    for day in 2..=20 {
        for mailbox in [&app.mailbox().await, &pec] {
            actions::mailbox::succeeded(&app.app.desk, mailbox.id, app.now()).await.unwrap();
        }
        app.look_after().await;
        if !app.letters_out().await.is_empty() {
            written.push(day);
        }
        app.pass(Duration::days(1));
    }
    assert_eq!(written, [5, 13, 19]);
}

/// Lessons 1 and 6: whatever the server has and the ledger does not know is brought, and the difference is shown.
#[tokio::test(flavor = "multi_thread")]
async fn a_comparison_brings_what_the_ledger_does_not_know_and_says_how_much() {
    let app = TestApp::start().await;
    let mailbox = app.add_mailbox("altra@ente.example", Kind::Ordinary).await;
    let folder = std::path::PathBuf::from(&mailbox.maildir_path).join("new");
    std::fs::create_dir_all(&folder).unwrap();
    let stop = CancellationToken::new();
    for number in 0..3 {
        let raw = letter(&format!("a{number}@libero.example"), "Uno").raw();
        std::fs::write(folder.join(format!("{number}.mail")), raw).unwrap();
    }
    let porter = worker::start(&app.app, &stop);
    let stored = loop {
        let stored = app.mailbox_row(mailbox.id).await;
        if stored.reconciled_at.is_some() && app.threads().await.len() == 3 {
            break stored;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    assert!(stored.reconciled_missing <= 3);
    // Somebody asks again, a day later: nothing is missing.
    app.pass(Duration::hours(1));
    let cx = actions::Cx::system(app.organisation(), app.now());
    actions::mailbox::ask_reconcile(&app.app.desk, &cx, mailbox.id).await.unwrap();
    let stored = loop {
        let stored = app.mailbox_row(mailbox.id).await;
        if stored.reconciled_at >= stored.reconcile_asked_at {
            break stored;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    assert_eq!((stored.reconciled_mails, stored.reconciled_missing), (3, 0));
    stop.cancel();
    porter.wait().await;
}

/// One address that no server takes must not become a mail a minute for the others.
#[tokio::test]
async fn an_address_that_is_refused_keeps_nobody_else_from_being_told_once() {
    use riscontro::actions::operator;
    let app = TestApp::start().await;
    app.administrator_has_an_address().await;
    let form = operator::Form {
        login: "altro".to_owned(),
        name: "Un altro".to_owned(),
        email: "altro@altro.example".to_owned(),
        role: entity::operator::Role::Administrator,
        active: true,
    };
    let cx = actions::Cx::system(app.organisation(), app.now());
    let other = operator::add(&app.app.desk, &cx, &form, "cavallo batteria graffetta").await.unwrap();
    app.set_email(other, "nessun indirizzo").await;
    let pec = app.add_mailbox("protocollo@pec.ente.example", Kind::Pec).await;
    app.pass(Duration::hours(1));
    actions::mailbox::succeeded(&app.app.desk, app.mailbox().await.id, app.now()).await.unwrap();
    app.look_after().await;
    app.look_after().await;
    assert_eq!(app.letters_out().await.len(), 1);
    assert!(app.mailbox_row(pec.id).await.warned_at.is_some());
}

/// Refused credentials do not get better by waiting.
#[tokio::test]
async fn a_mailbox_that_does_not_let_us_in_is_told_of_at_once_and_until_it_does() {
    let app = TestApp::start().await;
    app.administrator_has_an_address().await;
    let pec = app.add_mailbox("protocollo@pec.ente.example", Kind::Pec).await;
    actions::mailbox::failed(&app.app.desk, &pec, app.now(), "password scaduta", true).await.unwrap();
    app.look_after().await;
    let out = app.letters_out().await;
    assert!(out[0].mail.text.contains("non accetta più il nostro accesso"), "{}", out[0].mail.text);
    app.pass(Duration::days(1));
    for mailbox in [&app.mailbox().await, &pec] {
        actions::mailbox::succeeded(&app.app.desk, mailbox.id, app.now()).await.unwrap();
    }
    app.look_after().await;
    assert!(app.letters_out().await.is_empty());
}

/// A program that was off in the night has not been reading: that is no news about the mailbox.
#[tokio::test]
async fn a_start_in_the_morning_is_no_alarm() {
    let app = TestApp::start().await;
    app.administrator_has_an_address().await;
    app.add_mailbox("protocollo@pec.ente.example", Kind::Pec).await;
    app.pass(Duration::hours(12));
    worker::care::look_after(&app.app, app.now(), &mut worker::care::Told::default()).await.unwrap();
    assert!(app.letters_out().await.is_empty());
}
