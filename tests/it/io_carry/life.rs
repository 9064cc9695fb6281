//! From the queue to a fate.

use chrono::Duration;
use entity::{event::Verb, io_call::Call, io_message::State};
use riscontro::{
    actions::io::message::{self, Written},
    stand_in::{Citizen, Registration, Status, ready},
    store,
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use uuid::Uuid;

use super::{World, message_to};
use crate::support::letter::letter;

#[tokio::test]
async fn a_notification_is_asked_for_sent_once_and_looked_after_until_it_has_arrived() {
    let world = World::start().await;
    let id = world.write(ready::ON).await;
    world.carry().await;
    let row = world.row(id).await;
    assert_eq!((row.state, row.attempts, row.looks), (State::Accepted, 1, 0));
    assert_eq!(row.accepted_at, Some(world.app.now()));
    let created = &world.line.stand_in.messages()[0];
    assert_eq!(row.remote_id.as_ref(), Some(&created.id));
    assert_eq!(created.content["markdown"], row.markdown, "to the letter, with its button");
    assert!(row.markdown.contains("cta_1"));

    world.after(Duration::seconds(9)).await;
    assert_eq!(world.state(id).await, State::Accepted, "nobody has looked yet");
    world.after(Duration::seconds(1)).await;
    let row = world.row(id).await;
    assert_eq!((row.state, row.looks, row.next_at, row.lease_owner), (State::Processed, 1, None, None));
    assert_eq!((row.settled_at, row.last_error), (Some(world.app.now()), None));
    let calls: Vec<Call> = world.calls(id).await.into_iter().map(|(call, _)| call).collect();
    assert_eq!(calls, [Call::Profile, Call::Submit, Call::Status]);
    world.after(Duration::days(30)).await;
    assert_eq!((world.line.created(), world.line.stand_in.calls().len()), (1, 3), "and nothing more");
}

#[tokio::test]
async fn who_cannot_be_reached_is_not_written_to_and_the_reason_is_known() {
    let world = World::start().await;
    let (absent, off) = (world.write(ready::ABSENT).await, world.write(ready::OFF).await);
    world.carry().await;
    for (id, state, words) in
        [(absent, State::NotOnIo, "non è su IO"), (off, State::ServiceOff, "disattivato questo servizio")]
    {
        let row = world.row(id).await;
        assert_eq!((row.state, row.next_at), (state, None));
        assert!(row.last_error.unwrap().contains(words));
    }
    assert_eq!((world.line.created(), world.line.calls("/messages")), (0, 0));
}

#[tokio::test]
async fn trap_04_what_io_takes_and_then_gives_up_did_not_arrive() {
    let world = World::start().await;
    let (failing, leaving) = (world.write(ready::FAILING).await, world.write(ready::ON).await);
    world.carry().await;
    // Between the profile and the inbox a citizen may leave.
    world.line.stand_in.citizen(ready::ON, Citizen::new(Registration::Absent));
    world.after(Duration::seconds(10)).await;
    let rows = [world.row(failing).await, world.row(leaving).await];
    assert_eq!(rows.each_ref().map(|row| row.state), [State::Failed, State::Rejected]);
    assert!(
        rows.iter().all(|row| row.last_error.is_some() && row.next_at.is_none() && row.remote_id.is_some())
    );
}

#[tokio::test]
async fn trap_19_what_is_on_trial_reaches_nobody_else_whatever_io_would_allow() {
    let world = World::start().await;
    let [to_trial, to_citizen] = [world.write(ready::TEST_CODE).await, world.write(ready::ON).await];
    // It goes on trial when both wait already. IO would take both: a draft is not harmless.
    world
        .change_service(entity::io_service::ActiveModel {
            test_codes: Set(Some(entity::io_service::Codes(vec![ready::TEST_CODE.to_owned()]))),
            ..Default::default()
        })
        .await;
    world.carry().await;
    assert_eq!(world.state(to_trial).await, State::Accepted);
    let row = world.row(to_citizen).await;
    assert_eq!((row.state, row.next_at), (State::Failed, None));
    assert!(row.last_error.unwrap().contains("in prova"));
    assert_eq!((world.line.created(), world.line.calls("/profiles")), (1, 1));
}

#[tokio::test]
async fn the_work_order_remembers_how_it_ended() {
    let world = World::start().await;
    world.app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let order = world.app.order("2026/000001").await;
    let mut ids = Vec::new();
    for code in [ready::ON, ready::ABSENT] {
        let written = Written {
            token: Uuid::now_v7(),
            service: world.service,
            message: message_to(code),
            work_order: Some(order.id),
            taxpayer: None,
            follows: None,
            remind_days: None,
            attach: None,
        };
        ids.push(message::write(&world.app.app.desk, &world.cx(), &written).await.unwrap().id);
    }
    world.carry().await;
    world.after(Duration::seconds(10)).await;
    let db = &world.app.app.desk.db.read;
    let history = store::event::history(db, order.organisation_id, order.id, 50).await.unwrap();
    let of_io =
        |verb| history.iter().filter(|event| event.verb == verb && event.data["channel"] == "io").count();
    assert_eq!((of_io(Verb::Sent), of_io(Verb::Refused)), (1, 1));
    assert_eq!([world.state(ids[0]).await, world.state(ids[1]).await], [State::Processed, State::NotOnIo]);
}

#[tokio::test]
async fn a_notification_is_queued_by_the_commit_of_what_it_is_about() {
    let world = World::start().await;
    world.app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let order = world.app.order("2026/000001").await;
    let written = Written {
        token: Uuid::now_v7(),
        service: world.service,
        message: message_to(ready::ON),
        work_order: Some(order.id),
        taxpayer: None,
        follows: None,
        remind_days: None,
        attach: None,
    };
    message::write(&world.app.app.desk, &world.cx(), &written).await.unwrap();
    // No time between them: the event, the communication and the waiting notification are one commit.
    let db = &world.app.app.desk.db.read;
    let row = entity::io_message::Entity::find().one(db).await.unwrap().unwrap();
    let history = store::event::history(db, order.organisation_id, order.id, 50).await.unwrap();
    let told = history.iter().find(|event| event.verb == Verb::Notified).unwrap();
    assert_eq!(
        (told.at, row.created_at, row.next_at),
        (world.app.now(), world.app.now(), Some(world.app.now()))
    );
    // And together they are not there when the last of it fails.
    let nobodys = Written { token: Uuid::now_v7(), follows: Some(Uuid::now_v7()), ..written };
    assert!(message::write(&world.app.app.desk, &world.cx(), &nobodys).await.is_err());
    assert_eq!(entity::io_message::Entity::find().all(db).await.unwrap().len(), 1);
    let after = store::event::history(db, order.organisation_id, order.id, 50).await.unwrap();
    assert_eq!(after.len(), history.len());
}

#[tokio::test]
async fn trap_24_states_of_tomorrow_are_waited_for_and_old_ones_are_still_read() {
    let world = World::start().await;
    let id = world.write(ready::ON).await;
    world.line.stand_in.set(|knobs| (knobs.strange, knobs.processing_seconds) = (true, 30));
    world.carry().await;
    world.after(Duration::seconds(10)).await;
    let row = world.row(id).await;
    assert_eq!((row.state, row.looks, row.last_error), (State::Accepted, 1, None));
    world.line.stand_in.set(|knobs| (knobs.strange, knobs.notification) = (false, true));
    world.after(Duration::seconds(60)).await;
    let row = world.row(id).await;
    assert_eq!(row.state, State::Processed);
    assert_eq!((row.push_state.as_deref(), row.mail_state.as_deref()), (Some("sent"), Some("sent")));
}

#[tokio::test]
async fn a_message_that_is_held_up_is_waited_for() {
    let world = World::start().await;
    let id = world.write(ready::ON).await;
    let late = Citizen { fate: Some(Status::Throttled), ..Citizen::new(Registration::On) };
    world.line.stand_in.citizen(ready::ON, late);
    world.carry().await;
    for _ in 0..30 {
        world.after(Duration::hours(1)).await;
    }
    assert_eq!(world.state(id).await, State::Accepted);
    world.line.stand_in.citizen(ready::ON, Citizen::new(Registration::On));
    world.after(Duration::hours(2)).await;
    assert_eq!((world.state(id).await, world.line.created()), (State::Processed, 1));
}
