//! The next tokens: ahead of the end, once, written down; and what is seen when there is none.

use chrono::Duration;
use entity::mailbox::SignIn;
use riscontro::store;
use uuid::Uuid;

use super::house::{House, USER, until};

/// Mailboxes of which the administrators are told that they need consent.
async fn failing(house: &House) -> Vec<(Uuid, String)> {
    store::grant::failing(&house.app.app.desk.db.read, house.app.organisation()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_end_and_are_replaced_and_no_mail_is_lost() {
    let Some(mut house) = House::granted().await else { return };
    house.mail("uno");
    house.wait_for_orders(1).await;
    // Each time the server replaces the refresh token: whoever forgets to write it down fails at the second.
    for (renewals, subject) in [(1, "due"), (2, "tre"), (3, "quattro")] {
        house.pass_a_tokens_life();
        house.mail(subject);
        house.wait_for_orders(renewals + 1).await;
        house.try_exit().await.unwrap();
        assert_eq!(house.provider.renewals(), renewals, "reading and sending share one token");
    }
    house.stop_porter().await;
    assert_eq!(house.subjects().await, ["uno", "due", "tre", "quattro"]);
    assert_eq!(house.sink.letters().len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_refused_before_its_time_is_replaced() {
    let Some(mut house) = House::build().await else { return };
    house.consent().await;
    house.provider.end_tokens();
    house.try_exit().await.expect("sending asks for another one");
    assert_eq!(house.provider.renewals(), 1);
    house.provider.end_tokens();
    house.start_porter();
    house.mail("uno");
    house.wait_for_orders(1).await;
    assert_eq!(house.provider.renewals(), 2, "and so does reading");
    house.stop_porter().await;
    assert_eq!(house.mailbox().await.last_error, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_is_refused_is_shown_with_its_remedy_and_a_new_consent_cures_it() {
    let Some(mut house) = House::granted().await else { return };
    house.mail("uno");
    house.wait_for_orders(1).await;
    house.provider.take_back(USER);
    house.app.pass(Duration::hours(2));
    house.dovecot.kick(USER);
    // The first failure may be no more than that the server hung up.
    let told = async || house.mailbox().await.last_error.unwrap_or_default();
    until(async || told().await.contains("AADSTS50173"), || "the refusal".to_owned()).await;
    assert!(told().await.contains("rinnova il consenso"), "{}", told().await);
    let failing = house.mailbox().await;
    assert!(failing.failing_since.is_some());
    for path in ["/desk/admin/mailboxes".to_owned(), house.page()] {
        let page = house.get(&path).await;
        assert!(page.words().contains("rinnova il consenso"), "{path}: {}", page.words());
    }
    let refused = house.try_exit().await.unwrap_err();
    assert!(refused.contains("rinnova il consenso"), "{refused}");

    house.mail("due");
    house.consent().await;
    house.wait_for_orders(2).await;
    until(async || house.mailbox().await.last_success_at == Some(house.app.now()), || "success".to_owned())
        .await;
    house.stop_porter().await;
    let well = house.mailbox().await;
    assert_eq!((well.last_error, well.failing_since, well.exit_error), (None, None, None));
    assert_eq!(house.grant().await.last_error, None);
    assert_eq!(house.subjects().await, ["uno", "due"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn renewal_runs_ahead_of_the_end_and_says_so_when_it_cannot() {
    let Some(mut house) = House::granted().await else { return };
    house.mail("uno");
    house.wait_for_orders(1).await;
    house.app.app.renew_tokens().await;
    assert_eq!(house.provider.renewals(), 0, "it is good for an hour");

    house.app.pass(Duration::minutes(50));
    house.app.app.renew_tokens().await;
    house.app.app.renew_tokens().await;
    assert_eq!(house.provider.renewals(), 1, "ten minutes before the end, once");

    house.app.pass(Duration::minutes(50));
    house.provider.refuse_renewal(true);
    house.app.app.renew_tokens().await;
    let told = house.grant().await.last_error.unwrap();
    assert!(told.contains("rinnova il consenso") && told.contains("AADSTS70043"), "{told}");
    assert_eq!(failing(&house).await, [(house.id, told)]);
    house.mail("due");
    house.wait_for_orders(2).await;

    house.provider.refuse_renewal(false);
    house.app.app.renew_tokens().await;
    assert_eq!(house.grant().await.last_error, None, "and is quiet again when it can");
    house.stop_porter().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_lines_at_once_renew_once() {
    let Some(mut house) = House::build().await else { return };
    house.consent().await;
    house.app.pass(Duration::minutes(58));
    let lines = (0..8).map(|_| house.try_exit());
    let opened = futures_util::future::join_all(lines).await;
    assert!(opened.iter().all(Result::is_ok), "{opened:?}");
    assert_eq!(house.provider.renewals(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_does_not_answer_is_waited_for() {
    let Some(mut house) = House::build().await else { return };
    house.consent().await;
    house.provider.answer(Some((503, "")));
    house.app.pass(Duration::minutes(58));
    house.try_exit().await.expect("two minutes are left of the token");
    house.app.pass(Duration::minutes(3));
    let put_off = house.try_exit().await.unwrap_err();
    assert!(put_off.contains("503") && !put_off.contains("consenso"), "{put_off}");
    assert_eq!(house.grant().await.last_error, None, "nobody has to do anything");
    assert_eq!(failing(&house).await, [], "and nobody is told to");
    house.provider.answer(None);
    house.try_exit().await.unwrap();
    assert_eq!(house.grant().await.last_error, None);
}

#[tokio::test]
async fn who_goes_back_to_the_password_leaves_no_token_behind() {
    let Some(mut house) = House::build().await else { return };
    house.consent().await;
    let version = house.mailbox().await.version;
    let path = format!("{}/leave", house.page());
    assert_eq!(house.admin.post(&path, &[]).await.status, 303);
    let mailbox = house.mailbox().await;
    assert_eq!((mailbox.sign_in, mailbox.version), (SignIn::Password, version + 1));
    let grant = house.grant().await;
    assert!(grant.access_token.is_none() && grant.refresh_token.is_none() && grant.client_secret.is_some());
    house.app.pass(Duration::hours(3));
    house.app.app.renew_tokens().await;
    assert_eq!(house.provider.renewals(), 0);
}
