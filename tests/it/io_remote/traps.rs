//! The traps of remote content, by their numbers.

use riscontro::{
    channel::io::{Keys, remote::Place},
    stand_in::ready,
};
use serde_json::{Value, json};

use super::{ANSWER, ARCHIVED, World, json as read};

#[tokio::test]
async fn trap_11_what_is_announced_is_a_word_and_a_ulid() {
    let world = World::start().await;
    let condition = [("precondition", "ALWAYS"), ("title", "Dati"), ("text", "Personali")];
    world.offer(&condition).await;
    world.announce(&world.answered(ANSWER, &[]).await).await.unwrap();
    world.carried().await;
    let announced = &world.io.stand_in.messages()[0].content["third_party_data"];
    assert_eq!(announced["has_precondition"], "ALWAYS");
    let id = announced["configuration_id"].as_str().unwrap();
    assert!(riscontro::domain::io::remote::is_configuration_id(id), "{id}");
}

#[tokio::test]
async fn trap_12_the_codice_fiscale_comes_with_an_underscore_or_a_hyphen() {
    let world = World::start().await;
    world.offer(&[]).await;
    let announced = world.announce(&world.answered(ANSWER, &[]).await).await.unwrap();
    let key = world.key().await;
    let path = format!("messages/{}", announced.id);
    let status = async |more: &[(&str, &str)]| {
        let fields = [&[("X-Riscontro-Key", key.as_str())], more].concat();
        world.ask_with(&path, &fields).await.status
    };
    let lower = ready::ON.to_lowercase();
    for name in ["fiscal_code", "fiscal-code", "Fiscal_Code", "FISCAL-CODE"] {
        assert_eq!(status(&[(name, ready::ON)]).await, 200, "{name}");
        assert_eq!(status(&[(name, &lower)]).await, 200, "{name}");
        assert_eq!(status(&[(name, ready::OFF)]).await, 404, "{name}");
    }
    assert_eq!(status(&[]).await, 400, "a proxy has dropped it: our fault, and said so");
    // Whoever can add a field must not be believed beside the one that IO sent.
    for other in [ready::ON, ready::OFF] {
        assert_eq!(status(&[("fiscal_code", ready::ON), ("fiscal-code", other)]).await, 400);
        assert_eq!(status(&[("fiscal_code", other), ("fiscal_code", ready::ON)]).await, 400);
    }
    // What LolliPoP adds is passed over, and may be taken away on the way.
    let lollipop =
        [("fiscal_code", ready::ON), ("x-pagopa-lollipop-user-id", ready::OFF), ("signature", "sig1=:x:")];
    assert_eq!(status(&lollipop).await, 200);
}

#[tokio::test]
async fn trap_13_documents_are_found_below_the_message_whatever_stands_between() {
    let world = World::start().await;
    world.offer(&[("documents", "on")]).await;
    let announced = world.announce(&world.answered(ANSWER, &[("a.pdf", ARCHIVED)]).await).await.unwrap();
    let details = read(&world.ask(announced.id, "").await);
    let listed = details["attachments"].as_array().unwrap();
    assert_eq!(listed.len(), 2);
    for one in listed {
        let url = one["url"].as_str().unwrap();
        assert!(!url.starts_with('/') && !url.contains("//") && !url.contains("messages"), "{url}");
        assert_eq!((&one["content_type"], &one["category"]), (&json!("application/pdf"), &json!("DOCUMENT")));
        for between in ["/", "//", "///"] {
            let page = world.ask(announced.id, &format!("{between}{url}")).await;
            assert_eq!(page.status, 200, "{between}{url}");
            assert!(page.bytes.starts_with(b"%PDF-"));
            assert_eq!(page.headers["content-type"], "application/octet-stream");
        }
    }
    let key = world.key().await;
    let fields = [("x-riscontro-key", key.as_str()), ("fiscal_code", ready::ON)];
    let doubled = world.ask_with(&format!("/messages/{}", announced.id), &fields).await;
    assert_eq!(doubled.status, 200, "a base address with a slash at its end");
}

/// The published description knows two headers for keys, which are one, and a hash of 64 signs that is 16 long. A client made from
/// it would refuse what IO has; ours reads by hand, passes over what is not its business and gives it back untouched.
#[tokio::test]
async fn trap_23_the_key_that_manages_goes_where_keys_go_and_strange_codes_come_back_as_they_were() {
    let world = World::start().await;
    world.offer(&[]).await;
    let id = world.row().await.configuration_id.unwrap();
    let (base, manage) = (&world.io.base_url, ready::MANAGE_KEYS[0]);
    let url = format!("{base}/messages-sending/remote-contents/configurations/{id}");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let get = async || -> Value {
        let answer = client.get(&url).header("ocp-apim-subscription-key", manage).send().await.unwrap();
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    };
    // Somebody else has set up a trial there.
    let mut theirs = get().await;
    theirs["disable_lollipop_for"] = json!([ready::TEST_CODE]);
    theirs["test_environment"] = json!({
        "base_url": "https://prova.example",
        "details_authentication": { "header_key_name": "X-Prova", "key": "k", "type": "API-KEY" },
        "test_users": [ready::TEST_CODE],
    });
    let put = client
        .put(&url)
        .header("ocp-apim-subscription-key", manage)
        .header("content-type", "application/json");
    assert_eq!(put.body(theirs.to_string()).send().await.unwrap().status(), 204);

    let line = world.app.app.io_management(
        base,
        world.app.organisation(),
        Keys { first: manage.to_owned().into(), second: None },
    );
    let place = Place {
        name: "Un altro nome".to_owned(),
        description: "Prova".to_owned(),
        precondition: entity::io_remote::Precondition::Once,
        base_url: "https://ente.example/io/remote/1".to_owned(),
        header_name: "X-Riscontro-Key".to_owned(),
        key: "chiave".to_owned().into(),
    };
    assert_eq!(line.unwrap().tell_place(Some(&id), &place).await.unwrap(), id);
    let now = get().await;
    assert_eq!(now["name"], "Un altro nome");
    assert_eq!(now["has_precondition"], "ONCE");
    assert_eq!(now["prod_environment"]["details_authentication"]["key"], "chiave");
    assert_eq!(now["test_environment"], theirs["test_environment"], "not ours");
    assert_eq!(now["disable_lollipop_for"], theirs["disable_lollipop_for"]);
}
