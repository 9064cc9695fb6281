//! Remote content: a notification announces a communication, IO (the stand-in, over a real line) comes for it when the citizen opens
//! it, and nobody else gets anything.

mod admin;
mod doors;
mod life;
mod page;
mod traps;

use std::net::{Ipv4Addr, SocketAddr};

use axum::body::Body;
use chrono::Duration;
use entity::{communication, io_remote, io_remote_message};
use http::{Method, Request};
use riscontro::{
    actions::{
        io::{
            message::{self, Written},
            remote::{self, settings},
        },
        reply::{self, Draft},
    },
    domain::{
        io::message::{Typed, read},
        mail::File,
    },
    stand_in::{Group, NEW_INSTITUTION, ready},
    store, web,
};
use tokio::{net::TcpListener, task::JoinHandle};
use uuid::Uuid;

use crate::support::{
    app::TestApp,
    browser::{Browser, Page},
    io::Io,
    letter::letter,
};

const HERE: &str = "/desk/admin/io/remote";
/// Who writes, and her code, which is [`ready::ON`].
const REGISTER: &str = "nome;codice utente;codice fiscale;indirizzo;email\n\
    Verdi Anna;UT-1;VRDNNA80A41A000P;via Solferino 12;anna@libero.example\n";
/// What an operator answers.
const ANSWER: &str =
    "Gentile signora,\n\nil ritiro è riprogrammato per giovedì 5 marzo: 2 * 3 = 6 sacchi.\n\nCordiali saluti";
/// A PDF as far as anybody looks, with the claim of an archive and without.
const ARCHIVED: &[u8] =
    b"%PDF-1.7\n<x:xmpmeta xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\"><pdfaid:part>2</pdfaid:part></x:xmpmeta>";
const PLAIN: &[u8] = b"%PDF-1.4\nniente di particolare";

/// The house, which IO can reach, and IO.
struct World {
    app: TestApp,
    io: Io,
    server: JoinHandle<()>,
}

impl Drop for World {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl World {
    async fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let place = format!("http://{}", listener.local_addr().unwrap());
        let app = TestApp::start_with(|config| {
            config.io.remote = true;
            config.server.public_url = place;
        })
        .await;
        let router = web::router(app.app.clone()).into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let io = app.io().await;
        app.register(REGISTER).await;
        let world = Self { app, io, server };
        world.allow(&[
            Group::ApiRemoteContentConfigurationWrite,
            Group::ApiThirdPartyMessageWrite,
            Group::ApiMessageWriteAdvanced,
        ]);
        world
    }

    fn allow(&self, more: &[Group]) {
        assert!(self.io.stand_in.groups(ready::INSTITUTION, &[&NEW_INSTITUTION, more].concat()));
    }

    /// An administrator turns it on through the page, for the service of the stand-in.
    async fn offer(&self, fields: &[(&str, &str)]) -> Page {
        let mut admin = self.app.administrator().await;
        self.save(&mut admin, fields).await
    }

    async fn save(&self, admin: &mut Browser, fields: &[(&str, &str)]) -> Page {
        let path = format!("{HERE}/{}", self.io.service);
        let version = admin.get(&path).await.field("version");
        let mut all = vec![("version", version.as_str())];
        if !fields.iter().any(|(name, _)| *name == "offered") {
            all.push(("offered", "on"));
        }
        if !fields.iter().any(|(name, _)| *name == "precondition") {
            all.push(("precondition", "NEVER"));
        }
        all.extend(fields);
        admin.post(&path, &all).await
    }

    async fn row(&self) -> io_remote::Model {
        let db = &self.app.app.desk.db.read;
        store::io_remote::of_service(db, self.app.organisation(), self.io.service).await.unwrap().unwrap()
    }

    /// The key that IO should know.
    async fn key(&self) -> String {
        self.app.app.desk.keys.open(&self.row().await.key).unwrap()
    }

    /// Anna has written, and an operator has answered, with files.
    async fn answered(&self, text: &str, files: &[(&str, &'static [u8])]) -> communication::Model {
        self.app.mail_in(letter("Anna Verdi <anna@libero.example>", "Mancato ritiro").raw()).await;
        let order = self.app.order("2026/000001").await;
        let (desk, cx) = (&self.app.app.desk, self.app.cx());
        let thread =
            store::communication::thread(&desk.db.read, cx.organisation, order.id, None, 10).await.unwrap();
        let token = Uuid::now_v7();
        let file = |(name, bytes): &(&str, &[u8])| File {
            name: (*name).to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: bytes.to_vec(),
            content_id: None,
        };
        let draft = Draft {
            token,
            seen: thread.rows.last().map(|row| row.id),
            to: vec!["anna@libero.example".to_owned()],
            text: text.to_owned(),
            files: files.iter().map(file).collect(),
            status: None,
        };
        reply::reply(desk, &cx, order.id, draft).await.unwrap();
        store::communication::by_id(&desk.db.read, cx.organisation, token).await.unwrap().unwrap()
    }

    /// A notification about the work order that announces a communication.
    async fn announce(
        &self,
        what: &communication::Model,
    ) -> Result<io_remote_message::Model, riscontro::actions::Error> {
        let typed = Typed {
            recipient: ready::ON,
            subject: "Abbiamo risposto alla tua richiesta",
            body: "C'è una risposta alla tua richiesta 2026/000001. Apri questo messaggio per leggerla: il testo resta da noi.",
            ..Typed::default()
        };
        let written = Written {
            token: Uuid::now_v7(),
            service: self.io.service,
            message: read(&typed).unwrap(),
            work_order: Some(what.work_order_id),
            taxpayer: None,
            follows: None,
            remind_days: None,
            attach: None,
        };
        let (desk, cx) = (&self.app.app.desk, self.app.cx());
        let row = message::write(desk, &cx, &written).await.unwrap();
        let tx = desk.db.begin().await.unwrap();
        remote::attach(&tx, &cx, &row, what).await?;
        tx.commit().await.unwrap();
        Ok(store::io_remote::of_message(&desk.db.read, cx.organisation, row.id).await.unwrap().unwrap())
    }

    /// It leaves, and IO has it.
    async fn carried(&self) -> String {
        self.app.io_passes(&self.io, Duration::minutes(1)).await;
        let messages = self.io.stand_in.messages();
        assert_eq!(messages.len(), 1, "{messages:?}");
        messages[0].id.clone()
    }

    /// Asks as IO does.
    async fn ask(&self, id: Uuid, rest: &str) -> Page {
        let key = self.key().await;
        self.ask_with(
            &format!("messages/{id}{rest}"),
            &[("x-riscontro-key", &key), ("fiscal_code", ready::ON)],
        )
        .await
    }

    async fn ask_with(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        asked(&self.app, &format!("/io/remote/{}/{path}", self.io.service), fields).await
    }
}

async fn asked(app: &TestApp, path: &str, fields: &[(&str, &str)]) -> Page {
    app.browser().receive(request(path, fields)).await
}

fn request(path: &str, fields: &[(&str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(Method::GET).uri(path).header("host", "localhost:8080");
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    request.body(Body::empty()).unwrap()
}

fn json(page: &Page) -> serde_json::Value {
    serde_json::from_slice(&page.bytes).unwrap()
}

/// Where IO finds the messages of the service.
fn base_url(world: &World) -> String {
    settings::base_url(&world.app.app.desk, world.io.service)
}
