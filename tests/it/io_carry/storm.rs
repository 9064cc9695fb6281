//! One budget for everybody of an institution: workers, services and pages; and 429 by the dozen.

use std::{collections::BTreeSet, time::Duration as Seconds};

use chrono::TimeDelta;
use entity::io_message::State;
use riscontro::{
    app,
    stand_in::{Clock, Door, Fault, ready},
    worker,
};
use sea_orm::EntityTrait;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{World, citizen, clock::until, write};

/// The window in which IO counts (facts 2.1).
const WINDOW: TimeDelta = TimeDelta::seconds(5);

/// A house and an IO in the machine's time: the pace is one of waiting.
async fn world(calls_per_second: u32) -> World {
    let mut world = World::start_with(|config| config.io.calls_per_second = calls_per_second).await;
    world.app.app.clock = app::Clock::Machine;
    world.line = super::Line::open(Clock::MACHINE).await;
    super::point_at(&world.app.app, world.app.organisation(), &world.line.base_url).await;
    world
}

/// The fullest window, by IO's own clock.
fn fullest(world: &World) -> usize {
    let calls = world.line.stand_in.calls();
    let from = |at: usize| calls[at..].iter().take_while(|call| call.at - calls[at].at < WINDOW).count();
    (0..calls.len()).map(from).max().unwrap_or_default()
}

/// A page that asks IO for the list of services, again and again.
fn pages(world: &World) -> tokio::task::JoinHandle<()> {
    let (app, organisation, base_url) =
        (world.app.app.clone(), world.app.organisation(), world.line.base_url.clone());
    tokio::spawn(async move {
        let keys = || app::io::Keys { first: ready::MANAGE_KEYS[0].into(), second: None };
        loop {
            let line = app.io_management(&base_url, organisation, keys()).unwrap();
            // Told to wait is an answer, too.
            drop(line.topics().await);
            tokio::time::sleep(Seconds::from_millis(150)).await;
        }
    })
}

async fn all_sent(world: &World, ids: &[Uuid]) -> bool {
    for id in ids {
        if matches!(world.state(*id).await, State::Queued | State::Sending) {
            return false;
        }
    }
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_03_services_workers_and_pages_together_keep_within_the_budget() {
    const RATE: usize = 10;
    let world = world(10).await;
    let other = world.app.io_service("Raccolta differenziata", |_| {}).await;
    let mut ids = Vec::new();
    for number in 0..36 {
        let service = if number % 2 == 0 { world.service } else { other };
        ids.push(write(&world.app.app, &world.cx(), service, &citizen(number)).await);
    }
    let pages = pages(&world);
    worker::io::carry_due(&world.app.app).await.unwrap();
    pages.abort();
    assert!(all_sent(&world, &ids).await);
    assert_eq!((world.line.created(), world.line.calls("/profiles")), (36, 36));
    assert!(world.line.calls("/manage") > 5, "pages are not starved: {}", world.line.calls("/manage"));
    // A call may have been half a second on the line while others were not.
    let fullest = fullest(&world);
    assert!(fullest <= RATE * 5 + RATE / 2, "{fullest} calls in five seconds");
}

#[tokio::test(flavor = "multi_thread")]
async fn trap_03_in_a_storm_of_refusals_everybody_waits_and_nothing_is_lost_or_doubled() {
    let world = world(40).await;
    // IO gives less than we think: it refuses by itself, and then some more out of temper.
    world.line.stand_in.set(|knobs| knobs.calls_per_window = 60);
    world.goes_wrong(Door::Messages, 6, Fault::TooMany(1));
    let mut ids = Vec::new();
    for number in 0..60 {
        ids.push(world.write(&citizen(number)).await);
    }
    let pages = pages(&world);
    let stop = CancellationToken::new();
    let porter = worker::start(&world.app.app, &stop);
    until(async || all_sent(&world, &ids).await).await;
    pages.abort();
    stop.cancel();
    porter.wait().await;
    let people: BTreeSet<_> =
        world.line.stand_in.messages().into_iter().map(|message| message.fiscal_code).collect();
    assert_eq!((world.line.created(), people.len()), (60, 60));
    let refused = world.line.stand_in.calls().iter().filter(|call| call.status == Some(429)).count();
    // Six by temper; of its own, those that were on the line when the first of them came back: each time at most one for every
    // hand, and the page.
    let waits = 3 + 60 * 3 / 60;
    let hands = world.app.app.config.io.concurrency + 1;
    assert!((6..=6 + waits * hands).contains(&refused), "{refused} refusals");
    // What waits is left alone meanwhile, or each would be taken up, and the pause noted, many times over.
    let notes = entity::io_call::Entity::find().all(&world.app.app.desk.db.read).await.unwrap();
    let pauses = notes.iter().filter(|note| note.words.contains("rallentare")).count();
    assert!(pauses <= refused * hands, "{pauses} pauses noted after {refused} refusals");
}
