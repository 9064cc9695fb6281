//! Citizens at the Sportello, in a real browser: the worlds that the scripts enter.

use entity::{
    follower,
    language::{Language, Words},
    work_order::Status,
};
use riscontro::{
    actions::{notice, tracking::Target},
    domain::link,
};

use super::{answer, chromium, run};
use crate::support::{app::TestApp, citizen};

/// Where map tiles would come from, if a machine had this name: the script answers in its place.
const TILES: &str = "https://tiles.example/{z}/{x}/{y}.png";

#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_uses_the_portal_on_a_phone() {
    citizens_walk("on", "390").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_uses_the_portal_on_a_phone_without_javascript() {
    citizens_walk("off", "390").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_uses_the_portal_on_a_screen() {
    citizens_walk("on", "1366").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_uses_the_portal_on_a_screen_without_javascript() {
    citizens_walk("off", "1366").await;
}

/// Six forms, each sent once, each with one acknowledgement.
async fn citizens_walk(javascript: &str, width: &str) {
    let Some(chromium) = chromium() else { return };
    let app = open_house().await;
    run("portal.mjs", &chromium, &app, &[("JAVASCRIPT", javascript), ("WIDTH", width)]).await;
    assert_eq!(app.letters_out().await.len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_who_has_only_a_keyboard_sends_a_form_on_a_phone() {
    keyboard_walk("390").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_citizen_who_has_only_a_keyboard_sends_a_form_on_a_screen() {
    keyboard_walk("1366").await;
}

async fn keyboard_walk(width: &str) {
    let Some(chromium) = chromium() else { return };
    let app = open_house().await;
    run("keyboard.mjs", &chromium, &app, &[("WIDTH", width)]).await;
    assert_eq!(app.letters_out().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_follows_reads_answers_contests_and_withdraws() {
    let Some(chromium) = chromium() else { return };
    let app = TestApp::start().await;
    app.open_portal(|portal| portal.link_days = 30).await;
    let places = followed(&app).await.to_string();
    run("follow.mjs", &chromium, &app, &[("PLACES", &places)]).await;
    let mut desk = app.administrator().await;
    let answered = desk.get("/desk/work-orders/2026-000002").await.words();
    assert!(answered.contains("Ecco la foto") && answered.contains("cassonetto.png"), "{answered}");
    let contested = desk.get("/desk/work-orders/2026-000003").await.words();
    assert!(contested.contains("Der Container ist noch immer voll."), "{contested}");
}

/// A closed request of long ago, one at work, one solved, one of which only the number is known; a neighbour, a notice with a
/// reader. Gives where each is.
async fn followed(app: &TestApp) -> serde_json::Value {
    app.report(&[("email", "franco@libero.example")]).await;
    let expired = of_author(&app.errands_out().await[0].mail.text);
    app.set_status("2026/000001", Status::Closed).await;
    app.pass(chrono::Duration::days(31));

    let notice = app.publish(&strike(app)).await;
    let anna = app.report(&[("email", "anna@libero.example"), ("name", "Anna")]).await;
    let berta = app.report_in(Language::De, &[("email", "berta@libero.example"), ("name", "Berta")]).await;
    let carla = app.report(&[("email", "carla@libero.example"), ("name", "Carla")]).await;
    let letters = app.errands_out().await;
    let letter = letters.iter().find(|letter| letter.mail.to[0].address == "carla@libero.example").unwrap();
    let code = link::code(&app.app.desk.keys, &app.follower_in(letter).await);
    for held in [&anna, &berta] {
        app.confirm(held).await;
    }
    let mut desk = app.administrator().await;
    answer(&mut desk, "2026-000002", "Gentile signora,\r\nla squadra passa giovedì.", &[]).await;
    answer(&mut desk, "2026-000003", "Guten Tag,\r\nder Container ist geleert.", &[("close", "on")]).await;
    let order = app.order("2026/000002").await.id;
    let neighbour = app.follows(Target::WorkOrder(order), "mario@libero.example").await;
    let reader = app.follows(Target::Notice(notice), "nora@libero.example").await;
    let place = |follower: &follower::Model| {
        format!("/sportello/ente/segui/{}", link::follower(&app.app.desk.keys, follower))
    };
    serde_json::json!({
        "expired": expired,
        "open": app.letter_link(&anna).await,
        "closed": app.letter_link(&berta).await,
        "unconfirmed": app.letter_link(&carla).await,
        "number": "2026/000004",
        "code": code,
        "neighbour": place(&neighbour),
        "reader": place(&reader),
        "notice": format!("/sportello/ente/avvisi/{notice}"),
    })
}

fn strike(app: &TestApp) -> notice::Form {
    notice::Form {
        title: Words {
            it: "Sciopero del 4 marzo".into(),
            de: "Streik am 4. März".into(),
            ..Words::default()
        },
        text: Words {
            it: "Mercoledì la raccolta non passa.".into(),
            de: "Am Mittwoch wird nicht gesammelt.".into(),
            ..Words::default()
        },
        impact: Words { it: "Tieni in casa i sacchi.".into(), ..Words::default() },
        streets: vec!["via Solferino".into()],
        starts_at: app.now(),
        ends_at: Some(app.now() + chrono::Duration::days(2)),
        ..notice::Form::default()
    }
}

/// The address of the tracking page in a letter.
fn of_author(letter: &str) -> String {
    let (_, link) = letter.split_once("/segui/").expect("a link");
    let link: String = link.chars().take_while(char::is_ascii_alphanumeric).collect();
    format!("/sportello/ente/segui/{link}")
}

#[tokio::test(flavor = "multi_thread")]
async fn each_organisation_has_its_own_host() {
    let Some(chromium) = chromium() else { return };
    let app = TestApp::start().await;
    app.open_portal(|portal| portal.host = Some("sportello.ente.example".into())).await;
    app.second_organisation().await;
    run("hosts.mjs", &chromium, &app, &[]).await;
    assert_eq!(app.letters_out().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_map_helps_where_there_is_one_and_is_not_missed() {
    let Some(chromium) = chromium() else { return };
    let app = TestApp::start_with(|config| config.portal.tile_url = TILES.to_owned()).await;
    citizen::open_portal(&app.app, app.organisation()).await;
    run("map.mjs", &chromium, &app, &[]).await;
    assert_eq!(app.letters_out().await.len(), 1);
}

/// Two browsers that know nothing of each other: what leads from one to the other is the letter.
#[tokio::test(flavor = "multi_thread")]
async fn who_saves_goes_on_at_another_machine() {
    let Some(chromium) = chromium() else { return };
    let app = open_house().await;
    run("resume.mjs", &chromium, &app, &[]).await;
    let letters = app.errands_out().await;
    let (_, link) = letters[0].mail.text.split_once("/disruption/").expect("a link to the draft");
    let link = format!("/sportello/ente/disruption/{}", link.split_whitespace().next().unwrap());
    run("resume.mjs", &chromium, &app, &[("LINK", &link)]).await;
    assert_eq!(app.letters_out().await.len(), 1);
}

async fn open_house() -> TestApp {
    let app = TestApp::start().await;
    citizen::open_portal(&app.app, app.organisation()).await;
    app
}
