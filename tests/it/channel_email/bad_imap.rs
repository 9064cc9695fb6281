//! Our IMAP line with servers that behave as badly as some do.

use std::time::{Duration, Instant};

use entity::mailbox::Security;
use riscontro::channel::email::{
    RawMail,
    imap::{Imap, ImapError, ImapSettings},
    sign_in::SignIn,
};
use tokio_util::sync::CancellationToken;

use super::{
    script::{Answer, Script},
    trust,
};

fn settings(port: u16) -> ImapSettings {
    ImapSettings {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::Insecure,
        user: "anna".to_owned(),
        sign_in: SignIn::Password("pa\"ss\\word".into()),
        folder: "INBOX".to_owned(),
        timeout: Duration::from_millis(700),
        trust: trust(),
        max_bytes: 5 << 20,
    }
}

/// A server with the mails 1 to 3, whose answer to fetching bodies is `fetch`.
async fn server(fetch: fn(&str) -> Option<Answer>) -> Script {
    Script::start("* OK pronto\r\n", move |line| {
        let (tag, command) = line.split_once(' ').unwrap_or((line, ""));
        if let Some(answer) = fetch(command) {
            return match answer {
                Answer::Say(text) => Answer::Say(text.replace("TAG", tag)),
                Answer::HangUp(text) => Answer::HangUp(text.replace("TAG", tag)),
            };
        }
        let list = match command.split(' ').collect::<Vec<_>>()[..] {
            ["CAPABILITY", ..] => "* CAPABILITY IMAP4rev1\r\n".to_owned(),
            ["SELECT", ..] => "* 3 EXISTS\r\n* OK [UIDVALIDITY 9] x\r\n* OK [PERMANENTFLAGS (\\Seen)] x\r\n".to_owned(),
            ["UID", "SEARCH", ..] => "* SEARCH 3 1\r\n* SEARCH 2\r\n".to_owned(),
            ["UID", "FETCH", _, "(UID", "RFC822.SIZE", ..] => {
                let row = |uid| format!("* {uid} FETCH (INTERNALDATE \"21-Nov-2026 10:00:00 +0100\" RFC822.SIZE 5 UID {uid})\r\n");
                [3, 1, 2].map(row).concat()
            }
            ["UID", "FETCH", set, ..] => (1..=3).filter(|uid| covers(set, *uid)).map(body).collect(),
            _ => String::new(),
        };
        Answer::Say(format!("{list}{tag} OK fatto\r\n"))
    })
    .await
}

fn covers(set: &str, uid: u32) -> bool {
    set.split(',').any(|range| {
        let (first, last) = range.split_once(':').unwrap_or((range, range));
        (first.parse::<u32>().unwrap()..=last.parse().unwrap()).contains(&uid)
    })
}

fn body(uid: u32) -> String {
    format!("* {uid} FETCH (UID {uid} BODY[] {{5}}\r\nmail{uid})\r\n")
}

async fn open(server: &Script) -> Imap {
    let mut imap = Imap::connect(settings(server.port)).await.unwrap();
    imap.select().await.unwrap();
    imap
}

async fn fetch(server: &Script) -> Result<Vec<(u32, RawMail)>, ImapError> {
    let fetched = open(server).await.fetch_after(0, 1 << 20, 10).await?;
    Ok(fetched.into_iter().map(|mail| (mail.uid, mail.raw)).collect())
}

fn whole(uid: u32) -> (u32, RawMail) {
    (uid, RawMail::Whole(format!("mail{uid}").into()))
}

#[tokio::test]
async fn answers_in_any_order_with_news_in_between_are_sorted_out() {
    let server = server(|command| {
        let news = "* 4 EXISTS\r\n* 2 FETCH (FLAGS (\\Seen) UID 2)\r\n* OK Still here\r\n* 1 EXPUNGE\r\n";
        command
            .starts_with("UID FETCH 1:3 (UID BODY")
            .then(|| Answer::Say(format!("{}{news}{}{}TAG OK\r\n", body(3), body(1), body(2))))
    })
    .await;
    let mut imap = open(&server).await;
    let fetched = imap.fetch_after(0, 1 << 20, 10).await.unwrap();
    assert_eq!(
        fetched.iter().map(|mail| (mail.uid, mail.raw.clone())).collect::<Vec<_>>(),
        [whole(1), whole(2), whole(3)]
    );
    assert_eq!(fetched[0].received_at.unwrap().to_rfc3339(), "2026-11-21T09:00:00+00:00");
    // the fourth mail was told in passing: waiting does not overlook it
    let started = Instant::now();
    imap.idle(Duration::from_secs(20), &CancellationToken::new()).await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(server.heard()[0], "A0001 LOGIN \"anna\" \"pa\\\"ss\\\\word\"");
}

#[tokio::test]
async fn a_mail_that_is_missing_from_a_good_answer_was_removed_once_it_is_missing_twice() {
    let forgetful = |command: &str| {
        command.starts_with("UID FETCH 1:3 (UID BODY").then(|| Answer::Say(format!("{}TAG OK\r\n", body(1))))
    };
    let remembers_when_asked = server(forgetful).await;
    assert_eq!(fetch(&remembers_when_asked).await.unwrap(), [whole(1), whole(2), whole(3)]);
    let gone = server(|command| match command {
        c if c.starts_with("UID FETCH 2 (UID ") => Some(Answer::Say("TAG OK\r\n".to_owned())),
        "UID SEARCH UID 2" => Some(Answer::Say("* SEARCH\r\nTAG OK\r\n".to_owned())),
        c if c.starts_with("UID FETCH 1:3 (UID BODY") => {
            Some(Answer::Say(format!("{}{}TAG OK\r\n", body(1), body(3))))
        }
        _ => None,
    })
    .await;
    assert_eq!(fetch(&gone).await.unwrap(), [whole(1), whole(3)]);
}

#[tokio::test]
async fn a_mail_that_is_listed_and_not_given_is_not_taken_for_removed() {
    let ghosts = server(|command| bodies(command).then(|| Answer::Say("TAG OK\r\n".to_owned()))).await;
    let error = fetch(&ghosts).await.unwrap_err();
    assert!(matches!(&error, ImapError::Mail { uid: 1, .. }), "{error}");
    let sizeless = server(|command| {
        command
            .contains("RFC822.SIZE")
            .then(|| Answer::Say("* 1 FETCH (RFC822.SIZE 5 UID 1)\r\nTAG OK\r\n".to_owned()))
    })
    .await;
    let mut imap = open(&sizeless).await;
    let mut uids = Vec::new();
    while let Some(mail) =
        imap.fetch_after(uids.last().copied().unwrap_or(0), 1 << 20, 10).await.unwrap().pop()
    {
        uids.push(mail.uid);
    }
    assert_eq!(uids, [1, 2, 3]);
}

#[tokio::test]
async fn a_refused_list_is_not_taken_for_an_empty_one() {
    let refused = server(|command| {
        command.starts_with("UID SEARCH").then(|| Answer::Say("TAG NO occupato\r\n".to_owned()))
    })
    .await;
    let error = fetch(&refused).await.unwrap_err();
    assert!(error.to_string().ends_with("Il server dice: occupato"), "{error}");
}

#[tokio::test]
async fn a_line_that_breaks_off_is_not_taken_for_the_end_of_a_list() {
    // asked for together, then alone on a new line, which breaks off too: it is this mail
    let words = async |server: Script| match fetch(&server).await {
        Err(ImapError::Mail { uid: 1, words, .. }) => words,
        other => panic!("{other:?}"),
    };
    let hangs_up = server(|command| bodies(command).then(|| Answer::HangUp(body(1)))).await;
    assert!(words(hangs_up).await.contains("si è interrotta"));

    let in_the_middle = server(|command| {
        bodies(command).then(|| Answer::HangUp("* 2 FETCH (UID 2 BODY[] {500}\r\nmai".to_owned()))
    })
    .await;
    assert!(words(in_the_middle).await.contains("si è interrotta"));

    let says_goodbye =
        server(|command| bodies(command).then(|| Answer::Say(format!("{}* BYE si chiude\r\n", body(1)))))
            .await;
    assert!(words(says_goodbye).await.contains("si chiude"));

    let raves =
        server(|command| bodies(command).then(|| Answer::Say("* 2 FETCH ((anna@example.it\r\n".to_owned())))
            .await;
    let said = words(raves).await;
    assert!(said.contains("incomprensibile"), "{said}");
    assert!(!said.contains("anna"), "what was received may be somebody's words");

    let falls_silent = server(|command| bodies(command).then(|| Answer::Say(body(1)))).await;
    assert!(words(falls_silent).await.contains("non ha risposto"));

    // in a list of mails there is none to blame
    let lists_nothing =
        server(|command| command.starts_with("UID SEARCH").then(|| Answer::HangUp("* SEARCH 1".to_owned())))
            .await;
    assert!(matches!(fetch(&lists_nothing).await, Err(ImapError::Closed { .. })));
}

fn bodies(command: &str) -> bool {
    command.starts_with("UID FETCH") && command.contains("BODY.PEEK")
}

#[tokio::test]
async fn one_mail_that_is_not_handed_over_is_named_and_the_others_come() {
    let poisoned = server(|command| {
        let set = command.strip_prefix("UID FETCH ").filter(|_| bodies(command))?.split(' ').next()?;
        covers(set, 2).then(|| Answer::Say("TAG NO [SERVERBUG] messaggio guasto\r\n".to_owned()))
    })
    .await;
    let mut imap = open(&poisoned).await;
    let uids = |fetched: Vec<riscontro::channel::email::imap::Fetched>| {
        fetched.iter().map(|mail| mail.uid).collect::<Vec<_>>()
    };
    assert_eq!(uids(imap.fetch_after(0, 1 << 20, 10).await.unwrap()), [1]);
    let error = imap.fetch_after(1, 1 << 20, 10).await.unwrap_err();
    assert!(
        matches!(&error, ImapError::Mail { uid: 2, words, .. } if words.contains("messaggio guasto")),
        "{error}"
    );
    assert_eq!(uids(imap.fetch_after(2, 1 << 20, 10).await.unwrap()), [3]);

    let empty = server(|command| {
        bodies(command).then(|| Answer::Say("* 1 FETCH (UID 1 BODY[] NIL)\r\nTAG OK\r\n".to_owned()))
    })
    .await;
    assert_eq!(fetch(&empty).await.unwrap(), [(1, RawMail::Withheld)]);
}

#[tokio::test]
async fn a_size_that_was_a_lie_does_no_harm() {
    let lies = server(|command| {
        let first = command.contains("BODY.PEEK[]<0.");
        let row = "* 1 FETCH (RFC822.SIZE 3000000 UID 1)\r\nTAG OK\r\n";
        let piece = "* 1 FETCH (UID 1 BODY[]<0> {5}\r\nmail1)\r\nTAG OK\r\n";
        command
            .starts_with("UID FETCH 1:3 ")
            .then(|| Answer::Say(row.to_owned()))
            .or_else(|| first.then(|| Answer::Say(piece.to_owned())))
    })
    .await;
    assert_eq!(fetch(&lies).await.unwrap(), [whole(1)]);
}

#[tokio::test]
async fn another_part_of_a_mail_is_not_taken_for_the_mail() {
    const PARTS: &str =
        "* 1 FETCH (UID 1 BODY[HEADER] {3}\r\nabc)\r\n* 2 FETCH (UID 2 BODY[]<7> {3}\r\nabc)\r\n";
    let says_more = server(|command| {
        let (_, items) = command.split_once("(UID ").filter(|_| bodies(command))?;
        let others = if items.contains('<') { String::new() } else { body(3) };
        let alone = ["1", "2"].iter().find(|uid| command.starts_with(&format!("UID FETCH {uid} ")));
        let mail = alone.map_or(String::new(), |uid| body(uid.parse().unwrap()));
        Some(Answer::Say(format!("{PARTS}{others}{mail}TAG OK\r\n")))
    })
    .await;
    assert_eq!(fetch(&says_more).await.unwrap(), [whole(1), whole(2), whole(3)]);
}

#[tokio::test]
async fn after_a_silence_nothing_more_is_heard_on_the_line() {
    let late = server(|command| (command == "UID SEARCH ALL").then(|| Answer::Say(String::new()))).await;
    let mut imap = open(&late).await;
    assert!(matches!(imap.all_uids().await, Err(ImapError::Timeout { .. })));
    // what comes now may be the answer to what was asked before
    assert!(matches!(imap.all_uids().await, Err(ImapError::Closed { .. })));
    assert!(matches!(imap.fetch_after(0, 1 << 20, 10).await, Err(ImapError::Closed { .. })));
}

#[tokio::test]
async fn without_move_only_what_was_copied_is_removed() {
    for (capabilities, last) in
        [("IMAP4rev1 UIDPLUS", "UID EXPUNGE 1:2"), ("IMAP4rev1", "UID STORE 1:2 +FLAGS.SILENT (\\Deleted)")]
    {
        let script: fn(&str) -> Option<Answer> = if capabilities.contains("UIDPLUS") {
            |command| {
                (command == "CAPABILITY")
                    .then(|| Answer::Say("* CAPABILITY IMAP4rev1 UIDPLUS\r\nTAG OK\r\n".to_owned()))
            }
        } else {
            |_| None
        };
        let server = server(script).await;
        let mut imap = open(&server).await;
        imap.move_to(&[1, 2], "Fatti").await.unwrap();
        imap.flag(&[3]).await.unwrap();
        let said: Vec<String> =
            server.heard().iter().filter_map(|line| Some(line.split_once(' ')?.1.to_owned())).collect();
        assert!(said.contains(&"UID COPY 1:2 \"Fatti\"".to_owned()), "{said:?}");
        assert_eq!(said[said.len() - 2], last);
        assert_eq!(said[said.len() - 1], "UID STORE 3 +FLAGS.SILENT (\\Flagged)", "no marks of our own here");
        assert!(!said.iter().any(|line| line == "EXPUNGE"));
    }
}

#[tokio::test]
async fn a_server_without_stable_numbers_or_without_words_is_refused() {
    let unstable = server(|command| {
        command.starts_with("SELECT").then(|| Answer::Say("* 3 EXISTS\r\nTAG OK\r\n".to_owned()))
    })
    .await;
    let error = Imap::connect(settings(unstable.port)).await.unwrap().select().await.unwrap_err();
    assert!(error.to_string().contains("UIDVALIDITY"), "{error}");

    let mute = Script::start("", |_| Answer::Say(String::new())).await;
    assert!(matches!(Imap::connect(settings(mute.port)).await, Err(ImapError::Timeout { .. })));

    let closed = Script::start("* BYE troppe connessioni\r\n", |_| Answer::Say(String::new())).await;
    let error = Imap::connect(settings(closed.port)).await.unwrap_err();
    assert!(error.to_string().contains("troppe connessioni"), "{error}");

    let in_clear_only =
        ImapSettings { security: Security::Starttls, ..settings(server(|_| None).await.port) };
    let refuses_tls = Script::start("* OK\r\n", |line| {
        Answer::Say(format!("{} BAD no TLS\r\n", line.split(' ').next().unwrap()))
    })
    .await;
    let error = Imap::connect(ImapSettings { port: refuses_tls.port, ..in_clear_only }).await.unwrap_err();
    assert!(matches!(&error, ImapError::Tls { words, .. } if words == "no TLS"), "{error:?}");
    assert_eq!(refuses_tls.heard().len(), 1, "no password was said in clear");
}
