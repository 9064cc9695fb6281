//! Calls with the keys that manage, about remote content: where IO finds us, and with which key it asks ("Guida tecnica", CRU Remote
//! Configurations). The key that manages goes in the same header as that of a service, whatever the description calls it.
//!
//! Nothing is deleted there, and what is written replaces the whole: so a configuration is looked for before it is made, and read
//! before it is changed.

use entity::io_remote::Precondition;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Management,
    line::{Call, unclear},
};
use crate::domain::io::{
    call::Failure,
    remote::{Announced, is_configuration_id},
};

const PATH: [&str; 3] = ["messages-sending", "remote-contents", "configurations"];
/// The title with which the API says that there is no such configuration.
const NOT_FOUND: &str = "Configuration not found";

/// What IO is to know of us.
#[derive(Clone, Debug)]
pub struct Place {
    /// Name of the configuration, for people.
    pub name: String,
    /// What it is for, for people.
    pub description: String,
    /// Whether citizens must agree first.
    pub precondition: Precondition,
    /// Where we are, without a slash at its end.
    pub base_url: String,
    /// In which header IO sends the key.
    pub header_name: String,
    /// The key.
    pub key: SecretString,
}

#[derive(Deserialize)]
struct List {
    #[serde(rename = "rcConfigList")]
    configurations: Vec<Value>,
}

/// What a message says of its remote content, as IO reads it.
pub(super) fn announced(remote: &Announced) -> Value {
    json!({
        "id": remote.id,
        "configuration_id": remote.configuration_id,
        "has_remote_content": remote.has_text,
        "has_attachments": remote.has_documents,
        // A word of three, and no boolean, whatever the guide's examples show.
        "has_precondition": remote.precondition,
    })
}

impl Management {
    /// Tells IO where we are, and gives the id of the configuration. `known` is the id that IO gave before; without it, or when IO
    /// does not know it any more, one of ours is looked for by its address and only then a new one is made.
    ///
    /// # Errors
    /// IO does not know it, or nobody knows: telling again does no harm.
    pub async fn tell_place(&self, known: Option<&str>, place: &Place) -> Result<String, Failure> {
        let found = match known {
            Some(id) => self.configuration(id).await?,
            None => None,
        };
        let found = match found {
            Some(found) => Some(found),
            None => self.configurations().await?.into_iter().find(|theirs| is_at(theirs, &place.base_url)),
        };
        let Some(theirs) = found else {
            let mut call = Call::new(Method::POST, &PATH).body(place.put_into(json!({})));
            call.once = true;
            return read_id(&self.call(call).await?.json(true)?);
        };
        let id = read_id(&theirs)?;
        let path = [&PATH[..], &[id.as_str()]].concat();
        self.call(Call::new(Method::PUT, &path).body(place.put_into(theirs))).await?;
        Ok(id)
    }

    /// All configurations of the institution, as IO gives them: with their keys, so they are never printed.
    async fn configurations(&self) -> Result<Vec<Value>, Failure> {
        let list: List = self.call(Call::new(Method::GET, &PATH)).await?.json(false)?;
        Ok(list.configurations)
    }

    async fn configuration(&self, id: &str) -> Result<Option<Value>, Failure> {
        let path = [&PATH[..], &[id]].concat();
        match self.call(Call::new(Method::GET, &path)).await {
            Ok(answer) => answer.json(false).map(Some),
            Err(Failure::Refused { title }) if title == NOT_FOUND => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}

impl Place {
    /// What IO has, with what is ours in it. Test users, and whatever else was set elsewhere, stays.
    fn put_into(&self, mut theirs: Value) -> Value {
        if let Some(fields) = theirs.as_object_mut() {
            fields.remove("configuration_id");
            fields.remove("user_id");
        }
        let mut set = |name: &str, value: Value| theirs[name] = value;
        set("name", json!(self.name));
        set("description", json!(self.description));
        set("has_precondition", json!(self.precondition));
        set(
            "prod_environment",
            json!({
                "base_url": self.base_url,
                "details_authentication": {
                    "header_key_name": self.header_name,
                    "key": self.key.expose_secret(),
                    "type": "API-KEY",
                },
            }),
        );
        // Required, and of no use to us: the API key says who asks.
        for (name, nothing) in [("disable_lollipop_for", json!([])), ("is_lollipop_enabled", json!(false))] {
            if theirs[name].is_null() {
                theirs[name] = nothing;
            }
        }
        theirs
    }
}

fn is_at(theirs: &Value, base_url: &str) -> bool {
    let place = theirs["prod_environment"]["base_url"].as_str();
    place.is_some_and(|place| place.trim_end_matches('/') == base_url)
}

fn read_id(answer: &Value) -> Result<String, Failure> {
    let id = answer["configuration_id"].as_str().map(str::to_ascii_uppercase);
    let unreadable = || unclear("IO ha dato una configurazione che non si legge.".to_owned(), false);
    id.filter(|id| is_configuration_id(id)).ok_or_else(unreadable)
}
