//! Profiles, messages, and what becomes of them.

use riscontro::domain::io::call::{Failure, Opened, Paid, Profile, Progress, Told};
use serde_json::json;

use super::{
    CODE, ID, io, keys, message, recipient,
    script::{Script, Turn},
    service,
};

#[tokio::test]
async fn a_citizen_is_on_io_or_has_the_service_off_or_is_not_there() {
    let script = Script::start([
        Turn::json(
            200,
            &json!({"sender_allowed": true, "preferred_languages": ["it_IT", "xx_XX"], "new": {}}),
        ),
        Turn::json(200, &json!({"sender_allowed": true})),
        Turn::json(200, &json!({"sender_allowed": false})),
        Turn::problem(404, "Profile not found"),
    ])
    .await;
    let service = service(&script);
    let languages = vec!["it_IT".to_owned(), "xx_XX".to_owned()];
    assert_eq!(service.profile(&recipient()).await, Ok(Profile::Reachable { languages }));
    assert_eq!(service.profile(&recipient()).await, Ok(Profile::Reachable { languages: vec![] }));
    assert_eq!(service.profile(&recipient()).await, Ok(Profile::ServiceOff));
    assert_eq!(service.profile(&recipient()).await, Ok(Profile::NotOnIo));
    let heard = &script.heard()[0];
    assert_eq!(heard.line, "POST /api/v1/profiles");
    assert_eq!((heard.json(), heard.key.as_deref()), (json!({ "fiscal_code": CODE }), Some("key-of-use")));
}

#[tokio::test]
async fn trap_01_a_404_that_is_not_about_the_profile_is_never_a_citizen_who_is_not_there() {
    let script = Script::start([
        Turn::gateway(404, "Resource not found"),
        Turn::Say(
            404,
            vec![("content-type", "text/html".to_owned())],
            b"<h1>Profile not found</h1>".to_vec(),
        ),
        Turn::json(404, &json!({"title": "Profile not found", "status": 404})),
        Turn::problem(404, "Service not found"),
    ])
    .await;
    let service = service(&script);
    for _ in 0..3 {
        assert!(matches!(service.profile(&recipient()).await, Err(Failure::Astray { .. })));
    }
    assert!(matches!(service.profile(&recipient()).await, Err(Failure::Refused { .. })));
}

#[tokio::test]
async fn a_message_is_written_as_io_reads_it() {
    let script = Script::start([Turn::json(201, &json!({ "id": ID }))]).await;
    assert_eq!(service(&script).submit(&message()).await.unwrap().id, ID);
    let heard = &script.heard()[0];
    assert_eq!(heard.line, "POST /api/v1/messages");
    assert!(heard.head.contains("content-type: application/json"), "{}", heard.head);
    insta::assert_snapshot!(serde_json::to_string_pretty(&heard.json()).unwrap(), @r#"
    {
      "content": {
        "due_date": "2027-01-12T22:59:59Z",
        "markdown": "---\nit:\n    cta_1:\n        text: \"Vai alla segnalazione\"\n        action: \"iohandledlink://https://ente.example/s/1\"\n---\n\nLa tua segnalazione 2026/000123 del 2 marzo è stata presa in carico: la squadra passa entro venerdì.",
        "payment_data": {
          "amount": 123456,
          "invalid_after_due_date": true,
          "notice_number": "302000000000000017"
        },
        "require_secure_channels": true,
        "subject": "La tua segnalazione è stata presa in carico"
      },
      "fiscal_code": "RSSMRA45C12F205C"
    }
    "#);
}

#[tokio::test]
async fn trap_18_a_message_names_its_secrecy_in_the_plural_and_only_when_it_is_meant() {
    let script =
        Script::start([Turn::json(201, &json!({ "id": ID })), Turn::json(201, &json!({ "id": ID }))]).await;
    let mut plain = message();
    plain.content.secure = None;
    plain.content.payment = None;
    plain.content.due_date = None;
    service(&script).submit(&message()).await.unwrap();
    service(&script).submit(&plain).await.unwrap();
    let contents: Vec<_> = script.heard().iter().map(|heard| heard.json()["content"].clone()).collect();
    assert_eq!(contents[0]["require_secure_channels"], true);
    assert!(contents[0].get("require_secure_channel").is_none());
    let fields: Vec<_> = contents[1].as_object().unwrap().keys().cloned().collect();
    assert_eq!(fields, ["markdown", "subject"], "nothing that IO would take for an answer");
}

#[tokio::test]
async fn the_id_is_found_in_the_address_when_the_body_is_lost() {
    let location = format!("/api/v1/messages/{CODE}/{ID}");
    let script = Script::start([
        Turn::bare(201).with("location", &location),
        Turn::json(201, &json!({"id": "../../x"})).with("location", &location),
        Turn::bare(201),
        Turn::bare(200).with("location", &location),
    ])
    .await;
    let service = service(&script);
    assert_eq!(service.submit(&message()).await.unwrap().id, ID);
    assert_eq!(service.submit(&message()).await.unwrap().id, ID);
    assert!(matches!(service.submit(&message()).await, Err(Failure::Unknown { .. })));
    assert!(matches!(service.submit(&message()).await, Err(Failure::Unknown { .. })));
}

#[tokio::test]
async fn trap_04_and_24_what_became_of_a_message_is_read_whatever_else_io_says() {
    let status =
        |status: &str| json!({"message": {"id": ID, "fiscal_code": CODE}, "status": status, "new": 1});
    let mut old = status("PROCESSED");
    old["notification"] = json!({"email": "SENT", "webhook": "ASTONISHED"});
    let mut premium = status("PROCESSED");
    premium["read_status"] = json!("READ");
    premium["payment_status"] = json!("NOT_PAID");
    let script = Script::start([
        Turn::json(200, &status("ACCEPTED")),
        Turn::json(200, &status("REJECTED")),
        Turn::json(200, &status("THROTTLED")),
        Turn::json(200, &status("FAILED")),
        Turn::json(200, &status("TELEPORTED")),
        Turn::json(200, &old),
        Turn::json(200, &premium),
    ])
    .await;
    let service = service(&script);
    for progress in
        [Progress::Accepted, Progress::Rejected, Progress::Throttled, Progress::Failed, Progress::Unknown]
    {
        let report = service.look(&recipient(), ID).await.unwrap();
        assert_eq!((report.progress, report.push, report.opened), (progress, None, None));
    }
    let report = service.look(&recipient(), ID).await.unwrap();
    assert_eq!((report.email, report.push), (Some(Told::Sent), Some(Told::Unknown)));
    let report = service.look(&recipient(), ID).await.unwrap();
    assert_eq!((report.opened, report.paid), (Some(Opened::Read), Some(Paid::NotPaid)));
    assert_eq!(script.lines()[0], format!("GET /api/v1/messages/{CODE}/{ID}"));
}

#[tokio::test]
async fn a_key_that_is_refused_gives_way_to_the_other_one_once() {
    let refused = || Turn::gateway(401, "Access denied due to invalid subscription key.");
    let script =
        Script::start([refused(), Turn::json(201, &json!({ "id": ID })), refused(), refused(), refused()])
            .await;
    let institution = io().institution(&script.base(), uuid::Uuid::nil(), 200).unwrap();
    let pair = institution.service(keys("first", Some("second")));
    assert_eq!(pair.submit(&message()).await.unwrap().id, ID);
    assert_eq!(pair.submit(&message()).await, Err(Failure::KeyRefused));
    assert_eq!(institution.service(keys("first", None)).submit(&message()).await, Err(Failure::KeyRefused));
    assert_eq!(
        institution.service(keys("a\nb", None)).submit(&message()).await,
        Err(Failure::KeyRefused),
        "no call at all"
    );
    let used: Vec<_> = script.heard().into_iter().filter_map(|heard| heard.key).collect();
    assert_eq!(used, ["first", "second", "first", "second", "first"]);
}

#[tokio::test]
async fn keys_go_only_where_nobody_can_read_them() {
    for base in ["http://api.io.example/api/v1", "ftp://api.io.example", "https://a:b@api.io.example/"] {
        assert!(io().institution(base, uuid::Uuid::nil(), 20).is_err(), "{base}");
    }
    assert!(io().institution("https://api.io.pagopa.it/api/v1/", uuid::Uuid::nil(), 20).is_ok());
}

#[tokio::test]
async fn trap_23_either_sort_of_key_goes_into_the_one_field_that_there_is() {
    let script = Script::start([
        Turn::json(200, &json!({"sender_allowed": true})),
        Turn::json(200, &json!({"topics": []})),
    ])
    .await;
    service(&script).profile(&recipient()).await.unwrap();
    super::management(&script).topics().await.unwrap();
    let heard = script.heard();
    let keys: Vec<_> = heard.iter().map(|heard| heard.key.as_deref()).collect();
    assert_eq!(keys, [Some("key-of-use"), Some("key-of-management")]);
    // The schema names it twice, as if there were two.
    for heard in &heard {
        assert_eq!(heard.head.to_ascii_lowercase().matches("key:").count(), 1, "{}", heard.head);
    }
}
