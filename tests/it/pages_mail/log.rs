//! The mail log, and the quarantine in it.

use super::{FIRST, keeps_silent, says};
use crate::support::{
    app::{BOX, TestApp},
    browser::Page,
    letter::letter,
};

const LOG: &str = "/desk/admin/mail";
const ANNA: &str = "Anna Verdi <anna@libero.example>";

/// Mails that a page of the log leads to.
fn mails(page: &Page) -> Vec<String> {
    page.links("/desk/admin/mail/").into_iter().filter(|link| link.len() == LOG.len() + 37).collect()
}

#[tokio::test]
async fn every_mail_is_in_the_log_with_what_was_made_of_it_and_why() {
    let app = TestApp::start().await;
    app.register("codice utente;nominativo;email\nU1;Anna Verdi;anna@libero.example\n").await;
    let mut desk = app.administrator().await;
    let first = letter(ANNA, "Mancato ritiro").raw();
    app.mail_in(&first).await;
    let ours = app.letters_out().await.remove(0);
    app.mail_in(letter(ANNA, "Re: Mancato ritiro").answers(&ours.mail.message_id.clone().unwrap()).raw())
        .await;
    app.mail_in(&first).await;
    app.mail_in(letter(ANNA, "Assente").with("Auto-Submitted: auto-replied").raw()).await;
    app.mail_in(&ours.raw).await;
    let list = desk.get(LOG).await;
    says(
        &list,
        &[
            "Nostro messaggio",
            "Anna Verdi Mancato ritiro",
            "Ordine aperto 2026/000001",
            "Aggiunto a un ordine 2026/000001",
            "Già arrivato",
        ],
    );
    let rows = mails(&list);
    assert_eq!(rows.len(), 5);
    // Newest first: the copy of ours, the absent one, the twin, the answer, the letter.
    let sentences: [&[&str]; 5] = [
        &["È la copia di un messaggio partito da qui."],
        &["Risposta automatica. Il campo Auto-Submitted", "il messaggio è stato scritto da un programma"],
        &["È lo stesso messaggio già registrato.", "Ordine di lavoro 2026/000001"],
        &["Lettera di una persona.", "Risponde a un nostro messaggio."],
        &[
            "Apre un nuovo ordine di lavoro",
            "L’indirizzo del mittente è tra i recapiti di un solo contribuente.",
            "Inviata a chi ha scritto.",
            "Da Anna Verdi <anna@libero.example>",
            "Al sicuro qui 02/03/2026 9:00",
        ],
    ];
    for (row, sentences) in rows.iter().zip(sentences) {
        says(&desk.get(row).await, sentences);
    }
    let source = desk.get(&format!("{}/original.eml", rows[4])).await;
    assert_eq!(source.bytes, first);
    assert!(source.headers["content-security-policy"].to_str().unwrap().contains("sandbox"));
}

#[tokio::test]
async fn the_log_is_filtered_and_read_page_by_page_in_both_directions_across_mailboxes() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    let second = app.add_mailbox("ufficio@ente.example", entity::mailbox::Kind::Ordinary).await;
    for n in 0..60 {
        app.mail_in(letter(&format!("a{n}@libero.example"), "uno").raw()).await;
        app.mails_in_box(&second, &[&letter(&format!("b{n}@libero.example"), "due").raw()]).await;
    }
    let mut page = desk.get(LOG).await;
    let first = mails(&page);
    let mut seen = first.clone();
    while let Some(next) = page.links("after=").first().cloned() {
        page = desk.get(&next).await;
        seen.extend(mails(&page));
    }
    let sorted = seen.is_sorted_by(|a, b| a > b);
    assert!(seen.len() == 120 && sorted, "{} rows, newest first: {sorted}", seen.len());
    while let Some(previous) = page.links("before=").first().cloned() {
        page = desk.get(&previous).await;
    }
    assert_eq!(mails(&page), first);
    let mut one = desk.get(&format!("{LOG}?mailbox={}", second.id)).await;
    let mut its = mails(&one);
    while let Some(next) = one.links("after=").first().cloned() {
        one = desk.get(&next).await;
        its.extend(mails(&one));
    }
    assert_eq!(its.len(), 60, "the filter goes with the pages");
    says(&desk.get(&format!("{LOG}?outcome=discarded")).await, &["Nessun messaggio con questi filtri"]);
    assert_eq!(mails(&desk.get(&format!("{LOG}?outcome=x&mailbox=y&after=z")).await), first);
}

#[tokio::test]
async fn a_mail_that_could_not_be_read_can_be_looked_at_and_opened_by_hand() {
    let app = TestApp::impatient().await;
    let mut desk = app.administrator().await;
    let raw = format!(
        "From: {ANNA}\r\nTo: {BOX}\r\nSubject: Strano\r\n\r\n<script>alert(1)</script>\r\n{}",
        "x".repeat(70_000)
    );
    let id = app.stuck(raw.as_bytes()).await;
    says(&desk.get("/desk/queue").await, &["Un messaggio arrivato non è stato letto dal programma"]);
    let path = format!("{LOG}/{id}");
    says(&desk.get("/desk/admin/mailboxes").await, &["la lettura del messaggio si è interrotta"]);
    assert_eq!(mails(&desk.get(&format!("{LOG}?outcome=quarantined")).await), [path.as_str()]);
    let page = desk.get(&path).await;
    says(&page, &["Fermo", "Tentativi non riusciti 1", "<script>alert(1)</script>", "Qui c’è solo l’inizio"]);
    assert!(!page.body.contains("<script>alert") && page.body.len() < 100_000);
    let opened = desk.post(&format!("{path}/open"), &[]).await;
    assert_eq!(opened.location.as_deref(), Some(&*format!("{FIRST}?done=opened_by_hand")));
    let order = desk.get(FIRST).await;
    says(&order, &["messaggio originale.eml", "Apri messaggio originale.eml"]);
    let enclosed = order.links("/mail").into_iter().find(|link| link.ends_with("/mail")).unwrap();
    says(&desk.get(&enclosed).await, &["Strano", "Anna Verdi <anna@libero.example>"]);
    says(&desk.get(&path).await, &["L’ha deciso un operatore.", "Deciso da Amministratore", "2026/000001"]);
    // A second press finds it decided.
    for act in ["open", "retry", "discard"] {
        let again = desk.post(&format!("{path}/{act}"), &[("reason", "doppio")]).await;
        assert_eq!((again.status, again.location.as_deref()), (303, Some(&*path)), "{act}");
    }
    assert_eq!(app.order("2026/000001").await.number, 1);
    keeps_silent(&desk.get("/desk/queue").await, &["non è stato letto dal programma", "2026/000002"]);
    assert!(app.letters_out().await.is_empty(), "nobody is answered");
}

#[tokio::test]
async fn a_mail_is_put_aside_only_with_a_reason_which_stays() {
    let app = TestApp::impatient().await;
    let mut desk = app.administrator().await;
    let id = app.stuck(&letter(ANNA, "Pubblicità").raw()).await;
    let path = format!("{LOG}/{id}");
    let refused = desk.post(&format!("{path}/discard"), &[("reason", "  ")]).await;
    assert_eq!(refused.status, 422);
    says(&refused, &["Scrivi perché il messaggio si può scartare."]);
    let long = "perché ".repeat(100);
    let refused = desk.post(&format!("{path}/discard"), &[("reason", &long)]).await;
    assert!(refused.status == 422 && refused.field("reason") == long, "the words come back");
    let done = desk.post(&format!("{path}/discard"), &[("reason", "Pubblicità <b>")]).await;
    assert_eq!(done.location.as_deref(), Some(&*format!("{path}?done=discarded")));
    let page = desk.get(&path).await;
    says(&page, &["Scartato", "Deciso da Amministratore", "Motivo Pubblicità <b>"]);
    keeps_silent(&page, &["Che cosa farne"]);
    assert_eq!(mails(&desk.get(&format!("{LOG}?outcome=discarded")).await), [path]);
}

#[tokio::test]
async fn a_mail_is_tried_again_when_somebody_says_so() {
    let app = TestApp::impatient().await;
    let mut desk = app.administrator().await;
    let id = app.stuck(&letter(ANNA, "Dopo l’aggiornamento").raw()).await;
    let again = desk.post(&format!("{LOG}/{id}/retry"), &[]).await;
    assert_eq!(again.location.as_deref(), Some(&*format!("{LOG}/{id}?done=retried")));
    says(&desk.get(&format!("{LOG}/{id}")).await, &["Da trattare"]);
    riscontro::worker::intake::handle_pending(&app.app, &app.mailbox().await).await.unwrap();
    says(&desk.get(FIRST).await, &["Dopo l’aggiornamento"]);
    says(&desk.get(&format!("{LOG}/{id}")).await, &["Ordine aperto"]);
}
