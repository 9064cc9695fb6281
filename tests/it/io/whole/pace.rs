//! The budget of calls, as the side that counts them sees it.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::join_all;
use riscontro::{
    domain::io::call::Failure,
    stand_in::{Clock, ready},
};

use super::{USUAL, Whole, key_pair, message_to, recipient};

/// What IO gives a usual institution in five seconds (facts 2.1).
const WINDOW: TimeDelta = TimeDelta::seconds(5);
const BUDGET: usize = 150;

#[tokio::test]
async fn trap_03_however_many_call_at_once_no_window_holds_more_than_the_budget() {
    let whole = Whole::at(Clock::MACHINE).await;
    let of = || whole.institution_at("/api/v1", USUAL);
    let workers: Vec<_> = ready::USE_KEYS.map(|key| of().service(key_pair(key, None))).into();
    let management = of().management(key_pair(ready::MANAGE_KEYS[0], None));
    let to = recipient(ready::ON);
    // Somewhat more than a whole window would take: without a pace the last would be refused.
    let profiles = join_all((0..BUDGET + 5).map(|number| workers[number % 2].profile(&to)));
    let topics = join_all((0..5).map(|_| management.topics()));
    let (profiles, topics) = tokio::join!(profiles, topics);
    assert!(profiles.iter().all(Result::is_ok) && topics.iter().all(Result::is_ok));
    let calls = whole.stand_in.calls();
    assert_eq!(calls.len(), BUDGET + 10);
    for (at, first) in calls.iter().enumerate() {
        let window = calls[at..].iter().take_while(|call| call.at - first.at < WINDOW).count();
        assert!(window <= BUDGET, "{window} calls from {}", first.at);
    }
}

#[tokio::test]
async fn trap_03_after_a_refusal_everybody_waits_and_then_everybody_gets_through_once() {
    let whole = Whole::start().await;
    whole.stand_in.set(|knobs| knobs.calls_per_window = 3);
    let institution = whole.institution_at("/api/v1", 4);
    let service = institution.service(key_pair(ready::USE_KEYS[0], None));
    assert!(service.profile(&recipient(ready::ON)).await.is_ok());
    // Nearly a window later: what is left of it is what everybody has to wait.
    whole.later(4);
    let message = message_to(ready::ON);
    let storm = join_all((0..12).map(|_| service.submit(&message))).await;
    let taken = storm.iter().filter(|submitted| submitted.is_ok()).count();
    let told =
        |submitted: &Result<_, Failure>| matches!(submitted, Err(Failure::Wait { time }) if !time.is_zero());
    assert_eq!((taken, storm.iter().filter(|submitted| told(submitted)).count()), (2, 10));
    let calls = whole.calls();
    assert!(calls < 13, "those who stood in line do not call any more: {calls}");
    // Nor does anybody else, of whatever service, until the time is over.
    let other = whole.institution_at("/api/v1", 4).management(key_pair(ready::MANAGE_KEYS[0], None));
    whole.stand_in.set(|knobs| knobs.calls_per_window = BUDGET);
    let mut left = Duration::from_secs(1);
    if let Err(Failure::Wait { time }) = other.topics().await {
        assert_eq!(whole.calls(), calls);
        left = time;
    }
    tokio::time::sleep(left).await;
    whole.later(1);
    for submitted in storm.iter().filter(|submitted| submitted.is_err()) {
        assert!(service.submit(&message).await.is_ok(), "after {submitted:?}");
    }
    assert_eq!(whole.stand_in.messages().len(), 12, "none lost, none twice");
}

#[tokio::test]
async fn trap_02_the_time_to_wait_is_that_which_io_says() {
    let whole = Whole::start().await;
    whole.stand_in.set(|knobs| knobs.calls_per_window = 1);
    let service = whole.service();
    assert!(service.profile(&recipient(ready::ON)).await.is_ok());
    let wait = Err(Failure::Wait { time: Duration::from_secs(5) });
    assert_eq!(service.profile(&recipient(ready::ON)).await, wait);
    assert_eq!(whole.calls(), 2);
    // Everybody, not only who was refused.
    assert!(matches!(whole.management().services().await, Err(Failure::Wait { .. })));
    assert!(matches!(whole.service().submit(&message_to(ready::ON)).await, Err(Failure::Wait { .. })));
    assert_eq!(whole.calls(), 2);
}
