//! A real Chromium at the real pages: `node tests/browser/*.mjs` against a house with believable letters in it. What the
//! scripts see and press is in them; here is the world that they enter, and what must have left the house afterwards.

mod citizens;
mod io;
mod io_services;
mod stand_in;
mod updates;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use axum::{
    extract::Request,
    middleware::{self, Next},
    response::Response,
};
use chrono::Duration;
use entity::{mailbox::Kind, operator::Role};
use riscontro::{
    actions::{Cx, deliver, mailbox, operator},
    domain::mail::SendOutcome,
    store, web,
};
use tokio::net::TcpListener;
use uuid::Uuid;

use crate::support::{
    app::{BOX, TestApp},
    browser::Browser,
    letter::letter,
    pec::{Provider, Receipt, identifier},
    skip_without,
};

const SLOW_LINE: std::time::Duration = std::time::Duration::from_secs(1);
const LOGIN: &str = "giulia";
const ONE_TIME_PASSWORD: &str = "una-volta-sola-2026";

const REGISTER: &str = "nome;codice utente;codice fiscale;indirizzo;email\n\
    Riccomini Emanuele;UT-1;RCCMNL83S18D969H;via Solferino 12, Castelverde;emanuele.riccomini@libero.example\n\
    Conti Chiara;UT-2;CNTCHR83T41D969D;via Roma 2, Castelverde;chiara.conti@libero.example\n\
    Martini Antonio;UT-3;MRTNTN23M02D969P;piazza della Libertà 7, Castelverde;\n";

/// A picture of one red pixel.
const PICTURE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_accessible_and_keeps_to_its_policy() {
    let Some(chromium) = chromium() else { return };
    let app = world().await;
    app.strange_mail_comes().await;
    run("pages.mjs", &chromium, &app, &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_works_through_the_desk() {
    let Some(chromium) = chromium() else { return };
    let app = world().await;
    run("flow.mjs", &chromium, &app, &[("JAVASCRIPT", "on")]).await;
    one_reply_has_left(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_works_through_the_desk_without_javascript() {
    let Some(chromium) = chromium() else { return };
    let app = world().await;
    run("flow.mjs", &chromium, &app, &[("JAVASCRIPT", "off")]).await;
    one_reply_has_left(&app).await;
}

/// The flow presses the button twice: one letter, with its file.
async fn one_reply_has_left(app: &TestApp) {
    let mut letters = app.letters_out().await;
    letters.retain(|letter| !letter.raw.contains("Auto-Submitted"));
    assert_eq!(letters.len(), 1, "{letters:?}");
    let mail = &letters[0].mail;
    assert_eq!(mail.to[0].address, "antonio.m@posta.example");
    assert!(mail.text.contains("la compostiera si ritira"), "{}", mail.text);
    assert_eq!(
        (mail.attachments[0].name.as_str(), &mail.attachments[0].bytes[..]),
        ("orari.pdf", &b"%PDF-1.7"[..])
    );
}

/// Serves the pages on a free port and lets a script walk through them.
async fn run(script: &str, chromium: &Path, app: &TestApp, more: &[(&str, &str)]) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let pages = web::router(app.app.clone()).layer(middleware::from_fn(slow_line));
    let pages = pages.into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async { axum::serve(listener, pages).await });

    walk(script, chromium, &base, more).await;
    server.abort();
}

/// Lets a script walk through the pages of an address.
async fn walk(script: &str, chromium: &Path, base: &str, more: &[(&str, &str)]) {
    let mut node = Command::new("node");
    node.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser").join(script));
    node.env("BASE", base).env("CHROMIUM", chromium).env("LOGIN", LOGIN).env("PASSWORD", ONE_TIME_PASSWORD);
    node.envs(more.iter().copied());
    let ended = tokio::task::spawn_blocking(move || node.output().unwrap()).await.unwrap();
    let [said, complained] =
        [&ended.stdout, &ended.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    assert!(ended.status.success(), "{script}: {}\n{said}{complained}", ended.status);
}

/// A reply is registered at once, but its answer is long on the way: time to press the button again.
async fn slow_line(request: Request, next: Next) -> Response {
    let is_reply = request.uri().path().ends_with("/replies");
    let answer = next.run(request).await;
    if is_reply {
        tokio::time::sleep(SLOW_LINE).await;
    }
    answer
}

/// Chromium, or the test says that it is skipped. `CHROMIUM` names one in an unusual place. Node and the scripts'
/// modules were needed to build this very binary, unless its front end was built elsewhere.
fn chromium() -> Option<PathBuf> {
    const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let found = named.or_else(|| NAMES.iter().find_map(|name| program(name)));
    if found.is_none() {
        skip_without("chromium");
    } else if program("node").is_none() {
        skip_without("node");
        return None;
    } else if !Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/node_modules/playwright-core").exists() {
        skip_without("playwright-core (npm ci in assets)");
        return None;
    }
    found
}

fn program(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// A house on an ordinary Monday, with Giulia's one-time password still to be used. The scripts know the numbers.
async fn world() -> TestApp {
    let app = TestApp::start_with(|config| config.mail.attempts = 1).await;
    app.register(REGISTER).await;
    app.mails_in(&[
        &plain_with_a_file(),       // 2026/000001, answered, and the answer is refused
        &html_with_a_picture(),     // 2026/000002
        &unknown_with_candidates(), // 2026/000003
        &asked_and_answered(),      // 2026/000004, closed
    ])
    .await;
    app.letters_out().await;
    app.pass(Duration::hours(3));

    let mut desk = app.administrator().await;
    answer(
        &mut desk,
        "2026-000004",
        "Gentile signora Conti,\r\nil centro apre alle 8:30.",
        &[("close", "on")],
    )
    .await;
    app.letters_out().await;
    answer(&mut desk, "2026-000001", "Gentile signor Riccomini,\r\nla squadra passa giovedì.", &[]).await;
    app.letters_come_back("550 5.1.1 <emanuele.riccomini@libero.example>: user unknown").await;
    let note = [("id", &*Uuid::now_v7().to_string()), ("body", "Sentita la squadra: cassonetto spostato.")];
    assert_eq!(desk.post("/desk/work-orders/2026-000001/notes", &note).await.status, 303);
    app.a_mailbox_fails().await;
    app.giulia_joins().await;
    app
}

async fn answer(desk: &mut Browser, number: &str, body: &str, more: &[(&str, &str)]) {
    let path = format!("/desk/work-orders/{number}");
    let page = desk.get(&path).await;
    let [id, seen, to] = ["id", "seen", "to"].map(|name| page.field(name));
    let mut fields = vec![("id", id.as_str()), ("seen", seen.as_str()), ("to", to.as_str()), ("body", body)];
    fields.extend(more);
    let sent = desk.post_files(&format!("{path}/replies"), &fields, &[]).await;
    assert_eq!(sent.status, 303, "{}", sent.words());
}

impl TestApp {
    /// The server takes none of the waiting letters.
    async fn letters_come_back(&self, words: &str) {
        let desk = &self.app.desk;
        let owner = Uuid::now_v7();
        for letter in deliver::claim(desk, owner, self.now(), 10).await.unwrap() {
            let refused = SendOutcome::Refused(words.to_owned());
            deliver::settle(desk, &letter, owner, &refused, self.now()).await.unwrap();
        }
    }

    /// Each page carries a banner about it.
    async fn a_mailbox_fails(&self) {
        let cx = Cx::system(self.organisation(), self.now());
        let mut failing = mailbox::blank(&cx);
        "segreteria@ente.example".clone_into(&mut failing.address);
        "imap.ente.example".clone_into(&mut failing.imap_host);
        let tx = self.app.desk.db.begin().await.unwrap();
        store::mailbox::insert(&tx, failing.clone()).await.unwrap();
        tx.commit().await.unwrap();
        let words = "imap.ente.example:993: NO [AUTHENTICATIONFAILED] Authentication failed.";
        mailbox::failed(&self.app.desk, &failing, self.now(), words, false).await.unwrap();
    }

    /// Certified mail with its receipts, a letter that quotes and encloses another, a report, a mail that cannot be read.
    async fn strange_mail_comes(&self) {
        let provider = Provider::new();
        let certified = self.add_mailbox("protocollo@pec.ente.example", Kind::Pec).await;
        let rossi = "rossi@pec.gestore.example";
        let first =
            letter(rossi, "Rettifica della bolletta").says("Chiedo la rettifica: pago 10 euro.\n").raw();
        let altered = letter(rossi, "Altra bolletta").says("pago 10 euro\n").raw();
        let altered = provider.envelope(&altered, "bianchi@pec.example", &certified.address);
        let altered = String::from_utf8(altered).unwrap().replace("10 euro", "90 euro");
        let envelope = provider.envelope(&first, rossi, &certified.address);
        self.mails_in_box(&certified, &[&envelope, altered.as_bytes()]).await; // 2026/000005, 2026/000006
        self.letters_out_of(&certified).await;
        let two = [rossi, "studio@legale.example"];
        self.answer("2026/000005", &two, "Gentile signore, provvediamo.", Vec::new()).await;
        let out = self.letters_out_of(&certified).await;
        let identifier = identifier();
        for (letter, kind, words) in [
            (0, "accettazione", ""),
            (0, "avvenuta-consegna", ""),
            (1, "accettazione", ""),
            (1, "errore-consegna", "5.1.1 - casella inesistente"),
        ] {
            let out = &out[letter].mail;
            let receipt = Receipt {
                kind,
                reference: out.message_id.as_deref().unwrap(),
                sender: &certified.address,
                to: &out.to[0].address,
                recipient_kind: "certificato",
                identifier: &identifier,
                words,
            };
            self.mails_in_box(&certified, &[&provider.receipt(&receipt)]).await;
        }
        let answer = quoting_and_enclosing(rossi, out[0].mail.message_id.as_deref().unwrap());
        self.mails_in_box(&certified, &[&provider.envelope(&answer, rossi, &certified.address)]).await;
        self.mail_in(&answer).await;
        self.stuck(&letter("a@posta.example", "Illeggibile").raw()).await;
        self.pass(Duration::hours(1));
    }

    async fn giulia_joins(&self) {
        let cx = Cx::system(self.organisation(), self.now());
        let (login, name) = (LOGIN.to_owned(), "Giulia Ferrari".to_owned());
        let form =
            operator::Form { login, name, email: String::new(), role: Role::Administrator, active: true };
        operator::add(&self.app.desk, &cx, &form, ONE_TIME_PASSWORD).await.unwrap();
    }
}

fn plain_with_a_file() -> Vec<u8> {
    let parts = "--b\nContent-Type: text/plain; charset=utf-8\n\nBuongiorno,\n\nla carta non è stata ritirata né \
        lunedì scorso né oggi. In allegato il calendario.\n\n> Il calendario vale da gennaio.\n\nEmanuele Riccomini\n\
        --b\nContent-Type: application/pdf; name=\"calendario.pdf\"\nContent-Disposition: attachment; \
        filename=\"calendario.pdf\"\n\n%PDF-1.7\n--b--\n";
    mixed(
        "Emanuele Riccomini <emanuele.riccomini@libero.example>",
        "Carta non ritirata in via Solferino",
        "mixed",
        parts,
    )
}

/// As mail programs write them: headings of their own, tables for layout, pictures without words.
fn html_with_a_picture() -> Vec<u8> {
    let parts = format!(
        "--b\nContent-Type: text/html; charset=utf-8\n\n<html><body bgcolor=\"#000000\"><h1>Cassonetto rotto</h1>\
         <table width=\"900\"><tr><td><font color=\"#dddddd\">Il coperchio <b>non si chiude</b> da giorni:</font></td>\
         <td><a href=\"https://foto.example/\"><img src=\"cid:foto@libero.example\" width=\"700\"></a></td></tr></table><h4>Saluti</h4>\
         <p>Chiara <a href=\"https://chiara.example/\"><img src=\"https://conta.example/letto.gif\"></a></p></body></html>\n\
         --b\nContent-Type: image/png; name=\"foto.png\"\nContent-ID: <foto@libero.example>\n\
         Content-Disposition: inline; filename=\"foto.png\"\nContent-Transfer-Encoding: base64\n\n{PICTURE}\n--b--\n"
    );
    mixed("Chiara Conti <chiara.conti@libero.example>", "Cassonetto rotto in via Roma", "related", &parts)
}

fn unknown_with_candidates() -> Vec<u8> {
    letter("Antonio <antonio.m@posta.example>", "Ritiro della compostiera")
        .says("Buongiorno, vorrei una compostiera. Quando si può ritirare?\nCodice utente UT-3\n")
        .raw()
}

fn quoting_and_enclosing(from: &str, answered: &str) -> Vec<u8> {
    let parts = "--b\nContent-Type: text/plain; charset=utf-8\n\nVa bene, allego il preventivo.\n\n\
        Il giorno lun 2 mar 2026 alle ore 12:10 <protocollo@pec.ente.example> ha scritto:\n> Gentile signore, provvediamo.\n\
        --b\nContent-Type: message/rfc822\n\nFrom: Giardiniere <verde@giardini.example>\nSubject: Preventivo del giardiniere\n\
        Date: Sun, 1 Mar 2026 22:30:00 +0000\n\nSono 120 euro: https://giardini.example/preventivo\n--b--\n";
    let raw = String::from_utf8(mixed(from, "Re: Rettifica della bolletta", "mixed", parts)).unwrap();
    let headers =
        format!("In-Reply-To: <{answered}>\r\nReply-To: segreteria@pec.gestore.example\r\nMIME-Version");
    raw.replacen("MIME-Version", &headers, 1).into_bytes()
}

fn asked_and_answered() -> Vec<u8> {
    letter("Chiara Conti <chiara.conti@libero.example>", "Orari del centro di raccolta")
        .says("Buongiorno, a che ora apre il centro di raccolta?\n")
        .raw()
}

fn mixed(from: &str, subject: &str, kind: &str, parts: &str) -> Vec<u8> {
    let id = Uuid::now_v7().simple();
    format!(
        "From: {from}\nTo: {BOX}\nSubject: {subject}\nMessage-ID: <{id}@libero.example>\n\
         Date: Mon, 2 Mar 2026 08:50:00 +0100\nMIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary=b\n\n{parts}"
    )
    .replace('\n', "\r\n")
    .into_bytes()
}
