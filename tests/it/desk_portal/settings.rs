//! Settings, texts, bans and keys.

use riscontro::{actions::ban, store};

use super::{PORTAL, SCRIPT, is_harmless, says, send};
use crate::support::{app::TestApp, browser::Page};

const SETTINGS: &[(&str, &str)] = &[
    ("name", "Ambiente Servizi"),
    ("slug", "ambiente-servizi"),
    ("host", "sportello.ente.example"),
    ("colour", "#0059b3"),
    ("phone", "800 123456"),
    ("admission", "confirmed"),
    ("anonymous", "moderated"),
    ("listed", "on"),
    ("contest_days", "30"),
    ("link_days", "90"),
    ("mailbox", ""),
];

fn with<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = SETTINGS.to_vec();
    fields.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
    fields.extend(changed);
    fields
}

#[tokio::test]
async fn an_administrator_sets_the_portal_up() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    assert_eq!(send(&mut admin, PORTAL, SETTINGS).await.status, 303);
    let page = admin.get(PORTAL).await;
    assert_eq!(page.field("name"), "Ambiente Servizi");
    assert_eq!(page.field("slug"), "ambiente-servizi");
    assert_eq!(page.field("phone"), "800 123456");
    assert!(page.body.contains("href=\"/sportello/ambiente-servizi\""));
    assert_eq!(page.words().matches("Ente da configurare").count(), 0, "its name stands on every page");
    let mut giulia = app.operator().await;
    assert_eq!(giulia.post(PORTAL, &with(&[("name", "Altro"), ("version", "1")])).await.status, 403);
    let portal = store::portal::of(&app.app.desk.db.read, app.organisation()).await.unwrap().unwrap();
    assert_eq!((portal.colour.as_str(), portal.listed, portal.link_days), ("#0059b3", true, 90));
    assert_eq!(portal.host.as_deref(), Some("sportello.ente.example"));
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_everything_that_was_typed() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    for (field, value, words) in [
        ("colour", "#777777", "contrasto di 4,47 a 1: ne serve almeno 4,5"),
        ("colour", "azzurro", "Scrivi il colore come #0066cc."),
        ("slug", "a/../b", "Usa da 2 a 40 lettere minuscole"),
        ("host", "https://ente.example/", "senza https://"),
        ("phone", "chiamateci", "Scrivi un numero di telefono, da 3 a 30 caratteri"),
        ("name", " ", "Scrivi il nome dell’ente"),
        ("name", "n".repeat(201).as_str(), "al massimo 200 caratteri"),
        ("contest_days", "-3", "da 0 a 365"),
        ("contest_days", "molti", "da 0 a 365"),
        ("link_days", "10", "almeno finché si può contestare"),
        ("mailbox", "00000000-0000-0000-0000-000000000001", "Questa casella non c’è più"),
    ] {
        let refused = send(&mut admin, PORTAL, &with(&[(field, value)])).await;
        assert_eq!(refused.status, 422, "{field}");
        says(&refused, &[words]);
        let phone = if field == "phone" { value } else { "800 123456" };
        assert_eq!(refused.field("phone"), phone, "{field}");
    }
    let typed = send(&mut admin, PORTAL, &with(&[("slug", SCRIPT), ("phone", SCRIPT)])).await;
    assert_eq!(typed.status, 422);
    is_harmless(&typed);
    let unreadable = send(&mut admin, PORTAL, &with(&[("admission", "sempre")])).await;
    assert_eq!(unreadable.status, 422);
}

#[tokio::test]
async fn two_administrators_notice_each_other() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    assert_eq!(send(&mut admin, PORTAL, SETTINGS).await.status, 303);
    let late = send(&mut admin, PORTAL, &with(&[("version", "0"), ("phone", "800 654321")])).await;
    assert_eq!(late.status, 409);
    says(&late, &["un altro amministratore ha cambiato queste impostazioni"]);
    assert_eq!(admin.get(PORTAL).await.field("phone"), "800 123456");
}

async fn opens(admin: &mut crate::support::browser::Browser) -> Page {
    let version = admin.get(PORTAL).await.field("version");
    admin.post(&format!("{PORTAL}/open"), &[("version", &version)]).await
}

#[tokio::test]
async fn it_opens_only_once_somebody_answers_for_personal_data() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let refused = opens(&mut admin).await;
    assert_eq!(refused.status, 422);
    says(&refused, &["Prima di aprire scrivi l’informativa sulla privacy", "Lo sportello è chiuso"]);
    let privacy = format!("{PORTAL}/texts/it/privacy");
    says(&admin.get(&privacy).await, &["Accetta questo testo"]);
    assert_eq!(send(&mut admin, &privacy, &[("text", ""), ("act", "accept")]).await.status, 303);
    let accepted = admin.get(&privacy).await;
    assert!(accepted.body.contains("Cambiato il"));
    let gaps = opens(&mut admin).await;
    assert_eq!(gaps.status, 422);
    says(&gaps, &["Prima di aprire completa l’informativa sulla privacy", "Lo sportello è chiuso"]);
    let complete = [("text", "Usiamo i dati per rispondere."), ("act", "save")];
    assert_eq!(send(&mut admin, &privacy, &complete).await.status, 303);
    let nameless = opens(&mut admin).await;
    assert_eq!(nameless.status, 422);
    says(&nameless, &["Prima di aprire scrivi il nome dell’ente", "Lo sportello è chiuso"]);
    assert_eq!(send(&mut admin, PORTAL, SETTINGS).await.status, 303);
    let opened = opens(&mut admin).await;
    assert_eq!(opened.location.as_deref(), Some("/desk/admin/portal?done=portal_opened"));
    says(&admin.get(PORTAL).await, &["Lo sportello è aperto"]);
    let unnamed = send(&mut admin, PORTAL, &with(&[("name", "Ente da configurare")])).await;
    assert_eq!(unnamed.status, 422);
    says(&unnamed, &["Scrivi il nome dell’ente"]);
    let gap = "**[Da completare a cura dell’ente: recapiti.]**";
    let gaps = send(&mut admin, &privacy, &[("text", gap), ("act", "save")]).await;
    assert_eq!(gaps.status, 422);
    says(&gaps, &["completa le parti fra parentesi quadre"]);
    // What an open portal says about personal data can be changed, and not taken away.
    let emptied = send(&mut admin, &privacy, &[("text", ""), ("act", "save")]).await;
    assert_eq!(emptied.status, 422);
    says(&emptied, &["si può cambiare, non togliere"]);
    let version = admin.get(PORTAL).await.field("version");
    assert_eq!(admin.post(&format!("{PORTAL}/close"), &[("version", &version)]).await.status, 303);
    says(&admin.get(PORTAL).await, &["Lo sportello è chiuso"]);
}

#[tokio::test]
async fn a_text_is_seen_before_it_is_saved_and_holds_no_script() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let path = format!("{PORTAL}/texts/de/home");
    let typed =
        format!("## Willkommen\n\n{SCRIPT}\n\n[dort](javascript:alert(3)) und [hier](https://ente.example)");
    let preview = send(&mut admin, &path, &[("text", &typed), ("act", "preview")]).await;
    assert_eq!(preview.status, 200);
    says(&preview, &["Anteprima", "Willkommen", "Niente è stato ancora salvato"]);
    is_harmless(&preview);
    assert!(!preview.body.contains("href=\"javascript"), "{}", preview.body);
    assert!(admin.get(&format!("{PORTAL}/texts")).await.words().contains("testo proposto"));
    let italian = format!("{PORTAL}/texts/it/contacts");
    let theirs = |page: &Page| page.words().matches("si legge il vostro testo italiano").count();
    assert_eq!(theirs(&admin.get(&format!("{PORTAL}/texts")).await), 1, "the rule, above the table");
    assert_eq!(send(&mut admin, &italian, &[("text", "Chiamateci."), ("act", "save")]).await.status, 303);
    assert_eq!(theirs(&admin.get(&format!("{PORTAL}/texts")).await), 3, "there in English and German");
    assert_eq!(send(&mut admin, &path, &[("text", &typed), ("act", "save")]).await.status, 303);
    let stored = admin.get(&path).await;
    is_harmless(&stored);
    says(&stored, &["Cambiato il 02/03/2026 9:00 da Amministratore"]);
    let late = send(&mut admin, &path, &[("text", "altro"), ("act", "save"), ("seen", "")]).await;
    assert_eq!(late.status, 409);
    for (wrong, status) in
        [("xx/home", 404), ("it/altro", 404), ("it/service/nessuno", 404), ("it/service/complaint", 200)]
    {
        assert_eq!(admin.get(&format!("{PORTAL}/texts/{wrong}")).await.status, status, "{wrong}");
    }
    let hidden = send(&mut admin, &path, &[("text", "a\u{202e}\u{200b}b"), ("act", "save")]).await;
    assert_eq!(hidden.status, 303);
    assert!(admin.get(&path).await.body.contains("\nab</textarea>"), "what nobody sees is not kept");
}

#[tokio::test]
async fn senders_are_kept_out_and_let_in_again() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let bans = format!("{PORTAL}/bans");
    for (fields, words) in [
        ([("value", "nessuno"), ("reason", "spam"), ("until", "")], "Scrivi un indirizzo"),
        ([("value", "a@b.example"), ("reason", " "), ("until", "")], "Scrivi perché"),
        ([("value", "a@b.example"), ("reason", "spam"), ("until", "2026-03-01")], "La fine è già passata"),
        ([("value", "a@b.example"), ("reason", "spam"), ("until", "domani")], "Scrivi il giorno come"),
    ] {
        let refused = admin.post(&bans, &fields).await;
        assert_eq!(refused.status, 422);
        says(&refused, &[words]);
    }
    let spam = [("value", " Spam.Example "), ("reason", SCRIPT), ("until", "2026-03-31")];
    assert_eq!(admin.post(&bans, &spam).await.status, 303);
    assert_eq!(admin.post(&bans, &spam).await.status, 303, "twice is once");
    let page = admin.get(&bans).await;
    is_harmless(&page);
    says(&page, &["spam.example tutto il dominio", "31/03/2026", "Amministratore"]);
    assert_eq!(page.body.matches("/lift\"").count(), 1);
    let lift = page
        .body
        .split("action=\"")
        .find_map(|rest| rest.split('"').next().filter(|to| to.ends_with("/lift")));
    let lift = lift.unwrap().to_owned();
    assert_eq!(admin.post(&lift, &[]).await.status, 303);
    assert_eq!(admin.post(&lift, &[]).await.status, 404);
    says(&admin.get(&bans).await, &["Nessun mittente bloccato"]);
}

#[tokio::test]
async fn two_operators_who_keep_out_the_same_sender_at_once_make_one_ban() {
    let app = TestApp::start().await;
    let (desk, cx) = (app.app.desk.clone(), app.cx());
    let value = "spam.example".to_owned();
    let one = desk.db.begin().await.unwrap();
    let row = entity::ban::Model {
        id: uuid::Uuid::now_v7(),
        organisation_id: app.organisation(),
        what: entity::ban::What::Domain,
        value: value.clone(),
        reason: "Il primo".into(),
        until: None,
        author_id: None,
        created_at: app.now(),
    };
    let first = store::ban::put(&one, row).await.unwrap();
    let form = ban::Form { value, reason: "Il secondo".into(), until: None };
    let other = tokio::spawn({
        let desk = desk.clone();
        async move { ban::add(&desk, &cx, &form).await }
    });
    // Time for the other to go as far as it can: it waits for the first.
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!other.is_finished());
    one.commit().await.unwrap();
    assert_eq!(other.await.unwrap().unwrap(), first);
    let bans = store::ban::all(&desk.db.read, app.organisation()).await.unwrap();
    assert_eq!(bans.iter().map(|ban| ban.reason.as_str()).collect::<Vec<_>>(), ["Il secondo"]);
}

#[tokio::test]
async fn a_key_is_shown_once_and_can_be_revoked() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let keys = format!("{PORTAL}/keys");
    let token = admin.get(&keys).await.field("token");
    let refused =
        admin.post(&keys, &[("token", token.as_str()), ("name", SCRIPT), ("per_minute", "60")]).await;
    assert_eq!(refused.status, 422);
    is_harmless(&refused);
    says(&refused, &["Scegli almeno un permesso"]);
    assert_eq!(refused.field("token"), token, "nothing was made with it");
    let fields = [
        ("token", token.as_str()),
        ("name", "App del Comune"),
        ("per_minute", "120"),
        ("scopes", "requests:write"),
        ("scopes", "open311"),
    ];
    let made = admin.post(&keys, &fields).await;
    assert_eq!(made.status, 200, "{}", made.words());
    let key = made
        .words()
        .split_whitespace()
        .find(|word| word.starts_with("rk_") && word.len() > 30)
        .unwrap()
        .to_owned();
    // The page is loaded again: the browser sends the form again, and there still is one key.
    let again = admin.post(&keys, &fields).await;
    assert_eq!(again.location.as_deref(), Some("/desk/admin/portal/keys?done=key_known"));
    says(&admin.get(&again.location.unwrap()).await, &["Questa chiave è già stata creata"]);
    let mut theirs = app.stranger().await;
    let stolen = theirs.post(&keys, &fields).await;
    assert_eq!(
        stolen.location.as_deref(),
        Some("/desk/admin/portal/keys?done=key_known"),
        "nothing is made there"
    );
    assert!(!theirs.get(&keys).await.words().contains("App del Comune"));
    assert_ne!(made.field("token"), token, "the next key is another one");
    let later = admin.get(&keys).await;
    assert_eq!(later.body.matches("/revoke\"").count(), 1);
    assert!(!later.body.contains(&key), "shown once");
    says(&later, &["App del Comune", "Usare le porte Open311", "mai", "Attiva"]);
    assert!(!later.words().contains("Sapere numero e stato di tutte le richieste (webhook) 120"));
    let revoke = later
        .body
        .split("action=\"")
        .find_map(|rest| rest.split('"').next().filter(|to| to.ends_with("/revoke")));
    let revoke = revoke.unwrap().to_owned();
    assert_eq!(admin.post(&revoke, &[]).await.status, 303);
    says(&admin.get(&keys).await, &["Revocata"]);
    let holder = riscontro::actions::app_key::holder(&app.app.desk, app.now(), &key).await.unwrap();
    assert!(holder.is_none());
}
