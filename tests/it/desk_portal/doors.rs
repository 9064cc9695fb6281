//! Who may come in where.

use entity::communication::Channel;

use super::{PORTAL, QUESTIONS};
use crate::support::{app::TestApp, letter::letter};

/// Addresses of a house where there is one of each thing.
struct World {
    app: TestApp,
    /// Pages of administrators, and forms.
    admin: Vec<String>,
    admin_acts: Vec<String>,
    /// Pages of every operator, and forms.
    desk: Vec<String>,
    desk_acts: Vec<String>,
}

async fn world() -> World {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    app.own_form(&mut admin).await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let (held, _) = app.sends(&[("what", "Anonimo")], Channel::Web, "rete").await;
    let banned = [("value", "spam.example"), ("reason", "spam"), ("until", "")];
    assert_eq!(admin.post(&format!("{PORTAL}/bans"), &banned).await.status, 303);
    let bans = riscontro::store::ban::all(&app.app.desk.db.read, app.organisation()).await.unwrap();
    let token = uuid::Uuid::now_v7().to_string();
    let key = [("token", token.as_str()), ("name", "App"), ("per_minute", "60"), ("scopes", "open311")];
    assert_eq!(admin.post(&format!("{PORTAL}/keys"), &key).await.status, 200);
    let keys = riscontro::store::app_key::of(&app.app.desk.db.read, app.organisation()).await.unwrap();
    let notice = super::notices::written(&mut admin, &[]).await;
    let order = "/desk/work-orders/2026-000001";
    let pages = [
        "",
        "/texts",
        "/texts/it/privacy",
        "/kinds",
        "/kinds/disruption",
        "/bans",
        "/keys",
        "/ratings",
        "/webhooks",
    ];
    let acts = ["", "/open", "/close", "/texts/it/home", "/kinds/disruption", "/kinds/disruption/published"];
    let mut admin_acts: Vec<String> = acts.iter().map(|act| format!("{PORTAL}{act}")).collect();
    admin_acts.extend([
        format!("{PORTAL}/kinds/disruption/reset"),
        format!("{PORTAL}/bans"),
        format!("{PORTAL}/bans/{}/lift", bans[0].id),
        format!("{PORTAL}/keys"),
        format!("{PORTAL}/keys/{}/revoke", keys[0].id),
    ]);
    let submission = format!("/desk/submissions/{held}");
    let mut desk_acts: Vec<String> =
        ["admit", "discard", "ban"].map(|act| format!("{submission}/{act}")).into();
    desk_acts.extend(
        ["edit", "publish", "withdraw", "restore", "link", "unlink"].map(|act| format!("{notice}/{act}")),
    );
    desk_acts.extend([
        format!("{order}/link"),
        format!("{order}/publication"),
        format!("{order}/publication/remove"),
    ]);
    World {
        admin: pages.iter().map(|page| format!("{PORTAL}{page}")).collect(),
        admin_acts,
        desk: vec![submission, notice.clone(), format!("{notice}/edit"), order.to_owned()],
        desk_acts,
        app,
    }
}

/// What makes each form readable, so that a refusal is one of the door and not of the form.
const FIELDS: &[(&str, &str)] = &[
    ("version", "0"),
    ("trace", "x"),
    ("published", ""),
    ("slug", "rubato"),
    ("colour", "#000000"),
    ("admission", "at_once"),
    ("anonymous", "at_once"),
    ("contest_days", "1"),
    ("link_days", "1"),
    ("text", "di nascosto"),
    ("value", "altro.example"),
    ("reason", "perché sì"),
    ("ban_reason", "perché sì"),
    ("what", "network"),
    ("name", "Chiave"),
    ("per_minute", "60"),
    ("scopes", "open311"),
    ("token", "00000000-0000-7000-8000-000000000001"),
    ("starts", "2026-03-02T09:00"),
    ("title", "di nascosto"),
    ("act", "publish"),
];

#[tokio::test]
async fn every_door_of_the_portal_asks_who_is_there() {
    let world = world().await;
    let mut nobody = world.app.browser();
    let lists = ["/desk/submissions", "/desk/notices", "/desk/notices/new"].map(str::to_owned);
    for path in world.admin.iter().chain(&world.desk).chain(&lists) {
        let to = nobody.get(path).await.location.unwrap_or_default();
        assert!(to.starts_with("/desk/login"), "{path}: {to}");
    }
    for path in world.admin_acts.iter().chain(&world.desk_acts) {
        assert_eq!(nobody.post(path, FIELDS).await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn the_portal_is_the_administrators_and_its_work_is_everybodys() {
    let world = world().await;
    let mut giulia = world.app.operator().await;
    let lists = ["/desk/submissions", "/desk/notices", "/desk/notices/new"].map(str::to_owned);
    for path in world.desk.iter().chain(&lists) {
        assert_eq!(giulia.get(path).await.status, 200, "{path}");
    }
    for path in &world.admin {
        assert_eq!(giulia.get(path).await.status, 403, "{path}");
    }
    for path in &world.admin_acts {
        assert_eq!(giulia.post(path, FIELDS).await.status, 403, "{path}");
    }
}

#[tokio::test]
async fn another_organisation_finds_nothing_of_our_portal() {
    let world = world().await;
    let mut theirs = world.app.stranger().await;
    for path in &world.desk {
        assert_eq!(theirs.get(path).await.status, 404, "{path}");
    }
    for path in &world.desk_acts {
        assert_eq!(theirs.post(path, FIELDS).await.status, 404, "{path}");
    }
    for path in world.admin_acts.iter().filter(|path| path.ends_with("/lift") || path.ends_with("/revoke")) {
        assert_eq!(theirs.post(path, FIELDS).await.status, 404, "{path}");
    }
    for path in ["/desk/submissions", "/desk/notices", "/desk/admin/portal/bans", "/desk/admin/portal/keys"] {
        let page = theirs.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        for ours in ["Anonimo", "spam.example", "Sciopero", "open311"] {
            assert!(!page.words().contains(ours), "{path}: {ours}");
        }
    }
    let mut admin = world.app.administrator().await;
    assert_eq!(admin.get(PORTAL).await.field("slug"), "ente");
    let kind = admin.get(&format!("{PORTAL}/kinds/disruption")).await;
    assert_eq!(kind.field("title_it"), QUESTIONS[0].1);
}
