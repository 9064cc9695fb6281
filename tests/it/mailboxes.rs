//! The porter at real mailboxes: mail arrives by itself, is told to the server, survives what servers and people do to it.
//! Rows are those of helpdesk-lessons §2.

use std::time::Duration;

use entity::mailbox::{After, Exit, Security, Source};
use riscontro::actions::{self, Cx, mailbox::Form};
use uuid::Uuid;

use crate::support::{
    app::TestApp,
    dovecot::Dovecot,
    letter::letter,
    porter::{imap_form, until},
};

impl TestApp {
    async fn watch(
        &self,
        server: &Dovecot,
        user: &str,
        security: Security,
        change: impl FnOnce(&mut Form),
    ) -> Uuid {
        let port = if security == Security::Tls { server.tls_port } else { server.starttls_port };
        let mut form = imap_form("localhost", port, security, user, Dovecot::PASSWORD);
        change(&mut form);
        self.add(&form).await
    }
}

async fn trusting(server: &Dovecot) -> TestApp {
    TestApp::start_with(|config| {
        config.mail.extra_ca = Some(server.certificate_file());
        // Only IDLE can be quick enough for these tests.
        config.mail.poll_seconds = 600;
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_arrives_by_idle_over_tls_and_starttls_from_two_mailboxes_side_by_side() {
    let Some(server) = Dovecot::start() else { return };
    let app = trusting(&server).await;
    app.watch(&server, "reclami", Security::Tls, |_| ()).await;
    app.watch(&server, "info", Security::Starttls, |_| ()).await;
    let porter = app.porter();
    server.append("reclami", "INBOX", &letter("anna@libero.example", "uno").raw());
    app.wait_for_orders(1).await;
    server.append("info", "INBOX", &letter("bruno@libero.example", "due").raw());
    app.wait_for_orders(2).await;
    server.append("reclami", "INBOX", &letter("carla@libero.example", "tre").raw());
    app.wait_for_orders(3).await;
    porter.stop().await;
    assert_eq!(app.subjects().await, ["uno", "due", "tre"]);
}

/// Rows 3, 6: whether a mail was read is a matter of people.
#[tokio::test(flavor = "multi_thread")]
async fn handled_mail_is_flagged_never_read_never_deleted() {
    let Some(server) = Dovecot::start() else { return };
    let app = trusting(&server).await;
    app.watch(&server, "reclami", Security::Tls, |form| form.after = After::Flag).await;
    server.append("reclami", "INBOX", &letter("anna@libero.example", "uno").raw());
    let porter = app.porter();
    app.wait_for_orders(1).await;
    until(
        async || server.list("reclami", "INBOX").iter().all(|mail| !mail.flags.is_empty()),
        || "a flag".to_owned(),
    )
    .await;
    porter.stop().await;
    let mails = server.list("reclami", "INBOX");
    assert_eq!(mails.len(), 1);
    assert!(
        !mails[0].flags.iter().any(|flag| flag == "\\Seen" || flag == "\\Deleted"),
        "{:?}",
        mails[0].flags
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn handled_mail_is_moved_to_a_folder_that_need_not_exist_yet() {
    let Some(server) = Dovecot::start() else { return };
    let app = trusting(&server).await;
    let set = |form: &mut Form| (form.after, form.after_folder) = (After::Move, "Già trattati".to_owned());
    app.watch(&server, "reclami", Security::Tls, set).await;
    server.append("reclami", "INBOX", &letter("anna@libero.example", "uno").raw());
    let porter = app.porter();
    app.wait_for_orders(1).await;
    until(async || server.list("reclami", "INBOX").is_empty(), || "the move".to_owned()).await;
    porter.stop().await;
    assert_eq!(server.list("reclami", "Già trattati").len(), 1);
}

/// Rows 9, 20, 24: a mail is known by its id, or by its bytes.
#[tokio::test(flavor = "multi_thread")]
async fn a_renumbered_folder_is_read_again_and_nothing_comes_in_twice() {
    let Some(server) = Dovecot::start() else { return };
    let app = trusting(&server).await;
    let mailbox = app.watch(&server, "reclami", Security::Tls, |_| ()).await;
    for n in 0..5 {
        server.append(
            "reclami",
            "INBOX",
            &letter(&format!("c{n}@libero.example"), &format!("lettera {n}")).raw(),
        );
    }
    // One has no id of its own: it is known by its bytes.
    server.append(
        "reclami",
        "INBOX",
        b"From: senza@libero.example\r\nSubject: senza id\r\n\r\nBuongiorno\r\n",
    );
    let porter = app.porter();
    app.wait_for_orders(6).await;
    porter.stop().await;
    let before = app.mailbox_row(mailbox).await.uid_validity;
    server.change_uidvalidity("reclami", "INBOX");
    server.append("reclami", "INBOX", &letter("nuova@libero.example", "dopo").raw());
    let porter = app.porter();
    app.wait_for_orders(7).await;
    porter.stop().await;
    assert_ne!(app.mailbox_row(mailbox).await.uid_validity, before);
    assert_eq!(app.subjects().await.len(), 7);
}

/// Rows 5, 12, 20.
#[tokio::test(flavor = "multi_thread")]
async fn mail_that_others_read_move_or_expunge_meanwhile_disturbs_nothing() {
    let Some(server) = Dovecot::start() else { return };
    let app = trusting(&server).await;
    app.watch(&server, "reclami", Security::Tls, |_| ()).await;
    for n in 0..6 {
        server.append(
            "reclami",
            "INBOX",
            &letter(&format!("c{n}@libero.example"), &format!("lettera {n}")).raw(),
        );
    }
    let uids: Vec<u32> = server.list("reclami", "INBOX").iter().map(|mail| mail.uid).collect();
    server.expunge("reclami", "INBOX", uids[1]);
    server.move_mail("reclami", "INBOX", uids[3], "Altro");
    let porter = app.porter();
    app.wait_for_orders(4).await;
    server.kick("reclami");
    server.append("reclami", "INBOX", &letter("ultima@libero.example", "ultima").raw());
    app.wait_for_orders(5).await;
    porter.stop().await;
    assert_eq!(app.subjects().await, ["lettera 0", "lettera 2", "lettera 4", "lettera 5", "ultima"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_told_in_the_servers_words_and_delays_no_other_mailbox() {
    let Some(server) = Dovecot::start() else { return };
    let app = trusting(&server).await;
    let wrong =
        app.watch(&server, "info", Security::Tls, |form| form.imap.password = "sbagliata".to_owned()).await;
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    app.watch(&server, "muta", Security::Tls, |form| form.imap.port = port).await;
    app.watch(&server, "reclami", Security::Tls, |_| ()).await;
    let porter = app.porter();
    server.append("reclami", "INBOX", &letter("anna@libero.example", "uno").raw());
    app.wait_for_orders(1).await;
    until(async || app.mailbox_row(wrong).await.last_error.is_some(), || "the failure".to_owned()).await;
    let told = app.mailbox_row(wrong).await;
    assert!(told.last_error.as_deref().unwrap().contains("Authentication failed"), "{:?}", told.last_error);
    assert!(told.failing_since.is_some() && told.last_success_at.is_none());
    porter.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn starttls_is_not_skipped_where_the_server_does_not_offer_it() {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = std::sync::Arc::new(std::sync::Mutex::new(String::new()));
    let ears = heard.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            drop(write.write_all(b"* OK ready\r\n").await);
            while let Ok(Some(line)) = lines.next_line().await {
                ears.lock().unwrap().push_str(&line);
                let tag = line.split(' ').next().unwrap_or_default().to_owned();
                drop(write.write_all(format!("{tag} BAD no\r\n").as_bytes()).await);
            }
        }
    });
    let app = TestApp::start().await;
    let Some(server) = Dovecot::start() else { return };
    let mailbox = app.watch(&server, "reclami", Security::Starttls, |form| form.imap.port = port).await;
    let porter = app.porter();
    until(async || app.mailbox_row(mailbox).await.last_error.is_some(), || "the failure".to_owned()).await;
    porter.stop().await;
    assert!(!heard.lock().unwrap().contains(Dovecot::PASSWORD), "the password went over a line in clear");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_dropped_into_the_local_folder_becomes_a_work_order() {
    let app = TestApp::start().await;
    let porter = app.porter();
    let folder = app.data.path().join("mail/in");
    until(async || folder.join("new").is_dir(), || "the folder".to_owned()).await;
    std::fs::write(folder.join("una.eml"), letter("anna@libero.example", "trascinata").raw()).unwrap();
    std::fs::write(folder.join("new/1772438400.M1.host"), letter("bruno@libero.example", "consegnata").raw())
        .unwrap();
    app.wait_for_orders(2).await;
    until(async || !folder.join("una.eml").exists(), || "the filing".to_owned()).await;
    porter.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_mailboxes_do_not_read_one_folder() {
    let app = TestApp::start().await;
    let local = app.mailbox().await;
    let form = |folder: &str| Form {
        source: Source::Maildir,
        maildir_path: folder.to_owned(),
        exit: Exit::Folder,
        exit_path: "/tmp".to_owned(),
        ..imap_form("", 0, Security::Tls, "altra", "")
    };
    let cx = Cx::system(app.organisation(), app.now());
    for folder in [local.maildir_path.as_str(), "relativa"] {
        let refused =
            actions::mailbox::save(&app.app.desk, &cx, None, &form(folder), [[6; 24], [7; 24]]).await;
        assert!(matches!(refused, Err(actions::Error::Rejected(_))), "{folder}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paused_mailbox_is_neither_read_nor_sent_from() {
    let Some(server) = Dovecot::start() else { return };
    let app = trusting(&server).await;
    let mailbox = app.watch(&server, "reclami", Security::Tls, |form| form.paused = true).await;
    server.append("reclami", "INBOX", &letter("anna@libero.example", "uno").raw());
    let porter = app.porter();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(app.subjects().await.is_empty());
    let organisation = app.organisation();
    let cx = Cx::system(organisation, app.now());
    let form = imap_form("localhost", server.tls_port, Security::Tls, "reclami", "");
    // The password field was left empty: the stored one stays, and the running porter takes the new settings up.
    actions::mailbox::save(&app.app.desk, &cx, Some(mailbox), &form, [[4; 24], [5; 24]]).await.unwrap();
    app.wait_for_orders(1).await;
    porter.stop().await;
}

/// Whoever may change the settings must not learn a stored password by pointing it at a server of their own.
#[tokio::test]
async fn a_stored_password_is_not_sent_to_another_server() {
    use riscontro::actions::{self, Cx, mailbox};
    let app = TestApp::start().await;
    let cx = Cx::system(app.organisation(), app.now());
    let blank = mailbox::blank(&cx);
    let line = |host: &str, password: &str| mailbox::Line {
        host: host.to_owned(),
        port: 993,
        security: blank.imap_security,
        user: "ufficio".to_owned(),
        password: password.to_owned(),
    };
    let form = |imap: mailbox::Line| mailbox::Form {
        address: "ufficio@ente.example".to_owned(),
        name: String::new(),
        source: blank.source,
        imap,
        imap_folder: "INBOX".to_owned(),
        maildir_path: String::new(),
        after: blank.after,
        after_folder: String::new(),
        exit: blank.exit,
        smtp: line("smtp.ente.example", ""),
        exit_path: String::new(),
        acknowledge: true,
        sub_addressing: false,
        kind: blank.kind,
        authserv_id: String::new(),
        password_expires_on: None,
        paused: true,
    };
    let first = form(line("imap.ente.example", "segreta"));
    let id = mailbox::save(&app.app.desk, &cx, None, &first, [[1; 24]; 2]).await.unwrap();
    let stored = app.mailbox_row(id).await;
    let elsewhere = form(line("imap.altrove.example", ""));
    assert_eq!(mailbox::described(&app.app.desk, stored.clone(), &elsewhere, [[2; 24]; 2]).imap_secret, None);
    let refused = mailbox::save(&app.app.desk, &cx, Some(id), &elsewhere, [[2; 24]; 2]).await;
    assert!(matches!(refused, Err(actions::Error::Rejected(flaws)) if flaws[0].field == "imap_password"));
    let same = form(line("IMAP.ente.example", ""));
    mailbox::save(&app.app.desk, &cx, Some(id), &same, [[3; 24]; 2]).await.unwrap();
    assert_eq!(app.mailbox_row(id).await.imap_secret, stored.imap_secret);
}
