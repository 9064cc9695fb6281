//! The pages of the mailboxes: how they are, what they need, and trying them.

use chrono::Duration;
use riscontro::{actions, store};

use super::{keeps_silent, says};
use crate::support::{app::TestApp, browser::Browser};

const MAILBOXES: &str = "/desk/admin/mailboxes";

/// The form as it stands, with some of its fields typed anew.
async fn send(desk: &mut Browser, path: &str, changed: &[(&str, &str)]) -> crate::support::browser::Page {
    const TEXTS: [&str; 14] = [
        "address",
        "name",
        "imap_host",
        "imap_port",
        "imap_user",
        "imap_folder",
        "maildir_path",
        "after_folder",
        "smtp_host",
        "smtp_port",
        "smtp_user",
        "exit_path",
        "authserv_id",
        "password_expires_on",
    ];
    let page = desk.get(path).await;
    let typed = TEXTS.map(|name| (name, page.field(name)));
    let mut fields: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.extend([
        ("source", "maildir"),
        ("imap_security", "tls"),
        ("imap_password", ""),
        ("after", "leave"),
        ("exit", "folder"),
        ("smtp_security", "tls"),
        ("smtp_password", ""),
        ("kind", "ordinary"),
    ]);
    fields.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
    fields.extend(changed);
    let to = if path.ends_with("/new") { MAILBOXES } else { path };
    desk.post(to, &fields).await
}

#[tokio::test]
async fn a_mailbox_is_certified_trusts_a_server_and_knows_when_its_password_ends() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let path = format!("{MAILBOXES}/{}", app.mailbox().await.id);
    let wrong = send(&mut desk, &path, &[("password_expires_on", "30/11/2026")]).await;
    assert_eq!(wrong.status, 422);
    says(&wrong, &["Scrivi il giorno come anno-mese-giorno"]);
    assert_eq!(wrong.field("password_expires_on"), "30/11/2026");
    let fields =
        [("kind", "pec"), ("authserv_id", " MX.Ente.example "), ("password_expires_on", "2026-03-10")];
    assert_eq!(send(&mut desk, &path, &fields).await.status, 303);
    let stored = app.mailbox().await;
    assert_eq!((stored.kind, stored.authserv_id.as_str()), (entity::mailbox::Kind::Pec, "mx.ente.example"));
    let form = desk.get(&path).await;
    assert_eq!(form.field("password_expires_on"), "2026-03-10");
    assert_eq!(form.links(&format!("{path}/grant")).len(), 1);
    says(&desk.get(MAILBOXES).await, &["reclami@ente.example PEC", "La password scade il 10/03/2026"]);
}

#[tokio::test]
async fn a_mailbox_in_trouble_is_spoken_of_on_every_page_and_administrators_get_the_way() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let mut giulia = app.operator().await;
    let mailbox = app.mailbox().await;
    actions::mailbox::succeeded(&app.app.desk, mailbox.id, app.now()).await.unwrap();
    app.pass(Duration::minutes(29));
    keeps_silent(&giulia.get("/desk/queue").await, &["non si riesce a leggerla"]);
    app.pass(Duration::minutes(1));
    for path in ["/desk/queue", "/desk/taxpayers"] {
        let page = giulia.get(path).await;
        says(
            &page,
            &[
                "Casella reclami@ente.example: non si riesce a leggerla dal 02/03/2026 9:00",
                "non vanno persi",
            ],
        );
        assert!(page.links("/desk/admin").is_empty(), "{path}");
    }
    assert!(admin.get("/desk/queue").await.body.contains("Vai alle caselle"));
    says(&admin.get(MAILBOXES).await, &["Non si riesce a leggerla dal 02/03/2026 9:00"]);
    actions::mailbox::succeeded(&app.app.desk, mailbox.id, app.now()).await.unwrap();
    keeps_silent(&giulia.get("/desk/queue").await, &["non si riesce a leggerla"]);
}

#[tokio::test]
async fn a_trial_looks_at_the_form_before_it_calls_anybody() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let path = format!("{MAILBOXES}/{}", app.mailbox().await.id);
    let refused = send(&mut desk, &path, &[("test", "on"), ("maildir_path", "relativo")]).await;
    assert_eq!(refused.status, 422);
    says(&refused, &["Scrivi il percorso completo della cartella"]);
    keeps_silent(&refused, &["Prova del collegamento"]);
    let tried = send(&mut desk, &path, &[("test", "on")]).await;
    assert_eq!(tried.status, 200);
    says(&tried, &["Lettura: riuscita", "Invio: riuscita", "Niente è stato ancora salvato"]);
    // Nobody listens there.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
    let smtp = [("test", "on"), ("exit", "smtp"), ("smtp_host", "127.0.0.1"), ("smtp_port", &closed)];
    let tried = send(&mut desk, &path, &smtp).await;
    says(&tried, &["Invio: non riuscita L’invio non riesce: controlla nome del server, porta"]);
}

#[tokio::test]
async fn a_server_is_compared_with_the_ledger_when_somebody_asks() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let added = send(
        &mut desk,
        &format!("{MAILBOXES}/new"),
        &[
            ("address", "info@ente.example"),
            ("source", "imap"),
            ("imap_host", "imap.ente.example"),
            ("imap_user", "info"),
            ("exit_path", "/tmp"),
        ],
    )
    .await;
    assert_eq!(added.status, 303, "{}", added.words());
    let all = store::mailbox::all(&app.app.desk.db.read, app.organisation()).await.unwrap();
    let server = all.iter().find(|mailbox| mailbox.address == "info@ente.example").unwrap();
    says(&desk.get(MAILBOXES).await, &["Confronto con il server: mai"]);
    let asked = desk.post(&format!("{MAILBOXES}/{}/reconcile", server.id), &[]).await;
    assert_eq!(asked.location.as_deref(), Some("/desk/admin/mailboxes?done=reconcile_asked"));
    says(&desk.get(MAILBOXES).await, &["ne è in corso uno nuovo"]);
    app.pass(Duration::minutes(2));
    actions::mailbox::reconciled(&app.app.desk, server.id, app.now(), 1204, 0).await.unwrap();
    let list = desk.get(MAILBOXES).await;
    says(&list, &["Confronto con il server: 02/03/2026 9:02 , 1.204 messaggi, 0 mancanti"]);
    keeps_silent(&list, &["in corso"]);
    // A folder of this machine has no server to ask.
    assert_eq!(list.body.matches("/reconcile\"").count(), 1);
}

#[tokio::test]
async fn an_operator_says_where_warnings_go() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let path = desk.get("/desk/admin/operators").await.links("/desk/admin/operators/");
    let me = path.into_iter().find(|link| !link.ends_with("/new")).unwrap();
    let refused = desk.post(&me, &[("name", "Paola"), ("email", "paola")]).await;
    assert_eq!(refused.status, 422);
    says(&refused, &["indirizzo completo, come giulia@ente.it"]);
    assert_eq!(refused.field("email"), "paola");
    assert_eq!(desk.post(&me, &[("name", "Paola"), ("email", " Paola@Ente.example")]).await.status, 303);
    assert_eq!(desk.get(&me).await.field("email"), "paola@ente.example");
}
