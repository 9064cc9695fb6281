//! Which check comes first, and the budget that comes before most of them.

use axum::body::Body;
use http::Request;
use riscontro::stand_in::{Group, ready};
use serde_json::json;
use tower::ServiceExt;

use super::{Io, message};

#[tokio::test]
async fn the_gateway_asks_for_a_key_before_anything_else() {
    let io = Io::new();
    let request = Request::post("/api/v1/messages").body(Body::empty()).unwrap();
    let answer = io.stand_in.router().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 401);
    let unknown = io.with_key("nessuno").post("/messages", &json!({})).await;
    let words = "Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.";
    assert_eq!(unknown.gateway(), (401, words));
    // A wrong address is no citizen who is not on IO (trap 1).
    assert_eq!(io.get("/profile/x").await.gateway(), (404, "Resource not found"));
    assert_eq!(io.get("/messages").await.gateway(), (404, "Resource not found"));
    let elsewhere = io.send(http::Method::POST, "/api/v2/profiles", "{}").await;
    assert_eq!(elsewhere.gateway(), (404, "Resource not found"), "for all of its host");
}

#[tokio::test]
async fn a_message_fails_at_the_first_check_that_is_against_it() {
    let io = Io::new();
    let mut wrong = message(ready::ON);
    wrong["feature_level_type"] = json!("ADVANCED");
    wrong["content"]["third_party_data"] = json!({ "id": "1", "has_attachments": true });
    wrong["content"]["payment_data"] = json!({ "amount": 9_999_999, "notice_number": "301000000000000001" });
    let mut broken = wrong.clone();
    broken["content"]["markdown"] = json!("breve");

    // Each line takes away what the one before it failed at.
    assert!(io.stand_in.groups(ready::INSTITUTION, &[Group::ApiInfoRead]));
    assert_eq!(io.post("/messages/x", &broken).await.problem(), (403, "User has no valid scopes"));
    io.allow(&[]);
    assert_eq!(io.manager().post("/messages/x", &broken).await.problem(), (403, "You are not allowed here"));
    assert_eq!(io.post("/messages/x", &broken).await.problem(), (400, "Invalid message structure"));
    assert_eq!(io.post("/messages/x", &wrong).await.problem(), (400, "Invalid FiscalCode"));
    let path = format!("/messages/{}", ready::OFF);
    let premium = io.post(&path, &wrong).await;
    assert_eq!(premium.problem(), (403, "You are not allowed here"));
    assert_eq!(premium.body["detail"], "You do not have enough permissions to send a Premium message");
    io.allow(&[Group::ApiMessageWriteAdvanced]);
    assert_eq!(io.post(&path, &wrong).await.problem(), (400, "Bad parameters"));
    let title = "No configuration id for remote content";
    assert_eq!(io.post("/messages", &wrong).await.problem(), (403, title));
    wrong["content"]["third_party_data"]["configuration_id"] = json!("01ARZ3NDEKTSV4RRFFQ69G5FAV");
    let title = "Remote Content Configuration NOT FOUND";
    assert_eq!(io.post("/messages", &wrong).await.problem(), (404, title));
    wrong["content"].as_object_mut().unwrap().remove("third_party_data");
    let limited = [Group::ApiMessageWriteAdvanced, Group::ApiLimitedMessageWrite];
    io.allow(&limited);
    assert_eq!(io.post("/messages", &wrong).await.problem(), (403, "Recipient forbidden"));
    io.allow(&[Group::ApiMessageWriteAdvanced]);
    assert_eq!(io.post("/messages", &wrong).await.problem(), (400, "Error while sending payment metadata"));
    wrong["content"]["payment_data"]["amount"] = json!(1_000_000);
    let right = io.post("/messages", &wrong).await;
    let id = right.body["id"].as_str().unwrap();
    assert_eq!(right.header("location"), format!("/api/v1/messages/{}/{id}", ready::ON));
    assert_eq!(io.stand_in.messages().len(), 1);
}

#[tokio::test]
async fn lengths_are_counted_as_javascript_counts() {
    let io = Io::new();
    let mut said = message(ready::ON);
    for (subject, markdown, status) in [
        ("à".repeat(10), "à".repeat(80), 201),
        ("😀".repeat(60), "😀".repeat(5000), 201),
        ("à".repeat(9), "à".repeat(80), 400),
        ("😀".repeat(61), "à".repeat(80), 400),
        ("à".repeat(10), "à".repeat(79), 400),
        ("à".repeat(10), "à".repeat(10_001), 400),
    ] {
        (said["content"]["subject"], said["content"]["markdown"]) = (json!(subject), json!(markdown));
        assert_eq!(io.post("/messages", &said).await.status, status, "{subject}");
    }
}

#[tokio::test]
async fn an_account_on_trial_learns_nothing_about_anybody() {
    let io = Io::new();
    assert_eq!(io.profile(ready::ABSENT).await.problem(), (404, "Profile not found"));
    let trial = [Group::ApiLimitedMessageWrite, Group::ApiLimitedProfileRead];
    assert!(io.stand_in.groups(ready::INSTITUTION, &trial));
    for code in [ready::ON, ready::OFF, ready::ABSENT] {
        assert_eq!(io.profile(code).await.problem(), (403, "Recipient forbidden"));
    }
    assert_eq!(io.profile(ready::TEST_CODE).await.status, 200);
    assert_eq!(io.profile("RSSMRA").await.problem(), (400, "Invalid FiscalCodePayload"));
}

#[tokio::test]
async fn all_keys_of_an_institution_share_one_budget_of_calls() {
    let io = Io::new();
    let manager = io.manager();
    for call in 0..150 {
        let said =
            if call % 2 == 0 { io.profile(ready::ON).await } else { manager.get("/manage/services").await };
        assert_eq!(said.status, 200);
        assert_eq!(said.header("x-rate-limit-remaining"), (149 - call).to_string());
    }
    io.later(2);
    for refused in [io.profile(ready::ON).await, manager.get("/manage/services").await] {
        assert_eq!(refused.gateway(), (429, "Rate limit is exceeded. Try again in 3 seconds."));
        assert_eq!(refused.header("x-rate-limit-retry-after"), "3");
        assert_eq!(refused.header("retry-after"), "", "trap 2");
    }
    io.later(3);
    assert_eq!(io.profile(ready::ON).await.status, 200, "calls that were refused do not count");
    let statuses: Vec<_> = io.stand_in.calls().iter().map(|call| call.status).collect();
    assert_eq!(statuses.len(), 153);
    assert_eq!(statuses.iter().filter(|status| **status == Some(429)).count(), 2);
}
