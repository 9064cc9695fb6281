//! IO comes for what a message announced. No cookie is read and none is given; who has no key learns nothing, not even whether there
//! is such a service, and who has one learns only of what was sent to the person in whose name it asks.

use axum::{
    Json,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    actions::{
        self,
        io::remote::door::{self, Opened},
    },
    app::App,
    document::{self, Letter},
    domain::{
        io::remote::{self, Asked, Attachment, text},
        network,
    },
    store,
    web::{
        limit::{Limits, Rate, Wait},
        request::Peer,
    },
};

/// Where the doors are.
const PREFIX: &str = "/io/remote/";
/// Requests of a network in a minute. IO comes from a few addresses for everybody; a message that is opened makes three or four.
const RATE: u32 = 3_000;
/// Names under which the codice fiscale comes. IO writes an underscore; many proxies drop such fields unless they are told not to
/// (nginx: `underscores_in_headers on`), and some can only be told to write a hyphen.
const RECIPIENT: [&str; 2] = ["fiscal_code", "fiscal-code"];
/// Seconds after which a document is asked for again.
const LATER: u64 = 10;

/// Why something is not given.
#[derive(Debug)]
pub enum Refusal {
    /// No key, or one that opens nothing here.
    BadKey,
    /// Nobody says for whom.
    NoRecipient,
    /// There is no such thing for that person.
    NotFound,
    /// Not with this method.
    BadMethod,
    /// Too often.
    TooMany(Wait),
    /// It takes too long now.
    Later,
    /// Our own fault.
    Internal(anyhow::Error),
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, title) = match &self {
            Self::BadKey => (StatusCode::UNAUTHORIZED, "The key opens nothing here"),
            Self::NoRecipient => (StatusCode::BAD_REQUEST, "The header fiscal_code is missing"),
            Self::NotFound => (StatusCode::NOT_FOUND, "There is no such thing"),
            Self::BadMethod => (StatusCode::METHOD_NOT_ALLOWED, "Not with this method"),
            Self::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "Too many requests"),
            Self::Later => (StatusCode::SERVICE_UNAVAILABLE, "Not now"),
            Self::Internal(error) => {
                let reference = Uuid::now_v7();
                tracing::error!(%reference, error = format!("{error:#}"), "remote content could not be given to IO");
                (StatusCode::INTERNAL_SERVER_ERROR, "Our fault")
            }
        };
        let body = json!({ "title": title, "status": status.as_u16() });
        let mut answer =
            (status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response();
        let wait = match self {
            Self::TooMany(wait) => Some(wait),
            Self::Later => Some(Wait { seconds: LATER }),
            _ => None,
        };
        if let Some((name, value)) = wait.map(Wait::header) {
            answer.headers_mut().insert(name, value);
        }
        answer
    }
}

impl From<actions::Error> for Refusal {
    fn from(error: actions::Error) -> Self {
        match error {
            actions::Error::NotFound => Self::NotFound,
            error => Self::Internal(error.into()),
        }
    }
}

/// `GET /io/remote/{service}/messages/{id}`, `…/precondition`, `…/attachments/…`.
pub async fn answer(
    State(app): State<App>,
    limits: Limits,
    peer: Peer,
    request: Request<Body>,
) -> Result<Response, Refusal> {
    let network = peer.browser.map(|browser| network::network(&app.desk.keys, browser)).unwrap_or_default();
    let standing = limits.spend(Rate::per_minute(RATE), &format!("remote {network}"));
    standing.judged().map_err(Refusal::TooMany)?;
    let (headers, path) = (request.headers(), request.uri().path());
    let (service, rest) =
        path.strip_prefix(PREFIX).and_then(|path| path.split_once('/')).ok_or(Refusal::NotFound)?;
    let admitted = match service.parse::<Uuid>() {
        Ok(id) => door::admit(&app.desk, id, app.clock.now(), |name| one(headers, &[name])).await?,
        Err(_) => None,
    };
    let Some(service) = admitted else {
        tracing::debug!("somebody without the key has asked for remote content");
        return Err(Refusal::BadKey);
    };
    let Some(fiscal_code) = one(headers, &RECIPIENT) else {
        tracing::warn!(
            service = %service.io_service_id,
            "IO's header fiscal_code did not arrive: a proxy drops names with an underscore (nginx: underscores_in_headers on)"
        );
        return Err(Refusal::NoRecipient);
    };
    let (id, asked) = remote::read_address(rest).ok_or(Refusal::NotFound)?;
    let opened = door::open(&app.desk, &service, id, fiscal_code).await?;
    match asked {
        Asked::Details => Ok(Json(details(&opened)).into_response()),
        Asked::Precondition => {
            let (title, markdown) = door::precondition(&service, &opened).ok_or(Refusal::NotFound)?;
            Ok(Json(json!({ "title": title, "markdown": markdown })).into_response())
        }
        Asked::Document => document(&app, opened).await,
        Asked::File(id) => file(&app, &opened, id).await,
    }
}

/// The one value that came under these names.
fn one<'a>(headers: &'a HeaderMap, names: &[&str]) -> Option<&'a [u8]> {
    let mut values = names.iter().flat_map(|name| headers.get_all(*name));
    let first = values.next()?.as_bytes();
    values.next().is_none().then_some(first)
}

/// Text and list of documents, as they were announced.
fn details(opened: &Opened) -> Value {
    let mut answer = json!({});
    if opened.row.has_text {
        let framed = &opened.framed;
        let shown = text::shown(&opened.communication.subject, &framed.words, &framed.frame);
        answer["details"] = json!({ "subject": shown.subject, "markdown": shown.markdown });
    }
    let listed = |attachment: Attachment| {
        json!({
            "id": attachment.id,
            "name": attachment.name,
            "url": attachment.url,
            "content_type": "application/pdf",
            "category": "DOCUMENT",
        })
    };
    let document = opened.row.has_document.then(|| remote::document(&opened.framed.number.slug()));
    let files = opened.framed.files.iter().filter(|(_, attached)| *attached);
    let files = files.map(|(file, _)| remote::file(file.id, &file.name));
    let attachments: Vec<Value> = document.into_iter().chain(files).map(listed).collect();
    if !attachments.is_empty() {
        answer["attachments"] = attachments.into();
    }
    answer
}

async fn document(app: &App, opened: Opened) -> Result<Response, Refusal> {
    if !opened.row.has_document {
        return Err(Refusal::NotFound);
    }
    let (framed, communication) = (opened.framed, opened.communication);
    let letter = Letter {
        language: framed.language,
        organisation: framed.organisation,
        number: Some(framed.number),
        written_at: communication.at,
        subject: communication.subject,
        text: framed.words,
        files: framed.files.into_iter().map(|(file, attached)| (file.name, attached)).collect(),
    };
    let made = app.letter_pdf(letter).await;
    made.map(pdf).map_err(|error: document::Error| Refusal::Internal(error.into()))
}

async fn file(app: &App, opened: &Opened, id: Uuid) -> Result<Response, Refusal> {
    let mut attached = opened.framed.files.iter().filter(|(_, attached)| *attached);
    let (file, _) = attached.find(|(file, _)| file.id == id).ok_or(Refusal::NotFound)?;
    let bytes = store::blob::bytes(&app.desk.db.read, file.organisation_id, &file.hash).await;
    let bytes = bytes.map_err(|error| Refusal::Internal(error.into()))?;
    bytes.map(pdf).ok_or_else(|| Refusal::Internal(anyhow::anyhow!("a blob is missing")))
}

/// A document as IO wants it: it looks at the bytes and not at what they are called.
fn pdf(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response()
}
