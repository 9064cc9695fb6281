//! One operation out of the document: who may, what is sent, what comes back.

use serde::Serialize;
use serde_json::Value;

use super::{
    entries,
    example::{self, Caller},
    items, pretty, shape, text,
};

/// What every address begins with, and the page explains once.
const ORGANISATION: &str = "org";

/// One operation, as the page shows it.
#[derive(Serialize)]
pub(super) struct Operation {
    pub(super) id: String,
    method: String,
    path: String,
    pub(super) summary: String,
    description: String,
    keyless: bool,
    pub(super) scopes: Vec<String>,
    citizen: &'static str,
    parameters: Vec<Parameter>,
    bodies: Vec<Body>,
    calls: Vec<String>,
    answers: Vec<Answer>,
    refusals: Vec<String>,
}

#[derive(Serialize)]
struct Parameter {
    name: String,
    place: String,
    required: bool,
    shape: String,
    description: String,
}

#[derive(Serialize)]
struct Body {
    media_type: String,
    shape: String,
}

#[derive(Serialize)]
struct Answer {
    status: String,
    description: String,
    shape: String,
    example: String,
}

impl Operation {
    /// Reads it out of the document.
    pub(super) fn read(document: &Value, (method, path): (&str, &str), found: &Value) -> Self {
        let parameter = |one: &Value| Parameter {
            name: text(one, "name"),
            place: text(one, "in"),
            required: one["required"].as_bool().unwrap_or(false),
            shape: shape(&one["schema"]),
            description: text(one, "description"),
        };
        let answer = |(status, one): (&str, &Value)| {
            let content = entries(&one["content"]).next();
            let json = content.filter(|(media, _)| *media == "application/json");
            Answer {
                status: status.to_owned(),
                description: text(one, "description"),
                shape: content.map(|(_, content)| shape(&content["schema"])).unwrap_or_default(),
                example: json
                    .map(|(_, json)| pretty(&example::of(document, &json["schema"])))
                    .unwrap_or_default(),
            }
        };
        let ways: Vec<&Value> = items(&found["security"]).collect();
        let keyless = ways.iter().any(|way| way["key"].is_null());
        let caller = match citizen(&ways) {
            _ if keyless => Caller::Everybody,
            "any" | "token" => Caller::Citizen,
            _ => Caller::App,
        };
        let (answers, refusals): (Vec<_>, Vec<_>) =
            entries(&found["responses"]).partition(|(status, _)| status.starts_with('2'));
        Self {
            id: text(found, "operationId"),
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            summary: text(found, "summary"),
            description: text(found, "description"),
            keyless,
            scopes: ways.first().map(|way| words(&way["key"])).unwrap_or_default(),
            citizen: citizen(&ways),
            parameters: items(&found["parameters"])
                .filter(|one| one["name"] != ORGANISATION)
                .map(parameter)
                .collect(),
            bodies: entries(&found["requestBody"]["content"])
                .map(|(media_type, content)| Body {
                    media_type: media_type.to_owned(),
                    shape: shape(&content["schema"]),
                })
                .collect(),
            calls: example::calls(document, (method, &address(document, path, found)), found, caller),
            answers: answers.into_iter().map(answer).collect(),
            refusals: refusals.into_iter().map(|(status, _)| status.to_owned()).collect(),
        }
    }
}

/// Whether somebody must say for which citizen: `any` way, only by `token`, or they `may`; nothing where no citizen is spoken for.
fn citizen(ways: &[&Value]) -> &'static str {
    let with = |name: &str| ways.iter().filter(|way| way[name].is_array()).count();
    match (with("citizen"), with("fiscal_code")) {
        (0, 0) => "",
        (_, 0) if ways.len() > 1 => "may",
        (_, 0) => "token",
        _ => "any",
    }
}

/// The address of an operation, its parts filled in.
fn address(document: &Value, path: &str, found: &Value) -> String {
    let mut path = path.to_owned();
    for part in items(&found["parameters"]).filter(|one| one["in"] == "path") {
        let value = part.get("example").cloned().unwrap_or_else(|| example::of(document, &part["schema"]));
        path = path.replace(&format!("{{{}}}", text(part, "name")), value.as_str().unwrap_or("…"));
    }
    format!("{}{path}", text(&document["servers"][0], "url"))
}

fn words(value: &Value) -> Vec<String> {
    items(value).filter_map(|word| word.as_str().map(str::to_owned)).collect()
}
