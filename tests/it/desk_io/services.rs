//! Services on IO at the administrator's pages: where IO is, sheets and their life, keys, to whom a service may write.

mod account;
mod deleting;
mod doors;
mod importing;
mod keys;
mod making;
mod names;
mod sending;
mod sheets;
mod stopped;

use std::net::{Ipv4Addr, SocketAddr};

use chrono::Duration;
use entity::io_service::Model;
use riscontro::{
    stand_in::{Clock, StandIn},
    store, worker,
};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::support::{
    app::TestApp,
    browser::{Browser, Page},
    io::Io,
};

const HERE: &str = "/desk/admin/io";
const SERVICES: &str = "/desk/admin/io/services";

/// All that a sheet needs to be approved, as it is typed.
const COMPLETE: &[(&str, &str)] = &[
    ("name", "Raccolta differenziata dei rifiuti"),
    ("description", "I giorni della raccolta e le variazioni nella tua via."),
    ("organization", "Ambiente Valle Serena S.p.A."),
    ("organization_fiscal_code", "01234567897"),
    ("topic_id", "4"),
    ("scope", "LOCAL"),
    ("privacy_url", "https://valleserena.example/privacy"),
    ("phone", "030 1234567"),
    ("authorized_cidrs", "127.0.0.1"),
    ("suitable_for_minors", "true"),
];

/// A house whose administrator is at work, and IO beside it.
async fn house() -> (TestApp, Io, Browser) {
    let app = TestApp::start().await;
    let io = app.io().await;
    let admin = app.administrator().await;
    (app, io, admin)
}

/// Another IO, on a port of its own, as long as the test lasts; and its address.
async fn io_beside(clock: Clock) -> (StandIn, String) {
    let stand_in = StandIn::new(clock);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let base_url = format!("http://{}/api/v1", listener.local_addr().unwrap());
    let router = stand_in.router().into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (stand_in, base_url)
}

/// `fields`, with others in the place of some.
fn with<'a>(fields: &[(&'a str, &'a str)], changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all: Vec<(&str, &str)> = fields.to_vec();
    all.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
    all.extend(changed);
    all
}

fn says(page: &Page, words: &[&str]) {
    let said = page.words().replace("&#39;", "'");
    for words in words {
        assert!(said.contains(words), "{words}: {said}");
    }
}

/// The act was done, and the page that follows says so.
fn done(page: &Page) -> &str {
    assert_eq!(page.status, 303, "{}", page.words());
    page.location.as_deref().and_then(|to| to.rsplit_once("done=")).map_or("", |(_, word)| word)
}

/// The page of the service on which an act ended.
fn landed(page: &Page) -> String {
    page.location.as_deref().and_then(|to| to.split('?').next()).unwrap_or_default().to_owned()
}

fn id_of(path: &str) -> Uuid {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

/// Sends the form of an existing sheet, everything else as it stands there.
async fn edit(admin: &mut Browser, path: &str, changed: &[(&str, &str)]) -> Page {
    let page = admin.get(&format!("{path}/sheet")).await;
    assert_eq!(page.status, 200, "{}", page.words());
    send_again(admin, path, &page, changed).await
}

/// Sends the form that a page shows.
async fn send_again(admin: &mut Browser, path: &str, page: &Page, changed: &[(&str, &str)]) -> Page {
    let typed = form(page);
    let typed: Vec<(&str, &str)> =
        typed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    admin.post(&format!("{path}/sheet"), &with(&typed, changed)).await
}

/// Every field of the sheet's form, as a browser would send it.
fn form(page: &Page) -> Vec<(String, String)> {
    let body = &page.body[page.body.find("name=\"token\"").unwrap()..];
    let unescaped = |text: &str| {
        let text = text.replace("&#x2f;", "/").replace("&quot;", "\"").replace("&#39;", "'");
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    };
    let mut fields =
        vec![("version".to_owned(), page.field("version")), ("token".to_owned(), page.field("token"))];
    for tag in body.split('<').filter(|tag| tag.contains("name=\"")) {
        let name = tag.split_once("name=\"").unwrap().1.split('"').next().unwrap().to_owned();
        if tag.starts_with("input") && tag.contains("type=\"checkbox\"") {
            if tag.contains(" checked") {
                fields.push((name, "on".to_owned()));
            }
        } else if tag.starts_with("input") {
            let value = tag.split_once(" value=\"").map_or("", |(_, after)| after.split('"').next().unwrap());
            fields.push((name, unescaped(value)));
        } else if tag.starts_with("textarea") {
            let text = tag.split_once('>').unwrap().1;
            fields.push((name, unescaped(text.strip_prefix('\n').unwrap_or(text))));
        } else if tag.starts_with("select") {
            let after = body.split_once(&format!("<{tag}")).unwrap().1.split("</select>").next().unwrap();
            let chosen = after.split("<option").find(|option| option.contains(" selected"));
            let value = chosen.and_then(|option| option.split_once("value=\"")?.1.split('"').next());
            fields.push((name, value.unwrap_or_default().to_owned()));
        }
    }
    fields
}

impl TestApp {
    async fn io_row(&self, id: Uuid) -> Model {
        store::io_service::by_id(&self.app.desk.db.read, self.organisation(), id).await.unwrap().unwrap()
    }

    /// A draft is written here and created at IO; gives its page.
    async fn io_made(&self, admin: &mut Browser, changed: &[(&str, &str)]) -> String {
        let token = Uuid::now_v7().to_string();
        let more = with(changed, &[("token", &token), ("act", "make")]);
        let made = admin.post(&format!("{SERVICES}/new"), &with(COMPLETE, &more)).await;
        assert_eq!(done(&made), "made");
        landed(&made)
    }

    /// The stand-in's first service, as IO knows it.
    async fn io_imported(&self, admin: &mut Browser, io: &Io) -> String {
        let imported = admin.post(&format!("{SERVICES}/import"), &[]).await;
        assert_eq!(imported.status, 303, "{}", imported.words());
        format!("{SERVICES}/{}", io.service)
    }

    /// Time goes by in both houses, and the porter looks after reviews.
    async fn review_goes_on(&self, io: &Io, time: Duration) {
        self.pass(time);
        io.stand_in.advance(time);
        worker::io_services::look_after(&self.app).await.unwrap();
    }
}
