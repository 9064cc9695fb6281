//! Known before asking: who is about to write what a neighbour wrote is told so, and learns nothing about the neighbour.

use super::{SUMMARY, Visitor};

/// A neighbour has written about via dei Tigli.
async fn with_neighbour() -> Visitor {
    let mut visitor = Visitor::new().await;
    let neighbour = visitor.citizen("disruption", 1).await.saying("segretissimo");
    visitor.send_whole("disruption", &neighbour).await;
    visitor.house.errands_out().await;
    visitor
}

#[tokio::test]
async fn a_report_of_the_same_street_is_shown_without_a_word_of_its_author() {
    let mut visitor = with_neighbour().await;
    let piece = visitor.open("/sportello/ente/vicino?kind=disruption&address=Viale%20Tigli%209").await;
    assert!(!piece.words().contains("Forse lo sappiamo già"), "another street: {}", piece.words());
    let piece = visitor.open("/sportello/ente/vicino?kind=disruption&address=via%20dei%20TIGLI%2C%209").await;
    let words = piece.words();
    assert!(words.contains("Forse lo sappiamo già") && words.contains("nella stessa via"), "{words}");
    assert!(words.contains("02/03/2026") && words.contains("Ricevuta"), "{words}");
    assert!(words.contains("Via dei Tigli, nella stessa via"), "{words}");
    assert!(words.contains("Via dei Tigli, 02/03/2026"), "the button says which one it follows: {words}");
    for secret in ["segretissimo", "Anna", "Prova1", "c1@libero.example", "2026/000001", "Tigli 2"] {
        assert!(!piece.body.contains(secret), "{secret}: {}", piece.body);
    }
    let other = visitor.open("/sportello/ente/vicino?kind=pickup&address=via%20dei%20Tigli%209").await;
    assert!(!other.words().contains("Forse lo sappiamo già"), "another kind: {}", other.words());
}

#[tokio::test]
async fn without_javascript_the_summary_shows_it_and_one_press_follows_instead() {
    let mut visitor = with_neighbour().await;
    let citizen = visitor.citizen("disruption", 2).await;
    let summary = visitor.at_step("disruption", SUMMARY, &citizen).await;
    let page = visitor.open(&summary).await;
    assert!(page.words().contains("Forse lo sappiamo già"), "{}", page.words());
    assert!(!page.body.contains("segretissimo"));
    // The address was typed already: it is not asked again (WCAG 3.3.7).
    let follow = [("work_order", page.field("work_order")), ("email", "c2@libero.example".to_owned())];
    let typed = page
        .body
        .split("form=\"follow\" name=\"email\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    assert_eq!(typed, Some("c2@libero.example"));
    let follow: Vec<(&str, &str)> = follow.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let done = visitor.browser.post("/sportello/ente/segui-questa", &follow).await;
    let said = visitor.open(&done.location.expect("what happens now")).await.words();
    assert!(said.contains("non serve inviarlo"), "{said}");
    let letters = visitor.house.errands_out().await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].mail.to[0].address, "c2@libero.example");
    assert!(!letters[0].mail.text.contains("segretissimo"));
    assert_eq!(visitor.orders().await, 1, "nothing new was opened");
}

#[tokio::test]
async fn the_position_decides_where_both_are_known() {
    let mut visitor = Visitor::new().await;
    let neighbour = visitor.citizen("disruption", 1).await;
    let data = visitor.at_step("disruption", 2, &neighbour).await;
    let at = [("place_lat", "45.5392"), ("place_lon", "10.2206")];
    let contacts = visitor.fill(&data, &neighbour, &at, &[]).await.location.unwrap();
    let summary = visitor.fill(&contacts, &neighbour, &[], &[]).await.location.unwrap();
    assert_eq!(visitor.fill(&summary, &neighbour, &[], &[]).await.status, 303);
    let known = |words: String| words.contains("Forse lo sappiamo già");
    for (lat, lon, near) in [("45.5395", "10.2209", true), ("45.5492", "10.2206", false), ("999", "x", false)]
    {
        let asked = format!("/sportello/ente/vicino?kind=disruption&address=&lat={lat}&lon={lon}");
        assert_eq!(known(visitor.open(&asked).await.words()), near, "{lat} {lon}");
    }
    // The same long street, a kilometre further on.
    let far =
        "/sportello/ente/vicino?kind=disruption&address=Via%20dei%20Tigli%20200&lat=45.5492&lon=10.2206";
    assert!(!known(visitor.open(far).await.words()));
}

#[tokio::test]
async fn whatever_is_asked_about_a_place_nothing_breaks() {
    let mut visitor = Visitor::new().await;
    for asked in [
        "kind=disruption",
        "kind=disruption&address=%00%0d%0a%e2%80%ae",
        "kind=disruption&lat=NaN&lon=inf",
        "kind=disruption&lat=90&lon=180&address=%25_%27%22",
    ] {
        visitor.open(&format!("/sportello/ente/vicino?{asked}")).await;
    }
    for nothing in ["", "kind=", "kind=activation", "kind=%00", "address=via"] {
        assert_eq!(
            visitor.browser.get(&format!("/sportello/ente/vicino?{nothing}")).await.status,
            404,
            "{nothing}"
        );
    }
    let long = format!("/sportello/ente/vicino?kind=disruption&address={}", "a".repeat(20_000));
    assert!(visitor.browser.get(&long).await.status < 500);
}
