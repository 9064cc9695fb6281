//! Many services, and administrators who press everything at once.

use chrono::TimeDelta;
use riscontro::{
    actions::{
        Cx,
        io::account::{self, Settings},
    },
    stand_in::{Clock, ready},
    store,
};
use serde_json::{Value, json};

use super::{SERVICES, io_beside, says};
use crate::{
    io::script::{Script, Turn},
    support::app::TestApp,
};

#[tokio::test]
async fn trap_16_a_hundred_and_twenty_services_come_over_short_pages() {
    let app = TestApp::start_with(|config| config.io.calls_per_second = 2000).await;
    let io = app.io().await;
    io.stand_in.set(|knobs| knobs.calls_per_window = usize::MAX);
    let mut admin = app.administrator().await;
    for number in 1..120 {
        let remote = app.io_elsewhere(&io, &format!("Raccolta del quartiere {number}")).await;
        // IO cuts its pages before it leaves out what was deleted: they are shorter, and others follow.
        if number % 40 == 0 {
            let gone = app.io_elsewhere(&io, &format!("Da cancellare {number}")).await;
            app.io_gone_elsewhere(&io, &gone).await;
        }
        assert!(!remote.is_empty());
    }
    let imported = admin.post(&format!("{SERVICES}/import"), &[]).await;
    assert_eq!(imported.status, 303, "{}", imported.words());
    let page = admin.get(imported.location.as_deref().unwrap()).await;
    says(&page, &["Importazione finita: servizi nuovi 119, aggiornati 1.", "Raccolta del quartiere 119"]);
    let all = store::io_service::all(&app.app.desk.db.read, app.organisation()).await.unwrap();
    assert_eq!(all.len(), 120);
    assert!(all.iter().all(|row| row.primary_key.is_some() && row.secondary_key.is_some()));
}

/// IO is there.
async fn connect(app: &TestApp, base_url: String) {
    let manage_key = ready::MANAGE_KEYS[0].to_owned();
    let settings = Settings { base_url, manage_key, ..Settings::default() };
    let cx = Cx::system(app.organisation(), app.now());
    account::save(&app.app.desk, &cx, settings, [7; 24]).await.unwrap();
}

fn service(id: &str, name: &str) -> Value {
    json!({
        "id": id, "status": { "value": "approved" }, "last_update": "2026-03-01T08:00:00.000Z",
        "name": name, "description": "d", "organization": { "name": "Ente", "fiscal_code": "01234567897" },
        "require_secure_channel": false, "authorized_recipients": [], "authorized_cidrs": ["203.0.113.7"],
        "max_allowed_payment_amount": 0, "metadata": { "scope": "LOCAL", "topic": { "id": 4, "name": "Casa e utenze" } }
    })
}

#[tokio::test]
async fn a_service_whose_keys_cannot_be_read_is_brought_and_said_to_be_without() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let [one, two] = ["01J0STAND0N0SERV0A00000000", "01J0STAND0N0SERV0B00000000"];
    let list = |services: Vec<Value>| {
        let count = services.len();
        Turn::json(
            200,
            &json!({ "value": services, "pagination": { "offset": 0, "limit": 99, "count": count } }),
        )
    };
    let script = Script::start([
        list(vec![service(one, "Raccolta dei rifiuti"), service(two, "Pulizia delle strade")]),
        list(Vec::new()),
        Turn::problem(404, "Not found"),
        Turn::problem(500, "Internal server error"),
        Turn::problem(404, "Not found"),
        Turn::json(
            200,
            &json!({ "primary_key": "chiave-primaria-1", "secondary_key": "chiave-secondaria-2" }),
        ),
    ])
    .await;
    connect(&app, script.base()).await;
    let imported = admin.post(&format!("{SERVICES}/import"), &[]).await;
    let page = admin.get(imported.location.as_deref().unwrap()).await;
    says(&page, &["servizi nuovi 2", "Di un servizio IO non ha dato le chiavi: riprova dalla sua pagina."]);
    let db = &app.app.desk.db.read;
    for (remote, has_keys) in [(one, false), (two, true)] {
        let row = store::io_service::by_remote_id(db, app.organisation(), remote).await.unwrap().unwrap();
        assert_eq!(row.primary_key.is_some(), has_keys, "{remote}");
        let page = admin.get(&format!("{SERVICES}/{}", row.id)).await;
        assert_eq!(page.words().contains("manca"), !has_keys, "{remote}");
        assert!(!page.body.contains("chiave-primaria-1"));
    }
}

/// IO counts in windows of five seconds (facts 2.1).
#[tokio::test(flavor = "multi_thread")]
async fn trap_03_buttons_that_are_pressed_in_a_hurry_keep_within_the_budget() {
    const RATE: usize = 8;
    let app = TestApp::start_with(|config| config.io.calls_per_second = 8).await;
    let (stand_in, base_url) = io_beside(Clock::MACHINE).await;
    connect(&app, base_url).await;
    let mut admin = app.administrator().await;
    assert_eq!(admin.post(&format!("{SERVICES}/import"), &[]).await.status, 303);
    let here = store::io_service::all(&app.app.desk.db.read, app.organisation()).await.unwrap();
    let path = format!("{SERVICES}/{}", here[0].id);
    let presses = (0..10).map(|press| {
        let mut admin = admin.clone();
        let path = match press % 3 {
            0 => format!("{SERVICES}/import"),
            1 => format!("{path}/refresh"),
            _ => format!("{path}/keys"),
        };
        tokio::spawn(async move {
            let page = admin.post(&path, &[("act", "fetch"), ("version", "0")]).await;
            assert!([303, 409].contains(&page.status), "{}", page.words());
        })
    });
    for press in presses.collect::<Vec<_>>() {
        press.await.unwrap();
    }
    let calls = stand_in.calls();
    assert!(calls.len() > RATE * 2, "{}", calls.len());
    assert!(calls.iter().all(|call| call.status != Some(429)));
    let window = TimeDelta::seconds(5);
    let from = |at: usize| calls[at..].iter().take_while(|call| call.at - calls[at].at < window).count();
    let fullest = (0..calls.len()).map(from).max().unwrap_or_default();
    // A call may have been half a second on the line while others were not.
    assert!(fullest <= RATE * 5 + RATE / 2, "{fullest} calls in five seconds");
}
