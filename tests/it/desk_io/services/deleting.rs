//! A service is deleted by who knows what is lost; and what was approved once can be shown again.

use chrono::Duration;
use entity::io_service::Lifecycle;
use riscontro::stand_in::ready;

use super::{done, edit, house, id_of, says};

#[tokio::test]
async fn a_service_is_not_deleted_with_one_press() {
    let (app, io, mut admin) = house().await;
    let path = app.io_imported(&mut admin, &io).await;
    let page = admin.get(&path).await;
    assert_eq!(page.links(&format!("{path}/delete")).len(), 1, "a page comes before it");
    let asked = admin.get(&format!("{path}/delete")).await;
    assert_eq!(asked.status, 200);
    says(
        &asked,
        &[
            "Elimina Segnalazioni, suggerimenti e reclami",
            "I cittadini lo vedono adesso nell’app",
            "sparisce da IO per sempre",
            "le sue chiavi non valgono più",
        ],
    );
    for typed in ["", "Segnalazioni"] {
        let page = admin.post(&format!("{path}/delete"), &[("name", typed)]).await;
        assert_eq!(page.status, 422, "{typed}");
        says(&page, &["Scrivi il nome del servizio così com’è"]);
    }
    assert_eq!(admin.post(&format!("{path}/delete"), &[]).await.status, 422);
    assert_eq!(app.io_row(io.service).await.lifecycle, Lifecycle::Approved);
    let typed = [("name", " segnalazioni, suggerimenti e reclami")];
    assert_eq!(done(&admin.post(&format!("{path}/delete"), &typed).await), "deleted");
    assert_eq!(app.io_row(io.service).await.lifecycle, Lifecycle::Deleted);
    assert_eq!(admin.get(&format!("{path}/delete")).await.status, 404);
}

#[tokio::test]
async fn a_service_with_notifications_in_the_queue_is_not_deleted() {
    let (app, io, mut admin) = house().await;
    let path = app.io_imported(&mut admin, &io).await;
    app.io_notification(&io, ready::ON).await.unwrap();
    let asked = admin.get(&format!("{path}/delete")).await;
    says(&asked, &["Una notifica aspetta di partire"]);
    assert!(!asked.body.contains("name=\"name\""), "there is nothing to press");
    let refused = admin.post(&format!("{path}/delete"), &[("name", ready::SERVICE_NAME)]).await;
    assert_eq!(refused.status, 409);
    says(&refused, &["Una notifica aspetta di partire"]);
    assert!(io.stand_in.calls().iter().all(|call| call.method != "DELETE"), "IO was not asked");
    app.io_passes(&io, Duration::seconds(11)).await;
    app.io_passes(&io, Duration::minutes(2)).await;
    let typed = [("name", ready::SERVICE_NAME)];
    assert_eq!(done(&admin.post(&format!("{path}/delete"), &typed).await), "deleted");
}

#[tokio::test]
async fn what_was_approved_and_hidden_is_shown_again_though_its_sheet_is_being_changed() {
    let (app, io, mut admin) = house().await;
    let path = app.io_imported(&mut admin, &io).await;
    assert_eq!(done(&admin.post(&format!("{path}/unpublish"), &[]).await), "hidden");
    assert_eq!(done(&edit(&mut admin, &path, &[("phone", "030 1")]).await), "written");
    let page = admin.get(&path).await;
    says(&page, &["bozza", "non pubblicato"]);
    assert!(
        !page.words().contains("Pubblica la scheda approvata"),
        "IO has not been asked whether there is one"
    );
    says(&admin.get(&format!("{path}/review")).await, &["Pubblica la scheda approvata"]);
    assert_eq!(done(&admin.post(&format!("{path}/publish"), &[]).await), "published");
    says(&admin.get(&path).await, &["bozza", "Togli dalla pubblicazione"]);
    let at_io = io.stand_in.services().remove(0);
    assert!(at_io.publication.is_some_and(|publication| publication.published));
    // What was never approved cannot be.
    let new = app.io_made(&mut admin, &[]).await;
    for page in [new.clone(), format!("{new}/review")] {
        assert!(!admin.get(&page).await.words().contains("scheda approvata"), "{page}");
    }
    let refused = admin.post(&format!("{new}/publish"), &[]).await;
    assert_eq!(refused.status, 409);
    says(&refused, &["IO non ha ancora una versione approvata di questo servizio."]);
    assert!(!app.io_row(id_of(&new)).await.published);
}
