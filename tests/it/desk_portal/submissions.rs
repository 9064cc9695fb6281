//! What waits is read, let in with the time at which it came, or put aside.

use chrono::Duration;
use entity::communication::Channel;
use riscontro::{actions::submission::Sent, store};

use super::{PORTAL, SCRIPT, is_harmless, says, send};
use crate::support::app::TestApp;

#[tokio::test]
async fn who_does_not_sign_waits_and_keeps_the_time_of_arrival() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let mut giulia = app.operator().await;
    app.own_form(&mut admin).await;
    let quiet = giulia.get("/desk/queue").await;
    assert!(!quiet.words().contains("aspetta di essere ammessa"));
    let (id, sent) =
        app.sends(&[("what", "Cestino pieno"), ("where", "Via Roma 1")], Channel::Web, "rete-1").await;
    assert!(matches!(sent, Sent::Held));
    let arrived = app.now();
    app.pass(Duration::hours(5));
    let queue = giulia.get("/desk/queue").await;
    says(&queue, &["Una richiesta dallo sportello aspetta di essere ammessa."]);
    assert_eq!(queue.links("/desk/submissions").len(), 1, "in the navigation and in the notice");
    says(&queue, &["Da ammettere 1"]);
    let list = giulia.get("/desk/submissions").await;
    says(&list, &["02/03/2026 9:00", "senza indirizzo", "un operatore 1", "la conferma dell’indirizzo 0"]);
    assert!(!list.words().contains("aspetta di essere ammessa"), "the page itself says it");
    let path = format!("/desk/submissions/{id}");
    says(&giulia.get(&path).await, &["Che cosa succede? Cestino pieno", "Dove? Via Roma 1"]);
    let admitted = giulia.post(&format!("{path}/admit"), &[]).await;
    assert_eq!(admitted.location.as_deref(), Some("/desk/work-orders/2026-000001?done=admitted"));
    let db = &app.app.desk.db.read;
    let number = "2026/000001".parse().unwrap();
    let order = store::work_order::by_number(db, app.organisation(), number).await.unwrap().unwrap();
    assert_eq!(order.received_at, arrived, "the terms run from there");
    // Twice is once: the second press shows what became of it.
    let again = giulia.post(&format!("{path}/admit"), &[]).await;
    assert_eq!(again.location.as_deref(), Some(path.as_str()));
    says(&giulia.get(&path).await, &["Ammessa", "2026/000001"]);
    assert!(!giulia.get("/desk/queue").await.words().contains("aspetta di essere ammessa"));
}

#[tokio::test]
async fn what_is_put_aside_has_a_reason() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    app.own_form(&mut admin).await;
    let (id, _) = app.sends(&[("what", SCRIPT)], Channel::App, "rete-1").await;
    let path = format!("/desk/submissions/{id}");
    let page = admin.get(&path).await;
    is_harmless(&page);
    is_harmless(&admin.get("/desk/submissions").await);
    says(&page, &["da un’app"]);
    let refused = admin.post(&format!("{path}/discard"), &[("reason", "  ")]).await;
    assert_eq!(refused.status, 422);
    says(&refused, &["Scrivi il motivo"]);
    let done = admin.post(&format!("{path}/discard"), &[("reason", SCRIPT)]).await;
    assert_eq!(done.location.as_deref(), Some("/desk/submissions?done=submission_discarded"));
    let page = admin.get(&path).await;
    is_harmless(&page);
    says(&page, &["Scartata", "Motivo:"]);
    let list = admin.get("/desk/submissions?state=discarded").await;
    is_harmless(&list);
    says(&list, &["Richieste scartate", "Restano registrate con il motivo e la data", "02/03/2026 9:00"]);
    says(&list, &["<script>alert(1)</script>"]);
    assert_eq!(list.links(&path).len(), 1);
    assert!(admin.get("/desk/submissions").await.links(&path).is_empty());
    assert!(admin.get("/desk/submissions").await.links("/desk/submissions?state=discarded").len() == 1);
    assert_eq!(admin.post(&format!("{path}/admit"), &[]).await.location.as_deref(), Some(path.as_str()));
    assert_eq!(admin.get("/desk/work-orders/2026-000001").await.status, 404);
}

#[tokio::test]
async fn near_duplicates_are_shown_and_their_network_can_be_kept_out() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    app.own_form(&mut admin).await;
    let (first, _) = app.sends(&[("what", "Comprate qui")], Channel::Web, "rete-spam").await;
    let (second, _) = app.sends(&[("what", "Comprate qui")], Channel::Web, "rete-spam").await;
    app.sends(&[("what", "Lampione spento")], Channel::Web, "altra").await;
    let path = format!("/desk/submissions/{first}");
    let page = admin.get(&path).await;
    says(&page, &["Altre simili che aspettano", "stessa rete, stesse parole"]);
    assert_eq!(page.links("/desk/submissions/"), [format!("/desk/submissions/{second}")]);
    let refused = admin.post(&format!("{path}/ban"), &[("what", "network"), ("ban_reason", "")]).await;
    assert_eq!(refused.status, 422);
    says(&refused, &["Scrivi perché"]);
    let no_address = admin.post(&format!("{path}/ban"), &[("what", "address"), ("ban_reason", "spam")]).await;
    assert_eq!(no_address.status, 422);
    says(&no_address, &["non dice da dove arriva"]);
    let banned = [("what", "network"), ("ban_reason", "spam"), ("until", "2026-03-09")];
    assert_eq!(admin.post(&format!("{path}/ban"), &banned).await.status, 303);
    let bans = admin.get(&format!("{PORTAL}/bans")).await;
    says(&bans, &["Una rete bloccata da un invio", "09/03/2026"]);
    assert!(!bans.body.contains("rete-spam"), "its mark tells nobody anything");
    let stands = [(entity::ban::What::Network, "rete-spam")];
    let db = &app.app.desk.db.read;
    assert!(store::ban::holds(db, app.organisation(), &stands, app.now()).await.unwrap());
    app.pass(Duration::days(8));
    assert!(!store::ban::holds(db, app.organisation(), &stands, app.now()).await.unwrap());
}

#[tokio::test]
async fn who_must_confirm_is_seen_waiting() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    app.own_form(&mut admin).await;
    let page = admin.get(PORTAL).await;
    let fields = [
        ("slug", page.field("slug")),
        ("colour", page.field("colour")),
        ("admission", "confirmed".to_owned()),
        ("anonymous", "moderated".to_owned()),
        ("name", page.field("name")),
        ("contest_days", page.field("contest_days")),
        ("link_days", page.field("link_days")),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(send(&mut admin, PORTAL, &fields).await.status, 303);
    let answers = [
        ("what", "Cestino pieno"),
        ("name", "Anna"),
        ("surname", "Bianchi"),
        ("email", "anna@libero.example"),
    ];
    let (_, sent) = app.sends(&answers, Channel::Web, "rete-1").await;
    assert!(matches!(sent, Sent::Unconfirmed));
    assert!(
        !admin.get("/desk/queue").await.words().contains("aspetta di essere ammessa"),
        "nobody need do anything"
    );
    says(&admin.get("/desk/submissions?state=unconfirmed").await, &["anna@libero.example"]);
    says(&admin.get("/desk/submissions").await, &["Nessuna richiesta da ammettere"]);
}

#[tokio::test]
async fn a_flood_is_counted_and_compared_no_further_than_anybody_reads() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    app.own_form(&mut admin).await;
    let (first, _) = app.sends(&[("what", "Comprate qui")], Channel::Web, "rete-0").await;
    for n in 1..=100 {
        app.sends(&[("what", "Comprate qui")], Channel::Web, &format!("rete-{n}")).await;
    }
    let list = admin.get("/desk/submissions").await;
    says(&list, &["Da ammettere 99+", "un operatore 99+"]);
    says(&admin.get("/desk/queue").await, &["99+ richieste dallo sportello aspettano di essere ammesse."]);
    assert_eq!(list.links("/desk/submissions/").len(), 50);
    let one = admin.get(&format!("/desk/submissions/{first}")).await;
    assert_eq!(one.links("/desk/submissions/").len(), 10);
}
