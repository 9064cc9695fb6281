//! The sheet of a service on IO: what citizens read about it, and how it may be used.
//!
//! IO replaces a sheet as a whole: what is left out of an update is gone, and without addresses the service is open to every
//! one. So a sheet keeps all that it was read with, fields that we do not know included, and an update is
//! merged into what IO has at that moment ([`merge()`]).
//!
//! Source of the fields: "Guida tecnica", Publishing a Service, Required Data; `CmsServicePayload` of the API.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub mod bounds;
pub mod check;
pub mod differ;
pub mod life;
pub mod logo;
pub mod merge;
pub mod name;

pub use bounds::bounds;
pub use check::{approval, check, warnings};
pub use merge::merge;

/// A service sheet.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub struct Sheet {
    /// Name of the service.
    pub name: String,
    /// What it is for, Markdown.
    pub description: String,
    /// In whose name.
    pub organization: Organization,
    /// Whether messages are only told in the app, unless a message says otherwise.
    pub require_secure_channel: bool,
    /// Codici fiscali to which it may write while its account is limited.
    pub authorized_recipients: Vec<String>,
    /// IPv4 addresses and networks from which it may be used; **none means all of them**.
    pub authorized_cidrs: Vec<String>,
    /// Most euro cents of a notice. IO sets its own when it approves the sheet.
    pub max_allowed_payment_amount: u64,
    /// Whether it is for young people from 14 on, too. IO does not always show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suitable_for_minors: Option<bool>,
    /// The rest.
    pub metadata: Metadata,
    /// Fields that we do not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// In whose name a service writes.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub struct Organization {
    /// Its name.
    pub name: String,
    /// Its fiscal code, 11 digits.
    pub fiscal_code: String,
    /// Which office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department_name: Option<String>,
    /// Fields that we do not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Where a service is meant to be used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum Scope {
    /// In a town or a region.
    #[default]
    #[serde(rename = "LOCAL")]
    Local,
    /// In all of Italy.
    #[serde(rename = "NATIONAL")]
    National,
    /// Something new.
    #[serde(untagged)]
    Other(String),
}

/// What else a sheet says. Each text is left out when there is none: IO takes no empty ones.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default)]
pub struct Metadata {
    /// Where it is meant to be used.
    pub scope: Scope,
    /// Its topic, a number of IO's list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic_id: Option<u32>,
    /// Page on privacy. Without it the sheet is not approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub privacy_url: Option<String>,
    /// Terms of use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tos_url: Option<String>,
    /// Site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web_url: Option<String>,
    /// App for iPhones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_ios: Option<String>,
    /// App for Android.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_android: Option<String>,
    /// Page that helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub support_url: Option<String>,
    /// Telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Certified mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pec: Option<String>,
    /// Where the office is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Buttons of the sheet, as [`super::cta::Cta::front_matter`] writes them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cta: Option<String>,
    /// Fields that we do not know.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Fields of an answer that are about the service and not of its sheet.
const NOT_OF_THE_SHEET: [&str; 6] = ["id", "status", "last_update", "version", "created_at", "modified_at"];

/// A sheet that IO gave cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("IO ha dato una scheda che non si legge.")]
pub struct Unreadable;

impl Sheet {
    /// Reads a sheet as IO gives it, with its topic as `{id, name}`.
    ///
    /// # Errors
    /// It is no sheet.
    pub fn read(answer: &Value) -> Result<Self, Unreadable> {
        let mut fields = answer.as_object().ok_or(Unreadable)?.clone();
        fields.retain(|name, value| !NOT_OF_THE_SHEET.contains(&name.as_str()) && !value.is_null());
        if let Some(metadata) = fields.get_mut("metadata").and_then(Value::as_object_mut) {
            metadata.retain(|_, value| !value.is_null());
            // Deprecated: it is shown, and must not be sent.
            metadata.remove("token_name");
            // What is shown is what counts, should both be there.
            if let Some(topic) = metadata.remove("topic")
                && let Some(id) = topic.get("id").and_then(whole)
            {
                metadata.insert("topic_id".to_owned(), id.into());
            }
        }
        let mut fields = Value::Object(fields);
        take_out_nul(&mut fields);
        serde_json::from_value(fields).map_err(|_| Unreadable)
    }

    /// The sheet as IO takes it, with its topic as `topic_id` and without empty texts.
    #[must_use]
    pub fn written(&self) -> Value {
        let mut sheet = serde_json::to_value(self).unwrap_or_default();
        for part in ["metadata", "organization"] {
            if let Some(fields) = sheet.get_mut(part).and_then(Value::as_object_mut) {
                fields.retain(|_, value| value.as_str().is_none_or(|text| !text.trim().is_empty()));
            }
        }
        sheet
    }
}

/// JSON may hold characters that no database keeps.
fn take_out_nul(value: &mut Value) {
    match value {
        Value::String(text) => text.retain(|c| c != '\0'),
        Value::Array(values) => values.iter_mut().for_each(take_out_nul),
        Value::Object(fields) => {
            fields.retain(|name, _| !name.contains('\0'));
            fields.values_mut().for_each(take_out_nul);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// JSON has one sort of numbers, and JavaScript writes 3 as it likes.
fn whole(number: &Value) -> Option<u32> {
    let float = || number.as_f64().filter(|number| number.fract() == 0.0).map(|number| format!("{number}"));
    let whole = number.as_u64().map(|number| number.to_string()).or_else(float)?;
    whole.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    pub(super) fn answer() -> Value {
        json!({
            "id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "status": {"value": "approved"}, "last_update": "2026-03-02T08:00:00.000Z",
            "name": "Segnalazioni, suggerimenti e reclami", "description": "Qui segui le tue segnalazioni.",
            "organization": {"name": "Ente di prova", "fiscal_code": "00743110157", "department_name": "Ambiente"},
            "require_secure_channel": true, "authorized_recipients": ["AAAAAA00A00A000A"],
            "authorized_cidrs": ["203.0.113.7/32"], "max_allowed_payment_amount": 1_000_000,
            "metadata": {
                "scope": "LOCAL", "topic": {"id": 14.0, "name": "Suolo, spazi e beni pubblici"}, "token_name": "x",
                "privacy_url": "https://ente.example/privacy", "email": "ambiente@ente.example", "phone": "030 1234567",
                "web_url": "https://ente.example", "tos_url": "https://ente.example/tos", "address": "Via Roma 1",
                "cta": "---\nit:\n    cta_1:\n        text: \"Segnala\"\n        action: \"ioit://x\"\n---\n",
                "app_ios": "https://apps.apple.com/it/app/id1", "app_android": "https://play.google.com/store/apps/details?id=x", "pec": "ente@pec.example",
                "support_url": "https://ente.example/aiuto", "group_id": "g1", "category": "STANDARD"
            },
            "invented_tomorrow": {"a": [1]}
        })
    }

    #[test]
    fn trap_17_a_sheet_is_read_in_one_shape_and_written_in_the_other_and_loses_nothing() {
        let mut expected = answer();
        for gone in ["id", "status", "last_update"] {
            expected.as_object_mut().unwrap().remove(gone);
        }
        let metadata = expected["metadata"].as_object_mut().unwrap();
        metadata.remove("topic");
        metadata.remove("token_name");
        metadata.insert("topic_id".to_owned(), json!(14));
        assert_eq!(Sheet::read(&answer()).unwrap().written(), expected);
    }

    #[test]
    fn a_sheet_that_says_little_is_read_and_one_that_is_none_is_not() {
        let sheet =
            Sheet::read(&json!({"name": "x", "metadata": {"scope": "REGIONAL", "email": null}})).unwrap();
        assert_eq!(sheet.metadata.scope, Scope::Other("REGIONAL".to_owned()));
        assert_eq!(sheet.written()["metadata"], json!({"scope": "REGIONAL"}));
        let odd = Sheet::read(&json!({"name": "a\0b", "more": {"x\0": 1, "y": ["\0"]}})).unwrap();
        assert_eq!((odd.name.as_str(), odd.other.get("more")), ("ab", Some(&json!({"y": [""]}))));
        for none in [json!([]), json!("x"), json!({"name": 3}), json!({"authorized_cidrs": {}})] {
            assert_eq!(Sheet::read(&none), Err(Unreadable), "{none}");
        }
    }

    #[test]
    fn an_empty_text_is_left_out() {
        let mut sheet = Sheet::read(&answer()).unwrap();
        sheet.metadata.phone = Some(" ".to_owned());
        assert!(sheet.written()["metadata"].get("phone").is_none());
    }
}
