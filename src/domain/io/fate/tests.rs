use std::time;

use super::*;

fn now() -> DateTime<Utc> {
    "2026-03-02T08:00:00Z".parse().unwrap()
}

fn report(progress: Progress) -> Report {
    Report { progress, push: None, email: None, opened: None, paid: None }
}

fn retry() -> Failure {
    Failure::Retry { words: "Il server non risponde.".to_owned() }
}

fn failures() -> [Failure; 8] {
    [
        Failure::Refused { title: "Recipient forbidden".to_owned() },
        Failure::Outdated { title: "x".to_owned() },
        Failure::Misconfigured { what: "a.".to_owned(), remedy: "b." },
        Failure::Astray { words: "c.".to_owned() },
        Failure::KeyRefused,
        Failure::Wait { time: time::Duration::from_secs(7) },
        retry(),
        Failure::Unknown { words: "La linea è caduta.".to_owned() },
    ]
}

#[test]
fn every_step_is_one_that_may_happen() {
    for failure in failures() {
        let profile = after_profile(&Err(failure.clone()), 0, now()).state;
        assert!(profile == State::Queued || may_become(State::Queued, profile), "{failure:?}");
        assert!(
            may_become(State::Sending, after_submit::<()>(&Err(failure.clone()), 0, now()).state),
            "{failure:?}"
        );
        assert_eq!(after_look(&Err(failure.clone()), 0, now(), now()).state, State::Accepted, "{failure:?}");
    }
    for profile in [Profile::NotOnIo, Profile::ServiceOff, Profile::Reachable { languages: vec![] }] {
        assert!(may_become(State::Queued, after_profile(&Ok(profile), 0, now()).state));
    }
    for progress in [Progress::Processed, Progress::Rejected, Progress::Failed] {
        let step = after_look(&Ok(report(progress)), 0, now(), now());
        assert!(may_become(State::Accepted, step.state) && is_final(step.state) && step.next == Next::Never);
    }
}

#[test]
fn what_is_final_stays() {
    let open: Vec<_> = State::iter().filter(|state| !is_final(*state)).collect();
    assert_eq!(open, [State::Draft, State::Queued, State::Sending, State::Accepted]);
    assert!(State::iter().filter(|state| has_missed(*state)).all(is_final));
    assert!(!has_missed(State::Uncertain));
    assert_eq!(serde_json::to_string(&State::NotOnIo).unwrap(), "\"not_on_io\"");
}

#[test]
fn trap_04_taken_is_not_delivered() {
    let taken = after_submit(&Ok("01"), 0, now());
    assert_eq!((taken.state, taken.next), (State::Accepted, Next::At(now() + Duration::seconds(10))));
    assert_eq!(after_look(&Ok(report(Progress::Rejected)), 0, now(), now()).state, State::Rejected);
}

#[test]
fn trap_05_what_may_have_been_sent_is_never_sent_again() {
    let unknown =
        after_submit::<()>(&Err(Failure::Unknown { words: "La linea è caduta.".to_owned() }), 0, now());
    assert_eq!((unknown.state, unknown.next), (State::Uncertain, Next::Never));
    assert!(unknown.words.unwrap().contains("due volte"));
    assert_eq!((after_crash().state, after_crash().next), (State::Uncertain, Next::Never));
    assert!(!may_become(State::Uncertain, State::Queued) && !may_become(State::Uncertain, State::Sending));
    // The profile may be asked again whatever became of the answer.
    let step = after_profile(&Err(Failure::Unknown { words: String::new() }), 0, now());
    assert_eq!((step.state, step.next), (State::Queued, Next::At(now() + Duration::seconds(10))));
}

#[test]
fn what_can_be_sent_again_waits_longer_each_time() {
    let next = |attempts| match after_submit::<()>(&Err(retry()), attempts, now()).next {
        Next::At(at) => (at - now()).num_seconds(),
        other => panic!("{other:?}"),
    };
    assert_eq!([0, 1, 2].map(next), [10, 60, 300]);
    let wait = after_submit::<()>(&Err(Failure::Wait { time: time::Duration::from_secs(7) }), 9, now());
    assert_eq!((wait.state, wait.next), (State::Queued, Next::At(now() + Duration::seconds(7))));
}

#[test]
fn a_fault_of_the_service_stops_its_queue_and_burns_no_message() {
    for failure in [Failure::Misconfigured { what: "a.".to_owned(), remedy: "b." }, Failure::KeyRefused] {
        assert_eq!(after_profile(&Err(failure.clone()), 0, now()).next, Next::Mended);
        let step = after_submit::<()>(&Err(failure), 0, now());
        assert_eq!((step.state, step.next), (State::Queued, Next::Mended));
    }
}

#[test]
fn one_odd_answer_is_an_accident_and_the_next_one_stops_the_service() {
    let odd = after_profile(&Err(Failure::Astray { words: "c.".to_owned() }), 3, now());
    assert_eq!((odd.state, odd.next), (State::Queued, Next::Doubted));
    assert_eq!(rest(&odd, false, now()), Some((now() + Duration::seconds(10), None)), "nobody is alarmed");
    let stopped = Some((now() + REST, Some("c.".to_owned())));
    assert_eq!(rest(&odd, true, now()), stopped);
    // A key that is not taken is no accident.
    let refused = after_profile(&Err(Failure::KeyRefused), 0, now());
    assert!(
        rest(&refused, false, now()).is_some_and(|(until, words)| until == now() + REST && words.is_some())
    );
    assert_eq!(rest(&after_profile(&Err(retry()), 0, now()), true, now()), None);
    assert_eq!(
        after_look(&Err(Failure::Astray { words: "c.".to_owned() }), 0, now(), now()).state,
        State::Accepted
    );
}

#[test]
fn a_message_is_looked_at_often_at_first_and_for_seven_days() {
    let (mut at, mut looks, mut pauses) = (now() + look_pause(0), 0, vec![10]);
    loop {
        match after_look(&Ok(report(Progress::Throttled)), looks, now(), at).next {
            Next::At(next) => {
                pauses.push((next - at).num_seconds());
                (at, looks) = (next, looks + 1);
            }
            next => break assert_eq!(next, Next::Never),
        }
    }
    assert_eq!(pauses[..6], [10, 60, 300, 1800, 3600, 3600]);
    assert!(at <= now() + PATIENCE && at > now() + PATIENCE - Duration::hours(2));
    assert_eq!(
        after_look(&Ok(report(Progress::Processed)), looks, now(), at).state,
        State::Processed,
        "not too late"
    );
}

#[test]
fn trap_22_a_failed_look_loses_no_message() {
    let step = after_look(&Err(retry()), 2, now(), now());
    assert_eq!((step.state, step.next), (State::Accepted, Next::At(now() + Duration::minutes(30))));
    assert!(step.words.is_some());
}

#[test]
fn a_state_that_io_invents_tomorrow_is_waited_for() {
    let progress: Progress = serde_json::from_str("\"TELEPORTED\"").unwrap();
    assert_eq!(after_look(&Ok(report(progress)), 0, now(), now()).state, State::Accepted);
}
