//! Reviews: what is handed in waits, is checked by rules, and then by a person, unless nothing changed that a person looks at
//! (facts 9.5).

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{
    super::{
        answer::{Answer, Outcome, Refusal},
        codec::{Kind, decode, required},
        knobs::Review,
        world::{Later, Request, World},
    },
    Publication, Service, State, conflict, own,
};

const REVIEW_REQUEST: Kind = Kind::Object(&[required("auto_publish", Kind::Flag)]);
/// What the platform allows an approved service to ask for, whatever was asked (facts 4.4). Cents.
const MOST_TO_PAY: i64 = 1_000_000;
/// Seconds after which somebody looks into the queue again.
const ANOTHER_LOOK: u32 = 1;

/// `PUT /manage/services/{id}/review`.
pub fn hand_in(world: &mut World, request: &Request) -> Outcome {
    world.manages(&request.caller)?;
    let asked = decode(&REVIEW_REQUEST, &request.body)
        .map_err(|flaws| Refusal::problem(400, "Invalid ReviewRequest", flaws))?;
    world.manages_from_here(&request.caller)?;
    let service = own(world, request)?;
    if service.state != State::Draft {
        return Err(conflict(service.state));
    }
    service.auto_publish = asked["auto_publish"] == true;
    service.enter(State::Submitted, None, request.now);
    let id = service.id.clone();
    world.later(request.now, world.knobs.review_seconds, Later::Review(id));
    Ok(Answer::Done)
}

/// Approves, rejects, or leaves it where it is.
pub fn decide(world: &mut World, id: &str, at: DateTime<Utc>, now: DateTime<Utc>) {
    let Some(service) = world.services.get(id).filter(|service| service.state == State::Submitted) else {
        return;
    };
    let flaw = flaw(world, service);
    let verdict = if is_as_published(service) { Review::Approve } else { world.knobs.review.clone() };
    let reason = match (flaw, verdict) {
        (Some(flaw), _) => Some(flaw),
        (None, Review::Approve) => None,
        (None, Review::Reject(reason)) => Some(reason),
        (None, Review::Wait) => {
            world.later(at.max(now), ANOTHER_LOOK, Later::Review(id.to_owned()));
            return;
        }
    };
    let Some(service) = world.services.get_mut(id) else { return };
    match reason {
        Some(reason) => service.enter(State::Rejected, Some(reason), at),
        None => {
            service.sheet["max_allowed_payment_amount"] = json!(MOST_TO_PAY);
            service.enter(State::Approved, None, at);
            let publish = service.auto_publish;
            world.later(at, world.knobs.copy_seconds, Later::Release(id.to_owned(), publish));
        }
    }
}

/// The past of a service that was there before the stand-in.
pub fn approved_long_ago(service: &mut Service, at: DateTime<Utc>) {
    service.enter(State::Submitted, None, at);
    service.enter(State::Approved, None, at);
    service.publish(Publication { published: true, sheet: service.sheet.clone(), last_update: at });
}

/// Nothing changed that a person looks at, and citizens see it already.
fn is_as_published(service: &Service) -> bool {
    const LOOKED_AT: [&str; 5] =
        ["/name", "/description", "/organization/name", "/organization/fiscal_code", "/metadata/scope"];
    let published = service.publication.as_ref().filter(|publication| publication.published);
    published.is_some_and(|publication| {
        LOOKED_AT.iter().all(|path| publication.sheet.pointer(path) == service.sheet.pointer(path))
    })
}

/// What the automatic check finds (facts 9.2, right column), in the words that the institution reads.
fn flaw(world: &World, service: &Service) -> Option<String> {
    let metadata = &service.sheet["metadata"];
    let said = |name: &str| metadata[name].as_str();
    if !said("privacy_url").is_some_and(is_url) {
        return Some("Manca un link valido all'informativa sulla privacy.".to_owned());
    }
    if !["email", "pec", "phone", "support_url"].iter().any(|name| said(name).is_some()) {
        return Some("Indica almeno un recapito: e-mail, PEC, telefono o pagina di assistenza.".to_owned());
    }
    let is_mail =
        |text: &str| text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    if let Some(name) = ["email", "pec"].iter().find(|name| said(name).is_some_and(|text| !is_mail(text))) {
        return Some(format!("L'indirizzo nel campo {name} non è valido."));
    }
    let links = ["support_url", "web_url", "app_ios", "app_android", "tos_url"];
    if let Some(name) = links.iter().find(|name| said(name).is_some_and(|text| !is_url(text))) {
        return Some(format!("Il link nel campo {name} non è valido."));
    }
    let name = |sheet: &Value| sheet["name"].as_str().unwrap_or_default().to_lowercase();
    let same_name = |other: &Service| {
        other.id != service.id
            && other.institution == service.institution
            && other.state != State::Deleted
            && other
                .publication
                .as_ref()
                .is_some_and(|publication| name(&publication.sheet) == name(&service.sheet))
    };
    let is_double = world.services.values().any(same_name);
    is_double.then(|| "L'ente ha già un servizio con questo nome.".to_owned())
}

/// `^https?:\S+$`
fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https:").or_else(|| text.strip_prefix("http:"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}
