//! Profiles: whether a citizen can be reached by the service that asks.

use serde_json::{Value, json};

use super::{
    account::{Group, may_call_from},
    answer::{Answer, Outcome, Refusal},
    codec::{FISCAL_CODE, Kind, decode, required},
    knobs::Registration,
    message,
    world::{Request, World},
};

const FISCAL_CODE_PAYLOAD: Kind = Kind::Object(&[required("fiscal_code", FISCAL_CODE)]);

/// `POST /profiles`.
pub fn by_body(world: &mut World, request: &Request) -> Outcome {
    profile(world, request, || {
        let payload = decode(&FISCAL_CODE_PAYLOAD, &request.body);
        payload
            .map(|mut payload| payload["fiscal_code"].take())
            .map_err(|flaws| ("Invalid FiscalCodePayload", flaws))
    })
}

/// `GET /profiles/{fiscal_code}`: to be gone one day, because it puts codes into paths.
pub fn by_path(world: &mut World, request: &Request) -> Outcome {
    profile(world, request, || {
        decode(&FISCAL_CODE, &json!(request.place("fiscal_code")))
            .map_err(|flaws| ("Invalid FiscalCode", flaws))
    })
}

type Asked = Result<Value, (&'static str, String)>;

fn profile(world: &World, request: &Request, asked: impl FnOnce() -> Asked) -> Outcome {
    let caller = &request.caller;
    world.in_one_of(caller, &[Group::ApiLimitedProfileRead])?;
    let (service, known) = world.known_service(caller)?;
    let code = asked().map_err(|(title, flaws)| Refusal::problem(400, title, flaws))?;
    let code = code.as_str().unwrap_or_default();
    may_call_from(caller.ip, &known.cidrs)?;
    // Before the citizen is looked up: an account on trial learns nothing about anybody.
    message::may_write(world, caller, &known, code).map_err(|_| Refusal::recipient())?;
    let registration = world.registration(code, &service);
    if registration == Registration::Absent {
        let words = "The profile you requested was not found in the system.";
        return Err(Refusal::problem(404, "Profile not found", words));
    }
    let spoken = world.citizens.get(code).map(|citizen| citizen.languages.clone());
    let mut languages = spoken.unwrap_or_else(|| vec!["it_IT".to_owned()]);
    if world.knobs.strange {
        languages.insert(0, "sl_SI".to_owned());
    }
    let mut profile = json!({ "sender_allowed": registration == Registration::On });
    if !languages.is_empty() {
        profile["preferred_languages"] = json!(languages);
    }
    Ok(Answer::Found(profile))
}
