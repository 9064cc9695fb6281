//! The administrator's pages, and what IO is told.

use riscontro::stand_in::{Door, Fault};
use serde_json::Value;

use super::{HERE, World, base_url};
use crate::support::browser::Browser;

impl World {
    /// What the stand-in has, as its own API gives it to who manages.
    async fn at_io(&self) -> Vec<Value> {
        let request = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = format!("{}/messages-sending/remote-contents/configurations", self.io.base_url);
        let request =
            request.get(url).header("Ocp-Apim-Subscription-Key", riscontro::stand_in::ready::MANAGE_KEYS[0]);
        let list = request.send().await.unwrap().bytes().await.unwrap();
        let list: Value = serde_json::from_slice(&list).unwrap();
        list["rcConfigList"].as_array().unwrap().clone()
    }

    async fn page(&self, admin: &mut Browser) -> String {
        admin.get(&format!("{HERE}/{}", self.io.service)).await.words()
    }
}

#[tokio::test]
async fn an_administrator_turns_it_on_and_io_knows() {
    let world = World::start().await;
    let mut admin = world.app.administrator().await;
    let list = admin.get(HERE).await;
    assert!(list.words().contains("Segnalazioni, suggerimenti e reclami Non attivo"), "{}", list.words());
    assert!(world.page(&mut admin).await.contains("Non attivo"));
    assert_eq!(world.save(&mut admin, &[]).await.status, 303);
    let page = world.page(&mut admin).await;
    assert!(page.contains("Attivo") && page.contains("underscores_in_headers on"), "{page}");
    assert!(page.contains(&base_url(&world)), "{page}");
    let key = world.key().await;
    assert!(!page.contains(&key), "the key is between IO and us");
    let [there] = &world.at_io().await[..] else { panic!("one configuration") };
    assert_eq!(there["prod_environment"]["base_url"], base_url(&world));
    assert_eq!(there["prod_environment"]["details_authentication"]["key"], key);
    assert_eq!(there["prod_environment"]["details_authentication"]["type"], "API-KEY");
    assert_eq!(there["configuration_id"], world.row().await.configuration_id.unwrap());
    assert!(admin.get(HERE).await.words().contains("reclami Attivo"));
}

#[tokio::test]
async fn io_is_told_again_until_it_knows_and_never_gets_a_second_configuration() {
    let world = World::start().await;
    let mut admin = world.app.administrator().await;
    world.allow(&[]);
    assert_eq!(world.save(&mut admin, &[]).await.status, 303);
    let page = world.page(&mut admin).await;
    assert!(page.contains("Da comunicare a IO") && page.contains("assistenza di PagoPA"), "{page}");
    world.allow(&[riscontro::stand_in::Group::ApiRemoteContentConfigurationWrite]);
    let tell = format!("{HERE}/{}/tell", world.io.service);
    world.io.stand_in.plan(Door::Manage, 1, Fault::BadGateway);
    admin.post(&tell, &[]).await;
    assert!(world.page(&mut admin).await.contains("Da comunicare a IO"));
    admin.post(&tell, &[]).await;
    assert_eq!(world.at_io().await.len(), 1);
    let first = world.row().await.configuration_id.unwrap();
    assert!(world.page(&mut admin).await.contains("Attivo"));

    // IO has made it and we never heard its id, as when a line breaks: it is found by its address.
    let desk = &world.app.app.desk;
    let tx = desk.db.begin().await.unwrap();
    let forget = entity::io_remote::ActiveModel {
        configuration_id: sea_orm::ActiveValue::Set(None),
        ..Default::default()
    };
    riscontro::store::io_remote::note(&tx, world.app.organisation(), world.io.service, forget).await.unwrap();
    tx.commit().await.unwrap();
    admin.post(&tell, &[]).await;
    assert_eq!(world.row().await.configuration_id.unwrap(), first);
    assert_eq!(world.at_io().await.len(), 1);
}

#[tokio::test]
async fn what_is_typed_wrong_is_said_and_two_administrators_do_not_overwrite_each_other() {
    let world = World::start().await;
    let mut admin = world.app.administrator().await;
    let asks = [("precondition", "ALWAYS"), ("title", " "), ("text", "Testo")];
    let refused = world.save(&mut admin, &asks).await;
    assert_eq!(refused.status, 422);
    assert!(refused.words().contains("Scrivi che cosa la persona deve accettare"), "{}", refused.words());
    let long = "x".repeat(5_001);
    let refused =
        world.save(&mut admin, &[("precondition", "ALWAYS"), ("title", "T"), ("text", &long)]).await;
    assert!(refused.words().contains("al massimo 5000 caratteri"), "{}", refused.words());
    let hostile = "<script>alert(1)</script>";
    world.save(&mut admin, &[("precondition", "ALWAYS"), ("title", hostile), ("text", hostile)]).await;
    assert!(!admin.get(&format!("{HERE}/{}", world.io.service)).await.body.contains(hostile));
    let path = format!("{HERE}/{}", world.io.service);
    let old = [("version", "0"), ("precondition", "NEVER")];
    assert_eq!(admin.post(&path, &old).await.status, 409);
    assert_eq!(admin.post(&format!("{path}/key"), &[("version", "0")]).await.status, 409);
}

#[tokio::test]
async fn it_is_the_business_of_our_administrators_alone() {
    let world = World::start().await;
    let mut giulia = world.app.operator().await;
    let mut theirs = world.app.stranger().await;
    let mut nobody = world.app.browser();
    let path = format!("{HERE}/{}", world.io.service);
    let form = [("version", "0"), ("precondition", "NEVER"), ("offered", "on")];
    assert_eq!(giulia.get(HERE).await.status, 403);
    assert!(!theirs.get(HERE).await.words().contains("Segnalazioni"));
    assert_eq!(theirs.get(&path).await.status, 404);
    for act in ["", "/key", "/tell"] {
        let path = format!("{path}{act}");
        assert_eq!(nobody.post(&path, &form).await.status, 401, "{act}");
        assert_eq!(giulia.post(&path, &form).await.status, 403, "{act}");
        assert_eq!(theirs.post(&path, &form).await.status, 404, "{act}");
    }
    assert!(world.at_io().await.is_empty());
}
