//! The life of a service: its sheet, its reviews, what citizens see, its logo and its keys.

use riscontro::{
    channel::io::Management,
    domain::io::{
        call::Failure,
        sheet::{
            Metadata, check,
            life::{Act, Lifecycle, Publication, acts, auto_publish},
        },
    },
    stand_in::{Door, Fault, Review, State, ready},
};
use secrecy::ExposeSecret;
use serde_json::json;

use super::{Whole, key_pair, message_to, recipient, sheet};

/// The smallest picture that is one, and of the right size: IO looks no further.
const LOGO: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x01\x2c\0\0\x01\x2c\x08\x02\0\0\0";

/// What somebody forgets or mistypes.
type Spoilt = fn(&mut Metadata);

/// Where it stands with the reviewers, and with the citizens.
async fn stands(management: &Management, id: &str) -> (Lifecycle, Option<Publication>) {
    let lifecycle = management.service(id).await.unwrap().lifecycle;
    let publication = management.publication(id).await.unwrap().map(|(publication, _)| publication);
    (lifecycle, publication)
}

#[tokio::test]
async fn a_service_lives_from_its_draft_to_its_end() {
    let whole = Whole::start().await;
    let management = whole.management();
    let asked = sheet("Raccolta rifiuti");
    assert_eq!(check::approval(&asked), []);
    let made = management.create(&asked).await.unwrap();
    let id = made.id.as_str();
    assert_eq!(
        (made.lifecycle, made.reason.as_deref(), made.updated),
        (Lifecycle::Draft, None, Some(whole.stand_in.now()))
    );
    let mut expected = asked.clone();
    expected.authorized_recipients.insert(0, ready::TEST_CODE.to_owned());
    assert_eq!(made.sheet, expected, "what IO shows is what we wrote, and the code for trials");
    assert_eq!(stands(&management, id).await, (Lifecycle::Draft, None));

    management.review(id, false).await.unwrap();
    assert_eq!(stands(&management, id).await, (Lifecycle::Submitted, None));
    assert!(matches!(management.update(id, &made.sheet, &made.sheet).await, Err(Failure::Outdated { .. })));
    assert!(matches!(management.review(id, false).await, Err(Failure::Outdated { .. })));
    assert!(matches!(management.delete(id).await, Err(Failure::Outdated { .. })));
    whole.later(10);
    assert_eq!(stands(&management, id).await, (Lifecycle::Approved, None));
    assert!(matches!(management.publish(id).await, Err(Failure::Retry { .. })), "IO does not know of it yet");
    whole.later(3);
    assert_eq!(stands(&management, id).await, (Lifecycle::Approved, Some(Publication::Unpublished)));
    for _ in 0..2 {
        management.publish(id).await.unwrap();
        assert_eq!(stands(&management, id).await.1, Some(Publication::Published));
    }
    let (_, published) = management.publication(id).await.unwrap().unwrap();
    assert_eq!(published.max_allowed_payment_amount, 1_000_000, "IO's own");
    for _ in 0..2 {
        management.unpublish(id).await.unwrap();
        assert_eq!(stands(&management, id).await.1, Some(Publication::Unpublished));
    }
    management.delete(id).await.unwrap();
    assert_eq!(management.service(id).await.unwrap().lifecycle, Lifecycle::Deleted);
    assert!(matches!(management.update(id, &made.sheet, &made.sheet).await, Err(Failure::Outdated { .. })));
    assert!(matches!(management.delete(id).await, Err(Failure::Outdated { .. })));
    assert!(management.services().await.unwrap().iter().all(|service| service.id != made.id));
}

#[tokio::test]
async fn what_may_be_done_with_a_service_is_what_io_lets_us_do() {
    let whole = Whole::start().await;
    let management = whole.management();
    whole.stand_in.set(|knobs| knobs.calls_per_window = 10_000);
    // Each state in which a service can be, reached as it is reached in life.
    for (number, (reviewed, verdict, published)) in [
        (false, Review::Approve, false),
        (true, Review::Wait, false),
        (true, Review::Approve, false),
        (true, Review::Approve, true),
        (true, Review::Reject("No.".to_owned()), false),
    ]
    .into_iter()
    .enumerate()
    {
        whole.stand_in.set(|knobs| knobs.review = verdict);
        for (turn, act) in
            [Act::Edit, Act::Submit, Act::Publish, Act::Unpublish, Act::Delete].into_iter().enumerate()
        {
            let made = management.create(&sheet(&format!("Servizio {number} {turn}"))).await.unwrap();
            let (id, sheet) = (made.id.as_str(), &made.sheet);
            if reviewed {
                management.review(id, published).await.unwrap();
            }
            whole.later(10);
            let _ = management.topics().await;
            whole.later(3);
            let (lifecycle, publication) = stands(&management, id).await;
            let done = match act {
                Act::Edit => management.update(id, sheet, sheet).await.is_ok(),
                Act::Submit => management.review(id, true).await.is_ok(),
                Act::Publish => management.publish(id).await.is_ok(),
                Act::Unpublish => management.unpublish(id).await.is_ok(),
                Act::Delete => management.delete(id).await.is_ok(),
            };
            // Asked for what it is already, IO says yes and does nothing.
            let as_it_is = (act == Act::Publish && publication == Some(Publication::Published))
                || (act == Act::Unpublish && publication == Some(Publication::Unpublished));
            let expected = as_it_is || acts(lifecycle, publication).contains(&act);
            assert_eq!(done, expected, "{act:?} of {lifecycle:?}, {publication:?}");
        }
    }
}

#[tokio::test]
async fn a_rejected_sheet_says_why_and_is_changed_before_it_is_handed_in_again() {
    let whole = Whole::start().await;
    let management = whole.management();
    whole.stand_in.set(|knobs| knobs.review = Review::Reject("Il nome non è chiaro.".to_owned()));
    let made = management.create(&sheet("Cose")).await.unwrap();
    management.review(&made.id, true).await.unwrap();
    whole.later(10);
    let rejected = management.service(&made.id).await.unwrap();
    assert_eq!(
        (rejected.lifecycle, rejected.reason.as_deref()),
        (Lifecycle::Rejected, Some("Il nome non è chiaro."))
    );
    assert!(matches!(management.review(&made.id, true).await, Err(Failure::Outdated { .. })));
    let mut better = rejected.sheet.clone();
    better.name = "Raccolta rifiuti".to_owned();
    let draft = management.update(&made.id, &rejected.sheet, &better).await.unwrap();
    assert_eq!(
        (draft.lifecycle, draft.reason, draft.sheet.name.as_str()),
        (Lifecycle::Draft, None, "Raccolta rifiuti")
    );
    whole.stand_in.set(|knobs| knobs.review = Review::Approve);
    management.review(&made.id, true).await.unwrap();
    whole.later(10);
    assert_eq!(stands(&management, &made.id).await, (Lifecycle::Approved, None));
    whole.later(3);
    assert_eq!(stands(&management, &made.id).await, (Lifecycle::Approved, Some(Publication::Published)));
}

#[tokio::test]
async fn what_we_say_is_missing_is_what_the_reviewers_send_back() {
    let whole = Whole::start().await;
    let management = whole.management();
    whole.stand_in.set(|knobs| knobs.calls_per_window = 10_000);
    let spoilt: [Spoilt; 9] = [
        |_| {},
        |metadata| metadata.privacy_url = None,
        |metadata| metadata.privacy_url = Some("valleserena.example".to_owned()),
        |metadata| {
            (metadata.email, metadata.pec, metadata.phone, metadata.support_url) = (None, None, None, None);
        },
        |metadata| {
            (metadata.email, metadata.pec, metadata.support_url) =
                (Some(String::new()), Some(String::new()), None);
        },
        |metadata| metadata.email = Some("ufficio".to_owned()),
        |metadata| metadata.pec = Some("ufficio".to_owned()),
        |metadata| metadata.web_url = Some("www.valleserena.example".to_owned()),
        |metadata| metadata.app_ios = Some("l'app".to_owned()),
    ];
    for (number, spoil) in spoilt.into_iter().enumerate() {
        let mut sheet = sheet(&format!("Servizio {number}"));
        spoil(&mut sheet.metadata);
        let made = management.create(&sheet).await.unwrap();
        management.review(&made.id, true).await.unwrap();
        whole.later(10);
        let reviewed = management.service(&made.id).await.unwrap();
        let missing = check::approval(&sheet);
        let expected = if missing.is_empty() { Lifecycle::Approved } else { Lifecycle::Rejected };
        assert_eq!(reviewed.lifecycle, expected, "{missing:?}: {:?}", reviewed.reason);
        assert_eq!(reviewed.reason.is_some(), !missing.is_empty());
    }
}

#[tokio::test]
async fn trap_17_an_update_takes_nothing_away_that_it_does_not_name() {
    let whole = Whole::start().await;
    let management = whole.management();
    let made = management.create(&sheet("Raccolta rifiuti")).await.unwrap();
    let before = whole.kept(&made.id).sheet;
    assert_eq!(before["suitable_for_minors"], true);
    // Somebody changes it in the Area Riservata, and IO learns a new field, after it was shown to us.
    let mut theirs = made.sheet.clone();
    theirs.metadata.email = Some("nuova@valleserena.example".to_owned());
    theirs.authorized_cidrs.push("203.0.113.8".to_owned());
    management.update(&made.id, &made.sheet, &theirs).await.unwrap();
    whole.stand_in.set(|knobs| knobs.strange = true);
    let mut ours = made.sheet.clone();
    ours.metadata.phone = Some("0461 111111".to_owned());
    ours.metadata.address = None;
    let updated = management.update(&made.id, &made.sheet, &ours).await.unwrap();

    let after = whole.kept(&made.id).sheet;
    let mut expected = before;
    expected["metadata"]["email"] = json!("nuova@valleserena.example");
    expected["metadata"]["phone"] = json!("0461 111111");
    expected["metadata"].as_object_mut().unwrap().remove("address");
    expected["authorized_cidrs"] = json!(["127.0.0.0/8", "203.0.113.7", "203.0.113.8"]);
    assert_eq!(after, expected);
    assert_eq!(
        updated.sheet.suitable_for_minors,
        Some(true),
        "IO hides it; the next update must not lose it"
    );
    let sent = whole.sent("PUT /api/v1/manage/services/").pop().unwrap().body;
    assert_eq!(sent["announced_tomorrow"], json!({ "level": 3 }), "what IO gave is given back");
    assert_eq!((&sent["metadata"]["topic_id"], sent["metadata"].get("topic")), (&json!(4), None));
}

#[tokio::test]
async fn trap_18_an_edit_of_a_published_service_leaves_it_where_citizens_see_it() {
    let whole = Whole::start().await;
    let management = whole.management();
    // What a person need not look at again is approved though nobody is there.
    whole.stand_in.set(|knobs| knobs.review = Review::Wait);
    let edit = async |phone: &str, wanted: fn(Option<Publication>) -> bool| {
        let (base, (_, publication)) = (
            management.service(ready::SERVICE).await.unwrap().sheet,
            stands(&management, ready::SERVICE).await,
        );
        let mut ours = base.clone();
        ours.metadata.phone = Some(phone.to_owned());
        assert_eq!(check::human_review(Some(&base), &ours), None);
        management.update(ready::SERVICE, &base, &ours).await.unwrap();
        management.review(ready::SERVICE, wanted(publication)).await.unwrap();
        whole.later(10);
        assert!(management.topics().await.is_ok());
        whole.later(3);
        stands(&management, ready::SERVICE).await
    };
    let by_our_rule = edit("0461 1", |publication| auto_publish(publication, false)).await;
    assert_eq!(by_our_rule, (Lifecycle::Approved, Some(Publication::Published)));
    let (_, seen) = management.publication(ready::SERVICE).await.unwrap().unwrap();
    assert_eq!(seen.metadata.phone.as_deref(), Some("0461 1"));
    let without_it = edit("0461 2", |_| false).await;
    assert_eq!(without_it, (Lifecycle::Approved, Some(Publication::Unpublished)), "what the rule is for");
}

#[tokio::test]
async fn a_change_that_people_look_at_waits_for_them_while_citizens_see_the_old_sheet() {
    let whole = Whole::start().await;
    let management = whole.management();
    whole.stand_in.set(|knobs| knobs.review = Review::Wait);
    let base = management.service(ready::SERVICE).await.unwrap().sheet;
    let mut ours = base.clone();
    ours.description.push_str(" E di più.");
    assert!(check::human_review(Some(&base), &ours).is_some());
    management.update(ready::SERVICE, &base, &ours).await.unwrap();
    management.review(ready::SERVICE, true).await.unwrap();
    whole.later(86_400);
    assert_eq!(
        stands(&management, ready::SERVICE).await,
        (Lifecycle::Submitted, Some(Publication::Published))
    );
    let (_, seen) = management.publication(ready::SERVICE).await.unwrap().unwrap();
    assert_eq!(seen.description, base.description);
}

#[tokio::test]
async fn trap_16_a_long_list_is_read_to_its_end_though_pages_are_short() {
    let whole = Whole::start().await;
    whole.stand_in.set(|knobs| knobs.calls_per_window = 10_000);
    let management = whole.management();
    let mut ids = vec![ready::SERVICE.to_owned()];
    for number in 0..129 {
        ids.push(management.create(&sheet(&format!("Servizio {number}"))).await.unwrap().id);
    }
    ids.sort();
    // IO cuts its pages before it leaves out what was deleted.
    for id in ids.extract_if(5..15, |_| true).collect::<Vec<_>>() {
        management.delete(&id).await.unwrap();
    }
    let listed: Vec<_> = management.services().await.unwrap().into_iter().map(|service| service.id).collect();
    assert_eq!(listed.len(), 120);
    assert_eq!(listed, ids);
    let pages: Vec<_> =
        whole.sent("GET /api/v1/manage/services?").into_iter().map(|sent| sent.line).collect();
    assert!(pages.len() >= 3 && pages.iter().all(|line| line.contains("limit=99&")), "{pages:?}");
    assert!(whole.stand_in.calls().iter().all(|call| call.status.is_some_and(|status| status < 300)));
}

#[tokio::test]
async fn the_keys_of_a_new_service_work_after_some_seconds() {
    let whole = Whole::start().await;
    let management = whole.management();
    let made = management.create(&sheet("Raccolta rifiuti")).await.unwrap();
    let keys = management.keys(&made.id).await.unwrap();
    assert_ne!(keys.primary.expose_secret(), keys.secondary.expose_secret());
    let service = whole.institution().service(crate::io::key_pair_of(&keys));
    let early = service.profile(&recipient(ready::ON)).await;
    assert!(matches!(early, Err(Failure::Misconfigured { .. })), "{early:?}");
    whole.later(3);
    assert!(service.profile(&recipient(ready::ON)).await.is_ok());
    // A draft may ask for ten cents, as its sheet says.
    let dear = service.submit(&message_to(ready::ON)).await;
    assert!(matches!(dear, Err(Failure::Refused { .. })), "{dear:?}");
    management.delete(&made.id).await.unwrap();
    assert!(matches!(service.profile(&recipient(ready::ON)).await, Err(Failure::Misconfigured { .. })));
    assert_eq!(whole.kept(&made.id).state, State::Deleted);
}

#[tokio::test]
async fn logos_and_topics() {
    let whole = Whole::start().await;
    let management = whole.management();
    management.logo(ready::SERVICE, LOGO).await.unwrap();
    assert_eq!(whole.kept(ready::SERVICE).logo, Some(LOGO.len()));
    for no_picture in [&b"\xff\xd8\xff\xe0"[..], b"", &LOGO[..18]] {
        assert!(matches!(management.logo(ready::SERVICE, no_picture).await, Err(Failure::Refused { .. })));
    }
    assert_eq!(whole.kept(ready::SERVICE).logo, Some(LOGO.len()));
    // Just after a creation IO speaks of keys, and means that it is not ready. Both are tried.
    whole.stand_in.plan(Door::Manage, 2, Fault::Gateway(401));
    assert!(matches!(management.logo(ready::SERVICE, LOGO).await, Err(Failure::Retry { .. })));
    management.logo(ready::SERVICE, LOGO).await.unwrap();
    whole.service().organisation_logo(ready::INSTITUTION_CODE, LOGO).await.unwrap();
    assert!(whole.service().organisation_logo(ready::INSTITUTION_CODE, b"x").await.is_err());

    let topics = management.topics().await.unwrap();
    assert_eq!(
        (topics.len(), topics[14].id, topics[14].name.as_str()),
        (18, 14, "Suolo, spazi e beni pubblici")
    );
    let mut nowhere = sheet("Raccolta rifiuti");
    nowhere.metadata.topic_id = Some(99);
    assert!(matches!(management.create(&nowhere).await, Err(Failure::Refused { .. })));
    nowhere.metadata.topic_id = None;
    assert!(matches!(management.create(&nowhere).await, Err(Failure::Refused { .. })));
}

#[tokio::test]
async fn the_services_of_others_are_not_ours() {
    let whole = Whole::start().await;
    let other = whole.stand_in.institution("Comune di Altrove", "00743110157");
    let theirs = whole.institution().management(key_pair(&other.manage_keys[0], None));
    assert_eq!(theirs.services().await, Ok(vec![]));
    assert!(matches!(theirs.service(ready::SERVICE).await, Err(Failure::Misconfigured { .. })));
    assert!(matches!(theirs.keys(ready::SERVICE).await, Err(Failure::Misconfigured { .. })));
    assert!(matches!(theirs.publication(ready::SERVICE).await, Err(Failure::Misconfigured { .. })));
    let absent = whole.management().service(crate::io::ID).await;
    assert_eq!(absent, Err(Failure::Refused { title: "Not found".to_owned() }));
}
