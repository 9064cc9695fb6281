//! What our client really says, as it was heard on the way, under the codecs of the platform's own client.

use riscontro::{
    domain::io::{
        cta::{Button, Cta},
        message::{self, Message, Typed},
        sheet::Sheet,
        text::units,
    },
    stand_in::ready,
};
use serde_json::Value;

use super::{Whole, message_to, sheet, typed};
use crate::io_stand_in::contract::{complaints, contract, node};

#[tokio::test]
async fn pagopas_own_codecs_read_every_message_that_we_send() {
    let Some(node) = node() else { return };
    let whole = Whole::start().await;
    let messages = messages();
    for message in &messages {
        assert_eq!(message::check(&message.content), []);
        whole.service().submit(message).await.unwrap();
    }
    let sent: Vec<Value> = whole.sent("POST /api/v1/messages").into_iter().map(|sent| sent.body).collect();
    assert_eq!(sent.len(), messages.len());
    assert!(sent.iter().any(|body| body.pointer("/content/payment_data").is_none()));
    read_by("messages", &node, &sent, "/content/subject").await;
}

#[tokio::test]
async fn pagopas_own_codecs_read_every_sheet_that_we_send() {
    let Some(node) = node() else { return };
    let whole = Whole::start().await;
    let management = whole.management();
    let full = management.create(&sheet("Raccolta differenziata")).await.unwrap();
    let mut bare = Sheet {
        name: "Spurghi".to_owned(),
        description: "Ricevi aggiornamenti sugli spurghi.".to_owned(),
        organization: full.sheet.organization.clone(),
        ..Sheet::default()
    };
    bare.metadata.topic_id = Some(0);
    let bare = management.create(&bare).await.unwrap().sheet;
    assert!(bare.metadata.privacy_url.is_none());
    // Updates carry what IO has shown, also what it did not announce.
    whole.stand_in.set(|knobs| knobs.strange = true);
    let mut ours = full.sheet.clone();
    ours.metadata.phone = Some(String::new());
    ours.organization.department_name = None;
    management.update(&full.id, &full.sheet, &ours).await.unwrap();
    let sent = ["POST /api/v1/manage/services", "PUT /api/v1/manage/services/"].map(|line| whole.sent(line));
    let sent: Vec<Value> = sent.concat().into_iter().map(|sent| sent.body).collect();
    assert_eq!(sent.len(), 3);
    read_by("services", &node, &sent, "/metadata/scope").await;
}

/// All bodies are read whole; without a field that must be there, and with one that nobody knows, they are not.
async fn read_by(what: &str, node: &std::path::Path, sent: &[Value], needed: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, body: &Value| {
        let path = folder.path().join(name);
        std::fs::write(&path, body.to_string()).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let files: Vec<_> =
        sent.iter().enumerate().map(|(number, body)| file(&format!("{number}.json"), body)).collect();
    let arguments: Vec<&str> = [what].into_iter().chain(files.iter().map(String::as_str)).collect();
    assert_eq!(complaints(contract(node, &arguments)).await, None);

    let mut without = sent[0].clone();
    *without.pointer_mut(needed).unwrap() = Value::Null;
    let mut misspelt = sent[0].clone();
    misspelt["require_secure_chanel"] = Value::Bool(true);
    for (name, wrong) in [("without.json", without), ("misspelt.json", misspelt)] {
        let complaint = complaints(contract(node, &[what, &file(name, &wrong)])).await;
        assert!(complaint.as_ref().is_some_and(|words| words.contains(name)), "{complaint:?}");
    }
    assert!(complaints(contract(node, &[what])).await.is_some(), "nothing to read is no success");
}

/// Messages with all and with nothing, and at the bounds, which are counted in UTF-16 units.
fn messages() -> Vec<Message> {
    let read = |typed: Typed<'_>| message::read(&typed).unwrap();
    let plain =
        |subject: &str, body: &str| read(Typed { recipient: ready::ON, subject, body, ..Typed::default() });
    let (umlaut, emoji) = ("Straßenkehrung wird verschoben, größere Müllgefäße", "🗑");
    let shortest = plain(&emoji.repeat(5), &"ü".repeat(80));
    let longest = plain(&emoji.repeat(60), &emoji.repeat(5000));
    let mixed = plain(&format!("{umlaut} {}", "ß".repeat(119 - units(umlaut))), &"🗑ü\n".repeat(2500));
    assert_eq!((units(&shortest.content.subject), units(&shortest.content.markdown())), (10, 80));
    assert_eq!((units(&longest.content.subject), units(&longest.content.markdown())), (120, 10_000));
    assert_eq!(units(&mixed.content.subject), 120);
    let mut with_buttons = longest.clone();
    with_buttons.content.cta = Cta {
        it: vec![Button {
            text: "Vai alla \"segnalazione\" ♻️".to_owned(),
            action: "iohandledlink://https://ente.example/ü".to_owned(),
        }],
        en: vec![Button {
            text: "See your report".to_owned(),
            action: "iohandledlink://https://ente.example/s".to_owned(),
        }],
    };
    let buttons = units(&with_buttons.content.cta.front_matter());
    with_buttons.content.body = "ü".repeat(10_000 - buttons);
    let mut cheapest =
        read(Typed { amount: "0,01", notice_number: "0".repeat(18).as_str(), ..typed(ready::ON) });
    cheapest.content.secure = Some(false);
    vec![
        message_to(ready::ON),
        cheapest,
        read(Typed {
            amount: "",
            notice_number: "",
            invalid_after_due_date: false,
            ..typed(ready::ON_GERMAN)
        }),
        read(Typed { due_date: "2027-06-30T18:30", secure: false, buttons: &[], ..typed(ready::ON) }),
        plain("Esito della tua richiesta", &"Perché è così: àèéìòù — «fine».\n".repeat(3)),
        shortest,
        longest,
        mixed,
        with_buttons,
    ]
}
