//! Configurations of remote content: where IO fetches what a message only announces (facts 7.3).

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    account::{Caller, Group, Key},
    answer::{Answer, Outcome, Refusal},
    clock::ulid,
    codec::{FISCAL_CODE, Kind, SAID, ULID, decode, optional, required},
    world::{Request, World},
};

const AUTHENTICATION: Kind =
    Kind::Object(&[required("header_key_name", SAID), required("key", SAID), required("type", SAID)]);
const LIVE: Kind =
    Kind::Object(&[required("base_url", SAID), required("details_authentication", AUTHENTICATION)]);
const TRIAL: Kind = Kind::Object(&[
    required("base_url", SAID),
    required("details_authentication", AUTHENTICATION),
    required("test_users", Kind::List(&FISCAL_CODE)),
]);
const PAYLOAD: Kind = Kind::Object(&[
    required("name", SAID),
    required("description", SAID),
    required("has_precondition", Kind::OneOf(&["ALWAYS", "ONCE", "NEVER"])),
    required("disable_lollipop_for", Kind::List(&FISCAL_CODE)),
    required("is_lollipop_enabled", Kind::Flag),
    optional("prod_environment", LIVE),
    optional("test_environment", TRIAL),
]);

/// A configuration.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Configuration {
    /// Place of its institution in the list.
    pub institution: usize,
    /// What it says, with its `configuration_id`.
    pub content: Value,
    /// When it was made or changed.
    pub last_update: DateTime<Utc>,
}

/// `POST /messages-sending/remote-contents/configurations`.
pub fn create(world: &mut World, request: &Request) -> Outcome {
    let content = read(&request.body);
    allowed(world, &request.caller, content.as_ref().err())?;
    world.has_room()?;
    let id = ulid(request.now);
    let content = with_id(content?, &id);
    keep(world, request, id, content.clone());
    Ok(Answer::Created(content))
}

/// `GET /messages-sending/remote-contents/configurations`.
pub fn list(world: &mut World, request: &Request) -> Outcome {
    allowed(world, &request.caller, None)?;
    let own = world.configurations.values();
    let own = own.filter(|configuration| configuration.institution == request.caller.institution);
    let list: Vec<Value> = own.map(|configuration| with_owner(world, configuration)).collect();
    Ok(Answer::Found(json!({ "rcConfigList": list })))
}

/// `GET /messages-sending/remote-contents/configurations/{id}`.
pub fn show(world: &mut World, request: &Request) -> Outcome {
    let id = id(request);
    allowed(world, &request.caller, id.as_ref().err())?;
    let configuration = own(world, request, &id?)?;
    Ok(Answer::Found(with_owner(world, configuration)))
}

/// `PUT /messages-sending/remote-contents/configurations/{id}`: replaces the whole.
pub fn change(world: &mut World, request: &Request) -> Outcome {
    let asked = id(request).and_then(|id| Ok((id, read(&request.body)?)));
    allowed(world, &request.caller, asked.as_ref().err())?;
    let (id, content) = asked?;
    own(world, request, &id)?;
    let content = with_id(content, &id);
    keep(world, request, id, content);
    Ok(Answer::Done)
}

/// The gateway asks for the group and refuses without a word. The application looks at what was sent before it looks at the key.
fn allowed(world: &World, caller: &Caller, flaw: Option<&Refusal>) -> Result<(), Refusal> {
    if !world.is_in(caller, Group::ApiRemoteContentConfigurationWrite) {
        return Err(Refusal::Bare(403));
    }
    if let Some(flaw) = flaw {
        return Err(flaw.clone());
    }
    if caller.key == Key::Manage { Ok(()) } else { Err(Refusal::not_allowed()) }
}

fn id(request: &Request) -> Result<String, Refusal> {
    let id = request.place("configuration");
    decode(&ULID, &json!(id)).map_err(|flaws| Refusal::problem(400, "Invalid Ulid", flaws))?;
    Ok(id.to_ascii_uppercase())
}

fn read(body: &Value) -> Result<Value, Refusal> {
    decode(&PAYLOAD, body).map_err(|flaws| Refusal::problem(400, "Invalid NewRCConfigurationPublic", flaws))
}

fn own<'a>(world: &'a World, request: &Request, id: &str) -> Result<&'a Configuration, Refusal> {
    let Some(configuration) = world.configurations.get(id) else {
        let words = format!("Cannot find any configuration with configurationId: {id}");
        return Err(Refusal::problem(404, "Configuration not found", words));
    };
    if configuration.institution == request.caller.institution {
        Ok(configuration)
    } else {
        Err(Refusal::not_allowed())
    }
}

fn keep(world: &mut World, request: &Request, id: String, content: Value) {
    let institution = request.caller.institution;
    world.configurations.insert(id, Configuration { institution, content, last_update: request.now });
}

fn with_id(mut content: Value, id: &str) -> Value {
    content["configuration_id"] = json!(id);
    content
}

fn with_owner(world: &World, configuration: &Configuration) -> Value {
    let mut content = configuration.content.clone();
    content["user_id"] = json!(world.institutions[configuration.institution].id);
    content
}
