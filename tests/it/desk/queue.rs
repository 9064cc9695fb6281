//! The queue, page by page.

use entity::mailbox::Kind;

use super::FIRST;
use crate::support::{
    app::TestApp,
    browser::{Browser, Page},
    letter::letter,
    pec::Provider,
};

const PEC_BOX: &str = "protocollo@pec.ente.example";

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

#[tokio::test]
async fn the_queue_is_filtered_by_the_way_things_came_and_keeps_the_other_filters() {
    let app = TestApp::start().await;
    app.open_portal(|_| {}).await;
    let mut desk = app.administrator().await;
    app.mail_in(letter("anna@libero.example", "Per posta").raw()).await;
    app.report(&[("email", "ugo@libero.example")]).await;
    let certified = letter("eva@pec.example", "Per PEC").raw();
    let mailbox = app.add_mailbox(PEC_BOX, Kind::Pec).await;
    let envelope = Provider::new().envelope(&certified, "eva@pec.example", PEC_BOX);
    app.mails_in_box(&mailbox, &[&envelope]).await;
    let shown = async |desk: &mut Browser, query: &str| {
        let page = desk.get(&format!("/desk/queue?{query}")).await;
        let mut numbers: Vec<String> =
            page.links("/desk/work-orders/").iter().map(|link| link[link.len() - 1..].to_owned()).collect();
        numbers.sort();
        numbers.concat()
    };
    for (query, numbers) in [
        ("", "123"),
        ("channel=email", "1"),
        ("channel=web", "2"),
        ("channel=pec", "3"),
        ("channel=app", ""),
        ("channel=fax", "123"),
        ("channel=web&status=closed", ""),
        ("channel=web&status=new", "2"),
        ("channel=email&q=posta", "1"),
        ("channel=pec&q=posta", ""),
    ] {
        assert_eq!(shown(&mut desk, query).await, numbers, "{query}");
    }
    let page = desk.get("/desk/queue?channel=web&contested=on&assignee=none").await;
    assert!(page.words().contains("Arrivati da: Sportello online"), "{}", page.words());
    let without = page.links("/desk/queue?assignee=none&contested=on");
    assert_eq!(without.len(), 1, "the chip takes only itself away: {}", page.body);
    assert!(page.body.contains("<option value=\"web\" selected"), "{}", page.body);
}
