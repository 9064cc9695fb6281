//! `POST /messages`, with its checks in IO's own order (facts §13), because a client sees the first that fails.

use serde_json::{Value, json};

use super::{
    super::{
        account::{Caller, Group, may_call_from},
        answer::{Answer, Outcome, Refusal},
        clock::ulid,
        codec::{FISCAL_CODE, decode},
        knobs::Status,
        service::Known,
        world::{Later, Request, World},
    },
    Message,
    shape::{NEW_MESSAGE, kept},
};

/// `POST /messages`: the citizen's code is in the body.
pub fn submit(world: &mut World, request: &Request) -> Outcome {
    handed_in(world, request, None)
}

/// `POST /messages/{fiscal_code}`: the citizen's code is in the path, and so in everybody's logs.
pub fn submit_to(world: &mut World, request: &Request) -> Outcome {
    handed_in(world, request, Some(request.place("fiscal_code")))
}

fn handed_in(world: &mut World, request: &Request, in_path: Option<&str>) -> Outcome {
    let caller = &request.caller;
    world.in_one_of(caller, &[Group::ApiMessageWrite, Group::ApiLimitedMessageWrite])?;
    let (service, known) = world.known_service(caller)?;
    let mut message = decode(&NEW_MESSAGE, &request.body)
        .map_err(|flaws| Refusal::problem(400, "Invalid message structure", flaws))?;
    if let Some(code) = in_path {
        decode(&FISCAL_CODE, &json!(code))
            .map_err(|flaws| Refusal::problem(400, "Invalid FiscalCode", flaws))?;
    }
    let advanced = message["feature_level_type"] == "ADVANCED";
    let content = message["content"].take();
    permitted(world, caller, &content, advanced)?;
    may_call_from(caller.ip, &known.cidrs)?;
    let fiscal_code = the_one(in_path, message["fiscal_code"].as_str())?.to_owned();
    remote_content(world, caller, &content, advanced)?;
    may_write(world, caller, &known, &fiscal_code)?;
    payable(&content, &known)?;

    let id = ulid(request.now);
    let path = format!("/api/v1/messages/{fiscal_code}/{id}");
    world.keep(Message {
        id: id.clone(),
        service,
        service_name: known.name,
        organisation: known.organisation,
        organisation_code: known.organisation_code,
        fiscal_code,
        created_at: request.now,
        status: Status::Accepted,
        advanced,
        time_to_live: message["time_to_live"].as_i64().unwrap_or(3600),
        secure: content["require_secure_channels"].as_bool().unwrap_or(known.secure),
        content: kept(content),
        read: false,
        paid: false,
    });
    world.later(request.now, world.knobs.processing_seconds, Later::Process(id.clone()));
    Ok(Answer::CreatedAt(path, json!({ "id": id })))
}

/// What `PagoPA` has to switch on (facts 1.8).
fn permitted(world: &World, caller: &Caller, content: &Value, advanced: bool) -> Result<(), Refusal> {
    let has = |path: &str| content.pointer(path).is_some();
    let asked = [
        (has("/eu_covid_cert"), Group::ApiMessageWriteEUCovidCert, "an EUCovidCert message"),
        (has("/payment_data/payee"), Group::ApiMessageWriteWithPayee, "a payment message with payee"),
        (advanced, Group::ApiMessageWriteAdvanced, "a Premium message"),
        (has("/third_party_data") && !advanced, Group::ApiThirdPartyMessageWrite, "a third party message"),
    ];
    match asked.iter().find(|(asked, group, _)| *asked && !world.is_in(caller, *group)) {
        None => Ok(()),
        Some((.., what)) => {
            Err(Refusal::not_allowed_because(&format!("You do not have enough permissions to send {what}")))
        }
    }
}

/// The code, which must be in one of the two places.
fn the_one<'a>(in_path: Option<&'a str>, in_body: Option<&'a str>) -> Result<&'a str, Refusal> {
    let words = "The fiscalcode parameter must be specified in the path or in the payload";
    match (in_path, in_body) {
        (Some(code), None) | (None, Some(code)) => Ok(code),
        (Some(_), Some(_)) => {
            Err(Refusal::problem(400, "Bad parameters", format!("{words} but not in both")))
        }
        (None, None) => Err(Refusal::problem(400, "Bad parameters", words)),
    }
}

fn remote_content(world: &World, caller: &Caller, content: &Value, advanced: bool) -> Result<(), Refusal> {
    let Some(remote) = content.get("third_party_data") else { return Ok(()) };
    let Some(id) = remote["configuration_id"].as_str() else {
        let words = "You did not send any configuration id for your remote content in third_party_data";
        return Err(Refusal::problem(403, "No configuration id for remote content", words));
    };
    let Some(configuration) = world.configurations.get(&id.to_ascii_uppercase()) else {
        let words = "Cannot find any Remote Content Configuration with the given id";
        return Err(Refusal::problem(404, "Remote Content Configuration NOT FOUND", words));
    };
    if configuration.institution != caller.institution {
        let words = "You're not the owner of the configuration related to the given configuration_id";
        return Err(Refusal::problem(403, "Not your configuration", words));
    }
    if remote["has_attachments"] == true && !advanced {
        let words = "You are not allowed to send messages with attachmens with STANDARD messages, please use ADVANCED";
        return Err(Refusal::problem(403, "Attachments call forbidden", words));
    }
    Ok(())
}

/// Whether the account may write to this citizen. Whether the citizen exists is not looked at.
pub fn may_write(world: &World, caller: &Caller, known: &Known, fiscal_code: &str) -> Result<(), Refusal> {
    if world.is_in(caller, Group::ApiLimitedMessageWrite) {
        let authorised = known.recipients.iter().any(|code| code == fiscal_code);
        return if authorised { Ok(()) } else { Err(Refusal::recipient()) };
    }
    if world.is_in(caller, Group::ApiMessageWrite) {
        return Ok(());
    }
    let words = "You are not allowed to issue production calls at this time.";
    Err(Refusal::problem(403, "Production call forbidden", words))
}

fn payable(content: &Value, known: &Known) -> Result<(), Refusal> {
    let (Some(asked), most) = (content["payment_data"]["amount"].as_i64(), known.max_amount) else {
        return Ok(());
    };
    if asked <= most {
        return Ok(());
    }
    let words = format!(
        "The requested amount ({asked} cents) exceeds the maximum allowed for this service ({most} cents)"
    );
    Err(Refusal::problem(400, "Error while sending payment metadata", words))
}
