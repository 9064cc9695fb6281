//! A small day, with everything that a day brings. The great one is `benches/updates.rs`.

use std::collections::{BTreeMap, HashMap};

use chrono::Duration;
use entity::io_message::State;
use riscontro::stand_in::{Citizen, Door, Fault, Registration, Status};
use sea_orm::EntityTrait;

use super::{World, citizen};

/// Notifications of the day, and its hours.
const MANY: usize = 500;
const HOURS: usize = 8;
/// Times that the line breaks with a message in it, which IO has.
const BREAKS: usize = 4;

#[tokio::test(flavor = "multi_thread")]
async fn of_a_day_of_updates_none_is_lost_and_none_is_sent_twice() {
    let world = World::start().await;
    for hour in 0..HOURS {
        for number in (hour..MANY).step_by(HOURS) {
            let registration = match number % 10 {
                7 => Registration::Off,
                8 => Registration::Absent,
                _ => Registration::On,
            };
            let fate = (number % 50 == 3).then_some(Status::Failed);
            world.line.stand_in.citizen(&citizen(number), Citizen { fate, ..Citizen::new(registration) });
            world.write(&citizen(number)).await;
        }
        world.goes_wrong(Door::Any, 3, Fault::ServerError);
        world.goes_wrong(Door::Profiles, 2, Fault::BadGateway);
        world.goes_wrong(Door::Status, 5, Fault::Gateway(503));
        world.goes_wrong(Door::Messages, usize::from(hour < BREAKS), Fault::Drop);
        for _ in 0..3 {
            world.after(Duration::minutes(20)).await;
        }
    }
    world.line.stand_in.forget_plans();
    for _ in 0..4 {
        world.after(Duration::hours(2)).await;
    }

    let rows = entity::io_message::Entity::find().all(&world.app.app.desk.db.read).await.unwrap();
    let mut sent: BTreeMap<String, usize> = BTreeMap::new();
    for message in world.line.stand_in.messages() {
        *sent.entry(message.fiscal_code).or_default() += 1;
    }
    let mut states: HashMap<State, usize> = HashMap::new();
    for row in &rows {
        let times = sent.get(&row.fiscal_code).copied().unwrap_or_default();
        let due = match row.state {
            State::NotOnIo | State::ServiceOff => 0,
            _ => 1,
        };
        assert_eq!((times, row.next_at, row.lease_owner), (due, None, None), "{:?}", row.state);
        *states.entry(row.state).or_default() += 1;
    }
    let count = |state| states.get(&state).copied().unwrap_or_default();
    assert_eq!((rows.len(), count(State::NotOnIo), count(State::ServiceOff)), (MANY, 50, 50));
    assert_eq!(count(State::Uncertain), BREAKS);
    // Which of them a break has met is chance.
    assert_eq!(count(State::Processed) + count(State::Failed), 400 - BREAKS);
    assert!((10 - BREAKS..=10).contains(&count(State::Failed)), "{states:?}");
}
