//! Requests that apps send, and what their citizens do with them.

use entity::portal;
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{ALL, Client, base, client, key, open_portal, report, speaking_for};
use crate::support::app::TestApp;

pub(super) async fn house() -> (TestApp, String, Client) {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let base = base(&app).await;
    let client = client(&app, &ALL).await;
    (app, base, client)
}

pub(super) async fn count(app: &TestApp) -> usize {
    let filter = riscontro::store::work_order::QueueFilter {
        status: riscontro::store::work_order::StatusFilter::All,
        ..Default::default()
    };
    let (db, filters) = (&app.app.desk.db.read, [filter]);
    riscontro::store::work_order::queue_counts(db, app.organisation(), &filters, 100).await.unwrap()[0]
}

#[tokio::test]
async fn a_request_that_is_repeated_is_sent_once() {
    let (app, base, client) = house().await;
    let requests = format!("{base}/requests");
    let missing = client.post(&requests, &report("anna@libero.example")).await;
    assert_eq!(missing.problem(), (400, "idempotency-key-missing".to_owned()));
    let keyed = client.with("idempotency-key", "one");
    let first = keyed.post(&requests, &report("anna@libero.example")).await;
    assert_eq!(first.status, 201, "{}", first.body);
    assert_eq!(first.json()["number"], "2026/000001");
    assert_eq!(first.header("location"), format!("{base}/requests/2026-000001"));
    let again = keyed.post(&requests, &report("anna@libero.example")).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    let other_words = keyed.post(&requests, &report("bruno@libero.example")).await;
    assert_eq!(other_words.problem(), (422, "idempotency-key-reused".to_owned()));
    let other_app = keyed.with_key(&key(&app, &ALL, 600).await.key);
    let theirs = other_app.post(&requests, &report("anna@libero.example")).await;
    assert_eq!(theirs.json()["number"], "2026/000002", "another app's word is another word");
    assert_eq!(count(&app).await, 2);
}

#[tokio::test]
async fn the_same_request_at_the_same_instant_is_one_work_order() {
    let (app, base, client) = house().await;
    let client = client.with("idempotency-key", "one");
    let (requests, report) = (format!("{base}/requests"), report("anna@libero.example"));
    let sent = futures_util::future::join_all((0..8).map(|_| client.post(&requests, &report))).await;
    for one in &sent {
        assert_eq!((one.status, &one.body), (201, &sent[0].body));
    }
    assert_eq!(count(&app).await, 1);
    let others = futures_util::future::join_all((0..4).map(|n| {
        let client = client.with_word(&format!("other-{n}"));
        let (requests, report) = (requests.clone(), super::report(&format!("vicino{n}@libero.example")));
        async move { client.post(&requests, &report).await }
    }))
    .await;
    assert!(others.iter().all(|one| one.status == 201));
    assert_eq!(count(&app).await, 5, "two people the same second are two work orders");
}

impl Client {
    pub(super) fn with_word(&self, word: &str) -> Self {
        let mut headers: Vec<_> =
            self.headers.iter().filter(|(name, _)| name != "idempotency-key").cloned().collect();
        headers.push(("idempotency-key".to_owned(), word.to_owned()));
        Self { headers: std::sync::Arc::new(headers), ..self.clone() }
    }
}

#[tokio::test]
async fn a_citizen_walks_through_all_requests_page_by_page() {
    let (app, base, client) = house().await;
    for n in 0..5 {
        let sent = client
            .with_word(&n.to_string())
            .post(&format!("{base}/requests"), &report("anna@libero.example"))
            .await;
        assert_eq!(sent.status, 201, "{}", sent.body);
        app.pass(chrono::Duration::minutes(61));
    }
    let anna = speaking_for(&app, &client, "anna@libero.example").await;
    let (mut path, mut seen) = (format!("{base}/requests?limit=2"), Vec::new());
    loop {
        let page = anna.get(&path).await;
        assert_eq!(page.status, 200, "{}", page.body);
        seen.extend(
            page.json()["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page.header("link").strip_prefix('<').and_then(|link| link.split('>').next()) else {
            break;
        };
        assert!(next.contains(page.json()["next"].as_str().unwrap()));
        path = next.to_owned();
    }
    assert_eq!(seen, ["2026-000005", "2026-000004", "2026-000003", "2026-000002", "2026-000001"]);
}

#[tokio::test]
async fn a_citizen_reads_the_thread_without_notes_and_nobody_elses() {
    let (app, base, client) = house().await;
    client.with_word("a").post(&format!("{base}/requests"), &report("anna@libero.example")).await;
    client.with_word("b").post(&format!("{base}/requests"), &report("bruno@libero.example")).await;
    let mut admin = app.administrator().await;
    let noted = admin
        .post(
            "/desk/work-orders/2026-000001/notes",
            &[("body", "Da vedere con Carlo"), ("id", &uuid::Uuid::now_v7().to_string())],
        )
        .await;
    assert_eq!(noted.status, 303, "{}", noted.words());
    let anna = speaking_for(&app, &client, "anna@libero.example").await;
    let bruno = speaking_for(&app, &client, "bruno@libero.example").await;
    let thread = anna.get(&format!("{base}/requests/2026-000001/communications")).await;
    assert_eq!(thread.status, 200, "{}", thread.body);
    assert!(thread.body.contains("cassonetto"), "{}", thread.body);
    assert!(!thread.body.contains("Carlo"), "{}", thread.body);
    for path in ["", "/communications"] {
        let stranger = bruno.get(&format!("{base}/requests/2026-000001{path}")).await;
        let nothing = bruno.get(&format!("{base}/requests/2026-009999{path}")).await;
        assert_eq!((stranger.problem().0, &stranger.body), (404, &nothing.body));
    }
    let contest = bruno.post(&format!("{base}/requests/2026-000001/contest"), &json!({ "text": "No" })).await;
    assert_eq!(contest.problem().0, 404);
}

#[tokio::test]
async fn a_citizen_answers_once_contests_once_and_withdraws() {
    let (app, base, client) = house().await;
    client.with_word("a").post(&format!("{base}/requests"), &report("anna@libero.example")).await;
    let anna = speaking_for(&app, &client, "anna@libero.example").await;
    let path = |rest: &str| format!("{base}/requests/2026-000001{rest}");
    for _ in 0..2 {
        let answered = anna
            .with("idempotency-key", "x")
            .post(&path("/answers"), &json!({ "text": "È il numero 14." }))
            .await;
        assert_eq!(answered.status, 201, "{}", answered.body);
    }
    let thread = anna.get(&path("/communications")).await;
    assert_eq!(thread.body.matches("numero 14").count(), 1, "{}", thread.body);
    let early = anna.post(&path("/contest"), &json!({ "text": "Non è risolto" })).await;
    assert!([409, 422].contains(&early.problem().0), "it is not closed: {}", early.body);
    let mut admin = app.administrator().await;
    let page = admin.get("/desk/work-orders/2026-000001").await;
    let kind = page.field("seen_kind");
    let handling = [
        ("status", "closed"),
        ("assignee", ""),
        ("kind", kind.as_str()),
        ("seen_status", "new"),
        ("seen_assignee", ""),
        ("seen_kind", kind.as_str()),
        ("seen_survey", ""),
    ];
    let closed = admin.post("/desk/work-orders/2026-000001/handling", &handling).await;
    assert_eq!(closed.status, 303, "{}", closed.words());
    assert_eq!(anna.get(&path("")).await.json()["status"], "closed");
    let contested = anna.post(&path("/contest"), &json!({ "text": "Non è risolto" })).await;
    assert_eq!(contested.status, 200, "{}", contested.body);
    assert_eq!((&contested.json()["contests"], contested.json()["closed_at"].is_null()), (&json!(1), true));
    let again = anna.post(&path("/contest"), &json!({ "text": "Non è risolto" })).await;
    assert_eq!(
        (again.status, &again.json()["contests"]),
        (200, &json!(1)),
        "the same words again: {}",
        again.body
    );
    let more = anna.post(&path("/contest"), &json!({ "text": "Proprio no" })).await;
    assert_eq!(more.problem(), (409, "conflict".to_owned()), "once per closure");
    let told = anna.put(&path("/told-by"), &json!({ "by": "nothing" })).await;
    assert_eq!(told.json()["told_by"], "nothing", "{}", told.body);
    assert_eq!(
        anna.put(&path("/told-by"), &json!({ "by": "io" })).await.fields(),
        ["by"],
        "there is no codice fiscale"
    );
    let withdrawn = anna.post(&path("/withdrawal"), &json!({ "text": "Risolto da solo" })).await;
    assert_eq!(withdrawn.status, 200, "{}", withdrawn.body);
    assert_eq!(withdrawn.json()["status"], "closed");

    let desk = admin.get("/desk/work-orders/2026-000001").await;
    for said in ["numero 14", "Non è risolto", "Risolto da solo"] {
        let thread = anna.get(&path("/communications")).await.json();
        let mut items = thread["items"].as_array().unwrap().iter();
        let one = items.find(|one| one["text"].as_str().unwrap().contains(said)).unwrap();
        assert_eq!(one["channel"], "app", "{said}");
        assert!(desk.words().contains(said), "{said}");
    }
    let way = desk.words().matches("da un’app").count();
    assert!(way >= 4, "the desk sees that all four came from the app, not {way}: {}", desk.words());
}

#[tokio::test]
async fn a_request_that_is_repeated_after_its_form_has_changed_finds_the_first() {
    let (app, base, client) = house().await;
    let (client, requests) = (client.with("idempotency-key", "one"), format!("{base}/requests"));
    let first = client.post(&requests, &report("anna@libero.example")).await;
    super::change_form(&app, |form| form.fields.retain(|field| field.name != "where")).await;
    let again = client.post(&requests, &report("anna@libero.example")).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    let new = client.with_word("two").post(&requests, &report("anna@libero.example")).await;
    assert_eq!(new.fields(), ["where"]);
}

#[tokio::test]
async fn pages_stay_whole_while_new_requests_come_in() {
    let (app, base, client) = house().await;
    let send = async |n: &str| {
        let sent =
            client.with_word(n).post(&format!("{base}/requests"), &report("anna@libero.example")).await;
        assert_eq!(sent.status, 201, "{}", sent.body);
        app.pass(chrono::Duration::minutes(61));
    };
    for n in ["1", "2", "3"] {
        send(n).await;
    }
    let anna = speaking_for(&app, &client, "anna@libero.example").await;
    let ids = |page: &serde_json::Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let first = anna.get(&format!("{base}/requests?limit=2")).await.json();
    send("4").await;
    let cursor = first["next"].as_str().unwrap();
    let second = anna.get(&format!("{base}/requests?limit=2&cursor={cursor}")).await.json();
    assert_eq!(
        (ids(&first), ids(&second)),
        (vec!["2026-000003".into(), "2026-000002".into()], vec!["2026-000001".to_owned()])
    );
    assert!(second["next"].is_null());
    let bruno = format!("{base}/reports?cursor={cursor}");
    assert_eq!(anna.get(&bruno).await.fields(), ["cursor"], "a cursor is of one list");
}

#[tokio::test]
async fn files_of_an_answer_that_is_refused_do_not_leave_with_the_next() {
    const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
    let (app, base, client) = house().await;
    client.with_word("a").post(&format!("{base}/requests"), &report("anna@libero.example")).await;
    let anna = speaking_for(&app, &client, "anna@libero.example").await;
    let number = format!("{base}/requests/2026-000001");
    let withdrawn = anna.post(&format!("{number}/withdrawal"), &json!({ "text": "" })).await;
    assert_eq!(withdrawn.status, 200, "without a word, too: {}", withdrawn.body);
    app.pass(chrono::Duration::days(80));
    let words = json!({ "text": "Ecco la foto" }).to_string();
    let late = anna
        .with_word("x")
        .parts(&format!("{number}/answers"), &[("request", "", words.as_bytes()), ("files", "foto.pdf", PDF)])
        .await;
    assert_eq!(late.problem(), (409, "conflict".to_owned()), "{}", late.body);
    let (order, organisation) = (
        riscontro::store::work_order::by_number(
            &app.app.desk.db.read,
            app.organisation(),
            "2026-000001".parse().unwrap(),
        )
        .await
        .unwrap()
        .unwrap(),
        app.organisation(),
    );
    let author = riscontro::store::follower::by_address(
        &app.app.desk.db.read,
        organisation,
        order.id,
        "anna@libero.example",
    )
    .await
    .unwrap()
    .unwrap();
    let owner = riscontro::store::upload::Owner::Follower(author.id);
    assert_eq!(riscontro::store::upload::of(&app.app.desk.db.read, organisation, owner).await.unwrap(), []);
}

#[tokio::test]
async fn what_waits_has_an_address_at_which_its_app_asks_what_became_of_it() {
    let (app, base, client) = house().await;
    super::change_portal(
        &app,
        portal::ActiveModel { anonymous: Set(portal::Anonymous::Moderated), ..Default::default() },
    )
    .await;
    let mut anonymous = report("");
    for name in ["name", "surname", "email"] {
        anonymous["answers"].as_object_mut().unwrap().remove(name);
    }
    let keyed = client.with("idempotency-key", "one");
    let sent = keyed.post(&format!("{base}/requests"), &anonymous).await;
    assert_eq!((sent.status, &sent.json()["state"]), (202, &json!("held")), "{}", sent.body);
    let submission = sent.json()["submission"].as_str().unwrap().to_owned();
    let place = format!("{base}/submissions/{submission}");
    assert_eq!(sent.header("location"), place);
    let waits = client.get(&place).await;
    assert_eq!((waits.status, &waits.body), (200, &sent.body));
    let thief = client.with_key(&key(&app, &ALL, 600).await.key);
    assert_eq!(thief.get(&place).await.problem().0, 404, "another app's");
    let reader = client.with_key(&key(&app, &[entity::app_key::Scope::Read], 600).await.key);
    assert_eq!(reader.get(&place).await.problem(), (403, "scope-missing".to_owned()));

    let cx = riscontro::actions::Cx::system(app.organisation(), app.now());
    riscontro::actions::submission::admit(&app.app.desk, &cx, submission.parse().unwrap()).await.unwrap();
    let taken = client.get(&place).await.json();
    assert_eq!((&taken["state"], &taken["number"]), (&json!("accepted"), &json!("2026/000001")));
    assert_eq!(taken["submission"], submission);
    let again = keyed.post(&format!("{base}/requests"), &anonymous).await;
    assert_eq!((again.status, again.json()), (201, taken));
}
