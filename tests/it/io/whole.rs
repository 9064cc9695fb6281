//! Our client and the stand-in, served: two readings of one contract, made apart, in conversation. What our client says on the way
//! is written down, so that a third reading (`whole/contract.rs`) can judge it.

mod breaks;
mod contract;
mod keys;
mod messages;
mod pace;
mod services;
mod strange;

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
};

use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
};
use chrono::{DateTime, TimeDelta};
use riscontro::{
    channel::{
        email::tls::Trust,
        io::{CALLS_PER_SECOND, Institution, Io, Management, Patience, Service},
    },
    domain::io::{
        message::{self, Message, Typed},
        recipient::Recipient,
        sheet::Sheet,
    },
    stand_in::{Clock, Group, NEW_INSTITUTION, StandIn, ready},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
use uuid::Uuid;

use super::keys as key_pair;

/// IO on this machine, and who calls it.
struct Whole {
    stand_in: StandIn,
    origin: String,
    io: Io,
    sent: Arc<Mutex<Vec<Sent>>>,
    server: JoinHandle<()>,
}

/// A call on its way.
#[derive(Clone, Debug)]
struct Sent {
    /// Method, path and query.
    line: String,
    /// Null when there is none.
    body: Value,
}

impl Whole {
    /// With a clock that stands still until it is moved.
    async fn start() -> Self {
        Self::at(Clock::held(DateTime::from_timestamp(1_800_000_000, 0).unwrap())).await
    }

    async fn at(clock: Clock) -> Self {
        let stand_in = StandIn::new(clock);
        let sent = Arc::default();
        let router = stand_in.router().layer(middleware::from_fn_with_state(Arc::clone(&sent), note));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move {
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            axum::serve(listener, service).await.unwrap();
        });
        let io = Io::new(&Trust::load(None).unwrap(), Patience::default()).unwrap();
        Self { stand_in, origin, io, sent, server }
    }

    fn institution(&self) -> Institution {
        self.institution_at("/api/v1", 200)
    }

    fn institution_at(&self, path: &str, calls_per_second: u32) -> Institution {
        self.io.institution(&format!("{}{path}", self.origin), Uuid::nil(), calls_per_second).unwrap()
    }

    /// The service that is there from the start.
    fn service(&self) -> Service {
        self.institution().service(key_pair(ready::USE_KEYS[0], Some(ready::USE_KEYS[1])))
    }

    fn management(&self) -> Management {
        self.institution().management(key_pair(ready::MANAGE_KEYS[0], Some(ready::MANAGE_KEYS[1])))
    }

    fn later(&self, seconds: i64) {
        self.stand_in.advance(TimeDelta::seconds(seconds));
    }

    fn allow(&self, groups: &[Group]) {
        assert!(self.stand_in.groups(ready::INSTITUTION, groups));
    }

    /// What was sent, of these first words.
    fn sent(&self, beginning: &str) -> Vec<Sent> {
        let sent = self.sent.lock().unwrap();
        sent.iter().filter(|sent| sent.line.starts_with(beginning)).cloned().collect()
    }

    /// How many calls the stand-in has answered, or was to answer.
    fn calls(&self) -> usize {
        self.stand_in.calls().len()
    }

    /// What the stand-in has of a service, whatever it shows of it.
    fn kept(&self, id: &str) -> riscontro::stand_in::Service {
        self.stand_in.services().into_iter().find(|service| service.id == id).unwrap()
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn note(State(sent): State<Arc<Mutex<Vec<Sent>>>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    sent.lock().unwrap().push(Sent {
        line: format!("{} {}", parts.method, parts.uri),
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    });
    next.run(Request::from_parts(parts, Body::from(body))).await
}

fn recipient(code: &str) -> Recipient {
    Recipient::read(code).unwrap()
}

/// A message with all that a message may have, to this citizen.
fn message_to(code: &str) -> Message {
    message::read(&typed(code)).unwrap()
}

fn typed(code: &str) -> Typed<'_> {
    Typed {
        recipient: code,
        subject: "La tua segnalazione è stata presa in carico",
        body: "La tua segnalazione 2026/000123 del 2 marzo è stata presa in carico: la squadra passa entro venerdì.",
        buttons: &[("Vai alla segnalazione", "https://ente.example/s/1"), ("Chiama", "tel:+390461000000")],
        due_date: "12/01/2027",
        amount: "1.234,56",
        notice_number: "302000000000000017",
        invalid_after_due_date: true,
        secure: true,
    }
}

/// A sheet that the reviewers take, with every field that a sheet has.
fn sheet(name: &str) -> Sheet {
    Sheet::read(&json!({
        "name": name,
        "description": "Ricevi avvisi sulle variazioni della raccolta.\n\n- giorno per giorno\n- via per via: «Località Bühel» ♻️",
        "organization": {
            "name": ready::INSTITUTION_NAME, "fiscal_code": ready::INSTITUTION_CODE, "department_name": "Ambiente"
        },
        "require_secure_channel": true,
        "authorized_recipients": [ready::ON],
        "authorized_cidrs": ["127.0.0.0/8", "203.0.113.7"],
        "max_allowed_payment_amount": 10,
        "suitable_for_minors": true,
        "metadata": {
            "scope": "LOCAL", "topic_id": 4, "privacy_url": "https://valleserena.example/privacy",
            "tos_url": "https://valleserena.example/tos", "web_url": "https://valleserena.example",
            "app_ios": "https://ios.example", "app_android": "https://android.example",
            "support_url": "https://valleserena.example/aiuto", "phone": "0461 000000", "email": "a@valleserena.example",
            "pec": "valleserena@pec.example", "address": "Piazza Grande 1",
            "cta": "---\nit:\n    cta_1:\n        text: \"Segnala\"\n        action: \"iohandledlink://https://valleserena.example\"\n---\n"
        }
    }))
    .unwrap()
}

/// The groups of a new account, and these.
fn and(more: &[Group]) -> Vec<Group> {
    [&NEW_INSTITUTION, more].concat()
}

/// The pace of a real institution.
const USUAL: u32 = CALLS_PER_SECOND;
