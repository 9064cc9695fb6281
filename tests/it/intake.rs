//! What a mail becomes: number, due date, taxpayer, acknowledgement; and what happens when it cannot become anything.

use chrono::Duration;
use riscontro::{
    actions::{self, Cx, receive},
    channel::email::parse::parse,
    domain::register,
    store,
};

use crate::support::{app::TestApp, letter::letter};

impl TestApp {
    pub(crate) async fn order(&self, number: &str) -> entity::work_order::Model {
        let organisation = self.organisation();
        store::work_order::by_number(&self.app.desk.db.read, organisation, number.parse().unwrap())
            .await
            .unwrap()
            .unwrap()
    }

    async fn taxpayer_name(&self, number: &str) -> String {
        let order = self.order(number).await;
        let taxpayer =
            store::taxpayer::by_id(&self.app.desk.db.read, order.organisation_id, order.taxpayer_id).await;
        format!("{} ({:?})", taxpayer.unwrap().unwrap().name, order.identified)
    }

    pub(crate) async fn register(&self, csv: &str) {
        let register = register::read(csv.as_bytes()).unwrap();
        assert_eq!(register.refused, []);
        let cx = Cx::system(self.organisation(), self.now());
        actions::taxpayer::import(&self.app.desk, &cx, &register.entries).await.unwrap();
    }
}

const REGISTER: &str = "nome;codice utente;codice fiscale;indirizzo;email\n\
    Riccomini Carlo;UT-1;RCCMNL83S18D969H;via Roma 1;carlo@libero.example\n\
    Verdi Anna;UT-2;CNTCHR83T41D969D;via Roma 2;famiglia@libero.example\n\
    Verdi Bruno;UT-3;MRTNTN23M02D969P;via Roma 2;famiglia@libero.example\n";

#[tokio::test]
async fn the_sender_is_found_in_the_register() {
    let app = TestApp::start().await;
    app.register(REGISTER).await;
    app.mail_in(letter("Carlo <CARLO@libero.example>", "uno").raw()).await;
    app.mail_in(letter("famiglia@libero.example", "due").raw()).await;
    app.mail_in(letter("famiglia@libero.example", "tre").says("C.F. mrtntn23m02d969p\n").raw()).await;
    app.mail_in(letter("nuovo@libero.example", "quattro").says("Codice utente UT-2, grazie\n").raw()).await;
    app.mail_in(letter("nuovo2@libero.example", "cinque").raw()).await;
    assert_eq!(app.taxpayer_name("2026/000001").await, "Riccomini Carlo (Address)");
    assert_eq!(app.taxpayer_name("2026/000002").await, "Contribuente generico (Candidates)");
    assert_eq!(app.taxpayer_name("2026/000003").await, "Verdi Bruno (AddressAndCode)");
    assert_eq!(app.taxpayer_name("2026/000004").await, "Contribuente generico (Candidates)");
    assert_eq!(app.taxpayer_name("2026/000005").await, "Contribuente generico (Unknown)");
}

#[tokio::test]
async fn the_due_date_runs_from_the_receipt_not_from_our_reading() {
    let app = TestApp::start().await;
    let mailbox = app.mailbox().await;
    let received_at = app.now();
    // The mail waited ten days on the server before anybody fetched it.
    app.pass(Duration::days(10));
    let mail = receive::Fetched {
        source_key: "1:1".into(),
        received_at,
        imported: false,
        stays: false,
        raw: letter("anna@libero.example", "x").raw(),
    };
    receive::keep(&app.app.desk, &mailbox, app.now(), vec![mail], None).await.unwrap();
    riscontro::worker::intake::handle_pending(&app.app, &mailbox).await.unwrap();
    let due = riscontro::domain::calendar::rome_date(app.order("2026/000001").await.due_at);
    assert_eq!(due.to_string(), "2026-04-14");
}

#[tokio::test]
async fn one_sender_is_acknowledged_once_an_hour_and_ten_times_a_day() {
    let app = TestApp::start().await;
    for _ in 0..5 {
        app.mail_in(letter("anna@libero.example", "Ancora").raw()).await;
    }
    assert_eq!(app.letters_out().await.len(), 1);
    for _ in 0..20 {
        app.pass(Duration::minutes(61));
        app.mail_in(letter("anna@libero.example", "Ancora").raw()).await;
    }
    assert_eq!(app.letters_out().await.len(), 9, "ten in a day, the first counted");
}

#[tokio::test]
async fn machines_strangers_to_themselves_and_our_own_boxes_are_never_acknowledged() {
    let app = TestApp::start().await;
    let mails = [
        letter("anna@libero.example", "Fuori sede").with("Auto-Submitted: auto-replied"),
        letter("lista@liste.example", "Novità").with("Precedence: bulk"),
        letter("lista@liste.example", "Novità").with("List-Id: <novita.liste.example>"),
        letter("MAILER-DAEMON@mail.example", "Undelivered Mail Returned to Sender"),
        letter("no-reply@banca.example", "Estratto conto"),
        letter("anna@libero.example", "Ferie").with("X-Auto-Response-Suppress: All"),
        letter("reclami@ente.example", "Prova"),
        letter("reclami+qualcosa@ente.example", "Prova"),
    ];
    for mail in &mails {
        app.mail_in(mail.raw()).await;
    }
    assert_eq!(
        app.order(&format!("2026/{:06}", mails.len())).await.subject,
        "Prova",
        "each is kept, none is lost"
    );
    assert_eq!(app.letters_out().await.len(), 0);
}

#[tokio::test]
async fn auto_submitted_no_is_a_person() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Ciao").with("Auto-Submitted: no").raw()).await;
    assert_eq!(app.letters_out().await.len(), 1);
}

#[tokio::test]
async fn an_acknowledgement_carries_none_of_the_senders_words() {
    let app = TestApp::start().await;
    let mail = letter("\"Compra ORA\" <anna@libero.example>", "VINCI UN PREMIO http://truffa.example")
        .says("Premio!\n");
    app.mail_in(mail.raw()).await;
    let out = app.letters_out().await.remove(0);
    for word in ["VINCI", "truffa", "Premio"] {
        assert!(!out.mail.text.contains(word) && !out.mail.subject.contains(word), "{}", out.raw);
    }
}

/// A mail whose work order cannot be written: the database refuses its text.
async fn with_a_refusing_database(app: &TestApp) {
    use sea_orm::ConnectionTrait;
    let tx = app.app.desk.db.begin().await.unwrap();
    let sql = if app.app.desk.db.is_postgres() {
        "ALTER TABLE work_order ADD CONSTRAINT refuse CHECK (subject <> 'Velenosa')"
    } else {
        "CREATE TRIGGER refuse BEFORE INSERT ON communication WHEN NEW.subject = 'Velenosa' BEGIN SELECT RAISE(ABORT, 'refused'); END"
    };
    tx.execute_unprepared(sql).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn one_bad_mail_fails_alone_gives_its_number_back_and_ends_in_quarantine() {
    let app = TestApp::start().await;
    with_a_refusing_database(&app).await;
    let (good, bad, after) = (
        letter("a@x.example", "Buona").raw(),
        letter("b@x.example", "Velenosa").raw(),
        letter("c@x.example", "Dopo").raw(),
    );
    app.mails_in(&[&good, &bad, &after]).await;
    assert_eq!(app.order("2026/000001").await.subject, "Buona");
    assert_eq!(app.order("2026/000002").await.subject, "Dopo", "no gap where the bad mail had begun");
    let organisation = app.organisation();
    let db = &app.app.desk.db.read;
    for attempt in 1..=4 {
        assert_eq!(
            store::incoming_mail::quarantined_count(db, organisation).await.unwrap(),
            0,
            "attempt {attempt}"
        );
        app.pass(Duration::hours(1));
        riscontro::worker::intake::handle_pending(&app.app, &app.mailbox().await).await.unwrap();
    }
    assert_eq!(store::incoming_mail::quarantined_count(db, organisation).await.unwrap(), 1);
    assert_eq!(app.letters_out().await.len(), 2);
}

#[tokio::test]
async fn a_batch_that_two_processes_have_in_hand_is_handled_once() {
    let app = TestApp::start().await;
    let mailbox = app.mailbox().await;
    let raw = letter("anna@libero.example", "Una volta").raw();
    let fetched = receive::Fetched {
        source_key: "1:1".into(),
        received_at: app.now(),
        imported: false,
        stays: false,
        raw: raw.clone(),
    };
    receive::keep(&app.app.desk, &mailbox, app.now(), vec![fetched], None).await.unwrap();
    let rows = store::incoming_mail::pending(
        &app.app.desk.db.read,
        mailbox.organisation_id,
        mailbox.id,
        None,
        app.now(),
        10,
    );
    let row = rows.await.unwrap().remove(0);
    let batch = [receive::Opened { row, mail: Ok(parse(&raw)) }];
    let first = receive::receive(&app.app.desk, &mailbox, app.now(), &batch).await.unwrap();
    let second = receive::receive(&app.app.desk, &mailbox, app.now(), &batch).await.unwrap();
    assert_eq!(first, [receive::Ended::Settled(entity::incoming_mail::Outcome::Opened)]);
    assert_ne!(second, first);
    assert_eq!(app.letters_out().await.len(), 1);
}

#[tokio::test]
async fn the_new_year_starts_at_one_by_the_clock_of_rome() {
    let app = TestApp::start().await;
    app.mail_in(letter("a@x.example", "Vecchio anno").raw()).await;
    // 31 December, 23:30 UTC: half past midnight in Rome.
    let new_year: chrono::DateTime<chrono::Utc> = "2026-12-31T23:30:00Z".parse().unwrap();
    app.pass(new_year - app.now());
    app.mail_in(letter("b@x.example", "Nuovo anno").raw()).await;
    assert_eq!(app.order("2027/000001").await.subject, "Nuovo anno");
}

#[tokio::test]
async fn a_full_disk_is_said_loses_nothing_and_is_over_when_there_is_room_again() {
    use sea_orm::ConnectionTrait;
    let app = TestApp::start().await;
    if app.app.desk.db.is_postgres() {
        return;
    }
    // From here on this connection may not make the file larger: to it, the disk is full.
    let tx = app.app.desk.db.begin().await.unwrap();
    tx.execute_unprepared("PRAGMA max_page_count = 1").await.unwrap();
    tx.commit().await.unwrap();
    let raw = letter("anna@libero.example", "Lunga").says(&"parole ".repeat(200_000)).raw();
    let mail = || receive::Fetched {
        source_key: "1:1".into(),
        received_at: app.now(),
        imported: false,
        stays: false,
        raw: raw.clone(),
    };
    let refused = receive::keep(&app.app.desk, &app.mailbox().await, app.now(), vec![mail()], None).await;
    let Err(actions::Error::Store(error)) = refused else { panic!("kept on a full disk") };
    assert!(store::is_environment(&error), "{error}");
    // The next attempt is the first with room again; what it writes must be there for everybody.
    receive::keep(&app.app.desk, &app.mailbox().await, app.now(), vec![mail()], None).await.unwrap();
    riscontro::worker::intake::handle_pending(&app.app, &app.mailbox().await).await.unwrap();
    assert_eq!(app.order("2026/000001").await.subject, "Lunga");
}
