//! Administrators watch over what apps are told, and where.

use entity::{app_key::Scope, webhook::Model};
use riscontro::{
    actions::{app_key, webhook},
    store, worker,
};
use uuid::Uuid;

use super::{PORTAL, says};
use crate::support::{app::TestApp, browser::Page, hook::Hook, letter::letter};

/// A house whose owner lets messages go to this machine.
async fn house() -> TestApp {
    TestApp::start_with(|config| config.webhook.allow_private = true).await
}

impl TestApp {
    /// An app that wants to hear, and where.
    async fn listener(&self, name: &str, url: &str) -> (Uuid, Uuid) {
        let (desk, cx) = (&self.app.desk, self.cx());
        let new = app_key::New { name: name.to_owned(), scopes: vec![Scope::Webhooks], per_minute: 60 };
        let key = app_key::create(desk, &cx, new, rand::random()).await.unwrap().row.id;
        let new =
            webhook::New { url, app_key: Some(key), allow_private: true, random: [7; 32], nonce: [8; 24] };
        (key, webhook::create(desk, &cx, &new).await.unwrap().0.id)
    }

    async fn listening(&self, id: Uuid) -> Option<Model> {
        store::webhook::by_id(&self.app.desk.db.read, self.organisation(), id).await.unwrap()
    }
}

fn done(page: &Page) -> &str {
    page.location.as_deref().and_then(|to| to.strip_prefix("/desk/admin/portal/webhooks?done=")).unwrap_or("")
}

#[tokio::test]
async fn an_administrator_sees_what_apps_were_told_and_stops_it() {
    let app = house().await;
    let hook = Hook::start().await;
    let mut admin = app.administrator().await;
    let list = format!("{PORTAL}/webhooks");
    says(&admin.get(&list).await, &["Nessuna app ha chiesto di essere avvisata"]);
    let (_, id) = app.listener("App del Comune", &hook.address("127.0.0.1")).await;
    let path = format!("{list}/{id}");
    let page = admin.get(&list).await;
    says(&page, &["App del Comune", &format!("127.0.0.1:{}", hook.port), "Non ancora usato"]);
    assert!(!page.body.contains("/hook"), "what follows the server may be a secret");

    assert_eq!(done(&admin.post(&format!("{path}/test"), &[]).await), "webhook_tested");
    says(&admin.get(&format!("{list}?done=webhook_tested")).await, &["Messaggio di prova", "In coda"]);
    worker::errand::run_due(&app.app).await.unwrap();
    says(&admin.get(&list).await, &["Funziona", "Messaggio di prova, 02/03/2026 9:00 Consegnato"]);

    hook.answer(1, 500, 0);
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    worker::errand::run_due(&app.app).await.unwrap();
    let failing = admin.get(&list).await;
    says(&failing, &["Non risponde", "Nuova richiesta", "Si riprova", "Il server ha risposto HTTP 500."]);
    assert!(!failing.words().contains("Mancato ritiro"));
    says(&admin.get(&format!("{PORTAL}/keys")).await, &["127.0.0.1", "Non risponde"]);

    assert_eq!(done(&admin.post(&format!("{path}/pause"), &[]).await), "webhook_paused");
    assert!(!app.listening(id).await.unwrap().active);
    let paused = admin.get(&list).await;
    says(&paused, &["In pausa", "Riprendi"]);
    assert!(!paused.body.contains("/test\""), "what rests is not tried out");
    assert_eq!(admin.post(&format!("{path}/test"), &[]).await.status, 409);
    assert_eq!(done(&admin.post(&format!("{path}/resume"), &[]).await), "webhook_resumed");
    assert!(app.listening(id).await.unwrap().active);

    assert_eq!(done(&admin.post(&format!("{path}/delete"), &[]).await), "webhook_deleted");
    assert!(app.listening(id).await.is_none());
    assert_eq!(admin.post(&format!("{path}/delete"), &[]).await.status, 404);
}

#[tokio::test]
async fn an_app_that_lost_its_key_is_told_nothing_whatever_is_pressed() {
    let app = house().await;
    let hook = Hook::start().await;
    let mut admin = app.administrator().await;
    let (key, id) = app.listener("App di ieri", &hook.address("127.0.0.1")).await;
    assert_eq!(admin.post(&format!("{PORTAL}/keys/{key}/revoke"), &[]).await.status, 303);
    let page = admin.get(&format!("{PORTAL}/webhooks")).await;
    says(&page, &["App di ieri Chiave revocata", "In pausa"]);
    assert!(!page.body.contains("/resume\""));
    let refused = admin.post(&format!("{PORTAL}/webhooks/{id}/resume"), &[]).await;
    assert_eq!(refused.status, 409);
    says(&refused, &["è revocata"]);
    assert!(!app.listening(id).await.unwrap().active);
}

#[tokio::test]
async fn what_apps_are_told_is_the_business_of_our_administrators_alone() {
    let app = house().await;
    let hook = Hook::start().await;
    let (_, id) = app.listener("App del Comune", &hook.address("127.0.0.1")).await;
    let mut giulia = app.operator().await;
    let mut theirs = app.stranger().await;
    let mut nobody = app.browser();
    let list = format!("{PORTAL}/webhooks");
    assert_eq!(giulia.get(&list).await.status, 403);
    assert!(!theirs.get(&list).await.words().contains("127.0.0.1"));
    for act in ["pause", "resume", "test", "delete"] {
        let path = format!("{list}/{id}/{act}");
        assert_eq!(nobody.post(&path, &[]).await.status, 401, "{act}");
        assert_eq!(giulia.post(&path, &[]).await.status, 403, "{act}");
        assert_eq!(theirs.post(&path, &[]).await.status, 404, "{act}");
    }
    assert!(app.listening(id).await.unwrap().active);
    assert!(app.errands().await.is_empty());
}
