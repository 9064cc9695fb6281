//! Names of services: one of each, and none that a reviewer sends back.

use entity::io_service::Lifecycle;
use uuid::Uuid;

use super::{COMPLETE, HERE, SERVICES, done, edit, house, id_of, landed, says, with};

const TAKEN: &str = "C’è già un servizio con questo nome";

#[tokio::test]
async fn two_services_do_not_get_the_same_name() {
    let (app, io, mut admin) = house().await;
    let first = app.io_made(&mut admin, &[]).await;
    let twin = "  raccolta DIFFERENZIATA dei  rifiuti ";
    // Written, made, changed here, changed at IO.
    for act in ["save", "make"] {
        let token = Uuid::now_v7().to_string();
        let fields = with(COMPLETE, &[("name", twin), ("token", &token), ("act", act)]);
        let page = admin.post(&format!("{SERVICES}/new"), &fields).await;
        assert_eq!(page.status, 422, "{act}");
        says(&page, &[TAKEN]);
        assert!(page.body.contains("id=\"name-error\""), "beside its field: {}", page.body);
    }
    let token = Uuid::now_v7().to_string();
    let fields = with(COMPLETE, &[("name", "Compostaggio domestico"), ("token", &token), ("act", "save")]);
    let draft = landed(&admin.post(&format!("{SERVICES}/new"), &fields).await);
    for path in [draft, app.io_made(&mut admin, &[("name", "Pulizia delle strade")]).await] {
        let page = edit(&mut admin, &path, &[("name", twin)]).await;
        assert_eq!(page.status, 422, "{path}");
        says(&page, &[TAKEN]);
    }
    assert_eq!(io.stand_in.services().len(), 3);
    // Its own name, written in another way, is nobody else's.
    assert_eq!(
        done(&edit(&mut admin, &first, &[("name", "Raccolta Differenziata dei rifiuti")]).await),
        "written"
    );
    // What is gone has no name any more.
    let delete = [("name", "Raccolta Differenziata dei rifiuti")];
    assert_eq!(done(&admin.post(&format!("{first}/delete"), &delete).await), "deleted");
    app.io_made(&mut admin, &[]).await;
}

#[tokio::test]
async fn two_administrators_at_one_moment_do_not_get_the_same_name() {
    let (_app, _io, admin) = house().await;
    let write = || {
        let mut admin = admin.clone();
        let token = Uuid::now_v7().to_string();
        async move {
            let fields = with(COMPLETE, &[("token", &token), ("act", "save")]);
            admin.post(&format!("{SERVICES}/new"), &fields).await.status
        }
    };
    let mut ends: Vec<u16> = Vec::new();
    let (a, b, c, d) = tokio::join!(write(), write(), write(), write());
    ends.extend([a, b, c, d]);
    ends.sort_unstable();
    assert_eq!(ends, [303, 422, 422, 422]);
}

#[tokio::test]
async fn services_of_one_name_that_io_has_are_brought_and_spoken_of() {
    let (app, io, mut admin) = house().await;
    let token = Uuid::now_v7().to_string();
    let fields =
        with(COMPLETE, &[("name", "Ritiro rifiuti ingombranti"), ("token", &token), ("act", "save")]);
    let draft = landed(&admin.post(&format!("{SERVICES}/new"), &fields).await);
    let remote = app.io_elsewhere(&io, "Ritiro Rifiuti Ingombranti").await;
    let imported = admin.post(&format!("{SERVICES}/import"), &[]).await;
    let page = admin.get(imported.location.as_deref().unwrap()).await;
    says(&page, &["2 servizi hanno lo stesso nome di un altro: IO ne approva uno solo."]);
    says(&admin.get(&draft).await, &["Un altro servizio dell’ente si chiama così"]);
    let row =
        riscontro::store::io_service::by_remote_id(&app.app.desk.db.read, app.organisation(), &remote).await;
    let row = row.unwrap().unwrap();
    assert_eq!(row.lifecycle, Lifecycle::Draft);
    // It may be mended in everything else, and does not go to the reviewers.
    let path = format!("{SERVICES}/{}", row.id);
    assert_eq!(done(&edit(&mut admin, &path, &[("phone", "030 1")]).await), "written");
    let early = admin.post(&format!("{path}/review"), &[("publish", "on")]).await;
    assert_eq!(early.status, 422);
    says(&early, &["Un altro servizio dell’ente si chiama così"]);
    let refused = admin.post(&format!("{draft}/make"), &[("version", "0")]).await;
    assert_eq!(refused.status, 422);
    says(&refused, &[TAKEN]);
    assert_eq!(io.stand_in.services().len(), 2);
}

#[tokio::test]
async fn the_name_of_the_organisation_in_the_name_of_a_service_is_pointed_out() {
    let (app, _io, mut admin) = house().await;
    let path = app.io_made(&mut admin, &[("name", "Rifiuti in Valle Serena")]).await;
    says(&admin.get(&path).await, &["Togli «Serena», che è nel nome dell’ente: l’app lo mostra già."]);
    assert_eq!(done(&edit(&mut admin, &path, &[("name", "Rifiuti e ambiente")]).await), "written");
    assert!(!admin.get(&path).await.words().contains("nel nome dell’ente"));
}

#[tokio::test]
async fn a_new_sheet_begins_with_what_io_has_and_not_with_somebody_s_broken_draft() {
    let (app, io, mut admin) = house().await;
    app.io_imported(&mut admin, &io).await;
    let known = admin.get(&format!("{SERVICES}/{}/sheet", io.service)).await;
    let token = Uuid::now_v7().to_string();
    let broken = [
        ("token", token.as_str()),
        ("act", "save"),
        ("organization", "??"),
        ("organization_fiscal_code", "12"),
        ("phone", "boh"),
        ("authorized_cidrs", "tutti"),
        ("privacy_url", "privacy"),
    ];
    assert_eq!(done(&admin.post(&format!("{SERVICES}/new"), &with(COMPLETE, &broken)).await), "kept");
    let form = admin.get(&format!("{SERVICES}/new?model=tari")).await;
    for field in ["organization", "organization_fiscal_code", "privacy_url", "phone"] {
        assert_eq!(form.field(field), known.field(field), "{field}");
    }
    assert!(!form.body.contains("tutti") && admin.get(HERE).await.status == 200);
    assert!(app.io_row(id_of(&format!("{SERVICES}/{token}"))).await.remote_id.is_none());
}
