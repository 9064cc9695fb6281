//! `/manage/services`: list, create, read, change, delete, history, topics.

use serde_json::{Value, json};

use super::{
    super::{
        answer::{Answer, Outcome, Refusal},
        clock::ulid,
        topics,
        world::{Request, World},
    },
    Service, State, conflict, copy, own, own_living,
    sheet::{read, shown},
};

/// Services of a page, if nobody says how many.
const PAGE: usize = 20;
/// Entries of the history, likewise.
const HISTORY_PAGE: usize = 10;

/// `GET /manage/services/topics`: any key will do.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every operation")]
pub fn topics(_: &mut World, _: &Request) -> Outcome {
    Ok(Answer::Found(topics::list()))
}

/// `POST /manage/services`.
pub fn create(world: &mut World, request: &Request) -> Outcome {
    world.manages(&request.caller)?;
    let sheet = read(&request.body)?;
    world.manages_from_here(&request.caller)?;
    world.has_room()?;
    let id = ulid(request.now);
    let service = Service::new(id.clone(), request.caller.institution, sheet, request.now);
    copy(world, &id, &service.sheet, request.now);
    let answer = as_shown(world, &service);
    world.services.insert(id, service);
    Ok(Answer::Created(answer))
}

/// `GET /manage/services`: pages are cut before deleted services are left out, so that they may be shorter than asked (trap 16).
pub fn list(world: &mut World, request: &Request) -> Outcome {
    world.manages(&request.caller)?;
    let limit = limit(request)?.unwrap_or(PAGE);
    let offset = match request.query.get("offset") {
        None => 0,
        Some(text) => text.parse::<usize>().map_err(|_| not_a_number("offset", text))?,
    };
    world.manages_from_here(&request.caller)?;
    let own = world.services.values().filter(|service| service.institution == request.caller.institution);
    let page = own.skip(offset).take(limit).filter(|service| service.state != State::Deleted);
    let value: Vec<Value> = page.map(|service| as_shown(world, service)).collect();
    let pagination = json!({ "offset": offset, "limit": limit, "count": value.len() });
    Ok(Answer::Found(json!({ "value": value, "pagination": pagination })))
}

/// `GET /manage/services/{id}`: of a deleted one, too.
pub fn show(world: &mut World, request: &Request) -> Outcome {
    world.manages(&request.caller)?;
    world.manages_from_here(&request.caller)?;
    let service = own(world, request)?.clone();
    Ok(Answer::Found(as_shown(world, &service)))
}

/// `PUT /manage/services/{id}`: the whole sheet, which becomes a draft.
pub fn change(world: &mut World, request: &Request) -> Outcome {
    world.manages(&request.caller)?;
    let sheet = read(&request.body)?;
    world.manages_from_here(&request.caller)?;
    let service = own(world, request)?;
    if matches!(service.state, State::Submitted | State::Deleted) {
        return Err(conflict(service.state));
    }
    service.sheet = sheet;
    service.enter(State::Draft, None, request.now);
    let service = service.clone();
    // Once it was approved, only what is approved counts for messages.
    if service.publication.is_none() {
        copy(world, &service.id, &service.sheet, request.now);
    }
    Ok(Answer::Found(as_shown(world, &service)))
}

/// `DELETE /manage/services/{id}`.
pub fn delete(world: &mut World, request: &Request) -> Outcome {
    world.manages(&request.caller)?;
    world.manages_from_here(&request.caller)?;
    let service = own(world, request)?;
    if matches!(service.state, State::Submitted | State::Deleted) {
        return Err(conflict(service.state));
    }
    service.known = None;
    service.enter(State::Deleted, None, request.now);
    if let Some(publication) = service.publication.clone().filter(|publication| publication.published) {
        service.publish(super::Publication { published: false, last_update: request.now, ..publication });
    }
    Ok(Answer::Done)
}

/// `GET /manage/services/{id}/history`.
pub fn history(world: &mut World, request: &Request) -> Outcome {
    world.manages(&request.caller)?;
    let newest_first = match request.query.get("order").map(String::as_str) {
        None | Some("DESC") => true,
        Some("ASC") => false,
        Some(other) => {
            let flaws = format!("value [{}] at [root] is not a valid [ASC | DESC]", json!(other));
            return Err(Refusal::problem(400, "Invalid OrderParam", flaws));
        }
    };
    let limit = limit(request)?.unwrap_or(HISTORY_PAGE);
    let from = match request.query.get("continuationToken") {
        None => 0,
        Some(token) => token.parse::<usize>().map_err(|_| not_a_number("continuationToken", token))?,
    };
    world.manages_from_here(&request.caller)?;
    let service = own_living(world, request)?;
    let total = service.history.len();
    let item = |place: usize| {
        let moment = &service.history[if newest_first { total - 1 - place } else { place }];
        let mut status = json!({ "kind": moment.kind, "value": moment.value });
        if let Some(reason) = &moment.reason {
            status["reason"] = json!(reason);
        }
        shown(&service.id, status, moment.at, &moment.sheet)
    };
    let to = from.saturating_add(limit).min(total);
    let items: Vec<Value> = (from.min(total)..to).map(item).collect();
    let mut answer = json!({ "items": items });
    if to < total {
        answer["continuationToken"] = json!(to.to_string());
    }
    Ok(Answer::Found(answer))
}

/// `limit` is below 100, although the specification says up to 100 (trap 16).
fn limit(request: &Request) -> Result<Option<usize>, Refusal> {
    let Some(text) = request.query.get("limit") else { return Ok(None) };
    let number = text.parse::<usize>().ok().filter(|number| (1..100).contains(number));
    number.map(Some).ok_or_else(|| not_a_number("limit", text))
}

fn not_a_number(name: &str, text: &str) -> Refusal {
    let flaws = format!("value [{}] at [root.{name}] is not a valid [integer in range]", json!(text));
    Refusal::problem(400, "Invalid integer", flaws)
}

fn as_shown(world: &World, service: &Service) -> Value {
    let mut status = json!({ "value": service.state });
    if let Some(reason) = &service.reason {
        status["reason"] = json!(reason);
    }
    if world.knobs.strange {
        status["value"] = json!("archived");
    }
    shown(&service.id, status, service.last_update, &service.sheet)
}
