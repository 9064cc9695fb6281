//! Who may come in where.

use axum::{
    body::Body,
    http::{Request, header},
};

use super::FIRST;
use crate::support::{app::TestApp, browser::Browser, letter::letter};

impl TestApp {
    /// The browser of an operator who is no administrator, with a password of her own.
    pub(crate) async fn operator(&self) -> Browser {
        let mut admin = self.administrator().await;
        let giulia = [("login", "giulia"), ("name", "Giulia Ferrari"), ("email", ""), ("role", "operator")];
        let added = admin.post("/desk/admin/operators", &giulia).await;
        assert_eq!(added.status, 200, "the one-time password is shown on the page itself: {}", added.words());
        let words = added.words();
        let one_time = words
            .split_whitespace()
            .find(|word| word.len() == 16 && word.chars().all(|c| c.is_ascii_alphanumeric()))
            .unwrap();
        self.signed_in("giulia", one_time).await
    }

    /// The browser of an administrator of another organisation in the same house.
    pub(crate) async fn stranger(&self) -> Browser {
        let password = other_organisation(self).await;
        self.signed_in("estraneo", &password).await
    }

    async fn signed_in(&self, login: &str, one_time: &str) -> Browser {
        let mut browser = self.browser();
        assert_eq!(
            browser.post("/desk/login", &[("login", login), ("password", one_time)]).await.status,
            303
        );
        let held_back = browser.get("/desk/queue").await;
        assert_eq!(held_back.location.as_deref(), Some("/desk/password"), "first the password");
        let change =
            [("current", one_time), ("new", "quattro parole a caso"), ("again", "quattro parole a caso")];
        assert_eq!(browser.post("/desk/password", &change).await.status, 303);
        browser
    }
}

async fn other_organisation(app: &TestApp) -> String {
    use entity::{operator::Role, organisation, taxpayer};
    use riscontro::{actions, store};
    let organisation = uuid::Uuid::now_v7();
    let row = organisation::Model {
        id: organisation,
        name: "Altro ente".into(),
        patron_day: None,
        demo: false,
        created_at: app.now(),
    };
    let generic = taxpayer::Model {
        id: uuid::Uuid::now_v7(),
        organisation_id: organisation,
        code: None,
        name: "Contribuente generico".into(),
        name_folded: "contribuente generico".into(),
        fiscal_code: None,
        address: String::new(),
        generic: true,
        created_at: app.now(),
        updated_at: app.now(),
    };
    let tx = app.app.desk.db.begin().await.unwrap();
    store::organisation::insert(&tx, row).await.unwrap();
    store::taxpayer::insert(&tx, generic).await.unwrap();
    tx.commit().await.unwrap();
    let cx = actions::Cx::system(organisation, app.now());
    let form = actions::operator::Form {
        login: "estraneo".into(),
        name: "Estraneo".into(),
        email: String::new(),
        role: Role::Administrator,
        active: true,
    };
    actions::operator::add(&app.app.desk, &cx, &form, "una-volta-sola-2026").await.unwrap();
    "una-volta-sola-2026".to_owned()
}

#[tokio::test]
async fn every_door_asks_who_is_there() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let mut nobody = app.browser();
    for path in [
        "/",
        "/desk/queue",
        FIRST,
        "/desk/taxpayers",
        "/desk/taxpayers/import",
        "/desk/admin/mailboxes",
        "/desk/admin/operators",
        "/desk/password",
    ] {
        let answer = nobody.get(path).await;
        let to = answer.location.unwrap_or_default();
        assert!(
            answer.status == 303 && (to.starts_with("/desk/login") || path == "/"),
            "{path}: {} {to}",
            answer.status
        );
    }
    for path in [
        format!("{FIRST}/notes"),
        format!("{FIRST}/handling"),
        "/desk/admin/operators".into(),
        "/desk/admin/mailboxes".into(),
    ] {
        let answer = nobody.post(&path, &[]).await;
        assert!(
            [303, 401, 403].contains(&answer.status)
                && answer.location.is_none_or(|to| to.starts_with("/desk/login")),
            "{path}: {}",
            answer.status
        );
    }
}

#[tokio::test]
async fn an_operator_is_no_administrator() {
    let app = TestApp::start().await;
    let mut giulia = app.operator().await;
    assert_eq!(giulia.get("/desk/queue").await.status, 200);
    for path in [
        "/desk/admin/mailboxes",
        "/desk/admin/mailboxes/new",
        "/desk/admin/operators",
        "/desk/taxpayers/import",
    ] {
        assert_eq!(giulia.get(path).await.status, 403, "{path}");
    }
    let promoted = giulia
        .post("/desk/admin/operators", &[("login", "x"), ("name", "X"), ("role", "administrator")])
        .await;
    assert_eq!(promoted.status, 403);
}

#[tokio::test]
async fn another_organisation_sees_nothing_of_ours() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let mut ours = app.administrator().await;
    let order = ours.get(FIRST).await;
    let source = order.links("original.eml").remove(0);
    let mut theirs = app.stranger().await;
    assert!(!theirs.get("/desk/queue").await.words().contains("Mancato ritiro"));
    let taxpayer = order
        .links("/desk/taxpayers/")
        .into_iter()
        .find(|link| link.len() > 40)
        .unwrap_or_else(|| FIRST.to_owned());
    let mailbox = format!("/desk/admin/mailboxes/{}", app.mailbox().await.id);
    for path in [FIRST, &source, &taxpayer, &mailbox] {
        assert_eq!(theirs.get(path).await.status, 404, "{path}");
    }
    let id = uuid::Uuid::now_v7().to_string();
    let noted = theirs.post(&format!("{FIRST}/notes"), &[("id", &id), ("body", "di nascosto")]).await;
    assert_eq!(noted.status, 404);
    assert!(!ours.get(FIRST).await.words().contains("di nascosto"));
}

#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let mut desk = app.administrator().await;
    let request = |site: &str, origin: &str| {
        Request::post(format!("{FIRST}/notes"))
            .header(header::HOST, "localhost:8080")
            .header("origin", origin)
            .header("sec-fetch-site", site)
            .header(header::COOKIE, desk.cookie().unwrap())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(format!("id={}&body=forzata", uuid::Uuid::now_v7())))
            .unwrap()
    };
    let (cross, same) =
        (request("cross-site", "https://truffa.example"), request("same-origin", "http://localhost:8080"));
    assert_eq!(desk.receive(cross).await.status, 403);
    assert_eq!(desk.receive(same).await.status, 303);
}
