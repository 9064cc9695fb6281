//! The first token: who may ask for it, who may finish it, and what a provider can answer.

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use entity::{mailbox::SignIn, mailbox_grant::Flow};
use tracing_subscriber::fmt::MakeWriter;

use super::house::{House, USER};
use crate::support::oauth_server::OAuthServer;

/// The log of this test's thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// On one thread, so that all of the log is caught.
#[tokio::test]
async fn consent_leads_to_a_mail_read_and_a_letter_sent_and_no_secret_is_seen_anywhere() {
    let log = Log::default();
    let all =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    let _caught = tracing::subscriber::set_default(all);
    let Some(mut house) = House::build().await else { return };

    let page = house.page();
    let before = house.get(&page).await;
    assert!(before.words().contains("http://localhost:8080/desk/admin/mailboxes/grant/callback"));
    assert!(before.words().contains("Con la password"));
    house.consent().await;
    let after = house.get(&page).await;
    let now = "Concesso il 02/03/2026 9:00 ; si rinnova da solo prima del 02/03/2026 10:00 .";
    assert!(after.words().contains(now), "{}", after.words());

    house.start_porter();
    house.mail("uno");
    assert_eq!(house.wait_for_orders(1).await, ["uno"]);
    assert!(house.sink.connections().iter().any(|line| line.user.as_deref() == Some(USER)));
    let trial = house.app.app.try_mailbox(&house.mailbox().await).await;
    assert!(trial.incoming.is_ok() && trial.outgoing.is_ok(), "{trial:?}");
    house.pass_a_tokens_life();
    house.mail("due");
    assert_eq!(house.wait_for_orders(2).await, ["uno", "due"]);
    for path in ["/desk/admin/mailboxes".to_owned(), format!("/desk/admin/mailboxes/{}", house.id), page] {
        house.get(&path).await;
    }
    house.stop_porter().await;

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("/desk/admin/mailboxes/grant/callback"), "the log was caught: {log}");
    let data = house.app.data.path();
    let database =
        ["riscontro.db", "riscontro.db-wal"].map(|file| std::fs::read(data.join(file)).unwrap_or_default());
    let secrets = house.provider.secrets();
    assert!(secrets.len() >= 6, "a code, two tokens, two refresh tokens, and the application's secret");
    for secret in secrets {
        assert!(!log.contains(&secret), "the log says {secret}");
        assert!(!house.seen.contains(&secret), "a page says {secret}");
        for file in &database {
            assert!(!contains(file, secret.as_bytes()), "the database holds {secret}");
        }
    }
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_signs_in_for_itself_and_again_when_its_token_ends() {
    let Some(mut house) = House::build().await else { return };
    let saved = house.send("client_credentials", &[]).await;
    assert_eq!(saved.status, 303, "{}", saved.words());
    assert_eq!(house.grant().await.flow, Flow::ClientCredentials);
    house.start_porter();
    house.mail("uno");
    house.wait_for_orders(1).await;
    house.pass_a_tokens_life();
    house.mail("due");
    assert_eq!(house.wait_for_orders(2).await, ["uno", "due"]);
    house.stop_porter().await;
    assert!(house.grant().await.refresh_token.is_none() && house.mailbox().await.last_error.is_none());
}

#[tokio::test]
async fn a_consent_is_finished_once_in_time_and_by_who_asked_for_it() {
    let Some(mut house) = House::build().await else { return };
    let mut operator = house.colleague("operator").await;
    let mut other = house.colleague("administrator").await;
    let page = house.ask().await;
    let back = house.provider.consent(&page).await;

    let strange = back.path.replace(&back.state, "unaltrostato");
    assert_eq!(house.get(&strange).await.status, 409, "a state that nobody gave");
    assert_eq!(house.get("/desk/admin/mailboxes/grant/callback").await.status, 409, "no state at all");
    assert_eq!(operator.get(&back.path).await.status, 403, "no administrator");
    assert_eq!(other.get(&back.path).await.status, 409, "an administrator who did not ask");
    let nobody = house.app.browser().get(&back.path).await;
    assert!(nobody.location.is_some_and(|to| to.starts_with("/desk/login")), "nobody");
    assert_eq!(house.mailbox().await.sign_in, SignIn::Password, "and nothing has changed");

    assert_eq!(house.get(&back.path).await.status, 303);
    assert_eq!(house.mailbox().await.sign_in, SignIn::Oauth);
    assert_eq!(house.get(&back.path).await.status, 409, "once");

    let page = house.ask().await;
    let back = house.provider.consent(&page).await;
    house.app.pass(chrono::Duration::minutes(10));
    assert_eq!(house.get(&back.path).await.status, 409, "in time");

    let page = house.ask().await;
    let earlier = house.provider.consent(&page).await;
    let page = house.ask().await;
    let later = house.provider.consent(&page).await;
    assert_eq!(house.get(&earlier.path).await.status, 409, "who asks anew forgets what was asked before");
    assert_eq!(house.get(&later.path).await.status, 303);
}

#[tokio::test]
async fn a_consent_that_is_not_given_leaves_the_mailbox_as_it_was() {
    let Some(mut house) = House::build().await else { return };
    let page = house.ask().await;
    house.provider.deny();
    let back = house.provider.consent(&page).await;
    let refused = house.get(&back.path).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains("Il consenso non è stato dato"), "{}", refused.words());
    assert!(refused.body.contains("access_denied: Il titolare &lt;ha detto&gt; no"), "{}", refused.body);
    assert_eq!(house.mailbox().await.sign_in, SignIn::Password);
    assert_eq!(house.get(&back.path).await.status, 409, "a refusal is heard once, too");
    house.consent().await;
}

#[tokio::test]
async fn a_code_without_the_verifier_is_worth_nothing() {
    let Some(mut house) = House::build().await else { return };
    let first = house.ask().await;
    let stolen = house.provider.consent(&first).await;
    let second = house.ask().await;
    let ours = house.provider.consent(&second).await;
    // Somebody puts a code of another conversation into ours.
    let (_, code) = stolen.path.split_once("code=").unwrap();
    let (start, _) = ours.path.split_once("code=").unwrap();
    let mixed = format!("{start}code={}&state={}", code.split('&').next().unwrap(), ours.state);
    let refused = house.get(&mixed).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains("Il codice non è tuo"), "{}", refused.words());
    assert_eq!(house.mailbox().await.sign_in, SignIn::Password);
}

#[tokio::test]
async fn whatever_a_provider_answers_becomes_a_sentence() {
    let Some(mut house) = House::build().await else { return };
    let huge = format!("{{\"access_token\":\"{}\"", "a".repeat(70_000));
    for (status, body, sentence) in [
        (500, "boom", "non è in grado di rispondere"),
        (429, "{}", "non è in grado di rispondere"),
        (302, "", "rimanda a un altro indirizzo"),
        (200, "<html>", "non è JSON"),
        (200, "{\"token_type\":\"bearer\"}", "non contiene un token"),
        (200, huge.as_str(), "risposta troppo lunga"),
        (
            400,
            "{\"error\":\"invalid_scope\",\"error_description\":\"AADSTS70011: posta\"}",
            "invalid_scope: AADSTS70011: posta",
        ),
        (401, "no", "non è JSON"),
    ] {
        house.provider.answer(Some((status, body)));
        let refused = house.send("client_credentials", &[]).await;
        assert_eq!(refused.status, 422, "{status} {sentence}");
        assert!(refused.words().contains(sentence), "{status}: {}", refused.words());
    }
    house.provider.answer(None);
    let refused = house.send("client_credentials", &[("client_secret", "sbagliato")]).await;
    assert!(refused.words().contains("controlla identificativo e segreto"), "{}", refused.words());
    let nobody = format!("http://127.0.0.1:{}/token", free_port());
    let refused = house.send("client_credentials", &[("token_url", &nobody)]).await;
    assert!(refused.words().contains("non è raggiungibile"), "{}", refused.words());
    assert_eq!(house.mailbox().await.sign_in, SignIn::Password);

    house.provider.give_no_refresh();
    let page = house.ask().await;
    let back = house.provider.consent(&page).await;
    let refused = house.get(&back.path).await;
    assert!(
        refused.words().contains("offline_access"),
        "an access that ends in an hour is none: {}",
        refused.words()
    );
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn the_form_says_what_is_missing_and_sends_no_secret_elsewhere() {
    let Some(mut house) = House::build().await else { return };
    for (changed, sentence) in [
        (vec![("client_id", " ")], "Scrivi l'identificativo"),
        (vec![("token_url", "http://login.example/token")], "deve cominciare con https://"),
        (vec![("authorize_url", "javascript:alert(1)")], "Scrivi l'indirizzo completo"),
        (vec![("provider", "microsoft"), ("tenant", "a/../b")], "Scrivi il dominio dell'organizzazione"),
        (vec![("provider", "microsoft"), ("tenant", "")], "Scrivi il dominio dell'organizzazione"),
        (vec![("provider", "google"), ("client_secret", "")], "Scrivi il segreto"),
    ] {
        let refused = house.send("code", &changed).await;
        assert_eq!(refused.status, 422, "{changed:?}");
        assert!(refused.words().replace("&#39;", "'").contains(sentence), "{changed:?}: {}", refused.words());
    }
    let refused = house.send("client_credentials", &[("provider", "google")]).await;
    assert!(refused.words().contains("Google non lo permette"), "{}", refused.words());
    let refused = house.send("client_credentials", &[("client_secret", "")]).await;
    assert!(refused.words().contains("Scrivi il segreto"), "{}", refused.words());

    // An empty field keeps the secret, as long as it goes to the same server.
    assert_eq!(house.send("client_credentials", &[]).await.status, 303);
    assert_eq!(house.send("client_credentials", &[("client_secret", "")]).await.status, 303);
    let elsewhere = format!("http://127.0.0.1:{}/token", free_port());
    let refused = house.send("client_credentials", &[("client_secret", ""), ("token_url", &elsewhere)]).await;
    assert!(refused.status == 422 && refused.words().contains("Scrivi il segreto"), "{}", refused.words());
    assert!(
        house.get("/desk/admin/mailboxes/00000000-0000-0000-0000-000000000009/grant").await.status == 404
    );
}

#[tokio::test]
async fn microsoft_and_google_are_asked_at_their_own_addresses() {
    let Some(mut house) = House::build().await else { return };
    let microsoft =
        house.send("code", &[("provider", "microsoft"), ("tenant", "comune.onmicrosoft.com")]).await;
    let page = url::Url::parse(&microsoft.links("https://").remove(0)).unwrap();
    assert_eq!(page.host_str(), Some("login.microsoftonline.com"));
    assert_eq!(page.path(), "/comune.onmicrosoft.com/oauth2/v2.0/authorize");
    let asked = |page: &url::Url, name: &str| {
        page.query_pairs().find(|(field, _)| field == name).map(|(_, value)| value.into_owned())
    };
    assert_eq!(
        asked(&page, "scope").unwrap(),
        "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access"
    );
    assert_eq!(asked(&page, "login_hint").unwrap(), "reclami@comune.example");
    assert_eq!(asked(&page, "response_type").unwrap(), "code");
    assert_eq!(asked(&page, "code_challenge_method").unwrap(), "S256");
    let callback = "http://localhost:8080/desk/admin/mailboxes/grant/callback";
    assert_eq!(asked(&page, "redirect_uri").unwrap(), callback);

    let google = house.send("code", &[("provider", "google")]).await;
    let page = url::Url::parse(&google.links("https://").remove(0)).unwrap();
    assert_eq!((page.host_str(), page.path()), (Some("accounts.google.com"), "/o/oauth2/v2/auth"));
    assert_eq!(asked(&page, "access_type").unwrap(), "offline");
    assert_eq!(asked(&page, "prompt").unwrap(), "consent");
    assert_eq!(asked(&page, "scope").unwrap(), "https://mail.google.com/");
    assert_eq!(asked(&page, "client_id").unwrap(), OAuthServer::CLIENT_ID);
    assert!(!google.body.contains(OAuthServer::CLIENT_SECRET));
    let path = house.page();
    let again = house.get(&path).await;
    assert_eq!(again.field("client_id"), OAuthServer::CLIENT_ID);
}
