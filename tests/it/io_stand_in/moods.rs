//! What can be made to go wrong, to be strange, and to be seen.

use axum::body::Body;
use http::Method;
use riscontro::stand_in::{self, Door, Fault, ready};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{Io, TEXT, message};

#[tokio::test]
async fn what_goes_wrong_goes_wrong_as_often_as_planned() {
    let io = Io::new();
    io.stand_in.plan(Door::Messages, 2, Fault::TooMany(7));
    assert_eq!(io.profile(ready::ON).await.status, 200, "at its own door");
    for _ in 0..2 {
        let said = io.post("/messages", &message(ready::ON)).await;
        assert_eq!((said.gateway().0, said.header("x-rate-limit-retry-after")), (429, "7"));
    }
    io.message(ready::ON).await;
    io.stand_in.plan(Door::Any, 1, Fault::ServerError);
    assert_eq!(io.profile(ready::ON).await.problem(), (500, "Internal server error"));
    io.stand_in.plan(Door::Any, 1, Fault::BadGateway);
    let html = io.profile(ready::ON).await;
    assert_eq!((html.status.as_u16(), html.header("content-type")), (502, "text/html; charset=utf-8"));
    io.stand_in.plan(Door::Any, 1, Fault::Gateway(404));
    assert_eq!(io.profile(ready::ON).await.gateway(), (404, "Resource not found"));
    io.stand_in.plan(Door::Any, 1, Fault::Bare(403));
    assert_eq!(io.profile(ready::ON).await.body, "");
    io.stand_in.plan(Door::Any, 1, Fault::Problem(403, "Production call forbidden".to_owned()));
    assert_eq!(io.profile(ready::ON).await.problem(), (403, "Production call forbidden"));
    assert_eq!(io.profile(ready::ON).await.status, 200);
    assert_eq!(io.stand_in.messages().len(), 1);
}

#[tokio::test]
async fn a_line_breaks_before_or_after_and_the_caller_cannot_tell() {
    let io = Io::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(stand_in::serve(listener, io.stand_in.clone()));
    let body = message(ready::ON).to_string();
    let request = format!(
        "POST /api/v1/messages HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\nocp-apim-subscription-key: {}\r\ncontent-length: {}\r\n\r\n{body}",
        io.key,
        body.len(),
    );
    let post = async || {
        let mut line = TcpStream::connect(address).await.unwrap();
        line.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        // A reset or an end: both are the end.
        let _ = line.read_to_string(&mut answer).await;
        answer
    };
    for (fault, done) in [(Fault::HangUp, 0), (Fault::Drop, 1)] {
        io.stand_in.plan(Door::Messages, 1, fault);
        assert_eq!(post().await, "", "not one byte");
        assert_eq!(io.stand_in.messages().len(), done);
    }
    let whole = post().await;
    assert!(whole.starts_with("HTTP/1.1 201 Created\r\n"), "{whole}");
    let statuses: Vec<_> = io.stand_in.calls().iter().map(|call| call.status).collect();
    assert_eq!(statuses, [None, None, Some(201)]);
    server.abort();
}

#[tokio::test]
async fn values_and_fields_of_tomorrow_and_of_yesterday_can_be_had_today() {
    let io = Io::new();
    let id = io.message(ready::ON).await;
    io.stand_in.set(|knobs| (knobs.strange, knobs.notification) = (true, true));
    assert_eq!(io.status(ready::ON, &id).await, "ENRICHING");
    let profile = io.profile(ready::ON).await.body;
    assert_eq!(profile["preferred_languages"], json!(["sl_SI", "it_IT"]));
    assert!(profile["announced_tomorrow"].is_object());
    io.later(4);
    let there = io.get(&format!("/messages/{}/{id}", ready::ON)).await.body;
    assert_eq!((&there["status"], &there["notification"]["webhook"]), (&json!("PROCESSED"), &json!("SENT")));
}

#[tokio::test]
async fn everything_can_be_set_from_outside_and_seen_on_one_page() {
    let io = Io::new();
    let control = |method, path: &'static str, body: Value| io.send(method, path, body.to_string());
    let set =
        control(Method::PUT, "/stand-in/knobs", json!({ "others": "absent", "review": { "reject": "No." } }))
            .await;
    assert_eq!(
        (set.status.as_u16(), &set.body["others"], &set.body["copy_seconds"]),
        (200, &json!("absent"), &json!(3))
    );
    assert_eq!(io.profile("RSSMRA85T10A562S").await.status, 404);
    assert_eq!(control(Method::PUT, "/stand-in/knobs", json!({ "colour": 1 })).await.status, 422);
    let path = "/stand-in/citizens/RSSMRA85T10A562S";
    let citizen = json!({ "registration": "on", "services": { ready::SERVICE: "off" }, "languages": [] });
    assert_eq!(control(Method::PUT, path, citizen).await.status, 204);
    assert_eq!(io.profile("RSSMRA85T10A562S").await.body, json!({ "sender_allowed": false }));
    let plan = json!({ "fault": { "too_many": 2 }, "door": "profiles" });
    assert_eq!(control(Method::POST, "/stand-in/faults", plan).await.status, 204);
    assert_eq!(io.profile(ready::ON).await.status, 429);

    let mut hostile = message(ready::ON);
    hostile["content"]["subject"] = json!("<script>alert(1)</script>");
    hostile["content"]["markdown"] = json!(format!(
        "---\nit:\n    cta_1:\n        text: \"Vedi\"\n        action: \"iohandledlink://https://x.example\"\n---\n<script>x</script>\n\n{TEXT}"
    ));
    let id = io.post("/messages", &hostile).await.body["id"].as_str().unwrap().to_owned();
    assert_eq!(control(Method::POST, "/stand-in/clock", json!({ "seconds": 4 })).await.status, 200);
    let page = io.send(Method::GET, "/", Body::empty()).await;
    let html = page.body.as_str().unwrap();
    assert!(!html.contains("<script") && html.contains("iohandledlink:&#x2f;&#x2f;https"), "{html}");
    assert!(
        html.contains("recapitato") && html.contains(&id) && html.contains(ready::SERVICE_NAME),
        "{html}"
    );
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
    let seen = io.send(Method::GET, "/stand-in", Body::empty()).await.body;
    assert_eq!((&seen["messages"], &seen["institutions"][0]["id"]), (&json!(1), &json!(ready::INSTITUTION)));
    let calls = io.send(Method::GET, "/stand-in/calls", Body::empty()).await.body.to_string();
    assert!(!calls.contains("RSSMRA") && calls.contains("/api/v1/profiles"), "{calls}");
}
