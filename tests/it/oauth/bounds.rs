//! Whom a token is for: the servers and the application for which it was asked, and nobody else.

use std::{io::ErrorKind, net::TcpListener};

use chrono::Duration;
use entity::{
    mailbox::{ActiveModel, Security, SignIn},
    mailbox_grant::Model,
};
use riscontro::{
    actions::{
        self, Cx,
        grant::{self, Given},
    },
    store,
};
use sea_orm::ActiveValue::Set;

use super::house::House;

const ELSEWHERE: &str = "vale per il server di prima";
const IN_CLEAR: &str = "la linea deve essere protetta";

#[tokio::test(flavor = "multi_thread")]
async fn tokens_go_to_no_server_but_that_of_the_consent() {
    let Some(mut house) = House::build().await else { return };
    house.consent().await;
    // Somebody else's server, which would be glad of a token.
    let ears = TcpListener::bind("127.0.0.2:0").unwrap();
    ears.set_nonblocking(true).unwrap();
    let port = ears.local_addr().unwrap().port().to_string();
    for (host_field, port_field) in [("imap_host", "imap_port"), ("smtp_host", "smtp_port")] {
        let elsewhere = [(host_field, "127.0.0.2"), (port_field, port.as_str())];
        let refused = house.change(&elsewhere).await;
        assert_eq!(refused.status, 422, "{host_field}");
        assert!(refused.words().contains(ELSEWHERE), "{host_field}: {}", refused.words());
        let trial = house.change(&[elsewhere[0], elsewhere[1], ("test", "on")]).await;
        assert!(trial.words().contains(ELSEWHERE), "{host_field}: {}", trial.words());
        assert_eq!(ears.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "nobody called there");
    }
    // Not even in two steps: a line that is not in use keeps its server, too.
    let refused =
        house.change(&[("exit", "folder"), ("exit_path", "/tmp"), ("smtp_host", "127.0.0.2")]).await;
    assert_eq!(refused.status, 422);
    assert_eq!(house.change(&[("imap_host", "LOCALHOST "), ("name", "Il Comune")]).await.status, 303);
    assert_eq!(house.mailbox().await.sign_in, SignIn::Oauth);

    let leave = format!("{}/leave", house.page());
    assert_eq!(house.admin.post(&leave, &[]).await.status, 303);
    assert_eq!(house.change(&[("smtp_host", "127.0.0.2")]).await.status, 303, "the password's way is free");
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_do_not_travel_in_clear() {
    let Some(mut house) = House::build().await else { return };
    assert_eq!(house.change(&[("smtp_security", "insecure")]).await.status, 303, "with a password, as told");
    let refused = house.send("client_credentials", &[]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains(IN_CLEAR), "before anybody is asked: {}", refused.words());
    assert_eq!(house.change(&[]).await.status, 303);

    house.consent().await;
    for field in ["imap_security", "smtp_security"] {
        let refused = house.change(&[(field, "insecure")]).await;
        assert_eq!(refused.status, 422, "{field}");
        assert!(refused.words().contains(IN_CLEAR), "{field}: {}", refused.words());
        let trial = house.change(&[(field, "insecure"), ("test", "on")]).await;
        assert!(trial.words().contains(IN_CLEAR), "{field}: {}", trial.words());
    }
    // However it came into the archive.
    let tx = house.app.app.desk.db.begin().await.unwrap();
    let clear = ActiveModel {
        imap_security: Set(Security::Insecure),
        smtp_security: Set(Security::Insecure),
        ..Default::default()
    };
    store::mailbox::update(&tx, house.id, clear).await.unwrap();
    tx.commit().await.unwrap();
    let (app, stored) = (&house.app.app, house.mailbox().await);
    let reading = app.imap(&stored).await.map(drop).unwrap_err().to_string();
    let sending = app.mailer(&stored).map(drop).unwrap_err();
    assert!(reading.contains(IN_CLEAR) && sending.contains(IN_CLEAR), "{reading} {sending}");
}

#[tokio::test]
async fn tokens_that_another_application_asked_for_are_not_kept() {
    let Some(mut house) = House::build().await else { return };
    house.consent().await;
    let before = house.grant().await;
    let saved = house.send("code", &[("client_id", "un'altra")]).await;
    assert_eq!(saved.status, 200, "{}", saved.words());
    let after = house.grant().await;
    assert!(after.access_token.is_none() && after.refresh_token.is_none());
    assert!(after.granted_at.is_none() && after.expires_at.is_none());

    // What was under way comes back late: a renewal, and a consent.
    let given =
        Given { access: "tardi", refresh: Some("tardi"), expires_at: None, nonces: [[1; 24], [2; 24]] };
    let desk = &house.app.app.desk;
    let cx = Cx::system(house.app.organisation(), house.app.now());
    for late in [
        Model { granted_at: None, ..before },
        Model { token_url: "https://altrove.example/token".to_owned(), ..after.clone() },
    ] {
        assert!(!grant::renewed(desk, &late, &given).await.unwrap());
        let refused = grant::granted(desk, &cx, &late, &given).await;
        assert!(matches!(refused, Err(actions::Error::Conflict(_))), "{refused:?}");
    }
    assert_eq!(house.grant().await, after);
}

#[tokio::test]
async fn a_consent_ends_with_the_registration_that_asked_for_it() {
    let Some(mut house) = House::build().await else { return };
    let page = house.ask().await;
    let back = house.provider.consent(&page).await;
    let elsewhere = "http://127.0.0.1:1/token";
    let refused = house.send("client_credentials", &[("token_url", elsewhere)]).await;
    assert_eq!(refused.status, 422, "nobody answers there");
    assert_eq!(house.get(&back.path).await.status, 409, "and the code is not sent there");
}

/// A registration that is saved again knows nothing of a token that was replaced meanwhile.
#[tokio::test]
async fn the_same_registration_saved_again_leaves_the_tokens_alone() {
    let Some(mut house) = House::build().await else { return };
    house.consent().await;
    let stale = house.grant().await;
    house.app.pass(Duration::minutes(50));
    house.app.app.renew_tokens().await;
    let renewed = house.grant().await;
    assert_ne!(renewed.refresh_token, stale.refresh_token);
    let tx = house.app.app.desk.db.begin().await.unwrap();
    store::grant::put(&tx, Model { scope: "posta".to_owned(), ..stale }, false).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(house.grant().await, Model { scope: "posta".to_owned(), ..renewed });
}
