//! The life of a service.

use riscontro::stand_in::{Review, State, ready};
use serde_json::{Value, json};

use super::{Io, TEXT, message, sheet};

/// A picture of one pixel.
const PICTURE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";

/// A service of ours, as a draft: its path.
async fn draft(io: &Io, name: &str) -> String {
    let said = io.manager().post("/manage/services", &sheet(name)).await;
    assert_eq!((said.status.as_u16(), &said.body["status"]["value"]), (201, &json!("draft")), "{said:?}");
    format!("/manage/services/{}", said.body["id"].as_str().unwrap())
}

async fn stands(io: &Io, service: &str) -> (Value, Option<Value>) {
    let sheet = io.manager().get(service).await.body;
    let release = io.manager().get(&format!("{service}/release")).await;
    (sheet["status"]["value"].clone(), (release.status == 200).then(|| release.body["status"].clone()))
}

#[tokio::test]
async fn a_service_is_reviewed_published_and_hidden_again_by_a_careless_edit() {
    let io = Io::new();
    let manager = io.manager();
    let service = draft(&io, "Raccolta rifiuti").await;
    let review = format!("{service}/review");
    let publish = |publish: bool| json!({ "auto_publish": publish });
    assert_eq!(manager.put(&review, &json!({})).await.problem(), (400, "Invalid ReviewRequest"));
    assert_eq!(manager.put(&review, &publish(true)).await.status, 204);
    assert_eq!(manager.put(&service, &sheet("Altro")).await.problem(), (409, "Conflict"), "it is frozen");
    assert_eq!(manager.delete(&service).await.problem(), (409, "Conflict"));
    io.later(10);
    assert_eq!(stands(&io, &service).await, (json!("approved"), None), "released a moment later");
    io.later(3);
    assert_eq!(stands(&io, &service).await, (json!("approved"), Some(json!("published"))));

    // What nobody reads again: approved at once, whatever the people at PagoPA do. And hidden (trap 18).
    io.stand_in.set(|knobs| knobs.review = Review::Wait);
    let mut edited = sheet("Raccolta rifiuti");
    edited["authorized_cidrs"] = json!(["10.0.0.0/8"]);
    assert_eq!(manager.put(&service, &edited).await.body["status"]["value"], "draft");
    assert_eq!(stands(&io, &service).await.1, Some(json!("published")), "citizens still see the old one");
    assert_eq!(manager.put(&review, &publish(false)).await.status, 204);
    io.later(13);
    assert_eq!(stands(&io, &service).await, (json!("approved"), Some(json!("unpublished"))));
    for _ in 0..2 {
        assert_eq!(manager.post(&format!("{service}/release"), &json!(null)).await.status, 204);
    }
    assert_eq!(stands(&io, &service).await.1, Some(json!("published")));

    // A new name is for people to look at.
    assert_eq!(manager.put(&service, &sheet("Raccolta dei rifiuti")).await.status, 200);
    assert_eq!(manager.put(&review, &publish(true)).await.status, 204);
    io.later(86_400);
    assert_eq!(stands(&io, &service).await.0, "submitted");
    io.stand_in.set(|knobs| knobs.review = Review::Reject("Il nome non è chiaro.".to_owned()));
    io.later(1);
    let rejected = manager.get(&service).await.body;
    assert_eq!(rejected["status"], json!({ "value": "rejected", "reason": "Il nome non è chiaro." }));
    assert_eq!(
        manager.put(&review, &publish(true)).await.problem(),
        (409, "Conflict"),
        "an edit comes first"
    );
    assert_eq!(manager.delete(&service).await.status, 204);
    assert_eq!(stands(&io, &service).await, (json!("deleted"), Some(json!("unpublished"))));
    let list = manager.get("/manage/services").await.body;
    assert_eq!(list["pagination"], json!({ "offset": 0, "limit": 20, "count": 1 }));
}

#[tokio::test]
async fn rules_reject_what_no_person_needs_to_read() {
    let io = Io::new();
    for (change, part) in [
        (("privacy_url", json!("valleserena.example")), "privacy"),
        (("phone", Value::Null), "recapito"),
        (("email", json!("sportello")), "email"),
        (("web_url", json!("ftp://x")), "web_url"),
    ] {
        let mut flawed = sheet("Raccolta rifiuti");
        match change.1 {
            Value::Null => drop(flawed["metadata"].as_object_mut().unwrap().remove(change.0)),
            value => flawed["metadata"][change.0] = value,
        }
        assert!(reason(&io, &flawed).await.contains(part), "{part}");
    }
    assert!(reason(&io, &sheet(&ready::SERVICE_NAME.to_uppercase())).await.contains("nome"));
}

/// Why a sheet is rejected.
async fn reason(io: &Io, sheet: &Value) -> String {
    let manager = io.manager();
    let made = manager.post("/manage/services", sheet).await;
    let service = format!("/manage/services/{}", made.body["id"].as_str().unwrap());
    manager.put(&format!("{service}/review"), &json!({ "auto_publish": true })).await;
    io.later(10);
    manager.get(&service).await.body["status"]["reason"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn messages_hear_of_a_service_late_and_then_only_of_what_is_approved() {
    let io = Io::new();
    let manager = io.manager();
    let service = draft(&io, "Raccolta rifiuti").await;
    let keys = manager.get(&format!("{service}/keys")).await.body;
    let sender = io.with_key(keys["primary_key"].as_str().unwrap());
    assert_eq!(sender.profile(ready::ON).await.problem(), (403, "You are not allowed here"));
    io.later(3);
    assert_eq!(sender.profile(ready::ON).await.status, 200, "a draft can send (8.2)");
    let mut paying = message(ready::ON);
    paying["content"]["payment_data"] = json!({ "amount": 1, "notice_number": "301000000000000001" });
    assert_eq!(
        sender.post("/messages", &paying).await.problem(),
        (400, "Error while sending payment metadata")
    );

    let mut closed = sheet("Raccolta rifiuti");
    closed["authorized_cidrs"] = json!(["203.0.113.7"]);
    manager.put(&service, &closed).await;
    io.later(3);
    assert_eq!(sender.profile(ready::ON).await.problem(), (403, "You are not allowed here"), "from here");
    manager.put(&service, &sheet("Raccolta rifiuti")).await;
    manager.put(&format!("{service}/review"), &json!({ "auto_publish": true })).await;
    io.later(16);
    assert_eq!(sender.post("/messages", &paying).await.status, 201, "the platform's own maximum");
    manager.put(&service, &closed).await;
    io.later(86_400);
    assert_eq!(sender.profile(ready::ON).await.status, 200, "an edit waits for its approval");
    manager.put(&format!("{service}/review"), &json!({ "auto_publish": true })).await;
    io.later(16);
    assert_eq!(sender.profile(ready::ON).await.problem(), (403, "You are not allowed here"));
    let known = io.stand_in.services().into_iter().find(|known| service.ends_with(&known.id)).unwrap();
    assert_eq!((known.state, known.known.unwrap().cidrs), (State::Approved, vec!["203.0.113.7".to_owned()]));
}

#[tokio::test]
async fn keys_are_changed_one_at_a_time_without_an_outage() {
    let io = Io::new();
    let path = format!("/manage/services/{}/keys", ready::SERVICE);
    let second = io.with_key(ready::USE_KEYS[1]);
    assert_eq!(second.profile(ready::ON).await.status, 200);
    let renewed = io.manager().put(&format!("{path}/primary"), &json!(null)).await.body;
    assert_eq!(renewed["secondary_key"], ready::USE_KEYS[1]);
    assert_eq!(io.profile(ready::ON).await.status, 401);
    assert_eq!(second.profile(ready::ON).await.status, 200);
    let first = io.with_key(renewed["primary_key"].as_str().unwrap());
    assert_eq!(first.profile(ready::ON).await.status, 200);
    assert_eq!(io.manager().put(&format!("{path}/third"), &json!(null)).await.status, 400);
}

#[tokio::test]
async fn a_list_is_cut_before_deleted_services_are_left_out_of_it() {
    let io = Io::new();
    let manager = io.manager();
    for name in ["Uno per tutti", "Due per tutti", "Tre per tutti"] {
        draft(&io, name).await;
        io.later(1);
    }
    let all = manager.get("/manage/services?limit=99").await.body;
    let second = all["value"][1]["id"].as_str().unwrap();
    manager.delete(&format!("/manage/services/{second}")).await;
    let page = manager.get("/manage/services?limit=2&offset=0").await.body;
    assert_eq!(page["pagination"], json!({ "offset": 0, "limit": 2, "count": 1 }));
    assert_eq!(manager.get("/manage/services?limit=2&offset=2").await.body["pagination"]["count"], 2);
    for wrong in ["limit=0", "limit=100", "limit=x", "offset=-1"] {
        assert_eq!(manager.get(&format!("/manage/services?{wrong}")).await.status, 400, "{wrong}");
    }
    let logo = format!("/manage/services/{}/logo", ready::SERVICE);
    assert_eq!(manager.put(&logo, &json!({ "logo": PICTURE })).await.status, 204);
    assert_eq!(manager.put(&logo, &json!({ "logo": TEXT })).await.problem(), (400, "Image not valid"));
}
