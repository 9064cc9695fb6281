//! A disruption is told of from the desk.

use entity::{communication::Channel, language::Language, notice::State};
use riscontro::{
    actions::{
        submission::Sent,
        tracking::{self, Target},
    },
    store,
};

use super::{SCRIPT, is_harmless, says, send};
use crate::support::{app::TestApp, browser::Browser, letter::letter};

const NOTICE: &[(&str, &str)] = &[
    ("title_it", "Sciopero della raccolta"),
    ("title_de", "Streik bei der Müllabfuhr"),
    ("text_it", "Mercoledì la raccolta non passa."),
    ("impact_it", "Tenete i sacchi in casa."),
    ("alternatives_it", "Il centro di raccolta è aperto."),
    ("streets", "Via Solferino\n\nVia Roma"),
    ("starts", "2026-03-02T06:00"),
    ("ends", "2026-03-03T20:00"),
    ("act", "save"),
];

fn with<'a>(changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = NOTICE.to_vec();
    fields.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
    fields.extend(changed);
    fields
}

/// Writes a notice, with some of its fields otherwise; gives where its page is.
pub async fn written(desk: &mut Browser, changed: &[(&str, &str)]) -> String {
    let made = desk.post("/desk/notices", &with(changed)).await;
    assert_eq!(made.status, 303, "{}", made.words());
    assert!(made.location.as_ref().unwrap().ends_with("?done=notice_saved"), "{:?}", made.location);
    made.location.unwrap().split('?').next().unwrap().to_owned()
}

#[tokio::test]
async fn every_text_is_read_before_anybody_else_reads_it() {
    let app = TestApp::start().await;
    let mut giulia = app.operator().await;
    let preview = giulia.post("/desk/notices", &with(&[("act", "preview")])).await;
    assert_eq!(preview.status, 200);
    says(
        &preview,
        &[
            "Niente è stato ancora salvato",
            "Sciopero della raccolta",
            "un avviso che potrebbe spiegare quello che ci segnali: - Sciopero della raccolta: http",
            "Servizio ripristinato: Sciopero della raccolta",
            "il 03/03/2026 si è conclusa",
            "Via Solferino, Via Roma",
            "In tedesco",
            "Streik bei der Müllabfuhr",
            "Ente da configurare",
        ],
    );
    assert!(!preview.words().contains("In inglese"), "nothing is said in English");
    assert!(giulia.get("/desk/notices").await.words().contains("Nessun avviso"));
    for (field, value, words) in [
        ("title_it", "", "Scrivi che cosa non funziona"),
        ("text_it", " ", "Scrivi che cosa è successo"),
        ("ends", "2026-03-01T00:00", "La fine deve venire dopo l’inizio"),
        ("starts", "ieri", "Scrivi giorno e ora"),
        ("kinds", "00000000-0000-0000-0000-000000000001", "Scegli le tipologie dall’elenco"),
    ] {
        for act in ["save", "preview"] {
            let refused = giulia.post("/desk/notices", &with(&[(field, value), ("act", act)])).await;
            assert_eq!(refused.status, 422, "{field}, {act}");
            says(&refused, &[words]);
            assert_eq!(refused.field("title_de"), "Streik bei der Müllabfuhr");
        }
    }
}

#[tokio::test]
async fn a_notice_is_published_changed_and_over_and_remembers_all_of_it() {
    let app = TestApp::start().await;
    let mut giulia = app.operator().await;
    let path = written(&mut giulia, &[]).await;
    says(&giulia.get(&path).await, &["Bozza", "È una bozza: la vedono solo gli operatori"]);
    says(&giulia.get(&format!("{path}?done=notice_saved")).await, &["Avviso salvato."]);
    assert_eq!(
        send(&mut giulia, &format!("{path}/edit"), &with(&[("title_it", "Sciopero rinviato")])).await.status,
        303
    );
    let late = giulia.post(&format!("{path}/publish"), &[("version", "0")]).await;
    assert_eq!(late.status, 409, "it was changed meanwhile");
    let version = giulia.get(&path).await.field("version");
    assert_eq!(giulia.post(&format!("{path}/publish"), &[("version", &version)]).await.status, 303);
    says(
        &giulia.get(&path).await,
        &["In corso", "Modificato", "Che cosa non funziona", "Sciopero rinviato", "Giulia Ferrari"],
    );
    let ending = format!("{path}/restore");
    says(&giulia.get(&ending).await, &["Nessuno sarà avvisato per posta"]);
    let seen =
        send(&mut giulia, &ending, &[("restored_it", "Si recupera giovedì."), ("act", "preview")]).await;
    assert_eq!(seen.status, 200);
    says(&seen, &["Si recupera giovedì.", "il 02/03/2026 si è conclusa"]);
    says(&giulia.get(&path).await, &["In corso"]);
    let done =
        send(&mut giulia, &ending, &[("restored_it", "Si recupera giovedì."), ("act", "restore")]).await;
    assert_eq!(done.location, Some(format!("{path}?done=notice_restored")));
    says(&giulia.get(&path).await, &["Ripristinato", "Si recupera giovedì."]);
    assert_eq!(giulia.get(&ending).await.location, Some(path.clone()), "it is over");
    let after = send(&mut giulia, &format!("{path}/edit"), NOTICE).await;
    assert_eq!(after.status, 409);
}

#[tokio::test]
async fn a_notice_holds_no_script() {
    let app = TestApp::start().await;
    let mut giulia = app.operator().await;
    let hostile =
        ["title_it", "text_it", "impact_it", "alternatives_en", "streets"].map(|name| (name, SCRIPT));
    let path = written(&mut giulia, &hostile).await;
    for page in [&path, "/desk/notices", &format!("{path}/edit")] {
        is_harmless(&giulia.get(page).await);
    }
    assert_eq!(send(&mut giulia, &format!("{path}/edit"), &with(&[("text_it", "Altro")])).await.status, 303);
    is_harmless(&giulia.get(&path).await);
    let version = giulia.get(&path).await.field("version");
    assert_eq!(giulia.post(&format!("{path}/withdraw"), &[("version", &version)]).await.status, 303);
    says(&giulia.get(&path).await, &["Ritirato"]);
}

#[tokio::test]
async fn work_orders_of_the_street_are_suggested_and_linked_by_choice() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    app.own_form(&mut admin).await;
    let anna = [
        ("what", "Non è passato nessuno"),
        ("where", "Via Solferino 12"),
        ("name", "Anna"),
        ("surname", "Bianchi"),
    ];
    let (_, sent) = app.sends(&anna, Channel::Web, "a").await;
    let Sent::Accepted { work_order, .. } = sent else { panic!("{sent:?}") };
    let elsewhere = [("what", "Cestino"), ("where", "Via Verdi 1"), ("name", "Ugo"), ("surname", "Neri")];
    app.sends(&elsewhere, Channel::Web, "b").await;
    let path = written(&mut admin, &[]).await;
    assert!(!admin.get(&path).await.words().contains("Ordini che forse spiega"), "not while it is a draft");
    let version = admin.get(&path).await.field("version");
    assert_eq!(admin.post(&format!("{path}/publish"), &[("version", &version)]).await.status, 303);
    let page = admin.get(&path).await;
    says(&page, &["Ordini che forse spiega", "2026/000001"]);
    assert!(!page.words().contains("2026/000002"), "another street");
    let id = work_order.id.to_string();
    assert_eq!(admin.post(&format!("{path}/link"), &[("order", &id)]).await.status, 303);
    let page = admin.get(&path).await;
    says(&page, &["Ordini collegati 2026/000001"]);
    assert!(!page.words().contains("Ordini che forse spiega"));
    says(
        &admin.get("/desk/work-orders/2026-000001").await,
        &["Avvisi collegati Sciopero della raccolta", "Collegato un avviso: Sciopero della raccolta"],
    );
    let foreign = uuid::Uuid::now_v7().to_string();
    assert_eq!(admin.post(&format!("{path}/link"), &[("order", &foreign)]).await.status, 404);
    assert_eq!(admin.post(&format!("{path}/unlink"), &[("order", &id)]).await.status, 303);
    says(&admin.get(&path).await, &["Ordini che forse spiega"]);
    let notice = path.rsplit('/').next().unwrap().parse().unwrap();
    let row = store::notice::by_id(&app.app.desk.db.read, app.organisation(), notice).await.unwrap().unwrap();
    assert_eq!(row.state, State::Published);
}

#[tokio::test]
async fn who_follows_is_counted_by_whether_they_confirmed_and_the_end_counts_whom_it_tells() {
    let app = TestApp::start().await;
    let mut admin = app.administrator().await;
    app.own_form(&mut admin).await;
    let path = written(&mut admin, &[]).await;
    let version = admin.get(&path).await.field("version");
    assert_eq!(admin.post(&format!("{path}/publish"), &[("version", &version)]).await.status, 303);
    says(&admin.get(&path).await, &["non lo segue nessuno"]);
    let notice = path.rsplit('/').next().unwrap().parse().unwrap();
    let (desk, cx, db) = (&app.app.desk, app.cx(), &app.app.desk.db.read);
    for address in ["ugo@libero.example", "eva@libero.example", "leo@libero.example"] {
        tracking::follow(desk, &cx, Target::Notice(notice), address, Language::It).await.unwrap();
    }
    says(&admin.get(&path).await, &["non lo segue nessuno, 3 da confermare"]);
    for address in ["ugo@libero.example", "eva@libero.example"] {
        let found = store::follower::of_notice_by_address(db, app.organisation(), notice, address).await;
        tracking::confirm(desk, &cx, &found.unwrap().unwrap()).await.unwrap();
    }
    says(&admin.get(&path).await, &["lo seguono 2 persone, 1 da confermare"]);

    // Ugo follows twice and is one; Anna wrote by mail and was answered there; who did not confirm is not written to.
    let there = [
        ("what", "Sacchi"),
        ("where", "Via Solferino 1"),
        ("name", "Ivo"),
        ("surname", "Neri"),
        ("email", "ivo@libero.example"),
    ];
    let (_, sent) = app.sends(&there, Channel::Web, "a").await;
    let Sent::Accepted { work_order, .. } = sent else { panic!("{sent:?}") };
    tracking::follow(desk, &cx, Target::WorkOrder(work_order.id), "ugo@libero.example", Language::It)
        .await
        .unwrap();
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    app.letters_out().await;
    for order in ["2026/000001", "2026/000002"] {
        let id = app.order(order).await.id;
        riscontro::actions::notice::link(desk, &cx, notice, id).await.unwrap();
    }
    let ending = format!("{path}/restore");
    says(&admin.get(&ending).await, &["Saranno avvisate 3 persone, una volta sola."]);
    app.errands_out().await;
    assert_eq!(send(&mut admin, &ending, &[("act", "restore")]).await.status, 303);
    let mut told: Vec<String> =
        app.errands_out().await.iter().map(|letter| letter.mail.to[0].address.clone()).collect();
    told.sort();
    assert_eq!(told, ["anna@libero.example", "eva@libero.example", "ugo@libero.example"]);
}
