//! The page of a work order: answer, note, decide.

use chrono::Duration;

use super::{FIRST, answer};
use crate::support::{
    app::{BOX, TestApp},
    letter::letter,
};

#[tokio::test]
async fn the_whole_job_from_a_letter_to_the_answer_to_the_answer() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    app.mail_in(letter("Anna Verdi <anna@libero.example>", "Mancato ritiro").says("Quando passate?\n").raw())
        .await;
    app.letters_out().await;
    let queue = desk.get("/desk/queue").await;
    assert!(queue.words().contains("2026/000001 Mancato ritiro"), "{}", queue.words());
    assert!(queue.words().contains("14/04/2026"));
    let order = desk.get(FIRST).await;
    assert!(order.words().contains("Quando passate?"));
    let sent = answer(
        &mut desk,
        &order,
        &[("body", "Gentile signora,\r\npassiamo giovedì.")],
        &[("attachments", "orari.pdf", b"%PDF-")],
    )
    .await;
    assert_eq!(sent.status, 303, "{}", sent.body);
    let out = app.letters_out().await.remove(0);
    assert_eq!(out.mail.to[0].address, "anna@libero.example");
    assert!(
        out.mail.text.starts_with("Gentile signora,\r\npassiamo giovedì.")
            || out.mail.text.starts_with("Gentile signora,\npassiamo giovedì."),
        "{:?}",
        out.mail.text
    );
    assert_eq!(
        (out.mail.attachments[0].name.as_str(), out.mail.attachments[0].bytes.as_slice()),
        ("orari.pdf", &b"%PDF-"[..])
    );
    let ours = out.mail.message_id.unwrap();
    app.mail_in(
        letter("anna@libero.example", "Re: Mancato ritiro").answers(&ours).says("Grazie mille!\n").raw(),
    )
    .await;
    let order = desk.get(FIRST).await.words();
    let places: Vec<_> =
        ["Quando passate?", "passiamo giovedì", "Grazie mille!"].map(|words| order.find(words)).into();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "oldest first: {order}");
    assert!(order.contains("Inviata"));
}

#[tokio::test]
async fn a_form_sent_twice_is_one_letter_and_one_note() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    app.letters_out().await;
    let order = desk.get(FIRST).await;
    for _ in 0..2 {
        assert_eq!(answer(&mut desk, &order, &[("body", "Passiamo giovedì.")], &[]).await.status, 303);
    }
    assert_eq!(app.letters_out().await.len(), 1);
    let other = answer(&mut desk, &order, &[("body", "Anzi, venerdì.")], &[]).await;
    assert_eq!(other.status, 409, "other words are not taken for sent");
    let id = uuid::Uuid::now_v7().to_string();
    for _ in 0..2 {
        let noted =
            desk.post(&format!("{FIRST}/notes"), &[("id", &id), ("body", "Sentita la squadra.")]).await;
        assert_eq!(noted.status, 303);
    }
    let page = desk.get(FIRST).await.words();
    assert_eq!(page.matches("Sentita la squadra.").count(), 1, "{page}");
    assert!(app.letters_out().await.is_empty(), "a note never leaves the house");
}

#[tokio::test]
async fn who_answers_too_late_is_shown_what_came_and_keeps_the_words() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let ours = app.letters_out().await.remove(0).mail.message_id.unwrap();
    let order = desk.get(FIRST).await;
    app.mail_in(
        letter("anna@libero.example", "Re: risolto").answers(&ours).says("Sono passati, grazie.\n").raw(),
    )
    .await;
    let late = answer(&mut desk, &order, &[("body", "Passeremo giovedì.")], &[]).await;
    assert_eq!(late.status, 409);
    assert!(late.words().contains("Sono passati, grazie.") && late.words().contains("Passeremo giovedì."));
    assert!(app.letters_out().await.is_empty());
    assert_eq!(answer(&mut desk, &late, &[("body", "Passeremo giovedì.")], &[]).await.status, 303);
    assert_eq!(app.letters_out().await.len(), 1);
}

#[tokio::test]
async fn an_answer_that_cannot_leave_says_why_and_keeps_the_words() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    app.letters_out().await;
    let order = desk.get(FIRST).await;
    for (to, words) in
        [("", "almeno un destinatario"), ("non-un-indirizzo", "non è un indirizzo"), (BOX, "nostra casella")]
    {
        let refused = answer(&mut desk, &order, &[("body", "Testo che resta."), ("to", to)], &[]).await;
        assert_eq!(refused.status, 422, "{to}");
        let shown = refused.words();
        assert!(shown.contains(words) && shown.contains("Testo che resta."), "{to}: {shown}");
    }
    assert_eq!(answer(&mut desk, &order, &[("body", "   ")], &[]).await.status, 422);
    assert!(app.letters_out().await.is_empty());
}

#[tokio::test]
async fn two_tabs_do_not_undo_each_other() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    app.mail_in(letter("anna@libero.example", "Mancato ritiro").raw()).await;
    let tab = desk.get(FIRST).await;
    let (status, assignee, kind) =
        (tab.field("seen_status"), tab.field("seen_assignee"), tab.field("seen_kind"));
    let seen = [
        ("seen_status", status.as_str()),
        ("seen_assignee", &assignee),
        ("seen_kind", &kind),
        ("seen_survey", ""),
    ];
    let mut first = seen.to_vec();
    first.extend([("status", "waiting"), ("assignee", ""), ("kind", &kind)]);
    assert_eq!(desk.post(&format!("{FIRST}/handling"), &first).await.status, 303);
    let kinds =
        riscontro::store::organisation::kinds(&app.app.desk.db.read, app.organisation()).await.unwrap();
    let other_kind = kinds.last().unwrap().id.to_string();
    let mut second = seen.to_vec();
    second.extend([("status", status.as_str()), ("assignee", ""), ("kind", &other_kind)]);
    assert_eq!(desk.post(&format!("{FIRST}/handling"), &second).await.status, 303);
    let order = app.order("2026/000001").await;
    assert_eq!(order.status, entity::work_order::Status::Waiting, "the second tab did not touch the status");
    assert_eq!(order.kind_id.to_string(), other_kind);
}

#[tokio::test]
async fn the_kind_moves_the_due_date_from_the_receipt() {
    let app = TestApp::start().await;
    app.mail_in(letter("anna@libero.example", "Bolletta sbagliata").raw()).await;
    app.pass(Duration::days(5));
    let mut desk = app.administrator().await;
    let tab = desk.get(FIRST).await;
    let kinds =
        riscontro::store::organisation::kinds(&app.app.desk.db.read, app.organisation()).await.unwrap();
    let id_of = |code: &str| kinds.iter().find(|kind| kind.code == code).unwrap().id.to_string();
    let (complaint, rectification, disruption) =
        (id_of("complaint"), id_of("rectification"), id_of("disruption"));
    let change = |from: &str, to: &str, survey: &str| {
        [
            ("seen_status", tab.field("seen_status")),
            ("status", tab.field("seen_status")),
            ("seen_assignee", String::new()),
            ("assignee", String::new()),
            ("seen_kind", from.to_owned()),
            ("kind", to.to_owned()),
            ("seen_survey", String::new()),
            ("survey", survey.to_owned()),
        ]
    };
    for (from, to, survey, due) in [
        (&complaint, &rectification, "", "2026-05-27"),
        (&rectification, &disruption, "", "2026-03-09"),
        (&disruption, &disruption, "on", "2026-03-16"),
    ] {
        let fields = change(from, to, survey);
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .filter(|(name, value)| *name != "survey" || !value.is_empty())
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        assert_eq!(desk.post(&format!("{FIRST}/handling"), &fields).await.status, 303);
        assert_eq!(
            riscontro::domain::calendar::rome_date(app.order("2026/000001").await.due_at).to_string(),
            due
        );
    }
}

#[tokio::test]
async fn a_sender_linked_by_hand_brings_the_address_and_the_other_letters() {
    let app = TestApp::start().await;
    let mut desk = app.administrator().await;
    app.register("nome;codice utente\nVerdi Anna;UT-1\n").await;
    app.mail_in(letter("Anna Verdi <anna@libero.example>", "uno").says("Codice utente UT-1\n").raw()).await;
    app.mail_in(letter("anna@libero.example", "due").raw()).await;
    let page = desk.get(FIRST).await;
    assert!(page.words().contains("Verdi Anna"), "a candidate is offered: {}", page.words());
    let taxpayer = page.field("taxpayer");
    let fields = [("taxpayer", taxpayer.as_str()), ("add_contact", "on"), ("with_others", "on")];
    assert_eq!(desk.post(&format!("{FIRST}/taxpayer"), &fields).await.status, 303);
    assert_eq!(app.order("2026/000002").await.taxpayer_id.to_string(), taxpayer);
    app.mail_in(letter("anna@libero.example", "tre").raw()).await;
    assert_eq!(
        app.order("2026/000003").await.taxpayer_id.to_string(),
        taxpayer,
        "the address is a contact now"
    );
}
