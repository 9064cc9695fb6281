//! What makes a form easier to fill, seen from the server: the position of a photo, pages that save themselves, the map.

use std::io::Cursor;

use axum::http::header;
use entity::portal::Anonymous;
use image::{ImageFormat, RgbImage};
use riscontro::actions::progress::settings::save_rules;

use crate::support::{
    app::TestApp,
    browser::{Browser, Page},
};

const STEP_ONE: &str = "/sportello/ente/disruption/1";

/// Past the first step: the address of the second.
async fn begun(browser: &mut Browser) -> String {
    let begun = browser.post(STEP_ONE, &[("privacy", "on")]).await;
    assert_eq!(begun.status, 303, "{}", begun.body);
    begun.location.unwrap()
}

/// The second step, answered well.
async fn answered(browser: &mut Browser, at: &str) -> String {
    let answers =
        [("place", "via Solferino 12"), ("what", "full_bins"), ("title", "Pieno"), ("details", "Da lunedì.")];
    let answered = browser.post(at, &answers).await;
    assert_eq!(answered.status, 303, "{}", answered.body);
    answered.location.unwrap()
}

/// A photo that says that it was taken at 45° 32' 21.12" N, 10° 13' 14.16" E (Exif 2.32, little-endian).
fn photo_with_position() -> Vec<u8> {
    let mut jpeg = Cursor::new(Vec::new());
    RgbImage::new(120, 90).write_to(&mut jpeg, ImageFormat::Jpeg).unwrap();
    let jpeg = jpeg.into_inner();
    let entry = |tag: u16, sort: u16, count: u32, value: u32| {
        [&tag.to_le_bytes()[..], &sort.to_le_bytes(), &count.to_le_bytes(), &value.to_le_bytes()].concat()
    };
    let fractions = |parts: [(u32, u32); 3]| -> Vec<u8> {
        parts.iter().flat_map(|(n, d)| [n.to_le_bytes(), d.to_le_bytes()].concat()).collect()
    };
    let letter = |letter: u8| u32::from(letter);
    let tiff = [
        b"II*\0\x08\0\0\0\x01\0".to_vec(),
        entry(0x8825, 4, 1, 26), // where the directory of the position is
        vec![0; 4],
        vec![4, 0],
        entry(1, 2, 2, letter(b'N')),
        entry(2, 5, 3, 80),
        entry(3, 2, 2, letter(b'E')),
        entry(4, 5, 3, 104),
        vec![0; 4],
        fractions([(45, 1), (32, 1), (2112, 100)]),
        fractions([(10, 1), (13, 1), (1416, 100)]),
    ]
    .concat();
    let notes = [b"Exif\0\0".to_vec(), tiff].concat();
    let length = u16::try_from(notes.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &notes, &jpeg[2..]].concat()
}

fn policy(page: &Page) -> String {
    page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_position_of_a_photo_is_offered_and_used_only_when_asked_for() {
    let house = TestApp::start().await;
    house.open_portal(|_| {}).await;
    let mut citizen = house.browser();
    let at = begun(&mut citizen).await;
    let photo = photo_with_position();
    let typed = [("place", "via Solferino"), ("title", "Pieno"), ("action", "keep")];
    let kept = citizen.post_files(&at, &typed, &[("photos", "angolo.jpg", &photo)]).await;
    assert_eq!(kept.location.as_ref(), Some(&at), "{}", kept.body);

    let page = citizen.get(&at).await;
    assert_eq!(page.field("place_lat"), "", "nobody has asked for it");
    let words = page.words();
    assert!(words.contains("Usa la posizione della foto «angolo.jpg»"), "{words}");
    let id = page.body.split("value=\"position:").skip(1).find(|rest| !rest.starts_with("none")).unwrap();
    let action = format!("position:{}", id.split('"').next().unwrap());

    let used =
        citizen.post(&at, &[("place", "via Solferino 12"), ("title", "Pieno!"), ("action", &action)]).await;
    assert_eq!(used.location.as_ref(), Some(&at));
    let page = citizen.get(&at).await;
    assert_eq!(
        (page.field("place_lat").as_str(), page.field("place_lon").as_str()),
        ("45.539200", "10.220600")
    );
    assert_eq!((page.field("place").as_str(), page.field("title").as_str()), ("via Solferino 12", "Pieno!"));
    assert!(page.words().contains("Posizione indicata."));

    citizen.post(&at, &[("place", "via Solferino 12"), ("action", "position:none")]).await;
    let page = citizen.get(&at).await;
    assert_eq!((page.field("place_lat").as_str(), page.field("place_lon").as_str()), ("", ""));
}

#[tokio::test]
async fn a_page_that_saves_itself_keeps_what_was_typed_and_changes_nothing_that_was_sent() {
    let house = TestApp::start().await;
    house.open_portal(|_| {}).await;
    let mut citizen = house.browser();
    let at = begun(&mut citizen).await;
    let saved = citizen.post_files(&format!("{at}&auto-save=1"), &[("title", "A metà")], &[]).await;
    assert_eq!((saved.status, saved.body.as_str()), (204, ""));
    assert_eq!(house.browser().get(&at).await.field("title"), "A metà");
    // What is unfinished is no mistake, and the next step stays closed.
    let ahead = citizen.get(&at.replace("/2?", "/3?")).await;
    assert_eq!(ahead.location.as_ref(), Some(&at));

    let contacts = answered(&mut citizen, &at).await;
    let summary = citizen.post(&contacts, &[("email", "anna@libero.example")]).await.location.unwrap();
    let sent = citizen.post(&summary, &[("terms", "on")]).await;
    assert!(sent.location.unwrap().contains("/inviata?b="));
    let late = citizen.post(&format!("{at}&auto-save=1"), &[("title", "Troppo tardi")]).await;
    assert!(late.location.unwrap().contains("/inviata?b="), "another tab was left open");
    let link = at.split_once("b=").unwrap().1;
    let id = riscontro::domain::link::draft_of(&house.app.desk.keys, link).unwrap();
    let kept = riscontro::store::submission::by_id(&house.app.desk.db.read, house.organisation(), id).await;
    assert_eq!(kept.unwrap().unwrap().answers.get("title"), "Pieno");
}

#[tokio::test]
async fn only_the_step_with_the_map_may_load_tiles_and_only_from_where_they_come() {
    let house = TestApp::start_with(|config| {
        config.portal.tile_url = "https://tiles.example.it/{z}/{x}/{y}.png".to_owned();
    })
    .await;
    house.open_portal(|_| {}).await;
    let mut citizen = house.browser();
    let at = begun(&mut citizen).await;
    let page = citizen.get(&at).await;
    assert!(policy(&page).contains("img-src 'self' data: https://tiles.example.it;"), "{}", policy(&page));
    assert!(policy(&page).contains("script-src 'self';") && !policy(&page).contains("unsafe"));
    assert!(page.body.contains("data-map"));
    assert!(!policy(&citizen.get(STEP_ONE).await).contains("tiles"));

    let without = TestApp::start().await;
    without.open_portal(|_| {}).await;
    let mut citizen = without.browser();
    let at = begun(&mut citizen).await;
    let page = citizen.get(&at).await;
    assert!(!policy(&page).contains("https:") && !page.body.contains("data-map"));
}

#[tokio::test]
async fn where_nobody_may_write_without_a_name_that_is_said_beside_the_name() {
    let house = TestApp::start().await;
    house.open_portal(|portal| portal.anonymous = Anonymous::Refused).await;
    let mut citizen = house.browser();
    let at = begun(&mut citizen).await;
    let contacts = answered(&mut citizen, &at).await;
    let refused = citizen.post(&contacts, &[("phone", "030 123456")]).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.words().contains("ci serve almeno il tuo nome o un indirizzo email"),
        "{}",
        refused.words()
    );
    let named = citizen.post(&contacts, &[("surname", "Bianchi"), ("phone", "030 123456")]).await;
    assert_eq!(named.status, 303, "{}", named.body);
}

#[tokio::test]
async fn io_is_offered_beside_the_code_and_only_where_everybody_can_be_told() {
    const OFFERED: &str = "id=\"told_by-io\"";
    let house = TestApp::start().await;
    house.open_portal(|_| {}).await;
    let mut citizen = house.browser();
    let begun = citizen.post("/sportello/ente/complaint/1", &[("privacy", "on")]).await.location.unwrap();
    let answers = [
        ("service", "collection"),
        ("user_code", "UT-1"),
        ("premises", "via Roma 1, Castelverde"),
        ("premises_code", "UZ-1"),
        ("title", "Mancato ritiro"),
        ("details", "Da lunedì."),
    ];
    let answered_well = citizen.post(&begun, &answers).await;
    let contacts = answered_well.location.clone().unwrap_or_else(|| panic!("{}", answered_well.words()));
    let page = citizen.get(&contacts).await;
    assert_eq!(page.status, 200, "{:?}", page.location);
    assert!(!page.body.contains(OFFERED), "no service tells");

    let everybody = house.io_service("Segnalazioni", |service| service.updates = true).await;
    assert!(citizen.get(&contacts).await.body.contains(OFFERED));
    let cx = house.cx();
    let trial = house.io_service_on_trial("Prova", &["RSSMRA45C12F205C"]).await;
    save_rules(&house.app.desk, &cx, &[], Some(trial)).await.unwrap();
    assert!(!citizen.get(&contacts).await.body.contains(OFFERED), "who tries it is nobody's business");
    save_rules(&house.app.desk, &cx, &[], Some(everybody)).await.unwrap();
    assert!(citizen.get(&contacts).await.body.contains(OFFERED));
    save_rules(&house.app.desk, &cx, &[], None).await.unwrap();
    assert!(!citizen.get(&contacts).await.body.contains(OFFERED));
    // The short form asks for no code.
    save_rules(&house.app.desk, &cx, &[], Some(everybody)).await.unwrap();
    let at = self::begun(&mut citizen).await;
    let short = answered(&mut citizen, &at).await;
    let page = citizen.get(&short).await;
    assert!(page.status == 200 && !page.body.contains(OFFERED), "{}", page.words());
}
