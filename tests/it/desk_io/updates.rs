//! Progress that a rule told on IO, at its page in the archive.

use chrono::Duration;
use entity::work_order::Status;
use riscontro::{
    actions::{
        progress::settings::save_rules,
        work_order::{self as orders, Change},
    },
    domain::number::Number,
    stand_in::ready,
    store,
};

use super::new::says;
use crate::support::{app::TestApp, browser::Browser, io::Io, letter::letter};

/// Anna's request is taken up, which goes to `code`; gives the page of the notification.
async fn told(code: &str) -> (TestApp, Io, Browser, String) {
    let app = TestApp::start().await;
    let io = app.io().await;
    save_rules(&app.app.desk, &app.cx(), &[], Some(io.service)).await.unwrap();
    app.register(&format!(
        "nome;codice utente;codice fiscale;indirizzo;email\nVerdi Anna;UT-1;{code};via Solferino 12;anna@libero.example\n"
    ))
    .await;
    app.mail_in(letter("Anna <anna@libero.example>", "Cassonetto rotto").raw()).await;
    app.letters_out().await;
    let number = Number { year: 2026, number: 1 };
    let db = &app.app.desk.db.read;
    let order = store::work_order::by_number(db, app.organisation(), number).await.unwrap().unwrap();
    let change = Change { status: Some(Status::InProgress), ..Change::default() };
    orders::change(&app.app.desk, &app.operators_cx().await, order.id, change).await.unwrap();
    let mut giulia = app.operator().await;
    let path = giulia.get("/desk/io").await.links("/desk/io/messages/").remove(0);
    (app, io, giulia, path)
}

#[tokio::test]
async fn what_can_be_done_with_an_update_that_was_taken_back_is_what_is_said() {
    let (_app, _io, mut giulia, path) = told(ready::ON).await;
    assert_eq!(giulia.post(&format!("{path}/take-back"), &[]).await.status, 303);
    let page = giulia.get(&path).await;
    says(&page, &["Non è partita e non parte da sola: si può inviare così com’è", "Invia"]);
    let said = page.words();
    assert!(!said.contains("modificare") && !said.contains("Elimina"), "{said}");
    let refused = giulia.post(&format!("{path}/delete"), &[]).await;
    assert_eq!(refused.status, 422);
    says(&refused, &["Un aggiornamento ritirato resta nell'archivio", "Invia"]);
    assert!(!refused.words().contains("Qualcun altro"), "nobody was first");
    assert_eq!(giulia.post(&format!("{path}/send"), &[]).await.status, 303);
}

#[tokio::test]
async fn what_a_letter_has_told_is_sent_again_only_by_somebody_who_knows_that() {
    let (app, io, mut giulia, path) = told(ready::FAILING).await;
    app.io_passes(&io, Duration::minutes(2)).await;
    app.io_passes(&io, Duration::minutes(2)).await;
    assert_eq!(app.letters_out().await.len(), 1);
    let page = giulia.get(&path).await;
    says(
        &page,
        &["Su IO non è arrivata: lo stesso aggiornamento è andato per posta, non serve riscrivere. \
             La persona l’ha già ricevuto per posta"],
    );
    let repeat = format!("{path}/repeat");
    let refused = giulia.post(&repeat, &[]).await;
    assert_eq!(refused.status, 422);
    says(&refused, &["Conferma di sapere che la persona l'ha già ricevuto per posta."]);
    assert_eq!(giulia.post(&repeat, &[("knowing", "on")]).await.status, 303);
}
