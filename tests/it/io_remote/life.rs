//! From the tick of an administrator to what a citizen reads.

use std::sync::Arc;

use chrono::Duration;
use entity::io_message::State;
use riscontro::{
    actions::io::message::{self, Written},
    domain::io::message::{Typed, read},
    stand_in::ready,
    store,
};
use serde_json::json;

use super::{ANSWER, ARCHIVED, PLAIN, World, base_url};

#[tokio::test]
async fn a_citizen_opens_a_message_and_reads_what_stayed_with_us() {
    let world = World::start().await;
    assert_eq!(world.offer(&[("documents", "on")]).await.status, 303);
    let files: &[(&str, &[u8])] = &[("bolletta.pdf", ARCHIVED), ("foto.pdf", PLAIN)];
    let answer = world.answered(ANSWER, files).await;
    let announced = world.announce(&answer).await.unwrap();
    let id = world.carried().await;

    let message = &world.io.stand_in.messages()[0];
    assert!(message.advanced, "a message with attachments is a premium one");
    assert_eq!(
        message.content["third_party_data"],
        json!({
            "id": announced.id,
            "configuration_id": world.row().await.configuration_id.unwrap(),
            "has_attachments": true,
            "has_remote_content": true,
            "has_precondition": "NEVER",
        })
    );
    assert!(!message.content.to_string().contains("riprogrammato"), "the words stay with us");

    let opening = world.io.stand_in.open(&id).await.unwrap();
    assert_eq!(opening.faults, Vec::<String>::new());
    assert_eq!(opening.precondition, None);
    let details = opening.details.unwrap();
    assert_eq!(details["subject"], "Re: Mancato ritiro [2026/000001]");
    let text = details["markdown"].as_str().unwrap();
    assert!(text.starts_with("Gentile signora,\n\nil ritiro è riprogrammato"), "{text}");
    assert!(text.contains("2 &#42; 3"), "signs are shown as they were typed: {text}");
    assert!(text.contains("Qui non si possono mostrare questi allegati: foto.pdf."), "{text}");
    assert!(text.contains("comunicazione del 02/03/2026 sulla tua richiesta 2026/000001"), "{text}");

    let [letter, bill] = &opening.attachments[..] else { panic!("{:?}", opening.attachments) };
    assert_eq!(
        (letter.name.as_str(), letter.status, letter.is_pdf),
        ("comunicazione-2026-000001.pdf", 200, true)
    );
    assert_eq!(letter.content_type, "application/octet-stream");
    assert!(riscontro::domain::io::remote::is_archivable(&letter.bytes));
    assert_eq!((bill.name.as_str(), bill.status, bill.bytes.as_slice()), ("bolletta.pdf", 200, ARCHIVED));
    let again = world.io.stand_in.open(&id).await.unwrap();
    assert_eq!(again.attachments[0].bytes, letter.bytes, "the same document whenever it is opened");
    assert!(letter.address.starts_with(&format!(
        "{}/messages/{}/attachments/",
        base_url(&world),
        announced.id
    )));
    if let Ok(folder) = std::env::var("RISCONTRO_KEEP_PDF") {
        std::fs::write(format!("{folder}/comunicazione.pdf"), &letter.bytes).unwrap();
    }
}

#[tokio::test]
async fn without_the_premium_contract_only_the_text_is_shown() {
    let world = World::start().await;
    world.offer(&[]).await;
    let answer = world.answered("Sì.", &[("bolletta.pdf", ARCHIVED)]).await;
    let announced = world.announce(&answer).await.unwrap();
    let id = world.carried().await;
    let message = &world.io.stand_in.messages()[0];
    assert!(!message.advanced);
    assert_eq!(message.content["third_party_data"]["has_attachments"], false);
    let opening = world.io.stand_in.open(&id).await.unwrap();
    assert_eq!(opening.faults, Vec::<String>::new());
    let text = opening.details.unwrap()["markdown"].as_str().unwrap().to_owned();
    assert!(text.starts_with("Sì.\n\n") && text.contains("bolletta.pdf"), "{text}");
    assert!(opening.attachments.is_empty());
    for rest in ["/attachments/document", &format!("/attachments/{}", announced.communication_id)] {
        assert_eq!(world.ask(announced.id, rest).await.status, 404, "{rest}");
    }
}

#[tokio::test]
async fn a_condition_is_shown_before_and_stays_what_it_was_for_older_messages() {
    let world = World::start().await;
    let condition =
        [("precondition", "ONCE"), ("title", "Dati personali"), ("text", "Aprendo vedi dati **personali**.")];
    assert_eq!(world.offer(&condition).await.status, 303);
    let answer = world.answered(ANSWER, &[]).await;
    world.announce(&answer).await.unwrap();
    let id = world.carried().await;
    let agreed = json!({ "title": "Dati personali", "markdown": "Aprendo vedi dati **personali**." });
    assert_eq!(world.io.stand_in.open(&id).await.unwrap().precondition, Some(agreed.clone()));

    // New notifications ask for nothing any more.
    assert_eq!(world.offer(&[("title", ""), ("text", "")]).await.status, 303);
    let opening = world.io.stand_in.open(&id).await.unwrap();
    assert_eq!((opening.precondition, opening.faults), (Some(agreed), Vec::new()));
}

#[tokio::test]
async fn what_was_sent_opens_after_the_administrator_has_ended_it() {
    let world = World::start().await;
    world.offer(&[]).await;
    let answer = world.answered(ANSWER, &[]).await;
    let announced = world.announce(&answer).await.unwrap();
    let id = world.carried().await;
    assert_eq!(world.offer(&[("offered", "")]).await.status, 303);
    assert!(!world.row().await.offered);
    assert_eq!(world.io.stand_in.open(&id).await.unwrap().faults, Vec::<String>::new());
    assert!(world.announce(&answer).await.is_err(), "but nothing new is announced");
    assert_eq!(world.ask(announced.id, "").await.status, 200);
}

#[tokio::test]
async fn what_nobody_here_would_serve_is_not_announced() {
    let mut world = World::start().await;
    world.offer(&[]).await;
    let answer = world.answered(ANSWER, &[]).await;
    let announced = world.announce(&answer).await.unwrap();
    // The owner switches the module off while the notification waits.
    Arc::make_mut(&mut world.app.app.config).io.remote = false;
    world.app.io_passes(&world.io, Duration::minutes(1)).await;
    assert!(world.io.stand_in.messages().is_empty());
    let (db, id) = (&world.app.app.desk.db.read, announced.io_message_id);
    let row = store::io_message::by_id(db, world.app.organisation(), id).await.unwrap().unwrap();
    assert_eq!(row.state, State::Failed);
    assert!(row.last_error.unwrap().contains("contenuti remoti sono spenti"));
}

#[tokio::test]
async fn what_was_sent_by_mistake_does_not_open_once_it_is_corrected() {
    let world = World::start().await;
    world.offer(&[]).await;
    let answer = world.answered(ANSWER, &[]).await;
    let announced = world.announce(&answer).await.unwrap();
    world.carried().await;
    assert_eq!(world.ask(announced.id, "").await.status, 200);
    let typed = Typed {
        recipient: ready::ON,
        subject: "Errata corrige: abbiamo risposto alla tua richiesta",
        body: "La notifica di prima rimandava a una comunicazione che non era per te. Ci scusiamo per l'errore: non devi fare niente.",
        ..Typed::default()
    };
    let correction = Written {
        token: uuid::Uuid::now_v7(),
        service: world.io.service,
        message: read(&typed).unwrap(),
        work_order: None,
        taxpayer: None,
        follows: Some(announced.io_message_id),
        remind_days: None,
        attach: None,
    };
    message::write(&world.app.app.desk, &world.app.cx(), &correction).await.unwrap();
    assert_eq!(world.ask(announced.id, "").await.status, 200, "it can still be taken back");
    world.app.io_passes(&world.io, Duration::minutes(1)).await;
    assert_eq!(world.io.stand_in.messages().len(), 2);
    assert_eq!(world.ask(announced.id, "").await.status, 404);
}

#[tokio::test]
async fn only_what_the_desk_wrote_about_the_same_work_order_is_announced() {
    let world = World::start().await;
    let flaw = |error: riscontro::actions::Error| match error {
        riscontro::actions::Error::Rejected(flaws) => flaws[0].message.clone(),
        other => format!("{other}"),
    };
    let answer = world.answered(ANSWER, &[]).await;
    let off = world.announce(&answer).await.unwrap_err();
    assert!(flaw(off).contains("Questo servizio non può allegare comunicazioni"));
    world.offer(&[]).await;
    let long = entity::communication::Model { text: "parola ".repeat(2_000), ..answer.clone() };
    assert!(flaw(world.announce(&long).await.unwrap_err()).contains("troppo lunga"));
    let empty = entity::communication::Model { text: " \n".to_owned(), ..answer.clone() };
    assert!(flaw(world.announce(&empty).await.unwrap_err()).contains("non ha un testo"));
    let db = &world.app.app.desk.db.read;
    let thread = store::communication::thread(db, world.app.organisation(), answer.work_order_id, None, 10)
        .await
        .unwrap();
    let theirs =
        thread.rows.iter().find(|row| row.direction == entity::communication::Direction::In).unwrap();
    let note =
        entity::communication::Model { direction: entity::communication::Direction::Note, ..answer.clone() };
    for other in [theirs, &note] {
        assert_eq!(flaw(world.announce(other).await.unwrap_err()), "not found");
    }
}

#[tokio::test]
async fn a_long_letter_goes_on_in_the_document() {
    let world = World::start().await;
    world.offer(&[("documents", "on")]).await;
    let answer = world.answered(&"Parola dopo parola. ".repeat(900), &[]).await;
    world.announce(&answer).await.unwrap();
    let id = world.carried().await;
    let opening = world.io.stand_in.open(&id).await.unwrap();
    assert_eq!(opening.faults, Vec::<String>::new());
    let text = opening.details.unwrap()["markdown"].as_str().unwrap().to_owned();
    assert!(text.contains("Il testo continua nel documento allegato."), "{text}");
    assert!(opening.attachments[0].is_pdf);
}

#[tokio::test]
async fn what_is_sent_again_announces_the_same() {
    let world = World::start().await;
    world.offer(&[]).await;
    let answer = world.answered(ANSWER, &[]).await;
    let announced = world.announce(&answer).await.unwrap();
    world
        .io
        .stand_in
        .citizen(ready::ON, riscontro::stand_in::Citizen::new(riscontro::stand_in::Registration::Absent));
    world.app.io_passes(&world.io, chrono::Duration::minutes(1)).await;
    assert!(world.io.stand_in.messages().is_empty(), "not on IO, today");
    world.io.stand_in.citizen(ready::ON, riscontro::stand_in::Citizen::default());
    let (desk, cx) = (&world.app.app.desk, world.app.cx());
    message::repeat(desk, &cx, announced.io_message_id, false).await.unwrap();
    let id = world.carried().await;
    let opening = world.io.stand_in.open(&id).await.unwrap();
    assert_eq!(opening.faults, Vec::<String>::new());
    assert!(opening.details.is_some());
}
