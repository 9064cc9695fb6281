//! A notification on its way: the real worker against the stand-in, over a real line, with a gate in it at which a call can be
//! stopped, before IO has it or before IO's answer is heard.

mod clock;
mod day;
mod gate;
mod killed;
mod life;
mod storm;
mod trouble;
mod twice;

use std::net::{Ipv4Addr, SocketAddr};

use axum::middleware;
use chrono::Duration;
use entity::{
    io_call,
    io_message::{self, State},
    io_service,
};
use gate::Gate;
use riscontro::{
    actions::{
        Cx,
        io::{
            account::{self, Settings},
            message::{self, Written},
        },
    },
    app::App,
    config::Config,
    domain::io::{
        message::{Message, Typed, read},
        recipient::Recipient,
    },
    stand_in::{Clock, Door, Fault, StandIn, ready},
    store, worker,
};
use tokio::{net::TcpListener, task::JoinHandle};
use uuid::Uuid;

use crate::support::app::TestApp;

/// The house, IO, and the line between them.
struct World {
    app: TestApp,
    line: Line,
    service: Uuid,
}

/// IO and the way to it.
struct Line {
    stand_in: StandIn,
    gate: Gate,
    base_url: String,
    server: JoinHandle<()>,
}

impl Line {
    async fn open(clock: Clock) -> Self {
        let (stand_in, gate) = (StandIn::new(clock), Gate::default());
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let base_url = format!("http://{}/api/v1", listener.local_addr().unwrap());
        let router = stand_in.router().layer(middleware::from_fn_with_state(gate.clone(), gate::pass));
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self { stand_in, gate, base_url, server }
    }

    /// Calls that ended so, of a path that begins so.
    fn calls(&self, path: &str) -> usize {
        self.stand_in.calls().iter().filter(|call| call.path.starts_with(&format!("/api/v1{path}"))).count()
    }

    /// Messages that IO has made.
    fn created(&self) -> usize {
        self.stand_in.messages().len()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl World {
    async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    async fn start_with(set: impl FnOnce(&mut Config)) -> Self {
        let app = TestApp::start_with(|config| {
            // The pace has tests of its own.
            config.io.calls_per_second = 1000;
            set(config);
        })
        .await;
        let line = Line::open(Clock::held(app.now())).await;
        line.stand_in.set(|knobs| knobs.calls_per_window = 1_000_000);
        point_at(&app.app, app.organisation(), &line.base_url).await;
        let service = app.io_service(ready::SERVICE_NAME, |_| {}).await;
        Self { app, line, service }
    }

    fn cx(&self) -> Cx {
        Cx::system(self.app.organisation(), self.app.now())
    }

    /// An operator writes to this citizen.
    async fn write(&self, code: &str) -> Uuid {
        write(&self.app.app, &self.cx(), self.service, code).await
    }

    /// Everything that is due is done.
    async fn carry(&self) {
        worker::io::carry_due(&self.app.app).await.unwrap();
    }

    /// Both clocks go on, and everything that is due then is done.
    async fn after(&self, time: Duration) {
        self.app.pass(time);
        self.line.stand_in.advance(time);
        self.carry().await;
    }

    async fn row(&self, id: Uuid) -> io_message::Model {
        row(&self.app.app, self.app.organisation(), id).await
    }

    async fn state(&self, id: Uuid) -> State {
        self.row(id).await.state
    }

    /// What was recorded about a notification, oldest first.
    async fn calls(&self, id: Uuid) -> Vec<(io_call::Call, String)> {
        let calls = store::io_message::calls(&self.app.app.desk.db.read, self.app.organisation(), id).await;
        calls.unwrap().into_iter().map(|call| (call.call, call.words)).collect()
    }

    async fn service_now(&self) -> io_service::Model {
        let db = &self.app.app.desk.db.read;
        store::io_service::by_id(db, self.app.organisation(), self.service).await.unwrap().unwrap()
    }

    /// Somebody changes the service.
    async fn change_service(&self, change: io_service::ActiveModel) {
        let version = self.service_now().await.version;
        let tx = self.app.app.desk.db.begin().await.unwrap();
        let key = (self.service, version);
        assert!(store::io_service::update(&tx, self.app.organisation(), key, change).await.unwrap());
        tx.commit().await.unwrap();
    }

    /// Lets something go wrong at IO.
    fn goes_wrong(&self, door: Door, times: usize, fault: Fault) {
        self.line.stand_in.plan(door, times, fault);
    }
}

/// The organisation's account; nobody takes anything back, and nobody sleeps.
async fn point_at(app: &App, organisation: Uuid, base_url: &str) {
    let version = account::of(&app.desk.db.read, organisation).await.unwrap().version;
    let settings =
        Settings { version, base_url: base_url.to_owned(), undo_seconds: 0, ..Settings::default() };
    let cx = Cx::system(organisation, app.clock.now());
    account::save(&app.desk, &cx, settings, [7; 24]).await.unwrap();
}

async fn write(app: &App, cx: &Cx, service: Uuid, code: &str) -> Uuid {
    let written = Written {
        token: Uuid::now_v7(),
        service,
        message: message_to(code),
        work_order: None,
        taxpayer: None,
        follows: None,
        remind_days: None,
        attach: None,
    };
    message::write(&app.desk, cx, &written).await.unwrap().id
}

async fn row(app: &App, organisation: Uuid, id: Uuid) -> io_message::Model {
    store::io_message::by_id(&app.desk.db.read, organisation, id).await.unwrap().unwrap()
}

fn message_to(code: &str) -> Message {
    let message = read(&Typed {
        recipient: ready::ON,
        subject: "La tua segnalazione è stata presa in carico",
        body: "La tua segnalazione 2026/000123 del 2 marzo è stata presa in carico: la squadra passa entro venerdì.",
        buttons: &[("Vai alla segnalazione", "https://ente.example/s/1")],
        ..Typed::default()
    })
    .unwrap();
    Message { recipient: Recipient::read(code).unwrap(), ..message }
}

/// Somebody else each time: IO's codes have letters for a number.
fn citizen(number: usize) -> String {
    let letter = |place: u32| char::from(b'A' + u8::try_from(number / 26_usize.pow(place) % 26).unwrap());
    let name: String = (0..6).rev().map(letter).collect();
    let fifteen = format!("{name}80A01H501");
    ('A'..='Z').map(|check| format!("{fifteen}{check}")).find(|code| Recipient::read(code).is_ok()).unwrap()
}
