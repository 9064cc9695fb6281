//! The life of a message.

use riscontro::stand_in::{Citizen, Group, Registration, Status, ready};
use serde_json::json;

use super::{Io, TEXT, message, sheet};

#[tokio::test]
async fn a_message_is_accepted_and_only_later_meets_its_citizen() {
    let io = Io::new();
    let codes = [ready::ON, ready::OFF, ready::ABSENT, ready::FAILING];
    let mut ids = Vec::new();
    for code in codes {
        let id = io.message(code).await;
        assert_eq!(io.status(code, &id).await, "ACCEPTED", "nobody asks whether the citizen exists");
        ids.push(id);
    }
    let accepted = io.get(&format!("/messages/{}/{}", ready::ON, ids[0])).await;
    assert!(accepted.body["message"].get("content").is_none(), "{accepted:?}");
    io.later(4);
    let mut ends = Vec::new();
    for (code, id) in codes.iter().zip(&ids) {
        ends.push(io.status(code, id).await);
    }
    assert_eq!(ends, ["PROCESSED", "REJECTED", "REJECTED", "FAILED"]);
    let there = io.get(&format!("/messages/{}/{}", ready::ON, ids[0])).await;
    assert_eq!(there.body["message"]["content"]["markdown"], TEXT);
    assert!(there.body.get("notification").is_none() && there.body.get("read_status").is_none(), "{there:?}");
    assert_eq!(
        io.get(&format!("/messages/{}/{}", ready::OFF, ids[0])).await.problem(),
        (404, "Message not found")
    );
}

#[tokio::test]
async fn a_citizen_who_switches_the_service_off_in_between_is_not_reached() {
    let io = Io::new();
    assert_eq!(io.profile(ready::ON).await.body["sender_allowed"], true);
    let id = io.message(ready::ON).await;
    io.stand_in.citizen(ready::ON, Citizen::new(Registration::Off));
    io.later(60);
    assert_eq!(io.status(ready::ON, &id).await, "REJECTED");
}

#[tokio::test]
async fn a_late_message_arrives_when_the_jam_is_over() {
    let io = Io::new();
    let late = Citizen { fate: Some(Status::Throttled), ..Citizen::new(Registration::On) };
    io.stand_in.citizen(ready::ON, late);
    let id = io.message(ready::ON).await;
    io.later(7 * 86_400);
    assert_eq!(io.status(ready::ON, &id).await, "THROTTLED");
    io.stand_in.citizen(ready::ON, Citizen::new(Registration::On));
    io.later(60);
    assert_eq!(io.status(ready::ON, &id).await, "PROCESSED");
}

#[tokio::test]
async fn another_service_may_not_ask_and_a_premium_sender_hears_more() {
    let io = Io::new();
    io.allow(&[Group::ApiMessageWriteAdvanced, Group::ApiMessageReadAdvanced]);
    let mut premium = message(ready::ON);
    premium["feature_level_type"] = json!("ADVANCED");
    premium["content"]["payment_data"] = json!({ "amount": 1250, "notice_number": "301000000000000001" });
    let id = io.post("/messages", &premium).await.body["id"].as_str().unwrap().to_owned();
    let path = format!("/messages/{}/{id}", ready::ON);
    assert!(io.get(&path).await.body.get("read_status").is_none(), "not while it is under way");
    io.later(4);
    let unread = io.get(&path).await.body;
    assert_eq!((&unread["read_status"], &unread["payment_status"]), (&json!("UNREAD"), &json!("NOT_PAID")));
    assert!(io.stand_in.change_message(&id, |message| (message.read, message.paid) = (true, true)));
    let read = io.get(&path).await.body;
    assert_eq!((&read["read_status"], &read["payment_status"]), (&json!("READ"), &json!("PAID")));
    assert_eq!(read["message"]["content"]["payment_data"]["payee"]["fiscal_code"], ready::INSTITUTION_CODE);

    let other = io.stand_in.institution("Comune di Borgo Valserena", "00000000000");
    let theirs = io.with_key(&other.manage_keys[0]);
    let created = theirs.post("/manage/services", &sheet("Raccolta rifiuti")).await;
    let service = format!("/manage/services/{}", created.body["id"].as_str().unwrap());
    assert_eq!(io.manager().get(&service).await.problem(), (403, "You are not allowed here"));
    let key = theirs.get(&format!("{service}/keys")).await.body["secondary_key"].as_str().unwrap().to_owned();
    let asks = io.with_key(&key);
    assert_eq!(asks.get(&path).await.problem(), (403, "You are not allowed here"), "not known yet");
    io.later(3);
    let refused = asks.get(&path).await;
    let words = "You are not allowed to read this message, you can only read messages that you have sent";
    assert_eq!((refused.problem().0, refused.body["detail"].as_str()), (403, Some(words)));
}
