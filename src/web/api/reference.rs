//! The readable page of the API, out of the same document: what to send where, and what comes back.

use std::collections::BTreeMap;

use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use serde::Serialize;
use serde_json::Value;

use super::{
    document,
    problem::{Problem, SORTS},
};
use crate::{app::App, web::templates};

/// Methods in the order in which the page shows them.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

#[derive(Serialize)]
struct Page {
    title: String,
    description: String,
    server: String,
    groups: Vec<Group>,
    schemas: Vec<Schema>,
    problems: Vec<Sort>,
}

#[derive(Serialize)]
struct Group {
    name: String,
    description: String,
    operations: Vec<Operation>,
}

#[derive(Serialize)]
struct Operation {
    id: String,
    method: String,
    path: String,
    summary: String,
    description: String,
    keyless: bool,
    parameters: Vec<Parameter>,
    bodies: Vec<Body>,
    answers: Vec<Answer>,
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

#[derive(Serialize)]
struct Sort {
    word: &'static str,
    title: &'static str,
    status: u16,
}

/// `GET /api/v1`.
pub async fn show(State(app): State<App>) -> Response {
    let rendered = serde_json::to_value(document::document(&app))
        .map_err(anyhow::Error::from)
        .and_then(|document| Ok(templates::render("api/reference.html", page(&document))?));
    match rendered {
        Ok(Html(page)) => Html(page).into_response(),
        Err(error) => Problem::internal(&error).into_response(),
    }
}

fn page(document: &Value) -> Page {
    let mut by_tag: BTreeMap<&str, Vec<Operation>> = BTreeMap::new();
    for (path, item) in entries(&document["paths"]) {
        for method in METHODS {
            if let Some(found) = item.get(method) {
                let tag = found["tags"][0].as_str().unwrap_or_default();
                by_tag.entry(tag).or_default().push(operation(method, path, found));
            }
        }
    }
    let group = |tag: &Value| Group {
        name: text(tag, "name"),
        description: text(tag, "description"),
        operations: by_tag.remove(tag["name"].as_str().unwrap_or_default()).unwrap_or_default(),
    };
    Page {
        title: text(&document["info"], "title"),
        description: text(&document["info"], "description"),
        server: text(&document["servers"][0], "url"),
        groups: items(&document["tags"]).map(group).collect(),
        schemas: entries(&document["components"]["schemas"])
            .map(|(name, found)| schema(name, found))
            .collect(),
        problems: SORTS
            .map(|sort| Sort { word: sort.word, title: sort.title, status: sort.status.as_u16() })
            .into(),
    }
}

fn operation(method: &str, path: &str, found: &Value) -> Operation {
    let parameter = |one: &Value| Parameter {
        name: text(one, "name"),
        place: text(one, "in"),
        required: one["required"].as_bool().unwrap_or(false),
        shape: shape(&one["schema"]),
        description: text(one, "description"),
    };
    let answer = |(status, one): (&str, &Value)| Answer {
        status: status.to_owned(),
        description: text(one, "description"),
        shape: entries(&one["content"])
            .map(|(_, content)| shape(&content["schema"]))
            .collect::<Vec<_>>()
            .join(", "),
    };
    Operation {
        id: format!("{method}{}", path.replace(['/', '{', '}'], "-")),
        method: method.to_ascii_uppercase(),
        path: path.to_owned(),
        summary: text(found, "summary"),
        description: text(found, "description"),
        keyless: items(&found["security"]).any(|one| one.as_object().is_some_and(serde_json::Map::is_empty)),
        parameters: items(&found["parameters"]).map(parameter).collect(),
        bodies: entries(&found["requestBody"]["content"])
            .map(|(media_type, content)| Body {
                media_type: media_type.to_owned(),
                shape: shape(&content["schema"]),
            })
            .collect(),
        // The refusals are the same everywhere, and stand once at the end of the page.
        answers: entries(&found["responses"])
            .filter(|(status, _)| status.starts_with('2'))
            .map(answer)
            .collect(),
    }
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
