//! Logos of services and of organisations: PNG in base 64, of any size (facts 9.7).

use data_encoding::BASE64;
use serde_json::{Value, json};

use super::{
    super::{
        account::{Group, may_call_from},
        answer::{Answer, Outcome, Refusal},
        codec::{Kind, ORGANISATION_CODE, SAID, decode, required},
        world::{Request, World},
    },
    own_living,
};

const LOGO: Kind = Kind::Object(&[required("logo", SAID)]);

/// `PUT /manage/services/{id}/logo`.
pub fn of_service(world: &mut World, request: &Request) -> Outcome {
    world.manages(&request.caller)?;
    let logo = payload(&request.body)?;
    world.manages_from_here(&request.caller)?;
    let service = own_living(world, request)?;
    service.logo = Some(picture(&logo)?);
    Ok(Answer::Done)
}

/// `PUT /organizations/{code}/logo`, with a service's use key. Whose code it is, nobody asks.
pub fn of_organisation(world: &mut World, request: &Request) -> Outcome {
    let caller = &request.caller;
    world.in_one_of(caller, &[Group::ApiServiceWrite])?;
    let (_, known) = world.known_service(caller)?;
    decode(&ORGANISATION_CODE, &json!(request.place("organisation")))
        .map_err(|flaws| Refusal::problem(400, "Invalid OrganizationFiscalCode", flaws))?;
    let logo = payload(&request.body)?;
    may_call_from(caller.ip, &known.cidrs)?;
    picture(&logo)?;
    Ok(Answer::Taken)
}

fn payload(body: &Value) -> Result<String, Refusal> {
    let logo = decode(&LOGO, body).map_err(|flaws| Refusal::problem(400, "Invalid Logo", flaws))?;
    Ok(logo["logo"].as_str().unwrap_or_default().to_owned())
}

/// Bytes of a PNG with a width and a height.
fn picture(base64: &str) -> Result<usize, Refusal> {
    const START: &[u8] = b"\x89PNG\r\n\x1a\n";
    let invalid =
        || Refusal::problem(400, "Image not valid", "The base64 representation of the logo is invalid");
    let bytes = BASE64.decode(base64.as_bytes()).map_err(|_| invalid())?;
    let side = |from: usize| bytes.get(from..from + 4).is_some_and(|side| side.iter().any(|byte| *byte != 0));
    let header = bytes.starts_with(START) && bytes.get(12..16) == Some(b"IHDR");
    if header && side(16) && side(20) { Ok(bytes.len()) } else { Err(invalid()) }
}
