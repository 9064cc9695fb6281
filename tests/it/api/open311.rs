//! A civic app that speaks Open311 `GeoReport` v2 and knows nothing of us.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use entity::{app_key::Scope, portal};
use sea_orm::ActiveValue::Set;

use super::{ALL, Client, change_portal, client, key, open_portal};
use crate::support::app::TestApp;

async fn house() -> (TestApp, String, Client, String) {
    let app = TestApp::start().await;
    open_portal(&app).await;
    let base = super::base(&app).await.replace("/api/v1/", "/open311/") + "/v2";
    let client = client(&app, &ALL).await.without_key();
    let key = key(&app, &[Scope::Open311], 600).await.key;
    (app, base, client, key)
}

fn fields(key: &str) -> Vec<(&str, &str)> {
    vec![
        ("api_key", key),
        ("jurisdiction_id", "brescia.it"),
        ("service_code", "disruption"),
        ("lat", "45.5392"),
        ("long", "10.2206"),
        ("description", "Cassonetto <rotto> & pieno"),
        ("email", "anna@libero.example"),
        ("first_name", "Anna"),
        ("last_name", "Bianchi"),
        ("media_url", "http://169.254.169.254/latest"),
    ]
}

#[tokio::test]
async fn a_civic_app_reports_in_json() {
    let (_app, base, client, key) = house().await;
    let services = client.get(&format!("{base}/services.json")).await.json();
    let service =
        services.as_array().unwrap().iter().find(|one| one["service_code"] == "disruption").unwrap();
    assert_eq!(service["type"], "realtime");
    let definition = client.get(&format!("{base}/services/disruption.json")).await.json();
    assert_eq!(definition["service_code"], "disruption");
    assert!(definition["attributes"].is_array());
    let sent = client.form(&format!("{base}/requests.json"), &fields(&key)).await;
    assert_eq!(sent.status, 201, "{}", sent.body);
    assert_eq!(sent.json()[0]["service_request_id"], "2026-000001");
    let again = client.form(&format!("{base}/requests.json"), &fields(&key)).await;
    assert_eq!(again.json()[0]["service_request_id"], "2026-000001", "a phone that repeats itself");
    let own = client.get(&format!("{base}/requests/2026-000001.json?api_key={key}")).await;
    assert_eq!((own.status, &own.json()[0]["status"]), (200, &"open".into()), "{}", own.body);
    assert_eq!(own.json()[0]["lat"], 45.5392, "what it sent comes back: {}", own.body);
    let stranger = client.get(&format!("{base}/requests/2026-000001.json")).await;
    assert_eq!((stranger.status, &stranger.json()[0]["code"]), (404, &404.into()), "not published");
    assert_eq!(client.get(&format!("{base}/requests.json")).await.json(), serde_json::json!([]));
}

#[tokio::test]
async fn a_civic_app_reports_in_xml() {
    let (_app, base, client, key) = house().await;
    let services = client.get(&format!("{base}/services.xml")).await;
    assert!(services.header("content-type").starts_with("text/xml"));
    assert!(services.body.contains("<services><service><service_code>"), "{}", services.body);
    let definition = client.get(&format!("{base}/services/disruption.xml")).await;
    assert!(
        definition.body.contains("<service_definition><service_code>disruption</service_code><attributes"),
        "{}",
        definition.body
    );
    let sent = client.form(&format!("{base}/requests.xml"), &fields(&key)).await;
    assert!(
        sent.body.contains("<service_requests><request><service_request_id>2026-000001</service_request_id>"),
        "{}",
        sent.body
    );
    let own = client.get(&format!("{base}/requests/2026-000001.xml?api_key={key}")).await;
    assert!(own.body.contains("<status>open</status>"), "{}", own.body);
    let refused = client.form(&format!("{base}/requests.xml"), &[("service_code", "disruption")]).await;
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("<errors><error><code>403</code><description>"), "{}", refused.body);
    for file in ["discovery.xml", "discovery.json"] {
        let found = client.get(&format!("{base}/{file}")).await;
        assert!(
            found.status == 200 && found.body.contains("http://wiki.open311.org/GeoReport_v2"),
            "{}",
            found.body
        );
    }
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_in_the_shape_of_the_standard() {
    let (app, base, client, key) = house().await;
    let status = |answer: &super::Answer| (answer.status, answer.json()[0]["code"].as_u64().unwrap());
    let unknown: Vec<_> =
        fields(&key).into_iter().map(|(n, v)| (n, if n == "service_code" { "x" } else { v })).collect();
    assert_eq!(status(&client.form(&format!("{base}/requests.json"), &unknown).await), (400, 400));
    let wrong = client.form(&format!("{base}/requests.json"), &fields("rk_wrong")).await;
    assert_eq!(status(&wrong), (403, 403));
    let other = super::key(&app, &[Scope::Read], 600).await.key;
    assert_eq!(status(&client.form(&format!("{base}/requests.json"), &fields(&other)).await), (403, 403));
    for path in [
        "services/none.json",
        "requests/2026-000009.json",
        "requests/x.json",
        "tokens/x.json",
        "nothing.json",
    ] {
        assert_eq!(status(&client.get(&format!("{base}/{path}")).await), (404, 404), "{path}");
    }
    assert_eq!(status(&client.get(&format!("{base}/requests.json?status=lost")).await), (400, 400));
    assert_eq!(status(&client.get(&format!("{base}/requests.json?start_date=yesterday")).await), (400, 400));
    assert_eq!(client.get("/open311/nessuno/v2/services.json").await.status, 404);
}

/// An operator publishes a report.
async fn publish(app: &TestApp, work_order: uuid::Uuid) {
    let published = entity::publication::Model {
        work_order_id: work_order,
        organisation_id: app.organisation(),
        title: "Cassonetto rotto".to_owned(),
        text: String::new(),
        address: "Via Solferino".to_owned(),
        latitude: Some(45.54),
        longitude: Some(10.22),
        author_id: None,
        published_at: app.now(),
    };
    let tx = app.app.desk.db.begin().await.unwrap();
    riscontro::store::publication::put(&tx, published).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn only_what_an_operator_published_is_listed() {
    let (app, base, client, key) = house().await;
    client.form(&format!("{base}/requests.json"), &fields(&key)).await;
    let number = "2026-000001".parse().unwrap();
    let order =
        riscontro::store::work_order::by_number(&app.app.desk.db.read, app.organisation(), number).await;
    publish(&app, order.unwrap().unwrap().id).await;
    let requests = format!("{base}/requests.json");
    assert_eq!(client.get(&requests).await.json(), serde_json::json!([]), "the organisation shows no list");
    change_portal(&app, portal::ActiveModel { listed: Set(true), ..Default::default() }).await;
    let listed = client.get(&requests).await;
    assert_eq!(listed.json()[0]["description"], "Cassonetto rotto");
    assert!(!listed.body.contains("anna") && !listed.body.contains("pieno"), "{}", listed.body);
    let api =
        client.get(&requests.replace("/open311/", "/api/v1/").replace("/v2/requests.json", "/reports")).await;
    assert_eq!(api.json()["items"][0]["address"], "Via Solferino");
    for none in ["status=closed", "service_code=repair", "end_date=2026-01-01T00:00:00Z"] {
        assert_eq!(client.get(&format!("{requests}?{none}")).await.json(), serde_json::json!([]), "{none}");
    }
    let some = client.get(&format!("{requests}?status=open,closed&service_code=disruption")).await;
    assert_eq!(some.json().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_list_of_reports_asks_the_database_the_same_number_of_times_however_long_it_is() {
    let mut app = TestApp::start().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    app.app.desk.db.read.set_metric_callback(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
    });
    open_portal(&app).await;
    change_portal(&app, portal::ActiveModel { listed: Set(true), ..Default::default() }).await;
    let base = super::base(&app).await.replace("/api/v1/", "/open311/") + "/v2";
    let client = client(&app, &ALL).await.without_key();
    let key = key(&app, &[Scope::Open311], 600).await.key;
    let mut numbers = Vec::new();
    let mut counts = Vec::new();
    for n in 0..12 {
        let details = format!("Cassonetto numero {n}");
        let mut report = fields(&key);
        report.iter_mut().find(|(name, _)| *name == "description").unwrap().1 = &details;
        let sent = client.form(&format!("{base}/requests.json"), &report).await;
        assert_eq!(sent.status, 201, "{}", sent.body);
        numbers.push(sent.json()[0]["service_request_id"].as_str().unwrap().to_owned());
        let order = riscontro::store::work_order::by_number(
            &app.app.desk.db.read,
            app.organisation(),
            numbers[n].parse().unwrap(),
        );
        publish(&app, order.await.unwrap().unwrap().id).await;
        app.pass(chrono::Duration::hours(1));
        if n == 0 || n == 11 {
            for query in [String::new(), format!("&service_request_id={}", numbers.join(","))] {
                let before = asked.load(Ordering::Relaxed);
                let listed = client.get(&format!("{base}/requests.json?api_key={key}{query}")).await;
                counts.push(asked.load(Ordering::Relaxed) - before);
                assert_eq!(listed.json().as_array().unwrap().len(), n + 1, "{}", listed.body);
            }
        }
    }
    assert_eq!(counts[..2], counts[2..], "one report, and twelve");
    assert!(counts[0] > 2, "the counter counts: {counts:?}");
    let named =
        client.get(&format!("{base}/requests.json?service_request_id=2026-000003,x,2026-000001")).await;
    let order: Vec<_> =
        named.json().as_array().unwrap().iter().map(|one| one["service_request_id"].clone()).collect();
    assert_eq!(order, ["2026-000003", "2026-000001"], "in the order in which they are asked for");
}

#[tokio::test]
async fn what_a_service_does_not_ask_is_named_and_nobodys_words_are_lost() {
    let (app, base, client, key) = house().await;
    let requests = format!("{base}/requests.json");
    let mut unknown = fields(&key);
    unknown.push(("attribute[colour]", "green"));
    let refused = client.form(&requests, &unknown).await;
    assert_eq!(refused.status, 400, "{}", refused.body);
    assert!(refused.body.contains("colour") && refused.body.contains("details"), "{}", refused.body);
    super::change_form(&app, |form| {
        form.contacts.name = entity::form::Need::Hidden;
        form.fields.retain(|field| field.name != "details");
    })
    .await;
    let wordless = client.form(&requests, &fields(&key)).await;
    assert!(wordless.status == 400 && wordless.body.contains("description"), "{}", wordless.body);
    let mut quiet = fields(&key);
    quiet.retain(|(name, _)| *name != "description");
    let sent = client.form(&requests, &quiet).await;
    assert_eq!(sent.status, 201, "a name that the form does not ask is no reason: {}", sent.body);
    let kept = riscontro::store::work_order::by_number(
        &app.app.desk.db.read,
        app.organisation(),
        "2026-000001".parse().unwrap(),
    );
    let order = kept.await.unwrap().unwrap();
    let sent =
        riscontro::store::submission::of_work_order(&app.app.desk.db.read, app.organisation(), order.id);
    assert!(!format!("{:?}", sent.await.unwrap().unwrap().answers).contains("Bianchi"), "and it is not kept");
}

#[tokio::test]
async fn no_character_breaks_the_xml() {
    let (app, base, client, key) = house().await;
    client.form(&format!("{base}/requests.xml"), &fields(&key)).await;
    let words = entity::language::Words::plain("Guasto\u{b}\u{fffe} <b>&amp;");
    super::change_form(&app, |form| form.title = words).await;
    for path in ["services.xml", "requests/2026-000001.xml"] {
        let answer = client.get(&format!("{base}/{path}?api_key={key}")).await;
        assert!(answer.body.contains("<service_name>Guasto &lt;b"), "{}", answer.body);
        let mut reader = quick_xml::Reader::from_str(&answer.body);
        while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
    }
}
