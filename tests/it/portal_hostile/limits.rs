//! Who asks too much waits; nobody else does.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    http::header,
};
use futures_util::stream;
use image::{ImageFormat, RgbImage};
use rand::{RngExt, SeedableRng, rngs::SmallRng};
use tokio::sync::Notify;

use super::networks::{Somebody, is_taken};
use crate::support::{app::TestApp, browser::Page, citizen};

const AGAIN: &str = "/sportello/ente/segui/link";
const MULTIPART: &str = "multipart/form-data; boundary=x";

async fn house(set: impl FnOnce(&mut riscontro::config::Config)) -> TestApp {
    let house = TestApp::start_with(set).await;
    citizen::open_portal(&house.app, house.organisation()).await;
    house
}

/// Asks for the link of a request again.
async fn asks_again(who: &mut Somebody, email: &str) -> Page {
    who.post(AGAIN, &[("number", "2026/000001"), ("email", email)]).await
}

fn waits(page: &Page) -> u64 {
    assert_eq!(page.status, 429, "{}", page.words());
    page.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_network_makes_us_write_to_so_many_people_and_to_no_more_by_any_door() {
    let house = house(|config| config.portal.per_network_letters_hour = 4).await;
    let mut many = Somebody::at(&house, "203.0.113.9");
    let summary = many.fills("a@libero.example").await;
    assert!(is_taken(&many.sends(&summary).await));
    for email in ["b@libero.example", "c@libero.example"] {
        assert_eq!(asks_again(&mut many, email).await.status, 200);
    }
    let draft = many.begins().await;
    let resume = [("action", "resume"), ("resume-address", "d@libero.example")];
    assert_eq!(many.post(&draft, &resume).await.status, 303, "the fourth letter");

    assert!(waits(&asks_again(&mut many, "e@libero.example").await) > 60);
    waits(&many.post(&draft, &[("action", "resume"), ("resume-address", "e@libero.example")]).await);
    let notice = [("work_order", reference(&house).await), ("email", "e@libero.example".to_owned())];
    let notice = notice.each_ref().map(|(name, value)| (*name, value.as_str()));
    waits(&many.post("/sportello/ente/segui-questa", &notice).await);
    let summary = many.goes_on(&draft, "e@libero.example").await;
    let refused = many.sends(&summary).await;
    assert!(refused.words().contains("Riprova tra 15 minuti"), "{}", refused.words());

    let mut neighbour = many.other("203.0.113.200");
    waits(&asks_again(&mut neighbour, "e@libero.example").await);
    let mut other = many.other("198.51.100.7");
    let others = other.fills("e@libero.example").await;
    assert!(is_taken(&other.sends(&others).await), "another network is not hindered");
    house.pass(chrono::Duration::minutes(16));
    let later = many.sends(&summary).await;
    assert!(is_taken(&later), "and what was typed has waited: {}", later.words());
}

/// How a page names the one work order there is.
async fn reference(house: &TestApp) -> String {
    let mut browser = house.browser();
    let near = browser.get("/sportello/ente/vicino?kind=disruption&address=via%20Solferino%2012").await;
    near.field("work_order")
}

#[tokio::test]
async fn whoever_types_somebody_elses_address_does_not_lock_them_out() {
    let house = house(|config| config.portal.per_address_hour = 2).await;
    let mut stranger = Somebody::at(&house, "203.0.113.9");
    let draft = stranger.begins().await;
    let mut said = Vec::new();
    for _ in 0..6 {
        said.push(asks_again(&mut stranger, "anna@libero.example").await.body);
        let resume = [("action", "resume"), ("resume-address", "anna@libero.example")];
        assert_eq!(stranger.post(&draft, &resume).await.status, 303);
    }
    assert!(said.windows(2).all(|two| two[0] == two[1]), "the page always says the same");
    for _ in 0..2 {
        let summary = stranger.fills("anna@libero.example").await;
        assert!(is_taken(&stranger.sends(&summary).await));
    }
    let summary = stranger.fills("anna@libero.example").await;
    assert!(waits(&stranger.sends(&summary).await) > 0, "in one name so many forms");

    let mut anna = stranger.other("198.51.100.7");
    let summary = anna.fills("anna@libero.example").await;
    let sent = anna.sends(&summary).await;
    assert!(is_taken(&sent), "{}", sent.words());
}

#[tokio::test]
async fn waiting_is_said_in_minutes_in_three_languages() {
    let house = house(|config| config.portal.per_address_hour = 10).await;
    let mut quick = Somebody::at(&house, "203.0.113.9");
    for _ in 0..10 {
        let summary = quick.fills("anna@libero.example").await;
        assert!(is_taken(&quick.sends(&summary).await));
    }
    house.pass(chrono::Duration::seconds(1));
    let summary = quick.fills("anna@libero.example").await;
    let refused = quick.sends(&summary).await;
    assert_eq!(waits(&refused), 359, "programs count seconds");
    for (language, words) in [
        ("it", "Riprova tra 6 minuti"),
        ("en", "Try again in 6 minutes"),
        ("de", "Versuchen Sie es in 6 Minuten"),
    ] {
        let refused = quick.sends(&format!("{summary}&lang={language}")).await.words();
        assert!(refused.contains(words), "{refused}");
    }
    house.pass(chrono::Duration::minutes(5));
    for (language, words) in [
        ("it", "Riprova tra un minuto"),
        ("en", "Try again in a minute"),
        ("de", "Versuchen Sie es in einer Minute"),
    ] {
        let refused = quick.sends(&format!("{summary}&lang={language}")).await.words();
        assert!(refused.contains(words), "{refused}");
    }
}

#[tokio::test]
async fn pages_that_save_themselves_do_not_spend_what_sending_needs() {
    let house = house(|config| config.portal.per_network_minute = 4).await;
    let mut slow = Somebody::at(&house, "203.0.113.9");
    let at = slow.begins().await;
    for n in 0..50 {
        let saved = slow.post(&format!("{at}&auto-save=1"), &[("title", &format!("Pieno {n}"))]).await;
        assert_eq!(saved.status, 204, "{}", saved.words());
    }
    let summary = slow.goes_on(&at, "anna@libero.example").await;
    assert!(is_taken(&slow.sends(&summary).await));
    let sly =
        slow.post("/sportello/ente/disruption/1?auto-save=1", &[("privacy", "on"), ("auto-save", "1")]).await;
    assert!(waits(&sly) > 0, "and nobody begins anything by saying so");
}

#[tokio::test]
async fn a_page_that_saves_itself_leaves_no_files_and_sends_nothing() {
    let house = house(|_| {}).await;
    let mut sly = Somebody::at(&house, "203.0.113.9");
    let summary = sly.fills("anna@libero.example").await;
    assert_eq!(sly.post(&format!("{summary}&auto-save=1"), &[("terms", "on")]).await.status, 204);
    let second = summary.replace("/4?", "/2?");
    let body = parts(&[("title", None, b"Pieno"), ("photos", Some("a.jpg"), &photo(1))]);
    assert_eq!(sly.post_body(&format!("{second}&auto-save=1"), MULTIPART, body).await.status, 204);
    assert!(!sly.get(&second).await.words().contains("a.jpg"));
}

/// A form with files, in this order.
fn parts(of: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, bytes) in of {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--x--\r\n");
    body
}

/// A photo of nothing, some thirty kilobytes.
fn photo(seed: u64) -> Vec<u8> {
    let mut random = SmallRng::seed_from_u64(seed);
    let mut jpeg = std::io::Cursor::new(Vec::new());
    let noise = RgbImage::from_fn(160, 160, |_, _| image::Rgb(random.random()));
    noise.write_to(&mut jpeg, ImageFormat::Jpeg).unwrap();
    jpeg.into_inner()
}

#[tokio::test]
async fn large_forms_that_are_being_read_leave_room_for_others_or_ask_them_to_come_back() {
    let house = house(|config| {
        config.server.max_request_bytes = 100_000;
        config.portal.bytes_in_flight = 400_000;
    })
    .await;
    let mut citizen = Somebody::at(&house, "203.0.113.9");
    let at = citizen.begins().await;
    let photo = photo(1);
    let form =
        || parts(&[("title", None, b"Pieno"), ("action", None, b"keep"), ("photos", Some("a.jpg"), &photo)]);

    // A line that says how much comes, and then says nothing: reading has begun when its first piece is asked for.
    let mut stalled = Vec::new();
    for address in ["203.0.113.9", "198.51.100.7"] {
        let asked = Arc::new(Notify::new());
        let tell = asked.clone();
        let never = stream::poll_fn(move |_| {
            tell.notify_one();
            std::task::Poll::<Option<Result<Bytes, std::io::Error>>>::Pending
        });
        let mut slow = citizen.other(address);
        let request = slow.request(&at, MULTIPART, Some(180_000), Body::from_stream(never));
        stalled.push(tokio::spawn(async move { slow.receive(request).await }));
        asked.notified().await;
    }
    let refused = citizen.post_body(&at, MULTIPART, form()).await;
    assert_eq!(waits(&refused), 60);
    assert!(refused.words().contains("Riprova tra un minuto"), "{}", refused.words());
    let plain = citizen.post(&at, &[("title", "Senza foto"), ("action", "keep")]).await;
    assert_eq!(plain.status, 303, "a form without files needs no room");
    let mut other = citizen.other("192.0.2.1");
    let small = parts(&[("title", None, b"Pieno"), ("action", None, b"keep")]);
    let length = small.len();
    let request = other.request(&at, MULTIPART, Some(length), small);
    assert_eq!(other.receive(request).await.status, 303, "a small one finds some");

    for one in stalled {
        one.abort();
        assert!(one.await.unwrap_err().is_cancelled());
    }
    let kept = citizen.post_body(&at, MULTIPART, form()).await;
    assert_eq!(kept.status, 303, "{}", kept.words());
    assert!(citizen.get(&at).await.words().contains("a.jpg"));
}

#[tokio::test]
async fn a_network_leaves_so_many_bytes_with_us_in_a_day_and_loses_no_words() {
    let photos = [photo(1), photo(2)];
    let house = house(|config| config.portal.per_network_day_bytes = photos[0].len() * 3 / 2).await;
    let mut many = Somebody::at(&house, "203.0.113.9");
    let at = many.begins().await;
    let form = |title: &str, photo: &[u8]| {
        parts(&[
            ("title", None, title.as_bytes()),
            ("action", None, b"keep"),
            ("photos", Some("a.jpg"), photo),
        ])
    };
    assert_eq!(many.post_body(&at, MULTIPART, form("Uno", &photos[0])).await.status, 303);
    let draft = many.begins().await;
    let refused = many.post_body(&draft, MULTIPART, form("Due", &photos[1])).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains("Oggi da questa rete sono arrivati troppi file"), "{}", refused.words());
    assert_eq!(many.get(&draft).await.field("title"), "Due", "the words are kept");
    let mut other = many.other("198.51.100.7");
    assert_eq!(other.post_body(&draft, MULTIPART, form("Tre", &photos[1])).await.status, 303);
    house.pass(chrono::Duration::hours(24));
    let later = many.post_body(&draft, MULTIPART, form("Quattro", &photos[0])).await;
    assert_eq!(later.status, 303, "{}", later.words());
}

#[tokio::test]
async fn words_behind_files_that_are_too_large_are_kept_and_a_million_empty_fields_are_not() {
    let house = house(|config| config.server.max_request_bytes = 3_000_000).await;
    let mut citizen = Somebody::at(&house, "203.0.113.9");
    let at = citizen.begins().await;
    let large = vec![7; 3_500_000];
    let body =
        parts(&[("photos", Some("a.jpg"), &large), ("title", None, b"Pieno"), ("action", None, b"keep")]);
    let refused = citizen.post_body(&at, MULTIPART, body).await;
    assert_eq!(refused.status, 422, "{}", refused.words());
    assert_eq!(refused.field("title"), "Pieno");
    let none: Vec<(&str, Option<&str>, &[u8])> = vec![("n", None, b""); 50_000];
    assert_eq!(citizen.post_body(&at, MULTIPART, parts(&none)).await.status, 413);
    let plain = format!("title={}", "a".repeat(3_000_000));
    let refused = citizen.post_body(&at, "application/x-www-form-urlencoded", plain).await;
    assert_eq!(refused.status, 413);
    assert_eq!(citizen.get(&at).await.field("title"), "Pieno");
}
