//! Who can be written to, a message, and what becomes of it as time goes by.

use riscontro::{
    domain::io::{
        call::{Failure, Opened, Paid, Profile, Progress},
        fate,
    },
    stand_in::{Citizen, Group, Registration, Status, ready},
};
use serde_json::json;

use super::{Whole, and, message_to, recipient, typed};
use crate::io::key_pair_of;

#[tokio::test]
async fn io_says_who_can_be_written_to() {
    let whole = Whole::start().await;
    let service = whole.service();
    let reachable = |languages: &[&str]| {
        Ok(Profile::Reachable { languages: languages.iter().map(|&language| language.to_owned()).collect() })
    };
    for (code, profile) in [
        (ready::ON, reachable(&["it_IT"])),
        (ready::ON_GERMAN, reachable(&["de_DE", "it_IT"])),
        (ready::OFF, Ok(Profile::ServiceOff)),
        (ready::ABSENT, Ok(Profile::NotOnIo)),
    ] {
        assert_eq!(service.profile(&recipient(code)).await, profile, "{code}");
    }
    whole.stand_in.citizen(ready::ON, Citizen { languages: vec![], ..Citizen::default() });
    assert_eq!(service.profile(&recipient(ready::ON)).await, reachable(&[]), "the languages are left out");
    assert!(
        whole.sent("").iter().all(|sent| !sent.line.contains(ready::ON)),
        "codes are no part of an address"
    );
}

#[tokio::test]
async fn trap_04_a_message_that_io_took_comes_to_its_end_later() {
    let whole = Whole::start().await;
    let service = whole.service();
    for (code, end, state) in [
        (ready::ON, Progress::Processed, fate::State::Processed),
        (ready::OFF, Progress::Rejected, fate::State::Rejected),
        (ready::ABSENT, Progress::Rejected, fate::State::Rejected),
        (ready::FAILING, Progress::Failed, fate::State::Failed),
    ] {
        let id = service.submit(&message_to(code)).await.unwrap().id;
        let to = recipient(code);
        let taken = whole.stand_in.now();
        for wait in [0, 3] {
            whole.later(wait);
            let looked = service.look(&to, &id).await;
            assert_eq!(looked.as_ref().map(|report| report.progress), Ok(Progress::Accepted), "{code}");
            assert_eq!(fate::after_look(&looked, 0, taken, taken).state, fate::State::Accepted);
        }
        whole.later(1);
        let looked = service.look(&to, &id).await;
        assert_eq!(looked.as_ref().map(|report| report.progress), Ok(end), "{code}");
        assert_eq!(fate::after_look(&looked, 0, taken, taken).state, state, "{code}");
    }
}

#[tokio::test]
async fn what_io_keeps_is_what_was_written() {
    let whole = Whole::start().await;
    let message = message_to(ready::ON);
    let id = whole.service().submit(&message).await.unwrap().id;
    let kept = whole.stand_in.messages().remove(0);
    assert_eq!((kept.id, kept.fiscal_code.as_str(), kept.secure), (id, ready::ON, true));
    assert_eq!(
        kept.content,
        json!({
            "subject": message.content.subject,
            "markdown": message.content.markdown(),
            "require_secure_channels": true,
            "due_date": "2027-01-12T22:59:59.000Z",
            "payment_data": {
                "amount": 123_456, "notice_number": "302000000000000017", "invalid_after_due_date": true
            }
        })
    );
}

#[tokio::test]
async fn a_citizen_who_turns_the_service_off_after_the_check_gets_nothing() {
    let whole = Whole::start().await;
    let (service, to) = (whole.service(), recipient(ready::ON));
    assert!(matches!(service.profile(&to).await, Ok(Profile::Reachable { .. })));
    let id = service.submit(&message_to(ready::ON)).await.unwrap().id;
    let mut citizen = Citizen::new(Registration::On);
    citizen.services.insert(ready::SERVICE.to_owned(), Registration::Off);
    whole.stand_in.citizen(ready::ON, citizen);
    whole.later(4);
    assert_eq!(service.look(&to, &id).await.unwrap().progress, Progress::Rejected);
    assert_eq!(service.profile(&to).await, Ok(Profile::ServiceOff));
}

#[tokio::test]
async fn a_message_that_is_held_up_may_still_arrive() {
    let whole = Whole::start().await;
    let (service, to) = (whole.service(), recipient(ready::ON));
    let held_up = Citizen { fate: Some(Status::Throttled), ..Citizen::default() };
    whole.stand_in.citizen(ready::ON, held_up);
    let id = service.submit(&message_to(ready::ON)).await.unwrap().id;
    let taken = whole.stand_in.now();
    whole.later(4);
    let looked = service.look(&to, &id).await;
    assert_eq!(looked.as_ref().unwrap().progress, Progress::Throttled);
    let step = fate::after_look(&looked, 3, taken, whole.stand_in.now());
    assert!(matches!(step.next, fate::Next::At(_)), "{step:?}");
    whole.stand_in.citizen(ready::ON, Citizen::default());
    whole.later(3 * 86_400);
    assert_eq!(service.look(&to, &id).await.unwrap().progress, Progress::Processed);
}

#[tokio::test]
async fn a_message_is_shown_to_the_service_that_sent_it_and_by_its_own_code() {
    let whole = Whole::start().await;
    let id = whole.service().submit(&message_to(ready::ON)).await.unwrap().id;
    let made = whole.management().create(&super::sheet("Raccolta rifiuti")).await.unwrap();
    whole.later(3);
    let keys = whole.management().keys(&made.id).await.unwrap();
    let other = whole.institution().service(key_pair_of(&keys));
    assert!(matches!(other.look(&recipient(ready::ON), &id).await, Err(Failure::Misconfigured { .. })));
    let not_found = Failure::Refused { title: "Message not found".to_owned() };
    assert_eq!(whole.service().look(&recipient(ready::OFF), &id).await, Err(not_found));
    // Who looks a second time sees it as the first time: a refusal is only a look.
    assert!(whole.service().look(&recipient(ready::ON), &id).await.is_ok());
}

#[tokio::test]
async fn a_limited_account_may_write_to_its_own_people_only() {
    let whole = Whole::start().await;
    whole.allow(&[Group::ApiLimitedMessageWrite, Group::ApiLimitedProfileRead, Group::ApiMessageRead]);
    let service = whole.service();
    let forbidden = Failure::Refused { title: "Recipient forbidden".to_owned() };
    // Not even whether somebody is on IO.
    for code in [ready::ON, ready::ABSENT] {
        assert_eq!(service.profile(&recipient(code)).await, Err(forbidden.clone()));
        assert_eq!(service.submit(&message_to(code)).await, Err(forbidden.clone()));
    }
    assert!(service.submit(&message_to(ready::TEST_CODE)).await.is_ok());
    whole.allow(&[]);
    let failure = service.submit(&message_to(ready::TEST_CODE)).await.unwrap_err();
    assert!(matches!(failure, Failure::Misconfigured { .. }), "{failure:?}");
    assert_eq!(whole.stand_in.messages().len(), 1);
}

#[tokio::test]
async fn a_notice_dearer_than_the_service_may_ask_is_refused_and_said_so() {
    let whole = Whole::start().await;
    let dear =
        riscontro::domain::io::message::read(&super::Typed { amount: "10.000,01", ..typed(ready::ON) });
    let failure = whole.service().submit(&dear.unwrap()).await.unwrap_err();
    assert!(failure.words().contains("l'importo è più alto"), "{}", failure.words());
    assert_eq!(fate::after_submit::<()>(&Err(failure), 0, whole.stand_in.now()).state, fate::State::Failed);
    let just =
        riscontro::domain::io::message::read(&super::Typed { amount: "10.000,00", ..typed(ready::ON) });
    assert!(whole.service().submit(&just.unwrap()).await.is_ok());
}

#[tokio::test]
async fn premium_says_whether_it_was_read_and_paid() {
    let whole = Whole::start().await;
    let (service, to) = (whole.service(), recipient(ready::ON));
    let id = service.submit(&message_to(ready::ON)).await.unwrap().id;
    whole.allow(&and(&[Group::ApiMessageReadAdvanced]));
    assert!(whole.stand_in.change_message(&id, |message| message.advanced = true));
    whole.later(4);
    let report = service.look(&to, &id).await.unwrap();
    assert_eq!((report.opened, report.paid), (Some(Opened::Unread), Some(Paid::NotPaid)));
    assert!(whole.stand_in.change_message(&id, |message| (message.read, message.paid) = (true, true)));
    let report = service.look(&to, &id).await.unwrap();
    assert_eq!((report.opened, report.paid), (Some(Opened::Read), Some(Paid::Paid)));
    whole.allow(&and(&[]));
    let report = service.look(&to, &id).await.unwrap();
    assert_eq!((report.opened, report.paid, report.progress), (None, None, Progress::Processed));
}
