//! The program is killed at every point of a sending, and started again. What may have left is never sent a second time, and what
//! cannot have left is sent.
//!
//! The real binary gets SIGKILL. Where it stands is known: a call is stopped at the gate, or the database is held so that its next
//! note cannot be written.

use std::{
    collections::BTreeMap,
    process::{Child, Command, Stdio},
    time::Duration as Seconds,
};

use entity::io_message::{Model, State};
use rand::{RngExt, SeedableRng, rngs::SmallRng};
use riscontro::{
    actions::io::message,
    app,
    stand_in::{Clock, ready},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait};
use secrecy::ExposeSecret;
use uuid::Uuid;

use super::{World, citizen, clock::until, gate::Stop};

/// Long enough for an answer to be heard over the loopback, and for the note of it to stand before a held database.
const HEARD: Seconds = Seconds::from_millis(500);

/// A house and an IO in the machine's time, which is also the program's.
async fn world() -> World {
    let mut world = World::start().await;
    world.app.app.clock = app::Clock::Machine;
    world.line = super::Line::open(Clock::MACHINE).await;
    super::point_at(&world.app.app, world.app.organisation(), &world.line.base_url).await;
    world
}

/// The program. It ends with the test, whatever that comes to.
struct Program(Child);

impl Program {
    fn start(world: &World) -> Self {
        let config = &world.app.app.config;
        let child = Command::new(env!("CARGO_BIN_EXE_riscontro"))
            .current_dir(world.app.data.path())
            .env("RISCONTRO__DATA__DIR", world.app.data.path())
            .env("RISCONTRO__DATABASE__URL", config.database.url.expose_secret())
            .env("RISCONTRO__SERVER__ADDRESS", "127.0.0.1:0")
            .env("RISCONTRO__IO__CALLS_PER_SECOND", "1000")
            .env("RISCONTRO__LOG__FILTER", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        Self(child)
    }

    /// SIGKILL, here and now.
    fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl World {
    /// Starts the program, lets it come to the gate, and kills it there.
    async fn killed_at(&self, stop: Stop) {
        self.line.gate.shut(stop);
        let program = Program::start(self);
        self.line.gate.reached().await;
        program.kill();
        self.line.gate.open();
    }

    /// The same, but the call goes on, its answer is heard, and then nothing can be written down any more.
    async fn killed_with_the_answer_to(&self, stop: Stop) {
        self.line.gate.shut(stop);
        let program = Program::start(self);
        self.line.gate.reached().await;
        let held = self.held().await;
        self.line.gate.open();
        tokio::time::sleep(HEARD).await;
        program.kill();
        held.rollback().await.unwrap();
    }

    /// The database, in our hand.
    async fn held(&self) -> DatabaseTransaction {
        let tx = self.app.app.desk.db.begin().await.unwrap();
        tx.execute_unprepared("UPDATE io_message SET purpose = purpose").await.unwrap();
        tx
    }

    /// Starts the program again, until the notification has come to rest.
    async fn goes_on(&self, id: Uuid) -> Model {
        let program = Program::start(self);
        until(async || !matches!(self.state(id).await, State::Queued | State::Sending)).await;
        program.kill();
        self.row(id).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_it_sends_it_sends_once_when_it_is_back() {
    for stop in [Stop::Asked, Stop::Answered] {
        let world = world().await;
        let id = world.write(ready::ON).await;
        world.killed_at(stop).await;
        let row = world.row(id).await;
        assert_eq!((row.state, row.attempts), (State::Queued, 1), "{stop:?}");
        assert!(row.lease_owner.is_some(), "{stop:?}: in a dead hand");
        let row = world.goes_on(id).await;
        assert_eq!((row.state, row.attempts, world.line.created()), (State::Accepted, 2, 1), "{stop:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_with_the_profile_heard_and_nothing_written_it_has_sent_nothing() {
    let world = world().await;
    let id = world.write(ready::ON).await;
    world.killed_with_the_answer_to(Stop::Answered).await;
    assert_eq!((world.state(id).await, world.line.calls("/messages")), (State::Queued, 0));
    let row = world.goes_on(id).await;
    assert_eq!((row.state, world.line.created()), (State::Accepted, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_it_sends_it_never_sends_again_and_says_that_nobody_knows() {
    // It was written down, and IO has not got it; IO has it, and nobody has heard so.
    for (stop, created) in [(Stop::Sent, 0), (Stop::Taken, 1)] {
        let world = world().await;
        let id = world.write(ready::ON).await;
        world.killed_at(stop).await;
        assert_eq!(world.state(id).await, State::Sending, "{stop:?}");
        is_uncertain(&world, id, created).await;
        // Nor in any later life.
        world.goes_on(id).await;
        assert_eq!(world.line.created(), created, "{stop:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_with_the_id_heard_and_nothing_written_it_does_not_send_again() {
    let world = world().await;
    let id = world.write(ready::ON).await;
    world.killed_with_the_answer_to(Stop::Taken).await;
    is_uncertain(&world, id, 1).await;
    // Whoever orders it gets exactly one more.
    let again = message::repeat(&world.app.app.desk, &world.cx(), id, true).await.unwrap();
    if let Ok(same) = message::repeat(&world.app.app.desk, &world.cx(), id, true).await {
        assert_eq!(same, again);
    }
    assert_eq!(world.goes_on(again).await.state, State::Accepted);
    assert_eq!(world.line.created(), 2);
}

async fn is_uncertain(world: &World, id: Uuid, created: usize) {
    let row = world.goes_on(id).await;
    assert_eq!((row.state, row.next_at, world.line.created()), (State::Uncertain, None, created));
    let words = row.last_error.unwrap();
    assert!(words.contains("si è fermato durante l'invio") && words.contains("due volte"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_it_looks_it_looks_again() {
    let world = world().await;
    let id = world.write(ready::ON).await;
    world.goes_on(id).await;
    world.line.stand_in.advance(chrono::Duration::minutes(1));
    let tx = world.app.app.desk.db.begin().await.unwrap();
    tx.execute_unprepared("UPDATE io_message SET next_at = created_at").await.unwrap();
    tx.commit().await.unwrap();
    world.killed_at(Stop::Looked).await;
    let program = Program::start(&world);
    until(async || world.state(id).await == State::Processed).await;
    program.kill();
    assert_eq!(world.line.created(), 1);
}

/// Notifications of the great killing, and kills.
const MANY: usize = 150;
const KILLS: usize = 30;

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_again_and_again_it_sends_nothing_twice_and_loses_nothing() {
    let world = world().await;
    world.line.stand_in.set(|knobs| (knobs.latency_ms, knobs.calls_per_window) = (25, 1_000_000));
    let mut random = SmallRng::seed_from_u64(20_261_122);
    let mut written = 0;
    for _ in 0..KILLS {
        let program = Program::start(&world);
        for _ in 0..MANY / KILLS {
            world.write(&citizen(written)).await;
            written += 1;
            tokio::time::sleep(Seconds::from_millis(random.random_range(0..120))).await;
        }
        tokio::time::sleep(Seconds::from_millis(random.random_range(0..400))).await;
        program.kill();
    }
    let program = Program::start(&world);
    until(async || rows(&world).await.iter().all(|row| !matches!(row.state, State::Queued | State::Sending)))
        .await;
    program.kill();

    let mut created: BTreeMap<String, usize> = BTreeMap::new();
    for message in world.line.stand_in.messages() {
        *created.entry(message.fiscal_code).or_default() += 1;
    }
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    let rows = rows(&world).await;
    for row in &rows {
        let times = created.remove(&row.fiscal_code).unwrap_or_default();
        match row.state {
            State::Accepted | State::Processed => assert_eq!(times, 1),
            State::Uncertain => assert!(times <= 1 && row.last_error.is_some()),
            other => panic!("{other:?}: {:?}", row.last_error),
        }
        *states.entry(riscontro::domain::io::fate::words(row.state)).or_default() += 1;
    }
    assert_eq!((rows.len(), created.len()), (MANY, 0), "as many as were written, and nobody else's");
    println!("killed {KILLS} times: {states:?}");
}

async fn rows(world: &World) -> Vec<Model> {
    entity::io_message::Entity::find().all(&world.app.app.desk.db.read).await.unwrap()
}
