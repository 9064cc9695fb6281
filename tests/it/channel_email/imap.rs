//! Our IMAP line with a real Dovecot.

use std::time::{Duration, Instant};

use entity::mailbox::Security;
use riscontro::channel::email::{
    RawMail,
    imap::{Imap, ImapError, ImapSettings, Woken},
    sign_in::SignIn,
    tls::Trust,
};
use tokio_util::sync::CancellationToken;

use super::trust_in;
use crate::support::dovecot::Dovecot;

const USER: &str = "reclami";

fn settings(dovecot: &Dovecot) -> ImapSettings {
    ImapSettings {
        host: "localhost".to_owned(),
        port: dovecot.tls_port,
        security: Security::Tls,
        user: USER.to_owned(),
        sign_in: SignIn::Password(Dovecot::PASSWORD.into()),
        folder: "INBOX".to_owned(),
        timeout: Duration::from_secs(10),
        trust: trust_in(&dovecot.certificate_file()),
        max_bytes: 5 << 20,
    }
}

async fn open(dovecot: &Dovecot) -> Imap {
    let mut imap = Imap::connect(settings(dovecot)).await.unwrap();
    imap.select().await.unwrap();
    imap
}

fn mail(number: usize) -> Vec<u8> {
    format!("From: anna@example.it\r\nSubject: Reclamo {number}\r\n\r\nIl bidone {number} non passa.\r\n")
        .into_bytes()
}

#[tokio::test]
async fn mail_is_brought_over_tls_and_starttls_and_stays_unread() {
    let Some(dovecot) = Dovecot::start() else { return };
    for number in 0..3 {
        dovecot.append(USER, "INBOX", &mail(number));
    }
    let starttls =
        ImapSettings { security: Security::Starttls, port: dovecot.starttls_port, ..settings(&dovecot) };
    for settings in [settings(&dovecot), starttls] {
        let mut imap = Imap::connect(settings).await.unwrap();
        let folder = imap.select().await.unwrap();
        assert_eq!((folder.exists, folder.uid_next, folder.permits_keywords), (3, Some(4), true));
        assert_eq!(folder.uid_validity, dovecot.uidvalidity(USER, "INBOX"));
        let fetched = imap.fetch_after(1, 1 << 20, 100).await.unwrap();
        let got: Vec<_> = fetched.into_iter().map(|mail| (mail.uid, mail.raw)).collect();
        assert_eq!(got, [(2, RawMail::Whole(mail(1).into())), (3, RawMail::Whole(mail(2).into()))]);
        assert_eq!(imap.fetch_after(3, 1 << 20, 100).await.unwrap(), []);
        imap.logout().await;
    }
    assert!(dovecot.list(USER, "INBOX").iter().all(|mail| mail.flags.is_empty()), "PEEK leaves no trace");
}

#[tokio::test]
async fn what_is_wrong_is_said_in_the_servers_own_words() {
    let Some(dovecot) = Dovecot::start() else { return };
    let wrong = ImapSettings { sign_in: SignIn::Password("sbagliata".into()), ..settings(&dovecot) };
    let error = Imap::connect(wrong).await.unwrap_err();
    assert!(
        matches!(&error, ImapError::Credentials { words, .. } if words.contains("Authentication failed")),
        "{error}"
    );

    let accented = ImapSettings { sign_in: SignIn::Password("perché no".into()), ..settings(&dovecot) };
    assert!(matches!(Imap::connect(accented).await.unwrap_err(), ImapError::Credentials { .. }));

    let distrusted = ImapSettings { trust: Trust::load(None).unwrap(), ..settings(&dovecot) };
    assert!(matches!(Imap::connect(distrusted).await.unwrap_err(), ImapError::Tls { .. }));

    let nobody = ImapSettings { port: 1, ..settings(&dovecot) };
    assert!(matches!(Imap::connect(nobody).await.unwrap_err(), ImapError::Connect { .. }));

    let nowhere = ImapSettings { folder: "Nessuna".to_owned(), ..settings(&dovecot) };
    let error = Imap::connect(nowhere).await.unwrap().select().await.unwrap_err();
    assert!(error.to_string().contains("Mailbox doesn't exist"), "{error}");
}

#[tokio::test]
async fn much_mail_comes_in_order_and_in_portions() {
    let Some(dovecot) = Dovecot::start() else { return };
    for number in 0..230 {
        dovecot.append(USER, "INBOX", &mail(number));
    }
    dovecot.expunge(USER, "INBOX", 7);
    let mut imap = open(&dovecot).await;
    let mut uids = Vec::new();
    loop {
        let fetched = imap.fetch_after(uids.last().copied().unwrap_or(0), 1 << 20, 105).await.unwrap();
        assert!(fetched.len() <= 105);
        assert_eq!(imap.has_more(), uids.len() + fetched.len() < 229);
        if fetched.is_empty() {
            break;
        }
        for one in &fetched {
            assert_eq!(one.raw, RawMail::Whole(mail(one.uid as usize - 1).into()));
        }
        uids.extend(fetched.iter().map(|mail| mail.uid));
    }
    assert_eq!(uids, (1..=230).filter(|uid| *uid != 7).collect::<Vec<u32>>());
}

#[tokio::test]
async fn a_large_mail_comes_whole_and_a_huge_one_as_its_header() {
    let Some(dovecot) = Dovecot::start() else { return };
    let sized = |bytes: usize| {
        let mut mail = b"Subject: foto\r\n\r\n".to_vec();
        mail.extend(
            (0..bytes).map(|n| if n % 64 == 63 { b'\n' } else { b'a' + u8::try_from(n % 23).unwrap() }),
        );
        mail
    };
    let (large, exact, huge) = (sized(4_500_000), sized((2 << 20) - 17), sized(6_000_000));
    for mail in [&large, &exact, &huge] {
        dovecot.append(USER, "INBOX", mail);
    }
    let mut imap = open(&dovecot).await;
    // 1 byte of room: one mail at a time all the same
    let first = imap.fetch_after(0, 1, 10).await.unwrap();
    assert_eq!(first.len(), 1);
    let RawMail::Whole(bytes) = &first[0].raw else { panic!("{:?}", first[0].raw) };
    // the server may write CR LF for LF
    let same = |got: &[u8], sent: &[u8]| {
        got.iter().filter(|byte| **byte != b'\r').eq(sent.iter().filter(|byte| **byte != b'\r'))
    };
    assert!(same(bytes, &large));
    let rest = imap.fetch_after(1, u64::MAX, 10).await.unwrap();
    assert!(matches!(&rest[0].raw, RawMail::Whole(bytes) if same(bytes, &exact)));
    assert_eq!(rest[1].raw, RawMail::TooLarge { headers: b"Subject: foto\r\n"[..].into() });
    assert!(rest[1].size > 5 << 20);
}

#[tokio::test]
async fn new_mail_wakes_us_and_nothing_else_does() {
    let Some(dovecot) = Dovecot::start() else { return };
    dovecot.append(USER, "INBOX", &mail(1));
    let mut imap = open(&dovecot).await;
    imap.fetch_after(0, 1 << 20, 10).await.unwrap();
    let stop = CancellationToken::new();
    assert_eq!(imap.idle(Duration::from_millis(200), &stop).await.unwrap(), Woken::Quiet);

    let (woken, ()) = tokio::join!(imap.idle(Duration::from_secs(20), &stop), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        dovecot.append(USER, "INBOX", &mail(2));
    });
    assert_eq!(woken.unwrap(), Woken::News);
    assert_eq!(imap.fetch_after(1, 1 << 20, 10).await.unwrap().len(), 1);

    let started = Instant::now();
    stop.cancel();
    assert_eq!(imap.idle(Duration::from_secs(20), &stop).await.unwrap(), Woken::Stopped);
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_line_that_is_cut_while_waiting_is_an_error() {
    let Some(dovecot) = Dovecot::start() else { return };
    let mut imap = open(&dovecot).await;
    let stop = CancellationToken::new();
    let (woken, ()) = tokio::join!(imap.idle(Duration::from_secs(20), &stop), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        dovecot.kick(USER);
    });
    assert!(matches!(woken, Err(ImapError::Closed { .. })), "{woken:?}");
}

#[tokio::test]
async fn handled_mail_is_marked_or_moved_and_the_rest_is_left() {
    let Some(dovecot) = Dovecot::start() else { return };
    for number in 0..4 {
        dovecot.append(USER, "INBOX", &mail(number));
    }
    let mut imap = open(&dovecot).await;
    imap.flag(&[1]).await.unwrap();
    imap.move_to(&[2, 3, 99], "Già fatti").await.unwrap();
    imap.move_to(&[3], "Già fatti").await.unwrap();
    imap.logout().await;

    let left: Vec<(u32, Vec<String>)> =
        dovecot.list(USER, "INBOX").into_iter().map(|mail| (mail.uid, mail.flags)).collect();
    assert_eq!(left, [(1, vec!["$Riscontro".to_owned()]), (4, vec![])]);
    let moved = ImapSettings { folder: "Già fatti".to_owned(), ..settings(&dovecot) };
    let mut moved = Imap::connect(moved).await.unwrap();
    assert_eq!(moved.select().await.unwrap().exists, 2);
}
