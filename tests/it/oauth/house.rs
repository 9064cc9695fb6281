//! A house with one mailbox at a provider that wants tokens.

use std::time::{Duration, Instant};

use entity::{mailbox, mailbox_grant};
use riscontro::{
    store::{self, work_order::StatusFilter},
    worker,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use crate::support::{
    app::TestApp,
    browser::{Browser, Page},
    dovecot::Dovecot,
    letter::letter,
    oauth_server::OAuthServer,
    smtp_sink::{Security, SmtpSink},
};

/// A machine under load is slow; a mail that is lost never comes.
const PATIENCE: Duration = Duration::from_secs(30);
/// The mailbox's user, at all its servers.
pub const USER: &str = "reclami";
/// Its address.
pub const ADDRESS: &str = "reclami@comune.example";

/// The house, and the provider's servers.
pub struct House {
    pub app: TestApp,
    pub provider: OAuthServer,
    pub dovecot: Dovecot,
    pub sink: SmtpSink,
    pub admin: Browser,
    /// The mailbox.
    pub id: Uuid,
    /// Every page that the administrator has seen.
    pub seen: String,
    porter: Option<(CancellationToken, TaskTracker)>,
}

impl House {
    /// A mailbox that still signs in with a password, which its servers do not take.
    pub async fn build() -> Option<Self> {
        let provider = OAuthServer::start().await;
        let dovecot = Dovecot::start_with_tokens(&provider.address("introspect"))?;
        let sink = SmtpSink::start_with_tokens(Security::StartTls, provider.checker()).await;
        let app = TestApp::start_with(|config| {
            config.mail.extra_ca = Some(dovecot.certificate_file());
            config.mail.poll_seconds = 600;
            config.server.public_url = "http://localhost:8080".to_owned();
        })
        .await;
        let mut admin = app.administrator().await;
        let fields = settings(&dovecot, &sink);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let added = admin.post("/desk/admin/mailboxes", &fields).await;
        assert_eq!(added.status, 303, "{}", added.words());
        let all = store::mailbox::all(&app.app.desk.db.read, app.organisation()).await.unwrap();
        let id = all.iter().find(|mailbox| mailbox.address == ADDRESS).unwrap().id;
        Some(Self { app, provider, dovecot, sink, admin, id, seen: String::new(), porter: None })
    }

    /// The same, after consent, with the porter at work.
    pub async fn granted() -> Option<Self> {
        let mut house = Self::build().await?;
        house.consent().await;
        house.start_porter();
        Some(house)
    }

    /// Where the administrator sets it up.
    pub fn page(&self) -> String {
        format!("/desk/admin/mailboxes/{}/grant", self.id)
    }

    /// What the administrator types for this provider.
    pub fn form(&self, flow: &'static str) -> Vec<(&'static str, String)> {
        vec![
            ("provider", "other".to_owned()),
            ("flow", flow.to_owned()),
            ("tenant", String::new()),
            ("client_id", OAuthServer::CLIENT_ID.to_owned()),
            ("client_secret", OAuthServer::CLIENT_SECRET.to_owned()),
            ("authorize_url", self.provider.address("authorize")),
            ("token_url", self.provider.address("token")),
            ("scope", "posta offline_access".to_owned()),
        ]
    }

    /// Saves the settings of the mailbox, with some fields changed or added.
    pub async fn change(&mut self, changed: &[(&str, &str)]) -> Page {
        let form = settings(&self.dovecot, &self.sink);
        let kept = form.iter().map(|(name, value)| (*name, value.as_str()));
        let kept = kept.filter(|(name, _)| changed.iter().all(|(field, _)| field != name));
        let fields: Vec<(&str, &str)> = kept.chain(changed.iter().copied()).collect();
        self.admin.post(&format!("/desk/admin/mailboxes/{}", self.id), &fields).await
    }

    /// Sends the form, with some fields changed.
    pub async fn send(&mut self, flow: &'static str, changed: &[(&str, &str)]) -> Page {
        let mut form = self.form(flow);
        for (name, value) in changed {
            form.iter_mut().find(|(field, _)| field == name).unwrap().1 = (*value).to_owned();
        }
        let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let page = self.admin.post(&self.page(), &fields).await;
        self.seen.push_str(&page.body);
        page
    }

    /// Asks for consent; gives the provider's page.
    pub async fn ask(&mut self) -> String {
        let asked = self.send("code", &[]).await;
        assert_eq!(asked.status, 200, "{}", asked.words());
        let page = asked.links("/authorize").remove(0);
        let refresh = asked.headers.get("refresh").expect("the browser goes there by itself");
        assert_eq!(refresh.to_str().unwrap(), format!("0; url={page}"));
        page
    }

    /// Asks for consent, which is given.
    pub async fn consent(&mut self) {
        let page = self.ask().await;
        let back = self.provider.consent(&page).await;
        let done = self.get(&back.path).await;
        assert_eq!(
            (done.status, done.location),
            (303, Some(format!("{}?done=saved", self.page()))),
            "{}",
            done.body
        );
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Page {
        let page = self.admin.get(path).await;
        self.seen.push_str(&page.body);
        page
    }

    pub fn start_porter(&mut self) {
        let stop = CancellationToken::new();
        self.porter = Some((stop.clone(), worker::start(&self.app.app, &stop)));
    }

    pub async fn stop_porter(&mut self) {
        let (stop, tracker) = self.porter.take().expect("it works");
        stop.cancel();
        tracker.wait().await;
    }

    /// A citizen writes.
    pub fn mail(&self, subject: &str) {
        let from = format!("{subject}@libero.example");
        self.dovecot.append(USER, "INBOX", &letter(&from, subject).raw());
    }

    /// Waits until as many work orders are open and as many acknowledgements have left; their subjects.
    pub async fn wait_for_orders(&self, count: usize) -> Vec<String> {
        until(async || self.subjects().await.len() >= count, || format!("{count} work orders")).await;
        self.sink.wait_for(count).await;
        self.subjects().await
    }

    pub async fn subjects(&self) -> Vec<String> {
        let filter = store::work_order::QueueFilter { status: StatusFilter::All, ..Default::default() };
        let (db, organisation) = (&self.app.app.desk.db.read, self.app.organisation());
        let page = store::work_order::queue(db, organisation, &filter, &store::Seek::Start, 1000).await;
        let mut orders = page.unwrap().rows;
        orders.sort_by_key(|order| order.number);
        orders.into_iter().map(|order| order.subject).collect()
    }

    pub async fn mailbox(&self) -> mailbox::Model {
        let db = &self.app.app.desk.db.read;
        store::mailbox::by_id(db, self.app.organisation(), self.id).await.unwrap().unwrap()
    }

    pub async fn grant(&self) -> mailbox_grant::Model {
        let db = &self.app.app.desk.db.read;
        store::grant::by_mailbox(db, self.app.organisation(), self.id).await.unwrap().unwrap()
    }

    /// Almost the whole life of a token passes; the provider knows it, and the mail server throws us out.
    pub fn pass_a_tokens_life(&self) {
        self.app.pass(chrono::Duration::minutes(58));
        self.provider.end_tokens();
        self.dovecot.kick(USER);
    }

    /// Trying the way out opens a new line.
    pub async fn try_exit(&self) -> Result<(), String> {
        self.app.app.mailer(&self.mailbox().await).unwrap().test().await
    }

    /// Somebody else signs in, with the one-time password changed.
    pub async fn colleague(&mut self, role: &str) -> Browser {
        const PASSWORD: &str = "quattro parole a caso";
        let fields = [("login", role), ("name", "Giulia Ferrari"), ("role", role)];
        let words = self.admin.post("/desk/admin/operators", &fields).await.words();
        let one_time = words
            .split_whitespace()
            .find(|word| word.len() == 16 && word.chars().all(|c| c.is_ascii_alphanumeric()))
            .unwrap();
        let mut browser = self.app.browser();
        assert_eq!(browser.post("/desk/login", &[("login", role), ("password", one_time)]).await.status, 303);
        let change = [("current", one_time), ("new", PASSWORD), ("again", PASSWORD)];
        assert_eq!(browser.post("/desk/password", &change).await.status, 303);
        browser
    }
}

/// What the administrator types for a mailbox at these servers.
fn settings(dovecot: &Dovecot, sink: &SmtpSink) -> Vec<(&'static str, String)> {
    let typed = [
        ("address", ADDRESS),
        ("name", "Comune"),
        ("source", "imap"),
        ("imap_host", "localhost"),
        ("imap_security", "tls"),
        ("imap_user", USER),
        ("imap_password", ""),
        ("imap_folder", "INBOX"),
        ("maildir_path", ""),
        ("after", "leave"),
        ("after_folder", ""),
        ("exit", "smtp"),
        ("smtp_host", "localhost"),
        ("smtp_security", "starttls"),
        ("smtp_user", USER),
        ("smtp_password", ""),
        ("exit_path", ""),
        ("acknowledge", "on"),
    ];
    let ports = [("imap_port", dovecot.tls_port.to_string()), ("smtp_port", sink.port.to_string())];
    typed.map(|(name, value)| (name, value.to_owned())).into_iter().chain(ports).collect()
}

pub async fn until(mut holds: impl AsyncFnMut() -> bool, what: impl Fn() -> String) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < PATIENCE, "still waiting for {}", what());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
