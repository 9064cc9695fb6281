//! Our SMTP line with the sink, and with servers that have whims.

use std::time::Duration;

use entity::{communication::Address, mailbox::Security as Line};
use riscontro::{
    channel::email::{
        compose::compose,
        parse::parse,
        sign_in::SignIn,
        smtp::{ExitSettings, Login, Mailer, Memory, SmtpSettings},
        tls::Trust,
    },
    domain::mail::{OutgoingLetter, SendOutcome},
};

use super::{
    script::{Answer, Script},
    trust,
};
use crate::support::smtp_sink::{Security, SmtpSink};

fn settings(sink: &SmtpSink, security: Line) -> SmtpSettings {
    SmtpSettings {
        host: "localhost".to_owned(),
        port: sink.port,
        security,
        user: SmtpSink::USER.to_owned(),
        login: Login::Fixed(SignIn::Password(SmtpSink::PASSWORD.into())),
        hello_name: "ente.example".to_owned(),
        timeout: Duration::from_secs(10),
        trust: trust(),
    }
}

fn mailer(settings: SmtpSettings) -> Mailer {
    Mailer::for_mailbox(&ExitSettings::Smtp(settings)).unwrap()
}

fn letter(recipient: &str, automatic: bool) -> OutgoingLetter {
    let address = |address: &str| Address { name: String::new(), address: address.to_owned() };
    OutgoingLetter {
        message_id: "1.a@ente.example".to_owned(),
        date: "2026-11-21T09:30:00Z".parse().unwrap(),
        from: address(SmtpSink::USER),
        reply_to: None,
        to: vec![address(recipient)],
        cc: vec![],
        recipient: recipient.to_owned(),
        subject: "Perché no".to_owned(),
        text: "Buongiorno,\n.\n..\ncordiali saluti".to_owned(),
        language: entity::language::Language::It,
        references: vec![],
        attachments: vec![],
        automatic,
        return_path: (!automatic).then(|| SmtpSink::USER.to_owned()),
        pec: false,
    }
}

async fn send(mailer: &Mailer, letter: &OutgoingLetter) -> SendOutcome {
    mailer.send(letter, &compose(letter).unwrap()).await
}

#[tokio::test]
async fn letters_leave_under_every_protection_and_arrive_as_written() {
    for (there, here) in [
        (Security::Plain, Line::Insecure),
        (Security::StartTls, Line::Starttls),
        (Security::Implicit, Line::Tls),
    ] {
        let sink = SmtpSink::start(there).await;
        let mailer = mailer(settings(&sink, here));
        mailer.test().await.unwrap();
        let letter = letter("anna@example.it", false);
        assert_eq!(send(&mailer, &letter).await, SendOutcome::Sent);
        let taken = sink.wait_for(1).await;
        assert_eq!(
            (taken[0].from.as_str(), &taken[0].to[..]),
            (SmtpSink::USER, &["anna@example.it".to_owned()][..])
        );
        assert_eq!(parse(&taken[0].bytes).text, letter.text);
        assert_eq!(sink.connections()[taken[0].connection].encrypted, here != Line::Insecure);
    }
}

#[tokio::test]
async fn an_automatic_letter_leaves_without_a_return_path() {
    let sink = SmtpSink::start(Security::StartTls).await;
    let mailer = mailer(settings(&sink, Line::Starttls));
    assert_eq!(send(&mailer, &letter("anna@example.it", true)).await, SendOutcome::Sent);
    assert_eq!(sink.wait_for(1).await[0].from, "");
}

#[tokio::test]
async fn lines_are_used_again_also_after_a_refusal() {
    let sink = SmtpSink::start(Security::StartTls).await;
    sink.refuse("nessuno@example.it");
    sink.greylist("lento@example.it", 1);
    let mailer = mailer(settings(&sink, Line::Starttls));
    assert_eq!(send(&mailer, &letter("anna@example.it", false)).await, SendOutcome::Sent);
    let refused = send(&mailer, &letter("nessuno@example.it", true)).await;
    assert!(matches!(&refused, SendOutcome::Refused(words) if words.starts_with("550 5.1.1")), "{refused:?}");
    let put_off = send(&mailer, &letter("lento@example.it", false)).await;
    assert!(matches!(&put_off, SendOutcome::Retry(words) if words.starts_with("451")), "{put_off:?}");
    assert_eq!(send(&mailer.clone(), &letter("lento@example.it", false)).await, SendOutcome::Sent);
    assert_eq!(sink.connections().iter().map(|one| one.letters).collect::<Vec<_>>(), [2]);
}

#[tokio::test]
async fn our_own_account_is_told_from_a_refused_letter() {
    let sink = SmtpSink::start(Security::StartTls).await;
    let login = Login::Fixed(SignIn::Password("sbagliata".into()));
    let wrong = mailer(SmtpSettings { login, ..settings(&sink, Line::Starttls) });
    let outcome = send(&wrong, &letter("anna@example.it", false)).await;
    assert!(
        matches!(&outcome, SendOutcome::AccountRefused(words) if words.starts_with("535")),
        "{outcome:?}"
    );
    assert!(wrong.test().await.unwrap_err().starts_with("535"));

    let nameless = mailer(SmtpSettings { user: String::new(), ..settings(&sink, Line::Insecure) });
    let outcome = send(&nameless, &letter("anna@example.it", false)).await;
    assert!(
        matches!(&outcome, SendOutcome::AccountRefused(words) if words.starts_with("530")),
        "{outcome:?}"
    );

    let plain = SmtpSink::start(Security::Plain).await;
    let no_starttls =
        send(&mailer(settings(&plain, Line::Starttls)), &letter("anna@example.it", false)).await;
    assert!(
        matches!(&no_starttls, SendOutcome::AccountRefused(words) if words.contains("STARTTLS")),
        "{no_starttls:?}"
    );
    assert_eq!(plain.connections()[0].user, None, "no password was said in clear");
}

#[tokio::test]
async fn what_may_pass_is_tried_again() {
    let sink = SmtpSink::start(Security::Implicit).await;
    let distrusted = SmtpSettings { trust: Trust::load(None).unwrap(), ..settings(&sink, Line::Tls) };
    let outcome = send(&mailer(distrusted), &letter("anna@example.it", false)).await;
    assert!(matches!(outcome, SendOutcome::Retry(_)), "{outcome:?}");

    let nobody = SmtpSettings { port: 1, ..settings(&sink, Line::Tls) };
    let outcome = send(&mailer(nobody), &letter("anna@example.it", false)).await;
    assert!(
        matches!(&outcome, SendOutcome::Retry(words) if words.starts_with("localhost:1: ")),
        "{outcome:?}"
    );

    // taken, and the answer lost: we cannot know, so it leaves again as the same letter
    sink.hang_up_after_data(1);
    let mailer = mailer(settings(&sink, Line::Tls));
    let same = letter("anna@example.it", false);
    assert!(matches!(send(&mailer, &same).await, SendOutcome::Retry(_)));
    assert_eq!(send(&mailer, &same).await, SendOutcome::Sent);
    let taken = sink.wait_for(2).await;
    assert_eq!(taken[0].bytes, taken[1].bytes);
}

#[tokio::test]
async fn a_slow_answer_is_never_read_as_the_answer_to_the_next_letter() {
    let sink = SmtpSink::start(Security::Plain).await;
    let mailer = mailer(SmtpSettings { timeout: Duration::from_secs(2), ..settings(&sink, Line::Insecure) });
    assert_eq!(send(&mailer, &letter("anna@example.it", false)).await, SendOutcome::Sent);
    sink.answer_after(Duration::from_millis(700));
    let outcome = send(&mailer, &letter("anna@example.it", false)).await;
    assert!(
        matches!(&outcome, SendOutcome::Retry(words) if words.ends_with("entro 2 secondi")),
        "{outcome:?}"
    );
    sink.answer_after(Duration::ZERO);
    sink.refuse("nessuno@example.it");
    assert!(matches!(send(&mailer, &letter("nessuno@example.it", false)).await, SendOutcome::Refused(_)));
    assert_eq!(sink.connections().len(), 2);
}

/// A server that takes everything but what `whim` picks out.
async fn whimsical(whim: fn(&str) -> Option<Answer>) -> (Script, Mailer) {
    let server = Script::start("220 pronto\r\n", move |line| {
        let usual = match line {
            "DATA" => "354 scrivi\r\n",
            "." => "250 preso\r\n",
            line if ["EHLO ", "MAIL ", "RCPT ", "RSET"].iter().any(|verb| line.starts_with(verb)) => {
                "250 va bene\r\n"
            }
            _ => "",
        };
        whim(line).unwrap_or_else(|| Answer::Say(usual.to_owned()))
    })
    .await;
    let settings = SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: server.port,
        security: Line::Insecure,
        user: String::new(),
        login: Login::Fixed(SignIn::Password("".into())),
        hello_name: String::new(),
        timeout: Duration::from_secs(5),
        trust: trust(),
    };
    let mailer = mailer(settings);
    (server, mailer)
}

/// Answers a line that begins so.
fn to(line: &str, beginning: &str, answer: &str) -> Option<Answer> {
    line.starts_with(beginning).then(|| Answer::Say(format!("{answer}\r\n")))
}

#[tokio::test]
async fn a_line_that_died_while_it_waited_is_replaced() {
    let (server, mailer) =
        whimsical(|line| (line == ".").then(|| Answer::HangUp("250 preso\r\n".to_owned()))).await;
    for _ in 0..2 {
        assert_eq!(send(&mailer, &letter("anna@example.it", false)).await, SendOutcome::Sent);
    }
    assert_eq!(server.heard().iter().filter(|line| line.starts_with("EHLO")).count(), 2);
}

#[tokio::test]
async fn a_server_that_wants_a_return_path_gets_ours() {
    let (server, mailer) = whimsical(|line| to(line, "MAIL FROM:<>", "501 5.1.7 chi scrive?")).await;
    for _ in 0..2 {
        assert_eq!(send(&mailer, &letter("anna@example.it", true)).await, SendOutcome::Sent);
    }
    let senders: Vec<String> = server.heard().into_iter().filter(|line| line.starts_with("MAIL")).collect();
    let ours = format!("MAIL FROM:<{}>", SmtpSink::USER);
    assert_eq!(senders, ["MAIL FROM:<>".to_owned(), ours.clone(), ours], "asked once, then remembered");
}

#[tokio::test]
async fn who_is_refused_decides_what_is_done() {
    let (_server, mailer) =
        whimsical(|line| to(line, "MAIL", "550 5.7.60 non puoi scrivere come questo mittente")).await;
    let outcome = send(&mailer, &letter("anna@example.it", true)).await;
    assert!(matches!(outcome, SendOutcome::AccountRefused(_)), "{outcome:?}");

    let (_server, mailer) = whimsical(|line| to(line, "RCPT", "530 5.7.0 autenticati")).await;
    let outcome = send(&mailer, &letter("anna@example.it", false)).await;
    assert!(matches!(outcome, SendOutcome::AccountRefused(_)), "{outcome:?}");

    let (_server, mailer) =
        whimsical(|line| (line == ".").then(|| Answer::Say("554 5.6.0 contenuto rifiutato\r\n".to_owned())))
            .await;
    let outcome = send(&mailer, &letter("anna@example.it", false)).await;
    assert_eq!(outcome, SendOutcome::Refused("554 5.6.0 contenuto rifiutato".to_owned()));

    let accented = letter("nicolò@example.it", false);
    let (server, mailer) = whimsical(|_| None).await;
    assert!(matches!(send(&mailer, &accented).await, SendOutcome::Refused(_)));
    assert!(!server.heard().iter().any(|line| line.starts_with("MAIL")));
}

#[tokio::test]
async fn a_folder_holds_each_letter_once() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = Mailer::for_mailbox(&ExitSettings::Folder(folder.path().join("out"))).unwrap();
    mailer.test().await.unwrap();
    let letter = letter("anna@example.it", false);
    for _ in 0..2 {
        assert_eq!(send(&mailer, &letter).await, SendOutcome::Sent);
    }
    let files: Vec<_> = std::fs::read_dir(folder.path().join("out/new"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1);
    assert_eq!(std::fs::read(&files[0]).unwrap(), compose(&letter).unwrap());

    std::fs::write(folder.path().join("file"), "").unwrap();
    let nowhere = Mailer::for_mailbox(&ExitSettings::Folder(folder.path().join("file/out"))).unwrap();
    assert!(matches!(send(&nowhere, &letter).await, SendOutcome::Retry(words) if words.contains("file/out")));
    assert!(nowhere.test().await.is_err());
}

#[tokio::test]
async fn memory_answers_as_it_is_told() {
    let memory = Memory::default();
    memory.answer_with(SendOutcome::Retry("dopo".to_owned()));
    let mailer = Mailer::for_mailbox(&ExitSettings::Memory(memory.clone())).unwrap();
    assert_eq!(send(&mailer, &letter("anna@example.it", false)).await, SendOutcome::Retry("dopo".to_owned()));
    assert_eq!(send(&mailer, &letter("anna@example.it", false)).await, SendOutcome::Sent);
    assert_eq!(memory.sent().len(), 1);
}
