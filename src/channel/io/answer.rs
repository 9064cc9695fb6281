//! What an answer of IO means.
//!
//! Two programs answer: the gateway before the API, with `{"statusCode", "message"}`, and the API, with problem+json
//! ("Guida tecnica", Common Errors). Only the API knows citizens and services, so only its 404 says something about them; a 404
//! of the gateway means that the address is wrong. Statuses and titles are read, never the details, which may repeat what was
//! sent and change their wording.

use std::time::Duration;

use reqwest::{
    StatusCode,
    header::{CONTENT_TYPE, HeaderMap},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::line::unclear;
use crate::domain::{io::call::Failure, text};

/// Seconds to wait when IO does not say how many.
const WAIT: u64 = 5;
/// Longest time to wait that is believed.
const LONGEST_WAIT: u64 = 3600;
/// Characters of a title that are kept.
const TITLE: usize = 120;
/// Where people look after their services.
const SOURCE: &str = "Controlla la chiave e gli indirizzi autorizzati del servizio nell'Area Riservata.";

/// An answer as it came.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// Who refused, and in which words.
#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    /// The API, with a title.
    Api(String),
    /// The gateway, with a message.
    Gateway(String),
    /// Something between us and IO, or nothing at all.
    Other,
}

impl Answer {
    pub(super) fn json<T: DeserializeOwned>(&self, once: bool) -> Result<T, Failure> {
        serde_json::from_slice(&self.body)
            .map_err(|_| unclear("IO ha dato una risposta che non si legge.".to_owned(), once))
    }

    fn refusal(&self) -> Refusal {
        #[derive(Deserialize)]
        struct Body {
            title: Option<String>,
            message: Option<String>,
            #[serde(rename = "statusCode")]
            status_code: Option<Value>,
        }
        let media_type =
            self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        let Ok(body) = serde_json::from_slice::<Body>(&self.body) else { return Refusal::Other };
        match body {
            Body { title: Some(title), .. }
                if media_type.eq_ignore_ascii_case("application/problem+json") =>
            {
                Refusal::Api(shown(&title))
            }
            Body { message: Some(message), status_code: Some(_), .. } => Refusal::Gateway(shown(&message)),
            _ => Refusal::Other,
        }
    }
}

/// IO's words without what points at a person, should they ever hold it.
fn shown(words: &str) -> String {
    let words = text::one_line(words);
    let safe = words
        .split(' ')
        .map(|word| if word.chars().filter(char::is_ascii_alphanumeric).count() < 16 { word } else { "…" });
    text::shortened(&safe.collect::<Vec<_>>().join(" "), TITLE)
}

/// The answer itself when all is well, or what to do.
pub(super) fn judge(answer: Answer, once: bool) -> Result<Answer, Failure> {
    let status = answer.status;
    if status.is_success() {
        return Ok(answer);
    }
    let refusal = answer.refusal();
    Err(match (status.as_u16(), refusal) {
        (401, _) => Failure::KeyRefused,
        (403, refusal) => forbidden(refusal),
        (429, refusal) => Failure::Wait { time: wait(&answer.headers, &refusal) },
        (409, Refusal::Api(title)) => Failure::Outdated { title },
        (400..500, Refusal::Api(title)) => Failure::Refused { title },
        (404 | 405, _) => Failure::Astray {
            words:
                "All'indirizzo configurato IO non risponde. Correggi l'indirizzo di IO nelle impostazioni."
                    .to_owned(),
        },
        (500, Refusal::Api(_)) => {
            Failure::Retry { words: "IO ha avuto un errore interno (HTTP 500).".to_owned() }
        }
        (500..600, _) => unclear(format!("IO non è disponibile (HTTP {}).", status.as_u16()), once),
        (300..400, _) => misconfigured(
            format!("L'indirizzo configurato rinvia altrove (HTTP {}).", status.as_u16()),
            "Scrivi nelle impostazioni l'indirizzo definitivo di IO.",
        ),
        (number, _) => misconfigured(
            format!("La risposta non è di IO (HTTP {number})."),
            "Controlla l'indirizzo di IO e la rete.",
        ),
    })
}

fn misconfigured(what: String, remedy: &'static str) -> Failure {
    Failure::Misconfigured { what, remedy }
}

/// The same status for a person who may not be written to, a key of the wrong sort, an address that is not allowed, and an
/// account that is not enabled.
fn forbidden(refusal: Refusal) -> Failure {
    match refusal {
        // About one person, or about what one message carries.
        Refusal::Api(title)
            if [
                "Recipient forbidden",
                "No configuration id for remote content",
                "Not your configuration",
                "Attachments call forbidden",
            ]
            .contains(&&*title) =>
        {
            Failure::Refused { title }
        }
        Refusal::Api(title) if title == "You are not allowed here" => misconfigured(
            "IO non ammette questa chiamata.".to_owned(),
            "Le cause possibili: la chiave è di un altro tipo (uso o gestione), o questo server esce da un indirizzo che la \
             scheda non autorizza.",
        ),
        Refusal::Api(title)
            if ["User has no valid scopes", "Anonymous user", "Production call forbidden"]
                .contains(&&*title) =>
        {
            misconfigured(
                format!("L'utenza dell'ente su IO non è abilitata ({title})."),
                "Chiedi all'assistenza di PagoPA.",
            )
        }
        Refusal::Api(title) | Refusal::Gateway(title) => {
            misconfigured(format!("IO non lo permette ({title})."), SOURCE)
        }
        Refusal::Other => misconfigured(
            "IO non lo permette (HTTP 403).".to_owned(),
            "L'utenza dell'ente può essere sospesa o non abilitata: chiedi all'assistenza di PagoPA.",
        ),
    }
}

/// IO's own field, the usual one, the number in the gateway's words, five seconds.
fn wait(headers: &HeaderMap, refusal: &Refusal) -> Duration {
    let field = |name| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    let said = || match refusal {
        Refusal::Gateway(words) | Refusal::Api(words) => {
            let digits = words.trim_start_matches(|c: char| !c.is_ascii_digit());
            digits[..digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len())].parse().ok()
        }
        Refusal::Other => None,
    };
    let seconds =
        field("x-rate-limit-retry-after").or_else(|| field("retry-after")).or_else(said).unwrap_or(WAIT);
    Duration::from_secs(seconds.clamp(1, LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, media_type: &'static str, body: &str) -> Answer {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, media_type.parse().unwrap());
        Answer { status: StatusCode::from_u16(status).unwrap(), headers, body: body.as_bytes().to_vec() }
    }

    fn api(status: u16, title: &str) -> Answer {
        answer(
            status,
            "application/problem+json; charset=utf-8",
            &format!(r#"{{"title":"{title}","status":{status}}}"#),
        )
    }

    fn gateway(status: u16, message: &str) -> Answer {
        answer(status, "application/json", &format!(r#"{{"statusCode":{status},"message":"{message}"}}"#))
    }

    fn judged(answer: Answer, once: bool) -> Failure {
        judge(answer, once).err().unwrap()
    }

    #[test]
    fn trap_01_a_404_of_the_gateway_is_a_wrong_address() {
        assert!(matches!(judged(gateway(404, "Resource not found"), false), Failure::Astray { .. }));
        assert!(matches!(judged(answer(404, "text/html", "<h1>404</h1>"), false), Failure::Astray { .. }));
        let disguised = answer(404, "application/json", r#"{"title":"Profile not found","status":404}"#);
        assert!(matches!(judged(disguised, false), Failure::Astray { .. }));
        assert_eq!(
            judged(api(404, "Profile not found"), false),
            Failure::Refused { title: "Profile not found".to_owned() }
        );
    }

    #[test]
    fn trap_02_the_time_to_wait_is_found_wherever_it_stands() {
        let waited = |mut answer: Answer, fields: &[(&'static str, &str)]| {
            for (name, value) in fields {
                answer.headers.insert(*name, value.parse().unwrap());
            }
            match judged(answer, true) {
                Failure::Wait { time } => time.as_secs(),
                other => panic!("{other:?}"),
            }
        };
        let words = "Rate limit is exceeded. Try again in 4 seconds.";
        let both = [("x-rate-limit-retry-after", "2"), ("retry-after", "9")];
        assert_eq!(waited(gateway(429, words), &both), 2);
        assert_eq!(waited(gateway(429, words), &[("retry-after", "9")]), 9);
        assert_eq!(waited(gateway(429, words), &[("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT")]), 4);
        assert_eq!(waited(gateway(429, words), &[]), 4);
        assert_eq!(waited(gateway(429, "Slow down"), &[]), 5);
        assert_eq!(waited(answer(429, "text/plain", ""), &[]), 5);
        assert_eq!(waited(answer(429, "text/plain", ""), &[("retry-after", "0")]), 1);
        assert_eq!(waited(answer(429, "text/plain", ""), &[("retry-after", "99999999")]), 3600);
    }

    #[test]
    fn trap_05_what_may_have_been_created_is_told_from_what_was_not() {
        for (once, unknown) in [(true, true), (false, false)] {
            for answer in [
                answer(502, "text/html", "<html>Bad Gateway</html>"),
                gateway(503, "x"),
                api(504, "x"),
                gateway(500, "Internal server error"),
                answer(500, "text/plain", ""),
            ] {
                let failure = judged(answer, once);
                assert_eq!(matches!(failure, Failure::Unknown { .. }), unknown, "{failure:?}");
                assert_eq!(matches!(failure, Failure::Retry { .. }), !unknown, "{failure:?}");
            }
        }
        assert!(matches!(judged(api(500, "Internal server error"), true), Failure::Retry { .. }));
    }

    #[test]
    fn trap_15_a_refusal_without_a_person_in_it_is_for_the_administrator() {
        for answer in [
            api(403, "You are not allowed here"),
            api(403, "User has no valid scopes"),
            api(403, "Production call forbidden"),
            api(403, "You do not have enough permissions to send a Premium message"),
            gateway(403, "Forbidden"),
            answer(403, "text/plain", ""),
            answer(302, "text/html", ""),
            answer(407, "text/html", ""),
        ] {
            let failure = judged(answer, true);
            assert!(matches!(failure, Failure::Misconfigured { .. }), "{failure:?}");
        }
        assert_eq!(
            judged(api(403, "Recipient forbidden"), true),
            Failure::Refused { title: "Recipient forbidden".to_owned() }
        );
        assert_eq!(
            judged(gateway(401, "Access denied due to invalid subscription key."), true),
            Failure::KeyRefused
        );
    }

    #[test]
    fn trap_21_only_titles_are_kept_and_nothing_of_a_person() {
        let body = r#"{"title":"Invalid RSSMRA45C12F205C\n structure","status":400,"detail":"value \"Mario Rossi\" is not valid"}"#;
        let failure = judged(answer(400, "application/problem+json", body), true);
        assert_eq!(failure, Failure::Refused { title: "Invalid … structure".to_owned() });
        assert!(
            matches!(judged(api(400, &"x ".repeat(5000)), true), Failure::Refused { title } if title.chars().count() <= TITLE)
        );
        assert!(matches!(judged(api(409, "Conflict"), false), Failure::Outdated { .. }));
    }
}
