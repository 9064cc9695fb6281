//! Values and fields of tomorrow, and of yesterday.

use riscontro::{
    domain::io::{
        call::{Profile, Progress, Told},
        fate,
        sheet::life::{Lifecycle, Publication, acts},
    },
    stand_in::ready,
};

use super::{Whole, message_to, recipient};

#[tokio::test]
async fn trap_24_what_nobody_has_announced_changes_nothing() {
    let whole = Whole::start().await;
    whole.stand_in.set(|knobs| knobs.strange = true);
    let (service, to) = (whole.service(), recipient(ready::ON));
    let languages = vec!["sl_SI".to_owned(), "it_IT".to_owned()];
    assert_eq!(service.profile(&to).await, Ok(Profile::Reachable { languages }));
    let id = service.submit(&message_to(ready::ON)).await.unwrap().id;
    let looked = service.look(&to, &id).await;
    assert_eq!(looked.as_ref().unwrap().progress, Progress::Unknown);
    let now = whole.stand_in.now();
    let step = fate::after_look(&looked, 0, now, now);
    assert!(matches!((step.state, step.next), (fate::State::Accepted, fate::Next::At(_))), "looked at again");
    whole.later(4);
    assert_eq!(service.look(&to, &id).await.unwrap().progress, Progress::Processed);
}

#[tokio::test]
async fn a_service_in_a_state_that_we_do_not_know_is_shown_and_left_alone() {
    let whole = Whole::start().await;
    whole.stand_in.set(|knobs| knobs.strange = true);
    let management = whole.management();
    let service = management.service(ready::SERVICE).await.unwrap();
    let (publication, published) = management.publication(ready::SERVICE).await.unwrap().unwrap();
    assert_eq!((service.lifecycle, publication), (Lifecycle::Unknown, Publication::Published));
    assert_eq!(acts(service.lifecycle, Some(publication)), []);
    assert_eq!(
        (service.sheet.name.as_str(), published.name.as_str()),
        (ready::SERVICE_NAME, ready::SERVICE_NAME)
    );
    assert_eq!(management.services().await.unwrap().len(), 1);
    assert_eq!(management.topics().await.unwrap().len(), 18);
    assert!(management.keys(ready::SERVICE).await.is_ok());
}

#[tokio::test]
async fn the_notification_of_before_july_2026_is_read_while_it_comes() {
    let whole = Whole::start().await;
    let (service, to) = (whole.service(), recipient(ready::ON));
    let id = service.submit(&message_to(ready::ON)).await.unwrap().id;
    whole.later(4);
    let told = async || {
        let report = service.look(&to, &id).await.unwrap();
        (report.progress, report.push, report.email)
    };
    assert_eq!(told().await, (Progress::Processed, None, None));
    whole.stand_in.set(|knobs| knobs.notification = true);
    assert_eq!(told().await, (Progress::Processed, Some(Told::Sent), Some(Told::Sent)));
}
