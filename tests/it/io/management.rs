//! Service sheets, their life and their keys.

use riscontro::{
    channel::io::Which,
    domain::io::{
        call::Failure,
        sheet::{
            Sheet,
            life::{Lifecycle, Publication},
        },
    },
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::{
    ID, management,
    script::{Script, Turn},
};

fn sheet(id: &str, status: &str) -> Value {
    json!({
        "id": id, "status": {"value": status, "reason": "Il nome è troppo lungo."}, "last_update": "2026-03-02T08:00:00.000Z",
        "name": "Segnalazioni, suggerimenti e reclami", "description": "Qui segui le tue segnalazioni.",
        "organization": {"name": "Ente di prova", "fiscal_code": "00743110157"},
        "require_secure_channel": false, "authorized_recipients": [], "authorized_cidrs": ["203.0.113.7"],
        "max_allowed_payment_amount": 0,
        "metadata": {"scope": "LOCAL", "topic": {"id": 14, "name": "Suolo"}, "email": "a@ente.example", "phone": "030 1"}
    })
}

#[tokio::test]
async fn trap_16_the_list_is_read_to_an_empty_page() {
    let page = |ids: &[&str]| {
        let value: Vec<_> = ids.iter().map(|id| sheet(id, "approved")).collect();
        Turn::json(
            200,
            &json!({"value": value, "pagination": {"offset": 0, "limit": 99, "count": ids.len()}}),
        )
    };
    let broken = Turn::json(200, &json!({"value": [{"id": 3}, sheet("D", "frozen")], "pagination": {}}));
    let script = Script::start([page(&["A", "B"]), page(&["B", "C"]), broken, page(&[])]).await;
    let services = management(&script).services().await.unwrap();
    let ids: Vec<_> = services.iter().map(|service| (service.id.as_str(), service.lifecycle)).collect();
    assert_eq!(
        ids,
        [
            ("A", Lifecycle::Approved),
            ("B", Lifecycle::Approved),
            ("C", Lifecycle::Approved),
            ("D", Lifecycle::Unknown)
        ]
    );
    insta::assert_snapshot!(script.lines().join("\n"), @r"
    GET /api/v1/manage/services?limit=99&offset=0
    GET /api/v1/manage/services?limit=99&offset=2
    GET /api/v1/manage/services?limit=99&offset=4
    GET /api/v1/manage/services?limit=99&offset=6
    ");
    assert_eq!(script.heard()[0].key.as_deref(), Some("key-of-management"));
}

#[tokio::test]
async fn a_list_without_end_is_left() {
    let page = || Turn::json(200, &json!({"value": vec![json!({}); 99]}));
    let script = Script::start(std::iter::repeat_with(page).take(40)).await;
    assert_eq!(management(&script).services().await, Ok(vec![]));
    assert_eq!(script.heard().len(), 21);
}

#[tokio::test]
async fn trap_17_an_update_reads_merges_and_writes() {
    let mut now = sheet(ID, "approved");
    now["authorized_cidrs"] = json!(["203.0.113.7", "203.0.113.8"]);
    now["metadata"]["support_url"] = json!("https://ente.example/aiuto");
    now["invented"] = json!(true);
    let script = Script::start([Turn::json(200, &now), Turn::json(200, &sheet(ID, "draft"))]).await;
    let base = Sheet::read(&sheet(ID, "approved")).unwrap();
    let mut ours = base.clone();
    ours.metadata.phone = Some("030 2".to_owned());
    let changed = management(&script).update(ID, &base, &ours).await.unwrap();
    assert_eq!(changed.lifecycle, Lifecycle::Draft);
    assert_eq!(
        script.lines(),
        [format!("GET /api/v1/manage/services/{ID}"), format!("PUT /api/v1/manage/services/{ID}")]
    );
    let mut expected = Sheet::read(&now).unwrap().written();
    expected["metadata"]["phone"] = json!("030 2");
    assert_eq!(script.heard()[1].json(), expected);
    assert_eq!(expected["metadata"]["topic_id"], 14);
    assert_eq!(expected["authorized_cidrs"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_sheet_that_is_with_the_reviewers_is_outdated() {
    let script = Script::start([
        Turn::json(200, &sheet(ID, "submitted")),
        Turn::problem(409, "Conflict"),
        Turn::json(200, &sheet(ID, "rejected")),
    ])
    .await;
    let management = management(&script);
    let base = Sheet::read(&sheet(ID, "draft")).unwrap();
    assert!(matches!(management.update(ID, &base, &base).await, Err(Failure::Outdated { .. })));
    let service = management.service(ID).await.unwrap();
    assert_eq!(
        (service.lifecycle, service.reason.as_deref()),
        (Lifecycle::Rejected, Some("Il nome è troppo lungo."))
    );
}

#[tokio::test]
async fn a_service_is_made_reviewed_published_and_hidden() {
    let script = Script::start([
        Turn::json(201, &sheet(ID, "draft")),
        Turn::bare(204),
        Turn::problem(404, "Not found"),
        Turn::problem(404, "Not found"),
        Turn::bare(204),
        Turn::json(200, &{
            let mut published = sheet(ID, "draft");
            published["status"] = json!("published");
            published
        }),
        Turn::bare(204),
        Turn::bare(204),
    ])
    .await;
    let management = management(&script);
    let made = management.create(&Sheet::read(&sheet(ID, "draft")).unwrap()).await.unwrap();
    assert_eq!((made.id.as_str(), made.updated.is_some()), (ID, true));
    management.review(ID, true).await.unwrap();
    assert_eq!(management.publication(ID).await, Ok(None), "never approved");
    assert!(matches!(management.publish(ID).await, Err(Failure::Retry { .. })), "just approved");
    management.publish(ID).await.unwrap();
    let (publication, published) = management.publication(ID).await.unwrap().unwrap();
    assert_eq!((publication, published), (Publication::Published, made.sheet));
    management.unpublish(ID).await.unwrap();
    management.delete(ID).await.unwrap();
    let sheet = format!("/api/v1/manage/services/{ID}");
    assert_eq!(
        script.lines(),
        [
            "POST /api/v1/manage/services".to_owned(),
            format!("PUT {sheet}/review"),
            format!("GET {sheet}/release"),
            format!("POST {sheet}/release"),
            format!("POST {sheet}/release"),
            format!("GET {sheet}/release"),
            format!("DELETE {sheet}/release"),
            format!("DELETE {sheet}"),
        ]
    );
    assert_eq!(script.heard()[1].json(), json!({"auto_publish": true}));
}

#[tokio::test]
async fn a_service_of_which_nobody_knows_whether_it_was_made_is_not_made_again() {
    let script = Script::start([Turn::HangUp]).await;
    let failure = management(&script).create(&Sheet::default()).await.unwrap_err();
    assert!(matches!(failure, Failure::Unknown { .. }), "{failure:?}");
    assert_eq!(script.heard().len(), 1);
}

#[tokio::test]
async fn keys_logos_and_topics_are_had() {
    let pair = || Turn::json(200, &json!({"primary_key": "p", "secondary_key": "s", "new": 1}));
    let script = Script::start([
        pair(),
        pair(),
        Turn::gateway(401, "Access denied due to invalid subscription key."),
        Turn::bare(204),
        Turn::bare(202),
        Turn::json(200, &json!({"topics": [{"id": 14, "name": "Suolo, spazi e beni pubblici"}]})),
    ])
    .await;
    let management = management(&script);
    assert_eq!(management.keys(ID).await.unwrap().primary.expose_secret(), "p");
    assert_eq!(management.renew_key(ID, Which::Secondary).await.unwrap().secondary.expose_secret(), "s");
    assert!(matches!(management.logo(ID, b"png").await, Err(Failure::Retry { .. })), "just made");
    management.logo(ID, b"png").await.unwrap();
    super::service(&script).organisation_logo("00743110157", b"png").await.unwrap();
    assert_eq!(management.topics().await.unwrap()[0].id, 14);
    insta::assert_snapshot!(script.lines().join("\n"), @r"
    GET /api/v1/manage/services/01ARZ3NDEKTSV4RRFFQ69G5FAV/keys
    PUT /api/v1/manage/services/01ARZ3NDEKTSV4RRFFQ69G5FAV/keys/secondary
    PUT /api/v1/manage/services/01ARZ3NDEKTSV4RRFFQ69G5FAV/logo
    PUT /api/v1/manage/services/01ARZ3NDEKTSV4RRFFQ69G5FAV/logo
    PUT /api/v1/organizations/00743110157/logo
    GET /api/v1/manage/services/topics
    ");
    assert_eq!(script.heard()[3].json(), json!({"logo": "cG5n"}));
}

#[tokio::test]
async fn an_id_that_is_none_makes_no_call() {
    let script = Script::start([]).await;
    let management = management(&script);
    for id in ["", "..", "a/b", "a?b", "à"] {
        assert!(management.delete(id).await.is_err());
    }
    assert!(super::service(&script).organisation_logo("", b"png").await.is_err());
    assert!(script.heard().is_empty());
}
