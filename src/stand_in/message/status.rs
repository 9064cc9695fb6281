//! `GET /messages/{fiscal_code}/{id}`: where a message stands.

use serde_json::{Value, json};

use super::{
    super::{
        account::{Group, may_call_from},
        answer::{Answer, Outcome, Refusal},
        codec::{FISCAL_CODE, decode},
        knobs::Status,
        world::{Request, World},
    },
    Message,
    shape::iso,
};

/// `GET /messages/{fiscal_code}/{id}`, for the service that sent it.
pub fn show(world: &mut World, request: &Request) -> Outcome {
    let caller = &request.caller;
    world.in_one_of(caller, &[Group::ApiMessageRead])?;
    let (service, known) = world.known_service(caller)?;
    let (fiscal_code, id) = (request.place("fiscal_code"), request.place("id"));
    decode(&FISCAL_CODE, &json!(fiscal_code))
        .map_err(|flaws| Refusal::problem(400, "Invalid FiscalCode", flaws))?;
    may_call_from(caller.ip, &known.cidrs)?;
    let message = world.messages.get(id).filter(|message| message.fiscal_code == fiscal_code);
    let Some(message) = message else {
        let words = "The message that you requested was not found in the system.";
        return Err(Refusal::problem(404, "Message not found", words));
    };
    if message.service != service {
        return Err(Refusal::not_allowed_because(
            "You are not allowed to read this message, you can only read messages that you have sent",
        ));
    }
    let mut told = told(message);
    if message.advanced && !message.is_pending() && world.is_in(caller, Group::ApiMessageReadAdvanced) {
        advanced(&mut told, message);
    }
    if world.knobs.notification && message.status == Status::Processed {
        told["notification"] = json!({ "email": "SENT", "webhook": "SENT" });
    }
    if world.knobs.strange && message.is_pending() {
        told["status"] = json!("ENRICHING");
    }
    Ok(Answer::Found(told))
}

/// The content is told only of a message that reached the inbox.
fn told(message: &Message) -> Value {
    let mut told = json!({
        "message": {
            "id": message.id,
            "fiscal_code": message.fiscal_code,
            "created_at": iso(message.created_at),
            "sender_service_id": message.service,
            "time_to_live": message.time_to_live,
            "feature_level_type": if message.advanced { "ADVANCED" } else { "STANDARD" },
        },
        "status": message.status,
    });
    if message.status == Status::Processed {
        told["message"]["content"] = message.content.clone();
    }
    told
}

fn advanced(told: &mut Value, message: &Message) {
    told["read_status"] = json!(if message.read { "READ" } else { "UNREAD" });
    if message.status == Status::Processed && message.content.get("payment_data").is_some() {
        told["payment_status"] = json!(if message.paid { "PAID" } else { "NOT_PAID" });
    }
}
