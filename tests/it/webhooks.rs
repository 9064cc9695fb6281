//! Messages to apps: signed, thin, repeated until they are taken, and never sent into somebody's own network.

use chrono::Duration;
use entity::{app_key::Scope, errand::State, event::Verb, webhook::Model, work_order::Status};
use riscontro::{
    actions::{self, Error, errand::Parcel, webhook},
    store::{self, errand::Load},
    worker,
};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::support::{
    app::TestApp,
    certificate,
    hook::{Hook, Received},
    letter::letter,
};

/// A house whose owner lets messages go to this machine.
async fn trying_out() -> TestApp {
    TestApp::start_with(|config| config.webhook.allow_private = true).await
}

impl TestApp {
    /// An endpoint and its secret.
    async fn endpoint(&self, url: &str) -> (Uuid, String) {
        let (row, secret) = self.try_endpoint(url).await.unwrap();
        (row.id, secret)
    }

    async fn try_endpoint(&self, url: &str) -> Result<(Model, String), Error> {
        let new = webhook::New {
            url,
            app_key: None,
            allow_private: self.app.config.webhook.allow_private,
            random: [7; 32],
            nonce: [8; 24],
        };
        webhook::create(&self.app.desk, &self.cx(), &new).await
    }

    async fn endpoint_row(&self, id: Uuid) -> Model {
        store::webhook::by_id(&self.app.desk.db.read, self.organisation(), id).await.unwrap().unwrap()
    }

    async fn messages_out(&self) {
        worker::errand::run_due(&self.app).await.unwrap();
    }

    async fn test_message(&self, endpoint: Uuid) {
        webhook::test(&self.app.desk, &self.cx(), endpoint).await.unwrap();
    }
}

#[tokio::test]
async fn an_app_hears_what_became_of_a_request_and_nothing_about_anybody() {
    let app = trying_out().await;
    let hook = Hook::start().await;
    let (_, secret) = app.endpoint(&hook.address("127.0.0.1")).await;
    app.mail_in(
        letter("Anna Verdi <anna@libero.example>", "Cassonetto rotto").says("Via Solferino 12").raw(),
    )
    .await;
    app.set_status("2026/000001", Status::Closed).await;
    app.messages_out().await;

    let mut received = hook.received();
    received.sort_by(|a, b| a.id.cmp(&b.id));
    let said: Vec<_> = received.iter().map(Received::json).collect();
    let types: Vec<&str> = said.iter().map(|said| said["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["request.opened", "request.status_changed"]);
    let data =
        serde_json::json!({ "request_id": "2026-000001", "number": "2026/000001", "status": "closed" });
    assert_eq!(said[1]["data"], data);
    assert_eq!(said[0]["data"]["status"], "new");
    for (message, said) in received.iter().zip(&said) {
        assert!(message.is_signed(&secret));
        assert!(!message.is_signed(&secret.replace('B', "C")), "with no other secret");
        assert_eq!(said["id"], message.id.as_str());
        assert_eq!(message.timestamp, app.now().timestamp());
        let whole = String::from_utf8_lossy(&message.body).to_lowercase();
        for private in ["anna", "verdi", "solferino", "cassonetto"] {
            assert!(!whole.contains(private), "{whole}");
        }
    }
}

#[tokio::test]
async fn a_server_that_fails_is_called_again_with_the_same_id_and_its_trouble_is_shown() {
    let app = trying_out().await;
    let hook = Hook::start().await;
    let (endpoint, _) = app.endpoint(&hook.address("127.0.0.1")).await;
    hook.answer(2, 500, 10);
    hook.answer(1, 302, 0);
    app.test_message(endpoint).await;
    let began = app.now();
    let mut calls = Vec::new();
    for seconds in [0, 9, 1, 59, 1, 299, 1] {
        app.pass(Duration::seconds(seconds));
        app.messages_out().await;
        calls.push(hook.received().len());
    }
    assert_eq!(calls, [1, 1, 2, 2, 3, 3, 4], "after 10 seconds, a minute, five minutes");
    let received = hook.received();
    assert!(received.iter().all(|message| message.id == received[0].id && message.path == "/hook"));
    assert!(received[3].timestamp > received[0].timestamp, "signed for its own moment");
    let row = app.endpoint_row(endpoint).await;
    assert_eq!((row.failing_since, row.last_error), (None, None));
    assert_eq!(row.succeeded_at, Some(app.now()));

    hook.answer(100, 503, 0);
    app.test_message(endpoint).await;
    let since = app.now();
    for _ in 0..40 {
        app.messages_out().await;
        app.pass(Duration::hours(6));
    }
    let row = app.endpoint_row(endpoint).await;
    assert_eq!(
        (row.failing_since, row.last_error.as_deref()),
        (Some(since), Some("Il server ha risposto HTTP 503."))
    );
    let given_up = app.errands().await.pop().unwrap();
    assert_eq!(given_up.state, State::Refused);
    let after = given_up.settled_at.unwrap() - since;
    assert!(after > Duration::hours(60) && after <= Duration::days(3), "{after}");
    assert!(began < since);
}

#[tokio::test]
async fn a_message_that_may_have_been_taken_before_a_crash_comes_again_under_its_id() {
    let app = trying_out().await;
    let hook = Hook::start().await;
    let (endpoint, _) = app.endpoint(&hook.address("127.0.0.1")).await;
    app.test_message(endpoint).await;
    let (desk, dead) = (&app.app.desk, Uuid::now_v7());
    let claimed = actions::errand::claim(desk, Load::Messages, dead, app.now(), 10).await.unwrap();
    let Parcel::Message(message) = actions::errand::parcel(desk, &claimed[0], app.now()).await.unwrap()
    else {
        panic!("a message")
    };
    let courier = app.app.courier().unwrap();
    courier.send(&message.url, &message.secret, (message.id, message.body), app.now()).await;
    app.messages_out().await;
    assert_eq!(hook.received().len(), 1, "while the lease lasts it is nobody else's");
    app.pass(actions::errand::LEASE + Duration::seconds(1));
    app.messages_out().await;
    let received = hook.received();
    assert_eq!(received.len(), 2);
    assert_eq!((&received[0].id, &received[0].body), (&received[1].id, &received[1].body));
}

#[tokio::test]
async fn a_name_that_leads_into_the_own_network_is_not_connected_to() {
    let mut app = trying_out().await;
    // The name is a good one as far as anybody can see; where it leads is known only when it is asked for.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
    let (endpoint, _) = app.endpoint(&url).await;
    let mut config = (*app.app.config).clone();
    config.webhook.allow_private = false;
    app.app.config = std::sync::Arc::new(config);
    for address in
        ["https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest", "http://app.example/"]
    {
        let refused = app.try_endpoint(address).await;
        assert!(matches!(refused, Err(Error::Rejected(flaws)) if flaws[0].field == "url"), "{address}");
    }
    app.test_message(endpoint).await;
    app.messages_out().await;
    let came = tokio::time::timeout(std::time::Duration::from_millis(200), listener.accept()).await;
    assert!(came.is_err(), "somebody connected");
    let row = app.endpoint_row(endpoint).await;
    assert!(row.last_error.unwrap().contains("raggiungibile da Internet"));
    assert_eq!(app.errands().await[0].state, State::Refused, "such a name never leads elsewhere");
}

#[tokio::test]
async fn messages_travel_encrypted_to_servers_that_show_a_certificate_we_trust() {
    let folder = tempfile::tempdir().unwrap();
    let authority = folder.path().join("ca.pem");
    std::fs::write(&authority, &certificate::localhost().pem).unwrap();
    let trusting = TestApp::start_with(|config| {
        config.webhook.allow_private = true;
        config.mail.extra_ca = Some(authority);
    })
    .await;
    let hook = Hook::start_https().await;
    let (endpoint, secret) = trusting.endpoint(&hook.address("localhost")).await;
    trusting.test_message(endpoint).await;
    trusting.messages_out().await;
    assert!(hook.received()[0].is_signed(&secret));

    let wary = trying_out().await;
    let (endpoint, _) = wary.endpoint(&hook.address("localhost")).await;
    wary.test_message(endpoint).await;
    wary.messages_out().await;
    assert_eq!(hook.received().len(), 1);
    assert!(wary.endpoint_row(endpoint).await.failing_since.is_some());
}

#[tokio::test]
async fn a_dead_endpoint_keeps_neither_another_app_nor_a_citizen_waiting() {
    let app = trying_out().await;
    let (dead, alive) = (Hook::start().await, Hook::start().await);
    app.endpoint(&dead.address("127.0.0.1")).await;
    app.endpoint(&alive.address("127.0.0.1")).await;
    dead.answer(1000, 500, 0);
    for n in 0..20 {
        app.mail_in(letter(&format!("c{n}@libero.example"), "Mancato ritiro").raw()).await;
    }
    app.messages_out().await;
    assert_eq!(alive.received().len(), 20);
    assert!(dead.received().len() < 20, "the first failures hold the rest back: {}", dead.received().len());
}

#[tokio::test]
async fn an_answer_without_end_is_not_listened_to() {
    let app = trying_out().await;
    let hook = Hook::start().await;
    let (endpoint, _) = app.endpoint(&hook.address("127.0.0.1")).await;
    hook.answer(1, 200, 50_000_000);
    app.test_message(endpoint).await;
    app.messages_out().await;
    assert_eq!(app.errands().await[0].state, State::Done);
}

#[tokio::test]
async fn an_endpoint_that_rests_is_not_called_and_one_that_is_gone_takes_its_messages_along() {
    let app = trying_out().await;
    let hook = Hook::start().await;
    let (endpoint, _) = app.endpoint(&hook.address("127.0.0.1")).await;
    let (desk, cx) = (&app.app.desk, app.cx());
    assert!(matches!(app.try_endpoint(&hook.address("127.0.0.1")).await, Err(Error::Rejected(_))), "twice");
    app.test_message(endpoint).await;
    webhook::set_active(desk, &cx, endpoint, false).await.unwrap();
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    app.messages_out().await;
    assert!(hook.received().is_empty());
    assert_eq!(app.errands().await.len(), 1, "what happens meanwhile is not told later");
    assert_eq!(store::errand::next_due(&desk.db.read).await.unwrap(), None, "nobody need wake up for it");
    assert!(matches!(webhook::test(desk, &cx, endpoint).await, Err(Error::Conflict(_))));
    webhook::set_active(desk, &cx, endpoint, true).await.unwrap();
    app.messages_out().await;
    assert_eq!(hook.received().len(), 1);

    let other = actions::Cx::system(Uuid::now_v7(), app.now());
    assert!(matches!(webhook::delete(desk, &other, endpoint).await, Err(Error::NotFound)));
    assert!(matches!(webhook::find(desk, &cx, endpoint, Some(Uuid::nil())).await, Err(Error::NotFound)));
    webhook::delete(desk, &cx, endpoint).await.unwrap();
    assert!(app.errands().await.is_empty());
}

#[tokio::test]
async fn messages_that_came_to_their_end_are_forgotten_and_the_others_are_not() {
    let app = trying_out().await;
    let hook = Hook::start().await;
    let (endpoint, _) = app.endpoint(&hook.address("127.0.0.1")).await;
    app.test_message(endpoint).await;
    app.messages_out().await;
    app.pass(Duration::days(31));
    app.test_message(endpoint).await;
    actions::errand::sweep(&app.app.desk, app.now()).await.unwrap();
    let left = app.errands().await;
    assert_eq!(left.iter().map(|errand| errand.state).collect::<Vec<_>>(), [State::Pending]);
}

#[tokio::test]
async fn many_events_at_once_are_told_to_as_many_apps_as_there_may_be() {
    let app = trying_out().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let order = app.order("2026/000001").await;
    for n in 0..store::webhook::ENDPOINTS {
        app.endpoint(&format!("http://127.0.0.1:9/{n}")).await;
    }
    let event = store::event::NewEvent {
        organisation: app.organisation(),
        work_order: order.id,
        actor: None,
        verb: Verb::Received,
        at: app.now(),
        data: serde_json::json!({}),
    };
    let tx = app.app.desk.db.begin().await.unwrap();
    actions::events::append(&tx, vec![event; 250]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(app.errands().await.len(), 250 * 20);
}

#[tokio::test]
async fn the_endpoint_of_an_app_whose_key_is_revoked_stays_silent_whoever_presses_what() {
    use riscontro::actions::app_key;
    let app = trying_out().await;
    let (desk, cx) = (&app.app.desk, app.cx());
    let new = app_key::New { name: "App".into(), scopes: vec![Scope::Webhooks], per_minute: 60 };
    let key = app_key::create(desk, &cx, new, [1; 32]).await.unwrap().row.id;
    let new = webhook::New {
        url: "http://127.0.0.1:9/",
        app_key: Some(key),
        allow_private: true,
        random: [7; 32],
        nonce: [8; 24],
    };
    let (endpoint, _) = webhook::create(desk, &cx, &new).await.unwrap();
    webhook::set_active(desk, &cx, endpoint.id, false).await.unwrap();
    webhook::set_active(desk, &cx, endpoint.id, true).await.unwrap();
    app_key::revoke(desk, &cx, key).await.unwrap();
    assert!(matches!(webhook::set_active(desk, &cx, endpoint.id, true).await, Err(Error::Conflict(_))));
    assert!(!app.endpoint_row(endpoint.id).await.active);
}

#[tokio::test]
async fn why_a_server_cannot_be_reached_is_said_in_words_that_its_owner_understands() {
    let app = trying_out().await;
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let hook = Hook::start().await;
    let rude = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let rude_port = rude.local_addr().unwrap().port();
    let hangs_up = tokio::spawn(async move { while rude.accept().await.is_ok() {} });
    for (address, words) in [
        (format!("http://127.0.0.1:{free}/"), "Il server rifiuta la connessione"),
        (format!("https://127.0.0.1:{}/", hook.port), "La connessione cifrata non riesce"),
        (format!("http://127.0.0.1:{rude_port}/"), "Il server ha chiuso la connessione senza rispondere"),
        ("https://nessuno.invalid/".to_owned(), "Il nome del server non esiste"),
    ] {
        let (endpoint, _) = app.endpoint(&address).await;
        app.test_message(endpoint).await;
        app.messages_out().await;
        let said = app.endpoint_row(endpoint).await.last_error.unwrap();
        assert!(said.starts_with(words), "{address}: {said}");
        assert!(!said.contains("os error"), "{said}");
    }
    hangs_up.abort();
}
