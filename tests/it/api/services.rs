//! What a service asks, and what becomes of answers that do not fit.

use serde_json::json;

use super::{
    report,
    requests::{count, house},
};

#[tokio::test]
async fn an_unknown_service_and_a_missing_answer_are_named() {
    let (_app, base, client) = house().await;
    let client = client.with("idempotency-key", "one");
    let mut unknown = report("anna@libero.example");
    unknown["kind"] = json!("nothing");
    let requests = format!("{base}/requests");
    assert_eq!(client.post(&requests, &unknown).await.fields(), ["kind"]);
    let mut silent = report("anna@libero.example");
    silent["answers"]["details"] = json!("");
    silent["language"] = json!("de");
    let refused = client.post(&requests, &silent).await;
    assert_eq!(refused.fields(), ["details"], "{}", refused.body);
    let mended = client.post(&requests, &report("anna@libero.example")).await;
    assert_eq!(mended.status, 201, "what was refused has not used the word up: {}", mended.body);
}

#[tokio::test]
async fn an_answer_that_the_service_does_not_ask_is_named() {
    let (app, base, client) = house().await;
    let (client, requests) = (client.with("idempotency-key", "one"), format!("{base}/requests"));
    let mut wrong = report("anna@libero.example");
    wrong["answers"]["detials"] = json!("Il cassonetto");
    wrong["answers"]["where_lat"] = json!("45.5");
    wrong["answers"]["where_lon"] = json!("10.2");
    wrong["answers"]["privacy"] = json!("on");
    let refused = client.post(&requests, &wrong).await;
    assert_eq!(refused.problem(), (422, "invalid".to_owned()));
    assert_eq!(refused.fields(), ["detials", "privacy"], "{}", refused.body);
    for known in ["details", "where_lat", "email", "told_by"] {
        assert!(refused.body.contains(known), "{known}: {}", refused.body);
    }
    let mut told = report("anna@libero.example");
    told["answers"]["told_by"] = json!("pigeon");
    assert_eq!(client.post(&requests, &told).await.fields(), ["told_by"]);
    let mut phone = report("anna@libero.example");
    phone["answers"]["phone"] = json!("030 123456");
    super::change_form(&app, |form| form.contacts.phone = entity::form::Need::Hidden).await;
    assert_eq!(client.post(&requests, &phone).await.fields(), ["phone"], "what is not asked is not taken");
    assert_eq!(count(&app).await, 0);
}

#[tokio::test]
async fn a_position_that_is_none_is_named_where_it_stands() {
    let (app, base, client) = house().await;
    let requests = format!("{base}/requests");
    for (n, (lat, lon, field)) in [
        ("999", "10.2", "where_lat"),
        ("NaN", "10.2", "where_lat"),
        ("45.5", "", "where_lon"),
        ("45.5", "-180.5", "where_lon"),
        ("", "10.2", "where_lat"),
    ]
    .into_iter()
    .enumerate()
    {
        let mut wrong = report("anna@libero.example");
        wrong["answers"]["where_lat"] = json!(lat);
        wrong["answers"]["where_lon"] = json!(lon);
        let refused = client.with_word(&format!("where-{n}")).post(&requests, &wrong).await;
        assert_eq!((refused.status, refused.fields()), (422, vec![field.to_owned()]), "{lat} {lon}");
        assert!(refused.body.contains("latitudine e longitudine"), "{}", refused.body);
        assert!(!refused.body.contains("Scrivi la via"), "{}", refused.body);
    }
    assert_eq!(count(&app).await, 0);
}

#[tokio::test]
async fn a_service_says_how_long_answers_may_be_and_how_many_files_it_takes() {
    let (app, base, client) = house().await;
    let kind = client.get(&format!("{base}/kinds/disruption")).await.json();
    let fields = kind["fields"].as_array().unwrap();
    let of = |name: &str, what: &str| {
        fields.iter().find(|field| field["name"] == name).unwrap().get(what).cloned().unwrap_or_default()
    };
    assert_eq!((of("details", "max"), of("where", "max")), (json!(4000), json!(200)));
    assert_eq!(of("details", "files"), json!(null));
    let photos = fields.iter().find(|field| field["type"] == "files").unwrap();
    assert_eq!(photos["files"], json!({ "most": 10, "bytes": 15 << 20, "bytes_together": 25 << 20 }));
    let own = |form: &mut entity::form::Form| form.fields[1].max = 300;
    super::change_form(&app, own).await;
    let kind = client.get(&format!("{base}/kinds/disruption")).await.json();
    assert_eq!(kind["fields"][1]["max"], 300, "what the organisation wants holds");
    let mut long = report("anna@libero.example");
    long["answers"]["details"] = json!("o".repeat(301));
    let refused = client.with_word("long").post(&format!("{base}/requests"), &long).await;
    assert_eq!(refused.fields(), ["details"], "{}", refused.body);
}

#[tokio::test]
async fn a_service_says_which_days_can_be_wished_for() {
    let (app, base, client) = house().await;
    crate::support::citizen::open_portal(&app.app, app.organisation()).await;
    let kind = client.get(&format!("{base}/kinds/pickup?lang=en")).await.json();
    let fields = kind["fields"].as_array().unwrap();
    let day = fields.iter().find(|field| field["name"] == "preferred_date").unwrap();
    assert_eq!(
        (&day["type"], &day["from_today"], &day["hint"]),
        (&json!("date"), &json!(true), &json!("From today onwards."))
    );
    assert_eq!(fields.iter().filter(|field| field.get("from_today").is_some()).count(), 1);
    let form = crate::support::citizen::form_of(&app.app, app.organisation(), "pickup").await;
    let mut answers = crate::support::citizen::Citizen::new(&form, 1).answers();
    for (n, (day, status)) in [("2026-03-01", 422), ("2026-03-02", 201)].into_iter().enumerate() {
        answers.insert("preferred_date".to_owned(), day.to_owned());
        let wish = json!({ "kind": "pickup", "language": "de", "answers": answers });
        let sent = client.with_word(&format!("day-{n}")).post(&format!("{base}/requests"), &wish).await;
        assert_eq!(sent.status, status, "{}", sent.body);
        if status == 422 {
            assert_eq!(sent.fields(), ["preferred_date"]);
            assert!(sent.body.contains("Das Datum liegt in der Vergangenheit"), "{}", sent.body);
        }
    }
    let slug = base.rsplit('/').next().unwrap();
    let definition = client.get(&format!("/open311/{slug}/v2/services/pickup.json?locale=it")).await;
    assert!(definition.body.contains("Da oggi in poi."), "{}", definition.body);
}
