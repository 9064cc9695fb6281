//! Keys, addresses, and whose fault it is.

use riscontro::{
    channel::io::Which,
    domain::io::{
        call::{Failure, Profile},
        sheet::life::Lifecycle,
    },
    stand_in::ready,
};
use secrecy::ExposeSecret;

use super::{Whole, key_pair, message_to, recipient};

#[tokio::test]
async fn both_keys_of_a_pair_are_worth_the_same() {
    let whole = Whole::start().await;
    for key in ready::USE_KEYS {
        let service = whole.institution().service(key_pair(key, None));
        assert!(service.profile(&recipient(ready::ON)).await.is_ok());
        let id = service.submit(&message_to(ready::ON)).await.unwrap().id;
        assert!(service.look(&recipient(ready::ON), &id).await.is_ok());
    }
    for key in ready::MANAGE_KEYS {
        assert!(whole.institution().management(key_pair(key, None)).service(ready::SERVICE).await.is_ok());
    }
}

#[tokio::test]
async fn keys_are_renewed_and_no_message_is_lost_or_doubled() {
    let whole = Whole::start().await;
    let management = whole.management();
    let old = whole.service();
    let sent = async |service: &riscontro::channel::io::Service| service.submit(&message_to(ready::ON)).await;
    assert!(sent(&old).await.is_ok());

    let renewed = management.renew_key(ready::SERVICE, Which::Primary).await.unwrap();
    assert_ne!(renewed.primary.expose_secret(), ready::USE_KEYS[0]);
    assert_eq!(renewed.secondary.expose_secret(), ready::USE_KEYS[1], "the other one works meanwhile");
    // A worker that has not heard of it yet goes on with the second key.
    let before = whole.calls();
    assert!(sent(&old).await.is_ok());
    let statuses: Vec<_> = whole.stand_in.calls()[before..].iter().map(|call| call.status).collect();
    assert_eq!(statuses, [Some(401), Some(201)]);

    let new =
        whole.institution().service(crate::io::key_pair_of(&management.keys(ready::SERVICE).await.unwrap()));
    assert!(sent(&new).await.is_ok());
    let renewed = management.renew_key(ready::SERVICE, Which::Secondary).await.unwrap();
    assert_ne!(renewed.secondary.expose_secret(), ready::USE_KEYS[1]);
    assert!(sent(&new).await.is_ok());
    assert_eq!(sent(&old).await, Err(Failure::KeyRefused));
    assert_eq!(whole.stand_in.messages().len(), 4);
}

#[tokio::test]
async fn a_key_that_nobody_has_does_nothing() {
    let whole = Whole::start().await;
    let (service, to) =
        (whole.institution().service(key_pair("nobody", Some("neither"))), recipient(ready::ON));
    assert_eq!(service.profile(&to).await, Err(Failure::KeyRefused));
    assert_eq!(service.submit(&message_to(ready::ON)).await, Err(Failure::KeyRefused));
    assert_eq!(service.look(&to, crate::io::ID).await, Err(Failure::KeyRefused));
    let management = whole.institution().management(key_pair("nobody", None));
    assert_eq!(management.services().await, Err(Failure::KeyRefused));
    assert_eq!(management.topics().await, Err(Failure::KeyRefused));
    assert!(whole.stand_in.messages().is_empty());
    assert!(whole.stand_in.calls().iter().all(|call| call.status == Some(401)));
    assert_eq!(whole.calls(), 8, "each key once");
}

#[tokio::test]
async fn trap_15_a_key_of_the_other_sort_is_for_the_administrator() {
    let whole = Whole::start().await;
    let service = whole.institution().service(key_pair(ready::MANAGE_KEYS[0], Some(ready::MANAGE_KEYS[1])));
    let management = whole.institution().management(key_pair(ready::USE_KEYS[0], Some(ready::USE_KEYS[1])));
    for failure in [
        service.profile(&recipient(ready::ON)).await.unwrap_err(),
        service.profile(&recipient(ready::ABSENT)).await.unwrap_err(),
        service.submit(&message_to(ready::ON)).await.unwrap_err(),
        service.organisation_logo(ready::INSTITUTION_CODE, b"x").await.unwrap_err(),
        management.services().await.unwrap_err(),
        management.keys(ready::SERVICE).await.unwrap_err(),
        management.create(&super::sheet("Raccolta rifiuti")).await.unwrap_err(),
    ] {
        assert!(matches!(failure, Failure::Misconfigured { .. }), "{failure:?}");
        assert!(failure.words().contains("la chiave è di un altro tipo"), "{}", failure.words());
    }
    assert_eq!(whole.calls(), 7, "the other key of the pair would be of the same sort");
    assert_eq!((whole.stand_in.messages().len(), whole.stand_in.services().len()), (0, 1));
}

#[tokio::test]
async fn trap_01_a_wrong_address_is_never_a_citizen_who_is_not_there() {
    let whole = Whole::start().await;
    for path in ["", "/", "/api", "/api/v2", "/api/v1/manage", "/api/v1/api/v1", "/stand-in"] {
        let service = whole.institution_at(path, 200).service(key_pair(ready::USE_KEYS[0], None));
        for failure in [
            service.profile(&recipient(ready::ON)).await.unwrap_err(),
            service.profile(&recipient(ready::ABSENT)).await.unwrap_err(),
            service.look(&recipient(ready::ON), crate::io::ID).await.unwrap_err(),
        ] {
            assert!(
                failure.words().starts_with("All'indirizzo configurato IO non risponde."),
                "{path}: {failure:?}"
            );
        }
    }
    let service = whole.institution_at("/api/v1/", 200).service(key_pair(ready::USE_KEYS[0], None));
    assert_eq!(
        service.profile(&recipient(ready::ABSENT)).await,
        Ok(Profile::NotOnIo),
        "the right one, closed"
    );
}

#[tokio::test]
async fn trap_14_addresses_that_shut_us_out_do_so_when_they_are_approved() {
    let whole = Whole::start().await;
    let management = whole.management();
    let base = management.service(ready::SERVICE).await.unwrap().sheet;
    let mut ours = base.clone();
    ours.authorized_cidrs = vec!["203.0.113.7".to_owned()];
    management.update(ready::SERVICE, &base, &ours).await.unwrap();
    management.review(ready::SERVICE, true).await.unwrap();
    let (service, to) = (whole.service(), recipient(ready::ON));
    assert!(service.profile(&to).await.is_ok(), "the old ones still hold");
    // Review, release and copy: each is an appointment of its own.
    for _ in 0..3 {
        whole.later(10);
        assert!(management.topics().await.is_ok());
    }
    assert_eq!(management.service(ready::SERVICE).await.unwrap().lifecycle, Lifecycle::Approved);
    let failure = service.submit(&message_to(ready::ON)).await.unwrap_err();
    assert!(failure.words().contains("un indirizzo che la scheda non autorizza"), "{failure:?}");
    assert!(whole.stand_in.messages().is_empty());
}
