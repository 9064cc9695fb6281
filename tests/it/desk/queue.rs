//! The queue, page by page.

use super::FIRST;
use crate::support::{app::TestApp, browser::Page, letter::letter};

#[tokio::test]
async fn the_queue_is_read_page_by_page_in_both_directions_and_filtered_by_its_address() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let mails: Vec<Vec<u8>> = (1..=120)
        .map(|n| letter(&format!("c{n}@libero.example"), &format!("Città numero {n}")).raw())
        .collect();
    app.mails_in(&mails.iter().map(Vec::as_slice).collect::<Vec<_>>()).await;
    let orders = |page: &Page| {
        page.links("/desk/work-orders/")
            .into_iter()
            .filter(|link| link.len() >= FIRST.len())
            .collect::<Vec<_>>()
    };
    let mut seen = Vec::new();
    let mut page = desk.get("/desk/queue").await;
    let first = orders(&page);
    while let Some(next) = page.links("after=").first().cloned() {
        seen.extend(orders(&page));
        page = desk.get(&next).await;
    }
    seen.extend(orders(&page));
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 120);
    while let Some(previous) = page.links("before=").first().cloned() {
        page = desk.get(&previous).await;
    }
    assert_eq!(orders(&page), first);
    let found = desk.get("/desk/queue?q=citta%20119").await;
    assert_eq!(orders(&found).len(), 1, "accents and case do not matter: {}", found.words());
    assert_eq!(orders(&desk.get("/desk/queue?q=100%25").await).len(), 0, "a percent sign is a percent sign");
    let jump = desk.get("/desk/queue?q=2026/000007").await;
    assert_eq!(jump.location.as_deref(), Some("/desk/work-orders/2026-000007"));
}
