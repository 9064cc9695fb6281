//! One call: the turn, the key, the answer.

use std::{error::Error as _, io::ErrorKind};

use reqwest::{
    Method, Response,
    header::{CONTENT_TYPE, HeaderValue},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::{
    Institution, Keys,
    answer::{self, Answer},
    pace::Turn,
};
use crate::domain::io::call::Failure;

const KEY: &str = "ocp-apim-subscription-key";
/// Longest answer that is read, in bytes: a hundred sheets with long descriptions.
const MAX_ANSWER: usize = 4 << 20;

/// A call. Never printed: path and body hold codici fiscali.
pub(super) struct Call<'a> {
    pub(super) method: Method,
    /// Below the base address, each part on its own.
    pub(super) path: Vec<&'a str>,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) body: Option<Value>,
    /// Whether a second call would do it a second time.
    pub(super) once: bool,
}

impl<'a> Call<'a> {
    pub(super) fn new(method: Method, path: &[&'a str]) -> Self {
        Self { method, path: path.to_vec(), query: Vec::new(), body: None, once: false }
    }

    pub(super) fn body(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }
}

/// Waits for a turn and makes the call.
pub(super) async fn call(institution: &Institution, keys: &Keys, call: &Call<'_>) -> Result<Answer, Failure> {
    let turn = institution.turn().await?;
    call_now(institution, keys, call, turn).await
}

/// Makes the call; with the other key of the pair when the first is refused, which is what happens while keys are renewed.
pub(super) async fn call_now(
    institution: &Institution,
    keys: &Keys,
    call: &Call<'_>,
    turn: Turn,
) -> Result<Answer, Failure> {
    // An address in which a part is empty is another address: that of a list, or of somebody else.
    let sound = |part: &&str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    if !call.path.iter().all(sound) {
        return Err(Failure::Refused { title: "Bad parameters".to_owned() });
    }
    let first = attempt(institution, &keys.first, call, turn).await;
    match (&first, &keys.second) {
        (Err(Failure::KeyRefused), Some(second)) => {
            attempt(institution, second, call, institution.turn().await?).await
        }
        _ => first,
    }
}

async fn attempt(
    institution: &Institution,
    key: &SecretString,
    call: &Call<'_>,
    _turn: Turn,
) -> Result<Answer, Failure> {
    let mut key = HeaderValue::from_str(key.expose_secret().trim()).map_err(|_| Failure::KeyRefused)?;
    key.set_sensitive(true);
    let mut url = institution.base.clone();
    if let Ok(mut parts) = url.path_segments_mut() {
        parts.pop_if_empty().extend(&call.path);
    }
    if !call.query.is_empty() {
        url.query_pairs_mut().extend_pairs(&call.query);
    }
    let mut request = institution.client.request(call.method.clone(), url).header(KEY, key);
    if let Some(body) = &call.body {
        request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
    }
    let answer = match request.send().await {
        Ok(answer) => read(answer, call.once).await?,
        Err(error) => return Err(broken(&error, call.once)),
    };
    let judged = answer::judge(answer, call.once);
    if let Err(Failure::Wait { time }) = &judged {
        institution.pace.hold(*time);
    }
    judged
}

/// The whole answer. Of one that failed, what came is enough.
async fn read(mut answer: Response, once: bool) -> Result<Answer, Failure> {
    let status = answer.status();
    let mut body = Vec::new();
    loop {
        match answer.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= MAX_ANSWER => body.extend_from_slice(&chunk),
            Ok(Some(_)) if status.is_success() => {
                return Err(unclear("IO ha dato una risposta troppo lunga.".to_owned(), once));
            }
            Err(error) if status.is_success() => return Err(broken(&error, once)),
            _ => break,
        }
    }
    let headers = std::mem::take(answer.headers_mut());
    Ok(Answer { status, headers, body })
}

/// No answer. What never reached the wire may be sent again; of what did, nobody knows.
fn broken(error: &reqwest::Error, once: bool) -> Failure {
    let never_left = error.is_connect() || error.is_builder();
    let words = if error.is_timeout() {
        "IO non ha risposto in tempo.".to_owned()
    } else if never_left {
        with_cause("IO non è raggiungibile", error)
    } else {
        with_cause("La linea con IO è caduta", error)
    };
    if never_left { Failure::Retry { words } } else { unclear(words, once) }
}

pub(super) fn unclear(words: String, once: bool) -> Failure {
    if once { Failure::Unknown { words } } else { Failure::Retry { words } }
}

/// With the cause, where it is one that whoever reads it can do something about.
fn with_cause(words: &str, error: &reqwest::Error) -> String {
    match cause(error) {
        Some(cause) => format!("{words}: {cause}."),
        None => format!("{words}."),
    }
}

/// What the system says, in Italian. Its own words are English, and what stands around them repeats the address.
fn cause(error: &reqwest::Error) -> Option<&'static str> {
    let causes =
        std::iter::successors(error.source(), |cause: &&(dyn std::error::Error + 'static)| (*cause).source());
    let innermost = causes.filter_map(|cause| cause.downcast_ref::<std::io::Error>()).last()?;
    Some(match innermost.kind() {
        ErrorKind::ConnectionRefused => "il server rifiuta la connessione",
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            "il server ha chiuso la connessione"
        }
        ErrorKind::UnexpectedEof => "la risposta si è interrotta a metà",
        ErrorKind::TimedOut => "il server non risponde",
        ErrorKind::NetworkUnreachable | ErrorKind::HostUnreachable | ErrorKind::NetworkDown => {
            "la rete non arriva fin lì"
        }
        _ => return None,
    })
}
