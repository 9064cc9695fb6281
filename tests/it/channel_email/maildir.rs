//! A Maildir as a source of mail.

use std::{fs, path::Path, time::Duration};

use entity::mailbox::After;
use riscontro::channel::email::{
    RawMail,
    maildir::{self, Maildir},
};
use tokio::time::sleep;

async fn open(folder: &Path) -> Maildir {
    Maildir::open(folder).await.unwrap()
}

/// Two looks with a rest in between.
async fn keys(maildir: &mut Maildir, limit: usize) -> Vec<String> {
    maildir.scan(0).await.unwrap();
    sleep(Duration::from_millis(1_100)).await;
    maildir.scan(limit).await.unwrap().into_iter().map(|found| found.key).collect()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn delivered_and_dropped_mails_are_found_once_and_put_away() {
    let folder = tempfile::tempdir().unwrap();
    let mut maildir = open(folder.path()).await;
    maildir::deliver(folder.path(), "1732212345.b.host", b"Subject: b\r\n\r\nb").unwrap();
    maildir::deliver(folder.path(), "1732212344.a.host", b"Subject: a\r\n\r\na").unwrap();
    fs::write(folder.path().join("Reclamo di Anna.EML"), "Subject: c\n\nc").unwrap();
    fs::write(folder.path().join("note.txt"), "x").unwrap();
    fs::write(folder.path().join(".nascosto.eml"), "x").unwrap();
    std::os::unix::fs::symlink("/etc/passwd", folder.path().join("furbo.eml")).unwrap();

    maildir.scan(10).await.unwrap();
    sleep(Duration::from_millis(1_100)).await;
    let found = maildir.scan(10).await.unwrap();
    let keys: Vec<&str> = found.iter().map(|found| found.key.as_str()).collect();
    assert_eq!(keys[..2], ["new/1732212344.a.host", "new/1732212345.b.host"]);
    assert!(keys[2].starts_with("Reclamo di Anna.EML?") && keys.len() == 3, "{keys:?}");
    assert_eq!(found[0].received_at.timestamp(), 1_732_212_344);
    assert_eq!(
        maildir.read(&found[0], 1000).await.unwrap(),
        Some(RawMail::Whole(b"Subject: a\r\n\r\na"[..].into()))
    );
    let headers = b"Subject: a\r\n"[..].into();
    assert_eq!(maildir.read(&found[0], 14).await.unwrap(), Some(RawMail::TooLarge { headers }));

    maildir.file_away(&found[0].key, After::Leave, "").await.unwrap();
    maildir.file_away(&found[1].key, After::Flag, "").await.unwrap();
    maildir.file_away(&found[2].key, After::Move, "Già fatti/2026").await.unwrap();
    assert_eq!(names(&folder.path().join("new")), ["1732212344.a.host"]);
    assert_eq!(names(&folder.path().join("cur")), ["1732212345.b.host:2,S"]);
    assert_eq!(names(&folder.path().join(".Già fatti.2026/cur")), ["Reclamo di Anna.EML:2,S"]);
    assert_eq!(maildir.read(&found[1], 1000).await.unwrap(), None, "somebody took it");
    // a second time, as after a crash
    maildir.file_away(&found[1].key, After::Flag, "").await.unwrap();
    assert_eq!(self::keys(&mut maildir, 10).await, [""; 0], "what is left where it is is not found again");
}

#[tokio::test]
async fn a_copy_under_way_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut maildir = open(folder.path()).await;
    let file = folder.path().join("a.eml");
    for bytes in [10, 20, 30] {
        fs::write(&file, "x".repeat(bytes)).unwrap();
        assert_eq!(maildir.scan(10).await.unwrap(), []);
    }
    assert_eq!(maildir.scan(10).await.unwrap(), [], "unchanged, but only just written");
    sleep(Duration::from_millis(1_100)).await;
    assert_eq!(maildir.scan(10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_name_with_other_words_is_another_mail_and_overwrites_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut maildir = open(folder.path()).await;
    for words in ["uno", "duedue"] {
        fs::write(folder.path().join("reclamo.eml"), words).unwrap();
        let keys = keys(&mut maildir, 10).await;
        assert_eq!(keys.len(), 1);
        maildir.file_away(&keys[0], After::Flag, "").await.unwrap();
    }
    assert_eq!(names(&folder.path().join("cur")), ["reclamo.eml.2:2,S", "reclamo.eml:2,S"]);

    fs::write(folder.path().join("reclamo.eml"), "letto").unwrap();
    let read = keys(&mut maildir, 10).await;
    fs::write(folder.path().join("reclamo.eml"), "scritto dopo").unwrap();
    maildir.file_away(&read[0], After::Flag, "").await.unwrap();
    assert_eq!(names(&folder.path().join("cur")).len(), 2, "what has not been read is not put away");
    assert_eq!(keys(&mut maildir, 10).await.len(), 1);
}

#[tokio::test]
async fn ten_thousand_mails_come_oldest_first_with_one_look() {
    let folder = tempfile::tempdir().unwrap();
    let mut maildir = open(folder.path()).await;
    for number in (0..10_000).rev() {
        fs::write(folder.path().join(format!("new/{}.x", 1_732_200_000 + number)), "x").unwrap();
    }
    let mut got = keys(&mut maildir, 64).await;
    // with one look everything is known: a later file does not come before its turn
    fs::write(folder.path().join("new/1.late"), "x").unwrap();
    while maildir.has_more() {
        let portion = maildir.scan(64).await.unwrap();
        assert!(portion.len() <= 64);
        got.extend(portion.into_iter().map(|found| found.key));
    }
    let expected: Vec<String> =
        (0..10_000).map(|number| format!("new/{}.x", 1_732_200_000 + number)).collect();
    assert_eq!(got, expected);
}
