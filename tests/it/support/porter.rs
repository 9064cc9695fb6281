//! The porter at work, and the mailboxes that a test has him watch.

use std::time::{Duration, Instant};

use entity::mailbox::{After, Exit, Kind, Security, Source};
use riscontro::{
    actions::{
        self, Cx,
        mailbox::{Form, Line},
    },
    store::{self, work_order::StatusFilter},
    worker,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use super::app::TestApp;

/// A machine under load is slow; a mail that is lost never comes.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A porter at work, until the test ends or he is told to stop.
pub struct Porter {
    stop: CancellationToken,
    tracker: TaskTracker,
}

impl Porter {
    /// He puts down what he has in hand and goes.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tracker.wait().await;
    }
}

/// The settings of a mailbox `user@comune.example` on an IMAP server; its letters leave into a folder that nobody looks at.
pub fn imap_form(host: &str, port: u16, security: Security, user: &str, password: &str) -> Form {
    let line =
        Line { host: host.to_owned(), port, security, user: user.to_owned(), password: password.to_owned() };
    Form {
        address: format!("{user}@comune.example"),
        name: "Ente".to_owned(),
        source: Source::Imap,
        imap: line.clone(),
        imap_folder: "INBOX".to_owned(),
        maildir_path: String::new(),
        after: After::Leave,
        after_folder: String::new(),
        exit: Exit::Folder,
        smtp: Line { port: 1, ..line },
        exit_path: "/nowhere".to_owned(),
        acknowledge: true,
        sub_addressing: false,
        kind: Kind::Ordinary,
        authserv_id: String::new(),
        password_expires_on: None,
        paused: false,
    }
}

impl TestApp {
    /// The porter begins.
    pub fn porter(&self) -> Porter {
        let stop = CancellationToken::new();
        Porter { tracker: worker::start(&self.app, &stop), stop }
    }

    /// A mailbox more.
    pub async fn add(&self, form: &Form) -> Uuid {
        let cx = Cx::system(self.organisation(), self.now());
        actions::mailbox::save(&self.app.desk, &cx, None, form, [[2; 24], [3; 24]]).await.unwrap()
    }

    /// Subjects of the first thousand work orders, in the order of their numbers.
    pub async fn subjects(&self) -> Vec<String> {
        let filter = store::work_order::QueueFilter { status: StatusFilter::All, ..Default::default() };
        let (db, organisation) = (&self.app.desk.db.read, self.organisation());
        let page = store::work_order::queue(db, organisation, &filter, &store::Seek::Start, 1000).await;
        let mut orders = page.unwrap().rows;
        orders.sort_by_key(|order| order.number);
        orders.into_iter().map(|order| order.subject).collect()
    }

    /// Waits for so many work orders.
    pub async fn wait_for_orders(&self, count: usize) {
        until(async || self.subjects().await.len() >= count, || format!("{count} work orders")).await;
    }

    /// A mailbox as it is stored.
    pub async fn mailbox_row(&self, mailbox: Uuid) -> entity::mailbox::Model {
        let organisation = self.organisation();
        store::mailbox::by_id(&self.app.desk.db.read, organisation, mailbox).await.unwrap().unwrap()
    }
}

/// Waits until it holds.
pub async fn until(holds: impl AsyncFnMut() -> bool, what: impl Fn() -> String) {
    until_within(PATIENCE, holds, what).await;
}

/// Waits until it holds, for what takes its time.
pub async fn until_within(
    patience: Duration,
    mut holds: impl AsyncFnMut() -> bool,
    what: impl Fn() -> String,
) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < patience, "still waiting for {}", what());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
