//! What a service's sheet must look like when it is written (facts 9.2), and how it is shown.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::super::{
    answer::Refusal,
    codec::{CIDR, FISCAL_CODE, Field, Kind, ORGANISATION_CODE, SAID, decode, defaulted, optional, required},
    ready::TEST_CODE,
    topics,
};

const ORGANISATION: Kind = Kind::Object(&[
    required("name", SAID),
    required("fiscal_code", ORGANISATION_CODE),
    optional("department_name", SAID),
]);
const METADATA: &[Field] = &[
    required("scope", Kind::OneOf(&["LOCAL", "NATIONAL"])),
    required("topic_id", Kind::Number),
    optional("web_url", SAID),
    optional("app_ios", SAID),
    optional("app_android", SAID),
    optional("tos_url", SAID),
    optional("privacy_url", SAID),
    optional("address", SAID),
    optional("phone", SAID),
    optional("email", SAID),
    optional("pec", SAID),
    optional("cta", SAID),
    optional("token_name", SAID),
    optional("support_url", SAID),
];
const PAYLOAD: Kind = Kind::Object(&[
    required("name", SAID),
    required("description", SAID),
    required("organization", ORGANISATION),
    required("metadata", Kind::Object(METADATA)),
    optional("require_secure_channel", Kind::Flag),
    optional("authorized_recipients", Kind::List(&FISCAL_CODE)),
    optional("authorized_cidrs", Kind::List(&CIDR)),
    defaulted("max_allowed_payment_amount", Kind::Whole(0, 9_999_999_999)),
    optional("suitable_for_minors", Kind::Flag),
]);

/// Reads a sheet. It replaces the whole: what is left out goes back to its default (trap 17).
pub fn read(body: &Value) -> Result<Value, Refusal> {
    let wrong = |flaws: String| Refusal::problem(400, "Invalid ServicePayload", flaws);
    let mut sheet = decode(&PAYLOAD, body).map_err(wrong)?;
    let name = sheet["name"].as_str().unwrap_or_default().trim().to_owned();
    if name.is_empty() {
        return Err(wrong("value [] at [root.name] is not a valid [non empty string]".to_owned()));
    }
    let topic = sheet["metadata"]["topic_id"].as_f64().unwrap_or_default();
    if topics::topic(topic).is_none() {
        return Err(Refusal::problem(400, "Bad Request", "Provided topic_id does not exists"));
    }
    sheet["name"] = json!(name);
    for (field, default) in [
        ("require_secure_channel", json!(false)),
        ("authorized_cidrs", json!([])),
        ("max_allowed_payment_amount", json!(0)),
    ] {
        if sheet.get(field).is_none() {
            sheet[field] = default;
        }
    }
    let mut recipients = vec![json!(TEST_CODE)];
    let named = sheet["authorized_recipients"].as_array().cloned().unwrap_or_default();
    recipients.extend(named.into_iter().filter(|code| code != TEST_CODE));
    sheet["authorized_recipients"] = json!(recipients);
    Ok(sheet)
}

/// A sheet as it is shown: with its topic in full, and without what is behind a flag.
pub fn shown(id: &str, status: Value, last_update: DateTime<Utc>, sheet: &Value) -> Value {
    let mut shown = sheet.clone();
    if let Some(fields) = shown.as_object_mut() {
        fields.remove("suitable_for_minors");
    }
    let metadata = shown["metadata"].as_object_mut().map(std::mem::take).unwrap_or_default();
    shown["metadata"] = with_topic(metadata);
    shown["id"] = json!(id);
    shown["status"] = status;
    shown["last_update"] = json!(last_update.to_rfc3339_opts(chrono::SecondsFormat::Millis, true));
    shown
}

fn with_topic(mut metadata: Map<String, Value>) -> Value {
    let topic = metadata.remove("topic_id").and_then(|id| id.as_f64()).and_then(topics::topic);
    metadata.extend(topic.map(|topic| ("topic".to_owned(), topic)));
    Value::Object(metadata)
}

/// What the messages' side knows of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Known {
    /// Its name.
    pub name: String,
    /// Name of the organisation.
    pub organisation: String,
    /// Code of the organisation.
    pub organisation_code: String,
    /// Addresses that may call. Empty: all.
    pub cidrs: Vec<String>,
    /// To whom an account on trial may write.
    pub recipients: Vec<String>,
    /// Whether its messages are discreet.
    pub secure: bool,
    /// The highest payment, in cents.
    pub max_amount: i64,
}

impl Known {
    /// Out of a sheet.
    #[must_use]
    pub fn of(sheet: &Value) -> Self {
        let text = |path: &str| sheet.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        let texts = |path: &str| {
            let values = sheet.pointer(path).and_then(Value::as_array).into_iter().flatten();
            values.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        Self {
            name: text("/name"),
            organisation: text("/organization/name"),
            organisation_code: text("/organization/fiscal_code"),
            cidrs: texts("/authorized_cidrs"),
            recipients: texts("/authorized_recipients"),
            secure: sheet["require_secure_channel"].as_bool().unwrap_or_default(),
            max_amount: sheet["max_allowed_payment_amount"].as_i64().unwrap_or_default(),
        }
    }
}
