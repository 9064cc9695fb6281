//! Everything that the stand-in knows, and what happens in it as time goes by.
//!
//! Nothing runs in the background: what IO does later (processing a message, a review, the copy of a service's settings) waits in a
//! calendar, which is brought up to date before anybody looks. So a test that moves the clock sees a week pass at once.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::{
    account::{Caller, Group, Institution, Key, may_call_from},
    answer::Refusal,
    clock::Clock,
    configuration::Configuration,
    knobs::{Citizen, Knobs, Planned, Registration},
    message::{self, Message},
    service::{self, Known, Service},
};

/// Messages that are kept: a day of 50,000 fits.
const MOST_MESSAGES: usize = 60_000;
/// Calls that are kept: three for each message of such a day.
const MOST_CALLS: usize = 200_000;
/// Services and configurations that are kept. IO has no such limit; a stand-in needs one.
const MOST_THINGS: usize = 20_000;

/// A call, as it is remembered: without codes, keys and bodies.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Call {
    /// When it came.
    pub at: DateTime<Utc>,
    /// GET, POST…
    pub method: String,
    /// The path with its places unfilled: `/api/v1/messages/{fiscal_code}/{id}`.
    pub path: String,
    /// The answer; none where the line was cut.
    pub status: Option<u16>,
}

/// A request that came through the gateway.
#[derive(Debug)]
pub struct Request {
    /// Who calls.
    pub caller: Caller,
    /// When.
    pub now: DateTime<Utc>,
    /// The filled places of the path.
    pub places: BTreeMap<String, String>,
    /// What stands behind the question mark.
    pub query: BTreeMap<String, String>,
    /// The body; null where there is none, or no JSON.
    pub body: Value,
}

impl Request {
    /// A place of the path.
    pub fn place(&self, name: &str) -> &str {
        self.places.get(name).map_or("", String::as_str)
    }
}

/// What IO does later.
#[derive(Clone, Debug)]
pub enum Later {
    /// A message reaches an inbox, or does not.
    Process(String),
    /// A service is reviewed.
    Review(String),
    /// An approved service is released: published or not.
    Release(String, bool),
    /// The messages' side learns of a service.
    Copy(String, Box<Known>),
}

/// The whole of it.
#[derive(Debug)]
pub struct World {
    /// Its time.
    pub clock: Clock,
    /// How it behaves.
    pub knobs: Knobs,
    /// What goes wrong next.
    pub faults: VecDeque<Planned>,
    /// Who may call.
    pub institutions: Vec<Institution>,
    /// Services by id.
    pub services: BTreeMap<String, Service>,
    /// Messages by id, which is by time.
    pub messages: BTreeMap<String, Message>,
    /// Configurations of remote content by id.
    pub configurations: BTreeMap<String, Configuration>,
    /// Citizens by code.
    pub citizens: BTreeMap<String, Citizen>,
    /// What came in.
    pub calls: VecDeque<Call>,
    calendar: BTreeMap<(DateTime<Utc>, u64), Later>,
    appointments: u64,
}

impl World {
    /// An empty one.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            knobs: Knobs::default(),
            faults: VecDeque::new(),
            institutions: Vec::new(),
            services: BTreeMap::new(),
            messages: BTreeMap::new(),
            configurations: BTreeMap::new(),
            citizens: BTreeMap::new(),
            calls: VecDeque::new(),
            calendar: BTreeMap::new(),
            appointments: 0,
        }
    }

    /// Does what is due.
    pub fn settle(&mut self) -> DateTime<Utc> {
        let now = self.clock.now();
        while let Some(entry) = self.calendar.first_entry().filter(|entry| entry.key().0 <= now) {
            let at = entry.key().0;
            match entry.remove() {
                Later::Process(id) => message::process(self, &id, at, now),
                Later::Review(id) => service::review::decide(self, &id, at, now),
                Later::Release(id, publish) => service::release::release(self, &id, publish, at),
                Later::Copy(id, known) => service::learn(self, &id, *known),
            }
        }
        now
    }

    /// Puts something into the calendar.
    pub fn later(&mut self, from: DateTime<Utc>, seconds: u32, what: Later) {
        let due = from.checked_add_signed(TimeDelta::seconds(i64::from(seconds))).unwrap_or(from);
        self.appointments += 1;
        self.calendar.insert((due, self.appointments), what);
    }

    /// Remembers a call.
    pub fn remember(&mut self, call: Call) {
        if self.calls.len() >= MOST_CALLS {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    /// Keeps a message, and forgets the oldest where there are too many.
    pub fn keep(&mut self, message: Message) {
        if self.messages.len() >= MOST_MESSAGES {
            self.messages.pop_first();
        }
        self.messages.insert(message.id.clone(), message);
    }

    /// Whether there is room for one more service and configuration.
    pub fn has_room(&self) -> Result<(), Refusal> {
        if self.services.len() + self.configurations.len() < MOST_THINGS {
            Ok(())
        } else {
            Err(Refusal::problem(500, "Internal server error", "the stand-in is full: start it again"))
        }
    }

    /// Whose key it is.
    pub fn who(&self, key: &str) -> Option<(usize, Key)> {
        let manages = |institution: &Institution| institution.manage_keys.iter().any(|known| known == key);
        let master = self.institutions.iter().position(manages).map(|institution| (institution, Key::Manage));
        master.or_else(|| {
            let mut services = self.services.values();
            let service = services.find(|service| service.keys.iter().any(|known| known == key))?;
            Some((service.institution, Key::Use(service.id.clone())))
        })
    }

    /// Refuses an account that is in none of these groups.
    pub fn in_one_of(&self, caller: &Caller, groups: &[Group]) -> Result<(), Refusal> {
        let has = |group: &Group| self.institutions[caller.institution].groups.contains(group);
        if groups.iter().any(has) { Ok(()) } else { Err(Refusal::no_scope()) }
    }

    /// Whether an account is in a group.
    pub fn is_in(&self, caller: &Caller, group: Group) -> bool {
        self.institutions[caller.institution].groups.contains(&group)
    }

    /// The service whose key it is, as the messages' side knows it: not at all for some seconds after its creation.
    pub fn known_service(&self, caller: &Caller) -> Result<(String, Known), Refusal> {
        let Key::Use(id) = &caller.key else { return Err(Refusal::not_allowed()) };
        let known = self.services.get(id).and_then(|service| service.known.clone());
        known.map(|known| (id.clone(), known)).ok_or_else(Refusal::not_allowed)
    }

    /// Refuses everything but a manage key of an account that may manage services.
    pub fn manages(&self, caller: &Caller) -> Result<(), Refusal> {
        self.in_one_of(caller, &[Group::ApiServiceWrite])?;
        if caller.key == Key::Manage { Ok(()) } else { Err(Refusal::not_allowed()) }
    }

    /// Refuses a manage key from an address that is not on its list.
    pub fn manages_from_here(&self, caller: &Caller) -> Result<(), Refusal> {
        may_call_from(caller.ip, &self.institutions[caller.institution].manage_cidrs)
    }

    /// How a citizen can be reached by a service.
    pub fn registration(&self, fiscal_code: &str, service: &str) -> Registration {
        let line = self.citizens.get(fiscal_code);
        line.map_or(self.knobs.others, |citizen| citizen.registration_for(service))
    }
}
