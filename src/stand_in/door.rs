//! The gateway: every call passes here, before anything knows what it is about.
//!
//! In this order, as the real one (facts §13): a fault that was planned, the key, the budget of calls; then the operation with its
//! own checks. What is not an operation is the gateway's 404.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::{
    Router,
    body::{Bytes, to_bytes},
    extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, RawPathParams, Request as Incoming, State},
    http::{HeaderMap, HeaderValue, request::Parts},
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
};
use serde_json::{Value, json};

use super::{
    StandIn,
    account::{Caller, Key},
    answer::{Answer, Outcome, REMAINING, Refusal},
    configuration,
    knobs::{Door, Fault, take},
    message, profile, service,
    world::{Call, Request, World},
};

/// Largest body, in bytes: a logo of some size.
const LARGEST: usize = 4 * 1024 * 1024;
/// The header of both kinds of key.
const KEY: &str = "ocp-apim-subscription-key";

type Operation = fn(&mut World, &Request) -> Outcome;

/// All operations, under `/api/v1`.
pub fn routes() -> Router<StandIn> {
    use MethodFilter as M;
    const SERVICE: &str = "/manage/services/{service}";
    const CONFIGURATIONS: &str = "/messages-sending/remote-contents/configurations";
    let in_service = |rest: &str| format!("{SERVICE}{rest}");
    let operations: Vec<(M, String, Door, Operation)> = vec![
        (M::POST, "/profiles".to_owned(), Door::Profiles, profile::by_body),
        (M::GET, "/profiles/{fiscal_code}".to_owned(), Door::Profiles, profile::by_path),
        (M::POST, "/messages".to_owned(), Door::Messages, message::submit),
        (M::POST, "/messages/{fiscal_code}".to_owned(), Door::Messages, message::submit_to),
        (M::GET, "/messages/{fiscal_code}/{id}".to_owned(), Door::Status, message::show),
        (
            M::PUT,
            "/organizations/{organisation}/logo".to_owned(),
            Door::Manage,
            service::logo::of_organisation,
        ),
        (M::POST, "/manage/services".to_owned(), Door::Manage, service::create),
        (M::GET, "/manage/services".to_owned(), Door::Manage, service::list),
        (M::GET, "/manage/services/topics".to_owned(), Door::Manage, service::topics),
        (M::GET, in_service(""), Door::Manage, service::show),
        (M::PUT, in_service(""), Door::Manage, service::change),
        (M::DELETE, in_service(""), Door::Manage, service::delete),
        (M::PUT, in_service("/logo"), Door::Manage, service::logo::of_service),
        (M::GET, in_service("/history"), Door::Manage, service::history),
        (M::GET, in_service("/keys"), Door::Manage, service::show_keys),
        (M::PUT, in_service("/keys/{key}"), Door::Manage, service::regenerate),
        (M::PUT, in_service("/review"), Door::Manage, service::review::hand_in),
        (M::POST, in_service("/release"), Door::Manage, service::release::publish),
        (M::GET, in_service("/release"), Door::Manage, service::release::show),
        (M::DELETE, in_service("/release"), Door::Manage, service::release::hide),
        (M::POST, CONFIGURATIONS.to_owned(), Door::Manage, configuration::create),
        (M::GET, CONFIGURATIONS.to_owned(), Door::Manage, configuration::list),
        (M::GET, format!("{CONFIGURATIONS}/{{configuration}}"), Door::Manage, configuration::show),
        (M::PUT, format!("{CONFIGURATIONS}/{{configuration}}"), Door::Manage, configuration::change),
    ];
    let mut routes = Router::new();
    for (method, path, door, operation) in operations {
        let pass = move |State(stand_in): State<StandIn>, places: Places, request: Incoming| async move {
            stand_in.pass(door, operation, places.ok(), request).await
        };
        routes = routes.route(&path, on(method, pass));
    }
    routes.layer(DefaultBodyLimit::disable()).fallback(unknown).method_not_allowed_fallback(unknown)
}

type Places = Result<RawPathParams, axum::extract::rejection::RawPathParamsRejection>;

/// What the gateway says of an address that is none of its own.
pub async fn unknown() -> Response {
    Refusal::no_such_operation().into_response()
}

impl StandIn {
    async fn pass(
        self,
        door: Door,
        operation: Operation,
        places: Option<RawPathParams>,
        request: Incoming,
    ) -> Response {
        let (parts, body) = request.into_parts();
        let body = to_bytes(body, LARGEST).await;
        let (latency, fault) = self.with(|world, _| (world.knobs.latency_ms, take(&mut world.faults, door)));
        tokio::time::sleep(Duration::from_millis(latency)).await;
        let refused = fault.as_ref().and_then(Fault::refusal).map(IntoResponse::into_response);
        let response = match (refused, body, places) {
            (Some(refused), ..) => Some(refused),
            (None, Err(_), _) => Some(Refusal::Gateway(413, "Payload too large".to_owned()).into_response()),
            (None, _, None) => Some(Refusal::Gateway(400, "Bad request".to_owned()).into_response()),
            (None, ..) if fault == Some(Fault::HangUp) => None,
            (None, Ok(body), Some(places)) => Some(self.run(operation, &parts, &places, &body)),
        };
        // What was to be dropped is done by now, and nobody hears of it.
        let response = response.filter(|_| fault != Some(Fault::Drop));
        let status = response.as_ref().map(|response| response.status().as_u16());
        self.with(|world, now| {
            let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
            world.remember(Call { at: now, method: parts.method.to_string(), path, status });
        });
        response.unwrap_or_else(|| hang_up())
    }

    fn run(&self, operation: Operation, parts: &Parts, places: &RawPathParams, body: &Bytes) -> Response {
        self.with(|world, now| {
            let (caller, left) = match admit(world, parts, now) {
                Ok(admitted) => admitted,
                Err(refusal) => return refusal.into_response(),
            };
            let request = Request {
                caller,
                now,
                places: places.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
                query: query(parts),
                body: serde_json::from_slice(body).unwrap_or(Value::Null),
            };
            let outcome = operation(world, &request).map(|answer| decorated(world, answer));
            let mut response = match outcome {
                Ok(answer) => answer.into_response(),
                Err(refusal) => refusal.into_response(),
            };
            response.headers_mut().insert(REMAINING, HeaderValue::from(left));
            response
        })
    }
}

/// Who calls, and how many calls are left.
fn admit(
    world: &mut World,
    parts: &Parts,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(Caller, usize), Refusal> {
    let (institution, key) = who(world, &parts.headers)?;
    let left = world.institutions[institution].count(now, world.knobs.calls_per_window)?;
    let address = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let ip = address.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| address.ip());
    Ok((Caller { institution, key, ip }, left))
}

fn who(world: &World, headers: &HeaderMap) -> Result<(usize, Key), Refusal> {
    let key = headers.get(KEY).ok_or_else(Refusal::no_key)?;
    let known = key.to_str().ok().and_then(|key| world.who(key));
    known.ok_or_else(Refusal::unknown_key)
}

fn query(parts: &Parts) -> BTreeMap<String, String> {
    let text = parts.uri.query().unwrap_or_default();
    url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

/// Fields of tomorrow.
fn decorated(world: &World, answer: Answer) -> Answer {
    let add = |mut body: Value| {
        if world.knobs.strange
            && let Some(fields) = body.as_object_mut()
        {
            fields.insert("announced_tomorrow".to_owned(), json!({ "level": 3 }));
        }
        body
    };
    match answer {
        Answer::Found(body) => Answer::Found(add(body)),
        Answer::Created(body) => Answer::Created(add(body)),
        Answer::CreatedAt(path, body) => Answer::CreatedAt(path, add(body)),
        other => other,
    }
}

/// Ends the task of this connection, and the connection with it: the caller reads the end of the line where an answer should be. It
/// unwinds without a panic's message, because nothing is wrong.
fn hang_up() -> ! {
    std::panic::resume_unwind(Box::new("the line is cut, as planned"))
}
