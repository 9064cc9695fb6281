//! Services that come from IO, and services that go there.

use chrono::Duration;
use entity::io_service::{Codes, KeyInUse, Lifecycle};
use riscontro::{
    actions::io::{service::sheet_of, service_keys},
    app::io::Keys,
    domain::io::sheet::Sheet,
    stand_in::{Door, Fault, ready},
    store,
};
use uuid::Uuid;

use super::{COMPLETE, HERE, SERVICES, done, house, id_of, landed, says, with};
use crate::support::{app::TestApp, browser::Browser, io::Io};

impl TestApp {
    /// Somebody makes a service in the Area Riservata.
    pub(super) async fn io_elsewhere(&self, io: &Io, name: &str) -> String {
        let keys = Keys { first: ready::MANAGE_KEYS[0].to_owned().into(), second: None };
        let line = self.app.io_management(&io.base_url, self.organisation(), keys).unwrap();
        let sheet = line.service(ready::SERVICE).await.unwrap().sheet;
        line.create(&Sheet { name: name.to_owned(), ..sheet }).await.unwrap().id
    }

    pub(super) async fn io_gone_elsewhere(&self, io: &Io, remote: &str) {
        let keys = Keys { first: ready::MANAGE_KEYS[0].to_owned().into(), second: None };
        let line = self.app.io_management(&io.base_url, self.organisation(), keys).unwrap();
        line.delete(remote).await.unwrap();
    }
}

#[tokio::test]
async fn trap_16_all_services_are_brought_and_what_was_chosen_here_stays() {
    let (app, io, mut admin) = house().await;
    // What was chosen before.
    let cx = app.cx();
    let trial = [ready::ON.to_owned()];
    service_keys::set_sending(&app.app.desk, &cx, (io.service, 0), true, Some(&trial)).await.unwrap();
    service_keys::choose(&app.app.desk, &cx, (io.service, 1), KeyInUse::Secondary).await.unwrap();
    let gone = app.io_elsewhere(&io, "Da cancellare").await;
    let bulky = app.io_elsewhere(&io, "Ritiro rifiuti ingombranti").await;
    app.io_gone_elsewhere(&io, &gone).await;

    app.io_imported(&mut admin, &io).await;
    let page = admin.get(&format!("{HERE}?imported=1&known=1")).await;
    says(
        &page,
        &["servizi nuovi 1, aggiornati 1", "Ritiro rifiuti ingombranti", "bozza", "approvato", "pubblicato"],
    );
    assert!(!page.words().contains("Da cancellare"));
    let known = app.io_row(io.service).await;
    assert_eq!((known.key_in_use, known.sends), (KeyInUse::Secondary, true));
    assert_eq!(known.test_codes, Some(Codes(trial.to_vec())));
    assert_eq!(sheet_of(&known).metadata.topic_id, Some(14), "the whole sheet is here");
    let new = store::io_service::by_remote_id(&app.app.desk.db.read, app.organisation(), &bulky)
        .await
        .unwrap()
        .unwrap();
    assert!(!new.sends && new.primary_key.is_some() && new.lifecycle == Lifecycle::Draft);

    // Again: nothing twice; and what was deleted elsewhere is gone here, too.
    app.io_gone_elsewhere(&io, &bulky).await;
    app.io_imported(&mut admin, &io).await;
    let page = admin.get(HERE).await;
    assert!(!page.words().contains("Ritiro rifiuti ingombranti"));
    assert_eq!(app.io_row(new.id).await.lifecycle, Lifecycle::Deleted);

    // Of the one that sends, too: nothing is written to citizens in its name any more.
    app.io_gone_elsewhere(&io, ready::SERVICE).await;
    let gone = admin.post(&format!("{SERVICES}/{}/refresh", io.service), &[]).await;
    assert_eq!((done(&gone), landed(&gone).as_str()), ("gone", HERE));
    says(&admin.get(&format!("{HERE}?done=gone")).await, &["è stato eliminato altrove"]);
    let row = app.io_row(io.service).await;
    assert!(row.lifecycle == Lifecycle::Deleted && !row.sends && !row.updates && !row.published);
}

#[tokio::test]
async fn an_import_that_cannot_be_says_why() {
    let (_app, io, mut admin) = house().await;
    io.stand_in.plan(Door::Manage, 1, Fault::Gateway(401));
    let page = admin.post(&format!("{SERVICES}/import"), &[]).await;
    assert_eq!(page.status, 409);
    says(&page, &["IO non accetta la chiave di gestione"]);
    io.stand_in.plan(Door::Manage, 1, Fault::TooMany(7));
    says(
        &admin.post(&format!("{SERVICES}/import"), &[]).await,
        &["IO chiede di rallentare: si riprova tra 7 secondi."],
    );
}

#[tokio::test]
async fn a_ready_model_becomes_a_service_that_citizens_see() {
    let (app, io, mut admin) = house().await;
    let models = admin.get(&format!("{SERVICES}/models")).await;
    says(
        &models,
        &["Raccolta differenziata dei rifiuti", "Ritiro rifiuti ingombranti", "Tassa sui rifiuti (TARI)"],
    );
    let tari = models.links("model=tari").remove(0);
    let form = admin.get(&tari).await;
    assert_eq!(form.field("name"), "Tassa sui rifiuti (TARI)");
    let token = form.field("token");
    let sheet = with(
        COMPLETE,
        &[
            ("name", "Tassa sui rifiuti (TARI)"),
            ("token", &token),
            ("phone", ""),
            ("privacy_url", ""),
            ("act", "save"),
        ],
    );
    let kept = admin.post(&format!("{SERVICES}/new"), &sheet).await;
    assert_eq!(done(&kept), "kept");
    assert_eq!(done(&admin.post(&format!("{SERVICES}/new"), &sheet).await), "kept", "sent twice");
    let path = landed(&kept);
    let page = admin.get(&path).await;
    says(
        &page,
        &[
            "bozza, solo qui",
            "Manca l'indirizzo dell'informativa sulla privacy.",
            "Manca un contatto",
            "Crea su IO",
        ],
    );
    assert_eq!(io.stand_in.services().len(), 1, "IO knows nothing of it");

    let version = page.field("version");
    assert_eq!(done(&admin.post(&format!("{path}/make"), &[("version", &version)]).await), "made");
    let row = app.io_row(id_of(&path)).await;
    assert!(row.lifecycle == Lifecycle::Draft && row.primary_key.is_some() && !row.sends);
    // Refused here, before IO is asked.
    let early = admin.post(&format!("{path}/review"), &[("publish", "on")]).await;
    assert_eq!(early.status, 422);
    says(&early, &["Prima della revisione: Manca l'indirizzo dell'informativa"]);
    assert_eq!(
        done(
            &super::edit(&mut admin, &path, &[("phone", "030 1"), ("privacy_url", "https://e.example/p")])
                .await
        ),
        "written"
    );
    let review = admin.get(&format!("{path}/review")).await;
    says(
        &review,
        &["La prima revisione la fa una persona di PagoPA", "Pubblica il servizio appena è approvato"],
    );
    assert_eq!(done(&admin.post(&format!("{path}/review"), &[("publish", "on")]).await), "submitted");
    says(&admin.get(&path).await, &["in revisione"]);
    let frozen = admin.get(&format!("{path}/sheet")).await;
    assert_eq!(frozen.status, 409);
    says(&frozen, &["La scheda è in revisione"]);

    app.review_goes_on(&io, Duration::minutes(30)).await;
    says(&admin.get(&path).await, &["in revisione"]);
    app.review_goes_on(&io, Duration::minutes(31)).await;
    says(&admin.get(&path).await, &["approvato", "pubblicato", "Togli dalla pubblicazione"]);
    assert_eq!(done(&admin.post(&format!("{path}/unpublish"), &[]).await), "hidden");
    says(&admin.get(&path).await, &["non pubblicato"]);
    assert_eq!(done(&admin.post(&format!("{path}/publish"), &[]).await), "published");
    assert_eq!(
        done(&admin.post(&format!("{path}/delete"), &[("name", "Tassa sui rifiuti (TARI)")]).await),
        "deleted"
    );
    assert_eq!(admin.get(&path).await.status, 404);
}

#[tokio::test]
async fn what_the_reviewers_send_back_is_shown_with_their_reason() {
    let (app, io, mut admin) = house().await;
    let path = app.io_made(&mut admin, &[]).await;
    io.stand_in.set(|knobs| {
        knobs.review = riscontro::stand_in::Review::Reject("Il nome <b>non</b> va bene.".to_owned());
    });
    assert_eq!(done(&admin.post(&format!("{path}/review"), &[]).await), "submitted");
    app.review_goes_on(&io, Duration::hours(2)).await;
    let page = admin.get(&path).await;
    says(&page, &["rifiutato", "Il nome <b>non</b> va bene."]);
    assert!(!page.body.contains("<b>non") && !page.body.contains("/review\""), "changed first");
    assert_eq!(done(&super::edit(&mut admin, &path, &[("name", "Raccolta dei rifiuti")]).await), "written");
    says(&admin.get(&path).await, &["bozza", "Manda in revisione"]);
}

#[tokio::test]
async fn a_service_of_which_nobody_knows_whether_it_was_made_is_not_made_twice() {
    let (app, io, mut admin) = house().await;
    let token = Uuid::now_v7().to_string();
    io.stand_in.plan(Door::Manage, 1, Fault::Drop);
    let sheet = with(COMPLETE, &[("token", &token), ("act", "make")]);
    let unknown = admin.post(&format!("{SERVICES}/new"), &sheet).await;
    assert_eq!(unknown.status, 409);
    says(
        &unknown,
        &["creazione in dubbio", "Non si sa se IO ha fatto quello che abbiamo chiesto", "importa i servizi"],
    );
    assert_eq!(io.stand_in.services().len(), 2, "IO has made it");
    let path = format!("{SERVICES}/{token}");
    let version = unknown.field("version");
    let again = admin.post(&format!("{path}/make"), &[("version", &version)]).await;
    assert_eq!(again.status, 409);
    says(&again, &["Non si sa se IO ha già creato questo servizio"]);
    assert_eq!(admin.get(&format!("{path}/sheet")).await.status, 409);
    assert_eq!(io.stand_in.services().len(), 2);

    app.io_imported(&mut admin, &io).await;
    let row = app.io_row(id_of(&path)).await;
    assert!(
        row.lifecycle == Lifecycle::Draft && row.remote_id.is_some() && row.primary_key.is_some(),
        "found, and tied to it"
    );
    assert_eq!(store::io_service::all(&app.app.desk.db.read, app.organisation()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_service_that_was_certainly_not_made_is_made_when_somebody_says_so() {
    let (app, io, mut admin) = house().await;
    let token = Uuid::now_v7().to_string();
    io.stand_in.plan(Door::Manage, 1, Fault::TooMany(1));
    let sheet = with(COMPLETE, &[("token", &token), ("act", "make")]);
    let refused = admin.post(&format!("{SERVICES}/new"), &sheet).await;
    says(&refused, &["IO chiede di rallentare", "bozza, solo qui", "Crea su IO"]);
    let path = format!("{SERVICES}/{token}");
    // Of this one nobody knows, but somebody has looked.
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    io.stand_in.plan(Door::Manage, 1, Fault::HangUp);
    let lost = admin.post(&format!("{path}/make"), &[("version", &refused.field("version"))]).await;
    says(&lost, &["creazione in dubbio"]);
    let knowing = [("version", lost.field("version")), ("knowing", "on".to_owned())];
    let knowing = knowing.each_ref().map(|(name, value)| (*name, value.as_str()));
    assert_eq!(done(&admin.post(&format!("{path}/make"), &knowing).await), "made");
    assert_eq!(app.io_row(id_of(&path)).await.lifecycle, Lifecycle::Draft);
    assert_eq!(io.stand_in.services().len(), 2);
}

#[tokio::test]
async fn a_creation_that_is_under_way_is_waited_for_and_in_doubt_only_when_it_takes_too_long() {
    let (app, io, mut admin) = house().await;
    let token = Uuid::now_v7();
    io.stand_in.set(|knobs| knobs.latency_ms = 25_000);
    let post = |mut admin: Browser| {
        let token = token.to_string();
        async move {
            let sheet = with(COMPLETE, &[("token", &token), ("act", "make")]);
            admin.post(&format!("{SERVICES}/new"), &sheet).await
        }
    };
    // Nobody waits for it here: it is under way as long as the test lasts.
    let first = tokio::spawn(post(admin.clone()));
    let db = &app.app.desk.db.read;
    let is_making = || async {
        let row = store::io_service::by_id(db, app.organisation(), token).await.unwrap();
        row.is_some_and(|row| row.lifecycle == Lifecycle::Making)
    };
    while !is_making().await {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let path = format!("{SERVICES}/{token}");
    for _ in 0..2 {
        let again = post(admin.clone()).await;
        assert_eq!(again.status, 409);
        says(
            &again,
            &["creazione in corso", "La creazione è in corso: aspetta qualche secondo e aggiorna la pagina."],
        );
        assert!(!again.words().contains("in dubbio"), "{}", again.words());
        assert!(!again.body.contains(&format!("{path}/make\"")), "there is nothing to press");
    }
    let version = app.io_row(token).await.version.to_string();
    let knowing = [("version", version.as_str()), ("knowing", "on")];
    says(&admin.post(&format!("{path}/make"), &knowing).await, &["La creazione è in corso"]);
    assert_eq!(admin.post(&format!("{path}/delete"), &[("name", COMPLETE[0].1)]).await.status, 409);
    assert_eq!(app.io_row(token).await.lifecycle, Lifecycle::Making);

    app.pass(Duration::minutes(1));
    let late = post(admin.clone()).await;
    assert_eq!(late.status, 409);
    says(&late, &["creazione in dubbio", "Non si sa se IO ha già creato questo servizio: importa i servizi"]);
    first.abort();
}
