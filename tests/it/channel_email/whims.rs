//! Our IMAP line with the hostile server: whatever the whim, each mail comes once and whole, or is named.
//!
//! Rows are those of helpdesk-lessons §2, A to C: how other systems lost mail here, or had it twice.

use std::{collections::BTreeMap, sync::LazyLock, time::Duration};

use entity::mailbox::Security;
use rand::{RngExt, SeedableRng, rngs::SmallRng};
use riscontro::channel::email::{
    RawMail,
    imap::{Imap, ImapError, ImapSettings},
    sign_in::SignIn,
    tls::Trust,
};

use crate::support::hostile_imap::{Damage, HostileImap, Whim, whim::Class};

/// In the clear nobody is asked; to load the authorities of the system each time takes longer than the tests.
static TRUST: LazyLock<Trust> = LazyLock::new(|| Trust::load(None).unwrap());

fn settings(server: &HostileImap) -> ImapSettings {
    ImapSettings {
        host: "127.0.0.1".to_owned(),
        port: server.port,
        security: Security::Insecure,
        user: "reclami@ente.example".to_owned(),
        sign_in: SignIn::Password(HostileImap::PASSWORD.into()),
        folder: "INBOX".to_owned(),
        timeout: Duration::from_millis(400),
        trust: TRUST.clone(),
        max_bytes: 5 << 20,
    }
}

fn mail(number: usize, bytes: usize) -> Vec<u8> {
    let mut mail = format!("Subject: Reclamo {number}\r\n\r\n").into_bytes();
    mail.extend((0..bytes).map(|n| if n % 64 == 63 { b'\n' } else { b'a' + u8::try_from(n % 23).unwrap() }));
    mail
}

/// A server with small mails, and one that needs two pieces.
async fn server() -> HostileImap {
    let server = HostileImap::start().await;
    for (number, bytes) in [(1, 0), (2, 300), (3, 2_100_000), (4, 1_000), (5, 70)] {
        server.deliver(&mail(number, bytes));
    }
    server
}

async fn open(server: &HostileImap) -> Result<Imap, ImapError> {
    let mut imap = Imap::connect(settings(server)).await?;
    imap.select().await?;
    Ok(imap)
}

/// Brings what comes after `last` on one line.
async fn bring(
    server: &HostileImap,
    last: &mut u32,
    come: &mut BTreeMap<u32, Vec<RawMail>>,
) -> Result<(), ImapError> {
    let mut imap = open(server).await?;
    loop {
        let fetched = imap.fetch_after(*last, 4 << 20, 3).await?;
        let Some(highest) = fetched.last() else { return Ok(()) };
        *last = highest.uid;
        for one in fetched {
            come.entry(one.uid).or_default().push(one.raw);
        }
    }
}

/// Tries again until it goes well, and says how often it did not.
async fn bring_all(server: &HostileImap) -> (BTreeMap<u32, Vec<RawMail>>, Vec<ImapError>) {
    let (mut last, mut come, mut errors) = (0, BTreeMap::new(), Vec::new());
    while let Err(error) = bring(server, &mut last, &mut come).await {
        errors.push(error);
        assert!(errors.len() < 10, "{errors:?}");
    }
    (come, errors)
}

fn whole(server: &HostileImap) -> BTreeMap<u32, Vec<RawMail>> {
    server.mails().into_iter().map(|mail| (mail.uid, vec![RawMail::Whole(mail.raw.into())])).collect()
}

/// Rows 4, 7, 14: a line that breaks off is not the end of a list, wherever it does.
#[tokio::test]
async fn a_line_that_is_dropped_at_any_byte_class_loses_nothing() {
    for class in Class::ALL {
        for after in [0, 1, 7, 30, 100_000] {
            let server = server().await;
            for _ in 0..2 {
                server.play(Whim::Drop(class, after));
            }
            let (come, _) = bring_all(&server).await;
            assert_eq!(come, whole(&server), "{class:?} {after}");
            assert_eq!(server.waiting(), [], "{class:?} {after}: it never happened");
        }
    }
}

#[tokio::test]
async fn a_line_that_falls_silent_at_any_byte_class_loses_nothing() {
    for class in Class::ALL {
        let server = server().await;
        server.play(Whim::Stall(class, 3));
        let (come, errors) = bring_all(&server).await;
        assert_eq!(come, whole(&server), "{class:?}");
        assert_eq!(server.waiting(), [], "{class:?}: it never happened");
        assert!(
            errors.iter().all(|error| matches!(error, ImapError::Timeout { .. })),
            "{class:?} {errors:?}"
        );
    }
}

/// Rows 12, 14, 20.
#[tokio::test]
async fn no_single_whim_loses_changes_or_doubles_a_mail() {
    let whims = [
        Whim::Size(0),
        Whim::Size(1),
        Whim::Size(3_000_000),
        Whim::Size(6_000_000),
        Whim::Size(u32::MAX),
        Whim::Backwards,
        Whim::News,
        Whim::RenumberAmidst,
        Whim::No("UID SEARCH"),
        Whim::Bad("UID FETCH"),
        Whim::No("UID FETCH"),
        Whim::No("NOOP"),
        Whim::Announce(1 << 30),
        Whim::Announce(1 << 40),
        Whim::AnnounceInSentence(70),
        Whim::Garbage,
        Whim::EndlessLine,
        Whim::Twice,
        Whim::Unasked,
        Whim::Nil,
        Whim::Omit,
        Whim::Bye,
        Whim::Overdeliver(0),
        Whim::Overdeliver(5_000_000),
    ];
    for whim in whims {
        let server = server().await;
        server.play(whim);
        // refused once, so that there is occasion for a question after it
        server.play(Whim::Omit);
        let (come, errors) = bring_all(&server).await;
        // an empty piece is the end of a mail, and one that is all there is cannot be known for a lie
        if whim != Whim::Overdeliver(0) {
            assert_eq!(come, whole(&server), "{whim:?}");
        }
        assert_eq!(come.keys().copied().collect::<Vec<_>>(), [1, 2, 3, 4, 5], "{whim:?}");
        assert!(come.values().all(|times| times.len() == 1), "{whim:?}");
        assert!(!server.waiting().contains(&whim), "{whim:?} never happened");
        assert!(errors.len() < 4, "{whim:?} {errors:?}");
    }
}

/// Any of them, one after the other.
#[tokio::test]
async fn no_row_of_whims_loses_a_mail() {
    for seed in 0..40 {
        let mut random = SmallRng::seed_from_u64(seed);
        let server = server().await;
        let whims: Vec<Whim> = (0..random.random_range(1..6))
            .map(|_| Whim::any(&mut random))
            // what removes and renumbers mails is followed by the ledger, not by the line
            .filter(|whim| !matches!(whim, Whim::Expunge | Whim::RenumberBefore))
            .collect();
        for whim in &whims {
            server.play(*whim);
        }
        let (come, _) = bring_all(&server).await;
        let expected = whole(&server);
        assert_eq!(come.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{seed} {whims:?}");
        for (uid, times) in come {
            let [one] = &times[..] else { panic!("seed {seed}: {uid} came {} times {whims:?}", times.len()) };
            // two empty answers in a row are how a damaged store speaks
            if *one != RawMail::Withheld {
                assert_eq!(*one, expected[&uid][0], "seed {seed}: {uid} {whims:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_literal_of_a_gigabyte_is_named_and_not_kept() {
    let server = server().await;
    server.damage(2, Damage::Announces(1 << 30));
    let mut imap = open(&server).await.unwrap();
    let first = imap.fetch_after(0, 4 << 20, 10).await.unwrap();
    assert_eq!(first.iter().map(|mail| mail.uid).collect::<Vec<_>>(), [1]);
    let error = imap.fetch_after(1, 4 << 20, 10).await.unwrap_err();
    assert!(
        matches!(&error, ImapError::Mail { uid: 2, words, .. } if words.contains("annuncia 1073741824 byte")),
        "{error}"
    );
    assert!(error.to_string().contains("127.0.0.1"), "{error}");
}

/// Row 14: what nobody can read holds up nobody else.
#[tokio::test]
async fn a_mail_that_brings_the_line_down_is_named_and_the_others_come() {
    for damage in [Damage::Garbage, Damage::Refused, Damage::Silence, Damage::Announces(600_000_000)] {
        let server = server().await;
        server.damage(3, damage);
        server.damage(5, damage);
        let (mut last, mut come, mut named) = (0, BTreeMap::new(), Vec::new());
        while let Err(error) = bring(&server, &mut last, &mut come).await {
            let ImapError::Mail { uid, .. } = error else { panic!("{damage:?} {error}") };
            named.push(uid);
            last = uid;
        }
        assert_eq!(named, [3, 5], "{damage:?}");
        let mut expected = whole(&server);
        expected.retain(|uid, _| ![3, 5].contains(uid));
        assert_eq!(come, expected, "{damage:?}");
    }
    let server = server().await;
    server.damage(2, Damage::Nil);
    let (come, _) = bring_all(&server).await;
    assert_eq!(come[&2], [RawMail::Withheld], "the server says itself that it has nothing");
}

/// Rows 12, 20: what another client removes in between is not an error, and takes nothing else along.
#[tokio::test]
async fn a_mail_that_is_removed_between_search_and_fetch_is_passed_over() {
    let server = server().await;
    for _ in 0..2 {
        server.play(Whim::Expunge);
    }
    let (come, errors) = bring_all(&server).await;
    assert_eq!(come, whole(&server));
    assert_eq!((come.len(), errors), (3, Vec::new()));
}

/// Row 20: under new numbers, what was asked for would be somebody else's mail.
#[tokio::test]
async fn a_folder_that_is_renumbered_amidst_is_opened_anew() {
    let server = server().await;
    server.expunge(1);
    let mut imap = open(&server).await.unwrap();
    server.play(Whim::RenumberAmidst);
    let error = imap.fetch_after(0, 4 << 20, 10).await.unwrap_err();
    assert!(error.to_string().contains("rinumerato la cartella"), "{error}");
    assert!(!server.heard().iter().any(|line| line.contains("BODY.PEEK")), "{:?}", server.heard());
}

/// Row 19: the size is known before anything is downloaded.
#[tokio::test]
async fn of_a_mail_that_is_too_large_only_the_header_is_asked_for() {
    let server = HostileImap::start().await;
    server.deliver(&mail(1, 8_000_000));
    server.deliver(&mail(2, 10));
    let (come, errors) = bring_all(&server).await;
    assert_eq!(errors, []);
    let header = RawMail::TooLarge { headers: b"Subject: Reclamo 1\r\n"[..].into() };
    assert_eq!(come, BTreeMap::from([(1, vec![header]), (2, vec![RawMail::Whole(mail(2, 10).into())])]));
    let asked: Vec<String> =
        server.heard().into_iter().filter(|line| line.starts_with("UID FETCH 1 ")).collect();
    assert_eq!(
        asked,
        [
            "UID FETCH 1 (UID INTERNALDATE BODY.PEEK[]<5242880.1>)",
            "UID FETCH 1 (UID BODY.PEEK[HEADER]<0.65536>)"
        ]
    );
    assert_eq!(server.mails().len(), 2, "it stays where it is");
}

/// Row 19: whatever a server says of a mail's size.
#[tokio::test]
async fn a_huge_mail_that_is_said_to_be_small_is_cut_at_the_limit() {
    let server = HostileImap::start().await;
    server.deliver(&mail(1, 20));
    server.deliver(&mail(2, 9_000_000));
    server.deliver(&mail(3, 20));
    server.play(Whim::Size(40));
    let (come, errors) = bring_all(&server).await;
    assert_eq!(errors, []);
    assert_eq!(come[&2], [RawMail::TooLarge { headers: b"Subject: Reclamo 2\r\n"[..].into() }]);
    assert_eq!((come[&1].len(), come[&3].len()), (1, 1));
}

/// Row 6: whether somebody has read a mail, or marked it, is nothing to us.
#[tokio::test]
async fn all_mails_of_a_folder_are_listed_and_any_of_them_can_be_fetched() {
    let server = server().await;
    server.expunge(4);
    let mut imap = open(&server).await.unwrap();
    assert_eq!(imap.all_uids().await.unwrap(), [1, 2, 3, 5]);
    let uids = |fetched: Vec<riscontro::channel::email::imap::Fetched>| {
        fetched.iter().map(|mail| mail.uid).collect::<Vec<_>>()
    };
    assert_eq!(uids(imap.fetch_uids(&[5, 4, 2, 5], 4 << 20, 10).await.unwrap()), [2, 5]);
    assert_eq!(uids(imap.fetch_uids(&[5, 3, 1], 1, 10).await.unwrap()), [1], "one at least");
    assert_eq!(uids(imap.fetch_uids(&[4, 99], 4 << 20, 10).await.unwrap()), Vec::<u32>::new());
    assert_eq!(uids(imap.fetch_uids(&[], 4 << 20, 10).await.unwrap()), Vec::<u32>::new());
    // the walk through new mail is not disturbed by it
    assert_eq!(uids(imap.fetch_after(2, 4 << 20, 10).await.unwrap()), [3, 5]);
    server.play(Whim::No("UID SEARCH"));
    assert!(
        matches!(imap.all_uids().await, Err(ImapError::Refused { .. })),
        "a refused list is not an empty one"
    );
}

#[tokio::test]
async fn a_folder_of_200_000_mails_is_listed() {
    let server = HostileImap::start().await;
    for _ in 0..200_000 {
        server.deliver(b"");
    }
    let mut imap =
        Imap::connect(ImapSettings { timeout: Duration::from_secs(30), ..settings(&server) }).await.unwrap();
    imap.select().await.unwrap();
    assert_eq!(imap.all_uids().await.unwrap(), (1..=200_000).collect::<Vec<u32>>());
}

#[tokio::test]
async fn a_token_opens_the_mailbox_in_one_step_or_in_two() {
    let server = server().await;
    server.accept_token("ya29.buono");
    let with = |token: &str| ImapSettings { sign_in: SignIn::Token(token.into()), ..settings(&server) };
    let mut imap = Imap::connect(with("ya29.buono")).await.unwrap();
    assert_eq!(imap.select().await.unwrap().exists, 5);
    let words = data_encoding::BASE64.encode(b"user=reclami@ente.example\x01auth=Bearer ya29.buono\x01\x01");
    assert_eq!(server.heard()[0], format!("AUTHENTICATE XOAUTH2 {words}"));

    server.set_capabilities("IMAP4rev1 AUTH=XOAUTH2");
    let before = server.heard().len();
    Imap::connect(with("ya29.buono")).await.unwrap();
    assert_eq!(server.heard()[before..before + 2], ["AUTHENTICATE XOAUTH2".to_owned(), words]);
}

#[tokio::test]
async fn a_token_that_is_refused_is_told_in_the_servers_words() {
    let server = server().await;
    server.accept_token("ya29.buono");
    for capabilities in ["IMAP4rev1 SASL-IR", "IMAP4rev1"] {
        server.set_capabilities(capabilities);
        let expired = ImapSettings { sign_in: SignIn::Token("ya29.scaduto".into()), ..settings(&server) };
        let error = Imap::connect(expired).await.unwrap_err();
        assert!(
            matches!(&error, ImapError::Token { words, .. } if words.contains("credenziali scadute")),
            "{error:?}"
        );
        assert!(!error.to_string().contains("ya29"), "{error}");
        // the complaint in base64 was answered with an empty line
        assert_eq!(server.heard().last().unwrap(), "");
    }
    let error = Imap::connect(settings(&server)).await.unwrap_err();
    assert!(matches!(&error, ImapError::Credentials { .. }), "{error:?}");
}
