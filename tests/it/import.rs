//! An archive is loaded: once, with its dates, in silence.

use chrono::{TimeZone, Utc};
use riscontro::{store, worker};

use crate::support::{app::TestApp, letter::letter};

/// Lesson 18: thousands of old mails, no acknowledgement, the dates of then, and a broken-off import that goes on.
#[tokio::test]
async fn an_archive_keeps_its_dates_and_threads_is_not_acknowledged_and_loads_once() {
    let app = TestApp::start().await;
    let folder = tempfile::tempdir().unwrap();
    let first = letter("anna@libero.example", "Vecchio reclamo");
    let answer = letter("anna@libero.example", "Re: Vecchio reclamo").answers(first.id());
    let dated = |raw: Vec<u8>, date: &str| {
        String::from_utf8(raw).unwrap().replace("Mon, 2 Mar 2026 09:00:00 +0100", date).into_bytes()
    };
    // The names say another order than the dates.
    let late = dated(answer.raw(), "Tue, 5 Mar 2019 10:00:00 +0100");
    let early = dated(first.raw(), "Mon, 4 Mar 2019 10:00:00 +0100");
    std::fs::write(folder.path().join("a.eml"), &late).unwrap();
    std::fs::write(folder.path().join("b.eml"), &early).unwrap();
    let mailbox = app.mailbox().await;
    let mut heard = 0;
    let done = worker::import::import(&app.app, &mailbox, folder.path(), |_| heard += 1).await.unwrap();
    assert_eq!((done.mails, done.new, done.read, heard), (2, 2, done.bytes, 1));
    assert_eq!(app.threads().await, ["2026/000001 New: anna anna"]);
    let order = app.order("2026/000001").await;
    assert_eq!(order.received_at, Utc.with_ymd_and_hms(2019, 3, 4, 9, 0, 0).unwrap());
    assert!(app.letters_out().await.is_empty());

    std::fs::write(folder.path().join("c.eml"), letter("bea@libero.example", "Altro").raw()).unwrap();
    let again = worker::import::import(&app.app, &mailbox, folder.path(), |_| {}).await.unwrap();
    assert_eq!((again.mails, again.new), (3, 1));
    let unfiled =
        store::incoming_mail::unfiled(&app.app.desk.db.read, app.organisation(), mailbox.id, 10).await;
    assert!(unfiled.unwrap().is_empty(), "no server is told of an archive");
}

/// What an archive holds is no news: closed work stays closed.
#[tokio::test]
async fn an_old_answer_out_of_an_archive_reopens_nothing() {
    let app = TestApp::start().await;
    let first = letter("anna@libero.example", "Reclamo");
    app.mail_in(first.raw()).await;
    app.close("2026/000001").await;
    let folder = tempfile::tempdir().unwrap();
    let answer = letter("anna@libero.example", "Re: Reclamo").answers(first.id());
    std::fs::write(folder.path().join("a.eml"), answer.raw()).unwrap();
    worker::import::import(&app.app, &app.mailbox().await, folder.path(), |_| {}).await.unwrap();
    assert_eq!(app.threads().await, ["2026/000001 Closed: anna reclami anna"]);
}

#[tokio::test]
async fn an_mbox_is_loaded_and_what_the_mailbox_has_already_is_recognised() {
    let app = TestApp::start().await;
    let (first, second) = (letter("anna@libero.example", "Uno"), letter("bea@libero.example", "Due"));
    app.mail_in(first.raw()).await;
    let folder = tempfile::tempdir().unwrap();
    let mut mbox = Vec::new();
    for one in [&first, &second] {
        mbox.extend(b"From somebody Mon Mar  2 09:00:00 2026\n");
        mbox.extend(one.raw());
        mbox.extend(b"\n");
    }
    let path = folder.path().join("archivio");
    std::fs::write(&path, mbox).unwrap();
    worker::import::import(&app.app, &app.mailbox().await, &path, |_| {}).await.unwrap();
    assert_eq!(app.threads().await, ["2026/000001 New: anna reclami", "2026/000002 New: bea"]);
}

#[tokio::test]
async fn a_path_that_is_no_archive_says_so() {
    let app = TestApp::start().await;
    let mailbox = app.mailbox().await;
    let missing = worker::import::import(&app.app, &mailbox, "/nowhere/at/all".as_ref(), |_| {}).await;
    assert!(missing.unwrap_err().to_string().contains("/nowhere/at/all"));
}
