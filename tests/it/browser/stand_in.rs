//! The page of IO's stand-in, which is shown in demonstrations.

use std::net::SocketAddr;

use axum::{body::Body, http::Request};
use riscontro::stand_in::{Citizen, Clock, Registration, StandIn, Status, ready};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower::ServiceExt;

use super::{chromium, walk};

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_the_stand_in_is_accessible_empty_and_full() {
    let Some(chromium) = chromium() else { return };
    let stand_in = StandIn::new(Clock::held("2026-03-02T08:00:00Z".parse().unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let router = stand_in.router().into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async { axum::serve(listener, router).await });

    walk("stand_in.mjs", &chromium, &base, &[("MESSAGES", "0")]).await;
    for status in [Status::Rejected, Status::Failed, Status::Throttled, Status::Accepted, Status::Processed] {
        stand_in.citizen(ready::ON, Citizen { fate: Some(status), ..Citizen::new(Registration::On) });
        for content in contents() {
            send(&stand_in, &content).await;
        }
        stand_in.advance(chrono::Duration::minutes(1));
    }
    let sent = (contents().len() * 5).to_string();
    walk("stand_in.mjs", &chromium, &base, &[("MESSAGES", &sent)]).await;
    server.abort();
}

/// Everything that a message may have, and one with nothing of it.
fn contents() -> Vec<Value> {
    let filled =
        "Parole che riempiono, perché un messaggio ha almeno ottanta caratteri e questo ne avrebbe pochi. "
            .repeat(2);
    vec![
        json!({ "subject": "Un messaggio semplice", "markdown": filled }),
        json!({
            "subject": "Un messaggio con tutto quello che può avere",
            "markdown": format!(
                "---\nit:\n    cta_1:\n        text: \"Vai alla segnalazione\"\n        action: \"iohandledlink://https://ente.example/s/1\"\n---\n\
                 # Titolo\n\n{filled}\n\n## Più sotto\n\n- uno\n- due\n\n[un collegamento](https://ente.example) e **grassetto**\n\n> citato"
            ),
            "due_date": "2026-04-12T21:59:59Z",
            "payment_data": { "amount": 12_345, "notice_number": "302000000000000017" },
        }),
        json!({ "subject": "Un messaggio riservato", "markdown": filled, "require_secure_channels": true }),
    ]
}

async fn send(stand_in: &StandIn, content: &Value) {
    let message = json!({ "fiscal_code": ready::ON, "content": content });
    let request = Request::post("/api/v1/messages")
        .header("ocp-apim-subscription-key", ready::USE_KEYS[0])
        .header("content-type", "application/json")
        .body(Body::from(message.to_string()))
        .unwrap();
    assert_eq!(stand_in.router().oneshot(request).await.unwrap().status(), 201);
}
