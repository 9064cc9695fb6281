//! Our test servers, seen by the client libraries that the application uses: a test that fails should not send anybody
//! looking for a mistake in its server.

use std::time::{Duration, Instant};

use async_imap::extensions::idle::IdleResponse;
use async_imap::{Client, Session};
use futures_util::TryStreamExt;
use lettre::address::Envelope;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransportBuilder, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::support::certificate;
use crate::support::dovecot::{Dovecot, ListedMail};
use crate::support::smtp_sink::{Security, SmtpSink};

const USER: &str = "reclami";
const MAIL: &[u8] = b"From: anna@example.it\r\nSubject: Reclamo\r\n\r\nIl bidone non passa.\r\n";

async fn encrypt(stream: TcpStream) -> TlsStream<TcpStream> {
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(certificate::localhost().client_config()).connect(name, stream).await.unwrap()
}

async fn over_tls(dovecot: &Dovecot) -> Session<TlsStream<TcpStream>> {
    let stream = TcpStream::connect(("127.0.0.1", dovecot.tls_port)).await.unwrap();
    let mut client = Client::new(encrypt(stream).await);
    client.read_response().await.unwrap().expect("a greeting");
    client.login(USER, Dovecot::PASSWORD).await.map_err(|(error, _)| error).unwrap()
}

async fn over_starttls(
    dovecot: &Dovecot,
    password: &str,
) -> async_imap::error::Result<Session<TlsStream<TcpStream>>> {
    let mut client = Client::new(TcpStream::connect(("127.0.0.1", dovecot.starttls_port)).await.unwrap());
    client.read_response().await.unwrap().expect("a greeting");
    client.run_command_and_check_ok("STARTTLS", None).await.unwrap();
    let client = Client::new(encrypt(client.into_inner()).await);
    client.login(USER, password).await.map_err(|(error, _)| error)
}

#[tokio::test]
async fn dovecot_serves_mail_over_tls_and_starttls() {
    let Some(dovecot) = Dovecot::start() else { return };
    dovecot.append(USER, "INBOX", MAIL);

    for mut session in [
        over_tls(&dovecot).await,
        over_starttls(&dovecot, Dovecot::PASSWORD).await.expect("the right password"),
    ] {
        assert_eq!(session.select("INBOX").await.unwrap().exists, 1);
        let fetched: Vec<_> =
            session.uid_fetch("1", "BODY.PEEK[]").await.unwrap().try_collect().await.unwrap();
        assert_eq!(fetched[0].body(), Some(MAIL));
        session.logout().await.unwrap();
    }
}

#[tokio::test]
async fn dovecot_refuses_a_wrong_password() {
    let Some(dovecot) = Dovecot::start() else { return };

    let refused = over_starttls(&dovecot, "sbagliata").await.expect_err("a wrong password");
    assert!(refused.to_string().contains("AUTHENTICATIONFAILED"), "{refused}");
}

#[tokio::test]
async fn dovecot_wakes_an_idle_client_and_cuts_it_off() {
    let Some(dovecot) = Dovecot::start() else { return };
    let mut session = over_tls(&dovecot).await;
    session.select("INBOX").await.unwrap();

    let mut idle = session.idle();
    idle.init().await.unwrap();
    let (wait, _keep) = idle.wait_with_timeout(Duration::from_secs(20));
    dovecot.append(USER, "INBOX", MAIL);
    assert!(matches!(wait.await.unwrap(), IdleResponse::NewData(_)), "new mail wakes the client");
    let mut session = idle.done().await.unwrap();

    dovecot.kick(USER);
    let cut_off = async { while session.noop().await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(10), cut_off).await.expect("the connection is gone");
}

#[test]
fn dovecot_lists_moves_and_expunges() {
    let Some(dovecot) = Dovecot::start() else { return };
    let unseen = |uid| ListedMail { uid, flags: Vec::new() };
    for number in 1..=3 {
        dovecot.append(USER, "INBOX", format!("Subject: {number}\r\n\r\n").as_bytes());
    }
    assert_eq!(dovecot.list(USER, "INBOX"), [unseen(1), unseen(2), unseen(3)]);

    dovecot.expunge(USER, "INBOX", 2);
    dovecot.move_mail(USER, "INBOX", 3, "Reclami/Evasi");
    assert_eq!(dovecot.list(USER, "INBOX"), [unseen(1)]);
    assert_eq!(dovecot.list(USER, "Reclami/Evasi"), [unseen(1)]);

    dovecot.append(USER, "INBOX", MAIL);
    assert_eq!(dovecot.list(USER, "INBOX"), [unseen(1), unseen(4)], "numbers are not used twice");
}

#[tokio::test]
async fn dovecot_forgets_its_numbers_on_demand() {
    let Some(dovecot) = Dovecot::start() else { return };
    for number in 1..=3 {
        dovecot.append(USER, "INBOX", format!("Subject: {number}\r\n\r\n").as_bytes());
    }
    dovecot.expunge(USER, "INBOX", 1);
    let before = dovecot.uidvalidity(USER, "INBOX");

    dovecot.change_uidvalidity(USER, "INBOX");

    let mut session = over_tls(&dovecot).await;
    let folder = session.select("INBOX").await.unwrap();
    assert_ne!(folder.uid_validity, Some(before));
    let fetched: Vec<_> =
        session.uid_fetch("1:*", "(UID BODY.PEEK[])").await.unwrap().try_collect().await.unwrap();
    let mails: Vec<_> = fetched.iter().map(|mail| (mail.uid, mail.body())).collect();
    let expected: [(_, Option<&[u8]>); 2] =
        [(Some(1), Some(b"Subject: 2\r\n\r\n")), (Some(2), Some(b"Subject: 3\r\n\r\n"))];
    assert_eq!(mails, expected);
}

#[tokio::test]
async fn dovecot_goes_away_with_the_test() {
    let Some(dovecot) = Dovecot::start() else { return };
    let (port, certificate) = (dovecot.starttls_port, dovecot.certificate_file());
    let listens = async || TcpStream::connect(("127.0.0.1", port)).await.is_ok();
    over_tls(&dovecot).await.logout().await.unwrap();
    assert!(certificate.exists());

    drop(dovecot);
    eventually(async || !certificate.exists()).await;
    assert!(!listens().await);
}

/// Fails the test when something does not become true in ten seconds.
async fn eventually(condition: impl AsyncFn() -> bool) {
    let become_true = async {
        while !condition().await {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), become_true).await.expect("true in ten seconds");
}

type Transport = AsyncSmtpTransport<Tokio1Executor>;

fn smtp(sink: &SmtpSink, security: Security) -> AsyncSmtpTransportBuilder {
    let parameters = || {
        let certificate = Certificate::from_der(certificate::localhost().der.to_vec()).unwrap();
        TlsParameters::builder("localhost".to_owned())
            .add_root_certificate(certificate)
            .build_rustls()
            .unwrap()
    };
    let tls = match security {
        Security::Plain => Tls::None,
        Security::StartTls => Tls::Required(parameters()),
        Security::Implicit => Tls::Wrapper(parameters()),
    };
    Transport::builder_dangerous("localhost").port(sink.port).tls(tls)
}

fn envelope(to: &str) -> Envelope {
    Envelope::new(Some("sportello@example.it".parse().unwrap()), vec![to.parse().unwrap()]).unwrap()
}

fn login(password: &str) -> Credentials {
    Credentials::new(SmtpSink::USER.to_owned(), password.to_owned())
}

#[tokio::test]
async fn the_sink_takes_letters_under_every_security() {
    for security in [Security::Plain, Security::StartTls, Security::Implicit] {
        for mechanism in [Mechanism::Plain, Mechanism::Login] {
            let sink = SmtpSink::start(security).await;
            let transport = smtp(&sink, security).credentials(login(SmtpSink::PASSWORD));
            let transport: Transport = transport.authentication(vec![mechanism]).build();
            let dotted = b"Subject: punti\r\n\r\n.\r\n..due\r\nfine";
            transport.send_raw(&envelope("anna@example.it"), dotted).await.unwrap();

            let letters = sink.wait_for(1).await;
            assert_eq!(
                (letters[0].from.as_str(), &letters[0].to[..]),
                (SmtpSink::USER, &["anna@example.it".into()][..])
            );
            // lettre ends the last line itself, even when it is ended already.
            assert_eq!(letters[0].bytes, [&dotted[..], b"\r\n"].concat());
            let connection = &sink.connections()[letters[0].connection];
            assert_eq!(connection.user.as_deref(), Some(SmtpSink::USER));
            assert_eq!(connection.encrypted, security != Security::Plain);
        }
    }
}

#[tokio::test]
async fn the_sink_wants_starttls_and_the_right_password() {
    let sink = SmtpSink::start(Security::StartTls).await;
    let send = async |transport: Transport| {
        let error = transport.send_raw(&envelope("anna@example.it"), MAIL).await.expect_err("refused");
        error.status().map(|code| code.to_string())
    };
    assert_eq!(send(smtp(&sink, Security::Plain).build()).await.as_deref(), Some("530"));
    let wrong = smtp(&sink, Security::StartTls).credentials(login("sbagliata")).build();
    assert_eq!(send(wrong).await.as_deref(), Some("535"));
    assert_eq!(sink.letters(), []);
}

#[tokio::test]
async fn the_sink_refuses_and_greylists_recipients() {
    let sink = SmtpSink::start(Security::Plain).await;
    sink.refuse("nessuno@example.it");
    sink.greylist("lento@example.it", 1);
    let transport: Transport = smtp(&sink, Security::Plain).build();

    let refused = transport.send_raw(&envelope("nessuno@example.it"), MAIL).await.expect_err("unknown");
    assert!(refused.is_permanent(), "{refused}");
    let put_off = transport.send_raw(&envelope("lento@example.it"), MAIL).await.expect_err("greylisted");
    assert!(put_off.is_transient(), "{put_off}");
    transport.send_raw(&envelope("lento@example.it"), MAIL).await.unwrap();
    assert_eq!(sink.letters().len(), 1);
}

#[tokio::test]
async fn the_sink_hangs_up_on_a_letter_it_took() {
    let sink = SmtpSink::start(Security::StartTls).await;
    sink.hang_up_after_data(1);
    let transport: Transport = smtp(&sink, Security::StartTls).build();
    transport.send_raw(&envelope("anna@example.it"), MAIL).await.expect_err("no reply");
    assert_eq!(sink.letters().len(), 1, "taken all the same");
    transport.send_raw(&envelope("anna@example.it"), MAIL).await.unwrap();
    assert_eq!(sink.letters().len(), 2);
}

#[tokio::test]
async fn the_sink_answers_slowly() {
    let sink = SmtpSink::start(Security::Plain).await;
    sink.answer_after(Duration::from_millis(100));
    let started = Instant::now();
    let transport: Transport = smtp(&sink, Security::Plain).build();
    transport.send_raw(&envelope("anna@example.it"), MAIL).await.unwrap();
    assert!(
        started.elapsed() >= Duration::from_millis(600),
        "greeting, EHLO, MAIL, RCPT, DATA and the letter"
    );
}

#[tokio::test]
async fn the_sink_shows_whether_connections_are_reused() {
    let sink = SmtpSink::start(Security::StartTls).await;
    let pool = PoolConfig::new().max_size(1);
    let transport: Transport = smtp(&sink, Security::StartTls).pool_config(pool).build();
    for _ in 0..3 {
        transport.send_raw(&envelope("anna@example.it"), MAIL).await.unwrap();
        // lettre gives a connection back to its pool in a task of its own.
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let letters: Vec<usize> = sink.connections().iter().map(|connection| connection.letters).collect();
    assert_eq!(letters, [3]);
}

#[tokio::test]
async fn the_sink_announces_the_size_it_takes() {
    let sink = SmtpSink::start(Security::Plain).await;
    let transport: Transport = smtp(&sink, Security::Plain).build();
    let huge = vec![b'x'; SmtpSink::MOST_BYTES + 1];
    let refused = transport.send_raw(&envelope("anna@example.it"), &huge).await.expect_err("too large");
    assert!(refused.is_permanent() && sink.letters().is_empty(), "{refused}");
}
