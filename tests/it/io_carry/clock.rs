//! When something is done, and what a clock that is put right must not do.

use chrono::Duration;
use entity::io_message::State;
use rand::{RngExt, SeedableRng, rngs::SmallRng};
use riscontro::{
    actions::io::carry::{self, LEASE},
    stand_in::{Citizen, Door, Fault, Registration, Status, ready},
    store::io_message::carry::Except,
    worker,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{World, gate::Stop};

/// Every message to this citizen is held up, for ever.
fn hold_up(world: &World) {
    let late = Citizen { fate: Some(Status::Throttled), ..Citizen::new(Registration::On) };
    world.line.stand_in.citizen(ready::ON, late);
}

fn looks(world: &World) -> usize {
    world.line.calls("/messages/")
}

#[tokio::test]
async fn it_is_looked_at_after_ten_seconds_a_minute_five_half_an_hour_and_then_hourly_for_seven_days() {
    let world = World::start().await;
    hold_up(&world);
    let id = world.write(ready::ON).await;
    world.carry().await;
    let accepted = world.app.now();
    for (before, pause) in [10, 60, 5 * 60, 30 * 60, 3600, 3600].into_iter().enumerate() {
        world.after(Duration::seconds(pause - 1)).await;
        assert_eq!(looks(&world), before, "not before {pause} s");
        world.after(Duration::seconds(1)).await;
        assert_eq!(looks(&world), before + 1, "after {pause} s");
    }
    while world.row(id).await.next_at.is_some() {
        world.after(Duration::hours(1)).await;
    }
    let silence = world.app.now() - accepted;
    assert!(silence > Duration::days(7) - Duration::hours(2) && silence <= Duration::days(7), "{silence}");
    let row = world.row(id).await;
    assert_eq!((row.state, row.settled_at), (State::Accepted, None), "nobody knows more than that");
    assert!(row.last_error.unwrap().contains("sette giorni"));
    let asked = looks(&world);
    world.after(Duration::days(30)).await;
    assert_eq!((looks(&world), world.line.created()), (asked, 1));
}

#[tokio::test]
async fn a_program_that_stood_still_for_a_week_asks_for_another_day() {
    let world = World::start().await;
    hold_up(&world);
    let id = world.write(ready::ON).await;
    world.carry().await;
    world.after(Duration::days(9)).await;
    assert!(world.row(id).await.next_at.is_some());
    for _ in 0..30 {
        world.after(Duration::hours(1)).await;
    }
    assert!(world.row(id).await.next_at.is_none() && looks(&world) > 20, "{}", looks(&world));
}

#[tokio::test]
async fn a_clock_that_was_a_year_ahead_leaves_nothing_waiting_for_that_year() {
    let world = World::start().await;
    hold_up(&world);
    let sent = world.write(ready::ON).await;
    world.carry().await;
    let year = Duration::days(365);
    world.app.pass(year);
    // In that year: a look, an attempt that failed, one that a killed process had in hand, a service that stopped.
    let failed = world.write(ready::ON_GERMAN).await;
    world.goes_wrong(Door::Profiles, 1, Fault::ServerError);
    world.carry().await;
    assert!([world.row(sent).await.next_at, world.row(failed).await.next_at].iter().all(Option::is_some));
    let in_hand = world.write(ready::TEST_CODE).await;
    let claimed =
        carry::claim(&world.app.app.desk, Uuid::now_v7(), world.app.now(), &Except::default(), 1).await;
    assert_eq!(claimed.unwrap()[0].id, in_hand);
    world.goes_wrong(Door::Profiles, 2, Fault::Bare(403));
    let refused = world.write(ready::ON_GERMAN).await;
    world.carry().await;
    assert!(world.service_now().await.stopped_until.is_some());
    world.line.stand_in.forget_plans();

    world.app.pass(-year);
    world.carry().await;
    assert_eq!(looks(&world), 2);
    for id in [failed, in_hand, refused] {
        assert_eq!(world.state(id).await, State::Accepted);
    }
    assert_eq!(world.line.created(), 4, "once each");
}

#[tokio::test]
async fn what_was_written_for_another_day_waits_for_it() {
    let world = World::start().await;
    let id = world.write(ready::ON).await;
    let tx = world.app.app.desk.db.begin().await.unwrap();
    let later = entity::io_message::ActiveModel {
        next_at: sea_orm::ActiveValue::Set(Some(world.app.now() + Duration::days(3))),
        ..Default::default()
    };
    let key = (world.app.organisation(), id);
    assert!(riscontro::store::io_message::change(&tx, key, &[State::Queued], later).await.unwrap());
    tx.commit().await.unwrap();
    world.after(Duration::days(2)).await;
    assert_eq!(world.state(id).await, State::Queued);
    world.after(Duration::days(1)).await;
    assert_eq!(world.state(id).await, State::Accepted);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_leaps_while_a_message_is_being_sent_makes_no_process_doubt_its_own_hands() {
    let world = World::start().await;
    let slow = world.write(ready::ON).await;
    world.line.gate.shut(Stop::Taken);
    let stop = CancellationToken::new();
    let porter = worker::start(&world.app.app, &stop);
    world.line.gate.reached().await;
    assert_eq!(world.state(slow).await, State::Sending);
    world.app.pass(LEASE * 3);
    // Another one goes by: so the worker has looked for work under the new time.
    let other = world.write(ready::ON_GERMAN).await;
    until(async || world.state(other).await == State::Accepted).await;
    world.line.gate.open();
    until(async || world.state(slow).await != State::Sending).await;
    assert_eq!((world.state(slow).await, world.line.created()), (State::Accepted, 2));
    stop.cancel();
    porter.wait().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_put_back_while_a_message_is_being_sent_loses_no_answer() {
    let world = World::start().await;
    let slow = world.write(ready::ON).await;
    world.line.gate.shut(Stop::Taken);
    let stop = CancellationToken::new();
    let porter = worker::start(&world.app.app, &stop);
    world.line.gate.reached().await;
    world.app.pass(-LEASE * 3);
    let other = world.write(ready::ON_GERMAN).await;
    until(async || world.state(other).await == State::Accepted).await;
    assert_eq!(world.state(slow).await, State::Sending);
    world.line.gate.open();
    until(async || world.state(slow).await != State::Sending).await;
    let row = world.row(slow).await;
    assert_eq!((row.state, row.remote_id.is_some(), world.line.created()), (State::Accepted, true, 2));
    stop.cancel();
    porter.wait().await;
}

/// Waits until it is so.
pub async fn until(so: impl AsyncFn() -> bool) {
    for _ in 0..1500 {
        if so().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(40)).await;
    }
    panic!("it never came so far");
}

#[tokio::test]
async fn whatever_a_clock_does_each_message_is_sent_once_and_none_is_stuck() {
    let world = World::start().await;
    let mut random = SmallRng::seed_from_u64(20_261_025);
    let mut ids = Vec::new();
    for number in 0..120 {
        if number % 3 == 0 {
            ids.push(world.write(&super::citizen(number)).await);
        }
        if random.random_range(0..4) == 0 {
            world.goes_wrong(Door::Any, 1, Fault::ServerError);
        }
        // The hour of October comes twice, a server of time corrects, somebody types a wrong year.
        let minutes = match random.random_range(0..10) {
            0 => 60 * 24 * 400,
            1 => -60 * 24 * 400,
            2..=5 => -random.random_range(0..180),
            _ => random.random_range(0..180),
        };
        world.app.pass(Duration::minutes(minutes));
        world.line.stand_in.advance(Duration::minutes(1));
        world.carry().await;
    }
    for _ in 0..200 {
        world.after(Duration::hours(1)).await;
    }
    for id in &ids {
        let row = world.row(*id).await;
        assert_eq!((row.state, row.next_at, row.lease_owner), (State::Processed, None, None));
    }
    assert_eq!(world.line.created(), ids.len());
}
