//! Following a request by link, or by number and code: what its author sees and does, and what nobody else does.

use chrono::Duration;
use entity::{follower, language::Language, work_order::Status};
use riscontro::{
    actions::{
        reply,
        work_order::{self as orders, Change},
    },
    domain::link,
    store,
};
use uuid::Uuid;

use super::Held;
use crate::support::{app::TestApp, browser::Page};

impl TestApp {
    pub(super) async fn status(&self, held: &Held, status: Status) {
        let change = Change { status: Some(status), ..Change::default() };
        orders::change(&self.app.desk, &self.cx(), held.order, change).await.unwrap();
    }

    pub(super) async fn answers(&self, held: &Held, to: &str, text: &str) {
        self.replies(held.order, (to, text), None).await;
    }

    /// "Invia e chiudi".
    pub(super) async fn closes(&self, held: &Held, to: &str, text: &str) {
        self.replies(held.order, (to, text), Some(Status::Closed)).await;
    }

    pub(super) async fn replies(&self, order: Uuid, (to, text): (&str, &str), status: Option<Status>) {
        let newest = store::communication::newest(&self.app.desk.db.read, self.organisation(), order).await;
        let draft = reply::Draft {
            token: Uuid::now_v7(),
            seen: newest.unwrap(),
            to: vec![to.to_owned()],
            text: text.to_owned(),
            files: Vec::new(),
            status,
        };
        reply::reply(&self.app.desk, &self.operators_cx().await, order, draft).await.unwrap();
    }

    pub(super) async fn state_of(&self, held: &Held) -> entity::work_order::Model {
        let found = store::work_order::by_id(&self.app.desk.db.read, self.organisation(), held.order).await;
        found.unwrap().unwrap()
    }

    pub async fn follower_of(&self, held: &Held) -> follower::Model {
        let found = store::follower::by_id(&self.app.desk.db.read, self.organisation(), held.follower).await;
        found.unwrap().unwrap()
    }
}

pub(super) async fn send(
    app: &TestApp,
    held: &Held,
    fields: &[(&str, &str)],
    files: &[(&str, &str, &[u8])],
) -> Page {
    app.browser().post_files(&format!("{}/risposta", held.here), fields, files).await
}

#[tokio::test]
async fn its_author_sees_state_next_date_and_the_letters_and_nothing_else() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", "anna@libero.example"), ("name", "Anna")]).await;
    app.confirm(&held).await;
    let me = app.operators_cx().await;
    reply::note(&app.app.desk, &me, held.order, Uuid::now_v7(), "Nota: il cittadino insiste.").await.unwrap();
    app.status(&held, Status::InProgress).await;
    app.answers(&held, "anna@libero.example", "Passiamo giovedì.").await;
    app.answers(&held, "ditta@appalti.example", "Vai a vedere, per favore.").await;
    let page = app.browser().get(&held.here).await;
    let words = page.words();
    assert_eq!(page.status, 200);
    for seen in [
        "In lavorazione",
        "Risposta entro il 09/03/2026",
        "Presa in carico",
        &held.title,
        "Passiamo giovedì.",
    ] {
        assert!(words.contains(seen), "{seen}: {words}");
    }
    for hidden in ["Nota: il cittadino", "Vai a vedere", "ditta@appalti"] {
        assert!(!words.contains(hidden), "{hidden}: {words}");
    }
    assert_eq!(page.headers["cache-control"], "no-store");
    let told = &page.headers["referrer-policy"];
    assert_eq!(told, "strict-origin", "no address with a link; forms still say where they come from");
    assert!(page.headers["x-robots-tag"].to_str().unwrap().contains("noindex"));
    app.pass(Duration::days(10));
    assert!(app.browser().get(&held.here).await.words().contains("siamo in ritardo"));
}

#[tokio::test]
async fn a_link_opens_one_matter_of_one_organisation_as_long_as_it_is_in_force() {
    let app = TestApp::start().await;
    app.open_portal(|portal| portal.link_days = 30).await;
    let held = app.report(&[("email", "anna@libero.example")]).await;
    let other = app.second_organisation().await;
    let mut browser = app.browser();
    let elsewhere = browser.get(&held.here.replace("/ente/", &format!("/{other}/"))).await;
    assert_eq!(elsewhere.status, 404);
    assert!(elsewhere.words().contains("Questo link non è più valido"), "{}", elsewhere.words());
    for forged in
        ["/sportello/ente/segui/aaaa", &held.here[..held.here.len() - 1], &format!("{}a", held.here)]
    {
        let page = browser.get(forged).await;
        assert_eq!(page.status, 404, "{forged}");
        assert!(!page.words().contains(&held.title));
    }
    let draft = format!("/sportello/ente/segui/{}", link::draft(&app.app.desk.keys, held.submission));
    assert_eq!(browser.get(&draft).await.status, 404, "a link of another purpose");
    app.status(&held, Status::Closed).await;
    app.pass(Duration::days(30));
    assert_eq!(browser.get(&held.here).await.status, 200);
    app.pass(Duration::seconds(1));
    let over = browser.get(&held.here).await;
    assert_eq!(over.status, 404);
    assert!(over.words().contains("Mandami il link") && !over.words().contains(&held.title));
    assert_eq!(browser.post(&format!("{}/contesta", held.here), &[("text", "ancora")]).await.status, 404);
    app.status(&held, Status::InProgress).await;
    assert_eq!(browser.get(&held.here).await.status, 200);
    let tx = app.app.desk.db.begin().await.unwrap();
    let newer = follower::ActiveModel { generation: sea_orm::ActiveValue::Set(1), ..Default::default() };
    store::follower::update(&tx, held.follower, newer).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(browser.get(&held.here).await.status, 404, "an older generation");
}

#[tokio::test]
async fn number_and_code_open_it_and_wrong_ones_say_the_same() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", "anna@libero.example")]).await;
    let code = link::code(&app.app.desk.keys, &app.follower_of(&held).await);
    let mut browser = app.browser();
    let open = |number: &str, code: &str| vec![("number", number.to_owned()), ("code", code.to_owned())];
    let mut words = Vec::new();
    for typed in
        [open("2026/000001", "BCDF-GHJK"), open("2026/000099", &code), open("x", &code), open("", "")]
    {
        let fields: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let page = browser.post("/sportello/ente/segui", &fields).await;
        assert_eq!(page.status, 422);
        assert!(page.body.contains("<title>Errore:"));
        words.push(page.words());
    }
    words.dedup();
    assert_eq!(words.len(), 1, "the same answer: {words:?}");
    let lower = code.to_lowercase().replace('-', " ");
    let opened = browser.post("/sportello/ente/segui", &[("number", " 2026-1 "), ("code", &lower)]).await;
    let to = opened.location.unwrap();
    assert!(browser.get(&to).await.words().contains(&held.title));
    for _ in 0..30 {
        browser.post("/sportello/ente/segui", &[("number", "2026/000001"), ("code", "x")]).await;
    }
    let asked = browser.post("/sportello/ente/segui", &[("number", "2026/000001"), ("code", &code)]).await;
    assert_eq!(asked.status, 429, "whoever guesses must wait, and the right code tells nothing");
    assert!(asked.words().contains("Un momento di pazienza") && asked.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn asking_for_the_link_again_says_nothing_about_who_is_known() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    app.report(&[("email", "anna@libero.example")]).await;
    let (mut browser, mut answers) = (app.browser(), Vec::new());
    app.letters_out().await;
    app.errands_out().await;
    for (number, email) in [
        ("2026/000001", "Anna@Libero.example "),
        ("2026/000001", "mario@libero.example"),
        ("2026/000077", "anna@libero.example"),
    ] {
        let page = browser.post("/sportello/ente/segui/link", &[("number", number), ("email", email)]).await;
        answers.push((page.status, page.words()));
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    let letters = app.errands_out().await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].mail.to[0].address, "anna@libero.example");
    assert!(letters[0].mail.text.contains("/sportello/ente/segui/"));
    let wrong = browser.post("/sportello/ente/segui/link", &[("number", "1"), ("email", "nessuno")]).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(
        browser.get("/sportello/ente/segui/link").await.location.as_deref(),
        Some("/sportello/ente/segui")
    );
}

#[tokio::test]
async fn an_answer_keeps_its_files_through_errors_and_is_written_once() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", "anna@libero.example"), ("name", "Anna")]).await;
    let token = app.browser().get(&held.here).await.field("token");
    let empty = send(&app, &held, &[("token", &token), ("text", "  "), ("act", "send")], &[]).await;
    assert_eq!(empty.status, 422);
    assert!(empty.body.contains("<title>Errore:"), "{}", empty.body);
    let fields = [("token", token.as_str()), ("text", "Ecco la bolletta <b>"), ("act", "send")];
    let files: [(&str, &str, &[u8]); 2] =
        [("files", "bolletta.pdf", b"%PDF-1.7\n%%EOF\n"), ("files", "gioco.exe", b"MZ\x90\0\x03\0\0\0")];
    let half = send(&app, &held, &fields, &files).await;
    assert_eq!(half.status, 422, "one of the files is not taken");
    assert!(half.words().contains("bolletta.pdf") && half.words().contains("gioco.exe"), "{}", half.words());
    assert!(half.body.contains("Ecco la bolletta &lt;b&gt;"), "nothing typed is lost");
    assert_eq!(half.field("token"), token);
    for again in [&files[..0], &files[..1]] {
        let sent = send(&app, &held, &fields, again).await;
        assert_eq!(sent.status, 303, "{}", sent.words());
    }
    let page = app.browser().get(&format!("{}?fatto=risposta", held.here)).await;
    assert!(page.words().contains("Messaggio inviato"));
    assert!(!page.words().contains("File già caricati"), "nothing is left for the next: {}", page.words());
    assert_eq!(page.links("/allegati/").len(), 1);
    assert_eq!(page.words().matches("Ecco la bolletta <b>").count(), 1);
    let file = page.links("/allegati/").remove(0);
    let got = app.browser().get(&file).await;
    assert_eq!(got.bytes, b"%PDF-1.7\n%%EOF\n");
    assert_eq!(got.headers["content-type"], "application/octet-stream");
    assert!(got.headers["content-disposition"].to_str().unwrap().starts_with("attachment;"));
    assert_eq!(got.headers["content-security-policy"], "sandbox; default-src 'none'");
    assert_eq!(got.headers["x-content-type-options"], "nosniff");
    let another = app.report(&[("email", "mario@libero.example")]).await;
    let id = file.rsplit('/').next().unwrap();
    assert_eq!(app.browser().get(&format!("{}/allegati/{id}", another.here)).await.status, 404);
}

#[tokio::test]
async fn a_file_of_an_answer_can_be_taken_away_again() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[]).await;
    let token = app.browser().get(&held.here).await.field("token");
    let fields = [("token", token.as_str()), ("text", "Mezza frase"), ("act", "keep")];
    let kept = send(&app, &held, &fields, &[("files", "a.pdf", b"%PDF-1.7\n%%EOF\n")]).await;
    assert_eq!(kept.status, 200);
    assert!(kept.words().contains("a.pdf") && kept.body.contains("Mezza frase"));
    let (_, rest) = kept.body.split_once("value=\"remove:").unwrap();
    let act = format!("remove:{}", rest.split('"').next().unwrap());
    for _ in 0..2 {
        let removed = send(&app, &held, &[("token", &token), ("text", "Mezza"), ("act", &act)], &[]).await;
        assert_eq!(removed.status, 200);
        assert!(!removed.words().contains("a.pdf"));
    }
}

#[tokio::test]
async fn an_address_is_confirmed_by_a_press_of_who_has_its_letter() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", "anna@libero.example")]).await;
    let mut browser = app.browser();
    let confirm = format!("{}/conferma", held.here);
    let seen = browser.get(&held.here).await;
    assert!(!seen.body.contains("/conferma\""), "number and code show nothing about an address");
    assert_eq!(browser.post(&confirm, &[]).await.status, 404);
    assert!(app.follower_of(&held).await.confirmed_at.is_none());
    let by_letter = app.letter_link(&held).await;
    assert!(browser.get(&by_letter).await.words().contains("Conferma il tuo indirizzo"));
    assert!(app.follower_of(&held).await.confirmed_at.is_none(), "programs open every link");
    let done = browser.post(&format!("{by_letter}/conferma"), &[]).await;
    assert_eq!(done.location.as_deref(), Some(format!("{by_letter}?fatto=conferma").as_str()));
    assert!(app.follower_of(&held).await.confirmed_at.is_some());
    assert!(!browser.get(&by_letter).await.words().contains("Conferma il tuo indirizzo"));
}

#[tokio::test]
async fn an_answer_is_read_on_the_page_while_its_letter_waits_for_the_address() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", "anna@libero.example")]).await;
    app.letters_out().await;
    app.answers(&held, "anna@libero.example", "Passiamo giovedì.").await;
    assert!(app.letters_out().await.is_empty(), "the address may be somebody else's");
    assert!(app.browser().get(&held.here).await.words().contains("Passiamo giovedì."));
}

#[tokio::test]
async fn one_chooses_how_to_be_told() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[("email", "anna@libero.example")]).await;
    let mut browser = app.browser();
    let path = format!("{}/avvisi", held.here);
    assert_eq!(browser.post(&path, &[("told_by", "nothing")]).await.status, 303);
    assert_eq!(app.follower_of(&held).await.told_by, follower::ToldBy::Nothing);
    let io = browser.post(&path, &[("told_by", "io")]).await;
    assert_eq!(io.status, 422, "no codice fiscale was given");
    assert_eq!(browser.post(&path, &[("told_by", "piccione")]).await.status, 422);
    assert_eq!(app.follower_of(&held).await.told_by, follower::ToldBy::Nothing);
    assert_eq!(browser.get(&path).await.location.as_deref(), Some(held.here.as_str()));
}

#[tokio::test]
async fn the_page_speaks_the_language_of_its_reader() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report_in(Language::De, &[]).await;
    let mut browser = app.browser();
    assert!(browser.get(&held.here).await.words().contains("Antwort bis 09.03.2026"));
    assert!(browser.get(&format!("{}?lang=en", held.here)).await.words().contains("Answer by 09/03/2026"));
}

#[tokio::test]
async fn the_receipt_can_be_had_again() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let held = app.report(&[]).await;
    let pdf = app.browser().get(&format!("{}/ricevuta.pdf", held.here)).await;
    assert_eq!(pdf.status, 200);
    assert!(pdf.bytes.starts_with(b"%PDF-"));
}
