//! Who may see the mail: letters and their receipts are every operator's, the ledger is the administrators', and nothing is
//! another organisation's.

use axum::{
    body::Body,
    http::{Request, header},
};
use entity::mailbox;

use super::FIRST;
use crate::support::{
    app::{BOX, TestApp},
    letter::letter,
    pec::{Provider, Receipt, identifier},
};

/// Addresses of a house where all that these pages show has happened.
struct World {
    app: TestApp,
    /// For every operator.
    desk: Vec<String>,
    /// For administrators.
    admin: Vec<String>,
    /// Forms of administrators.
    acts: Vec<String>,
}

async fn world() -> World {
    let app = TestApp::impatient().await;
    let provider = Provider::new();
    let certified = app.add_mailbox("protocollo@pec.ente.example", mailbox::Kind::Pec).await;
    let mut desk = app.administrator().await;
    let raw = format!(
        "From: anna@libero.example\r\nTo: {BOX}\r\nSubject: I: altro\r\nMIME-Version: 1.0\r\n\
         Content-Type: message/rfc822\r\n\r\nFrom: x@y.example\r\nSubject: Altro\r\n\r\nCiao\r\n"
    );
    app.mails_in_box(&certified, &[raw.as_bytes()]).await;
    app.letters_out_of(&certified).await;
    let rossi = "rossi@pec.gestore.example";
    app.answer("2026/000001", &[rossi], "Provvediamo.", Vec::new()).await;
    let out = app.letters_out_of(&certified).await.remove(0);
    let receipt = provider.receipt(&Receipt {
        kind: "accettazione",
        reference: out.mail.message_id.as_deref().unwrap(),
        sender: &certified.address,
        to: rossi,
        recipient_kind: "certificato",
        identifier: &identifier(),
        words: "",
    });
    app.mails_in_box(&certified, &[&receipt]).await;
    let stuck = format!("/desk/admin/mail/{}", app.stuck(&letter("a@libero.example", "Strano").raw()).await);
    let order = desk.get(FIRST).await;
    let mut shown = order.links("/desk/receipts/");
    shown.extend(order.links("/desk/communications/"));
    shown.extend(order.links("/desk/attachments/").into_iter().filter(|link| link.ends_with("/mail")));
    assert_eq!(shown.len(), 3, "{shown:?}");
    let acts = ["retry", "open", "discard"].map(|act| format!("{stuck}/{act}")).to_vec();
    let reconcile = format!("/desk/admin/mailboxes/{}/reconcile", certified.id);
    World {
        desk: shown,
        admin: vec![stuck.clone(), format!("{stuck}/original.eml")],
        acts: acts.into_iter().chain([reconcile]).collect(),
        app,
    }
}

#[tokio::test]
async fn letters_are_the_operators_and_the_ledger_is_the_administrators() {
    let world = world().await;
    let (mut admin, mut giulia, mut nobody) =
        (world.app.administrator().await, world.app.operator().await, world.app.browser());
    for path in &world.desk {
        assert_eq!(giulia.get(path).await.status, 200, "{path}");
        assert_eq!(nobody.get(path).await.status, 303, "{path}");
    }
    for path in world.admin.iter().chain([&"/desk/admin/mail".to_owned()]) {
        assert_eq!(admin.get(path).await.status, 200, "{path}");
        assert_eq!(giulia.get(path).await.status, 403, "{path}");
        let sent_away = nobody.get(path).await.location.unwrap();
        assert!(sent_away.starts_with("/desk/login"), "{path}: {sent_away}");
    }
    for path in &world.acts {
        assert_eq!(giulia.post(path, &[("reason", "x")]).await.status, 403, "{path}");
        assert_eq!(nobody.post(path, &[("reason", "x")]).await.status, 401, "{path}");
    }
    // A mail of the ledger that is no receipt is not given out as one.
    let id = world.admin[0].rsplit('/').next().unwrap();
    let receipt = format!("/desk/receipts/{id}/original.eml");
    assert_eq!((giulia.get(&receipt).await.status, admin.get(&receipt).await.status), (404, 404));
}

#[tokio::test]
async fn another_organisation_finds_no_mail_of_ours() {
    let world = world().await;
    let mut theirs = world.app.stranger().await;
    for path in world.desk.iter().chain(&world.admin) {
        assert_eq!(theirs.get(path).await.status, 404, "{path}");
    }
    assert!(!theirs.get("/desk/admin/mail").await.words().contains("Strano"));
    for path in &world.acts {
        let answer = theirs.post(path, &[("reason", "x")]).await;
        let status = match answer.location {
            // The page that it is sent to is not there for them either.
            Some(to) => theirs.get(&to).await.status,
            None => answer.status,
        };
        assert_eq!(status, 404, "{path}");
    }
    let mut admin = world.app.administrator().await;
    assert!(admin.get(&world.admin[0]).await.words().contains("Che cosa farne"), "nothing was decided");
}

#[tokio::test]
async fn forms_about_the_mail_are_taken_from_our_own_pages_only() {
    let world = world().await;
    let mut admin = world.app.administrator().await;
    for path in &world.acts {
        let request = Request::post(path)
            .header(header::HOST, "localhost:8080")
            .header("origin", "https://truffa.example")
            .header("sec-fetch-site", "cross-site")
            .header(header::COOKIE, admin.cookie().unwrap())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("reason=forzata"))
            .unwrap();
        assert_eq!(admin.receive(request).await.status, 403, "{path}");
    }
    assert!(admin.get(&world.admin[0]).await.words().contains("Che cosa farne"));
}
