//! The readable page of the API, out of the same document: what to send where, and what comes back.

mod example;
mod operation;

use std::collections::BTreeMap;

use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use serde::Serialize;
use serde_json::Value;

use self::operation::Operation;
use super::{
    document, messages,
    problem::{Problem, SORTS},
};
use crate::{app::App, domain::webhook, web::templates};

/// Methods in the order in which the page shows them.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

#[derive(Serialize)]
struct Page {
    title: String,
    description: String,
    server: String,
    groups: Vec<Group>,
    scopes: BTreeMap<String, Vec<Named>>,
    schemas: Vec<Schema>,
    problems: Vec<Status>,
    refusal: String,
    messages: [Vec<&'static str>; 2],
    message: Message,
}

#[derive(Serialize)]
struct Group {
    name: String,
    description: String,
    operations: Vec<Operation>,
}

/// An operation where it is only named.
#[derive(Clone, Serialize)]
struct Named {
    id: String,
    summary: String,
}

#[derive(Serialize)]
struct Schema {
    name: String,
    description: String,
    fields: Vec<Field>,
    values: Vec<String>,
}

#[derive(Serialize)]
struct Field {
    name: String,
    shape: String,
    required: bool,
    description: String,
}

/// A status of a refusal, with the sorts of problem that have it.
#[derive(Serialize)]
struct Status {
    status: u16,
    sorts: Vec<Sort>,
}

#[derive(Serialize)]
struct Sort {
    word: &'static str,
    title: &'static str,
}

/// A signed message, to try one's own check on.
#[derive(Serialize)]
struct Message {
    secret: String,
    id: &'static str,
    timestamp: i64,
    body: &'static str,
    signature: String,
}

/// `GET /api/v1`.
pub async fn show(State(app): State<App>) -> Response {
    let rendered = document::document(&app)
        .map_err(anyhow::Error::from)
        .and_then(|document| Ok(templates::render("api/reference.html", page(&document))?));
    match rendered {
        Ok(Html(page)) => Html(page).into_response(),
        Err(error) => Problem::internal(&error).into_response(),
    }
}

fn page(document: &Value) -> Page {
    let mut by_tag: BTreeMap<&str, Vec<Operation>> = BTreeMap::new();
    let mut scopes: BTreeMap<String, Vec<Named>> = BTreeMap::new();
    for (path, item) in entries(&document["paths"]) {
        for method in METHODS {
            if let Some(found) = item.get(method) {
                let tag = found["tags"][0].as_str().unwrap_or_default();
                let operation = Operation::read(document, (method, path), found);
                for scope in &operation.scopes {
                    let named = Named { id: operation.id.clone(), summary: operation.summary.clone() };
                    scopes.entry(scope.clone()).or_default().push(named);
                }
                by_tag.entry(tag).or_default().push(operation);
            }
        }
    }
    let group = |tag: &Value| Group {
        name: text(tag, "name"),
        description: text(tag, "description"),
        operations: by_tag.remove(tag["name"].as_str().unwrap_or_default()).unwrap_or_default(),
    };
    let problem = serde_json::json!({ "$ref": "#/components/schemas/Problem" });
    Page {
        title: text(&document["info"], "title"),
        description: text(&document["info"], "description"),
        server: text(&document["servers"][0], "url"),
        groups: items(&document["tags"]).map(group).collect(),
        scopes,
        schemas: entries(&document["components"]["schemas"])
            .map(|(name, found)| schema(name, found))
            .collect(),
        problems: problems(),
        refusal: pretty(&example::of(document, &problem)),
        messages: [names(&messages::OF_REQUESTS), names(&messages::OF_NOTICES)],
        message: message(),
    }
}

fn problems() -> Vec<Status> {
    let mut all: Vec<Status> = Vec::new();
    for sort in SORTS {
        let status = sort.status.as_u16();
        let sort = Sort { word: sort.word, title: sort.title };
        match all.iter_mut().find(|known| known.status == status) {
            Some(known) => known.sorts.push(sort),
            None => all.push(Status { status, sorts: vec![sort] }),
        }
    }
    all
}

/// Made by the code that signs: what the page shows is what is sent.
fn message() -> Message {
    const BODY: &str = concat!(
        r#"{"created_at":"2026-11-23T09:30:00Z","data":{"number":"2026/000123","request_id":"#,
        r#""2026-000123","status":"closed"},"id":"018f6e4a-51c2-7d3e-9a55-6c1f0a7c2b10","#,
        r#""type":"request.status_changed"}"#
    );
    const ID: &str = "018f6e4a-51c2-7d3e-9a55-6c1f0a7c2b10";
    const SENT_AT: i64 = 1_795_426_200;
    let secret = webhook::secret(b"an example, and nobody's secret.");
    let signature = webhook::signature(&secret, ID, SENT_AT, BODY.as_bytes()).unwrap_or_default();
    Message { secret, id: ID, timestamp: SENT_AT, body: BODY, signature }
}

fn names(all: &'static [(&str, &str)]) -> Vec<&'static str> {
    all.iter().map(|(name, _)| *name).collect()
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn schema(name: &str, found: &Value) -> Schema {
    let parts: Vec<&Value> = items(&found["allOf"]).chain([found]).collect();
    let required: Vec<&str> =
        parts.iter().flat_map(|part| items(&part["required"])).filter_map(Value::as_str).collect();
    let field = |(name, one): (&str, &Value)| Field {
        name: name.to_owned(),
        shape: shape(one),
        required: required.contains(&name),
        description: text(one, "description"),
    };
    Schema {
        name: name.to_owned(),
        description: text(found, "description"),
        fields: parts.iter().flat_map(|part| entries(&part["properties"])).map(field).collect(),
        values: items(&found["enum"]).filter_map(|value| value.as_str().map(str::to_owned)).collect(),
    }
}

/// What a value looks like, in a few words.
fn shape(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        return name.rsplit('/').next().unwrap_or_default().to_owned();
    }
    let several: Vec<String> =
        ["oneOf", "anyOf", "allOf"].iter().flat_map(|of| items(&schema[*of])).map(shape).collect();
    if !several.is_empty() {
        return several.join(" | ");
    }
    let sorts: Vec<&str> = match &schema["type"] {
        Value::Array(sorts) => {
            sorts.iter().filter_map(Value::as_str).filter(|sort| *sort != "null").collect()
        }
        sort => sort.as_str().into_iter().collect(),
    };
    match (sorts.as_slice(), schema["format"].as_str()) {
        (["array"], _) => format!("{}[]", shape(&schema["items"])),
        (["null"], _) => String::new(),
        (sorts, Some(format)) => format!("{} ({format})", sorts.join(" | ")),
        (sorts, None) => sorts.join(" | "),
    }
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_default().to_owned()
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().map(Vec::as_slice).unwrap_or_default().iter()
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}
