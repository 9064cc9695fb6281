//! A stand-in for IO, the app of the public services, on this machine: IO has no test environment for those who send.
//!
//! It is written from the facts about the real thing (its documentation, its published sources), in its order of checks, with its
//! texts and its lateness, and knows nothing of our client: two independent readings of one contract, which
//! `tests/it/io_stand_in.rs` compares with the platform's own client as a third. Everything is in memory and bounded; what can be set
//! about it is in [`Knobs`] and [`Planned`], from a test through [`StandIn`] or from outside through `/stand-in`; what came in is
//! shown on the page `/`.
//!
//! Refused: group manage keys, activations of special services, the feed of subscriptions (for national bodies only). Nothing of
//! ours uses them.

mod account;
mod answer;
mod clock;
mod codec;
mod configuration;
mod control;
mod door;
mod knobs;
mod message;
mod page;
mod preview;
mod profile;
pub mod ready;
mod remote;
mod service;
mod topics;
mod world;

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use chrono::{DateTime, TimeDelta, Utc};
use http::{StatusCode, header::HOST, uri::Authority};
use tokio::net::TcpListener;

use self::{account::new_key, world::World};
pub use self::{
    account::{Group, Institution, NEW_INSTITUTION},
    clock::Clock,
    knobs::{Citizen, Door, Fault, Knobs, Planned, Registration, Review, Status},
    message::Message,
    remote::{Fetched, Opening},
    service::{Known, Publication, Service, State},
    world::Call,
};

/// A stand-in. Clones are the same one.
#[derive(Clone, Debug)]
pub struct StandIn(Arc<Mutex<World>>);

impl StandIn {
    /// A furnished one (see [`ready`]).
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        let mut world = World::new(clock);
        ready::furnish(&mut world);
        Self(Arc::new(Mutex::new(world)))
    }

    /// All its pages: IO under `/api/v1`, what can be set under `/stand-in`, what came in at `/`. Serve it with
    /// `into_make_service_with_connect_info::<SocketAddr>()`, or every caller is taken for this machine.
    pub fn router(&self) -> Router {
        Router::new()
            .nest("/api/v1", door::routes())
            .nest("/stand-in", control::routes())
            .route("/", get(page::show))
            // The real gateway answers for its whole host.
            .fallback(door::unknown)
            .layer(middleware::from_fn(by_address))
            .with_state(self.clone())
    }

    /// Sets knobs.
    pub fn set(&self, knobs: impl FnOnce(&mut Knobs)) {
        self.with(|world, _| knobs(&mut world.knobs));
    }

    /// Lets something go wrong.
    pub fn plan(&self, door: Door, times: usize, fault: Fault) {
        self.with(|world, _| world.faults.push_back(Planned { fault, door, times }));
    }

    /// What was to go wrong does not any more.
    pub fn forget_plans(&self) {
        self.with(|world, _| world.faults.clear());
    }

    /// Writes a line of the table of citizens.
    pub fn citizen(&self, fiscal_code: &str, citizen: Citizen) {
        self.with(|world, _| world.citizens.insert(fiscal_code.to_owned(), citizen));
    }

    /// Moves its clock forward.
    pub fn advance(&self, by: TimeDelta) {
        self.with(|world, _| world.clock.advance(by));
    }

    /// What its clock shows.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.with(|_, now| now)
    }

    /// One more institution, with the groups of a new one.
    #[must_use]
    pub fn institution(&self, name: &str, fiscal_code: &str) -> Institution {
        self.with(|world, now| {
            let id = clock::ulid(now);
            let institution = Institution::new(&id, name, fiscal_code, [new_key(), new_key()]);
            world.institutions.push(institution.clone());
            institution
        })
    }

    /// What an institution may do from now on; whether there is one of that id.
    #[must_use]
    pub fn groups(&self, institution: &str, groups: &[Group]) -> bool {
        self.with(|world, _| {
            let found = world.institutions.iter_mut().find(|known| known.id == institution);
            found.map(|known| known.groups = groups.iter().copied().collect()).is_some()
        })
    }

    /// Changes a message (its status, whether it was read or paid); whether there is one of that id.
    pub fn change_message(&self, id: &str, change: impl FnOnce(&mut Message)) -> bool {
        self.with(|world, _| world.messages.get_mut(id).map(change).is_some())
    }

    /// Messages that came in, oldest first.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.with(|world, _| world.messages.values().cloned().collect())
    }

    /// Services, by id.
    #[must_use]
    pub fn services(&self) -> Vec<Service> {
        self.with(|world, _| world.services.values().cloned().collect())
    }

    /// Calls that came in, oldest first, refused ones too.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.with(|world, _| world.calls.iter().cloned().collect())
    }

    /// The world, brought up to date. A call that panicked has left it as it was between two statements: good enough to go on.
    fn with<T>(&self, look: impl FnOnce(&mut World, DateTime<Utc>) -> T) -> T {
        let mut world = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = world.settle();
        look(&mut world, now)
    }
}

/// Whoever plays IO on their own machine has keys, codes and texts here, all without a password. A page in their browser could reach
/// them under a name of its own that it lets point at this machine: so it is reached by address or as `localhost`, and by no name.
async fn by_address(request: Request, next: Next) -> Response {
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let authority = host.and_then(|host| host.parse::<Authority>().ok());
    let is_here = authority.is_none_or(|authority| {
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || host.parse::<IpAddr>().is_ok()
    });
    if is_here { next.run(request).await } else { StatusCode::MISDIRECTED_REQUEST.into_response() }
}

/// Serves it until the listener fails.
///
/// # Errors
/// The listener's.
pub async fn serve(listener: TcpListener, stand_in: StandIn) -> io::Result<()> {
    axum::serve(listener, stand_in.router().into_make_service_with_connect_info::<SocketAddr>()).await
}
