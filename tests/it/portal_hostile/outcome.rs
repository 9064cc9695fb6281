//! What came of it.

use std::collections::{HashMap, HashSet};

use axum::http::{Method, header};
use entity::{submission::State, work_order};
use rand::seq::IndexedRandom;
use riscontro::{domain::link, store, worker};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{Siege, poison};
use crate::support::{
    app::TestApp,
    browser::{Browser, Page},
    citizen::Citizen,
    html,
};

/// Receipts that are set: each takes a while.
const RECEIPTS: usize = 12;

/// Whether a mail server could take it for more than one address, or for none.
fn is_one_address(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.@".contains(c);
    text.chars().all(plain)
        && text.matches('@').count() == 1
        && !text.starts_with('@')
        && !text.ends_with('@')
}

impl Siege {
    async fn orders(&self) -> Vec<work_order::Model> {
        let orders = work_order::Entity::find().order_by_asc(work_order::Column::Number);
        orders.all(&self.house.app.desk.db.read).await.unwrap()
    }

    /// The link of somebody who follows something.
    pub async fn some_link(&mut self) -> Option<String> {
        let app = &self.house.app;
        // One of the newest: their matters are open.
        let newest = entity::follower::Entity::find().order_by_desc(entity::follower::Column::Id).limit(40);
        let followers = newest.all(&app.desk.db.read).await.unwrap();
        followers.choose(&mut self.random).map(|follower| link::follower(&app.desk.keys, follower))
    }

    /// Letters went only to who typed the address, one address each, and say nothing that anybody typed.
    pub async fn nobody_else_got_mail(&mut self) {
        let db = &self.house.app.desk.db.read;
        let mut recipients = HashMap::new();
        let authors: HashMap<Uuid, String> = entity::submission::Entity::find()
            .all(db)
            .await
            .unwrap()
            .into_iter()
            .filter(|one| one.state == State::Accepted)
            .filter_map(|one| Some((one.work_order_id?, one.answers.get("email").trim().to_lowercase())))
            .collect();
        for delivery in entity::delivery::Entity::find().all(db).await.unwrap() {
            let letter =
                store::communication::by_id(db, delivery.organisation_id, delivery.communication_id).await;
            let letter = letter.unwrap().unwrap();
            assert!(is_one_address(&delivery.recipient), "{:?}", delivery.recipient);
            assert_eq!(authors.get(&letter.work_order_id), Some(&delivery.recipient));
            *recipients.entry(delivery.recipient).or_insert(0) += 1;
        }
        assert!(!recipients.is_empty());
        for errand in entity::errand::Entity::find().all(db).await.unwrap() {
            assert!(is_one_address(&errand.recipient), "{:?}", errand.recipient);
            assert!(self.typed.contains(&errand.recipient), "{} never asked", errand.recipient);
            *recipients.entry(errand.recipient).or_insert(0) += 1;
        }
        let mut letters = self.house.letters_out().await;
        worker::errand::run_due(&self.house.app).await.unwrap();
        letters.extend(self.house.letters_out().await);
        assert!(!letters.is_empty());
        for letter in letters {
            let raw = &letter.raw;
            let (head, _) = raw.split_once("\r\n\r\n").unwrap();
            let fields: Vec<&str> = head.lines().filter(|line| !line.starts_with([' ', '\t'])).collect();
            let to: Vec<&&str> =
                fields.iter().filter(|line| line.to_ascii_lowercase().starts_with("to:")).collect();
            assert_eq!(to.len(), 1, "{head}");
            let stray = fields.iter().any(|line| {
                let line = line.to_ascii_lowercase();
                line.starts_with("cc:") || line.starts_with("bcc:")
            });
            assert!(!stray, "{head}");
            let [to] = letter.mail.to.as_slice() else { panic!("{head}") };
            assert!(recipients.contains_key(&to.address.to_lowercase()), "{head}");
            assert_eq!(to.name, "", "a name that somebody typed");
            let read = format!("{raw}{}{}", letter.mail.subject, letter.mail.text);
            assert!(!read.contains(poison::MARK), "{read}");
            assert!(!to.address.ends_with("@evil.example"), "{head}");
        }
    }

    /// Every page that shows what was typed, in the desk and in the portal.
    pub async fn nothing_runs(&mut self) {
        let mut desk = self.house.administrator().await;
        let held = self.house.waiting().await;
        for id in &held {
            look(&mut desk, &format!("/desk/submissions/{id}")).await;
        }
        look(&mut desk, "/desk/submissions").await;
        for id in &held {
            let admitted = desk.post(&format!("/desk/submissions/{id}/admit"), &[]).await;
            assert!(admitted.status < 500, "{}", admitted.body);
        }
        let orders = self.orders().await;
        let mut taxpayers = HashSet::new();
        for order in &orders {
            let number = format!("{}-{:06}", order.year, order.number);
            look(&mut desk, &format!("/desk/work-orders/{number}")).await;
            taxpayers.insert(order.taxpayer_id);
        }
        for taxpayer in taxpayers {
            look(&mut desk, &format!("/desk/taxpayers/{taxpayer}")).await;
        }
        self.publish_some(&mut desk, &orders).await;
        self.the_queue(&mut desk).await;
        self.the_portal(&orders).await;
        self.nothing_steers().await;
    }

    async fn the_queue(&self, desk: &mut Browser) {
        let mut next = Some("/desk/queue?status=all".to_owned());
        let mut seen = HashSet::new();
        while let Some(path) = next.filter(|path| seen.insert(path.clone())) {
            let page = look(desk, &path).await;
            next = page.links("after=").into_iter().next();
        }
        assert!(seen.len() > 1, "the queue has several pages");
    }

    /// An operator publishes what was written, word by word: nobody should, somebody will.
    async fn publish_some(&self, desk: &mut Browser, orders: &[work_order::Model]) {
        let db = &self.house.app.desk.db.read;
        for order in orders.iter().rev().take(40) {
            let thread =
                store::communication::thread(db, order.organisation_id, order.id, None, 1).await.unwrap();
            let words: String = thread.rows[0].text.chars().take(1_500).collect();
            let subject: String = order.subject.chars().take(150).collect();
            let path = format!("/desk/work-orders/{}-{:06}/publication", order.year, order.number);
            let fields =
                [("title", subject.as_str()), ("text", &words), ("address", &subject), ("confirmed", "on")];
            let published = desk.post(&path, &fields).await;
            assert!(published.status < 500, "{}", published.body);
        }
    }

    async fn the_portal(&mut self, orders: &[work_order::Model]) {
        let app = self.house.app.clone();
        let db = &app.desk.db.read;
        let mut browser = self.house.browser();
        for path in ["", "/elenco", "/elenco.json", "/avvisi", "/avvisi.atom"] {
            look(&mut browser, &format!("/sportello/ente{path}")).await;
        }
        let ids: Vec<Uuid> = orders.iter().map(|order| order.id).collect();
        let mut receipts = 0;
        for ids in ids.chunks(500) {
            let followers = store::follower::authors(db, self.house.organisation(), ids).await.unwrap();
            for follower in followers {
                let base = format!("/sportello/ente/segui/{}", link::follower(&app.desk.keys, &follower));
                let page = look(&mut browser, &base).await;
                for file in page.links("/allegati/") {
                    let file = browser.get(&file).await;
                    let media = file.headers[header::CONTENT_TYPE].to_str().unwrap().to_owned();
                    let inert = !["html", "svg", "xml", "script"].iter().any(|bad| media.contains(bad));
                    assert!(file.status < 500 && inert, "{media}");
                }
                if receipts < RECEIPTS {
                    receipts += 1;
                    let receipt = browser.get(&format!("{base}/ricevuta.pdf")).await;
                    assert!(receipt.status < 500, "{base}");
                }
            }
        }
    }

    /// Nothing that is stored turns the direction of reading or steers a terminal.
    async fn nothing_steers(&self) {
        let steers = |text: &str| {
            text.chars().any(|c| {
                let bidi = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
                bidi || c.is_control() && !matches!(c, '\n' | '\t')
            })
        };
        let db = &self.house.app.desk.db.read;
        for one in entity::communication::Entity::find().all(db).await.unwrap() {
            for text in [&one.subject, &one.text, &one.from_name, &one.from_address] {
                assert!(!steers(text), "{text:?}");
            }
        }
        for one in entity::follower::Entity::find().all(db).await.unwrap() {
            for text in [&one.name, &one.address, &one.phone, &one.fiscal_code] {
                assert!(!steers(text), "{text:?}");
            }
        }
        for one in entity::attachment::Entity::find().all(db).await.unwrap() {
            assert!(!steers(&one.name) && !one.name.contains(['/', '\\']), "{:?}", one.name);
        }
    }

    /// After all that, somebody with a full bin.
    pub async fn the_portal_still_serves(&mut self) {
        let request = serde_json::json!({
            "kind": "disruption", "answers": Citizen::new(&self.forms["disruption"], 1_000_000).answers(),
        });
        let request = self.call(
            "/api/v1/ente/requests",
            "application/json",
            "the-last-one",
            request.to_string().into(),
        );
        let taken = self.knock(request, "the last one").await;
        assert_eq!(taken.status, 201, "{}", taken.body);
        let home = Self::browse(Method::GET, "/sportello/ente", "text/plain", Vec::new());
        assert_eq!(self.knock(home, "the first page").await.status, 200);
    }
}

/// Opens a page on which nothing may run.
async fn look(browser: &mut Browser, path: &str) -> Page {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.words());
    let found = html::runs(&page.body, poison::MARK);
    assert!(found.is_empty(), "{path}: {found:?}");
    page
}

impl TestApp {
    /// Takes the files away that an app handed over and never used.
    pub async fn forget_uploads(&self) {
        use riscontro::actions::{
            Cx,
            submission::{Owner, remove_file},
        };
        let db = &self.app.desk.db.read;
        let of_apps = entity::upload::Column::AppKeyId.is_not_null();
        for upload in entity::upload::Entity::find().filter(of_apps).all(db).await.unwrap() {
            let cx = Cx::system(upload.organisation_id, self.now());
            let owner = Owner::App(upload.app_key_id.unwrap());
            remove_file(&self.app.desk, &cx, owner, upload.id).await.unwrap();
        }
    }

    /// Forms that wait for an operator.
    async fn waiting(&self) -> Vec<Uuid> {
        let all = entity::submission::Entity::find().all(&self.app.desk.db.read).await.unwrap();
        all.into_iter().filter(|one| one.state == State::Held).map(|one| one.id).collect()
    }
}
