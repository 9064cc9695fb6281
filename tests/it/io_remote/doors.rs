//! Who knocks, and what they learn.

use chrono::Duration;
use entity::io_service::Model as Service;
use riscontro::{
    actions::{
        io::remote::settings::Random,
        work_order::{self, Identify},
    },
    stand_in::ready,
    store,
};
use uuid::Uuid;

use super::{ANSWER, ARCHIVED, HERE, World, asked, json, request};
use crate::support::app::TestApp;

/// What is never in an answer of these doors: a cookie, a page, a reason.
fn says_nothing(page: &crate::support::browser::Page, status: u16) {
    assert_eq!(page.status, status, "{}", page.body);
    assert_eq!(page.headers["content-type"], "application/problem+json");
    assert!(!page.headers.contains_key("set-cookie"));
    assert_eq!(page.headers["cache-control"], "no-store");
    assert_eq!(json(page)["status"], status);
}

#[tokio::test]
async fn without_the_key_nobody_learns_anything() {
    let world = World::start().await;
    world.offer(&[("documents", "on")]).await;
    let announced = world.announce(&world.answered(ANSWER, &[]).await).await.unwrap();
    let key = world.key().await;
    let almost = format!("{}x", &key[..key.len() - 1]);
    let there = format!("/io/remote/{}/messages/{}", world.io.service, announced.id);
    let nowhere = format!("/io/remote/{}/messages/{}", Uuid::now_v7(), announced.id);
    let mut seen = Vec::new();
    for path in
        [&there, &nowhere, &format!("{there}/attachments/document"), &format!("{there}/x"), "/io/remote/x/y"]
    {
        for sent in [None, Some(""), Some("x"), Some(&*almost), Some(&key[1..])] {
            let mut fields = vec![("fiscal_code", ready::ON), ("cookie", "session=1")];
            fields.extend(sent.map(|key| ("x-riscontro-key", key)));
            let page = asked(&world.app, path, &fields).await;
            says_nothing(&page, 401);
            seen.push(page.body);
        }
    }
    seen.dedup();
    assert_eq!(seen.len(), 1, "the same words, whether there is such a service or not: {seen:?}");
    let twice = [("x-riscontro-key", &*key), ("x-riscontro-key", "x"), ("fiscal_code", ready::ON)];
    says_nothing(&asked(&world.app, &there, &twice).await, 401);
    let right = [("x-riscontro-key", &*key), ("fiscal_code", ready::ON)];
    assert_eq!(asked(&world.app, &there, &right).await.status, 200);
    assert_eq!(asked(&world.app, &nowhere, &right).await.status, 401, "the key of another service");
}

#[tokio::test]
async fn with_the_key_only_the_recipient_is_served() {
    let world = World::start().await;
    world.offer(&[("documents", "on")]).await;
    let announced = world.announce(&world.answered(ANSWER, &[("a.pdf", ARCHIVED)]).await).await.unwrap();
    let key = world.key().await;
    let file = announced.files.0[0];
    let mut seen = Vec::new();
    for rest in [String::new(), "/attachments/document".to_owned(), format!("/attachments/{file}")] {
        assert_eq!(world.ask(announced.id, &rest).await.status, 200, "{rest}");
        // Another person, and a message that nobody has announced: not to be told apart.
        for (id, code) in
            [(announced.id, ready::OFF), (Uuid::now_v7(), ready::ON), (announced.io_message_id, ready::ON)]
        {
            let fields = [("x-riscontro-key", key.as_str()), ("fiscal_code", code)];
            let page = world.ask_with(&format!("messages/{id}{rest}"), &fields).await;
            says_nothing(&page, 404);
            seen.push(page.body);
        }
    }
    for rest in ["/precondition", "/attachments", "/attachments/x", "/attachments/document/x", "/altro"] {
        let page = world.ask(announced.id, rest).await;
        says_nothing(&page, 404);
        seen.push(page.body);
    }
    // A file of the same communication that was not announced, or of another one.
    says_nothing(&world.ask(announced.id, &format!("/attachments/{}", Uuid::now_v7())).await, 404);
    seen.dedup();
    assert_eq!(seen.len(), 1, "{seen:?}");
    for code in [&ready::ON[..15], "", " ", &format!("{} ", ready::OFF), "\u{1}"] {
        let Ok(value) = http::HeaderValue::from_str(code) else { continue };
        let fields = [("x-riscontro-key", key.as_str()), ("fiscal_code", value.to_str().unwrap())];
        says_nothing(&world.ask_with(&format!("messages/{}", announced.id), &fields).await, 404);
    }
}

#[tokio::test]
async fn one_service_does_not_open_what_another_announced() {
    let world = World::start().await;
    world.offer(&[]).await;
    let announced = world.announce(&world.answered(ANSWER, &[]).await).await.unwrap();
    // A second service of the same organisation, and one of another.
    let _stranger = world.app.stranger().await;
    let db = &world.app.app.desk.db.read;
    let all = store::organisation::all(db).await.unwrap();
    let other = all.iter().find(|one| one.id != world.app.organisation()).unwrap().id;
    for organisation in [world.app.organisation(), other] {
        let set = |service: &mut Service| service.organisation_id = organisation;
        let service = world.app.io_service("Altro servizio", set).await;
        let cx = riscontro::actions::Cx::system(organisation, world.app.now());
        let settings = riscontro::actions::io::remote::settings::Settings {
            version: 0,
            offered: true,
            documents: false,
            precondition: entity::io_remote::Precondition::Never,
            title: String::new(),
            text: String::new(),
        };
        let random = Random { key: [9; 32], nonce: [9; 24] };
        let desk = &world.app.app.desk;
        riscontro::actions::io::remote::settings::save(desk, &cx, service, &settings, random).await.unwrap();
        let key = riscontro::domain::io::remote::key(&[9; 32]);
        let fields = [("x-riscontro-key", key.as_str()), ("fiscal_code", ready::ON)];
        let path = |service: Uuid| format!("/io/remote/{service}/messages/{}", announced.id);
        says_nothing(&asked(&world.app, &path(service), &fields).await, 404);
        says_nothing(&asked(&world.app, &path(world.io.service), &fields).await, 401);
    }
}

#[tokio::test]
async fn while_a_key_is_renewed_both_open_and_then_only_the_new_one() {
    let world = World::start().await;
    world.offer(&[]).await;
    let announced = world.announce(&world.answered(ANSWER, &[]).await).await.unwrap();
    let id = world.carried().await;
    let old = world.key().await;
    let mut admin = world.app.administrator().await;
    let path = format!("{HERE}/{}", world.io.service);
    let opens = async |key: &str| {
        let fields = [("x-riscontro-key", key), ("fiscal_code", ready::ON)];
        world.ask_with(&format!("messages/{}", announced.id), &fields).await.status == 200
    };

    // IO cannot be told: the key that it has goes on opening, however long that takes.
    world.allow(&[]);
    let version = admin.get(&path).await.field("version");
    assert_eq!(admin.post(&format!("{path}/key"), &[("version", &version)]).await.status, 303);
    let lost = world.key().await;
    assert_ne!(lost, old);
    world.app.pass(Duration::days(30));
    world.io.stand_in.advance(Duration::days(30));
    assert_eq!(world.io.stand_in.open(&id).await.unwrap().faults, Vec::<String>::new());
    // Once more: the key that IO never heard of is forgotten, the one that it has is not.
    let mut admin = world.app.administrator().await;
    let version = admin.get(&path).await.field("version");
    assert_eq!(admin.post(&format!("{path}/key"), &[("version", &version)]).await.status, 303);
    assert!(opens(&old).await && !opens(&lost).await);

    world.allow(&[riscontro::stand_in::Group::ApiRemoteContentConfigurationWrite]);
    assert_eq!(admin.post(&format!("{path}/tell"), &[]).await.status, 303);
    let new = world.key().await;
    assert!(opens(&old).await && opens(&new).await, "calls that are under way");
    assert_eq!(world.io.stand_in.open(&id).await.unwrap().faults, Vec::<String>::new());
    world.app.pass(Duration::hours(25));
    assert!(!opens(&old).await && opens(&new).await);
    assert_eq!(world.io.stand_in.open(&id).await.unwrap().faults, Vec::<String>::new());
}

#[tokio::test]
async fn a_key_in_wrong_hands_is_not_taken_any_more() {
    let world = World::start().await;
    world.offer(&[]).await;
    let announced = world.announce(&world.answered(ANSWER, &[]).await).await.unwrap();
    world.carried().await;
    let leaked = world.key().await;
    let mut admin = world.app.administrator().await;
    let path = format!("{HERE}/{}", world.io.service);
    let page = admin.get(&path).await;
    assert!(!page.body.contains("Non accettare più"), "there is no key before");
    assert_eq!(admin.post(&format!("{path}/key"), &[("version", &page.field("version"))]).await.status, 303);
    let page = admin.get(&path).await;
    assert!(page.body.contains("La chiave di prima vale fino al"), "IO was told");
    let version = page.field("version");
    assert_eq!(admin.post(&format!("{path}/forget-key"), &[("version", &version)]).await.status, 303);
    let fields = [("x-riscontro-key", leaked.as_str()), ("fiscal_code", ready::ON)];
    assert_eq!(world.ask_with(&format!("messages/{}", announced.id), &fields).await.status, 401);
    assert_eq!(world.ask(announced.id, "").await.status, 200);
    assert!(!admin.get(&path).await.body.contains("Non accettare più"));
}

#[tokio::test]
async fn where_it_is_off_there_is_no_door() {
    let app = TestApp::start().await;
    let service = app.io_service("Reclami", |_| {}).await;
    let page = asked(&app, &format!("/io/remote/{service}/messages/{}", Uuid::now_v7()), &[]).await;
    assert_eq!(page.status, 404);
    let mut admin = app.administrator().await;
    for path in [HERE.to_owned(), format!("{HERE}/{service}")] {
        assert_eq!(admin.get(&path).await.status, 404, "{path}");
    }
    assert_eq!(
        admin.post(&format!("{HERE}/{service}"), &[("precondition", "NEVER"), ("version", "0")]).await.status,
        404
    );
}

#[tokio::test]
async fn whoever_asks_too_often_waits() {
    let world = World::start().await;
    // The counters belong to the router.
    let mut one = world.app.browser();
    let mut ask = async || one.receive(request("/io/remote/x/messages", &[])).await;
    for _ in 0..3_000 {
        assert_eq!(ask().await.status, 401);
    }
    let page = ask().await;
    says_nothing(&page, 429);
    assert!(page.headers.contains_key("retry-after"));
    world.app.pass(Duration::minutes(1));
    says_nothing(&ask().await, 401);
}

#[tokio::test]
async fn who_turns_out_not_to_have_written_cannot_open_the_letter_any_more() {
    let world = World::start().await;
    world.offer(&[("documents", "on")]).await;
    let answer = world.answered(ANSWER, &[("a.pdf", ARCHIVED)]).await;
    let announced = world.announce(&answer).await.unwrap();
    world.carried().await;
    let rests =
        [String::new(), "/attachments/document".to_owned(), format!("/attachments/{}", announced.files.0[0])];
    for rest in &rests {
        assert_eq!(world.ask(announced.id, rest).await.status, 200, "{rest}");
    }
    world.app.register("nome;codice utente;codice fiscale;indirizzo;email\nNeri Ugo;UT-2;;via Roma 1;ugo@libero.example\n").await;
    let (desk, organisation) = (&world.app.app.desk, world.app.organisation());
    let found =
        store::taxpayer::ids_by_address(&desk.db.read, organisation, "ugo@libero.example").await.unwrap();
    let by_hand = Identify { taxpayer: found[0], add_contact: false, with_others: false };
    work_order::identify(desk, &world.app.cx(), answer.work_order_id, by_hand).await.unwrap();
    for rest in &rests {
        says_nothing(&world.ask(announced.id, rest).await, 404);
    }
}
