//! Examples out of the document: what a shape looks like when it is filled in, and the call that sends it. What the shapes say of
//! themselves (`example`) is taken; the rest is made up from their sort.

use serde_json::{Map, Value, json};

/// How deep shapes are followed: none of ours lies deeper, and none may go in circles.
const DEPTH: usize = 8;
const MOMENT: &str = "2026-11-23T09:30:00Z";
const IDENTIFIER: &str = "018f6e4a-51c2-7d3e-9a55-6c1f0a7c2b10";

/// A value of this shape.
#[must_use]
pub fn of(document: &Value, schema: &Value) -> Value {
    filled(document, schema, DEPTH)
}

fn filled(document: &Value, schema: &Value, depth: usize) -> Value {
    if depth == 0 {
        return Value::Null;
    }
    if let Some(example) = given(schema) {
        return example.clone();
    }
    if let Some(place) = schema["$ref"].as_str() {
        let found = document.pointer(place.trim_start_matches('#')).unwrap_or(&Value::Null);
        return filled(document, found, depth - 1);
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts.iter().map(|part| filled(document, part, depth - 1));
        let fields = parts.filter_map(|part| part.as_object().cloned()).flatten();
        return Value::Object(fields.chain(own_fields(document, schema, depth)).collect());
    }
    let first = |of: &str| {
        schema[of]
            .as_array()?
            .iter()
            .find(|one| one["type"] != "null")
            .map(|one| filled(document, one, depth - 1))
    };
    if let Some(one) = first("oneOf").or_else(|| first("anyOf")) {
        return one;
    }
    if let Some(value) = schema["enum"].get(0) {
        return value.clone();
    }
    match sort(schema) {
        "object" => Value::Object(own_fields(document, schema, depth)),
        "array" => json!([filled(document, &schema["items"], depth - 1)]),
        "boolean" => json!(true),
        "integer" => json!(1),
        "number" => json!(1.5),
        "string" => json!(match schema["format"].as_str() {
            Some("date-time") => MOMENT,
            Some("uuid") => IDENTIFIER,
            _ => "…",
        }),
        _ => Value::Null,
    }
}

/// The fields that are always there, and those of which the document shows how they look.
fn own_fields(document: &Value, schema: &Value, depth: usize) -> Map<String, Value> {
    let required = schema["required"].as_array();
    let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|one| one == name));
    let shown = |(name, field): (&String, &Value)| {
        (is_required(name) || given(field).is_some())
            .then(|| (name.clone(), filled(document, field, depth - 1)))
    };
    schema["properties"].as_object().into_iter().flatten().filter_map(shown).collect()
}

fn given(schema: &Value) -> Option<&Value> {
    schema.get("example").or_else(|| schema["examples"].get(0))
}

fn sort(schema: &Value) -> &str {
    match &schema["type"] {
        Value::Array(sorts) => sorts.iter().filter_map(Value::as_str).find(|sort| *sort != "null"),
        sort => sort.as_str(),
    }
    .unwrap_or_default()
}

/// Who calls: which head shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// Everybody.
    Everybody,
    /// An app with its key.
    App,
    /// An app that speaks for a citizen.
    Citizen,
}

/// A call of an operation with `curl`, for each form of body that it takes.
#[must_use]
pub fn calls(
    document: &Value,
    (method, address): (&str, &str),
    operation: &Value,
    caller: Caller,
) -> Vec<String> {
    let mut lines = vec![format!(
        "curl{} {address}",
        if method == "get" { String::new() } else { format!(" -X {}", method.to_ascii_uppercase()) }
    )];
    if caller != Caller::Everybody {
        lines.push("-H 'Authorization: Bearer rk_…'".to_owned());
    }
    if caller == Caller::Citizen {
        lines.push("-H 'X-Citizen-Token: ct_…'".to_owned());
    }
    let parameters = operation["parameters"].as_array();
    for parameter in
        parameters.into_iter().flatten().filter(|one| one["in"] == "header" && one["required"] == true)
    {
        let value = given(parameter).or_else(|| given(&parameter["schema"]));
        let value = value.and_then(Value::as_str).unwrap_or("…");
        lines.push(format!("-H '{}: {value}'", parameter["name"].as_str().unwrap_or_default()));
    }
    let bodies = operation["requestBody"]["content"].as_object();
    let mut calls: Vec<String> = bodies
        .into_iter()
        .flatten()
        .map(|(media, content)| call(&lines, body(document, media, &content["schema"])))
        .collect();
    if calls.is_empty() {
        calls.push(call(&lines, Vec::new()));
    }
    calls
}

fn call(lines: &[String], body: Vec<String>) -> String {
    let lines: Vec<String> = lines.iter().cloned().chain(body).collect();
    lines.join(" \\\n  ")
}

/// The lines that send a body: JSON as it is, a form part by part.
fn body(document: &Value, media: &str, schema: &Value) -> Vec<String> {
    let value = of(document, schema);
    if media == "application/json" {
        let written = serde_json::to_string_pretty(&value).unwrap_or_default();
        return vec![format!("-H 'Content-Type: {media}'"), format!("-d '{}'", written.replace('\'', "’"))];
    }
    let form = schema["$ref"].as_str().and_then(|place| document.pointer(place.trim_start_matches('#')));
    let parts = form.and_then(|form| form["properties"].as_object());
    let part = |(name, part): (&String, &Value)| match sort(part) {
        "array" | "string" => format!("-F '{name}=@foto.jpg'"),
        _ => format!("-F '{name}={};type=application/json'", value[name].to_string().replace('\'', "’")),
    };
    parts.into_iter().flatten().map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Value {
        json!({ "components": { "schemas": {
            "Base": { "type": "object", "required": ["id"], "properties": {
                "id": { "type": "string", "format": "uuid" }, "closed_at": { "type": ["string", "null"] }
            } },
            "State": { "type": "string", "enum": ["new", "closed"] },
            "Whole": { "allOf": [{ "$ref": "#/components/schemas/Base" }, { "type": "object",
                "required": ["states", "open"], "properties": {
                    "states": { "type": "array", "items": { "$ref": "#/components/schemas/State" } },
                    "open": { "type": "boolean" }, "number": { "type": "string", "example": "2026/000123" }
                } }] },
            "Round": { "type": "object", "required": ["again"], "properties": {
                "again": { "$ref": "#/components/schemas/Round" }
            } }
        } } })
    }

    fn example(name: &str) -> Value {
        of(&document(), &json!({ "$ref": format!("#/components/schemas/{name}") }))
    }

    #[test]
    fn a_shape_is_filled_in() {
        let whole = json!({ "id": IDENTIFIER, "states": ["new"], "open": true, "number": "2026/000123" });
        assert_eq!(example("Whole"), whole, "what may be absent and shows nothing is absent");
        assert!(example("Round").to_string().contains("null"), "circles end");
    }

    #[test]
    fn a_call_shows_its_key_its_head_and_its_body() {
        let operation = json!({
            "parameters": [{ "in": "header", "name": "Idempotency-Key", "required": true, "example": "a-word" },
                { "in": "header", "name": "Accept-Language", "required": false }],
            "requestBody": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/State" } } } }
        });
        let calls = calls(&document(), ("post", "https://x/requests"), &operation, Caller::Citizen);
        let lines: Vec<&str> = calls[0].lines().map(|line| line.trim_end_matches(" \\").trim()).collect();
        assert_eq!(
            lines,
            [
                "curl -X POST https://x/requests",
                "-H 'Authorization: Bearer rk_…'",
                "-H 'X-Citizen-Token: ct_…'",
                "-H 'Idempotency-Key: a-word'",
                "-H 'Content-Type: application/json'",
                "-d '\"new\"'"
            ]
        );
    }
}
