//! IO does not take it: for now, for this person, or for everybody until somebody mends something.

use chrono::Duration;
use entity::{
    io_message::State,
    io_service::{self, KeyInUse},
};
use riscontro::{
    actions::io::carry::REST,
    domain::io::fate::DOUBT,
    stand_in::{Door, Fault, Group, NEW_INSTITUTION, ready},
};
use sea_orm::ActiveValue::Set;

use super::{World, point_at};

/// Everything of the service waits, with words, and has lost nothing by it.
async fn is_stopped(world: &World, words: &str) {
    let service = world.service_now().await;
    assert!(service.stopped.as_ref().unwrap().contains(words), "{:?}", service.stopped);
    assert_eq!(service.stopped_until, Some(world.app.now() + REST));
}

#[tokio::test]
async fn when_neither_key_is_taken_the_service_stops_with_words_and_nothing_is_burnt() {
    let world = World::start().await;
    world.goes_wrong(Door::Any, usize::MAX, Fault::Gateway(401));
    let mut ids = Vec::new();
    for _ in 0..40 {
        ids.push(world.write(ready::ON).await);
    }
    world.carry().await;
    is_stopped(&world, "non accetta la chiave").await;
    let tried = world.line.calls("/");
    assert!(tried <= 2 * world.app.app.config.io.concurrency, "those under way, with both keys: {tried}");
    for id in &ids {
        let row = world.row(*id).await;
        assert_eq!((row.state, row.attempts, row.lease_owner), (State::Queued, 0, None));
    }
    // While it rests nobody calls; then it is tried again, and again nothing is burnt.
    world.after(REST - Duration::seconds(1)).await;
    assert_eq!(world.line.calls("/"), tried);
    world.after(Duration::seconds(2)).await;
    assert!(world.line.calls("/") > tried);
    is_stopped(&world, "non accetta la chiave").await;
    // Mended at IO: the next try finds it out by itself, and the words go away.
    world.line.stand_in.forget_plans();
    world.after(REST + Duration::seconds(1)).await;
    assert_eq!(world.line.created(), 40);
    let service = world.service_now().await;
    assert_eq!((service.stopped, service.stopped_until), (None, None));
    assert_eq!(world.row(ids[39]).await.attempts, 1);
}

#[tokio::test]
async fn the_second_key_of_the_pair_carries_on_while_the_first_is_renewed() {
    let world = World::start().await;
    let sealed = |key: &str| Set(Some(world.app.app.desk.keys.seal([9; 24], key)));
    // The first was made anew at IO, and nobody has copied it yet.
    world
        .change_service(io_service::ActiveModel { primary_key: sealed("vecchia"), ..Default::default() })
        .await;
    let id = world.write(ready::ON).await;
    world.carry().await;
    world.after(Duration::seconds(10)).await;
    assert_eq!((world.state(id).await, world.line.created()), (State::Processed, 1));
    assert_eq!(world.service_now().await.stopped, None, "no outage");
    // Then the other: copied, taken into use, and the old second one is worth nothing any more.
    let change = io_service::ActiveModel {
        primary_key: sealed("altra"),
        secondary_key: sealed(ready::USE_KEYS[1]),
        key_in_use: Set(KeyInUse::Secondary),
        ..Default::default()
    };
    world.change_service(change).await;
    let before = world.line.calls("/");
    let id = world.write(ready::ON).await;
    world.carry().await;
    assert_eq!(
        (world.state(id).await, world.line.calls("/") - before),
        (State::Accepted, 2),
        "at the first try"
    );
}

#[tokio::test]
async fn a_service_without_a_key_that_can_be_opened_waits_for_one() {
    let world = World::start().await;
    let id = world.write(ready::ON).await;
    let foreign = || Set(Some(vec![1, 2, 3]));
    let change =
        io_service::ActiveModel { primary_key: foreign(), secondary_key: foreign(), ..Default::default() };
    world.change_service(change).await;
    world.carry().await;
    is_stopped(&world, "copia di nuovo le chiavi").await;
    assert_eq!((world.state(id).await, world.line.calls("/")), (State::Queued, 0));
}

#[tokio::test]
async fn trap_15_an_account_that_may_not_send_stops_its_service_and_not_the_next_one() {
    let world = World::start().await;
    let other = world.app.io_service("Raccolta differenziata", |_| {}).await;
    let groups: Vec<Group> =
        NEW_INSTITUTION.into_iter().filter(|group| *group != Group::ApiLimitedProfileRead).collect();
    assert!(world.line.stand_in.groups(ready::INSTITUTION, &groups));
    let id = world.write(ready::ON).await;
    world.carry().await;
    is_stopped(&world, "non è abilitata").await;
    assert!(world.line.stand_in.groups(ready::INSTITUTION, &NEW_INSTITUTION));
    let theirs = super::write(&world.app.app, &world.cx(), other, ready::ON).await;
    world.carry().await;
    assert_eq!([world.state(id).await, world.state(theirs).await], [State::Queued, State::Accepted]);
}

#[tokio::test]
async fn a_key_that_is_copied_while_the_old_one_is_being_refused_is_not_stopped_by_that() {
    let world = World::start().await;
    let id = world.write(ready::ON).await;
    world.goes_wrong(Door::Profiles, 2, Fault::Gateway(401));
    world.line.gate.shut(super::gate::Stop::Answered);
    let (gate, app) = (world.line.gate.clone(), world.app.app.clone());
    let carrying = tokio::spawn(async move { riscontro::worker::io::carry_due(&app).await.unwrap() });
    gate.reached().await;
    let change = io_service::ActiveModel { reason: Set("chiavi nuove".to_owned()), ..Default::default() };
    world.change_service(change).await;
    gate.open();
    carrying.await.unwrap();
    assert_eq!(world.service_now().await.stopped, None);
    world.carry().await;
    assert_eq!((world.state(id).await, world.line.created()), (State::Accepted, 1));
}

#[tokio::test]
async fn trap_01_a_wrong_address_is_never_read_as_nobody_on_io() {
    let world = World::start().await;
    let id = world.write(ready::ON).await;
    point_at(&world.app.app, world.app.organisation(), &world.line.base_url.replace("/v1", "/v7")).await;
    world.carry().await;
    let service = world.service_now().await;
    assert_eq!(
        (service.stopped, service.stopped_until),
        (None, Some(world.app.now() + DOUBT)),
        "one may be an accident"
    );
    world.after(DOUBT + Duration::seconds(1)).await;
    is_stopped(&world, "indirizzo").await;
    assert_eq!(world.state(id).await, State::Queued);
    point_at(&world.app.app, world.app.organisation(), &world.line.base_url).await;
    world.after(REST + Duration::seconds(1)).await;
    assert_eq!(world.state(id).await, State::Accepted);
}

#[tokio::test]
async fn one_odd_404_among_good_answers_stops_nobody_and_is_tried_again_shortly() {
    let world = World::start().await;
    let ids = [world.write(ready::ON).await, world.write(ready::ON).await];
    for _ in 0..2 {
        world.goes_wrong(Door::Profiles, 1, Fault::Gateway(404));
        world.carry().await;
        assert_eq!(world.service_now().await.stopped, None);
        world.after(DOUBT + Duration::seconds(1)).await;
        let service = world.service_now().await;
        assert_eq!((service.stopped, service.stopped_until), (None, None));
        world.write(ready::ON).await;
    }
    for id in ids {
        assert_eq!(world.row(id).await.attempts, 1, "no attempt was burnt");
    }
}

#[tokio::test]
async fn what_io_refuses_of_one_message_fails_in_plain_words_and_stops_nobody() {
    let world = World::start().await;
    let ids = [world.write(ready::ON).await, world.write(ready::ON).await];
    world.goes_wrong(Door::Messages, 1, Fault::Problem(400, "Invalid message structure".to_owned()));
    world.goes_wrong(Door::Messages, 1, Fault::Problem(403, "Recipient forbidden".to_owned()));
    world.carry().await;
    let mut words = Vec::new();
    for id in ids {
        let row = world.row(id).await;
        assert_eq!((row.state, row.next_at), (State::Failed, None));
        words.push(row.last_error.unwrap());
    }
    words.sort();
    assert_eq!(
        words,
        [
            "IO ha rifiutato la richiesta: a questa persona il servizio non può scrivere.",
            "IO ha rifiutato la richiesta: il messaggio non rispetta le regole di IO."
        ]
    );
    assert_eq!(world.service_now().await.stopped, None);
    world.after(Duration::days(1)).await;
    assert_eq!(world.line.created(), 0);
}

#[tokio::test]
async fn trap_05_what_was_not_made_is_sent_again_and_what_may_have_been_is_not() {
    for (fault, made, ends) in [
        (Fault::ServerError, 0, State::Queued),
        (Fault::TooMany(3), 0, State::Queued),
        (Fault::Gateway(401), 0, State::Accepted), // the other key
        (Fault::Gateway(504), 0, State::Uncertain),
        (Fault::BadGateway, 0, State::Uncertain),
        (Fault::HangUp, 0, State::Uncertain),
        (Fault::Drop, 1, State::Uncertain),
    ] {
        let world = World::start().await;
        let id = world.write(ready::ON).await;
        world.goes_wrong(Door::Messages, 1, fault.clone());
        world.carry().await;
        let row = world.row(id).await;
        assert_eq!(row.state, ends, "{fault:?}");
        assert_eq!(row.last_error.is_some(), ends != State::Accepted, "{fault:?}");
        if ends == State::Uncertain {
            assert_eq!((world.line.created(), row.next_at), (made, None), "{fault:?}");
            assert!(row.last_error.unwrap().contains("due volte"));
            world.after(Duration::days(8)).await;
            assert_eq!(world.line.created(), made, "{fault:?}: never by itself");
        }
    }
}

#[tokio::test]
async fn trap_22_a_look_that_fails_is_taken_again_and_says_why() {
    let world = World::start().await;
    let id = world.write(ready::ON).await;
    world.carry().await;
    world.goes_wrong(Door::Status, 1, Fault::ServerError);
    // The keys are those of another service now: that is about this message alone.
    world.goes_wrong(Door::Status, 1, Fault::Problem(403, "You are not allowed here".to_owned()));
    for (pause, looks) in [(10, 1), (60, 2)] {
        world.after(Duration::seconds(pause)).await;
        let row = world.row(id).await;
        assert_eq!((row.state, row.looks, row.last_error.is_some()), (State::Accepted, looks, true));
        assert_eq!((world.service_now().await.stopped, row.attempts), (None, 1));
    }
    world.after(Duration::minutes(5)).await;
    let row = world.row(id).await;
    assert_eq!((row.state, row.looks, row.last_error), (State::Processed, 3, None));
}

#[tokio::test]
async fn a_service_that_is_to_send_nothing_still_hears_what_became_of_what_it_sent() {
    let world = World::start().await;
    let sent = world.write(ready::ON).await;
    world.carry().await;
    let waiting = world.write(ready::ON).await;
    world.change_service(io_service::ActiveModel { sends: Set(false), ..Default::default() }).await;
    world.after(Duration::seconds(10)).await;
    assert_eq!([world.state(sent).await, world.state(waiting).await], [State::Processed, State::Queued]);
    world.change_service(io_service::ActiveModel { sends: Set(true), ..Default::default() }).await;
    world.carry().await;
    assert_eq!(world.state(waiting).await, State::Accepted);
}
