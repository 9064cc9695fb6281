//! What citizens say of the forms is read.

use entity::communication::Channel;
use riscontro::actions::submission;

use super::{PORTAL, SCRIPT, is_harmless, says};
use crate::support::app::TestApp;

#[tokio::test]
async fn what_citizens_think_of_a_form_stands_at_the_work_order_and_in_the_sum() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    app.own_form(&mut admin).await;
    let ratings = format!("{PORTAL}/ratings");
    says(&admin.get(&ratings).await, &["Nessuna valutazione"]);
    for (n, (stars, note)) in [(5, "Facile e veloce"), (4, ""), (2, SCRIPT)].into_iter().enumerate() {
        let anna = [("what", "Cestino"), ("name", "Anna"), ("surname", "Bianchi")];
        let (id, _) = app.sends(&anna, Channel::Web, &format!("rete-{n}")).await;
        submission::rate(&app.app.desk, &app.cx(), id, stars, note).await.unwrap();
    }
    let page = admin.get(&ratings).await;
    is_harmless(&page);
    says(&page, &["In media 3,7 su 5 , 3 valutazioni.", "Facile e veloce", "2026/000001"]);
    says(&admin.get("/desk/work-orders/2026-000001").await, &["5 su 5 Facile e veloce"]);
    is_harmless(&admin.get("/desk/work-orders/2026-000003").await);

    app.pass(chrono::Duration::days(366));
    let mut admin = app.administrator().await;
    let later = admin.get(&ratings).await;
    says(&later, &["Nell’ultimo anno Nessuna valutazione.", "Facile e veloce"]);
    let mut theirs = app.stranger().await;
    assert!(!theirs.get(&ratings).await.words().contains("Facile"));
}
