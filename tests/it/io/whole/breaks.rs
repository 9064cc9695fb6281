//! Lines that break and servers that fall over: what our client believes, and what has really happened.

use riscontro::{
    domain::io::{call::Failure, fate},
    stand_in::{Door, Fault, ready},
};

use super::{Whole, message_to, recipient};

#[tokio::test]
async fn trap_05_a_message_is_made_once_or_never_and_whoever_cannot_know_says_so() {
    let whole = Whole::start().await;
    let service = whole.service();
    let (unknown, certain) = (true, false);
    for (fault, is_unknown, made) in [
        (Fault::HangUp, unknown, 0),
        (Fault::Drop, unknown, 1),
        (Fault::BadGateway, unknown, 0),
        (Fault::Gateway(500), unknown, 0),
        (Fault::Gateway(503), unknown, 0),
        (Fault::Bare(500), unknown, 0),
        (Fault::Problem(504, "Gateway timeout".to_owned()), unknown, 0),
        (Fault::ServerError, certain, 0),
    ] {
        // On a line that was used before, and on a new one.
        for warm in [true, false] {
            let service = if warm { service.clone() } else { fresh(&whole) };
            if warm {
                assert!(service.profile(&recipient(ready::ON)).await.is_ok());
            }
            let (messages, calls) =
                (whole.stand_in.messages().len(), whole.sent("POST /api/v1/messages").len());
            whole.stand_in.plan(Door::Messages, 1, fault.clone());
            let failure = service.submit(&message_to(ready::ON)).await.unwrap_err();
            assert_eq!(matches!(failure, Failure::Unknown { .. }), is_unknown, "{fault:?}: {failure:?}");
            assert_eq!(matches!(failure, Failure::Retry { .. }), !is_unknown, "{fault:?}: {failure:?}");
            assert_eq!(whole.stand_in.messages().len() - messages, made, "{fault:?}");
            assert_eq!(whole.sent("POST /api/v1/messages").len() - calls, 1, "{fault:?}: sent twice");
            let state = fate::after_submit::<()>(&Err(failure), 0, whole.stand_in.now()).state;
            assert_eq!(state, if is_unknown { fate::State::Uncertain } else { fate::State::Queued });
        }
    }
    assert!(service.submit(&message_to(ready::ON)).await.is_ok(), "nothing of it lasts");
}

/// The service on lines that nobody has used.
fn fresh(whole: &Whole) -> riscontro::channel::io::Service {
    let institution =
        crate::io::io().institution(&format!("{}/api/v1", whole.origin), uuid::Uuid::nil(), 200).unwrap();
    institution.service(super::key_pair(ready::USE_KEYS[0], None))
}

#[tokio::test]
async fn a_question_that_breaks_is_asked_again_and_decides_nothing() {
    let whole = Whole::start().await;
    let (service, to) = (whole.service(), recipient(ready::ON));
    let id = service.submit(&message_to(ready::ON)).await.unwrap().id;
    let now = whole.stand_in.now();
    for fault in [
        Fault::HangUp,
        Fault::Drop,
        Fault::BadGateway,
        Fault::ServerError,
        Fault::Gateway(503),
        Fault::Bare(500),
    ] {
        whole.stand_in.plan(Door::Profiles, 1, fault.clone());
        let asked = service.profile(&to).await;
        assert!(matches!(asked, Err(Failure::Retry { .. })), "{fault:?}: {asked:?}");
        assert_eq!(fate::after_profile(&asked, 0, now).state, fate::State::Queued);
        whole.stand_in.plan(Door::Status, 1, fault.clone());
        let looked = service.look(&to, &id).await;
        assert!(matches!(looked, Err(Failure::Retry { .. })), "{fault:?}: {looked:?}");
        assert_eq!(fate::after_look(&looked, 0, now, now).state, fate::State::Accepted);
        assert!(service.profile(&to).await.is_ok() && service.look(&to, &id).await.is_ok(), "{fault:?}");
    }
    assert_eq!(whole.stand_in.messages().len(), 1);
}

#[tokio::test]
async fn a_service_whose_answer_was_lost_is_found_in_the_list_and_not_made_twice() {
    let whole = Whole::start().await;
    let management = whole.management();
    whole.stand_in.plan(Door::Manage, 1, Fault::Drop);
    let failure = management.create(&super::sheet("Raccolta rifiuti")).await.unwrap_err();
    assert!(matches!(failure, Failure::Unknown { .. }), "{failure:?}");
    let names: Vec<_> =
        management.services().await.unwrap().into_iter().map(|known| known.sheet.name).collect();
    assert_eq!(names.iter().filter(|name| *name == "Raccolta rifiuti").count(), 1, "{names:?}");
    // A key that was made anew without our hearing of it is had by asking.
    whole.stand_in.plan(Door::Manage, 1, Fault::Drop);
    let lost = management.renew_key(ready::SERVICE, riscontro::channel::io::Which::Primary).await;
    assert!(matches!(lost, Err(Failure::Retry { .. })), "{lost:?}");
    let keys = management.keys(ready::SERVICE).await.unwrap();
    let service = whole.institution().service(crate::io::key_pair_of(&keys));
    assert!(service.profile(&recipient(ready::ON)).await.is_ok());
}

#[tokio::test]
async fn refusals_without_words_and_of_suspended_accounts_are_for_the_administrator() {
    let whole = Whole::start().await;
    let service = whole.service();
    for fault in [
        Fault::Bare(403),
        Fault::Gateway(403),
        Fault::Problem(403, "Production call forbidden".to_owned()),
        Fault::Problem(403, "User has no valid scopes".to_owned()),
        Fault::Problem(403, "Anonymous user".to_owned()),
    ] {
        whole.stand_in.plan(Door::Any, 1, fault.clone());
        let failure = service.profile(&recipient(ready::ABSENT)).await.unwrap_err();
        assert!(matches!(failure, Failure::Misconfigured { .. }), "{fault:?}: {failure:?}");
    }
    for fault in [Fault::Gateway(404), Fault::Bare(404)] {
        whole.stand_in.plan(Door::Any, 1, fault.clone());
        let failure = service.profile(&recipient(ready::ABSENT)).await.unwrap_err();
        assert!(matches!(failure, Failure::Astray { .. }), "{fault:?}: {failure:?}");
    }
    assert!(whole.stand_in.messages().is_empty());
}
