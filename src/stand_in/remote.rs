//! A citizen opens a message whose content lives with its sender: what IO then asks the sender for (facts 7.4), and what it makes of
//! the answers (facts 7.5). Nothing is made up where the sender is silent: the report says what came.

use std::time::Duration;

use reqwest::{Client, Response, StatusCode, header::CONTENT_TYPE, redirect::Policy};
use serde::Serialize;
use serde_json::Value;

use super::{StandIn, world::World};

/// How long the sender may take: the gateway before the app gives up then.
const LONGEST: Duration = Duration::from_secs(10);
/// Longest answer that is read, in bytes.
const MOST_BYTES: usize = 32 << 20;
/// Most attachments that are fetched.
const MOST: usize = 20;

/// What a citizen gets.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Opening {
    /// What has to be agreed to first, as it came.
    pub precondition: Option<Value>,
    /// The text, as it came.
    pub details: Option<Value>,
    /// The documents.
    pub attachments: Vec<Fetched>,
    /// What the citizen sees in place of it all, in IO's words.
    pub faults: Vec<String>,
}

/// A document that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fetched {
    /// Its name.
    pub name: String,
    /// Where it was asked for, in full.
    pub address: String,
    /// What the sender answered.
    pub status: u16,
    /// How the sender calls it.
    pub content_type: String,
    /// Its bytes begin as those of a PDF. Others are refused with 415.
    pub is_pdf: bool,
    /// Its bytes; of the report over HTTP only their number.
    #[serde(serialize_with = "length")]
    pub bytes: Vec<u8>,
}

fn length<S: serde::Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(bytes.len() as u64)
}

/// What a message announces, and where that is.
struct Announced {
    fiscal_code: String,
    remote: Value,
    place: Value,
}

impl StandIn {
    /// A citizen opens a message of their inbox; `None` when there is none of that id with remote content.
    pub async fn open(&self, message: &str) -> Option<Opening> {
        let announced = self.with(|world, _| announced(world, message))?;
        // The command that plays IO opens no house, and nobody else has installed it.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = Client::builder().redirect(Policy::none()).no_proxy().timeout(LONGEST).build().ok()?;
        Some(fetch(&client, &announced).await)
    }
}

fn announced(world: &World, message: &str) -> Option<Announced> {
    let message = world.messages.get(message)?;
    let remote = message.content.get("third_party_data")?.clone();
    let id = remote["configuration_id"].as_str()?.to_ascii_uppercase();
    let configuration = &world.configurations.get(&id)?.content;
    let trial = &configuration["test_environment"];
    let users = trial["test_users"].as_array();
    let is_trial = users.is_some_and(|users| users.iter().any(|user| *user == message.fiscal_code));
    let place = if is_trial { trial } else { &configuration["prod_environment"] };
    Some(Announced { fiscal_code: message.fiscal_code.clone(), remote, place: place.clone() })
}

async fn fetch(client: &Client, announced: &Announced) -> Opening {
    let mut opening = Opening::default();
    let said = |name: &str| announced.place["details_authentication"][name].as_str().unwrap_or_default();
    let base = announced.place["base_url"].as_str().unwrap_or_default();
    let address = format!("{base}/messages/{}", announced.remote["id"].as_str().unwrap_or_default());
    let ask = |address: String| {
        let request = client.get(address).header("fiscal_code", &announced.fiscal_code);
        // What LolliPoP adds; a sender that has not asked for it passes it over.
        let request = request.header("x-pagopa-lollipop-user-id", &announced.fiscal_code);
        request.header(said("header_key_name"), said("key")).send()
    };
    if matches!(announced.remote["has_precondition"].as_str(), Some("ALWAYS" | "ONCE")) {
        match json_of(ask(format!("{address}/precondition")).await).await {
            Ok(answer) if answer["title"].is_string() && answer["markdown"].is_string() => {
                opening.precondition = Some(answer);
            }
            Ok(_) => opening.faults.push("precondition: not what was agreed".to_owned()),
            Err(fault) => opening.faults.push(format!("precondition: {fault}")),
        }
    }
    let answer = match json_of(ask(address.clone()).await).await {
        Ok(answer) => answer,
        Err(fault) => {
            opening.faults.push(format!("details: {fault}"));
            return opening;
        }
    };
    check(&mut opening, &announced.remote, &answer);
    for attachment in listed(&announced.remote, &answer).into_iter().take(MOST) {
        // Glued together as the real one does it, whatever the url begins with.
        let place = format!("{address}/{}", attachment["url"].as_str().unwrap_or_default());
        let name = attachment["name"].as_str().unwrap_or_default().to_owned();
        match bytes_of(ask(place.clone()).await).await {
            Ok((status, content_type, bytes)) => opening.attachments.push(Fetched {
                name,
                address: place,
                status: status.as_u16(),
                content_type,
                is_pdf: bytes.starts_with(b"%PDF-"),
                bytes,
            }),
            Err(fault) => opening.faults.push(format!("{name}: {fault}")),
        }
    }
    opening
}

/// What was announced must be there and within bounds; what was not is dropped.
fn check(opening: &mut Opening, remote: &Value, answer: &Value) {
    let mut fault = |words: &str| opening.faults.push(words.to_owned());
    if remote["has_attachments"] == true && listed(remote, answer).is_empty() {
        fault("attachments were announced, and there are none");
    }
    for attachment in listed(remote, answer) {
        let name = attachment["name"].as_str().unwrap_or_default();
        let has = |field: &str| attachment[field].as_str().is_some_and(|text| !text.is_empty());
        if !(has("id") && has("url") && name.strip_suffix(".pdf").is_some() && name.chars().count() <= 127) {
            fault("an attachment is not listed as agreed");
        }
    }
    if remote["has_remote_content"] != true {
        return;
    }
    let details = &answer["details"];
    let units = |field: &str| details[field].as_str().map_or(0, |text| text.encode_utf16().count());
    if details.is_null() {
        fault("a text was announced, and there is none");
    } else if !(10..=120).contains(&units("subject")) || !(80..=10_000).contains(&units("markdown")) {
        fault("the text is not within the bounds of a message");
    }
    opening.details = Some(details.clone()).filter(|details| !details.is_null());
}

fn listed(remote: &Value, answer: &Value) -> Vec<Value> {
    let announced = remote["has_attachments"] == true;
    answer["attachments"].as_array().filter(|_| announced).cloned().unwrap_or_default()
}

async fn json_of(answer: reqwest::Result<Response>) -> Result<Value, String> {
    let (status, _, bytes) = bytes_of(answer).await?;
    if status != StatusCode::OK {
        return Err(format!("the sender answered {}", status.as_u16()));
    }
    serde_json::from_slice(&bytes).map_err(|_| "the sender's answer is no JSON".to_owned())
}

/// Status, type and bytes.
async fn bytes_of(answer: reqwest::Result<Response>) -> Result<(StatusCode, String, Vec<u8>), String> {
    let mut answer = answer.map_err(|error| format!("no answer: {}", error.without_url()))?;
    let content_type = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let (status, content_type) = (answer.status(), content_type.unwrap_or_default().to_owned());
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| error.without_url().to_string())? {
        if bytes.len() + chunk.len() > MOST_BYTES {
            return Err("the answer is too long".to_owned());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok((status, content_type, bytes))
}
