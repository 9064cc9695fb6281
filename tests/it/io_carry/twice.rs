//! Two processes, one database; a process that is slow, or dead; a person who presses twice.

use chrono::Duration;
use entity::{io_call::Call, io_message::State};
use riscontro::{
    actions::{
        self,
        io::{carry::LEASE, draft, message},
    },
    app::App,
    stand_in::{Door, Fault, ready},
    worker,
};
use std::collections::BTreeSet;

use super::{World, citizen, gate::Stop};

/// Opens the same database by itself, as another process would.
async fn second(world: &World) -> App {
    let mut second = App::build((*world.app.app.config).clone()).await.unwrap();
    second.clock = world.app.app.clock.clone();
    assert_ne!(second.process, world.app.app.process);
    second
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_on_one_database_send_each_notification_once() {
    let world = World::start().await;
    let other = second(&world).await;
    world.line.stand_in.set(|knobs| knobs.latency_ms = 3);
    for number in 0..80 {
        world.write(&citizen(number)).await;
    }
    let carry = |app| async move { worker::io::carry_due(app).await.unwrap() };
    tokio::join!(carry(&world.app.app), carry(&other));
    world.app.pass(Duration::seconds(10));
    world.line.stand_in.advance(Duration::seconds(10));
    tokio::join!(carry(&world.app.app), carry(&other));
    let sent = world.line.stand_in.messages();
    let people: BTreeSet<&str> = sent.iter().map(|message| message.fiscal_code.as_str()).collect();
    assert_eq!((sent.len(), people.len()), (80, 80));
    assert_eq!((world.line.calls("/profiles"), world.line.calls("/messages/")), (80, 80), "nor asked twice");
    other.desk.db.close().await;
}

/// The first process begins, and is stopped at the gate; its lease runs out, and the second one looks.
async fn first_is_slow(world: &World, at: Stop) -> (tokio::task::JoinHandle<()>, App) {
    let other = second(world).await;
    world.line.gate.shut(at);
    let app = world.app.app.clone();
    let slow = tokio::spawn(async move { worker::io::carry_due(&app).await.unwrap() });
    world.line.gate.reached().await;
    world.app.pass(LEASE - Duration::seconds(1));
    worker::io::carry_due(&other).await.unwrap();
    assert_eq!(
        world.line.stand_in.calls().len(),
        usize::from(at == Stop::Taken || at == Stop::Answered)
            + usize::from(matches!(at, Stop::Sent | Stop::Taken)),
        "while the lease lasts it is nobody else's"
    );
    world.app.pass(Duration::seconds(2));
    worker::io::carry_due(&other).await.unwrap();
    (slow, other)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_note_changes_nothing_of_what_was_written_off_but_is_there_to_be_read() {
    let world = World::start().await;
    let id = world.write(ready::ON).await;
    let (slow, other) = first_is_slow(&world, Stop::Taken).await;
    assert_eq!(world.state(id).await, State::Uncertain);
    world.line.gate.open();
    slow.await.unwrap();
    let row = world.row(id).await;
    assert_eq!((row.state, row.remote_id, row.next_at), (State::Uncertain, None, None));
    let created = world.line.stand_in.messages();
    let (call, words) = world.calls(id).await.pop().unwrap();
    assert_eq!((call, created.len()), (Call::Submit, 1));
    assert!(words.contains("era già incerto") && words.contains(&created[0].id), "{words}");
    world.after(Duration::days(1)).await;
    assert_eq!(world.line.created(), 1);
    other.desk.db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_overtaken_before_sending_does_not_send() {
    let world = World::start().await;
    let id = world.write(ready::ON).await;
    let (slow, other) = first_is_slow(&world, Stop::Answered).await;
    assert_eq!((world.state(id).await, world.line.created()), (State::Accepted, 1), "by the second");
    world.line.gate.open();
    slow.await.unwrap();
    let row = world.row(id).await;
    assert_eq!((row.state, row.attempts, world.line.created()), (State::Accepted, 2, 1));
    assert_eq!(world.calls(id).await.len(), 2, "one profile, one message");
    other.desk.db.close().await;
}

#[tokio::test]
async fn what_may_have_arrived_is_repeated_once_by_somebody_who_knows() {
    let world = World::start().await;
    let id = world.write(ready::ON).await;
    world.goes_wrong(Door::Messages, 1, Fault::Drop);
    world.carry().await;
    assert_eq!((world.state(id).await, world.line.created()), (State::Uncertain, 1));
    let (desk, cx) = (&world.app.app.desk, world.cx());
    let unknowing = message::repeat(desk, &cx, id, false).await;
    assert!(matches!(unknowing, Err(actions::Error::Rejected(_))));
    let again = message::repeat(desk, &cx, id, true).await.unwrap();
    // Pressed twice: the same one, or a refusal, but never a third message.
    if let Ok(same) = message::repeat(desk, &cx, id, true).await {
        assert_eq!(same, again);
    }
    world.carry().await;
    world.after(Duration::days(1)).await;
    assert_eq!((world.state(again).await, world.line.created()), (State::Processed, 2));
    assert_eq!((world.state(id).await, world.row(again).await.follows_id), (State::Uncertain, Some(id)));
    assert!(message::repeat(desk, &cx, again, true).await.is_err(), "it has arrived");
}

#[tokio::test]
async fn what_is_taken_back_in_time_never_leaves() {
    let world = World::start().await;
    let id = world.write(ready::ON).await;
    message::take_back(&world.app.app.desk, &world.cx(), id).await.unwrap();
    world.after(Duration::days(1)).await;
    assert_eq!((world.state(id).await, world.line.calls("/")), (State::Draft, 0));
    let draft = draft::Whole::of(&world.app.app.desk.db.read, world.row(id).await).await.unwrap();
    draft::send(&world.app.app.desk, &world.cx(), id, &draft.version()).await.unwrap();
    world.carry().await;
    assert!(message::take_back(&world.app.app.desk, &world.cx(), id).await.is_err());
    assert_eq!((world.state(id).await, world.line.created()), (State::Accepted, 1));
}
