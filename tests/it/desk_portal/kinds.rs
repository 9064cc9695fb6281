//! Forms as data: what an administrator may make of them, and what not.

use entity::form::What;
use riscontro::{
    actions::{Error, portal},
    domain::form,
    store,
};

use super::{PORTAL, QUESTIONS, SCRIPT, is_harmless, says, send};
use crate::support::app::TestApp;

async fn stored(app: &TestApp) -> Option<entity::form::Form> {
    let kinds = store::organisation::kinds(&app.app.desk.db.read, app.organisation()).await.unwrap();
    kinds.into_iter().find(|kind| kind.code == "disruption").unwrap().form
}

fn changed<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = QUESTIONS.to_vec();
    fields.retain(|(name, _)| changes.iter().all(|(other, _)| other != name));
    fields.extend(changes);
    fields
}

#[tokio::test]
async fn a_form_is_made_of_fields_and_goes_back_to_the_standard_one() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let path = format!("{PORTAL}/kinds/disruption");
    app.own_form(&mut admin).await;
    let added = send(&mut admin, &path, &changed(&[("act", "add"), ("add_sort", "choice")])).await;
    assert_eq!(added.status, 200);
    says(&added, &["Il campo è aggiunto in fondo", "3. Scelta tra più risposte"]);
    assert_eq!(stored(&app).await.unwrap().fields.len(), 2, "nothing is saved yet");
    let name = added.field("fields-2-name");
    let choice = [
        ("fields-2-sort", "choice"),
        ("fields-2-name", name.as_str()),
        ("fields-2-label_it", "Quando?"),
        ("fields-2-options", "oggi | today | heute\nieri"),
        ("fields-2-order", "0"),
        ("fields-1-remove", "on"),
    ];
    assert_eq!(send(&mut admin, &path, &changed(&choice)).await.status, 303);
    let form = stored(&app).await.unwrap();
    let names: Vec<&str> = form.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, [name.as_str(), "what"]);
    assert_eq!(form.fields[0].options[0].label.de, "heute");
    let trace = admin.get(&path).await.field("trace");
    assert_eq!(admin.post(&format!("{path}/reset"), &[("trace", &trace)]).await.status, 303);
    assert_eq!(stored(&app).await, None);
}

#[tokio::test]
async fn the_form_of_a_complaint_asks_what_the_rule_prescribes() {
    let app = TestApp::start().await;
    let kinds = store::organisation::kinds(&app.app.desk.db.read, app.organisation()).await.unwrap();
    let complaint = kinds.into_iter().find(|kind| kind.code == "complaint").unwrap();
    let whole = form::of_kind(&complaint).unwrap();
    let mut without = whole.clone();
    without.fields.retain(|field| field.what != What::UserCode);
    let seen = portal::trace_of(&complaint);
    let cx = app.cx();
    let save = |form| {
        let kind = portal::Kind { published: true, form: Some(form) };
        portal::save_kind(&app.app.desk, &cx, complaint.id, kind, &seen)
    };
    let refused = save(without).await.unwrap_err();
    assert!(
        matches!(&refused, Error::Rejected(flaws) if flaws[0].message.contains("art. 17")),
        "{refused:?}"
    );
    save(whole).await.unwrap();
}

#[tokio::test]
async fn a_broken_form_cannot_be_saved() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    app.own_form(&mut admin).await;
    let good = stored(&app).await;
    let path = format!("{PORTAL}/kinds/disruption");
    let long = "a".repeat(201);
    for (changes, words) in [
        (vec![("title_it", " ")], "Scrivi il testo in italiano"),
        (vec![("fields-0-label_it", "")], "Scrivi il testo in italiano"),
        (vec![("fields-0-label_de", long.as_str())], "al massimo 200 caratteri"),
        (vec![("fields-0-name", "where")], "C’è già un altro campo come questo"),
        (vec![("fields-0-name", "email")], "Il nome del campo non va bene"),
        (vec![("fields-0-name", "where_lat")], "C’è già un altro campo come questo"),
        (vec![("fields-0-remove", "on"), ("fields-1-remove", "on")], "Il modulo non chiede niente"),
        (vec![("fields-0-sort", "choice"), ("fields-0-options", "una sola")], "Scrivi almeno 2 risposte"),
        (vec![("fields-0-sort", "choice"), ("fields-0-options", "a=uno\na=due")], "Due risposte sono uguali"),
        (vec![("fields-0-sort", "place")], "un modulo ne può avere uno solo"),
        (vec![("contacts-reachable", "on"), ("contacts-email", "hidden")], "non chiede né l’email"),
    ] {
        let refused = send(&mut admin, &path, &changed(&changes)).await;
        assert_eq!(refused.status, 422, "{changes:?}");
        says(&refused, &[words]);
    }
    let typed = send(&mut admin, &path, &changed(&[("fields-0-label_en", SCRIPT), ("title_it", "")])).await;
    assert_eq!(typed.status, 422);
    is_harmless(&typed);
    assert_eq!(stored(&app).await, good);
}

#[tokio::test]
async fn two_editors_of_a_form_notice_each_other() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let path = format!("{PORTAL}/kinds/disruption");
    let trace = admin.get(&path).await.field("trace");
    app.own_form(&mut admin).await;
    let late = send(&mut admin, &path, &changed(&[("trace", &trace), ("title_it", "Altro")])).await;
    assert_eq!(late.status, 409);
    says(&late, &["un altro amministratore ha cambiato questo modulo"]);
    assert_eq!(late.field("title_it"), "Altro", "what was typed is still there");
    assert_eq!(stored(&app).await.unwrap().title.it, "Segnala un disservizio");
    let old = admin.post(&format!("{path}/published"), &[("trace", &trace), ("published", "")]).await;
    assert_eq!(old.status, 409);
}

#[tokio::test]
async fn a_kind_without_a_form_is_not_published() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let path = format!("{PORTAL}/kinds/other");
    let trace = admin.get(&path).await.field("trace");
    let refused = admin.post(&format!("{path}/published"), &[("trace", &trace), ("published", "on")]).await;
    assert_eq!(refused.status, 422);
    says(&refused, &["non ha ancora un modulo"]);
    assert_eq!(send(&mut admin, &path, QUESTIONS).await.status, 303);
    let trace = admin.get(&path).await.field("trace");
    assert_eq!(
        admin.post(&format!("{path}/published"), &[("trace", &trace), ("published", "on")]).await.status,
        303
    );
    assert_eq!(admin.get(&format!("{PORTAL}/kinds/nessuna")).await.status, 404);
}

#[tokio::test]
async fn an_address_that_must_be_given_is_asked_for() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    let path = format!("{PORTAL}/kinds/disruption");
    assert_eq!(send(&mut admin, &path, &changed(&[("contacts-email", "hidden")])).await.status, 303);
    let page = admin.get(PORTAL).await;
    let fields = [
        ("slug", page.field("slug")),
        ("colour", page.field("colour")),
        ("admission", "at_once".to_owned()),
        ("anonymous", "refused".to_owned()),
        ("name", page.field("name")),
        ("contest_days", page.field("contest_days")),
        ("link_days", page.field("link_days")),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let refused = send(&mut admin, PORTAL, &fields).await;
    assert_eq!(refused.status, 422);
    says(&refused, &["non chiede l’indirizzo email: senza, nessuno potrebbe inviarlo"]);
}
