//! When the answer is a refusal, or none.

use std::{
    fmt::Write as _,
    io::Write,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use riscontro::domain::io::{call::Failure, fate};
use serde_json::json;
use tokio::net::TcpListener;
use uuid::Uuid;

use super::{
    CODE, ID, io, keys, management, message, recipient,
    script::{Script, Turn},
    service,
};

/// What became of a message, and of a question, for the same turn.
async fn both(turn: Turn) -> (Failure, Failure) {
    let script = Script::start([turn.clone(), turn]).await;
    let service = service(&script);
    let submitted = service.submit(&message()).await.unwrap_err();
    let asked = service.profile(&recipient()).await.unwrap_err();
    assert_eq!(script.heard().len(), 2, "nothing is sent twice by itself");
    (submitted, asked)
}

#[tokio::test]
async fn trap_05_when_nobody_can_tell_whether_a_message_was_taken_it_is_never_sent_again() {
    let html = || {
        Turn::Say(502, vec![("content-type", "text/html".to_owned())], b"<html>Bad Gateway</html>".to_vec())
    };
    for turn in [
        Turn::HangUp,
        Turn::Silence,
        Turn::Stop,
        html(),
        Turn::bare(503),
        Turn::problem(504, "Gateway Timeout"),
        Turn::bare(500),
        Turn::gateway(500, "Internal server error"),
        Turn::json(201, &json!({"nothing": true})),
    ] {
        let (submitted, asked) = both(turn.clone()).await;
        assert!(matches!(submitted, Failure::Unknown { .. }), "{turn:?}: {submitted:?}");
        assert!(matches!(asked, Failure::Retry { .. }), "{turn:?}: {asked:?}");
        let now = "2026-03-02T08:00:00Z".parse().unwrap();
        assert_eq!(fate::after_submit::<()>(&Err(submitted), 0, now).state, fate::State::Uncertain);
    }
}

#[tokio::test]
async fn trap_05_what_was_certainly_not_taken_may_be_sent_again() {
    let (submitted, _) = both(Turn::problem(500, "Internal server error")).await;
    assert!(matches!(submitted, Failure::Retry { .. }), "{submitted:?}");
    // Nobody listens at a port that was given back.
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    for base in [format!("http://127.0.0.1:{port}/api/v1"), "https://nobody.invalid/api/v1".to_owned()] {
        let service = io().institution(&base, Uuid::nil(), 200).unwrap().service(keys("k", None));
        let failure = service.submit(&message()).await.unwrap_err();
        assert!(matches!(failure, Failure::Retry { .. }), "{base}: {failure:?}");
    }
    // A server that speaks no TLS.
    let script = Script::start([]).await;
    let service = io().institution(&script.base().replace("http:", "https:"), Uuid::nil(), 200).unwrap();
    let failure = service.service(keys("k", None)).submit(&message()).await.unwrap_err();
    assert!(matches!(failure, Failure::Retry { .. }), "{failure:?}");
    assert!(script.heard().is_empty());
}

#[tokio::test]
async fn a_refusal_says_whose_turn_it_is() {
    type Expected = fn(&Failure) -> bool;
    let permanent: Expected = |failure| matches!(failure, Failure::Refused { .. });
    let administrator: Expected = |failure| matches!(failure, Failure::Misconfigured { .. });
    let astray: Expected = |failure| matches!(failure, Failure::Astray { .. });
    for (turn, expected) in [
        (Turn::problem(400, "Invalid message structure"), permanent),
        (Turn::problem(403, "Recipient forbidden"), permanent),
        (Turn::problem(403, "You are not allowed here"), administrator),
        (Turn::problem(403, "User has no valid scopes"), administrator),
        (Turn::problem(403, "Production call forbidden"), administrator),
        (Turn::bare(403), administrator),
        (Turn::bare(405), astray),
        (Turn::bare(302).with("location", "/elsewhere"), administrator),
    ] {
        let (submitted, asked) = both(turn.clone()).await;
        assert!(expected(&submitted) && expected(&asked), "{turn:?}: {submitted:?}, {asked:?}");
        assert!(
            submitted.words().ends_with('.') && !submitted.words().contains(CODE),
            "{}",
            submitted.words()
        );
    }
}

#[tokio::test]
async fn trap_02_and_03_after_a_429_the_whole_institution_waits() {
    let script = Script::start([
        Turn::gateway(429, "Rate limit is exceeded. Try again in 9 seconds.")
            .with("x-rate-limit-retry-after", "300"),
        Turn::json(200, &json!({"sender_allowed": true})),
    ])
    .await;
    let (io, institution) = (io(), Uuid::from_u128(1));
    let of = |organisation| io.institution(&script.base(), organisation, 200).unwrap();
    let first = of(institution).service(keys("a", None));
    assert_eq!(first.submit(&message()).await, Err(Failure::Wait { time: Duration::from_mins(5) }));
    // Another service, and the sheets, of the same institution: not a call.
    for failure in [
        of(institution).service(keys("b", None)).profile(&recipient()).await.unwrap_err(),
        of(institution).management(keys("c", None)).topics().await.unwrap_err(),
    ] {
        assert!(matches!(failure, Failure::Wait { time } if time > Duration::from_secs(200)), "{failure:?}");
    }
    assert_eq!(script.heard().len(), 1);
    // Another institution is not held up.
    assert!(of(Uuid::from_u128(2)).service(keys("d", None)).profile(&recipient()).await.is_ok());
}

#[tokio::test]
async fn trap_03_all_services_of_an_institution_share_one_budget() {
    let script = Script::start(std::iter::repeat_n(
        Turn::json(200, &json!({"sender_allowed": true, "topics": []})),
        12,
    ))
    .await;
    let io = io();
    // Four calls a second are twenty a window: one at once, the others evenly.
    let began = Instant::now();
    let of = || io.institution(&script.base(), Uuid::from_u128(3), 4).unwrap();
    let (one, two, all) =
        (of().service(keys("a", None)), of().service(keys("b", None)), of().management(keys("c", None)));
    let recipient = recipient();
    for _ in 0..3 {
        let (one, two, all) = tokio::join!(one.profile(&recipient), two.profile(&recipient), all.topics());
        assert!(one.is_ok() && two.is_ok() && all.is_ok());
    }
    let heard = script.heard();
    assert_eq!(heard.len(), 9);
    for (before, heard) in heard.iter().enumerate().skip(1) {
        // Nineteen a window after the first: nobody may be earlier, however slow this machine is.
        let earliest = Duration::from_secs(5) / 19 * u32::try_from(before).unwrap();
        assert!(heard.at + Duration::from_millis(5) >= began + earliest, "call {before}");
    }
}

#[tokio::test]
async fn trap_22_a_look_that_fails_is_only_a_look() {
    let script =
        Script::start([Turn::problem(500, "Payment status"), Turn::problem(404, "Message not found")]).await;
    let service = service(&script);
    let now = "2026-03-02T08:00:00Z".parse().unwrap();
    for _ in 0..2 {
        let looked = service.look(&recipient(), ID).await;
        assert!(looked.is_err());
        assert_eq!(fate::after_look(&looked, 0, now, now).state, fate::State::Accepted);
    }
}

#[tokio::test]
async fn an_answer_without_end_is_not_read_to_it() {
    let long = Turn::Say(200, vec![], vec![b' '; 5 << 20]);
    let script = Script::start([long.clone(), Turn::Say(400, vec![], vec![b' '; 5 << 20])]).await;
    assert!(matches!(management(&script).topics().await, Err(Failure::Retry { .. })));
    assert!(matches!(management(&script).topics().await, Err(Failure::Misconfigured { .. })));
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn trap_20_neither_logs_nor_errors_say_whose_code_it_was() {
    let log = Log::default();
    let written = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(move || written.clone())
        .finish();
    // The runtime of the test has one thread: all that is said during it is said here.
    let listening = tracing::subscriber::set_default(subscriber);
    tracing::info!("the log is read");
    let script = Script::start([
        Turn::json(200, &json!({"sender_allowed": true})),
        Turn::json(201, &json!({ "id": ID })).with("location", &format!("/api/v1/messages/{CODE}/{ID}")),
        Turn::problem(403, &format!("You are not allowed to read {CODE}")),
        Turn::HangUp,
        Turn::Silence,
    ])
    .await;
    let service = service(&script);
    let mut said = format!("{:?}", service.profile(&recipient()).await);
    write!(said, "{:?}", service.submit(&message()).await).unwrap();
    for _ in 0..3 {
        write!(said, "{:?}", service.look(&recipient(), ID).await).unwrap();
    }
    write!(said, "{:?}{:?}", message().recipient, service).unwrap();
    drop(listening);
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("the log is read"));
    for secret in [CODE, "key-of-use"] {
        assert!(!said.contains(secret), "{said}");
        assert!(!logged.contains(secret), "{logged}");
    }
}
